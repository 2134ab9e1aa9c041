/** Where in which list a certificate's status stands: slots in order are spread over each list like shuffled cards. */
import { type Bytes, utf8 } from '../base/bytes.ts'
import { hmacSha256 } from '../base/digest.ts'
import type { TokenStatus } from '../credential/claims.ts'
import type { StatusPosition, StatusPurpose } from '../credential/status-entry.ts'
import { listEntries } from '../status/bitstring.ts'

/** Names the list of a purpose by its number, 1, 2, 3… */
export type NameList = (purpose: StatusPurpose, number: number) => string

/** Forms of a certificate; each has a sequence of its own, so that two forms of one certificate share no index. */
type CertificateForm = 'badge' | 'sd-jwt'

/** Names the token status list of a number, 1, 2, 3… */
export type NameTokenList = (number: number) => string

/** The position of an SD-JWT for a slot: one list says both revoked and suspended. */
export function tokenPositionOf(slot: number, secret: Bytes, nameList: NameTokenList): TokenStatus {
  const number = listNumber(slot)
  return { uri: nameList(number), index: indexOf(slot, 'sd-jwt', secret) }
}

/** The position for a slot (0, 1, 2…): when a list is full the next one starts. */
export function positionOf(slot: number, secret: Bytes, nameList: NameList): StatusPosition {
  const number = listNumber(slot)
  return {
    index: indexOf(slot, 'badge', secret),
    lists: { revocation: nameList('revocation', number), suspension: nameList('suspension', number) },
  }
}

/** The list that a slot stands in. */
export const listNumber = (slot: number): number => Math.floor(slot / listEntries) + 1

const indexOf = (slot: number, form: CertificateForm, secret: Bytes): number =>
  permute(slot % listEntries, listKey(secret, `status/${form}/${listNumber(slot)}`))

/** The key of a list, kept for the next certificates in it. */
function listKey(secret: Bytes, name: string): Bytes {
  const known = listKeys.get(secret) ?? new Map<string, Bytes>()
  listKeys.set(secret, known)
  const key = known.get(name) ?? hmacSha256(secret, utf8(name))
  known.set(name, key)
  return key
}

const listKeys = new WeakMap<Bytes, Map<string, Bytes>>()

/**
 * A permutation of 0…2^17-1 by a key: a Feistel network of unequal halves (8 and 9 bits), eight rounds of HMAC. Nobody
 * without the key learns from an index when the certificate was issued, and no index comes twice.
 */
export function permute(value: number, key: Bytes): number {
  let left = value >> 9
  let right = value & 0x1ff
  let leftBits = 8
  for (let round = 0; round < 8; round++) {
    const digest = hmacSha256(key, Uint8Array.of(round, right & 0xff, right >> 8))
    const mixed = left ^ ((((digest[0] as number) << 8) | (digest[1] as number)) & ((1 << leftBits) - 1))
    left = right
    right = mixed
    leftBits = 17 - leftBits
  }
  return (left << (17 - leftBits)) | right
}
