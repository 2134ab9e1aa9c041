import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CalendarDate, Instant } from '../../src/base/instant.ts'
import { type SuccessionCode, succession, successionWords } from '../../src/batch/succession.ts'
import type { GradeCertificate } from '../../src/certificate/certificate.ts'
import { grades } from '../../src/certificate/grade.ts'
import type { Checks, Report } from '../../src/verify/report.ts'
import { exampleCertificate } from '../certificates.ts'
import { gradecert, shortExport, temporaryFolder } from '../cli/terminal.ts'

const idOf = (n: number): string => `urn:uuid:00000000-0000-4000-8000-00000000000${n}`
const day = (text: string): CalendarDate => text as CalendarDate

/** The n-th of a chain: each is of the day after the one before it, whose place it takes. */
function certificateOf(n: number, changes: Partial<GradeCertificate> = {}): GradeCertificate {
  const { replaces: _, ...rest } = exampleCertificate
  return {
    ...rest,
    id: idOf(n),
    validFrom: day(`2026-02-0${n}`),
    ...(n > 1 && {
      replaces: {
        id: idOf(n - 1),
        reason: 'lost-reissue',
        previousIssueDate: day(`2026-02-0${n - 1}`),
      },
    }),
    ...changes,
  }
}

const passed = { outcome: 'pass', facts: {} } as const
const allPass: Checks = {
  ...{ format: passed, schema: passed, issuer: passed, proof: passed, validity: passed, status: passed },
  ...{ trust: passed, anchor: { outcome: 'skipped', because: 'no_anchor' }, policy: passed },
}
const common = {
  checkedAt: '2026-03-01T00:00:00Z' as Instant,
  digest: '00',
  policy: { name: 'default', digest: '00' },
}

const valid = (certificate: GradeCertificate): Report => ({
  ...common,
  verdict: 'valid',
  certificate,
  checks: allPass,
})

const dead = (claimed: GradeCertificate): Report => ({
  ...common,
  verdict: 'invalid',
  claimed,
  checks: { ...allPass, status: { outcome: 'fail', reason: 'revoked', detail: '' } },
})

const forged = (claimed: GradeCertificate): Report => ({
  ...common,
  verdict: 'invalid',
  claimed,
  checks: { ...allPass, proof: { outcome: 'fail', reason: 'key_unknown', detail: '' } },
})

/** Three of one number: two dead, the third live. */
const three = [dead(certificateOf(1)), dead(certificateOf(2)), valid(certificateOf(3))]

test('a chain of three is whole, the oldest first', () => {
  expect(succession(three)).toEqual([
    {
      issuer: exampleCertificate.issuer.id,
      number: exampleCertificate.number,
      links: [
        { id: idOf(1), reports: [0], isLive: false },
        { id: idOf(2), reports: [1], replaces: idOf(1), reason: 'lost-reissue', isLive: false },
        { id: idOf(3), reports: [2], replaces: idOf(2), reason: 'lost-reissue', isLive: true },
      ],
      outcome: 'whole',
      faults: [],
    },
  ])
})

