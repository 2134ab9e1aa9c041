/** Text forms of bytes: hex, base58btc, base64url, multibase. Decoders are strict and answer `null`, never an approximation. */
import { base64, base64urlnopad, hex } from '@scure/base'
import { decodeBase58, encodeBase58 } from './base58.ts'

export type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Longest base58 text we decode, in characters: decoding takes quadratic time, a signature needs 88. */
const base58Limit = 256

export const utf8 = (text: string): Bytes => encoder.encode(text)

/** UTF-8 that stands until the next call: nothing is laid out for a text that is only looked at. */
export const passingUtf8 = (text: string): Bytes =>
  text.length * 3 > passing.length
    ? utf8(text)
    : passing.subarray(0, encoder.encodeInto(text, passing).written)

const passing: Bytes = new Uint8Array(32_768)

/** The text of UTF-8 bytes, a byte order mark included; `null` where they are not UTF-8. */
export function utf8Text(bytes: Bytes): string | null {
  try {
    return strictDecoder.decode(bytes)
  } catch {
    return null
  }
}

export const toHex = (bytes: Bytes): string => hex.encode(bytes)
export const toBase58 = (bytes: Bytes): string => encodeBase58(bytes)
export const toBase64 = (bytes: Bytes): string => base64.encode(bytes)
export const toBase64url = (bytes: Bytes): string => base64urlnopad.encode(bytes)

export const fromHex = (text: string): Bytes | null => attempt(() => hex.decode(text))

export const fromBase58 = (text: string): Bytes | null =>
  text.length > base58Limit ? null : decodeBase58(text)

/** RFC 4648, section 5, without padding; other alphabets, white space and non-zero trailing bits are refused. */
export const fromBase64url = (text: string): Bytes | null => attempt(() => base64urlnopad.decode(text))

/** RFC 4648, section 4, with its padding; as strict as the other. */
export const fromBase64 = (text: string): Bytes | null => attempt(() => base64.decode(text))

/** Multibase with the two alphabets that CID 1.0 allows: `z` base58btc and `u` base64url without padding. */
export function fromMultibase(text: string): Bytes | null {
  if (text.startsWith('z')) return fromBase58(text.slice(1))
  if (text.startsWith('u')) return fromBase64url(text.slice(1))
  return null
}

/** Node compares bytes as fast as memory is read. */
const compareNatively = (globalThis as { Buffer?: { compare(a: Uint8Array, b: Uint8Array): number } }).Buffer
  ?.compare

export function concat(...parts: readonly Bytes[]): Bytes {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export function equalBytes(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false
  if (compareNatively !== undefined) return compareNatively(a, b) === 0
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function attempt(decode: () => Uint8Array): Bytes | null {
  try {
    return decode() as Bytes // the decoders allocate their own, never shared
  } catch {
    return null
  }
}
