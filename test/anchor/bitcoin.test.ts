import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PathAnchor } from '../../src/anchor/anchor.ts'
import { bitsOf, headersFault, linksTo, readHeader, targetOf } from '../../src/anchor/bitcoin-header.ts'
import { bitcoinMainnet, bitcoinNetworks, bsvMainnet } from '../../src/anchor/bitcoin-networks.ts'
import {
  type BitcoinSubmitterOptions,
  bitcoinSubmitter,
  outputScript,
  psbt,
  unsignedTransaction,
} from '../../src/anchor/bitcoin-submitter.ts'
import {
  compact,
  readCompact,
  readTransaction,
  transactionPath,
  txidOf,
} from '../../src/anchor/bitcoin-transaction.ts'
import { bumpBranch, readBeef, readBump } from '../../src/anchor/bump.ts'
import { branchPath, readElectrumBranch, readMerkleBlock } from '../../src/anchor/merkle-branch.ts'
import { followPath } from '../../src/anchor/path.ts'
import { type Bytes, concat, equalBytes, fromHex, toHex, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'
import known from './bitcoin-830000.json' with { type: 'json' }
import { blockOf, madeTransaction, merkleBlock } from './bitcoin-blocks.ts'
import { displayed, minedOn, minedPath, stateWith } from './makers.ts'

const bytesOf = (hex: string): Bytes => fromHex(hex)!
const header = readHeader(bytesOf(known.header))!
const raw = bytesOf(known.tx)
const transaction = readTransaction(raw)!
const siblings = known.siblings.map(bytesOf)
const branch = { index: known.index, siblings }
const commitment = sha256(utf8('a commitment'))

describe('a transaction of block 830000', () => {
  test('leads by its branch to the Merkle root of the header', () => {
    const path = branchPath(txidOf(transaction), branch)!
    expect(followPath(txidOf(transaction), path)).toEqual(header.merkleRoot)
  })

  test('at another place, with a sibling more or less, or changed in a bit leads elsewhere', () => {
    const txid = txidOf(transaction)
    expect(branchPath(txid, { index: known.index + 2 ** siblings.length, siblings })).toBeNull()
    expect(branchPath(txid, { index: -1, siblings })).toBeNull()
    expect(branchPath(txid, { index: 0, siblings: Array.from({ length: 33 }, () => txid) })).toBeNull()
    expect(branchPath(txid, { index: 0, siblings: [txid.slice(1)] })).toBeNull()
    fc.assert(
      fc.property(fc.nat(siblings.length * 256 - 1), (bit) => {
        const changed = siblings.map((one) => one.slice())
        changed[Math.floor(bit / 256)]![Math.floor((bit % 256) / 8)]! ^= 1 << (bit % 8)
        expect(followPath(txid, branchPath(txid, { index: known.index, siblings: changed })!)).not.toEqual(
          header.merkleRoot,
        )
        const other = { index: bit % 2 ** siblings.length, siblings }
        const path = branchPath(txid, other)
        if (other.index !== known.index && path !== null)
          expect(followPath(txid, path)).not.toEqual(header.merkleRoot)
      }),
      { seed: 20261123, numRuns: 10_000 },
    )
  })

  test('with any one bit changed has another txid, or is none', () => {
    fc.assert(
      fc.property(fc.nat(raw.length * 8 - 1), (bit) => {
        const changed = raw.slice()
        changed[Math.floor(bit / 8)]! ^= 1 << (bit % 8)
        const read = readTransaction(changed)
        if (read !== null) expect(txidOf(read)).not.toEqual(txidOf(transaction))
      }),
      { seed: 20261123, numRuns: 10_000 },
    )
  })

  test.each<[what: string, bytes: Bytes]>([
    ['nothing', new Uint8Array(0)],
    ['bytes left over', concat(raw, Uint8Array.of(0))],
    ['an end that is cut off', raw.slice(0, -1)],
    ['no inputs', concat(raw.slice(0, 4), Uint8Array.of(0, 0))],
    ['a count of eight bytes', concat(raw.slice(0, 4), Uint8Array.of(0xff, 1, 0, 0, 0, 0, 0, 0, 0))],
    ['a count that could be shorter', concat(raw.slice(0, 4), Uint8Array.of(0xfd, 1, 0))],
    ['more inputs than there can be', concat(raw.slice(0, 4), Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0x7f))],
  ])('%s is none', (_what, bytes) => {
    expect(readTransaction(bytes)).toBeNull()
  })

  test('a right sibling equal to the left is how one root gets two lists (CVE-2012-2459), and refused', () => {
    const txid = txidOf(transaction)
    expect(branchPath(txid, { index: 1, siblings: [txid] })).toBeNull()
    expect(branchPath(txid, { index: 0, siblings: [txid] })).toHaveLength(3)
  })
})

