/** ECDSA with secret keys. The only file that imports the NIST curves of `@noble/curves`; verifiers load it only where nothing faster is there. */
import { p256, p384 } from '@noble/curves/nist.js'
import type { Bytes } from '../base/bytes.ts'
import type { EcdsaCurve } from './ecdsa.ts'

export const nobleCurves = { 'P-256': p256, 'P-384': p384 } as const

/** Signs with a secret key of 32 or 48 bytes, the same message always the same way (RFC 6979), whatever s comes out. */
export const ecdsaSigner =
  (curve: EcdsaCurve, secret: Bytes): ((message: Bytes) => Bytes) =>
  (message) =>
    nobleCurves[curve].sign(message, secret, { lowS: false }) as Bytes

/** The compressed public key of a secret key; `null` where it is 0 or beyond the order of the curve. */
export function ecdsaPublicKey(curve: EcdsaCurve, secret: Bytes): Bytes | null {
  return nobleCurves[curve].utils.isValidSecretKey(secret)
    ? (nobleCurves[curve].getPublicKey(secret, true) as Bytes)
    : null
}

/** A new secret key, without the bias of random bytes reduced. */
export const freshEcdsaSecret = (curve: EcdsaCurve): Bytes =>
  nobleCurves[curve].utils.randomSecretKey() as Bytes
