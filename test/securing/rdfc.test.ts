import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { canonicalNQuads, type RdfcFault } from '../../src/securing/rdfc.ts'
import { sharedIsHere, sharedText } from '../shared.ts'
import { contexts, document } from './shared-document.ts'

const v2 = 'https://www.w3.org/ns/credentials/v2'

/** Blank nodes that all point at all, themselves included: rdf-canon's test074 as JSON-LD. */
const clique = (size: number): JsonObject => ({
  '@context': { p: { '@id': 'http:/example.com/p', '@type': '@id' } },
  '@graph': Array.from({ length: size }, (_, i) => ({
    '@id': `_:e${i}`,
    p: Array.from({ length: size }, (_, j) => `_:e${j}`),
  })),
})

describe('canonical N-Quads', () => {
  test('RDFC-1: blank nodes get their labels from what they say, not from where they stand', async () => {
    const people = [{ name: 'a' }, { name: 'b' }]
    const nquads = `_:c14n0 <https://schema.org/name> "a" .
_:c14n1 <https://schema.org/name> "b" .
_:c14n2 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://www.w3.org/2018/credentials#VerifiableCredential> .
_:c14n2 <https://www.w3.org/2018/credentials#credentialSubject> _:c14n0 .
_:c14n2 <https://www.w3.org/2018/credentials#credentialSubject> _:c14n1 .
`
    for (const credentialSubject of [people, people.toReversed()]) {
      const vc = { '@context': [v2], type: ['VerifiableCredential'], credentialSubject }
      expect(await canonicalNQuads(vc, contexts)).toEqual({ ok: true, nquads })
    }
  })

  test.each<[what: string, change: JsonObject, fault: RdfcFault, detail: string]>([
    ['a term that no context defines', { grade: 1 }, 'data_loss', 'invalid property'],
    [
      'a type that no context defines',
      { type: ['VerifiableCredential', 'Grade'] },
      'data_loss',
      'relative @type reference',
    ],
    ['a relative id', { id: 'me' }, 'data_loss', 'relative @id reference'],
    [
      'a context that is not at hand',
      { '@context': [v2, 'https://a.example/c'] },
      'context_not_at_hand',
      'https://a.example/c',
    ],
    [
      'a context that is imported',
      { '@context': [v2, { '@import': 'https://a.example/c' }] },
      'context_not_at_hand',
      'https://a.example/c',
    ],
    ['a context that is a number', { '@context': [5] as Json }, 'not_json_ld', 'jsonld.SyntaxError'],
    [
      'a protected term defined anew',
      { '@context': [v2, { name: 'https://a.example/name' }] },
      'not_json_ld',
      'jsonld.SyntaxError',
    ],
  ])('DI-10, trap 1: %s is refused', async (_what, change, fault, detail) => {
    const changed = { ...document, ...change }
    expect(await canonicalNQuads(changed, contexts, { allowInlineContexts: true })).toEqual({
      ok: false,
      fault,
      detail,
    })
  })

  test.each<[what: string, change: JsonObject, detail: string]>([
    ['a context written out', { '@context': [v2, { grade: 'https://a.example/grade' }] }, '@context'],
    ['an empty context', { '@context': [v2, {}] }, '@context'],
    ['no context but null', { '@context': null }, '@context'],
    ['a context below the top', { credentialSubject: { name: 'a', '@context': v2 } }, '@context'],
    ['a context far below', { credentialSubject: [{ name: [{ '@context': {} }] }] }, '@context'],
    ['a nested member', { credentialSubject: { '@nest': { name: 'a' } } }, '@nest'],
    ['an included node', { '@included': [{ name: 'a' }] }, '@included'],
    ['a reversed member', { credentialSubject: { '@reverse': {} } }, '@reverse'],
    ['a graph', { '@graph': [] }, '@graph'],
    ['a base', { credentialSubject: { '@base': 'https://a.example/' } }, '@base'],
    ['a vocabulary', { credentialSubject: { '@vocab': 'https://a.example/' } }, '@vocab'],
    ['an import', { credentialSubject: { '@import': v2 } }, '@import'],
    ['a context written out in an earlier proof', { proof: [{ '@context': [{}] }] }, '@context'],
    ['a context within an earlier proof', { proof: { nonce: { '@context': v2 } } }, '@context'],
    ['one written out in a credential inside', { verifiableCredential: [{ '@context': [{}] }] }, '@context'],
    ['one deeper in it', { verifiableCredential: { a: { '@context': v2 } } }, '@context'],
    [
      'a URL in place of a term',
      { 'https://w3id.org/security#expiration': 'a' },
      'https://w3id.org/security#expiration',
    ],
    ['a shortened URL below the top', { credentialSubject: { 'cred:holder': 'a' } }, 'cred:holder'],
    ['a URL in an earlier proof', { proof: [{ 'dc:created': 'a' }] }, 'dc:created'],
    ['an id by its keyword', { issuer: { '@id': 'urn:a:1' } }, '@id'],
    ['a type by its keyword', { '@type': 'VerifiableCredential' }, '@type'],
    ['a set by its keyword', { credentialSubject: { '@set': [] } }, '@set'],
    ['one in a list of lists', { verifiableCredential: [[{ '@context': v2 }]] }, '@context'],
  ])('DI-9, trap 2: %s is refused unless the caller allows it', async (_what, change, detail) => {
    const refused = { ok: false, fault: 'context_inline', detail }
    expect(await canonicalNQuads({ ...document, ...change }, contexts)).toEqual(refused)
    const allowed = await canonicalNQuads({ ...document, ...change }, contexts, { allowInlineContexts: true })
    expect(allowed).not.toEqual(refused)
  })

  test('trap 5: the name of a suite has the datatype of Data Integrity', async () => {
    const config = { '@context': [v2], type: 'DataIntegrityProof', cryptosuite: 'eddsa-rdfc-2022' }
    expect(await canonicalNQuads(config, contexts)).toEqual({
      ok: true,
      nquads: `_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#DataIntegrityProof> .
_:c14n0 <https://w3id.org/security#cryptosuite> "eddsa-rdfc-2022"^^<https://w3id.org/security#cryptosuiteString> .
`,
    })
  })

  test('EC-2, trap 6: the digest inside decides the order of like nodes', async () => {
    // Two nodes that differ only in what they point at: their labels follow the order of digests.
    const vc = {
      '@context': [v2],
      type: ['VerifiableCredential'],
      credentialSubject: ['a', 'b', 'c', 'd'].map((name) => ({ name })),
    }
    const [plain, sha256, sha384] = await Promise.all([
      canonicalNQuads(vc, contexts),
      canonicalNQuads(vc, contexts, { digest: 'SHA-256' }),
      canonicalNQuads(vc, contexts, { digest: 'SHA-384' }),
    ])
    expect(plain).toEqual(sha256)
    expect(sha384.ok && sha384.nquads).toMatch(/^_:c14n0 /)
    expect(sha384).not.toEqual(sha256)
  })

  test('what one call is given as a context no other call sees', async () => {
    const url = 'https://a.example/c'
    const given = (iri: string) => new Map([[url, { load: async () => ({ '@context': { grade: iri } }) }]])
    const ask = (iri: string) =>
      canonicalNQuads({ '@context': url, '@id': 'urn:a:1', grade: '1' }, given(iri), {
        allowInlineContexts: true,
      })
    expect(await ask('urn:b:1')).toEqual({ ok: true, nquads: '<urn:a:1> <urn:b:1> "1" .\n' })
    expect(await ask('urn:b:2')).toEqual({ ok: true, nquads: '<urn:a:1> <urn:b:2> "1" .\n' })
  })

  test('trap 47: a context that cannot be loaded is not at hand, and says nothing of the document', async () => {
    const broken = new Map([[v2, { load: () => Promise.reject(new Error('offline')) }]])
    expect(await canonicalNQuads(document, broken)).toEqual({
      ok: false,
      fault: 'context_not_at_hand',
      detail: v2,
    })
  })

  test('many nodes that say the same are no poison', async () => {
    const credentialSubject = Array.from({ length: 100 }, () => ({ name: 'a' }))
    const vc = { '@context': [v2], type: ['VerifiableCredential'], credentialSubject }
    const result = await canonicalNQuads(vc, contexts)
    expect(result.ok && result.nquads.trim().split('\n')).toHaveLength(201)
  })

  test('more values than any document has are refused before they take long', async () => {
    const names = { ...document, name: Array.from({ length: 20_000 }, (_, i) => `n${i}`) }
    expect(await canonicalNQuads(names, contexts)).toEqual({
      ok: false,
      fault: 'too_much_work',
      detail: 'more than 20000 values',
    })
  })

  test('RDFC-2: a poison graph is refused before it takes long', async () => {
    expect(await canonicalNQuads(clique(10), new Map(), { allowInlineContexts: true })).toEqual({
      ok: false,
      fault: 'too_much_work',
      detail: 'blank nodes',
    })
  })

  test.skipIf(!sharedIsHere)('the poison graph of rdf-canon, test074, is the one above', () => {
    const lines = sharedText('vectors/rdf-canon/rdfc10/test074-in.nq').trim().split('\n')
    const ours = (clique(10)['@graph'] as { '@id': string; p: string[] }[]).flatMap(({ '@id': id, p }) =>
      p.map((to) => `${id} <http:/example.com/p> ${to} .`),
    )
    expect(lines.toSorted()).toEqual(ours.toSorted())
  })
})
