/** Public keys and their two published forms: Multikey and JWK (Controlled Identifiers 1.0, section 2.2). */
import { type Bytes, concat, fromBase58, fromBase64url, toBase58, toBase64url, utf8 } from '../base/bytes.ts'
import { canonicalJson } from '../base/canonical.ts'
import { sha256 } from '../base/digest.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import type { MaybePromise } from '../base/platform.ts'
import {
  type AlgorithmName,
  algorithmNames,
  algorithms,
  jwsNames,
  type SigningAlgorithm,
} from './algorithm.ts'
import { compress, decompress, type EcdsaCurve } from './ecdsa.ts'
import { isStrictKey, verifyEd25519 } from './ed25519.ts'
import { rsaKey, rsaNumbers } from './rsa.ts'

export interface PublicKey<Algorithm extends AlgorithmName = AlgorithmName> {
  readonly algorithm: Algorithm
  /**
   * 32 bytes for Ed25519; a compressed point of 33 or 49 bytes for P-256 and P-384; for RSA the modulus, then the
   * exponent in 4 bytes: a form of our own, that never leaves the process.
   */
  readonly bytes: Bytes
}

/** `z` + base58btc of the multicodec header and the key: `z6Mk…` for Ed25519. RSA has a JWK only. */
export function toMultikey(key: PublicKey<SigningAlgorithm>): string {
  return `z${toBase58(concat(Uint8Array.from(algorithms[key.algorithm].multicodec), key.bytes))}`
}

/** Reads a Multikey; `null` for other multibases, unknown or secret headers, wrong lengths and keys no backend may see. */
export function fromMultikey(text: string): PublicKey<SigningAlgorithm> | null {
  const bytes = text.startsWith('z') && text.length <= multikeyLimit ? fromBase58(text.slice(1)) : null
  if (bytes === null) return null
  const algorithm = algorithmNames.find((name) =>
    algorithms[name].multicodec.every((byte, i) => byte === bytes[i]),
  )
  return algorithm === undefined ? null : checkedKey(algorithm, bytes.subarray(2))
}

/** Characters; an Ed25519 Multikey has 48. */
const multikeyLimit = 128

export interface PublicJwk extends JsonObject {
  readonly kty: string
}

export function toJwk({ algorithm, bytes }: PublicKey): PublicJwk {
  if (algorithm === 'RSA') {
    const { n, e } = rsaNumbers(bytes)
    return { kty: 'RSA', n: toBase64url(n), e: toBase64url(e) }
  }
  const { jwk } = algorithms[algorithm]
  if (algorithm === 'Ed25519') return { ...jwk, x: toBase64url(bytes) }
  const { x, y } = decompress(algorithm, bytes)! // a public key is a point: it was read as one
  return { ...jwk, x: toBase64url(x), y: toBase64url(y) }
}

/** Reads a public JWK; `null` where it is of another kind or carries a private member. */
export function fromJwk(value: Json): PublicKey | null {
  if (!isObject(value) || privateMembers.some((name) => Object.hasOwn(value, name))) return null
  // RFC 7517, sections 4.2 to 4.4: what a key says of its use is held to.
  const { alg, use = 'sig', key_ops: operations = ['verify'] } = value
  if (use !== 'sig' || !Array.isArray(operations) || !operations.includes('verify')) return null
  const key = value.kty === 'RSA' ? rsaOfJwk(value) : curveKeyOfJwk(value)
  if (key === null || alg === undefined) return key
  return (jwsNames(key.algorithm) as readonly Json[]).includes(alg) ? key : null
}

function rsaOfJwk(value: JsonObject): PublicKey<'RSA'> | null {
  const n = decoded(value.n)
  const e = decoded(value.e)
  const bytes = n === null || e === null ? null : rsaKey({ n, e })
  return bytes === null ? null : { algorithm: 'RSA', bytes }
}

function curveKeyOfJwk(value: JsonObject): PublicKey<SigningAlgorithm> | null {
  const algorithm = algorithmNames.find((name) => {
    const { kty, crv } = algorithms[name].jwk
    return value.kty === kty && value.crv === crv
  })
  const x = decoded(value.x)
  if (algorithm === undefined || x === null) return null
  if (algorithm === 'Ed25519') return value.y === undefined ? checkedKey(algorithm, x) : null
  const y = decoded(value.y)
  const bytes = y === null ? null : compress(algorithm, { x, y })
  return bytes === null ? null : { algorithm, bytes }
}

/** Bytes of a member of a JWK; none is longer than an RSA modulus. */
const decoded = (value: Json | undefined): Bytes | null =>
  typeof value === 'string' && value.length <= 683 ? fromBase64url(value) : null

/** RFC 7517, section 9.3 and RFC 7518, sections 6.2.2, 6.3.2 and 6.4. */
export const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const

/** The key of a verification method: exactly one of `publicKeyMultibase` and `publicKeyJwk` (CID 1.0, section 2.2). */
export function keyOfMethod(method: JsonObject): PublicKey | null {
  const { type, publicKeyMultibase: multikey, publicKeyJwk: jwk } = method
  if ((multikey === undefined) === (jwk === undefined)) return null
  if (
    typeof type !== 'string' ||
    !(methodTypes[jwk === undefined ? 'multikey' : 'jwk'] as readonly string[]).includes(type)
  )
    return null
  if (jwk !== undefined) return fromJwk(jwk)
  return typeof multikey === 'string' ? fromMultikey(multikey) : null
}

/** Types of verification method by the form of their key; the second of each is what older documents say. */
const methodTypes = {
  multikey: ['Multikey', 'Ed25519VerificationKey2020'],
  jwk: ['JsonWebKey', 'JsonWebKey2020'],
} as const

/**
 * RFC 7638 thumbprint with SHA-256, base64url: how trust lists and key files name a key. `toJwk` writes exactly the members
 * that count, and their canonical JSON is in the order that section 3 asks for.
 */
export function thumbprint(key: PublicKey): string {
  const print = prints.get(key) ?? toBase64url(sha256(utf8(canonicalJson(toJwk(key)))))
  prints.set(key, print)
  return print
}

/** Thousands of certificates share a key. */
const prints = new WeakMap<PublicKey, string>()

/** Whether `signature` (raw, as long as its algorithm says) over `message` is the key's. Never throws because of its input. */
export function verifySignature(key: PublicKey, message: Bytes, signature: Bytes): MaybePromise<boolean> {
  return verifiers[key.algorithm](signature, message, key.bytes)
}

const verifiers: Readonly<
  Record<AlgorithmName, (signature: Bytes, message: Bytes, key: Bytes) => MaybePromise<boolean>>
> = {
  Ed25519: (signature, message, key) => verifyEd25519(signature, message, key),
  'P-256': verifyOn('P-256'),
  'P-384': verifyOn('P-384'),
  RSA: async (...given) => (await import('./rsa-verify.ts')).verifyRsa(...given),
}

/** Most verifiers never meet a key of these curves. */
function verifyOn(curve: EcdsaCurve): (signature: Bytes, message: Bytes, key: Bytes) => Promise<boolean> {
  return async (...given) => (await import('./ecdsa-verify.ts')).verifyEcdsa(curve, ...given)
}

function checkedKey(algorithm: SigningAlgorithm, bytes: Bytes): PublicKey<SigningAlgorithm> | null {
  if (bytes.length !== algorithms[algorithm].keyBytes) return null
  const isKey = algorithm === 'Ed25519' ? isStrictKey(bytes) : decompress(algorithm, bytes) !== null
  return isKey ? { algorithm, bytes } : null
}
