/** No file of a wallet with one bit changed leads another commitment to a trusted block; what is accepted is listed, with the reason. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { headerHash } from '../../src/anchor/bitcoin-header.ts'
import { bitcoinSubmitter, outputScript } from '../../src/anchor/bitcoin-submitter.ts'
import { compact, readTransaction, txidOf } from '../../src/anchor/bitcoin-transaction.ts'
import { type ChainState, readChains } from '../../src/anchor/chains.ts'
import { followPath } from '../../src/anchor/path.ts'
import { openWalletFile, transactionsIn } from '../../src/anchor/wallet-files.ts'
import { type Bytes, concat, equalBytes, toHex, utf8 } from '../../src/base/bytes.ts'
import { sha256, sha256Hex } from '../../src/base/digest.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { blockOf, madeTransaction, merkleBlock } from './bitcoin-blocks.ts'
import { displayed, minedHeader } from './makers.ts'

const chain = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328' as const
const commitment = sha256(utf8('a commitment'))
const ours = madeTransaction(outputScript(commitment, chain), true)
const txid = txidOf(readTransaction(ours)!)
const stranger = madeTransaction(outputScript(sha256(commitment), chain))
const height = 3

/** A block with our transaction at a place, in a chain of eight. */
function mined(count: number, index: number) {
  const block = blockOf(txid, count, index, height)
  const headers: Bytes[] = []
  for (let i = 0; i < 8; i++) {
    const root = i === height ? block.root : sha256(utf8(`block ${i}`))
    const previous = headers.length === 0 ? {} : { previous: headerHash(headers.at(-1)!) }
    headers.push(minedHeader(root, { time: 1_770_000_000 + 600 * i, ...previous }))
  }
  return { ...block, headers, index }
}
type Mined = ReturnType<typeof mined>

const stateOf = (entry: JsonObject, bytes: Bytes): Promise<ChainState> =>
  readChains(
    JSON.stringify({
      type: 'AnchorTrust',
      version: 1,
      chains: { [chain]: { family: 'bitcoin', minDepth: 2, ...entry } },
    }),
    { file: async () => bytes },
  )
const trustingHeaders = ({ headers }: Mined): Promise<ChainState> => {
  const bytes = concat(...headers)
  return stateOf({ headers: [{ start: 0, count: 8, file: 'run', sha256: sha256Hex(bytes) }] }, bytes)
}
const trustingCheckpoint = ({ headers }: Mined): Promise<ChainState> =>
  stateOf({ checkpoints: [[7, displayed(headerHash(headers[7]!))]] }, new Uint8Array(0))

const electrum = ({ path, index }: Mined): Bytes =>
  utf8(JSON.stringify({ merkle: path.map(displayed), pos: index, block_height: height }))

interface Form {
  /** What is changed. */
  readonly file: (block: Mined) => Bytes
  /** What stays as it is. */
  readonly beside: (block: Mined) => readonly Bytes[]
  readonly state: (block: Mined) => Promise<ChainState>
  /** Which changed bits are accepted, by what they are, for the first block and the second. */
  readonly harmless: Readonly<Record<string, readonly [number, number]>>
  readonly says?: (bit: number, changed: Bytes) => string
}

const beefEnd = (block: Mined) => concat(compact(1), block.bump)
const forms: Readonly<Record<string, Form>> = {
  'a transaction': {
    file: () => ours,
    beside: (block) => [electrum(block)],
    state: trustingHeaders,
    // A witness is no part of what is hashed to the txid, so the path is the same to the byte.
    harmless: { 'byte of the witness': [24, 24] },
    says: (bit) =>
      bit >= (ours.length - 7) * 8 && bit < (ours.length - 4) * 8 ? 'byte of the witness' : 'other',
  },
  'an Electrum branch': { file: electrum, beside: () => [ours], state: trustingHeaders, harmless: {} },
  'a BUMP': {
    file: ({ bump }) => bump,
    beside: () => [ours],
    state: trustingHeaders,
    // A flag only says whether its writer cares for that transaction; the hash and its place stay.
    harmless: { 'flag: transaction or hash': [4, 3] },
    says: () => 'flag: transaction or hash',
  },
  'a BEEF of version 1': {
    file: (block) =>
      concat(
        Uint8Array.of(1, 0, 0xbe, 0xef),
        beefEnd(block),
        Uint8Array.of(2),
        stranger,
        Uint8Array.of(0),
        ours,
        Uint8Array.of(1, 0),
      ),
    beside: () => [],
    state: trustingHeaders,
    // Other transactions are none of ours: all their bits but those of five counts and lengths, which end the reading.
    harmless: {
      'flag: transaction or hash': [4, 3],
      'byte of the witness': [24, 24],
      'another transaction': [912, 912],
    },
    says: (bit, changed) => inBeef(bit, changed, changed.length - ours.length - 2 - stranger.length - 1),
  },
  'a BEEF of version 2, in an Atomic one': {
    file: (block) =>
      concat(
        Uint8Array.of(1, 1, 1, 1),
        txid,
        Uint8Array.of(2, 0, 0xbe, 0xef),
        beefEnd(block),
        Uint8Array.of(2, 2),
        sha256(utf8('only its id')),
        Uint8Array.of(1, 0),
        ours,
      ),
    beside: () => [],
    state: trustingHeaders,
    // Here the other transaction is a txid alone.
    harmless: {
      'flag: transaction or hash': [4, 3],
      'byte of the witness': [24, 24],
      'another transaction': [256, 256],
    },
    says: (bit, changed) => inBeef(bit, changed, changed.length - ours.length - 2 - 32),
  },
  'a merkleblock': {
    file: (block) => merkleBlock(block.headers[height]!, block.levels, block.index),
    beside: () => [ours],
    state: trustingHeaders,
    // A bit of a leaf beside ours only says that its txid was asked for too.
    harmless: { 'flag: another transaction was asked for': [1, 0] },
    says: () => 'flag: another transaction was asked for',
  },
  'headers that lead to a checkpoint': {
    file: ({ headers }) => concat(...headers.slice(height)),
    beside: (block) => [ours, block.bump],
    state: trustingCheckpoint,
    harmless: {},
  },
  'a merkleblock under a checkpoint': {
    file: (block) => merkleBlock(block.headers[height]!, block.levels, block.index),
    beside: (block) => [
      ours,
      concat(...block.headers.slice(height)),
      utf8(JSON.stringify({ hash: displayed(headerHash(block.headers[height]!)), height })),
    ],
    state: trustingCheckpoint,
    harmless: { 'flag: another transaction was asked for': [1, 0] },
    says: () => 'flag: another transaction was asked for',
  },
}

