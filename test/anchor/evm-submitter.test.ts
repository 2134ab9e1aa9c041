import { afterEach, describe, expect, test, vi } from 'vitest'
import { hexOf, transactionOfJson } from '../../src/anchor/evm-block.ts'
import { openEvmNode } from '../../src/anchor/evm-node.ts'
import { proveFromLater } from '../../src/anchor/evm-proof.ts'
import { type EvmSignature, type EvmSigner, evmSignerOfSecret } from '../../src/anchor/evm-signer.ts'
import { type EvmSubmitterOptions, evmSubmitter, trustedBlockOf } from '../../src/anchor/evm-submitter.ts'
import { followPath, keccak256, pathBytes } from '../../src/anchor/path.ts'
import { readQuantity, readRlp } from '../../src/anchor/rlp.ts'
import type { Receipt, Step, Submitter } from '../../src/anchor/submitter.ts'
import type { Bytes } from '../../src/base/bytes.ts'
import type { ExchangeFetch } from '../../src/base/exchange.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { type FakeNode, fakeNode, refusal } from './evm-fake-node.ts'
import { commitment, hex, recorded } from './evm-recorded.ts'
import { devSigner } from './evm-transactions.ts'

const { signedAt } = recorded.asked
const own = recorded.transactions.calldata
const chain = 'eip155:31337'

interface Setting {
  readonly node: FakeNode
  readonly submitter: Submitter
  readonly clock: { seconds: number }
}

function setting(options: Partial<EvmSubmitterOptions> = {}): Setting {
  const node = fakeNode()
  const clock = { seconds: signedAt }
  const now = () => clock.seconds * 1000
  const submitter = evmSubmitter({ chain, transport: node, signer: devSigner, now, ...options })
  return { node, submitter, clock }
}

const event = { contract: recorded.contract, calldata: (bytes: Bytes) => bytes }

/** As far as a transaction that is signed and kept, and not sent. */
async function signed(options: Partial<EvmSubmitterOptions> = {}): Promise<Setting & { receipt: Receipt }> {
  const made = setting(options)
  const step = await made.submitter.advance(made.submitter.start(commitment))
  expect(step.is).toBe('working')
  return { ...made, receipt: step.receipt }
}

/** As far as a transaction that is in a block. */
async function mined(
  options: Partial<EvmSubmitterOptions> = {},
  hash: string = own,
): Promise<Setting & { receipt: Receipt }> {
  const made = await signed(options)
  made.node.mined.add(hash)
  return made
}

const sentOf = ({ state }: Receipt) => state.sent as readonly (JsonObject & { raw: string; nonce: number })[]
const hashes = (receipt: Receipt): readonly string[] =>
  sentOf(receipt).map(({ raw }) => hexOf(keccak256(hex(raw))))
const code = (name: string, detail: Readonly<Record<string, unknown>> = {}) =>
  expect.objectContaining({ code: name, detail: expect.objectContaining(detail) })
const contradictory = (what: string) => code('anchor.endpoint_failed', { fault: 'contradictory', what })

function endOf(step: Step): string {
  if (step.is !== 'final' || step.anchor.kind !== 'path') return step.is
  return hexOf(followPath(commitment, step.anchor.path)!)
}

