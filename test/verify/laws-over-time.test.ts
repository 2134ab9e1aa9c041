/** Laws of judgements over time. `npm test` tries a fixed number of cases, `npm run test:deep` many more of them. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { instantAt } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import type { GeneratedSigner } from '../../src/key/signer.ts'
import { historyCredential, type KeyEvent } from '../../src/trust/key-history.ts'
import type { Trust } from '../../src/trust/trust.ts'
import type { DelegatedAuthority, TrustList } from '../../src/trust/trust-list.ts'
import { readRecordText, recordOf, replay } from '../../src/verify/replay.ts'
import type { Report } from '../../src/verify/report.ts'
import { verify } from '../../src/verify/verify.ts'
import { signerNamed } from '../trust/lists.ts'
import {
  at,
  authority,
  didItem,
  entryOf,
  now,
  otherAgency,
  type Scene,
  sceneOf,
  sign,
  signTrustList,
  statusIndex,
  statusListOf,
  stranger,
  trustListOf,
  webAgency,
  webDocumentOf,
} from './scene.ts'

const deep = process.env.GRADECERT_DEEP === '1'
/** Fixed, so that a run today is the run of tomorrow. */
const runs = (few: number, many: number) => ({ numRuns: deep ? many : few, seed: 20460101 })
/** Milliseconds. */
const patience = deep ? 3_600_000 : 60_000

const province = signerNamed('province')

/** What a judgement is made from, each thing by a name. */
interface Things {
  readonly text: string
  readonly items: Readonly<Record<string, EvidenceItem>>
  readonly lists: Readonly<Record<string, JsonObject>>
}

/** By name, from the best to the worst. */
let worlds: Readonly<Record<'good' | 'delegated' | 'revoked' | 'stolen' | 'open' | 'unlisted', Things>>
let foreign: readonly EvidenceItem[]
let older: readonly EvidenceItem[]
let scene: Scene

const delegate: DelegatedAuthority = {
  id: province.controller,
  labels: { 'zh-Hans': '示例省厅' },
  standing: 'active',
  keys: [{ thumbprint: thumbprint(province.publicKey), multikey: province.multikey }],
  scopes: [{ occupations: ['2-02-38-01'], grades: ['junior'] }],
  publishes: 'https://province.example/list',
}

async function historyItem(signer: GeneratedSigner, more: readonly KeyEvent[] = []): Promise<EvidenceItem> {
  const { verificationMethod: method, multikey, controller: issuer } = signer
  const recordedAt = at('2026-01-01T00:00:00Z')
  const events: readonly KeyEvent[] = [{ kind: 'added', method, multikey, from: recordedAt }, ...more]
  const entry = await sign(historyCredential({ issuer, sequence: 1, recordedAt, events }), signer, {
    created: recordedAt,
  })
  return { kind: 'key-history', url: issuer, document: { id: issuer, entries: [entry] } }
}

