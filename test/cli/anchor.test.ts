import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { type Answer, gradecert, shortExport, temporaryFolder } from './terminal.ts'
import { witnessedLog } from './witnesses.ts'

const later = '2026-03-02T10:00:00Z'
const at = { now: later }

/** An agency whose certificates are anchored in a log with witnesses, and what a verifier trusts of it. */
async function anchored(options: { count?: number; threshold?: number } = {}) {
  const folder = await temporaryFolder()
  const dir = `${folder}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  const log = await witnessedLog(folder, options)
  const results = await shortExport(folder, 8)
  const added = await gradecert([
    ...['anchor', 'add', 'log', '--dir', dir, '--log', log.folder, '--policy', log.policy],
    ...log.witnesses.flatMap((url) => ['--witness', url]),
  ])
  expect(added).toMatchObject({ code: 0, err: '' })
  const chains = `${folder}/chains.json`
  await gradecert(['chain', 'init', chains])
  await gradecert(['chain', 'logs', chains, log.policy])
  const issue = (...more: readonly string[]) =>
    gradecert(['issue', results, '--dir', dir, '--json', ...more], at)
  const trust = ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`]
  const verify = (path: string, ...more: readonly string[]) =>
    gradecert(['verify', path, ...trust, '--chains', chains, '--json', ...more], {
      ...at,
      exchange: noNetwork,
    })
  return { folder, dir, out: `${dir}/out`, log, chains, issue, verify }
}

const noNetwork = () => Promise.reject(new Error('the network is gone'))
const outcomes = ({ lines }: Answer) =>
  lines.map(
    ({ verdict, checks: { anchor } }) =>
      `${verdict} ${anchor.outcome} ${anchor.reason ?? anchor.because ?? ''}`,
  )

