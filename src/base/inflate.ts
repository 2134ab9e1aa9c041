/**
 * Expands deflated data (RFC 1951) within bounds, and as strictly as zlib: a code that is over-subscribed or incomplete, a
 * repetition without a beginning, a reach before the first byte are refused. What a library lets through that others refuse,
 * one verifier would read and another would not.
 */
import type { Bytes } from './bytes.ts'

export interface InflateOptions {
  /** Where in the data it begins, in bytes. */
  readonly start: number
  /** Bytes that it may expand to. */
  readonly limit: number
  /** Bytes that it may reach back. */
  readonly window?: number
}

export type Inflated =
  | {
      readonly ok: true
      readonly bytes: Bytes
      /** The first byte of what comes after it. */
      readonly end: number
    }
  | { readonly ok: false; readonly fault: 'malformed' | 'too_large' }

export function inflate(
  packed: Uint8Array,
  { start, limit, window = widestWindow }: InflateOptions,
): Inflated {
  const input: Input = { packed, at: start, hold: 0, held: 0 }
  const output: Output = { bytes: new Uint8Array(Math.min(limit, 1024)), length: 0, limit, window }
  try {
    for (let isLast = false; !isLast; ) {
      isLast = take(input, 1) === 1
      const block = blocks[take(input, 2)] ?? refuse('malformed')
      block(input, output)
    }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, fault: error.fault }
    throw error
  }
  return { ok: true, bytes: output.bytes.slice(0, output.length), end: input.at - (input.held >> 3) }
}

const widestWindow = 32_768

class Refusal extends Error {
  readonly fault: 'malformed' | 'too_large'
  constructor(fault: 'malformed' | 'too_large') {
    super(fault)
    this.fault = fault
  }
}

function refuse(fault: 'malformed' | 'too_large'): never {
  throw new Refusal(fault)
}

/** Bits are taken from the lowest of each byte. */
interface Input {
  readonly packed: Uint8Array
  at: number
  /** Bits that were read and not taken yet, and how many they are: at most 22. */
  hold: number
  held: number
}

function take(input: Input, bits: number): number {
  fill(input, bits)
  if (input.held < bits) refuse('malformed')
  const value = input.hold & ((1 << bits) - 1)
  drop(input, bits)
  return value
}

function fill(input: Input, bits: number): void {
  while (input.held < bits && input.at < input.packed.length) {
    input.hold |= (input.packed[input.at++] as number) << input.held
    input.held += 8
  }
}

function drop(input: Input, bits: number): void {
  input.hold >>>= bits
  input.held -= bits
}

interface Output {
  bytes: Bytes
  length: number
  readonly limit: number
  readonly window: number
}

/** Makes room for so many bytes more. */
function reserve(output: Output, bytes: number): void {
  const needed = output.length + bytes
  if (needed > output.limit) refuse('too_large')
  if (needed <= output.bytes.length) return
  const grown = new Uint8Array(Math.min(output.limit, Math.max(needed, output.bytes.length * 2)))
  grown.set(output.bytes)
  output.bytes = grown
}

/** By the two bits of its type; the fourth type does not exist. */
const blocks: readonly ((input: Input, output: Output) => void)[] = [stored, fixed, dynamic]

/** Section 3.2.4. */
function stored(input: Input, output: Output): void {
  input.at -= input.held >> 3
  input.hold = 0
  input.held = 0
  const [length, complement] = [take(input, 16), take(input, 16)]
  if (length !== (complement ^ 0xffff) || input.at + length > input.packed.length) refuse('malformed')
  reserve(output, length)
  output.bytes.set(input.packed.subarray(input.at, input.at + length), output.length)
  output.length += length
  input.at += length
}

/** Section 3.2.6. */
function fixed(input: Input, output: Output): void {
  fixedCodes ??= {
    literals: codeOf(new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280)),
    distances: codeOf(new Uint8Array(32).fill(5)),
  }
  compressed(input, output, fixedCodes)
}

interface Codes {
  readonly literals: Code
  readonly distances: Code
}

let fixedCodes: Codes | undefined

/** Section 3.2.7. */
function dynamic(input: Input, output: Output): void {
  const literals = take(input, 5) + 257
  const distances = take(input, 5) + 1
  const count = take(input, 4) + 4
  if (literals > 286 || distances > 30) refuse('malformed')
  const ofLengths = new Uint8Array(19)
  for (let i = 0; i < count; i++) ofLengths[lengthOrder[i] as number] = take(input, 3)
  const code = codeOf(ofLengths)
  if (!code.isComplete) refuse('malformed')
  const lengths = readLengths(input, code, literals + distances)
  if (lengths[endOfBlock] === 0) refuse('malformed')
  compressed(input, output, {
    literals: usable(codeOf(lengths.subarray(0, literals))),
    distances: usable(codeOf(lengths.subarray(literals))),
  })
}

const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

