/** From a commitment inside a transaction to the Merkle root of its block, as one path that knows of neither. */
import { type Bytes, equalBytes, toHex } from '../base/bytes.ts'
import type { ChainId, PathAnchor } from './anchor.ts'
import { headerAt } from './bitcoin-header.ts'
import { type Transaction, transactionPath, txidOf } from './bitcoin-transaction.ts'
import { branchPath, type MerkleBranch } from './merkle-branch.ts'
import { followPath } from './path.ts'

export interface MinedTransaction {
  readonly transaction: Transaction
  readonly branch: MerkleBranch
  readonly chain: ChainId
  readonly height: number
  /** 32 bytes. */
  readonly commitment: Bytes
  /** The header of the block, and of those that follow as many as are at hand. */
  readonly headers?: Bytes
}

/**
 * The anchor of a commitment. `null` where no output of the transaction carries exactly it, the branch cannot be one, or
 * the header is another block's.
 */
export function pathOfTransaction(mined: MinedTransaction): PathAnchor | null {
  const { transaction, branch, chain, height, commitment, headers } = mined
  // 64 bytes could be an inner node of the tree, and a branch then begin above its leaves.
  if (transaction.stripped.length === 64) return null
  const txid = txidOf(transaction)
  const start = transactionPath(transaction, commitment)
  const rest = branchPath(txid, branch)
  if (start === null || rest === null) return null
  const path = [...start, ...rest]
  const anchor: PathAnchor = {
    kind: 'path',
    chain,
    height,
    end: 'merkleRoot',
    path,
    transaction: toHex(new Uint8Array(txid.toReversed())),
  }
  if (headers === undefined) return anchor
  const root = headerAt(headers, 0)?.merkleRoot
  const reached = followPath(commitment, path)
  return root !== undefined && reached !== null && equalBytes(root, reached)
    ? { ...anchor, headers: { height, bytes: headers } }
    : null
}
