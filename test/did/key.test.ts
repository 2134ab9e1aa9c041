import { describe, expect, test } from 'vitest'
import type { Did } from '../../src/base/did-url.ts'
import { findMethod } from '../../src/did/document.ts'
import { keyDocument } from '../../src/did/key.ts'
import { fromMultikey } from '../../src/key/public-key.ts'
import { generateSigner } from '../../src/key/signer.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

const multikey = 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
const did: Did = `did:key:${multikey}`
const method = `${did}#${multikey}`

describe('the document of a did:key', () => {
  test('lists its one key for everything but encryption', () => {
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

  test('gives the key of a generated signer back', async () => {
    const signer = await generateSigner()
    const found = findMethod(keyDocument(signer.controller), signer.verificationMethod, 'assertionMethod')
    expect(found).toEqual({ ok: true, key: signer.publicKey, endsAt: null })
  })

  test('knows no other fragment than its body', async () => {
    const other = (await generateSigner()).multikey
    expect(findMethod(keyDocument(did), `${did}#${other}`, 'assertionMethod')).toMatchObject({
      ok: false,
      fault: 'method_not_found',
    })
  })

  test.each([
    'did:key:1:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
    'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do',
    'did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc',
    'did:key:u7QEua-5uqd3EqJ5TIBQH4ww8jSPY84mlB8gSzZlSqQBiPg',
    'did:key:z',
  ])('is not made for %s', (text) => {
    expect(keyDocument(text as Did)).toBeNull()
  })
})

describe.skipIf(!sharedIsHere)('the vectors of did:key', () => {
  test('the document is that of the specification without its key for encryption', () => {
    const { keyAgreement: _, ...expected } = sharedJson('vectors/did-key/did-key-spec-2025-example.json')
    expect(keyDocument(expected.id)).toEqual(expected)
  })

  test.each([
    ['ed25519-x25519', true],
    ['secp256k1', false],
    ['bls12381', false],
    ['rsa', false],
  ])('of %s the keys are taken: %s', (file, taken) => {
    const dids = Object.keys(sharedJson(`vectors/did-key/${file}.json`)).filter((name) =>
      name.startsWith('did:key:z'),
    )
    expect(dids.length).toBeGreaterThan(0)
    for (const one of dids) {
      expect(keyDocument(one as Did) !== null).toBe(taken)
      expect(fromMultikey(one.slice(8)) !== null).toBe(taken)
    }
  })
})
