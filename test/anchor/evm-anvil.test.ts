/** Against a real EVM node. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  headerOfJson,
  hexNumber,
  hexOf,
  readHexNumber,
  transactionOfJson,
} from '../../src/anchor/evm-block.ts'
import { openEvmNode } from '../../src/anchor/evm-node.ts'
import { proveFromLater } from '../../src/anchor/evm-proof.ts'
import { type EvmSubmitterOptions, evmSubmitter, trustedBlockOf } from '../../src/anchor/evm-submitter.ts'
import { followPath, keccak256, pathBytes } from '../../src/anchor/path.ts'
import { trieProof } from '../../src/anchor/patricia-trie.ts'
import type { Receipt, Step, Submitter } from '../../src/anchor/submitter.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { type Anvil, anvilIsHere, startAnvil } from './anvil.ts'
import { hex, type JsonBlock } from './evm-recorded.ts'
import { deploy, devSigner, loggers, sendBlob, sendMixed } from './evm-transactions.ts'

const chain = 'eip155:31337'
const commitment = sha256(utf8('a batch of certificates'))

const submitterAt = (anvil: Anvil, options: Partial<EvmSubmitterOptions> = {}): Submitter =>
  evmSubmitter({ chain, transport: { url: anvil.url, fetch }, signer: devSigner, ...options })

/** What a process does that is killed after each step: it has only the receipt, as text, and asks each step twice. */
async function advance(submitter: Submitter, receipt: Receipt): Promise<Step> {
  const kept = JSON.stringify(receipt)
  await submitter.advance(JSON.parse(kept))
  return submitter.advance(JSON.parse(kept))
}

async function sent(submitter: Submitter): Promise<Receipt> {
  const { receipt, is } = await advance(submitter, submitter.start(commitment))
  expect(is).toBe('working')
  const step = await advance(submitter, receipt)
  expect(step).toEqual({ is: 'waiting', receipt, for: 'block' })
  return receipt
}

const mine = async (anvil: Anvil, blocks = 1): Promise<void> => {
  await anvil.ask('anvil_mine', hexNumber(blocks))
}
const blockAt = async (anvil: Anvil, at: string): Promise<JsonBlock> =>
  (await anvil.ask('eth_getBlockByNumber', at, true)) as JsonBlock

function anchorOf(step: Step) {
  if (step.is !== 'final' || step.anchor.kind !== 'path') throw new Error(`not final but ${step.is}`)
  const end = followPath(commitment, step.anchor.path)
  return { anchor: step.anchor, end: end && hexOf(end), receipt: step.receipt }
}

const hashesOf = ({ state }: Receipt): readonly string[] =>
  (state.sent as readonly JsonObject[]).map(({ raw }) => hexOf(keccak256(hex(raw as string))))

/** How many transactions of the account carry the commitment, in all blocks. */
async function timesAnchored(anvil: Anvil): Promise<number> {
  const last = readHexNumber((await blockAt(anvil, 'latest')).number)!
  let times = 0
  for (let height = 1; height <= last; height++) {
    const { transactions } = await blockAt(anvil, hexNumber(height))
    times += transactions.filter(({ input }) => String(input).endsWith(hexOf(commitment).slice(2))).length
  }
  return times
}

