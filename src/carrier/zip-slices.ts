/**
 * Zip archives where there is no file system: read piece by piece, so that an archive larger than memory can be looked
 * through. As strict as the reader of files: what is listed has to be what lies there, once, and of the size that it says.
 */
import type { Bytes } from '../base/bytes.ts'
import { crc32 } from '../base/crc32.ts'
import { inflate } from '../base/inflate.ts'
import { type ZipFault, zipLimits } from './zip-limits.ts'
import { entryName } from './zip-names.ts'

/** Anything of which pieces can be had: a `Blob` is one. */
export interface Sliceable {
  readonly size: number
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> }
}

export interface SlicedEntry {
  readonly name: string
  /** Bytes that it expands to. */
  readonly size: number
  /** Its bytes; `null` where it is damaged, encrypted, or not what the list says. */
  readonly read: () => Promise<Bytes | null>
}

/** Lists the files of an archive; folders are not among them. */
export async function listZip(archive: Sliceable): Promise<readonly SlicedEntry[] | ZipFault> {
  const ending = await endingOf(archive)
  if (ending === null) return 'damaged'
  if (ending.count > zipLimits.entries) return 'too_many_entries'
  if (ending.start + ending.length > ending.at) return 'damaged'
  const list = await pieceOf(archive, ending.start, ending.start + ending.length)
  const listed = entriesIn(list, ending.count)
  if (listed === null) return 'damaged'
  const files: (Listed & { readonly name: string })[] = []
  for (const one of listed) {
    const { name } = one
    if (name === null) return 'names'
    if (!name.endsWith('/')) files.push({ ...one, name })
  }
  if (files.filter(({ size }) => size === 0).length > zipLimits.emptyFiles) return 'empty_files'
  const packed = files.reduce((sum, one) => sum + one.packed, 0)
  const expanded = files.reduce((sum, one) => sum + one.size, 0)
  const isBomb =
    packed > archive.size ||
    expanded > zipLimits.totalBytes ||
    expanded > zipLimits.ratio * Math.max(packed, 1024)
  if (isBomb) return 'bomb'
  return files.map((one) => ({ name: one.name, size: one.size, read: () => contentOf(archive, one) }))
}

/** Where the list of entries is. Offsets in bytes; archives of more than 4 GiB or 65,535 entries say it in a second record. */
interface Ending {
  readonly at: number
  readonly start: number
  readonly length: number
  readonly count: number
}

/** APPNOTE.TXT, section 4.3.16: the last record, with a comment of up to 65,535 bytes behind it. */
const endLength = 22
const endSignature = 0x06054b50
const locatorLength = 20
const locatorSignature = 0x07064b50
const wideEndLength = 56
const wideEndSignature = 0x06064b50

async function endingOf(archive: Sliceable): Promise<Ending | null> {
  const from = Math.max(0, archive.size - endLength - 65_535 - locatorLength)
  const tail = await pieceOf(archive, from, archive.size)
  const view = viewOf(tail)
  for (let at = tail.length - endLength; at >= 0; at--) {
    if (view.getUint32(at, true) !== endSignature) continue
    if (at + endLength + view.getUint16(at + 20, true) !== tail.length) continue
    const [disk, listDisk] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)]
    if (disk !== listDisk || (disk !== 0 && disk !== 0xffff)) return null
    const count = view.getUint16(at + 10, true)
    const length = view.getUint32(at + 12, true)
    const start = view.getUint32(at + 16, true)
    const isWide = count === 0xffff || length === 0xffffffff || start === 0xffffffff
    return isWide ? wideEnding(archive, view, at) : { at: from + at, start, length, count }
  }
  return null
}

/** Section 4.3.14 and 4.3.15. */
async function wideEnding(archive: Sliceable, tail: DataView, end: number): Promise<Ending | null> {
  const locator = end - locatorLength
  if (locator < 0 || tail.getUint32(locator, true) !== locatorSignature) return null
  const at = Number(tail.getBigUint64(locator + 8, true))
  if (at + wideEndLength > archive.size) return null
  const view = viewOf(await pieceOf(archive, at, at + wideEndLength))
  if (view.getUint32(0, true) !== wideEndSignature) return null
  const [count, length, start] = [24 + 8, 40, 48].map((place) => Number(view.getBigUint64(place, true)))
  return { at, start: start as number, length: length as number, count: count as number }
}

