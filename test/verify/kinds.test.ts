import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Bytes, utf8 } from '../../src/base/bytes.ts'
import { canonicalJson } from '../../src/base/canonical.ts'
import { type Json, type JsonObject, parseJson } from '../../src/base/json.ts'
import type { GradeCertificate } from '../../src/certificate/certificate.ts'
import { kindOf, readOfKind } from '../../src/credential/badge-kind.ts'
import { issue } from '../../src/issue/issue.ts'
import type { DataIntegritySuite } from '../../src/securing/data-integrity.ts'
import { readInputs } from '../../src/verify/inputs.ts'
import { judgeWith } from '../../src/verify/judge.ts'
import { policyOf } from '../../src/verify/policy.ts'
import type { Report } from '../../src/verify/report.ts'
import { readSubject } from '../../src/verify/subject.ts'
import { mutated, mutation } from './mutations.ts'
import {
  at,
  certificateOf,
  keyAgency,
  type Loose,
  now,
  put,
  rich,
  type Scene,
  sceneOf,
  sign,
  statusIndex,
  statusListOf,
  statusLists,
} from './scene.ts'
import { changes } from './tamper-table.ts'

const suites = ['eddsa-jcs-2022', 'eddsa-rdfc-2022'] as const satisfies readonly DataIntegritySuite[]
const proofId = 'urn:uuid:77777777-2222-4333-8444-555555555555'
const created = at('2026-03-02T01:02:03Z')

const issued = async (certificate: GradeCertificate, suite: DataIntegritySuite, index = statusIndex) =>
  (
    await issue(certificate, {
      signer: keyAgency,
      suite,
      created,
      proofId,
      status: { index, lists: statusLists },
    })
  ).text

let scene: Scene
const judge = () => judgeWith({ trust: scene.trust, evidence: scene.evidence, now })
/** Judges that have met the kind, one for each suite. */
let warm: Readonly<Record<DataIntegritySuite, (source: Bytes | string) => Promise<Report>>>

async function warmed(suite: DataIntegritySuite) {
  const met = await judge()
  for (const certificate of [rich(), rich(), certificateOf(keyAgency)])
    await met(await issued(certificate, suite))
  return met
}

beforeAll(async () => {
  scene = await sceneOf()
  warm = Object.fromEntries(
    await Promise.all(suites.map(async (suite) => [suite, await warmed(suite)] as const)),
  ) as typeof warm
})

/** The report of a judge that knows the kind has to be that of one that knows nothing. */
async function expectSame(
  text: Bytes | string,
  suite: DataIntegritySuite = 'eddsa-jcs-2022',
): Promise<Report> {
  const fresh = await judge()
  const report = await fresh(text)
  expect(await warm[suite](text)).toEqual(report)
  return report
}

/** Signed again after a change, so that the signature hides nothing. */
async function resigned(alter: (vc: Loose) => unknown, suite: DataIntegritySuite = 'eddsa-jcs-2022') {
  const { proof: _, ...document } = JSON.parse(await issued(rich(), suite)) as Loose
  alter(document)
  return canonicalJson(await sign(document as JsonObject, keyAgency, { suite, created, id: proofId }))
}

describe.each(suites)('a certificate of a kind that was met, by %s', (suite) => {
  const others: readonly [what: string, certificate: GradeCertificate][] = [
    ['another id', rich({ id: 'urn:uuid:11111111-2222-4333-8444-666666666666' })],
    ['another number', rich({ number: 'PT26-0001-11-3801-1-0000018-G' })],
    ['another person', rich({ holder: { id: 'did:key:z6MkA', name: 'Ó 𠮷田', romanisedName: "O'NEIL-X" } })],
    ['other scores', rich({ evaluation: { theory: 100, practical: 60.25 } })],
    [
      'another training record',
      rich({ training: [{ ...(rich().training[0] as Loose), id: 'https://a.example/x' }] }),
    ],
  ]
  test.each(others)('is read as in full: %s', async (_, certificate) => {
    const report = await expectSame(await issued(certificate, suite), suite)
    expect(report).toMatchObject({ verdict: 'valid', certificate })
  })

  test('is valid with a position at the end of the lists, and undetermined beyond', async () => {
    expect((await expectSame(await issued(rich(), suite, 131_071), suite)).verdict).toBe('valid')
    const beyond = await expectSame(await issued(rich(), suite, 131_072), suite)
    expect(beyond.checks.status).toMatchObject({ outcome: 'fail', reason: 'status_index_out_of_range' })
  })

  test.each(changes)('is refused as in full: %s', async (_, alter) => {
    const vc = JSON.parse(await issued(certificateOf(keyAgency), suite)) as Loose
    const altered = (alter(vc) ?? vc) as Json
    await expectSame(canonicalJson(altered), suite)
    await expectSame(JSON.stringify(altered), suite)
  })
})

