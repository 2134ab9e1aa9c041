/** ML-DSA-44 (FIPS 204) by a library that need not be there. */
import type { Bytes } from '../base/bytes.ts'

/** @param secret 32 bytes, the seed xi of FIPS 204. @returns `null` where the library is absent */
export async function mlDsaKeys(
  secret: Bytes,
): Promise<{ readonly publicKey: Bytes; readonly sign: (message: Bytes) => Bytes } | null> {
  const library = await load()
  if (library === null) return null
  const { publicKey, secretKey } = library.keygen(secret)
  return {
    publicKey: publicKey as Bytes, // noble allocates its own, never shared
    sign: (message) => library.sign(message, secretKey, { extraEntropy: false }) as Bytes,
  }
}

/** @returns `null` where the library is absent */
export async function verifyMlDsa(signature: Bytes, message: Bytes, key: Bytes): Promise<boolean | null> {
  const library = await load()
  return library === null ? null : library.verify(signature, message, key)
}

type Library = typeof import('@noble/post-quantum/ml-dsa.js')['ml_dsa44']
let loading: Promise<Library | null> | undefined

function load(): Promise<Library | null> {
  loading ??= import('@noble/post-quantum/ml-dsa.js').then(
    ({ ml_dsa44 }) => ml_dsa44,
    () => null,
  )
  return loading
}
