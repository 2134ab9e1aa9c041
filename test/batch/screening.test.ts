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
    const [unknown] = screen([person()], [certificate({ idNumber: '1' })], { match: ['id_number'] }).persons
    expect([unknown?.verdict, unknown?.codes]).toEqual(['undetermined', ['match_not_possible']])
    const [both] = screen([person({ idNumber: '1' })], [certificate({ idNumber: '1' })], {
      match: ['id_number'],
    }).persons
    expect([both?.verdict, both?.codes]).toEqual(['valid', []])
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

  test('keeps a number that a file of less worth bears under another name', () => {
    const twin = { digest: 'bb', file: 'b.json', name: '李四' }
    for (const verdict of ['invalid', 'undetermined'] as const) {
      const forged = certificate({ ...twin, verdict })
      expect(rowFor({}, certificate(), forged)).toEqual(['valid', ['number_twice']])
    }
    const open = certificate({ verdict: 'undetermined' })
    expect(rowFor({}, open, certificate({ ...twin, verdict: 'undetermined' }))).toEqual([
      'invalid',
      ['number_twice', 'number_under_two_names'],
    ])
  })

  test('whose name was corrected has the newer certificate', () => {
    const superseded = certificate({ name: '王晓明', verdict: 'invalid', reasons: ['status.revoked'] })
    const corrected = certificate({ digest: 'bb', file: 'a.r2.json' })
    const { persons, others } = screen([person()], [superseded, corrected])
    expect(persons.map(({ verdict, codes }) => [verdict, codes])).toEqual([['valid', ['number_twice']]])
    expect(others.map(({ certificate: { file } }) => file)).toEqual(['a.json'])
  })

  test('who hands in both forms of a certificate leaves none over', () => {
    const badge = certificate()
    for (const name of ['王小明', undefined]) {
      const sdJwt = certificate({ digest: 'bb', file: 'a.sd-jwt', name, idNumber: '1' })
      const { persons, others } = screen([person({ idNumber: '1' })], [badge, sdJwt])
      expect(persons[0]).toMatchObject({
        verdict: name === undefined ? 'undetermined' : 'valid',
        certificate: sdJwt,
      })
      expect(others).toEqual([])
    }
  })

  test('is refused by the ID number of any form of the certificate', () => {
    for (const digest of ['00', 'bb']) {
      const sdJwt = certificate({ digest, file: 'a.sd-jwt', idNumber: '1' })
      const [row] = screen([person({ idNumber: '2' })], [certificate(), sdJwt]).persons
      expect([row?.verdict, row?.codes]).toEqual([
        'invalid',
        ['id_number_differs', 'number_twice', 'more_certificates'],
      ])
      const forged = { ...sdJwt, verdict: 'invalid' as const }
      expect(rowFor({ idNumber: '2' }, certificate(), forged)[0]).toBe('valid')
    }
  })

  test('has the best verdict of a text that lies in several places', () => {
    const dated = certificate({ file: 'b.json' })
    const undated = certificate({
      file: 'a.json',
      verdict: 'undetermined',
      reasons: ['anchor.anchor_missing'],
    })
    expect(rowFor({}, undated, dated)).toEqual(['valid', ['same_file_twice']])
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
  test('of one name stay open where one of them stands there twice', () => {
    const roster = [
      person({ idNumber: '1', grade: 'junior' }),
      person({ line: 3, idNumber: '1', grade: 'junior' }),
      person({ line: 4, idNumber: '2', grade: 'senior' }),
    ]
    const { persons } = screen(roster, [
      certificate(),
      certificate({ digest: 'bb', number: 'PT-2', grade: 'senior' }),
    ])
    expect(persons.map(({ verdict, codes }) => [verdict, codes.includes('name_not_unique')])).toEqual([
      ['undetermined', true],
      ['undetermined', true],
      ['undetermined', true],
    ])
  })

  test('of one name keep the certificate that the roster gives them by its number', () => {
    const roster = [person({ number: 'PT-1' }), person({ line: 3 })]
    expect(screen(roster, [certificate()]).persons.map(({ verdict, codes }) => [verdict, codes])).toEqual([
      ['valid', []],
      ['undetermined', ['name_not_unique']],
    ])
  })

  test('of two names do not share a certificate', () => {
    const roster = [person(), person({ line: 3, name: '李四', number: 'PT-1' })]
    expect(screen(roster, [certificate()]).persons.map(({ verdict, codes }) => [verdict, codes])).toEqual([
      ['undetermined', ['certificate_of_two_persons']],
      ['invalid', ['name_differs', 'certificate_of_two_persons']],
    ])
  })

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

describe('for all rosters and folders', () => {
  const content = fc.record({
    number: fc.constantFrom('PT-1', 'PT-2', undefined),
    name: fc.constantFrom('王小明', '王 小明', '李四', '汪晓明', undefined),
    romanisedName: fc.constantFrom(undefined, 'WANG XIAOMING'),
    idNumber: fc.constantFrom('1', '2', undefined),
    grade: fc.constantFrom<Screened['grade']>('junior', 'senior', undefined),
    occupationCode: fc.constantFrom('2-02-38-01', '2-02-38-02', undefined),
  })
  /** Two texts are never one digest, but one text may lie in several places, with other anchors beside it. */
  const folder = fc
    .tuple(
      fc.array(content, { minLength: 4, maxLength: 4 }),
      fc.array(
        fc.tuple(
          fc.nat({ max: 3 }),
          fc.constantFrom<Screened['verdict']>('valid', 'invalid', 'undetermined'),
        ),
        { maxLength: 6 },
      ),
    )
    .map(([contents, files]) =>
      files.map(([at, verdict], i) =>
        certificate({ ...contents[at], digest: `d${at}`, file: `${i}.json`, verdict }),
      ),
    )
  const one = fc.record(
    {
      name: fc.constantFrom('王小明', '王  小明', '李四', 'Wang Xiaoming'),
      idNumber: fc.constantFrom('1', '2'),
      number: fc.constantFrom('PT-1', 'PT-2', 'PT-3'),
      grade: fc.constantFrom<'junior' | 'senior' | 'unknown'>('junior', 'senior', 'unknown'),
      occupationCode: fc.constantFrom('2-02-38-01', '2-02-10-09'),
    },
    { requiredKeys: ['name'] },
  )
  const people = fc
    .array(one, { maxLength: 4 })
    .map((all) => all.map((change, i) => person({ ...change, line: i + 2 })))
  const matched = fc.constantFrom<readonly 'id_number'[]>([], ['id_number'])
  const settings = { numRuns: 2000, seed: 20260601 }

  test('the order of certificates and of persons never matters', () => {
    fc.assert(
      fc.property(people, folder, matched, fc.nat(), (roster, files, match, turn) => {
        const turned = <T>(all: readonly T[]) => {
          const at = turn % Math.max(1, all.length)
          return [...all.slice(at), ...all.slice(0, at)].toReversed()
        }
        const found = screen(roster, files, { match })
        const again = screen(turned(roster), turned(files), { match })
        const byLine = again.persons.toSorted((a, b) => a.person.line - b.person.line)
        expect({ ...again, persons: byLine }).toEqual(found)
      }),
      settings,
    )
  })

  test('nobody gets a better verdict than their certificate, or than any of the codes', () => {
    const order = ['missing', 'invalid', 'undetermined', 'valid']
    const invalid: readonly ScreeningCode[] = [
      'name_differs',
      'id_number_differs',
      'grade_lower',
      'occupation_differs',
      'number_under_two_names',
    ]
    const open: readonly ScreeningCode[] = [
      'name_not_unique',
      'certificate_of_two_persons',
      'name_not_disclosed',
      'grade_unreadable',
      'match_not_possible',
    ]
    const met = new Set<ScreeningCode>()
    fc.assert(
      fc.property(people, folder, matched, (roster, files, match) => {
        const { persons } = screen(roster, files, { match })
        expect(persons.map(({ person: of }) => of)).toEqual(roster)
        for (const { verdict, certificate: own, codes } of persons) {
          for (const code of codes) met.add(code)
          expect(new Set(codes).size).toBe(codes.length)
          const worst = codes.some((code) => invalid.includes(code))
            ? 'invalid'
            : codes.some((code) => open.includes(code))
              ? 'undetermined'
              : 'valid'
          const least = Math.min(order.indexOf(own?.verdict ?? 'missing'), order.indexOf(worst))
          expect(verdict).toBe(order[least])
          expect(codes.includes('no_certificate')).toBe(own === undefined)
        }
      }),
      settings,
    )
    expect([...met].sort()).toEqual(Object.keys(screeningWords).sort())
  })

  test('a certificate of nobody takes nothing from anybody', () => {
    const strangers = certificate({ digest: 'zz', file: 'z.json', number: 'PT-9', name: '赵六' })
    fc.assert(
      fc.property(people, folder, (roster, files) => {
        const found = screen(roster, files)
        const more = screen(roster, [...files, strangers])
        expect(more.persons).toEqual(found.persons)
        expect(more.others).toEqual(
          [...found.others, { certificate: strangers, codes: [] }].toSorted(inOrder),
        )
      }),
      { ...settings, numRuns: 500 },
    )
  })
  const inOrder = (a: { certificate: Screened }, b: { certificate: Screened }) => {
    const key = ({ certificate: { number = '', digest } }: { certificate: Screened }) => `${number} ${digest}`
    return key(a) < key(b) ? -1 : 1
  }
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
