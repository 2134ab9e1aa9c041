import { cpSync, mkdtempSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { zipSync } from 'fflate'
import { beforeAll, describe, expect, test } from 'vitest'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

const root = mkdtempSync(join(tmpdir(), 'gradecert-report-'))

/** Two agencies: 甲 issued what 30 rows earn, 19 certificates, 乙 what 12 rows earn; both published. Made once. */
beforeAll(async () => {
  const results = await shortExport(root)
  await mkdir(`${root}/few`)
  const few = await shortExport(`${root}/few`, 12)
  for (const [name, label, file] of [
    ['a', '甲评价机构', results],
    ['b', '乙评价机构', few],
  ] as const) {
    const dir = ['--dir', `${root}/${name}`]
    expect((await gradecert(['init', `${root}/${name}`, '--name', label], { seed: name })).code).toBe(0)
    expect((await gradecert(['issue', file, ...dir, '--quiet'], { seed: name })).code).toBe(0)
    expect((await gradecert(['publish', ...dir, '--quiet'], { seed: name })).code).toBe(0)
  }
  return () => rm(root, { recursive: true, force: true })
}, 60_000)

const day = (number: number) => `2026-01-${number}T00:00:00Z`

/** Copies of both agencies in one folder. */
async function agencies(): Promise<string> {
  const folder = await temporaryFolder()
  for (const name of ['a', 'b']) cpSync(`${root}/${name}`, `${folder}/${name}`, { recursive: true })
  return folder
}

const numbersOf = async (dir: string): Promise<readonly string[]> =>
  (await readdir(`${dir}/out`))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace('.json', ''))
    .sort()

/** Runs a command of an agency at a day, then publishes. */
async function change(dir: string, at: number, ...argv: string[]) {
  const answer = await gradecert([...argv, '--dir', dir, '--at', day(at)])
  expect(answer.code, answer.err).toBe(0)
  expect((await gradecert(['publish', '--dir', dir, '--at', day(at)])).code).toBe(0)
}

const own = (dir: string, ...argv: string[]) =>
  gradecert(['report', '--dir', dir, '--json', '--at', day(25), ...argv])
const known = (folder: string, ...names: string[]) =>
  names.flatMap((name) => [
    ...['--trust', `${folder}/${name}/trust.json`],
    ...['--evidence', `${folder}/${name}/public/evidence.json`],
  ])
const handedIn = (paths: readonly string[], ...argv: string[]) =>
  gradecert(['report', ...paths, '--json', '--at', day(25), ...argv])

async function planIn(folder: string, ...targets: object[]): Promise<string> {
  const path = `${folder}/plan.json`
  await writeFile(path, JSON.stringify({ type: 'GradecertPlan', version: 1, year: 2026, targets }))
  return path
}