test.each([0, 0xfc, 0xfd, 0xffff, 0x10000, 0xfffffffe])(
  'the compact size of %i is read as it was written',
  (value) => {
    expect(readCompact(compact(value), 0)).toEqual({ value, next: compact(value).length })
  },
)

describe('a commitment in an output', () => {
  test.each([
    ['OP_RETURN with our name before it', bitcoinMainnet],
    ['OP_FALSE OP_RETURN with our name before it', bsvMainnet],
  ] as const)('%s is found, with witnesses or without', (_what, chain) => {
    const script = outputScript(commitment, chain)
    const [plain, segwit] = [false, true].map(
      (isSegwit) => readTransaction(madeTransaction(script, isSegwit))!,
    )
    expect(segwit!.stripped).toEqual(plain!.stripped)
    expect(txidOf(segwit!)).toEqual(txidOf(plain!))
    expect(followPath(commitment, transactionPath(segwit!, commitment)!)).toEqual(txidOf(plain!))
  })

  test('alone is found too, and another is not', () => {
    const bare = readTransaction(madeTransaction(concat(Uint8Array.of(0x6a, 32), commitment)))!
    expect(transactionPath(bare, commitment)).not.toBeNull()
    expect(transactionPath(bare, sha256(commitment))).toBeNull()
    const inside = readTransaction(
      madeTransaction(concat(Uint8Array.of(0x6a, 33), commitment, Uint8Array.of(1))),
    )!
    expect(transactionPath(inside, commitment)).toBeNull()
  })
})

const shown = (hash: Bytes) => toHex(new Uint8Array(hash.toReversed()))
const ours = madeTransaction(outputScript(commitment, bitcoinMainnet), true)
const ourTxid = txidOf(readTransaction(ours)!)

