/** The way from a txid to the Merkle root of its block, as wallets and servers write it. */
import { type Bytes, concat, equalBytes, fromHex } from '../base/bytes.ts'
import { isObject, type Json } from '../base/json.ts'
import { headerBytes, readHeader } from './bitcoin-header.ts'
import { doubleHash, readCompact } from './bitcoin-transaction.ts'
import { type Operation, operationLimit } from './path.ts'

export interface MerkleBranch {
  /** Position of the transaction in the block. */
  readonly index: number
  /** From below, in internal byte order. */
  readonly siblings: readonly Bytes[]
}

/**
 * The operations of a branch; `null` where it is no branch of that place, or one that another list of transactions has too.
 * (A right sibling equal to its left one is how a list with its last transactions repeated gets the same root.)
 */
export function branchPath(txid: Bytes, { index, siblings }: MerkleBranch): readonly Operation[] | null {
  if (!Number.isSafeInteger(index) || index < 0 || siblings.length > depthLimit) return null
  const path: Operation[] = []
  let [at, hash] = [index, txid]
  for (const sibling of siblings) {
    if (sibling.length !== 32) return null
    const isRight = at % 2 === 1
    if (isRight && equalBytes(sibling, hash)) return null
    path.push({ op: isRight ? 'prepend' : 'append', data: sibling }, { op: 'sha256' }, { op: 'sha256' })
    hash = doubleHash(isRight ? concat(sibling, hash) : concat(hash, sibling))
    at = Math.floor(at / 2)
  }
  return at === 0 && path.length <= operationLimit ? path : null
}

/** Levels of the tree of a block. */
const depthLimit = 32

/** What an Electrum server answers to `blockchain.transaction.get_merkle`: `{ merkle, pos, block_height }`. */
export function readElectrumBranch(
  value: Json,
): { readonly branch: MerkleBranch; readonly height: number } | null {
  if (!isObject(value)) return null
  const { merkle, pos, block_height: height } = value
  if (!Array.isArray(merkle) || merkle.length > depthLimit || !isCount(pos) || !isCount(height)) return null
  const siblings = (merkle as readonly Json[]).map(internalHash)
  if (!siblings.every((one) => one !== null)) return null
  return { branch: { index: pos, siblings }, height }
}

export interface MerkleBlock {
  /** 80 bytes. */
  readonly header: Bytes
  readonly branch: MerkleBranch
}

/** What `gettxoutproof` gives: a header and a part of its tree (BIP-37), of which the branch of one transaction is taken. */
export function readMerkleBlock(bytes: Bytes, txid: Bytes): MerkleBlock | null {
  const header = bytes.slice(0, headerBytes)
  const root = readHeader(header)?.merkleRoot
  if (root === undefined || bytes.length < headerBytes + 4) return null
  const total = new DataView(bytes.buffer, bytes.byteOffset + headerBytes, 4).getUint32(0, true)
  const hashCount = readCompact(bytes, headerBytes + 4)
  if (hashCount === null || total === 0 || hashCount.value > total) return null
  const flagsAt = hashCount.next + 32 * hashCount.value
  const flagCount = readCompact(bytes, flagsAt)
  if (flagCount === null || flagCount.next + flagCount.value !== bytes.length) return null
  const hashes = Array.from({ length: hashCount.value }, (_, i) =>
    bytes.slice(hashCount.next + 32 * i, hashCount.next + 32 * (i + 1)),
  )
  const flags = bytes.slice(flagCount.next)
  const read = partialTree({ total, hashes, flags, txid })
  return read !== null && read.branch !== null && equalBytes(read.root, root)
    ? { header, branch: read.branch }
    : null
}

interface PartialTree {
  readonly total: number
  readonly hashes: readonly Bytes[]
  readonly flags: Bytes
  readonly txid: Bytes
}

/** Walks the tree from above. All hashes and flags have to be used, and the padding is zero, else one tree would have two texts. */
function partialTree({ total, hashes, flags, txid }: PartialTree) {
  const height = Math.ceil(Math.log2(total))
  const widthAt = (level: number) => Math.ceil(total / 2 ** level)
  let [bit, used, isBroken] = [0, 0, false]
  let branch: { index: number; siblings: Bytes[] } | null = null
  const walk = (level: number, index: number): { hash: Bytes; isOurs: boolean } => {
    const isParent = ((flags[Math.floor(bit / 8)] ?? 0) >> (bit % 8)) & 1
    if (bit >= flags.length * 8) isBroken = true
    bit++
    if (isBroken) return { hash: txid, isOurs: false }
    if (level === 0 || !isParent) {
      const hash = hashes[used++]
      if (hash === undefined) isBroken = true
      const isOurs =
        branch === null && level === 0 && isParent === 1 && hash !== undefined && equalBytes(hash, txid)
      if (isOurs) branch = { index, siblings: [] }
      return { hash: hash ?? txid, isOurs }
    }
    const left = walk(level - 1, index * 2)
    const hasRight = index * 2 + 1 < widthAt(level - 1)
    const right = hasRight ? walk(level - 1, index * 2 + 1) : { hash: left.hash, isOurs: false }
    if (hasRight && equalBytes(left.hash, right.hash)) isBroken = true
    if (left.isOurs) branch?.siblings.push(right.hash)
    else if (right.isOurs) branch?.siblings.push(left.hash)
    return { hash: doubleHash(concat(left.hash, right.hash)), isOurs: left.isOurs || right.isOurs }
  }
  const root = walk(height, 0).hash
  const isPadded = (flags.at(-1) ?? 0) >> (((bit + 7) % 8) + 1) === 0
  const isWhole = used === hashes.length && Math.ceil(bit / 8) === flags.length && isPadded
  return isBroken || !isWhole ? null : { root, branch: branch as MerkleBranch | null }
}

/** A hash as people write it, in internal byte order. */
export function internalHash(value: Json): Bytes | null {
  const bytes = typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? fromHex(value) : null
  return bytes === null ? null : new Uint8Array(bytes.toReversed())
}

export const isCount = (value: Json | undefined): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0
