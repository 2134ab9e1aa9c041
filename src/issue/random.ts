/** Random names for things, drawn by label, so that under test they can follow from a seed whatever the order. */
import { type Bytes, utf8 } from '../base/bytes.ts'
import { hmacSha256 } from '../base/digest.ts'

/** 32 bytes for a label. In earnest they are random; from a seed they are HMAC-SHA-256(seed, label). */
export type Random = (label: string) => Bytes

export const systemRandom: Random = () => crypto.getRandomValues(new Uint8Array(32))

/** For tests and reproductions only: whoever knows the seed knows every id. */
export const seededRandom =
  (seed: Bytes): Random =>
  (label) =>
    hmacSha256(seed, utf8(label))

/** `urn:uuid:` with version 4 (RFC 9562, section 5.4) of the first 16 bytes. */
export function uuidUrn(bytes: Bytes): string {
  const b = bytes.slice(0, 16)
  b[6] = ((b[6] as number) & 0x0f) | 0x40
  b[8] = ((b[8] as number) & 0x3f) | 0x80
  const hex = [...b].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
