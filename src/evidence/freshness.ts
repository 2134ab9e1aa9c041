/** Until when gathered documents count by their own word, and which of them it is time to get again. */

import { fromBase64url, utf8Text } from '../base/bytes.ts'
import { epoch, epochOf, type Instant, instantAt, later } from '../base/instant.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import type { EvidenceItem, EvidenceKind } from './evidence.ts'

export interface Freshness {
  /** `timeless` says nothing of its time: schemas, contexts, anchors. */
  readonly state: 'fresh' | 'stale' | 'timeless'
  readonly from?: Instant
  readonly until?: Instant
  /** Whether a newer one can be expected: half of its life is over, or its next number is due. */
  readonly isDue: boolean
}

/** What a document says of its own time; nothing in it is believed. */
export function freshnessOf({ kind, document, got }: EvidenceItem, now: Instant): Freshness {
  const { from, until, next } = spans[kind](document, got?.at)
  if (from === undefined && until === undefined && next === undefined)
    return { state: 'timeless', isDue: false }
  const isStale = until !== undefined && until < now
  const half =
    from !== undefined && until !== undefined ? instantAt((epoch(from) + epoch(until)) / 2) : undefined
  const isDue = isStale || (next ?? half ?? until ?? now) <= now
  return {
    state: isStale ? 'stale' : 'fresh',
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    isDue,
  }
}

interface Span {
  readonly from?: Instant | undefined
  readonly until?: Instant | undefined
  /** When the next one is expected. */
  readonly next?: Instant | undefined
}

type SpanOf = (document: JsonObject, gotAt: Instant | undefined) => Span

const timeless: SpanOf = () => ({})

const ofCredential: SpanOf = ({ validFrom, validUntil, credentialSubject: subject }) => ({
  from: momentOf(validFrom),
  until: momentOf(validUntil),
  next: isObject(subject) ? momentOf(subject.nextUpdate) : undefined,
})

const ofToken: SpanOf = ({ token }) => {
  const [, payload = ''] = String(token).split('.')
  const parsed = parseJson(utf8Text(fromBase64url(payload) ?? new Uint8Array()) ?? '')
  const { iat, exp } = parsed.ok && isObject(parsed.value) ? parsed.value : {}
  const moment = (seconds: Json | undefined) =>
    typeof seconds === 'number' && seconds >= 0 && seconds < 253_402_300_800
      ? instantAt(seconds * 1000)
      : undefined
  return { from: moment(iat), until: moment(exp) }
}

/** Documents that say no end of their own: looked at again a day after they were got. */
const ofAddress: SpanOf = (_, gotAt) =>
  gotAt === undefined ? {} : { from: gotAt, next: later(gotAt, 86_400) }

const spans: Readonly<Record<EvidenceKind, SpanOf>> = {
  'did-document': ofAddress,
  'issuer-metadata': ofAddress,
  'status-list': ofCredential,
  'token-status-list': ofToken,
  'trust-list': ofCredential,
  'key-history': ofAddress,
  context: timeless,
  schema: timeless,
  'type-metadata': timeless,
  anchor: timeless,
  'chain-note': timeless,
  'chain-state': timeless,
  'batch-statement': timeless,
}

function momentOf(value: Json | undefined): Instant | undefined {
  const ms = typeof value === 'string' ? epochOf(value) : null
  return ms === null || ms < 0 || ms > Date.parse('9999-12-31T23:59:59Z') ? undefined : instantAt(ms)
}
