import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { zipSync } from 'fflate'
import { afterAll, describe, expect, test } from 'vitest'
import { type Answer, gradecert, shortExport, temporaryFolder } from './terminal.ts'

const root = mkdtempSync(join(tmpdir(), 'gradecert-screen-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Issued {
  readonly name: string
  readonly number: string
  readonly grade: string
}

let made: Promise<readonly Issued[]> | undefined

/** An agency that has issued 19 certificates and published, copied for each test, and what it issued by number. */
async function agency(): Promise<{ readonly dir: string; readonly issued: readonly Issued[] }> {
  const dir = `${await temporaryFolder()}/agency`
  made ??= make(`${root}/agency`)
  const issued = await made
  cpSync(`${root}/agency`, dir, { recursive: true })
  return { dir, issued }
}

async function make(dir: string): Promise<readonly Issued[]> {
  await gradecert(['init', dir, '--name', '示例评价机构'])
  // The first of them has a name with a middle dot.
  const path = await shortExport(dir)
  await writeFile(path, (await readFile(path, 'utf8')).replaceAll('周勇浩', '阿卜杜拉·买买提'))
  expect((await gradecert(['issue', path, '--dir', dir])).code).toBe(0)
  await publish(dir, day(20))
  const { lines } = await gradecert(['verify', `${dir}/out`, ...offline(dir), '--json'])
  return lines
    .map(({ certificate: { holder, number, award } }) => ({
      name: holder.name,
      number,
      grade: award.grade.code,
    }))
    .toSorted((a, b) => Number(b.name.includes('·')) - Number(a.name.includes('·')))
}

const day = (number: number) => `2026-01-${number}T00:00:00Z`
const offline = (dir: string) => ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`]
const publish = async (dir: string, at: string) =>
  expect((await gradecert(['publish', '--dir', dir, '--at', at])).code).toBe(0)

async function rosterAt(dir: string, header: string, ...rows: readonly string[]): Promise<string> {
  const path = `${dir}/roster.csv`
  await writeFile(path, [header, ...rows, ''].join('\n'))
  return path
}

const screen = (dir: string, ...more: readonly string[]) =>
  gradecert(['screen', `${dir}/out`, '--roster', `${dir}/roster.csv`, ...offline(dir), '--json', ...more])

const personsIn = ({ lines }: Answer) =>
  lines.filter(({ line }) => line !== undefined).map(({ verdict, codes }) => [verdict, codes])
const summaryOf = ({ lines }: Answer) => lines.find(({ summary }) => summary !== undefined).summary

describe('an employer screens a folder', () => {
  test('in which everybody of the roster has a valid certificate', async () => {
    const { dir, issued } = await agency()
    await rosterAt(dir, '姓名,申报等级', ...issued.map(({ name, grade }) => `${name},${grade}`))
    const answer = await screen(dir)
    expect(answer.code).toBe(0)
    expect(personsIn(answer)).toEqual(issued.map(() => ['valid', []]))
    expect(summaryOf(answer)).toEqual({
      valid: 19,
      invalid: 0,
      undetermined: 0,
      missing: 0,
      files: 19,
      notInRoster: 0,
    })
    const [dotted] = issued
    expect(answer.lines[0]).toEqual({
      line: 2,
      verdict: 'valid',
      codes: [],
      name: 'exact',
      differences: [],
      number: dotted?.number,
      file: `${dir}/out/${dotted?.number}.json`,
      reasons: [],
      asOf: day(20),
      notChecked: ['anchor', 'policy'],
    })
  })

  test('by several threads, and finds what one thread finds', async () => {
    const { dir, issued } = await agency()
    const [tampered, ...others] = issued as [Issued, ...Issued[]]
    const rows = [tampered, ...others].map(({ name, number }) => `${name},${number}`)
    await rosterAt(dir, '姓名,证书编号', ...rows)
    const path = `${dir}/out/${tampered.number}.json`
    await writeFile(path, (await readFile(path, 'utf8')).replace('初级', '高级'))
    await copyFile(`${dir}/out/${others[0]?.number}.json`, `${dir}/out/copy.json`)
    const written = (name: string) => ['--csv', `${dir}/${name}.csv`, '--watch', `${dir}/${name}.json`]
    const one = await screen(dir, '--concurrency', '1', ...written('one'))
    const two = await screen(dir, '--concurrency', '2', ...written('two'))
    expect(one).toMatchObject({ code: 1, err: '' })
    expect([two.code, two.err, two.lines]).toEqual([one.code, one.err, one.lines])
    for (const kind of ['csv', 'json'])
      expect(await readFile(`${dir}/two.${kind}`, 'utf8')).toBe(await readFile(`${dir}/one.${kind}`, 'utf8'))
    const wrong = await screen(dir, '--concurrency', '0')
    expect([wrong.code, wrong.out, wrong.err]).toEqual([
      64,
      '',
      expect.stringContaining('batch.count_malformed'),
    ])
  })

  test('in which each person has something else, and the table and the page say so', async () => {
    const { dir, issued } = await agency()
    const [dotted, other, lower, tampered, stranger] = issued as [Issued, Issued, Issued, Issued, Issued]
    const rows = [
      `${dotted.name.replace('·', '•')},${dotted.number},`,
      `查无此人,${other.number},`,
      `${lower.name},${lower.number},高级`,
      `${tampered.name},${tampered.number},`,
      '=HYPERLINK("<b>"),,',
    ].map((row) => row.replace('=HYPERLINK("<b>")', '"=HYPERLINK(""<b>"")"'))
    await rosterAt(dir, '姓名,证书编号,申报等级', ...rows)
    for (const file of await readdir(`${dir}/out`)) {
      const kept = [dotted, other, lower, tampered, stranger].some(({ number }) => file === `${number}.json`)
      if (!kept) rmSync(`${dir}/out/${file}`)
    }
    const path = `${dir}/out/${tampered.number}.json`
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace(/"awardedDate":"2026/, '"awardedDate":"2025'),
    )
    expect(lower.grade).not.toBe('senior')

    const answer = await screen(dir, '--csv', `${dir}/found.csv`, '--html', `${dir}/found.html`)
    expect(answer.code).toBe(1)
    expect(personsIn(answer)).toEqual([
      ['valid', ['name_written_otherwise']],
      ['invalid', ['name_differs']],
      ['invalid', ['grade_lower']],
      ['invalid', []],
      ['missing', ['no_certificate']],
    ])
    expect(answer.lines[0]).toMatchObject({ name: 'same', differences: ['middle_dot'] })
    expect(answer.lines[3].reasons).toContain('proof.signature_mismatch')
    expect(answer.lines.filter(({ notInRoster }) => notInRoster !== undefined)).toEqual([
      {
        notInRoster: `${dir}/out/${stranger.number}.json`,
        number: stranger.number,
        verdict: 'valid',
        codes: [],
      },
    ])
    expect(summaryOf(answer)).toEqual({
      valid: 1,
      invalid: 3,
      undetermined: 0,
      missing: 1,
      files: 5,
      notInRoster: 1,
    })

    const csv = await readFile(`${dir}/found.csv`, 'utf8')
    const table = parse(csv.slice(1), { columns: true }) as Record<string, string>[]
    expect(csv.startsWith('\ufeff')).toBe(true)
    expect(
      table.map(({ line, name, verdict, codes, certificate_number }) => [
        line,
        name,
        verdict,
        codes?.split(' ')[0],
        certificate_number,
      ]),
    ).toEqual([
      ['2', dotted.name.replace('·', '•'), 'valid', 'name_written_otherwise', dotted.number],
      ['3', '查无此人', 'invalid', 'name_differs', other.number],
      ['4', lower.name, 'invalid', 'grade_lower', lower.number],
      ['5', tampered.name, 'invalid', 'proof.signature_mismatch', tampered.number],
      ['6', `'=HYPERLINK("<b>")`, 'missing', 'no_certificate', ''],
      ['', '', 'valid', 'not_in_roster', stranger.number],
    ])
    expect(table[0]).toMatchObject({
      name_match: 'same',
      name_differences: 'middle_dot',
      certified_name: dotted.name,
      status_as_of: day(20),
      not_checked: 'anchor policy',
      file: `${dir}/out/${dotted.number}.json`,
    })
    const page = await readFile(`${dir}/found.html`, 'utf8')
    expect(page).toContain(`${day(20)} · default`)
    expect(page.match(/<td class="(\w+)"/g)).toEqual(
      ['valid', 'invalid', 'invalid', 'invalid', 'missing'].map((verdict) => `<td class="${verdict}"`),
    )
    expect(page).toContain('=HYPERLINK(&quot;&lt;b&gt;&quot;)')
    expect(page).toContain(stranger.number)
    expect(page).not.toMatch(/<script|<b>/)
    expect(page.endsWith('</html>\n')).toBe(true)
  })

  test('that is open: one person is missing, or nothing shows the statuses', async () => {
    const { dir, issued } = await agency()
    const [one] = issued as [Issued]
    await rosterAt(dir, '姓名', one.name)
    const bare = await gradecert([
      'screen',
      `${dir}/out/${one.number}.json`,
      '--roster',
      `${dir}/roster.csv`,
      '--trust',
      `${dir}/trust.json`,
      '--json',
    ])
    expect([bare.code, personsIn(bare)]).toEqual([2, [['undetermined', []]]])
    expect(bare.lines[0]).toMatchObject({
      reasons: ['status.status_list_not_at_hand'],
      notChecked: ['status', 'anchor', 'policy'],
    })
    await rosterAt(dir, '姓名', one.name, '查无此人')
    const missing = await screen(dir)
    expect([missing.code, personsIn(missing)]).toEqual([
      2,
      [
        ['valid', []],
        ['missing', ['no_certificate']],
      ],
    ])
  })

  test('in which one file lies twice, as a copy and in an archive', async () => {
    const { dir, issued } = await agency()
    const [one] = issued as [Issued]
    await rosterAt(dir, '姓名', one.name)
    const file = `${dir}/out/${one.number}.json`
    await mkdir(`${dir}/handed-in`)
    await copyFile(file, `${dir}/handed-in/copy.json`)
    await writeFile(`${dir}/all.zip`, zipSync({ '证书/a.json': new Uint8Array(await readFile(file)) }))
    const argv = ['--roster', `${dir}/roster.csv`, ...offline(dir), '--json']
    const answer = await gradecert(['screen', file, `${dir}/handed-in`, `${dir}/all.zip`, ...argv])
    expect([answer.code, personsIn(answer)]).toEqual([0, [['valid', ['same_file_twice']]]])
    expect(summaryOf(answer)).toMatchObject({ valid: 1, files: 3, notInRoster: 0 })
    const turned = await gradecert(['screen', `${dir}/all.zip`, `${dir}/handed-in`, file, ...argv])
    expect(turned.lines).toEqual(answer.lines)
  })

  test('by a policy that asks for a grade, and for an ID number that no badge shows', async () => {
    const { dir, issued } = await agency()
    const [higher, junior] = ['intermediate', 'junior'].map((grade) =>
      issued.find((one) => one.grade === grade),
    ) as [Issued, Issued]
    await rosterAt(dir, '姓名,证件号码', `${higher.name},`, `${junior.name},11010519491231002X`)
    const policy = async (members: object) => {
      const file = { type: 'GradecertPolicy', version: 1, name: 'hr', ...members }
      await writeFile(`${dir}/policy.json`, JSON.stringify(file))
      return screen(dir, '--policy', `${dir}/policy.json`, '--html', `${dir}/found.html`)
    }
    const low = await policy({ minimumGrade: { scheme: 'cn.ptg.3', grade: 'intermediate' } })
    expect(low.code).toBe(1)
    expect(personsIn(low)).toEqual([
      ['valid', []],
      ['invalid', ['id_number_not_disclosed']],
    ])
    expect(low.lines[1].reasons).toEqual(['policy.grade_too_low'])
    expect(await readFile(`${dir}/found.html`, 'utf8')).toContain('· hr</p>')
    const matched = await policy({ match: ['id_number'] })
    expect(matched.code).toBe(2)
    expect(personsIn(matched)).toEqual([
      ['undetermined', ['id_number_not_disclosed', 'match_not_possible']],
      ['undetermined', ['id_number_not_disclosed', 'match_not_possible']],
    ])
  })

  test('and is told in words, in the language of the person, with nothing hidden', async () => {
    const { dir, issued } = await agency()
    const [dotted] = issued as [Issued]
    await rosterAt(dir, '姓名', dotted.name.replace('·', '\u200b•'), '\u001b[31m红')
    const argv = ['screen', `${dir}/out`, '--roster', `${dir}/roster.csv`, ...offline(dir)]
    const en = await gradecert([...argv, '--lang', 'en'])
    expect(en.out).toContain(`✔ valid  2 阿卜杜拉\\u{200b}•买买提  ${dotted.number}  The name is the same,`)
    expect(en.out).toContain('– no certificate  3 \\u{1b}[31m红    No certificate was handed in')
    expect(en.out).toContain('1 valid, 0 invalid, 0 undetermined, 1 without certificate; 19 files.')
    const zh = await gradecert([...argv, '--lang', 'zh'])
    expect(zh.out).toContain('– 未提交  第3行')
    expect(zh.out).toContain('有效 1，无效 0，无法判定 0，未提交 1；共 19 份文件。')
    expect((await gradecert([...argv, '--quiet'])).out).toBe('')
  })
})