describe('a submission', () => {
  test('starts without anything leaving the machine, and is plain JSON', () => {
    const { submitter, node } = setting()
    node.instead.set('eth_chainId', new Error('asked'))
    const receipt = submitter.start(commitment)
    expect(receipt).toEqual({ kind: 'evm', commitment: recorded.commitment, state: { chain, sent: [] } })
    expect(() => submitter.start(commitment.slice(1))).toThrow(code('anchor.receipt_malformed'))
  })

  test('signs first, keeps what it signed, and sends nothing', async () => {
    const { receipt, node } = await signed()
    const raw = transactionOfJson(recorded.block.transactions.find(({ hash }) => hash === own))!
    expect(receipt.state).toEqual({
      chain,
      sent: [
        {
          raw: hexOf(raw),
          nonce: 1,
          gas: '22600',
          fees: { maxFeePerGas: '3000000000', maxPriorityFeePerGas: '1000000000' },
          signedAt,
        },
      ],
    })
    expect(node.sent).toEqual([])
    expect(JSON.parse(JSON.stringify(receipt))).toEqual(receipt)
  })

  test('sends the same bytes however often it is asked to', async () => {
    const { receipt, node, submitter } = await signed()
    const steps = [await submitter.advance(receipt), await submitter.advance(receipt)]
    expect(steps).toEqual(Array(2).fill({ is: 'waiting', receipt, for: 'block' }))
    expect(node.sent).toEqual(Array(2).fill(sentOf(receipt)[0]!.raw))
  })

  test('waits for the block to be final, then has an anchor that leads to it', async () => {
    const { receipt, node, submitter } = await mined()
    expect(await submitter.advance(receipt)).toEqual({ is: 'waiting', receipt, for: 'depth' })
    node.finalized = 2
    const step = await submitter.advance(receipt)
    expect(endOf(step)).toBe(recorded.block.hash)
    expect(step).toMatchObject({ anchor: { chain, height: 2, end: 'blockHash', transaction: own } })
    expect([trustedBlockOf(receipt), trustedBlockOf(step.receipt)]).toEqual([
      null,
      [2, recorded.block.hash, 1_795_430_112],
    ])
    expect(await submitter.advance(step.receipt)).toEqual(step)
    expect(node.sent).toEqual([])
  })

  test('counts blocks itself where it is told how many', async () => {
    const { receipt, node, submitter } = await mined({ depth: 3 })
    node.finalized = null
    node.latest = 3
    expect(await submitter.advance(receipt)).toEqual({ is: 'waiting', receipt, for: 'depth' })
    node.latest = 4
    expect(endOf(await submitter.advance(receipt))).toBe(recorded.block.hash)
  })

  test('by an event rests on the log that the contract wrote', async () => {
    const { receipt, node, submitter } = await mined({ event, depth: 1 }, recorded.transactions.event)
    node.latest = 9
    expect(sentOf(receipt)[0]).toMatchObject({ nonce: 1, gas: '26736' }) // a fifth above the estimate of 22,280
    const step = await submitter.advance(await withRecordedEvent(receipt))
    expect(endOf(step)).toBe(recorded.block.hash)
    expect(step.is === 'final' && step.anchor.kind === 'path' && pathBytes(step.anchor.path).length).toBe(
      1267,
    )
  })

  test('by an event rests on the calldata where the node cannot tell of receipts, or tells of others', async () => {
    const { receipt, node, submitter } = await mined({ event, depth: 1 }, recorded.transactions.event)
    node.latest = 9
    const kept = await withRecordedEvent(receipt)
    for (const receipts of [null, [], recorded.receipts.map((one) => ({ ...one, status: '0x0' })) as Json]) {
      node.receipts = receipts
      expect(endOf(await submitter.advance(kept))).toBe(recorded.block.hash)
    }
  })

  /** The recorded transaction was the account's next. */
  async function withRecordedEvent(receipt: Receipt): Promise<Receipt> {
    const raw = transactionOfJson(
      recorded.block.transactions.find(({ hash }) => hash === recorded.transactions.event),
    )!
    return {
      ...receipt,
      state: { ...receipt.state, sent: [{ ...sentOf(receipt)[0]!, raw: hexOf(raw), nonce: 2 }] },
    }
  }
})

describe('after a reorganisation', () => {
  test('a transaction that is in no block any more is sent again', async () => {
    const { receipt, node, submitter } = await mined()
    expect((await submitter.advance(receipt)).is).toBe('waiting')
    node.mined.clear()
    expect(await submitter.advance(receipt)).toEqual({ is: 'waiting', receipt, for: 'block' })
    expect(node.sent).toEqual([sentOf(receipt)[0]!.raw])
  })

  test.each<[what: string, canonical: Json]>([
    ['another block at its height', recorded.later],
    ['none', null],
  ])('a block is not final where the chain has %s', async (_, canonical) => {
    const { receipt, node, submitter } = await mined()
    node.finalized = 9
    node.canonical = canonical
    expect(await submitter.advance(receipt)).toEqual({ is: 'waiting', receipt, for: 'block' })
  })
})

