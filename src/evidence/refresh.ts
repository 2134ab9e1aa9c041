/** Gets again what has run out, or will soon, and keeps what cannot be had. */
import { digestJson } from '../base/canonical.ts'
import { isControllerId } from '../base/did-url.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import { isObject, type JsonObject } from '../base/json.ts'
import { distinctEvidence, type Evidence, type EvidenceItem, type EvidenceKind } from './evidence.ts'
import { freshnessOf } from './freshness.ts'
import { bounded, documentUrlOf, fetchOne, type GatherOptions, type Missed } from './gather.ts'

export interface Refreshed extends Evidence {
  /** Addresses of which a newer document was got. */
  readonly renewed: readonly string[]
  /** What should have been renewed and could not be: the old one stays. */
  readonly missed: readonly Missed[]
}

/**
 * Renews evidence: each document that is stale, past half of its life or past its next update is asked for once, at the
 * address where it was got, else where its name says. A newer one takes the place of the old, never an older one.
 */
export async function refresh(evidence: Evidence, options: GatherOptions): Promise<Refreshed> {
  const { now = instantAt(Date.now()) } = options
  const fetch = bounded(options.fetch)
  const missed: Missed[] = []
  const renewed: string[] = []
  const items: EvidenceItem[] = []
  for (const item of evidence.items) {
    const fetchUrl = addressOf(item)
    if (!freshnessOf(item, now).isDue || fetchUrl === null) {
      items.push(item)
      continue
    }
    const { kind, url } = item
    const answer = await fetchOne({ kind, url, fetchUrl }, fetch, (fault, at) =>
      missed.push({ url: at, fault }),
    )
    const newer: EvidenceItem | null =
      answer.ok && isObject(answer.value)
        ? { kind, url, document: answer.value, got: { at: now, from: fetchUrl } }
        : null
    const fault =
      newer === null ? (answer.ok ? 'not_an_object' : answer.fault) : faultOf(newer.document, item, now)
    if (fault !== null) missed.push({ url: fetchUrl, fault })
    else if (newer !== null && digestJson(newer.document) !== digestJson(item.document)) renewed.push(url)
    items.push(newer === null || fault !== null ? item : newer)
  }
  return { ...distinctEvidence({ items }), renewed, missed }
}

/** Why an answer does not take the place of what is at hand: a page of an error, or what was told before. */
function faultOf(answer: JsonObject, item: EvidenceItem, now: Instant): Missed['fault'] | null {
  const { document } = item
  if (document.id !== undefined && answer.id !== document.id) return 'another_document'
  const from = freshnessOf({ ...item, document: answer }, now).from
  const before = freshnessOf(item, now).from
  if (before !== undefined && (from ?? '') < before) return 'older_than_before'
  return lengthOf(answer) < lengthOf(document) ? 'older_than_before' : null
}

/** Histories and logs only grow. */
const lengthOf = ({ entries, log }: JsonObject): number =>
  Array.isArray(entries) ? entries.length : typeof log === 'string' ? log.trim().split('\n').length : 0

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
  return url.startsWith('https:') ? url : null
}
