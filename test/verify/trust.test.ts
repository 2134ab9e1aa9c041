import { describe, expect, test } from 'vitest'
import { digestJson } from '../../src/base/canonical.ts'
import type { Json } from '../../src/base/json.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import type { Trust } from '../../src/trust/trust.ts'
import { type TrustedAgency, type TrustList, trustListCredential } from '../../src/trust/trust-list.ts'
import {
  allStand,
  at,
  authority,
  certificateOf,
  day,
  entryOf,
  judged,
  keyAgency,
  type Loose,
  labels,
  noticeOf,
  otherAuthority,
  outcomesOf,
  sceneOf,
  sign,
  signTrustList,
  stranger,
  trustListOf,
  trustOf,
  withAgency,
} from './scene.ts'

const print = await thumbprint(keyAgency.publicKey)
const strange = await thumbprint(stranger.publicKey)
const { scopes } = await entryOf(keyAgency)
const [scope] = scopes
const entry = (change: Partial<TrustedAgency>) => async () =>
  trustOf(await signTrustList(withAgency(await trustListOf(), keyAgency, change)))
const listed = (change: Partial<TrustList>) => async () =>
  trustOf(await signTrustList({ ...(await trustListOf()), ...change }))
const trustItem = (document: Json): EvidenceItem => ({
  kind: 'trust-list',
  url: 'https://authority.example/list',
  document: document as Loose,
})

