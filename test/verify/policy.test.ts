import { describe, expect, test } from 'vitest'
import type { CalendarDate } from '../../src/base/instant.ts'
import { judgeWith } from '../../src/verify/judge.ts'
import { defaultPolicy, type Policy, policyDigest, policyOf, readPolicy } from '../../src/verify/policy.ts'
import { verify } from '../../src/verify/verify.ts'
import { allStand, judged, keyAgency, now, outcomesOf, sceneOf, statusListOf, tampered } from './scene.ts'

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1])(
  'a clock skew of %s, which would switch dates off, is refused',
  async (clockSkew) => {
    await expect(judgeWith({ now, policy: { clockSkew } })).rejects.toMatchObject({
      code: 'verify.policy_malformed',
    })
  },
)

test.each(['not base64', 'AAA', 'A=='])('a root that is %j is refused, and not left out', async (root) => {
  const judging = judgeWith({ now, policy: { certificateRoots: ['AAAA', root] } })
  await expect(judging).rejects.toMatchObject({
    code: 'verify.policy_malformed',
    detail: { what: 'certificateRoots 1' },
  })
})

describe('a policy file', () => {
  const file = (members: object) =>
    JSON.stringify({ type: 'GradecertPolicy', version: 1, name: 'hr', ...members })

  test('is the policy with defaults for what it does not say', () => {
    const members = {
      required: ['anchor'],
      maxStatusAge: 604_800,
      maxTrustAge: 0,
      occupations: ['2-02-38-01'],
      agencies: ['did:web:agency.example'],
      regions: ['CN', 'CN-BJ'],
      minimumGrade: { scheme: 'cn.ptg.3', grade: 'intermediate' },
      awardedFrom: '2024-02-29',
      awardedUntil: '2026-12-31',
      match: ['name', 'id_number'],
      anchors: ['any', 'tlog', 'eip155:1'],
      anchorIfRemoved: true,
    }
    expect(readPolicy(file(members))).toEqual({ ...defaultPolicy, name: 'hr', ...members })
    expect(readPolicy(file({}))).toEqual({ ...defaultPolicy, name: 'hr' })
  })

  test.each<[what: string, text: string, what: string]>([
    ['no JSON', 'policy', 'the text does not follow the grammar of RFC 8259'],
    ['another file', '{"type":"GradecertTrust","version":1}', 'type'],
    ['another version', '{"type":"GradecertPolicy","version":2,"name":"a"}', 'version'],
    ['without a name', '{"type":"GradecertPolicy","version":1}', 'name'],
    ['with an unknown member', file({ maxAge: 1 }), 'maxAge'],
    ['with a prototype’s member', file({ toString: 1 }), 'toString'],
    ['with a negative age', file({ maxStatusAge: -1 }), 'maxStatusAge -1'],
    ['with an age in words', file({ maxStatusAge: '7 days' }), 'maxStatusAge 7 days'],
    ['with an occupation that is none', file({ occupations: ['2-02-38-01', 'AI'] }), 'occupations 1'],
    ['with a grade of no scheme', file({ minimumGrade: 'senior' }), 'minimumGrade senior'],
    [
      'with a grade of another scheme',
      file({ minimumGrade: { scheme: 'x', grade: 'senior' } }),
      'minimumGrade',
    ],
    ['with a day that is none', file({ awardedFrom: '2025-02-29' }), 'awardedFrom 2025-02-29'],
    ['with a check that is none', file({ required: ['signature'] }), 'required 0'],
    ['with a region that is none', file({ regions: ['北京'] }), 'regions 0'],
    ['with a word in place of a list', file({ regions: 'CN-BJ' }), 'regions'],
    ['with a null', file({ awardedFrom: null }), 'awardedFrom null'],
    ['with text that hides', file({ name: 'a\u202eb' }), 'name a\u202eb'],
  ])('is not %s', (_what, text, what) => {
    expect(() => readPolicy(text)).toThrow(
      expect.objectContaining({ code: 'verify.policy_malformed', detail: { what } }),
    )
  })

  test('has a digest that changes with every member, and with nothing else', () => {
    const digest = policyDigest(policyOf({ name: 'hr' }))
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(policyDigest(readPolicy(file({})))).toBe(digest)
    expect(policyDigest(policyOf({ clockSkew: 300, name: 'hr', regions: undefined }))).toBe(digest)
    expect(policyDigest(policyOf({ name: 'hr', maxStatusAge: 1 }))).not.toBe(digest)
    expect(policyDigest(policyOf({}))).not.toBe(digest)
  })
})

