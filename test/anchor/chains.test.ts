import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChainId, HeaderProof, HeaderSegment } from '../../src/anchor/anchor.ts'
import { headerAt, headerHash, readHeader } from '../../src/anchor/bitcoin-header.ts'
import { bitcoinMainnet, bsvMainnet } from '../../src/anchor/bitcoin-networks.ts'
import { chainNoteText } from '../../src/anchor/chain-note.ts'
import { type BlockAnswer, type ChainState, noChains, readChains } from '../../src/anchor/chains.ts'
import { checkpointText } from '../../src/anchor/checkpoint.ts'
import { noteKeyText } from '../../src/anchor/note.ts'
import { type NoteSigner, noteSigner, signNote } from '../../src/anchor/note-signature.ts'
import { hashLeaf, inclusionPath, rootOf, treeReader } from '../../src/anchor/tree.ts'
import { type Bytes, concat, fromHex, toHex } from '../../src/base/bytes.ts'
import { sha256Hex } from '../../src/base/digest.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'
import known from './bitcoin-830000.json' with { type: 'json' }
import { displayed, logKey, minedOn, minedPath, policyText, stateWith } from './makers.ts'

const regtest: ChainId = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328'
const ethereum: ChainId = 'eip155:1'
const time = 1_770_000_000
const start = 100
const { header: first } = minedPath(new Uint8Array(32), { chain: regtest, height: start, time })
/** Twelve blocks from height 100 on. */
const run = concat(first, minedOn(first, 11, time))
const hashAt = (index: number): Bytes => headerAt(run, index)!.hash
const tip = start + 11
const segmentOf = (index: number, count: number): HeaderSegment => ({
  height: start + index,
  bytes: run.slice(index * 80, (index + count) * 80),
})
/** Another block on the same parent as the one at index 5. */
const stale = minedPath(new Uint8Array(32).fill(7), {
  chain: regtest,
  height: start + 5,
  time,
  previous: hashAt(4),
}).header

const headersRow = { start, count: 12, file: 'run.bin', sha256: sha256Hex(run) }
const files = (content: Bytes = run) => ({ file: async () => content })
const stateOf = (entry: JsonObject, more: JsonObject = {}, content?: Bytes) =>
  readChains(
    JSON.stringify({
      type: 'AnchorTrust',
      version: 1,
      ...more,
      chains: { [regtest]: { family: 'bitcoin', minDepth: 1, ...entry } },
    }),
    files(content),
  )
const shortOf = (answer: BlockAnswer) =>
  answer.ok ? `${answer.block.basis} ${answer.block.depth}` : `${answer.status} ${answer.reason}`
const claim = { chain: regtest, height: start + 5 }

const signers: readonly NoteSigner[] = [1, 2, 3].map((i) =>
  noteSigner(`chains${i}.example`, signerOfSeed(new Uint8Array(32).fill(120 + i))),
)
const noteQuorum = { k: 2, keys: signers.map(({ key }) => noteKeyText(key)) }
const noteText = (height: number, hash: Bytes, chain: ChainId = regtest) =>
  chainNoteText({ at: '2026-03-02T00:00:00Z' as Instant, blocks: [{ chain, height, hash, time }] })
const noteBy = (by: readonly number[], text = noteText(start + 5, hashAt(5))) =>
  signNote(
    text,
    by.map((i) => signers[i]!),
    0,
  )

