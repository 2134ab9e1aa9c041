import { describe, expect, test } from 'vitest'
import { toBase64url, utf8 } from '../../src/base/bytes.ts'
import type { Did } from '../../src/base/did-url.ts'
import { findMethod } from '../../src/did/document.ts'
import { jwkDocument } from '../../src/did/jwk.ts'
import { fromJwk, toJwk } from '../../src/key/public-key.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

const { publicKey: key } = signerOfSeed(new Uint8Array(32).fill(1))
const jwk = toJwk(key)
const didOf = (text: string): Did => `did:jwk:${toBase64url(utf8(text))}`
const didFor = (value: unknown): Did => didOf(JSON.stringify(value))

describe('the document of a did:jwk', () => {
  test('lists its one key for everything', () => {
    const did: Did =
      'did:jwk:eyJrdHkiOiJPS1AiLCJjcnYiOiJFZDI1NTE5IiwieCI6ImlvamozWFFKOFpYOVV0c3RQTHBkY3NwbkNiOGRsQkliODNTSUFiUVBiMXcifQ'
    const method = `${did}#0`
    const document = jwkDocument(did)
    expect(document).toEqual({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
      id: did,
      verificationMethod: [
        {
          id: method,
          type: 'JsonWebKey2020',
          controller: did,
          publicKeyJwk: { kty: 'OKP', crv: 'Ed25519', x: 'iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w' },
        },
      ],
      assertionMethod: [method],
      authentication: [method],
      capabilityInvocation: [method],
      capabilityDelegation: [method],
      keyAgreement: [method],
    })
  })

  test.each(['Ed25519', 'P-256', 'P-384'] as const)('gives the key of %s back', (algorithm) => {
    const signer = signerOfSeed(new Uint8Array(algorithm === 'P-384' ? 48 : 32).fill(1), { algorithm })
    const did = didFor(toJwk(signer.publicKey))
    const found = findMethod(jwkDocument(did), `${did}#0`, 'assertionMethod')
    expect(found).toEqual({ ok: true, key: signer.publicKey, endsAt: null })
  })

  test('for signing has no place in key agreement, for encryption has no other', () => {
    expect(jwkDocument(didFor({ ...jwk, use: 'sig' }))).not.toHaveProperty('keyAgreement')
    const did = didFor({ ...jwk, use: 'enc' })
    const document = jwkDocument(did)
    expect(document).toMatchObject({ keyAgreement: [`${did}#0`] })
    expect(Object.keys(document ?? {})).toEqual(['@context', 'id', 'verificationMethod', 'keyAgreement'])
    expect(findMethod(document, `${did}#0`, 'assertionMethod')).toMatchObject({
      fault: 'method_not_for_purpose',
    })
  })

  test('names its key #0, whatever `kid` says', () => {
    const did = didFor({ ...jwk, kid: 'k1' })
    expect(findMethod(jwkDocument(did), `${did}#0`, 'assertionMethod')).toMatchObject({ ok: true, key })
    expect(findMethod(jwkDocument(did), `${did}#k1`, 'assertionMethod')).toMatchObject({
      fault: 'method_not_found',
    })
  })

  test('is of that very DID: another spelling of the same key is another DID', () => {
    const spaced = didOf(JSON.stringify(jwk, null, 1))
    expect(findMethod(jwkDocument(spaced), `${spaced}#0`, 'assertionMethod')).toMatchObject({ ok: true, key })
    expect(findMethod(jwkDocument(spaced), `${didFor(jwk)}#0`, 'assertionMethod')).toMatchObject({
      fault: 'document_of_another',
    })
  })

  test.each<[what: string, did: string]>([
    ['nothing', 'did:jwk:'],
    ['padding', `${didFor({ kty: 'OKP' })}=`],
    ['the alphabet of base64', `did:jwk:${Buffer.from('{"kty":"OKP","x":"???>>>"}').toString('base64')}`],
    ['bits that are left over', `${didFor(jwk).slice(0, -1)}R`],
    ['no JSON', didOf('kty')],
    ['bytes that are no text', `did:jwk:${toBase64url(Uint8Array.of(0x22, 0xff, 0x22))}`],
    ['a name twice', didOf('{"kty":"OKP","kty":"EC"}')],
    ['a list', didFor([jwk])],
    ['a text', didFor('OKP')],
    ['no kind of key', didFor({ crv: 'Ed25519', x: jwk.x })],
    ['a symmetric key', didFor({ kty: 'oct', k: 'AA' })],
    ['a symmetric key without its secret', didFor({ kty: 'oct' })],
    ...['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].map((name): [string, string] => [
      `the private member ${name}`,
      didFor({ ...jwk, [name]: 'AA' }),
    ]),
    ['another use', didFor({ ...jwk, use: 'any' })],
    ['a use that objects have', didFor({ ...jwk, use: 'constructor' })],
    ['null for a use', didFor({ ...jwk, use: null })],
    ['more than 2 KiB', didFor({ ...jwk, kid: 'x'.repeat(2048) })],
  ])('is not made for %s', (_what, did) => {
    expect(jwkDocument(did as Did)).toBeNull()
  })

  test('of a key that we do not verify with gives none', () => {
    for (const foreign of [
      { ...jwk, crv: 'X25519' },
      { ...jwk, x: 'AA' },
      { kty: 'RSA', n: 'AA', e: 'AQAB' },
    ]) {
      const did = didFor(foreign)
      expect(findMethod(jwkDocument(did), `${did}#0`, 'assertionMethod')).toMatchObject({
        fault: 'key_malformed',
      })
    }
  })
})

describe.skipIf(!sharedIsHere)('the vectors of did:jwk', () => {
  const corrected = sharedIsHere ? sharedJson('vectors/did-jwk/vectors.corrected.json') : []

  test.each<{ did: Did; didDocument: Record<string, unknown> }>(corrected)('$did', ({ did, didDocument }) => {
    expect(jwkDocument(did)).toEqual(didDocument)
    knownAnswers('did:jwk').holds('did-jwk/vectors.corrected.json', did)
  })

  test('the key is that of the example', () => {
    const [{ did, didDocument }] = corrected
    const found = findMethod(jwkDocument(did), `${did}#0`, 'assertionMethod')
    expect(found).toMatchObject({ ok: true, key: fromJwk(didDocument.verificationMethod[0].publicKeyJwk) })
  })

  test('the source differs by one stray `$`, in the name of the key for authentication', () => {
    const source = sharedJson('vectors/did-jwk/vectors.json')
    const stray = source[0].didDocument.authentication[0]
    expect(stray).toBe(`${source[0].did}#0`.replace('did:jwk:', 'did:jwk:$'))
    source[0].didDocument.authentication = [`${source[0].did}#0`]
    expect(source).toEqual(corrected)
    const reason =
      'broken in the source: a stray `$` in the name of the key for authentication; the corrected copy holds'
    knownAnswers('did:jwk').differs('did-jwk/vectors.json', '', reason)
  })
})
