import { beforeAll, describe, expect, test } from 'vitest'
import { toBase64url } from '../../src/base/bytes.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import type { Trust } from '../../src/trust/trust.ts'
import { verify, verifyCredential } from '../../src/verify/verify.ts'
import {
  context2,
  formOf,
  p256Agency,
  p384Agency,
  retold,
  retoldBy,
  statuses,
  tokenItem,
  tokenList,
  tokenListOf,
  trustInAll,
} from './forms.ts'
import { allStand, at, keyAgency, type Loose, now, outcomesOf, sign, statusIndex, stranger } from './scene.ts'

let trust: Trust
let text: string
let good: EvidenceItem
beforeAll(async () => {
  trust = await trustInAll()
  text = (await formOf('dc+sd-jwt')).text
  good = await tokenListOf()
})

const judge = async (items: readonly EvidenceItem[], when = now) =>
  outcomesOf(await verify(text, { trust, evidence: { items }, now: when }))
const statusOf = async (...items: readonly EvidenceItem[]) => (await judge(items)).status

const listOf = (change: Parameters<typeof tokenListOf>[1] = {}) => tokenListOf(p256Agency, change)
const saying = (value: number, change: Parameters<typeof tokenListOf>[1] = {}) =>
  listOf({ values: statuses({ [statusIndex]: value }), ...change })
const tokenIn = (item: EvidenceItem): string => item.document.token as string

