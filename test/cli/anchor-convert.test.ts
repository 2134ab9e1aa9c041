import { readdir, readFile, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { bitcoinMainnet } from '../../src/anchor/bitcoin-networks.ts'
import { readTransaction, txidOf } from '../../src/anchor/bitcoin-transaction.ts'
import { readBundle } from '../../src/anchor/bundle.ts'
import { attestationsOf, readTimestamp, timestampBytes, timestampOfPath } from '../../src/anchor/timestamp.ts'
import { type Bytes, concat, fromHex, toHex } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'
import { witnessedLog } from './witnesses.ts'

const now = { now: '2026-03-02T10:00:00Z' }

/** An agency with a batch in a log, one of its bundles, and the commitment of the batch. */
async function anchored() {
  const folder = await temporaryFolder()
  const dir = `${folder}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  const log = await witnessedLog(folder, { count: 1, threshold: 1 })
  await gradecert([
    'anchor',
    'add',
    'log',
    '--dir',
    dir,
    '--log',
    log.folder,
    '--policy',
    log.policy,
    '--witness',
    log.witnesses[0]!,
  ])
  await gradecert(['anchor', 'add', 'btc', '--dir', dir, '--bitcoin', bitcoinMainnet])
  const issued = await gradecert(
    ['issue', await shortExport(folder, 5), '--dir', dir, '--anchor', 'log', '--json'],
    now,
  )
  const { batch, commitment } = issued.lines.find((line) => line.commitment !== undefined)
  const [name = ''] = (await readdir(`${dir}/out`)).filter((one) => one.endsWith('.anchor.json'))
  return { folder, dir, batch, commitment, bundle: `${dir}/out/${name}` }
}
const bytesOf = async (path: string): Promise<Bytes> => new Uint8Array(await readFile(path))
const anchorsOf = async (path: string) => {
  const read = readBundle(await bytesOf(path))
  return read.ok ? read.bundle.anchors : null
}

describe('anchors in the formats of other tools', () => {
  test('a .tlog-proof goes out of a bundle and into one, and the preimage hashes to the commitment', async () => {
    const { folder, bundle, commitment } = await anchored()
    const out = (to: string) =>
      gradecert(['anchor', 'convert', bundle, '--to', to, '--out', `${folder}/out.${to}`])
    expect((await out('tlog-proof')).code).toBe(0)
    expect((await out('preimage')).code).toBe(0)
    expect(toHex(sha256(await bytesOf(`${folder}/out.preimage`)))).toBe(commitment)
    const into = `${folder}/again.anchor.json`
    const back = await gradecert([
      'anchor',
      'convert',
      `${folder}/out.tlog-proof`,
      '--into',
      bundle,
      '--out',
      into,
    ])
    expect(back.code).toBe(0)
    const anchors = await anchorsOf(into)
    expect(anchors).toHaveLength(2)
    expect(anchors![0]).toEqual(anchors![1])
    const shown = await gradecert(['anchor', 'inspect', `${folder}/out.tlog-proof`, '--json'])
    expect(shown.lines).toEqual([
      {
        type: 'tlog-proof',
        index: 0,
        origin: 'log.example/anchors',
        size: 1,
        signatures: ['log.example/anchors', 'w1.example'],
      },
    ])
    expect((await out('ots')).err).toMatch(/^anchor\.file_malformed/)
    expect((await out('pdf')).err).toMatch(/^anchor\.file_malformed/)
  })

  test('a .ots of the commitment goes in and out byte for byte, one of another does not go in', async () => {
    const { folder, bundle, commitment } = await anchored()
    const stamp = (digest: Bytes) =>
      timestampBytes(timestampOfPath(digest, [{ op: 'sha256' }], { is: 'bitcoin', height: 7 }))
    const digest = fromHex(commitment)!
    await writeFile(`${folder}/good.ots`, stamp(digest))
    await writeFile(`${folder}/other.ots`, stamp(sha256(digest)))
    const into = (file: string) =>
      gradecert([
        'anchor',
        'convert',
        `${folder}/${file}`,
        '--into',
        bundle,
        '--out',
        `${folder}/new.anchor.json`,
      ])
    expect((await into('other.ots')).err).toMatch(/^anchor\.file_malformed/)
    expect((await into('good.ots')).code).toBe(0)
    await gradecert([
      'anchor',
      'convert',
      `${folder}/new.anchor.json`,
      '--to',
      'ots',
      '--out',
      `${folder}/back.ots`,
    ])
    expect(await bytesOf(`${folder}/back.ots`)).toEqual(stamp(digest))
  })

  test('a wallet’s transaction and Electrum’s branch become an anchor, and a .ots that stock clients read', async () => {
    const { folder, dir, batch, bundle, commitment } = await anchored()
    await gradecert(['anchor', 'submit', '--dir', dir, '--to', 'btc'], now)
    const asked = await gradecert(['anchor', 'transaction', batch, '--dir', dir, '--to', 'btc', '--json'])
    const { script } = asked.lines[0]
    expect(script).toContain(commitment)
    const coin = `${'ab'.repeat(32)}:0:10000:0014${'cd'.repeat(20)}`
    const funded = ['--input', coin, '--change', `0014${'ef'.repeat(20)}`]
    const made = await gradecert([
      'anchor',
      'transaction',
      batch,
      '--dir',
      dir,
      '--to',
      'btc',
      '--json',
      ...funded,
    ])
    const hex: string = made.lines[0].transaction
    const txid = txidOf(readTransaction(fromHex(hex)!)!)
    const asPsbt = await gradecert([
      'anchor',
      'transaction',
      batch,
      '--dir',
      dir,
      '--to',
      'btc',
      '--json',
      '--psbt',
      ...funded,
    ])
    expect(Buffer.from(asPsbt.lines[0].psbt, 'base64').toString('latin1')).toMatch(/^psbt\xff/)
    const poor = await gradecert([
      'anchor',
      'transaction',
      batch,
      '--dir',
      dir,
      '--to',
      'btc',
      ...funded,
      '--fee',
      '9999',
    ])
    expect([poor.code, poor.err.split(':')[0]]).toEqual([64, 'anchor.funds_short'])
    const sibling = sha256(txid)
    const root = sha256(sha256(concat(txid, sibling)))
    const shown = (hash: Bytes) => toHex(new Uint8Array(hash.toReversed()))
    await writeFile(`${folder}/tx.hex`, hex)
    await writeFile(
      `${folder}/branch.json`,
      JSON.stringify({ merkle: [shown(sibling)], pos: 0, block_height: 800_000 }),
    )
    const into = [
      'anchor',
      'convert',
      `${folder}/branch.json`,
      '--transaction',
      `${folder}/tx.hex`,
      '--chain',
      bitcoinMainnet,
    ]
    expect((await gradecert([...into, '--into', bundle, '--out', `${folder}/btc.anchor.json`])).code).toBe(0)
    const upgraded = await gradecert(
      [
        'anchor',
        'upgrade',
        '--dir',
        dir,
        '--json',
        '--proof',
        `${folder}/tx.hex`,
        '--proof',
        `${folder}/branch.json`,
      ],
      now,
    )
    expect(upgraded.lines).toEqual([{ batch, to: 'btc', is: 'final' }])
    expect((await anchorsOf(bundle))?.map(({ kind }) => kind).toSorted()).toEqual(['path', 'tlog'])
    await gradecert(['anchor', 'convert', bundle, '--to', 'ots', '--out', `${folder}/btc.ots`])
    const attested = attestationsOf(readTimestamp(await bytesOf(`${folder}/btc.ots`))!)
    expect(attested.map(({ attestation, message }) => [attestation, toHex(message)])).toEqual([
      [{ is: 'bitcoin', height: 800_000 }, toHex(root)],
    ])
    const chains = `${folder}/chains.json`
    await gradecert(['chain', 'init', chains])
    const judged = await gradecert(['anchor', 'inspect', bundle, '--chains', chains, '--json'])
    expect(
      judged.lines
        .slice(1)
        .map(({ status, reason }) => [status, reason])
        .toSorted(),
    ).toEqual([
      ['no_trusted_state', 'chain_unknown'],
      ['no_trusted_state', 'no_log_policy'],
    ])
    expect(judged.code).toBe(2)
  })
})