describe('what differs within a kind is held to the rules of the whole', () => {
  const subject = 'credentialSubject'
  const hostile: readonly [what: string, path: string, values: readonly string[]][] = [
    ['id', 'id', ['urn:uuid:1', '', 'URN:UUID:11111111-2222-4333-8444-555555555555', 'https://a.example']],
    [
      'id of the holder',
      `${subject}.id`,
      ['', 'x', 'a b:c', 'urn:a:"', 'urn:a:\\', `urn:a:${'x'.repeat(5000)}`],
    ],
    [
      'name',
      `${subject}.identifier.0.identityHash`,
      ['', ' 王', '王'.repeat(51), '王\u202e', '\ue000', '王\u0000', '王\n', '"', '\\', '\ufffd', '\ufeff王'],
    ],
    ['romanised name', `${subject}.identifier.1.identityHash`, ['', '王小明', 'wang  ', '1']],
    ['number', `${subject}.licenseNumber`, ['', 'a b', 'x'.repeat(65), 'a\u200bb']],
    [
      'score',
      `${subject}.result.2.value`,
      [
        '',
        '59',
        '59.99',
        '060',
        '60.0',
        '60.00',
        '1e2',
        '101',
        '-0',
        '+60',
        '60.123',
        'sixty',
        ' 60',
        '６０',
      ],
    ],
    ['id of the training record', 'evidence.0.id', ['', 'x', 'urn:a: b']],
    ['index', 'credentialStatus.statusListIndex', ['', '-1', '01', '1e3', '4243', '9999999999', '४']],
    [
      'id of the entry',
      'credentialStatus.id',
      [
        '',
        'x',
        `${statusLists.revocation}#1`,
        `${statusLists.revocation}#01`,
        `${statusLists.suspension}#4242`,
      ],
    ],
    ['index of suspension', 'supplementaryStatus.0.statusListIndex', ['', '1', '4243', '999999999']],
    ['value of the proof', 'proof.proofValue', ['', 'z', 'u', 'z1', 'z0', `z${'1'.repeat(88)}`]],
  ]
  test.each(hostile.flatMap(([what, path, values]) => values.map((value) => [what, path, value] as const)))(
    '%s: %#',
    async (_, path, value) => {
      const text = path.startsWith('proof')
        ? canonicalJson(
            (put(path, value)(JSON.parse(await issued(rich(), 'eddsa-jcs-2022'))) ?? null) as Json,
          )
        : await resigned(put(path, value))
      await expectSame(text)
      await expectSame(utf8(text))
    },
  )

  test('a text that is no Unicode is refused, though its bytes would be of the kind', async () => {
    const text = (await resigned(put('credentialSubject.identifier.0.identityHash', '\ufffd'))) as string
    const report = await expectSame(text.replace('\ufffd', '\ud800'))
    expect(report.checks.format).toMatchObject({ outcome: 'fail', reason: 'lone_surrogate' })
  })

  test('two names, a member twice and a text that goes on are refused as in full', async () => {
    const text = await issued(rich(), 'eddsa-jcs-2022')
    const twice = text.replace('"licenseNumber":"', '"licenseNumber":"X","licenseNumber":"')
    expect((await expectSame(twice)).checks.format).toMatchObject({ reason: 'duplicate_name' })
    for (const other of [
      `${text} `,
      ` ${text}`,
      `${text}{}`,
      text.slice(0, -1),
      `\ufeff${text}`,
      `${text}\n`,
    ])
      await expectSame(other)
  })
})

