import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { openBadgeJwt } from '../../src/securing/badge-jwt.ts'
import { openEnvelope } from '../../src/securing/envelope.ts'
import { openVcJwt } from '../../src/securing/vc-jwt.ts'
import { openTokenStatusList } from '../../src/status/token-status-list.ts'
import { document } from './shared-document.ts'
import { signers, tokenOf } from './tokens.ts'

const openings: readonly [form: string, open: (compact: string) => { readonly ok: boolean }][] = [
  ['vc+jwt', (compact) => openVcJwt(compact, { kind: 'vc' })],
  ['vp+jwt', (compact) => openVcJwt(compact, { kind: 'vp', allowMissingTyp: true })],
  ['JWT of a badge', openBadgeJwt],
  ['statuslist+jwt', openTokenStatusList],
]

/** Values of every kind where another is expected. */
const values: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    1e15,
    '',
    '#',
    'did:web:a.example',
    'did:web:a.example#k',
    [],
    [null],
    {},
  ),
  fc.constantFrom<Json>(
    { id: 5 },
    { id: null },
    [[]],
    { bits: 1, lst: '' },
    'vc+jwt',
    'vp+jwt',
    'statuslist+jwt',
    'JWT',
  ),
  fc.string({ maxLength: 8 }),
)
const members = (names: readonly string[]): fc.Arbitrary<JsonObject> =>
  fc.dictionary(fc.constantFrom(...names), values, { maxKeys: names.length })

const headers = members(['typ', 'cty', 'kid', 'x5c', 'jwk', 'iss'])
const payloads = members([
  ...[
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'jti',
    'nonce',
    'vc',
    'vp',
    'status_list',
    'ttl',
    'id',
    'type',
  ],
  ...['issuer', 'holder', 'credentialSubject', 'validFrom', 'validUntil'],
])

test.each(openings)('a %s with any members is opened or refused, and never throws', async (_form, open) => {
  await fc.assert(
    fc.asyncProperty(headers, payloads, fc.boolean(), async (header, payload, isAlmostGood) => {
      const compact = await tokenOf(
        { alg: 'ES256', ...header },
        isAlmostGood ? { ...document, ...payload } : payload,
        signers['P-256'],
      )
      expect(typeof open(compact).ok).toBe('boolean')
    }),
    { seed: 10, numRuns: 300 },
  )
})

test('an envelope of any members is opened or refused, and never throws', () => {
  fc.assert(
    fc.property(members(['@context', 'id', 'type', 'x']), (object) => {
      expect(openEnvelope(object).ok).toBe(false)
    }),
    { seed: 11, numRuns: 200 },
  )
})
