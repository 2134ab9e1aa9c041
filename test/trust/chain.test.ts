import { describe, expect, test } from 'vitest'
import type { CalendarDate, Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import type { GeneratedSigner } from '../../src/key/signer.ts'
import type { AgencyScope, DelegatedAuthority, TrustedAgency, TrustList } from '../../src/trust/trust-list.ts'
import { verify } from '../../src/verify/verify.ts'
import {
  allStand,
  at,
  authority,
  entryOf,
  keyAgency,
  now,
  otherAuthority,
  outcomesOf,
  sceneOf,
  signTrustList,
  statusIndex,
  statusListOf,
  stranger,
  trustListOf,
} from '../verify/scene.ts'
import { signerNamed } from './lists.ts'

const province = signerNamed('province')
const city = signerNamed('city')

const wide: AgencyScope = {
  occupations: ['2-02-38-01', '2-02-38-02'],
  grades: ['junior', 'intermediate', 'senior'],
}

const listId = (of: GeneratedSigner) => `https://lists.example/${of.controller.slice(-12)}`

/** Lets somebody list agencies. */
const delegateOf = (
  signer: GeneratedSigner,
  change: Partial<DelegatedAuthority> = {},
): DelegatedAuthority => ({
  id: signer.controller,
  labels: { 'zh-Hans': '示例授权单位' },
  standing: 'active',
  keys: [{ thumbprint: thumbprint(signer.publicKey), multikey: signer.multikey }],
  scopes: [wide],
  publishes: listId(signer),
  ...change,
})

const listOf = async (signer: GeneratedSigner, change: Partial<TrustList> = {}): Promise<TrustList> => ({
  ...(await trustListOf(signer)),
  id: listId(signer),
  agencies: [],
  ...change,
})

const signed = async (signer: GeneratedSigner, change: Partial<TrustList> = {}): Promise<JsonObject> =>
  signTrustList(await listOf(signer, change), signer)

/** The authority lets the province, the province lets the city, the city lists the agency; each may be changed. */
async function chain(
  change: {
    province?: Partial<DelegatedAuthority>
    city?: Partial<DelegatedAuthority>
    agency?: Partial<TrustedAgency>
    lists?: (lists: readonly JsonObject[]) => readonly JsonObject[]
    cityList?: Partial<TrustList>
  } = {},
) {
  const agency = { ...(await entryOf(keyAgency)), ...change.agency }
  const lists = [
    await signed(authority, { delegates: [delegateOf(province, change.province)] }),
    await signed(province, { delegates: [delegateOf(city, change.city)] }),
    await signed(city, { agencies: [agency], ...change.cityList }),
  ]
  return { roots: [{ id: authority.controller }], lists: change.lists?.(lists) ?? lists }
}

const scene = await sceneOf(keyAgency)
const judgedBy = async (trust: Awaited<ReturnType<typeof chain>>, policy = {}) =>
  verify(scene.text, { evidence: scene.evidence, trust, now, policy })

const trustOf = async (...args: Parameters<typeof chain>) => {
  const report = await judgedBy(await chain(...args))
  const { trust } = outcomesOf(report)
  return trust
}

describe('an agency that a delegated authority lists', () => {
  test('is recognised, and the report names every step', async () => {
    const report = await judgedBy(await chain())
    expect(outcomesOf(report)).toEqual(allStand)
    expect(report.checks.trust).toMatchObject({
      outcome: 'pass',
      facts: {
        authority: authority.controller,
        list: listId(city),
        through: [
          { authority: authority.controller, list: listId(authority), delegate: province.controller },
          { authority: province.controller, list: listId(province), delegate: city.controller },
        ],
      },
    })
  })

  test('is recognised whatever the order in which the lists come, and wherever they are from', async () => {
    const { roots, lists } = await chain()
    const report = await judgedBy({ roots, lists })
    expect(await judgedBy({ roots, lists: lists.toReversed() })).toEqual(report)
    const items = lists.map((document) => ({ kind: 'trust-list', url: 'urn:x:list', document }) as const)
    const evidence = { items: [...items, ...scene.evidence.items] }
    expect(await verify(scene.text, { evidence, trust: { roots, lists: [] }, now })).toEqual(report)
  })

  test('is nobody’s where the lists are at hand and no root is named, or another', async () => {
    const { lists } = await chain()
    const items = lists.map((document) => ({ kind: 'trust-list', url: 'urn:x:list', document }) as const)
    const evidence = { items: [...items, ...scene.evidence.items] }
    expect(outcomesOf(await verify(scene.text, { evidence, now })).trust).toBe('unknown no_trust')
    const trust = { roots: [{ id: otherAuthority.controller }], lists: [] }
    expect(outcomesOf(await verify(scene.text, { evidence, trust, now })).trust).toBe(
      'unknown trust_list_not_at_hand',
    )
  })

  const narrow = (change: Partial<AgencyScope>) => ({ scopes: [{ ...wide, ...change }] })
  const day = (text: string) => text as CalendarDate
  test.each<[what: string, change: Parameters<typeof chain>[0], outcome: string]>([
    ['another occupation', { province: narrow({ occupations: ['2-02-38-02'] }) }, 'fail delegation_exceeded'],
    [
      'another occupation, one step later',
      { city: narrow({ occupations: ['2-02-38-02'] }) },
      'fail delegation_exceeded',
    ],
    ['other grades', { city: narrow({ grades: ['senior'] }) }, 'fail delegation_exceeded'],
    ['another region', { province: narrow({ region: 'CN-TJ' }) }, 'fail delegation_exceeded'],
    ['the wider region', { province: narrow({ region: 'CN' }) }, 'pass'],
    [
      'a window that begins the day after',
      { province: narrow({ from: day('2026-03-02') }) },
      'fail delegation_exceeded',
    ],
    [
      'a window that ends the day before',
      { city: narrow({ until: day('2026-02-28') }) },
      'fail delegation_exceeded',
    ],
    [
      'a window of that one day',
      { city: narrow({ from: day('2026-03-01'), until: day('2026-03-01') }) },
      'pass',
    ],
    ['no scope', { city: { scopes: [] } }, 'fail delegation_exceeded'],
    ['a removal without an end', { province: { standing: 'removed' } }, 'fail delegation_exceeded'],
    [
      'a removal after the award',
      { province: { standing: 'removed', ...narrow({ until: day('2026-04-30') }) } },
      'pass',
    ],
  ])('gets no more than its authorities have: with %s', async (_what, change, outcome) => {
    expect(await trustOf(change)).toBe(outcome)
  })

  test.each<[what: string, change: Parameters<typeof chain>[0], outcome: string]>([
    [
      'without the list of the one in the middle',
      { lists: ([a, , c]) => [a!, c!] },
      'unknown delegated_list_not_at_hand',
    ],
    ['without the last list', { lists: ([a, b]) => [a!, b!] }, 'unknown delegated_list_not_at_hand'],
    [
      'with a last list that has run out',
      { cityList: { validUntil: at('2026-05-01T00:00:00Z') } },
      'unknown trust_list_stale',
    ],
    [
      'with a last list that is another than it may publish',
      { cityList: { id: 'https://lists.example/x' } },
      'unknown delegated_list_not_at_hand',
    ],
    [
      'with a delegate whose key is a stranger’s',
      {
        city: { keys: [{ thumbprint: thumbprint(stranger.publicKey), multikey: stranger.multikey }] },
      },
      'unknown delegated_list_not_at_hand',
    ],
    [
      'with a delegate whose key began after it signed',
      {
        city: {
          keys: [
            {
              thumbprint: thumbprint(city.publicKey),
              multikey: city.multikey,
              from: at('2026-05-01T00:00:01Z'),
            },
          ],
        },
      },
      'unknown delegated_list_not_at_hand',
    ],
    [
      'with a delegate whose key was stolen, even after it signed',
      {
        province: {
          keys: [
            {
              thumbprint: thumbprint(province.publicKey),
              multikey: province.multikey,
              compromisedSince: at('2026-05-20T00:00:00Z'),
            },
          ],
        },
      },
      'unknown delegated_list_not_at_hand',
    ],
    ['that is not in the last list', { cityList: { agencies: [] } }, 'fail agency_not_listed'],
  ])('is not recognised %s', async (_what, change, outcome) => {
    expect(await trustOf(change)).toBe(outcome)
  })

  test('is not recognised by a list that its delegate did not sign', async () => {
    const forged = {
      ...(await signed(stranger, { agencies: [await entryOf(keyAgency)], id: listId(city) })),
      issuer: city.controller,
    }
    expect(await trustOf({ lists: ([a, b]) => [a!, b!, forged] })).toBe('unknown delegated_list_not_at_hand')
  })

  test('is not recognised by a delegate that names a thumbprint and another key', async () => {
    const mixed = delegateOf(city, {
      keys: [{ thumbprint: thumbprint(city.publicKey), multikey: stranger.multikey }],
    })
    const lists = async ([a, , c]: readonly JsonObject[]) => [
      a!,
      await signed(province, { delegates: [mixed] }),
      c!,
    ]
    const { roots, lists: made } = await chain()
    const trust = { roots, lists: await lists(made) }
    expect(outcomesOf(await judgedBy(trust)).trust).toBe('unknown delegated_list_not_at_hand')
  })

  test('is not recognised by authorities that name each other in a circle', async () => {
    const lists = [
      await signed(authority, { delegates: [delegateOf(province)] }),
      await signed(province, { delegates: [delegateOf(authority), delegateOf(city)] }),
      await signed(city, { delegates: [delegateOf(province)] }),
    ]
    const report = await judgedBy({ roots: [{ id: authority.controller }], lists })
    expect(outcomesOf(report).trust).toBe('unknown delegation_cyclic')
  })

  test('is recognised through five steps and not through six', async () => {
    const signers = Array.from({ length: 6 }, (_, i) => signerNamed(`step ${i}`))
    const through = async (steps: number) => {
      const path = [authority, ...signers.slice(0, steps)]
      const lists = await Promise.all(
        path.map(async (signer, i) => {
          const next = path[i + 1]
          return signed(
            signer,
            next ? { delegates: [delegateOf(next)] } : { agencies: [await entryOf(keyAgency)] },
          )
        }),
      )
      return outcomesOf(await judgedBy({ roots: [{ id: authority.controller }], lists })).trust
    }
    expect(await through(4)).toBe('pass')
    expect(await through(5)).toBe('unknown delegation_too_long')
  })

  test('is looked for among a thousand delegations and no more', async () => {
    const many = Array.from({ length: 1200 }, (_, i) => delegateOf(province, { publishes: `urn:x:${i}` }))
    const lists = [await signed(authority, { delegates: many })]
    const report = await judgedBy({ roots: [{ id: authority.controller }], lists })
    expect(outcomesOf(report).trust).toMatch(/^unknown delegat/)
  })
})

describe('a list', () => {
  const agencies = async (...rows: readonly Partial<TrustedAgency>[]) => {
    const own = await entryOf(keyAgency)
    return rows.map((row) => ({ ...own, ...row }))
  }

  test('that its only agency signed itself recognises nobody', async () => {
    const self = await signTrustList(
      { ...(await trustListOf(keyAgency)), agencies: [await entryOf(keyAgency)] },
      keyAgency,
    )
    const report = await judgedBy({ roots: [{ id: keyAgency.controller }], lists: [self] })
    expect(outcomesOf(report).trust).toBe('unknown agency_lists_itself')
  })

  test('that gives one key to two agencies says nothing about a did:web agency', async () => {
    const { webAgency } = await import('../verify/scene.ts')
    const web = await sceneOf(webAgency)
    const row = await entryOf(webAgency)
    const list = {
      ...(await trustListOf()),
      agencies: [row, { ...row, id: 'did:web:twin.example' as const }],
    }
    const trust = { roots: [{ id: authority.controller }], lists: [await signTrustList(list)] }
    const report = await verify(web.text, { evidence: web.evidence, trust, now })
    expect(outcomesOf(report).trust).toBe('unknown key_claimed_twice')
  })

  test('that gives a did:key’s key to another as well does not take it from its owner', async () => {
    const list = { ...(await trustListOf()), agencies: await agencies({}, { id: 'did:web:twin.example' }) }
    const report = await judgedBy({
      roots: [{ id: authority.controller }],
      lists: [await signTrustList(list)],
    })
    expect(outcomesOf(report).trust).toBe('pass')
  })

  test('that continues another number than the one at hand shows that there are two', async () => {
    const first = await trustListOf()
    const next = { ...first, sequence: 8, previous: 'ab'.repeat(32) }
    const lists = [await signTrustList(first), await signTrustList(next)]
    const report = await judgedBy({ roots: [{ id: authority.controller }], lists })
    expect(outcomesOf(report).trust).toBe('unknown trust_list_equivocation')
  })

  test('of tomorrow does not take the place of today’s', async () => {
    const first = await trustListOf()
    const tomorrow = { ...first, sequence: 8, agencies: [], validFrom: at('2026-06-02T00:00:00Z') }
    const trust = {
      roots: [{ id: authority.controller }],
      lists: [await signTrustList(first), await signTrustList(tomorrow)],
    }
    expect(outcomesOf(await judgedBy(trust)).trust).toBe('pass')
    const later = await verify(scene.text, {
      evidence: scene.evidence,
      trust,
      now: at('2026-06-03T00:00:00Z'),
    })
    expect(outcomesOf(later).trust).toBe('fail agency_not_listed')
  })

  test('by which a key is stolen counts, whatever another list says of it', async () => {
    const row = await entryOf(keyAgency)
    const stolen = (since: string) => ({
      keys: row.keys.map((key) => ({ ...key, compromisedSince: since as Instant })),
    })
    const kind = await signTrustList(await trustListOf())
    const roots = [{ id: authority.controller }, { id: otherAuthority.controller }]
    for (const [since, outcome] of [
      ['2026-03-02T01:02:03Z', 'fail key_compromised'],
      ['2026-05-21T00:00:00Z', 'unknown key_maybe_compromised'],
    ] as const) {
      const other = { ...(await trustListOf(otherAuthority)), agencies: await agencies(stolen(since)) }
      const lists = [kind, await signTrustList(other, otherAuthority)]
      for (const order of [lists, lists.toReversed()]) {
        expect(outcomesOf(await judgedBy({ roots, lists: order })).trust).toBe(outcome)
      }
    }
  })

  test.each([
    [31 * 86_400, 'unknown trust_list_too_old'],
    [151 * 86_400, 'pass'],
  ])('is too old for a policy of %i seconds or not: %s', async (maxTrustAge, outcome) => {
    const trust = { roots: [{ id: authority.controller }], lists: [await signTrustList(await trustListOf())] }
    expect(outcomesOf(await judgedBy(trust, { maxTrustAge })).trust).toBe(outcome)
  })

  test('past its next update is told, and counts', async () => {
    const list = { ...(await trustListOf()), nextUpdate: at('2026-05-01T00:00:00Z') }
    const report = await judgedBy({
      roots: [{ id: authority.controller }],
      lists: [await signTrustList(list)],
    })
    expect(report.checks.trust).toMatchObject({ outcome: 'pass', facts: { overdue: true } })
  })
})

describe('an authority of another region', () => {
  test('cannot name who clears a certificate that it may not recognise', async () => {
    const items = await Promise.all([
      statusListOf(keyAgency, 'revocation'),
      statusListOf(keyAgency, 'suspension', { set: [statusIndex] }),
      statusListOf(stranger, 'suspension', { validFrom: at('2026-05-31T00:00:00Z') }),
    ])
    const row = await entryOf(keyAgency)
    const naming = (region: string) => ({
      ...row,
      statusIssuers: [stranger.controller],
      scopes: row.scopes.map((scope) => ({ ...scope, region })),
    })
    const judgedWith = async (region: string) => {
      const own = await signTrustList(await trustListOf())
      const lists = [
        own,
        await signed(otherAuthority, {
          delegates: [delegateOf(province, { scopes: [{ ...wide, region }] })],
        }),
        await signed(province, { agencies: [naming(region)] }),
      ]
      const roots = [{ id: authority.controller }, { id: otherAuthority.controller }]
      return outcomesOf(await verify(scene.text, { evidence: { items }, trust: { roots, lists }, now }))
        .status
    }
    expect(await judgedWith('CN-TJ')).toBe('fail suspended')
    expect(await judgedWith('CN-BJ')).toBe('pass')
  })

  test('cannot call a key stolen that signs elsewhere', async () => {
    const row = await entryOf(keyAgency)
    const accusing = async (region: string) => {
      const stolen = {
        ...row,
        keys: row.keys.map((key) => ({ ...key, compromisedSince: at('2026-01-01T00:00:00Z') })),
        scopes: row.scopes.map((scope) => ({ ...scope, region })),
      }
      const lists = [
        await signTrustList(await trustListOf()),
        await signed(otherAuthority, {
          delegates: [delegateOf(province, { scopes: [{ ...wide, region }] })],
        }),
        await signed(province, { agencies: [stolen] }),
      ]
      const roots = [{ id: authority.controller }, { id: otherAuthority.controller }]
      return outcomesOf(await judgedBy({ roots, lists } as Awaited<ReturnType<typeof chain>>)).trust
    }
    expect(await accusing('CN-TJ')).toBe('pass')
    expect(await accusing('CN-BJ')).toBe('fail key_compromised')
  })
})

describe('an agency that was removed', () => {
  const closed = async () => {
    const row = await entryOf(keyAgency)
    const scopes = row.scopes.map((scope) => ({ ...scope, until: '2026-04-30' as CalendarDate }))
    const list = { ...(await trustListOf()), agencies: [{ ...row, standing: 'removed' as const, scopes }] }
    return { roots: [{ id: authority.controller }], lists: [await signTrustList(list)] }
  }

  test('keeps what it awarded inside its window', async () => {
    const report = await judgedBy(await closed())
    expect(report.verdict).toBe('valid')
    expect(report.checks.trust).toMatchObject({ facts: { standing: 'removed' } })
  })

  test('could have written the date itself: a policy may ask for an anchor', async () => {
    const report = await judgedBy(await closed(), { anchorIfRemoved: true })
    expect(outcomesOf(report)).toEqual({ ...allStand, trust: 'unknown removed_without_anchor' })
    expect(report.verdict).toBe('undetermined')
  })
})
