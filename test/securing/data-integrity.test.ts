import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bytes, concat, fromBase58, toBase58, toBase64url, toHex } from '../../src/base/bytes.ts'
import { CertificateError } from '../../src/base/errors.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import type { PublicKey } from '../../src/key/public-key.ts'
import { type Signer, signerOfSeed } from '../../src/key/signer.ts'
import { addProof, secureText } from '../../src/securing/add-proof.ts'
import {
  type DataIntegritySuite,
  dataIntegritySuites,
  hashInputs,
  openDataIntegrity,
  verifyProof,
} from '../../src/securing/data-integrity.ts'
import type { Proof } from '../../src/securing/proof.ts'
import {
  contexts,
  copy,
  created,
  document,
  type Open,
  outcome,
  secure,
  signer,
  suites,
} from './shared-document.ts'

const v2 = 'https://www.w3.org/ns/credentials/v2'

interface KnownAnswer {
  readonly canonicalDocument: string
  readonly canonicalConfig: string
  readonly hashData: string
  readonly proofValue: string
}

/** Made once from the seed 00 01 … 1f; see also the published vectors. */
const known: Readonly<Record<(typeof suites)[number], KnownAnswer>> = {
  'eddsa-jcs-2022': {
    canonicalDocument:
      '{"@context":["https://www.w3.org/ns/credentials/v2"],"credentialSubject":{"description":"no \\"id\\"\\n","name":"李四"},"id":"urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100","issuer":{"id":"did:web:agency.example","name":"某某技能鉴定中心"},"type":["VerifiableCredential"],"validFrom":"2026-03-01T09:00:00Z"}',
    canonicalConfig:
      '{"@context":["https://www.w3.org/ns/credentials/v2"],"created":"2026-03-01T09:00:01Z","cryptosuite":"eddsa-jcs-2022","proofPurpose":"assertionMethod","type":"DataIntegrityProof","verificationMethod":"did:web:agency.example#k1"}',
    hashData:
      '27b434e0f52748b59d3939b7d03ce452bda9b37ad5b9836274f448905a7e883df54c15f73ad5f9553e95af321813f2dd85405be3f77408d8d27a5db59a513779',
    proofValue: 'z43NoZNuPLTUk317KytqnFNMQtSK2xmWC5rfpTUQ4quNcrh2nvSUWKnD8XxkEQJyDnswHuiS1MGGJqBUS3brYH5T8',
  },
  'eddsa-rdfc-2022': {
    canonicalDocument: `<did:web:agency.example> <https://schema.org/name> "某某技能鉴定中心" .
<urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://www.w3.org/2018/credentials#VerifiableCredential> .
<urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100> <https://www.w3.org/2018/credentials#credentialSubject> _:c14n0 .
<urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100> <https://www.w3.org/2018/credentials#issuer> <did:web:agency.example> .
<urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100> <https://www.w3.org/2018/credentials#validFrom> "2026-03-01T09:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
_:c14n0 <https://schema.org/description> "no \\"id\\"\\n" .
_:c14n0 <https://schema.org/name> "李四" .
`,
    canonicalConfig: `_:c14n0 <http://purl.org/dc/terms/created> "2026-03-01T09:00:01Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#DataIntegrityProof> .
_:c14n0 <https://w3id.org/security#cryptosuite> "eddsa-rdfc-2022"^^<https://w3id.org/security#cryptosuiteString> .
_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .
_:c14n0 <https://w3id.org/security#verificationMethod> <did:web:agency.example#k1> .
`,
    hashData:
      'cc3f2ce7eb5cce6c6ab12adff720a1f970b6c053e8aed6dcf7edac65047f89d518fe1a400d9ee76e71fe565f8efbbd9c27f7a9c9068af5602cf830e5592dd19e',
    proofValue: 'z5KmejgiJgpsfetHQx2cs5PkEjLXiTKPKYaVnfYGoCGPp3CAxBw4e1umBa9vtArV6AZBhxTz1T5ppsmoFCWjFarvY',
  },
}

