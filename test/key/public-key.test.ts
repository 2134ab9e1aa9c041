import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Bytes,
  concat,
  fromBase58,
  fromBase64url,
  fromHex,
  toBase58,
  toBase64url,
  utf8,
} from '../../src/base/bytes.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { ed25519PublicKey } from '../../src/key/ed25519-noble.ts'
import {
  fromJwk,
  fromMultikey,
  keyOfMethod,
  type PublicKey,
  thumbprint,
  toJwk,
  toMultikey,
  verifySignature,
} from '../../src/key/public-key.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

/** RFC 8037, appendix A: the key of RFC 8032, TEST 1. */
const bytes = fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a') as Bytes
const key: PublicKey<'Ed25519'> = { algorithm: 'Ed25519', bytes }
const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
const multikey = 'z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw'

/** Of did:key:zDnaerx9… in Controlled Identifiers 1.0. */
const ecJwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'igrFmi0whuihKnj9R3Om1SoMph72wUGeFaBbzG2vzns',
  y: 'efsX5b10x8yjyrj4ny3pGfLcY7Xby1KzgqOdqnsrJIM',
}
const ecMultikey = 'zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv'

const withHeader = (header: readonly number[], body: Bytes): string =>
  `z${toBase58(concat(Uint8Array.from(header), body))}`

describe('the two published forms of a key', () => {
  test('are those of RFC 8037 and of Controlled Identifiers', () => {
    expect(toJwk(key)).toEqual(jwk)
    expect(toMultikey(key)).toBe(multikey)
    expect(fromJwk(jwk)).toEqual(key)
    expect(fromMultikey(multikey)).toEqual(key)
  })

  test('CID-4: its thumbprint is that of RFC 8037, appendix A.3', async () => {
    expect(await thumbprint(key)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })

  test('every key comes back from both', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const one: PublicKey<'Ed25519'> = { algorithm: 'Ed25519', bytes: ed25519PublicKey(seed as Bytes) }
        expect(toMultikey(one)).toMatch(/^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/)
        expect(fromMultikey(toMultikey(one))).toEqual(one)
        expect(fromJwk(toJwk(one))).toEqual(one)
      }),
      { seed: 1, numRuns: 30 },
    )
  })
})

describe('a Multikey', () => {
  const p256 = { x: fromBase64url(ecJwk.x) as Bytes, y: fromBase64url(ecJwk.y) as Bytes }
  const smallOrder = new Uint8Array(32)
  test.each<[what: string, text: string]>([
    ['nothing', ''],
    ['the multibase prefix alone', 'z'],
    ['the header alone', withHeader([0xed, 0x01], new Uint8Array())],
    ['31 bytes', withHeader([0xed, 0x01], bytes.subarray(1))],
    ['33 bytes', withHeader([0xed, 0x01], concat(bytes, Uint8Array.of(0)))],
    ['the secret header in a public slot', withHeader([0x80, 0x26], bytes)],
    ['the header of X25519', withHeader([0xec, 0x01], bytes)],
    ['the header with its bytes exchanged', withHeader([0x01, 0xed], bytes)],
    ['the first byte of the header and another second', withHeader([0xed, 0x02], bytes)],
    ['no header', `z${toBase58(bytes)}`],
    ['a zero byte in front', `z1${multikey.slice(1)}`],
    ['base64url', `u${toBase64url(concat(Uint8Array.of(0xed, 0x01), bytes))}`],
    ['another multibase prefix', `Z${multikey.slice(1)}`],
    ['no multibase prefix', multikey.slice(1)],
    ['a letter that base58 has not', multikey.replace('w', '0')],
    ['a line break at the end', `${multikey}\n`],
    ['a key of small order', withHeader([0xed, 0x01], smallOrder)],
    ['an encoding that is not canonical', withHeader([0xed, 0x01], new Uint8Array(32).fill(0xff))],
    ['200 characters', `z${'1'.repeat(199)}`],
    ['the header of P-521', withHeader([0x82, 0x24], concat(Uint8Array.of(2), p256.x, p256.x))],
    ['the header of secp256k1', withHeader([0xe7, 0x01], concat(Uint8Array.of(2), p256.x))],
    ['the header of P-384 before a key of P-256', withHeader([0x81, 0x24], concat(Uint8Array.of(2), p256.x))],
    ['a whole point of P-256', withHeader([0x80, 0x24], concat(Uint8Array.of(4), p256.x, p256.y))],
    ['a secret of P-256', withHeader([0x86, 0x26], p256.x)],
    [
      'an x that no point of P-256 has',
      withHeader([0x80, 0x24], concat(Uint8Array.of(2), new Uint8Array(32).fill(1))),
    ],
  ])('EC-5, trap 29, trap 31: with %s is none', (_what, text) => {
    expect(fromMultikey(text)).toBeNull()
  })
})