describe('an employer watches', () => {
  test('what is revoked, suspended and reinstated from one run to the next', async () => {
    const { dir, issued } = await agency()
    const [one, two] = issued as [Issued, Issued]
    await rosterAt(dir, '姓名,证书编号', ...[one, two].map(({ name, number }) => `${name},${number}`))
    // A copy shares the entry of the status list, and is not told twice.
    await copyFile(`${dir}/out/${one.number}.json`, `${dir}/out/copy.json`)
    const seen = `${dir}/seen.json`
    const watch = (at: string) => screen(dir, '--watch', seen, '--at', at)
    const changesIn = ({ lines }: Answer) =>
      lines
        .filter(({ watch: kind }) => kind === 'changed')
        .map(({ before, now, asOf }) => [before, now, asOf])
    const change = async (verb: string, { number }: Issued, reason: string, at: string) => {
      const argv = [verb, number, '--reason', reason, '--dir', dir, '--at', at]
      expect((await gradecert(argv)).code).toBe(0)
    }

    const first = await watch(day(20))
    expect([first.code, first.lines.filter((line) => line.watch !== undefined)]).toEqual([0, []])
    expect((await stat(seen)).mode & 0o777).toBe(0o600)
    const kept = await readFile(seen, 'utf8')
    expect(JSON.parse(kept).entries).toHaveLength(38)
    for (const { name, number } of issued)
      expect([kept.includes(name), kept.includes(number)]).toEqual([false, false])
    expect(kept).not.toMatch(/PT26-|\d{17}[\dX]/)

    const again = await watch(day(20))
    expect([again.code, changesIn(again)]).toEqual([0, []])
    expect(again.lines.filter(({ watch: kind }) => kind === 'not_renewed')).toHaveLength(2)
    expect(await readFile(seen, 'utf8')).toBe(kept)

    await change('revoke', one, 'cheating-grave', day(21))
    await change('suspend', two, 'under-investigation', day(21))
    await publish(dir, day(21))
    const second = await watch(day(21))
    expect(second.code).toBe(1)
    expect(personsIn(second)).toEqual([
      ['invalid', ['same_file_twice']],
      ['invalid', []],
    ])
    expect(changesIn(second)).toEqual(
      expect.arrayContaining([
        ['nothing', 'revoked', day(21)],
        ['nothing', 'suspended', day(21)],
      ]),
    )
    expect(changesIn(second)).toHaveLength(2)

    await change('reinstate', two, 'under-investigation', day(22))
    await publish(dir, day(22))
    const third = await watch(day(22))
    expect([third.code, changesIn(third)]).toEqual([1, [['suspended', 'nothing', day(22)]]])
    expect(personsIn(third)[1]).toEqual(['valid', []])
  }, 60_000)

  test('with a file that is none, which stays as it is', async () => {
    const { dir, issued } = await agency()
    await rosterAt(dir, '姓名', ...issued.map(({ name }) => name))
    await writeFile(`${dir}/seen.json`, '{"type":"GradecertTrust"}')
    const answer = await screen(dir, '--watch', `${dir}/seen.json`, '--csv', `${dir}/found.csv`)
    expect([answer.code, answer.out]).toEqual([64, ''])
    expect(answer.err).toContain('screen.watch_malformed')
    expect(await readFile(`${dir}/seen.json`, 'utf8')).toBe('{"type":"GradecertTrust"}')
    expect(await readdir(dir)).not.toContain('found.csv')
  })
})