describe('of its own registry an agency is told', () => {
  test('counts, reasons and a plan, and nothing of any person', async () => {
    const folder = await agencies()
    const [first = '', second = '', third = ''] = await numbersOf(`${folder}/a`)
    await change(`${folder}/a`, 21, 'revoke', first, '--reason', 'cheating-grave')
    await change(`${folder}/a`, 21, 'suspend', second, '--reason', 'under-investigation')
    await change(`${folder}/a`, 21, 'suspend', third, '--reason', 'under-investigation')
    await change(`${folder}/a`, 22, 'reinstate', third, '--reason', 'under-investigation')
    const plan = await planIn(
      folder,
      { count: 38 },
      { count: 19, region: 'CN' },
      { count: 5, grade: 'senior' },
    )
    const { code, lines, err, out } = await own(`${folder}/a`, '--plan', plan)
    expect([code, err, lines.length]).toEqual([0, '', 1])
    const [{ rows, ...found }] = lines
    expect(found).toMatchObject({
      awarded: 19,
      revoked: 1,
      suspended: 1,
      reasons: { 'cheating-grave': 1, 'under-investigation': 1 },
      outside: [],
      plan: [{ year: 2026, count: 38, awarded: 19, percent: 50 }, { count: 19 }, { grade: 'senior' }],
    })
    expect(found.verdicts).toBeUndefined()
    const sum = (name: string) =>
      rows.reduce((total: number, row: Record<string, number>) => total + (row[name] ?? 0), 0)
    expect(['awarded', 'revoked', 'suspended'].map(sum)).toEqual([19, 1, 1])
    for (const number of await numbersOf(`${folder}/a`)) expect(out).not.toContain(number)
  })

  test('one award for a certificate that was issued again', async () => {
    const folder = await agencies()
    const [number = ''] = await numbersOf(`${folder}/a`)
    await change(`${folder}/a`, 21, 'reissue', number, '--set', 'name=王小明', '--reason', 'data-correction')
    expect((await own(`${folder}/a`)).lines[0]).toMatchObject({ awarded: 19, revoked: 0, reasons: {} })
  })

  test('its awards outside of the list that it names, with exit code 1', async () => {
    const folder = await agencies()
    const trust = ['--trust', `${folder}/b/trust.json`]
    const answer = await own(`${folder}/a`, ...trust)
    expect([answer.code, answer.lines[0].outside]).toEqual([
      1,
      [{ agency: expect.stringMatching(/^did:key:/), fault: 'agency_not_listed', count: 19 }],
    ])
    const said = await gradecert([
      'report',
      '--dir',
      `${folder}/a`,
      '--lang',
      'en',
      '--at',
      day(25),
      ...trust,
    ])
    expect(said.out).toMatch(/^! outside recognition: did:key:\w+, agency_not_listed: 19$/m)
  })

  test('only the days that are asked for', async () => {
    const folder = await agencies()
    const awarded = async (...argv: string[]) => (await own(`${folder}/a`, ...argv)).lines[0].awarded
    expect(await awarded('--since', '2027-01-01')).toBe(0)
    expect(await awarded('--until', '2020-01-01')).toBe(0)
    expect(await awarded('--since', '2020-01-01', '--until', '2027-01-01')).toBe(19)
  })

  test('the same as a table, as CSV and as a chart', async () => {
    const folder = await agencies()
    const plan = await planIn(folder, { count: 9, grade: 'senior' }, { count: 240 })
    const files = ['--csv', `${folder}/counts.csv`, '--svg', `${folder}/months.svg`]
    const { lines } = await own(`${folder}/a`, '--plan', plan, ...files)
    const text = await readFile(`${folder}/counts.csv`, 'utf8')
    const rows = parse(text.slice(1), { columns: true }) as Record<string, string>[]
    expect(rows).toEqual(
      lines[0].rows.map((row: Record<string, string | number>) => ({
        agency: row.agency,
        agency_name: '甲评价机构',
        occupation: row.occupation,
        grade: row.grade,
        month: row.month,
        awarded: String(row.awarded),
        revoked: '0',
        suspended: '0',
      })),
    )
    const svg = await readFile(`${folder}/months.svg`, 'utf8')
    expect(svg).toContain('>19 certificates; ')
    // The line is that of the target for all, wherever it stands in the plan.
    expect(svg).toContain('2026 计划 / plan 240 ÷ 12')
    await own(`${folder}/a`, '--plan', plan, ...files)
    expect(await readFile(`${folder}/months.svg`, 'utf8')).toBe(svg)

    const table = (lang: string) =>
      gradecert(['report', '--dir', `${folder}/a`, '--plan', plan, '--lang', lang, '--at', day(25)])
    const english = (await table('en')).out.split('\n')
    expect(english[0]).toMatch(/^agency +occupation +grade +month +awarded +revoked +suspended$/)
    expect(english).toHaveLength(lines[0].rows.length + 5)
    expect(english).toContain('19 awarded, 0 of them revoked, 0 suspended.')
    expect(english).toContain('plan 2026: 19 of 240, 7.9 %')
    const chinese = await table('zh')
    expect(chinese.out).toContain('共颁发 19，其中撤销 0，暂停 0。')
    expect(await gradecert(['report', '--dir', `${folder}/a`, '--quiet'])).toMatchObject({
      code: 0,
      out: '',
      err: '',
    })
  })
})

