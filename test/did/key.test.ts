import { describe, expect, test } from 'vitest'
import { type Bytes, fromBase58, fromHex, toBase58 } from '../../src/base/bytes.ts'
import type { Did } from '../../src/base/did-url.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { findMethod } from '../../src/did/document.ts'
import { keyDocument } from '../../src/did/key.ts'
import { fromJwk, type PublicKey } from '../../src/key/public-key.ts'
import { generateSigner, signerOfSeed } from '../../src/key/signer.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

const multikey = 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
const did: Did = `did:key:${multikey}`
const method = `${did}#${multikey}`
const secret = signerOfSeed(new Uint8Array(32).fill(1)).exportSecret()
/** A Multikey of any header over bytes that are no point: x is beyond the field. */
const toBase58Key = (header: readonly number[], size: number): string =>
  `z${toBase58(Uint8Array.from([...header, 2, ...Array(size - 1).fill(0xff)]))}`

describe('the document of a did:key', () => {
  test('KEY-3, KEY-4: lists its one key for everything but encryption', () => {
    expect(keyDocument(did)).toEqual({
      '@context': ['https://www.w3.org/ns/did/v1.1'],
      id: did,
      verificationMethod: [{ id: method, type: 'Multikey', controller: did, publicKeyMultibase: multikey }],
      authentication: [method],
      assertionMethod: [method],
      capabilityInvocation: [method],
      capabilityDelegation: [method],
    })
  })

  test.each(['Ed25519', 'P-256', 'P-384'] as const)(
    'KEY-3: gives the key of a generated signer of %s back',
    async (algorithm) => {
      const signer = await generateSigner(algorithm)
      const found = findMethod(keyDocument(signer.controller), signer.verificationMethod, 'assertionMethod')
      expect(found).toEqual({ ok: true, key: signer.publicKey, endsAt: null })
    },
  )

  test.each([
    ['P-256', 'zDnaeXxvmFHMHjqgQTbadpWG7gPHwnga1i7SMwxrV2BSdUjAD'],
    ['P-384', 'z82Lko1Zih46DTosihLwjGn62DKdad1NeJ8TuTfxQX3yQ1zVbMvGJKxdVmNMjceJqCgjRiA'],
  ])('KEY-2: is made for a known key of %s', (algorithm, body) => {
    const name = `did:key:${body}` as Did
    const found = findMethod(keyDocument(name), `${name}#${body}`, 'authentication')
    expect(found).toMatchObject({ ok: true, key: { algorithm } })
  })

  test('KEY-5: knows no other fragment than its body', async () => {
    const other = (await generateSigner()).multikey
    for (const fragment of [other, '0', multikey.slice(1), `${multikey}x`]) {
      expect(findMethod(keyDocument(did), `${did}#${fragment}`, 'assertionMethod')).toMatchObject({
        ok: false,
        fault: 'method_not_found',
      })
    }
  })

  test.each([
    'did:key:1:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
    'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do',
    'did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc',
    'did:key:u7QEua-5uqd3EqJ5TIBQH4ww8jSPY84mlB8gSzZlSqQBiPg',
    'did:key:z',
    'did:key:Z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
    `did:key:${secret}`,
    `did:key:z1${multikey.slice(1)}`,
    `did:key:${toBase58Key([0xed, 0x01], 33)}`,
    `did:key:${toBase58Key([0xed], 33)}`,
    `did:key:${toBase58Key([0x12, 0x00], 33)}`,
    `did:key:${toBase58Key([0x80, 0x24], 33)}`,
    `did:key:${toBase58Key([0xe7, 0x01], 33)}`,
  ])('KEY-1, KEY-2: is not made for %s', (text) => {
    expect(keyDocument(text as Did)).toBeNull()
  })
})

