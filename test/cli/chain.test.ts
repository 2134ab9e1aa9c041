import { readFile, stat, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { headerHash } from '../../src/anchor/bitcoin-header.ts'
import { concat, fromBase64, toHex, utf8 } from '../../src/base/bytes.ts'
import known from '../anchor/bitcoin-830000.json' with { type: 'json' }
import { displayed, minedOn, minedPath, policyText } from '../anchor/makers.ts'
import { gradecert, temporaryFolder } from './terminal.ts'

const regtest = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328'
const { header: first } = minedPath(new Uint8Array(32), { chain: regtest, height: 5, time: 1_770_000_000 })
const run = concat(first, minedOn(first, 20, 1_770_000_000))

async function emptyState(): Promise<{ folder: string; chains: string }> {
  const folder = await temporaryFolder()
  const chains = `${folder}/chains.json`
  expect((await gradecert(['chain', 'init', chains])).code).toBe(0)
  return { folder, chains }
}
const hashAt = (index: number) => displayed(headerHash(run.slice(index * 80, index * 80 + 80)))

describe('a state of chains', () => {
  test('takes headers under a block that is pinned, then those that continue them, and is checked again', async () => {
    const { folder, chains } = await emptyState()
    await writeFile(`${folder}/a.bin`, run.slice(0, 800))
    await writeFile(`${folder}/b.hex`, `${toHex(run.slice(800))}\n`)
    const add = (file: string, start: number) =>
      gradecert([
        'chain',
        'add-headers',
        chains,
        regtest,
        `${folder}/${file}`,
        '--start',
        String(start),
        '--lang',
        'en',
      ])
    const unpinned = await add('a.bin', 5)
    expect([unpinned.code, unpinned.err]).toEqual([64, expect.stringContaining('nothing_is_pinned')])
    expect((await gradecert(['chain', 'add-block', chains, regtest, '5', hashAt(0)])).code).toBe(0)
    expect((await add('a.bin', 5)).code).toBe(0)
    expect((await add('a.bin', 5)).err).toContain('overlaps')
    expect((await add('b.hex', 16)).err).toContain('nothing_is_pinned')
    expect((await add('b.hex', 15)).code).toBe(0)
    const checked = await gradecert(['chain', 'check', chains, '--json'])
    expect(checked).toMatchObject({
      code: 0,
      lines: [{ chain: regtest, headers: 21, blocks: 1, test: true }],
    })
    const other = await gradecert(['chain', 'add-block', chains, regtest, '7', hashAt(3), '--lang', 'en'])
    expect([other.code, other.err]).toEqual([74, expect.stringContaining('two blocks of one height')])
    await writeFile(`${folder}/0f9188f13cb7b2c71f2a335e3a4fc328-5.bin`, run.slice(80, 880))
    expect((await gradecert(['chain', 'check', chains])).code).toBe(74)
  })

  test('refuses headers that do not hold together, of another length, or against what is pinned', async () => {
    const { folder, chains } = await emptyState()
    await gradecert(['chain', 'add-block', chains, regtest, '5', hashAt(0)])
    const add = async (bytes: Uint8Array, start = '5') => {
      await writeFile(`${folder}/x.bin`, bytes)
      const answer = await gradecert([
        'chain',
        'add-headers',
        chains,
        regtest,
        `${folder}/x.bin`,
        '--start',
        start,
        '--lang',
        'en',
      ])
      return `${answer.code} ${answer.err}`
    }
    expect(await add(concat(run.slice(0, 80), run.slice(160, 240)))).toContain('not_linked')
    expect(await add(run.slice(0, 79))).toContain('anchor.file_malformed')
    expect(await add(run.slice(80, 800))).toContain('another_block_is_pinned')
    expect(await add(run, 'five')).toContain('chain.value_malformed')
  })

  test('is vouched for by a quorum: two institutions sign, and a third party trusts what both say', async () => {
    const { folder, chains } = await emptyState()
    await gradecert(['chain', 'add-block', chains, 'eip155:1', '7', `0x${'ab'.repeat(32)}`, '1770000000'])
    const vkeys: string[] = []
    const notes: string[] = []
    for (const name of ['one.example', 'two.example']) {
      await gradecert(['keys', 'generate', '--out', `${folder}/${name}.json`])
      const note = `${folder}/${name}.note`
      const signed = await gradecert([
        'chain',
        'sign',
        chains,
        '--key',
        `${folder}/${name}.json`,
        '--name',
        name,
        '--out',
        note,
        '--json',
        '--at',
        '2026-03-02',
      ])
      vkeys.push(signed.lines[0].vkey)
      notes.push(await readFile(note, 'utf8'))
    }
    const joined = notes[0] + notes[1]!.slice(notes[1]!.lastIndexOf('\n\n') + 2)
    await writeFile(`${folder}/both.note`, joined)
    const mine = `${folder}/mine.json`
    await gradecert(['chain', 'init', mine])
    await gradecert(['chain', 'trust-notes', mine, ...vkeys, '--quorum', '2'])
    const one = await gradecert(['chain', 'add-note', mine, `${folder}/one.example.note`])
    expect(one.code).toBe(74)
    expect((await gradecert(['chain', 'add-note', mine, `${folder}/both.note`])).code).toBe(0)
    const checked = await gradecert(['chain', 'check', mine, '--json'])
    expect(checked.lines).toEqual([{ chain: 'eip155:1', headers: 0, blocks: 1, test: false }])
  })

  test('names logs and witnesses, and says so', async () => {
    const { folder, chains } = await emptyState()
    await writeFile(`${folder}/policy.txt`, policyText)
    expect((await gradecert(['chain', 'logs', chains, `${folder}/policy.txt`])).code).toBe(0)
    const checked = await gradecert(['chain', 'check', chains, '--json'])
    expect(checked.lines).toEqual([{ logs: ['log.agency.example/anchors'], witnesses: ['w1', 'w2', 'w3'] }])
    await writeFile(`${folder}/policy.txt`, 'quorum')
    const refused = await gradecert(['chain', 'logs', chains, `${folder}/policy.txt`])
    expect([refused.code, refused.err.split(':')[0]]).toEqual([74, 'anchor.file_malformed'])
  })

  test('is never written over, nor made of what cannot be read again', async () => {
    const { chains } = await emptyState()
    const before = await readFile(chains, 'utf8')
    expect((await gradecert(['chain', 'init', chains])).err).toMatch(/^cli\.would_overwrite/)
    const short = await gradecert(['chain', 'add-block', chains, 'eip155:1', '7', '0xab', '1'])
    expect(short.err).toMatch(/^anchor\.file_malformed/)
    const unnamed = await gradecert(['chain', 'add-block', chains, 'ethereum', '7', '0xab'])
    expect(unnamed.err).toMatch(/^chain\.value_malformed/)
    expect(await readFile(chains, 'utf8')).toBe(before)
  })
})

describe('files of other tools', () => {
  test('are shown: .ots, transaction, BUMP', async () => {
    const folder = await temporaryFolder()
    await writeFile(`${folder}/a.ots`, fromBase64(known.otsOfDigest)!)
    await writeFile(`${folder}/tx.hex`, known.tx)
    const ots = await gradecert(['anchor', 'inspect', `${folder}/a.ots`, '--json'])
    expect(ots.lines).toEqual([
      {
        type: 'OpenTimestamps',
        digest: known.digest,
        attestations: [
          { is: 'bitcoin', height: known.height, message: expect.any(String), steps: expect.any(Number) },
        ],
      },
    ])
    const transaction = await gradecert(['anchor', 'inspect', `${folder}/tx.hex`, '--json'])
    expect(transaction.lines).toEqual([
      { type: 'transaction', txid: expect.stringMatching(/^[0-9a-f]{64}$/), outputs: expect.any(Number) },
    ])
    await writeFile(`${folder}/junk`, utf8('hello'))
    const junk = await gradecert(['anchor', 'inspect', `${folder}/junk`])
    expect([junk.code, junk.err.split(':')[0]]).toEqual([74, 'anchor.file_malformed'])
  })

  test('a key for an EVM chain is its owner’s alone, and never printed', async () => {
    const folder = await temporaryFolder()
    const made = await gradecert(['anchor', 'key', '--out', `${folder}/evm.json`])
    const { secretKeyHex, address } = JSON.parse(await readFile(`${folder}/evm.json`, 'utf8'))
    expect((await stat(`${folder}/evm.json`)).mode & 0o777).toBe(0o600)
    expect(made.out).toContain(address)
    expect(made.out + made.err).not.toContain(secretKeyHex)
    expect((await gradecert(['anchor', 'key', '--out', `${folder}/evm.json`])).err).toMatch(
      /^cli\.would_overwrite/,
    )
  })
})
