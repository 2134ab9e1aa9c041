/** A node that tells of the recorded block what a test lets it tell. Its members are the world's, and tests change them. */
import { hexNumber } from '../../src/anchor/evm-block.ts'
import type { EvmProvider } from '../../src/anchor/evm-node.ts'
import type { Json } from '../../src/base/json.ts'
import { type JsonBlock, recorded } from './evm-recorded.ts'

export interface FakeNode extends EvmProvider {
  chainId: string
  /** The account's nonces. */
  counts: { pending: number; latest: number; final: number }
  /** Hashes of transactions that it holds, in a block or not. */
  readonly known: Set<string>
  /** Hashes of those that are in the recorded block. */
  readonly mined: Set<string>
  /** Its last block, and the last that is final: `null` where it does not say. */
  latest: number
  finalized: number | null
  /** The block that it has by number and by hash. */
  block: JsonBlock
  canonical: Json
  receipts: Json
  /** What it says of a transaction that it does not take. */
  refusal: string | undefined
  baseFeePerGas: string | undefined
  tip: string
  /** What it was sent, in order. */
  readonly sent: string[]
  /** Answers that go before all others; an `Error` is thrown. */
  readonly instead: Map<string, Json | Error>
}

/** What a node throws that says no (EIP-1193). */
export const refusal = (message: string): Error => Object.assign(new Error(message), { code: -32000 })

export function fakeNode(): FakeNode {
  const { asked, block, receipts } = recorded
  const node: FakeNode = {
    chainId: '0x7a69',
    counts: { pending: asked.nonce, latest: asked.nonce, final: asked.nonce },
    known: new Set(),
    mined: new Set(),
    latest: 1,
    finalized: 0,
    block,
    canonical: block,
    receipts: receipts as Json,
    refusal: undefined,
    baseFeePerGas: asked.baseFeePerGas,
    tip: asked.tip,
    sent: [],
    instead: new Map(),
    async request({ method, params }) {
      const other = node.instead.get(method)
      if (other instanceof Error) throw other
      if (other !== undefined) return other
      const answer = answers[method]
      if (answer === undefined) throw refusal(`the method ${method} does not exist`)
      return answer(params)
    },
  }

  const countsAt = (at: string): number =>
    at === 'pending' || at === 'latest' ? node.counts[at] : node.counts.final
  const answers: Readonly<Record<string, (params: readonly Json[]) => Json>> = {
    eth_chainId: () => node.chainId,
    eth_blockNumber: () => hexNumber(node.latest),
    eth_getTransactionCount: ([, at]) => hexNumber(countsAt(at as string)),
    eth_estimateGas: ([asked]) =>
      (asked as { to: string }).to === recorded.contract ? recorded.asked.gasEvent : recorded.asked.gas,
    eth_maxPriorityFeePerGas: () => node.tip,
    eth_gasPrice: () => node.tip,
    eth_getBlockByHash: () => node.block,
    eth_getBlockByNumber([at]) {
      if (at === 'latest')
        return node.baseFeePerGas === undefined ? {} : { baseFeePerGas: node.baseFeePerGas }
      if (at === 'finalized') return node.finalized === null ? null : { number: hexNumber(node.finalized) }
      return node.canonical
    },
    eth_getBlockReceipts: () => node.receipts,
    eth_sendRawTransaction([raw]) {
      node.sent.push(raw as string)
      if (node.refusal !== undefined) throw refusal(node.refusal)
      return null
    },
    eth_getTransactionByHash: ([hash]) => (node.known.has(hash as string) ? { hash: hash! } : null),
    eth_getTransactionReceipt: ([hash]) =>
      node.mined.has(hash as string)
        ? { blockHash: recorded.block.hash, blockNumber: recorded.block.number }
        : null,
  }
  return node
}