describe.each([1, 2, 3, 5, 7, 8, 13])('a block of %i transactions', (count) => {
  const index = count - 1
  const { root, levels, path, bump } = blockOf(ourTxid, count, index)
  const head = concat(Uint8Array.of(1, 0, 0, 0), new Uint8Array(32), root, new Uint8Array(12))

  test('is reached by Electrum’s answer, a merkleblock and a BUMP alike', () => {
    const electrum = readElectrumBranch({ merkle: path.map(shown), pos: index, block_height: 800_000 })!
    expect(electrum.branch).toEqual({ index, siblings: path })
    expect(readMerkleBlock(merkleBlock(head, levels, index), ourTxid)?.branch).toEqual({
      index,
      siblings: path,
    })
    if (count > 1) expect(bumpBranch(readBump(bump)!, ourTxid)).toEqual({ index, siblings: path })
    expect(followPath(ourTxid, branchPath(ourTxid, electrum.branch)!)).toEqual(root)
  })

  test('is not reached by a merkleblock or BUMP with a bit changed, except for spellings that say the same', () => {
    const block = merkleBlock(head, levels, index)
    fc.assert(
      fc.property(fc.nat(), (at) => {
        const changed = block.slice()
        const bit = at % (changed.length * 8)
        changed[Math.floor(bit / 8)]! ^= 1 << (bit % 8)
        const read = readMerkleBlock(changed, ourTxid)
        // Fields of the header beside the root, and padding after the last flag, say nothing of the tree.
        if (read !== null) {
          expect(read.branch).toEqual({ index, siblings: path })
          const isHeader = bit < 36 * 8 || (bit >= 68 * 8 && bit < 80 * 8)
          expect(isHeader || bit >= (changed.length - 1) * 8 || count === 1).toBe(true)
        }
        const wrong = bump.slice()
        const place = at % (wrong.length * 8)
        wrong[Math.floor(place / 8)]! ^= 1 << (place % 8)
        const bumped = readBump(wrong)
        const found = bumped === null ? null : bumpBranch(bumped, ourTxid)
        const reached = found === null ? null : branchPath(ourTxid, found)
        const isSame = reached !== null && equalBytes(followPath(ourTxid, reached)!, root)
        // Only its height can be another: that block has another root, which a verifier's own chain says.
        if (isSame)
          expect(bumped!.height === 800_000 ? found!.siblings : [bumped!.height]).toEqual(
            bumped!.height === 800_000 ? path : [bumped!.height],
          )
      }),
      { seed: 20261123, numRuns: 1500 },
    )
  })
})

