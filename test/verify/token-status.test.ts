import { describe, expect, test } from 'vitest'
import { signJws } from '../../src/securing/jws.ts'
import { verify } from '../../src/verify/verify.ts'
import {
  agencyOf,
  created,
  impostor,
  type TokenListChange,
  textOf,
  tokenList,
  tokenListItem,
  trustIn,
} from './forms-scene.ts'
import {
  allStand,
  certificateOf,
  entryOf,
  now,
  outcomesOf,
  signTrustList,
  trustListOf,
  trustOf,
} from './scene.ts'

const signer = agencyOf('P-256')
const other = agencyOf('P-384')

async function statusWith(...lists: readonly TokenListChange[]): Promise<string> {
  const items = await Promise.all(lists.map((change) => tokenListItem(signer, change)))
  const report = await verify(await textOf('sd-jwt', signer), {
    trust: await trustIn(signer, other),
    evidence: { items },
    now,
  })
  const { status, ...others } = outcomesOf(report)
  const { status: _, ...stand } = allStand
  expect(others).toEqual(stand)
  return status
}

describe('the status of an SD-JWT in a token status list', () => {
  test.each<[what: string, lists: readonly TokenListChange[], status: string]>([
    ['TSL-1: valid', [{}], 'pass'],
    ['invalid', [{ value: 1 }], 'fail revoked'],
    ['suspended', [{ value: 2 }], 'fail suspended'],
    ['of a value that means something else everywhere', [{ value: 3 }], 'unknown status_value_unknown'],
    ['no list', [], 'unknown status_list_not_at_hand'],
    ['TSL-3: a list that has run out', [{ exp: '2026-05-31T23:59:59Z' }], 'unknown status_list_stale'],
    ['a list whose copies may no longer be used', [{ ttl: 3600 }], 'unknown status_list_stale'],
    ['a list of tomorrow', [{ iat: '2026-06-02T00:00:00Z' }], 'unknown status_list_from_future'],
    ['TSL-4: a list that is too short', [{ length: 16 }], 'fail status_index_out_of_range'],
    [
      'a list for another address',
      [{ uri: 'https://agency.example/status/token-2' }],
      'unknown status_list_not_believed',
    ],
    [
      'a list by an impostor in its own name',
      [{ signer: impostor, issuer: impostor.controller }],
      'unknown status_list_not_believed',
    ],
    [
      'a list by an impostor in the agency’s name',
      [{ signer: impostor }],
      'unknown status_list_not_believed',
    ],
    [
      'BSL-11: a list by another agency that nobody named for this one',
      [{ signer: other, issuer: other.controller }],
      'unknown status_list_not_believed',
    ],
    [
      'an old list that shows it revoked beside a new one that does not',
      [{ value: 1, iat: '2026-01-01T00:00:00Z', exp: '2026-01-08T00:00:00Z' }, {}],
      'fail revoked',
    ],
    [
      'an old list that shows it suspended beside a new one that does not',
      [{ value: 2, iat: '2026-05-01T00:00:00Z' }, {}],
      'pass',
    ],
    ['a forged list beside the right one', [{ signer: impostor, value: 1 }, {}], 'pass'],
  ])('%s', async (_what, lists, status) => {
    expect(await statusWith(...lists)).toBe(status)
    expect(await statusWith(...lists.toReversed())).toBe(status)
  })

  test('is believed of a party that the agency’s trust entry names', async () => {
    const list = await trustListOf()
    const agency = { ...(await entryOf(signer)), statusIssuers: [other.controller] }
    const trust = trustOf(await signTrustList({ ...list, agencies: [agency, await entryOf(other)] }))
    const items = [await tokenListItem(signer, { signer: other, issuer: other.controller })]
    const report = await verify(await textOf('sd-jwt', signer), { trust, evidence: { items }, now })
    expect(outcomesOf(report)).toEqual(allStand)
  })

  test('is not known of a list by a key that the trust list calls compromised', async () => {
    const list = await trustListOf()
    const entry = await entryOf(signer)
    const keys = entry.keys.map((key) => ({ ...key, compromisedSince: '2026-05-10T00:00:00Z' as never }))
    const trust = trustOf(await signTrustList({ ...list, agencies: [{ ...entry, keys }] }))
    const items = [await tokenListItem(signer)]
    const report = await verify(await textOf('sd-jwt', signer), { trust, evidence: { items }, now })
    expect(outcomesOf(report).status).toBe('unknown status_list_not_believed')
  })

  test.each<[what: string, document: Record<string, unknown>]>([
    ['that is no token', { id: tokenList, token: 'x' }],
    ['that is an object', { id: tokenList, token: {} }],
    ['without a token', { id: tokenList }],
  ])('a list %s is not believed', async (_what, document) => {
    const items = [{ kind: 'token-status-list', url: tokenList, document: document as never } as const]
    const report = await verify(await textOf('sd-jwt', signer), {
      trust: await trustIn(signer),
      evidence: { items },
      now,
    })
    expect(outcomesOf(report)).toEqual({ ...allStand, status: 'unknown status_list_not_believed' })
  })

  test.each<[what: string, status: unknown, outcome: string]>([
    ['by a mechanism that is not known', { status_assertion: {} }, 'unknown status_type_unknown'],
    ['with an index as text', { status_list: { idx: '7', uri: tokenList } }, 'fail status_malformed'],
    ['with a negative index', { status_list: { idx: -1, uri: tokenList } }, 'fail status_malformed'],
    ['at no address', { status_list: { idx: 7 } }, 'fail status_malformed'],
  ])('an entry %s', async (_what, status, outcome) => {
    const { toClaims } = await import('../../src/credential/claims.ts')
    const { claims } = toClaims(certificateOf(signer), { created })
    const token = await signJws(
      { typ: 'dc+sd-jwt', kid: signer.verificationMethod },
      { ...claims, status: status as never },
      signer,
    )
    const report = await verify(`${token}~`, { trust: await trustIn(signer), now })
    expect(outcomesOf(report).status).toBe(outcome)
    expect(report.verdict).not.toBe('valid')
  })
})
