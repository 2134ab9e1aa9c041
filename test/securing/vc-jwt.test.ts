import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { algorithmNames, algorithms } from '../../src/key/algorithm.ts'
import { keyOfMethod, type PublicKey, toJwk } from '../../src/key/public-key.ts'
import { enveloped, openEnvelope } from '../../src/securing/envelope.ts'
import { openVcJwt, signVcJwt, type VcJwtKind, type VcJwtReading } from '../../src/securing/vc-jwt.ts'
import { contexts, created, document } from './shared-document.ts'
import { signers, tokenOf } from './tokens.ts'

const signer = signers.Ed25519
const expires = '2027-03-01T09:00:01Z' as Instant
const lastSecond = '2027-03-01T09:00:00Z' as Instant
const holder = 'did:web:agency.example'
const presentation = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiablePresentation'],
  holder,
} as const

/** The header and payload of a good credential; `undefined` takes a member away. */
const iat = Date.parse(created) / 1000
const goodHeader = { alg: 'EdDSA', typ: 'vc+jwt', cty: 'vc', kid: 'did:web:agency.example#k1' }

type Change = Readonly<Record<string, Json | undefined>>
const changed = (value: JsonObject, change: Change): JsonObject =>
  JSON.parse(JSON.stringify({ ...value, ...change }))

async function faultOf(
  header: Change,
  payload: Change = {},
  reading: Partial<VcJwtReading> = {},
): Promise<string> {
  const { kind = 'vc' } = reading
  const base = kind === 'vc' ? document : presentation
  const types = { typ: `${kind}+jwt`, cty: kind }
  const compact = await tokenOf(
    changed({ ...goodHeader, ...types }, header),
    changed({ ...base, iat }, payload),
  )
  const opening = openVcJwt(compact, { kind, ...reading })
  if (!opening.ok) return opening.fault
  const result = await opening.opened.signatures[0]!.verify(signer.publicKey, contexts)
  return result.ok ? 'good' : result.fault
}

describe('a vc+jwt', () => {
  /** Signed once and kept, so that nothing in how we read or write it changes unseen. */
  const kept =
    'eyJ0eXAiOiJ2Yytqd3QiLCJjdHkiOiJ2YyIsImtpZCI6ImRpZDp3ZWI6YWdlbmN5LmV4YW1wbGUjazEiLCJhbGciOiJFZERTQSJ9.eyJAY29udGV4dCI6WyJodHRwczovL3d3dy53My5vcmcvbnMvY3JlZGVudGlhbHMvdjIiXSwiaWQiOiJ1cm46dXVpZDowZjBlMGQwYy0wYjBhLTQ5MDgtODcwNi0wNTA0MDMwMjAxMDAiLCJ0eXBlIjpbIlZlcmlmaWFibGVDcmVkZW50aWFsIl0sImlzc3VlciI6eyJpZCI6ImRpZDp3ZWI6YWdlbmN5LmV4YW1wbGUiLCJuYW1lIjoi5p-Q5p-Q5oqA6IO96Ym05a6a5Lit5b-DIn0sInZhbGlkRnJvbSI6IjIwMjYtMDMtMDFUMDk6MDA6MDBaIiwiY3JlZGVudGlhbFN1YmplY3QiOnsibmFtZSI6IuadjuWbmyIsImRlc2NyaXB0aW9uIjoibm8gXCJpZFwiXG4ifSwiaWF0IjoxNzcyMzU1NjAxLCJleHAiOjE4MDM4OTE2MDF9.Vt2CpBByN0TW-PU4bL4Rz8527kCpcJCeVDpAqlq60pZv6j3zjutct0EWw8MA4iWPYDqgLxD6duN3dFz9ODPKCQ'
  test('JC-1, JC-2: is the credential itself as payload, and the same text every time', async () => {
    const compact = await signVcJwt(document, { signer, kind: 'vc', created, expires })
    expect(compact).toBe(kept)
    const [header, payload] = compact
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
    expect(header).toEqual({ typ: 'vc+jwt', cty: 'vc', kid: 'did:web:agency.example#k1', alg: 'EdDSA' })
    expect(payload).toEqual({ ...document, iat: 1772355601, exp: 1803891601 })
  })

  test('JC-5: opens into the credential, its key, and dates in words', async () => {
    const opening = openVcJwt(kept, { kind: 'vc' })
    expect(opening).toMatchObject({
      ok: true,
      challenge: undefined,
      audience: undefined,
      opened: {
        form: 'jwt',
        document,
        unknown: [],
        signatures: [
          {
            suite: 'EdDSA',
            key: { by: 'method', url: 'did:web:agency.example#k1' },
            created,
            expires: lastSecond,
            isOverExactText: true,
          },
        ],
      },
    })
    const signature = opening.ok ? opening.opened.signatures[0] : undefined
    expect(opening.ok && Object.keys(opening.opened.document)).toEqual(Object.keys(document))
    expect(await signature?.verify(signer.publicKey, contexts)).toMatchObject({ ok: true, document })
    expect(await signature?.verify(signers['P-256'].publicKey, contexts)).toMatchObject({
      ok: false,
      fault: 'key_algorithm',
    })
  })

  test.each(algorithmNames)('JC-11: is signed and read with %s', async (algorithm) => {
    const one = signers[algorithm]
    const opening = openVcJwt(await signVcJwt(document, { signer: one, kind: 'vc', created }), { kind: 'vc' })
    const signature = opening.ok ? opening.opened.signatures[0] : undefined
    expect(signature?.suite).toBe(algorithms[algorithm].jws[0])
    expect(signature?.expires).toBeUndefined()
    expect(await signature?.verify(one.publicKey, contexts)).toMatchObject({ ok: true, document })
  })

  test('comes back as it was, whatever it states', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.integer(), async (name, score) => {
        const one = { ...document, name, credentialSubject: { name, score } }
        const opening = openVcJwt(await signVcJwt(one, { signer, kind: 'vc', created }), { kind: 'vc' })
        expect(opening.ok && opening.opened.document).toEqual(one)
      }),
      { seed: 5, numRuns: 25 },
    )
  })
})

