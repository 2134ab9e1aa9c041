import { describe, expect, test } from 'vitest'
import { type Bytes, toBase64url } from '../../src/base/bytes.ts'
import { sha256Hex } from '../../src/base/digest.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { type GeneratedSigner, signerOfSeed } from '../../src/key/signer.ts'
import { addProof, type ProofOptions } from '../../src/securing/add-proof.ts'
import { isOverExactText } from '../../src/securing/data-integrity.ts'
import { deriveProof, type SelectiveOptions } from '../../src/securing/ecdsa-sd.ts'
import { type DerivedValue, readProofValue, writeDerivedValue } from '../../src/securing/ecdsa-sd-value.ts'
import type { Proof } from '../../src/securing/proof.ts'
import { contexts, copy, created, document, type Open, outcome } from './shared-document.ts'

/** 32 bytes that count up. */
const counting = (from: number): Bytes => Uint8Array.from({ length: 32 }, (_, i) => from + i)
const p256 = (from: number): GeneratedSigner =>
  signerOfSeed(counting(from), { algorithm: 'P-256', verificationMethod: 'did:web:agency.example#k1' })
const signer = p256(0)
const selective: SelectiveOptions = {
  mandatoryPointers: ['/issuer'],
  hmacKey: counting(64),
  proofKey: p256(32),
}

const baseOf = (
  plain: JsonObject = document,
  changed: Partial<SelectiveOptions> = {},
  options: Partial<ProofOptions> = {},
): Promise<JsonObject> =>
  addProof(plain, {
    signer,
    suite: 'ecdsa-sd-2023',
    created,
    contexts,
    selective: { ...selective, ...changed },
    ...options,
  })

const partOf = async (base: JsonObject, pointers: readonly string[]): Promise<Open> => {
  const derivation = await deriveProof(base, { pointers, contexts })
  if (!derivation.ok) throw new Error(`${derivation.fault}: ${derivation.detail}`)
  return copy(derivation.document)
}

const verified = (secured: JsonObject): Promise<string> => outcome(secured, () => signer.publicKey)

/** Made once; see also the published vectors and the second opinion. */
const known = {
  base: 'a2e89e540725e02f74d4c595a20e4ba2150c25027178653eeb62430d8b4cb0dc',
  shown: {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: 'urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100',
    type: ['VerifiableCredential'],
    issuer: { id: 'did:web:agency.example', name: '某某技能鉴定中心' },
    credentialSubject: { name: '李四' },
    proof: {
      type: 'DataIntegrityProof',
      cryptosuite: 'ecdsa-sd-2023',
      created,
      verificationMethod: 'did:web:agency.example#k1',
      proofPurpose: 'assertionMethod',
      proofValue:
        'u2V0BhVhA3RpmCmKfGR_gjG3JN9V6UJXkBqxUmoQ20mng_IUJcZd-SgMCkqAShsCTLzw1GDru_oHV7JPt54692chhiLqeU1gjgCQDxlWdQW37Vq9xTxRtkXwkq_gYsvsSFgQSlkmEgjCi0liCWEC3dYzHAL2nS1dl3X9PAH_IFiw5XecErbTzjslM6hZK2R0nKByf7Pa2fN8OVIaVrksH_qUjGxOn44PfuKjkx5HZWEDSITDMLd3rx2DMc-IAXzJzJr8qUjJHrkOBbKD3zjQPMkNKnHkw6xsmFZXuETeYNDZRJ4iK5zlKL_SZrjxWiLYHoQBYIEmr6NxeN1UcNJ5toF2aVoTgLKa1gx3jk-8AYggQAydegwABAw',
    },
  },
} as const

