import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256Hex } from '../../src/base/digest.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { toBadge } from '../../src/credential/badge.ts'
import { contextTable, contextUrls, pinnedContexts } from '../../src/credential/contexts.ts'
import { activeContextOf } from '../../src/securing/active-context.ts'
import { canonicalQuads } from '../../src/securing/canonical-quads.ts'
import { directQuads } from '../../src/securing/direct-quads.ts'
import { canonicalNQuads } from '../../src/securing/rdfc.ts'
import { certificateArbitrary, exampleCertificate, exampleForm, formArbitrary } from '../certificates.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

const isDeep = process.env.GRADECERT_DEEP === '1'
const contexts = contextTable()
const documents = new Map(
  await Promise.all(pinnedContexts.map(async ({ url, load }) => [url, await load()] as const)),
)

/** The contexts of a badge of ours. */
const ours: ReadonlySet<string> = new Set([
  contextUrls['credentials/v2'],
  contextUrls['open-badges/3.0.3'],
  contextUrls['open-badges/extensions'],
  contextUrls['gradecert/v1'],
])

/** What our own way answers, `null` where it asks the library. */
function direct({ '@context': urls, ...members }: JsonObject): string | null {
  const active = activeContextOf((urls as readonly string[]).map((url) => documents.get(url) as JsonObject))
  const quads = active && directQuads(members, active)
  return quads && canonicalQuads(quads, sha256Hex)
}

const library = (document: JsonObject) => canonicalNQuads(document, contexts, { way: 'library' })
const text = async (document: JsonObject) => {
  const result = await library(document)
  return result.ok ? result.nquads : result
}

describe('the direct way from JSON to canonical N-Quads', () => {
  test('answers for our badges, in the words of the library', async () => {
    const badge = toBadge(exampleCertificate, exampleForm)
    const nquads = direct(badge)
    expect(nquads).toBe(await text(badge))
    expect(nquads?.split('\n')).toHaveLength(149)
  })

  test
    .skipIf(!sharedIsHere)
    .each([
      '01-junior-ai',
      '02-senior-bigdata-with-scores',
      '03a-failed-result-notice',
      '04a-original-superseded',
      '04b-reissued',
      '05a-suspended',
      '05b-status-list-suspension',
      '06-cdo-training-completion',
      '08-trust-list',
    ])('answers for the example %s', async (name) => {
    const { proof: _, ...document } = sharedJson(`examples/${name}.json`)
    expect(direct(document)).toBe(await text(document))
  })

  test('answers for the configuration of a proof', async () => {
    const config = {
      '@context': [contextUrls['credentials/v2']],
      id: 'urn:uuid:5a0c0a3e-7c7b-4a5d-8f0a-0d9f3f1f7e11',
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      created: '2026-01-25T01:00:00Z',
      verificationMethod: 'did:web:cert.agency.example#k1',
      proofPurpose: 'assertionMethod',
    }
    expect(direct(config)).toContain(
      '<https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod>',
    )
    expect(direct(config)).toBe(await text(config))
  })

  test.each<[what: string, change: JsonObject]>([
    ['a term that no context defines', { unheardOf: 1 }],
    ['a type that no context defines', { type: ['VerifiableCredential', 'Unheard'] }],
    ['a relative id', { id: 'me' }],
    ['a blank node by name', { id: '_:b0' }],
    ['nothing', { name: null }],
    ['a number with a fraction', { name: 86.5 }],
    ['minus zero', { name: -0 }],
    ['a list in a list', { name: [['a']] }],
    ['a value object', { name: { '@value': 'a', '@language': 'en' } }],
    ['a keyword as a name', { '@included': [] }],
    ['an object with nothing in it', { credentialSubject: {} }],
    ['a context below the top', { credentialSubject: { '@context': contextUrls['credentials/v2'] } }],
    ['a graph', { proof: { type: 'DataIntegrityProof' } }],
    [
      'raw JSON',
      {
        type: ['VerifiableCredential', 'JsonSchemaCredential'],
        credentialSubject: { type: 'JsonSchema', jsonSchema: {} },
      },
    ],
    ['an IRI with a space', { id: 'urn:x:a b' }],
  ])('leaves %s to the library', (_what, change) => {
    const document = {
      '@context': [contextUrls['credentials/v2']],
      type: ['VerifiableCredential'],
      ...change,
    }
    expect(direct(document)).toBeNull()
  })

  test('leaves statements that are the same twice, and nodes that look alike, to the library', async () => {
    const [like, twice] = [[{ name: 'a' }, { name: 'a' }], { id: 'urn:x:a', name: ['a', 'a'] }]
    for (const credentialSubject of [like, twice] as Json[]) {
      const document = {
        '@context': [contextUrls['credentials/v2']],
        type: ['VerifiableCredential'],
        credentialSubject,
      }
      expect(direct(document)).toBeNull()
      expect(await canonicalNQuads(document, contexts)).toEqual(await library(document))
    }
  })

  test('leaves contexts that contradict each other to the library, which refuses them', async () => {
    const document = {
      '@context': [contextUrls['credentials/v2'], contextUrls['credentials/v1']],
      type: ['VerifiableCredential'],
    }
    expect(direct(document)).toBeNull()
    expect(await library(document)).toMatchObject({ ok: false, fault: 'not_json_ld' })
  })

  test('answers for every certificate that may be issued, as the library does', async () => {
    let answered = 0
    let asked = 0
    await fc.assert(
      fc.asyncProperty(certificateArbitrary, formArbitrary, async (certificate, form) => {
        const badge = toBadge(certificate, { ...form, contextUrl: contextUrls['gradecert/v1'] })
        const nquads = direct(badge)
        asked++
        if (nquads === null) return
        answered++
        expect(nquads).toBe(await text(badge))
      }),
      { numRuns: isDeep ? 20_000 : 60 },
    )
    // The rest has IRIs with characters that have to be escaped, or two alignments that look alike.
    expect(answered / asked).toBeGreaterThan(0.3)
  }, 3_600_000)

  test('never says anything else than the library, whatever a document says', async () => {
    let answered = 0
    await fc.assert(
      fc.asyncProperty(anyDocument, async (document) => {
        const nquads = direct(document)
        if (nquads === null) return
        answered++
        expect(nquads).toBe(await text(document))
      }),
      { numRuns: isDeep ? 450_000 : 600 },
    )
    expect(answered).toBeGreaterThan(isDeep ? 100_000 : 100)
  }, 3_600_000)
})