interface Listed {
  /** `null` where it leads out of the archive. */
  readonly name: string | null
  readonly size: number
  readonly packed: number
  readonly method: number
  readonly crc: number
  readonly isEncrypted: boolean
  /** Where its local header is. */
  readonly at: number
}

/** Section 4.3.12. */
const listedSignature = 0x02014b50
const listedLength = 46
/** Bytes before an encrypted entry, section 6.1.3. */
const encryptionHead = 12

function entriesIn(list: Bytes, count: number): readonly Listed[] | null {
  const view = viewOf(list)
  const entries: Listed[] = []
  let at = 0
  while (entries.length < count) {
    if (at + listedLength > list.length || view.getUint32(at, true) !== listedSignature) return null
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) =>
      view.getUint16(at + place, true),
    )
    const nameEnd = at + listedLength + (nameLength as number)
    const extraEnd = nameEnd + (extraLength as number)
    const flags = view.getUint16(at + 8, true)
    const name = entryName(list.slice(at + listedLength, nameEnd), flags)
    const small = {
      size: view.getUint32(at + 24, true),
      packed: view.getUint32(at + 20, true),
      at: view.getUint32(at + 42, true),
    }
    const wide = extraEnd <= list.length ? wideNumbers(viewOf(list.slice(nameEnd, extraEnd)), small) : null
    if (wide === null) return null
    const method = view.getUint16(at + 10, true)
    const isEncrypted = (flags & 0x41) !== 0
    if (method === 0 && wide.packed !== wide.size + (isEncrypted ? encryptionHead : 0)) return null
    entries.push({ name, method, crc: view.getUint32(at + 16, true), isEncrypted, ...wide })
    at = extraEnd + (commentLength as number)
  }
  return at <= list.length ? entries : null
}

type Numbers = Pick<Listed, 'size' | 'packed' | 'at'>

/** Section 4.5.3: numbers that do not fit into 32 bits stand in an extra field, in this order. */
function wideNumbers(extra: DataView, numbers: Numbers): Numbers | null {
  const absent = (['size', 'packed', 'at'] as const).filter((name) => numbers[name] === 0xffffffff)
  if (absent.length === 0) return numbers
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const length = extra.getUint16(at + 2, true)
    if (extra.getUint16(at, true) === 1) {
      if (length < absent.length * 8 || at + 4 + length > extra.byteLength) return null
      const read = absent.map((name, i) => [name, Number(extra.getBigUint64(at + 4 + i * 8, true))] as const)
      return { ...numbers, ...Object.fromEntries(read) }
    }
    at += 4 + length
  }
  return null
}

/** Section 4.3.7. */
const localSignature = 0x04034b50
const localLength = 30
/** With a name and an extra field. */
const usualHead = 256

async function contentOf(archive: Sliceable, listed: Listed): Promise<Bytes | null> {
  const { at, packed, size, method, crc, isEncrypted } = listed
  if (isEncrypted || at + localLength > archive.size) return null
  // Head and content in one piece where the head is no longer than heads are: each piece costs a browser a millisecond.
  const likely = await pieceOf(archive, at, Math.min(archive.size, at + usualHead + packed))
  const head = viewOf(likely)
  if (head.getUint32(0, true) !== localSignature) return null
  const length = localLength + head.getUint16(26, true) + head.getUint16(28, true)
  const start = at + length
  if (start + packed > archive.size) return null
  const piece =
    length + packed <= likely.length
      ? likely.slice(length, length + packed)
      : await pieceOf(archive, start, start + packed)
  const bytes = methods[method]?.(piece, size) ?? null
  return bytes !== null && bytes.length === size && crc32(bytes) === crc ? bytes : null
}

/** Section 4.4.5: stored and deflated; no others are common. */
const methods: Readonly<Record<number, (piece: Bytes, size: number) => Bytes | null>> = {
  0: (piece) => piece,
  8: (piece, size) => {
    const inflated = inflate(piece, { start: 0, limit: size })
    return inflated.ok && inflated.end === piece.length ? inflated.bytes : null
  },
}

const pieceOf = async (archive: Sliceable, start: number, end: number): Promise<Bytes> =>
  new Uint8Array(await archive.slice(start, end).arrayBuffer())

const viewOf = (bytes: Bytes): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