describe('a submission by a wallet', () => {
  const time = 1_770_000_000
  const { root, levels, path, bump } = blockOf(ourTxid, 5, 3)
  const head = concat(Uint8Array.of(1, 0, 0, 0), new Uint8Array(32), root, new Uint8Array(12))
  const advance = (options: Partial<BitcoinSubmitterOptions> = {}) => {
    const submitter = bitcoinSubmitter({ chain: bitcoinMainnet, ...options })
    return submitter.advance(submitter.start(commitment))
  }
  const json = (value: unknown) => utf8(JSON.stringify(value))
  const beefEnd = concat(compact(1), bump, compact(1))
  const beef = concat(Uint8Array.of(1, 0, 0xbe, 0xef), beefEnd, ours, Uint8Array.of(1, 0))
  const beef2 = concat(
    Uint8Array.of(2, 0, 0xbe, 0xef),
    compact(1),
    bump,
    compact(2),
    Uint8Array.of(2),
    sha256(commitment),
    Uint8Array.of(1, 0),
    ours,
  )

  test('says what output to make, then waits for the transaction, then for its block', async () => {
    const first = await advance()
    expect(first).toMatchObject({ is: 'waiting', for: 'signature' })
    expect(first.receipt.state.script).toBe(`6a28${toHex(utf8('GCANCHR1'))}${toHex(commitment)}`)
    const signed = await advance({ given: [utf8(toHex(ours))] })
    expect(signed).toMatchObject({
      is: 'waiting',
      for: 'proof',
      receipt: { state: { txid: shown(ourTxid) } },
    })
    const submitter = bitcoinSubmitter({
      chain: bitcoinMainnet,
      given: [json({ merkle: path.map(shown), pos: 3, block_height: 800_000 })],
    })
    const done = await submitter.advance(JSON.parse(JSON.stringify(signed.receipt)))
    const { anchor } = done as { anchor: PathAnchor }
    expect(anchor).toMatchObject({
      chain: bitcoinMainnet,
      height: 800_000,
      end: 'merkleRoot',
      transaction: shown(ourTxid),
    })
    expect(followPath(commitment, anchor.path)).toEqual(root)
  })

  test.each<[what: string, given: readonly Bytes[]]>([
    ['a BUMP', [ours, bump]],
    ['a BEEF', [beef]],
    ['a BEEF of version 2, with an entry of which only the id is there', [beef2]],
    ['an Atomic BEEF', [concat(Uint8Array.of(1, 1, 1, 1), ourTxid, beef)]],
    [
      'a merkleblock with its height',
      [ours, json({ height: 800_000, merkleblock: toHex(merkleBlock(head, levels, 3)) })],
    ],
    ['files in the other order', [bump, utf8(`${toHex(ours)}\n`)]],
  ])('is done by %s', async (_what, given) => {
    const done = await advance({ given })
    expect(done.is).toBe('final')
    expect(followPath(commitment, (done as { anchor: PathAnchor }).anchor.path)).toEqual(root)
  })

  test.each<[what: string, given: readonly Bytes[], waits: string]>([
    [
      'a transaction with another commitment',
      [madeTransaction(outputScript(sha256(commitment), bitcoinMainnet))],
      'signature',
    ],
    ['a proof without transaction', [bump], 'signature'],
    ['a proof of another transaction', [ours, blockOf(sha256(commitment), 5, 3).bump], 'proof'],
    [
      'a BEEF of another transaction',
      [concat(Uint8Array.of(1, 1, 1, 1), sha256(commitment), beef)],
      'signature',
    ],
    ['a BEEF with bytes left over', [concat(beef, Uint8Array.of(0))], 'signature'],
    [
      'a BEEF that names a BUMP that is not there',
      [concat(beef.slice(0, -1), Uint8Array.of(1))],
      'signature',
    ],
    [
      'a merkleblock without height',
      [ours, json({ merkleblock: toHex(merkleBlock(head, levels, 3)) })],
      'proof',
    ],
    ['JSON of another kind', [ours, json({ hello: 1 }), utf8('{')], 'proof'],
    ['an index beyond the tree', [ours, json({ merkle: [shown(root)], pos: 2, block_height: 1 })], 'proof'],
  ])('is not done by %s', async (_what, given, waits) => {
    expect(await advance({ given })).toMatchObject({ is: 'waiting', for: waits })
  })

  test('threat 1: a proof of a block that was dropped is put aside, one too near to the end waits', async () => {
    const block = minedPath(commitment, { chain: bitcoinMainnet, height: 7, time })
    const chains = await stateWith({
      [bitcoinMainnet]: {
        family: 'bitcoin',
        minDepth: 2,
        checkpoints: [[7, displayed(readHeader(block.header)!.hash)]],
      },
    })
    const stale = json({ height: 7, merkleblock: toHex(merkleBlock(head, levels, 3)) })
    expect(await advance({ given: [ours, stale], chains })).toMatchObject({ is: 'waiting', for: 'proof' })
    const held = await stateWith({
      [bitcoinMainnet]: {
        family: 'bitcoin',
        minDepth: 2,
        checkpoints: [[7, displayed(readHeader(head)!.hash)]],
      },
    })
    expect(await advance({ given: [ours, stale], chains: held })).toMatchObject({
      is: 'waiting',
      for: 'depth',
    })
  })

  test('a receipt of another chain is refused', async () => {
    const { receipt } = await advance()
    await expect(bitcoinSubmitter({ chain: bsvMainnet }).advance(receipt)).rejects.toMatchObject({
      code: 'anchor.file_malformed',
    })
  })

  test('makes a transaction and a PSBT for the wallet, and refuses inputs that do not pay', () => {
    const input = { txid: shown(sha256(utf8('coin'))), vout: 1, amount: 10_000, script: utf8('p2wpkh') }
    const funding = { inputs: [input], change: utf8('change'), fee: 500 }
    const made = readTransaction(unsignedTransaction(commitment, bitcoinMainnet, funding))!
    expect(transactionPath(made, commitment)).not.toBeNull()
    expect(made.outputs[1]?.script).toEqual(utf8('change'))
    const bytes = psbt(commitment, bitcoinMainnet, funding)
    expect(toHex(bytes.slice(0, 5))).toBe('70736274ff')
    expect(toHex(bytes)).toContain(toHex(made.stripped))
    expect(() => unsignedTransaction(commitment, bitcoinMainnet, { ...funding, fee: 9_600 })).toThrow(/546/)
  })
})

