import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toBase64url, utf8 } from '../../src/base/bytes.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { type EvidenceItem, type EvidenceKind, evidenceKinds } from '../../src/evidence/evidence.ts'
import { type Freshness, freshnessOf } from '../../src/evidence/freshness.ts'

const at = (text: string): Instant => `2026-${text}T00:00:00Z` as Instant
const noon = (text: string): Instant => `2026-${text}T12:00:00Z` as Instant
const item = (kind: EvidenceKind, document: JsonObject, gotAt?: string): EvidenceItem => ({
  kind,
  url: 'https://x.example/a',
  document,
  ...(gotAt !== undefined && { got: { at: at(gotAt), from: 'https://x.example/a' } }),
})
/** A list of 1 to 11 January. */
const list = (change: JsonObject = {}): JsonObject => ({
  validFrom: '2026-01-01T00:00:00Z',
  validUntil: '2026-01-11T00:00:00Z',
  ...change,
})
const token = (claims: Json): JsonObject => ({
  id: 'https://x.example/a',
  token: `e30.${toBase64url(utf8(JSON.stringify(claims)))}.AA`,
})
const seconds = (moment: Instant) => Date.parse(moment) / 1000

const span = { from: at('01-01'), until: at('01-11') }

describe('a list', () => {
  test.each<[when: Instant, state: Freshness['state'], isDue: boolean]>([
    [at('01-01'), 'fresh', false],
    [at('01-05'), 'fresh', false],
    ['2026-01-05T23:59:59Z' as Instant, 'fresh', false],
    [at('01-06'), 'fresh', true],
    [at('01-11'), 'fresh', true],
    ['2026-01-11T00:00:01Z' as Instant, 'stale', true],
    ['2046-01-01T00:00:00Z' as Instant, 'stale', true],
  ])('that counts for ten days is on %s %s, due: %s', (now, state, isDue) => {
    for (const kind of ['status-list', 'trust-list'] as const) {
      expect(freshnessOf(item(kind, list()), now)).toEqual({ state, ...span, isDue })
    }
    const claims = { iat: seconds(span.from), exp: seconds(span.until) }
    expect(freshnessOf(item('token-status-list', token(claims)), now)).toEqual({ state, ...span, isDue })
  })

  test('that says when the next one comes is due then and not before', () => {
    const next = (moment: string) => item('trust-list', list({ credentialSubject: { nextUpdate: moment } }))
    expect(freshnessOf(next('2026-01-10T00:00:00Z'), at('01-09')).isDue).toBe(false)
    expect(freshnessOf(next('2026-01-10T00:00:00Z'), at('01-10')).isDue).toBe(true)
    expect(freshnessOf(next('2026-01-02T00:00:00Z'), at('01-02')).isDue).toBe(true)
    expect(freshnessOf(next('2026-03-01T00:00:00Z'), at('01-12'))).toMatchObject({
      state: 'stale',
      isDue: true,
    })
  })

  test('of another zone counts by the same moments', () => {
    const document = list({ validFrom: '2026-01-01T08:00:00+08:00', validUntil: '2026-01-11T00:00:00.000Z' })
    expect(freshnessOf(item('status-list', document), at('01-02'))).toMatchObject(span)
  })

  test.each<[what: string, document: JsonObject, found: object]>([
    ['no end', { validFrom: '2026-01-01T00:00:00Z' }, { state: 'fresh', from: at('01-01'), isDue: true }],
    [
      'no beginning',
      { validUntil: '2026-01-11T00:00:00Z' },
      { state: 'fresh', until: at('01-11'), isDue: false },
    ],
    ['nothing', {}, { state: 'timeless', isDue: false }],
    ['a day that is none', { validUntil: '2026-02-30T00:00:00Z' }, { state: 'timeless', isDue: false }],
    ['a number', { validUntil: 1_767_225_600 }, { state: 'timeless', isDue: false }],
    ['a time before 1970', { validUntil: '1969-01-01T00:00:00Z' }, { state: 'timeless', isDue: false }],
    ['a time beyond 9999', { validUntil: '12026-01-01T00:00:00Z' }, { state: 'timeless', isDue: false }],
    ['subjects in a list', { credentialSubject: [] }, { state: 'timeless', isDue: false }],
  ])('that says %s is taken as it is', (_what, document, found) => {
    expect(freshnessOf(item('status-list', document), at('01-05'))).toEqual(found)
  })

  test.each<[what: string, document: JsonObject]>([
    ['no token', {}],
    ['an empty token', { token: '' }],
    ['a token of other letters', { token: 'a.!!.b' }],
    ['a token that is no text', { token: 1 }],
    ['claims that are a list', token([])],
    ['moments in words', token({ iat: '1', exp: '2' })],
    ['moments before 1970', token({ iat: -1, exp: -1 })],
    ['moments beyond 9999', token({ iat: 253_402_300_800, exp: 1e300 })],
  ])('as a token that has %s says nothing', (_what, document) => {
    expect(freshnessOf(item('token-status-list', document), at('01-05'))).toEqual({
      state: 'timeless',
      isDue: false,
    })
  })
})

test.each<EvidenceKind>(['did-document', 'issuer-metadata', 'key-history'])(
  'a %s is looked at again a day after it was got',
  (kind) => {
    const found = (now: Instant, gotAt?: string) => freshnessOf(item(kind, { id: 'x' }, gotAt), now)
    expect(found(noon('01-01'), '01-01')).toEqual({ state: 'fresh', from: at('01-01'), isDue: false })
    expect(found(at('01-02'), '01-01')).toEqual({ state: 'fresh', from: at('01-01'), isDue: true })
    expect(found(at('01-02'))).toEqual({ state: 'timeless', isDue: false })
  },
)

test.each<EvidenceKind>(['context', 'schema', 'type-metadata', 'anchor', 'chain-note', 'chain-state'])(
  'a %s has no time, whatever it says',
  (kind) => {
    expect(freshnessOf(item(kind, list(), '01-01'), at('02-01'))).toEqual({ state: 'timeless', isDue: false })
  },
)

test('whatever a document is, what is stale is due, and nothing throws', () => {
  const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>
  const document = fc.record(
    {
      validFrom: fc.oneof(json, fc.constant<Json>('2026-01-01T00:00:00Z')),
      validUntil: fc.oneof(json, fc.constantFrom<Json>('2026-01-03T00:00:00Z', '2025-01-01T00:00:00Z')),
      credentialSubject: fc.oneof(json, fc.constant<Json>({ nextUpdate: '2027-01-01T00:00:00Z' })),
      token: fc.oneof(
        json,
        fc.string().map((text) => `a.${toBase64url(utf8(text))}.b`),
      ),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.constantFrom(...evidenceKinds), document, (kind, value) => {
      const found = freshnessOf(item(kind, value as JsonObject, '01-01'), at('02-01'))
      return found.state !== 'stale' || (found.isDue && (found.until ?? '') < at('02-01'))
    }),
    { seed: 20260120, numRuns: 500 },
  )
})