describe.skipIf(!sharedIsHere)('the vectors of did:key', () => {
  const answers = knownAnswers('did:key')
  test('KEY-3, KEY-4: the document is that of the specification without its key for encryption', () => {
    const { keyAgreement: _, ...expected } = sharedJson('vectors/did-key/did-key-spec-2025-example.json')
    expect(keyDocument(expected.id)).toEqual(expected)
    answers.holds('did-key/did-key-spec-2025-example.json')
  })

  test('KEY-6: the older example gives the same key', () => {
    const [older] = sharedJson('vectors/did-key/did-method-key-2022-examples.json')
    const { keyAgreement: _, ...rest } = older
    const name = older.verificationMethod[0].id
    expect(findMethod(keyDocument(older.id), name, 'assertionMethod')).toEqual(
      findMethod(rest, name, 'assertionMethod'),
    )
    answers.holds('did-key/did-method-key-2022-examples.json', older.id)
  })

  const vectors = (file: string): readonly [string, Vector][] =>
    sharedIsHere ? Object.entries(sharedJson(`vectors/did-key/${file}.json`)) : []

  test.each(vectors('nist-curves').filter(([did]) => /:z(Dn|82)/.test(did)))(
    'KEY-6: the key of %s is that of its JWK',
    (did, { didDocument, verificationMethod: { publicKeyJwk, publicKeyBase58 } }) => {
      const found = keyOf(did)
      expect(found).not.toBeNull()
      if (publicKeyJwk !== undefined) expect(found).toEqual(fromJwk(publicKeyJwk))
      else expect(found).toEqual({ algorithm: 'P-256', bytes: fromBase58(publicKeyBase58 as string) })
      expect(didDocument.id).toBe(did)
      answers.holds('did-key/nist-curves.json', did)
    },
  )

  test.each(vectors('ed25519-x25519').filter(([, { seed }]) => seed !== undefined))(
    'KEY-6: the key of %s is that of its seed',
    (did, { seed }) => {
      const signer = signerOfSeed(fromHex(seed) as Bytes)
      expect(keyOf(did)).toEqual(signer.publicKey)
      expect(signer.controller).toBe(did)
      answers.holds('did-key/ed25519-x25519.json', did)
    },
  )

  test('KEY-2: five of P-256, P-384 and five of Ed25519 were among them', () => {
    expect(vectors('nist-curves').filter(([did]) => keyOf(did) !== null)).toHaveLength(5)
    expect(vectors('ed25519-x25519').filter(([did]) => keyOf(did) !== null)).toHaveLength(5)
  })

  test.each([
    ['P-521', 'nist-curves', /^did:key:z2J9/],
    ['secp256k1', 'secp256k1', /^/],
    ['BLS12-381', 'bls12381', /^did:key:z/],
    ['RSA', 'rsa', /^/],
  ] as const)('KEY-2: keys of %s are not taken', (name, file, those) => {
    const entries = vectors(file).filter(([did]) => those.test(did))
    expect(entries.length).toBeGreaterThan(0)
    for (const [did] of entries) {
      expect(keyDocument(did as Did)).toBeNull()
      answers.notApplicable(`did-key/${file}.json`, did, `no key of ours: ${name}`)
    }
  })

  test('KEY-2: keys of X25519 are not taken', () => {
    const dids = Object.keys(sharedJson('vectors/did-key/x25519.json').didDocument)
    expect(dids.length).toBeGreaterThan(0)
    for (const did of dids) expect(keyDocument(did as Did)).toBeNull()
    answers.notApplicable('did-key/x25519.json', dids, 'no key of ours: X25519')
  })
})

interface Vector {
  readonly seed: string
  readonly didDocument: JsonObject
  readonly verificationMethod: { readonly publicKeyJwk?: JsonObject; readonly publicKeyBase58?: string }
}

function keyOf(did: string): PublicKey | null {
  const found = findMethod(keyDocument(did as Did), `${did}#${did.slice(8)}`, 'assertionMethod')
  return found.ok ? found.key : null
}