/** The configuration of the known answers, as `addProof` makes it. */
const configOf = (suite: DataIntegritySuite): JsonObject => ({
  type: 'DataIntegrityProof',
  cryptosuite: suite,
  created,
  verificationMethod: 'did:web:agency.example#k1',
  proofPurpose: 'assertionMethod',
  ...(suite === 'eddsa-jcs-2022' && { '@context': [v2] }),
})

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze)
  return Object.freeze(value)
}

test('six suites are known', () => {
  expect([...dataIntegritySuites]).toEqual([
    'eddsa-rdfc-2022',
    'eddsa-jcs-2022',
    'ecdsa-rdfc-2019',
    'ecdsa-jcs-2019',
    'ecdsa-sd-2023',
    'Ed25519Signature2020',
  ])
})

describe.each(suites)('%s', (suite) => {
  const answer = known[suite]

  test('ED-1, RDFC-1: hashes and signs the known document to the known bytes', async () => {
    const hashed = await hashInputs(document, configOf(suite), { algorithm: 'Ed25519', all: [], contexts })
    expect(hashed).toMatchObject({
      ok: true,
      document,
      canonicalDocument: answer.canonicalDocument,
      canonicalConfig: answer.canonicalConfig,
    })
    expect(hashed.ok && toHex(hashed.hashData)).toBe(answer.hashData)
    expect(await secure(suite)).toEqual({
      ...document,
      proof: { ...configOf(suite), proofValue: answer.proofValue },
    })
  })

  test('DI-8, trap 11: verifies it, and answers with the document and the bytes that were signed', async () => {
    const secured = await secure(suite)
    const opening = openDataIntegrity(secured)
    expect(opening).toEqual({
      ok: true,
      opened: { document, proofs: [secured.proof], all: [secured.proof], unknown: [] },
    })
    const result = await verifyProof(document, secured.proof as unknown as Proof, {
      key: signer.publicKey,
      all: [secured.proof as JsonObject],
      contexts,
    })
    expect(result.ok && result.document).toEqual(document)
    expect(result.ok && toHex(result.hashData)).toBe(answer.hashData)
  })

  test('leaves the document that it was given as it was', async () => {
    const given = freeze(copy(document))
    const secured = freeze(await secure(suite, { id: 'urn:a:1' }, given))
    const twice = await secure(suite, { id: 'urn:a:2', previousProof: 'urn:a:1' }, secured)
    expect(given).toEqual(document)
    expect((twice.proof as Json[])[0]).toBe(secured.proof)
    expect(await outcome(freeze(twice))).toBe('valid')
  })

  test('DI-2, DI-3: writes each thing that the caller decides, and signs it', async () => {
    const secured = await secure(suite, {
      id: 'urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020101',
      expires: '2027-03-01T09:00:00Z' as Instant,
      purpose: 'authentication',
    })
    expect(secured.proof).toEqual({
      ...configOf(suite),
      id: 'urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020101',
      expires: '2027-03-01T09:00:00Z',
      proofPurpose: 'authentication',
      proofValue: expect.stringMatching(/^z/),
    })
    expect(openDataIntegrity(secured)).toMatchObject({ ok: false, fault: 'proof_purpose' })
    expect(openDataIntegrity(secured, { purpose: 'authentication' })).toMatchObject({ ok: true })
    expect(openDataIntegrity(await secure(suite), { purpose: 'authentication' })).toMatchObject({
      fault: 'proof_purpose',
    })
  })

  test('a signer that answers by promise signs the same', async () => {
    const slow: Signer = { ...signer, sign: async (bytes) => signer.sign(bytes) }
    expect(await secure(suite, { signer: slow })).toEqual(await secure(suite))
  })

  test.each([0, 63, 65, 71])('a signer that returns %d bytes is refused', async (length) => {
    const wrong: Signer = { ...signer, sign: () => new Uint8Array(length) }
    const error = await secure(suite, { signer: wrong }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(CertificateError)
    expect(error).toMatchObject({ code: 'securing.signer_misbehaves', detail: { bytes: length } })
  })

  test('a signer of another algorithm is refused before it is asked', async () => {
    const other: Signer = {
      ...signer,
      algorithm: 'P-256' as 'Ed25519',
      sign: () => {
        throw new Error('was asked')
      },
    }
    await expect(secure(suite, { signer: other })).rejects.toMatchObject({
      code: 'securing.wrong_algorithm',
      detail: { suite, algorithm: 'P-256' },
    })
  })

  test('ED-2: a proof under a key of another algorithm or of another person does not hold', async () => {
    const other = signerOfSeed(new Uint8Array(32)).publicKey
    expect(await outcome(await secure(suite), () => other)).toBe('signature_mismatch')
    const curve = { ...signer.publicKey, algorithm: 'P-256' } as unknown as PublicKey
    expect(await outcome(await secure(suite), () => curve)).toBe('key_algorithm')
  })

  test('a proof that every verifier would refuse is not made', async () => {
    const first = await secure(suite, { id: 'urn:a:1' })
    const refused = { code: 'securing.proof_refused' }
    await expect(secure(suite, { id: 'urn:a:1' }, first)).rejects.toMatchObject({
      ...refused,
      detail: { fault: 'proof_id_duplicate' },
    })
    // JSON-LD finds the missing scheme before the proof is looked at.
    await expect(secure(suite, { id: 'no url' })).rejects.toBeInstanceOf(CertificateError)
    await expect(secure(suite, { previousProof: [] }, first)).rejects.toMatchObject({
      ...refused,
      detail: { fault: 'proof_chain_broken' },
    })
    await expect(secure(suite, {}, { ...document, proof: null })).rejects.toMatchObject({
      ...refused,
      detail: { fault: 'proof_malformed' },
    })
  })

  test('DI-23: a proof that is not there cannot be vouched for', async () => {
    for (const previousProof of ['urn:a:2', ['urn:a:1', 'urn:a:2']]) {
      const first = await secure(suite, { id: 'urn:a:1' })
      await expect(secure(suite, { previousProof }, first)).rejects.toMatchObject({
        code: 'securing.previous_proof_missing',
        detail: { id: 'urn:a:2' },
      })
    }
  })
})

describe('what is hashed', () => {
  const signatureOver = async (bytes: Bytes): Promise<string> => `z${toBase58(await signer.sign(bytes))}`

  /** Trap 4: what other implementations have signed by mistake. */
  test.each<[what: string, make: (config: Bytes, body: Bytes) => Bytes]>([
    ['the two digests exchanged', (config, body) => concat(body, config)],
    ['the document alone', (_config, body) => body],
    ['the digests in hex', (config, body) => new TextEncoder().encode(toHex(concat(config, body)))],
  ])('trap 4: a signature over %s does not hold', async (_what, make) => {
    for (const suite of suites) {
      const secured = copy(await secure(suite))
      const hashed = await hashInputs(document, configOf(suite), { algorithm: 'Ed25519', all: [], contexts })
      if (!hashed.ok) throw new Error(hashed.detail)
      const { hashData } = hashed
      secured.proof.proofValue = await signatureOver(make(hashData.slice(0, 32), hashData.slice(32)))
      expect(await outcome(secured)).toBe('signature_mismatch')
    }
  })

  test.each<[what: string, config: JsonObject, body: JsonObject]>([
    ['an empty proofValue in the configuration', { proofValue: '' }, {}],
    ['an empty list of proofs in the document', {}, { proof: [] }],
    ['null for proof in the document', {}, { proof: null }],
  ])('DI-22: a JCS signature over %s does not hold', async (_what, config, body) => {
    const suite = 'eddsa-jcs-2022'
    const hashed = await hashInputs(
      { ...document, ...body },
      { ...configOf(suite), ...config },
      { algorithm: 'Ed25519', all: [], contexts },
    )
    if (!hashed.ok) throw new Error(hashed.detail)
    const secured = copy(await secure(suite))
    secured.proof.proofValue = await signatureOver(hashed.hashData)
    expect(await outcome(secured)).toBe('signature_mismatch')
  })

  test('DI-12: JCS takes a document without contexts, RDFC does not', async () => {
    const plain = { a: [1, 'x', { b: null }] }
    const secured = await secure('eddsa-jcs-2022', {}, plain)
    expect(secured.proof).not.toHaveProperty('@context')
    expect(await outcome(secured)).toBe('valid')
    await expect(secure('eddsa-rdfc-2022', {}, plain)).rejects.toMatchObject({
      code: 'securing.no_canonical_form',
      detail: { fault: 'data_loss', what: 'invalid property' },
    })
  })

  test('ED-5: a single context is signed as it stands and compared as a list of one', async () => {
    const secured = copy(await secure('eddsa-jcs-2022', {}, { ...document, '@context': v2 }))
    expect(secured.proof['@context']).toBe(v2)
    expect(await outcome(secured)).toBe('valid')
    secured['@context'] = [v2]
    expect(await outcome(secured)).toBe('valid')
    secured.proof['@context'] = [v2]
    expect(await outcome(secured)).toBe('signature_mismatch')
  })

  test('DI-10: data that RDFC would lose is refused when signing', async () => {
    await expect(secure('eddsa-rdfc-2022', {}, { ...document, grade: 1 })).rejects.toMatchObject({
      code: 'securing.no_canonical_form',
      detail: { fault: 'data_loss', what: 'invalid property' },
    })
    await expect(
      secure('eddsa-rdfc-2022', {}, { ...document, '@context': [v2, 'https://a.example/ctx'] }),
    ).rejects.toMatchObject({
      code: 'securing.no_canonical_form',
      detail: { fault: 'context_not_at_hand', what: 'https://a.example/ctx' },
    })
  })
})

describe('sets and chains', () => {
  const second = signerOfSeed(new Uint8Array(32).fill(2), { verificationMethod: 'did:web:agency.example#k2' })
  const keyOf = (method: string): PublicKey => (method.endsWith('#k2') ? second : signer).publicKey
  const pairs = suites.flatMap((one) => suites.map((other) => [one, other] as const))

  /** Two proofs that stand beside each other, and a third that vouches for both. */
  async function chain(one: DataIntegritySuite, other: DataIntegritySuite): Promise<Open> {
    const first = await secure(one, { id: 'urn:a:1' })
    const both = await secure(other, { id: 'urn:a:2', signer: second }, first)
    return copy(await secure(other, { previousProof: ['urn:a:2', 'urn:a:1'], signer: second }, both))
  }

  test.each(pairs)('DI-20, DI-21: a set and a chain of %s and %s hold', async (one, other) => {
    const secured = await chain(one, other)
    expect(secured.proof).toHaveLength(3)
    expect(await outcome(secured, keyOf)).toBe('valid')
    expect(await outcome({ ...secured, proof: secured.proof.slice(0, 2) }, keyOf)).toBe('valid')
    expect(await outcome({ ...secured, proof: secured.proof.slice(0, 2).reverse() }, keyOf)).toBe('valid')
    expect(await outcome({ ...secured, proof: secured.proof[1] }, keyOf)).toBe('valid')
    expect(await outcome(secured)).toBe('signature_mismatch')
  })

  test.each<[change: string, alter: (proofs: Open[]) => unknown, fault: string]>([
    ['an earlier proof removed', (proofs) => proofs.shift(), 'proof_chain_broken'],
    [
      'the value of an earlier proof exchanged',
      (proofs) => {
        proofs[0].proofValue = proofs[1].proofValue
      },
      'signature_mismatch',
    ],
    ['one name taken from previousProof', (proofs) => proofs[2].previousProof.pop(), 'signature_mismatch'],
    [
      'previousProof taken away',
      (proofs) => {
        delete proofs[2].previousProof
      },
      'signature_mismatch',
    ],
    [
      'an earlier proof replaced by one that holds as well',
      (proofs) => {
        proofs[0] = { ...proofs[1], id: 'urn:a:1' }
      },
      'signature_mismatch',
    ],
  ])('DI-23, trap 10: a chain with %s does not hold', async (_change, alter, fault) => {
    for (const [one, other] of pairs) {
      const secured = await chain(one, other)
      alter(secured.proof)
      expect(await outcome(secured, keyOf)).toBe(fault)
    }
  })

  test('the dependent proof alone speaks of a changed predecessor', async () => {
    for (const [one, other] of pairs) {
      const secured = await chain(one, other)
      // The first is replaced by a good proof of another moment, so only what vouched for the old one breaks.
      const later = await secure(one, { id: 'urn:a:1', created: '2026-03-01T09:00:02Z' as Instant })
      secured.proof[0] = later.proof
      expect(await outcome({ ...secured, proof: secured.proof.slice(0, 2) }, keyOf)).toBe('valid')
      expect(await outcome(secured, keyOf)).toBe('signature_mismatch')
    }
  })

  test('DI-22: under JCS the earlier proofs are signed in the order of the document', async () => {
    const secured = await chain('eddsa-jcs-2022', 'eddsa-jcs-2022')
    const [a, b, c] = secured.proof
    expect(await outcome({ ...secured, proof: [c, a, b] }, keyOf)).toBe('valid')
    expect(await outcome({ ...secured, proof: [b, a, c] }, keyOf)).toBe('signature_mismatch')
  })

  test('DI-21: one earlier proof is signed as a list', async () => {
    const first = await secure('eddsa-jcs-2022', { id: 'urn:a:1' })
    const config = { ...configOf('eddsa-jcs-2022'), previousProof: 'urn:a:1' }
    const all = [first.proof as JsonObject]
    const hashed = await hashInputs(document, config, { algorithm: 'Ed25519', all, contexts })
    expect(hashed.ok && JSON.parse(String(hashed.canonicalDocument)).proof).toEqual([first.proof])
  })
})

type Alter = (secured: Open) => unknown

describe('one change after signing', () => {
  const both: readonly [change: string, alter: Alter, fault: string][] = [
    ['nothing', () => undefined, 'valid'],
    [
      'another name',
      (vc) => {
        vc.credentialSubject.name = '李五'
      },
      'signature_mismatch',
    ],
    [
      'trap 16: a name in another Unicode form',
      (vc) => {
        vc.credentialSubject.description = 'no "id"\r\n'
      },
      'signature_mismatch',
    ],
    ['a member taken away', (vc) => delete vc.validFrom, 'signature_mismatch'],
    [
      'a member added that the contexts define',
      (vc) => {
        vc.validUntil = '2027-01-01T00:00:00Z'
      },
      'signature_mismatch',
    ],
    [
      'another issuer',
      (vc) => {
        vc.issuer.id = 'did:web:other.example'
      },
      'signature_mismatch',
    ],
    [
      'another date of the proof',
      (vc) => {
        vc.proof.created = '2026-03-01T09:00:02Z'
      },
      'signature_mismatch',
    ],
    ['no date of the proof', (vc) => delete vc.proof.created, 'signature_mismatch'],
    [
      'an end for the proof',
      (vc) => {
        vc.proof.expires = '2030-01-01T00:00:00Z'
      },
      'signature_mismatch',
    ],
    [
      'another method named',
      (vc) => {
        vc.proof.verificationMethod = 'did:web:agency.example#k2'
      },
      'signature_mismatch',
    ],
    [
      'an id given to the proof',
      (vc) => {
        vc.proof.id = 'urn:a:1'
      },
      'signature_mismatch',
    ],
    [
      'a domain given to the proof',
      (vc) => {
        vc.proof.domain = 'a.example'
      },
      'signature_mismatch',
    ],
    [
      'the other suite named',
      (vc) => {
        vc.proof.cryptosuite = suites.find((suite) => suite !== vc.proof.cryptosuite)
      },
      'signature_mismatch',
    ],
    [
      'another signature of the same signer',
      async (vc) => {
        vc.proof.proofValue = `z${toBase58(await signer.sign(new Uint8Array(64)))}`
      },
      'signature_mismatch',
    ],
    ...(
      [
        ['in base64url', (value) => `u${toBase64url(fromBase58(value.slice(1)) as Bytes)}`],
        ['without a prefix', (value) => value.slice(1)],
        ['of 63 bytes', (value) => `z${toBase58((fromBase58(value.slice(1)) as Bytes).slice(1))}`],
        [
          'of 65 bytes',
          (value) => `z${toBase58(concat(fromBase58(value.slice(1)) as Bytes, Uint8Array.of(1)))}`,
        ],
        ['with a leading 1', (value) => `z1${value.slice(1)}`],
        ['with a letter that base58 has not', (value) => value.replace(/.$/, '0')],
        ['with a line break at the end', (value) => `${value}\n`],
        ['of nothing', () => ''],
        ['of the prefix alone', () => 'z'],
        ['of 4000 characters', () => 'z'.padEnd(4000, '2')],
      ] as [string, (value: string) => string][]
    ).map(([what, make]): [string, Alter, string] => [
      `ED-1: a proofValue ${what}`,
      (vc) => {
        vc.proof.proofValue = make(vc.proof.proofValue)
      },
      'signature_malformed',
    ]),
  ]
  const table: Readonly<Record<(typeof suites)[number], readonly [string, Alter, string][]>> = {
    'eddsa-jcs-2022': [
      ...both,
      [
        'trap 8: a proof in the subject, which is data',
        (vc) => {
          vc.credentialSubject.proof = vc.proof
        },
        'signature_mismatch',
      ],
      [
        'a member that no context defines',
        (vc) => {
          vc.credentialSubject.grade = 1
        },
        'signature_mismatch',
      ],
      [
        'trap 7: a list of one in place of its member',
        (vc) => {
          vc.credentialSubject = [vc.credentialSubject]
        },
        'signature_mismatch',
      ],
      [
        'a type in place of a list of one',
        (vc) => {
          vc.type = 'VerifiableCredential'
        },
        'signature_mismatch',
      ],
      [
        'an inline context in the subject',
        (vc) => {
          vc.credentialSubject['@context'] = {}
        },
        'signature_mismatch',
      ],
      ['the contexts taken from the proof', (vc) => delete vc.proof['@context'], 'signature_mismatch'],
      ['the contexts taken from the document', (vc) => delete vc['@context'], 'context_mismatch'],
      [
        'a context put in front',
        (vc) => {
          vc['@context'].unshift('https://a.example/')
        },
        'context_mismatch',
      ],
      [
        'a context put in front of both',
        (vc) => {
          vc['@context'].unshift('https://a.example/')
          vc.proof['@context'].unshift('https://a.example/')
        },
        'signature_mismatch',
      ],
      [
        'a context more in the proof than in the document',
        (vc) => {
          vc.proof['@context'].push('https://a.example/')
        },
        'context_mismatch',
      ],
      [
        'an empty list of contexts in the proof',
        (vc) => {
          vc.proof['@context'] = []
        },
        'signature_mismatch',
      ],
      [
        'the members in another order',
        (vc) => {
          vc.credentialSubject = { description: vc.credentialSubject.description, name: '李四' }
        },
        'valid',
      ],
    ],
    'eddsa-rdfc-2022': [
      ...both,
      [
        'trap 8: a proof in the subject, which is data',
        (vc) => {
          vc.credentialSubject.proof = vc.proof
        },
        'data_loss',
      ],
      [
        'a member that no context defines',
        (vc) => {
          vc.credentialSubject.grade = 1
        },
        'data_loss',
      ],
      [
        'a member of the proof that no context defines',
        (vc) => {
          vc.proof.grade = 1
        },
        'data_loss',
      ],
      [
        'a type that no context defines',
        (vc) => {
          vc.type.push('Grade')
        },
        'data_loss',
      ],
      [
        'a relative id',
        (vc) => {
          vc.credentialSubject.id = 'me'
        },
        'data_loss',
      ],
      [
        'a member that an inline context hides',
        (vc) => {
          vc.credentialSubject['@context'] = { grade: null }
          vc.credentialSubject.grade = 1
        },
        'context_inline',
      ],
      [
        'an inline context that gives a term another meaning',
        (vc) => {
          vc.credentialSubject['@context'] = { name: 'https://schema.org/alternateName' }
        },
        'context_inline',
      ],
      [
        'an inline context with a vocabulary for all terms',
        (vc) => {
          vc.credentialSubject['@context'] = { '@vocab': 'https://a.example/' }
          vc.credentialSubject.grade = 1
        },
        'context_inline',
      ],
      [
        'a context that is not at hand',
        (vc) => {
          vc['@context'].push('https://a.example/')
        },
        'context_not_at_hand',
      ],
      [
        'a keyword that nests',
        (vc) => {
          vc.credentialSubject['@nest'] = { grade: 1 }
        },
        'context_inline',
      ],
      [
        'a keyword that includes',
        (vc) => {
          vc.credentialSubject['@included'] = [{ id: 'urn:a:1', name: 'x' }]
        },
        'context_inline',
      ],
      ['the contexts taken away', (vc) => delete vc['@context'], 'data_loss'],
      [
        'an empty inline context',
        (vc) => {
          vc.credentialSubject['@context'] = {}
        },
        'context_inline',
      ],
      [
        'a context of the document written out',
        (vc) => {
          vc['@context'].push({ grade: 'https://a.example/grade' })
          vc.credentialSubject.grade = 1
        },
        'context_inline',
      ],
      [
        'a pinned context named in the subject',
        (vc) => {
          vc.credentialSubject['@context'] = v2
        },
        'context_inline',
      ],
    ],
  }

  describe.each(suites)('%s', (suite) => {
    test.each(table[suite])('%s', async (_change, alter, fault) => {
      const secured = copy(await secure(suite))
      await alter(secured)
      expect(await outcome(secured)).toBe(fault)
    })
  })

  test('DI-8: contexts after those of a JCS proof verify, and do not come back as signed', async () => {
    const secured = copy(await secure('eddsa-jcs-2022'))
    secured['@context'].push({ name: 'https://a.example/' })
    const { proof, ...opened } = secured
    const result = await verifyProof(opened, proof, { key: signer.publicKey, all: [proof], contexts })
    expect(result).toMatchObject({ ok: true })
    expect(result.ok && result.document).toEqual(document)
  })

  test('a nested proof that was signed as data stays data', async () => {
    for (const suite of suites) {
      const { '@context': _, ...inner } = await secure(suite)
      const secured = copy(await secure(suite, {}, { ...document, credentialSubject: inner }))
      expect(await outcome(secured)).toBe('valid')
      expect(openDataIntegrity(secured)).toMatchObject({ opened: { proofs: [secured.proof] } })
      secured.credentialSubject.proof.created = '2026-03-01T09:00:02Z'
      expect(await outcome(secured)).toBe('signature_mismatch')
      delete secured.credentialSubject.proof
      expect(await outcome(secured)).toBe('signature_mismatch')
    }
  })

  /** RDFC signs what a document says, not its form (trap 7). Who reads one compares it with the form that we write. */
  test.each<[change: string, alter: Alter]>([
    [
      'trap 7: a list of one in place of its member',
      (vc) => {
        vc.credentialSubject = [vc.credentialSubject]
      },
    ],
    [
      'a member that is null',
      (vc) => {
        vc.description = null
      },
    ],
    [
      'a member that is an empty list',
      (vc) => {
        vc.description = []
      },
    ],
  ])('of RDFC %s is seen by nobody but a reader who is strict', async (_change, alter) => {
    const secured = copy(await secure('eddsa-rdfc-2022'))
    alter(secured)
    expect(await outcome(secured)).toBe('valid')
  })
})

/** Where the leaves of a value stand. */
function leaves(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, member]) => leaves(member as Json, [...path, name]))
    : [path]
}

