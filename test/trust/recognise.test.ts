import { describe, expect, test } from 'vitest'
import { type Claim, type RecognitionFault, recognise } from '../../src/trust/recognise.ts'
import type { AgencyScope, TrustedAgency, TrustedKey, TrustList } from '../../src/trust/trust-list.ts'
import { day } from '../certificates.ts'
import { exampleKey, exampleList, exampleScope, exampleTrusted, instant } from './lists.ts'

const { thumbprint } = exampleKey

const claim: Claim = {
  agency: exampleTrusted.id,
  keys: [{ thumbprint, signedAt: instant('2026-01-25T01:00:00Z') }],
  awardedOn: day('2026-01-25'),
  award: { occupation: '2-02-38-01', grade: 'junior', region: 'CN-BJ' },
}
const award = { occupation: '2-02-38-01', grade: 'junior', region: 'CN-BJ' } as const

const listOf = (change: Partial<TrustedAgency>): TrustList => ({
  ...exampleList,
  agencies: [
    { ...exampleTrusted, id: 'did:web:other.example', keys: [] },
    { ...exampleTrusted, ...change },
  ],
})

/** `null` where the claim is recognised. */
const faultOf = (agency: Partial<TrustedAgency>, made: Partial<Claim>): RecognitionFault | null => {
  const recognition = recognise(listOf(agency), { ...claim, ...made })
  return recognition.ok ? null : recognition.fault
}

describe('an award', () => {
  test('inside a scope is recognised, with the agency and the scope', () => {
    expect(recognise(listOf({}), claim)).toEqual({ ok: true, agency: exampleTrusted, scope: exampleScope })
  })

  test.each<[what: string, made: Partial<Claim>, fault: RecognitionFault | null]>([
    ['of another occupation of the scope', { award: { ...award, occupation: '2-02-38-03' } }, null],
    ['of an occupation by its former code', { award: { ...award, occupation: '2-02-10-11' } }, null],
    [
      'of an occupation outside',
      { award: { ...award, occupation: '2-02-38-02' } },
      'occupation_out_of_scope',
    ],
    [
      'of a former code outside',
      { award: { ...award, occupation: '2-02-10-10' } },
      'occupation_out_of_scope',
    ],
    ['of another grade of the scope', { award: { ...award, grade: 'intermediate' } }, null],
    ['of a grade outside', { award: { ...award, grade: 'senior' } }, 'grade_out_of_scope'],
    ['in another region', { award: { ...award, region: 'CN-TJ' } }, 'region_out_of_scope'],
    ['in no region', { award: { ...award, region: undefined } }, 'region_out_of_scope'],
    ['on the first day', { awardedOn: day('2025-01-01') }, null],
    ['the day before', { awardedOn: day('2024-12-31') }, 'awarded_outside_window'],
    ['on the last day', { awardedOn: day('2027-12-31') }, null],
    ['the day after', { awardedOn: day('2028-01-01') }, 'awarded_outside_window'],
    ['of an agency that is not listed', { agency: 'did:web:cert.agency.example:x' }, 'agency_not_listed'],
  ])('%s: %j gives %s', (_what, made, fault) => {
    expect(faultOf({}, made)).toBe(fault)
  })

  test.each<[what: string, made: Partial<Claim>, fault: RecognitionFault, detail: string]>([
    ['agency', { agency: 'did:web:x.example' }, 'agency_not_listed', 'did:web:x.example'],
    ['key', { keys: [{ thumbprint: 'A'.repeat(43) }] }, 'key_not_listed', 'A'.repeat(43)],
    [
      'occupation',
      { award: { ...award, occupation: '2-02-10-10' } },
      'occupation_out_of_scope',
      '2-02-10-10',
    ],
    ['grade', { award: { ...award, grade: 'senior' } }, 'grade_out_of_scope', 'senior'],
    ['region', { award: { ...award, region: 'CN-TJ' } }, 'region_out_of_scope', 'CN-TJ'],
    ['lack of a region', { award: { ...award, region: undefined } }, 'region_out_of_scope', 'none'],
    ['day', { awardedOn: day('2024-12-31') }, 'awarded_outside_window', '2024-12-31'],
  ])('that is refused says which %s it was', (_what, made, fault, detail) => {
    expect(recognise(listOf({}), { ...claim, ...made })).toEqual({ ok: false, fault, detail })
  })

  test('by a former code in the scope is recognised by the current one', () => {
    expect(faultOf({ scopes: [{ ...exampleScope, occupations: ['2-02-10-09'] }] }, {})).toBe(null)
  })

  test('under a scope without region or window is recognised anywhere and any day', () => {
    const open: AgencyScope = { occupations: ['2-02-38-01'], grades: ['junior'] }
    expect(faultOf({ scopes: [open] }, { award: { ...award, region: undefined } })).toBe(null)
    expect(faultOf({ scopes: [open] }, { awardedOn: day('1999-01-01') })).toBe(null)
    expect(faultOf({ scopes: [open] }, { awardedOn: day('9999-12-31') })).toBe(null)
  })

  test('has to lie inside one scope: two halves do not add up', () => {
    const scopes: AgencyScope[] = [
      { ...exampleScope, occupations: ['2-02-38-01'], grades: ['senior'] },
      { ...exampleScope, occupations: ['2-02-38-03'], grades: ['junior'] },
    ]
    expect(faultOf({ scopes }, {})).toBe('grade_out_of_scope')
    expect(recognise(listOf({ scopes: [...scopes, exampleScope] }), claim)).toMatchObject({
      scope: exampleScope,
    })
  })

  test('of an agency without any scope is outside its window', () => {
    expect(faultOf({ scopes: [] }, {})).toBe('awarded_outside_window')
  })

  test('that has no grade needs no scope', () => {
    const { award: _, ...made } = claim
    expect(recognise(listOf({ scopes: [] }), made)).toEqual({
      ok: true,
      agency: { ...exampleTrusted, scopes: [] },
      scope: undefined,
    })
  })
})

