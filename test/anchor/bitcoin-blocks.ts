/** Transactions, blocks and the proofs that wallets give of them, as tests make them. */
import { compact } from '../../src/anchor/bitcoin-transaction.ts'
import { type Bytes, concat, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'

/** A transaction with the commitment, one input and one more output; with witnesses where it says so. */
export function madeTransaction(script: Bytes, isSegwit = false): Bytes {
  const input = concat(new Uint8Array(36).fill(7), Uint8Array.of(0), new Uint8Array(4))
  const output = (one: Bytes) => concat(new Uint8Array(8), compact(one.length), one)
  return concat(
    Uint8Array.of(2, 0, 0, 0),
    isSegwit ? Uint8Array.of(0, 1) : new Uint8Array(0),
    Uint8Array.of(1),
    input,
    Uint8Array.of(2),
    output(script),
    output(utf8('somebody')),
    isSegwit ? concat(Uint8Array.of(1, 3), utf8('wit')) : new Uint8Array(0),
    new Uint8Array(4),
  )
}

/** The tree of a block with some transactions, ours at a place, as the formats of wallets write its branch. */
export function blockOf(txid: Bytes, count: number, index: number, height = 800_000) {
  const leaves = Array.from({ length: count }, (_, i) => (i === index ? txid : sha256(utf8(`tx ${i}`))))
  const levels = [leaves]
  while (levels.at(-1)!.length > 1) {
    const below = levels.at(-1)!
    levels.push(
      Array.from({ length: Math.ceil(below.length / 2) }, (_, i) =>
        sha256(sha256(concat(below[2 * i]!, below[2 * i + 1] ?? below[2 * i]!))),
      ),
    )
  }
  const root = levels.at(-1)![0]!
  const path = levels.slice(0, -1).map((level, k) => {
    const at = Math.floor(index / 2 ** k) ^ 1
    return level[at] ?? level[at - 1]!
  })
  const bump = concat(
    compact(height),
    Uint8Array.of(levels.length - 1),
    ...levels.slice(0, -1).map((level, k) => {
      const at = Math.floor(index / 2 ** k)
      const beside = at ^ 1
      const sibling = level[beside]
      const row =
        sibling === undefined
          ? concat(compact(beside), Uint8Array.of(1))
          : concat(compact(beside), Uint8Array.of(0), sibling)
      return k === 0 ? concat(compact(2), row, compact(at), Uint8Array.of(2), txid) : concat(compact(1), row)
    }),
  )
  return { root, levels, path, bump }
}

/** A partial tree (BIP-37) of one transaction, before its header. */
export function merkleBlock(head: Bytes, levels: readonly (readonly Bytes[])[], index: number): Bytes {
  const bits: number[] = []
  const hashes: Bytes[] = []
  const walk = (level: number, at: number): void => {
    const isParent = Math.floor(index / 2 ** level) === at
    bits.push(isParent ? 1 : 0)
    if (level === 0 || !isParent) return void hashes.push(levels[level]![at]!)
    walk(level - 1, 2 * at)
    if (2 * at + 1 < levels[level - 1]!.length) walk(level - 1, 2 * at + 1)
  }
  walk(levels.length - 1, 0)
  const flags = new Uint8Array(Math.ceil(bits.length / 8))
  for (const [i, bit] of bits.entries()) flags[Math.floor(i / 8)]! |= bit << (i % 8)
  const total = new Uint8Array(4)
  new DataView(total.buffer).setUint32(0, levels[0]!.length, true)
  return concat(head, total, compact(hashes.length), ...hashes, compact(flags.length), flags)
}
