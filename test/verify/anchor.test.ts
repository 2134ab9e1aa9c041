import { beforeAll, describe, expect, test } from 'vitest'
import type { Anchor, ChainId } from '../../src/anchor/anchor.ts'
import { headerHash } from '../../src/anchor/bitcoin-header.ts'
import { bitcoinMainnet } from '../../src/anchor/bitcoin-networks.ts'
import { bundleIn, withBundle } from '../../src/anchor/bundle.ts'
import type { ChainState } from '../../src/anchor/chains.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { judgeWith } from '../../src/verify/judge.ts'
import type { Policy } from '../../src/verify/policy.ts'
import {
  bundleFor,
  displayed,
  logAnchorOf,
  memberOf,
  minedPath,
  seconds,
  stateWith,
} from '../anchor/makers.ts'
import { allStand, now, outcomesOf, parsed, type Scene, sceneOf, webAgency } from './scene.ts'

const regtest: ChainId = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328'
let scene: Scene
let other: Scene
let state: ChainState
let logAnchor: Anchor

beforeAll(async () => {
  scene = await sceneOf()
  other = await sceneOf(webAgency)
  logAnchor = await logAnchorOf(memberOf(scene.text).commitment)
  state = await stateWith()
})

async function judge(
  anchors: readonly JsonObject[],
  options: {
    readonly chains?: ChainState | undefined
    readonly policy?: Partial<Policy>
    readonly text?: string
    readonly items?: readonly EvidenceItem[]
  } = {},
) {
  const { trust, evidence } = scene
  const chains = 'chains' in options ? options.chains : state
  const judgeText = await judgeWith({
    trust,
    evidence: { items: [...evidence.items, ...(options.items ?? [])] },
    chains,
    policy: options.policy,
    now,
  })
  return judgeText(options.text ?? scene.text, { anchors })
}

const evidenceItem = (document: JsonObject): EvidenceItem => ({
  kind: 'anchor',
  url: 'ni:///sha-256;x',
  document,
})
const required = { anchors: ['any'] as const }

describe('a certificate with an anchor in a log', () => {
  test('is valid, and says by when it was signed and on whose word', async () => {
    const report = await judge([bundleFor(scene.text, [logAnchor])])
    expect(report.verdict).toBe('valid')
    expect(outcomesOf(report)).toEqual({ ...allStand, anchor: 'pass' })
    expect(report.checks.anchor).toEqual({
      outcome: 'pass',
      facts: {
        existedBy: '2026-03-02T09:00:05Z',
        anchors: [
          {
            kind: 'tlog',
            status: 'verified',
            existedBy: '2026-03-02T09:00:05Z',
            basis: { by: 'witnesses', names: ['w1', 'w2'] },
            location: { log: 'log.agency.example/anchors', index: 4 },
          },
        ],
      },
    })
  })

  test('finds it beside, in the evidence, or inside itself: the answer is the same', async () => {
    const bundle = bundleFor(scene.text, [logAnchor])
    const reading = bundleIn(bundle)
    const carrying = JSON.stringify(reading.ok && withBundle(parsed(scene.text), reading.bundle))
    const beside = (await judge([bundle])).checks
    expect((await judge([], { items: [evidenceItem(bundle)] })).checks).toEqual(beside)
    expect((await judge([], { text: carrying })).checks).toEqual(beside)
    expect((await judge([bundle, bundle], { items: [evidenceItem(bundle)] })).checks).toEqual(beside)
  })

  test('without a state of logs and chains is judged without it, and says so', async () => {
    const bundle = bundleFor(scene.text, [logAnchor])
    const report = await judge([bundle], { chains: undefined })
    expect(report.verdict).toBe('valid')
    expect(outcomesOf(report).anchor).toBe('skipped no_chain_state')
    const asked = await judge([bundle], { chains: undefined, policy: required })
    expect(asked.verdict).toBe('undetermined')
    expect(outcomesOf(asked).anchor).toBe('unknown anchor_not_judgeable')
  })

  test('that somebody signed beside later keeps its anchor', async () => {
    const document = parsed(scene.text)
    const later = { ...document.proof, id: 'urn:uuid:2', cryptosuite: 'other-2030' }
    const text = JSON.stringify({ ...document, proof: [later, document.proof] })
    const report = await judge([bundleFor(scene.text, [logAnchor])], { text })
    expect(outcomesOf(report).anchor).toBe('pass')
  })
})