describe('EC-6: selective disclosure', () => {
  test('an issuer makes the known base proof, and a holder the known part, which verifies', async () => {
    const base = await baseOf()
    const { proof, ...plain } = base
    expect(plain).toEqual(document)
    expect(sha256Hex((proof as Open).proofValue)).toBe(known.base)
    const part = await partOf(base, ['/credentialSubject/name'])
    expect(part).toEqual(known.shown)
    expect(await verified(part)).toBe('valid')
    expect(isOverExactText(part.proof as Proof)).toBe(false)
  })

  test('a base proof is for its holder alone', async () => {
    expect(await verified(await baseOf())).toBe('proof_not_derived')
  })

  test('another key of the issuer does not fit', async () => {
    const part = await partOf(await baseOf(), ['/credentialSubject/name'])
    expect(await outcome(part, () => p256(1).publicKey)).toBe('signature_mismatch')
    const p384 = signerOfSeed(new Uint8Array(48).fill(1), { algorithm: 'P-384' })
    expect(await outcome(part, () => p384.publicKey)).toBe('key_algorithm')
  })

  test('what is not shown is not in the part, nor in its proof', async () => {
    const part = await partOf(await baseOf(), [])
    expect(Object.keys(part)).toEqual(['@context', 'id', 'type', 'issuer', 'proof'])
    expect(await verified(part)).toBe('valid')
    const read = readProofValue(part.proof.proofValue)
    // What is shown is mandatory, so no statement has a signature of its own.
    expect(read?.kind === 'derived' && read.value.signatures).toEqual([])
  })

  test('without anything mandatory a holder shows what they like, but not nothing', async () => {
    const base = await baseOf(document, { mandatoryPointers: [] })
    expect(await verified(await partOf(base, ['/credentialSubject/name']))).toBe('valid')
    await expect(deriveProof(base, { pointers: [], contexts })).rejects.toMatchObject({
      code: 'securing.nothing_shown',
    })
  })

  test('the whole can be shown', async () => {
    const part = await partOf(await baseOf(), [''])
    const { proof: _, ...shown } = part
    expect(shown).toEqual(document)
    expect(await verified(part)).toBe('valid')
  })

  test('a part cannot be shown in part again', async () => {
    const part = await partOf(await baseOf(), [''])
    expect(await deriveProof(part, { pointers: ['/issuer'], contexts })).toMatchObject({
      ok: false,
      fault: 'base_proof_missing',
    })
  })

  test('beside a base proof others are left out of a part', async () => {
    const ed25519 = signerOfSeed(counting(0), { verificationMethod: 'did:web:agency.example#k2' })
    const both = await addProof(await baseOf(), {
      signer: ed25519,
      suite: 'eddsa-rdfc-2022',
      created,
      contexts,
    })
    expect(both.proof).toHaveLength(2)
    expect(await partOf(both, ['/credentialSubject/name'])).toEqual(known.shown)
  })

  test('texts of every kind are signed as they stand', async () => {
    const plain = {
      ...document,
      credentialSubject: ['_:c14n0', 'a _:b0 .', '<urn:x>', '"\\\n', '𠮷（', 'a" _:x .'].map((name) => ({
        name,
      })),
    }
    const base = await baseOf(plain)
    const part = await partOf(base, ['/credentialSubject/1', '/credentialSubject/5/name'])
    expect(part.credentialSubject).toEqual([{ name: 'a _:b0 .' }, { name: 'a" _:x .' }])
    expect(await verified(part)).toBe('valid')
  })

  test('nodes may have labels of their own, whatever these are', async () => {
    const [one, other, third] = ['_:b0', '_:_n0', '_:c14n0']
    const plain = {
      ...document,
      credentialSubject: [
        { id: one, name: 'a' },
        { id: other, name: 'b' },
        { id: third, name: 'c', description: 'd' },
        { name: 'e' },
      ],
    }
    const base = await baseOf(plain)
    for (const pointers of [
      ['/credentialSubject/0/name'],
      ['/credentialSubject/2'],
      ['/credentialSubject/3'],
      [''],
    ]) {
      expect(await verified(await partOf(base, pointers))).toBe('valid')
    }
    const part = await partOf(base, ['/credentialSubject/2/name', '/credentialSubject/3/name'])
    expect(part.credentialSubject).toEqual([{ name: 'c' }, { name: 'e' }])
  })

  test('nodes that say the same are told apart', async () => {
    const plain = { ...document, credentialSubject: ['a', 'a', 'b', 'b'].map((name) => ({ name })) }
    const base = await baseOf(plain)
    for (const pointers of [
      ['/credentialSubject/0'],
      ['/credentialSubject/1', '/credentialSubject/2'],
      [''],
    ]) {
      expect(await verified(await partOf(base, pointers))).toBe('valid')
    }
  })
})