describe('a transaction that the node does not take', () => {
  test('is waited for where the node has it already', async () => {
    const { receipt, node, submitter } = await signed()
    node.refusal = 'already known'
    node.known.add(own)
    expect(await submitter.advance(receipt)).toEqual({ is: 'waiting', receipt, for: 'block' })
  })

  test('waits behind another of the account’s that is in its place', async () => {
    const { receipt, node, submitter } = await signed()
    node.refusal = 'replacement transaction underpriced'
    node.counts.pending = 2
    expect(await submitter.advance(receipt)).toEqual({ is: 'waiting', receipt, for: 'block' })
  })

  test('is made anew only once another with its nonce is final', async () => {
    const { receipt, node, submitter } = await signed()
    node.refusal = 'nonce too low'
    node.counts = { pending: 2, latest: 2, final: 1 }
    expect(await submitter.advance(receipt)).toEqual({ is: 'waiting', receipt, for: 'block' })
    node.counts.final = 2
    const over = await submitter.advance(receipt)
    expect(over).toEqual({ is: 'working', receipt: submitter.start(commitment) })
    const next = await submitter.advance(over.receipt)
    expect(sentOf(next.receipt).map(({ nonce }) => nonce)).toEqual([2])
  })

  test('is not made anew where it was its own that took the nonce', async () => {
    const { receipt, node, submitter } = await signed()
    node.refusal = 'nonce too low'
    node.counts = { pending: 2, latest: 2, final: 2 }
    let asked = 0
    const { request } = node
    node.request = async (what) => {
      // In no block when first asked, and in one a moment later.
      if (what.method === 'eth_getTransactionReceipt' && ++asked === 2) node.mined.add(own)
      return request(what)
    }
    expect(await submitter.advance(receipt)).toEqual({ is: 'waiting', receipt, for: 'block' })
  })

  test('is not made anew before any block is final', async () => {
    const { receipt, node, submitter } = await signed({ depth: 64 })
    node.refusal = 'nonce too low'
    node.counts = { pending: 2, latest: 2, final: 2 }
    expect(await submitter.advance(receipt)).toEqual({ is: 'waiting', receipt, for: 'block' })
  })

  test('is a fault of the endpoint otherwise, in the node’s words made plain', async () => {
    const { receipt, node, submitter } = await signed()
    node.refusal = `insufficient funds\n\u001b[31m${'!'.repeat(300)}`
    await expect(submitter.advance(receipt)).rejects.toEqual(
      code('anchor.endpoint_failed', {
        url: 'the given provider',
        fault: 'refused',
        what: `insufficient funds [31m${'!'.repeat(300)}`.slice(0, 200),
      }),
    )
  })
})

describe('a transaction that waits long', () => {
  test('is signed anew with the same nonce and an eighth more, and both are looked for', async () => {
    const { receipt, node, submitter, clock } = await signed()
    clock.seconds += 599
    expect((await submitter.advance(receipt)).is).toBe('waiting')
    clock.seconds += 1
    const raised = await submitter.advance(receipt)
    expect(raised.is).toBe('working')
    expect(sentOf(raised.receipt)).toEqual([
      sentOf(receipt)[0],
      {
        raw: expect.any(String),
        nonce: 1,
        gas: '22600',
        fees: { maxFeePerGas: '3375000001', maxPriorityFeePerGas: '1125000001' },
        signedAt: signedAt + 600,
      },
    ])
    expect((await submitter.advance(raised.receipt)).is).toBe('waiting')
    expect(node.sent.at(-1)).toBe(sentOf(raised.receipt)[1]!.raw)
    // The first of them may still be the one that is taken.
    node.mined.add(own)
    node.finalized = 2
    expect(endOf(await submitter.advance(raised.receipt))).toBe(recorded.block.hash)
  })

  test('follows the fees of now where they rose by more', async () => {
    const { receipt, node, submitter, clock } = await signed()
    clock.seconds += 600
    node.baseFeePerGas = '0x12a05f200' // 5 gwei
    const { receipt: raised } = await submitter.advance(receipt)
    expect(sentOf(raised)[1]!.fees).toEqual({
      maxFeePerGas: '11000000000',
      maxPriorityFeePerGas: '1125000001',
    })
  })

  test('is raised even where the node would not take it for its low fees', async () => {
    const { receipt, node, submitter, clock } = await signed()
    node.refusal = 'fee too low'
    clock.seconds += 600
    expect((await submitter.advance(receipt)).is).toBe('working')
  })

  test('is raised neither beyond what it may cost, nor more than seven times', async () => {
    const dear = await signed({ maxCost: 22_600n * 3_100_000_000n })
    dear.clock.seconds += 600
    expect((await dear.submitter.advance(dear.receipt)).is).toBe('waiting')

    const { submitter, clock, ...first } = await signed()
    let { receipt } = first
    for (let i = 0; i < 20; i++) {
      clock.seconds += 600
      ;({ receipt } = await submitter.advance(receipt))
    }
    expect(new Set(hashes(receipt)).size).toBe(8)
    expect(new Set(sentOf(receipt).map(({ nonce }) => nonce))).toEqual(new Set([1]))
  })
})

