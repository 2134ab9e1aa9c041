import { cpSync, mkdtempSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { beforeAll, describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { fromMultikey, thumbprint } from '../../src/key/public-key.ts'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

const root = mkdtempSync(join(tmpdir(), 'gradecert-evidence-'))
const day = (number: number) => `2026-01-${number}T00:00:00Z`

/** An agency with a site that issued a few certificates, and a state of chains beside it: made once. */
beforeAll(async () => {
  const results = await shortExport(root, 8)
  const dir = ['--dir', `${root}/agency`]
  const init = ['init', `${root}/agency`, '--name', '示例评价机构', '--did', 'web:cert.agency.example']
  expect((await gradecert(init)).code).toBe(0)
  expect((await gradecert(['issue', results, ...dir, '--quiet'])).code).toBe(0)
  expect((await gradecert(['publish', ...dir, '--quiet'])).code).toBe(0)
  expect((await gradecert(['chain', 'init', `${root}/chains.json`])).code).toBe(0)
  return () => rm(root, { recursive: true, force: true })
}, 60_000)

/** A copy of all of it. */
async function scene() {
  const folder = await temporaryFolder()
  cpSync(root, folder, { recursive: true })
  const dir = `${folder}/agency`
  const [name = ''] = (await readdir(`${dir}/out`)).sort()
  return {
    folder,
    dir,
    out: `${dir}/out`,
    one: `${dir}/out/${name}`,
    published: `${dir}/public/evidence.json`,
  }
}

const gather = (out: string, ...argv: string[]) =>
  gradecert(['gather', ...argv, '--out', out, '--json', '--at', day(21)])
const judge = (paths: readonly string[], ...argv: string[]) =>
  gradecert(['verify', ...paths, '--json', '--at', day(21), ...argv])
const kindsIn = async (path: string): Promise<readonly string[]> =>
  JSON.parse(await readFile(path, 'utf8'))
    .items.map(({ kind }: { kind: string }) => kind)
    .sort()

describe('gather', () => {
  test('takes over what other files hold, each document once', async () => {
    const { folder, dir, published } = await scene()
    const from = ['--from', published, '--from', published, '--trust', `${dir}/trust.json`]
    const made = await gather(`${folder}/kept.json`, '--offline', ...from)
    expect([made.code, made.err, made.lines[0].missed]).toEqual([0, '', []])
    const kinds = [
      'did-document',
      'key-history',
      'status-list',
      'status-list',
      'token-status-list',
      'trust-list',
    ]
    expect(await kindsIn(`${folder}/kept.json`)).toEqual(kinds)
    expect(made.lines[0].items).toHaveLength(kinds.length)
    // Once more into itself changes nothing.
    const before = await readFile(`${folder}/kept.json`, 'utf8')
    expect((await gather(`${folder}/kept.json`, '--offline', '--from', `${folder}/kept.json`)).code).toBe(0)
    expect(await readFile(`${folder}/kept.json`, 'utf8')).toBe(before)
  })

  test('takes lists of a trust file without the roots that it names', async () => {
    const { folder, dir, one, published } = await scene()
    const kept = `${folder}/kept.json`
    await gather(kept, '--offline', '--trust', `${dir}/trust.json`, '--from', published)
    const found = await judge([one], '--evidence', kept)
    expect([found.code, found.lines[0].checks.trust.reason]).toEqual([2, 'no_trust'])
    const trust = JSON.parse(await readFile(`${dir}/trust.json`, 'utf8'))
    await writeFile(`${folder}/roots.json`, JSON.stringify({ ...trust, lists: [] }))
    expect((await judge([one], '--evidence', kept, '--trust', `${folder}/roots.json`)).code).toBe(0)
    const listless = await judge([one], '--evidence', published, '--trust', `${folder}/roots.json`)
    expect([listless.code, listless.lines[0].checks.trust.reason]).toEqual([2, 'trust_list_not_at_hand'])
  })

  test('asks nobody when it is offline, and renews nothing', async () => {
    const { folder, one, published } = await scene()
    const asked: string[] = []
    const fetch = async (url: string) => {
      asked.push(url)
      return new Response('{}')
    }
    const argv = [
      'gather',
      one,
      '--refresh',
      published,
      '--offline',
      '--out',
      `${folder}/kept.json`,
      '--json',
    ]
    const made = await gradecert([...argv, '--at', '2026-12-01'], { fetch })
    expect([made.code, made.lines[0].renewed, asked]).toEqual([0, [], []])
    expect(await kindsIn(`${folder}/kept.json`)).toEqual(await kindsIn(published))
  })

  test('writes into the file that it renews, and keeps that whole where the site is down', async () => {
    const { published } = await scene()
    const before = JSON.parse(await readFile(published, 'utf8')).items
    const fetch = async () => new Response('<html>down for maintenance</html>')
    const argv = ['gather', '--refresh', published, '--out', published, '--json', '--at', '2026-12-01']
    const made = await gradecert(argv, { fetch })
    expect([made.code, made.lines[0].renewed]).toEqual([2, []])
    expect(made.lines[0].missed.length).toBeGreaterThan(2)
    expect(JSON.parse(await readFile(published, 'utf8')).items).toEqual(before)
  })

  test('says what could not be had, and writes what there is', async () => {
    const { folder, one } = await scene()
    const out = `${folder}/kept.json`
    const made = await gradecert(['gather', one, '--out', out, '--lang', 'en', '--at', day(21)])
    expect([made.code, made.out]).toEqual([2, `0 documents are in ${out}.\n`])
    expect(made.err.trim().split('\n')).toEqual(
      ['.well-known/did.json', 'status/revocation-1.json', 'status/suspension-1.json'].map(
        (path) => `https://cert.agency.example/${path} could not be had (unreachable).`,
      ),
    )
  })

  test.each<[what: string, argv: readonly string[], code: number, err: RegExp]>([
    ['no file to write', [], 64, /--out/],
    [
      'a certificate that is not there',
      ['nothing.json', '--out', 'x'],
      74,
      /^carrier\.not_found:.*nothing\.json/,
    ],
    ['evidence that is not there', ['--from', 'nothing.json', '--out', 'x'], 74, /^carrier\.not_found:/],
    [
      'evidence that is none',
      ['--from', `${root}/chains.json`, '--out', 'x'],
      74,
      /^evidence\.file_malformed:.*chains\.json/,
    ],
    [
      'to renew what is none',
      ['--refresh', `${root}/results.csv`, '--out', 'x'],
      74,
      /^evidence\.file_malformed:.*results\.csv/,
    ],
    [
      'a trust file that is none',
      ['--trust', `${root}/chains.json`, '--out', 'x'],
      74,
      /^trust\.file_malformed:/,
    ],
    [
      'an anchor that is none',
      ['--anchor', `${root}/results.csv`, '--out', 'x'],
      74,
      /^anchor\.file_malformed:/,
    ],
    [
      'a state of chains that is none',
      ['--chains', `${root}/results.csv`, '--out', 'x'],
      74,
      /^anchor\.file_malformed:/,
    ],
    [
      'another file as state of chains',
      ['--chains', `${root}/agency/trust.json`, '--out', 'x'],
      74,
      /^anchor\.file_malformed:/,
    ],
  ])('is given %s, and writes nothing', async (_what, argv, code, err) => {
    const folder = await temporaryFolder()
    const at = argv.map((word) => (word === 'x' ? `${folder}/x` : word))
    const answer = await gradecert(['gather', '--offline', '--lang', 'en', ...at])
    expect([answer.code, answer.err]).toEqual([code, expect.stringMatching(err)])
    expect(await readdir(folder)).toEqual([])
  })
})

describe('inspect', () => {
  test('says of each item what it is, from where, and until when it counts', async () => {
    const { published } = await scene()
    const { code, lines } = await gradecert(['inspect', published, '--json', '--at', day(21)])
    expect(code).toBe(0)
    const stored = JSON.parse(await readFile(published, 'utf8')).items
    expect(lines.map(({ kind, url, digest }) => ({ kind, url, digest }))).toEqual(
      stored.map(({ kind, url, digest }: Record<string, string>) => ({ kind, url, digest })),
    )
    for (const { state, from, until } of lines.filter(({ kind }) => /status-list/.test(kind))) {
      expect([state, from]).toEqual(['fresh', day(20)])
      expect(until > day(21)).toBe(true)
    }
  })

  test('counts what is stale and answers 2 for it', async () => {
    const { published } = await scene()
    const late = await gradecert(['inspect', published, '--lang', 'en', '--at', '2046-01-01'])
    expect([late.code, late.out.match(/^✘ /gm)?.length]).toEqual([2, 3])
    expect(late.out).toMatch(/3 of them stale\.\n$/)
    const now = await gradecert(['inspect', published, '--lang', 'zh', '--at', day(21)])
    expect([now.code, now.out]).toEqual([0, expect.stringMatching(/其中 0 项已过期。\n$/)])
  })

  test('shows hidden characters as what they are', async () => {
    const { folder } = await scene()
    const path = `${folder}/odd.json`
    const item = { kind: 'schema', url: 'urn:x:\u202egnp', document: { a: '\u0007' } }
    await writeFile(path, JSON.stringify({ type: 'GradecertEvidence', version: 1, items: [item] }))
    const { code, out } = await gradecert(['inspect', path])
    expect([code, out]).toEqual([0, expect.stringContaining('urn:x:\\u{202e}gnp')])
    expect(out).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u)
  })

  test.each<[what: string, name: string, code: number, err: RegExp]>([
    ['a file that is not there', 'nothing.json', 74, /^carrier\.not_found:/],
    ['a file of another kind', 'chains.json', 74, /^evidence\.file_malformed:.*chains\.json/],
    ['a table', 'results.csv', 74, /^evidence\.file_malformed:.*results\.csv/],
    ['a folder', 'agency', 74, /./],
  ])('of %s says so', async (_what, name, code, err) => {
    const answer = await gradecert(['inspect', `${root}/${name}`])
    expect([answer.code, answer.err]).toEqual([code, expect.stringMatching(err)])
  })

  test('of an item that was altered names it', async () => {
    const { published } = await scene()
    const text = await readFile(published, 'utf8')
    await writeFile(published, text.replace(/"validUntil":"2026/, '"validUntil":"2036'))
    const answer = await gradecert(['inspect', published])
    expect([answer.code, answer.err]).toEqual([
      74,
      expect.stringMatching(/^evidence\.item_altered:.*cert\.agency\.example/),
    ])
  })
})

describe('verify finds evidence by itself', () => {
  const trust = (dir: string) => ['--trust', `${dir}/trust.json`]

  test('beside one file, in a folder below, and in a zip', async () => {
    const { folder, dir, out, one, published } = await scene()
    expect((await judge([one], ...trust(dir))).code).toBe(2)
    const name = one.split('/').at(-1) as string
    await cp(published, one.replace('.json', '.evidence.json'))
    expect((await judge([one], ...trust(dir))).code).toBe(0)
    await mkdir(`${folder}/handed/b`, { recursive: true })
    await cp(out, `${folder}/handed/a`, { recursive: true })
    await rm(`${folder}/handed/a/${name.replace('.json', '.evidence.json')}`)
    await cp(published, `${folder}/handed/b/evidence.json`)
    expect((await judge([`${folder}/handed`], ...trust(dir))).code).toBe(0)
    const zip = zipSync({
      [`证书/${name}`]: new Uint8Array(await readFile(one)),
      '证书/evidence.json': new Uint8Array(await readFile(published)),
      'old.evidence.json': utf8('{"type":"GradecertEvidence","version":2,"items":[{}]}'),
    })
    await writeFile(`${folder}/one.zip`, zip)
    const zipped = await judge([`${folder}/one.zip`], ...trust(dir))
    expect([zipped.code, zipped.err]).toEqual([
      0,
      expect.stringMatching(/one\.zip\/old\.evidence\.json.*file_malformed/),
    ])
  })

  test('and evidence beside a certificate names nobody as authority', async () => {
    const { folder, dir, one, published } = await scene()
    await gather(`${folder}/kept.json`, '--offline', '--from', published, ...trust(dir))
    await cp(`${folder}/kept.json`, `${dir}/out/evidence.json`)
    const found = await judge([one])
    expect([found.code, found.lines[0].checks.trust.reason]).toEqual([2, 'no_trust'])
  })

  test('and an older list beside it takes nothing back that a newer one says', async () => {
    const { dir, one, published } = await scene()
    await cp(published, `${dir}/out/evidence.json`)
    const number = (one.split('/').at(-1) as string).replace('.json', '')
    const at = ['--dir', dir, '--at', '2026-01-20T12:00:00Z']
    expect((await gradecert(['revoke', number, '--reason', 'cheating-grave', ...at])).code).toBe(0)
    expect((await gradecert(['publish', ...at])).code).toBe(0)
    const found = await judge([one], ...trust(dir), '--evidence', published)
    expect([found.code, found.lines[0].checks.status.reason]).toEqual([1, 'revoked'])
  })
})

describe('a state of chains is named', () => {
  test('by the digest of one that the evidence carries, wherever that lies', async () => {
    const { folder, dir, one, published } = await scene()
    await gather(`${folder}/kept.json`, '--offline', '--from', published, '--chains', `${folder}/chains.json`)
    const inspected = await gradecert(['inspect', `${folder}/kept.json`, '--json', '--at', day(21)])
    const { digest } = inspected.lines.find(({ kind }) => kind === 'chain-state')
    const named = ['--chains', `sha256:${digest}`, '--trust', `${dir}/trust.json`]
    expect((await judge([one], ...named, '--evidence', `${folder}/kept.json`)).code).toBe(0)
    await cp(`${folder}/kept.json`, `${dir}/out/evidence.json`)
    expect((await judge([one], ...named)).code).toBe(0)
    await rm(`${dir}/out/evidence.json`)
    const without = await judge([one], ...named, '--evidence', published)
    expect([without.code, without.err]).toEqual([74, expect.stringMatching(/^carrier\.not_found:.*sha256:/)])
  })

  test('not where it names files of headers, which no evidence carries', async () => {
    const { folder, published } = await scene()
    const state = JSON.parse(await readFile(`${folder}/chains.json`, 'utf8'))
    const chain = 'bip122:000000000019d6689c085ae165831e93'
    const headers = [{ start: 0, count: 1, file: 'headers.bin', sha256: '0'.repeat(64) }]
    await writeFile(
      `${folder}/chains.json`,
      JSON.stringify({ ...state, chains: { [chain]: { family: 'bitcoin', headers } } }),
    )
    const argv = ['--from', published, '--chains', `${folder}/chains.json`]
    const answer = await gather(`${folder}/kept.json`, '--offline', ...argv)
    expect([answer.code, answer.err]).toEqual([
      74,
      expect.stringMatching(/^anchor\.file_malformed:.*headers\.bin/),
    ])
  })

  test.each([
    ['half a digest', 'sha256:abcd'],
    ['a digest in capitals', `sha256:${'A'.repeat(64)}`],
    ['a digest that nobody carries', `sha256:${'0'.repeat(64)}`],
    ['a file that is not there', 'no-chains.json'],
  ])('not by %s', async (_what, named) => {
    const { one, published } = await scene()
    const answer = await judge([one], '--evidence', published, '--chains', named)
    expect([answer.code, answer.err]).toEqual([74, expect.stringMatching(/^carrier\.not_found:/)])
    expect(answer.err).toContain(named)
  })
})

describe('--root', () => {
  /** Who signed the agency's own trial list. */
  async function rootOf(dir: string) {
    const trust = JSON.parse(await readFile(`${dir}/trust.json`, 'utf8'))
    return trust.roots[0] as { readonly id: string }
  }

  test('takes one root of a trust file by its DID, its Multikey or the thumbprint of its key', async () => {
    const { dir, one, published } = await scene()
    const { id } = await rootOf(dir)
    const given = ['--trust', `${dir}/trust.json`, '--evidence', published]
    const key = fromMultikey(id.replace('did:key:', ''))
    if (key === null) throw new Error(id)
    for (const name of [id, id.replace('did:key:', ''), thumbprint(key)]) {
      expect((await judge([one], ...given, '--root', name)).code).toBe(0)
    }
  })

  test('leaves every other root out', async () => {
    const { folder, dir, one, published } = await scene()
    const made = await gradecert(['keys', 'generate', '--out', `${folder}/k.json`, '--json'])
    const other = String(made.lines[0].verificationMethod).split('#')[0] as string
    const given = ['--trust', `${dir}/trust.json`, '--evidence', published]
    for (const name of [other, other.replace('did:key:', '')]) {
      const found = await judge([one], ...given, '--root', name)
      expect([found.code, found.lines[0].checks.trust.outcome]).toEqual([2, 'unknown'])
    }
    const { id } = await rootOf(dir)
    expect((await judge([one], ...given, '--root', other, '--root', id)).code).toBe(0)
  })

  test.each(['nobody', 'did:web:nobody.example', '', 'z6Mk'])(
    '%j that no trust file names is refused',
    async (name) => {
      const { dir, one } = await scene()
      const answer = await judge([one], '--trust', `${dir}/trust.json`, '--root', name)
      expect([answer.code, answer.err]).toEqual([64, expect.stringMatching(/^trust\.root_not_found:/)])
    },
  )

  test('alone, with its list in the evidence, is enough', async () => {
    const { folder, dir, one, published } = await scene()
    const { id } = await rootOf(dir)
    expect(id).toMatch(/^did:key:z/)
    await gather(`${folder}/kept.json`, '--offline', '--from', published, '--trust', `${dir}/trust.json`)
    for (const name of [id, id.replace('did:key:', '')]) {
      expect((await judge([one], '--evidence', `${folder}/kept.json`, '--root', name)).code).toBe(0)
    }
  })
})