describe('EC-6: one change of a part', () => {
  const altered = async (alter: (part: Open) => unknown): Promise<string> => {
    const part = await partOf(await baseOf(), ['/credentialSubject/name', '/validFrom'])
    alter(part)
    return verified(part)
  }
  const revalued = (alter: (value: DerivedValue) => Partial<DerivedValue>) =>
    altered((part) => {
      const read = readProofValue(part.proof.proofValue)
      if (read?.kind !== 'derived') throw new Error('no derived proof')
      part.proof.proofValue = writeDerivedValue({ ...read.value, ...alter(read.value) })
    })

  test.each<[what: string, alter: (part: Open) => unknown, fault: string]>([
    ['nothing', () => undefined, 'valid'],
    ['a statement taken away', (part) => delete part.validFrom, 'signature_mismatch'],
    ['a mandatory statement taken away', (part) => delete part.issuer.name, 'signature_mismatch'],
    [
      'another value',
      (part) => Object.assign(part, { validFrom: '2026-03-02T09:00:00Z' }),
      'signature_mismatch',
    ],
    ['another mandatory value', (part) => Object.assign(part.issuer, { name: 'x' }), 'signature_mismatch'],
    ['a statement more', (part) => Object.assign(part, { description: 'x' }), 'signature_mismatch'],
    [
      'what was not shown, guessed wrong',
      (part) => Object.assign(part.credentialSubject, { description: 'x' }),
      'signature_mismatch',
    ],
    ['a member that no context defines', (part) => Object.assign(part, { grade: 1 }), 'data_loss'],
    ['an inline context', (part) => Object.assign(part.issuer, { '@context': {} }), 'context_inline'],
    [
      'another date of the proof',
      (part) => Object.assign(part.proof, { created: '2026-03-01T09:00:02Z' }),
      'signature_mismatch',
    ],
    [
      'an end of the proof',
      (part) => Object.assign(part.proof, { expires: '2036-03-01T09:00:02Z' }),
      'signature_mismatch',
    ],
    [
      'another suite',
      (part) => Object.assign(part.proof, { cryptosuite: 'ecdsa-rdfc-2019' }),
      'signature_malformed',
    ],
    [
      'a value of another suite',
      (part) => Object.assign(part.proof, { proofValue: 'z1' }),
      'signature_malformed',
    ],
    [
      'an earlier proof named',
      (part) => {
        part.proof = [
          { ...part.proof, previousProof: 'urn:a:1' },
          { ...part.proof, id: 'urn:a:1' },
        ]
      },
      'signature_mismatch',
    ],
  ])('%s', async (_what, alter, fault) => {
    expect(await altered(alter)).toBe(fault)
  })

  test.each<[what: string, alter: (value: DerivedValue) => Partial<DerivedValue>, fault: string]>([
    ['nothing in its value', () => ({}), 'valid'],
    ['a signature left out', ({ signatures }) => ({ signatures: signatures.slice(1) }), 'signature_mismatch'],
    [
      'a signature twice',
      ({ signatures }) => ({ signatures: [...signatures, signatures[0] as Bytes] }),
      'signature_mismatch',
    ],
    [
      'signatures in another order',
      ({ signatures }) => ({ signatures: signatures.toReversed() }),
      'signature_mismatch',
    ],
    [
      'what is mandatory called optional',
      ({ mandatoryIndexes }) => ({ mandatoryIndexes: mandatoryIndexes.slice(1) }),
      'signature_mismatch',
    ],
    [
      'an index beyond all statements',
      ({ mandatoryIndexes }) => ({ mandatoryIndexes: [...mandatoryIndexes, 999] }),
      'signature_mismatch',
    ],
    ['no labels', () => ({ labels: new Map() }), 'signature_mismatch'],
    [
      'another label',
      () => ({ labels: new Map([['c14n0', `u${toBase64url(counting(1))}`]]) }),
      'signature_mismatch',
    ],
    ['another base signature', () => ({ baseSignature: new Uint8Array(64).fill(1) }), 'signature_mismatch'],
    ['a base signature of zeros', () => ({ baseSignature: new Uint8Array(64) }), 'signature_mismatch'],
    ['another key of the statements', () => ({ publicKey: keyBytes(p256(1)) }), 'signature_mismatch'],
    [
      'a key of the statements that is none',
      () => ({ publicKey: new Uint8Array(35) }),
      'signature_malformed',
    ],
  ])('%s', async (_what, alter, fault) => {
    expect(await revalued(alter)).toBe(fault)
  })

  test('a node cannot be shown as two, each with a part of what was said of it', async () => {
    const person = { name: 'a', description: 'b' }
    const part = await partOf(await baseOf({ ...document, credentialSubject: person }), [
      '/credentialSubject',
    ])
    expect(await verified(part)).toBe('valid')
    const read = readProofValue(part.proof.proofValue)
    if (read?.kind !== 'derived') throw new Error('no derived proof')
    part.credentialSubject = [{ name: 'a' }, { description: 'b' }]
    const label = read.value.labels.get('c14n0') as string
    const labels = new Map([
      ['c14n0', label],
      ['c14n1', label],
    ])
    part.proof.proofValue = writeDerivedValue({ ...read.value, labels })
    expect(await verified(part)).toBe('signature_malformed')
  })
})

