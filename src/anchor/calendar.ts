/**
 * OpenTimestamps calendars as a back-end: they gather digests into a Bitcoin transaction, for nothing, within hours. No
 * nonce is added for each: a commitment says nothing to whoever has no salts.
 */
import { type Bytes, fromBase64, fromHex, toBase64, toHex } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { type ExchangeFetch, exchange } from '../base/exchange.ts'
import type { JsonObject } from '../base/json.ts'
import type { TimestampAnchor } from './anchor.ts'
import { applied } from './path.ts'
import type { Receipt, Step, Submitter } from './submitter.ts'
import {
  attestationsOf,
  mergedTree,
  readCalendarTree,
  readTimestamp,
  type Timestamp,
  type TimestampTree,
  timestampBytes,
} from './timestamp.ts'

export interface CalendarOptions {
  /** Addresses of calendars, which are asked to stamp. */
  readonly calendars: readonly string[]
  /** Where upgrades may be asked for beside them: whoever writes a file can name any address in it. */
  readonly upgrades?: readonly string[]
  /** How many calendars must answer; 1 by default. */
  readonly minimum?: number
  readonly fetch: ExchangeFetch
}

/** Those that public pools hand digests to. */
export const publicCalendars: readonly string[] = [
  'https://alice.btc.calendar.opentimestamps.org',
  'https://bob.btc.calendar.opentimestamps.org',
  'https://finney.calendar.eternitywall.com',
  'https://btc.calendar.catallaxy.com',
]

/**
 * A back-end over calendars. Final once a Bitcoin block is named; that the block is in the chain is for verifiers to find.
 *
 * @example
 * const submitter = calendarSubmitter({ calendars: ['https://a.pool.opentimestamps.org'], fetch })
 */
export function calendarSubmitter(options: CalendarOptions): Submitter {
  return {
    kind: 'ots',
    start: (commitment) => ({ kind: 'ots', commitment: toHex(commitment), state: {} }),
    async advance(receipt, { signal } = {}) {
      const { commitment, timestamp, answered } = readReceipt(receipt)
      const asked =
        answered.length < (options.minimum ?? 1)
          ? await stamp({ commitment, timestamp, answered }, options, signal)
          : { timestamp: await upgrade(timestamp!, options, signal), answered } // at least one answered
      return stepOf(receipt, asked)
    },
  }
}

interface Progress {
  readonly timestamp: Timestamp | undefined
  /** Calendars that took the commitment. */
  readonly answered: readonly string[]
}

/** Bytes of an answer: a tree has at most 256 steps, and calendars send a few hundred bytes. */
const answerLimit = 65_536
const accept = 'application/vnd.opentimestamps.v1'

/** Hands the commitment to those that have not answered yet. Handing it over twice does no harm. */
async function stamp(
  { commitment, timestamp, answered }: Progress & { readonly commitment: Bytes },
  { calendars, fetch, minimum = 1 }: CalendarOptions,
  signal: AbortSignal | undefined,
): Promise<Progress> {
  let tree: TimestampTree = timestamp?.tree ?? []
  const now = [...answered]
  let failure: CertificateError | undefined
  for (const calendar of calendars.filter((one) => !answered.includes(one))) {
    const url = `${plain(calendar)}/digest`
    const answer = await exchange(url, {
      fetch,
      body: commitment,
      headers: { accept, 'content-type': 'application/octet-stream' },
      maxBytes: answerLimit,
      signal,
    })
    const read = answer.ok && answer.status === 200 ? readCalendarTree(answer.body, commitment) : null
    if (read === null) {
      const [fault, what] = answer.ok ? ['answer', `status ${answer.status}`] : [answer.fault, answer.detail]
      failure ??= new CertificateError('anchor.endpoint_failed', { url, fault, what })
      continue
    }
    tree = mergedTree(tree, read)
    now.push(calendar)
  }
  if (now.length === 0 || (now.length === answered.length && now.length < minimum)) {
    throw (
      failure ??
      new CertificateError('anchor.endpoint_failed', { url: '', fault: 'none', what: 'no calendar' })
    )
  }
  return { timestamp: { fileHash: 'sha256', digest: commitment, tree }, answered: now }
}

/** Asks for what was pending, only at addresses of the caller's own list. */
async function upgrade(
  timestamp: Timestamp,
  { calendars, upgrades = publicCalendars, fetch }: CalendarOptions,
  signal: AbortSignal | undefined,
): Promise<Timestamp> {
  const allowed = new Set([...calendars, ...upgrades].map(plain))
  let { tree } = timestamp
  for (const { attestation, message } of attestationsOf(timestamp)) {
    if (attestation.is !== 'pending' || !allowed.has(plain(attestation.uri))) continue
    const url = `${plain(attestation.uri)}/timestamp/${toHex(message)}`
    const answer = await exchange(url, { fetch, headers: { accept }, maxBytes: answerLimit, signal })
    if (!answer.ok) {
      throw new CertificateError('anchor.endpoint_failed', { url, fault: answer.fault, what: answer.detail })
    }
    const more = answer.status === 200 ? readCalendarTree(answer.body, message) : null
    // Not known yet is 404; what is no tree for this very message is as good as no answer.
    if (more !== null) tree = upgraded(tree, timestamp.digest, { uri: attestation.uri, message, more })
  }
  return { ...timestamp, tree }
}

/** The tree with an answer in the place of what was pending. */
function upgraded(
  tree: TimestampTree,
  message: Bytes,
  answer: { readonly uri: string; readonly message: Bytes; readonly more: TimestampTree },
): TimestampTree {
  const isPlace = toHex(message) === toHex(answer.message)
  const kept = tree.filter(
    (item) =>
      !(
        isPlace &&
        'attestation' in item &&
        item.attestation.is === 'pending' &&
        item.attestation.uri === answer.uri
      ),
  )
  const below = kept.map(
    (item) =>
      'attestation' in item
        ? item
        : { ...item, below: upgraded(item.below, applied(message, item.operation)!, answer) }, // was applied when it was read
  )
  return isPlace && kept.length < tree.length ? mergedTree(below, answer.more) : below
}

function stepOf({ kind, commitment }: Receipt, { timestamp, answered }: Progress): Step {
  const ots = timestampBytes(timestamp!) // at least one calendar answered
  const anchor: TimestampAnchor = { kind: 'ots', ots }
  const state: JsonObject = { ots: toBase64(ots), answered }
  const receipt: Receipt = { kind, commitment, state }
  const isFinal = attestationsOf(timestamp!).some(({ attestation }) => attestation.is === 'bitcoin')
  return isFinal ? { is: 'final', receipt, anchor } : { is: 'waiting', receipt, for: 'calendar', anchor }
}

/** @throws `anchor.file_malformed` */
function readReceipt({ commitment, state }: Receipt): Progress & { readonly commitment: Bytes } {
  const digest = fromHex(commitment)
  const { ots, answered = [] } = state
  const bytes = typeof ots === 'string' ? fromBase64(ots) : null
  const timestamp = bytes === null ? undefined : (readTimestamp(bytes) ?? undefined)
  const isWhole = Array.isArray(answered) && answered.every((one) => typeof one === 'string')
  if (digest?.length !== 32 || !isWhole || answered.length > 0 !== (timestamp !== undefined)) {
    throw new CertificateError('anchor.file_malformed', { kind: 'receipt of calendars', what: commitment })
  }
  return { commitment: digest, timestamp, answered: answered as readonly string[] }
}

const plain = (url: string): string => url.replace(/\/+$/, '')
