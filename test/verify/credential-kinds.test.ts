import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Bytes, utf8 } from '../../src/base/bytes.ts'
import { canonicalJson } from '../../src/base/canonical.ts'
import { type Json, type JsonObject, parseJson } from '../../src/base/json.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import type { DataIntegritySuite } from '../../src/securing/data-integrity.ts'
import { type JudgeOptions, judgeCredentialsWith } from '../../src/verify/judge.ts'
import type { CredentialReport } from '../../src/verify/report.ts'
import { mutated, mutation } from './mutations.ts'
import { at, keyAgency, type Loose, now, put, sign, statusListOf, statusLists } from './scene.ts'

const created = at('2026-03-02T01:02:03Z')

/** A credential of no type of ours. */
const documentOf = (i: number): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: `urn:uuid:11111111-2222-4333-8444-00000000000${i}`,
  type: ['VerifiableCredential'],
  issuer: { id: keyAgency.controller, name: 'Example Agency' },
  validFrom: '2026-03-01T00:00:00Z',
  validUntil: '2036-03-01T00:00:00Z',
  credentialStatus: {
    id: `${statusLists.revocation}#${i}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: String(i),
    statusListCredential: statusLists.revocation,
  },
  credentialSubject: { id: `urn:a:${i}`, name: `候选${i}`, description: 'the same' },
})

const resigned = async (document: JsonObject, suite: DataIntegritySuite = 'eddsa-jcs-2022') =>
  canonicalJson(await sign(document, keyAgency, { suite, created }))

let options: JudgeOptions
let warm: (source: Bytes | string) => Promise<CredentialReport>

beforeAll(async () => {
  const items: readonly EvidenceItem[] = [await statusListOf(keyAgency, 'revocation', { set: [7] })]
  options = { evidence: { items }, now }
  warm = await judgeCredentialsWith(options)
  for (const i of [1, 2, 3]) expect((await warm(await resigned(documentOf(i)))).verdict).toBe('valid')
})

/** The report of a judge that knows the kind has to be that of one that knows nothing. */
async function expectSame(text: Bytes | string): Promise<CredentialReport> {
  const report = await (await judgeCredentialsWith(options))(text)
  expect(await warm(text)).toEqual(report)
  return report
}

test('a credential of a kind that was met is read as in full, and its status is its own', async () => {
  const verdicts: string[] = []
  for (const i of [4, 7, 5, 7]) verdicts.push((await expectSame(await resigned(documentOf(i)))).verdict)
  expect(verdicts).toEqual(['valid', 'invalid', 'valid', 'invalid'])
})

describe('what differs within a kind is held to the rules of the whole', () => {
  const hostile: readonly [path: string, values: readonly Json[]][] = [
    [
      'id',
      [
        '',
        'x',
        'urn:',
        'urn: a',
        'urn:\u0085',
        'did:example:a',
        'https://a.example',
        'URN:a:1',
        'urn://a',
        7,
      ],
    ],
    [
      'credentialSubject.id',
      ['', 'relative', '_:b0', 'urn:a:"', 'urn:a:\\', 'schema:name', 'urn://a', 'urn:ä', null],
    ],
    [
      'credentialSubject.name',
      ['', '"', '\\', '\u0000', '\ufffd', '\u2028', '长'.repeat(3000), { '@value': 'x' }, 7],
    ],
    ['credentialStatus.id', ['', 'x', 'https://other.example/1#4', `${statusLists.revocation}`]],
    ['credentialStatus.statusListIndex', ['', '-1', '01', '7', '131071', '131072', '1e3', 4]],
    ['credentialStatus.statusPurpose', ['', 'suspension', 'message']],
    ['credentialStatus.type', ['', 'Other']],
    ['issuer.name', ['Another']],
    ['issuer.id', ['did:example:a']],
    ['validFrom', ['2027-01-01T00:00:00Z', '2026-03-01', '']],
    ['validUntil', ['2026-01-01T00:00:00Z', 'never']],
    ['credentialSubject.unknownTerm', ['x']],
    ['credentialSubject.@context', ['https://www.w3.org/ns/credentials/v2']],
    ['credentialSchema', [{ id: 'https://a.example/schema', type: 'JsonSchema' }]],
    ['type', ['VerifiableCredential', ['VerifiableCredential', 'Unknown']]],
    ['name', ['A name', 7]],
  ]
  test.each(hostile.flatMap(([path, values]) => values.map((value) => [path, value] as const)))(
    '%s: %j',
    async (path, value) => {
      const document = documentOf(4) as Loose
      const altered = (put(path, value)(document) ?? document) as JsonObject
      const text = await resigned(altered)
      await expectSame(text)
      await expectSame(utf8(text))
    },
  )

  test('a proof with another value, of another time or of another key is refused as in full', async () => {
    const secured = JSON.parse(await resigned(documentOf(4))) as Loose
    for (const [name, value] of [
      ['proofValue', 'z1'],
      ['proofValue', ''],
      ['created', '2026-03-02T01:02:04Z'],
      ['verificationMethod', 'did:example:a#b'],
      ['proofPurpose', 'authentication'],
    ] as const)
      await expectSame(canonicalJson({ ...secured, proof: { ...secured.proof, [name]: value } }))
  })

  test('a text that is no Unicode is refused, though its bytes would be of the kind', async () => {
    const document = documentOf(4) as Loose
    document.credentialSubject.name = '\ufffd'
    const text = await resigned(document)
    expect((await expectSame(text.replace('\ufffd', '\ud800'))).checks.format).toMatchObject({
      reason: 'lone_surrogate',
    })
  })
})

describe('laws', () => {
  test('whatever is changed, with its signature made again, both ways find the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), mutation, fc.constantFrom(1, 4, 7), async (choice, change, i) => {
        const altered = mutated(documentOf(i), choice, change)
        const isObject = typeof altered === 'object' && altered !== null && !Array.isArray(altered)
        const secured = isObject
          ? await sign(altered as JsonObject, keyAgency, { created }).catch(() => altered)
          : altered
        const text = JSON.stringify(secured)
        await expectSame(parseJson(text).ok ? canonicalJson(secured) : text)
      }),
      { numRuns: 600, seed: 20261124 },
    )
  }, 120_000)

  test('whatever two credentials differ in, a third is read as in full', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ choice: fc.nat(), change: mutation }), { minLength: 2, maxLength: 4 }),
        async (changes) => {
          const judge = await judgeCredentialsWith(options)
          const documents = changes.flatMap(({ choice, change }) => [
            documentOf(1),
            mutated(documentOf(2), choice, change),
          ])
          for (const document of [...documents, ...documents]) {
            const isObject = typeof document === 'object' && document !== null && !Array.isArray(document)
            if (!isObject || !parseJson(JSON.stringify(document)).ok) continue
            const text = await resigned(document as JsonObject).catch(() => null)
            if (text === null) continue
            expect(await judge(text)).toEqual(await (await judgeCredentialsWith(options))(text))
          }
        },
      ),
      { numRuns: 150, seed: 20261124 },
    )
  }, 120_000)
})
