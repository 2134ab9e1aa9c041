import { describe, expect, test } from 'vitest'
import { type Bytes, toBase64url, utf8 } from '../../src/base/bytes.ts'
import { hmacSha256 } from '../../src/base/digest.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { fromJwk, toJwk } from '../../src/key/public-key.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { makeSdJwt } from '../../src/securing/sd-jwt.ts'
import {
  issuerKey,
  issuerMetadata,
  issuerMetadataUrl,
  openSdJwtVc,
  readIssuerMetadata,
} from '../../src/securing/sd-jwt-vc.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

const issuer = signerOfSeed(new Uint8Array(32).fill(1), { algorithm: 'P-256' })
const other = signerOfSeed(new Uint8Array(32).fill(2))
const salt = (label: string): Bytes => hmacSha256(utf8('test salts'), utf8(label)).slice(0, 16)
const did = 'did:web:cert.agency.example'
const header = { typ: 'dc+sd-jwt', kid: `${did}#k1` }
const claims: JsonObject = {
  vct: 'https://w3id.org/gradecert/vct/grade-certificate/v1',
  iss: did,
  iat: 1_769_270_400,
  nbf: 1_769_270_400,
  exp: 1_927_036_799,
  status: { status_list: { idx: 48211, uri: 'https://cert.agency.example/status/2026-t1' } },
  cnf: { jwk: toJwk(other.publicKey) },
  name: '王𠮷',
}

const secured = (
  changes: Readonly<Record<string, Json | undefined>> = {},
  {
    headers = {},
    hide = ['/name'],
  }: { headers?: Readonly<Record<string, Json | undefined>>; hide?: string[] } = {},
): Promise<string> =>
  makeSdJwt(without({ ...header, ...headers }), without({ ...claims, ...changes }), {
    signer: issuer,
    disclosable: hide,
    salt,
  })
