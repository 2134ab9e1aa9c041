import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { fromJwk, type PublicKey, toJwk } from '../../src/key/public-key.ts'
import { openBadgeJwt, signBadgeJwt } from '../../src/securing/badge-jwt.ts'
import { contexts } from './shared-document.ts'
import { signers, tokenOf } from './tokens.ts'

const signer = signers['P-256']
const jwk = toJwk(signer.publicKey)
const kid = 'did:web:agency.example#k1'

const badge = {
  '@context': [
    'https://www.w3.org/ns/credentials/v2',
    'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  ],
  id: 'urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100',
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  issuer: { id: 'did:web:agency.example', type: ['Profile'] },
  validFrom: '2026-03-01T00:00:00+08:00',
  validUntil: '2031-03-01T00:00:00+08:00',
  credentialSubject: { id: 'did:example:lisi', type: ['AchievementSubject'] },
} as const satisfies JsonObject

const claims = {
  iss: 'did:web:agency.example',
  jti: badge.id,
  nbf: 1772294400,
  sub: 'did:example:lisi',
  exp: 1930060800,
}
const { validFrom, validUntil, ...undated } = badge

type Change = Readonly<Record<string, Json | undefined>>
const changed = (value: JsonObject, change: Change): JsonObject =>
  JSON.parse(JSON.stringify({ ...value, ...change }))

const tokenWith = (header: Change, payload: Change): Promise<string> =>
  tokenOf(
    changed({ alg: 'ES256', typ: 'JWT', kid }, header),
    changed({ ...badge, ...claims }, payload),
    signer,
  )

async function faultOf(header: Change, payload: Change): Promise<string> {
  const opening = openBadgeJwt(await tokenWith(header, payload))
  if (!opening.ok) return opening.fault
  const result = await opening.opened.signatures[0]!.verify(signer.publicKey, contexts)
  return result.ok ? 'good' : result.fault
}

describe('OB-14: the JWT of a badge', () => {
  /** Signed once and kept, so that nothing in how we read or write it changes unseen. */
  const kept =
    'eyJ0eXAiOiJKV1QiLCJraWQiOiJkaWQ6d2ViOmFnZW5jeS5leGFtcGxlI2sxIiwiYWxnIjoiRVMyNTYifQ.eyJAY29udGV4dCI6WyJodHRwczovL3d3dy53My5vcmcvbnMvY3JlZGVudGlhbHMvdjIiLCJodHRwczovL3B1cmwuaW1zZ2xvYmFsLm9yZy9zcGVjL29iL3YzcDAvY29udGV4dC0zLjAuMy5qc29uIl0sImlkIjoidXJuOnV1aWQ6MGYwZTBkMGMtMGIwYS00OTA4LTg3MDYtMDUwNDAzMDIwMTAwIiwidHlwZSI6WyJWZXJpZmlhYmxlQ3JlZGVudGlhbCIsIk9wZW5CYWRnZUNyZWRlbnRpYWwiXSwiaXNzdWVyIjp7ImlkIjoiZGlkOndlYjphZ2VuY3kuZXhhbXBsZSIsInR5cGUiOlsiUHJvZmlsZSJdfSwidmFsaWRGcm9tIjoiMjAyNi0wMy0wMVQwMDowMDowMCswODowMCIsInZhbGlkVW50aWwiOiIyMDMxLTAzLTAxVDAwOjAwOjAwKzA4OjAwIiwiY3JlZGVudGlhbFN1YmplY3QiOnsiaWQiOiJkaWQ6ZXhhbXBsZTpsaXNpIiwidHlwZSI6WyJBY2hpZXZlbWVudFN1YmplY3QiXX0sImlzcyI6ImRpZDp3ZWI6YWdlbmN5LmV4YW1wbGUiLCJqdGkiOiJ1cm46dXVpZDowZjBlMGQwYy0wYjBhLTQ5MDgtODcwNi0wNTA0MDMwMjAxMDAiLCJuYmYiOjE3NzIyOTQ0MDAsInN1YiI6ImRpZDpleGFtcGxlOmxpc2kiLCJleHAiOjE5MzAwNjA4MDB9.3skoTIznNUPWBfqeuylkS7Lz3Rr5MK--96dRKy0xjowq4j1KKxHlSEtBwhLW4E_5rChKvA0DxAGZ2IFEItbL5A'
  test('repeats issuer, id, subject and dates as claims, and is the same text every time', async () => {
    const compact = await signBadgeJwt(badge, { signer })
    expect(compact).toBe(kept)
    const [header, payload] = compact
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
    expect(header).toEqual({ typ: 'JWT', kid, alg: 'ES256' })
    expect(payload).toEqual({ ...badge, ...claims })
  })

  test('opens into the badge without its claims', async () => {
    const opening = openBadgeJwt(kept)
    expect(opening).toMatchObject({
      ok: true,
      opened: {
        form: 'badge-jwt',
        unknown: [],
        signatures: [
          {
            suite: 'ES256',
            key: { by: 'method', url: kid },
            created: '2026-02-28T16:00:00Z',
            expires: '2031-02-28T15:59:59Z',
            isOverExactText: true,
          },
        ],
      },
    })
    expect(opening.ok && opening.opened.document).toEqual(badge)
    const signature = opening.ok ? opening.opened.signatures[0] : undefined
    expect(await signature?.verify(signer.publicKey, contexts)).toMatchObject({ ok: true, document: badge })
    expect(await signature?.verify(signers.Ed25519.publicKey, contexts)).toMatchObject({
      fault: 'key_algorithm',
    })
  })

  test('brings the key along where platforms need that, and names it by its URL all the same', async () => {
    const compact = await signBadgeJwt(badge, { signer, publicKey: signer.publicKey })
    const opening = openBadgeJwt(compact)
    expect(JSON.parse(Buffer.from(compact.split('.')[0] as string, 'base64url').toString()).jwk).toEqual(jwk)
    expect(opening.ok && opening.opened.signatures[0]?.key).toEqual({ by: 'method', url: kid })
  })

  test('does not bring another’s key along', async () => {
    const other = fromJwk(
      (await exportJWK((await generateKeyPair('ES256')).publicKey)) as JsonObject,
    ) as PublicKey
    for (const [publicKey, fault] of [
      [other, 'signature_mismatch'],
      [signers['P-384'].publicKey, 'key_algorithm'],
    ] as const) {
      await expect(signBadgeJwt(badge, { signer, publicKey })).rejects.toMatchObject({
        code: 'securing.jwt_refused',
        detail: { fault, what: 'publicKey' },
      })
    }
  })

  test('of a badge without an end has no exp', async () => {
    const endless = { ...undated, validFrom }
    const opening = openBadgeJwt(await signBadgeJwt(endless, { signer }))
    expect(opening.ok && opening.opened.signatures[0]?.expires).toBeUndefined()
    expect(opening.ok && opening.opened.document).toEqual(endless)
  })

  test('trap 25: only with a jwk names that key, which proves nothing yet', async () => {
    const opening = openBadgeJwt(await tokenWith({ kid: undefined, jwk }, {}))
    expect(opening.ok && opening.opened.signatures[0]?.key).toEqual({ by: 'jwk', key: signer.publicKey })
    const labelled = openBadgeJwt(await tokenWith({ kid: 'k1', jwk }, {}))
    expect(labelled.ok && labelled.opened.signatures[0]?.key).toEqual({ by: 'jwk', key: signer.publicKey })
  })

  test('of version 1.1 has its badge in vc', async () => {
    const vc = { ...undated, issuanceDate: validFrom, expirationDate: validUntil }
    const opening = openBadgeJwt(await tokenOf({ alg: 'ES256', kid }, { ...claims, vc }, signer))
    expect(opening.ok && opening.opened.document).toEqual(vc)
  })

  test('with RS256 is good under its RSA key, and no other', async () => {
    const [rsa, other] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')])
    const compact = await new SignJWT(changed({ ...badge, ...claims }, {}))
      .setProtectedHeader({ alg: 'RS256', kid })
      .sign(rsa.privateKey)
    const opening = openBadgeJwt(compact)
    const signature = opening.ok ? opening.opened.signatures[0] : undefined
    const publicKeyOf = async (key: CryptoKey) => fromJwk((await exportJWK(key)) as JsonObject) as PublicKey
    expect(await signature?.verify(await publicKeyOf(rsa.publicKey), contexts)).toMatchObject({
      ok: true,
      document: badge,
    })
    expect(await signature?.verify(await publicKeyOf(other.publicKey), contexts)).toMatchObject({
      fault: 'signature_mismatch',
    })
    expect(await signature?.verify(signer.publicKey, contexts)).toMatchObject({ fault: 'key_algorithm' })
  })

  test.each<[what: string, header: Change, payload: Change, fault: string]>([
    ['as it is is good', {}, {}, 'good'],
    ['without typ is good', { typ: undefined }, {}, 'good'],
    ['with iat is good', {}, { iat: 1772294500 }, 'good'],
    ['named by an https key is good', { kid: 'https://agency.example/keys/1' }, {}, 'good'],
    ['with an issuer that is a text is good', {}, { issuer: 'did:web:agency.example' }, 'good'],
    ['with another typ is refused', { typ: 'vc+jwt' }, {}, 'jwt_type'],
    ['with a small typ is refused', { typ: 'jwt' }, {}, 'jwt_type'],
    ['with a cty is refused', { cty: 'vc' }, {}, 'jws_header_refused'],
    ['with certificates is refused', { x5c: ['MAA='] }, {}, 'jws_header_refused'],
    ['with a header that nobody knows is refused', { x: 1 }, {}, 'jws_header_refused'],
    ['with EdDSA is refused', { alg: 'EdDSA' }, {}, 'jws_header_refused'],
    ['with ES384 is refused', { alg: 'ES384' }, {}, 'jws_header_refused'],
    ['with none is refused', { alg: 'none' }, {}, 'jws_header_refused'],
    ['without iss is refused', {}, { iss: undefined }, 'jwt_claim'],
    ['without jti is refused', {}, { jti: undefined }, 'jwt_claim'],
    ['without nbf is refused', {}, { nbf: undefined }, 'jwt_claim'],
    ['without sub is refused', {}, { sub: undefined }, 'jwt_claim'],
    ['without the exp of its end is refused', {}, { exp: undefined }, 'jwt_claim'],
    ['with an exp and no end is refused', {}, { validUntil: undefined }, 'jwt_claim_conflict'],
    ['with a null exp is refused', {}, { exp: null }, 'jwt_claim'],
    ['with another iss is refused', {}, { iss: 'did:web:b.example' }, 'jwt_claim_conflict'],
    ['with another jti is refused', {}, { jti: 'urn:uuid:1' }, 'jwt_claim_conflict'],
    ['with another nbf is refused', {}, { nbf: claims.nbf + 1 }, 'jwt_claim_conflict'],
    ['with another sub is refused', {}, { sub: 'did:example:zhangsan' }, 'jwt_claim_conflict'],
    ['with another exp is refused', {}, { exp: claims.exp + 1 }, 'jwt_claim_conflict'],
    ['with an nbf in words is refused', {}, { nbf: badge.validFrom }, 'jwt_claim'],
    ['with an iat in words is refused', {}, { iat: badge.validFrom }, 'jwt_claim'],
    ['with an iss that is no text is refused', {}, { iss: { id: 'did:web:agency.example' } }, 'jwt_claim'],
    ['with a date that is none is refused', {}, { validFrom: '2026-02-30T00:00:00Z' }, 'jwt_claim_conflict'],
    ['without a subject is refused', {}, { credentialSubject: undefined }, 'jwt_claim_conflict'],
    [
      'of two subjects is refused',
      {},
      { credentialSubject: [badge.credentialSubject] },
      'jwt_claim_conflict',
    ],
    ['with a badge in vc and another beside it is refused', {}, { vc: badge }, 'jwt_claim'],
    ['with a vc that is no object is refused', {}, { vc: 'badge' }, 'jwt_claim'],
    ['without a name of its key is refused', { kid: undefined }, {}, 'jwt_key_name'],
    ['with a label for kid and no key is refused', { kid: 'k1' }, {}, 'jwt_key_name'],
    [
      'with a secret key in its header is refused',
      { kid: undefined, jwk: { ...jwk, d: 'AA' } },
      {},
      'jwt_key_name',
    ],
    [
      'with a symmetric key in its header is refused',
      { kid: undefined, jwk: { kty: 'oct', k: 'AA' } },
      {},
      'jwt_key_name',
    ],
  ])('%s', async (_what, header, payload, fault) => {
    expect(await faultOf(header, payload)).toBe(fault)
  })

  test('that is no JWS is refused as such', () => {
    expect(openBadgeJwt('a.b')).toMatchObject({ ok: false, fault: 'jws_malformed' })
  })

  test.each<[what: string, document: JsonObject, what: string]>([
    [
      'a badge without the id of its subject',
      { ...badge, credentialSubject: { type: 'AchievementSubject' } },
      'sub',
    ],
    ['a badge without an id', { ...undated, validFrom, id: undefined } as unknown as JsonObject, 'jti'],
    ['a badge without a date', undated, 'nbf'],
    ['a badge with a claim of ours', { ...badge, exp: 1 }, 'exp'],
  ])('is not made of %s', async (_what, document, what) => {
    await expect(signBadgeJwt(document, { signer })).rejects.toMatchObject({
      code: 'securing.jwt_refused',
      detail: { fault: 'jwt_claim', what },
    })
  })

  test('is not made where opening would refuse it, or with another algorithm', async () => {
    const misdated = { ...badge, validFrom: 'yesterday' }
    await expect(signBadgeJwt(misdated, { signer })).rejects.toMatchObject({
      code: 'securing.jwt_refused',
      detail: { fault: 'jwt_claim', what: 'nbf' },
    })
    await expect(signBadgeJwt(badge, { signer: signers.Ed25519 })).rejects.toMatchObject({
      code: 'securing.wrong_algorithm',
      detail: { suite: 'badge-jwt', algorithm: 'Ed25519' },
    })
  })
})
