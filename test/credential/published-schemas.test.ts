import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { digestJson } from '../../src/base/canonical.ts'
import { CodedError } from '../../src/base/coded-error.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { readPlan } from '../../src/batch/supervision.ts'
import { validateWithin } from '../../src/credential/schema-validation.ts'
import { evidenceKinds, readEvidence } from '../../src/evidence/evidence.ts'
import { readPolicy } from '../../src/verify/policy.ts'
import { checkIds } from '../../src/verify/report.ts'

const schemaIn = (path: string): JsonObject =>
  JSON.parse(readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8'))

/** Whether a reader takes a file; that it throws anything but a code of ours is an error. */
function reads(read: (text: string) => unknown, file: Json): boolean {
  try {
    read(JSON.stringify(file))
    return true
  } catch (error) {
    if (error instanceof CodedError) return false
    throw error
  }
}

/** Whether a file holds to a schema; that it says nothing is an error. */
function holds(schema: JsonObject, file: Json): boolean {
  const found = validateWithin(schema, file)
  if (found.outcome === 'indeterminate') throw new Error(`${found.reason} ${found.detail}`)
  return found.outcome === 'success'
}

type Row = readonly [what: string, change: JsonObject]
/** What of a file is changed; `undefined` takes a member away. */
const without = (name: string): JsonObject => ({ [name]: undefined }) as unknown as JsonObject
const plain = (file: JsonObject): JsonObject => JSON.parse(JSON.stringify(file))

interface Published {
  readonly schema: JsonObject
  readonly read: (text: string) => unknown
  readonly base: JsonObject
  readonly good: readonly Row[]
  readonly bad: readonly Row[]
  /** What a schema cannot say, and the reader refuses all the same. */
  readonly beyond: readonly Row[]
}

const item = (change: JsonObject = {}): JsonObject => {
  const document = { id: 'x' }
  return { kind: 'schema', url: 'urn:x:a', document, digest: digestJson(document), ...change }
}
const items = (change: JsonObject, ...more: readonly Json[]): JsonObject => ({
  items: [item(change), ...more],
})
const target = (change: JsonObject): JsonObject => ({ targets: [{ count: 1 }, { count: 1, ...change }] })
const got = (change: JsonObject = {}): JsonObject => ({
  got: { at: '2026-01-20T00:00:00Z', from: 'x', ...change },
})

const published: readonly (readonly [name: string, file: Published])[] = [
  [
    'policy',
    {
      schema: schemaIn('verify/data/policy-schema-v1.json'),
      read: readPolicy,
      base: { type: 'GradecertPolicy', version: 1, name: 'hr' },
      good: [
        ['with a name in Chinese', { name: '人事策略' }],
        ['with the longest name', { name: '𠮷'.repeat(100) }],
        ['with no types', { types: [] }],
        [
          'with all types',
          {
            types: [
              'ProfessionalTechnicalGradeCertificate',
              'AssessmentResultNotice',
              'TrainingCompletionCertificate',
            ],
          },
        ],
        ['with all checks', { required: [...checkIds] }],
        ['with ages', { clockSkew: 0, maxStatusAge: 86_400, maxTrustAge: 0.5 }],
        ['with occupations', { occupations: ['2-02-38-01', '4-04-04-02-004'] }],
        ['with agencies', { agencies: ['did:web:agency.example%3A8443:a:b', 'did:key:z6Mk'] }],
        ['with regions', { regions: ['CN', 'CN-BJ', 'FR-75C'] }],
        ['with a grade', { minimumGrade: { scheme: 'cn.ptg.3', grade: 'senior' } }],
        ['with days', { awardedFrom: '2024-02-29', awardedUntil: '2026-12-31' }],
        ['with matches', { match: ['name', 'id_number'] }],
        ['with anchors', { anchors: ['any', 'tlog', 'eip155:1', `bip122:${'0'.repeat(32)}`] }],
        ['with switches', { anchorIfRemoved: true, testChains: false }],
        ['with roots', { certificateRoots: ['AAAA', 'AAA=', 'AA==', 'AAAAAA=='] }],
      ],
      bad: [
        ['of another type', { type: 'GradecertPlan' }],
        ['without a type', without('type')],
        ['of another version', { version: 2 }],
        ['of a version in words', { version: '1' }],
        ['without a name', without('name')],
        ['with an empty name', { name: '' }],
        ['with too long a name', { name: 'a'.repeat(101) }],
        ['with a name of two lines', { name: 'a\nb' }],
        ['with a name that turns', { name: 'a\u202eb' }],
        ['with a name that is none', { name: 1 }],
        ['with a word that nobody knows', { maxAge: 1 }],
        ['with a type that nobody knows', { types: ['Diploma'] }],
        ['with a type that is no list', { types: 'AssessmentResultNotice' }],
        ['with a check that nobody knows', { required: ['luck'] }],
        ['with a negative skew', { clockSkew: -1 }],
        ['with an age in words', { maxStatusAge: '1' }],
        ['with no age', { maxTrustAge: null }],
        ['with half an occupation', { occupations: ['2-02-38'] }],
        ['with more than an occupation', { occupations: ['2-02-38-01\n'] }],
        ['with an agency that is no DID', { agencies: ['agency.example'] }],
        ['with an agency that ends in a colon', { agencies: ['did:web:a:'] }],
        ['with an agency that has a space in it', { agencies: ['did:web:a b'] }],
        ['with a key as agency', { agencies: ['did:web:a#k'] }],
        ['with a region in small letters', { regions: ['cn'] }],
        ['with an unknown grade', { minimumGrade: { scheme: 'cn.ptg.3', grade: 'master' } }],
        ['with a grade of no scheme', { minimumGrade: { grade: 'senior' } }],
        ['with a grade and more', { minimumGrade: { scheme: 'cn.ptg.3', grade: 'senior', x: 1 } }],
        ['with a grade alone', { minimumGrade: 'senior' }],
        ['with a day that is none', { awardedFrom: '2026-02-30' }],
        ['with a moment as day', { awardedUntil: '2026-01-01T00:00:00Z' }],
        ['with a match that nobody knows', { match: ['face'] }],
        ['with an anchor that nobody knows', { anchors: ['bitcoin'] }],
        ['with a chain without number', { anchors: ['eip155:0'] }],
        ['with a switch in words', { testChains: 'yes' }],
        ['with a root that is no base64', { certificateRoots: ['-_-_'] }],
        ['with a root without its padding', { certificateRoots: ['AAAAA'] }],
        ['with an empty root', { certificateRoots: [''] }],
      ],
      beyond: [['with a root whose last bits are none', { certificateRoots: ['AB=='] }]],
    },
  ],
  [
    'evidence',
    {
      schema: schemaIn('evidence/data/evidence-schema-v2.json'),
      read: readEvidence,
      base: { type: 'GradecertEvidence', version: 2, items: [item()] },
      good: [
        ['without items', { items: [] }],
        ['with two items', items({}, item())],
        ...evidenceKinds.map((kind): Row => [`with a ${kind}`, items({ kind })]),
        ['with a DID', items({ url: 'did:web:agency.example' })],
        ['with an address of other letters', items({ url: 'https://x.example/类' })],
        ['that says when it was got', items(got())],
        ['that was got at midnight', items(got({ at: '2026-01-20T24:00:00Z' }))],
        ['that was got from a file', items(got({ from: '/tmp/a b.json' }))],
      ],
      bad: [
        ['of another type', { type: 'GradecertPolicy' }],
        ['of a version to come', { version: 3 }],
        ['without items', without('items')],
        ['with items that are no list', { items: {} }],
        ['with a word that nobody knows', { note: '' }],
        ['with an item that is none', { items: [null] }],
        ['with an item of an unknown kind', items({ kind: 'hearsay' })],
        ['with an item without kind', items(without('kind'))],
        ['with an item without address', items(without('url'))],
        ['with an item without document', items(without('document'))],
        ['with an item without digest', items(without('digest'))],
        ['with an item and more', items({ x: 1 })],
        ['with an address that is none', items({ url: 'agency.example' })],
        ['with an address of nothing', items({ url: 'https:' })],
        ['with an address that has a space in it', items({ url: 'https://a b' })],
        ['with too long an address', items({ url: `urn:${'a'.repeat(4093)}` })],
        ['with a list as document', items({ document: [] })],
        ['with a digest in capitals', items({ digest: item().digest?.toString().toUpperCase() ?? '' })],
        ['with half a digest', items({ digest: 'ab' })],
        ['got at no moment', items(got({ at: 'yesterday' }))],
        ['got in another zone', items(got({ at: '2026-01-20T00:00:00+08:00' }))],
        ['got at a part of a second', items(got({ at: '2026-01-20T00:00:00.5Z' }))],
        ['got from nowhere', items({ got: { at: '2026-01-20T00:00:00Z' } })],
        ['got and more', items(got({ x: 1 }))],
        ['got from too long a path', items(got({ from: 'a'.repeat(4097) }))],
      ],
      beyond: [
        ['with the digest of another document', items({ digest: '0'.repeat(64) })],
        ['got on a day that is none', items(got({ at: '2026-02-30T00:00:00Z' }))],
      ],
    },
  ],
  [
    'plan',
    {
      schema: schemaIn('batch/data/plan-schema-v1.json'),
      read: (text) => readPlan(utf8(text)),
      base: { type: 'GradecertPlan', version: 1, year: 2026, targets: [{ count: 1 }] },
      good: [
        ['of another year', { year: 1900 }],
        ['of the last year', { year: 9999 }],
        ['with a large number', target({ count: Number.MAX_SAFE_INTEGER })],
        ['for an agency', target({ agency: 'did:web:agency.example' })],
        ['for an occupation', target({ occupation: '4-04-04-02-004' })],
        ['for a grade', target({ grade: 'intermediate' })],
        ['for a region', target({ region: 'CN-BJ' })],
        ['for all of them', target({ agency: 'x', occupation: '2-02-38-01', grade: 'junior', region: 'CN' })],
        ['with the most targets', { targets: Array(1000).fill({ count: 1 }) }],
      ],
      bad: [
        ['of another type', { type: 'GradecertPolicy' }],
        ['of another version', { version: 2 }],
        ['without a year', without('year')],
        ['of a year in words', { year: '2026' }],
        ['of half a year', { year: 2026.5 }],
        ['of a year long ago', { year: 1899 }],
        ['of a year too far', { year: 10_000 }],
        ['without targets', { targets: [] }],
        ['with too many targets', { targets: Array(1001).fill({ count: 1 }) }],
        ['with a word that nobody knows', { total: 1 }],
        ['with nothing to reach', target({ count: 0 })],
        ['with half a certificate', target({ count: 1.5 })],
        ['with a number in words', target({ count: '1' })],
        ['with too large a number', target({ count: 1e20 })],
        ['without a number', { targets: [{}] }],
        ['with a target and more', target({ month: 1 })],
        ['for an agency that is a number', target({ agency: 1 })],
        ['for half an occupation', target({ occupation: '2-02' })],
        ['for an unknown grade', target({ grade: 'master' })],
        ['for a region in small letters', target({ region: 'cn' })],
      ],
      beyond: [],
    },
  ],
]

describe.each(published)(
  'the schema of a %s and its reader',
  (_name, { schema, read, base, good, bad, beyond }) => {
    const both = (file: Json) => ({ schema: holds(schema, file), reader: reads(read, file) })

    test('take the plainest file there is, and nothing that is no object', () => {
      expect(both(base)).toEqual({ schema: true, reader: true })
      for (const file of [null, [], 1, '', {}]) expect(both(file)).toEqual({ schema: false, reader: false })
    })

    test.each(good)('take one %s', (_what, change) => {
      expect(both(plain({ ...base, ...change }))).toEqual({ schema: true, reader: true })
    })

    test.each(bad)('refuse one %s', (_what, change) => {
      expect(both(plain({ ...base, ...change }))).toEqual({ schema: false, reader: false })
    })

    test('differ in nothing but what a schema cannot say', () => {
      for (const [what, change] of beyond) {
        expect([what, both(plain({ ...base, ...change }))]).toEqual([what, { schema: true, reader: false }])
      }
    })

    test('agree on whatever stands in place of any member', () => {
      const members = Object.keys(schema.properties as JsonObject)
      const value = fc.oneof(
        fc.constantFrom<Json>(
          null,
          true,
          0,
          1,
          2,
          -1,
          2026,
          '',
          'a',
          'CN',
          [],
          {},
          [''],
          ['a'],
          [{}],
          [null],
        ),
        fc.string(),
        fc.integer(),
      )
      fc.assert(
        fc.property(fc.constantFrom(...members), value, (member, found) => {
          const { schema: one, reader: other } = both({ ...base, [member]: found })
          return one === other
        }),
        { seed: 20260120, numRuns: 500 },
      )
    })
  },
)
