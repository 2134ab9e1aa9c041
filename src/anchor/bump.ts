/** Merkle paths as BSV wallets write them: BUMP (BRC-74) and BEEF (BRC-62, 95, 96). Read from the layout of their bytes. */
import { type Bytes, concat, equalBytes } from '../base/bytes.ts'
import { doubleHash, readCompact, type Transaction, transactionAt, txidOf } from './bitcoin-transaction.ts'
import type { MerkleBranch } from './merkle-branch.ts'

export interface Bump {
  readonly height: number
  /** From below: the hashes (internal byte order) that are given of each level or follow from it, by their place there. */
  readonly levels: readonly ReadonlyMap<number, Bytes>[]
}

/** Reads one whole BUMP; `null` where it is none, or bytes are left over. */
export function readBump(bytes: Bytes): Bump | null {
  const read = bumpAt(bytes, 0)
  return read === null || read.next !== bytes.length ? null : read.bump
}

/** The branch of a transaction; `null` where it is not in it. */
export function bumpBranch({ levels }: Bump, txid: Bytes): MerkleBranch | null {
  const places = [...(levels[0] ?? [])].filter(([, hash]) => equalBytes(hash, txid))
  if (places.length === 0) return null
  // The last transaction of an odd number stands there twice: of the two places the first is its own.
  const index = places.reduce((least, [place]) => Math.min(least, place), Number.MAX_SAFE_INTEGER)
  // None is missing: a path of which one were is not read.
  const siblings = levels.map((level, i) => level.get(besides(Math.floor(index / 2 ** i)))!)
  return { index, siblings }
}

export interface BeefEntry {
  readonly transaction: Transaction
  /** The proof that it is in a block, where there is one. */
  readonly bump?: Bump
}

/** Reads a BEEF of version 1 or 2, an Atomic one too; entries of which only the txid is there are left out. `null` where it is none. */
export function readBeef(bytes: Bytes): readonly BeefEntry[] | null {
  const isAtomic = startsWith(bytes, atomicPrefix)
  const subject = isAtomic ? bytes.slice(4, 36) : null
  const start = isAtomic ? 36 : 0
  const version = versions.find(({ prefix }) => startsWith(bytes.slice(start, start + 4), prefix))
  const bumpCount = version === undefined ? null : readCompact(bytes, start + 4)
  if (version === undefined || bumpCount === null || bumpCount.value > entryLimit) return null
  const bumps: Bump[] = []
  let at = bumpCount.next
  for (let i = 0; i < bumpCount.value; i++) {
    const read = bumpAt(bytes, at)
    if (read === null) return null
    bumps.push(read.bump)
    at = read.next
  }
  const count = readCompact(bytes, at)
  if (count === null || count.value > entryLimit) return null
  at = count.next
  const entries: BeefEntry[] = []
  for (let i = 0; i < count.value; i++) {
    const read = version.entryAt(bytes, at)
    if (read === null) return null
    const { transaction, bumpIndex } = read
    const bump = bumpIndex === undefined ? undefined : bumps[bumpIndex]
    if (bumpIndex !== undefined && bump === undefined) return null
    if (transaction !== undefined) entries.push({ transaction, ...(bump && { bump }) })
    at = read.next
  }
  if (at !== bytes.length) return null
  const isAbout = entries.some(
    ({ transaction }) => subject !== null && equalBytes(txidOf(transaction), subject),
  )
  return subject === null || isAbout ? entries : null
}

/** Whether bytes begin like a BEEF. */
export const isBeef = (bytes: Bytes): boolean =>
  startsWith(bytes, atomicPrefix) || versions.some(({ prefix }) => startsWith(bytes, prefix))

interface ReadEntry {
  readonly transaction?: Transaction
  readonly bumpIndex?: number
  readonly next: number
}