describe('of what is handed in a supervisor is told', () => {
  test('the counts of several agencies beside each other', async () => {
    const folder = await agencies()
    const [a, b] = [await numbersOf(`${folder}/a`), await numbersOf(`${folder}/b`)]
    const paths = [`${folder}/a/out`, `${folder}/b/out`]
    const found = await handedIn(paths, ...known(folder, 'a', 'b'))
    const total = a.length + b.length
    expect([found.code, found.err, found.lines[0].verdicts]).toEqual([
      0,
      '',
      { valid: total, invalid: 0, undetermined: 0 },
    ])
    const by = (name: string, lines = found.lines) =>
      lines[0].rows
        .filter(({ agencyName }: { agencyName: string }) => agencyName === name)
        .reduce((sum: number, { awarded }: { awarded: number }) => sum + awarded, 0)
    expect([by('甲评价机构'), by('乙评价机构')]).toEqual([a.length, b.length])
    const reversed = await handedIn(paths.toReversed(), ...known(folder, 'b', 'a'))
    expect(reversed.lines).toEqual(found.lines)
  })

  test('whose certificates are of an agency that no list has', async () => {
    const folder = await agencies()
    const count = (await numbersOf(`${folder}/b`)).length
    const found = await handedIn(
      [`${folder}/a/out`, `${folder}/b/out`],
      ...known(folder, 'a'),
      ...known(folder, 'b').slice(2),
    )
    expect([found.code, found.lines[0].verdicts, found.lines[0].outside]).toEqual([
      1,
      { valid: 19, invalid: count, undetermined: 0 },
      [{ agency: expect.any(String), fault: 'agency_not_listed', count }],
    ])
  })

  test('a file, a copy and a zip of it as one award', async () => {
    const folder = await agencies()
    const [number = ''] = await numbersOf(`${folder}/a`)
    const one = `${folder}/a/out/${number}.json`
    await cp(one, `${folder}/copy.json`)
    await writeFile(`${folder}/one.zip`, zipSync({ 'x.json': new Uint8Array(await readFile(one)) }))
    const found = await handedIn([one, `${folder}/copy.json`, `${folder}/one.zip`], ...known(folder, 'a'))
    expect([found.code, found.lines[0]]).toEqual([
      0,
      expect.objectContaining({ awarded: 1, verdicts: { valid: 3, invalid: 0, undetermined: 0 } }),
    ])
  })

  test('both forms of one certificate as one award', async () => {
    const folder = await temporaryFolder()
    const dir = ['--dir', `${folder}/a`]
    await gradecert(['init', `${folder}/a`, '--name', '甲评价机构'])
    const results = await shortExport(folder, 3)
    expect((await gradecert(['issue', results, ...dir, '--form', 'both', '--quiet'])).code).toBe(0)
    expect((await gradecert(['publish', ...dir, '--quiet'])).code).toBe(0)
    const count = (await numbersOf(`${folder}/a`)).length
    expect(count).toBeGreaterThan(0)
    const found = await handedIn([`${folder}/a/out`], ...known(folder, 'a'))
    expect([found.code, found.lines[0]]).toEqual([
      0,
      expect.objectContaining({
        awarded: count,
        verdicts: { valid: 2 * count, invalid: 0, undetermined: 0 },
      }),
    ])
  })

  test('one live award for a certificate that was issued again, whichever file comes first', async () => {
    const folder = await agencies()
    const [number = ''] = await numbersOf(`${folder}/a`)
    await change(`${folder}/a`, 21, 'reissue', number, '--set', 'name=王小明', '--reason', 'data-correction')
    const files = [`${folder}/a/out/${number}.json`, `${folder}/a/out/${number}.r2.json`]
    for (const paths of [files, files.toReversed(), [`${folder}/a/out`]]) {
      const { lines, code } = await handedIn(paths, ...known(folder, 'a'))
      expect([code, lines[0].revoked, lines[0].verdicts.invalid]).toEqual([1, 0, 1])
      expect(lines[0].awarded).toBe(paths.length === 1 ? 19 : 1)
    }
    const old = await handedIn(files.slice(0, 1), ...known(folder, 'a'))
    expect(old.lines[0]).toMatchObject({ awarded: 1, revoked: 1 })
  })

  test('what was revoked and suspended since, counted as awarded, with exit code 1', async () => {
    const folder = await agencies()
    const [first = '', second = ''] = await numbersOf(`${folder}/a`)
    await change(`${folder}/a`, 21, 'revoke', first, '--reason', 'cheating-grave')
    await change(`${folder}/a`, 21, 'suspend', second, '--reason', 'under-investigation')
    const found = await handedIn([`${folder}/a/out`], ...known(folder, 'a'))
    expect([found.code, found.lines[0]]).toEqual([
      1,
      expect.objectContaining({ awarded: 19, revoked: 1, suspended: 1, reasons: {} }),
    ])
  })

  test.each<[what: string, change: (text: string) => string]>([
    ['altered', (text) => text.replace(/"identityHash":"[^"]*"/, '"identityHash":"张三"')],
    ['no JSON', (text) => text.slice(0, -20)],
    ['of another kind', () => '{"type":["VerifiableCredential"]}'],
  ])('a certificate that is %s as invalid, and counts it not', async (_what, alter) => {
    const folder = await agencies()
    const [number = ''] = await numbersOf(`${folder}/a`)
    const path = `${folder}/a/out/${number}.json`
    await writeFile(path, alter(await readFile(path, 'utf8')))
    const found = await handedIn([`${folder}/a/out`], ...known(folder, 'a'))
    expect([found.code, found.lines[0]]).toEqual([
      1,
      expect.objectContaining({ awarded: 18, verdicts: { valid: 18, invalid: 1, undetermined: 0 } }),
    ])
  })

  test('that nothing can be said without evidence', async () => {
    const folder = await agencies()
    const found = await handedIn([`${folder}/a/out`], '--trust', `${folder}/a/trust.json`)
    expect([found.code, found.lines[0]]).toEqual([
      2,
      expect.objectContaining({ awarded: 0, verdicts: { valid: 0, invalid: 0, undetermined: 19 } }),
    ])
  })

  test('that nobody is recognised without an authority, and even what is revoked is not counted', async () => {
    const folder = await agencies()
    const [number = ''] = await numbersOf(`${folder}/a`)
    await change(`${folder}/a`, 21, 'revoke', number, '--reason', 'cheating-grave')
    const found = await handedIn([`${folder}/a/out`], ...known(folder, 'a').slice(2))
    expect([found.code, found.lines[0].awarded, found.err]).toEqual([
      1,
      0,
      expect.stringContaining('--trust'),
    ])
  })

  test('that a folder holds no certificate', async () => {
    const folder = await temporaryFolder()
    const found = await gradecert(['report', folder, '--trust', `${root}/a/trust.json`, '--lang', 'en'])
    expect([found.code, found.err]).toEqual([2, 'No certificate was found.\n'])
  })

  test('which evidence beside the certificates cannot be read', async () => {
    const folder = await agencies()
    await cp(`${folder}/a/public/evidence.json`, `${folder}/a/out/evidence.json`)
    await writeFile(`${folder}/a/out/old.evidence.json`, '{"type":"GradecertEvidence","version":9}')
    const found = await handedIn([`${folder}/a/out`], '--trust', `${folder}/a/trust.json`)
    expect([found.code, found.lines[0].awarded, found.err]).toEqual([
      0,
      19,
      expect.stringMatching(/old\.evidence\.json.*evidence\.file_malformed/),
    ])
  })
})

describe('a report is refused with', () => {
  test.each<[what: string, argv: readonly string[], code: number, err: RegExp]>([
    ['a plan that is not there', ['--plan', 'no-plan.json'], 74, /^carrier\.not_found:.*no-plan\.json/],
    ['a trust file as plan', ['--plan', `${root}/a/trust.json`], 64, /^report\.plan_malformed:.*trust\.json/],
    ['a day that is none', ['--since', '2026-02-30'], 64, /^cli\.date_malformed:.*2026-02-30/],
    ['a day in words', ['--until', 'today'], 64, /^cli\.date_malformed:.*today/],
    ['a trust file that is none', ['--trust', `${root}/a/gradecert.json`], 74, /^trust\.file_malformed:/],
    [
      'a root that nobody has',
      ['--trust', `${root}/a/trust.json`, '--root', 'x'],
      64,
      /^trust\.root_not_found:/,
    ],
    ['a file as the folder for CSV', ['--csv', `${root}/results.csv/x.csv`], 74, /^E(EXIST|NOTDIR):/],
    ['a file as the folder for the chart', ['--svg', `${root}/results.csv/x.svg`], 74, /^E(EXIST|NOTDIR):/],
  ])('%s', async (_what, argv, code, err) => {
    const answer = await gradecert(['report', '--dir', `${root}/a`, '--lang', 'en', ...argv])
    expect([answer.code, answer.err]).toEqual([code, expect.stringMatching(err)])
    expect(answer.err).not.toMatch(/\n\s+at /)
  })

  test('no workspace, and files that are not there', async () => {
    const folder = await temporaryFolder()
    expect(await gradecert(['report', '--dir', folder])).toMatchObject({
      code: 74,
      err: expect.stringMatching(/^workspace\.not_found:/),
    })
    expect(await gradecert(['report', `${folder}/x.json`])).toMatchObject({
      code: 74,
      err: expect.stringMatching(/^carrier\.not_found:/),
    })
  })
})

describe('verify exports', () => {
  test('one row a certificate in every form, a line of each the same verdict', async () => {
    const folder = await agencies()
    const [first = '', second = ''] = await numbersOf(`${folder}/a`)
    await change(`${folder}/a`, 21, 'revoke', first, '--reason', 'cheating-grave')
    const path = `${folder}/a/out/${second}.json`
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace(/"identityHash":"[^"]*"/, '"identityHash":"张三"'),
    )
    const exports = ['junit', 'sarif', 'csv', 'html'].flatMap((form) => [
      '--export',
      `${form}:${folder}/${form}`,
    ])
    const argv = ['verify', `${folder}/a/out`, ...known(folder, 'a'), ...exports, '--at', day(25), '--json']
    const { code, lines } = await gradecert(argv)
    expect(code).toBe(1)
    const verdicts = lines.map(({ verdict }) => verdict)
    const read = (form: string) => readFile(`${folder}/${form}`, 'utf8')
    const table = parse((await read('csv')).slice(1), { columns: true }) as Record<string, string>[]
    expect(table.map(({ file, verdict }) => [file, verdict])).toEqual(
      lines.map(({ file, verdict }) => [file, verdict]),
    )
    expect(table.map(({ reasons }) => reasons).filter((text) => text !== '')).toEqual([
      'status.revoked',
      expect.stringContaining('proof.signature_mismatch'),
    ])
    const junit = await read('junit')
    expect([...junit.matchAll(/<testcase classname="(\w+)"/g)].map(([, verdict]) => verdict)).toEqual(
      verdicts,
    )
    const [{ results }] = JSON.parse(await read('sarif')).runs
    expect(results.at(-1).message.text).toBe('17 valid, 2 invalid, 0 undetermined')
    expect(results[0]).toMatchObject({ ruleId: 'revoked', properties: { verdict: 'invalid' } })
    const html = await read('html')
    expect([...html.matchAll(/<td class="(\w+)">/g)].map(([, verdict]) => verdict)).toEqual(verdicts)
    for (const form of ['junit', 'sarif', 'csv', 'html']) {
      expect((await stat(`${folder}/${form}`)).mode & 0o777).toBe(0o600)
    }
  })

  test('to a path that has a colon in it', async () => {
    const folder = await agencies()
    const [number = ''] = await numbersOf(`${folder}/a`)
    const argv = ['verify', `${folder}/a/out/${number}.json`, ...known(folder, 'a'), '--quiet']
    expect((await gradecert([...argv, '--export', `csv:${folder}/a:b.csv`])).code).toBe(0)
    expect(await readFile(`${folder}/a:b.csv`, 'utf8')).toContain(number)
  })

  test.each<[what: string, to: string, code: number, err: RegExp]>([
    ['in a form that nobody knows', 'xml:x', 64, /^cli\.export_unknown:.*xml:x/],
    ['without a file', 'junit', 64, /^cli\.export_unknown:/],
    ['without a form', ':x', 64, /^cli\.export_unknown:/],
    ['to a file without a name', 'junit:', 64, /^cli\.export_unknown:/],
    ['into a file', `csv:${root}/results.csv/x.csv`, 74, /^E(EXIST|NOTDIR):/],
  ])('are refused %s', async (_what, to, code, err) => {
    const answer = await gradecert(['verify', `${root}/a/out`, '--lang', 'en', '--export', to])
    expect([answer.code, answer.err, answer.out]).toEqual([code, expect.stringMatching(err), ''])
  })

  test('leave nothing behind where a later input cannot be read', async () => {
    const folder = await agencies()
    const [number = ''] = await numbersOf(`${folder}/a`)
    const to = `${folder}/x/found.csv`
    await mkdir(`${folder}/x`)
    const argv = [
      'verify',
      `${folder}/a/out/${number}.json`,
      `${folder}/nothing.json`,
      '--export',
      `csv:${to}`,
    ]
    expect((await gradecert([...argv, '--quiet'])).code).toBe(74)
    expect(await readdir(`${folder}/x`)).toEqual([])
  })
})