test('what reissue makes is whole, in both forms at once', async () => {
  const dir = `${await temporaryFolder()}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  await shortExport(dir, 3)
  const issue = (at: string) =>
    gradecert(['issue', `${dir}/results.csv`, '--dir', dir, '--form', 'both', '--at', at])
  await issue('2026-01-20')
  const [number = ''] = readdirSync(`${dir}/out`).map((name) => name.replace(/\..*$/, ''))
  await gradecert(['reissue', number, '--reason', 'lost-reissue', '--dir', dir, '--at', '2026-02-20'])
  await issue('2026-02-20')
  const correction = ['--set', 'name=王小明', '--reason', 'data-correction']
  await gradecert(['reissue', number, ...correction, '--dir', dir, '--at', '2026-03-20'])
  await gradecert(['publish', '--dir', dir, '--at', '2026-03-20'])
  const { lines } = await gradecert([
    ...['verify', `${dir}/out`, '--trust', `${dir}/trust.json`, '--json', '--at', '2026-03-21'],
    ...['--evidence', `${dir}/public/evidence.json`],
  ])
  const chains = succession(lines.filter(({ verdict }) => verdict !== undefined))
  const chain = chains.find((one) => one.number === number)
  expect(chain?.links.map(({ reports, isLive }) => [reports.length, isLive])).toEqual([
    [2, false],
    [2, false],
    [1, true],
  ])
  expect(chains.map(({ outcome, faults }) => [outcome, faults])).toEqual(chains.map(() => ['whole', []]))
})

describe('a chain is broken', () => {
  const changed = (changes: Partial<GradeCertificate>) => [
    dead(certificateOf(1)),
    dead(certificateOf(2)),
    valid(certificateOf(3, changes)),
  ]
  const { holder, award, replaces } = certificateOf(3)
  const at3 = (code: SuccessionCode, other?: number) => [
    { code, id: idOf(3), ...(other !== undefined && { other: idOf(other) }) },
  ]

  test.each<[what: string, reports: readonly Report[], faults: readonly object[]]>([
    [
      'where the first is missing',
      three.slice(1),
      [{ code: 'predecessor_missing', id: idOf(2), other: idOf(1) }],
    ],
    ['where the middle is missing', [three[0], three[2]] as Report[], at3('predecessor_missing', 2)],
    [
      'where two took the place of one',
      [
        dead(certificateOf(1)),
        dead(certificateOf(2)),
        valid(certificateOf(3, { replaces: certificateOf(2).replaces })),
      ],
      at3('forked', 2),
    ],
    [
      'where two that took the place of one are live',
      [
        dead(certificateOf(1)),
        valid(certificateOf(2)),
        valid(certificateOf(3, { replaces: certificateOf(2).replaces })),
      ],
      [...at3('forked', 2), ...at3('two_live', 2)],
    ],
    [
      'where the one before is live',
      [dead(certificateOf(1)), valid(certificateOf(2)), valid(certificateOf(3))],
      at3('two_live', 2),
    ],
    [
      'where two are the first',
      [dead(certificateOf(1)), valid(certificateOf(3, { replaces: undefined }))],
      at3('two_firsts', 1),
    ],
    [
      'where each took the place of the other',
      [1, 2].map((n) =>
        dead(
          certificateOf(n, { replaces: { ...replaces, id: idOf(3 - n) } as GradeCertificate['replaces'] }),
        ),
      ),
      [
        { code: 'cyclic', id: idOf(1), other: idOf(2) },
        { code: 'cyclic', id: idOf(2), other: idOf(1) },
      ],
    ],
    [
      'where one took its own place',
      [dead(certificateOf(3, { replaces: { ...replaces, id: idOf(3) } as GradeCertificate['replaces'] }))],
      at3('cyclic', 3),
    ],
    ['where the number changed', changed({ number: 'X-1' }), at3('number_mismatch', 2)],
    [
      'where the day of award changed',
      changed({ awardedOn: day('2026-01-26') }),
      at3('award_day_changed', 2),
    ],
    [
      'where the grade changed',
      changed({ award: { ...award, grade: grades.senior } }),
      at3('award_changed', 2),
    ],
    [
      'where the day of the earlier one is told otherwise',
      changed({
        replaces: { ...replaces, previousIssueDate: day('2026-02-01') } as GradeCertificate['replaces'],
      }),
      at3('issue_date_mismatch', 2),
    ],
    [
      'where the person is another',
      changed({ holder: { ...holder, id: idOf(9) } }),
      at3('holder_changed', 2),
    ],
    [
      'where the name changed without a correction',
      changed({ holder: { ...holder, name: '李四' } }),
      at3('holder_changed', 2),
    ],
  ])('%s', (_what, reports, faults) => {
    const chains = succession(reports)
    expect(chains.flatMap((chain) => chain.faults)).toEqual(faults)
    expect(chains.some(({ outcome }) => outcome === 'broken')).toBe(true)
  })

  test('not where a correction writes the name otherwise', () => {
    const corrected = changed({
      holder: { ...holder, name: '李四' },
      replaces: { ...replaces, reason: 'data-correction' } as GradeCertificate['replaces'],
    })
    expect(succession(corrected)[0]).toMatchObject({ outcome: 'whole', faults: [] })
  })
})

test('the same number of another issuer is another chain', () => {
  const issuer = { ...exampleCertificate.issuer, id: 'did:web:other.example' as const }
  const chains = succession([...three, valid(certificateOf(1, { issuer }))])
  expect(chains.map(({ outcome, links }) => [outcome, links.length])).toEqual([
    ['whole', 3],
    ['whole', 1],
  ])
})

test('a text that is signed by nobody known changes nothing, whatever it claims', () => {
  const chains = succession(three)
  for (const n of [1, 2, 3, 4]) {
    expect(succession([...three, forged(certificateOf(n, { awardedOn: day('2020-01-01') }))])).toEqual(chains)
  }
  expect(succession([forged(certificateOf(1))])).toEqual([])
})

test('the order and the repetition of reports change nothing but the positions', () => {
  const all = [
    ...three,
    valid(certificateOf(3, { id: idOf(5) })),
    dead(certificateOf(1, { number: 'X-1', id: idOf(6) })),
  ]
  const withoutPositions = (reports: readonly Report[]) =>
    succession(reports).map(({ links, ...chain }) => ({
      ...chain,
      links: links.map(({ reports: _, ...link }) => link),
    }))
  const expected = withoutPositions(all)
  fc.assert(
    fc.property(
      fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
      fc.array(fc.nat({ max: 4 })),
      (order, more) => {
        expect(withoutPositions([...order, ...more].map((i) => all[i] as Report))).toEqual(expected)
      },
    ),
    { seed: 20260301, numRuns: 300 },
  )
})

test('every code has words in both languages that take the same detail', () => {
  const placeholders = (texts: readonly string[]) =>
    [...texts.join('').matchAll(/\{\w+\}/g)].map(String).sort()
  for (const { en, zh } of Object.values(successionWords)) expect(placeholders(zh)).toEqual(placeholders(en))
})