describe('a block is found', () => {
  test('in a file of headers', async () => {
    const state = await stateOf({ headers: [headersRow] })
    expect(state.block(claim)).toEqual({
      ok: true,
      block: {
        height: start + 5,
        hash: hashAt(5),
        merkleRoot: headerAt(run, 5)!.merkleRoot,
        time: headerAt(run, 5)!.time,
        depth: 7,
        basis: 'headers',
      },
    })
  })

  test('by headers that lead to a checkpoint', async () => {
    const state = await stateOf({ checkpoints: [[tip, displayed(hashAt(11))]] })
    expect(shortOf(state.block({ ...claim, headers: segmentOf(5, 7) }))).toBe('checkpoint 7')
    // The header itself may be the one that is pinned.
    expect(shortOf(state.block({ chain: regtest, height: tip, headers: segmentOf(11, 1) }))).toBe(
      'checkpoint 1',
    )
    expect(shortOf(state.block({ chain: regtest, height: tip }))).toBe('no_trusted_state header_not_at_hand')
  })

  test('in a log of headers', async () => {
    const leaves = Array.from({ length: 12 }, (_, i) => hashLeaf(run.slice(i * 80, i * 80 + 80)))
    const read = treeReader(leaves)
    const text = checkpointText({ origin: logKey.key.name, size: 12, root: rootOf(read, 12), extensions: [] })
    const checkpoint = await signNote(text, [logKey], 0)
    const policy = `log ${noteKeyText(logKey.key)}\nquorum none\n`
    const state = await stateOf({ headerLogs: [{ start, policy, checkpoint }] })
    const headerProof: HeaderProof = {
      height: start + 5,
      header: run.slice(400, 480),
      index: 5,
      size: 12,
      path: inclusionPath(read, 5, 12),
    }
    const ask = (change: Partial<HeaderProof>) =>
      shortOf(state.block({ ...claim, headerProof: { ...headerProof, ...change } }))
    expect(ask({})).toBe('header-log 7')
    expect(ask({ index: 6 })).toBe('no_trusted_state header_log_unknown')
    expect(ask({ size: 13 })).toBe('no_trusted_state header_log_unknown')
    expect(ask({ header: run.slice(480, 560) })).toBe('invalid header_not_in_log')
    expect(ask({ path: headerProof.path.slice(1) })).toBe('invalid header_not_in_log')
    expect(shortOf(state.block(claim))).toBe('no_trusted_state height_not_covered')
    await expect(stateOf({ headerLogs: [{ start, policy: policyText, checkpoint }] })).rejects.toMatchObject({
      detail: { what: `${regtest}/headerLogs/0/checkpoint: quorum_not_met` },
    })
  })

  test('where enough institutions signed a note on it', async () => {
    const state = await stateOf({}, { noteQuorum, notes: [await noteBy([0, 2])] })
    expect(shortOf(state.block({ ...claim, hash: hashAt(5) }))).toBe('signed-note 1')
    expect(state.block(claim)).toMatchObject({ block: { time, hash: hashAt(5) } })
  })

  test('of an EVM chain where it is pinned', async () => {
    const hash = new Uint8Array(32).fill(0xab)
    const state = await stateWith({
      [ethereum]: { family: 'evm', blocks: [[23_456_789, `0x${'ab'.repeat(32)}`, time]] },
    })
    const at = (height: number, one: Bytes) => shortOf(state.block({ chain: ethereum, height, hash: one }))
    expect(at(23_456_789, hash)).toBe('pinned 1')
    expect(at(23_456_789, new Uint8Array(32))).toBe('invalid block_not_in_chain')
    expect(at(23_456_790, hash)).toBe('no_trusted_state height_not_covered')
  })
})

