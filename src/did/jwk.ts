/** did:jwk: the identifier is a public JWK (did:jwk, 2023-08-19). One key has many such DIDs, so a DID is never written anew. */
import { fromBase64url } from '../base/bytes.ts'
import type { Did } from '../base/did-url.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { privateMembers } from '../key/public-key.ts'

/**
 * The document of a did:jwk; `null` where its body is no public JWK: other base64url than the strict one, no JSON, a
 * private or a symmetric key, more than 2 KiB, or a `use` that the method does not know. Whether the key is one we
 * verify with is told when it is looked up.
 *
 * @example
 * const document = jwkDocument('did:jwk:eyJrdHkiOiJPS1AiLCJjcnYiOiJFZDI1NTE5IiwieCI6Ii4uLiJ9')
 */
export function jwkDocument(did: Did): JsonObject | null {
  const bytes = fromBase64url(did.slice('did:jwk:'.length))
  if (bytes === null || bytes.length > jwkLimit) return null
  const parsed = parseJson(bytes)
  const jwk = parsed.ok && isObject(parsed.value) ? parsed.value : null
  if (jwk === null || typeof jwk.kty !== 'string' || jwk.kty === 'oct') return null
  if (privateMembers.some((name) => Object.hasOwn(jwk, name))) return null
  const relationships = relationshipsOf(jwk.use)
  if (relationships === null) return null
  const method = `${did}#0`
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
    id: did,
    verificationMethod: [{ id: method, type: 'JsonWebKey2020', controller: did, publicKeyJwk: jwk }],
    ...Object.fromEntries(relationships.map((name) => [name, [method]])),
  }
}

/** Bytes of the JSON. */
const jwkLimit = 2048

const signing = ['assertionMethod', 'authentication', 'capabilityInvocation', 'capabilityDelegation'] as const

/** What a key is for by its `use` (RFC 7517, section 4.2). */
function relationshipsOf(use: Json | undefined): readonly string[] | null {
  if (use === undefined) return [...signing, 'keyAgreement']
  if (use === 'sig') return signing
  return use === 'enc' ? ['keyAgreement'] : null
}