describe('a policy that wants', async () => {
  const scene = await sceneOf(keyAgency)
  const day = (text: string) => text as CalendarDate

  test.each<[what: string, policy: Partial<Policy>, outcome: string]>([
    ['this occupation', { occupations: ['2-02-38-02', '2-02-38-01'] }, 'pass'],
    ['it by its former code', { occupations: ['2-02-10-09'] }, 'pass'],
    ['another occupation', { occupations: ['2-02-38-02'] }, 'fail occupation_not_accepted'],
    ['no occupation at all', { occupations: [] }, 'fail occupation_not_accepted'],
    ['this grade', { minimumGrade: { scheme: 'cn.ptg.3', grade: 'junior' } }, 'pass'],
    ['a higher grade', { minimumGrade: { scheme: 'cn.ptg.3', grade: 'intermediate' } }, 'fail grade_too_low'],
    ['this region', { regions: ['CN-BJ'] }, 'pass'],
    ['the country', { regions: ['CN'] }, 'pass'],
    ['another region', { regions: ['CN-B', 'CN-TJ'] }, 'fail region_not_accepted'],
    ['this agency', { agencies: [keyAgency.controller] }, 'pass'],
    ['another agency', { agencies: ['did:web:agency.example'] }, 'fail agency_not_accepted'],
    ['that day or later', { awardedFrom: day('2026-03-01') }, 'pass'],
    ['a later day', { awardedFrom: day('2026-03-02') }, 'fail awarded_too_early'],
    ['that day or before', { awardedUntil: day('2026-03-01') }, 'pass'],
    ['an earlier day', { awardedUntil: day('2026-02-28') }, 'fail awarded_too_late'],
    ['checks that are made', { required: ['status', 'trust', 'schema'] }, 'pass'],
    ['a check that was skipped', { required: ['status', 'anchor'] }, 'unknown check_not_made'],
    ['a name, without saying which', { match: ['name'] }, 'unknown nobody_expected'],
  ])('%s gives %s', async (_what, policy, outcome) => {
    const report = await judged(scene, { policy })
    expect(outcomesOf(report)).toEqual({ ...allStand, policy: outcome })
  })

  test.each([
    ['王小明', undefined, 'pass', { name: 'exact' }],
    ['王小明 ', undefined, 'pass', { name: 'same' }],
    ['王晓明', undefined, 'fail', undefined],
    [undefined, '110000199001011234', 'unknown', undefined],
  ])('the name %j and the number %j: %s', async (name, idNumber, outcome, facts) => {
    const match = name === undefined ? (['id_number'] as const) : (['name'] as const)
    const { text, evidence, trust } = scene
    const options = { evidence, trust, now, policy: { match }, expected: { name, idNumber } }
    const { checks } = await verify(text, options)
    expect(checks.policy).toMatchObject({ outcome, ...(facts && { facts }) })
    // Who was expected stands nowhere in the report.
    if (name !== undefined && facts === undefined) expect(JSON.stringify(checks)).not.toContain(name)
    if (idNumber !== undefined) expect(JSON.stringify(checks)).not.toContain(idNumber)
  })

  test.each([
    [12 * 86_400, 'pass'],
    [12 * 86_400 - 1, 'unknown status_list_too_old'],
  ])('a status list of at most %i seconds gives %s', async (maxStatusAge, status) => {
    const report = await judged(scene, { policy: { maxStatusAge } })
    expect(outcomesOf(report)).toEqual({ ...allStand, status })
    expect(report.checks.status).toMatchObject({ facts: { lists: [{ asOf: '2026-05-20T00:00:00Z' }, {}] } })
  })

  test('no revocation to be hidden by its age', async () => {
    const items = [
      await statusListOf(keyAgency, 'revocation', { set: [4242] }),
      await statusListOf(keyAgency, 'suspension'),
    ]
    const report = await judged(scene, { items, policy: { maxStatusAge: 0 } })
    expect(outcomesOf(report).status).toBe('fail revoked')
  })

  test('nothing of a text that is no certificate', async () => {
    const report = await judged(scene, { text: '{}', policy: { occupations: ['2-02-38-01'] } })
    expect(outcomesOf(report).policy).toBe('skipped format_failed')
  })

  test('something of a certificate that does not hold cannot make it hold', async () => {
    const text = tampered(scene, (vc) => {
      vc.credentialSubject.licenseNumber = 'X'
    })
    const report = await judged(scene, { text, policy: { agencies: [keyAgency.controller] } })
    expect(report.verdict).toBe('invalid')
  })

  test('anything is named in the report with its digest', async () => {
    const policy = { name: 'hr-2026', regions: ['CN'] }
    const report = await judged(scene, { policy })
    expect(report.policy).toEqual({ name: 'hr-2026', digest: policyDigest(policyOf(policy)) })
  })
})