const x5c = ['MAA=']
const chain = [Uint8Array.of(0x30, 0)]

describe('a credential in a token is good', () => {
  test.each<[what: string, header: Change, payload: Change]>([
    ['as it is', {}, {}],
    ['JC-2: with application/ before its type', { typ: 'application/vc+jwt', cty: 'application/vc' }, {}],
    ['JC-2: with capitals in its type', { typ: 'VC+JWT', cty: 'VC' }, {}],
    ['without cty', { cty: undefined }, {}],
    ['without iat', {}, { iat: undefined }],
    ['with claims that repeat the credential', {}, { iss: 'did:web:agency.example', jti: document.id }],
    [
      'with a subject that both name',
      {},
      { sub: 'did:example:a', credentialSubject: { id: 'did:example:a', a: 1 } },
    ],
    ['with a claim id for a credential without one', {}, { id: undefined, jti: 'x' }],
    ['JC-7: with headers and claims that nobody knows', { x: 1 }, { cnf: { jkt: 'x' } }],
    ['JC-4: with a fragment for kid, and an iss', { kid: '#k1' }, { iss: 'did:web:agency.example' }],
    ['with a jwk in its header, which is not looked at', { jwk: { kty: 'oct', k: 'AA' } }, {}],
    [
      'with the https method of an https issuer',
      { kid: 'https://a.example/i#k' },
      { issuer: 'https://a.example/i' },
    ],
    ['with a method below its issuer', { kid: 'https://a.example/i/k' }, { issuer: 'https://a.example/i' }],
  ])('%s', async (_what, header, payload) => {
    expect(await faultOf(header, payload)).toBe('good')
  })

  test('by option without typ, but never with a wrong one', async () => {
    expect(await faultOf({ typ: undefined }, {}, { allowMissingTyp: true })).toBe('good')
    expect(await faultOf({ typ: 'JWT' }, {}, { allowMissingTyp: true })).toBe('jwt_type')
  })
})

