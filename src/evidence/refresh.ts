/** Gets again what has run out, or will soon, and keeps what cannot be had. */
import { digestJson } from '../base/canonical.ts'
import { isControllerId, isDid } from '../base/did-url.ts'
import type { Fetched } from '../base/fetch.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { distinctEvidence, type Evidence, type EvidenceItem, type EvidenceKind } from './evidence.ts'
import { freshnessOf } from './freshness.ts'
import {
  bounded,
  documentLimit,
  documentUrlOf,
  fetchOne,
  type GatherOptions,
  historyUrlOf,
  type Missed,
} from './gather.ts'

export interface Refreshed extends Evidence {
  /** Addresses of which a newer document was got. */
  readonly renewed: readonly string[]
  /** What should have been renewed and could not be: the old one stays. */
  readonly missed: readonly Missed[]
}

/**
 * Renews evidence: each document that is stale, past half of its life, past its next update or of unknown age is asked for
 * once, at the address where it was got, else where its name says. Its next version takes its place; nothing else does.
 */
export async function refresh(evidence: Evidence, options: GatherOptions): Promise<Refreshed> {
  const { now = instantAt(Date.now()) } = options
  const fetch = bounded(options.fetch)
  const missed: Missed[] = []
  const renewed = new Set<string>()
  const answers = new Map<string, Promise<Fetched>>()
  /** By name and address: what several items wait for is asked once. */
  const answerFor = (kind: EvidenceKind, url: string, fetchUrl: string): Promise<Fetched> | null => {
    const name = `${kind} ${url} ${fetchUrl}`
    const known = answers.get(name)
    if (known !== undefined || answers.size >= documentLimit) return known ?? null
    const answer = fetchOne({ kind, url, fetchUrl }, fetch, (fault, at) => missed.push({ url: at, fault }))
    answers.set(name, answer)
    return answer
  }
  const items: EvidenceItem[] = []
  for (const item of evidence.items) {
    const from = addressOf(item)
    if (from === null || !isDue(item, now)) {
      items.push(item)
      continue
    }
    const next = versionIn(await answerFor(item.kind, item.url, from), item, { at: now, from })
    if (typeof next === 'string') missed.push({ url: from, fault: next })
    else if (digestJson(next.document) !== digestJson(item.document)) renewed.add(item.url)
    items.push(typeof next === 'string' ? item : next)
  }
  return { ...distinctEvidence({ items }), renewed: [...renewed], missed }
}

/** A document that says neither its own time nor when it was got may be of any age. */
function isDue(item: EvidenceItem, now: Instant): boolean {
  const fresh = freshnessOf(item, now)
  return fresh.isDue || (fresh.state === 'timeless' && item.got === undefined)
}

/** The next version of an item, or why the answer is none. */
function versionIn(
  answer: Fetched | null,
  older: EvidenceItem,
  got: NonNullable<EvidenceItem['got']>,
): EvidenceItem | Missed['fault'] {
  if (answer === null) return 'too_many'
  if (!answer.ok) return answer.fault
  if (!isObject(answer.value)) return 'not_an_object'
  const newer = { ...older, document: answer.value, got }
  return faultOf(newer, older, got.at) ?? newer
}

/**
 * Why an answer is not the next version of a document; `null` where it may be. Its signature is judged by whoever judges:
 * this only keeps what whoever answers in the place of a site would say from displacing what is at hand.
 */
function faultOf(newer: EvidenceItem, older: EvidenceItem, now: Instant): Missed['fault'] | null {
  const [then, next] = [older.document, newer.document]
  if (idOf(next) !== idOf(then) || idOf(next.issuer) !== idOf(then.issuer)) return 'another_document'
  // A log of did:webvh came without the file of its witnesses, which it had before.
  if (then.witnesses !== undefined && next.witnesses === undefined) return 'another_document'
  const [starts, started] = [freshnessOf(newer, now).from, freshnessOf(older, now).from]
  if (started !== undefined && starts === undefined) return 'another_document'
  if (started !== undefined && starts !== undefined && starts < started) return 'older_than_before'
  const [grown, grew] = [entriesOf(next), entriesOf(then)]
  if (grew.every((entry, i) => entry === grown[i])) return null
  return grown.every((entry, i) => entry === grew[i]) ? 'older_than_before' : 'another_document'
}

const idOf = (value: Json | undefined): Json | undefined => (isObject(value) ? value.id : value)

/** What only ever grows: entries of a history of keys, lines of a log of did:webvh. */
function entriesOf({ entries, log }: JsonObject): readonly string[] {
  if (Array.isArray(entries)) return entries.map((entry) => digestJson(entry))
  return typeof log === 'string' ? log.split('\n').filter((line) => line.trim() !== '') : []
}

/** Kinds that stand at an address of their own. */
const renewable: ReadonlySet<EvidenceKind> = new Set([
  'did-document',
  'key-history',
  'issuer-metadata',
  'status-list',
  'token-status-list',
  'trust-list',
])

function addressOf({ kind, url, got }: EvidenceItem): string | null {
  if (!renewable.has(kind)) return null
  if (got?.from.startsWith('https:')) return got.from
  if (kind === 'did-document' && isControllerId(url)) return documentUrlOf(url)
  if (kind === 'key-history' && isDid(url)) return historyUrlOf(url)
  return url.startsWith('https:') ? url : null
}