describe('headers', () => {
  const regtest = { rules: 'pow-only', limit: 0x207fffff } as const
  const { header: first } = minedPath(commitment, { chain: bitcoinMainnet, height: 0, time: 1_770_000_000 })
  const run = concat(first, minedOn(first, 30, 1_770_000_000))
  const headerOf = (index: number) => run.slice(index * 80, index * 80 + 80)

  test('of a chain at any difficulty hold together', () => {
    expect(headersFault(run, { start: 0, ...regtest })).toBeNull()
    expect(headersFault(run.slice(800), { start: 10, before: run.slice(0, 800), ...regtest })).toBeNull()
    expect(linksTo(run, readHeader(headerOf(30))!.hash)).toBe(true)
  })

  const withTime = (index: number, time: number): Bytes => {
    const changed = run.slice()
    new DataView(changed.buffer).setUint32(index * 80 + 68, time, true)
    return changed
  }
  test.each<[what: string, bytes: Bytes, options: object, fault: string, height: number]>([
    ['a byte too many', concat(run, Uint8Array.of(0)), {}, 'not_whole', 0],
    ['a gap', concat(headerOf(0), headerOf(2)), {}, 'not_linked', 1],
    ['a target above the limit', run, { limit: 0x1d00ffff }, 'target_above_limit', 0],
    ['a change that was not mined', withTime(5, 1), {}, 'not_linked', 6],
  ])('with %s do not', (_what, bytes, options, fault, height) => {
    const found = headersFault(bytes, { start: 0, ...regtest, ...options })
    expect([fault, 'proof_of_work', 'time_not_after_median']).toContain(found?.fault)
    expect(found!.height).toBeLessThanOrEqual(height)
  })

  test('whose time is not after the median of eleven do not', () => {
    let header: Bytes
    for (let nonce = 0; ; nonce++) {
      header = headerOf(20)
      const view = new DataView(header.buffer)
      view.setUint32(68, 1_770_000_000, true)
      view.setUint32(76, nonce, true)
      if (readHeader(header)!.hash[31]! < 0x7f) break
    }
    expect(headersFault(concat(run.slice(0, 1600), header), { start: 0, ...regtest })).toEqual({
      height: 20,
      fault: 'time_not_after_median',
    })
  })

  test.each([
    [0x1d00ffff, 'ffff0000000000000000000000000000000000000000000000000000'],
    [0x1b0404cb, '404cb000000000000000000000000000000000000000000000000'],
    [0x207fffff, '7fffff0000000000000000000000000000000000000000000000000000000000'],
  ])('the compact target %i is the number that it stands for', (bits, hex) => {
    expect(targetOf(bits)?.toString(16)).toBe(hex)
    expect(bitsOf(targetOf(bits)!)).toBe(bits)
  })

  test.each([0x1d80ffff, 0x1d000000, 0x01000001, 0xff7fffff])('the compact target %i is none', (bits) => {
    expect(targetOf(bits)).toBeNull()
  })

  test('names of chains are those of their first blocks, and test nets are known', () => {
    const test = [...bitcoinNetworks.values()].filter(({ isTest }) => isTest).map(({ name }) => name)
    expect(test).toEqual(['Bitcoin testnet3', 'Bitcoin testnet4', 'Bitcoin signet', 'Bitcoin regtest'])
    expect([...bitcoinNetworks.keys()].every((id) => /^bip122:[0-9a-f]{32}$/.test(id))).toBe(true)
  })
})

