import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import type { Did } from '../../src/base/did-url.ts'
import {
  type Awarded,
  readPlan,
  type Supervision,
  supervise,
  type Target,
} from '../../src/batch/supervision.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import type { AuthenticList } from '../../src/trust/chain.ts'
import type { TrustedAgency, TrustList } from '../../src/trust/trust-list.ts'
import { at, authority, day, entryOf, keyAgency, now, trustListOf, withAgency } from '../verify/scene.ts'

const a = keyAgency.controller
const b: Did = 'did:web:b.example'

const award = (change: Partial<Awarded> = {}): Awarded => ({
  agency: a,
  agencyName: '甲',
  occupation: '2-02-38-01',
  grade: 'junior',
  region: 'CN-BJ',
  awardedOn: day('2026-01-20'),
  standing: 'live',
  ...change,
})

/** Rows as lines: who, what, when, and the three counts. */
const linesOf = ({ rows }: Supervision): readonly string[] =>
  rows.map(
    ({ agencyName, occupation, grade, month, awarded, revoked, suspended }) =>
      `${agencyName} ${occupation} ${grade} ${month}: ${awarded} ${revoked} ${suspended}`,
  )

const totalsOf = async (...awards: readonly Partial<Awarded>[]) => {
  const { awarded, revoked, suspended } = await supervise(awards.map(award))
  return { awarded, revoked, suspended }
}

describe('a count', () => {
  test('of nothing is nothing', async () => {
    expect(await supervise([])).toEqual({
      rows: [],
      awarded: 0,
      revoked: 0,
      suspended: 0,
      reasons: {},
      outside: [],
      plan: [],
    })
  })

  test.each<[what: string, change: Partial<Awarded>, lines: readonly string[]]>([
    ['the same again', {}, ['甲 2-02-38-01 junior 2026-01: 2 0 0']],
    ['another region', { region: 'CN-SH' }, ['甲 2-02-38-01 junior 2026-01: 2 0 0']],
    [
      'the former code of the occupation',
      { occupation: '2-02-10-09' },
      ['甲 2-02-38-01 junior 2026-01: 2 0 0'],
    ],
    ['the last day of the month', { awardedOn: day('2026-01-31') }, ['甲 2-02-38-01 junior 2026-01: 2 0 0']],
    ['one that was revoked', { standing: 'revoked' }, ['甲 2-02-38-01 junior 2026-01: 2 1 0']],
    ['one that is suspended', { standing: 'suspended' }, ['甲 2-02-38-01 junior 2026-01: 2 0 1']],
    ['one that was issued again', { standing: 'superseded' }, ['甲 2-02-38-01 junior 2026-01: 1 0 0']],
    [
      'the next month',
      { awardedOn: day('2026-02-01') },
      ['甲 2-02-38-01 junior 2026-01: 1 0 0', '甲 2-02-38-01 junior 2026-02: 1 0 0'],
    ],
    [
      'the next grade',
      { grade: 'senior' },
      ['甲 2-02-38-01 junior 2026-01: 1 0 0', '甲 2-02-38-01 senior 2026-01: 1 0 0'],
    ],
    [
      'another occupation',
      { occupation: '2-02-38-02' },
      ['甲 2-02-38-01 junior 2026-01: 1 0 0', '甲 2-02-38-02 junior 2026-01: 1 0 0'],
    ],
    [
      'another agency',
      { agency: b, agencyName: '乙' },
      ['甲 2-02-38-01 junior 2026-01: 1 0 0', '乙 2-02-38-01 junior 2026-01: 1 0 0'],
    ],
  ])('of one and %s', async (_what, change, lines) => {
    expect(linesOf(await supervise([award(), award(change)]))).toEqual(lines)
  })

  test('calls an agency by its latest name, whichever came first', async () => {
    const awards = [
      award({ agencyName: '旧名', awardedOn: day('2026-01-05') }),
      award({ agencyName: '新名', awardedOn: day('2026-01-25') }),
      award({ agencyName: '中名', awardedOn: day('2026-01-15') }),
    ]
    const found = await supervise(awards)
    expect(linesOf(found)).toEqual(['新名 2-02-38-01 junior 2026-01: 3 0 0'])
    expect(await supervise(awards.toReversed())).toEqual(found)
    const twoNames = [award({ agencyName: 'a' }), award({ agencyName: 'b' })]
    expect(await supervise(twoNames)).toEqual(await supervise(twoNames.toReversed()))
  })

  test('has the first and the last day that are asked for in it', async () => {
    const awards = ['2026-01-19', '2026-01-20', '2026-01-21', '2026-01-22'].map((text) =>
      award({ awardedOn: day(text) }),
    )
    const counted = async (since?: string, until?: string) =>
      (await supervise(awards, { since: since && day(since), until: until && day(until) } as object)).awarded
    expect(await counted('2026-01-20', '2026-01-21')).toBe(2)
    expect(await counted('2026-01-20')).toBe(3)
    expect(await counted(undefined, '2026-01-20')).toBe(2)
    expect(await counted('2026-01-21', '2026-01-20')).toBe(0)
  })

  test('of the days that are not asked for says nothing: neither reasons, plan nor scopes', async () => {
    const found = await supervise([award({ standing: 'revoked', reason: 'cheating-grave' })], {
      since: day('2026-02-01'),
      plan: [{ year: 2026, count: 1 }],
      lists: [],
    })
    expect(found).toMatchObject({ awarded: 0, reasons: {}, outside: [], plan: [{ awarded: 0, percent: 0 }] })
  })

  test('knows reasons of what is taken back now, not of what was reinstated or issued again', async () => {
    const reason = 'under-investigation'
    const found = await supervise([
      award({ standing: 'suspended', reason }),
      award({ standing: 'revoked', reason }),
      award({ standing: 'revoked', reason: 'cheating-grave' }),
      award({ standing: 'revoked' }),
      award({ standing: 'live', reason }),
      award({ standing: 'superseded', reason: 'data-correction' }),
    ])
    expect(found.reasons).toEqual({ 'cheating-grave': 1, [reason]: 2 })
    expect(Object.keys(found.reasons)).toEqual(['cheating-grave', reason])
    expect(found).toMatchObject({ awarded: 5, revoked: 3, suspended: 1 })
  })

  test('comes one after the other, so that no more than the kinds are kept', async () => {
    async function* many(): AsyncGenerator<Awarded> {
      for (let i = 0; i < 1000; i++) yield award({ standing: i % 10 === 0 ? 'revoked' : 'live' })
    }
    expect(linesOf(await supervise(many()))).toEqual(['甲 2-02-38-01 junior 2026-01: 1000 100 0'])
  })
})