describe('a JWK', () => {
  test('may say more about its key', () => {
    expect(fromJwk({ ...jwk, kid: 'k1', use: 'sig', alg: 'EdDSA' })).toEqual(key)
  })

  test.each<[what: string, value: Json]>([
    ...['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].map((name): [string, Json] => [
      `the private member ${name}`,
      { ...jwk, [name]: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A' },
    ]),
    ['an empty private member', { ...jwk, d: null }],
    ['another type', { ...jwk, kty: 'EC' }],
    ['another curve', { ...jwk, crv: 'X25519' }],
    ['no curve', { kty: 'OKP', x: jwk.x }],
    ['no x', { kty: 'OKP', crv: 'Ed25519' }],
    ['an x of another type', { ...jwk, x: 5 }],
    ['an x with padding', { ...jwk, x: `${jwk.x}=` }],
    ['an x with trailing bits', { ...jwk, x: `${jwk.x.slice(0, -1)}p` }],
    ['an x of 31 bytes', { ...jwk, x: toBase64url(bytes.subarray(1)) }],
    ['an x of 33 bytes', { ...jwk, x: toBase64url(concat(bytes, Uint8Array.of(0))) }],
    ['an x of small order', { ...jwk, x: toBase64url(new Uint8Array(32)) }],
    ['a list around it', [jwk]],
    ['a text', jwk.x],
    ['null', null],
  ])('CID-4: with %s is none', (_what, value) => {
    expect(fromJwk(value)).toBeNull()
  })
})

describe('a JWK of P-256', () => {
  const ecKey = fromMultikey(ecMultikey)
  const short = (text: string) => toBase64url((fromBase64url(text) as Bytes).subarray(1))
  const long = (text: string) => toBase64url(concat(Uint8Array.of(0), fromBase64url(text) as Bytes))

  test('is read, and written as it was', () => {
    expect(ecKey?.algorithm).toBe('P-256')
    expect(fromJwk(ecJwk)).toEqual(ecKey)
    expect(ecKey && toJwk(ecKey)).toEqual(ecJwk)
    expect(ecKey && toMultikey(ecKey)).toBe(ecMultikey)
  })

  test.each<[what: string, members: JsonObject]>([
    ['its algorithm', { alg: 'ES256' }],
    ['its use', { use: 'sig' }],
    ['its operations', { key_ops: ['verify'] }],
    ['a name', { kid: 'k1' }],
  ])('may say %s', (_what, members) => {
    expect(fromJwk({ ...ecJwk, ...members })).toEqual(ecKey)
  })

  test.each<[what: string, value: JsonObject]>([
    ['a private member', { ...ecJwk, d: 'AA' }],
    ['the algorithm of another curve', { ...ecJwk, alg: 'ES384' }],
    ['the algorithm EdDSA', { ...ecJwk, alg: 'EdDSA' }],
    ['an algorithm with an agreement', { ...ecJwk, alg: 'ECDH-ES' }],
    ['the use enc', { ...ecJwk, use: 'enc' }],
    ['operations without verify', { ...ecJwk, key_ops: ['deriveKey'] }],
    ['an operation in no list', { ...ecJwk, key_ops: 'verify' }],
    ['another curve named', { ...ecJwk, crv: 'P-384' }],
    ['a curve that we do not know', { ...ecJwk, crv: 'secp256k1' }],
    ['the type OKP', { ...ecJwk, kty: 'OKP' }],
    ['no y', { kty: 'EC', crv: 'P-256', x: ecJwk.x }],
    ['a y that is a number', { ...ecJwk, y: 1 }],
    ['a short x', { ...ecJwk, x: short(ecJwk.x) }],
    ['a short y', { ...ecJwk, y: short(ecJwk.y) }],
    ['a long x', { ...ecJwk, x: long(ecJwk.x) }],
    ['a long y', { ...ecJwk, y: long(ecJwk.y) }],
    ['x and y exchanged', { ...ecJwk, x: ecJwk.y, y: ecJwk.x }],
    ['a key of Ed25519 with a y', { ...jwk, y: jwk.x }],
    ['an x beyond all bounds', { ...ecJwk, x: 'A'.repeat(10_000) }],
  ])('CID-4: with %s is none', (_what, value) => {
    expect(fromJwk(value)).toBeNull()
  })
})

