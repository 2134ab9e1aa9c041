/**
 * Merkle trees of RFC 6962 (RFC 9162, section 2.1): roots, inclusion and consistency. The prefixes keep a leaf from being
 * passed off as a node, so that no 64 bytes of an inner node verify as a document.
 */
import { type Bytes, concat, equalBytes } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'

/** How bundles and statements call these trees. */
export const treeAlgorithm = 'rfc6962-sha256'

/** Levels that a tree can have: sizes are below 2^53, so this bounds every path. */
export const pathLimit = 63

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)

export const hashLeaf = (data: Bytes): Bytes => sha256(concat(leafPrefix, data))
export const hashNode = (left: Bytes, right: Bytes): Bytes => sha256(concat(nodePrefix, left, right))

/** Where a leaf stands and the siblings on its way to the root, from below. */
export interface Inclusion {
  readonly index: number
  readonly size: number
  /** 32 bytes each. */
  readonly path: readonly Bytes[]
}

/** The hash of the full subtree of 2^level leaves whose first leaf is `index` · 2^level. */
export type SubtreeReader = (level: number, index: number) => Bytes

/** Reads subtrees of a tree in memory; each hash is computed once. @param leaves leaf hashes */
export function treeReader(leaves: readonly Bytes[]): SubtreeReader {
  const levels: (readonly Bytes[])[] = [leaves]
  for (let below = leaves; below.length > 1; ) {
    const full = Math.floor(below.length / 2)
    below = Array.from({ length: full }, (_, i) => hashNode(below[2 * i]!, below[2 * i + 1]!)) // both are there: i < full
    levels.push(below)
  }
  return (level, index) => {
    const hash = levels[level]?.[index]
    if (hash === undefined) throw new RangeError(`no full subtree ${level}/${index}`)
    return hash
  }
}

/** MTH(D[0:size]). The tree of no leaves has the digest of nothing. */
export const rootOf = (read: SubtreeReader, size: number): Bytes =>
  size === 0 ? sha256(new Uint8Array(0)) : rangeRoot(read, 0, size)

/** PATH(index, D[0:size]), section 2.1.3.1. */
export function inclusionPath(read: SubtreeReader, index: number, size: number): readonly Bytes[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`no leaf ${index} of ${size}`)
  const path: Bytes[] = []
  for (let [start, end] = [0, size]; end - start > 1; ) {
    const middle = start + halfOf(end - start)
    if (index < middle) {
      path.push(rangeRoot(read, middle, end))
      end = middle
    } else {
      path.push(rangeRoot(read, start, middle))
      start = middle
    }
  }
  return path.reverse()
}

/** PROOF(oldSize, D[0:size]), section 2.1.4.1; empty where the sizes are equal or the old tree has no leaves. */
export function consistencyPath(read: SubtreeReader, oldSize: number, size: number): readonly Bytes[] {
  if (!(oldSize >= 0 && oldSize <= size)) throw new RangeError(`no tree of ${oldSize} in one of ${size}`)
  if (oldSize === 0 || oldSize === size) return []
  const path: Bytes[] = []
  let [start, end, isOldTree] = [0, size, true]
  while (oldSize < end) {
    const middle = start + halfOf(end - start)
    if (oldSize <= middle) {
      path.push(rangeRoot(read, middle, end))
      end = middle
    } else {
      path.push(rangeRoot(read, start, middle))
      start = middle
      isOldTree = false
    }
  }
  if (!isOldTree) path.push(rangeRoot(read, start, end))
  return path.reverse()
}

/** A hash on its way up, its place among those of its level, and the place of the last one there. */
export interface Standing {
  readonly hash: Bytes
  readonly at: number
  readonly last: number
}

/** Where a leaf starts; `null` where the tree has no such place. */
export const standingOf = (hash: Bytes, index: number, size: number): Standing | null =>
  isPlace(index, size) ? { hash, at: index, last: size - 1 } : null

/** Goes up as many levels as there are siblings (section 2.1.3.2, step 4); `null` where one has no place there. */
export function climb(from: Standing, siblings: readonly Bytes[]): Standing | null {
  let { hash, at, last } = from
  for (const sibling of siblings) {
    if (last === 0 || sibling.length !== 32) return null
    if (at % 2 === 1 || at === last) {
      hash = hashNode(sibling, hash)
      for (; at % 2 === 0 && at !== 0; at /= 2) last = Math.floor(last / 2)
    } else hash = hashNode(hash, sibling)
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return { hash, at, last }
}

/** The root to which a path leads (section 2.1.3.2); `null` where it is no path for that place. */
export function rootFromInclusion(leafHash: Bytes, { index, size, path }: Inclusion): Bytes | null {
  const start = standingOf(leafHash, index, size)
  const end = start === null || path.length > pathLimit ? null : climb(start, path)
  return end?.last === 0 ? end.hash : null
}

/** Whether the tree of `size` continues the one of `oldSize` (section 2.1.4.2). */
export function isConsistent(
  older: { readonly size: number; readonly root: Bytes },
  newer: { readonly size: number; readonly root: Bytes },
  path: readonly Bytes[],
): boolean {
  if (!isSize(older.size) || !isSize(newer.size) || older.size > newer.size || path.length > pathLimit + 1)
    return false
  if (older.size === newer.size) return path.length === 0 && equalBytes(older.root, newer.root)
  if (older.size === 0) return path.length === 0 && equalBytes(older.root, rootOfNothing)
  if (path.length === 0 || path.some(({ length }) => length !== 32)) return false
  let [at, last] = [older.size - 1, newer.size - 1]
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  // Where the old tree is a full subtree of the new one, its root is the first hash, and not repeated in the proof.
  const hashes = at === 0 ? [older.root, ...path] : path
  let [oldRoot, root] = [hashes[0]!, hashes[0]!] // at least one, as asked above
  for (const hash of hashes.slice(1)) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      oldRoot = hashNode(hash, oldRoot)
      root = hashNode(hash, root)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else root = hashNode(root, hash)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 && equalBytes(oldRoot, older.root) && equalBytes(root, newer.root)
}

export const rootOfNothing = sha256(new Uint8Array(0))

const isSize = (size: number): boolean => Number.isSafeInteger(size) && size >= 0
const isPlace = (index: number, size: number): boolean =>
  Number.isSafeInteger(index) && isSize(size) && index >= 0 && index < size

/** MTH(D[start:end]) where `start` is a multiple of the smallest power of two that is not below the length. */
function rangeRoot(read: SubtreeReader, start: number, end: number): Bytes {
  const length = end - start
  const level = Math.log2(length)
  if (Number.isInteger(level)) return read(level, start / length)
  // Every leaf of a tree that is not full has the same few of these on its path.
  const known = raggedRanges.get(read) ?? new Map<string, Bytes>()
  raggedRanges.set(read, known)
  const name = `${start} ${end}`
  const middle = start + halfOf(length)
  const root = known.get(name) ?? hashNode(rangeRoot(read, start, middle), rangeRoot(read, middle, end))
  known.set(name, root)
  return root
}

/** What was computed of ranges that are no full subtrees, by the reader of their tree. */
const raggedRanges = new WeakMap<SubtreeReader, Map<string, Bytes>>()

/** The largest power of two below a length of 2 or more. */
function halfOf(length: number): number {
  let half = 1
  while (half * 2 < length) half *= 2
  return half
}
