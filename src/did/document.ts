/** Controlled identifier documents: which key a DID URL names, and what it may be used for (CID 1.0, section 3.3). */
import { type ControllerId, isControllerId, splitMethodUrl } from '../base/did-url.ts'
import { epochOf } from '../base/instant.ts'
import { asList, isObject, type Json, type JsonObject, textOf } from '../base/json.ts'
import { keyOfMethod, type PublicKey, thumbprint } from '../key/public-key.ts'

export type Relationship = 'assertionMethod' | 'authentication'

export type MethodFault =
  | 'method_url_malformed'
  | 'document_malformed'
  | 'document_of_another'
  | 'method_not_found'
  | 'method_of_another_controller'
  | 'method_not_for_purpose'
  | 'key_malformed'

export type MethodResult =
  | {
      readonly ok: true
      readonly key: PublicKey
      /** Milliseconds since 1970 from which the document says that the key no longer counts. */
      readonly endsAt: number | null
    }
  | { readonly ok: false; readonly fault: MethodFault; readonly detail: string }

/**
 * Finds the key that a URL names in the document of its controller, a DID or an https address, by the nine steps of
 * section 3.3.
 *
 * @example
 * const found = findMethod(document, 'https://issuer.example/keys#k1', 'assertionMethod')
 * if (found.ok) console.log(found.key.algorithm)
 */
export function findMethod(document: Json, methodUrl: string, relationship: Relationship): MethodResult {
  const split = splitMethodUrl(methodUrl)
  if (split === null) return refuse('method_url_malformed', methodUrl)
  if (!isObject(document)) return refuse('document_malformed', 'not an object')
  if (document.id !== split.controller) return refuse('document_of_another', textOf(document.id))
  const found = methodsOf(document, relationship).filter(
    ({ id }) => absolute(id, split.controller) === methodUrl,
  )
  // Two methods with one fragment have no defined meaning, so neither is taken.
  if (found.length !== 1) return refuse('method_not_found', methodUrl)
  const { method, related } = found[0] as FoundMethod
  if (method.controller !== split.controller)
    return refuse('method_of_another_controller', textOf(method.controller))
  if (!related) return refuse('method_not_for_purpose', relationship)
  const key = keyOfMethod(method)
  if (key === null) return refuse('key_malformed', methodUrl)
  const ends = [method.revoked, method.expires].filter((value) => value !== undefined)
  const moments = ends.map((value) => (typeof value === 'string' ? epochOf(value) : null))
  if (moments.includes(null)) return refuse('document_malformed', 'a date of the key is none')
  return { ok: true, key, endsAt: moments.length === 0 ? null : Math.min(...(moments as number[])) }
}

/** Finds the method that holds a key, for keys that are not named by a URL. A key that stands there twice is one key. */
export function findKey(document: Json, key: PublicKey, relationship: Relationship): MethodResult {
  if (!isObject(document)) return refuse('document_malformed', 'not an object')
  if (!isControllerId(document.id)) return refuse('document_of_another', textOf(document.id))
  const wanted = thumbprint(key)
  for (const { id } of methodsOf(document, relationship).slice(0, methodLimit)) {
    const found = findMethod(document, absolute(id, document.id) ?? '', relationship)
    if (found.ok && thumbprint(found.key) === wanted) return found
  }
  return refuse('method_not_found', wanted)
}

/** Methods of one document that are looked at. */
const methodLimit = 256

interface FoundMethod {
  readonly id: Json | undefined
  readonly method: JsonObject
  readonly related: boolean
}

/** Every relationship of section 2.3: a method may be embedded in each. */
const relationships = [
  'assertionMethod',
  'authentication',
  'keyAgreement',
  'capabilityInvocation',
  'capabilityDelegation',
] as const

/** Methods at the top level, and those embedded in a relationship, which count for it alone. */
function methodsOf(document: JsonObject, relationship: Relationship): readonly FoundMethod[] {
  const controller = document.id as ControllerId
  const names = new Set(asList(document[relationship]).map((name) => absolute(name, controller)))
  const listed = asList(document.verificationMethod)
    .filter(isObject)
    .map((method) => ({ id: method.id, method, related: names.has(absolute(method.id, controller)) }))
  const embedded = relationships.flatMap((name) =>
    asList(document[name])
      .filter(isObject)
      .map((method) => ({ id: method.id, method, related: name === relationship })),
  )
  return [...listed, ...embedded]
}

const absolute = (id: Json | undefined, controller: ControllerId): string | null =>
  typeof id !== 'string' ? null : id.startsWith('#') ? `${controller}${id}` : id

const refuse = (fault: MethodFault, detail: string): MethodResult => ({
  ok: false,
  fault,
  detail: detail.slice(0, 300),
})