describe.skipIf(!sharedIsHere)('known answers', () => {
  const file = 'anchor/known-answers.json'
  const vectors = sharedIsHere ? sharedJson(`vectors/${file}`) : { bitcoinSpv: [] }
  const { holds, notApplicable } = knownAnswers('Bitcoin')

  test.each<[height: number, row: Record<string, never>]>(
    vectors.bitcoinSpv.map((row: { height: number }) => [row.height, row]),
  )('the transaction in block %i', (height, row: Record<string, never>) => {
    const {
      tx,
      index,
      siblings: hexes,
      header: head,
      txidDisplay,
      digest,
    } = row as unknown as Record<string, string> & { index: number; siblings: string[] }
    const read = readTransaction(bytesOf(tx!))!
    const path = branchPath(txidOf(read), { index, siblings: hexes.map(bytesOf) })!
    expect(followPath(txidOf(read), path)).toEqual(readHeader(bytesOf(head!))!.merkleRoot)
    if (txidDisplay !== undefined) expect(shown(txidOf(read))).toBe(txidDisplay)
    if (digest !== undefined)
      expect(read.outputs.some(({ script }) => toHex(script).includes(digest))).toBe(true)
    holds(file, `SPV ${height}`)
  })

  test('the change of target at 824544, and the stale block whose work is real', () => {
    const { retarget, stale } = vectors.bitcoinHeaders
    const [first, last, next] = ['822528', '824543', '824544'].map((height) => bytesOf(retarget[height]))
    const limit = 0x1d00ffff
    const taken = readHeader(last!)!.time - readHeader(first!)!.time
    const target = (targetOf(readHeader(last!)!.bits)! * BigInt(taken)) / 1_209_600n
    expect(bitsOf(target)).toBe(readHeader(next!)!.bits)
    expect(headersFault(next!, { start: 824_544, rules: 'btc', limit, before: last! })).toBeNull()
    const easier = bytesOf(retarget['824544']).slice()
    new DataView(easier.buffer).setUint32(72, 0x1c00ffff, true)
    expect(headersFault(easier, { start: 824_544, rules: 'btc', limit, before: last! })).not.toBeNull()
    expect(headersFault(bytesOf(stale.stale), { start: stale.height, rules: 'btc', limit })).toBeNull()
    expect(
      headersFault(concat(bytesOf(stale.stale), bytesOf(stale.mainNext)), {
        start: stale.height,
        rules: 'btc',
        limit,
      }),
    ).toEqual({ height: stale.height + 1, fault: 'not_linked' })
    expect(
      headersFault(concat(bytesOf(stale.main), bytesOf(stale.mainNext)), {
        start: stale.height,
        rules: 'btc',
        limit,
      }),
    ).toBeNull()
    holds(file, 'retarget 824544')
    notApplicable(file, 'root of the log of headers', 'the 8065 headers under it are not among the vectors')
  })

  test('BSV: a BUMP and a BEEF lead to their roots, and headers hold by work alone', () => {
    const { bump, beefV1, headers900000 } = vectors.bsv
    const read = readBump(bytesOf(bump.hex))!
    expect(read.height).toBe(bump.height)
    for (const name of bump.txids as string[]) {
      const txid = new Uint8Array(bytesOf(name).toReversed())
      const path = branchPath(txid, bumpBranch(read, txid)!)!
      expect(shown(followPath(txid, path)!)).toBe(bump.root)
    }
    const entry = readBeef(bytesOf(beefV1.hex))!.find(({ bump: proof }) => proof !== undefined)!
    expect([shown(txidOf(entry.transaction)), entry.bump!.height]).toEqual([beefV1.txid, beefV1.height])
    const place = bumpBranch(entry.bump!, txidOf(entry.transaction))!
    expect(place.index).toBe(beefV1.index)
    expect(shown(followPath(txidOf(entry.transaction), branchPath(txidOf(entry.transaction), place)!)!)).toBe(
      beefV1.root,
    )
    const three = bytesOf(headers900000.first3)
    expect(headersFault(three, { start: 900_000, rules: 'pow-only', limit: 0x1d00ffff })).toBeNull()
    expect(headersFault(three, { start: 900_000, rules: 'btc', limit: 0x1d00ffff })).toMatchObject({
      fault: 'bits_not_by_rule',
    })
    for (const name of ['BUMP', 'BEEF', 'headers 900000']) holds(file, `BSV ${name}`)
  })
})
