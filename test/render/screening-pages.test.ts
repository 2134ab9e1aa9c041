import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Screened, screen } from '../../src/batch/screening.ts'
import type { RosterPerson } from '../../src/intake/roster.ts'
import { screeningCsv, screeningHtml } from '../../src/render/screening-pages.ts'

const certificate = (change: Partial<Screened> = {}): Screened => ({
  file: 'out/a.json',
  digest: 'aa',
  verdict: 'valid',
  reasons: [],
  notChecked: ['anchor', 'policy'],
  asOf: '2026-05-20T00:00:00Z',
  number: 'PT-1',
  name: '王小明',
  romanisedName: undefined,
  idNumber: undefined,
  grade: 'junior',
  occupationCode: '2-02-38-01',
  ...change,
})
const person = (change: Partial<RosterPerson> = {}): RosterPerson => ({ line: 2, name: '王小明', ...change })

const csvOf = (...given: Parameters<typeof screen>) => [...screeningCsv(screen(...given))].join('')
const rowsOf = (...given: Parameters<typeof screen>) =>
  parse(csvOf(...given).slice(1), { columns: true }) as Record<string, string>[]
const settings = { at: '2026-06-01T00:00:00Z', policy: 'default' }
const pageOf = (...given: Parameters<typeof screen>) =>
  [...screeningHtml(screen(...given), settings)].join('')

describe('a screening as CSV', () => {
  test('has a row for each person with all that was found', () => {
    const roster = [person({ idNumber: '11010519491231002X', grade: 'senior', name: '王 小明' })]
    const found = certificate({ verdict: 'invalid', reasons: ['status.revoked'], notChecked: ['anchor'] })
    expect(rowsOf(roster, [found])).toEqual([
      {
        line: '2',
        name: '王 小明',
        id_number: '**************002X',
        claimed_grade: 'senior',
        verdict: 'invalid',
        codes: 'name_written_otherwise id_number_not_disclosed grade_lower status.revoked',
        reason_zh: expect.stringMatching(
          /^姓名相同，但书写形式不同。 未比对证件号码：.*证书等级低于所称等级。 .*。$/,
        ),
        reason_en: expect.stringMatching(/^The name is the same, .* lower than the claimed one\. .*revoked/),
        name_match: 'same',
        name_differences: 'space',
        certified_name: '王小明',
        certified_grade: 'junior',
        occupation: '2-02-38-01',
        certificate_number: 'PT-1',
        status_as_of: '2026-05-20T00:00:00Z',
        not_checked: 'anchor',
        file: 'out/a.json',
      },
    ])
  })

  test('has a row for who handed in nothing, and one for what is nobody’s', () => {
    const [missing, other] = rowsOf([person()], [certificate({ name: '李四' })])
    expect(missing).toMatchObject({
      verdict: 'missing',
      codes: 'no_certificate',
      reason_zh: '未提交此人的证书。',
      name_match: 'not_compared',
      certificate_number: '',
      file: '',
    })
    expect(other).toMatchObject({
      line: '',
      name: '',
      verdict: 'valid',
      codes: 'not_in_roster',
      reason_zh: '不在名册中。',
      reason_en: 'Not in the roster.',
      certified_name: '李四',
      certificate_number: 'PT-1',
      file: 'out/a.json',
    })
  })

  test('begins with a mark for Excel and ends each line as RFC 4180 does', () => {
    const text = csvOf([person()], [certificate()])
    expect(text.startsWith('\ufeffline,name,id_number,')).toBe(true)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(text.endsWith('\r\n')).toBe(true)
  })

  test.each([
    ['=cmd|" /C calc"!A0'],
    ['+1+1'],
    ['-2+3'],
    ['@SUM(1)'],
    ['\t=1'],
    ['\r\n=1'],
    ['  =1'],
    ['\u00a0=1'],
    ['\u3000＝1'],
    ['＝HYPERLINK("http://x.example")'],
  ])('runs %j in no column', (formula) => {
    const roster = [
      person({ name: formula, idNumber: formula, number: formula }),
      person({ line: 3, name: '李四', occupationCode: formula }),
    ]
    const hostile = { name: formula, number: formula, occupationCode: formula, asOf: formula }
    const certificates = [
      certificate({ ...hostile, file: formula }),
      certificate({ ...hostile, digest: 'bb', name: '赵六', number: `${formula}2`, file: formula }),
    ]
    for (const cell of rowsOf(roster, certificates).flatMap((row) => Object.values(row))) {
      expect(cell).not.toMatch(/^[\s\0]*[=+\-@＝＋－＠]/)
    }
  })

  test('shows of an ID number the last four characters at most', () => {
    for (const idNumber of ['11010519491231002X', 'E12345678', '12345']) {
      const text = csvOf([person({ idNumber })], [certificate({ idNumber })])
      expect(text).not.toContain(idNumber)
      expect(text).toContain(`*${idNumber.slice(-4)}`)
    }
  })

  test('is read back whole, whatever names and files hold', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 }).filter((one) => !one.includes('\0'))
    fc.assert(
      fc.property(text, text, text, (name, held, file) => {
        const [row, ...more] = rowsOf([person({ name, number: 'PT-1' })], [certificate({ name: held, file })])
        expect(more).toEqual([])
        for (const [cell, given] of [
          [row?.name, name],
          [row?.certified_name, held],
          [row?.file, file],
        ]) {
          expect([given, `'${given}`]).toContain(cell)
        }
      }),
      { numRuns: 300, seed: 20260601 },
    )
  })
})

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</td></tr></table><iframe src=//x.example>',
  '<!-- ',
  ']]><svg onload=alert(1)>',
  '&lt;script&gt;',
  '\u202egnp.exe',
]