describe('who recognises the agency', () => {
  test.each<[what: string, trust: () => Promise<Trust | undefined>, expected: string, detail: string]>([
    ['no trust', async () => undefined, 'unknown no_trust', 'the caller named no trust list'],
    [
      'a root without a list',
      async () => trustOf(),
      'unknown trust_list_not_at_hand',
      'no list is signed by a root that the caller named',
    ],
    [
      'a list without a root',
      async () => ({ roots: [], lists: [await signTrustList(await trustListOf())] }),
      'unknown trust_list_not_at_hand',
      'no list is signed by a root that the caller named',
    ],
    [
      'a list by a stranger',
      async () => trustOf(await signTrustList(await trustListOf(stranger), stranger)),
      'unknown trust_list_not_at_hand',
      'no list is signed by a root that the caller named',
    ],
    [
      'a list by a stranger in the name of the root',
      async () => trustOf(await signTrustList(await trustListOf(), stranger)),
      'unknown trust_list_not_at_hand',
      'no list is signed by a root that the caller named',
    ],
    [
      'a list by the agency itself',
      async () => trustOf(await signTrustList(await trustListOf(keyAgency), keyAgency)),
      'unknown trust_list_not_at_hand',
      'no list is signed by a root that the caller named',
    ],
    [
      'a list that was changed after it was signed',
      async () => {
        const list = structuredClone(await signTrustList(await trustListOf())) as Loose
        list.credentialSubject.entry[0].scope[0].gradeCode.push('senior')
        return trustOf(list)
      },
      'unknown trust_list_not_at_hand',
      'no list is signed by a root that the caller named',
    ],
    [
      'a list that ran out a second ago',
      listed({ validUntil: at('2026-05-31T23:59:59Z') }),
      'unknown trust_list_stale',
      'https://authority.example/list, number 7',
    ],
    [
      'a list that begins a second after what another clock may be ahead',
      listed({ validFrom: at('2026-06-01T00:05:01Z') }),
      'unknown trust_list_not_yet_valid',
      'https://authority.example/list, number 7',
    ],
    [
      'a lower number than was seen',
      async () => ({
        ...(await listed({})()),
        seen: { [`${authority.controller} https://authority.example/list`]: { sequence: 8, digest: '00' } },
      }),
      'unknown trust_list_rolled_back',
      'https://authority.example/list, number 7',
    ],
    [
      'the number that was seen with another content',
      async () => ({
        ...(await listed({})()),
        seen: { [`${authority.controller} https://authority.example/list`]: { sequence: 7, digest: '00' } },
      }),
      'unknown trust_list_equivocation',
      'https://authority.example/list, number 7',
    ],
    [
      'two lists of one number',
      async () => trustOf(...(await listed({})()).lists, ...(await listed({ agencies: [] })()).lists),
      'unknown trust_list_equivocation',
      'https://authority.example/list, number 7',
    ],
    [
      'a list without the agency',
      async () => listed({ agencies: (await trustListOf()).agencies.slice(1) })(),
      'fail agency_not_listed',
      keyAgency.controller,
    ],
    ['an entry without the key', entry({ keys: [{ thumbprint: strange }] }), 'fail key_not_listed', print],
    ['an entry without keys', entry({ keys: [] }), 'fail key_not_listed', print],
    [
      'a key that began after the signature',
      entry({ keys: [{ thumbprint: print, from: at('2026-03-02T01:02:04Z') }] }),
      'fail key_outside_window',
      print,
    ],
    [
      'a key that ended before the signature',
      entry({ keys: [{ thumbprint: print, until: at('2026-03-02T01:02:02Z') }] }),
      'fail key_outside_window',
      print,
    ],
    [
      'a key that was compromised',
      entry({ keys: [{ thumbprint: print, compromisedSince: at('2026-03-02T01:02:03Z') }] }),
      'fail key_compromised',
      print,
    ],
    ['no scope', entry({ scopes: [] }), 'fail awarded_outside_window', '2026-03-01'],
    [
      'another occupation',
      entry({ scopes: [{ ...scope!, occupations: ['2-02-38-02'] }] }),
      'fail occupation_out_of_scope',
      '2-02-38-01',
    ],
    [
      'another grade',
      entry({ scopes: [{ ...scope!, grades: ['senior'] }] }),
      'fail grade_out_of_scope',
      'junior',
    ],
    [
      'another region',
      entry({ scopes: [{ ...scope!, region: 'CN-SH' }] }),
      'fail region_out_of_scope',
      'CN-BJ',
    ],
    [
      'a scope that begins on the next day',
      entry({ scopes: [{ ...scope!, from: day('2026-03-02') }] }),
      'fail awarded_outside_window',
      '2026-03-01',
    ],
    [
      'a scope that ended the day before',
      entry({ scopes: [{ ...scope!, until: day('2026-02-28') }] }),
      'fail awarded_outside_window',
      '2026-03-01',
    ],
    [
      'the grade in one scope and the occupation in another',
      entry({
        scopes: [
          { ...scope!, grades: ['senior'] },
          { ...scope!, occupations: ['2-02-38-02'] },
        ],
      }),
      'fail grade_out_of_scope',
      'junior',
    ],
    [
      'an agency that was removed and left no window',
      entry({ standing: 'removed' }),
      'fail awarded_outside_window',
      '2026-03-01',
    ],
    [
      'an agency that was removed before the award',
      entry({ standing: 'removed', scopes: [{ ...scope!, until: day('2026-02-28') }] }),
      'fail awarded_outside_window',
      '2026-03-01',
    ],
  ])('trap 51: nobody: %s', async (what, trust, expected, detail) => {
    const scene = await sceneOf()
    const report = await judged(scene, { trust: await trust() })
    // Lists signed by a key that the trust list does not bear out are not believed either.
    const isBorneOut = !expected.startsWith('fail key_') || what === 'a key that began after the signature'
    const status = !isBorneOut ? 'unknown status_list_not_believed' : 'pass'
    expect(outcomesOf(report)).toEqual({ ...allStand, status, trust: expected })
    expect(report.verdict).toBe(expected.startsWith('fail') ? 'invalid' : 'undetermined')
    expect(report.checks.trust).toMatchObject({ detail })
  })

  test.each<[what: string, trust: () => Promise<Trust>, facts?: object]>([
    [
      'the list in its last second',
      listed({ validUntil: at('2026-06-01T00:00:00Z') }),
      { until: '2026-06-01T00:00:00Z' },
    ],
    [
      'the list in its first second',
      listed({ validFrom: at('2026-06-01T00:00:00Z') }),
      { asOf: '2026-06-01T00:00:00Z' },
    ],
    [
      'the number that was seen',
      async () => {
        // What is remembered is what the list says, without its proof.
        const digest = digestJson(trustListCredential(await trustListOf()))
        return {
          ...(await listed({})()),
          seen: { [`${authority.controller} https://authority.example/list`]: { sequence: 7, digest } },
        }
      },
    ],
    [
      'the same list signed again on another day',
      async () => {
        const again = await sign(trustListCredential(await trustListOf()), authority, {
          created: at('2026-05-15T00:00:00Z'),
        })
        return trustOf(...(await listed({})()).lists, again)
      },
    ],
    [
      'a higher number than was seen',
      async () => ({
        ...(await listed({})()),
        seen: { [`${authority.controller} https://authority.example/list`]: { sequence: 6, digest: '00' } },
      }),
    ],
    [
      'the same list twice',
      async () => {
        const { lists } = await listed({})()
        return trustOf(...lists, ...lists)
      },
    ],
    [
      'a higher number beside a lower one',
      async () =>
        trustOf(...(await listed({ sequence: 8 })()).lists, ...(await listed({ agencies: [] })()).lists),
      { sequence: 8 },
    ],
    [
      'a key in its first second',
      entry({
        keys: [{ thumbprint: print, from: at('2026-03-02T01:02:03Z') }],
      }),
    ],
    [
      'a key with two windows',
      entry({
        keys: [
          { thumbprint: print, until: at('2025-01-01T00:00:00Z') },
          { thumbprint: print, from: at('2026-01-01T00:00:00Z') },
        ],
      }),
    ],
    [
      'a scope of one day',
      entry({ scopes: [{ ...scope!, from: day('2026-03-01'), until: day('2026-03-01') }] }),
    ],
    [
      'a scope by the former code of the occupation',
      entry({ scopes: [{ ...scope!, occupations: ['2-02-10-09'] }] }),
    ],
    ['a scope of every region', entry({ scopes: [{ ...scope!, region: undefined }] })],
    [
      'an agency that was removed after the award',
      entry({ standing: 'removed', scopes: [{ ...scope!, until: day('2026-04-30') }] }),
      { standing: 'removed' },
    ],
    ['a list for trying things out', listed({ trial: true }), { trial: true }],
    [
      'a root that names its keys',
      async () => ({
        ...(await listed({})()),
        roots: [{ id: authority.controller, keys: [stranger.multikey, authority.multikey] }],
      }),
    ],
  ])('the authority: %s', async (_what, trust, facts = {}) => {
    const scene = await sceneOf()
    const report = await judged(scene, { trust: await trust() })
    expect(outcomesOf(report)).toEqual(allStand)
    expect(report.checks.trust).toEqual({
      outcome: 'pass',
      facts: {
        authority: authority.controller,
        list: 'https://authority.example/list',
        sequence: 7,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        agency: labels,
        standing: 'active',
        signers: [thumbprint(authority.publicKey)],
        asOf: '2026-01-01T00:00:00Z',
        until: '2027-01-01T00:00:00Z',
        ...facts,
      },
    })
  })

  test('a list without an end, and one that is no trial, say nothing of either', async () => {
    const { checks } = await judged(await sceneOf(), { trust: await listed({ validUntil: undefined })() })
    expect(checks.trust.outcome).toBe('pass')
    expect(checks.trust).not.toHaveProperty('facts.until')
    expect(checks.trust).not.toHaveProperty('facts.trial')
  })

  test('a key that a root names replaces the one in its name', async () => {
    const trust = {
      ...(await listed({})()),
      roots: [{ id: authority.controller, keys: [stranger.multikey] }],
    }
    expect(outcomesOf(await judged(await sceneOf(), { trust })).trust).toBe('unknown trust_list_not_at_hand')
  })

  test('the region of a certificate that names none lies in no region', async () => {
    const scene = await sceneOf(keyAgency, {
      certificate: { ...certificateOf(keyAgency), region: undefined },
    })
    expect((await judged(scene)).checks.trust).toEqual({
      outcome: 'fail',
      reason: 'region_out_of_scope',
      detail: 'none',
    })
  })

  test('a notice awards nothing that a scope could hold', async () => {
    const scene = await sceneOf(keyAgency, { certificate: noticeOf(keyAgency) })
    const trust = await entry({ scopes: [{ ...scope!, grades: ['senior'] }] })()
    const report = await judged(scene, { trust, policy: { types: ['AssessmentResultNotice'] } })
    expect(report.verdict).toBe('valid')
  })

  test('trap 32: a signature that says nothing of its time lies in no window of a key', async () => {
    const scene = await sceneOf()
    const { proof: _, ...vc } = JSON.parse(scene.text)
    const text = JSON.stringify(await sign(vc, keyAgency, { created: undefined as never }))
    const trust = await entry({ keys: [{ thumbprint: print, from: at('2020-01-01T00:00:00Z') }] })()
    expect(outcomesOf(await judged(scene, { text, trust })).trust).toBe('fail key_outside_window')
    const open = await entry({ keys: [{ thumbprint: print }] })()
    expect(outcomesOf(await judged(scene, { text, trust: open })).trust).toBe('pass')
  })

  test('of several proofs the last made decides on the window of the key', async () => {
    const scene = await sceneOf()
    const twice = await sign(JSON.parse(scene.text), keyAgency, {
      id: 'urn:uuid:2',
      created: at('2026-05-01T00:00:00Z'),
    })
    const trust = await entry({ keys: [{ thumbprint: print, until: at('2026-04-01T00:00:00Z') }] })()
    expect(outcomesOf(await judged(scene, { trust })).trust).toBe('pass')
    expect(outcomesOf(await judged(scene, { trust, text: JSON.stringify(twice) })).trust).toBe(
      'fail key_outside_window',
    )
  })
})