describe('the key of a verification method', () => {
  const jsonWebKey = { type: 'JsonWebKey', publicKeyJwk: jwk }
  const multikeyMethod = { type: 'Multikey', publicKeyMultibase: multikey }
  test.each<[what: string, method: JsonObject, read: PublicKey | null]>([
    ['a Multikey', multikeyMethod, key],
    ['a Multikey of the older type', { ...multikeyMethod, type: 'Ed25519VerificationKey2020' }, key],
    ['a JWK', jsonWebKey, key],
    ['a JWK of the older type', { ...jsonWebKey, type: 'JsonWebKey2020' }, key],
    [
      'a JWK that says what it is for',
      { ...jsonWebKey, publicKeyJwk: { ...jwk, alg: 'Ed25519', use: 'sig', key_ops: ['verify'] } },
      key,
    ],
    ['both, though of one key', { ...multikeyMethod, publicKeyJwk: jwk }, null],
    ['neither', { type: 'Multikey' }, null],
    ['a Multikey under the type of a JWK', { ...multikeyMethod, type: 'JsonWebKey' }, null],
    ['a JWK under the type of a Multikey', { ...jsonWebKey, type: 'Multikey' }, null],
    ['a method without a type', { publicKeyMultibase: multikey }, null],
    ['a method of two types', { ...multikeyMethod, type: ['Multikey'] }, null],
    ['a Multikey that is none', { ...multikeyMethod, publicKeyMultibase: 'z6Mk' }, null],
    ['a list of Multikeys', { ...multikeyMethod, publicKeyMultibase: [multikey] }, null],
    ['a null for a Multikey', { ...multikeyMethod, publicKeyMultibase: null }, null],
    ['a JWK that is none', { ...jsonWebKey, publicKeyJwk: multikey }, null],
    ['a private JWK', { ...jsonWebKey, publicKeyJwk: { ...jwk, d: 'AA' } }, null],
    ['a JWK for encryption', { ...jsonWebKey, publicKeyJwk: { ...jwk, use: 'enc' } }, null],
    ['a JWK of another algorithm', { ...jsonWebKey, publicKeyJwk: { ...jwk, alg: 'ES256' } }, null],
    ['a JWK that only signs', { ...jsonWebKey, publicKeyJwk: { ...jwk, key_ops: ['sign'] } }, null],
    ['another form', { type: 'Ed25519VerificationKey2018', publicKeyBase58: toBase58(bytes) }, null],
  ])('CID-2, CID-4: is read from %s', (_what, method, read) => {
    expect(keyOfMethod(method)).toEqual(read)
  })
})

test('a signature is verified under its key and no other', async () => {
  const signature = fromHex(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ) as Bytes
  const other: PublicKey = { algorithm: 'Ed25519', bytes: ed25519PublicKey(new Uint8Array(32)) }
  expect(await verifySignature(key, new Uint8Array(), signature)).toBe(true)
  expect(await verifySignature(key, utf8(' '), signature)).toBe(false)
  expect(await verifySignature(other, new Uint8Array(), signature)).toBe(false)
})

