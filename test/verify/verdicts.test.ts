import { describe, expect, test } from 'vitest'
import { checkIds } from '../../src/verify/report.ts'
import { verify } from '../../src/verify/verify.ts'
import {
  allStand,
  at,
  authority,
  certificateOf,
  judged,
  keyAgency,
  noticeOf,
  now,
  onlyFormat,
  outcomesOf,
  resigned,
  sceneOf,
  statusListOf,
  webAgency,
} from './scene.ts'

describe('a certificate in good order', () => {
  test('is valid, with every check in the report, in the order in which a person asks', async () => {
    const report = await judged(await sceneOf())
    expect(report.verdict).toBe('valid')
    expect(Object.keys(report.checks)).toEqual([...checkIds])
    expect(outcomesOf(report)).toEqual(allStand)
  })

  test('trap 52: gives exactly this report', async () => {
    expect(await judged(await sceneOf())).toEqual({
      verdict: 'valid',
      certificate: certificateOf(keyAgency),
      checkedAt: '2026-06-01T00:00:00Z',
      digest: '1e699be7c2840bd9eff886f3a07830191b9375b8a1829dfe8a1a0de74908be43',
      policy: { name: 'default', digest: '47227f28ffe0d8c2f1f55bd6dbc05b0372f9b258c1f315c8f4bfc3a95379a5cd' },
      checks: {
        format: { outcome: 'pass', facts: { type: 'ProfessionalTechnicalGradeCertificate', form: 'badge' } },
        schema: {
          outcome: 'pass',
          facts: {
            checked: ['https://w3id.org/gradecert/schemas/grade-certificate-v1.json'],
            unchecked: [
              'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json',
            ],
          },
        },
        issuer: {
          outcome: 'pass',
          facts: {
            id: 'did:key:z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX',
            keys: [
              'did:key:z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX#z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX',
            ],
          },
        },
        proof: { outcome: 'pass', facts: { suites: ['eddsa-rdfc-2022'], created: '2026-03-02T01:02:03Z' } },
        validity: { outcome: 'pass', facts: { from: '2026-03-01T00:00:00+08:00' } },
        status: {
          outcome: 'pass',
          facts: {
            lists: [
              {
                purpose: 'revocation',
                list: 'https://agency.example/status/1',
                index: 4242,
                asOf: '2026-05-20T00:00:00Z',
                until: '2026-06-20T00:00:00Z',
                digest: '519e2f867d70a16f601a07e73c9ec4d57481788921655051ea53bd936cce2ac6',
                says: 'nothing',
              },
              {
                purpose: 'suspension',
                list: 'https://agency.example/status/2',
                index: 4242,
                asOf: '2026-05-20T00:00:00Z',
                until: '2026-06-20T00:00:00Z',
                digest: 'e724e6c09149c28f208d4c8256c8675bfcdcb94f702c6cd60b470c367d210e07',
                says: 'nothing',
              },
            ],
          },
        },
        trust: {
          outcome: 'pass',
          facts: {
            authority: 'did:key:z6MkvRXNYcE7MMduynWTgeKbDaT1iijDSC8pZqXZc8rHPrf2',
            list: 'https://authority.example/list',
            sequence: 7,
            digest: '736e87d4d56e94889a8c27cecefe8c46c8101e0a67ca49954704397ff8301016',
            agency: { 'zh-Hans': '示例评价机构', en: 'Example Agency' },
            standing: 'active',
            signers: ['nRIE2VmKdMjL1JD7tbV7fXVgXxmv0GKnMFWRUJMTf9Q'],
            asOf: '2026-01-01T00:00:00Z',
            until: '2027-01-01T00:00:00Z',
          },
        },
        anchor: { outcome: 'skipped', because: 'no_anchor' },
        policy: { outcome: 'skipped', because: 'no_criteria' },
      },
    })
  })

  test.each([
    ['did:key', keyAgency, 'eddsa-rdfc-2022'],
    ['did:key', keyAgency, 'eddsa-jcs-2022'],
    ['did:web', webAgency, 'eddsa-rdfc-2022'],
    ['did:web', webAgency, 'eddsa-jcs-2022'],
  ] as const)('of a %s agency is valid under each suite', async (_method, issuer, suite) => {
    const scene = await sceneOf(issuer, { suite })
    const report = await judged(scene)
    expect(outcomesOf(report)).toEqual(allStand)
    expect(report).toMatchObject({
      verdict: 'valid',
      certificate: certificateOf(issuer),
      checks: {
        issuer: { facts: { id: issuer.controller, keys: [issuer.verificationMethod] } },
        proof: { facts: { suites: [suite] } },
        trust: { facts: { authority: authority.controller } },
      },
    })
  })

  test('is the same to the verifier as text and as bytes', async () => {
    const scene = await sceneOf()
    expect(await judged(scene, { text: new TextEncoder().encode(scene.text) })).toEqual(await judged(scene))
  })

  test('gives the same report, byte for byte, as often as it is judged', async () => {
    const scene = await sceneOf(webAgency)
    const texts = await Promise.all([1, 2, 3].map(async () => JSON.stringify(await judged(scene))))
    expect(new Set(texts).size).toBe(1)
  })

  test('keeps its own white space and order of members: only what it says is judged', async () => {
    const scene = await sceneOf()
    const members = Object.entries(JSON.parse(scene.text)).reverse()
    const text = JSON.stringify(Object.fromEntries(members), null, 4)
    expect(outcomesOf(await judged(scene, { text }))).toEqual(allStand)
  })
})

