import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { version } from '../../src/base/version.ts'
import { visible } from '../../src/base/visible.ts'
import { exportPath, gradecert, shortExport, temporaryFolder } from './terminal.ts'

test('--version is the version of the package', async () => {
  const packageFile = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(version).toBe(packageFile.version)
  expect(await gradecert(['--version'])).toMatchObject({ code: 0, out: `${version}\n` })
})

test.each<[argv: string, code: number, says: RegExp]>([
  ['--help', 0, /init.*check.*issue.*verify/s],
  ['', 64, /Usage/],
  ['isue x', 64, /Did you mean issue/],
  ['check', 64, /missing required argument/],
  ['check x --nonsense', 64, /unknown option '--nonsense'/],
  ['init x', 64, /--name/],
  ['verify x --lang fr', 64, /Allowed choices are zh, en/],
  ['check no-such-file.csv', 74, /workspace.not_found/],
  ['verify no-such-file.json', 74, /carrier.not_found/],
  ['verify x --type diploma', 64, /cli.type_unknown/],
  ['verify x --trust no-such-file.json', 74, /carrier.not_found/],
  ['verify x --at yesterday', 64, /cli.instant_malformed/],
  ['init x --name= ', 64, /cli.name_missing/],
  ['init x --name a --region XX-YY', 64, /cli.region_unknown/],
  ['init x --name a --agency-code 1', 64, /cli.agency_code_malformed/],
  ['init x --name a --did web:127.0.0.1', 64, /workspace.did_malformed/],
  ['init x --name a --did ethr:0x1', 64, /workspace.did_malformed/],
  ['init x --name a --from 2026-02-30', 64, /cli.date_malformed/],
])('gradecert %s: exit code %i', async (argv, code, says) => {
  const answer = await gradecert(argv.split(' ').filter((word) => word !== ''))
  expect(answer.code).toBe(code)
  expect(`${answer.out}${answer.err}`).toMatch(says)
  expect(answer.err).not.toMatch(/\n\s+at /)
})

test('a folder without any certificate gives 2 and says so', async () => {
  const folder = await temporaryFolder()
  await writeFile(`${folder}/notes.txt`, 'x')
  const answer = await gradecert(['verify', folder])
  expect(answer.code).toBe(2)
  expect(answer.err).toMatch(/1 files .*\nNo certificate was found/)
})

test('SOURCE_DATE_EPOCH is the clock where --at is not given, and --at wins', async () => {
  const folder = await temporaryFolder()
  await writeFile(`${folder}/x.json`, '{}')
  const at = async (argv: string[], env = {}) =>
    (await gradecert(['verify', `${folder}/x.json`, '--json', ...argv], { env })).lines[0].checkedAt
  expect(await at([])).toBe('2026-01-20T00:00:00Z')
  expect(await at([], { SOURCE_DATE_EPOCH: '1767225600' })).toBe('2026-01-01T00:00:00Z')
  expect(await at(['--at', '2026-03-01T09:00:00+08:00'], { SOURCE_DATE_EPOCH: '1767225600' })).toBe(
    '2026-03-01T01:00:00Z',
  )
  expect(await gradecert(['verify', 'x'], { env: { SOURCE_DATE_EPOCH: 'soon' } })).toMatchObject({ code: 64 })
})

test('people are answered in the language of their system or of --lang', async () => {
  const folder = await temporaryFolder()
  await writeFile(`${folder}/x.json`, '{}')
  const says = async (env: Record<string, string>, ...argv: string[]) =>
    (await gradecert(['verify', `${folder}/x.json`, ...argv], { env })).out.split('\n')[0]
  expect(await says({ LANG: 'zh_CN.UTF-8' })).toContain('无效')
  expect(await says({ LANG: 'en_US.UTF-8' })).toContain('invalid')
  expect(await says({ LANG: 'en_US.UTF-8' }, '--lang', 'zh')).toContain('无效')
  expect((await gradecert(['verify', `${folder}/x.json`, '--quiet'])).out).toBe('')
})