describe.skipIf(!sharedIsHere)('published vectors of keys', () => {
  test('of all multicodec headers only those of the three public keys are let through', () => {
    const rows = sharedJson('vectors/multikey/headers.json') as Record<
      string,
      { header: string; len?: number; prefix: string }
    >
    const bodies = new Map([
      [32, bytes],
      [33, signerOfSeed(bytes, { algorithm: 'P-256' }).publicKey.bytes],
      [49, signerOfSeed(concat(bytes, bytes.subarray(16)), { algorithm: 'P-384' }).publicKey.bytes],
    ])
    const read = Object.entries(rows).flatMap(([name, { header, len, prefix }]) => {
      const body = bodies.get(len ?? 0) ?? new Uint8Array(len ?? 0).fill(7)
      const text = withHeader([...(fromHex(header) as Bytes)], body)
      const one = fromMultikey(text)
      if (one !== null) expect(toMultikey(one).startsWith(prefix)).toBe(true)
      return one === null ? [] : [name]
    })
    expect(read).toEqual(['ed25519-pub', 'p256-pub', 'p384-pub'])
    const answers = knownAnswers('Multikey')
    answers.holds('multikey/headers.json', read)
    const others = Object.keys(rows).filter((name) => !read.includes(name))
    answers.notApplicable('multikey/headers.json', others, 'no public key of ours: refused')
  })

  test('of the methods in Controlled Identifiers 1.0 those of our algorithms are read', () => {
    const methods = (sharedJson('vectors/cid/examples.json') as JsonObject[]).filter(
      ({ publicKeyMultibase, publicKeyJwk }) => (publicKeyMultibase ?? publicKeyJwk) !== undefined,
    )
    const read = methods.map((method) => keyOfMethod(method)?.algorithm ?? null)
    // The JWKs of P-256 and P-384 in the text are made of letters and lie on no curve; BLS and SM2 are not ours.
    expect(read).toEqual(['P-256', 'P-384', 'Ed25519', null, null, null, null, 'Ed25519', null])
  })

  test('the keys of the did:key vectors on P-256 and P-384 are read from every form', () => {
    const rows = Object.entries(sharedJson('vectors/did-key/nist-curves.json')) as [
      string,
      {
        verificationMethod: {
          publicKeyJwk?: JsonObject
          privateKeyJwk?: JsonObject
          publicKeyBase58?: string
        }
      },
    ][]
    const read = rows.flatMap(([did, { verificationMethod }]) => {
      const one = fromMultikey(did.slice('did:key:'.length))
      if (one === null) return []
      const { publicKeyJwk, privateKeyJwk, publicKeyBase58 } = verificationMethod
      if (publicKeyBase58 !== undefined) expect(one.bytes).toEqual(fromBase58(publicKeyBase58))
      else {
        expect(fromJwk(publicKeyJwk as JsonObject)).toEqual(one)
        expect(toJwk(one)).toEqual(publicKeyJwk)
        expect(fromJwk(privateKeyJwk as JsonObject)).toBeNull()
        const secret = fromBase64url((privateKeyJwk as { d: string }).d) as Bytes
        expect(signerOfSeed(secret, { algorithm: one.algorithm }).publicKey).toEqual(one)
      }
      return [one.algorithm]
    })
    expect(read).toEqual(['P-256', 'P-256', 'P-384', 'P-384', 'P-256'])
    expect(rows).toHaveLength(7) // two are of P-521
  })

  test('the keys of the did:key vectors come from their seeds', () => {
    const rows = Object.entries(sharedJson('vectors/did-key/ed25519-x25519.json')) as [
      string,
      { seed: string; verificationKeyPair: { publicKeyBase58?: string; publicKeyJwk?: JsonObject } },
    ][]
    for (const [did, { seed, verificationKeyPair }] of rows) {
      const derived: PublicKey<'Ed25519'> = {
        algorithm: 'Ed25519',
        bytes: ed25519PublicKey(fromHex(seed) as Bytes),
      }
      const { publicKeyBase58, publicKeyJwk } = verificationKeyPair
      if (publicKeyBase58 !== undefined) expect(derived.bytes).toEqual(fromBase58(publicKeyBase58))
      else expect(fromJwk(publicKeyJwk as JsonObject)).toEqual(derived)
      expect(`did:key:${toMultikey(derived)}`).toBe(did)
    }
    expect(rows).toHaveLength(5)
    knownAnswers('did:key').holds(
      'did-key/ed25519-x25519.json',
      rows.map(([did]) => did),
    )
  })
})