describe('a batch in a log with three witnesses', () => {
  test('is issued and anchored in one go, and verified without network', async () => {
    const { dir, out, issue, verify } = await anchored()
    const issued = await issue('--anchor', 'log')
    expect(issued.code).toBe(0)
    expect(issued.lines.at(-1)).toEqual({ batch: expect.any(String), to: 'log', is: 'final' })
    await gradecert(['publish', '--dir', dir], at)
    const names = await readdir(out)
    const bundles = names.filter((name) => name.endsWith('.anchor.json'))
    expect(bundles).toHaveLength(names.length / 2)
    const { size } = await stat(`${out}/${bundles[0]}`)
    expect(size).toBeLessThan(3072)
    const verified = await verify(out, '--require-anchor', 'log')
    expect(verified.code).toBe(0)
    expect(new Set(outcomes(verified))).toEqual(new Set(['valid pass ']))
    expect(verified.lines[0].checks.anchor.facts.existedBy).toBe('2026-03-02T09:00:00Z')
  })

  test('is said in words, by when and on whose word', async () => {
    const { dir, out, issue, folder } = await anchored()
    await issue('--anchor', 'log')
    await gradecert(['publish', '--dir', dir], at)
    const [first] = (await readdir(out)).filter((name) => !name.endsWith('.anchor.json'))
    const trust = ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`]
    const say = (lang: string, ...more: readonly string[]) =>
      gradecert(['verify', `${out}/${first}`, ...trust, '--lang', lang, ...more], at)
    const chains = ['--chains', `${folder}/chains.json`]
    expect((await say('en', ...chains)).out).toContain(
      '✔ Anchor        signed no later than 2026-03-02T09:00:00Z, on the word of 3 witnesses of the log log.example/anchors (w1, w2, w3)',
    )
    expect((await say('zh', ...chains)).out).toContain(
      '✔ 存证时间    签名不晚于 2026-03-02T09:00:00Z，依据：日志 log.example/anchors 的 3 个见证方',
    )
    expect((await say('en')).out).toContain(
      '– Anchor        not checked: there are anchors, but you named no logs or chains',
    )
  })

  test('run again anchors nothing twice, and takes what is new into a batch of its own', async () => {
    const { dir, out, issue, log } = await anchored()
    await issue('--anchor', 'log')
    const before = await readFile(`${log.folder}/public/checkpoint`, 'utf8')
    const again = await issue('--anchor', 'log')
    expect(again.lines.some(({ batch }) => batch !== undefined)).toBe(false)
    expect(await readFile(`${log.folder}/public/checkpoint`, 'utf8')).toBe(before)
    await issue('--form', 'sd-jwt', '--anchor', 'log')
    const batches = (await gradecert(['anchor', 'list', '--dir', dir, '--json'])).lines.filter(
      ({ batch }) => batch,
    )
    expect(batches.map(({ size, log: state }) => [size, state])).toEqual([
      [batches[0].size, 'final'],
      [batches[0].size, 'final'],
    ])
    const names = await readdir(out)
    expect(names.filter((name) => name.endsWith('.sd-jwt.anchor.json'))).toHaveLength(batches[1].size)
  })

  test('stays with the certificate in a zip, when it is presented, and inside the badge', async () => {
    const { dir, folder, out, issue, verify } = await anchored()
    await issue('--form', 'both', '--anchor', 'log')
    await gradecert(['publish', '--dir', dir], at)
    const names = await readdir(out)
    const files = Object.fromEntries(
      await Promise.all(
        names.map(async (name) => [name, new Uint8Array(await readFile(`${out}/${name}`))] as const),
      ),
    )
    await writeFile(`${folder}/all.zip`, zipSync(files))
    expect(new Set(outcomes(await verify(`${folder}/all.zip`, '--require-anchor', 'any')))).toEqual(
      new Set(['valid pass ']),
    )
    const hidden = names.find((name) => name.endsWith('.sd-jwt'))!
    await gradecert(['present', `${out}/${hidden}`, '--disclose', 'name', '--out', `${folder}/shown.sd-jwt`])
    const shown = await verify(
      `${folder}/shown.sd-jwt`,
      '--anchor',
      `${out}/${hidden}.anchor.json`,
      '--require-anchor',
      'log',
    )
    expect(outcomes(shown)).toEqual(['valid pass '])
    const embedded = await gradecert([
      'anchor',
      'export',
      '--dir',
      dir,
      '--embed',
      '--out',
      `${folder}/embedded`,
    ])
    expect(embedded.code).toBe(0)
    const badge = names.find((name) => name.endsWith('.json') && !name.endsWith('.anchor.json'))!
    expect(outcomes(await verify(`${folder}/embedded/${badge}`, '--require-anchor', 'log'))).toEqual([
      'valid pass ',
    ])
    const refused = await gradecert(['anchor', 'export', '--dir', dir, '--embed'])
    expect([refused.code, refused.err]).toEqual([64, expect.stringMatching(/^anchor\.embed_in_place: /)])
  })

  test('goes into one file with a bundle a line', async () => {
    const { dir, folder, out, issue } = await anchored()
    await issue('--anchor', 'log')
    const answer = await gradecert(['anchor', 'export', '--dir', dir, '--out', `${folder}/all.jsonl`])
    expect(answer.code).toBe(0)
    const lines = (await readFile(`${folder}/all.jsonl`, 'utf8')).trim().split('\n')
    const [name] = (await readdir(out)).filter((one) => one.endsWith('.anchor.json'))
    expect(lines).toContain((await readFile(`${out}/${name}`, 'utf8')).trim())
  })

  test('is given with a bundle of another certificate, or with none: undetermined where it is asked for', async () => {
    const { dir, folder, out, issue, verify } = await anchored()
    await issue('--anchor', 'log')
    await gradecert(['publish', '--dir', dir], at)
    const [one, two] = (await readdir(out)).filter((name) => !name.endsWith('.anchor.json')) as [
      string,
      string,
    ]
    const stem = (name: string) => `${out}/${name.replace(/\.json$/, '')}.anchor.json`
    await mkdir(`${folder}/alone`)
    await cp(`${out}/${one}`, `${folder}/alone/${one}`)
    expect(outcomes(await verify(`${folder}/alone`))).toEqual(['valid skipped no_anchor'])
    const missing = await verify(`${folder}/alone`, '--require-anchor', 'log')
    expect([missing.code, ...outcomes(missing)]).toEqual([2, 'undetermined unknown anchor_missing'])
    await cp(stem(two), stem(`../../alone/${one}`).replace('/out/../../', '/../'))
    const other = await verify(`${folder}/alone`, '--require-anchor', 'log')
    expect(outcomes(other)).toEqual(['undetermined unknown anchor_missing'])
    await rm(`${folder}/alone`, { recursive: true })
  })
})

describe('who kept an old head', () => {
  test('finds that the log continues it, from its folder and over HTTP, or that it does not', async () => {
    const { folder, log, issue } = await anchored()
    await issue('--anchor', 'log')
    await cp(`${log.folder}/public/checkpoint`, `${folder}/old`)
    const more = Array.from({ length: 300 }, (_, i) => i.toString(16).padStart(64, '0'))
    expect((await gradecert(['log', 'append', log.folder, ...more])).code).toBe(0)
    const witnesses = log.witnesses.flatMap((url) => ['--witness', url])
    const published = await gradecert(
      ['log', 'publish', log.folder, '--policy', log.policy, '--json', ...witnesses],
      at,
    )
    expect(published.lines).toEqual([{ size: 301, published: true }])
    const check = (place: string) =>
      gradecert(['log', 'check', place, '--since', `${folder}/old`, '--policy', log.policy, '--json'])
    expect((await check(`${log.folder}/public`)).lines).toEqual([{ ok: true, from: 1, to: 301 }])
    const site = createServer(async (request, response) => {
      const bytes = await readFile(`${log.folder}/public${request.url}`).catch(() => null)
      response.writeHead(bytes === null ? 404 : 200).end(bytes)
    })
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    const { port } = site.address() as AddressInfo
    expect((await check(`http://127.0.0.1:${port}`)).lines).toEqual([{ ok: true, from: 1, to: 301 }])
    site.close()
    const proved = await gradecert(['log', 'prove', log.folder, '300', '--out', `${folder}/p.tlog-proof`])
    expect(proved.code).toBe(0)
    expect((await gradecert(['log', 'prove', log.folder, '301', '--out', `${folder}/q`])).code).toBe(64)
    await cp(`${log.folder}/public/checkpoint`, `${folder}/new`)
    await cp(`${folder}/old`, `${log.folder}/public/checkpoint`)
    await cp(`${folder}/new`, `${folder}/old`)
    const back = await check(`${log.folder}/public`)
    expect([back.code, back.lines]).toEqual([1, [{ ok: false, reason: 'rolled_back' }]])
  })
})

