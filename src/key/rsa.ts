/** RSA keys, as numbers and as bytes. What verifies with them is loaded when a signature needs it. */
import { type Bytes, concat } from '../base/bytes.ts'

/** Both as big-endian numbers without a leading zero byte, as JWK has them (RFC 7518, section 6.3.1). */
export interface RsaNumbers {
  readonly n: Bytes
  readonly e: Bytes
}

/**
 * The bytes of a key: the modulus, then the exponent in 4 bytes. `null` for a modulus of other than 2048 to 4096 bits, an
 * even one, an exponent that is even, 1 or longer, and numbers with a leading zero, which would give one key two names.
 */
export function rsaKey({ n, e }: RsaNumbers): Bytes | null {
  if (n.length > 512 || e.length > exponentBytes || n[0] === 0 || e[0] === 0) return null
  const bits = n.length * 8 - Math.clz32(n[0] ?? 0) + 24
  if (bits < 2048 || bits > 4096 || !isOdd(n) || !isOdd(e) || (e.length === 1 && e[0] === 1)) return null
  return concat(n, new Uint8Array(exponentBytes - e.length), e)
}

/** The numbers of a key that `rsaKey` made. */
export function rsaNumbers(key: Bytes): RsaNumbers {
  const at = key.length - exponentBytes
  const exponent = key.slice(at)
  return { n: key.slice(0, at), e: exponent.slice(exponent.findIndex((byte) => byte !== 0)) }
}

const exponentBytes = 4
const isOdd = (number: Bytes): boolean => ((number.at(-1) ?? 0) & 1) === 1
