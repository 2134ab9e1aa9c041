/** Packs and reads the bits of a Bitstring Status List 1.0: gzip in base64url behind a `u`, bit 0 leftmost. */
import { gzipSync } from 'fflate'
import { type Bytes, fromBase64url, toBase64url } from '../base/bytes.ts'
import { inflate } from '../base/inflate.ts'

/** Entries of a list that we write: small ones hide a certificate among fewer, great ones are more to fetch. */
export const listSizes = [131_072, 262_144, 524_288, 1_048_576] as const

export type ListEntries = (typeof listSizes)[number]

/** The least that a list may have (section 3.3), 16 KiB of bits; what we write where nobody asks for more. */
export const listEntries: ListEntries = 131_072

/** Bytes that a list may expand to: 2^26 entries (w3c/vc-bitstring-status-list issue 208). */
export const maxExpanded = 8_388_608
/** Characters of an encoded list; one of 2^26 random bits would need 11 million. */
export const maxEncoded = 12_000_000

/** The encoded list with the bits at `indexes` set. The same indexes give the same text on every runtime. */
export function encodeBitstring(indexes: Iterable<number>, entries: number = listEntries): string {
  const bits = new Uint8Array(entries / 8)
  for (const index of indexes) {
    if (!Number.isInteger(index) || index < 0 || index >= entries) {
      throw new RangeError(`no index ${index} in a list of ${entries}`)
    }
    bits[index >> 3] = (bits[index >> 3] as number) | (0x80 >> (index & 7))
  }
  return `u${toBase64url(gzipSync(bits, { level: 9, mtime: 0 }) as Bytes)}`
}

export type BitstringFault = 'list_encoding' | 'list_too_large' | 'list_too_short'

export type Bitstring =
  | { readonly ok: true; readonly bits: Bytes }
  | { readonly ok: false; readonly fault: BitstringFault }

/** Expands an encoded list within bounds; `fault` says why it is not one. */
export function decodeBitstring(encoded: string): Bitstring {
  if (encoded.length > maxEncoded) return { ok: false, fault: 'list_too_large' }
  const packed = encoded.startsWith('u') ? fromBase64url(encoded.slice(1)) : null
  const bits = packed === null ? 'list_encoding' : gunzip(packed)
  if (typeof bits === 'string') return { ok: false, fault: bits }
  return bits.length * 8 < listEntries ? { ok: false, fault: 'list_too_short' } : { ok: true, bits }
}

/** Whether the bit at `index` is set; `null` beyond the end of the list. */
export function bitAt(bits: Bytes, index: number): boolean | null {
  const byte = bits[Math.floor(index / 8)]
  return byte === undefined ? null : (byte & (0x80 >> (index % 8))) !== 0
}

/** One gzip member, nothing after it, its checksums right, and never more than the bound in memory. */
function gunzip(packed: Bytes): Bytes | BitstringFault {
  const start = memberStart(packed)
  if (start === null) return 'list_encoding'
  const inflated = inflate(packed, { start, limit: maxExpanded })
  if (!inflated.ok) return inflated.fault === 'too_large' ? 'list_too_large' : 'list_encoding'
  const { bytes, end } = inflated
  if (end !== packed.length - 8) return 'list_encoding'
  const trailer = new DataView(packed.buffer, packed.byteOffset + end)
  const isWhole = trailer.getUint32(0, true) === crc32(bytes) && trailer.getUint32(4, true) === bytes.length
  return isWhole ? bytes : 'list_encoding'
}

/** Where the deflated data of a gzip member begin (RFC 1952, section 2.3); `null` where that is no header. */
function memberStart(packed: Bytes): number | null {
  const [first, second, method, flags = 0] = packed
  if (first !== 0x1f || second !== 0x8b || method !== 8 || (flags & 0xe0) !== 0) return null
  let at = 10
  if ((flags & flag.extra) !== 0) at += 2 + (packed[at] ?? 0) + (packed[at + 1] ?? 0) * 256
  for (const text of [flag.name, flag.comment]) {
    if ((flags & text) === 0) continue
    const zero = packed.indexOf(0, at)
    if (zero < 0) return null
    at = zero + 1
  }
  if ((flags & flag.headerChecksum) === 0) return at
  const checksum = (packed[at] ?? 0) + (packed[at + 1] ?? 0) * 256
  return checksum === (crc32(packed.subarray(0, at)) & 0xffff) ? at + 2 : null
}

const flag = { headerChecksum: 2, extra: 4, name: 8, comment: 16 } as const

/** CRC-32 of RFC 1952, section 8. */
function crc32(bytes: Bytes): number {
  crcTable ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
    return crc
  })
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 0xff] as number)
  return (crc ^ 0xffffffff) >>> 0
}

let crcTable: Uint32Array | undefined