beforeAll(async () => {
  scene = await sceneOf(webAgency, { suite: 'eddsa-jcs-2022' })
  const [revocation, suspension, document] = scene.evidence.items as [
    EvidenceItem,
    EvidenceItem,
    EvidenceItem,
  ]
  const history = await historyItem(webAgency)
  const list = await trustListOf()
  const trustLists = async (change: Partial<TrustList> = {}) => ({
    list: await signTrustList({ ...list, ...change }),
  })
  const row = await entryOf(webAgency)
  const withKey = (compromisedSince: string) => ({
    agencies: [{ ...row, keys: row.keys.map((key) => ({ ...key, compromisedSince: at(compromisedSince) })) }],
  })
  const items = { revocation, suspension, document, history }
  const good: Things = { text: scene.text, items, lists: await trustLists() }
  const set = [statusIndex]
  worlds = {
    good,
    delegated: {
      ...good,
      lists: {
        root: await signTrustList({ ...list, agencies: [], delegates: [delegate] }),
        list: await signTrustList(
          { ...list, id: delegate.publishes, issuer: province.controller, agencies: [row] },
          province,
        ),
      },
    },
    revoked: {
      ...good,
      items: { ...items, revocation: await statusListOf(webAgency, 'revocation', { set }) },
    },
    stolen: { ...good, lists: await trustLists(withKey('2026-03-01T00:00:00Z')) },
    open: { ...good, lists: await trustLists(withKey('2026-04-01T00:00:00Z')) },
    unlisted: { ...good, lists: await trustLists({ agencies: [] }) },
  }
  foreign = [
    await statusListOf(stranger, 'revocation', { set }),
    await statusListOf(otherAgency, 'suspension', { set }),
    didItem(webDocumentOf(stranger)),
    await historyItem(stranger),
    await historyItem(otherAgency),
    { ...(await historyItem(stranger)), document: { id: webAgency.controller, entries: [] } },
    {
      kind: 'trust-list',
      url: 'urn:x:a',
      document: await signTrustList({ ...list, sequence: 99, agencies: [] }, stranger),
    },
    {
      kind: 'trust-list',
      url: 'urn:x:b',
      document: await signTrustList({ ...list, issuer: stranger.controller }, stranger),
    },
    {
      kind: 'status-list',
      url: 'urn:x:c',
      document: { ...revocation.document, validUntil: '2046-01-01T00:00:00Z' },
    },
    { kind: 'chain-state', url: 'urn:x:d', document: { type: 'GradecertChains', version: 1 } },
    { kind: 'anchor', url: 'urn:x:e', document: {} },
    { kind: 'type-metadata', url: 'urn:x:f', document: {} },
  ]
  older = [
    await statusListOf(webAgency, 'revocation', {
      validFrom: at('2026-04-20T00:00:00Z'),
      validUntil: at('2026-06-10T00:00:00Z'),
    }),
    await statusListOf(webAgency, 'suspension', { validFrom: at('2026-04-21T00:00:00Z'), set }),
    {
      kind: 'trust-list',
      url: 'urn:x:g',
      document: await signTrustList({ ...list, sequence: 6, agencies: [] }),
    },
    {
      kind: 'trust-list',
      url: 'urn:x:h',
      document: await signTrustList({ ...list, sequence: 1, agencies: [row] }),
    },
  ]
}, patience)

const names = ['good', 'delegated', 'revoked', 'stolen', 'open', 'unlisted'] as const
const world = fc.constantFrom(...names)
const verdicts = {
  good: 'valid',
  delegated: 'valid',
  revoked: 'invalid',
  stolen: 'invalid',
  open: 'undetermined',
  unlisted: 'undetermined',
} as const

interface Judged {
  readonly items: readonly EvidenceItem[]
  readonly lists: readonly JsonObject[]
  readonly now?: string
}

const trustOf = (lists: readonly Json[]): Trust => ({ roots: [{ id: authority.controller }], lists })

const judge = ({ text }: Things, { items, lists, now: moment = now }: Judged, policy = {}): Promise<Report> =>
  verify(text, { evidence: { items }, trust: trustOf(lists), now: at(moment), policy })

const whole = (things: Things): Judged => ({
  items: Object.values(things.items),
  lists: Object.values(things.lists),
})

/** One change of one thing, by what may happen to files over the years. */
type Harm =
  | { readonly act: 'lose'; readonly which: number }
  | { readonly act: 'spoil'; readonly which: number; readonly at: number; readonly by: string }
  | { readonly act: 'age'; readonly days: number }

const harm: fc.Arbitrary<Harm> = fc.oneof(
  fc.record({ act: fc.constant('lose' as const), which: fc.nat(9) }),
  fc.record({
    act: fc.constant('spoil' as const),
    which: fc.nat(9),
    at: fc.nat(),
    by: fc.constantFrom('0', '9', 'a', 'Z', '-', ' ', 'x'),
  }),
  fc.record({ act: fc.constant('age' as const), days: fc.integer({ min: 1, max: 20 * 366 }) }),
)

