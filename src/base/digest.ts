/** SHA-256, synchronous on every runtime. */
import { type Bytes, concat, equalBytes, toHex, utf8 } from './bytes.ts'
import { nodeCrypto } from './platform.ts'
import { plainSha256 } from './sha256.ts'

/** @returns 32 bytes. */
export const sha256 = digestBy('sha256', plainSha256)

/** SHA-256 of a text's UTF-8. @returns 32 bytes. */
export const sha256Text = textDigestBy(nodeCrypto)

/**
 * HMAC-SHA-256 (RFC 2104). @returns 32 bytes. Two plain digests: building an HMAC object takes three times as long, and status
 * positions take nine of these each.
 */
export function hmacSha256(key: Bytes, data: Bytes): Bytes {
  const { inner, outer } = padsOf(key)
  return sha256(concat(outer, sha256(concat(inner, data))))
}

/** HMAC-SHA-256 of many data of so many bytes under one key: faster than one by one, since nothing is laid out anew. */
export function hmacsUnder(key: Bytes, bytes: number): (data: Bytes) => Bytes {
  const { inner, outer } = padsOf(key)
  const [first, second] = [concat(inner, new Uint8Array(bytes)), concat(outer, new Uint8Array(32))]
  return (data) => {
    first.set(data, inner.length)
    second.set(sha256(first), outer.length)
    return sha256(second)
  }
}

/** Lower-case hex SHA-256 of bytes, or of a text's UTF-8. */
export const sha256Hex = hexDigestBy(nodeCrypto)

/** Node's digest of a name where there is one, `plain` elsewhere. */
export function digestBy(algorithm: string, plain: (data: Uint8Array) => Bytes): (data: Uint8Array) => Bytes {
  const crypto = nodeCrypto
  return crypto === undefined ? plain : (data) => new Uint8Array(crypto.hash(algorithm, data, 'buffer'))
}

function textDigestBy(crypto: typeof nodeCrypto): (text: string) => Bytes {
  return crypto === undefined
    ? (text) => sha256(utf8(text))
    : (text) => crypto.hash('sha256', text, 'buffer') as Bytes
}

function hexDigestBy(crypto: typeof nodeCrypto): (data: Bytes | string) => string {
  return crypto === undefined
    ? (data) => toHex(sha256(typeof data === 'string' ? utf8(data) : data))
    : (data) => crypto.hash('sha256', data)
}

/** The key, mixed with its two constants to blocks of 64 bytes; a longer key is hashed first. Kept with the key's own bytes. */
function padsOf(key: Bytes): Pads {
  const known = pads.get(key)
  if (known !== undefined && equalBytes(known.key, key)) return known
  const block = new Uint8Array(64)
  block.set(key.length > block.length ? sha256(key) : key)
  const made = {
    key: key.slice(),
    inner: block.map((byte) => byte ^ 0x36),
    outer: block.map((byte) => byte ^ 0x5c),
  }
  pads.set(key, made)
  return made
}

interface Pads {
  readonly key: Bytes
  readonly inner: Bytes
  readonly outer: Bytes
}

const pads = new WeakMap<Bytes, Pads>()
