/**
 * Commitment paths: what turns a message into another by appending, prepending and hashing. Every chain ends up here, so
 * one evaluator serves all. The bytes are those of OpenTimestamps operations without its header.
 */
import { ripemd160, sha1 } from '@noble/hashes/legacy.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Bytes, concat, toHex, utf8 } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'

export type Operation =
  | { readonly op: 'append' | 'prepend'; readonly data: Bytes }
  | { readonly op: Exclude<OperationName, 'append' | 'prepend'> }

export type OperationName = keyof typeof operationTags

/** The byte of each operation. */
export const operationTags = {
  append: 0xf0,
  prepend: 0xf1,
  reverse: 0xf2,
  hexlify: 0xf3,
  sha1: 0x02,
  ripemd160: 0x03,
  sha256: 0x08,
  keccak256: 0x67,
} as const

/** Bytes of a message or result, and of what is appended (OpenTimestamps). */
export const messageLimit = 4096
/** Operations of one path. */
export const operationLimit = 256
/** Bytes of a message that is turned into hex: the result may not be longer than a message. */
const hexlifyLimit = messageLimit / 2

/** Paths of our own use these; the others come from OpenTimestamps files. */
export const ownOperations: ReadonlySet<OperationName> = new Set(['append', 'prepend', 'sha256', 'keccak256'])
/** Collisions of these are known: a time that rests on one is marked. */
export const weakHashes: ReadonlySet<OperationName> = new Set(['sha1', 'ripemd160'])

/** What an operation makes of a message; `null` where it is not allowed on it. */
export function applied(message: Bytes, operation: Operation): Bytes | null {
  if (message.length > messageLimit) return null
  switch (operation.op) {
    case 'append':
      return withinLimit(concat(message, operation.data))
    case 'prepend':
      return withinLimit(concat(operation.data, message))
    case 'reverse':
      return message.length === 0 ? null : new Uint8Array(message.toReversed())
    case 'hexlify':
      return message.length === 0 || message.length > hexlifyLimit ? null : utf8(toHex(message))
    default:
      return hashes[operation.op](message)
  }
}

/** The end of a path from a message; `null` where a step is not allowed or there are too many. */
export function followPath(message: Bytes, path: readonly Operation[]): Bytes | null {
  if (path.length > operationLimit) return null
  let reached: Bytes | null = message
  for (const operation of path) {
    if (reached === null) return null
    reached = applied(reached, operation)
  }
  return reached
}

/** The bytes of a path: for each operation its tag, then the length and bytes of what it adds. */
export function pathBytes(path: readonly Operation[]): Bytes {
  return concat(
    ...path.flatMap((operation) => {
      const tag = Uint8Array.of(operationTags[operation.op])
      return 'data' in operation ? [tag, varuint(operation.data.length), operation.data] : [tag]
    }),
  )
}

/** Reads a path of our own; `null` where it is none, has bytes left over, or lengths not written in the shortest way. */
export function readPath(bytes: Bytes): readonly Operation[] | null {
  const path: Operation[] = []
  for (let at = 0; at < bytes.length; ) {
    const read = readOperation(bytes, at)
    if (read === null || !ownOperations.has(read.operation.op) || path.length === operationLimit) return null
    path.push(read.operation)
    at = read.next
  }
  return path
}

/** Reads one operation at a place; `null` where there is none. */
export function readOperation(
  bytes: Bytes,
  at: number,
): { readonly operation: Operation; readonly next: number } | null {
  const op = namesByTag.get(bytes[at] ?? -1)
  if (op === undefined) return null
  if (op !== 'append' && op !== 'prepend') return { operation: { op }, next: at + 1 }
  const length = readVaruint(bytes, at + 1)
  if (length === null || length.value === 0 || length.value > messageLimit) return null
  const next = length.next + length.value
  return next > bytes.length ? null : { operation: { op, data: bytes.slice(length.next, next) }, next }
}

/** Little-endian base 128, as OpenTimestamps writes lengths and heights. */
export function varuint(value: number): Bytes {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Uint8Array.of(...bytes, rest)
}

/** Reads such a number below 2^53; `null` where it is cut off, too large, or not written in the shortest way. */
export function readVaruint(
  bytes: Bytes,
  at: number,
): { readonly value: number; readonly next: number } | null {
  let [value, factor] = [0, 1]
  for (let next = at; next < bytes.length && next < at + 8; next++) {
    const byte = bytes[next]!
    value += (byte % 128) * factor
    if (byte < 128) {
      const isShortest = byte !== 0 || next === at
      return isShortest && Number.isSafeInteger(value) ? { value, next: next + 1 } : null
    }
    factor *= 128
  }
  return null
}

/** The hash of Ethereum, which is not the SHA-3 that was standardised. */
export function keccak256(message: Bytes): Bytes {
  return keccak_256(message) as Bytes // noble allocates its own, never shared
}

const hashes: Readonly<Record<'sha256' | 'keccak256' | 'sha1' | 'ripemd160', (message: Bytes) => Bytes>> = {
  sha256,
  keccak256,
  sha1: (message) => sha1(message) as Bytes,
  ripemd160: (message) => ripemd160(message) as Bytes,
}

const namesByTag: ReadonlyMap<number, OperationName> = new Map(
  Object.entries(operationTags).map(([name, tag]) => [tag, name as OperationName]),
)

const withinLimit = (message: Bytes): Bytes | null => (message.length > messageLimit ? null : message)