/** Words of a context by where they count: everywhere, or in objects of a type. */
interface Words {
  readonly members: readonly string[]
  readonly types: ReadonlyMap<string, readonly string[]>
}

function wordsOf(urls: readonly string[]): Words {
  const terms = urls.flatMap((url) => Object.entries(documents.get(url)?.['@context'] as JsonObject))
  const names = (all: readonly string[]) => [
    ...new Set(all.filter((name) => !/^[A-Z@]/.test(name) && name !== 'id' && name !== 'type')),
  ]
  const scoped = (definition: Json): readonly string[] =>
    Object.keys((definition as JsonObject | null)?.['@context'] ?? {})
  return {
    members: names(terms.map(([name]) => name)),
    types: new Map(
      terms
        .filter(([name]) => /^[A-Z]/.test(name))
        .map(([name, definition]) => [name, names(scoped(definition))]),
    ),
  }
}

const scalar: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('a', '王𠮷', '"quoted"\\', 'tab\tline\nnull\u0000del\u007f\u0085', ''),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'https://a.example/x?y=z#f',
      'urn:x:1',
      'did:web:a.example#k1',
      'gradecert:grade',
      'xsd:string',
      'cred:issuer',
      'sec:proof',
      'schema:name',
      'name:x',
      'id:x',
      'type://x',
      'assertionMethod',
      'https://用户.example/类',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('relative', '_:b', 'a b', '@none', 'urn:x:<', 'urn:x:\u00a0') },
  { weight: 3, arbitrary: fc.constantFrom<Json>(0, 1, -7, 2 ** 53 - 1, true, false) },
  { weight: 1, arbitrary: fc.constantFrom<Json>(-0, 1.5, 2 ** 53, 1e21, null) },
)

const odd = fc.constantFrom('unheardOf', 'a:b', '@id', '@type', '@graph', 'toString', 'name', 'proof')