describe('a block is not found', () => {
  const pinned = { checkpoints: [[tip, displayed(hashAt(11))]] }
  test.each<[what: string, entry: JsonObject, claim: object, answer: string]>([
    ['in a chain that is not known', {}, { chain: bsvMainnet }, 'no_trusted_state chain_unknown'],
    ['at a height that nothing reaches', pinned, {}, 'no_trusted_state height_not_covered'],
    ['beyond the end', { headers: [headersRow] }, { height: tip + 1 }, 'no_trusted_state height_not_covered'],
    [
      'where the chain has another: it is stale',
      { headers: [headersRow] },
      { headers: { height: start + 5, bytes: stale } },
      'invalid block_not_in_chain',
    ],
    [
      'where another is pinned',
      { checkpoints: [[start + 5, displayed(hashAt(5))]] },
      { headers: { height: start + 5, bytes: stale } },
      'invalid block_not_in_chain',
    ],
    [
      'where its hash is another',
      { headers: [headersRow] },
      { hash: headerHash(stale) },
      'invalid block_not_in_chain',
    ],
    [
      'where header and hash are of two blocks',
      { headers: [headersRow] },
      { hash: hashAt(5), headers: { height: start + 5, bytes: stale } },
      'invalid header_of_another_block',
    ],
    [
      'where headers do not lead to the checkpoint',
      pinned,
      { headers: { height: start + 5, bytes: concat(stale, run.slice(480)) } },
      'invalid headers_not_linked',
    ],
    [
      'where headers have a gap',
      pinned,
      { headers: { height: start + 5, bytes: concat(run.slice(400, 480), run.slice(560), run.slice(880)) } },
      'invalid headers_not_linked',
    ],
    [
      'where headers stop before the checkpoint',
      pinned,
      { headers: segmentOf(5, 6) },
      'no_trusted_state height_not_covered',
    ],
    [
      'where headers are of other heights',
      pinned,
      { headers: segmentOf(4, 8) },
      'no_trusted_state height_not_covered',
    ],
    [
      'where it is too near to the end',
      { ...pinned, minDepth: 8 },
      { headers: segmentOf(5, 7) },
      'too_shallow depth_7_of_8',
    ],
    [
      'where more than 2016 headers come',
      pinned,
      { headers: { height: start + 5, bytes: new Uint8Array(2017 * 80) } },
      'invalid headers_malformed',
    ],
  ])('%s', async (_what, entry, change, answer) => {
    const state = await stateOf(entry)
    expect(shortOf(state.block({ ...claim, ...change }))).toBe(answer)
  })

  test('where nothing is known at all', () => {
    expect(shortOf(noChains.block(claim))).toBe('no_trusted_state chain_unknown')
    expect(noChains.logPolicy).toBeUndefined()
  })

  test('six blocks are asked of Bitcoin unless the state says otherwise', async () => {
    const row = (minDepth: object) => ({
      [regtest]: { family: 'bitcoin', ...minDepth, headers: [headersRow] },
    })
    const text = JSON.stringify({ type: 'AnchorTrust', version: 1, chains: row({}) })
    const state = await readChains(text, files())
    expect(shortOf(state.block({ chain: regtest, height: tip - 5 }))).toBe('headers 6')
    expect(shortOf(state.block({ chain: regtest, height: tip - 4 }))).toBe('too_shallow depth_5_of_6')
  })

  test('threat 7: under the name of a chain that shares its blocks', async () => {
    const entry = { family: 'bitcoin', minDepth: 1, headers: [headersRow] }
    const state = await readChains(
      JSON.stringify({ type: 'AnchorTrust', version: 1, chains: { [bsvMainnet]: entry } }),
      files(),
    )
    expect(shortOf(state.block({ ...claim, chain: bsvMainnet }))).toBe('headers 7')
    expect(shortOf(state.block({ ...claim, chain: bitcoinMainnet }))).toBe('no_trusted_state chain_unknown')
    expect(
      [bsvMainnet, bitcoinMainnet, regtest, ethereum, 'eip155:31337', 'eip155:11155111'].map((id) =>
        state.isTest(id as ChainId),
      ),
    ).toEqual([false, false, true, false, true, true])
  })
})

describe('notes that somebody brings', () => {
  const empty = () => stateOf({}, { noteQuorum })
  const asked = async (state: ChainState, ...notes: readonly string[]) =>
    shortOf((await state.withNotes(notes)).block({ ...claim, hash: hashAt(5) }))

  test('count by the quorum that the state names', async () => {
    const good = await noteBy([0, 1])
    expect(await asked(await empty(), good)).toBe('signed-note 1')
    expect(await asked(await empty(), good, good, 'junk')).toBe('signed-note 1')
    expect(await asked(await stateOf({}), good)).toBe('no_trusted_state height_not_covered')
  })

  test.each<[what: string, note: () => Promise<string>]>([
    ['one signature of the two', () => noteBy([0])],
    ['one signature twice', () => noteBy([0, 0])],
    [
      'a signer that nobody named',
      async () => signNote(noteText(start + 5, hashAt(5)), [signers[0]!, logKey], 0),
    ],
    [
      'a signature that does not hold',
      async () => (await noteBy([0, 1, 2])).replace(/(.{8})\n$/, 'AAAAAAA=\n'),
    ],
    ['another block', () => noteBy([0, 1], noteText(start + 6, hashAt(6)))],
    ['another chain', () => noteBy([0, 1], noteText(start + 5, hashAt(5), bitcoinMainnet))],
    ['another first line', () => noteBy([0, 1], noteText(start + 5, hashAt(5)).replace('v1', 'v2'))],
    ['a day that is none', () => noteBy([0, 1], noteText(start + 5, hashAt(5)).replace('03-02', '02-30'))],
    [
      'a hash in another spelling',
      () =>
        noteBy(
          [0, 1],
          noteText(start + 5, hashAt(5)).replace(displayed(hashAt(5)), `0x${displayed(hashAt(5))}`),
        ),
    ],
    ['a word too many', () => noteBy([0, 1], noteText(start + 5, hashAt(5)).replace(/\n$/, ' more\n'))],
    ['nothing', () => noteBy([0, 1], 'gradecert.org/chain-state/v1\n2026-03-02T00:00:00Z\n')],
  ])('with %s do not count', async (_what, note) => {
    expect(await asked(await empty(), await note())).toMatch(/^no_trusted_state/)
  })

  test('never displace what the state holds, and two that differ cancel each other', async () => {
    const other = await noteBy([0, 1], noteText(start + 5, headerHash(stale)))
    const held = await stateOf({ headers: [headersRow] }, { noteQuorum })
    expect(await asked(held, other)).toBe('headers 7')
    expect(await asked(await empty(), other, await noteBy([1, 2]))).toBe(
      'no_trusted_state height_not_covered',
    )
  })
})