describe('a log whose witnesses are away', () => {
  test('waits for them, says who failed, and goes on where it was', async () => {
    const { dir, issue, log } = await anchored({ count: 2, threshold: 2 })
    await log.stop(1)
    const first = await issue('--anchor', 'log')
    expect(first.code).toBe(2)
    expect(first.err).toContain(`${log.witnesses[1]} did not sign (unreachable).`)
    expect(first.lines.at(-1)).toMatchObject({ to: 'log', is: 'waiting', for: 'witnesses' })
    await expect(readFile(`${log.folder}/public/checkpoint`)).rejects.toMatchObject({ code: 'ENOENT' })
    const again = await gradecert(['anchor', 'upgrade', '--dir', dir, '--lang', 'en'], at)
    expect([again.code, again.out]).toEqual([2, expect.stringContaining('too few witnesses answered')])
  })
})

describe('obvious mistakes', () => {
  test('a workspace without anchors says so, and a folder without certificates too', async () => {
    const folder = await temporaryFolder()
    await gradecert(['init', folder, '--name', '示例评价机构'])
    const common = ['--dir', folder, '--lang', 'en']
    expect((await gradecert(['anchor', 'list', ...common])).out).toMatch(/^No log or chain is set up/)
    await gradecert(['anchor', 'add', 'ots', '--calendar', 'https://a.example', ...common])
    await mkdir(`${folder}/out`)
    const empty = await gradecert(['anchor', 'submit', '--to', 'ots', ...common])
    expect([empty.code, empty.err]).toEqual([0, `There is no certificate in ${folder}/out to anchor.\n`])
  })

  test.each<[what: string, argv: readonly string[], code: string, exit: number]>([
    ['a place that was not set up', ['anchor', 'submit', '--to', 'moon'], 'anchor.unknown', 64],
    ['no place at all', ['anchor', 'submit'], 'anchor.unknown', 64],
    ['a log without a policy', ['anchor', 'add', 'x', '--log', 'log'], 'anchor.setting_refused', 64],
    [
      'a name in capitals',
      ['anchor', 'add', 'X', '--bitcoin', 'bip122:000000000019d6689c085ae165831e93'],
      'anchor.setting_refused',
      64,
    ],
    [
      'a chain without CAIP-2 id',
      ['anchor', 'add', 'x', '--bitcoin', 'bitcoin'],
      'anchor.setting_refused',
      64,
    ],
    [
      'a witness over plain http elsewhere',
      ['anchor', 'add', 'x', '--log', 'l', '--policy', 'p', '--witness', 'http://w.example'],
      'anchor.setting_refused',
      64,
    ],
    [
      'an anchor that nobody knows',
      ['verify', 'out', '--require-anchor', 'moon'],
      'verify.policy_malformed',
      64,
    ],
    ['a state that is not there', ['verify', 'out', '--chains', 'nowhere.json'], 'carrier.not_found', 74],
    ['a log that is not there', ['log', 'append', 'nowhere', 'ab'.repeat(32)], 'log.not_found', 74],
    ['a witness of no log', ['witness', 'serve', 'nowhere', '--port', '0'], 'log.none_to_witness', 64],
    ['an entry that is no hash', ['log', 'append', 'nowhere', 'abc'], 'chain.value_malformed', 64],
  ])('%s', async (_what, argv, code, exit) => {
    const folder = await temporaryFolder()
    await gradecert(['init', folder, '--name', '示例评价机构'])
    const answer = await gradecert([...argv, '--dir', folder, '--lang', 'en'])
    expect([answer.code, answer.err.split(':')[0]]).toEqual([exit, code])
  })
})
