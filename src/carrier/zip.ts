/**
 * Zip archives from strangers, read from the disk entry by entry within bounds. Nothing is ever written by an entry's name.
 * The only file that imports `yauzl`.
 */
import { type Entry, open, type ZipFile } from 'yauzl'
import { type Bytes, concat } from '../base/bytes.ts'
import { type ZipFault, zipLimits } from './zip-limits.ts'
import { entryName } from './zip-names.ts'

export interface ZipArchive {
  /** Files in the order of the archive; folders are not among them. */
  readonly entries: readonly ZipEntry[]
  /** The bytes of one; `null` where it is damaged. */
  read(entry: ZipEntry): Promise<Bytes | null>
  close(): void
}

export interface ZipEntry {
  readonly name: string
  /** Bytes that it expands to. */
  readonly size: number
}

/** Opens an archive and lists it. Whoever opens it closes it. */
export async function openZip(path: string): Promise<ZipArchive | ZipFault> {
  const file = await opened(path)
  if (file === null) return 'damaged'
  const listed = await listOf(file)
  if (typeof listed === 'string') {
    file.close()
    return listed
  }
  const byEntry = new Map(listed.map(({ name, entry }) => [{ name, size: entry.uncompressedSize }, entry]))
  return {
    entries: [...byEntry.keys()],
    async read(entry) {
      const inside = byEntry.get(entry as { name: string; size: number })
      return inside === undefined ? null : bytesOf(file, inside)
    },
    close: () => file.close(),
  }
}

const opened = (path: string): Promise<ZipFile | null> =>
  new Promise((resolve) => {
    open(path, { lazyEntries: true, autoClose: false, decodeStrings: false }, (error, file) =>
      resolve(error === null ? file : null),
    )
  })

interface Listed {
  readonly name: string
  readonly entry: Entry
}

function listOf(file: ZipFile): Promise<readonly Listed[] | ZipFault> {
  return new Promise((resolve) => {
    const entries: Listed[] = []
    let packed = 0
    let expanded = 0
    let empty = 0
    file.on('entry', (entry: Entry) => {
      const name = entryName(new Uint8Array(entry.fileNameRaw), entry.generalPurposeBitFlag)
      if (name === null) return resolve('names')
      if (!name.endsWith('/')) {
        entries.push({ name, entry })
        packed += entry.compressedSize
        expanded += entry.uncompressedSize
        if (entry.uncompressedSize === 0) empty++
      }
      if (entries.length > zipLimits.entries) resolve('too_many_entries')
      else if (empty > zipLimits.emptyFiles) resolve('empty_files')
      else file.readEntry()
    })
    file.on('error', () => resolve('damaged'))
    file.on('end', () => {
      // Entries that lie over each other are counted once each, and so come to more than the archive has.
      const isBomb =
        packed > file.fileSize ||
        expanded > zipLimits.totalBytes ||
        expanded > zipLimits.ratio * Math.max(packed, 1024)
      resolve(isBomb ? 'bomb' : entries)
    })
    file.readEntry()
  })
}

/** yauzl ends a stream with an error where an entry is longer or shorter than it says. */
function bytesOf(file: ZipFile, entry: Entry): Promise<Bytes | null> {
  return new Promise((resolve) => {
    if (entry.isEncrypted()) return resolve(null)
    file.openReadStream(entry, (error, stream) => {
      if (error !== null) return resolve(null)
      const parts: Bytes[] = []
      stream.on('data', (part: Buffer) => parts.push(new Uint8Array(part)))
      stream.on('error', () => resolve(null))
      stream.on('end', () => resolve(concat(...parts)))
    })
  })
}