test('check names file, line, column, code, what is wrong and what to do, in both languages', async () => {
  const dir = `${await temporaryFolder()}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  const lines = new TextDecoder('gb18030').decode(await readFile(exportPath)).split('\r\n')
  await writeFile(
    `${dir}/results.csv`,
    [lines[0], (lines[1] as string).replace('11000019900228004X', '110000199002280041')].join('\n'),
  )
  const { out, code } = await gradecert(['check', `${dir}/results.csv`, '--dir', dir])
  expect(code).toBe(1)
  expect(out).toMatch(
    /^results\.csv:2 \(record 1\) \[证件号码\] ID_CHECK_DIGIT REJECT\n {4}\S*[\u4e00-\u9fff].*\n {4}[A-Z]/,
  )
  const chinese = await gradecert(['check', `${dir}/results.csv`, '--dir', dir, '--lang', 'zh'])
  expect(chinese.out.split('\n')[0]).toBe('results.csv 第 2 行（记录 1） [证件号码] ID_CHECK_DIGIT 退回')
  const fixes = await gradecert(['check', `${dir}/results.csv`, '--dir', dir, '--fixes', `${dir}/fixes.csv`])
  expect(fixes.out).toContain('fixes.csv')
  expect(await readFile(`${dir}/fixes.csv`, 'utf8')).toContain('ID_CHECK_DIGIT')
})

test('an unconfirmed catalogue is said on standard error until the agency confirms it', async () => {
  const dir = `${await temporaryFolder()}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  expect((await gradecert(['check', exportPath, '--dir', dir, '--json'])).err).toContain('not confirmed')
  const path = `${dir}/catalogue.json`
  await writeFile(path, (await readFile(path, 'utf8')).replace('"confirmed": false', '"confirmed": true'))
  expect((await gradecert(['check', exportPath, '--dir', dir, '--json'])).err).toBe('')
})

test('a file that is cut off is refused and nothing of it is issued without --allow-partial', async () => {
  const dir = `${await temporaryFolder()}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  const bytes = await readFile(await shortExport(dir))
  await writeFile(`${dir}/cut.csv`, bytes.subarray(0, bytes.length - 40))
  const cut = await gradecert(['issue', `${dir}/cut.csv`, '--dir', dir, '--json'])
  expect(cut.code).toBe(1)
  expect(cut.lines.at(-1)).toMatchObject({
    summary: { issued: 0 },
    faults: [{ file: 'cut.csv', code: 'FILE_TRUNCATED' }],
  })
  const partial = await gradecert(['issue', `${dir}/cut.csv`, '--dir', dir, '--json', '--allow-partial'])
  expect(partial.lines.at(-1).summary).toMatchObject({ issued: 19, rejected: 1 })
})

test('an award date before the exam or after today stops the run before anything is issued', async () => {
  const dir = `${await temporaryFolder()}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  const results = await shortExport(dir)
  const issue = (date: string) => gradecert(['issue', results, '--dir', dir, '--awarded', date])
  expect(await issue('2026-01-09')).toMatchObject({
    code: 64,
    err: expect.stringContaining('issue.awarded_before_exam'),
  })
  expect(await issue('2026-01-21')).toMatchObject({
    code: 64,
    err: expect.stringContaining('issue.awarded_in_future'),
  })
  expect((await issue('2026-01-15')).out).toContain('19 issued')
})

test('hidden characters of a stranger are shown, not obeyed', () => {
  expect(visible('a\u202eb\u001b[31m\u200bc')).toBe('a\\u{202e}b\\u{1b}[31m\\u{200b}c')
  expect(visible('王𠮷·ok')).toBe('王𠮷·ok')
})

test('a second init leaves everything as it was', async () => {
  const dir = `${await temporaryFolder()}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  const before = await readFile(`${dir}/keys/issuer-1.json`, 'utf8')
  expect(await gradecert(['init', dir, '--name', '别的机构'], { seed: 'other' })).toMatchObject({
    code: 64,
    err: expect.stringContaining('workspace.exists'),
  })
  expect(await readFile(`${dir}/keys/issuer-1.json`, 'utf8')).toBe(before)
})
