/**
 * base58btc in steps of four characters and 28 bits: a signature is written with every certificate and read with every
 * verification, and one digit at a time takes as long as hashing the certificate.
 */

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const values = new Int8Array(128).fill(-1)
for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i

/** 58 to the fourth: with a limb of 28 bits every step stays below 2^53. */
const chunk = 58 ** 4
const limbBits = 28
const limbSize = 2 ** limbBits

/** Every leading zero byte is a `1`. */
export function encodeBase58(bytes: Uint8Array): string {
  let zeros = 0
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++
  const limbs = limbsOf(bytes, zeros)
  const parts: string[] = []
  let first = 0
  while (first < limbs.length) {
    let rest = 0
    for (let i = first; i < limbs.length; i++) {
      const value = rest * limbSize + (limbs[i] as number)
      const quotient = Math.floor(value / chunk)
      limbs[i] = quotient
      rest = value - quotient * chunk
    }
    while (first < limbs.length && limbs[first] === 0) first++
    parts.push(fourDigits(rest))
  }
  const digits = parts.reverse().join('').replace(/^1+/, '')
  return '1'.repeat(zeros) + digits
}

/** Limbs of 28 bits, the highest first. */
function limbsOf(bytes: Uint8Array, from: number): Float64Array {
  const limbs = new Float64Array(Math.ceil(((bytes.length - from) * 8) / limbBits))
  let at = limbs.length - 1
  let bits = 0
  let value = 0
  for (let i = bytes.length - 1; i >= from; i--) {
    value += (bytes[i] as number) * 2 ** bits
    bits += 8
    if (bits < limbBits) continue
    limbs[at--] = value % limbSize
    value = Math.floor(value / limbSize)
    bits -= limbBits
  }
  if (bits > 0 && at >= 0) limbs[at] = value
  return limbs
}

function fourDigits(value: number): string {
  const [a, b] = [Math.floor(value / 3364), value % 3364]
  return `${digit(Math.floor(a / 58))}${digit(a % 58)}${digit(Math.floor(b / 58))}${digit(b % 58)}`
}

const digit = (value: number): string => alphabet.charAt(value)

/** `null` for a character that is none of the alphabet. */
export function decodeBase58(text: string): Uint8Array<ArrayBuffer> | null {
  let zeros = 0
  while (zeros < text.length && text.charCodeAt(zeros) === 0x31) zeros++
  const limbs: number[] = [] // the lowest first
  for (let at = zeros; at < text.length; ) {
    const end = Math.min(text.length, at + 4)
    let carry = 0
    let factor = 1
    for (; at < end; at++) {
      const value = values[text.charCodeAt(at)] ?? -1
      if (value < 0) return null
      carry = carry * 58 + value
      factor *= 58
    }
    for (let i = 0; i < limbs.length; i++) {
      const sum = (limbs[i] as number) * factor + carry
      carry = Math.floor(sum / limbSize)
      limbs[i] = sum - carry * limbSize
    }
    if (carry > 0) limbs.push(carry)
  }
  return bytesOf(limbs, zeros)
}

function bytesOf(limbs: readonly number[], zeros: number): Uint8Array<ArrayBuffer> {
  const low: number[] = [] // the lowest byte first
  let bits = 0
  let value = 0
  for (const limb of limbs) {
    value += limb * 2 ** bits
    bits += limbBits
    for (; bits >= 8; bits -= 8) {
      low.push(value % 256)
      value = Math.floor(value / 256)
    }
  }
  if (value > 0) low.push(value)
  while (low.at(-1) === 0) low.pop()
  const bytes = new Uint8Array(zeros + low.length)
  for (let i = 0; i < low.length; i++) bytes[bytes.length - 1 - i] = low[i] as number
  return bytes
}