describe('a screening as a page', () => {
  test('has a row for each person, headed for readers aloud, in both languages', () => {
    const page = pageOf(
      [person({ grade: 'senior' }), person({ line: 3, name: '李四' })],
      [certificate({ verdict: 'undetermined', reasons: ['status.status_list_stale'] })],
    )
    expect(page).toContain('<caption>每人一行 / One row a person</caption>')
    expect(page.match(/<th scope="col">/g)).toHaveLength(7)
    expect(page.match(/<th scope="row">/g)).toHaveLength(2)
    expect(page).toContain('有效 <span lang="en">valid</span>: 0 · 无效 <span lang="en">invalid</span>: 1 · ')
    expect(page).toContain(
      '<td>senior → junior</td><td class="invalid">无效 <span lang="en">invalid</span></td>',
    )
    expect(page).toContain('<td class="missing">未提交 <span lang="en">no certificate</span></td>')
    expect(page).toContain('<td>2026-05-20T00:00:00Z</td>')
    expect(page).toContain('未提交此人的证书。<br><span lang="en">No certificate was handed in')
    expect(page).not.toContain('不在名册中')
  })

  test('lists what is nobody’s', () => {
    const page = pageOf([person()], [certificate({ name: '李四' })])
    expect(page).toContain(
      '<li>PT-1 · 李四 · out/a.json: 有效 <span lang="en">valid</span></li>\n</ul>\n</body>',
    )
  })

  test.each(hostile)('holds %j as text alone', (text) => {
    const plain = pageOf(
      [person({ number: 'PT-1' }), person({ line: 3, name: '李四' })],
      [certificate(), certificate({ digest: 'bb', number: 'PT-2', name: '赵六' })],
    )
    const change = { name: text, file: text, asOf: text }
    const page = [
      ...screeningHtml(
        screen(
          [person({ name: text, number: 'PT-1' }), person({ line: 3, name: text })],
          [
            certificate(change),
            certificate({ ...change, digest: 'bb', number: `PT-2${text}`, name: `赵六${text}` }),
          ],
        ),
        { at: text, policy: text },
      ),
    ].join('')
    // The same elements as with harmless names, and nothing that runs.
    const tags = (html: string) =>
      (html.match(/<\/?[a-z!][^>]*>/gi) ?? []).map((tag) => tag.replace(/class="\w+"/, ''))
    expect(tags(page)).toEqual(tags(plain))
    expect(page).not.toContain('\u202e')
  })

  test('loads nothing, runs nothing, and shows no ID number', () => {
    const page = pageOf([person({ idNumber: '11010519491231002X' })], [certificate()])
    expect(page).toContain("default-src 'none'")
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|https?:|11010519491231002X|002X/)
  })
})
