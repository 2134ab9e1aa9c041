/** Signers: whoever holds a private key, in memory or in a machine of its own. */
import { type Bytes, concat, fromBase58, toBase58 } from '../base/bytes.ts'
import type { Did, DidUrl } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import type { MaybePromise } from '../base/platform.ts'
import { algorithmNames, algorithms, type SigningAlgorithm } from './algorithm.ts'
import { ecdsaPublicKey, ecdsaSigner, freshEcdsaSecret } from './ecdsa-secret.ts'
import { fastestBackend } from './ed25519.ts'
import { ed25519PublicKey } from './ed25519-noble.ts'
import { type PublicKey, toMultikey } from './public-key.ts'

/**
 * Signs for one verification method. A key in an HSM implements just this: it is handed bytes and never asked for a
 * private key.
 *
 * @example
 * const signer: Signer = {
 *   algorithm: 'Ed25519',
 *   controller: 'did:web:cert.agency.example',
 *   verificationMethod: 'did:web:cert.agency.example#k1',
 *   sign: (bytes) => hsm.sign('slot-1', bytes),
 * }
 */
export interface Signer {
  readonly algorithm: SigningAlgorithm
  /** The DID that speaks by this key: the issuer of what is signed. */
  readonly controller: Did
  readonly verificationMethod: DidUrl
  /** @returns the raw signature over the bytes, 64 bytes for Ed25519 and P-256, 96 for P-384 (r then s, never DER); at once or later. */
  sign(bytes: Bytes): MaybePromise<Bytes>
}

/** A signer whose key is in memory, and what can be published of it. */
export interface GeneratedSigner extends Signer {
  readonly publicKey: PublicKey<SigningAlgorithm>
  /** The public key as Multikey, `z6Mk…`. */
  readonly multikey: string
  /** The secret key as Multikey (`z3u2…`), to be kept in a file that only its owner may read. */
  exportSecret(): string
}

/**
 * A new key pair with a signer for it, named by its own `did:key`.
 *
 * @example
 * const signer = await generateSigner()
 * console.log(signer.controller) // did:key:z6Mk…
 */
export async function generateSigner(algorithm: SigningAlgorithm = 'Ed25519'): Promise<GeneratedSigner> {
  const seed =
    algorithm === 'Ed25519' ? crypto.getRandomValues(new Uint8Array(32)) : freshEcdsaSecret(algorithm)
  return signerOfSeed(seed, { algorithm })
}

export interface SignerName {
  readonly algorithm?: SigningAlgorithm
  /** The DID that the key belongs to, with the fragment that names the key there; the key's own `did:key` by default. */
  readonly verificationMethod?: DidUrl | undefined
}

/**
 * A signer for a secret key: 32 bytes, 48 for P-384. The same key signs the same bytes the same way, always.
 * @throws `key.secret_malformed`
 */
export function signerOfSeed(
  seed: Bytes,
  { algorithm = 'Ed25519', verificationMethod }: SignerName = {},
): GeneratedSigner {
  const { publicKeyOf, signerFor } = secretKeys[algorithm]
  const bytes = seed.length === algorithms[algorithm].secretBytes ? publicKeyOf(seed) : null
  if (bytes === null) throw new CertificateError('key.secret_malformed')
  const publicKey: PublicKey<SigningAlgorithm> = { algorithm, bytes }
  const multikey = toMultikey(publicKey)
  const method: DidUrl = verificationMethod ?? `did:key:${multikey}#${multikey}`
  return {
    algorithm,
    controller: method.slice(0, method.indexOf('#')) as Did,
    verificationMethod: method,
    publicKey,
    multikey,
    sign: signerFor(seed),
    exportSecret: () => `z${toBase58(concat(Uint8Array.from(algorithms[algorithm].secretMulticodec), seed))}`,
  }
}

/** How each algorithm uses a secret key. */
const secretKeys: Readonly<
  Record<
    SigningAlgorithm,
    {
      readonly publicKeyOf: (secret: Bytes) => Bytes | null
      readonly signerFor: (secret: Bytes) => (message: Bytes) => MaybePromise<Bytes>
    }
  >
> = {
  Ed25519: { publicKeyOf: ed25519PublicKey, signerFor: (seed) => fastestBackend.signer(seed) },
  'P-256': {
    publicKeyOf: (secret) => ecdsaPublicKey('P-256', secret),
    signerFor: (secret) => ecdsaSigner('P-256', secret),
  },
  'P-384': {
    publicKeyOf: (secret) => ecdsaPublicKey('P-384', secret),
    signerFor: (secret) => ecdsaSigner('P-384', secret),
  },
}

/** A signer for a secret Multikey as `exportSecret` gives it; its header says the algorithm. @throws `key.secret_malformed` */
export function signerOfSecret(secret: string, name: Omit<SignerName, 'algorithm'> = {}): GeneratedSigner {
  const bytes = secret.startsWith('z') ? fromBase58(secret.slice(1)) : null
  const algorithm = algorithmNames.find((one) =>
    algorithms[one].secretMulticodec.every((byte, i) => byte === bytes?.[i]),
  )
  if (bytes === null || algorithm === undefined) throw new CertificateError('key.secret_malformed')
  return signerOfSeed(bytes.subarray(2), { ...name, algorithm })
}
