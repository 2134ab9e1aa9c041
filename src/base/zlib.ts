/** zlib streams (RFC 1950): one deflated text with a head and a checksum, expanded within bounds. */
import type { Bytes } from './bytes.ts'
import { type Inflated, inflate } from './inflate.ts'

/** Expands a stream to at most `limit` bytes; `end` is the first byte after its checksum. */
export function unzlib(packed: Bytes, limit: number): Inflated {
  const window = windowOf(packed)
  if (window === null) return malformed
  const inflated = inflate(packed, { start: 2, limit, window })
  if (!inflated.ok) return inflated
  const { bytes, end } = inflated
  if (end + 4 > packed.length) return malformed
  const checksum = new DataView(packed.buffer, packed.byteOffset + end).getUint32(0)
  return checksum === adler32(bytes) ? { ok: true, bytes, end: end + 4 } : malformed
}

const malformed: Inflated = { ok: false, fault: 'malformed' }

/** How far a stream may reach back (section 2.2); `null` where that is no header, or one that asks for a dictionary. */
function windowOf([method = 0, flags = 0]: Bytes): number | null {
  const isHeader = (method & 15) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0
  return isHeader && (flags & 0x20) === 0 ? 256 << (method >> 4) : null
}

/** Section 8.2. */
function adler32(bytes: Bytes): number {
  let [a, b] = [1, 0]
  for (let at = 0; at < bytes.length; at += 3800) {
    // So many sums stay below 2^53 by far, and the remainder is taken seldom.
    for (const byte of bytes.subarray(at, at + 3800)) {
      a += byte
      b += a
    }
    a %= 65521
    b %= 65521
  }
  return b * 65536 + a
}