test('a claim without a key is recognised by nobody', () => {
  expect(faultOf({}, { keys: [] })).toBe('key_not_listed')
})

describe('an agency that was removed', () => {
  test.each<[what: string, scope: AgencyScope, fault: RecognitionFault | null]>([
    ['keeps what it awarded inside its window', { ...exampleScope, until: day('2026-01-25') }, null],
    [
      'has nothing that it awarded after it',
      { ...exampleScope, until: day('2026-01-24') },
      'awarded_outside_window',
    ],
    [
      'has nothing where no window was closed for it',
      { ...exampleScope, until: undefined },
      'awarded_outside_window',
    ],
  ])('%s', (_what, scope, fault) => {
    expect(faultOf({ standing: 'removed', scopes: [scope] }, {})).toBe(fault)
  })

  test('is judged by its closed windows alone', () => {
    const closed = { ...exampleScope, until: day('2025-06-30') }
    const open = { ...exampleScope, until: undefined }
    expect(faultOf({ standing: 'removed', scopes: [open, closed] }, {})).toBe('awarded_outside_window')
    expect(faultOf({ standing: 'removed', scopes: [open, closed] }, { awardedOn: day('2025-06-30') })).toBe(
      null,
    )
  })
})

describe('the key that signed', () => {
  const signedAt = instant('2026-01-25T01:00:00Z')
  const before = instant('2026-01-25T00:59:59Z')
  const after = instant('2026-01-25T01:00:01Z')

  test.each<
    [what: string, keys: readonly TrustedKey[], made: Partial<Claim>, fault: RecognitionFault | null]
  >([
    ['is not listed', [], {}, 'key_not_listed'],
    ['has no window', [{ thumbprint }], {}, null],
    ['has no window, and the signature no time', [{ thumbprint }], { keys: [{ thumbprint }] }, null],
    ['signed at the start of its window', [{ thumbprint, from: signedAt }], {}, null],
    ['signed before its window', [{ thumbprint, from: after }], {}, 'key_outside_window'],
    ['signed at the end of its window', [{ thumbprint, until: signedAt }], {}, null],
    ['signed after its window', [{ thumbprint, until: before }], {}, 'key_outside_window'],
    ['signed inside its window', [{ thumbprint, from: before, until: after }], {}, null],
    [
      'has a start, and the signature no time',
      [{ thumbprint, from: before }],
      { keys: [{ thumbprint }] },
      'key_outside_window',
    ],
    [
      'has an end, and the signature no time',
      [{ thumbprint, until: after }],
      { keys: [{ thumbprint }] },
      'key_outside_window',
    ],
    [
      'is listed twice, and one window fits',
      [
        { thumbprint, until: before },
        { thumbprint, from: before },
      ],
      {},
      null,
    ],
    [
      'is listed twice, and no window fits',
      [
        { thumbprint, until: before },
        { thumbprint, from: after },
      ],
      {},
      'key_outside_window',
    ],
    ['is compromised since before', [{ thumbprint, compromisedSince: before }], {}, 'key_compromised'],
    ['is compromised since that moment', [{ thumbprint, compromisedSince: signedAt }], {}, 'key_compromised'],
    [
      'is compromised later than it says it signed',
      [{ thumbprint, compromisedSince: after }],
      {},
      'key_maybe_compromised',
    ],
    [
      'is compromised, and the signature says no time',
      [{ thumbprint, compromisedSince: after }],
      { keys: [{ thumbprint }] },
      'key_maybe_compromised',
    ],
    [
      'is compromised later than an anchor proves',
      [{ thumbprint, compromisedSince: after }],
      { keys: [{ thumbprint, signedAt, existedBy: signedAt }] },
      null,
    ],
    [
      'is compromised at the moment that an anchor proves',
      [{ thumbprint, compromisedSince: after }],
      { keys: [{ thumbprint, signedAt, existedBy: after }] },
      'key_maybe_compromised',
    ],
    [
      'is anchored before its theft and says that it is from after',
      [{ thumbprint, compromisedSince: signedAt }],
      { keys: [{ thumbprint, signedAt: after, existedBy: before }] },
      null,
    ],
    [
      'is called compromised by others than the list',
      [{ thumbprint }],
      { keys: [{ thumbprint, signedAt, compromisedSince: before }] },
      'key_compromised',
    ],
    [
      'is compromised earlier for others than for the list',
      [{ thumbprint, compromisedSince: after }],
      { keys: [{ thumbprint, signedAt, existedBy: signedAt, compromisedSince: before }] },
      'key_compromised',
    ],
    [
      'is compromised in one of two rows',
      [{ thumbprint }, { thumbprint, compromisedSince: after }],
      {},
      'key_maybe_compromised',
    ],
    [
      'is not the one that is compromised',
      [{ thumbprint }, { thumbprint: 'A'.repeat(43), compromisedSince: before }],
      {},
      null,
    ],
    [
      'is one of two, of which one is not listed',
      [{ thumbprint }],
      { keys: [{ thumbprint }, { thumbprint: 'A'.repeat(43) }] },
      'key_not_listed',
    ],
  ])('%s', (_what, keys, made, fault) => {
    expect(faultOf({ keys }, made)).toBe(fault)
  })

  test('is judged before the scope', () => {
    expect(faultOf({ keys: [], scopes: [] }, {})).toBe('key_not_listed')
  })

  test('counts for a document without a grade as well', () => {
    const { award: _, ...made } = claim
    expect(recognise(listOf({ keys: [] }), made)).toMatchObject({ ok: false, fault: 'key_not_listed' })
  })
})
