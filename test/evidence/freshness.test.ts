import { describe, expect, test } from 'vitest'
import { toBase64url, utf8 } from '../../src/base/bytes.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { type EvidenceItem, type EvidenceKind, evidenceKinds } from '../../src/evidence/evidence.ts'
import { freshnessOf } from '../../src/evidence/freshness.ts'

const moment = (day: string, time = '00:00:00'): Instant => `2026-06-${day}T${time}Z` as Instant
const item = (kind: EvidenceKind, document: JsonObject, gotAt?: Instant): EvidenceItem => ({
  kind,
  url: 'urn:x:1',
  document,
  ...(gotAt && { got: { at: gotAt, from: 'https://a.example/' } }),
})
const span: JsonObject = { validFrom: moment('01'), validUntil: moment('11') }
const token = (claims: Json): JsonObject => ({
  token: `e30.${toBase64url(utf8(JSON.stringify(claims)))}.AA`,
})
const seconds = (instant: Instant) => Date.parse(instant) / 1000

describe('a document counts by its own word', () => {
  test.each<[what: string, now: Instant, state: string, isDue: boolean]>([
    ['before its start', moment('01'), 'fresh', false],
    ['in the first half of its life', moment('05', '23:59:59'), 'fresh', false],
    ['at half of its life', moment('06'), 'fresh', true],
    ['in its last second', moment('11'), 'fresh', true],
    ['after its last second', moment('11', '00:00:01'), 'stale', true],
  ])('%s', (_what, now, state, isDue) => {
    const expected = { state, from: moment('01'), until: moment('11'), isDue }
    for (const kind of ['status-list', 'trust-list'] as const) {
      expect(freshnessOf(item(kind, span), now)).toEqual(expected)
    }
    const claims = { iat: seconds(moment('01')), exp: seconds(moment('11')) }
    expect(freshnessOf(item('token-status-list', token(claims)), now)).toEqual(expected)
  })

  test('and is due at its next update, before or after half of its life', () => {
    const next = (day: string) =>
      item('trust-list', { ...span, credentialSubject: { nextUpdate: moment(day) } })
    expect(freshnessOf(next('03'), moment('03')).isDue).toBe(true)
    expect(freshnessOf(next('03'), moment('02')).isDue).toBe(false)
    expect(freshnessOf(next('09'), moment('08')).isDue).toBe(false)
  })

  test('whatever the zone and the parts of a second in which it says it', () => {
    const document = { validFrom: '2026-06-01T08:00:00.9+08:00', validUntil: '2026-06-11T08:00:00+08:00' }
    expect(freshnessOf(item('status-list', document), moment('02'))).toMatchObject({
      from: moment('01'),
      until: moment('11'),
    })
  })
})

describe('a document that says no end of its own', () => {
  test.each(['did-document', 'issuer-metadata', 'key-history'] as const)(
    '%s: is due a day after it was got, and never stale',
    (kind) => {
      const got = item(kind, {}, moment('01'))
      const fresh = { state: 'fresh', from: moment('01') }
      expect(freshnessOf(got, moment('01', '23:59:59'))).toEqual({ ...fresh, isDue: false })
      expect(freshnessOf(got, moment('02'))).toEqual({ ...fresh, isDue: true })
      expect(freshnessOf(got, '2046-01-01T00:00:00Z' as Instant)).toEqual({ ...fresh, isDue: true })
    },
  )
})

test.each<[what: string, kind: EvidenceKind, document: JsonObject]>([
  ['a list without times', 'status-list', {}],
  ['times that are none', 'status-list', { validFrom: 'yesterday', validUntil: 7 }],
  ['a day that does not exist', 'status-list', { validUntil: '2026-02-30T00:00:00Z' }],
  ['years beyond four digits', 'status-list', { validUntil: '12026-01-01T00:00:00Z' }],
  ['years before 1970', 'status-list', { validUntil: '0001-01-01T00:00:00Z' }],
  ['a next update that is none', 'trust-list', { credentialSubject: { nextUpdate: [] } }],
  ['a token that is none', 'token-status-list', { token: '<html>' }],
  ['no token', 'token-status-list', {}],
  ['a token of a list', 'token-status-list', token([])],
  ['a token of times that are texts', 'token-status-list', token({ iat: '1', exp: '2' })],
  ['a token of times beyond all years', 'token-status-list', token({ exp: 1e15, iat: -1 })],
])('%s: says nothing of its time', (_what, kind, document) => {
  expect(freshnessOf(item(kind, document), moment('01'))).toEqual({ state: 'timeless', isDue: false })
})

test('what has no time has none, whatever it says', () => {
  const timed = new Set(['status-list', 'token-status-list', 'trust-list'])
  const addressed = new Set(['did-document', 'issuer-metadata', 'key-history'])
  for (const kind of evidenceKinds.filter((one) => !timed.has(one) && !addressed.has(one))) {
    expect(freshnessOf(item(kind, span, moment('01')), moment('20'))).toEqual({
      state: 'timeless',
      isDue: false,
    })
  }
})
