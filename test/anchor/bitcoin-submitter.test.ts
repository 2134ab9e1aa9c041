import { describe, expect, test } from 'vitest'
import type { PathAnchor } from '../../src/anchor/anchor.ts'
import { headerHash } from '../../src/anchor/bitcoin-header.ts'
import { bitcoinMainnet, bsvMainnet } from '../../src/anchor/bitcoin-networks.ts'
import {
  type BitcoinSubmitterOptions,
  bitcoinSubmitter,
  type Funding,
  outputScript,
  psbt,
  unsignedTransaction,
} from '../../src/anchor/bitcoin-submitter.ts'
import { compact, readTransaction, txidOf } from '../../src/anchor/bitcoin-transaction.ts'
import { type ChainState, readChains } from '../../src/anchor/chains.ts'
import { followPath } from '../../src/anchor/path.ts'
import type { Receipt, Step } from '../../src/anchor/submitter.ts'
import { type Bytes, concat, fromHex, toHex, utf8 } from '../../src/base/bytes.ts'
import { sha256, sha256Hex } from '../../src/base/digest.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { blockOf, madeTransaction, merkleBlock } from './bitcoin-blocks.ts'
import signed from './bitcoin-signed.json' with { type: 'json' }
import { displayed, minedHeader } from './makers.ts'

const bytesOf = (hex: string): Bytes => fromHex(hex)!
const commitment = sha256(utf8('a commitment'))
const chain = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328' as const
const time = 1_770_000_000
const json = (value: unknown): Bytes => utf8(JSON.stringify(value))

const ours = madeTransaction(outputScript(commitment, chain), true)
const ourTxid = txidOf(readTransaction(ours)!)

/** Headers on a block: one per Merkle root. */
function minedAfter(parent: Bytes | null, roots: readonly Bytes[], from = 0): readonly Bytes[] {
  const headers: Bytes[] = []
  for (const [i, root] of roots.entries()) {
    const last = headers.at(-1) ?? parent
    const moment = { time: time + 600 * (from + i) }
    headers.push(minedHeader(root, last === null ? moment : { ...moment, previous: headerHash(last) }))
  }
  return headers
}
const otherRoots = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => sha256(utf8(`${name} ${i}`)))

async function trusting(headers: readonly Bytes[], more: JsonObject = {}): Promise<ChainState> {
  const bytes = concat(...headers)
  const row = { start: 0, count: headers.length, file: 'headers.bin', sha256: sha256Hex(bytes) }
  return trustingOnly({ headers: [row], ...more }, bytes)
}
const trustingOnly = (entry: JsonObject, bytes = new Uint8Array(0)) =>
  readChains(
    JSON.stringify({
      type: 'AnchorTrust',
      version: 1,
      chains: { [chain]: { family: 'bitcoin', minDepth: 3, ...entry } },
    }),
    { file: async () => bytes },
  )

/** One step, with the receipt as it comes out of a file. */
function advance(options: Partial<BitcoinSubmitterOptions>, after?: Step): Promise<Step> {
  const submitter = bitcoinSubmitter({ chain, ...options })
  const receipt = after?.receipt ?? submitter.start(commitment)
  return submitter.advance(JSON.parse(JSON.stringify(receipt)) as Receipt)
}
const anchorOf = (step: Step): PathAnchor => {
  if (!('anchor' in step) || step.anchor?.kind !== 'path') throw new Error(JSON.stringify(step))
  return step.anchor
}

