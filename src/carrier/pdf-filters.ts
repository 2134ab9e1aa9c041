/** What streams of a PDF are packed with (ISO 32000-1, section 7.4), unpacked within bounds. Pictures' filters are not among them. */
import type { Bytes } from '../base/bytes.ts'
import { inflate } from '../base/inflate.ts'
import { refuse } from './pdf-refusal.ts'
import { isWhole, type PdfDictionary } from './pdf-syntax.ts'

/** Unpacks by one filter into at most `limit` bytes. */
export type Filter = (packed: Bytes, parameters: PdfDictionary | null, limit: number) => Bytes

/** By name; one that is not here is of pictures, of encryption, or of another century. */
export const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['FlateDecode', (packed, parameters, limit) => unpredicted(inflated(packed, limit), parameters)],
  ['ASCIIHexDecode', (packed) => fromAsciiHex(packed)],
  ['ASCII85Decode', (packed, _, limit) => fromAscii85(packed, limit)],
])

/** RFC 1950. */
function inflated(packed: Bytes, limit: number): Bytes {
  const [method = 0, flags = 0] = packed
  const isZlib =
    (method & 15) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0 && (flags & 32) === 0
  if (!isZlib) refuse('damaged', 'a stream that is not deflated')
  const result = inflate(packed, { start: 2, limit, window: 1 << ((method >> 4) + 8) })
  if (!result.ok) {
    return result.fault === 'too_large'
      ? refuse('bomb', `a stream expands to more than ${limit} bytes`)
      : refuse('damaged', 'a stream that is not deflated')
  }
  const sum = packed.subarray(result.end, result.end + 4).reduce((all, byte) => all * 256 + byte, 0)
  if (result.end + 4 > packed.length || sum !== adler32(result.bytes))
    refuse('damaged', 'a check sum is wrong')
  return result.bytes
}

function adler32(bytes: Bytes): number {
  let [a, b] = [1, 0]
  for (let at = 0; at < bytes.length; ) {
    // So many bytes fit before a sum leaves 32 bits.
    const end = Math.min(at + 3800, bytes.length)
    for (; at < end; at++) {
      a += bytes[at] as number
      b += a
    }
    a %= 65_521
    b %= 65_521
  }
  return b * 65_536 + a
}

/** Bytes of a row of what is predicted. */
const rowLimit = 65_536

/** Section 7.4.4.4: each row as differences from what is left of it and above it. */
function unpredicted(bytes: Bytes, parameters: PdfDictionary | null): Bytes {
  const number = (name: string, otherwise: number): number => {
    const value = parameters?.entries.get(name) ?? otherwise
    return isWhole(value) ? value : refuse('damaged', `${name} is no number`)
  }
  const predictor = number('Predictor', 1)
  if (predictor === 1) return bytes
  const bits = number('Colors', 1) * number('BitsPerComponent', 8)
  const row = Math.ceil((bits * number('Columns', 1)) / 8)
  if (predictor < 10 || predictor > 15 || row === 0 || row > rowLimit)
    refuse('damaged', `predictor ${predictor}`)
  return unfiltered(bytes, { row, step: Math.max(1, bits >> 3) })
}

/** ISO 15948 (PNG), section 9: a byte that names the filter, then a row; `step` is the bytes of one place in it. */
function unfiltered(bytes: Bytes, { row, step }: { readonly row: number; readonly step: number }): Bytes {
  const rows = bytes.length / (row + 1)
  if (!Number.isInteger(rows)) refuse('damaged', 'rows that are not whole')
  const out = new Uint8Array(rows * row)
  for (let y = 0; y < rows; y++) {
    const from = y * (row + 1)
    const to = y * row
    const filter = bytes[from] as number
    if (filter > 4) refuse('damaged', `a row filtered by ${filter}`)
    for (let x = 0; x < row; x++) {
      const left = x < step ? 0 : (out[to + x - step] as number)
      const above = y === 0 ? 0 : (out[to + x - row] as number)
      const corner = x < step || y === 0 ? 0 : (out[to + x - row - step] as number)
      out[to + x] = (bytes[from + 1 + x] as number) + predicted(filter, left, above, corner)
    }
  }
  return out
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 0) return 0
  if (filter === 1) return left
  if (filter === 2) return above
  if (filter === 3) return (left + above) >> 1
  const guess = left + above - corner
  const [toLeft, toAbove, toCorner] = [
    Math.abs(guess - left),
    Math.abs(guess - above),
    Math.abs(guess - corner),
  ]
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}

const isSpace = (byte: number): boolean => byte === 0 || (byte >= 9 && byte <= 13) || byte === 32

function fromAsciiHex(packed: Bytes): Bytes {
  const out = new Uint8Array((packed.length + 1) >> 1)
  let digits = 0
  for (const byte of packed) {
    if (byte === 0x3e) break
    if (isSpace(byte)) continue
    const digit = Number.parseInt(String.fromCharCode(byte), 16)
    if (Number.isNaN(digit)) refuse('damaged', 'a digit that is none')
    out[digits >> 1] = (out[digits >> 1] as number) | (digit << (digits % 2 === 0 ? 4 : 0))
    digits++
  }
  return out.slice(0, (digits + 1) >> 1)
}

/** Section 7.4.3: five characters for four bytes, `z` for four zeros, `~` ends. */
function fromAscii85(packed: Bytes, limit: number): Bytes {
  const out = new Uint8Array(Math.min(limit, packed.length * 4))
  let [length, value, count] = [0, 0, 0]
  const put = (number: number, bytes: number) => {
    if (number > 0xffffffff) refuse('damaged', 'a group that is too large')
    if (length + bytes > limit) refuse('bomb', `a stream expands to more than ${limit} bytes`)
    for (let i = 0; i < bytes; i++) out[length++] = Math.floor(number / 256 ** (3 - i)) % 256
  }
  for (const byte of packed) {
    if (byte === 0x7e) break
    if (isSpace(byte)) continue
    if (byte === 0x7a && count === 0) put(0, 4)
    else if (byte < 0x21 || byte > 0x75) refuse('damaged', 'a digit that is none')
    else {
      value = value * 85 + (byte - 0x21)
      if (++count < 5) continue
      put(value, 4)
      value = 0
      count = 0
    }
  }
  if (count === 1) refuse('damaged', 'a group of one digit')
  if (count > 1) {
    for (let i = count; i < 5; i++) value = value * 85 + 84
    put(value, count - 1)
  }
  return out.slice(0, length)
}