describe('a plan', () => {
  test.each<[what: string, target: Partial<Target>, reached: number]>([
    ['for all', {}, 6],
    ['for another year', { year: 2025 }, 1],
    ['for a year without any', { year: 2027 }, 0],
    ['for an agency', { agency: b }, 1],
    ['for an agency that nobody knows', { agency: 'did:web:c.example' }, 0],
    ['for a grade', { grade: 'senior' }, 1],
    ['for an occupation', { occupation: '2-02-38-01' }, 5],
    ['for an occupation by its former code', { occupation: '2-02-10-09' }, 5],
    ['for a country', { region: 'CN' }, 4],
    ['for a province', { region: 'CN-SH' }, 1],
    ['for a region that begins with the same letters', { region: 'CN-S' }, 0],
    ['for all of these', { agency: a, grade: 'senior', occupation: '2-02-38-01', region: 'CN' }, 1],
  ])('%s counts what it names', async (_what, target, awarded) => {
    const plan = [{ year: 2026, count: 4, ...target }]
    const awards = [
      award(),
      award({ standing: 'revoked' }),
      award({ grade: 'senior', region: 'CN-SH' }),
      award({ agency: b, agencyName: '乙' }),
      award({ region: undefined }),
      award({ occupation: '2-02-38-02', region: 'US-CN' }),
      award({ awardedOn: day('2025-12-31') }),
      award({ standing: 'superseded' }),
    ]
    expect((await supervise(awards, { plan })).plan).toEqual([{ ...plan[0], awarded, percent: awarded * 25 }])
  })

  test.each([
    [1, 3, 33.3],
    [2, 3, 66.7],
    [1, 10_000, 0],
    [5, 10_000, 0.1],
    [3, 2, 150],
    [1, 1, 100],
  ])('of which %i of %i are reached stands at %d percent', async (awarded, count, percent) => {
    const awards = Array.from({ length: awarded }, () => award())
    expect((await supervise(awards, { plan: [{ year: 2026, count }] })).plan).toEqual([
      { year: 2026, count, awarded, percent },
    ])
  })

  test('is read with its year in every target', () => {
    const targets = [
      { count: 3 },
      { count: 1, agency: b, occupation: '2-02-38-01', grade: 'senior', region: 'CN-BJ' },
    ]
    const text = JSON.stringify({ type: 'GradecertPlan', version: 1, year: 2026, targets })
    expect(readPlan(utf8(text))).toEqual(targets.map((target) => ({ year: 2026, ...target })))
  })
})