describe.skipIf(!anvilIsHere)('a real EVM node', () => {
  let anvil: Anvil
  const start = async (fork = 'prague') => {
    anvil = await startAnvil('--hardfork', fork, '--slots-in-an-epoch', '1')
  }

  describe('with one chain', () => {
    beforeAll(() => start())
    afterAll(() => anvil.stop())

    test('anchors by calldata among 166 transactions, each step done twice, and once in the chain', async () => {
      const submitter = submitterAt(anvil)
      await sendMixed(anvil, 41)
      const receipt = await sent(submitter)
      await mine(anvil)
      expect(await advance(submitter, receipt)).toEqual({ is: 'waiting', receipt, for: 'depth' })
      await mine(anvil, 2)
      const block = await blockAt(anvil, '0x1')
      const { anchor, end, receipt: last } = anchorOf(await advance(submitter, receipt))
      expect(block.transactions.length).toBe(166)
      expect(end).toBe(block.hash)
      expect({ ...anchor, path: [] }).toEqual({
        kind: 'path',
        chain,
        height: 1,
        end: 'blockHash',
        path: [],
        transaction: hashesOf(receipt)[0],
      })
      expect(pathBytes(anchor.path).length).toBeLessThan(1500)
      expect(trustedBlockOf(last)).toEqual([1, block.hash, readHexNumber(block.timestamp as Json)])
      expect(await timesAnchored(anvil)).toBe(1)
    })

    test.each(['topic', 'data'] as const)('anchors by the %s of a log', async (where) => {
      const contract = await deploy(anvil, loggers[where])
      const submitter = submitterAt(anvil, { event: { contract, calldata: (bytes) => bytes } })
      await sendMixed(anvil, 3)
      const receipt = await sent(submitter)
      await mine(anvil, 3)
      const { anchor, end } = anchorOf(await advance(submitter, receipt))
      expect(end).toBe((await blockAt(anvil, hexNumber(anchor.height))).hash)
      // The bloom filter of the receipt is on the way.
      expect(pathBytes(anchor.path).length).toBeGreaterThan(1200)
    })

    test('a block’s hash can be proven from a later one that is trusted', async () => {
      const submitter = submitterAt(anvil)
      const receipt = await sent(submitter)
      await mine(anvil, 3)
      const { anchor } = anchorOf(await advance(submitter, receipt))
      await mine(anvil, 300)
      const node = await openEvmNode({ chain, transport: { url: anvil.url, fetch } })
      for (const blocks of [1, 2, 300]) {
        const later = anchor.height + blocks
        const longer = await proveFromLater(node, commitment, anchor, later)
        expect([longer.height, hexOf(followPath(commitment, longer.path)!)]).toEqual([
          later,
          (await blockAt(anvil, hexNumber(later))).hash,
        ])
      }
    })

    test('a hash that begins with a zero is proven through the next block', async () => {
      let block: JsonBlock
      do {
        await mine(anvil)
        block = await blockAt(anvil, 'latest')
      } while (!block.hash.startsWith('0x00'))
      const height = readHexNumber(block.number)!
      await mine(anvil, 5)
      const node = await openEvmNode({ chain, transport: { url: anvil.url, fetch } })
      const { bytes } = headerOfJson(block)!
      const anchor = {
        kind: 'path',
        chain,
        height,
        end: 'blockHash',
        path: [{ op: 'append', data: bytes.slice(32) }, { op: 'keccak256' }],
      } as const
      const longer = await proveFromLater(node, bytes.slice(0, 32), anchor, height + 5)
      expect(hexOf(followPath(bytes.slice(0, 32), longer.path)!)).toBe(
        (await blockAt(anvil, hexNumber(height + 5))).hash,
      )
    })

    test('agrees on the roots of blocks of many sizes', async () => {
      for (const rounds of [0, 1, 4, 31, 33, 64]) {
        await sendMixed(anvil, rounds)
        await mine(anvil)
        const block = await blockAt(anvil, 'latest')
        const bytes = block.transactions.map((one) => transactionOfJson(one)!)
        expect(hexOf(trieProof(bytes, 0).root)).toBe(block.transactionsRoot)
      }
    })

    test('is not believed about a block with a blob, whose root it makes with the blob in it', async () => {
      const submitter = submitterAt(anvil)
      const receipt = await sent(submitter)
      await sendBlob(anvil)
      await mine(anvil, 3)
      await expect(submitter.advance(receipt)).rejects.toMatchObject({
        detail: { fault: 'contradictory', what: 'transactionsRoot' },
      })
    })
  })

  describe('with a chain of its own for each test', () => {
    const run = async (body: () => Promise<void>, fork?: string): Promise<void> => {
      await start(fork)
      try {
        await body()
      } finally {
        await anvil.stop()
      }
    }

    test('a reorganisation before the block is final: sent again, and anchored in the new block', () =>
      run(async () => {
        const submitter = submitterAt(anvil)
        const receipt = await sent(submitter)
        await mine(anvil)
        expect((await submitter.advance(receipt)).is).toBe('waiting')
        const old = await blockAt(anvil, '0x1')
        await anvil.ask('anvil_reorg', 1, [])
        expect((await blockAt(anvil, '0x1')).hash).not.toBe(old.hash)
        expect(await advance(submitter, receipt)).toEqual({ is: 'waiting', receipt, for: 'block' })
        await mine(anvil, 3)
        const { anchor, end } = anchorOf(await advance(submitter, receipt))
        expect(end).toBe((await blockAt(anvil, hexNumber(anchor.height))).hash)
        expect(end).not.toBe(old.hash)
        expect(await timesAnchored(anvil)).toBe(1)
      }))

    test('a chain that went back to before the transaction: the same bytes are sent again', () =>
      run(async () => {
        const submitter = submitterAt(anvil)
        const snapshot = await anvil.ask('evm_snapshot')
        const receipt = await sent(submitter)
        await mine(anvil)
        await anvil.ask('evm_revert', snapshot)
        expect(await advance(submitter, receipt)).toEqual({ is: 'waiting', receipt, for: 'block' })
        await mine(anvil, 3)
        expect(anchorOf(await advance(submitter, receipt)).anchor.transaction).toBe(hashesOf(receipt)[0])
        expect(await timesAnchored(anvil)).toBe(1)
      }))

    test('a nonce that another transaction took: one anew, once that is final', () =>
      run(async () => {
        const submitter = submitterAt(anvil)
        const { receipt } = await submitter.advance(submitter.start(commitment))
        const { address } = devSigner
        await anvil.ask('eth_sendTransaction', { from: address, to: address, nonce: '0x0' })
        await mine(anvil)
        expect(await advance(submitter, receipt)).toEqual({ is: 'waiting', receipt, for: 'block' })
        await mine(anvil, 2)
        const over = await advance(submitter, receipt)
        expect(over).toEqual({ is: 'working', receipt: submitter.start(commitment) })
        const again = await sent(submitter)
        await mine(anvil, 3)
        expect(anchorOf(await advance(submitter, again)).anchor.height).toBe(4)
        expect(await timesAnchored(anvil)).toBe(1)
      }))

    test('a transaction that waits is replaced by one with higher fees, and one of them is taken', () =>
      run(async () => {
        const clock = { now: 1_800_000_000_000 }
        const submitter = submitterAt(anvil, { now: () => clock.now })
        const receipt = await sent(submitter)
        clock.now += 600_000
        const raised = await advance(submitter, receipt)
        expect(raised.is).toBe('working')
        const step = await advance(submitter, raised.receipt)
        expect(step).toEqual({ is: 'waiting', receipt: raised.receipt, for: 'block' })
        await mine(anvil, 3)
        const { anchor } = anchorOf(await advance(submitter, raised.receipt))
        expect(anchor.transaction).toBe(hashesOf(raised.receipt)[1])
        expect(await timesAnchored(anvil)).toBe(1)
      }))

    test('two submissions at once: each gets its own transaction in the end', () =>
      run(async () => {
        const submitter = submitterAt(anvil)
        const other = sha256(utf8('another batch'))
        const first = (await submitter.advance(submitter.start(commitment))).receipt
        const second = (await submitter.advance(submitter.start(other))).receipt
        expect((await submitter.advance(first)).is).toBe('waiting')
        expect(await submitter.advance(second)).toEqual({ is: 'waiting', receipt: second, for: 'block' })
        await mine(anvil, 3)
        expect(anchorOf(await submitter.advance(first)).anchor.height).toBe(1)
        let step = await submitter.advance(second)
        for (let i = 0; step.is === 'working' && i < 5; i++) step = await submitter.advance(step.receipt)
        await mine(anvil, 3)
        step = await submitter.advance(step.receipt)
        if (step.is !== 'final' || step.anchor.kind !== 'path') throw new Error(step.is)
        const { hash } = await blockAt(anvil, hexNumber(step.anchor.height))
        expect(hexOf(followPath(other, step.anchor.path)!)).toBe(hash)
      }))

    test.each(['berlin', 'london', 'paris', 'shanghai', 'cancun', 'osaka'])('of the fork %s', (fork) =>
      run(async () => {
        const submitter = submitterAt(anvil, { depth: 1 })
        const receipt = await sent(submitter)
        await mine(anvil)
        expect(anchorOf(await advance(submitter, receipt)).end).toBe((await blockAt(anvil, '0x1')).hash)
      }, fork),
    )

    test('without coins in the account: the node’s no, and the receipt stays good', () =>
      run(async () => {
        const submitter = submitterAt(anvil)
        const { receipt } = await submitter.advance(submitter.start(commitment))
        await anvil.ask('anvil_setBalance', devSigner.address, '0x0')
        await expect(submitter.advance(receipt)).rejects.toMatchObject({
          code: 'anchor.endpoint_failed',
          detail: { fault: 'refused' },
        })
        await anvil.ask('anvil_setBalance', devSigner.address, hexNumber(10n ** 18n))
        expect((await submitter.advance(receipt)).is).toBe('waiting')
      }))
  })
})
