/** A second opinion on ecdsa-sd-2023: each derives and verifies from the other's base proof, and both refuse what was changed. */
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as peerSuite from '@digitalbazaar/ecdsa-sd-2023-cryptosuite'
import { describe, expect, test } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { toBadge } from '../../src/credential/badge.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { addProof } from '../../src/securing/add-proof.ts'
import { deriveProof } from '../../src/securing/ecdsa-sd.ts'
import { exampleForm, fullCertificate } from '../certificates.ts'
import { controller, method, peerAccepts, peerDerive, peerIssue, peerKey } from './peer.ts'
import { contexts, copy, document, type Open, outcome } from './shared-document.ts'

const date = '2026-04-01T00:00:00Z'

const signing = (signer: unknown, mandatoryPointers: readonly string[]) =>
  new DataIntegrityProof({
    signer,
    date,
    cryptosuite: peerSuite.createSignCryptosuite({ mandatoryPointers }),
  })
const disclosing = (selectivePointers: readonly string[]) =>
  new DataIntegrityProof({ cryptosuite: peerSuite.createDiscloseCryptosuite({ selectivePointers }) })
const verifying = () => new DataIntegrityProof({ cryptosuite: peerSuite.createVerifyCryptosuite() })

const signer = signerOfSeed(new Uint8Array(32).fill(7), { algorithm: 'P-256', verificationMethod: method })
const ourBase = (plain: JsonObject, mandatoryPointers: readonly string[]) =>
  addProof(plain, {
    signer,
    suite: 'ecdsa-sd-2023',
    created: date as Instant,
    contexts,
    selective: {
      mandatoryPointers,
      hmacKey: new Uint8Array(32).fill(9),
      proofKey: signerOfSeed(new Uint8Array(32).fill(8), { algorithm: 'P-256' }),
    },
  })

const ourPart = async (secured: JsonObject, pointers: readonly string[]): Promise<JsonObject> => {
  const derivation = await deriveProof(secured, { pointers, contexts })
  if (!derivation.ok) throw new Error(derivation.fault)
  return derivation.document
}

const small: JsonObject = {
  ...document,
  issuer: { id: controller, name: '某某技能鉴定中心' },
  credentialSubject: {
    id: 'urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020102',
    name: '李四',
    description: '𠮷（x',
  },
}

const rows: readonly {
  readonly what: string
  readonly plain: JsonObject
  readonly mandatory: readonly string[]
  readonly pointers: readonly string[]
}[] = [
  {
    what: 'a small credential',
    plain: small,
    mandatory: ['/issuer', '/validFrom'],
    pointers: ['/credentialSubject/name'],
  },
  {
    what: 'a small credential without anything mandatory but the issuer',
    plain: small,
    mandatory: ['/issuer'],
    pointers: ['/credentialSubject/description'],
  },
  {
    what: 'a full badge',
    plain: toBadge(fullCertificate, exampleForm),
    mandatory: ['/issuer', '/validFrom', '/validUntil', '/credentialStatus'],
    pointers: ['/credentialSubject/achievement/name', '/credentialSubject/result'],
  },
]

const changes: readonly (readonly [what: string, alter: (part: Open) => unknown])[] = [
  [
    'another issuer’s name',
    (vc) => {
      vc.issuer.name = 'other'
    },
  ],
  [
    'something mandatory left out',
    (vc) => {
      delete vc.issuer.name
    },
  ],
  [
    'another date of the proof',
    (vc) => {
      vc.proof.created = '2026-04-01T00:00:01Z'
    },
  ],
  [
    'a statement more',
    (vc) => {
      vc.description = 'more'
    },
  ],
  [
    'a value of another statement',
    (vc) => {
      vc.credentialSubject.name = '王五'
    },
  ],
  [
    'a proof that ends earlier',
    (vc) => {
      vc.proof.proofValue = vc.proof.proofValue.slice(0, -4)
    },
  ],
]

describe.each(rows)('EC-6: ecdsa-sd-2023 on $what', ({ plain, mandatory, pointers }) => {
  test('from our base proof they derive what we derive; all verify, and both refuse them changed', async () => {
    const base = await ourBase(plain, mandatory)
    const ours = await ourPart(base, pointers)
    const theirs = await peerDerive(base, disclosing(pointers), signer.publicKey)
    expect(theirs).toEqual(ours)
    expect(await outcome(ours, () => signer.publicKey)).toBe('valid')
    expect(await peerAccepts(ours, verifying(), signer.publicKey)).toBe(true)
    for (const [change, alter] of changes) {
      const changed = copy(ours)
      alter(changed)
      const judged = await outcome(changed, () => signer.publicKey)
      expect([change, judged === 'valid']).toEqual([change, false])
      expect([change, await peerAccepts(changed, verifying(), signer.publicKey)]).toEqual([change, false])
    }
  })

  test('from their base proof we derive what they derive', async () => {
    const key = await peerKey('P-256')
    const base = await peerIssue(plain, signing(key.signer, mandatory), key)
    const ours = await ourPart(base, pointers)
    expect(await peerDerive(base, disclosing(pointers), key.publicKey)).toEqual(ours)
    expect(await outcome(ours, () => key.publicKey)).toBe('valid')
    expect(await peerAccepts(ours, verifying(), key.publicKey)).toBe(true)
    expect(await outcome(base, () => key.publicKey)).toBe('proof_not_derived')
    expect(await peerAccepts(base, verifying(), key.publicKey)).toBe(false)
  })
})

test('a text that looks like a blank node is signed as it stands by us, and by them as another', async () => {
  const plain = { ...small, description: 'see _:c14n0 there' }
  const shown = await ourPart(await ourBase(plain, ['/issuer']), ['/description'])
  expect(await outcome(shown, () => signer.publicKey)).toBe('valid')
  expect(await peerAccepts(shown, verifying(), signer.publicKey)).toBe(false)
})
