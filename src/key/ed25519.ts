/**
 * Ed25519 that accepts the same signatures on every runtime. Backends disagree on hostile keys and change their mind
 * between versions, so our own check stands in front of all of them: 64 bytes, S < L, A and R canonical and of large
 * order, then the cofactorless equation.
 */
import type { Bytes } from '../base/bytes.ts'
import { concat } from '../base/bytes.ts'
import { type MaybePromise, nodeCrypto, subtleCrypto } from '../base/platform.ts'

export type BackendName = 'node' | 'webcrypto' | 'noble'

/** One way to compute Ed25519. Signatures reach `verify` only after the strict check. */
export interface Ed25519Backend {
  /** @param seed 32 bytes. @returns a function that gives 64 bytes for any message. */
  signer(seed: Bytes): (message: Bytes) => MaybePromise<Bytes>
  verify(signature: Bytes, message: Bytes, publicKey: Bytes): MaybePromise<boolean>
}

/** Whether a signature is good under the strict rule. Hostile input gives `false`, never an exception. */
export function verifyEd25519(
  signature: Bytes,
  message: Bytes,
  publicKey: Bytes,
  backend: Ed25519Backend = fastestBackend,
): MaybePromise<boolean> {
  if (signature.length !== 64 || !isStrictKey(publicKey) || !isStrictPoint(signature, 0)) return false
  return isBelow(signature, 32, groupOrder, 0xff) && backend.verify(signature, message, publicKey)
}

/** Whether 32 bytes are a public key that the strict rule lets near a backend. */
export const isStrictKey = (publicKey: Bytes): boolean =>
  publicKey.length === 32 && isStrictPoint(publicKey, 0)

/** 32 bytes of a number, the lowest first, as RFC 8032 writes them. */
const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))

/** p = 2^255 - 19, the field of the curve. */
const fieldPrime = (1n << 255n) - 19n
/** L, the order of the base point (RFC 8032, section 5.1). */
const groupOrder = littleEndian((1n << 252n) + 27742317777372353535851937790883648493n)
/** The y of the four points of order 8; with 0, 1 and -1 these are all points of small order. */
const order8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n
const smallOrder = [0n, 1n, fieldPrime - 1n, order8, fieldPrime - order8].map(littleEndian)
const fieldLimit = littleEndian(fieldPrime)

/** The highest bit says the sign of x, and nothing of y. */
const withoutSign = 0x7f

/** Canonical (y < p) and not of small order, whatever the sign bit says of x. */
function isStrictPoint(bytes: Bytes, at: number): boolean {
  if (!isBelow(bytes, at, fieldLimit, withoutSign)) return false
  return !smallOrder.some((y) => isEqual(bytes, at, y))
}

/** Whether 32 bytes say less than a limit; `mask` is what counts of the highest. Nothing here is secret. */
function isBelow(bytes: Bytes, at: number, limit: Uint8Array, mask: number): boolean {
  for (let i = 31; i >= 0; i--) {
    const byte = (bytes[at + i] as number) & (i === 31 ? mask : 0xff)
    if (byte !== limit[i]) return byte < (limit[i] as number)
  }
  return false
}

function isEqual(bytes: Bytes, at: number, y: Uint8Array): boolean {
  for (let i = 0; i < 31; i++) if (bytes[at + i] !== y[i]) return false
  return ((bytes[at + 31] as number) & withoutSign) === y[31]
}

const pkcs8Prefix = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)
/** Key objects are costly to build (a third of a verification), so the last few issuers' are kept. */
const keyCacheLimit = 256

function nodeBackend(crypto: NonNullable<typeof nodeCrypto>): Ed25519Backend {
  const cache = new Map<string, ReturnType<typeof crypto.createPublicKey> | null>()
  const publicKeyObject = (publicKey: Bytes) => {
    const x = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.length).toString('base64url')
    const known = cache.get(x)
    if (known !== undefined) return known
    if (cache.size >= keyCacheLimit) cache.clear()
    let object: ReturnType<typeof crypto.createPublicKey> | null = null
    try {
      object = crypto.createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    } catch {
      // A point that is not on the curve: no signature verifies under it.
    }
    cache.set(x, object)
    return object
  }
  return {
    signer(seed) {
      const key = crypto.createPrivateKey({
        key: Buffer.from(concat(pkcs8Prefix, seed)),
        format: 'der',
        type: 'pkcs8',
      })
      return (message) => new Uint8Array(crypto.sign(null, message, key))
    },
    verify(signature, message, publicKey) {
      const key = publicKeyObject(publicKey)
      return key !== null && crypto.verify(null, message, key, signature)
    },
  }
}

function webCryptoBackend(subtle: SubtleCrypto): Ed25519Backend {
  const owned = (bytes: Bytes) => new Uint8Array(bytes)
  return {
    signer(seed) {
      const key = subtle.importKey('pkcs8', owned(concat(pkcs8Prefix, seed)), 'Ed25519', false, ['sign'])
      return async (message) => new Uint8Array(await subtle.sign('Ed25519', await key, owned(message)))
    },
    async verify(signature, message, publicKey) {
      try {
        const key = await subtle.importKey('raw', owned(publicKey), 'Ed25519', false, ['verify'])
        return await subtle.verify('Ed25519', key, owned(signature), owned(message))
      } catch (error) {
        // A browser without Ed25519 in WebCrypto says NotSupportedError; a bad point is a DataError.
        if (error instanceof Error && error.name === 'NotSupportedError') {
          return nobleBackend.verify(signature, message, publicKey)
        }
        return false
      }
    },
  }
}

/** Loaded only where neither of the others is there. */
const nobleBackend: Ed25519Backend = {
  signer: (seed) => async (message) => (await import('./ed25519-noble.ts')).sign(message, seed),
  verify: async (signature, message, publicKey) =>
    (await import('./ed25519-noble.ts')).verify(signature, message, publicKey),
}

/** The backends this runtime has. */
export const ed25519Backends: Readonly<Partial<Record<BackendName, Ed25519Backend>>> = {
  ...(nodeCrypto && { node: nodeBackend(nodeCrypto) }),
  ...(subtleCrypto && { webcrypto: webCryptoBackend(subtleCrypto) }),
  noble: nobleBackend,
}

/** node:crypto answers at once and twice as fast as WebCrypto; noble, loaded only then, needs neither. */
export let fastestBackend: Ed25519Backend = ed25519Backends.node ?? ed25519Backends.webcrypto ?? nobleBackend

/** Takes another backend from now on: for signers made after it, and for verification behind the same strict rule. */
export function preferBackend(backend: Ed25519Backend): void {
  fastestBackend = backend
}
