import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import { type GeneratedSigner, signerOfSeed } from '../../src/key/signer.ts'
import { type ProofOptions, secureText } from '../../src/securing/add-proof.ts'
import { mutated, mutation } from '../verify/mutations.ts'

/** A signer that secured nothing yet, under the same key. */
const fresh = (): GeneratedSigner => signerOfSeed(new Uint8Array(32).fill(7))

const documentOf = (name: string, i = 0): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: `urn:uuid:11111111-2222-4333-8444-00000000000${i}`,
  type: ['VerifiableCredential'],
  issuer: { id: 'did:example:a', name: 'Example' },
  credentialSubject: { id: 'urn:a:1', name, scores: [1, 2.5, true, null], note: 'the same' },
})

type Change = Partial<Omit<ProofOptions, 'signer' | 'contexts'>>

const optionsOf = (signer: GeneratedSigner, change: Change = {}): ProofOptions => ({
  signer,
  suite: 'eddsa-jcs-2022',
  created: '2026-03-02T01:02:03Z' as Instant,
  contexts: contextTable(),
  ...change,
})

/** A signer that knows documents that differ in id and name. */
async function knowing(change: Change = {}): Promise<GeneratedSigner> {
  const signer = fresh()
  for (const [i, name] of ['甲', '乙', '丙'].entries())
    await secureText(documentOf(name, i), optionsOf(signer, change))
  return signer
}

const answer = (document: JsonObject, options: ProofOptions) =>
  secureText(document, options).catch((error: { readonly code?: string }) => ({ code: error.code }))

/** Ed25519 signs the same bytes with the same value. */
async function expectSame(document: JsonObject, change: Change = {}, known: Change = {}) {
  const text = await answer(document, optionsOf(await knowing(known), change))
  expect(text).toEqual(await answer(document, optionsOf(fresh(), change)))
  return text
}

describe('a document of a kind that was secured before is written as in full', () => {
  test.each([
    ['another name', documentOf('丁', 9)],
    ['a quotation mark', documentOf('"')],
    ['a backslash', documentOf('\\')],
    ['a control', documentOf('\u0001')],
    ['a character outside the first plane', documentOf('𠮷')],
    ['U+2028', documentOf('\u2028')],
    ['nothing', documentOf('')],
    ['two thousand characters', documentOf('长'.repeat(2000))],
    ['U+0000 and digits, as the cut is marked', documentOf('\u00000\u0000')],
    ['one member more', { ...documentOf('丁'), name: 'x' }],
    ['one member without a value', { ...documentOf('丁'), name: undefined as unknown as Json }],
    ['one member in another order', Object.fromEntries(Object.entries(documentOf('丁')).reverse())],
    ['another context', { ...documentOf('丁'), '@context': ['https://www.w3.org/ns/credentials/v1'] }],
    ['a number for a text', { ...documentOf('丁'), id: 7 }],
    ['a list for a text', { ...documentOf('丁'), id: ['urn:a:b'] }],
  ] as const)('%s', async (_, document) => {
    expect(typeof (await expectSame(document))).toBe('string')
  })

  test('half a character is refused as in full', async () => {
    expect(await expectSame(documentOf('\ud800'))).toEqual({ code: 'securing.no_canonical_form' })
  })

  test.each<[what: string, change: Change]>([
    ['created', { created: '2026-03-02T01:02:04Z' as Instant }],
    ['id', { id: 'urn:a:p' }],
    ['expires', { expires: '2027-03-02T01:02:04Z' as Instant }],
    ['purpose', { purpose: 'authentication' }],
    ['domain', { domain: 'a.example' }],
    ['domains', { domain: ['a', 'b'] }],
    ['challenge', { challenge: 'c' }],
    ['nonce', { nonce: 'n' }],
  ])('another %s', async (_, change) => {
    await expectSame(documentOf('丁'), change)
    await expectSame(documentOf('丁'), {}, change)
    await expectSame(documentOf('丁'), change, change)
  })

  test('another suite, by which it is refused', async () => {
    expect(await expectSame(documentOf('丁'), { suite: 'eddsa-rdfc-2022' })).toEqual({
      code: 'securing.no_canonical_form',
    })
  })

  test('domains that read alike are not taken for each other', async () => {
    await expectSame(documentOf('丁'), { domain: ['a,b'] }, { domain: ['a', 'b'] })
    await expectSame(documentOf('丁'), { domain: 'a' }, { domain: ['a'] })
  })

  test('what the caller gave stays as it was, and may be changed', async () => {
    const signer = await knowing()
    const document = documentOf('丁') as Record<string, Json>
    await secureText(document, optionsOf(signer))
    expect(document).toEqual(documentOf('丁'))
    document.id = 'urn:a:other'
    expect(await secureText(document, optionsOf(signer))).toBe(await secureText(document, optionsOf(fresh())))
  })
})

test('whatever is changed from one document to the next, both ways write the same', async () => {
  const signer = await knowing()
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      mutation,
      fc.string({ unit: 'binary', maxLength: 8 }),
      async (choice, change, name) => {
        for (const document of [mutated(documentOf('丁'), choice, change), documentOf(name)]) {
          if (typeof document !== 'object' || document === null || Array.isArray(document)) continue
          const given = document as JsonObject
          expect(await answer(given, optionsOf(signer))).toEqual(await answer(given, optionsOf(fresh())))
        }
      },
    ),
    { numRuns: 500, seed: 20261124 },
  )
})
