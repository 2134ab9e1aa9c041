import { describe, expect, test } from 'vitest'
import { toBase58, toHex } from '../../src/base/bytes.ts'
import type { JsonObject } from '../../src/base/json.ts'
import type { SigningAlgorithm } from '../../src/key/algorithm.ts'
import type { PublicKey } from '../../src/key/public-key.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { addProof, type ProofOptions } from '../../src/securing/add-proof.ts'
import { type DataIntegritySuite, hashInputs, openDataIntegrity } from '../../src/securing/data-integrity.ts'
import {
  contexts,
  copy,
  created,
  document,
  signer as ed25519,
  type Open,
  outcome,
  secure,
  suites,
} from './shared-document.ts'

const v2 = 'https://www.w3.org/ns/credentials/v2'

/** Secrets are 00 01 02 …, as many as the curve takes. */
const signers = {
  'P-256': signerOfSeed(
    Uint8Array.from({ length: 32 }, (_, i) => i),
    {
      algorithm: 'P-256',
      verificationMethod: 'did:web:agency.example#k1',
    },
  ),
  'P-384': signerOfSeed(
    Uint8Array.from({ length: 48 }, (_, i) => i),
    {
      algorithm: 'P-384',
      verificationMethod: 'did:web:agency.example#k1',
    },
  ),
}
type Curve = keyof typeof signers

const sign = (suite: DataIntegritySuite, curve: Curve, options: Partial<ProofOptions> = {}) =>
  addProof(document, { signer: signers[curve], suite, created, contexts, ...options })

interface KnownAnswer {
  readonly suite: DataIntegritySuite
  readonly curve: Curve
  readonly hashData: string
  readonly proofValue: string
}

/** Made once; see also the published vectors and the second opinion. */
const known: readonly KnownAnswer[] = [
  {
    suite: 'ecdsa-rdfc-2019',
    curve: 'P-256',
    hashData:
      '3028b762b9f2f270886690939dda6e80ec70f7bf1de2bcfcd98f4b1ceb21d58018fe1a400d9ee76e71fe565f8efbbd9c27f7a9c9068af5602cf830e5592dd19e',
    proofValue: 'z3ZJQPxVq1Xx5boTmnyKyd4wzMC4hj6vA8vakqoVZqQnoUbfk61z6ZunV438oMTS2MhPya9HyULJmoN22FUvVjJWg',
  },
  {
    suite: 'ecdsa-rdfc-2019',
    curve: 'P-384',
    hashData:
      'bb1980560ca51264dec47a04f268b336793542ecd54c4f99b69463c4582104bc6addc31df65a58cdbf0982d5394ebcb87aeac97ba3982f6449c628244224d86cc960b3e30587a7b750c67b64e2d8fad6af19870431ae3e275b80706feeb2bcda',
    proofValue:
      'zC455RwqzFHhMRJQW9t8VRuSBXumAcrehbX7cwS3XR7Ho1P9VEYi3iRocB7aZRVLPTsi9wiQS5w72RvYeqhNvTkC4YoJ6sE8JUvBPJAoeSpaDZPVGyqFzZcYuPunXSNnGZh3',
  },
  {
    suite: 'ecdsa-jcs-2019',
    curve: 'P-256',
    hashData:
      '301d3cfe76a0fa59e8f8f99b3367b32642685ca3785cebb1b1eadbef8082b908f54c15f73ad5f9553e95af321813f2dd85405be3f77408d8d27a5db59a513779',
    proofValue: 'z3kT7GsxKkMgp5XvEbZhACFJuVR8VAcBmA3BrRGAggbbWaG64V3ohqzE7nz4t7zdqunvzs7sJyqSzsKYs3AMbLg2w',
  },
  {
    suite: 'ecdsa-jcs-2019',
    curve: 'P-384',
    hashData:
      '5babfd878b54098ec41fbac2c6deea241a07852961212536bee7c6a0d3648801ad4c78ff75002e6382863e4e89eae903b184a45cd4341c8035fb97c069f6588dce1f1fcdbfa370f73bf9ceec9a66050cf65223d63800dbedde293c27c98b80e6',
    proofValue:
      'z28G3dEnghWYLdLrGHr8tB2TiaznK5ncYM5YcqoSEFLCBXFfE8BGsWLxLgXyMMY4AoSGZQvVbTxbDYtdAkVxpWKMuy4m8dk5JQREmhRLeaW4x9fnG927r7sA9yfmnr7GES6zb',
  },
]