describe('on a chain without EIP-1559', () => {
  test('a plain price is paid, and raised', async () => {
    const { node, submitter, clock } = setting()
    node.baseFeePerGas = undefined
    const { receipt } = await submitter.advance(submitter.start(commitment))
    expect(sentOf(receipt)[0]!.fees).toEqual({ gasPrice: '1000000000' })
    clock.seconds += 600
    const { receipt: raised } = await submitter.advance(receipt)
    expect(sentOf(raised)[1]!.fees).toEqual({ gasPrice: '1125000001' })
    node.baseFeePerGas = '0x3b9aca00'
    clock.seconds += 600
    const { receipt: again } = await submitter.advance(raised)
    expect(sentOf(again)[2]!.fees).toEqual({ gasPrice: '3000000000' })
  })

  test('or no more than before where a node stops saying what the base fee is', async () => {
    const { receipt, node, submitter, clock } = await signed()
    node.baseFeePerGas = undefined
    clock.seconds += 600
    const { receipt: raised } = await submitter.advance(receipt)
    expect(sentOf(raised)[1]!.fees).toEqual({
      maxFeePerGas: '3375000001',
      maxPriorityFeePerGas: '1125000001',
    })
  })
})

describe('nothing is signed', () => {
  test('that would cost more than it may', async () => {
    const { submitter, node } = setting({ maxCost: 1n })
    await expect(submitter.advance(submitter.start(commitment))).rejects.toEqual(
      code('anchor.cost_above_limit', { cost: String(22_600n * 3_000_000_000n), limit: '1' }),
    )
    const dear = setting()
    dear.node.tip = hexNumberOf(10n ** 12n)
    await expect(dear.submitter.advance(dear.submitter.start(commitment))).rejects.toEqual(
      code('anchor.cost_above_limit', { limit: '10000000000000000' }),
    )
    expect([node.sent, dear.node.sent]).toEqual([[], []])
  })

  test.each<[what: string, sign: (signature: EvmSignature) => EvmSignature]>([
    ['another parity', (one) => ({ ...one, yParity: one.yParity === 0 ? 1 : 0 })],
    ['another r', (one) => ({ ...one, r: keccak256(one.r) })],
  ])('by a signer that answers with %s', async (_, change) => {
    const signer: EvmSigner = {
      address: devSigner.address,
      sign: async (hash) => change(await devSigner.sign(hash)),
    }
    const { submitter } = setting({ signer })
    await expect(submitter.advance(submitter.start(commitment))).rejects.toEqual(
      code('anchor.evm_signature_differs', { address: devSigner.address }),
    )
  })

  test('by a signer with the key of another account', async () => {
    const { sign } = evmSignerOfSecret(new Uint8Array(32).fill(9))
    const { submitter } = setting({ signer: { address: devSigner.address, sign } })
    await expect(submitter.advance(submitter.start(commitment))).rejects.toEqual(
      code('anchor.evm_signature_differs'),
    )
  })

  test.each<[configured: string, found: string]>([
    ['eip155:1', 'eip155:31337'],
    ['bip122:000000000019d6689c085ae165831e93', 'eip155'],
    ['eip155:031337', 'eip155'],
  ])('for %s by a node of %s', async (configured, found) => {
    const { submitter } = setting({ chain: configured as 'eip155:1' })
    await expect(submitter.advance(submitter.start(commitment))).rejects.toEqual(
      code('anchor.chain_differs', { configured, found }),
    )
  })
})

