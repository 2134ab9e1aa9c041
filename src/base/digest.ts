/** SHA-2 digests, synchronous on every runtime. */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 as nobleSha256, sha384 as nobleSha384, sha512 as nobleSha512 } from '@noble/hashes/sha2.js'
import { type Bytes, toHex, utf8 } from './bytes.ts'
import { nodeCrypto } from './platform.ts'

/** @returns 32 bytes. */
export const sha256 = digestBy('sha256', nobleSha256)
/** @returns 48 bytes. */
export const sha384 = digestBy('sha384', nobleSha384)
/** @returns 64 bytes. */
export const sha512 = digestBy('sha512', nobleSha512)

/** HMAC-SHA-256 (RFC 2104). @returns 32 bytes. */
export const hmacSha256 = (key: Bytes, data: Bytes): Bytes =>
  nodeCrypto === undefined
    ? hmac(nobleSha256, key, data)
    : new Uint8Array(nodeCrypto.createHmac('sha256', key).update(data).digest())

/** Lower-case hex SHA-256 of bytes, or of a text's UTF-8. */
export const sha256Hex = (data: Bytes | string): string =>
  toHex(sha256(typeof data === 'string' ? utf8(data) : data))

function digestBy(algorithm: string, noble: (data: Uint8Array) => Bytes): (data: Uint8Array) => Bytes {
  const crypto = nodeCrypto
  return crypto === undefined
    ? noble
    : (data) => new Uint8Array(crypto.createHash(algorithm).update(data).digest())
}