describe.each(known)('$suite with $curve', ({ suite, curve, hashData, proofValue }) => {
  const other: Curve = curve === 'P-256' ? 'P-384' : 'P-256'
  const judged = (secured: JsonObject, key: PublicKey = signers[curve].publicKey) =>
    outcome(secured, () => key)

  test('EC-1: hashes and signs the known document to the known bytes', async () => {
    const { proof, ...plain } = (await sign(suite, curve)) as Open
    const { proofValue: value, ...config } = proof
    expect(plain).toEqual(document)
    const hashed = await hashInputs(document, config, { algorithm: curve, all: [], contexts })
    expect(hashed.ok && toHex(hashed.hashData)).toBe(hashData)
    expect(value).toBe(proofValue)
    expect(await judged(await sign(suite, curve))).toBe('valid')
  })

  test.each<[what: string, alter: (vc: Open) => unknown, fault: string]>([
    [
      'another name',
      (vc) => {
        vc.credentialSubject.name = '李五'
      },
      'signature_mismatch',
    ],
    ['a member taken away', (vc) => delete vc.validFrom, 'signature_mismatch'],
    [
      'another date of the proof',
      (vc) => {
        vc.proof.created = '2026-03-01T09:00:02Z'
      },
      'signature_mismatch',
    ],
    [
      'a challenge put into the proof',
      (vc) => {
        vc.proof.challenge = 'c'
      },
      'signature_mismatch',
    ],
    [
      'the suite of the other canonical form',
      (vc) => {
        vc.proof.cryptosuite = suite === 'ecdsa-jcs-2019' ? 'ecdsa-rdfc-2019' : 'ecdsa-jcs-2019'
      },
      'signature_mismatch',
    ],
    [
      'a suite of another algorithm',
      (vc) => {
        vc.proof.cryptosuite = 'eddsa-rdfc-2022'
      },
      'key_algorithm',
    ],
    [
      'a signature as DER, a byte longer',
      (vc) => {
        vc.proof.proofValue = `z${toBase58(new Uint8Array(curve === 'P-256' ? 70 : 102).fill(0x30))}`
      },
      'signature_malformed',
    ],
    [
      'a signature of zeros',
      (vc) => {
        vc.proof.proofValue = `z${toBase58(new Uint8Array(curve === 'P-256' ? 64 : 96))}`
      },
      'signature_mismatch',
    ],
    [
      'a signature in base64url',
      (vc) => {
        vc.proof.proofValue = `u${'A'.repeat(86)}`
      },
      'signature_malformed',
    ],
  ])('EC-3: %s after signing does not hold', async (_what, alter, fault) => {
    const secured = copy(await sign(suite, curve))
    alter(secured)
    expect(await judged(secured)).toBe(fault)
  })

  test('a key of another curve, of Ed25519 or of RSA does not fit', async () => {
    const secured = await sign(suite, curve)
    expect(await judged(secured, signers[other].publicKey)).toBe('signature_malformed')
    expect(await judged(secured, ed25519.publicKey)).toBe('key_algorithm')
    expect(await judged(secured, { algorithm: 'RSA', bytes: new Uint8Array(260).fill(1) })).toBe(
      'key_algorithm',
    )
  })

  test('a signer of Ed25519 is refused', async () => {
    await expect(sign(suite, curve, { signer: ed25519 })).rejects.toMatchObject({
      code: 'securing.wrong_algorithm',
      detail: { suite, algorithm: 'Ed25519' },
    })
  })

  test('it signs in chains with the others', async () => {
    const first = await sign(suite, curve, { id: 'urn:a:1' })
    for (const [next, key] of [
      ...suites.map((one) => [one, ed25519] as const),
      [suite, signers[curve]] as const,
    ]) {
      const both = (await addProof(first, {
        signer: { ...key, verificationMethod: 'did:web:agency.example#k2' },
        suite: next,
        created,
        previousProof: 'urn:a:1',
        contexts,
      })) as Open
      const keyOf = (method: string) => (method.endsWith('k2') ? key : signers[curve]).publicKey
      expect(await outcome(both, keyOf)).toBe('valid')
      const changed = copy(both)
      changed.proof[0].created = '2026-03-01T09:00:02Z'
      expect(await outcome(changed, keyOf)).toBe('signature_mismatch')
    }
  })
})

describe('Ed25519Signature2020', () => {
  const legacy: JsonObject = {
    ...document,
    '@context': [v2, 'https://w3id.org/security/suites/ed25519-2020/v1'],
    proof: {
      type: 'Ed25519Signature2020',
      created,
      verificationMethod: 'did:web:agency.example#k1',
      proofPurpose: 'assertionMethod',
      proofValue: 'z3CPyhP3c2DsshD2k5ukjg646YzsnwL615wN2CUMaY7rVyEKAL1oky5oTazADSWJuvGMg5XJqxbL5icZkhtZLvV4v',
    },
  }

  test('a known one verifies under its key', async () => {
    expect(await outcome(legacy)).toBe('valid')
    expect(openDataIntegrity(legacy)).toMatchObject({ ok: true, opened: { unknown: [] } })
    expect(await outcome({ ...legacy, id: 'urn:a:1' })).toBe('signature_mismatch')
    expect(await outcome({ ...legacy, '@context': [v2] })).toBe('context_mismatch')
    expect(await outcome(legacy, () => signers['P-256'].publicKey)).toBe('key_algorithm')
  })

  test('none is made any more', async () => {
    await expect(secure('Ed25519Signature2020')).rejects.toMatchObject({
      code: 'securing.suite_not_made',
      detail: { suite: 'Ed25519Signature2020' },
    })
  })
})