const keyBytes = ({ publicKey }: GeneratedSigner): Bytes => Uint8Array.from([0x80, 0x24, ...publicKey.bytes])

describe('what a caller does wrong', () => {
  const refused = async (making: Promise<unknown>) =>
    making.then(
      () => 'made',
      ({ code, detail }: { code: string; detail: Json }) => [code, detail],
    )

  test.each<[what: string, changed: Partial<SelectiveOptions>, code: string, detail: JsonObject]>([
    [
      'a short HMAC key',
      { hmacKey: new Uint8Array(31) },
      'securing.selective_incomplete',
      { what: 'hmacKey' },
    ],
    [
      'a key of Ed25519 for the statements',
      { proofKey: signerOfSeed(counting(0)) },
      'securing.selective_incomplete',
      { what: 'proofKey' },
    ],
    [
      'a pointer that leads nowhere',
      { mandatoryPointers: ['/other'] },
      'securing.pointer_unmatched',
      { pointer: '/other' },
    ],
    [
      'a pointer into a list of one, which compact form has not',
      { mandatoryPointers: ['/type/0/x'] },
      'securing.pointer_unmatched',
      { pointer: '/type/0/x' },
    ],
    [
      'a key that gives 63 bytes',
      { proofKey: { ...p256(32), sign: () => new Uint8Array(63) } },
      'securing.signer_misbehaves',
      { bytes: 63 },
    ],
  ])('%s is refused by code', async (_what, changed, code, detail) => {
    expect(await refused(baseOf(document, changed))).toEqual([code, detail])
  })

  test('no options for disclosure, another signer, or an earlier proof are refused too', async () => {
    const options = { signer, suite: 'ecdsa-sd-2023', created, contexts } as const
    expect(await refused(addProof(document, options))).toEqual([
      'securing.selective_incomplete',
      { what: 'selective' },
    ])
    const ed25519 = signerOfSeed(counting(0))
    expect(await refused(baseOf(document, {}, { signer: ed25519 }))).toEqual([
      'securing.wrong_algorithm',
      { suite: 'ecdsa-sd-2023', algorithm: 'Ed25519' },
    ])
    const first = await baseOf(document, {}, { id: 'urn:a:1' })
    expect(await refused(baseOf(first, {}, { previousProof: 'urn:a:1' }))).toEqual([
      'securing.selective_incomplete',
      { what: 'previousProof' },
    ])
  })

  test.each<[what: string, plain: JsonObject, fault: string]>([
    ['a term that no context defines', { ...document, grade: 1 }, 'data_loss'],
    ['an inline context', { ...document, '@context': [...document['@context'], {}] }, 'context_inline'],
    [
      'a name that blank nodes get',
      { ...document, credentialSubject: { id: 'urn:bnid:_n0' } },
      'not_json_ld',
    ],
    [
      'a context that is not at hand',
      { ...document, '@context': ['https://a.example/'] },
      'context_not_at_hand',
    ],
  ])('a document with %s is not signed', async (_what, plain, fault) => {
    await expect(baseOf(plain)).rejects.toMatchObject({
      code: 'securing.no_canonical_form',
      detail: { fault },
    })
  })

  test('more than a proof holds is refused', async () => {
    const many = Array.from({ length: 1100 }, (_, i) => ({ id: `urn:a:${i}`, name: 'a' }))
    const refusal = { code: 'securing.too_much_to_sign' }
    await expect(baseOf({ ...document, credentialSubject: many })).rejects.toMatchObject(refusal)
    const mandatoryPointers = Array(1025).fill('/issuer')
    await expect(baseOf(document, { mandatoryPointers })).rejects.toMatchObject(refusal)
  })

  test('a pointer of the holder that leads nowhere is theirs', async () => {
    await expect(deriveProof(await baseOf(), { pointers: ['/other'], contexts })).rejects.toMatchObject({
      code: 'securing.pointer_unmatched',
      detail: { pointer: '/other' },
    })
  })
})