describe('a recognition', () => {
  const authentic = (list: TrustList): AuthenticList => ({
    list,
    digest: '',
    signedAt: at(now),
    signers: [thumbprint(authority.publicKey)],
    path: [],
  })
  const listWith = async (change: Partial<TrustedAgency> = {}) => {
    const list = { ...(await trustListOf()), agencies: [await entryOf(keyAgency)] }
    return authentic(withAgency(list, keyAgency, change))
  }

  test.each<[what: string, change: Partial<Awarded>, fault: string | null]>([
    ['in its scope', {}, null],
    ['of its other grade', { grade: 'intermediate' }, null],
    ['by the former code of its occupation', { occupation: '2-02-10-09' }, null],
    ['of a grade beyond it', { grade: 'senior' }, 'grade_out_of_scope'],
    ['of an occupation beyond it', { occupation: '2-02-38-02' }, 'occupation_out_of_scope'],
    ['in a region beyond it', { region: 'CN-SH' }, 'region_out_of_scope'],
    ['in no region', { region: undefined }, 'region_out_of_scope'],
    ['by an agency that is not listed', { agency: b }, 'agency_not_listed'],
  ])('tells of an award %s', async (_what, change, fault) => {
    const one = award(change)
    const { outside } = await supervise([one, one], { lists: [await listWith()] })
    expect(outside).toEqual(fault === null ? [] : [{ agency: one.agency, fault, count: 2 }])
  })

  test('tells of awards before its window', async () => {
    const scopes = (await entryOf(keyAgency)).scopes.map((scope) => ({ ...scope, from: day('2026-01-21') }))
    const { outside } = await supervise([award()], { lists: [await listWith({ scopes })] })
    expect(outside).toEqual([{ agency: a, fault: 'awarded_outside_window', count: 1 }])
  })

  test('by one of several lists is enough; without any that knows the agency nobody is recognised', async () => {
    const [full, none] = [await listWith(), authentic({ ...(await trustListOf()), agencies: [] })]
    const outside = async (lists: readonly AuthenticList[], change: Partial<Awarded> = {}) =>
      (await supervise([award(change)], { lists })).outside.map(({ fault }) => fault)
    expect(await outside([none, full])).toEqual([])
    expect(await outside([none, full], { grade: 'senior' })).toEqual(['grade_out_of_scope'])
    expect(await outside([none])).toEqual(['agency_not_listed'])
    expect(await outside([])).toEqual(['agency_not_listed'])
  })

  test('is not spoken of where no lists were given', async () => {
    expect((await supervise([award({ agency: b })])).outside).toEqual([])
  })
})

describe('whatever is counted', () => {
  const awards = fc.array(
    fc.record({
      agency: fc.constantFrom<Did>(a, b, 'did:web:c.example'),
      agencyName: fc.constantFrom('甲', '乙', '__proto__', ''),
      occupation: fc.constantFrom('2-02-38-01', '2-02-10-09', '2-02-38-02'),
      grade: fc.constantFrom('junior' as const, 'intermediate' as const, 'senior' as const),
      region: fc.constantFrom(undefined, 'CN', 'CN-BJ', 'CN-SH'),
      awardedOn: fc.constantFrom(...['2025-12-31', '2026-01-01', '2026-01-31', '2026-02-01'].map(day)),
      standing: fc.constantFrom(
        'live' as const,
        'revoked' as const,
        'suspended' as const,
        'superseded' as const,
      ),
      reason: fc.constantFrom(undefined, 'cheating-grave', 'under-investigation'),
    }),
    { maxLength: 30 },
  )
  const plan: readonly Target[] = [
    { year: 2026, count: 7 },
    { year: 2026, count: 2, region: 'CN' },
    { year: 2025, count: 1, grade: 'senior' },
  ]

  test('order never matters, and rows add up to the totals', async () => {
    const lists = [
      {
        list: { ...(await trustListOf()), agencies: [await entryOf(keyAgency)] },
        digest: '',
        signedAt: undefined,
        signers: [],
        path: [],
      },
    ]
    await fc.assert(
      fc.asyncProperty(
        awards.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        async ([list, shuffled]) => {
          const found = await supervise(list, { plan, lists })
          expect(await supervise(shuffled, { plan, lists })).toEqual(found)
          const counted = list.filter(({ standing }) => standing !== 'superseded')
          expect(found.awarded).toBe(counted.length)
          expect(found.rows.reduce((sum, row) => sum + row.awarded, 0)).toBe(counted.length)
          expect(found.revoked).toBe(counted.filter(({ standing }) => standing === 'revoked').length)
          expect(found.suspended).toBe(counted.filter(({ standing }) => standing === 'suspended').length)
          expect(found.outside.every(({ count }) => count > 0)).toBe(true)
        },
      ),
      { seed: 20260120, numRuns: 200 },
    )
  })
})

test('what is superseded changes no total', async () => {
  expect(await totalsOf({}, { standing: 'superseded' })).toEqual(await totalsOf({}))
})
