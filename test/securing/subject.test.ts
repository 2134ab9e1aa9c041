import { describe, expect, test } from 'vitest'
import { toHex, utf8 } from '../../src/base/bytes.ts'
import { canonicalJson } from '../../src/base/canonical.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { enveloped } from '../../src/securing/envelope.ts'
import { openText } from '../../src/securing/open.ts'
import { anchorSuite, documentSubject, subjectsOf } from '../../src/securing/subject.ts'

const proof = (id: string, more: JsonObject = {}): JsonObject => ({
  type: 'DataIntegrityProof',
  cryptosuite: 'eddsa-jcs-2022',
  id,
  verificationMethod: 'did:key:z6Mk#z6Mk',
  proofPurpose: 'assertionMethod',
  proofValue: 'z3',
  ...more,
})
const [first, second] = [proof('urn:uuid:1'), proof('urn:uuid:2', { proofValue: 'z4' })]
const document = { name: '王小明', '@context': ['https://www.w3.org/ns/credentials/v2'] }
const textOf = (proofs: Json) => JSON.stringify({ ...document, proof: proofs })
const digestsOf = (text: string) => subjectsOf(text).map(({ digest }) => toHex(digest))

const token = 'eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl'
const ofToken = { of: 'jwt', digest: sha256(utf8(token)) }

describe('what an anchor commits to', () => {
  test('is the canonical JSON of a document with one proof', () => {
    expect(subjectsOf(textOf(first))).toEqual([
      {
        of: 'di-jcs',
        digest: sha256(utf8(canonicalJson({ ...document, proof: first }))),
        proof: 'urn:uuid:1',
      },
    ])
  })

  test('is the same however the JSON is written, and whether the proof stands alone or in a list', () => {
    const spaced = JSON.stringify({ proof: [first], ...document }, null, 2)
    expect(digestsOf(spaced)).toEqual(digestsOf(textOf(first)))
  })

  test('stays the same when somebody signs beside it, or puts anchors inside', () => {
    const carrier = proof('urn:uuid:3', { cryptosuite: anchorSuite })
    expect(digestsOf(textOf([second, first, carrier]))).toEqual([
      ...digestsOf(textOf(second)),
      ...digestsOf(textOf(first)),
    ])
  })

  test('changes with every byte of the document and of the proof', () => {
    const all = [
      textOf(first),
      textOf(second),
      textOf({ ...first, proofValue: 'z5' }),
      JSON.stringify({ ...document, name: '王小朋', proof: first }),
      JSON.stringify({ ...document, more: 1, proof: first }),
    ].flatMap(digestsOf)
    expect(new Set(all).size).toBe(all.length)
  })

  test('of a token is the hash of what its issuer signed, whatever is disclosed and whoever presents it', () => {
    expect(subjectsOf(token)).toEqual([ofToken])
    expect(subjectsOf(`${token}\n`)).toEqual([ofToken])
    expect(subjectsOf(utf8(`${token}~WyJzYWx0Il0~`))).toEqual([ofToken])
    expect(subjectsOf(`${token}~WyJzYWx0Il0~${token}`)).toEqual([ofToken])
  })

  test('of an enveloped token is that of the token', () => {
    expect(subjectsOf(JSON.stringify(enveloped(token, 'application/vc+jwt')))).toEqual([ofToken])
    expect(subjectsOf(JSON.stringify(enveloped(`${token}~`, 'application/dc+sd-jwt')))).toEqual([ofToken])
  })

  test.each([
    ['no JSON', 'hello'],
    ['a list', '[]'],
    ['a document without proof', JSON.stringify(document)],
    ['a proof that is no object', textOf('z3')],
    ['only what carries anchors', textOf(proof('urn:uuid:3', { cryptosuite: anchorSuite }))],
    ['an envelope of something else', JSON.stringify({ id: 'data:text/plain,hello' })],
  ])('is nothing for %s', (_what, text) => {
    expect(subjectsOf(text)).toEqual([])
  })

  test('is what an opened document says of each of its signatures', async () => {
    const text = await openText(textOf([first, second, proof('urn:uuid:3', { cryptosuite: anchorSuite })]))
    const opened = text.ok && text.opening.ok ? text.opening.opened : undefined
    expect(opened?.signatures.map(({ subject }) => subject())).toEqual([
      documentSubject(document, first),
      documentSubject(document, second),
    ])
    expect(opened?.unknown).toEqual([])
    expect(opened?.anchors).toEqual([proof('urn:uuid:3', { cryptosuite: anchorSuite })])
  })
})

test('what only carries anchors signs nothing', async () => {
  const text = await openText(textOf(proof('urn:uuid:3', { cryptosuite: anchorSuite })))
  expect(text).toMatchObject({ ok: true, opening: { ok: false, fault: 'proof_missing' } })
})
