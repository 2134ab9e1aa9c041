/** Who signs transactions of EVM chains: a key in memory, or a machine that implements the same. The one home of secp256k1. */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { type Bytes, concat } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import type { MaybePromise } from '../base/platform.ts'
import { hexOf } from './evm-block.ts'
import { keccak256 } from './path.ts'

/** `0x` and 40 hex digits. */
export type EvmAddress = `0x${string}`

/** An ECDSA signature of secp256k1. */
export interface EvmSignature {
  /** 32 bytes. */
  readonly r: Bytes
  /** 32 bytes; in the lower half of the order (EIP-2). */
  readonly s: Bytes
  /** Whether y of the point R is odd. */
  readonly yParity: 0 | 1
}

/**
 * Signs for one account. A key in an HSM implements just this: it is handed a hash and never asked for a private key.
 * What it answers is checked before anything is sent.
 */
export interface EvmSigner {
  readonly address: EvmAddress
  /** @param hash 32 bytes, signed as they are */
  sign(hash: Bytes): MaybePromise<EvmSignature>
}

/** A signer of a secret key of 32 bytes in memory. @throws `anchor.evm_secret_malformed` */
export function evmSignerOfSecret(secret: Bytes): EvmSigner {
  if (!secp256k1.utils.isValidSecretKey(secret)) throw new CertificateError('anchor.evm_secret_malformed')
  return {
    address: addressOf(secp256k1.getPublicKey(secret, false) as Bytes),
    sign(hash) {
      const signature = secp256k1.sign(hash, secret, { prehash: false, format: 'recovered' }) as Bytes
      const [yParity, r, s] = [
        signature[0] === 1 ? 1 : 0,
        signature.slice(1, 33),
        signature.slice(33),
      ] as const
      return { r, s, yParity }
    },
  }
}

/** Whether a signature over a hash is this account's, and one that chains take. */
export function isSignedBy(address: EvmAddress, hash: Bytes, { r, s, yParity }: EvmSignature): boolean {
  try {
    const signature = concat(Uint8Array.of(yParity), r, s)
    const key = secp256k1.recoverPublicKey(signature, hash, { prehash: false })
    const point = secp256k1.Point.fromBytes(key)
    const isLow = !secp256k1.Signature.fromBytes(concat(r, s), 'compact').hasHighS()
    return isLow && addressOf(point.toBytes(false) as Bytes) === address.toLowerCase()
  } catch {
    return false // no point has such an r, or r and s are no numbers of the curve
  }
}

/** The last 20 bytes of the hash of a public key that is not compressed, without its first byte. */
const addressOf = (key: Bytes): EvmAddress => hexOf(keccak256(key.subarray(1)).subarray(12)) as EvmAddress