describe('blocks that are mined, and dropped', () => {
  const three = blockOf(ourTxid, 7, 4, 3)
  const five = blockOf(ourTxid, 5, 2, 5)
  const first = minedAfter(null, otherRoots('first', 3))
  const dropped = [...first, ...minedAfter(first[2]!, [three.root, ...otherRoots('dropped', 2)], 3)]
  const kept = [
    ...first,
    ...minedAfter(first[2]!, [...otherRoots('kept', 2), five.root, ...otherRoots('on top', 2)], 3),
  ]

  test('a submission goes from depth back to proof, and ends in the chain that stays', async () => {
    const shallow = await advance({ given: [ours, three.bump], chains: await trusting(dropped.slice(0, 4)) })
    expect(shallow).toMatchObject({ is: 'waiting', for: 'depth' })
    expect(anchorOf(shallow).height).toBe(3)

    // Nothing has to be brought again, and nothing changes where nothing happened.
    const again = await advance({ chains: await trusting(dropped.slice(0, 5)) }, shallow)
    expect(again).toEqual(shallow)
    const done = await advance({ chains: await trusting(dropped) }, again)
    expect(done).toEqual({ is: 'final', receipt: shallow.receipt, anchor: anchorOf(shallow) })
    expect(followPath(commitment, anchorOf(done).path)).toEqual(three.root)

    // The other branch gets longer.
    const chains = await trusting(kept)
    const back = await advance({ chains }, shallow)
    expect(back).toMatchObject({ is: 'waiting', for: 'proof' })
    expect(back).not.toHaveProperty('anchor')
    expect(back.receipt.state).toEqual({
      chain,
      script: toHex(outputScript(commitment, chain)),
      transaction: toHex(readTransaction(ours)!.stripped),
      txid: displayed(ourTxid),
    })
    expect(await advance({ chains, given: [three.bump] }, back)).toEqual(back)
    const end = await advance({ chains, given: [three.bump, five.bump] }, back)
    expect(end).toMatchObject({ is: 'final', anchor: { chain, height: 5 } })
    expect(followPath(commitment, anchorOf(end).path)).toEqual(five.root)
  })

  test('a block of another root is put aside even before it is deep enough', async () => {
    const chains = await trusting(kept.slice(0, 5))
    expect(await advance({ given: [ours, three.bump], chains })).toMatchObject({
      is: 'waiting',
      for: 'proof',
    })
  })

  test('a block beyond the last trusted one may yet be dropped, so it waits for depth', async () => {
    const step = await advance({ given: [ours, three.bump], chains: await trusting(first) })
    expect(step).toMatchObject({ is: 'waiting', for: 'depth', anchor: { height: 3 } })
  })

  test('where nothing is held of the chain the proof is as good as it gets', async () => {
    for (const chains of [undefined, await trustingOnly({})])
      expect(await advance({ given: [ours, three.bump], ...(chains && { chains }) })).toMatchObject({
        is: 'final',
        anchor: { height: 3 },
      })
  })

  test('a checkpoint needs headers that lead to it, which may come later', async () => {
    const chains = await trustingOnly({ checkpoints: [[5, displayed(headerHash(dropped[5]!))]] })
    const waiting = await advance({ given: [ours, three.bump], chains })
    expect(waiting).toMatchObject({ is: 'waiting', for: 'proof', anchor: { height: 3 } })
    const [run, short, broken] = [dropped, dropped.slice(0, 5), [...dropped.slice(0, 4), kept[4]!]].map(
      (list) => utf8(list.map(toHex).join('\n')),
    )
    for (const given of [short!, broken!])
      expect(await advance({ given: [given], chains }, waiting)).toMatchObject({
        is: 'waiting',
        for: 'proof',
      })
    const done = await advance({ given: [run!], chains }, waiting)
    expect(done).toMatchObject({ is: 'final' })
    expect(anchorOf(done).headers).toEqual({ height: 3, bytes: concat(...dropped.slice(3)) })
    expect(anchorOf(await advance({ chains }, done))).toEqual(anchorOf(done))
  })
})