describe('a token is refused', () => {
  test.each<[what: string, header: Change, payload: Change, fault: string]>([
    ['JC-1: with a claim vc', {}, { vc: document }, 'jwt_claim'],
    ['JC-1: with a claim vp', {}, { vp: {} }, 'jwt_claim'],
    ['JC-1: with an empty claim vc', {}, { vc: null }, 'jwt_claim'],
    ['JC-2: without typ', { typ: undefined }, {}, 'jwt_type'],
    ['JC-2: of type JWT', { typ: 'JWT' }, {}, 'jwt_type'],
    ['JC-2: of the type of a presentation', { typ: 'vp+jwt' }, {}, 'jwt_type'],
    ['JC-2: of the type of an SD-JWT', { typ: 'vc+sd-jwt' }, {}, 'jwt_type'],
    ['JC-2: of the old type', { typ: 'vc+ld+json+jwt' }, {}, 'jwt_type'],
    ['with text around its type', { typ: 'vc+jwt ' }, {}, 'jwt_type'],
    ['with application/ twice', { typ: 'application/application/vc+jwt' }, {}, 'jwt_type'],
    ['with a list of types', { typ: ['vc+jwt'] }, {}, 'jwt_type'],
    ['with a null for a type', { typ: null }, {}, 'jwt_type'],
    ['JC-2: with the content type of a presentation', { cty: 'vp' }, {}, 'jwt_type'],
    ['JC-2: with the content type JSON', { cty: 'application/json' }, {}, 'jwt_type'],
    ['whose payload is no credential', {}, { type: ['VerifiablePresentation'] }, 'jwt_type'],
    ['whose payload has no type', {}, { type: undefined }, 'jwt_type'],
    ['JC-3: with alg none', { alg: 'none' }, {}, 'jws_header_refused'],
    ['JC-7: with crit', { crit: ['x'], x: 1 }, {}, 'jws_header_refused'],
    ['trap 27: whose algorithm is not the key’s', { alg: 'ES256' }, {}, 'key_algorithm'],
    ['JC-4: with another iss', {}, { iss: 'did:web:other.example' }, 'jwt_claim_conflict'],
    ['with another jti', {}, { jti: 'urn:uuid:1' }, 'jwt_claim_conflict'],
    ['with another sub', {}, { sub: 'b', credentialSubject: { id: 'a', n: 1 } }, 'jwt_claim_conflict'],
    [
      'with one sub for two subjects',
      {},
      { sub: 'a', credentialSubject: [{ id: 'a' }, { id: 'b' }] },
      'jwt_claim_conflict',
    ],
    ['with an iss that is no text', {}, { iss: ['did:web:agency.example'] }, 'jwt_claim'],
    ['with a jti that is no text', {}, { jti: 5 }, 'jwt_claim'],
    ['with an aud of numbers', {}, { aud: [1] }, 'jwt_claim'],
    ['with an empty aud', {}, { aud: [] }, 'jwt_claim'],
    ['JC-5, trap 37: with a date in words', {}, { iat: created }, 'jwt_claim'],
    ['JC-5: with an exp in words', {}, { exp: '1803891601' }, 'jwt_claim'],
    ['with a null exp', {}, { exp: null }, 'jwt_claim'],
    ['trap 36: with milliseconds', {}, { exp: 1803891601000 }, 'jwt_claim'],
    ['with a date before 1970', {}, { nbf: -1 }, 'jwt_claim'],
    ['JC-4: that names no key', { kid: undefined }, {}, 'jwt_key_name'],
    ['trap 25: that only brings a key along', { kid: undefined, jwk: { kty: 'OKP' } }, {}, 'jwt_key_name'],
    ['with an empty kid', { kid: '' }, {}, 'jwt_key_name'],
    ['with a kid that is no text', { kid: 5 }, {}, 'jwt_key_name'],
    ['trap 28: with a bare label for kid', { kid: 'k1' }, { iss: 'did:web:agency.example' }, 'jwt_key_name'],
    ['JC-4, trap 28: with a fragment and no iss', { kid: '#k1' }, {}, 'jwt_key_name'],
    ['trap 28: with a method of another', { kid: 'did:web:other.example#k1' }, {}, 'jwt_key_name'],
    [
      'trap 28: with a method of one whose name starts alike',
      { kid: 'did:web:agency.example.evil#k1' },
      {},
      'jwt_key_name',
    ],
    ['with a kid that is only a DID', { kid: 'did:web:agency.example' }, {}, 'jwt_key_name'],
    ['with a path in the DID URL', { kid: 'did:web:agency.example/a#k1' }, {}, 'jwt_key_name'],
    ['trap 28: with a file for kid', { kid: '../../keys/k1' }, {}, 'jwt_key_name'],
    ['with an http kid', { kid: 'http://a.example/i#k' }, { issuer: 'http://a.example/i' }, 'jwt_key_name'],
    ...['..', '.', '%2e%2E', '.%2e'].map((dots): [string, Change, Change, string] => [
      `trap 28: with a path of ${dots} that leads away from its issuer`,
      { kid: `https://a.example/i/${dots}/b#k` },
      { issuer: 'https://a.example/i' },
      'jwt_key_name',
    ]),
    [
      'with a path below another',
      { kid: 'https://a.example/ii/k' },
      { issuer: 'https://a.example/i' },
      'jwt_key_name',
    ],
    [
      'with a path of a longer host',
      { kid: 'https://a.example.b/k' },
      { issuer: 'https://a.example' },
      'jwt_key_name',
    ],
    ['with certificates that are none', { kid: undefined, x5c: ['%'] }, {}, 'jwt_key_name'],
    [
      'with an issuer of two',
      {},
      { issuer: ['did:web:agency.example', 'did:web:b.example'] },
      'jwt_key_name',
    ],
  ])('%s', async (_what, header, payload, fault) => {
    expect(await faultOf(header, payload)).toBe(fault)
  })

  test('and says what it claimed to be, for a report', async () => {
    const compact = await tokenOf({ ...goodHeader, typ: 'JWT' }, { ...document, iat })
    expect(openVcJwt(compact, { kind: 'vc' })).toEqual({
      ok: false,
      fault: 'jwt_type',
      detail: 'typ JWT',
      document,
    })
  })
})

