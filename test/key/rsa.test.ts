import { createPublicKey } from 'node:crypto'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Bytes, concat, fromBase64url, toBase64url, utf8 } from '../../src/base/bytes.ts'
import type { Json } from '../../src/base/json.ts'
import {
  fromJwk,
  keyOfMethod,
  type PublicKey,
  thumbprint,
  toJwk,
  verifySignature,
} from '../../src/key/public-key.ts'
import { rsaKey, rsaNumbers } from '../../src/key/rsa.ts'
import { type RsaBackend, rsaBackends, verifyRsa } from '../../src/key/rsa-verify.ts'
import { openJws, verifyJws } from '../../src/securing/jws.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

const decode = (text: string): Bytes => fromBase64url(text) as Bytes

/** Made once by OpenSSL: a key of 2048 bits and its RS256 signature over "sample". */
const n =
  'v-pncc2KzKcIGuAGa3vayKBR99Eez8jXrE3T1e9T5Nb5XunablzWUQcaslk0641lxnVJz2vvHV0EU2REtuATbjZZi3TExtBapFPFHa558b61WFPIHaaiIm5Oj6wYx3OmQM7UepK6TnNbHGKwH0HMyy5UgxQoKtjhyug3-2ZKm_xzMYXe_exemWFIhhQfVsoX9yXUwpkc9JoCZJDrk8YsW6xg8RxWbnUrwlp2ZZ5bEDbc70DrGBwT4p2nWxKOxOn-LLStpj-p2kqnDmmjrDknWO5IUYuo_psBDmCn5uuZCQ6gduaZblhMxk2HaGWrzXQtNQrYNrhFDZvsvgfAVkR7kQ'
const signature = decode(
  'QMmOOyi6afUuGoZfKk63ZuybY4zZjNcvZaLKhu0Spgtw8Crvv0vsQcmgJhB8lG4LIkOj1KsyaULK0HzzDkq1A7xQkJCGYWvSTAwngoeLpZJpCLMcM1BnqtQciSI9wLKzNrq44C9A3f4AwtLMPlZzV8c41f7VYTF76H0iYCnpWhqKKyfhydYL0XaynZJyk6lasfSHt4IWqYE4hBbkLjtIM34LI9Va9kViH_c1SUI9sRl9bf-DD5EpXDnROy5x4EPqs8FKigdinKySOQbY8bBJL3MgWrKFP7_fpfrgVvo4EPUqN2BBLRHurL9XWY5g0qv7I2U71kqSfxR3Hx-bZwcxig',
)
const jwk = { kty: 'RSA', n, e: 'AQAB' }
const key = fromJwk(jwk) as PublicKey
const sample = utf8('sample')

const backends = Object.entries(rsaBackends) as [string, RsaBackend][]
const answers = async (made: Bytes, message: Bytes, bytes: Bytes = key.bytes) =>
  Object.fromEntries(
    await Promise.all(
      backends.map(
        async ([name, backend]) => [name, await verifyRsa(made, message, bytes, backend)] as const,
      ),
    ),
  )
const all = (answer: boolean) => ({ node: answer, webcrypto: answer, plain: answer })

describe('RS256', () => {
  test('the known signature holds on every backend, and for no other message', async () => {
    expect(await answers(signature, sample)).toEqual(all(true))
    expect(await answers(signature, utf8('Sample'))).toEqual(all(false))
    expect(await verifySignature(key, sample, signature)).toBe(true)
  })

  test('a changed, shorter, longer or too great signature does not', async () => {
    for (const at of [0, 1, 100, 255]) {
      const changed = signature.slice()
      changed[at] = (changed[at] as number) ^ 1
      expect(await answers(changed, sample)).toEqual(all(false))
    }
    for (const made of [
      signature.subarray(1),
      concat(Uint8Array.of(0), signature),
      new Uint8Array(256),
      new Uint8Array(256).fill(0xff),
      new Uint8Array(),
    ]) {
      expect(await answers(made, sample)).toEqual(all(false))
    }
  })

  test('with the exponent 3 a forged padding is not let through', async () => {
    // 2^2039 has a cube root too short for the modulus: the block starts right and ends in anything.
    const weak = rsaKey({ n: decode(n), e: Uint8Array.of(3) }) as Bytes
    expect(
      await answers(concat(new Uint8Array(170), Uint8Array.of(1), new Uint8Array(85)), sample, weak),
    ).toEqual(all(false))
  })
})

