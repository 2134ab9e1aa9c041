/** Recursive length prefix (Ethereum's yellow paper, appendix B): byte strings and lists of them, each written in one way only. */
import { type Bytes, concat } from '../base/bytes.ts'

export type Rlp = Bytes | readonly Rlp[]

/** Bytes of what is read: a transaction has at most 131,072. */
export const rlpByteLimit = 262_144
/** Lists within lists: a transaction's access list has four. */
export const rlpDepthLimit = 8

export function encodeRlp(item: Rlp): Bytes {
  if (!isBytes(item)) return framed(listTag, concat(...item.map(encodeRlp)))
  return item.length === 1 && item[0]! < stringTag ? item : framed(stringTag, item)
}

/** Reads one item that takes all the bytes; `null` where it does not, is cut off, too deep, or not written in the shortest way. */
export function readRlp(bytes: Bytes): Rlp | null {
  if (bytes.length > rlpByteLimit) return null
  const read = readItem(bytes, 0, bytes.length, 0)
  return read !== null && read.next === bytes.length ? read.item : null
}

/** A number as it is written: big-endian without leading zeros, 0 as no bytes. */
export function quantityBytes(value: bigint | number): Bytes {
  const bytes: number[] = []
  for (let rest = BigInt(value); rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn))
  return Uint8Array.from(bytes)
}

/** Reads such a number below 2^53. */
export function readQuantity(item: Rlp | undefined): number | null {
  if (item === undefined || !isBytes(item) || item.length > 7 || item[0] === 0) return null
  const value = item.reduce((sum, byte) => sum * 256 + byte, 0)
  return Number.isSafeInteger(value) ? value : null
}

export const isBytes = (item: Rlp): item is Bytes => item instanceof Uint8Array

const stringTag = 0x80
const listTag = 0xc0
/** Longer payloads have their length written after the tag. */
const shortLimit = 55

function framed(tag: number, payload: Bytes): Bytes {
  if (payload.length <= shortLimit) return concat(Uint8Array.of(tag + payload.length), payload)
  const length = quantityBytes(payload.length)
  return concat(Uint8Array.of(tag + shortLimit + length.length), length, payload)
}

interface Read<Item> {
  readonly item: Item
  readonly next: number
}

function readItem(bytes: Bytes, at: number, end: number, depth: number): Read<Rlp> | null {
  const frame = readFrame(bytes, at, end)
  if (frame === null) return null
  const { start, next, isList } = frame
  if (!isList) return { item: bytes.slice(start, next), next }
  if (depth === rlpDepthLimit) return null
  const items: Rlp[] = []
  for (let place = start; place < next; ) {
    const read = readItem(bytes, place, next, depth + 1)
    if (read === null) return null
    items.push(read.item)
    place = read.next
  }
  return { item: items, next }
}

/** Where the payload of the item at a place starts and ends. */
function readFrame(
  bytes: Bytes,
  at: number,
  end: number,
): { readonly start: number; readonly next: number; readonly isList: boolean } | null {
  const first = bytes[at]
  if (first === undefined || at >= end) return null
  if (first < stringTag) return { start: at, next: at + 1, isList: false }
  const isList = first >= listTag
  const short = first - (isList ? listTag : stringTag)
  const width = Math.max(0, short - shortLimit)
  const start = at + 1 + width
  const length = width === 0 ? short : readLength(bytes.subarray(at + 1, start), width)
  if (length === null || start + length > end) return null
  const isByteItself = !isList && length === 1 && bytes[start]! < stringTag
  return isByteItself ? null : { start, next: start + length, isList }
}

/** A length of its own bytes: more than what a tag can say, and no leading zero. */
function readLength(bytes: Bytes, width: number): number | null {
  const length = bytes.length === width ? readQuantity(bytes) : null
  return length !== null && length > shortLimit ? length : null
}
