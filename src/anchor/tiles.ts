/** The files of a log (c2sp.org/tlog-tiles): 256 hashes of one level each, and the entries themselves. Names and contents, no disk. */
import { type Bytes, concat } from '../base/bytes.ts'
import { hashNode, type SubtreeReader } from './tree.ts'

/** Levels of the tree that one level of tiles spans, and hashes of a full tile. */
const tileHeight = 8
export const tileWidth = 256
const hashBytes = 32

/** Where a tile stands: `level` is `entries` for the bundles of entries. A width of 256 is a full one. */
export interface TileName {
  readonly level: number | 'entries'
  readonly index: number
  readonly width: number
}

/** `tile/0/x001/234`, of a tile that is not full with `.p/` and its width. */
export function tilePath({ level, index, width }: TileName): string {
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) as readonly string[]
  const name = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${level}/${name}${width === tileWidth ? '' : `.p/${width}`}`
}

/** The tiles that hold what was added between two sizes of a log; all of them are new files. */
export function newTiles(oldSize: number, size: number): readonly TileName[] {
  const names: TileName[] = []
  for (let level = 0; ; level++) {
    const [before, now] = [hashesAt(level, oldSize), hashesAt(level, size)]
    if (now === before) return names
    for (let index = Math.floor(before / tileWidth); index * tileWidth < now; index++) {
      const width = Math.min(tileWidth, now - index * tileWidth)
      if (level === 0) names.push({ level: 'entries', index, width })
      names.push({ level, index, width })
    }
  }
}

/** The bytes of a tile out of a tree. */
export function tileBytes({ level, index, width }: TileName, read: SubtreeReader): Bytes {
  const hashes = Array.from({ length: width }, (_, i) =>
    read(Number(level) * tileHeight, index * tileWidth + i),
  )
  return concat(...hashes)
}

/** Gives the bytes of a tile of a log of some size. */
export type TileReader = (name: TileName) => Bytes

/** Reads subtrees out of the tiles of a log of some size. @throws RangeError where the log has not that many leaves */
export function tileSubtrees(size: number, tile: TileReader): SubtreeReader {
  const read: SubtreeReader = (level, index) => {
    if ((index + 1) * 2 ** level > size) throw new RangeError(`no full subtree ${level}/${index}`)
    if (level % tileHeight !== 0) return hashNode(read(level - 1, 2 * index), read(level - 1, 2 * index + 1))
    const name = tileHolding(level / tileHeight, index, size)
    const at = (index - name.index * tileWidth) * hashBytes
    return tile(name).slice(at, at + hashBytes)
  }
  return read
}

/** The tiles that proofs about some leaves of a log may need, so that they can be read before. */
export function tileHolding(level: number, hashIndex: number, size: number): TileName {
  const index = Math.floor(hashIndex / tileWidth)
  return { level, index, width: Math.min(tileWidth, hashesAt(level, size) - index * tileWidth) }
}

/** Each entry after its length in two bytes, big-endian. */
export const entryBundle = (entries: readonly Bytes[]): Bytes =>
  concat(...entries.flatMap((entry) => [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry]))

/** The entries of a bundle; `null` where it is cut short. */
export function entriesIn(bundle: Bytes): readonly Bytes[] | null {
  const entries: Bytes[] = []
  for (let at = 0; at < bundle.length; ) {
    const end = at + 2 + (bundle[at]! << 8) + (bundle[at + 1] ?? 0)
    if (end > bundle.length || at + 2 > bundle.length) return null
    entries.push(bundle.slice(at + 2, end))
    at = end
  }
  return entries
}

/** Hashes of a level of tiles in a log of a size: those of full tiles below. */
const hashesAt = (level: number, size: number): number => Math.floor(size / tileWidth ** level)