describe('the key of a token', () => {
  test.each<[what: string, header: Change, key: unknown]>([
    ['is in its certificates', { kid: undefined, x5c }, { by: 'x5c', chain }],
    ['is in its certificates where kid is only a label', { kid: 'k1', x5c }, { by: 'x5c', chain }],
    [
      'is the issuer’s method where it names that too',
      { x5c },
      { by: 'method', url: 'did:web:agency.example#k1' },
    ],
  ])('%s', async (_what, header, key) => {
    const compact = await tokenOf(changed(goodHeader, header), { ...document, iat })
    const opening = openVcJwt(compact, { kind: 'vc' })
    expect(opening.ok && opening.opened.signatures[0]?.key).toEqual(key)
  })

  test('a fragment is completed by iss', async () => {
    const compact = await tokenOf(
      { ...goodHeader, kid: '#k1' },
      { ...document, iss: 'did:web:agency.example' },
    )
    const opening = openVcJwt(compact, { kind: 'vc' })
    expect(opening.ok && opening.opened.signatures[0]).toMatchObject({
      key: { by: 'method', url: 'did:web:agency.example#k1' },
      created: undefined,
    })
  })
})

test('JC-6: a key of a controller document verifies, written as JWK or as Multikey', async () => {
  const opening = openVcJwt(await signVcJwt(document, { signer, kind: 'vc', created }), { kind: 'vc' })
  const signature = opening.ok ? opening.opened.signatures[0] : undefined
  for (const method of [
    { type: 'JsonWebKey', publicKeyJwk: toJwk(signer.publicKey) },
    { type: 'Multikey', publicKeyMultibase: signer.multikey },
  ]) {
    expect(await signature?.verify(keyOfMethod(method) as PublicKey, contexts)).toMatchObject({
      ok: true,
      document,
    })
  }
})

