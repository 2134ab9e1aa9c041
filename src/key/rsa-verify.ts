/**
 * RSA signatures, verified and never made: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2), which Open Badges
 * 3.0 allows for badges in JWT form.
 */
import { type Bytes, concat, equalBytes, fromHex, toBase64url, toHex } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import { type MaybePromise, nodeCrypto, subtleCrypto } from '../base/platform.ts'
import type { BackendName } from './ed25519.ts'
import { type RsaNumbers, rsaNumbers } from './rsa.ts'

/** One way to verify RSA. */
export interface RsaBackend {
  verify(signature: Bytes, message: Bytes, key: RsaNumbers): MaybePromise<boolean>
}

/** Whether a signature, as long as the modulus, is of the message. Never throws because of its input. */
export function verifyRsa(
  signature: Bytes,
  message: Bytes,
  publicKey: Bytes,
  backend: RsaBackend = fastestRsaBackend,
): MaybePromise<boolean> {
  const key = rsaNumbers(publicKey)
  return signature.length === key.n.length && backend.verify(signature, message, key)
}

const jwkOf = ({ n, e }: RsaNumbers) => ({ kty: 'RSA', n: toBase64url(n), e: toBase64url(e) })

const nodeBackend = (crypto: NonNullable<typeof nodeCrypto>): RsaBackend => ({
  verify(signature, message, numbers) {
    const key = crypto.createPublicKey({ key: jwkOf(numbers), format: 'jwk' })
    return crypto.verify('sha256', message, { key, padding: crypto.constants.RSA_PKCS1_PADDING }, signature)
  },
})

const webCryptoBackend = (subtle: SubtleCrypto): RsaBackend => ({
  async verify(signature, message, numbers) {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    const key = await subtle.importKey('jwk', jwkOf(numbers), algorithm, false, ['verify'])
    return subtle.verify(algorithm, key, signature, message)
  },
})

/** Where there is neither: the whole encoded message is compared, so there is no padding to be misread. */
const plainBackend: RsaBackend = {
  verify(signature, message, numbers) {
    const [s, n, e] = [signature, numbers.n, numbers.e].map((bytes) => BigInt(`0x${toHex(bytes)}`)) as [
      bigint,
      bigint,
      bigint,
    ]
    if (s >= n) return false
    let [power, square] = [1n, s]
    for (let rest = e; rest > 0n; rest >>= 1n) {
      if (rest & 1n) power = (power * square) % n
      square = (square * square) % n
    }
    const encoded = fromHex(power.toString(16).padStart(2 * numbers.n.length, '0')) as Bytes
    return equalBytes(encoded, encodedDigest(message, numbers.n.length))
  },
}

/** DER of DigestInfo before a SHA-256 (RFC 8017, section 9.2, note 1). */
const sha256Info = Uint8Array.of(
  0x30,
  0x31,
  0x30,
  13,
  6,
  9,
  0x60,
  0x86,
  0x48,
  1,
  0x65,
  3,
  4,
  2,
  1,
  5,
  0,
  4,
  0x20,
)

/** EMSA-PKCS1-v1_5 (RFC 8017, section 9.2). */
function encodedDigest(message: Bytes, length: number): Bytes {
  const info = concat(sha256Info, sha256(message))
  const padding = new Uint8Array(length - 3 - info.length).fill(0xff)
  return concat(Uint8Array.of(0, 1), padding, Uint8Array.of(0), info)
}

/** The backends this runtime has; `noble` stands for our own arithmetic, as noble has no RSA. */
export const rsaBackends: Readonly<Partial<Record<Exclude<BackendName, 'noble'> | 'plain', RsaBackend>>> = {
  ...(nodeCrypto && { node: nodeBackend(nodeCrypto) }),
  ...(subtleCrypto && { webcrypto: webCryptoBackend(subtleCrypto) }),
  plain: plainBackend,
}

const fastestRsaBackend: RsaBackend = rsaBackends.node ?? rsaBackends.webcrypto ?? plainBackend
