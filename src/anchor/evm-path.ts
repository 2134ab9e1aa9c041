/**
 * From a commitment in a transaction or log to the hash of an EVM block, as a commitment path: each thing on the way holds
 * the hash of the one before, so that a verifier knows neither RLP nor tries.
 */
import { type Bytes, concat } from '../base/bytes.ts'
import type { ChainId, PathAnchor } from './anchor.ts'
import { commitmentMagic } from './batch.ts'
import { type EvmHeader, hexOf } from './evm-block.ts'
import { keccak256, messageLimit, type Operation } from './path.ts'

/** The calldata of a transaction that anchors 32 bytes. */
export const anchorCalldata = (commitment: Bytes): Bytes => concat(commitmentMagic, commitment)

/** What proves that a commitment is in a block. */
export interface EvmProof {
  readonly chain: ChainId
  readonly header: EvmHeader
  /** Of the trie of transactions or of receipts, from the root down. */
  readonly nodes: readonly Bytes[]
  /** The hash of the transaction, for people. */
  readonly transaction?: Bytes
}

/** The anchor of a commitment; `null` where the proof does not lead from it to the block. */
export function evmAnchor(commitment: Bytes, proof: EvmProof): PathAnchor | null {
  const { chain, header, nodes, transaction } = proof
  const path = pathThrough(commitment, [...nodes.toReversed(), header.bytes])
  if (path === null) return null
  return {
    kind: 'path',
    chain,
    height: header.height,
    end: 'blockHash',
    path,
    ...(transaction !== undefined && { transaction: hexOf(transaction) }),
  }
}

/** The steps by which `message` is in the first of `containers`, and the hash of each of these in the next; `null` where one is not. */
export function pathThrough(message: Bytes, containers: readonly Bytes[]): readonly Operation[] | null {
  const path: Operation[] = []
  let inner = message
  for (const container of containers) {
    const at = container.length > messageLimit ? -1 : placeOf(inner, container)
    if (at < 0) return null
    const [before, after] = [container.slice(0, at), container.slice(at + inner.length)]
    if (before.length > 0) path.push({ op: 'prepend', data: before })
    if (after.length > 0) path.push({ op: 'append', data: after })
    path.push({ op: 'keccak256' })
    inner = keccak256(container)
  }
  return path
}

/** Where bytes stand first within others, -1 where they do not. Any place will do: a path shows that they were hashed. */
function placeOf(inner: Bytes, container: Bytes): number {
  for (let at = container.indexOf(inner[0]!); at >= 0; at = container.indexOf(inner[0]!, at + 1)) {
    if (inner.every((byte, i) => container[at + i] === byte)) return at
  }
  return -1
}
