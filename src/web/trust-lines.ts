/** Whom the page trusts and what it knows, for a person to read. */
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { readEvidence } from '../evidence/evidence.ts'
import { readTrust } from '../trust/trust.ts'

export interface TrustLine {
  readonly name: string
  readonly isTrial: boolean
  readonly from: string
}

/** What trust files say of themselves; a list counts only where its signature leads to a root, and a root without lists too. */
export function trustLines(texts: readonly string[], from: string): readonly TrustLine[] {
  return texts.flatMap((text) => {
    const { roots } = readTrust(text)
    const lists = listsIn(text)
    return lists.length === 0
      ? roots.map(({ id }) => ({ name: id, isTrial: false, from }))
      : lists.map((list) => ({ name: nameIn(list), isTrial: isTrial(list), from }))
  })
}

/** Whom a trust file makes trusted, and what its lists call themselves, which says nothing of who made them. */
export const trustNames = (text: string) => ({
  roots: readTrust(text).roots.map(({ id }) => id),
  names: listsIn(text).map(nameIn),
})

const isTrial = ({ credentialSubject: subject }: JsonObject): boolean =>
  isObject(subject) && subject.trial === true

const listsIn = (text: string): readonly JsonObject[] =>
  readTrust(text).lists.filter((list): list is JsonObject => isObject(list))

function nameIn({ name, issuer, id }: JsonObject): string {
  const texts = [name, isObject(issuer) ? issuer.name : issuer, id]
  return texts.map(textIn).find((text) => text !== undefined) ?? '?'
}

function textIn(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value
  if (!isObject(value)) return undefined
  return Object.values(value).find((text) => typeof text === 'string')
}

/** How many pieces an evidence file has. */
export const itemsIn = (text: string): number => {
  const { items } = readEvidence(text)
  return items.length
}