const without = (members: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject
const opened = (text: string, options = {}) => {
  const opening = openSdJwtVc(text, options)
  if (!opening.ok) throw new Error(`${opening.fault}: ${opening.detail}`)
  return opening.opened
}
const keyOf = async (changes: Readonly<Record<string, Json | undefined>>, headers = {}) => {
  const opening = openSdJwtVc(await secured(changes, { headers }))
  return opening.ok ? opening.opened.signatures[0]?.key : opening.fault
}

describe.skipIf(!sharedIsHere)('published credentials', () => {
  const rfc = sharedIsHere ? sharedJson('vectors/sd-jwt/rfc9901.json') : {}

  test('SDVC-1: the person identification of RFC 9901, A.3 opens and is signed', async () => {
    const { document, signatures } = opened(rfc.a3.compact)
    expect(document).toEqual(rfc.a3.processed)
    const { d: _, ...jwk } = rfc.keys.issuer
    expect(await signatures[0]?.verify(fromJwk(jwk)!, {} as never)).toMatchObject({ ok: true, document })
    expect(signatures[0]).toMatchObject({
      suite: 'ES256',
      key: { by: 'issuer-metadata', issuer: 'https://pid-issuer.bund.de.example', kid: undefined },
      created: '2023-05-02T04:00:00Z',
      expires: '2029-09-01T23:33:19Z',
    })
    knownAnswers('SD-JWT VC').holds('sd-jwt/rfc9901.json', 'a3')
  })

  test('SDVC-1: RFC 9901, A.1 and section 5 are SD-JWTs of another type', () => {
    for (const name of ['a1', 's5_1', 's5_2']) {
      expect(openSdJwtVc(rfc[name].compact)).toMatchObject({ ok: false, fault: 'typ_refused' })
      knownAnswers('SD-JWT VC').notApplicable('sd-jwt/rfc9901.json', name, 'an SD-JWT of another type')
    }
  })
})

describe('what is opened', () => {
  test('a credential with its claims, its signature and its dates', async () => {
    const opening = openSdJwtVc(await secured())
    expect(opening).toMatchObject({
      ok: true,
      opened: {
        form: 'sd-jwt',
        document: claims,
        unknown: [],
        signatures: [
          {
            suite: 'ES256',
            key: { by: 'method', url: `${did}#k1` },
            created: '2026-01-24T16:00:00Z',
            expires: '2031-01-24T15:59:58Z',
            isOverExactText: true,
          },
        ],
      },
    })
  })

  test('its signature holds under the key, and under no other', async () => {
    const { signatures, document } = opened(await secured())
    const verify = (key = issuer.publicKey) => signatures[0]?.verify(key, {} as never)
    expect(await verify()).toMatchObject({ ok: true, document })
    expect(await verify(other.publicKey)).toMatchObject({ ok: false, fault: 'key_algorithm' })
    const third = signerOfSeed(new Uint8Array(32).fill(9), { algorithm: 'P-256' })
    expect(await verify(third.publicKey)).toMatchObject({ ok: false, fault: 'signature_mismatch' })
  })

  test('a payload changed after signing does not hold', async () => {
    const [, payload = '', ...rest] = (await secured()).split('.')
    const altered = toBase64url(utf8(JSON.stringify({ ...claims, name: '李娜' })))
    expect(altered).not.toBe(payload)
    const text = [(await secured()).split('.')[0], altered, rest.join('.').split('~')[0]].join('.')
    const { signatures } = opened(`${text}~`)
    expect(await signatures[0]?.verify(issuer.publicKey, {} as never)).toMatchObject({
      fault: 'signature_mismatch',
    })
  })

  test('SD-4: before the later of iat and nbf nothing counts', async () => {
    const { signatures } = opened(await secured({ nbf: 1_769_356_800 }))
    expect(signatures[0]?.created).toBe('2026-01-25T16:00:00Z')
    const undated = opened(await secured({ iat: undefined, nbf: undefined, exp: undefined }))
    expect(undated.signatures[0]).toMatchObject({ created: undefined, expires: undefined })
  })

  test('SDVC-2: sub and iat may be kept back', async () => {
    const text = await secured({ sub: 'urn:uuid:1' }, { hide: ['/sub', '/iat'] })
    expect(openSdJwtVc(text).ok).toBe(true)
    expect(openSdJwtVc(`${text.split('~')[0]}~`).ok).toBe(true)
  })

  test('SDVC-1: the old type is taken only where the caller says so', async () => {
    const text = await secured({}, { headers: { typ: 'vc+sd-jwt' } })
    expect(openSdJwtVc(text)).toMatchObject({ ok: false, fault: 'typ_refused', detail: 'vc+sd-jwt' })
    expect(opened(text, { acceptOldTyp: true }).document).toEqual(claims)
  })

  test('what is refused still says what it claims', async () => {
    expect(openSdJwtVc(await secured({}, { headers: { typ: 'JWT' } }))).toMatchObject({ document: claims })
  })
})

describe('what is refused', () => {
  test.each<[what: string, typ: Json | undefined]>([
    ['no type', undefined],
    ['a JWT', 'JWT'],
    ['a credential of the other data model', 'vc+jwt'],
    ['a list', ['dc+sd-jwt']],
  ])('SDVC-1: %s', async (_what, typ) => {
    expect(openSdJwtVc(await secured({}, { headers: { typ } }))).toMatchObject({ fault: 'typ_refused' })
  })

  test.each<[claim: string, value: Json | undefined]>([
    ['vct', undefined],
    ['vct', ''],
    ['vct', 'two words'],
    ['vct', ['a']],
    ['vct#integrity', 1],
    ['aka_vcts', []],
    ['aka_vcts', 'x'],
    ['aka_vcts', [1]],
    ['aka_vcts', ['x', 'https://w3id.org/gradecert/vct/grade-certificate/v1']],
    ['iss', 1],
    ['iss', 'cert.agency.example'],
    ['sub', 1],
    ['cnf', 'x'],
    ['cnf', {}],
    ['status', []],
    ['iat', '2026-01-25T00:00:00Z'],
    ['nbf', '1769270400'],
    ['exp', null],
    ['exp', 253_402_300_800],
    ['exp', 1_769_270_400_000],
  ])('SDVC-2: the claim %s as %j', async (claim, value) => {
    expect(openSdJwtVc(await secured({ [claim]: value }))).toMatchObject({
      ok: false,
      fault: 'claim_malformed',
      detail: claim,
    })
  })

  test('SDVC-2: aka_vcts with other types is taken', async () => {
    expect(openSdJwtVc(await secured({ aka_vcts: ['urn:other'] })).ok).toBe(true)
  })

  test.each([
    '/iss',
    '/nbf',
    '/exp',
    '/cnf',
    '/cnf/jwk',
    '/cnf/jwk/x',
    '/vct',
    '/vct#integrity',
    '/aka_vcts',
    '/aka_vcts/0',
    '/status',
    '/status/status_list',
    '/status/status_list/idx',
  ])('SDVC-2: %s that could be kept back', async (hide) => {
    const more = { 'vct#integrity': 'sha256-x', aka_vcts: ['urn:other'] }
    const text = await secured(more, { hide: [hide] })
    expect(openSdJwtVc(text)).toMatchObject({ ok: false, fault: 'claim_hidden', detail: hide.split('/')[1] })
    // Kept back in fact: a member at the top is then not there, one inside has left its digest.
    expect(openSdJwtVc(`${text.split('~')[0]}~`)).toMatchObject(
      hide.split('/').length > 2
        ? { ok: false, fault: 'claim_hidden' }
        : { ok: ['/vct', '/iss'].every((name) => name !== hide) },
    )
  })

  test('SDVC-9: a credential of the other data model is none of these, whatever its type says', async () => {
    const vcdm = { vct: undefined, '@context': ['https://www.w3.org/ns/credentials/v2'], issuer: did }
    const text = await secured(vcdm, { headers: { typ: 'vc+sd-jwt' } })
    expect(openSdJwtVc(text)).toMatchObject({ fault: 'typ_refused' })
    expect(openSdJwtVc(text, { acceptOldTyp: true })).toMatchObject({
      fault: 'claim_malformed',
      detail: 'vct',
    })
  })

  test('an SD-JWT that does not open is refused with its fault', () => {
    expect(openSdJwtVc('{}')).toMatchObject({ ok: false, fault: 'sd_jwt_malformed' })
  })
})

describe('SDVC-4: how the key is named', () => {
  const der = (bytes: number): string => Buffer.alloc(bytes, 0x30).toString('base64')
  const https = 'https://cert.agency.example'

  test.each<[what: string, changes: JsonObject, headers: JsonObject, key: unknown]>([
    ['a DID URL', {}, {}, { by: 'method', url: `${did}#k1` }],
    ['a fragment under the issuer', {}, { kid: '#k2' }, { by: 'method', url: `${did}#k2` }],
    ["another's DID URL", {}, { kid: 'did:web:other.example#k1' }, 'kid_of_another'],
    ['a longer DID', {}, { kid: `${did}:a#k1` }, 'kid_of_another'],
    ['a DID without fragment', {}, { kid: did }, 'kid_of_another'],
    ['a path', {}, { kid: '../keys/k1' }, 'kid_of_another'],
    ['a number', {}, { kid: 1 }, 'key_unnamed'],
    ['an https issuer', { iss: https }, { kid: 'k1' }, { by: 'issuer-metadata', issuer: https, kid: 'k1' }],
    ['an http issuer', { iss: 'http://cert.agency.example' }, { kid: 'k1' }, 'key_unnamed'],
    ['an issuer of another kind', { iss: 'urn:agency' }, { kid: 'k1' }, 'key_unnamed'],
    ['an empty chain', { iss: https }, { x5c: [] }, 'x5c_malformed'],
    ['a chain that is no list', { iss: https }, { x5c: der(3) }, 'x5c_malformed'],
    ['nine certificates', { iss: https }, { x5c: Array(9).fill(der(3)) }, 'x5c_malformed'],
    ['a certificate too large', { iss: https }, { x5c: [der(16_385)] }, 'x5c_malformed'],
    ['a certificate much too large', { iss: https }, { x5c: [der(30_000)] }, 'x5c_malformed'],
    ['base64url', { iss: https }, { x5c: ['-_8='] }, 'x5c_malformed'],
    ['no padding', { iss: https }, { x5c: ['AAE'] }, 'x5c_malformed'],
    ['an empty certificate', { iss: https }, { x5c: [''] }, 'x5c_malformed'],
  ])('%s', async (_what, changes, headers, key) => {
    expect(await keyOf(changes, headers)).toEqual(key)
  })

  test('certificates, with or without an issuer in the claims', async () => {
    const chain = { by: 'x5c', chain: [new Uint8Array(3).fill(0x30), new Uint8Array(16_384).fill(0x30)] }
    const x5c = [der(3), der(16_384)]
    expect(await keyOf({ iss: https }, { x5c, kid: undefined })).toEqual(chain)
    expect(await keyOf({ iss: undefined }, { x5c, kid: undefined })).toEqual(chain)
  })

  test('a DID without kid names no key, and a key in the header is none', async () => {
    expect(await keyOf({}, { kid: undefined, jwk: toJwk(issuer.publicKey) })).toBe('key_unnamed')
    expect(await keyOf({ iss: undefined }, {})).toBe('key_unnamed')
  })

  test.each<[iss: string, url: string | null]>([
    ['https://agency.example', 'https://agency.example/.well-known/jwt-vc-issuer'],
    ['https://agency.example/', 'https://agency.example/.well-known/jwt-vc-issuer'],
    ['https://agency.example:8443/a/b', 'https://agency.example:8443/.well-known/jwt-vc-issuer/a/b'],
    ['https://agency.example/a/', 'https://agency.example/.well-known/jwt-vc-issuer/a'],
    ['http://agency.example', null],
    ['https://user@agency.example', null],
    ['https://agency.example?x', null],
    ['https://agency.example/a#b', null],
    ['https:///a', null],
    ['did:web:agency.example', null],
  ])('the metadata of %s are at %s', (iss, url) => {
    expect(issuerMetadataUrl(iss)).toBe(url)
  })
})

describe('SDVC-4: metadata of an issuer', () => {
  const iss = 'https://cert.agency.example'
  const document = issuerMetadata({
    issuer: iss,
    keys: [
      { kid: 'k1', key: issuer.publicKey },
      { kid: 'k2', key: other.publicKey },
    ],
  })
  const jwks = document.jwks as { keys: readonly JsonObject[] }
  const keysOf = (value: Json) => {
    const reading = readIssuerMetadata(value, iss)
    return reading.ok ? reading.keys : reading.fault
  }

  test('what an agency publishes is read, key by kid', () => {
    expect(document).toEqual({
      issuer: iss,
      jwks: {
        keys: [
          { ...toJwk(issuer.publicKey), kid: 'k1', use: 'sig' },
          { ...toJwk(other.publicKey), kid: 'k2', use: 'sig' },
        ],
      },
    })
    const reading = readIssuerMetadata(document, iss)
    const keys = reading.ok ? reading.keys : []
    expect(issuerKey(keys, 'k1')).toEqual(issuer.publicKey)
    expect(issuerKey(keys, 'k2')).toEqual(other.publicKey)
    expect(issuerKey(keys, 'k3')).toBeNull()
    expect(issuerKey(keys, undefined)).toBeNull()
    expect(issuerKey(keys.slice(0, 1), undefined)).toEqual(issuer.publicKey)
    expect(issuerKey([...keys, ...keys], 'k1')).toBeNull()
  })

  test('keys of other kinds, secret keys and keys for encryption are left out', () => {
    const keys = [
      { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'r' },
      { ...toJwk(issuer.publicKey), d: 'AAAA', kid: 's' },
      { ...toJwk(issuer.publicKey), use: 'enc', kid: 'e' },
      { ...toJwk(issuer.publicKey), kid: 1 },
      { ...toJwk(other.publicKey) },
    ]
    expect(keysOf({ issuer: iss, jwks: { keys } })).toEqual([{ kid: undefined, key: other.publicKey }])
  })

  test.each<[what: string, value: Json, fault: string]>([
    ['no object', [], 'metadata_malformed'],
    ["another issuer's", { ...document, issuer: `${iss}/` }, 'metadata_of_another'],
    ['no issuer', { jwks: document.jwks as JsonObject }, 'metadata_of_another'],
    ['both', { ...document, jwks_uri: `${iss}/jwks` }, 'metadata_malformed'],
    ['neither', { issuer: iss }, 'metadata_malformed'],
    ['keys elsewhere', { issuer: iss, jwks_uri: `${iss}/jwks` }, 'metadata_by_reference'],
    ['no list', { issuer: iss, jwks: { keys: {} } }, 'metadata_malformed'],
    ['no keys', { issuer: iss, jwks: { keys: [] } }, 'metadata_malformed'],
    ['a key that is no object', { issuer: iss, jwks: { keys: ['k1'] } }, 'metadata_malformed'],
    ['jwks that are no object', { issuer: iss, jwks: 'k1' }, 'metadata_malformed'],
    ['65 keys', { issuer: iss, jwks: { keys: Array(65).fill(jwks.keys[0]) } }, 'metadata_malformed'],
  ])('%s', (_what, value, fault) => {
    expect(keysOf(value)).toBe(fault)
  })
})
