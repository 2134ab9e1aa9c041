/**
 * What became of an agency's keys, told by the agency itself: entries that are only ever added, each signed, each naming
 * the digest of the one before. It makes nobody trusted. What it says against a key counts from the day it is published,
 * before any authority has written a new list.
 */
import * as z from 'zod/mini'
import { digestJson } from '../base/canonical.ts'
import { type Did, type DidUrl, isDid, splitDidUrl } from '../base/did-url.ts'
import { epochOf, type Instant } from '../base/instant.ts'
import { asList, defined, isObject, type Json, type JsonObject } from '../base/json.ts'
import { contextTable, contextUrls } from '../credential/contexts.ts'
import { firstDifference } from '../credential/difference.ts'
import { fromMultikey, thumbprint } from '../key/public-key.ts'
import { isOverExactText, openDataIntegrity, verifyProof } from '../securing/data-integrity.ts'
import { earliest } from './key-fault.ts'

export type KeyEventKind = 'added' | 'retired' | 'compromised' | 'destroyed'

export interface KeyEvent {
  readonly kind: KeyEventKind
  /** The verification method, `did:web:agency.example#key-2`. */
  readonly method: DidUrl
  readonly multikey: string
  /** Of `added`: the first moment at which it signs. */
  readonly from?: Instant | undefined
  /** Of `retired`: the last one. */
  readonly until?: Instant | undefined
  /** Of `compromised`: since when others may have it. */
  readonly since?: Instant | undefined
}

export interface HistoryEntry {
  readonly issuer: Did
  /** 1, 2, 3… */
  readonly sequence: number
  /** Lower-case hex SHA-256 of the canonical JSON of the entry before, without its proofs. */
  readonly previous?: string | undefined
  readonly recordedAt: Instant
  readonly events: readonly KeyEvent[]
}

/** What is known of a key after all events. */
export interface HistoryKey {
  readonly method: DidUrl
  readonly multikey: string
  readonly thumbprint: string
  readonly from: Instant | undefined
  readonly until: Instant | undefined
  readonly compromisedSince: Instant | undefined
  /** Whether its secret was destroyed, so that nobody can sign with it any more. */
  readonly isDestroyed: boolean
}

/** The unsecured credential of an entry. */
export function historyCredential(entry: HistoryEntry): JsonObject {
  return {
    '@context': [contextUrls['credentials/v2'], contextUrls['gradecert/v1']],
    type: ['VerifiableCredential'],
    issuer: entry.issuer,
    validFrom: entry.recordedAt,
    credentialSubject: defined({
      id: entry.issuer,
      type: 'KeyHistory',
      sequence: entry.sequence,
      previousList: entry.previous,
      event: entry.events.map((event) => ({
        type: 'KeyEvent',
        eventType: event.kind,
        recordedAt: entry.recordedAt,
        key: defined({
          id: event.method,
          type: 'AgencyKey',
          keyThumbprint: printOf(event.multikey),
          publicKeyMultibase: event.multikey,
          keyFrom: event.from,
          keyUntil: event.until,
          compromisedSince: event.since,
        }),
      })),
    }),
  }
}

/** The thumbprint of a Multikey; empty where it is none. */
export const printOf = (multikey: string): string => {
  const key = fromMultikey(multikey)
  return key === null ? '' : thumbprint(key)
}

export type HistoryFault = 'entry_malformed' | 'entry_out_of_order' | 'entry_not_signed' | 'too_many_entries'

export type HistoryReading =
  | { readonly ok: true; readonly entries: readonly SignedEntry[] }
  | { readonly ok: false; readonly fault: HistoryFault; readonly detail: string }

export interface SignedEntry extends HistoryEntry {
  readonly digest: string
  /** Thumbprints of the keys that signed it. */
  readonly signers: readonly string[]
}

const entryLimit = 1024

/**
 * Reads a history from its first entry on: numbers in order, each entry naming the digest of the one before, each signed
 * by a key that could still sign when it was written, each proof by a key of the history.
 */
export async function readKeyHistory(signed: readonly Json[], did: Did): Promise<HistoryReading> {
  if (signed.length > entryLimit) return refuse('too_many_entries', String(signed.length))
  const entries: SignedEntry[] = []
  for (const [i, one] of signed.entries()) {
    const at = `entry ${i + 1}`
    const opening = isObject(one) ? openDataIntegrity(one) : null
    const entry = opening?.ok ? readEntry(opening.opened.document) : null
    if (!opening?.ok || entry === null || entry.issuer !== did) return refuse('entry_malformed', at)
    const before = entries.at(-1)
    const isNext =
      entry.sequence === i + 1 &&
      entry.previous === before?.digest &&
      (before === undefined || before.recordedAt <= entry.recordedAt)
    if (!isNext) return refuse('entry_out_of_order', at)
    const known = keysOfHistory(entries)
    const { document, proofs, all } = opening.opened
    const signers: string[] = []
    for (const proof of proofs) {
      const added = entry.events.find(({ method }) => method === proof.verificationMethod)
      const multikey =
        known.find(({ method }) => method === proof.verificationMethod)?.multikey ?? added?.multikey
      const key = fromMultikey(multikey ?? '')
      if (key === null || !isOverExactText(proof) || proof.expires !== undefined)
        return refuse('entry_not_signed', at)
      const result = await verifyProof(document, proof, { key, all, contexts: contextTable() })
      if (!result.ok || firstDifference(result.document, document) !== null)
        return refuse('entry_not_signed', at)
      signers.push(thumbprint(key))
    }
    const couldSign =
      before === undefined ? entry.events.map(({ multikey }) => printOf(multikey)) : living(known)
    if (!signers.some((print) => couldSign.includes(print))) return refuse('entry_not_signed', at)
    entries.push({ ...entry, digest: digestJson(document), signers })
  }
  return { ok: true, entries }
}