describe('the three documents are told apart', () => {
  test('a notice is not taken for a certificate, however genuine', async () => {
    const scene = await sceneOf(keyAgency, { certificate: noticeOf(keyAgency) })
    const report = await judged(scene)
    expect(report.verdict).toBe('invalid')
    expect(report).toMatchObject({ claimed: noticeOf(keyAgency) })
    expect(report.checks.format).toEqual({
      outcome: 'fail',
      reason: 'type_not_accepted',
      detail: 'AssessmentResultNotice',
    })
    expect(outcomesOf(report)).toEqual({
      ...allStand,
      format: 'fail type_not_accepted',
      schema: 'skipped no_schema_at_hand',
      status: 'skipped no_status',
    })
  })

  test('a notice is valid where notices are asked for', async () => {
    const scene = await sceneOf(keyAgency, { certificate: noticeOf(keyAgency) })
    const report = await judged(scene, { policy: { types: ['AssessmentResultNotice'] } })
    expect(report).toMatchObject({ verdict: 'valid', certificate: noticeOf(keyAgency) })
    expect(outcomesOf(report)).toEqual({
      ...allStand,
      schema: 'skipped no_schema_at_hand',
      status: 'skipped no_status',
    })
  })

  test('a certificate is not taken for a notice', async () => {
    const report = await judged(await sceneOf(), { policy: { types: ['AssessmentResultNotice'] } })
    expect(outcomesOf(report)).toEqual({ ...allStand, format: 'fail type_not_accepted' })
  })
})

describe('what may be left out of a call', () => {
  test('without anything, nothing that needs others is found out, and the clock is the machine’s', async () => {
    const { text } = await sceneOf()
    const before = new Date().toISOString().slice(0, 19)
    const report = await verify(text)
    expect(report.checkedAt >= `${before}Z`).toBe(true)
    expect(report.verdict).toBe('undetermined')
    expect(outcomesOf(report)).toMatchObject({
      status: 'unknown status_list_not_at_hand',
      trust: 'unknown no_trust',
      proof: 'pass',
    })
  })

  test('with a fetch, what is missing is asked for first', async () => {
    const scene = await sceneOf(webAgency)
    const answers = new Map(
      scene.evidence.items.map(({ url, document }) => [
        url === webAgency.controller ? 'https://agency.example/.well-known/did.json' : url,
        document,
      ]),
    )
    const asked: string[] = []
    const report = await verify(scene.text, {
      trust: scene.trust,
      now,
      fetch: async (url) => {
        asked.push(url)
        return Response.json(answers.get(url))
      },
    })
    expect(outcomesOf(report)).toEqual(allStand)
    const history = 'https://agency.example/key-history.jsonl'
    expect(asked.toSorted()).toEqual([history, ...answers.keys()].toSorted())
  })

  test('what was fetched is judged beside the evidence that is there', async () => {
    const scene = await sceneOf()
    const revoked = await statusListOf(keyAgency, 'revocation', {
      set: [4242],
      validFrom: at('2026-05-30T00:00:00Z'),
    })
    const report = await verify(scene.text, {
      ...scene,
      now,
      fetch: async (url) =>
        url === revoked.url ? Response.json(revoked.document) : new Response('', { status: 404 }),
    })
    expect(outcomesOf(report)).toEqual({ ...allStand, status: 'fail revoked' })
  })
})

describe('a text that is no credential of ours', () => {
  test.each<[what: string, text: string | Uint8Array<ArrayBuffer>, format: string]>([
    ['nothing', '', 'fail not_json'],
    ['a list', '[]', 'fail not_a_credential'],
    ['null', 'null', 'fail not_a_credential'],
    ['a text', '"certificate"', 'fail not_a_credential'],
    ['an object', '{}', 'fail not_a_credential'],
    ['a presentation', '{"type":["VerifiablePresentation"]}', 'fail not_a_credential'],
    ['type as an object', '{"type":{"VerifiableCredential":1}}', 'fail not_a_credential'],
    ['a bare credential', '{"type":["VerifiableCredential"]}', 'fail context_not_accepted'],
    ['a PDF', new TextEncoder().encode('%PDF-1.7\n'), 'fail not_json'],
  ])('%s fails format, and no other check is made', async (_what, text, format) => {
    const scene = await sceneOf()
    const report = await judged(scene, { text })
    expect(report).not.toHaveProperty('claimed')
    expect(report.verdict).toBe('invalid')
    expect(outcomesOf(report)).toEqual(onlyFormat(format))
  })

  test('a badge of another kind with our contexts has a type that we do not know', async () => {
    const scene = await sceneOf()
    const text = await resigned(scene, (vc) => vc.type.pop())
    const report = await judged(scene, { text })
    expect(outcomesOf(report)).toEqual({
      ...allStand,
      format: 'fail type_unknown',
      schema: 'fail schema_violated',
      trust: 'skipped format_failed',
    })
    expect(report).not.toHaveProperty('claimed')
  })

  test('two types of certificate at once are none', async () => {
    const scene = await sceneOf()
    const text = await resigned(scene, (vc) => vc.type.push('AssessmentResultNotice'))
    expect((await judged(scene, { text })).checks.format).toEqual({
      outcome: 'fail',
      reason: 'badge_malformed',
      detail: '/type: more than one type of certificate',
    })
  })

  test.each([
    ['neither a DID nor https', 'http://agency.example'],
    ['an object without an id', {}],
    ['a number', 7],
  ])('an issuer that is %s leaves nothing to look at but the format', async (_what, issuer) => {
    const scene = await sceneOf()
    const text = JSON.stringify({ ...JSON.parse(scene.text), issuer })
    expect(outcomesOf(await judged(scene, { text }))).toEqual(onlyFormat('fail badge_malformed'))
  })
})