test('numbers of a signature that begin with zeros are written without them', async () => {
  const { node, submitter } = setting()
  const lengths = new Set<number>()
  for (let nonce = 0; nonce < 200; nonce++) {
    node.counts.pending = nonce
    const { receipt } = await submitter.advance(submitter.start(commitment))
    const [type, ...rest] = hex(sentOf(receipt)[0]!.raw)
    const items = readRlp(Uint8Array.from(rest)) as readonly Bytes[]
    expect([type, items.length, readQuantity(items[1])]).toEqual([2, 12, nonce])
    for (const number of items.slice(10)) {
      expect(number[0]).not.toBe(0)
      lengths.add(number.length)
    }
  }
  expect(lengths).toEqual(new Set([32, 31]))
})

describe('a receipt is refused', () => {
  const good = recorded.asked
  const entry = { raw: '0x00', nonce: good.nonce, gas: '1', fees: { gasPrice: '1' }, signedAt }
  const state = (sent: Json): JsonObject => ({ chain, sent })
  test.each<[what: string, change: Partial<Receipt>]>([
    ['of another kind', { kind: 'ots' }],
    ['of another chain', { state: { chain: 'eip155:1', sent: [] } }],
    ['of no commitment', { commitment: 'ab' }],
    ['with no list of transactions', { state: { chain } }],
    ['with too many of them', { state: state(Array(9).fill(entry)) }],
    ['with a transaction that is none', { state: state([1]) }],
    ['with bytes that are none', { state: state([{ ...entry, raw: '0x0' }]) }],
    ['with a nonce that is none', { state: state([{ ...entry, nonce: '1' }]) }],
    ['with gas that is none', { state: state([{ ...entry, gas: '-1' }]) }],
    ['with no fees', { state: state([{ ...entry, fees: null }]) }],
    ['with half of the fees', { state: state([{ ...entry, fees: { maxFeePerGas: '1' } }]) }],
    ['with no time', { state: state([{ ...entry, signedAt: null }]) }],
  ])('%s', async (_, change) => {
    const { submitter } = setting()
    const receipt = { ...submitter.start(commitment), ...change }
    await expect(submitter.advance(receipt)).rejects.toEqual(code('anchor.receipt_malformed'))
  })

  test('as one that names no final block', () => {
    const receipt: Receipt = { kind: 'evm', commitment: recorded.commitment, state: state([]) }
    const block = { height: 1, hash: '0x', time: 2 }
    const all: readonly Json[] = [
      null,
      { ...block, height: '1' },
      { ...block, hash: 1 },
      { ...block, time: '2' },
    ]
    expect(all.map((one) => trustedBlockOf({ ...receipt, state: { ...state([]), block: one } }))).toEqual(
      Array(4).fill(null),
    )
    expect(trustedBlockOf({ ...receipt, kind: 'ots', state: { block } })).toBeNull()
  })
})