function nodeOf({ members, types }: Words): fc.Arbitrary<JsonObject> {
  const { node } = fc.letrec<{ node: JsonObject; value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      { weight: 8, arbitrary: scalar },
      { weight: 2, arbitrary: fc.array(scalar, { maxLength: 3 }) as fc.Arbitrary<Json> },
      { weight: 4, arbitrary: tie('node') },
      { weight: 1, arbitrary: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) as fc.Arbitrary<Json> },
      {
        weight: 1,
        arbitrary: fc.constantFrom<Json>(
          { en: 'Junior', 'zh-Hans': '初级' },
          { EN: 'a', en: 'a' },
          { '@value': 'a' },
        ),
      },
    ),
    node: fc
      .subarray([...types.keys()], { maxLength: Math.min(2, types.size) })
      .chain((chosen) => {
        const names = [...members, ...chosen.flatMap((type) => types.get(type) ?? [])]
        const name = names.length === 0 ? odd : fc.constantFrom(...names)
        return fc.record(
          {
            id: fc.oneof(
              {
                weight: 12,
                arbitrary: fc.constantFrom('urn:x:1', 'urn:x:2', 'did:key:z6Mk', 'https://a.example/1'),
              },
              { weight: 1, arbitrary: scalar },
            ),
            type: fc.oneof(
              {
                weight: 12,
                arbitrary: fc.constant<Json>(chosen.length === 1 ? (chosen[0] as string) : chosen),
              },
              { weight: 1, arbitrary: scalar },
            ),
            members: fc.dictionary(
              fc.oneof({ weight: 60, arbitrary: name }, { weight: 1, arbitrary: odd }),
              tie('value'),
              { maxKeys: 3 },
            ),
          },
          { requiredKeys: chosen.length === 0 ? ['members'] : ['members', 'type'] },
        )
      })
      .map(({ members: said, ...rest }) => ({ ...rest, ...said })),
  }))
  return node
}

/** Whole documents under some of the pinned contexts, in some order; most of them as documents are. */
const anyDocument: fc.Arbitrary<JsonObject> = fc
  .oneof(
    { weight: 6, arbitrary: fc.constant([...documents.keys()].filter((url) => ours.has(url))) },
    { weight: 6, arbitrary: fc.constantFrom(...[...documents.keys()].map((url) => [url])) },
    { weight: 1, arbitrary: fc.shuffledSubarray([...documents.keys()], { minLength: 1 }) },
  )
  .chain((urls) => nodeOf(wordsOf(urls)).map((members) => ({ '@context': urls, ...members })))

describe('both ways beside each other', () => {
  const url = 'https://a.example/context'
  const document = { '@context': [url], id: 'urn:a:1', says: 'a text' }
  const defining = (iri: string): JsonObject => ({ '@context': { id: '@id', says: iri } })
  /** A context that says something else to whoever asks again. */
  const unsteady = () => {
    let asked = 0
    return new Map([
      [
        url,
        { load: async () => defining(asked++ === 0 ? 'https://a.example/says' : 'https://a.example/denies') },
      ],
    ])
  }

  test('give the same for a badge', async () => {
    const badge = toBadge(exampleCertificate, exampleForm)
    const both = await canonicalNQuads(badge, contexts, { way: 'both' })
    expect(both).toEqual({ ok: true, nquads: direct(badge) })
  })

  test('are never passed over where they differ', async () => {
    await expect(canonicalNQuads(document, unsteady(), { way: 'both' })).rejects.toThrow(
      'two ways to canonical N-Quads differ',
    )
  })

  test('are gone in every call where the environment asks for it', async () => {
    const rdfc = new URL('../../src/securing/rdfc.ts', import.meta.url).href
    const program = `import { canonicalNQuads } from '${rdfc}'
let asked = 0
const load = async () => ({ '@context': { id: '@id', says: 'https://a.example/' + asked++ } })
const result = await canonicalNQuads(${JSON.stringify(document)}, new Map([['${url}', { load }]]))
console.log(result.nquads)`
    const run = (env: NodeJS.ProcessEnv) =>
      spawnSync(process.execPath, ['--input-type=module', '-e', program], {
        encoding: 'utf8',
        env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
      })
    expect(run({}).stdout).toBe('<urn:a:1> <https://a.example/0> "a text" .\n\n')
    const checked = run({ GRADECERT_CHECK_RDFC: '1' })
    expect({
      code: checked.status,
      said: checked.stderr.includes('two ways to canonical N-Quads differ'),
    }).toEqual({
      code: 1,
      said: true,
    })
  })
})
