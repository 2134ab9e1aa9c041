/** Headers of Bitcoin's family: 80 bytes that fix a block. A header in a proof is data until the verifier's own chain holds it. */
import { type Bytes, equalBytes, toHex } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'

/** Hashes in internal byte order. */
export interface Header {
  readonly previous: Bytes
  readonly merkleRoot: Bytes
  /** Seconds since 1970. */
  readonly time: number
  /** The target in compact form. */
  readonly bits: number
  readonly hash: Bytes
}

export const headerBytes = 80

export const headerHash = (bytes: Bytes): Bytes => sha256(sha256(bytes))

/** Reads exactly 80 bytes; `null` for any other length. */
export function readHeader(bytes: Bytes): Header | null {
  if (bytes.length !== headerBytes) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes)
  return {
    previous: bytes.slice(4, 36),
    merkleRoot: bytes.slice(36, 68),
    time: view.getUint32(68, true),
    bits: view.getUint32(72, true),
    hash: headerHash(bytes),
  }
}

/** The header at a place of a run of headers; `null` beyond its end. */
export const headerAt = (bytes: Bytes, index: number): Header | null =>
  readHeader(bytes.slice(index * headerBytes, (index + 1) * headerBytes))

/** `btc` has one target for 2016 blocks; `pow-only` knows of no rule by which targets follow. */
export type ChainRules = 'btc' | 'pow-only'

export type HeaderFault =
  | 'not_whole'
  | 'bits_malformed'
  | 'target_above_limit'
  | 'proof_of_work'
  | 'not_linked'
  | 'bits_not_by_rule'
  | 'time_not_after_median'

export interface HeaderRulesOptions {
  /** Height of the first. */
  readonly start: number
  readonly rules: ChainRules
  /** The headers right before, as many as are at hand: for the link, the median of 11 times and the last change of target. */
  readonly before?: Bytes
  /** The greatest target that is accepted, in compact form. */
  readonly limit: number
}

/** What is wrong with a run of headers, and at which height; `null` where they hold together. */
export function headersFault(
  bytes: Bytes,
  { start, rules, before = new Uint8Array(0), limit }: HeaderRulesOptions,
): { readonly height: number; readonly fault: HeaderFault } | null {
  if (bytes.length % headerBytes !== 0 || before.length % headerBytes !== 0)
    return { height: start, fault: 'not_whole' }
  const earlier = before.length / headerBytes
  const known: Header[] = []
  for (let i = 0; i < earlier; i++) known.push(headerAt(before, i)!) // whole, as asked above
  const greatest = targetOf(limit) ?? 0n
  for (let i = 0; i < bytes.length / headerBytes; i++) {
    const header = headerAt(bytes, i)!
    const height = start + i
    const fault = headerFault(header, known, { height, rules, greatest })
    if (fault !== null) return { height, fault }
    known.push(header)
  }
  return null
}

/** Whether a run of headers leads, link by link, to a hash that is trusted: then none of them needs proof of work. */
export function linksTo(bytes: Bytes, trusted: Bytes): boolean {
  if (bytes.length === 0 || bytes.length % headerBytes !== 0) return false
  let next = trusted
  for (let at = bytes.length - headerBytes; at >= 0; at -= headerBytes) {
    const header = bytes.slice(at, at + headerBytes)
    if (!equalBytes(headerHash(header), next)) return false
    next = header.slice(4, 36)
  }
  return true
}

/** A target from its compact form; `null` where it is negative, zero or beyond 256 bits. */
export function targetOf(bits: number): bigint | null {
  const exponent = bits >>> 24
  const mantissa = bits & 0x007fffff
  if ((bits & 0x00800000) !== 0 || mantissa === 0) return null
  const target =
    exponent <= 3 ? BigInt(mantissa >>> (8 * (3 - exponent))) : BigInt(mantissa) << BigInt(8 * (exponent - 3))
  return target === 0n || target >= 1n << 256n ? null : target
}

/** The compact form of a target, cut to its three leading bytes. */
export function bitsOf(target: bigint): number {
  const hex = target.toString(16)
  const padded = hex.length % 2 === 0 ? hex : `0${hex}`
  // A leading bit would read as a sign.
  const bytes = Number.parseInt(padded.slice(0, 2), 16) >= 0x80 ? `00${padded}` : padded
  return Number.parseInt(bytes.slice(0, 6).padEnd(6, '0'), 16) + (bytes.length / 2) * 0x1000000
}

/** Blocks of one target, and the seconds that they should take. */
const epochBlocks = 2016
const epochSeconds = 1_209_600
/** Headers whose times are compared with that of the next. */
const medianSpan = 11

function headerFault(
  header: Header,
  known: readonly Header[],
  {
    height,
    rules,
    greatest,
  }: { readonly height: number; readonly rules: ChainRules; readonly greatest: bigint },
): HeaderFault | null {
  const target = targetOf(header.bits)
  if (target === null) return 'bits_malformed'
  if (target > greatest) return 'target_above_limit'
  if (BigInt(`0x${toHex(new Uint8Array(header.hash.toReversed()))}`) > target) return 'proof_of_work'
  const parent = known.at(-1)
  if (parent === undefined) return null
  if (!equalBytes(header.previous, parent.hash)) return 'not_linked'
  // The first blocks of a chain have fewer than eleven before them; elsewhere fewer at hand say nothing of the median.
  const span = Math.min(medianSpan, height)
  if (known.length >= span) {
    const times = known
      .slice(-span)
      .map(({ time }) => time)
      .toSorted((a, b) => a - b)
    if (header.time <= times[Math.floor(span / 2)]!) return 'time_not_after_median'
  }
  if (rules === 'pow-only') return null
  if (height % epochBlocks !== 0) return header.bits === parent.bits ? null : 'bits_not_by_rule'
  const first = known.at(-epochBlocks)
  // Where the first header of the epoch is not at hand, the new target cannot be computed, and only its bounds are checked.
  const isByRule =
    first === undefined
      ? isWithinOneChange(target, parent.bits, greatest)
      : header.bits === retargeted(parent.bits, parent.time - first.time, greatest)
  return isByRule ? null : 'bits_not_by_rule'
}

/** The target after an epoch, which changes fourfold at most. */
function retargeted(bits: number, seconds: number, greatest: bigint): number {
  const taken = BigInt(Math.min(Math.max(seconds, epochSeconds / 4), epochSeconds * 4))
  const target = ((targetOf(bits) ?? 0n) * taken) / BigInt(epochSeconds)
  return bitsOf(target > greatest ? greatest : target)
}

function isWithinOneChange(target: bigint, bits: number, greatest: bigint): boolean {
  const [least, most] = [0, Number.MAX_SAFE_INTEGER].map((seconds) =>
    targetOf(retargeted(bits, seconds, greatest)),
  )
  return target >= (least ?? 0n) && target <= (most ?? 0n)
}