const atomicPrefix = Uint8Array.of(1, 1, 1, 1)
/** One row per version: in the first what proves a transaction stands after it, in the second before. */
const versions: readonly {
  readonly prefix: Bytes
  readonly entryAt: (bytes: Bytes, at: number) => ReadEntry | null
}[] = [
  {
    prefix: Uint8Array.of(1, 0, 0xbe, 0xef),
    entryAt(bytes, at) {
      const read = transactionAt(bytes, at)
      const flag = read === null ? undefined : bytes[read.next]
      if (read === null || (flag !== 0 && flag !== 1)) return null
      const { transaction } = read
      if (flag === 0) return { transaction, next: read.next + 1 }
      const index = readCompact(bytes, read.next + 1)
      return index === null ? null : { transaction, bumpIndex: index.value, next: index.next }
    },
  },
  {
    prefix: Uint8Array.of(2, 0, 0xbe, 0xef),
    entryAt(bytes, at) {
      const format = bytes[at]
      if (format === 2) return at + 33 > bytes.length ? null : { next: at + 33 }
      if (format !== 0 && format !== 1) return null
      const index = format === 1 ? readCompact(bytes, at + 1) : null
      if (format === 1 && index === null) return null
      const read = transactionAt(bytes, index?.next ?? at + 1)
      return read === null
        ? null
        : { transaction: read.transaction, next: read.next, ...(index && { bumpIndex: index.value }) }
    },
  },
]

/** BUMPs, transactions, and nodes of one level. */
const entryLimit = 10_000
const heightLimit = 32
/** The last only says that its writer cares for that transaction. */
const flags = { hash: 0, duplicate: 1, transaction: 2 } as const

function bumpAt(bytes: Bytes, start: number): { readonly bump: Bump; readonly next: number } | null {
  const height = readCompact(bytes, start)
  const levelCount = height === null ? undefined : bytes[height.next]
  if (height === null || levelCount === undefined || levelCount === 0 || levelCount > heightLimit) return null
  const given: Map<number, BumpNode>[] = []
  let at = height.next + 1
  for (let level = 0; level < levelCount; level++) {
    const count = readCompact(bytes, at)
    if (count === null || count.value > entryLimit) return null
    at = count.next
    const nodes = new Map<number, BumpNode>()
    for (let i = 0; i < count.value; i++) {
      const offset = readCompact(bytes, at)
      const flag = offset === null ? undefined : bytes[offset.next]
      if (offset === null || offset.value >= 2 ** (levelCount - level) || nodes.has(offset.value)) return null
      if (flag === flags.duplicate) {
        nodes.set(offset.value, 'duplicate')
        at = offset.next + 1
        continue
      }
      if (flag !== flags.hash && flag !== flags.transaction) return null
      at = offset.next + 1 + 32
      if (at > bytes.length) return null
      nodes.set(offset.value, bytes.slice(at - 32, at))
    }
    given.push(nodes)
  }
  const levels = completed(given)
  return levels === null ? null : { bump: { height: height.value, levels }, next: at }
}

/** A hash, or a repetition of the one left of it. */
type BumpNode = Bytes | 'duplicate'

/**
 * All levels with what follows from those below, since a path for several transactions leaves out what they share. `null`
 * where something is missing on the way to the root, differs from what follows, or stands where nothing needs it.
 */
function completed(given: readonly ReadonlyMap<number, BumpNode>[]): readonly Map<number, Bytes>[] | null {
  const levels: Map<number, Bytes>[] = []
  let following = new Map<number, Bytes>()
  for (const [level, nodes] of given.entries()) {
    const hashes = new Map(following)
    for (const [index, node] of nodes) {
      const known = following.get(index)
      const isNeeded = level === 0 || known !== undefined || following.has(besides(index))
      const hash = node === 'duplicate' ? duplicated(index, level === 0 ? nodes : following) : node
      if (hash === null || !isNeeded || (known !== undefined && !equalBytes(known, hash))) return null
      hashes.set(index, hash)
    }
    following = new Map()
    for (const [index, left] of hashes) {
      const beside = hashes.get(besides(index))
      if (beside === undefined) return null
      if (index % 2 === 0) following.set(index / 2, doubleHash(concat(left, beside)))
    }
    levels.push(hashes)
  }
  return following.size === 0 ? null : levels
}

/** Only what stands right is a repetition. */
function duplicated(index: number, level: ReadonlyMap<number, BumpNode>): Bytes | null {
  const left = index % 2 === 1 ? level.get(index - 1) : undefined
  return left === undefined || left === 'duplicate' ? null : left
}

const besides = (index: number): number => (index % 2 === 1 ? index - 1 : index + 1)

const startsWith = (bytes: Bytes, prefix: Bytes): boolean =>
  bytes.length >= prefix.length && prefix.every((byte, i) => bytes[i] === byte)