describe('an obvious mistake is told, and writes nothing', () => {
  test.each<[what: string, roster: string | null, more: readonly string[], code: number, told: string]>([
    ['a roster that is not there', null, [], 74, 'carrier.not_found'],
    ['a roster without a name column', '部门,工号\nIT,7\n', [], 64, 'screen.roster_malformed'],
    ['a roster of ID numbers alone', '证件号码,等级\n1,初级\n', [], 64, '姓名 / name'],
    ['a roster of nobody', '姓名\n', [], 64, 'screen.roster_malformed'],
    ['a folder for a roster', '/', [], 74, ''],
    ['a policy that is not there', '姓名\n王\n', ['--policy', 'nowhere.json'], 74, 'carrier.not_found'],
    [
      'a place that cannot be written',
      '姓名\n王\n',
      ['--csv', 'DIR/trust.json/found.csv'],
      74,
      'trust.json could not be',
    ],
  ])('%s', async (_what, roster, more, code, told) => {
    const { dir } = await agency()
    if (roster === '/') await mkdir(`${dir}/roster.csv`)
    else if (roster !== null) await writeFile(`${dir}/roster.csv`, roster)
    const answer = await screen(
      dir,
      '--html',
      `${dir}/found.html`,
      ...more.map((text) => text.replace('DIR', dir)),
    )
    expect([answer.code, answer.err]).toEqual([code, expect.stringContaining(told)])
    expect(answer.err).not.toContain('fault of gradecert')
    expect((await readdir(dir)).filter((name) => /found/.test(name))).toEqual([])
  })

  test('no roster at all, or certificates that are not there', async () => {
    const { dir } = await agency()
    const none = await gradecert(['screen', `${dir}/out`])
    expect([none.code, none.err]).toEqual([64, expect.stringContaining('--roster')])
    await rosterAt(dir, '姓名', '王小明')
    const nowhere = await gradecert(['screen', `${dir}/nowhere`, '--roster', `${dir}/roster.csv`])
    expect([nowhere.code, nowhere.err]).toEqual([74, expect.stringContaining('carrier.not_found')])
  })
})
