/** A second opinion on Data Integrity: what they issue we verify, what we issue they verify, and both refuse what was changed. */
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite'
import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020'
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite'
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { describe, expect, test } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { toBadge } from '../../src/credential/badge.ts'
import type { SigningAlgorithm } from '../../src/key/algorithm.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { addProof } from '../../src/securing/add-proof.ts'
import type { DataIntegritySuite } from '../../src/securing/data-integrity.ts'
import { exampleForm, fullCertificate } from '../certificates.ts'
import { controller, method, peerAccepts, peerIssue, peerKey } from './peer.ts'
import { contexts, copy, document, type Open, outcome } from './shared-document.ts'

const date = '2026-04-01T00:00:00Z'

interface Peer {
  readonly suite: DataIntegritySuite
  readonly algorithm: SigningAlgorithm
  readonly signing: (signer: unknown) => unknown
  readonly verifying: () => unknown
}

const integrity = (signing: unknown, verifying: unknown): Pick<Peer, 'signing' | 'verifying'> => ({
  signing: (signer) => new DataIntegrityProof({ signer, cryptosuite: signing, date }),
  verifying: () => new DataIntegrityProof({ cryptosuite: verifying }),
})

const peers: readonly Peer[] = [
  { suite: 'eddsa-rdfc-2022', algorithm: 'Ed25519', ...integrity(eddsaRdfc, eddsaRdfc) },
  {
    suite: 'eddsa-jcs-2022',
    algorithm: 'Ed25519',
    ...integrity(eddsaJcs.createSignCryptosuite(), eddsaJcs.createVerifyCryptosuite()),
  },
  { suite: 'ecdsa-rdfc-2019', algorithm: 'P-256', ...integrity(ecdsaRdfc, ecdsaRdfc) },
  { suite: 'ecdsa-rdfc-2019', algorithm: 'P-384', ...integrity(ecdsaRdfc, ecdsaRdfc) },
]

const documents: readonly (readonly [what: string, document: JsonObject])[] = [
  ['a small credential', { ...document, issuer: { id: controller, name: '某某技能鉴定中心' } }],
  ['a full badge', toBadge(fullCertificate, exampleForm)],
]

/** One change each; what is said, not how it is said, so that it matters to RDFC too. */
const changes: readonly (readonly [what: string, alter: (secured: Open) => unknown])[] = [
  [
    'another name of the holder',
    (vc) => {
      const subject = Array.isArray(vc.credentialSubject) ? vc.credentialSubject[0] : vc.credentialSubject
      if (typeof subject.name === 'string') subject.name = '王五'
      else vc.id = 'urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020199'
    },
  ],
  [
    'another date',
    (vc) => {
      vc.validFrom = '2026-03-03T00:00:00Z'
    },
  ],
  [
    'another date of the proof',
    (vc) => {
      vc.proof.created = '2026-04-01T00:00:01Z'
    },
  ],
  [
    'a member that no context defines',
    (vc) => {
      vc.undefinedMember = 'x'
    },
  ],
]

describe.each(peers)('$suite with $algorithm', ({ suite, algorithm, signing, verifying }) => {
  describe.each(documents)('on %s', (_what, plain) => {
    test('what they issue we verify, and both refuse it changed', async () => {
      const key = await peerKey(algorithm)
      const secured = await peerIssue(plain, signing(key.signer), key)
      expect(await outcome(secured, () => key.publicKey)).toBe('valid')
      expect(await peerAccepts(secured, verifying(), key.publicKey)).toBe(true)
      for (const [change, alter] of changes) {
        const changed = copy(secured)
        alter(changed)
        const ours = await outcome(changed, () => key.publicKey)
        expect([change, ours === 'valid']).toEqual([change, false])
        expect([change, await peerAccepts(changed, verifying(), key.publicKey)]).toEqual([change, false])
      }
    })

    test('what we issue they verify, and both refuse it changed', async () => {
      const seed = new Uint8Array(algorithm === 'P-384' ? 48 : 32).fill(7)
      const signer = signerOfSeed(seed, { algorithm, verificationMethod: method })
      const secured = await addProof(plain, { signer, suite, created: date as Instant, contexts })
      expect(await outcome(secured, () => signer.publicKey)).toBe('valid')
      expect(await peerAccepts(secured, verifying(), signer.publicKey)).toBe(true)
      for (const [change, alter] of changes) {
        const changed = copy(secured)
        alter(changed)
        const ours = await outcome(changed, () => signer.publicKey)
        expect([change, ours === 'valid']).toEqual([change, false])
        expect([change, await peerAccepts(changed, verifying(), signer.publicKey)]).toEqual([change, false])
      }
    })
  })
})

describe('Ed25519Signature2020, which we verify only', () => {
  test.each(documents)(
    'what they issue on %s we verify, and both refuse it changed',
    async (_what, plain) => {
      const key = await peerKey('Ed25519')
      const secured = await peerIssue(plain, new Ed25519Signature2020({ signer: key.signer, date }), key)
      expect(await outcome(secured, () => key.publicKey)).toBe('valid')
      expect(await peerAccepts(secured, new Ed25519Signature2020(), key.publicKey)).toBe(true)
      for (const [change, alter] of changes) {
        const changed = copy(secured)
        alter(changed)
        const ours = await outcome(changed, () => key.publicKey)
        expect([change, ours === 'valid']).toEqual([change, false])
        expect([change, await peerAccepts(changed, new Ed25519Signature2020(), key.publicKey)]).toEqual([
          change,
          false,
        ])
      }
    },
  )
})

describe('at the edges, what we say and what they say', () => {
  const key = signerOfSeed(new Uint8Array(32).fill(7), { verificationMethod: method })
  const [rdfc, jcs] = peers as [Peer, Peer]
  const [, plain] = documents[0] as (typeof documents)[number]
  const sign = async ({ suite }: Peer): Promise<Open> =>
    copy(await addProof(plain, { signer: key, suite, created: date as Instant, contexts }))

  test.each<[what: string, peer: Peer, alter: (vc: Open) => unknown, ours: string, theirs: boolean]>([
    [
      'an empty context below the top, which may become any other',
      rdfc,
      (vc) => {
        vc.credentialSubject['@context'] = {}
      },
      'context_inline',
      true,
    ],
    [
      'a nested member, whose readers look elsewhere',
      rdfc,
      (vc) => {
        vc.credentialSubject = { '@included': [], ...vc.credentialSubject }
      },
      'context_inline',
      true,
    ],
    [
      'contexts after those of a JCS proof, which only the document that comes back leaves out',
      jcs,
      (vc) => {
        vc['@context'].push('https://w3id.org/security/multikey/v1')
      },
      'valid',
      true,
    ],
    [
      'a proof that names no suite we know, beside a good one',
      jcs,
      (vc) => {
        vc.proof = [vc.proof, { type: 'OtherProof', proofPurpose: 'assertionMethod' }]
      },
      'valid',
      true,
    ],
    [
      'no proof in the list',
      rdfc,
      (vc) => {
        vc.proof = []
      },
      'proof_empty',
      false,
    ],
    [
      'two proofs with one id',
      jcs,
      (vc) => {
        vc.proof = [vc.proof, vc.proof].map((proof) => ({ ...proof, id: 'urn:a:1' }))
      },
      'proof_id_duplicate',
      false,
    ],
  ])('%s', async (_what, peer, alter, ours, theirs) => {
    const secured = await sign(peer)
    alter(secured)
    expect([
      await outcome(secured, () => key.publicKey),
      await peerAccepts(secured, peer.verifying(), key.publicKey),
    ]).toEqual([ours, theirs])
  })
})
