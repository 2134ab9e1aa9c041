/** As much of DER (ITU-T X.690) as X.509 certificates need, read strictly: one encoding for each value, or `null`. */
import type { Bytes } from '../base/bytes.ts'

/** One value: its tag, what it contains, and all of its bytes. */
export interface Der {
  readonly tag: number
  readonly content: Bytes
  readonly whole: Bytes
}

/** Tags by the names of X.690; numbers in brackets are `context` 0 to 30, constructed or not. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

export const context = (number: number): number => 0x80 + number
export const constructedContext = (number: number): number => 0xa0 + number

/** The one value that the bytes are, of this tag. */
export function readDer(bytes: Bytes, tag: number): Der | null {
  const all = readAll(bytes)
  return all?.length === 1 && all[0]?.tag === tag ? all[0] : null
}

/** The values that lie one after another, such as the content of a sequence. */
export function readAll(bytes: Bytes): readonly Der[] | null {
  const values: Der[] = []
  for (let at = 0; at < bytes.length; ) {
    const value = readAt(bytes, at)
    if (value === null) return null
    values.push(value)
    at += value.whole.length
  }
  return values
}

/** Section 10.1: definite lengths in as few bytes as they take; tags above 30 do not occur in certificates. */
function readAt(bytes: Bytes, at: number): Der | null {
  const [tag = 0, first = 0x80] = bytes.subarray(at, at + 2)
  if ((tag & 0x1f) === 0x1f || first === 0x80 || first > 0x83) return null
  const extra = first > 0x80 ? first - 0x80 : 0
  const lengthBytes = bytes.subarray(at + 2, at + 2 + extra)
  const length = extra === 0 ? first : lengthBytes.reduce((sum, byte) => sum * 256 + byte, 0)
  if (extra > 0 && (lengthBytes[0] === 0 || length < 0x80)) return null
  const start = at + 2 + extra
  const end = start + length
  return end > bytes.length
    ? null
    : { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) }
}

/** The bytes of a non-negative integer without a leading zero, none for 0; section 8.3.2: no more than it takes. */
export function unsignedDigits({ tag, content }: Der): Bytes | null {
  const [first = 0x80, second = 0x80] = content
  if (tag !== tags.integer || first >= 0x80) return null
  if (first !== 0) return content
  return content.length > 1 && second < 0x80 ? null : content.subarray(1)
}

/** The same filled up with zeros to `size` bytes; `null` where it takes more. */
export function unsignedBytes(value: Der, size: number): Bytes | null {
  const digits = unsignedDigits(value)
  if (digits === null || digits.length > size) return null
  const filled = new Uint8Array(size)
  filled.set(digits, size - digits.length)
  return filled
}

/** The bytes of a bit string without unused bits. */
export const wholeBits = ({ tag, content }: Der): Bytes | null =>
  tag === tags.bitString && content[0] === 0 ? content.subarray(1) : null