describe('what JSON-LD does with lists', () => {
  const url = 'https://a.example/lists'
  const term = (name: string, container: string) => ({
    [name]: { '@id': `https://a.example/${name}`, '@container': container },
  })
  const withLists = new Map<string, { load: () => Promise<JsonObject> }>([
    ...contexts,
    [
      url,
      { load: async () => ({ '@context': { ...term('ordered', '@list'), ...term('several', '@set') } }) },
    ],
  ])
  const listed = {
    ...document,
    '@context': [...document['@context'], url],
    ordered: ['a', 'b', 'c'],
    several: ['x', 'y'],
  }
  const derive = async (pointers: readonly string[]) =>
    deriveProof(await baseOf(listed, {}, { contexts: withLists }), { pointers, contexts: withLists })

  test('an element of a set can be shown alone', async () => {
    const derivation = await derive(['/several/1'])
    expect(derivation).toMatchObject({ ok: true, document: { several: ['y'] } })
    expect(derivation.ok && (await outcome(derivation.document, () => signer.publicKey, withLists))).toBe(
      'valid',
    )
  })

  test('an element of an ordered list cannot: it would be another list', async () => {
    expect(await derive(['/ordered/1'])).toEqual({
      ok: false,
      fault: 'not_json_ld',
      detail: 'a part that has statements of its own',
    })
  })

  test('a member that compact form moves is not shown as another', async () => {
    // The null is no value, so in compact form the second element is the first.
    const plain = { ...listed, several: [null, 'x', 'y'] }
    const base = await baseOf(plain, {}, { contexts: withLists })
    expect(await deriveProof(base, { pointers: ['/several/1'], contexts: withLists })).toEqual({
      ok: false,
      fault: 'not_json_ld',
      detail: 'as JSON the part says something else',
    })
  })
})

describe('a document that a holder was given', () => {
  test.each<[what: string, alter: (base: Open) => unknown, fault: string]>([
    ['has no proof', (base) => delete base.proof, 'proof_missing'],
    [
      'has a proof of another suite',
      (base) => Object.assign(base.proof, { cryptosuite: 'ecdsa-rdfc-2019' }),
      'proof_suite_unknown',
    ],
    [
      'has two base proofs',
      (base) => Object.assign(base, { proof: [base.proof, base.proof] }),
      'base_proof_missing',
    ],
    [
      'has a value that is none',
      (base) => Object.assign(base.proof, { proofValue: 'uAA' }),
      'base_proof_missing',
    ],
    [
      'has a statement more than signatures',
      (base) => Object.assign(base, { description: 'x' }),
      'signature_malformed',
    ],
    ['has lost what is mandatory', (base) => delete base.issuer, 'signature_malformed'],
    ['says what no context defines', (base) => Object.assign(base, { grade: 1 }), 'data_loss'],
  ])('is refused where it %s', async (_what, alter, fault) => {
    const base = copy(await baseOf())
    alter(base)
    expect(await deriveProof(base, { pointers: ['/validFrom'], contexts })).toMatchObject({
      ok: false,
      fault,
    })
  })
})