test('a transaction with a higher fee takes the place of the one that was kept, and either counts once it is mined', async () => {
  const dearer = concat(ours.slice(0, -4), Uint8Array.of(1, 0, 0, 0))
  const txid = txidOf(readTransaction(dearer)!)
  const waiting = await advance({ given: [ours] })
  expect(waiting.receipt.state.txid).toBe(displayed(ourTxid))
  const replaced = await advance({ given: [dearer] }, waiting)
  expect(replaced).toMatchObject({
    is: 'waiting',
    for: 'proof',
    receipt: { state: { txid: displayed(txid) } },
  })
  const mined = blockOf(txid, 3, 1)
  for (const [before, given] of [
    [replaced, [mined.bump]],
    [waiting, [dearer, mined.bump]],
  ] as const) {
    const done = await advance({ given }, before)
    expect(done).toMatchObject({ is: 'final', anchor: { transaction: displayed(txid) } })
  }
  const after = await advance({ given: [ours, blockOf(ourTxid, 3, 1).bump] }, replaced)
  expect(after).toMatchObject({ is: 'final', anchor: { transaction: displayed(ourTxid) } })
})

describe('what nodes say', () => {
  const { root, levels, path } = blockOf(ourTxid, 7, 4, 3)
  const headers = minedAfter(null, [...otherRoots('before', 3), root, ...otherRoots('after', 3)])
  const header = headers[3]!
  const hash = displayed(headerHash(header))
  const outProof = utf8(`${toHex(merkleBlock(header, levels, 4))}\n`)

  test.each<[what: string, given: readonly Bytes[]]>([
    // gettransaction and gettxoutproof
    [
      'a transaction and its block',
      [json({ hex: toHex(ours), blockhash: hash, blockheight: 3, fee: -0.5 }), outProof],
    ],
    ['a header', [ours, outProof, json({ hash, height: 3, difficulty: 83148355189239.77 })]],
    ['a header that stands first', [json({ hash, height: 3 }), outProof, ours]],
    [
      'an Electrum branch beside headers',
      [ours, json({ merkle: path.map(displayed), pos: 4, block_height: 3 }), concat(...headers)],
    ],
  ])('gives the height of a block: %s', async (_what, given) => {
    const done = await advance({ given })
    expect(done).toMatchObject({ is: 'final', anchor: { height: 3 } })
    const { path: steps, headers: run } = anchorOf(done)
    expect(followPath(commitment, steps)).toEqual(root)
    expect(run?.bytes.slice(0, 80)).toEqual(header)
  })

  test.each<[what: string, given: readonly Bytes[]]>([
    ['nothing of its height', [ours, outProof]],
    ['the height of another block', [ours, outProof, json({ hash: '0'.repeat(64), height: 3 })]],
    ['a height that is none', [ours, outProof, json({ hash, height: -1 })]],
    ['a hash that is none', [ours, outProof, json({ hash: 3, height: 3 })]],
  ])('does not, where there is %s', async (_what, given) => {
    expect(await advance({ given })).toMatchObject({ is: 'waiting', for: 'proof' })
  })

  test('is not needed where the trusted chain has that header, or pins that block', async () => {
    for (const chains of [
      await trusting(headers),
      await trustingOnly({ minDepth: 1, checkpoints: [[3, hash]] }),
    ])
      expect(await advance({ given: [ours, outProof], chains })).toMatchObject({
        is: 'final',
        anchor: { height: 3, headers: { height: 3, bytes: header } },
      })
  })
})