describe('a state', () => {
  const faultOf = (file: unknown, content?: Bytes) =>
    readChains(typeof file === 'string' ? file : JSON.stringify(file), files(content)).then(
      () => null,
      ({ code, detail }: { code: string; detail: { what: string } }) => `${code} ${detail.what}`,
    )
  const base = { type: 'AnchorTrust', version: 1 }
  const withChain = (entry: object, id: string = regtest) => ({
    ...base,
    chains: { [id]: { family: 'bitcoin', ...entry } },
  })
  const hash = displayed(hashAt(5))

  test.each<[what: string, file: unknown, fault: string, content?: Bytes]>([
    ['that is no JSON', '{', 'the text does not follow the grammar of RFC 8259'],
    ['that is a list', [], 'file'],
    ['of another type', { ...base, type: 'Trust' }, 'type and version'],
    ['of another version', { ...base, version: 2 }, 'type and version'],
    ['with a member that nobody knows', { ...base, more: 1 }, 'file: more'],
    ['with a policy that is none', { ...base, tlog: 'quorum' }, 'line 1: not understood'],
    ['with a chain that has no CAIP-2 id', withChain({}, 'bitcoin'), 'chains/bitcoin'],
    ['with the wrong family', withChain({ family: 'evm' }), `${regtest}/family`],
    ['with rules that are none', withChain({ rules: 'bsv' }), `${regtest}/rules`],
    ['with a depth of 0', withChain({ minDepth: 0 }), `${regtest}/minDepth`],
    [
      'with headers of an EVM chain',
      { ...base, chains: { [ethereum]: { family: 'evm', headers: [] } } },
      `${ethereum}: only for chains of Bitcoin's family`,
    ],
    ['with a hash that is none', withChain({ checkpoints: [[5, 'ab']] }), `${regtest}/checkpoints/0`],
    [
      'with a block without time',
      { ...base, chains: { [ethereum]: { family: 'evm', blocks: [[5, `0x${hash}`]] } } },
      `${ethereum}/blocks/0: time`,
    ],
    [
      'with two blocks of one height',
      withChain({
        checkpoints: [
          [5, hash],
          [5, displayed(hashAt(6))],
        ],
      }),
      `${regtest}/checkpoints/1: two blocks of one height`,
    ],
    [
      'with a checkpoint against its headers',
      withChain({ headers: [headersRow], checkpoints: [[start + 4, hash]] }),
      `${regtest}/checkpoints/0: two blocks of one height`,
    ],
    [
      'with headers that were changed',
      withChain({ headers: [headersRow] }),
      `${regtest}/headers/0/sha256`,
      run.map((byte, i) => (i === 500 ? byte ^ 1 : byte)),
    ],
    [
      'with headers that were cut short',
      withChain({ headers: [headersRow] }),
      `${regtest}/headers/0/count`,
      run.slice(80),
    ],
    [
      'with a file in another folder',
      withChain({ headers: [{ ...headersRow, file: '../run.bin' }] }),
      `${regtest}/headers/0/file`,
    ],
    ['with a quorum above its keys', { ...base, noteQuorum: { ...noteQuorum, k: 4 } }, 'noteQuorum'],
    [
      'with one key under two names',
      {
        ...base,
        noteQuorum: {
          k: 1,
          keys: [
            noteQuorum.keys[0],
            noteKeyText(noteSigner('x', signerOfSeed(new Uint8Array(32).fill(121))).key),
          ],
        },
      },
      'noteQuorum/keys',
    ],
    ['with a note that does not count', { ...base, noteQuorum, notes: ['hello'] }, 'notes/0'],
  ])('%s is refused', async (_what, file, fault, content) => {
    expect(await faultOf(file, content)).toBe(`anchor.file_malformed ${fault}`)
  })

  test('with headers and no way to read them says which file is missing', async () => {
    await expect(readChains(JSON.stringify(withChain({ headers: [headersRow] })))).rejects.toMatchObject({
      detail: { what: `${regtest}/headers/0: the file run.bin is not at hand` },
    })
  })
})