describe('lists from several sides', () => {
  const both = { roots: [{ id: authority.controller }, { id: otherAuthority.controller }] }
  const otherList = async (change: Partial<TrustList> = {}) =>
    signTrustList(
      { ...(await trustListOf(otherAuthority)), id: 'https://other.example/list', ...change },
      otherAuthority,
    )

  test('a list that evidence brings counts by the roots that are named', async () => {
    const scene = await sceneOf()
    const item = trustItem(await signTrustList(await trustListOf()))
    expect(
      outcomesOf(await judged(scene, { trust: trustOf(), items: [...scene.evidence.items, item] })),
    ).toEqual(allStand)
  })

  test('evidence brings no root', async () => {
    const scene = await sceneOf()
    const item = trustItem(await otherList())
    const items = [...scene.evidence.items, item]
    expect(outcomesOf(await judged(scene, { trust: trustOf(), items })).trust).toBe(
      'unknown trust_list_not_at_hand',
    )
    expect(outcomesOf(await judged(scene, { trust: undefined, items })).trust).toBe('unknown no_trust')
  })

  test('a higher number in evidence replaces the list that the caller has', async () => {
    const scene = await sceneOf()
    const item = trustItem(await signTrustList({ ...(await trustListOf()), sequence: 8, agencies: [] }))
    expect(outcomesOf(await judged(scene, { items: [...scene.evidence.items, item] }))).toEqual({
      ...allStand,
      trust: 'fail agency_not_listed',
    })
  })

  test('one of two lists that recognises is enough, whichever comes first', async () => {
    const scene = await sceneOf()
    const empty = await signTrustList({ ...(await trustListOf()), agencies: [] })
    const lists = [empty, await otherList()]
    const reports = await Promise.all(
      [lists, lists.toReversed()].map((order) => judged(scene, { trust: { ...both, lists: order } })),
    )
    expect(reports[1]).toEqual(reports[0])
    expect(outcomesOf(reports[0]!)).toEqual(allStand)
    expect(reports[0]!.checks.trust).toMatchObject({ facts: { authority: otherAuthority.controller } })
  })

  test('of two lists that recognise the same one is named, whichever comes first', async () => {
    const scene = await sceneOf()
    const lists = [await signTrustList(await trustListOf()), await otherList()]
    const reports = await Promise.all(
      [lists, lists.toReversed()].map((order) => judged(scene, { trust: { ...both, lists: order } })),
    )
    expect(reports[1]).toEqual(reports[0])
    expect(reports[0]!.checks.trust).toMatchObject({ facts: { list: 'https://authority.example/list' } })
  })

  test('of two refusals the one that knows the agency is told, whichever comes first', async () => {
    const scene = await sceneOf()
    const empty = await signTrustList({ ...(await trustListOf()), agencies: [] })
    const narrow = await otherList({
      agencies: [{ ...(await entryOf(keyAgency)), scopes: [{ ...scope!, grades: ['senior'] }] }],
    })
    for (const lists of [
      [empty, narrow],
      [narrow, empty],
    ]) {
      expect(outcomesOf(await judged(scene, { trust: { ...both, lists } }))).toEqual({
        ...allStand,
        trust: 'fail grade_out_of_scope',
      })
    }
  })

  test('of two lists that do not count the same one is named, whichever comes first', async () => {
    const scene = await sceneOf()
    const lists = [
      await otherList({ validFrom: at('2026-07-01T00:00:00Z') }),
      await signTrustList({ ...(await trustListOf()), validUntil: at('2026-05-01T00:00:00Z') }),
    ]
    for (const order of [lists, lists.toReversed()]) {
      expect((await judged(scene, { trust: { ...both, lists: order } })).checks.trust).toEqual({
        outcome: 'unknown',
        reason: 'trust_list_stale',
        detail: 'https://authority.example/list, number 7',
      })
    }
  })
})
