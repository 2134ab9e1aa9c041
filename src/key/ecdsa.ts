/** The curves P-256 and P-384 and the points of keys on them. What verifies with them is loaded when a signature needs it. */
import { type Bytes, concat } from '../base/bytes.ts'

export type EcdsaCurve = 'P-256' | 'P-384'

interface Curve {
  /** Bytes of a coordinate, and of r and of s. */
  readonly size: 32 | 48
  /** Of the field, the curve's coefficient b, and the order of the base point (FIPS 186-5, SP 800-186, section 3.2.1). */
  readonly p: bigint
  readonly b: bigint
  readonly n: bigint
  readonly hash: 'SHA-256' | 'SHA-384'
}

export const curves: Readonly<Record<EcdsaCurve, Curve>> = {
  'P-256': {
    size: 32,
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    hash: 'SHA-256',
  },
  'P-384': {
    size: 48,
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    hash: 'SHA-384',
  },
}

/** A point as JWK and WebCrypto want it; each coordinate as wide as the field. */
export interface Point {
  readonly x: Bytes
  readonly y: Bytes
}

/** The point of a compressed key (SEC 1, section 2.3.4), `null` where the bytes are none of the curve. */
export function decompress(curve: EcdsaCurve, bytes: Bytes): Point | null {
  const { size, p, b } = curves[curve]
  const sign = bytes[0]
  if (bytes.length !== size + 1 || (sign !== 2 && sign !== 3)) return null
  const x = bigEndian(bytes.subarray(1))
  if (x >= p) return null
  const square = modulo(x ** 3n - 3n * x + b, p)
  // Both primes are 3 modulo 4, so this power is a root where there is one. It is never 0: no point has order 2.
  const root = power(square, (p + 1n) / 4n, p)
  if (modulo(root * root, p) !== square) return null
  const y = (root & 1n) === BigInt(sign & 1) ? root : p - root
  return { x: bytes.slice(1), y: toBytes(y, size) }
}

/** The compressed key of a point, `null` where it is none of the curve. */
export function compress(curve: EcdsaCurve, { x, y }: Point): Bytes | null {
  const { size, p, b } = curves[curve]
  if (x.length !== size || y.length !== size) return null
  const [X, Y] = [bigEndian(x), bigEndian(y)]
  if (X >= p || Y >= p || modulo(Y * Y - X ** 3n + 3n * X - b, p) !== 0n) return null
  return concat(Uint8Array.of((y.at(-1) as number) & 1 ? 3 : 2), x)
}

const modulo = (value: bigint, p: bigint): bigint => ((value % p) + p) % p

function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let [result, square, rest] = [1n, base, exponent]
  for (; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % p
    square = (square * square) % p
  }
  return result
}

export const bigEndian = (bytes: Bytes): bigint =>
  bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)

const toBytes = (value: bigint, size: number): Bytes =>
  Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * (size - 1 - i))) & 0xffn))
