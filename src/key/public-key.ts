/** Public keys and their two published forms: Multikey and JWK (Controlled Identifiers 1.0, section 2.2). */
import { calculateJwkThumbprint } from 'jose'
import { type Bytes, concat, fromBase58, fromBase64url, toBase58, toBase64url } from '../base/bytes.ts'
import { asList, isObject, type Json, type JsonObject } from '../base/json.ts'
import type { MaybePromise } from '../base/platform.ts'
import { type AlgorithmName, algorithmNames, algorithms } from './algorithm.ts'
import { isStrictKey, verifyEd25519 } from './ed25519.ts'

export interface PublicKey {
  readonly algorithm: AlgorithmName
  /** 32 bytes for Ed25519. */
  readonly bytes: Bytes
}

/** `z` + base58btc of the multicodec header and the key: `z6Mk…` for Ed25519. */
export function toMultikey(key: PublicKey): string {
  return `z${toBase58(concat(Uint8Array.from(algorithms[key.algorithm].multicodec), key.bytes))}`
}

/** Reads a Multikey; `null` for other multibases, unknown or secret headers, wrong lengths and keys no backend may see. */
export function fromMultikey(text: string): PublicKey | null {
  const bytes = text.startsWith('z') && text.length <= multikeyLimit ? fromBase58(text.slice(1)) : null
  if (bytes === null) return null
  const algorithm = algorithmNames.find((name) =>
    algorithms[name].multicodec.every((byte, i) => byte === bytes[i]),
  )
  return algorithm === undefined ? null : checkedKey(algorithm, bytes.subarray(2))
}

/** Characters; an Ed25519 Multikey has 48. */
const multikeyLimit = 128

export function toJwk(key: PublicKey): { readonly kty: string; readonly crv: string; readonly x: string } {
  return { ...algorithms[key.algorithm].jwk, x: toBase64url(key.bytes) }
}

/** Reads a public JWK; `null` where it is of another kind or carries a private member. */
export function fromJwk(value: Json): PublicKey | null {
  if (!isObject(value) || privateMembers.some((name) => Object.hasOwn(value, name))) return null
  // RFC 7517, sections 4.2 to 4.4: what a key says of its use is held to.
  const { alg = 'EdDSA', use = 'sig', key_ops: operations = ['verify'] } = value
  if ((alg !== 'EdDSA' && alg !== 'Ed25519') || use !== 'sig' || !asList(operations).includes('verify'))
    return null
  const algorithm = algorithmNames.find((name) => {
    const { kty, crv } = algorithms[name].jwk
    return value.kty === kty && value.crv === crv
  })
  const bytes = typeof value.x === 'string' ? fromBase64url(value.x) : null
  return algorithm === undefined || bytes === null ? null : checkedKey(algorithm, bytes)
}

/** RFC 7517, section 9.3 and RFC 7518, sections 6.2.2, 6.3.2 and 6.4. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const

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

/** RFC 7638 thumbprint with SHA-256, base64url: how trust lists and key files name a key. */
export const thumbprint = (key: PublicKey): Promise<string> => calculateJwkThumbprint(toJwk(key), 'sha256')

/** Whether `signature` (raw, 64 bytes) over `message` is the key's. Never throws because of its input. */
export function verifySignature(key: PublicKey, message: Bytes, signature: Bytes): MaybePromise<boolean> {
  return verifiers[key.algorithm](signature, message, key.bytes)
}

const verifiers: Readonly<
  Record<AlgorithmName, (signature: Bytes, message: Bytes, key: Bytes) => MaybePromise<boolean>>
> = {
  Ed25519: (signature, message, key) => verifyEd25519(signature, message, key),
}

function checkedKey(algorithm: AlgorithmName, bytes: Bytes): PublicKey | null {
  return bytes.length === algorithms[algorithm].keyBytes && isStrictKey(bytes) ? { algorithm, bytes } : null
}
