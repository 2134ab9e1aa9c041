/** ECDSA on P-256 and P-384: signatures (raw, r then s) checked here, in front of every backend. */
import { type Bytes, concat, toBase64url } from '../base/bytes.ts'
import { type MaybePromise, nodeCrypto, subtleCrypto } from '../base/platform.ts'
import { bigEndian, curves, decompress, type EcdsaCurve, type Point } from './ecdsa.ts'
import type { BackendName } from './ed25519.ts'

/** One way to verify ECDSA. Signatures and keys reach it only after our own check. */
export interface EcdsaBackend {
  verify(curve: EcdsaCurve, signature: Bytes, message: Bytes, point: Point): MaybePromise<boolean>
}

/** Whether r and s are of the message. High s counts: published signatures have it. Never throws because of its input. */
export function verifyEcdsa(
  curve: EcdsaCurve,
  signature: Bytes,
  message: Bytes,
  publicKey: Bytes,
  backend: EcdsaBackend = fastestEcdsaBackend,
): MaybePromise<boolean> {
  const { size, n } = curves[curve]
  if (signature.length !== 2 * size) return false
  const scalars = [signature.subarray(0, size), signature.subarray(size)].map(bigEndian)
  if (scalars.some((value) => value === 0n || value >= n)) return false
  const point = knownPoint(curve, publicKey)
  return point !== null && backend.verify(curve, signature, message, point)
}

/** A square root in the field costs more than a verification, so the points of the last few issuers are kept. */
const points = new Map<string, Point | null>()
const pointCacheLimit = 256

function knownPoint(curve: EcdsaCurve, publicKey: Bytes): Point | null {
  if (publicKey.length !== curves[curve].size + 1) return null
  const name = `${curve} ${toBase64url(publicKey)}`
  const known = points.get(name)
  if (known !== undefined) return known
  if (points.size >= pointCacheLimit) points.clear()
  const point = decompress(curve, publicKey)
  points.set(name, point)
  return point
}

const jwkOf = (curve: EcdsaCurve, { x, y }: Point) => ({
  kty: 'EC',
  crv: curve,
  x: toBase64url(x),
  y: toBase64url(y),
})

function nodeBackend(crypto: NonNullable<typeof nodeCrypto>): EcdsaBackend {
  const keys = new WeakMap<Point, ReturnType<typeof crypto.createPublicKey>>()
  const keyObject = (curve: EcdsaCurve, point: Point) => {
    const known = keys.get(point)
    if (known !== undefined) return known
    const made = crypto.createPublicKey({ key: jwkOf(curve, point), format: 'jwk' })
    keys.set(point, made)
    return made
  }
  return {
    verify(curve, signature, message, point) {
      const key = keyObject(curve, point)
      return crypto.verify(curves[curve].hash, message, { key, dsaEncoding: 'ieee-p1363' }, signature)
    },
  }
}

const webCryptoBackend = (subtle: SubtleCrypto): EcdsaBackend => ({
  async verify(curve, signature, message, point) {
    const algorithm = { name: 'ECDSA', namedCurve: curve }
    const key = await subtle.importKey('jwk', jwkOf(curve, point), algorithm, false, ['verify'])
    return subtle.verify({ name: 'ECDSA', hash: curves[curve].hash }, key, signature, message)
  },
})

const nobleBackend: EcdsaBackend = {
  async verify(curve, signature, message, point) {
    const { nobleCurves } = await import('./ecdsa-secret.ts')
    const uncompressed = concat(Uint8Array.of(4), point.x, point.y)
    return nobleCurves[curve].verify(signature, message, uncompressed, { lowS: false })
  },
}

/** The backends this runtime has. */
export const ecdsaBackends: Readonly<Partial<Record<BackendName, EcdsaBackend>>> = {
  ...(nodeCrypto && { node: nodeBackend(nodeCrypto) }),
  ...(subtleCrypto && { webcrypto: webCryptoBackend(subtleCrypto) }),
  noble: nobleBackend,
}

/** node:crypto answers at once; noble, loaded only then, needs neither. */
export const fastestEcdsaBackend: EcdsaBackend = ecdsaBackends.node ?? ecdsaBackends.webcrypto ?? nobleBackend