describe('the status of a certificate in a token status list', () => {
  test.each<[value: number, bits: 1 | 2 | 4 | 8, expected: string]>([
    [0, 1, 'pass'],
    [1, 1, 'fail revoked'],
    [0, 2, 'pass'],
    [1, 2, 'fail revoked'],
    [2, 2, 'fail suspended'],
    [3, 2, 'unknown status_value_unknown'],
    [15, 4, 'unknown status_value_unknown'],
    [0, 8, 'pass'],
    [255, 8, 'unknown status_value_unknown'],
  ])('SDVC-8: %i of %i bits is: %s', async (value, bits, expected) => {
    expect(await judge([await saying(value, { bits })])).toEqual({ ...allStand, status: expected })
  })

  test('TSL-1: what has run out stays so, whatever its list says', async () => {
    const later = at('2026-06-01T00:00:00Z')
    const early = at('2026-02-01T00:00:00Z')
    expect((await judge([good], later)).status).toBe('pass')
    expect((await judge([good], early)).validity).toBe('fail not_yet_valid')
    const expired = await retoldBy(p256Agency, text, (_, payload) =>
      Object.assign(payload, { exp: 1780000000 }),
    )
    const report = await verify(expired, { trust, evidence: { items: [good] }, now })
    expect(outcomesOf(report)).toEqual({ ...allStand, validity: 'fail expired' })
  })

  test.each<[what: string, list: () => Promise<EvidenceItem>, expected: string]>([
    ['a stranger signed', () => tokenListOf(stranger), 'status_list_not_believed'],
    ['another agency signed', () => tokenListOf(p384Agency), 'status_list_not_believed'],
    [
      'a stranger signed under the name of the agency',
      () => tokenListOf(stranger, { issuer: p256Agency.controller }),
      'status_list_not_believed',
    ],
    [
      'the agency signed under the name of another',
      () => listOf({ issuer: p384Agency.controller }),
      'status_list_not_believed',
    ],
    [
      'is another one under this name',
      async () => tokenItem(tokenIn(await listOf({ uri: 'https://agency.example/token-status/2' }))),
      'status_list_not_believed',
    ],
    [
      'says another sub than was signed',
      async () =>
        tokenItem(
          retold(tokenIn(await listOf({ uri: 'https://agency.example/token-status/2' })), (_, payload) =>
            Object.assign(payload, { sub: tokenList }),
          ),
        ),
      'status_list_not_believed',
    ],
    [
      'is a token of another type',
      async () =>
        tokenItem(
          await retoldBy(p256Agency, tokenIn(good), (header) => Object.assign(header, { typ: 'JWT' })),
        ),
      'status_list_not_believed',
    ],
    ['is no token', async () => tokenItem('x'), 'status_list_not_believed'],
    [
      'is no text',
      async () => ({ ...good, document: { id: tokenList, token: 1 } }),
      'status_list_not_believed',
    ],
    [
      'is the certificate itself',
      async () => tokenItem(text.split('~')[0] as string),
      'status_list_not_believed',
    ],
    ['ran out', () => listOf({ exp: at('2026-05-31T00:00:00Z') }), 'status_list_stale'],
    ['is over at this very second', () => listOf({ exp: now }), 'status_list_stale'],
    ['lived for a day', () => listOf({ ttl: 86_400 }), 'status_list_stale'],
    [
      'does not say until when',
      async () => tokenItem(await retoldBy(p256Agency, tokenIn(good), (_, payload) => delete payload.exp)),
      'status_list_stale',
    ],
    ['is of tomorrow', () => listOf({ iat: at('2026-06-02T00:00:00Z') }), 'status_list_from_future'],
    [
      'cannot be expanded',
      async () =>
        tokenItem(
          await retoldBy(p256Agency, tokenIn(good), (_, payload) => {
            payload.status_list.lst = toBase64url(new Uint8Array(20))
          }),
        ),
      'status_list_unreadable',
    ],
  ])('is not known from one that %s', async (_what, list, expected) => {
    expect(await judge([await list()])).toEqual({ ...allStand, status: `unknown ${expected}` })
  })

  test('TSL-4: beyond the end of its list is no status', async () => {
    const short = await listOf({ values: new Uint8Array(statusIndex - (statusIndex % 4)) })
    expect(await statusOf(short)).toBe('fail status_index_out_of_range')
  })

  test('BSL-12: a list under another name is not asked', async () => {
    expect(await statusOf(tokenItem(tokenIn(good), 'https://agency.example/other'))).toBe(
      'unknown status_list_not_at_hand',
    )
  })

  test('a revocation is for good, in whatever order the lists come', async () => {
    const old = await saying(1, { iat: at('2026-04-01T00:00:00Z'), exp: at('2026-04-02T00:00:00Z') })
    expect(await statusOf(old, good)).toBe('fail revoked')
    expect(await statusOf(good, old)).toBe('fail revoked')
    expect(await statusOf(old)).toBe('fail revoked')
  })

  test('a suspension lasts until a newer list lifts it', async () => {
    const old = await saying(2, { iat: at('2026-04-01T00:00:00Z') })
    const newer = await saying(2, { iat: at('2026-05-21T00:00:00Z') })
    expect(await statusOf(old, good)).toBe('pass')
    expect(await statusOf(good, newer)).toBe('fail suspended')
  })

  test('a list that a stranger adds changes nothing', async () => {
    const cleared = await tokenListOf(stranger, { iat: at('2026-05-31T00:00:00Z') })
    expect(await statusOf(await saying(1), cleared)).toBe('fail revoked')
    expect(
      await statusOf(good, await tokenListOf(stranger, { values: statuses({ [statusIndex]: 1 }) })),
    ).toBe('pass')
  })

  test.each<[what: string, alter: (payload: Loose) => void, format: string, status: string]>([
    [
      'a negative index',
      ({ status }) => Object.assign(status.status_list, { idx: -1 }),
      'fail claims_malformed',
      'fail status_malformed',
    ],
    [
      'an index that is a text',
      ({ status }) => Object.assign(status.status_list, { idx: '1' }),
      'fail claims_malformed',
      'fail status_malformed',
    ],
    [
      'no index',
      ({ status }) => delete status.status_list.idx,
      'fail claims_malformed',
      'fail status_malformed',
    ],
    [
      'a place that is no URL',
      ({ status }) => Object.assign(status.status_list, { uri: 'x' }),
      'fail claims_malformed',
      'fail status_malformed',
    ],
    [
      'another mechanism',
      (payload) => Object.assign(payload, { status: { other: {} } }),
      'fail claims_malformed',
      'unknown status_type_unknown',
    ],
    [
      'no mechanism',
      (payload) => Object.assign(payload, { status: {} }),
      'fail claims_malformed',
      'skipped no_status',
    ],
  ])('an agency that states %s is answered', async (_what, alter, format, status) => {
    const odd = await retoldBy(p256Agency, text, (_, payload) => alter(payload))
    const report = outcomesOf(await verify(odd, { trust, evidence: { items: [good] }, now }))
    expect([report.format, report.status]).toEqual([format, status])
  })
})

describe('what a credential of any type asks for and nobody here knows', () => {
  const judged = async (change: Loose) => {
    const credential = {
      '@context': [context2],
      type: ['VerifiableCredential'],
      issuer: keyAgency.controller,
      credentialSubject: { id: stranger.controller },
      ...change,
    }
    return verifyCredential(JSON.stringify(await sign(credential, keyAgency)), { now })
  }

  test('JC-12: a status of another type is not known, so nothing is valid by it', async () => {
    const report = await judged({ credentialStatus: { type: 'JsonSchema' } })
    expect(report.verdict).toBe('undetermined')
    expect(outcomesOf(report).status).toBe('unknown status_type_unknown')
  })

  test('JC-12: a schema of another type is named as unchecked, or not checked at all', async () => {
    const report = await judged({
      credentialSchema: { id: 'https://a.example/schema', type: 'BitstringStatusListEntry' },
    })
    expect(outcomesOf(report).schema).toBe('skipped no_schema_at_hand')
  })
})
