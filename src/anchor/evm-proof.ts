/** What a node is asked for to prove that a commitment is in a block. Nothing that it says is believed: hashes decide. */
import { type Bytes, equalBytes } from '../base/bytes.ts'
import { asList, isObject, type Json } from '../base/json.ts'
import type { PathAnchor } from './anchor.ts'
import {
  type EvmHeader,
  headerOfJson,
  hexNumber,
  hexOf,
  isHexOf,
  isOfHash,
  readHexBytes,
  receiptOfJson,
  transactionOfJson,
} from './evm-block.ts'
import { type EvmNode, endpointFailed } from './evm-node.ts'
import { evmAnchor, pathThrough } from './evm-path.ts'
import { followPath } from './path.ts'
import { trieProof } from './patricia-trie.ts'

/** Where a transaction is. */
export interface EvmPlace {
  /** 32 bytes each. */
  readonly block: Bytes
  readonly transaction: Bytes
  readonly height: number
}

export interface EvmClaim {
  /** 32 bytes. */
  readonly commitment: Bytes
  readonly place: EvmPlace
  /** What carries the commitment: the calldata of the transaction, or a log that it left. */
  readonly form: 'calldata' | 'event'
}

/**
 * The anchor of a commitment that a transaction carries. Where no log can be shown to hold it, its calldata still may.
 * @throws `anchor.endpoint_failed` where the node does not answer, or what it says does not hold together
 */
export async function proveInBlock(
  node: EvmNode,
  { commitment, place, form }: EvmClaim,
): Promise<{ readonly anchor: PathAnchor; readonly header: EvmHeader }> {
  const block = await node.ask('eth_getBlockByHash', hexOf(place.block), true)
  const header = headerOfJson(block)
  if (header?.height !== place.height || !equalBytes(header.hash, place.block)) {
    throw contradiction(node, 'header')
  }
  const index = placeOf(block, place.transaction)
  if (index < 0) throw contradiction(node, 'transaction')
  const proven = (values: readonly Bytes[], root: Bytes): PathAnchor | null => {
    const trie = trieProof(values, index)
    if (!equalBytes(trie.root, root)) return null
    const proof = { chain: node.chain, header, nodes: trie.nodes, transaction: place.transaction }
    return evmAnchor(commitment, proof)
  }
  for (const method of form === 'event' ? receiptMethods : []) {
    const receipts = await receiptsOf(node, block, method)
    const anchor = receipts && proven(receipts, header.receiptsRoot)
    if (anchor !== null) return { anchor, header }
  }
  const anchor = proven(await transactionsOf(node, block), header.transactionsRoot)
  if (anchor === null) throw contradiction(node, 'transactionsRoot')
  return { anchor, header }
}

const contradiction = (node: EvmNode, what: string) => endpointFailed(node.name, 'contradictory', what)

const transactionsIn = (block: Json): readonly Json[] =>
  isObject(block) && Array.isArray(block.transactions) ? block.transactions : []

const placeOf = (block: Json, transaction: Bytes): number =>
  transactionsIn(block).findIndex((one) => isObject(one) && isHexOf(one.hash, transaction))

/** The bytes of all transactions: made from the JSON, and asked for only where that is of a type we do not know. */
async function transactionsOf(node: EvmNode, block: Json): Promise<readonly Bytes[]> {
  const found: Bytes[] = []
  for (const [index, transaction] of transactionsIn(block).entries()) {
    found.push(transactionOfJson(transaction) ?? (await rawTransaction(node, block, index, transaction)))
  }
  return found
}

async function rawTransaction(node: EvmNode, block: Json, index: number, transaction: Json): Promise<Bytes> {
  const hash = isObject(block) ? (block.hash ?? null) : null
  const method = 'eth_getRawTransactionByBlockHashAndIndex'
  const raw = readHexBytes(await node.ask(method, hash, hexNumber(index)))
  if (raw === null || !isObject(transaction) || !isOfHash(raw, transaction.hash)) {
    throw contradiction(node, 'transaction')
  }
  return raw
}

/** The bytes of all receipts; `null` where the node has none of a kind that we can read. */
async function receiptsOf(
  node: EvmNode,
  block: Json,
  method: ReceiptMethod,
): Promise<readonly Bytes[] | null> {
  const answer = await node.try(method, isObject(block) ? (block.hash ?? null) : null)
  const receipts = answer.ok ? asList(answer.value).map(receiptReaders[method]) : []
  const isWhole = receipts.length === transactionsIn(block).length
  return isWhole && receipts.every((bytes) => bytes !== null) ? receipts : null
}

/** How what each method answers becomes bytes. The second is for types that we do not know, and few nodes have it. */
const receiptReaders = {
  eth_getBlockReceipts: receiptOfJson,
  debug_getRawReceipts: readHexBytes,
} as const
type ReceiptMethod = keyof typeof receiptReaders
const receiptMethods: readonly ReceiptMethod[] = ['eth_getBlockReceipts', 'debug_getRawReceipts']

/** EIP-2935: where a chain keeps the hashes of its last blocks, each at its height modulo the number of places. */
const history = { address: '0x0000f90827f1c53a10cb7a02335b175320002935', places: 8191 } as const

/**
 * Leads the anchor of a block on to a later one that a verifier trusts, at most 8191 blocks on, through the hashes of earlier
 * blocks in its state (EIP-2935, chains since the fork Prague).
 * @throws `anchor.endpoint_failed` as above
 */
export async function proveFromLater(
  node: EvmNode,
  commitment: Bytes,
  anchor: PathAnchor,
  later: number,
): Promise<PathAnchor> {
  const hash = followPath(commitment, anchor.path)
  if (anchor.end !== 'blockHash' || hash === null) throw contradiction(node, 'commitment')
  const containers: Bytes[] = []
  let [reached, height] = [hash, anchor.height]
  // The next block holds the hash of its parent whole; in state its leading zeros are lost.
  while (height < later && (reached[0] === 0 || height + 1 === later)) {
    const next = await headerAt(node, ++height)
    containers.push(next.bytes)
    reached = next.hash
  }
  if (height < later) {
    const key = `0x${(height % history.places).toString(16).padStart(64, '0')}`
    const proof = await node.ask('eth_getProof', history.address, [key], hexNumber(later))
    containers.push(...nodesOf(proof).toReversed(), (await headerAt(node, later)).bytes)
  }
  const steps = pathThrough(hash, containers)
  if (steps === null) throw contradiction(node, 'eth_getProof')
  return { ...anchor, height: later, path: [...anchor.path, ...steps] }
}

async function headerAt(node: EvmNode, height: number): Promise<EvmHeader> {
  const header = headerOfJson(await node.ask('eth_getBlockByNumber', hexNumber(height), false))
  if (header?.height !== height) throw contradiction(node, 'header')
  return header
}

/** The nodes of a proof of EIP-1186, from the root of the state down to the one value asked for. */
function nodesOf(proof: Json): readonly Bytes[] {
  if (!isObject(proof)) return []
  const [storage] = asList(proof.storageProof)
  const nodes = [...asList(proof.accountProof), ...(isObject(storage) ? asList(storage.proof) : [])]
  return nodes.map(readHexBytes).filter((bytes) => bytes !== null)
}