describe('an RSA key', () => {
  test('is read from a JWK, written as one, and known to others', async () => {
    expect(key.algorithm).toBe('RSA')
    expect(toJwk(key)).toEqual(jwk)
    expect(rsaNumbers(key.bytes)).toEqual({ n: decode(n), e: decode('AQAB') })
    expect(createPublicKey({ key: toJwk(key), format: 'jwk' }).asymmetricKeyDetails?.modulusLength).toBe(2048)
    expect(await thumbprint(key)).toMatch(/^[\w-]{43}$/)
    expect(await thumbprint(fromJwk({ ...jwk, kid: 'k', alg: 'RS256', use: 'sig' }) as PublicKey)).toBe(
      await thumbprint(key),
    )
    expect(keyOfMethod({ type: 'JsonWebKey', publicKeyJwk: jwk })).toEqual(key)
  })

  test('CID-4: its thumbprint is that of RFC 7638, section 3.1', async () => {
    const example = {
      kty: 'RSA',
      n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
      e: 'AQAB',
      alg: 'RS256',
      kid: '2011-04-29',
    }
    expect(await thumbprint(fromJwk(example) as PublicKey)).toBe(
      'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
    )
  })

  const modulus = decode(n)
  const even = modulus.with(-1, 0) as Bytes
  const from = (bytes: Bytes) => ({ ...jwk, n: toBase64url(bytes) })
  test.each<[what: string, value: Json]>([
    ['2047 bits', from(modulus.with(0, 0x7f) as Bytes)],
    ['1024 bits', from(modulus.subarray(0, 128).with(-1, 1) as Bytes)],
    ['4097 bits', from(concat(Uint8Array.of(1), modulus, modulus))],
    ['6000 bits', from(concat(modulus, modulus, modulus))],
    ['a leading zero in its modulus', from(concat(Uint8Array.of(0), modulus))],
    ['an even modulus', from(even)],
    ['no modulus', { kty: 'RSA', e: 'AQAB' }],
    ['an empty modulus', { ...jwk, n: '' }],
    ['no exponent', { kty: 'RSA', n }],
    ['an empty exponent', { ...jwk, e: '' }],
    ['the exponent 1', { ...jwk, e: 'AQ' }],
    ['an even exponent', { ...jwk, e: 'AQAA' }],
    ['an exponent of five bytes', { ...jwk, e: 'AQAAAAE' }],
    ['a leading zero in its exponent', { ...jwk, e: 'AAEAAQ' }],
    ['padding', { ...jwk, n: `${n}=` }],
    ['a number for a modulus', { ...jwk, n: 5 }],
    ['the algorithm PS256', { ...jwk, alg: 'PS256' }],
    ['the algorithm RS512', { ...jwk, alg: 'RS512' }],
    ['the use enc', { ...jwk, use: 'enc' }],
    ['a private exponent', { ...jwk, d: 'AQAB' }],
    ['a prime', { ...jwk, p: 'AQAB' }],
  ])('with %s is none', (_what, value) => {
    expect(fromJwk(value)).toBeNull()
  })

  test('of 4096 bits is one', () => {
    expect(fromJwk(from(concat(modulus, modulus)))?.algorithm).toBe('RSA')
  })
})

test('a JWS with RS256 is judged by its key, and by no other algorithm', async () => {
  const part = (value: Json) => toBase64url(utf8(JSON.stringify(value)))
  const opened = openJws(`${part({ alg: 'RS256' })}.${part({})}.${toBase64url(signature)}`)
  if (!opened.ok) throw new Error(opened.detail)
  expect(await verifyJws(opened.jws, key)).toBe('signature_mismatch')
  expect(await verifyJws({ ...opened.jws, signingInput: sample }, key)).toBe('good')
  for (const alg of ['ES256', 'HS256', 'none', 'RS384', 'PS256']) {
    expect(await verifyJws({ ...opened.jws, header: { alg }, signingInput: sample }, key)).toBe(
      'key_algorithm',
    )
  }
})

describe('other runtimes', () => {
  afterEach(() => {
    vi.doUnmock('../../src/base/platform.ts')
    vi.resetModules()
  })

  test.each<[name: string, subtleCrypto: SubtleCrypto | undefined]>([
    ['webcrypto', globalThis.crypto.subtle],
    ['plain', undefined],
  ])('without what is faster %s verifies', async (name, subtleCrypto) => {
    vi.resetModules()
    vi.doMock('../../src/base/platform.ts', () => ({ nodeCrypto: undefined, subtleCrypto }))
    const there = await import('../../src/key/rsa-verify.ts')
    expect(Object.keys(there.rsaBackends)[0]).toBe(name)
    expect(await there.verifyRsa(signature, sample, key.bytes)).toBe(true)
    expect(await there.verifyRsa(signature, utf8('x'), key.bytes)).toBe(false)
  })
})

describe.skipIf(!sharedIsHere)('published vectors of RSA', () => {
  test('the keys of the did:key vectors are read', () => {
    const rows = Object.values(sharedJson('vectors/did-key/rsa.json')) as { publicKeyJwk: Json }[]
    expect(rows.map(({ publicKeyJwk }) => toJwk(fromJwk(publicKeyJwk) as PublicKey))).toEqual(
      rows.map(({ publicKeyJwk }) => expect.objectContaining(publicKeyJwk as object)),
    )
    expect(rows).toHaveLength(2)
    knownAnswers('RSA keys').holds('did-key/rsa.json', ['keys 1', 'keys 2'])
  })
})
