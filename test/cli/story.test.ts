import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, describe, expect, test } from 'vitest'
import { clock, exportPath, gradecert, shortExport, temporaryFolder } from './terminal.ts'

/** An agency that has issued the 200 rows of the export and published: made once for each kind, copied for each test. */
async function agency(did = 'key'): Promise<string> {
  const dir = `${await temporaryFolder()}/agency`
  const made = templates.get(did) ?? template(did)
  templates.set(did, made)
  cpSync(await made, dir, { recursive: true })
  return dir
}

const templates = new Map<string, Promise<string>>()
const root = mkdtempSync(join(tmpdir(), 'gradecert-story-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The whole export for the agency without a site, its first rows for the other. */
async function template(did: string): Promise<string> {
  const dir = join(root, did.replaceAll(':', '-'))
  expect((await gradecert(['init', dir, '--name', '示例评价机构', '--did', did])).code).toBe(0)
  if (did === 'key') expect((await gradecert(['issue', exportPath, '--dir', dir])).code).toBe(2)
  else expect((await gradecert(['issue', await shortExport(dir), '--dir', dir])).code).toBe(0)
  expect((await gradecert(['publish', '--dir', dir])).code).toBe(0)
  return dir
}

const offline = (dir: string) => ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`]
const outcomes = (checks: Record<string, { outcome: string }>) =>
  Object.fromEntries(Object.entries(checks).map(([id, { outcome }]) => [id, outcome]))
const everythingPasses = {
  format: 'pass',
  schema: 'pass',
  issuer: 'pass',
  proof: 'pass',
  validity: 'pass',
  status: 'pass',
  trust: 'pass',
  anchor: 'skipped',
  policy: 'skipped',
}

describe('from an export to a verified certificate', () => {
  test('check says what issue then does, and issue does it once', async () => {
    const dir = `${await temporaryFolder()}/agency`
    await gradecert(['init', dir, '--name', '示例评价机构'])
    const checked = await gradecert(['check', exportPath, '--dir', dir, '--json'])
    expect(checked.code).toBe(2)
    expect(checked.lines).toHaveLength(201)
    expect(checked.lines[0]).toMatchObject({ record: 1, verdict: 'issue', codes: [] })
    expect(checked.lines.at(-1)).toMatchObject({
      summary: { issue: 119, hold: 1, reject: 0, no_certificate: 80, skip: 0 },
      faults: [],
    })
    expect(await readdir(dir)).not.toContain('out')

    const issued = await gradecert(['issue', exportPath, '--dir', dir, '--json'])
    expect(issued.code).toBe(2)
    expect(issued.lines.at(-1).summary).toEqual({
      issued: 119,
      already_issued: 0,
      held: 1,
      rejected: 0,
      no_certificate: 80,
      skipped: 0,
    })
    expect(issued.lines[0]).toMatchObject({
      record: 1,
      outcome: 'issued',
      number: 'PT26-0001-11-3801-1-0000001-W',
      files: [`${dir}/out/PT26-0001-11-3801-1-0000001-W.json`],
    })
    const files = await readdir(`${dir}/out`)
    expect(files.sort()).toEqual(
      issued.lines.flatMap(({ number }) => (number ? [`${number}.json`] : [])).sort(),
    )

    const again = await gradecert(['issue', exportPath, '--dir', dir, '--json', '--at', '2026-02-20'])
    expect(again.lines.at(-1).summary).toMatchObject({ issued: 0, already_issued: 119 })
    expect(again.lines[0]).toMatchObject({
      outcome: 'already_issued',
      number: 'PT26-0001-11-3801-1-0000001-W',
    })
  })

  test('the same candidates in other encodings and as JSON Lines get no second certificate', async () => {
    const dir = await agency()
    const text = new TextDecoder('gb18030').decode(await readFile(exportPath))
    await writeFile(`${dir}/utf8.csv`, text)
    await writeFile(`${dir}/bom.csv`, `\ufeff${text}`)
    for (const file of ['utf8.csv', 'bom.csv']) {
      const again = await gradecert(['issue', `${dir}/${file}`, '--dir', dir, '--json'])
      expect(again.lines.at(-1).summary).toMatchObject({ issued: 0, already_issued: 119 })
    }
  })

  test('a file of the folder that was lost or changed is made whole by the next run', async () => {
    const dir = await agency()
    const [name = ''] = await readdir(`${dir}/out`)
    const before = await readFile(`${dir}/out/${name}`, 'utf8')
    await writeFile(`${dir}/out/${name}`, '')
    await gradecert(['issue', exportPath, '--dir', dir])
    expect(await readFile(`${dir}/out/${name}`, 'utf8')).toBe(before)
  })

  test('an employer verifies all of them offline, as folder, file, zip and on standard input', async () => {
    const dir = await agency()
    const folder = await gradecert(['verify', `${dir}/out`, ...offline(dir), '--json'])
    expect(folder.code).toBe(0)
    expect(folder.lines.map(({ verdict }) => verdict)).toEqual(Array(119).fill('valid'))
    expect(outcomes(folder.lines[0].checks)).toEqual(everythingPasses)
    const [name = ''] = await readdir(`${dir}/out`)
    const file = await gradecert(['verify', `${dir}/out/${name}`, ...offline(dir), '--json'])
    expect(file.lines[0]).toEqual({
      ...folder.lines.find((line) => line.file.endsWith(name)),
      file: `${dir}/out/${name}`,
    })
    const bytes = new Uint8Array(await readFile(`${dir}/out/${name}`))
    const piped = await gradecert(['verify', '-', ...offline(dir), '--json'], { stdin: bytes })
    expect(piped.lines[0]).toEqual({ ...file.lines[0], file: '-' })
    await writeFile(`${dir}/one.zip`, zipSync({ [`证书/${name}`]: bytes, 'read me.txt': bytes }))
    const zip = await gradecert(['verify', `${dir}/one.zip`, ...offline(dir), '--json'])
    expect(zip.lines[0]).toEqual({ ...file.lines[0], file: `${dir}/one.zip/证书/${name}` })
    expect(zip.err).toContain('1 files')
  }, 60_000)

  test('without evidence the status is unknown, without trust nobody is recognised', async () => {
    const dir = await agency()
    const [name = ''] = await readdir(`${dir}/out`)
    const bare = await gradecert(['verify', `${dir}/out/${name}`, '--trust', `${dir}/trust.json`, '--json'])
    expect(bare.code).toBe(2)
    expect(bare.lines[0].verdict).toBe('undetermined')
    expect(bare.lines[0].checks.status).toMatchObject({
      outcome: 'unknown',
      reason: 'status_list_not_at_hand',
    })
    const trustless = await gradecert([
      'verify',
      `${dir}/out/${name}`,
      '--evidence',
      `${dir}/public/evidence.json`,
    ])
    expect(trustless.code).toBe(2)
    expect(trustless.err).toContain('--trust')
  })

  test('tampered, revoked, suspended, reinstated, stale: each has its answer', async () => {
    const dir = await agency()
    const [first = '', second = ''] = (await readdir(`${dir}/out`)).sort()
    const judged = async (file: string, ...more: string[]) =>
      (await gradecert(['verify', file, ...offline(dir), '--json', ...more])).lines[0]

    const text = await readFile(`${dir}/out/${first}`, 'utf8')
    await writeFile(`${dir}/tampered.json`, text.replace(/"identityHash":"[^"]*"/, '"identityHash":"张三"'))
    expect((await judged(`${dir}/tampered.json`)).checks.proof).toMatchObject({
      outcome: 'fail',
      reason: 'signature_mismatch',
    })

    const number = second.replace(/\.json$/, '')
    const change = async (...argv: string[]) => {
      const changed = await gradecert([...argv, '--dir', dir, '--at', '2026-01-21'])
      const published = await gradecert(['publish', '--dir', dir, '--at', '2026-01-21'])
      return [changed.code, published.code]
    }
    const at = ['--at', '2026-01-22']
    expect(await change('suspend', number, '--reason', 'under-investigation')).toEqual([0, 0])
    expect((await judged(`${dir}/out/${second}`, ...at)).checks.status).toMatchObject({
      outcome: 'fail',
      reason: 'suspended',
    })
    expect(await change('reinstate', number, '--reason', 'under-investigation')).toEqual([0, 0])
    expect((await judged(`${dir}/out/${second}`, ...at)).verdict).toBe('valid')
    expect(await change('revoke', number, '--reason', 'cheating-grave')).toEqual([0, 0])
    expect((await judged(`${dir}/out/${second}`, ...at)).checks.status).toMatchObject({
      outcome: 'fail',
      reason: 'revoked',
    })
    expect(await change('reinstate', number, '--reason', 'under-investigation')).toEqual([64, 0])
    expect((await judged(`${dir}/out/${first}`, ...at)).verdict).toBe('valid')
    expect((await judged(`${dir}/out/${first}`, '--at', '2026-03-01')).checks.status).toMatchObject({
      outcome: 'unknown',
      reason: 'status_list_stale',
    })
  })

  test('an agency with a site verifies the same way, its document vouched for by the trust list', async () => {
    const dir = await agency('web:cert.agency.example')
    const all = await gradecert(['verify', `${dir}/out`, ...offline(dir), '--json'])
    expect(all.code).toBe(0)
    expect(JSON.parse(await readFile(`${dir}/public/.well-known/did.json`, 'utf8')).id).toBe(
      'did:web:cert.agency.example',
    )
    const [badge] = (await readdir(`${dir}/out`)).sort()
    const { credentialStatus } = JSON.parse(await readFile(`${dir}/out/${badge}`, 'utf8'))
    expect(credentialStatus.statusListCredential).toBe('https://cert.agency.example/status/revocation-1.json')
  })

  test('an agency serves our context from its own address, and evidence makes it known by its digest', async () => {
    const dir = `${await temporaryFolder()}/agency`
    await gradecert(['init', dir, '--name', '示例评价机构', '--did', 'web:cert.agency.example'])
    const settings = JSON.parse(await readFile(`${dir}/gradecert.json`, 'utf8'))
    const contextUrl = 'https://cert.agency.example/contexts/gradecert-v1.json'
    await writeFile(`${dir}/gradecert.json`, JSON.stringify({ ...settings, contextUrl }))
    await gradecert(['issue', await shortExport(dir), '--dir', dir])
    await gradecert(['publish', '--dir', dir])
    const [name = ''] = await readdir(`${dir}/out`)
    expect(JSON.parse(await readFile(`${dir}/out/${name}`, 'utf8'))['@context'][3]).toBe(contextUrl)
    const known = await gradecert(['verify', `${dir}/out/${name}`, ...offline(dir), '--json'])
    expect(known.lines[0].verdict).toBe('valid')
    const unknown = await gradecert([
      'verify',
      `${dir}/out/${name}`,
      '--trust',
      `${dir}/trust.json`,
      '--json',
    ])
    expect(unknown.lines[0].checks.format).toEqual({
      outcome: 'unknown',
      reason: 'context_not_at_hand',
      detail: contextUrl,
    })
  })

  test('--online fetches the lists from the agency and says what could not be had', async () => {
    const dir = await agency('web:cert.agency.example')
    const [name = ''] = await readdir(`${dir}/out`)
    const asked: string[] = []
    const fetch = async (url: string) => {
      asked.push(url)
      const path = url.replace('https://cert.agency.example/', '')
      return new Response(await readFile(`${dir}/public/${path}`))
    }
    const argv = ['verify', `${dir}/out/${name}`, '--trust', `${dir}/trust.json`, '--online', '--json']
    expect((await gradecert(argv, { fetch })).lines[0].verdict).toBe('valid')
    expect(asked).toEqual([
      'https://cert.agency.example/.well-known/did.json',
      'https://cert.agency.example/key-history.jsonl',
      'https://cert.agency.example/status/revocation-1.json',
      'https://cert.agency.example/status/suspension-1.json',
    ])
    asked.length = 0
    const folder = ['verify', `${dir}/out`, '--trust', `${dir}/trust.json`, '--online', '--quiet']
    expect((await gradecert(folder, { fetch })).code).toBe(0)
    expect(asked).toHaveLength(4)
    const down = await gradecert(argv)
    expect(down.lines[0].verdict).toBe('undetermined')
    expect(down.err).toContain('https://cert.agency.example/.well-known/did.json')

    const gathered = await gradecert(['gather', `${dir}/out/${name}`, '--out', `${dir}/gathered.json`], {
      fetch,
    })
    expect(gathered.code).toBe(0)
    const later = [
      'verify',
      `${dir}/out/${name}`,
      '--trust',
      `${dir}/trust.json`,
      '--evidence',
      `${dir}/gathered.json`,
    ]
    expect((await gradecert(later)).code).toBe(0)
  })

  test('notices go to those without certificate, on request, and are never taken for one', async () => {
    const dir = await agency()
    const notices = `${dir}/notices`
    await gradecert(['issue', exportPath, '--dir', dir, '--notices', notices, '--with-scores'])
    const names = await readdir(notices)
    expect(names).toHaveLength(80)
    const [name = ''] = names
    const asGrade = await gradecert(['verify', `${notices}/${name}`, ...offline(dir), '--json'])
    expect(asGrade.lines[0].checks.format).toMatchObject({ outcome: 'fail', reason: 'type_not_accepted' })
    const asNotice = await gradecert([
      'verify',
      `${notices}/${name}`,
      ...offline(dir),
      '--type',
      'notice',
      '--json',
    ])
    expect(asNotice.lines[0].verdict).toBe('valid')
    expect(await gradecert(['issue', exportPath, '--dir', dir, '--notices', notices])).toMatchObject({
      code: 2,
    })
    expect(await readdir(notices)).toHaveLength(80)
  })

  test('scores stand in the badge only where they are asked for', async () => {
    const dir = `${await temporaryFolder()}/agency`
    await gradecert(['init', dir, '--name', '示例评价机构'])
    await gradecert(['issue', await shortExport(dir), '--dir', dir, '--with-scores'])
    const [name = ''] = (await readdir(`${dir}/out`)).sort()
    const badge = JSON.parse(await readFile(`${dir}/out/${name}`, 'utf8'))
    expect(badge.credentialSubject.result.map(({ value }: { value?: string }) => value)).toEqual([
      undefined,
      undefined,
      '86.5',
      '82',
    ])
  })

  test('published files hold no name, ID number or number of a certificate', async () => {
    const dir = await agency()
    const first = (await gradecert(['check', exportPath, '--dir', dir, '--json'])).lines[0]
    expect(first.verdict).toBe('issue')
    const published = await Promise.all(
      ['evidence.json', 'trust-lists.json', 'catalogue.json', 'status/revocation-1.json'].map((path) =>
        readFile(`${dir}/public/${path}`, 'utf8'),
      ),
    )
    expect(published.join('\n')).not.toMatch(/周勇浩|PT26-|\d{17}[\dX]/)
  })

  test('nothing that is printed or kept in the open shows an ID number', async () => {
    const dir = `${await temporaryFolder()}/agency`
    const clean = new TextDecoder('gb18030').decode(await readFile(exportPath)).split('\r\n')
    const bad = clean
      .slice(0, 6)
      .map((line, i) => (i === 0 ? line : line.replace(/\d{17}[\dX]/, (id) => `${id.slice(0, 17)}?`)))
    await mkdir(dir, { recursive: true })
    await writeFile(`${dir}/bad.csv`, bad.join('\r\n'))
    const answers = [
      await gradecert(['init', dir, '--name', '示例评价机构']),
      await gradecert(['check', exportPath, `${dir}/bad.csv`, '--dir', dir]),
      await gradecert(['check', exportPath, `${dir}/bad.csv`, '--dir', dir, '--json']),
      await gradecert(['issue', exportPath, `${dir}/bad.csv`, '--dir', dir, '--json']),
    ]
    for (const { out, err } of answers) expect(`${out}${err}`).not.toMatch(/\d{15}/)
    const registry = await readFile(`${dir}/registry.db`, 'latin1')
    expect(registry).not.toMatch(/11000019\d{9}[\dX]/)
    for (const name of await readdir(`${dir}/out`)) {
      expect(await readFile(`${dir}/out/${name}`, 'utf8')).not.toMatch(/\d{15}/)
    }
    for (const name of await readdir(`${dir}/keys`))
      expect((await stat(`${dir}/keys/${name}`)).mode & 0o077).toBe(0)
  })
})

test('two exports with the same file name keep apart by their content', async () => {
  const dir = await agency()
  expect(
    (await gradecert(['issue', exportPath, exportPath, '--dir', dir, '--json'])).lines.at(-1).summary,
  ).toMatchObject({
    issued: 0,
    already_issued: 119,
    skipped: 200,
  })
  expect(clock).toBe('2026-01-20T00:00:00Z')
})