test('with any one bit changed, neither headers nor notes vouch for another block', async () => {
  const state = await stateOf({ checkpoints: [[tip, displayed(hashAt(11))]] })
  const { bytes } = segmentOf(5, 7)
  fc.assert(
    fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
      const changed = bytes.slice()
      changed[Math.floor(bit / 8)]! ^= 1 << (bit % 8)
      expect(state.block({ ...claim, headers: { height: start + 5, bytes: changed } }).ok).toBe(false)
    }),
    { seed: 20261123, numRuns: 10_000 },
  )
  const noted = await stateOf({}, { noteQuorum })
  const note = new TextEncoder().encode(await noteBy([0, 1]))
  await fc.assert(
    fc.asyncProperty(fc.nat(note.length * 8 - 1), async (bit) => {
      const changed = note.slice()
      changed[Math.floor(bit / 8)]! ^= 1 << (bit % 8)
      const answer = (await noted.withNotes([new TextDecoder().decode(changed)])).block(claim)
      expect(answer.ok).toBe(false)
    }),
    { seed: 20261123, numRuns: 10_000 },
  )
})

describe('blocks of Bitcoin', () => {
  test('a header of the main net proves its block where its hash is pinned', async () => {
    const state = await stateWith({
      [bitcoinMainnet]: { family: 'bitcoin', minDepth: 1, checkpoints: [[known.height, known.blockHash]] },
    })
    const bytes = fromHex(known.header)!
    const answer = state.block({
      chain: bitcoinMainnet,
      height: known.height,
      headers: { height: known.height, bytes },
    })
    expect(answer).toMatchObject({ ok: true, block: { merkleRoot: readHeader(bytes)!.merkleRoot } })
  })

  test.skipIf(!sharedIsHere)(
    'threat 2: the stale block 823226 has proof of work, and is not in the chain',
    async () => {
      const file = 'anchor/known-answers.json'
      const { stale: row } = sharedJson(`vectors/${file}`).bitcoinHeaders
      const [staleBytes, main, next] = [row.stale, row.main, row.mainNext].map((hex: string) => fromHex(hex)!)
      const state = await stateWith({
        [bitcoinMainnet]: {
          family: 'bitcoin',
          minDepth: 1,
          checkpoints: [[row.height + 1, displayed(headerHash(next!))]],
        },
      })
      const ask = (bytes: Bytes) =>
        shortOf(
          state.block({
            chain: bitcoinMainnet,
            height: row.height,
            headers: { height: row.height, bytes: concat(bytes, next!) },
          }),
        )
      expect(ask(main!)).toBe('checkpoint 2')
      expect(ask(staleBytes!)).toBe('invalid headers_not_linked')
      knownAnswers('Bitcoin').holds(file, 'stale 823226')
    },
  )
})

test('the hash of a header is shown as people write it', () => {
  expect(displayed(headerHash(fromHex(known.header)!))).toBe(known.blockHash)
  expect(toHex(readHeader(fromHex(known.header)!)!.hash)).not.toBe(known.blockHash)
})