describe('where a verifier asks for anchors', () => {
  test.each<
    [what: string, anchors: () => Promise<readonly JsonObject[]>, anchor: string, policy?: Partial<Policy>]
  >([
    ['none', async () => [], 'unknown anchor_missing'],
    [
      'one of another certificate',
      async () => [bundleFor(other.text, [logAnchor])],
      'unknown anchor_missing',
    ],
    ['a bundle that is none', async () => [{ type: 'AnchorBundle' }], 'unknown anchor_missing'],
    [
      'one in a log, where another chain was asked for',
      async () => [bundleFor(scene.text, [logAnchor])],
      'unknown anchor_missing',
      { anchors: [bitcoinMainnet] },
    ],
    [
      'one of a kind that came later',
      async () => [{ ...bundleFor(scene.text, []), anchors: [{ kind: 'moon-dust' }] }],
      'unknown anchor_unsupported',
    ],
    [
      'one that too few witnesses signed',
      async () => [
        bundleFor(scene.text, [
          await logAnchorOf(memberOf(scene.text).commitment, { at: ['2026-03-02T09:00:00Z', null, null] }),
        ]),
      ],
      'unknown anchor_not_judgeable',
    ],
    [
      'one of another commitment',
      async () => [bundleFor(scene.text, [await logAnchorOf(sha256(utf8('another')))])],
      'unknown anchor_invalid',
    ],
    [
      'one in a chain that is not known',
      async () => [
        bundleFor(scene.text, [
          minedPath(memberOf(scene.text).commitment, { chain: bitcoinMainnet, height: 7, time: 1 }).anchor,
        ]),
      ],
      'unknown anchor_not_judgeable',
    ],
  ])(
    '%s is not enough, and the certificate is undetermined, not invalid',
    async (_what, anchors, anchor, policy) => {
      const report = await judge(await anchors(), { policy: policy ?? required })
      expect(report.verdict).toBe('undetermined')
      expect(outcomesOf(report)).toEqual({ ...allStand, anchor })
      const unasked = await judge(await anchors())
      expect(unasked.verdict).toBe('valid')
    },
  )

  test('a good one is enough, however many bad ones stand beside it', async () => {
    const good = bundleFor(scene.text, [logAnchor])
    const bad = bundleFor(scene.text, [await logAnchorOf(sha256(utf8('another')))])
    const { verdict } = await judge([bad, good, bundleFor(other.text, [logAnchor])], { policy: required })
    expect(verdict).toBe('valid')
  })

  test('one in a chain for tests counts only where the policy says so', async () => {
    const time = seconds('2026-03-02T10:00:00Z')
    const { anchor, header } = minedPath(memberOf(scene.text).commitment, { chain: regtest, height: 7, time })
    const chains = await stateWith({
      [regtest]: {
        family: 'bitcoin',
        minDepth: 1,
        checkpoints: [[7, displayed(headerHash(header))]],
      },
    })
    const bundle = bundleFor(scene.text, [{ ...anchor, headers: { height: 7, bytes: header } }])
    const refused = await judge([bundle], { chains, policy: required })
    expect(outcomesOf(refused).anchor).toBe('unknown anchor_test_chain')
    const accepted = await judge([bundle], { chains, policy: { ...required, testChains: true } })
    expect(accepted.verdict).toBe('valid')
    expect(accepted.checks.anchor).toMatchObject({ facts: { existedBy: '2026-03-02T12:00:00Z' } })
  })

  test.each(['bitcoin', 'eip155:0', 'bip122:00'])('%s is no such thing and refused', async (name) => {
    await expect(judge([], { policy: { anchors: [name as ChainId] } })).rejects.toMatchObject({
      code: 'verify.policy_malformed',
    })
  })
})

describe('an anchor never stands in for the issuer’s signature', () => {
  test('a changed certificate stays invalid with the anchor of what it says now', async () => {
    const text = scene.text.replace('王小明', '张冠李戴')
    const anchor = await logAnchorOf(memberOf(text).commitment)
    const report = await judge([bundleFor(text, [anchor])], { text })
    expect(report.verdict).toBe('invalid')
    expect(outcomesOf(report)).toMatchObject({ proof: 'fail signature_mismatch', anchor: 'pass' })
  })

  test('and one that was revoked stays revoked', async () => {
    const items = scene.evidence.items.filter(({ kind }) => kind !== 'status-list')
    const { trust } = scene
    const judgeText = await judgeWith({ trust, evidence: { items }, chains: state, now: now as Instant })
    const report = await judgeText(scene.text, { anchors: [bundleFor(scene.text, [logAnchor])] })
    expect(report.verdict).toBe('undetermined')
    expect(outcomesOf(report)).toMatchObject({ status: 'unknown status_list_not_at_hand', anchor: 'pass' })
  })
})