describe('a transaction for a wallet', () => {
  const coin = toHex(sha256(utf8('coin 1')))
  const previous = bytesOf(signed.previous)
  const legacy = {
    txid: displayed(txidOf(readTransaction(previous)!)),
    vout: 0,
    amount: 30_000,
    script: bytesOf(signed.locked),
  }
  const change = bytesOf(signed.change)
  const segwit = { txid: coin, vout: 3, amount: 10_000, script: change }
  const funding: Funding = { inputs: [{ ...legacy, previous }, segwit], change, fee: 600 }

  test('is the PSBT that another library read and signed, and what it signed is taken back', async () => {
    expect(toHex(psbt(commitment, bitcoinMainnet, funding))).toBe(signed.psbt)
    const submitter = bitcoinSubmitter({ chain: bitcoinMainnet, given: [utf8(signed.signed)] })
    expect(await submitter.advance(submitter.start(commitment))).toMatchObject({
      is: 'waiting',
      for: 'proof',
      receipt: { state: { txid: signed.txid } },
    })
  })

  test('says of an input only what wallets let others say', () => {
    const bare = psbt(commitment, bitcoinMainnet, { ...funding, inputs: [legacy] })
    const transaction = unsignedTransaction(commitment, bitcoinMainnet, { ...funding, inputs: [legacy] })
    expect(toHex(bare)).toBe(
      // Then the ends of four maps: the global one, of an input, of two outputs.
      `70736274ff0100${toHex(compact(transaction.length))}${toHex(transaction)}${'00'.repeat(4)}`,
    )
  })

  const many = Array.from({ length: 30 }, (_, vout) => ({ ...legacy, vout, amount: 1000 }))
  test.each<[what: string, funding: Partial<Funding>, code: string]>([
    ['no input', { inputs: [] }, 'anchor.funds_short'],
    ['change that nodes do not pass on', { fee: 39_455 }, 'anchor.funds_short'],
    ['an amount with a fraction', { inputs: [{ ...segwit, amount: 0.5 }] }, 'chain.value_malformed'],
    ['a fee below nothing', { fee: -1 }, 'chain.value_malformed'],
    ['one input twice', { inputs: [segwit, segwit] }, 'chain.value_malformed'],
    ['a txid that is none', { inputs: [{ ...segwit, txid: 'coin' }] }, 'chain.value_malformed'],
    ['more inputs than a path carries', { inputs: many }, 'anchor.transaction_too_long'],
    [
      'another transaction before it',
      { inputs: [{ ...legacy, vout: 1, previous }] },
      'chain.value_malformed',
    ],
    ['no transaction before it', { inputs: [{ ...legacy, previous: change }] }, 'chain.value_malformed'],
  ])('is not made of %s', (_what, more, code) => {
    expect(() => psbt(commitment, bitcoinMainnet, { ...funding, ...more })).toThrow(
      expect.objectContaining({ code }),
    )
  })

  test('may leave a satoshi on BSV, and has no witnesses to leave out there', () => {
    const cheap = { inputs: [{ ...legacy, amount: 11 }], change, fee: 10 }
    expect(readTransaction(unsignedTransaction(commitment, bsvMainnet, cheap))).not.toBeNull()
    expect(() => unsignedTransaction(commitment, bitcoinMainnet, cheap)).toThrow(
      expect.objectContaining({ code: 'anchor.funds_short', detail: { left: 1, needed: 546 } }),
    )
  })

  test('that came back longer than a path carries is refused, not waited for', async () => {
    const long = concat(
      ours.slice(0, 4),
      Uint8Array.of(1),
      new Uint8Array(36),
      compact(4000),
      new Uint8Array(4004),
    )
    const outputs = concat(
      Uint8Array.of(1),
      new Uint8Array(8),
      Uint8Array.of(42),
      outputScript(commitment, chain),
    )
    await expect(advance({ given: [concat(long, outputs, new Uint8Array(4))] })).rejects.toMatchObject({
      code: 'anchor.transaction_too_long',
      detail: { bytes: 4104, limit: 4096 },
    })
  })
})

test.each<[what: string, state: JsonObject]>([
  ['a transaction that is none', { transaction: '00' }],
  ['a transaction that is no text', { transaction: 1 }],
  ['a proof that is none', { transaction: toHex(ours), proof: 1 }],
  ['a proof without height', { transaction: toHex(ours), proof: { path: '' } }],
  ['a path that is none', { transaction: toHex(ours), proof: { height: 1, path: 'ff' } }],
  ['headers that are no text', { transaction: toHex(ours), proof: { height: 1, path: '08', headers: 1 } }],
])('a receipt with %s is refused', async (_what, state) => {
  const submitter = bitcoinSubmitter({ chain })
  const receipt = submitter.start(commitment)
  await expect(
    submitter.advance({ ...receipt, state: { ...receipt.state, ...state } }),
  ).rejects.toMatchObject({ code: 'anchor.file_malformed' })
})