describe('laws', () => {
  test('whatever is changed in a certificate, with its signature made again, both ways find the same', async () => {
    const { proof: _, ...document } = JSON.parse(await issued(rich(), 'eddsa-jcs-2022')) as JsonObject
    await fc.assert(
      fc.asyncProperty(fc.nat(), mutation, async (choice, change) => {
        const altered = mutated(document as JsonObject, choice, change)
        const secured =
          typeof altered === 'object' && altered !== null && !Array.isArray(altered)
            ? await sign(altered as JsonObject, keyAgency, { created, id: proofId }).catch(() => altered)
            : altered
        const text = JSON.stringify(secured)
        await expectSame(parseJson(text).ok ? canonicalJson(secured) : text)
      }),
      { numRuns: 400, seed: 20261124 },
    )
  }, 120_000)

  test('whatever byte is changed, both ways find the same', async () => {
    const bytes = utf8(await issued(rich(), 'eddsa-jcs-2022'))
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }), async (place, byte) => {
        const changed = bytes.slice()
        changed[place] = byte
        await expectSame(changed)
      }),
      { numRuns: 400, seed: 20261124 },
    )
  }, 120_000)

  test('whatever name a person has, both ways find the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (name) => {
        await expectSame(await resigned(put('credentialSubject.identifier.0.identityHash', name)))
      }),
      { numRuns: 150, seed: 20261124 },
    )
  }, 120_000)
})

describe('a judge that met a kind', () => {
  const metBy = async (texts: readonly string[]) => {
    const { trust, evidence } = scene
    const none = { items: [] }
    const policy = policyOf(undefined)
    const common = { chains: undefined, asks: 'certificate', binding: undefined, contexts: {}, now } as const
    const inputs = await readInputs({ ...common, trust, evidence, fetched: none, policy })
    await readSubject(texts[0] as string, inputs)
    for (const text of texts) await readSubject(text, inputs)
    return inputs.kinds
  }

  test('looks at certificates of that kind by it, and learns nothing anew', async () => {
    const texts = await Promise.all([1, 2, 3].map((index) => issued(rich(), 'eddsa-jcs-2022', index)))
    const { met, misses } = await metBy(texts)
    expect({ kinds: met.length, misses }).toEqual({ kinds: 1, misses: 0 })
  })

  test('keeps no kind of a text that is not canonical, nor of one with two training records', async () => {
    const text = await issued(rich(), 'eddsa-jcs-2022')
    const [record] = rich().training
    const two = rich({ training: [record as Loose, { ...(record as Loose), id: 'urn:a:2' }] })
    const { met } = await metBy([
      JSON.stringify(JSON.parse(text), null, 1),
      await issued(two, 'eddsa-jcs-2022'),
    ])
    expect(met).toEqual([])
  })

  test('keeps the 64 kinds that it met last', async () => {
    const session = (i: number) => issued(rich({ session: `2026-${i}` }), 'eddsa-jcs-2022')
    const texts = await Promise.all(Array.from({ length: 70 }, (_, i) => session(i)))
    const { met, misses } = await metBy(texts)
    expect({ kinds: met.length, misses }).toEqual({ kinds: 64, misses: 70 })
    expect(met[0]?.read(utf8(texts[69] as string))).not.toBeNull()
    expect(met.at(-1)?.read(utf8(texts[5] as string))).toBeNull()
  })

  test('does not take what one list says of one certificate for another of its kind', async () => {
    const revocation = await statusListOf(keyAgency, 'revocation', { set: [7] })
    const [, suspension] = scene.evidence.items
    const evidence = { items: [revocation, suspension as (typeof scene.evidence.items)[number]] }
    const met = await judgeWith({ trust: scene.trust, evidence, now })
    const verdicts: string[] = []
    for (const index of [1, 7, 2, 7])
      verdicts.push((await met(await issued(rich(), 'eddsa-jcs-2022', index))).verdict)
    expect(verdicts).toEqual(['valid', 'invalid', 'valid', 'invalid'])
  })
})

test('the canonical text without its proof is what is left when the proof is taken out', async () => {
  const text = await issued(rich(), 'eddsa-jcs-2022')
  const secured = JSON.parse(text) as JsonObject
  const kind = kindOf(secured, rich())
  const { proof, ...document } = secured
  const read = kind && readOfKind(utf8(text), kind)
  expect(read?.secured).toEqual(secured)
  expect(read?.certificate).toEqual(rich())
  expect(new TextDecoder().decode(read?.unsecured)).toBe(canonicalJson(document))
  expect(proof).toBeDefined()
})