describe('a node that contradicts itself gives no anchor', () => {
  const { block } = recorded
  const [first, ...others] = block.transactions
  test.each<[what: string, block: Json, fault: string]>([
    ['no block', null, 'header'],
    ['another block', recorded.later, 'header'],
    ['another header', { ...block, gasUsed: '0x1' }, 'header'],
    ['no transactions', { ...block, transactions: null! }, 'transaction'],
    ['a block without ours', { ...block, transactions: [first!] }, 'transaction'],
    ['a block that lacks another', { ...block, transactions: others }, 'transactionsRoot'],
    [
      'others in another order',
      { ...block, transactions: block.transactions.toReversed() },
      'transactionsRoot',
    ],
  ])('%s', async (_, told, fault) => {
    const { receipt, node, submitter } = await mined()
    node.finalized = 9
    node.instead.set('eth_getBlockByHash', told)
    await expect(submitter.advance(receipt)).rejects.toEqual(contradictory(fault))
  })

  test('a transaction of a type that we do not know is asked for as bytes, and those are checked', async () => {
    const { receipt, node, submitter } = await mined()
    node.finalized = 9
    const raw = hexOf(transactionOfJson(first)!)
    node.block = { ...block, transactions: [{ ...first!, type: '0x7e' }, ...others] }
    for (const wrong of ['0x00', '0x0', {}]) {
      node.instead.set('eth_getRawTransactionByBlockHashAndIndex', wrong)
      await expect(submitter.advance(receipt)).rejects.toEqual(contradictory('transaction'))
    }
    node.instead.set('eth_getRawTransactionByBlockHashAndIndex', raw)
    expect(endOf(await submitter.advance(receipt))).toBe(block.hash)
  })

  test('a receipt of another height is one', async () => {
    const { receipt, node, submitter } = await mined()
    node.finalized = 9
    const { hash } = recorded.block
    node.instead.set('eth_getTransactionReceipt', { blockHash: hash, blockNumber: '0x1' })
    await expect(submitter.advance(receipt)).rejects.toEqual(contradictory('header'))
  })

  test('a number that is none is a fault, and so is a chain that has no final block', async () => {
    const { submitter, node } = setting()
    node.instead.set('eth_getTransactionCount', 'many')
    await expect(submitter.advance(submitter.start(commitment))).rejects.toEqual(
      contradictory('eth_getTransactionCount'),
    )
    const other = await mined()
    other.node.finalized = null
    await expect(other.submitter.advance(other.receipt)).rejects.toEqual(
      code('anchor.endpoint_failed', { fault: 'refused', what: 'no finalized block: a depth is needed' }),
    )
  })
})

describe('from a later block (EIP-2935)', () => {
  const anchorAt = async () => {
    const { receipt, node, submitter } = await mined({ depth: 1 })
    node.latest = 9
    const step = await submitter.advance(receipt)
    if (step.is !== 'final' || step.anchor.kind !== 'path') throw new Error(step.is)
    return { anchor: step.anchor, node, own: await openEvmNode({ chain, transport: node }) }
  }

  test('the path goes on through the state of a later block to its hash', async () => {
    const { anchor, node, own } = await anchorAt()
    node.canonical = recorded.later
    node.instead.set('eth_getProof', recorded.proof)
    const longer = await proveFromLater(own, commitment, anchor, 5)
    expect({ ...longer, path: [] }).toEqual({ ...anchor, height: 5, path: [] })
    expect(hexOf(followPath(commitment, longer.path)!)).toBe(recorded.later.hash)
    expect(pathBytes(longer.path).length).toBe(2289)
  })

  test('the path to its own block is as it was', async () => {
    const { anchor, own } = await anchorAt()
    expect(await proveFromLater(own, commitment, anchor, 2)).toEqual(anchor)
  })

  test.each<[what: string, proof: Json, canonical: JsonObject]>([
    ['a proof of nothing', null, recorded.later],
    ['no nodes', { accountProof: [], storageProof: [] }, recorded.later],
    ['half of the nodes', { ...recorded.proof, storageProof: [] }, recorded.later],
  ])('a node that gives %s is at fault', async (_, proof, canonical) => {
    const { anchor, node, own } = await anchorAt()
    node.canonical = canonical
    node.instead.set('eth_getProof', proof)
    if (proof === null) node.instead.set('eth_getProof', {})
    await expect(proveFromLater(own, commitment, anchor, 5)).rejects.toEqual(contradictory('eth_getProof'))
  })

  test('so is one whose later block is another, and a path that is not of the commitment', async () => {
    const { anchor, node, own } = await anchorAt()
    node.instead.set('eth_getProof', recorded.proof)
    node.canonical = recorded.block
    await expect(proveFromLater(own, commitment, anchor, 5)).rejects.toEqual(contradictory('header'))
    node.canonical = recorded.later
    await expect(proveFromLater(own, keccak256(commitment), anchor, 5)).rejects.toEqual(
      contradictory('eth_getProof'),
    )
    const ofRoot = { ...anchor, end: 'merkleRoot' } as const
    await expect(proveFromLater(own, commitment, ofRoot, 5)).rejects.toEqual(contradictory('commitment'))
  })
})

