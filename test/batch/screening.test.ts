import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Screened, type ScreeningCode, screen } from '../../src/batch/screening.ts'
import { screeningWords } from '../../src/batch/screening-words.ts'
import type { RosterPerson } from '../../src/intake/roster.ts'
import { screeningCsv, screeningHtml } from '../../src/render/screening-pages.ts'

const certificate = (change: Partial<Screened> = {}): Screened => ({
  file: 'a.json',
  digest: 'aa',
  verdict: 'valid',
  reasons: [],
  notChecked: ['anchor'],
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

const rowFor = (one: Partial<RosterPerson>, ...certificates: readonly Screened[]) => {
  const [row] = screen([person(one)], certificates).persons
  return [row?.verdict, row?.codes]
}

describe('a person of a roster', () => {
  test.each<
    [
      what: string,
      one: Partial<RosterPerson>,
      change: Partial<Screened>,
      verdict: string,
      codes: readonly ScreeningCode[],
    ]
  >([
    ['whose certificate it is', {}, {}, 'valid', []],
    ['of another writing of the name', { name: '王 小明' }, {}, 'valid', ['name_written_otherwise']],
    [
      'named as in the passport',
      { name: 'Wang Xiaoming' },
      { romanisedName: 'WANG XIAOMING' },
      'valid',
      ['name_by_passport'],
    ],
    [
      'named by a number that is another’s',
      { name: '李四', number: 'PT-1' },
      {},
      'invalid',
      ['name_differs'],
    ],
    ['with nobody’s number', { number: 'PT-2' }, {}, 'missing', ['no_certificate']],
    ['of another name', { name: '李四' }, {}, 'missing', ['no_certificate']],
    [
      'who does not show the name',
      { number: 'PT-1' },
      { name: undefined },
      'undetermined',
      ['name_not_disclosed'],
    ],
    ['with the ID number of the certificate', { idNumber: '1' }, { idNumber: '1' }, 'valid', []],
    [
      'with another ID number',
      { idNumber: '2', number: 'PT-1' },
      { idNumber: '1' },
      'invalid',
      ['id_number_differs'],
    ],
    ['whose ID number nobody shows', { idNumber: '1' }, {}, 'valid', ['id_number_not_disclosed']],
    ['of a grade that is claimed', { grade: 'junior' }, {}, 'valid', []],
    ['of a lower grade than claimed', { grade: 'senior' }, {}, 'invalid', ['grade_lower']],
    ['of a higher grade than claimed', { grade: 'junior' }, { grade: 'senior' }, 'valid', ['grade_higher']],
    ['who claims no grade of the scheme', { grade: 'unknown' }, {}, 'undetermined', ['grade_unreadable']],
    ['of the occupation by its former code', { occupationCode: '2-02-10-09' }, {}, 'valid', []],
    ['of another occupation', { occupationCode: '2-02-38-02' }, {}, 'invalid', ['occupation_differs']],
    ['whose certificate was revoked', {}, { verdict: 'invalid', reasons: ['status.revoked'] }, 'invalid', []],
    ['whose certificate is open', {}, { verdict: 'undetermined' }, 'undetermined', []],
  ])('%s', (_what, one, change, verdict, codes) => {
    expect(rowFor(one, certificate(change))).toEqual([verdict, codes])
  })

  test('whose policy asks for an ID number that nobody shows is open', () => {
    const [row] = screen([person({ idNumber: '1' })], [certificate()], { match: ['id_number'] }).persons
    expect([row?.verdict, row?.codes]).toEqual([
      'undetermined',
      ['id_number_not_disclosed', 'match_not_possible'],
    ])
  })

  test('is told of files, numbers and certificates that came more than once', () => {
    expect(rowFor({}, certificate(), certificate({ file: 'b.json' }))).toEqual(['valid', ['same_file_twice']])
    expect(rowFor({}, certificate(), certificate({ file: 'b.json', digest: 'bb' }))).toEqual([
      'valid',
      ['number_twice', 'more_certificates'],
    ])
    expect(rowFor({}, certificate(), certificate({ digest: 'bb', number: 'PT-2', grade: 'senior' }))).toEqual(
      ['valid', ['more_certificates']],
    )
  })

  test('whose number is seen under another name too is refused', () => {
    const twin = certificate({ digest: 'bb', file: 'b.json', name: '李四' })
    expect(rowFor({}, certificate(), twin)).toEqual(['invalid', ['number_twice', 'number_under_two_names']])
  })

  test('gets the best of several certificates, and the one that is claimed', () => {
    const revoked = certificate({ digest: 'bb', number: 'PT-0', verdict: 'invalid' })
    const senior = certificate({ digest: 'cc', number: 'PT-3', grade: 'senior' })
    const other = certificate({ digest: 'dd', number: 'PT-4', occupationCode: '2-02-38-02', grade: 'senior' })
    const best = (one: Partial<RosterPerson>) =>
      screen([person(one)], [revoked, certificate(), senior, other]).persons[0]?.certificate?.number
    expect(best({})).toBe('PT-3')
    expect(best({ grade: 'junior' })).toBe('PT-1')
    expect(best({ occupationCode: '2-02-38-02' })).toBe('PT-4')
  })
})

describe('several persons', () => {
  test('of one name are open where nothing else tells them apart', () => {
    const roster = [person({ idNumber: '1' }), person({ line: 3, idNumber: '2' })]
    const { persons } = screen(roster, [certificate()])
    expect(persons.map(({ verdict, codes }) => [verdict, codes.includes('name_not_unique')])).toEqual([
      ['undetermined', true],
      ['undetermined', true],
    ])
    expect(persons[0]?.codes).toContain('certificate_of_two_persons')
    const shown = [
      certificate({ idNumber: '1' }),
      certificate({ idNumber: '2', digest: 'bb', number: 'PT-2' }),
    ]
    expect(
      screen(roster, shown).persons.map(({ verdict, certificate: own }) => [verdict, own?.number]),
    ).toEqual([
      ['valid', 'PT-1'],
      ['valid', 'PT-2'],
    ])
  })

  test('that are one person twice are told so', () => {
    const { persons } = screen([person(), person({ line: 3 })], [certificate()])
    expect(persons.map(({ verdict, codes }) => [verdict, codes])).toEqual([
      ['valid', ['person_twice']],
      ['valid', ['person_twice']],
    ])
  })

  test('leave certificates over that are nobody’s', () => {
    const { others } = screen(
      [person()],
      [certificate(), certificate({ digest: 'bb', name: '李四', number: 'PT-9' })],
    )
    expect(others.map(({ certificate: { number } }) => number)).toEqual(['PT-9'])
  })
})

test('the order of certificates never matters, and nobody gets a better verdict than their certificate', () => {
  const order = ['missing', 'invalid', 'undetermined', 'valid']
  const arbitrary = fc.record({
    digest: fc.constantFrom('a', 'b', 'c', 'd'),
    verdict: fc.constantFrom<Screened['verdict']>('valid', 'invalid', 'undetermined'),
    number: fc.constantFrom('PT-1', 'PT-2', undefined),
    name: fc.constantFrom('王小明', '王 小明', '李四', undefined),
    idNumber: fc.constantFrom('1', '2', undefined),
    grade: fc.constantFrom<Screened['grade']>('junior', 'senior', undefined),
  })
  const roster = [
    person({ idNumber: '1', grade: 'junior' }),
    person({ line: 3, name: '李四', number: 'PT-2' }),
    person({ line: 4, idNumber: '2' }),
  ]
  fc.assert(
    fc.property(
      fc.uniqueArray(arbitrary, { selector: ({ digest }) => digest, maxLength: 4 }),
      fc.nat(),
      (made, turn) => {
        const all = made.map((one) => certificate({ ...one, file: `${one.digest}.json` }))
        const turned = [...all.slice(turn % 5), ...all.slice(0, turn % 5)]
        const found = screen(roster, all)
        expect(screen(roster, turned)).toEqual(found)
        for (const { verdict, certificate: own } of found.persons) {
          expect(order.indexOf(verdict)).toBeLessThanOrEqual(order.indexOf(own?.verdict ?? 'missing'))
        }
      },
    ),
    { numRuns: 500, seed: 20260601 },
  )
})

describe('what is written of a screening', () => {
  const screening = screen(
    [person({ name: '=cmd|A1', idNumber: '11010519491231002X' }), person({ line: 3, name: '<b>王</b>' })],
    [
      certificate({ name: '<script>', file: '<i>.json' }),
      certificate({ digest: 'bb', name: '=cmd|A1', number: 'PT-2' }),
    ],
  )

  test('as CSV runs in no spreadsheet and shows no whole ID number', () => {
    const text = [...screeningCsv(screening)].join('')
    expect(text.startsWith('\ufeffline,name,')).toBe(true)
    expect(text).toContain(`2,"'=cmd|A1",**************002X,`)
    expect(text).not.toContain('11010519491231002X')
    expect(text.trim().split('\r\n')).toHaveLength(4)
  })

  test('as a page runs nothing', () => {
    const page = [...screeningHtml(screening, { at: '2026-06-01', policy: '<hr>' })].join('')
    expect(page).toContain("default-src 'none'")
    expect(page).not.toMatch(/<script|<b>|<i>|<hr>|11010519491231002X/)
    expect(page).toContain('&lt;b&gt;王&lt;/b&gt;')
    expect(page.endsWith('</html>\n')).toBe(true)
  })

  test('has words for every code in both languages', () => {
    for (const { en, zh } of Object.values(screeningWords)) {
      expect(en).toMatch(/\.$/)
      expect(zh).toMatch(/。$/)
    }
  })
})
