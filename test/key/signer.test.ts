import { describe, expect, test } from 'vitest'
import { type Bytes, concat, fromHex, toBase58, toHex, utf8 } from '../../src/base/bytes.ts'
import type { DidUrl } from '../../src/base/did-url.ts'
import { CertificateError } from '../../src/base/errors.ts'
import type { SigningAlgorithm } from '../../src/key/algorithm.ts'
import { verifySignature } from '../../src/key/public-key.ts'
import { generateSigner, signerOfSecret, signerOfSeed } from '../../src/key/signer.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

/** RFC 8032, TEST 2. */
const seed = fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb') as Bytes
const secret = `z${toBase58(concat(Uint8Array.of(0x80, 0x26), seed))}`
const message = Uint8Array.of(0x72)
const signature =
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'

describe('a signer of a seed', () => {
  test('is named by its own did:key and signs as RFC 8032 says, each time alike', async () => {
    const signer = signerOfSeed(seed)
    const multikey = 'z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT'
    expect(signer).toMatchObject({
      algorithm: 'Ed25519',
      controller: `did:key:${multikey}`,
      verificationMethod: `did:key:${multikey}#${multikey}`,
      multikey,
    })
    expect(toHex(signer.publicKey.bytes)).toBe(
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    )
    expect(toHex(await signer.sign(message))).toBe(signature)
    expect(toHex(await signer.sign(message))).toBe(signature)
  })

  test('speaks for the DID whose key it is said to be', () => {
    const verificationMethod: DidUrl = 'did:web:cert.agency.example%3A8443:a#k1'
    const signer = signerOfSeed(seed, { verificationMethod })
    expect(signer.controller).toBe('did:web:cert.agency.example%3A8443:a')
    expect(signer.verificationMethod).toBe(verificationMethod)
    expect(signer.multikey).toBe(signerOfSeed(seed).multikey)
  })

  test.each([0, 31, 33, 64])('needs 32 bytes, not %d', (length) => {
    expect(() => signerOfSeed(new Uint8Array(length))).toThrow()
  })
})

describe('a signer of a secret', () => {
  test('is the one that gave the secret', async () => {
    const signer = signerOfSecret(secret, { verificationMethod: 'did:web:a.example#k1' })
    expect(signer.exportSecret()).toBe(secret)
    expect(secret).toMatch(/^z3u2/)
    expect(signer.verificationMethod).toBe('did:web:a.example#k1')
    expect(toHex(await signer.sign(message))).toBe(signature)
  })

  test.each<[what: string, text: string]>([
    ['nothing', ''],
    ['a public Multikey', signerOfSeed(seed).multikey],
    ['no multibase prefix', secret.slice(1)],
    ['another multibase prefix', `u${secret.slice(1)}`],
    ['the header of X25519', `z${toBase58(concat(Uint8Array.of(0x82, 0x26), seed))}`],
    ['the header of P-384', `z${toBase58(concat(Uint8Array.of(0x87, 0x26), seed))}`],
    ['a secret of P-256 that is 0', `z${toBase58(concat(Uint8Array.of(0x86, 0x26), new Uint8Array(32)))}`],
    ['31 bytes', `z${toBase58(concat(Uint8Array.of(0x80, 0x26), seed.subarray(1)))}`],
    ['33 bytes', `z${toBase58(concat(Uint8Array.of(0x80, 0x26), seed, Uint8Array.of(0)))}`],
    ['a zero byte in front', `z1${secret.slice(1)}`],
    ['white space at the end', `${secret}\n`],
    ['a letter that base58 has not', secret.replace('3', '0')],
    ['more characters than are decoded', `z${'2'.repeat(300)}`],
  ])('is refused for %s, and the error does not show the text', (_what, text) => {
    let caught: unknown
    try {
      signerOfSecret(text)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(CertificateError)
    expect(caught).toMatchObject({ code: 'key.secret_malformed', detail: {} })
  })
})

describe('a generated signer', () => {
  test('has a key of its own that verifies what it signs', async () => {
    const [one, other] = await Promise.all([generateSigner(), generateSigner('Ed25519')])
    expect(one.multikey).not.toBe(other.multikey)
    const signed = await one.sign(utf8('a'))
    expect(signed).toHaveLength(64)
    expect(await verifySignature(one.publicKey, utf8('a'), signed)).toBe(true)
    expect(await verifySignature(other.publicKey, utf8('a'), signed)).toBe(false)
    expect(signerOfSecret(one.exportSecret()).controller).toBe(one.controller)
  })
})

describe.each<[algorithm: SigningAlgorithm, prefixes: [secret: RegExp, multikey: RegExp], length: number]>([
  ['P-256', [/^z42t/, /^zDn/], 64],
  ['P-384', [/^z2fa/, /^z82/], 96],
])('a generated signer of %s', (algorithm, [secretPrefix, multikeyPrefix], length) => {
  test('has a key of its own that verifies what it signs, and comes back from its secret', async () => {
    const [one, other] = await Promise.all([generateSigner(algorithm), generateSigner(algorithm)])
    expect(one.algorithm).toBe(algorithm)
    expect(one.multikey).toMatch(multikeyPrefix)
    expect(one.controller).toBe(`did:key:${one.multikey}`)
    expect(one.exportSecret()).toMatch(secretPrefix)
    const signed = await one.sign(utf8('a'))
    expect(signed).toHaveLength(length)
    expect(await verifySignature(one.publicKey, utf8('a'), signed)).toBe(true)
    expect(await verifySignature(other.publicKey, utf8('a'), signed)).toBe(false)
    const again = signerOfSecret(one.exportSecret())
    expect(again.controller).toBe(one.controller)
    expect(await again.sign(utf8('a'))).toEqual(signed)
  })
})

test.skipIf(!sharedIsHere)('the published key pairs are read as pairs', () => {
  const pairs = [
    sharedJson('vectors/di-eddsa/keyPair.json'),
    ...Object.values(sharedJson('vectors/di-eddsa/proof-set-chain/multiKeyPairs.json')),
    sharedJson('vectors/di-ecdsa/p256KeyPair.json'),
    sharedJson('vectors/di-ecdsa/p384KeyPair.json'),
    sharedJson('vectors/di-ecdsa/ecdsa-sd-2023/SDKeyMaterial.json').baseKeyPair,
    sharedJson('vectors/di-ecdsa/ecdsa-sd-2023/SDKeyMaterial.json').proofKeyPair,
  ]
  expect(pairs).toHaveLength(9)
  for (const { publicKeyMultibase, privateKeyMultibase, secretKeyMultibase } of pairs) {
    const secret = privateKeyMultibase ?? secretKeyMultibase
    const signer = signerOfSecret(secret)
    expect(signer.multikey).toBe(publicKeyMultibase)
    expect(signer.exportSecret()).toBe(secret)
  }
  const { holds } = knownAnswers('Multikey')
  holds('di-eddsa/keyPair.json')
  holds('di-eddsa/proof-set-chain/multiKeyPairs.json', [1, 2, 3, 4])
  holds('di-ecdsa/p256KeyPair.json')
  holds('di-ecdsa/p384KeyPair.json')
  holds('di-ecdsa/ecdsa-sd-2023/SDKeyMaterial.json', ['baseKeyPair', 'proofKeyPair'])
})