/** A document with one character of one of its texts changed; it stays JSON. */
function spoilt(document: JsonObject, place: number, by: string): JsonObject {
  const text = JSON.stringify(document)
  const at = place % text.length
  const character = text[at] as string
  if (!/[A-Za-z0-9]/.test(character) || character === by) return document
  const changed = text.slice(0, at) + by + text.slice(at + 1)
  try {
    return JSON.parse(changed) as JsonObject
  } catch {
    return document
  }
}

function harmed(things: Things, harms: readonly Harm[]): Judged {
  let items = Object.entries(things.items)
  let lists = Object.entries(things.lists)
  let moment = Date.parse(now)
  for (const one of harms) {
    if (one.act === 'age') moment += one.days * 86_400_000
    else {
      const all = [...items.map(([name]) => `item ${name}`), ...lists.map(([name]) => `list ${name}`)]
      if (all.length === 0) continue
      const name = all[one.which % all.length] as string
      const isHit = (kind: string, member: string) => `${kind} ${member}` === name
      if (one.act === 'lose') {
        items = items.filter(([member]) => !isHit('item', member))
        lists = lists.filter(([member]) => !isHit('list', member))
      } else {
        items = items.map(([member, item]) =>
          isHit('item', member)
            ? [member, { ...item, document: spoilt(item.document, one.at, one.by) }]
            : [member, item],
        )
        lists = lists.map(([member, list]) =>
          isHit('list', member) ? [member, spoilt(list, one.at, one.by)] : [member, list],
        )
      }
    }
  }
  return {
    items: items.map(([, item]) => item),
    lists: lists.map(([, list]) => list),
    now: instantAt(moment),
  }
}

