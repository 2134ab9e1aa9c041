/** Ed25519 without help of the machine. The only file that imports `@noble/ed25519`; verifiers load it only where nothing faster is there. */
import { etc, getPublicKey, hashes, sign as nobleSign, Point } from '@noble/ed25519'
import { type Bytes, concat, equalBytes } from '../base/bytes.ts'
import { sha512 } from '../base/sha512.ts'

/** The public key of a 32-byte seed (RFC 8032, section 5.1.5). */
export function ed25519PublicKey(seed: Bytes): Bytes {
  hashes.sha512 ??= sha512
  return getPublicKey(seed)
}

/** The signature by a 32-byte seed. */
export function sign(message: Bytes, seed: Bytes): Bytes {
  hashes.sha512 ??= sha512
  return nobleSign(message, seed)
}

/**
 * Whether S·B - k·A has the very bytes of R: noble's own verify also takes R with a torsion part. The strict check of
 * signature and key comes before.
 */
export function verify(signature: Bytes, message: Bytes, publicKey: Bytes): boolean {
  try {
    const r = signature.subarray(0, 32)
    const s = littleEndian(signature.subarray(32))
    const k = etc.mod(littleEndian(sha512(concat(r, publicKey, message))), Point.CURVE().n)
    const kA = Point.fromBytes(publicKey).multiply(k, false)
    return equalBytes(Point.BASE.multiply(s, false).subtract(kA).toBytes(), r)
  } catch {
    return false
  }
}

const littleEndian = (bytes: Bytes): bigint =>
  bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