function changeLeaf(secured: Open, path: readonly string[]): void {
  const name = path.at(-1) as string
  const owner = path.slice(0, -1).reduce((at, step) => at[step], secured)
  const value = owner[name]
  owner[name] = typeof value === 'number' ? -value || 1 : typeof value === 'string' ? `${value}x` : 'other'
}

describe('properties', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })

  test('whatever JCS secures opens and verifies, and no leaf of it can be changed', async () => {
    const json = fc.dictionary(
      text.filter((name) => !['proof', '@context', '__proto__', 'constructor', 'prototype'].includes(name)),
      fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' }),
      { maxKeys: 5 },
    )
    await fc.assert(
      fc.asyncProperty(json, fc.nat(), async (body, pick) => {
        const plain = JSON.parse(JSON.stringify(body)) as JsonObject
        const secured = copy(await secure('eddsa-jcs-2022', {}, plain))
        const opening = openDataIntegrity(secured)
        expect(opening.ok && opening.opened.document).toEqual(plain)
        expect(await outcome(secured)).toBe('valid')
        const all = leaves(secured)
        changeLeaf(secured, all[pick % all.length] as string[])
        expect(await outcome(secured)).not.toBe('valid')
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  test('whatever RDFC secures opens and verifies, and no leaf of it can be changed', async () => {
    const body = fc.record({
      name: text,
      description: text,
      issuer: fc.record({ id: fc.webUrl(), name: text }),
      credentialSubject: fc.array(fc.record({ name: text, description: text }), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    await fc.assert(
      fc.asyncProperty(body, fc.nat(), async (members, pick) => {
        const plain: JsonObject = { ...document, ...members }
        const secured = copy(await secure('eddsa-rdfc-2022', {}, plain))
        const opening = openDataIntegrity(secured)
        expect(opening.ok && opening.opened.document).toEqual(plain)
        expect(await outcome(secured)).toBe('valid')
        const all = leaves(secured)
        changeLeaf(secured, all[pick % all.length] as string[])
        expect(await outcome(secured)).not.toBe('valid')
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  test.each(suites)('of the known document secured by %s no leaf at all can be changed', async (suite) => {
    const secured = await secure(suite, { id: 'urn:a:1', expires: '2027-01-01T00:00:00Z' as Instant })
    for (const path of leaves(secured)) {
      const changed = copy(secured)
      changeLeaf(changed, path)
      expect([path.join('/'), await outcome(changed)]).not.toEqual([path.join('/'), 'valid'])
    }
  })
})

describe('half a character', () => {
  test.each<[where: string, document: JsonObject]>([
    ['in a text', { a: '\ud800' }],
    ['in a name', { '\udc00': 1 }],
    ['deep in a list', { a: [{ b: { c: ['x\ud83d'] } }] }],
  ])('%s is not signed, and the caller is told so', async (_where, document) => {
    const options = {
      signer: signerOfSeed(new Uint8Array(32).fill(1)),
      suite: 'eddsa-jcs-2022',
      created: '2026-01-01T00:00:00Z' as Instant,
      contexts: new Map(),
    } as const
    await expect(addProof(document, options)).rejects.toMatchObject({ code: 'securing.no_canonical_form' })
    await expect(secureText(document, options)).rejects.toMatchObject({ code: 'securing.no_canonical_form' })
  })
})