const living = (keys: readonly HistoryKey[]): readonly string[] =>
  keys
    .filter(({ until, compromisedSince }) => until === undefined && compromisedSince === undefined)
    .map((key) => key.thumbprint)

/** What is known of each key after the entries, in the order in which they were added. */
export function keysOfHistory(entries: readonly Pick<HistoryEntry, 'events'>[]): readonly HistoryKey[] {
  const events = entries.flatMap((entry) => entry.events)
  const methods = [...new Set(events.map(({ method }) => method))]
  return methods.map((method) => {
    const own = events.filter((event) => event.method === method)
    const { multikey } = own[0] as KeyEvent // each method comes from an event
    return {
      method,
      multikey,
      thumbprint: printOf(multikey),
      from: own.find(({ kind }) => kind === 'added')?.from,
      until: earliest(own.map(({ until }) => until)),
      compromisedSince: earliest(own.map(({ since }) => since)),
      isDestroyed: own.some(({ kind }) => kind === 'destroyed'),
    }
  })
}

const did = z.pipe(
  z.string().check(z.refine(isDid, 'not a DID')),
  z.transform((text) => text as Did),
)
const instant = z.pipe(
  z
    .string()
    .check(z.refine((text) => /^\d{4}-.{14}Z$/.test(text) && epochOf(text) !== null, 'not an instant in Z')),
  z.transform((text) => text as Instant),
)

const eventSchema = z.strictObject({
  type: z.literal('KeyEvent'),
  eventType: z.enum(['added', 'retired', 'compromised', 'destroyed']),
  recordedAt: instant,
  key: z.strictObject({
    id: z.string(),
    type: z.literal('AgencyKey'),
    keyThumbprint: z.string(),
    publicKeyMultibase: z.string(),
    keyFrom: z.optional(instant),
    keyUntil: z.optional(instant),
    compromisedSince: z.optional(instant),
  }),
})

const entrySchema = z.strictObject({
  '@context': z.tuple([z.literal(contextUrls['credentials/v2']), z.literal(contextUrls['gradecert/v1'])]),
  type: z.union([z.string(), z.array(z.string())]),
  issuer: did,
  validFrom: instant,
  credentialSubject: z.strictObject({
    id: did,
    type: z.literal('KeyHistory'),
    sequence: z.int().check(z.gte(1)),
    previousList: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
    event: z.array(eventSchema).check(z.minLength(1), z.maxLength(64)),
  }),
})

/** Which date goes with which event, and is the only one that does. */
const dated: Readonly<Record<KeyEventKind, (typeof dates)[number] | null>> = {
  added: 'keyFrom',
  retired: 'keyUntil',
  compromised: 'compromisedSince',
  destroyed: null,
}
const dates = ['keyFrom', 'keyUntil', 'compromisedSince'] as const

function readEntry(document: JsonObject): HistoryEntry | null {
  const parsed = entrySchema.safeParse(document)
  if (!parsed.success || !asList(parsed.data.type).includes('VerifiableCredential')) return null
  const { issuer, validFrom, credentialSubject: subject } = parsed.data
  const isSound = subject.event.every(
    ({ eventType, recordedAt, key }) =>
      recordedAt === validFrom &&
      splitDidUrl(key.id)?.did === issuer &&
      printOf(key.publicKeyMultibase) === key.keyThumbprint &&
      key.keyThumbprint !== '' &&
      dates.every((name) => (key[name] !== undefined) === (name === dated[eventType])),
  )
  if (subject.id !== issuer || !isSound) return null
  return {
    issuer,
    sequence: subject.sequence,
    previous: subject.previousList,
    recordedAt: validFrom,
    events: subject.event.map(({ eventType, key }) => ({
      kind: eventType,
      method: key.id as DidUrl, // checked above
      multikey: key.publicKeyMultibase,
      from: key.keyFrom,
      until: key.keyUntil,
      since: key.compromisedSince,
    })),
  }
}

const refuse = (fault: HistoryFault, detail: string): HistoryReading => ({ ok: false, fault, detail })