describe('over time', () => {
  test('the worlds differ as they should', async () => {
    const found = await Promise.all(
      names.map(async (name) => [name, (await judge(worlds[name], whole(worlds[name]))).verdict]),
    )
    expect(Object.fromEntries(found)).toEqual(verdicts)
  })

  test(
    'losing, spoiling or ageing what there is one of never makes a certificate valid that was not',
    async () => {
      await fc.assert(
        fc.asyncProperty(world, fc.array(harm, { minLength: 1, maxLength: 4 }), async (name, harms) => {
          const report = await judge(worlds[name], harmed(worlds[name], harms))
          if (verdicts[name] !== 'valid') expect(report.verdict).not.toBe('valid')
          expect(report.checks.format).not.toMatchObject({ reason: 'internal_error' })
        }),
        runs(400, 40_000),
      )
    },
    patience,
  )

  test(
    'a good certificate stays valid under harm only where everything that it needs is still there',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom('good', 'delegated'), harm, async (name, one) => {
          const things = worlds[name]
          const judged = harmed(things, [one])
          const report = await judge(things, judged)
          const history = Object.keys(things.items).indexOf('history')
          const isNeeded =
            one.act !== 'age' &&
            one.which % (Object.keys(things.items).length + Object.keys(things.lists).length) !== history
          const isSame =
            JSON.stringify([judged.items, judged.lists]) ===
            JSON.stringify(Object.values(whole(things)).slice(0, 2))
          if (one.act === 'age') expect(report.verdict).toBe(one.days <= 19 ? 'valid' : 'undetermined')
          else if (isNeeded && !isSame) expect(report.verdict === 'valid' ? one.act : 'spoil').toBe('spoil')
          else expect(report.verdict).toBe('valid')
        }),
        runs(200, 10_000),
      )
    },
    patience,
  )

  test(
    'what is forged, foreign, or older than what is there changes nothing',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          world,
          fc.subarray([...Array(12).keys()]),
          fc.subarray([...Array(4).keys()]),
          fc.nat(),
          async (name, strange, old, turn) => {
            const { items, lists } = whole(worlds[name])
            // The delegated world has no list of its own under the number that older ones have.
            const isOwnList = name !== 'delegated'
            const added = [
              ...strange.map((i) => foreign[i] as EvidenceItem),
              ...old
                .map((i) => older[i] as EvidenceItem)
                .filter(({ kind }) => isOwnList || kind !== 'trust-list'),
            ]
            const all = [...items, ...added]
            const start = turn % all.length
            const turned = [...all.slice(start), ...all.slice(0, start)]
            expect(await judge(worlds[name], { items: turned, lists })).toEqual(
              await judge(worlds[name], { items, lists }),
            )
          },
        ),
        runs(200, 15_000),
      )
      expect([foreign.length, older.length]).toEqual([12, 4])
    },
    patience,
  )

  test(
    'an older authentic list alone counts for what it is, in its own lifetime, and its date is told',
    async () => {
      const revocation = older[0] as EvidenceItem
      const { suspension, document, history } = worlds.good.items as Record<string, EvidenceItem>
      const items = [revocation, suspension!, document!, history!]
      const lists = Object.values(worlds.good.lists)
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: -40, max: 30 }),
          fc.integer({ min: 0, max: 80 }),
          async (day, maxDays) => {
            const moment = instantAt(Date.parse(now) + day * 86_400_000)
            const report = await judge(
              worlds.good,
              { items, lists, now: moment },
              { maxStatusAge: maxDays * 86_400 },
            )
            const age = (Date.parse(moment) - Date.parse('2026-04-20T00:00:00Z')) / 86_400_000
            const ageOther = (Date.parse(moment) - Date.parse('2026-05-20T00:00:00Z')) / 86_400_000
            const { status } = report.checks
            const counts = age <= maxDays && ageOther >= 0 && moment <= '2026-06-10T00:00:00Z'
            expect([day, maxDays, status.outcome]).toEqual([day, maxDays, counts ? 'pass' : 'unknown'])
            const told = status.outcome === 'skipped' ? undefined : status.facts
            if (age >= 0)
              expect(told).toMatchObject({
                lists: expect.arrayContaining([expect.objectContaining({ asOf: '2026-04-20T00:00:00Z' })]),
              })
          },
        ),
        runs(100, 5_000),
      )
    },
    patience,
  )

  test(
    'the order of inputs never matters',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          world,
          fc.nat(),
          fc.nat(),
          fc.array(harm, { maxLength: 2 }),
          async (name, turn, flip, harms) => {
            const { items, lists, now: moment } = harmed(worlds[name], harms)
            const all = [...items, ...foreign.slice(0, turn % 12), ...older.slice(0, flip % 5)]
            const mixed = all.toSorted((a, b) => orderOf(a, turn) - orderOf(b, turn))
            const some = { items: all, lists, ...(moment !== undefined && { now: moment }) }
            const other = { ...some, items: mixed, lists: flip % 2 === 0 ? lists.toReversed() : lists }
            expect(JSON.stringify(await judge(worlds[name], other))).toBe(
              JSON.stringify(await judge(worlds[name], some)),
            )
          },
        ),
        runs(150, 15_000),
      )
    },
    patience,
  )

  test(
    'a report is a function of its inputs: kept and made again it is the same',
    async () => {
      await fc.assert(
        fc.asyncProperty(world, fc.array(harm, { maxLength: 2 }), async (name, harms) => {
          const { items, lists, now: moment = now } = harmed(worlds[name], harms)
          const options = { evidence: { items }, trust: trustOf(lists) }
          const { text } = worlds[name]
          const report = await verify(text, { ...options, now: at(moment) })
          const record = readRecordText(JSON.stringify(recordOf(text, report, options)))
          expect(await replay(record, text, options)).toMatchObject({
            same: true,
            differences: [],
            changed: [],
          })
        }),
        runs(150, 15_000),
      )
    },
    patience,
  )
})

/** A number that mixes, the same for the same item and turn. */
const orderOf = ({ url, kind }: EvidenceItem, turn: number): number =>
  [...`${kind}${url}`].reduce(
    (sum, character) => (sum * 31 + character.charCodeAt(0) + turn) % 10_007,
    turn % 97,
  )