test('JC-5: before nbf nothing counts: the later of iat and nbf is when a signature starts', async () => {
  const starts = async (claims: JsonObject) => {
    const opening = openVcJwt(await tokenOf(goodHeader, { ...document, ...claims }), { kind: 'vc' })
    return opening.ok && opening.opened.signatures[0]?.created
  }
  expect(await starts({ iat, nbf: iat + 60 })).toBe('2026-03-01T09:01:01Z')
  expect(await starts({ iat, nbf: iat - 60 })).toBe('2026-03-01T09:00:01Z')
  expect(await starts({ nbf: iat + 0.5 })).toBe('2026-03-01T09:00:01Z')
})

describe('a vp+jwt', () => {
  const options = {
    signer,
    kind: 'vp',
    created,
    challenge: 'n-1',
    audience: 'https://verifier.example',
  } as const

  test('carries what the verifier asked for beside the presentation', async () => {
    const opening = openVcJwt(await signVcJwt(presentation, options), { kind: 'vp' })
    expect(opening).toMatchObject({
      ok: true,
      challenge: 'n-1',
      audience: ['https://verifier.example'],
      opened: { document: presentation },
    })
    expect(opening.ok && Object.keys(opening.opened.document)).toEqual(Object.keys(presentation))
  })

  test.each<[what: string, header: Change, payload: Change, fault: string]>([
    ['as it is is good', {}, {}, 'good'],
    ['by a holder that is an object is good', {}, { holder: { id: holder } }, 'good'],
    ['without a holder is good', {}, { holder: undefined }, 'good'],
    [
      'without a holder, by another than its iss is refused',
      {},
      { holder: undefined, iss: 'did:web:b.example' },
      'jwt_key_name',
    ],
    [
      'JC-4: by another holder than its iss is refused',
      {},
      { iss: 'did:web:b.example' },
      'jwt_claim_conflict',
    ],
    ['by a key of another than its holder is refused', { kid: 'did:web:b.example#k1' }, {}, 'jwt_key_name'],
    ['as a credential is refused', { typ: 'vc+jwt', cty: 'vc' }, {}, 'jwt_type'],
    ['with a nonce that is no text is refused', {}, { nonce: 5 }, 'jwt_claim'],
  ])('%s', async (_what, header, payload, fault) => {
    expect(await faultOf(header, payload, { kind: 'vp' })).toBe(fault)
  })

  test('JC-8: holds credentials in envelopes', async () => {
    const text = await signVcJwt(document, { signer, kind: 'vc', created })
    const one = { ...presentation, verifiableCredential: [enveloped(text, 'application/vc+jwt')] }
    const opening = openVcJwt(await signVcJwt(one, options), { kind: 'vp' })
    const [first] = opening.ok ? (opening.opened.document.verifiableCredential as Json[]) : []
    expect(openEnvelope(first as Json)).toEqual({ ok: true, mediaType: 'application/vc+jwt', text })
  })
})

describe('we do not sign', () => {
  test.each<[what: string, document: JsonObject, kind: VcJwtKind, detail: JsonObject]>([
    [
      'what another issued',
      { ...document, issuer: 'did:web:b.example' },
      'vc',
      { fault: 'jwt_key_name', what: 'kid is not of did:web:b.example' },
    ],
    [
      'a presentation as a credential',
      presentation,
      'vc',
      { fault: 'jwt_type', what: 'type without VerifiableCredential' },
    ],
    ['a document with a claim of ours', { ...document, exp: 1 }, 'vc', { fault: 'jwt_claim', what: 'exp' }],
    [
      'a document with a claim vc',
      { ...document, vc: {} },
      'vc',
      { fault: 'jwt_claim', what: 'vc: the payload has to be the document itself' },
    ],
    [
      'a text that JSON cannot carry',
      { ...document, name: '\ud800' },
      'vc',
      { fault: 'jws_malformed', what: 'the payload is no JSON object' },
    ],
  ])('%s', async (_what, one, kind, detail) => {
    await expect(signVcJwt(one, { signer, kind, created })).rejects.toMatchObject({
      code: 'securing.jwt_refused',
      detail,
    })
  })
})