/** Ours is at the end of a BEEF: after it what proves it (version 1), before it strangers from a place on. */
function inBeef(bit: number, changed: Bytes, strangersFrom: number): string {
  const at = Math.floor(bit / 8)
  const end = changed[0] === 1 && changed[1] === 0 ? changed.length - 2 : changed.length
  if (at >= end - 7 && at < end - 4) return 'byte of the witness'
  return at >= strangersFrom && at < end - ours.length ? 'another transaction' : 'flag: transaction or hash'
}

const changedAt = (bytes: Bytes, ...bits: readonly number[]): Bytes => {
  const changed = bytes.slice()
  for (const bit of bits) changed[Math.floor(bit / 8)]! ^= 1 << (bit % 8)
  return changed
}

/** Every commitment that the files could be taken for: ours, and what outputs of theirs carry. */
const commitmentsIn = (files: readonly Bytes[]): readonly Bytes[] => [
  commitment,
  ...files
    .flatMap((file) => transactionsIn(openWalletFile(file)))
    .flatMap(({ outputs }) => outputs.map(({ script }) => script.slice(-32)))
    .filter((found) => found.length === 32 && !equalBytes(found, commitment)),
]

/** The commitments that files lead to the Merkle root of a block that is trusted, as a verifier judges. */
async function provenBy(files: readonly Bytes[], chains: ChainState): Promise<readonly string[]> {
  const proven: string[] = []
  for (const one of commitmentsIn(files)) {
    const submitter = bitcoinSubmitter({ chain, given: files, chains })
    const step = await submitter.advance(submitter.start(one))
    if (!('anchor' in step) || step.anchor?.kind !== 'path') continue
    const { path, headers, height: at } = step.anchor
    const answer = chains.block({ chain, height: at, ...(headers && { headers }) })
    if (answer.ok && equalBytes(answer.block.merkleRoot!, followPath(one, path)!)) proven.push(toHex(one))
  }
  return proven
}

// In the second our transaction is the last of an odd number, so that hashes are repeated.
const blocks = [mined(7, 4), mined(7, 6)]

describe.each(Object.entries(forms))('%s', (_name, { file, beside, state, harmless, says }) => {
  test('with any one of its bits changed proves nothing else, and nothing at all but for what is listed', async () => {
    for (const [i, block] of blocks.entries()) {
      const whole = file(block)
      const chains = await state(block)
      expect(await provenBy([whole, ...beside(block)], chains)).toEqual([toHex(commitment)])
      const accepted: Record<string, number> = {}
      for (let bit = 0; bit < whole.length * 8; bit++) {
        const changed = changedAt(whole, bit)
        const proven = await provenBy([changed, ...beside(block)], chains)
        expect([[], [toHex(commitment)]]).toContainEqual(proven)
        if (proven.length === 0) continue
        const what = says?.(bit, changed) ?? 'other'
        accepted[what] = (accepted[what] ?? 0) + 1
      }
      const expected = Object.entries(harmless).map(([what, counts]) => [what, counts[i]!] as const)
      expect(accepted).toEqual(Object.fromEntries(expected.filter(([, count]) => count > 0)))
    }
  })
})

test('any two or three bits changed in any of them prove no other commitment', async () => {
  const cases = await Promise.all(
    Object.values(forms).flatMap(({ file, beside, state }) =>
      blocks.map(async (block) => ({
        whole: file(block),
        beside: beside(block),
        chains: await state(block),
      })),
    ),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...cases),
      fc.array(fc.nat(), { minLength: 2, maxLength: 3 }),
      async ({ whole, beside, chains }, places) => {
        const changed = changedAt(whole, ...places.map((place) => place % (whole.length * 8)))
        for (const proven of await provenBy([changed, ...beside], chains))
          expect(proven).toBe(toHex(commitment))
      },
    ),
    { seed: 20261123, numRuns: 10_000 },
  )
})