describe('over HTTP', () => {
  const url = 'https://rpc.example/v3/SECRET?key=SECRET'
  const answering =
    (answer: (body: { method: string; id: number }) => Response | Promise<Response>): ExchangeFetch =>
    async (_, { body }) =>
      answer(JSON.parse(String(body)))
  const json = (value: object, status = 200) => new Response(JSON.stringify(value), { status })
  const open = (fetch: ExchangeFetch, at = url) => openEvmNode({ chain, transport: { url: at, fetch } })

  test('each request goes to the address that is configured, and nowhere else', async () => {
    const asked: string[] = []
    const fetch: ExchangeFetch = async (at, { method, redirect, body }) => {
      const { id, method: rpc, params } = JSON.parse(String(body))
      asked.push(`${method} ${at} ${redirect} ${rpc} ${JSON.stringify(params)}`)
      return json({ jsonrpc: '2.0', id, result: '0x7a69' })
    }
    const node = await open(fetch)
    expect(await node.ask('eth_blockNumber')).toBe('0x7a69')
    expect(asked).toEqual([`POST ${url} error eth_chainId []`, `POST ${url} error eth_blockNumber []`])
  })

  test.each<[what: string, fetch: ExchangeFetch, fault: string, words: string]>([
    ['does not answer', () => Promise.reject(new TypeError('no')), 'unreachable', 'TypeError'],
    [
      'answers with no JSON',
      answering(() => new Response('<html>')),
      'unreachable',
      'eth_chainId: no answer',
    ],
    [
      'answers with a status of its own',
      answering(() => new Response('no', { status: 503 })),
      'unreachable',
      'eth_chainId: HTTP 503',
    ],
    [
      'says no',
      answering(({ id }) => json({ jsonrpc: '2.0', id, error: { code: -32005, message: 'limit' } }, 429)),
      'refused',
      'eth_chainId: limit',
    ],
    [
      'answers with more than a block can take',
      answering(() => new Response(new Uint8Array(33_554_433))),
      'too_large',
      'more than 33554432 bytes',
    ],
  ])('a node that %s is named without its path', async (_, fetch, fault, what) => {
    const error = await open(fetch).catch((caught: Error) => caught)
    expect(error).toEqual(code('anchor.endpoint_failed', { url: 'https://rpc.example', fault, what }))
    expect(JSON.stringify([error, String(error)])).not.toContain('SECRET')
  })

  test('a node of another chain is refused, and one that does not say which', async () => {
    const of = (result: Json) => answering(({ id }) => json({ jsonrpc: '2.0', id, result }))
    await expect(open(of('0x1'))).rejects.toEqual(code('anchor.chain_differs', { found: 'eip155:1' }))
    await expect(open(of(null))).rejects.toEqual(code('anchor.chain_differs', { found: 'eip155:null' }))
  })

  test.each(['http://rpc.example/', 'ftp://127.0.0.1/', 'nowhere'])('%s is no address', async (at) => {
    const never: ExchangeFetch = () => Promise.reject(new Error('asked'))
    await expect(open(never, at)).rejects.toEqual(code('anchor.endpoint_failed', { fault: 'url_refused' }))
  })

  test('who stops waiting is told so', async () => {
    const stop = new AbortController()
    stop.abort()
    const { submitter } = setting()
    const advance = submitter.advance(submitter.start(commitment), { signal: stop.signal })
    await expect(advance).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('a provider that breaks is not one that says no', async () => {
    const node = fakeNode()
    node.instead.set('eth_chainId', new Error('broken'))
    const of = (transport: FakeNode) => openEvmNode({ chain, transport })
    await expect(of(node)).rejects.toEqual(code('anchor.endpoint_failed', { fault: 'unreachable' }))
    node.instead.set('eth_chainId', refusal('not for you'))
    await expect(of(node)).rejects.toEqual(
      code('anchor.endpoint_failed', { fault: 'refused', what: 'eth_chainId: not for you' }),
    )
  })
})

describe('without viem', () => {
  afterEach(() => {
    vi.doUnmock('viem')
    vi.resetModules()
  })

  test('it is said what to install', async () => {
    vi.resetModules()
    vi.doMock('viem', () => {
      throw new Error('not found')
    })
    const { openEvmNode } = await import('../../src/anchor/evm-node.ts')
    await expect(openEvmNode({ chain, transport: fakeNode() })).rejects.toMatchObject({
      code: 'anchor.package_absent',
      detail: { package: 'viem' },
    })
  })
})

const hexNumberOf = (value: bigint): string => `0x${value.toString(16)}`
