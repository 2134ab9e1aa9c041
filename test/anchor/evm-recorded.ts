/** Blocks as nodes gave them: one of Ethereum's main network, and one of a development chain with two anchors in it. */
import { readFileSync } from 'node:fs'
import { headerOfJson, receiptOfJson, transactionOfJson } from '../../src/anchor/evm-block.ts'
import type { EvmAddress } from '../../src/anchor/evm-signer.ts'
import { trieProof } from '../../src/anchor/patricia-trie.ts'
import { type Bytes, fromHex } from '../../src/base/bytes.ts'
import type { JsonObject } from '../../src/base/json.ts'

export interface JsonBlock extends JsonObject {
  readonly hash: string
  readonly number: string
  readonly transactions: readonly (JsonObject & { readonly hash: string; readonly type: string })[]
}

interface Recorded {
  /** 32 bytes, in hex, that both anchors are of. */
  readonly commitment: string
  /** It writes the first 32 bytes of its calldata as the topic of a log. */
  readonly contract: EvmAddress
  /** What the node said before the transactions were signed. */
  readonly asked: Readonly<Record<'tip' | 'baseFeePerGas' | 'gas' | 'gasEvent', string>> & {
    readonly nonce: number
    readonly signedAt: number
  }
  /** The hashes of the two transactions. */
  readonly transactions: { readonly calldata: string; readonly event: string }
  readonly block: JsonBlock
  readonly receipts: readonly (JsonObject & { readonly transactionHash: string })[]
  /** Three blocks on, and the proof of the block's hash in its state. */
  readonly later: JsonBlock
  readonly proof: JsonObject
  readonly blobTransaction: JsonObject
}

const read = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))

export const recorded = read('./evm-recorded.json') as Recorded
export const mainnetBlock = read('./evm-mainnet.json').block as JsonBlock

export const hex = (text: string): Bytes => fromHex(text.replace(/^0x/, ''))!

export const commitment = hex(recorded.commitment)
export const header = headerOfJson(recorded.block)!

/** The proofs of the two anchors in the recorded block. */
export const proofs = {
  calldata: proofIn(recorded.block.transactions.map(transactionOfJson), recorded.transactions.calldata),
  event: proofIn(recorded.receipts.map(receiptOfJson), recorded.transactions.event),
} as const

function proofIn(values: readonly (Bytes | null)[], transaction: string) {
  const index = recorded.block.transactions.findIndex(({ hash }) => hash === transaction)
  const { nodes } = trieProof(
    values.map((bytes) => bytes!),
    index,
  )
  return { chain: 'eip155:31337', header, nodes, transaction: hex(transaction) } as const
}
