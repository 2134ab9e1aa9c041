/** A key that was stolen: what others saw of a signature before that day decides, not what the signature says of itself. */
import { describe, expect, test } from 'vitest'
import type { CalendarDate, Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { webDocument } from '../../src/did/web.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { judgeWith } from '../../src/verify/judge.ts'
import { bundleFor, logAnchorOf, memberOf, stateWith } from '../anchor/makers.ts'
import {
  allStand,
  at,
  didItem,
  now,
  outcomesOf,
  sceneOf,
  signTrustList,
  statusListOf,
  trustListOf,
  trustOf,
  webAgency,
  withAgency,
} from './scene.ts'

/** The key by which the agency signs its lists since the other was stolen. */
const newKey = signerOfSeed(new Uint8Array(32).fill(8), { verificationMethod: 'did:web:agency.example#k2' })
const document = webDocument('did:web:agency.example', [
  { id: 'did:web:agency.example#k1', multikey: webAgency.multikey },
  { id: 'did:web:agency.example#k2', multikey: newKey.multikey },
])

/** What a verifier finds of a certificate that the stolen key signed. */
async function judge({
  compromisedSince,
  created = at('2026-03-02T01:02:03Z'),
  anchoredAt,
}: {
  readonly compromisedSince: Instant
  readonly created?: Instant
  /** When each witness saw it; without it there is no anchor. */
  readonly anchoredAt?: readonly (string | null)[]
}) {
  const scene = await sceneOf(webAgency, { created })
  const keys = [
    { thumbprint: thumbprint(webAgency.publicKey), compromisedSince },
    { thumbprint: thumbprint(newKey.publicKey) },
  ]
  const list = withAgency(await trustListOf(), webAgency, { keys })
  const anchors: JsonObject[] = []
  if (anchoredAt !== undefined) {
    const { commitment } = memberOf(scene.text)
    anchors.push(bundleFor(scene.text, [await logAnchorOf(commitment, { at: anchoredAt })]))
  }
  const judgeText = await judgeWith({
    trust: trustOf(await signTrustList(list)),
    evidence: {
      items: [
        didItem(document),
        await statusListOf(newKey, 'revocation'),
        await statusListOf(newKey, 'suspension'),
      ],
    },
    chains: await stateWith(),
    now,
  })
  return judgeText(scene.text, { anchors })
}

const seen = (moment: string) => [moment, moment, null]

describe('a certificate whose key was stolen later', () => {
  test('is saved by an anchor from before that moment', async () => {
    const report = await judge({
      compromisedSince: at('2026-05-01T00:00:00Z'),
      anchoredAt: seen('2026-03-02T09:00:00Z'),
    })
    expect(report.verdict).toBe('valid')
    expect(outcomesOf(report)).toEqual({ ...allStand, anchor: 'pass' })
  })

  test('is not saved by its own word', async () => {
    const report = await judge({ compromisedSince: at('2026-05-01T00:00:00Z') })
    expect(report.verdict).toBe('undetermined')
    expect(outcomesOf(report)).toEqual({ ...allStand, trust: 'unknown key_maybe_compromised' })
  })

  test.each([
    ['of that very moment', '2026-05-01T00:00:00Z'],
    ['of a second later', '2026-05-01T00:00:01Z'],
  ])('is not saved by an anchor %s', async (_when, moment) => {
    const report = await judge({ compromisedSince: at('2026-05-01T00:00:00Z'), anchoredAt: seen(moment) })
    expect(outcomesOf(report)).toEqual({
      ...allStand,
      trust: 'unknown key_maybe_compromised',
      anchor: 'pass',
    })
  })

  test('is saved by an anchor of the second before', async () => {
    const report = await judge({
      compromisedSince: at('2026-05-01T00:00:00Z'),
      anchoredAt: seen('2026-04-30T23:59:59Z'),
    })
    expect(report.verdict).toBe('valid')
  })

  test('is not saved by one witness who says that it saw it early, where two are asked for', async () => {
    const report = await judge({
      compromisedSince: at('2026-05-01T00:00:00Z'),
      anchoredAt: ['2026-03-02T09:00:00Z', '2026-05-02T00:00:00Z', null],
    })
    expect(outcomesOf(report)).toMatchObject({ trust: 'unknown key_maybe_compromised' })
    expect(report.checks.anchor).toMatchObject({ facts: { existedBy: '2026-05-02T00:00:00Z' } })
  })
})

describe('a certificate of an agency that was removed later', () => {
  const removed = async (moment: string) => {
    const scene = await sceneOf(webAgency)
    const list = await trustListOf()
    const agencies = list.agencies.map((row) => ({
      ...row,
      standing: 'removed' as const,
      scopes: row.scopes.map((scope) => ({ ...scope, until: '2026-04-30' as CalendarDate })),
    }))
    const { commitment } = memberOf(scene.text)
    const judgeText = await judgeWith({
      ...scene,
      trust: trustOf(await signTrustList({ ...list, agencies })),
      policy: { anchorIfRemoved: true },
      chains: await stateWith(),
      now,
    })
    return judgeText(scene.text, {
      anchors: [bundleFor(scene.text, [await logAnchorOf(commitment, { at: seen(moment) })])],
    })
  }

  test.each([
    ['2026-03-02T09:00:00Z', 'pass'],
    ['2026-04-30T15:59:59Z', 'pass'],
    ['2026-04-30T16:00:00Z', 'unknown removed_without_anchor'],
  ])('and anchored at %s, the last day ending in Beijing: %s', async (moment, trust) => {
    expect(outcomesOf(await removed(moment))).toEqual({ ...allStand, anchor: 'pass', trust })
  })
})

describe('a status list by a key that was stolen later', () => {
  const judged = async (moment: string | undefined) => {
    const { text, evidence } = await sceneOf(webAgency)
    const keys = [
      { thumbprint: thumbprint(webAgency.publicKey), compromisedSince: at('2026-05-25T00:00:00Z') },
    ]
    const { commitment } = memberOf(text)
    const items = [...evidence.items]
    for (const { kind, document: list } of evidence.items) {
      if (kind !== 'status-list' || moment === undefined) continue
      const anchored = JSON.stringify(list)
      const anchor = bundleFor(anchored, [
        await logAnchorOf(memberOf(anchored).commitment, { at: seen(moment) }),
      ])
      items.push({ kind: 'anchor', url: 'urn:x:anchor', document: anchor })
    }
    const judgeText = await judgeWith({
      trust: trustOf(await signTrustList(withAgency(await trustListOf(), webAgency, { keys }))),
      evidence: { items },
      chains: await stateWith(),
      now,
    })
    const own = bundleFor(text, [await logAnchorOf(commitment, { at: seen('2026-03-02T09:00:00Z') })])
    return outcomesOf(await judgeText(text, { anchors: [own] }))
  }

  test.each([
    ['clears nobody', undefined, 'unknown status_list_not_believed'],
    ['is believed with an anchor from before that', '2026-05-20T01:00:00Z', 'pass'],
    ['is not believed with one from after it', '2026-05-25T00:00:00Z', 'unknown status_list_not_believed'],
  ])('%s', async (_what, moment, status) => {
    expect(await judged(moment)).toEqual({ ...allStand, anchor: 'pass', status })
  })
})
