/**
 * What many documents have in common, word for word: the achievement and the issuer of a batch are the same in thousands of
 * certificates. Each is kept once, fixed, so that whatever is found out of it is found out once.
 */
import { fix } from '../base/fixed.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'

/** The same document, in which parts that were met before are the very same values. */
export function withSharedParts(document: JsonObject): JsonObject {
  const { issuer, credentialSubject: subject } = document
  const profile = isObject(issuer) ? { issuer: shared(issuer) } : {}
  return isObject(subject) && isObject(subject.achievement)
    ? {
        ...document,
        ...profile,
        credentialSubject: { ...subject, achievement: shared(subject.achievement) },
      }
    : { ...document, ...profile }
}

/** Kinds of certificates that are kept; a stranger's do no harm but to take room. */
const partLimit = 256
/** Characters of a part: ours have three thousand. */
const textLimit = 16_384

const parts = new Map<string, JsonObject>()

function shared(part: JsonObject): Json {
  const text = JSON.stringify(part)
  const known = parts.get(text)
  if (known !== undefined) return known
  if (text.length > textLimit) return part
  if (parts.size >= partLimit) parts.clear()
  parts.set(text, fix(part))
  return part
}
