import { beforeAll, describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/base/canonical.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { recordInReceipt, signReceipt } from '../../src/issue/receipt.ts'
import { type ReportRecord, readRecord, readRecordText, recordOf, replay } from '../../src/verify/replay.ts'
import { verify, verifyCredential } from '../../src/verify/verify.ts'
import { withAt } from '../credential/pointers.ts'
import {
  at,
  keyAgency,
  now,
  type Scene,
  sceneOf,
  signTrustList,
  statusListOf,
  stranger,
  trustListOf,
  trustOf,
} from './scene.ts'

const policy = { name: 'hr', maxStatusAge: 30 * 86_400 }
let scene: Scene
let record: ReportRecord

beforeAll(async () => {
  scene = await sceneOf(keyAgency)
  const report = await verify(scene.text, { ...scene, now, policy })
  // As it comes back from a file.
  record = readRecordText(JSON.stringify(recordOf(scene.text, report, { ...scene, policy })))
})

describe('a report that was kept', () => {
  test('is made again byte for byte, twenty years later, from the same inputs', async () => {
    const again = await replay(record, scene.text, scene)
    expect(again).toMatchObject({ same: true, differences: [], changed: [] })
    expect(canonicalJson(again.report as unknown as Json)).toBe(
      canonicalJson(record.report as unknown as Json),
    )
    expect(record.report.verdict).toBe('valid')
    // Judged today it is another matter: the lists have run out.
    const today = await verify(scene.text, { ...scene, policy, now: at('2046-06-01T00:00:00Z') })
    expect(today.verdict).toBe('undetermined')
  })

  test('does not depend on the order in which its inputs come', async () => {
    const evidence = { items: scene.evidence.items.toReversed() }
    const trust = { ...scene.trust, lists: scene.trust.lists.toReversed() }
    expect(await replay(record, scene.text, { evidence, trust })).toMatchObject({ same: true, changed: [] })
  })

  test('says which input is another, even where the report is the same', async () => {
    const more = {
      items: [...scene.evidence.items, await statusListOf(stranger, 'revocation', { set: [4242] })],
    }
    expect(await replay(record, scene.text, { ...scene, evidence: more })).toMatchObject({
      same: true,
      changed: ['evidence'],
    })
  })

  test.each<
    [
      what: string,
      options: () => Promise<Partial<Scene>>,
      changed: string,
      differences: readonly string[],
      verdict: string,
    ]
  >([
    [
      'without its evidence',
      async () => ({ evidence: { items: [] } }),
      'evidence',
      [
        '/certificate',
        '/checks/status/detail',
        '/checks/status/facts',
        '/checks/status/outcome',
        '/checks/status/reason',
        '/claimed',
        '/verdict',
      ],
      'undetermined',
    ],
    [
      'with a list that revokes it',
      async () => ({
        evidence: {
          items: [await statusListOf(keyAgency, 'revocation', { set: [4242] }), ...scene.evidence.items],
        },
      }),
      'evidence',
      [
        '/certificate',
        '/checks/status/detail',
        '/checks/status/facts/lists/0/says',
        '/checks/status/outcome',
        '/checks/status/reason',
        '/claimed',
        '/verdict',
      ],
      'invalid',
    ],
    [
      'under another list of agencies',
      async () => ({ trust: trustOf(await signTrustList({ ...(await trustListOf()), agencies: [] })) }),
      'trust',
      [
        '/certificate',
        '/checks/trust/detail',
        '/checks/trust/facts',
        '/checks/trust/outcome',
        '/checks/trust/reason',
        '/claimed',
        '/verdict',
      ],
      'invalid',
    ],
  ])('%s says what differs and where', async (_what, options, changed, differences, verdict) => {
    const again = await replay(record, scene.text, { ...scene, ...(await options()) })
    expect(again).toMatchObject({ same: false, changed: [changed], report: { verdict } })
    expect(again.differences).toEqual(differences)
  })

  test('is of one text alone', async () => {
    const other = await sceneOf(keyAgency, { created: at('2026-03-03T00:00:00Z') })
    expect(await replay(record, other.text, scene)).toMatchObject({ same: false, changed: ['text'] })
  })

  test('keeps the policy in full and of whoever was expected only that there was somebody', async () => {
    const match = { ...policy, match: ['name'] as const }
    const options = { ...scene, policy: match }
    const report = await verify(scene.text, { ...options, now, expected: { name: '王小明' } })
    const kept = recordOf(scene.text, report, options, { expected: { name: '王小明' } })
    expect([kept.policy.name, kept.policy.match, kept.expected]).toEqual(['hr', ['name'], true])
    expect(JSON.stringify({ ...kept, report: { ...kept.report, certificate: null } })).not.toContain('王小明')
  })

  test.each<[what: string, change: (value: JsonObject) => unknown, what: string]>([
    ['of another type', (value) => ({ ...value, type: 'Report' }), 'type'],
    ['of another version', (value) => ({ ...value, version: 2 }), 'version'],
    ['without digests', (value) => ({ ...value, inputs: {} }), 'inputs'],
    ['without a policy', ({ policy: _, ...value }) => value, 'policy'],
    ['without saying whether somebody was expected', ({ expected: _, ...value }) => value, 'expected'],
    ['without its moment', (value) => withAt(value, '/report/checkedAt', 'then'), 'report'],
    ['that is a list', () => [], 'type'],
  ])('is not one %s', (_what, change, what) => {
    expect(() => readRecord(change(record as unknown as JsonObject) as Json)).toThrow(
      expect.objectContaining({ code: 'verify.record_malformed', detail: { what } }),
    )
  })

  test('under a policy that was tampered with is refused or differs', async () => {
    const widened = { ...record, policy: { ...record.policy, maxStatusAge: 1 } }
    expect(await replay(widened, scene.text, scene)).toMatchObject({ same: false })
    const broken = { ...record, policy: { ...record.policy, clockSkew: -1 } }
    await expect(replay(broken, scene.text, scene)).rejects.toMatchObject({ code: 'verify.policy_malformed' })
  })
})

describe('a receipt', () => {
  const receipt = () =>
    signReceipt(record as unknown as Json, {
      signer: stranger,
      now,
      proofId: 'urn:uuid:77777777-2222-4333-8444-555555555555',
    })

  test('is a credential of whoever verified, with the record in it', async () => {
    const signed = await receipt()
    const report = await verifyCredential(JSON.stringify(signed), { now })
    expect(report.verdict).toBe('valid')
    expect(signed.issuer).toBe(stranger.controller)
    expect(recordInReceipt(signed)).toEqual(record)
  })

  test('whose report was changed does not hold', async () => {
    const changed = withAt(await receipt(), '/credentialSubject/report/report/verdict', 'invalid')
    expect((await verifyCredential(JSON.stringify(changed), { now })).verdict).toBe('invalid')
    expect(() => recordInReceipt(changed)).toThrow(
      expect.objectContaining({ code: 'verify.record_malformed' }),
    )
  })

  test('is no other credential', () => {
    expect(recordInReceipt({ credentialSubject: { id: 'did:example:a' } })).toBeNull()
    expect(recordInReceipt({})).toBeNull()
  })
})

describe('a report that explains itself', () => {
  test('tells every signature with its key and the bytes that were signed', async () => {
    const { checks } = await verify(scene.text, { ...scene, now, explain: true })
    expect(checks.proof).toMatchObject({
      outcome: 'pass',
      facts: {
        signatures: [
          {
            suite: 'eddsa-rdfc-2022',
            key: keyAgency.verificationMethod,
            algorithm: 'Ed25519',
            created: '2026-03-02T01:02:03Z',
            signedBytes: 64,
            signed: expect.stringMatching(/^[0-9a-f]{128}$/),
            hashedBytes: expect.any(Number),
          },
        ],
      },
    })
  })

  test('says the same of everything else', async () => {
    const [plain, explained] = await Promise.all([
      verify(scene.text, { ...scene, now }),
      verify(scene.text, { ...scene, now, explain: true }),
    ])
    expect({ ...explained, checks: { ...explained.checks, proof: plain.checks.proof } }).toEqual(plain)
  })
})
