/** Ed25519 by libsodium, twice as fast as OpenSSL. The only file that imports `sodium-native`, which is an optional peer. */
import type { Bytes } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { type Ed25519Backend, preferBackend } from './ed25519.ts'

/**
 * Signs and verifies with `sodium-native` from now on, behind the same strict rule: what verifies stays the same. Signers that
 * were made before keep what they have, so call it first.
 * @throws `package.missing` where the package is not installed
 * @example
 * await useSodium()
 * const signer = await generateSigner()
 */
export async function useSodium(): Promise<void> {
  preferBackend(await sodiumBackend())
}

/** @throws `package.missing` */
export async function sodiumBackend(): Promise<Ed25519Backend> {
  const loading = import('sodium-native').catch((cause: unknown) => {
    throw new CertificateError('package.missing', { name: 'sodium-native' }, { cause })
  })
  const { default: sodium } = await loading
  return {
    signer(seed) {
      const publicKey = new Uint8Array(sodium.crypto_sign_PUBLICKEYBYTES)
      const secretKey = new Uint8Array(sodium.crypto_sign_SECRETKEYBYTES)
      sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed)
      return (message) => {
        const signature: Bytes = new Uint8Array(sodium.crypto_sign_BYTES)
        sodium.crypto_sign_detached(signature, message, secretKey)
        return signature
      }
    },
    verify: (signature, message, publicKey) =>
      sodium.crypto_sign_verify_detached(signature, message, publicKey),
  }
}