describe('what a verifier expects', () => {
  const shown = (options: Partial<ProofOptions>) =>
    secure('eddsa-jcs-2022', { purpose: 'authentication', ...options })
  const purpose = 'authentication'

  test('DI-4: domain, challenge and nonce are written and signed', async () => {
    for (const suite of suites) {
      const secured = await secure(suite, { domain: ['a.example', 'b.example'], challenge: 'c', nonce: 'n' })
      expect(secured.proof).toMatchObject({ domain: ['a.example', 'b.example'], challenge: 'c', nonce: 'n' })
      expect(await outcome(secured)).toBe('valid')
      for (const change of [{ domain: 'a.example' }, { challenge: 'd' }, { nonce: 'm' }]) {
        const changed = { ...secured, proof: { ...(secured.proof as JsonObject), ...change } }
        expect(await outcome(changed)).toBe('signature_mismatch')
      }
    }
  })

  test.each<
    [
      what: string,
      made: Pick<ProofOptions, 'domain' | 'challenge'>,
      expected: Pick<ProofOptions, 'domain' | 'challenge'>,
      fault: string | undefined,
    ]
  >([
    ['nothing of nothing', {}, {}, undefined],
    ['nothing of something', { domain: 'a.example', challenge: 'c' }, {}, undefined],
    ['the same', { domain: 'a.example', challenge: 'c' }, { domain: 'a.example', challenge: 'c' }, undefined],
    ['a list of the one', { domain: 'a.example' }, { domain: ['a.example'] }, undefined],
    [
      'another order',
      { domain: ['a.example', 'b.example'] },
      { domain: ['b.example', 'a.example'] },
      undefined,
    ],
    ['another domain', { domain: 'a.example' }, { domain: 'b.example' }, 'proof_domain'],
    ['a domain where there is none', {}, { domain: 'a.example' }, 'proof_domain'],
    ['one of two domains', { domain: ['a.example', 'b.example'] }, { domain: 'a.example' }, 'proof_domain'],
    ['a domain more', { domain: 'a.example' }, { domain: ['a.example', 'b.example'] }, 'proof_domain'],
    ['no domain at all', { domain: 'a.example' }, { domain: [] }, 'proof_domain'],
    ['another challenge', { challenge: 'c' }, { challenge: 'd' }, 'proof_challenge'],
    ['a challenge where there is none', {}, { challenge: 'c' }, 'proof_challenge'],
  ])('DI-5: %s expected', async (_what, made, expected, fault) => {
    const opening = openDataIntegrity(await shown(made), { purpose, ...expected })
    expect(opening.ok ? undefined : opening.fault).toBe(fault)
  })

  test('DI-5: the purpose comes first, then the domain, then the challenge', async () => {
    const secured = await shown({ domain: 'a.example', challenge: 'c' })
    const wrong = { domain: 'b.example', challenge: 'd' }
    const faultOf = (expected: object) => {
      const opening = openDataIntegrity(secured, expected)
      return opening.ok ? undefined : opening.fault
    }
    expect(faultOf(wrong)).toBe('proof_purpose')
    expect(faultOf({ ...wrong, purpose })).toBe('proof_domain')
    expect(faultOf({ ...wrong, purpose, domain: 'a.example' })).toBe('proof_challenge')
  })

  test('DI-5: in a set every proof has to be what is expected', async () => {
    const first = await shown({ domain: 'a.example', id: 'urn:a:1' })
    const both = await secure('eddsa-jcs-2022', { purpose: 'authentication', id: 'urn:a:2' }, first)
    expect(openDataIntegrity(both, { purpose, domain: 'a.example' })).toMatchObject({ fault: 'proof_domain' })
  })
})

test('RSA signs no Data Integrity proof', async () => {
  const rsa = { ...ed25519, algorithm: 'RSA' as SigningAlgorithm }
  for (const suite of [...suites, 'ecdsa-rdfc-2019', 'ecdsa-sd-2023'] as const) {
    await expect(secure(suite, { signer: rsa })).rejects.toMatchObject({ code: 'securing.wrong_algorithm' })
    if (suite.startsWith('eddsa')) {
      const key: PublicKey = { algorithm: 'RSA', bytes: new Uint8Array(260).fill(1) }
      expect(await outcome(await secure(suite), () => key)).toBe('key_algorithm')
    }
  }
})