function readLengths(input: Input, code: Code, count: number): Uint8Array {
  const lengths = new Uint8Array(count)
  for (let at = 0; at < count; ) {
    const symbol = symbolOf(input, code)
    if (symbol < 16) {
      lengths[at++] = symbol
      continue
    }
    if (symbol === 16 && at === 0) refuse('malformed')
    const repeated = symbol === 16 ? (lengths[at - 1] as number) : 0
    const [bits, least] = repetitions[symbol - 16] as readonly [number, number]
    const end = at + take(input, bits) + least
    if (end > count) refuse('malformed')
    lengths.fill(repeated, at, end)
    at = end
  }
  return lengths
}

/** Bits that say how often, and the least, for the symbols 16 to 18. */
const repetitions = [
  [2, 3],
  [3, 3],
  [7, 11],
] as const

/** One code of one bit, or none, says what it has to; any other code has to be complete. */
function usable(code: Code): Code {
  return code.isComplete || code.longest <= 1 ? code : refuse('malformed')
}

const endOfBlock = 256

/** Literals, and pairs of length and distance, up to the end of the block (section 3.2.5). */
function compressed(input: Input, output: Output, { literals, distances }: Codes): void {
  for (;;) {
    const symbol = symbolOf(input, literals)
    if (symbol < endOfBlock) {
      if (output.length === output.bytes.length) reserve(output, 1)
      output.bytes[output.length++] = symbol
      continue
    }
    if (symbol === endOfBlock) return
    const length = rangeValueOf(input, lengthRanges, symbol - endOfBlock - 1)
    const distance = rangeValueOf(input, distanceRanges, symbolOf(input, distances))
    if (distance > output.length || distance > output.window) refuse('malformed')
    reserve(output, length)
    const { bytes } = output
    // Byte by byte, since what is copied may reach into itself.
    for (const end = output.length + length; output.length < end; output.length++) {
      bytes[output.length] = bytes[output.length - distance] as number
    }
  }
}

interface Ranges {
  readonly least: readonly number[]
  readonly bits: readonly number[]
}

function rangeValueOf(input: Input, { least, bits }: Ranges, symbol: number): number {
  if (symbol >= least.length) refuse('malformed')
  return (least[symbol] as number) + take(input, bits[symbol] as number)
}

const lengthRanges: Ranges = {
  least: [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
    227, 258,
  ],
  bits: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0],
}

const distanceRanges: Ranges = {
  least: [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
    4097, 6145, 8193, 12289, 16385, 24577,
  ],
  bits: [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13],
}

/** A prefix code (section 3.2.2). Short codes are looked up; long ones are walked, so that no block costs a great table. */
interface Code {
  /** By the next bits: a symbol and in the lowest four bits the length of its code; 0 where that is longer. */
  readonly short: Uint16Array
  /** How many codes there are of each length. */
  readonly counts: Uint16Array
  /** Symbols in the order of their codes. */
  readonly symbols: Uint16Array
  readonly longest: number
  readonly isComplete: boolean
}

const longestCode = 15
const shortBits = 9

function codeOf(lengths: Uint8Array): Code {
  const counts = new Uint16Array(longestCode + 1)
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] as number
    counts[length] = (counts[length] as number) + 1
  }
  const used = lengths.length - (counts[0] as number)
  counts[0] = 0
  let [left, longest, at, code] = [1, 0, 0, 0]
  for (let length = 1; length <= longestCode; length++) {
    const count = counts[length] as number
    if (count > 0) longest = length
    left = left * 2 - count
    if (left < 0) refuse('malformed')
    nextAt[length] = at
    nextCode[length] = code
    at += count
    code = (code + count) << 1
  }
  const short = new Uint16Array(1 << Math.min(longest, shortBits))
  const symbols = new Uint16Array(used)
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] as number
    if (length === 0) continue
    symbols[(nextAt[length] as number)++] = symbol
    const reversed = reversedBits((nextCode[length] as number)++, length)
    if (length > shortBits) continue
    for (let next = reversed; next < short.length; next += 1 << length) short[next] = (symbol << 4) | length
  }
  return { short, counts, symbols, longest, isComplete: left === 0 }
}

/** By length, while a code is made: where its next symbol stands, and its next code. Kept, since a stranger may send many codes. */
const [nextAt, nextCode] = [new Uint16Array(longestCode + 1), new Uint16Array(longestCode + 1)]

/** Codes are packed from their highest bit, everything else from its lowest. */
function reversedBits(code: number, length: number): number {
  let result = 0
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit)
  return result
}

function symbolOf(input: Input, code: Code): number {
  fill(input, longestCode)
  const entry = code.short[input.hold & (code.short.length - 1)] as number
  if (entry === 0) return longSymbolOf(input, code)
  const length = entry & 15
  if (length > input.held) refuse('malformed')
  drop(input, length)
  return entry >> 4
}

function longSymbolOf(input: Input, { counts, symbols }: Code): number {
  let [code, first, at] = [0, 0, 0]
  for (let length = 1; length <= Math.min(longestCode, input.held); length++) {
    code = code * 2 + ((input.hold >> (length - 1)) & 1)
    first *= 2
    const count = counts[length] as number
    if (code < first + count) {
      drop(input, length)
      return symbols[at + code - first] as number
    }
    at += count
    first += count
  }
  return refuse('malformed')
}
