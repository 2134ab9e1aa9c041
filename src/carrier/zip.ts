/** Zip archives from strangers, read entry by entry within bounds. Nothing is ever written by an entry's name. */
import { Unzip, UnzipInflate } from 'fflate'
import { type Bytes, concat } from '../base/bytes.ts'

export interface ZipEntry {
  readonly name: string
  readonly bytes: Bytes
}

export interface ZipLimits {
  /** Bytes that one entry may expand to. */
  readonly maxEntryBytes: number
  readonly maxEntries: number
  /** Bytes that all wanted entries may expand to. */
  readonly maxTotalBytes: number
  /** Which names are wanted; others are not expanded. */
  readonly takes: (name: string) => boolean
}

export type ZipLeftOut = 'not_a_certificate_file' | 'too_large' | 'too_many'

/** The wanted entries in the order of the archive; `null` where it is no zip or is damaged. */
export function readZip(
  archive: Bytes,
  limits: ZipLimits,
  leftOut: (name: string, why: ZipLeftOut) => void,
): readonly ZipEntry[] | null {
  const entries: ZipEntry[] = []
  let count = 0
  let total = 0
  let broken = !isWhole(archive)
  const unzip = new Unzip((file) => {
    count++
    if (file.name.endsWith('/')) return
    if (count > limits.maxEntries) return leftOut(file.name, 'too_many')
    if (total > limits.maxTotalBytes) return leftOut(file.name, 'too_many')
    if (!limits.takes(file.name)) return leftOut(file.name, 'not_a_certificate_file')
    const parts: Bytes[] = []
    let length = 0
    file.ondata = (error, part, final) => {
      if (error !== null) {
        broken = true
        return
      }
      const within = length <= limits.maxEntryBytes
      length += part.length
      if (length <= limits.maxEntryBytes) {
        total += part.length
        parts.push(part as Bytes)
      } else if (within) {
        leftOut(file.name, 'too_large')
        file.terminate()
      }
      if (final && length <= limits.maxEntryBytes) entries.push({ name: file.name, bytes: concat(...parts) })
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  try {
    for (let at = 0; at < archive.length; at += slice) {
      unzip.push(archive.subarray(at, at + slice), at + slice >= archive.length)
    }
  } catch {
    broken = true
  }
  return broken ? null : entries
}

/** Begins like a zip and has its end record, which an archive that was cut short has not (APPNOTE 4.3.16). */
function isWhole(archive: Bytes): boolean {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.length)
  const lowest = Math.max(0, archive.length - endRecordBytes - 65_535)
  if (archive.length < endRecordBytes || view.getUint16(0) !== 0x504b) return false
  for (let at = archive.length - endRecordBytes; at >= lowest; at--) {
    if (view.getUint32(at) === 0x504b0506) return true
  }
  return false
}

/** Bytes of the end record without its comment. */
const endRecordBytes = 22

/** Bytes expanded in one step; deflate grows at most about a thousandfold. */
const slice = 16_384
