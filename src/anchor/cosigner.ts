/** Signers of witnesses. They sign what they are given: whether a head may be signed is decided before. */
import type { Bytes } from '../base/bytes.ts'
import type { Signer } from '../key/signer.ts'
import { cosignedMessage, cosignedText } from './cosignature.ts'
import { mlDsaKeys } from './ml-dsa.ts'
import { noteKey } from './note.ts'
import { type NoteSigner, timedSignature } from './note-signature.ts'

/** A witness with an Ed25519 key, which it must use for nothing else: the signature does not say its name. */
export function cosigner(
  name: string,
  signer: Signer & { readonly publicKey: { readonly bytes: Bytes } },
): NoteSigner {
  const key = noteKey(name, 'cosignature/v1', signer.publicKey.bytes)
  return {
    key,
    sign: async (text, at) => timedSignature(key, at, await signer.sign(cosignedText(text, at))),
  }
}

/**
 * A witness with an ML-DSA-44 key.
 * @param secret 32 bytes
 * @returns `null` where the library `@noble/post-quantum` is not installed
 */
export async function postQuantumCosigner(name: string, secret: Bytes): Promise<NoteSigner | null> {
  const keys = await mlDsaKeys(secret)
  if (keys === null) return null
  const key = noteKey(name, 'subtree/v1', keys.publicKey)
  return {
    key,
    sign(text, at) {
      const message = cosignedMessage(text, name, at)
      if (message === null) throw new TypeError('not a checkpoint')
      return timedSignature(key, at, keys.sign(message))
    },
  }
}
