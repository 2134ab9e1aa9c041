/**
 * base58btc in steps of several characters and many bits: a signature is written with every certificate and read with every
 * verification, and one digit at a time takes as long as hashing the certificate.
 */

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const values = new Int8Array(128).fill(-1)
for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i

/** Five characters: times 16 bits it stays so far below 2^53 that many such products may be summed up. */
const chunk = 58 ** 5
const pairs = Array.from(
  { length: 3364 },
  (_, i) => alphabet.charAt(Math.floor(i / 58)) + alphabet.charAt(i % 58),
)

/** Every leading zero byte is a `1`. @param bytes at most 400: beyond, sums would leave 2^53 */
export function encodeBase58(bytes: Uint8Array): string {
  let zeros = 0
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++
  const rows = Math.ceil((bytes.length - zeros) / 2)
  const width = chunksOf(rows)
  const sums = new Float64Array(width)
  for (let i = 0; i < rows; i++) {
    const low = bytes.length - 1 - 2 * i
    const limb = (bytes[low] as number) + (low > zeros ? (bytes[low - 1] as number) * 256 : 0)
    const power = powerOf(i)
    for (let j = 0; j < power.length; j++) sums[j] = (sums[j] as number) + limb * (power[j] as number)
  }
  let digits = ''
  let carry = 0
  for (let j = 0; j < width; j++) {
    const sum = (sums[j] as number) + carry
    carry = Math.floor(sum / chunk)
    digits = fiveDigits(sum - carry * chunk) + digits
  }
  let first = 0
  while (digits.charCodeAt(first) === one) first++
  return '1'.repeat(zeros) + digits.slice(first)
}

const one = 0x31

/** Chunks that so many limbs of 16 bits need at most: one takes log2(58^5) = 29.29 bits. */
const chunksOf = (limbs: number): number => Math.ceil((limbs * 16) / 29.28)

/** 65,536 to the power of `i` in chunks, the lowest first: what one limb of 16 bits is worth. Made when it is first needed. */
function powerOf(i: number): Float64Array {
  for (let next = powers.length; next <= i; next++) {
    const before = powers[next - 1] as Float64Array
    const power = new Float64Array(chunksOf(next + 1))
    let carry = 0
    for (let j = 0; j < power.length; j++) {
      const value = (before[j] ?? 0) * 65_536 + carry
      carry = Math.floor(value / chunk)
      power[j] = value - carry * chunk
    }
    powers.push(power)
  }
  return powers[i] as Float64Array
}

const powers = [Float64Array.of(1)]

function fiveDigits(value: number): string {
  const high = Math.floor(value / 3364)
  return alphabet.charAt(Math.floor(high / 3364)) + pairs[high % 3364] + pairs[value - high * 3364]
}

const limbBits = 28
const limbSize = 2 ** limbBits

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
