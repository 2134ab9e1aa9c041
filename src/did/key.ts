/** did:key: the identifier is the key (W3C CCG did:key, 2025-11-02). */
import type { Did } from '../base/did-url.ts'
import type { JsonObject } from '../base/json.ts'
import { fromMultikey } from '../key/public-key.ts'

/** The document of a did:key, `null` where its body is no key we may use. Base58btc only, no version segment. */
export function keyDocument(did: Did): JsonObject | null {
  const multikey = did.slice('did:key:'.length)
  if (fromMultikey(multikey) === null) return null
  const method = `${did}#${multikey}`
  return {
    '@context': ['https://www.w3.org/ns/did/v1.1'],
    id: did,
    verificationMethod: [{ id: method, type: 'Multikey', controller: did, publicKeyMultibase: multikey }],
    authentication: [method],
    assertionMethod: [method],
    capabilityInvocation: [method],
    capabilityDelegation: [method],
  }
}
