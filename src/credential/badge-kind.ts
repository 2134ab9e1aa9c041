/**
 * Badges of one kind differ only in whom they are for: ids, a name, a number, a place in the status lists, scores, the
 * signature. What is the same in all of them is read and checked once. A text of a known kind is told by its bytes, and only
 * what differs is looked at: by the rules by which the whole would be read, so that both ways find the same.
 *
 * Only canonical texts (RFC 8785) of certificates of a grade have a kind; all others are read in full.
 */
import { type Bytes, equalBytes, utf8, utf8Text } from '../base/bytes.ts'
import { canonicalJson, canonicalMembers } from '../base/canonical.ts'
import { isUrl } from '../base/did-url.ts'
import { fix } from '../base/fixed.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import {
  certificateIdSchema,
  certificateNumberSchema,
  type GradeCertificate,
  latinNameSchema,
  personNameSchema,
  scoreSchema,
} from '../certificate/certificate.ts'
import { firstDifference } from './difference.ts'
import type { StatusPosition } from './status-entry.ts'

type Steps = readonly (string | number)[]

/** Where badges of one kind differ. */
interface Place {
  /** From the top of the badge. */
  readonly badge: Steps
  /** From the top of the certificate that it states, if it states it. */
  readonly certificate?: Steps
  /** What the certificate states where the badge says so; `undefined` for what the whole would not be read with. */
  readonly read: (text: string, kind: Pick<BadgeKind, 'certificate' | 'lists'>) => Json | undefined
  /** What a badge says there that the certificate does not state, by its position in the lists. */
  readonly write?: (index: number, lists: BadgeKind['lists']) => string
}

const said =
  (schema: { readonly safeParse: (value: unknown) => { readonly success: boolean } }): Place['read'] =>
  (text) =>
    schema.safeParse(text).success ? text : undefined

const url: Place['read'] = (text) => (isUrl(text) ? text : undefined)

/** A score that carries the grade, in the digits in which a badge writes it. */
const score: Place['read'] = (text, { certificate }) => {
  const value = /^\d{1,3}(?:\.\d{1,2})?$/.test(text) ? Number(text) : Number.NaN
  const isWritten = String(value) === text && scoreSchema.safeParse(value).success
  return isWritten && value >= certificate.award.passMark ? value : undefined
}

const index = /^(?:0|[1-9]\d{0,8})$/

/** The index of a status entry. */
const statusIndex: Place['read'] = (text) => (index.test(text) ? text : undefined)

/** The id of a status entry: its list and an index. */
const statusId =
  (purpose: keyof BadgeKind['lists']): Place['read'] =>
  (text, { lists }) => {
    const list = lists[purpose]
    return list !== undefined && text.startsWith(`${list}#`) && index.test(text.slice(list.length + 1))
      ? text
      : undefined
  }

/** What the check on the signature reads. */
const proofValuePlace: Place = { badge: ['proof', 'proofValue'], read: (text) => text }

const subject = 'credentialSubject'
const places: readonly Place[] = [
  { badge: ['id'], certificate: ['id'], read: said(certificateIdSchema) },
  { badge: [subject, 'id'], certificate: ['holder', 'id'], read: url },
  {
    badge: [subject, 'identifier', 0, 'identityHash'],
    certificate: ['holder', 'name'],
    read: said(personNameSchema),
  },
  {
    badge: [subject, 'identifier', 1, 'identityHash'],
    certificate: ['holder', 'romanisedName'],
    read: said(latinNameSchema),
  },
  { badge: [subject, 'licenseNumber'], certificate: ['number'], read: said(certificateNumberSchema) },
  { badge: [subject, 'result', 2, 'value'], certificate: ['evaluation', 'theory'], read: score },
  { badge: [subject, 'result', 3, 'value'], certificate: ['evaluation', 'practical'], read: score },
  { badge: ['evidence', 0, 'id'], certificate: ['training', 0, 'id'], read: url },
  {
    badge: ['credentialStatus', 'id'],
    read: statusId('revocation'),
    write: (position, { revocation }) => `${revocation}#${position}`,
  },
  { badge: ['credentialStatus', 'statusListIndex'], read: statusIndex, write: String },
  {
    badge: ['supplementaryStatus', 0, 'id'],
    read: statusId('suspension'),
    write: (position, { suspension }) => `${suspension}#${position}`,
  },
  { badge: ['supplementaryStatus', 0, 'statusListIndex'], read: statusIndex, write: String },
  proofValuePlace,
]

export interface BadgeKind {
  /** The UTF-8 between the places, in the order of the text: one more than these. */
  readonly pieces: readonly Bytes[]
  readonly places: readonly Place[]
  /** Where the member `proof` with the comma before it begins and ends: a piece, and bytes into it. */
  readonly proof: { readonly start: Offset; readonly end: Offset }
  /** The same as text. */
  readonly texts: readonly string[]
  /** Canonical JSON of the proof without its value. */
  readonly config: string
  /** One of them, proof and all, and what it states; fixed. */
  readonly badge: JsonObject
  readonly certificate: GradeCertificate
  /** URLs of the lists of its two status entries. */
  readonly lists: { readonly revocation: string | undefined; readonly suspension: string | undefined }
  readonly intoBadge: Branch
  readonly intoCertificate: Branch
}

interface Offset {
  readonly piece: number
  readonly byte: number
}

/** A badge of a kind, taken apart. */
export interface BadgeOfKind {
  readonly badge: JsonObject
  readonly certificate: GradeCertificate
  /** UTF-8 of the canonical text without its proof. */
  readonly unsecured: Bytes
}

/** The kind of a badge whose text is canonical; `null` for badges that have none. @param certificate what was read of it */
export function kindOf(secured: JsonObject, certificate: GradeCertificate): BadgeKind | null {
  const { proof, credentialStatus, supplementaryStatus } = secured
  // Of several training records no two may have one id, which a rule for one place cannot tell.
  if (!isObject(proof) || certificate.training.length > 1) return null
  const { proofValue: _, ...config } = proof
  const lists = { revocation: listOf(credentialStatus), suspension: listOf(itemOf(supplementaryStatus)) }
  const own = places.filter(({ badge }) => typeof at(secured, badge) === 'string')
  const common = { certificate, lists }
  if (!own.every(({ badge, read }) => read(at(secured, badge) as string, common) !== undefined)) return null
  const intoBadge = branchTo(own.map((place) => place.badge))
  const marked = filled(
    secured,
    intoBadge,
    own.map((_, i) => mark(i)),
  )
  const members = canonicalMembers(marked as JsonObject)
  const first = members.findIndex(([name]) => name === 'proof')
  if (first < 1) return null // a badge starts with its contexts
  const texts = members.map(([, text]) => text)
  const parts = [
    `{${texts.slice(0, first).join(',')}`,
    `,${texts[first]}`,
    `${texts
      .slice(first + 1)
      .map((text) => `,${text}`)
      .join('')}}`,
  ]
  const split = splitAtMarks(parts)
  if (split.order.length !== own.length || parts.some((part) => part.includes(replacement))) return null
  const inOrder = split.order.map((i) => own[i] as Place)
  return {
    ...common,
    pieces: split.pieces.map((piece) => utf8(piece)),
    texts: split.pieces,
    places: inOrder,
    proof: { start: split.offsets[0] as Offset, end: split.offsets[1] as Offset },
    config: canonicalJson(config),
    badge: fix(secured),
    certificate: fix(certificate),
    intoBadge: branchTo(inOrder.map((place) => place.badge)),
    intoCertificate: branchTo(inOrder.map((place) => place.certificate)),
  }
}

/** A badge of this kind by its text, `null` for any other text: it may be as good. */
export function readOfKind(text: Bytes, kind: BadgeKind): BadgeOfKind | null {
  const { pieces, proof } = kind
  const values: string[] = []
  let start = 0
  let end = 0
  let byte = 0
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Bytes
    const after = byte + piece.length
    if (after > text.length || !equalBytes(text.subarray(byte, after), piece)) return null
    if (i === proof.start.piece) start = byte + proof.start.byte
    if (i === proof.end.piece) end = byte + proof.end.byte
    byte = after
    if (i === kind.places.length) break
    const close = closingQuote(text, byte)
    const value = close < 0 ? null : utf8Text(text.subarray(byte, close))
    // A text that was no Unicode comes here with U+FFFD in place of what was none.
    if (value === null || value.includes(replacement)) return null
    values.push(value)
    byte = close
  }
  if (byte !== text.length) return null
  const stated = values.map((value, i) => (kind.places[i] as Place).read(value, kind))
  if (!stated.every((value) => value !== undefined)) return null
  const unsecured = new Uint8Array(text.length - (end - start))
  unsecured.set(text.subarray(0, start))
  unsecured.set(text.subarray(end), start)
  return {
    badge: filled(kind.badge, kind.intoBadge, values) as JsonObject,
    certificate: filled(
      kind.certificate as unknown as Json,
      kind.intoCertificate,
      stated,
    ) as unknown as GradeCertificate,
    unsecured,
  }
}

/** A badge of a kind before it is signed. */
export interface WrittenBadge {
  /** UTF-8 of the canonical text without its proof. */
  readonly unsecured: Bytes
  /** The canonical text with its proof. */
  readonly secured: (proofValue: string) => string
}

/** The badge of a certificate of this kind; `null` for a certificate of another, or one whose text is written in another way. */
export function writeOfKind(
  certificate: unknown,
  status: StatusPosition | undefined,
  kind: BadgeKind,
): WrittenBadge | null {
  const { places: own, lists, texts } = kind
  if (status?.lists.revocation !== lists.revocation || status?.lists.suspension !== lists.suspension)
    return null
  if (!isSameBut(kind.certificate as unknown as Json, certificate as Json, kind.intoCertificate)) return null
  const values: string[] = []
  for (const place of own) {
    const stated = place.certificate && at(certificate as Json, place.certificate)
    const text = place.write === undefined ? String(stated ?? '') : place.write(status?.index ?? -1, lists)
    const isRead = place === proofValuePlace || (!escaped.test(text) && place.read(text, kind) !== undefined)
    if (!isRead || (stated !== undefined && place.read(text, kind) !== stated)) return null
    values.push(text)
  }
  return {
    unsecured: unsecuredOf(values, kind),
    secured: (proofValue) =>
      texts.map((piece, i) => piece + (own[i] === proofValuePlace ? proofValue : (values[i] ?? ''))).join(''),
  }
}

/** What JSON writes as an escape, and halves of characters, which it cannot write: a text with such is written in full. */
const escaped = /["\\\p{Cc}\p{Cs}]/u

/** Whether two values are the same but for some places. */
function isSameBut(a: Json | undefined, b: Json | undefined, branch: Branch): boolean {
  if (Array.isArray(a) !== Array.isArray(b) || typeof a !== 'object' || typeof b !== 'object') return false
  if (a === null || b === null) return false
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  const [one, other] = [a, b] as readonly Readonly<Record<string, Json>>[]
  return names.every((name) => {
    const next = branch.get(Array.isArray(a) ? Number(name) : name)
    if (!Object.hasOwn(b, name)) return false
    if (typeof next === 'number') return true
    const [value, another] = [one?.[name], other?.[name]]
    return next === undefined ? firstDifference(value, another) === null : isSameBut(value, another, next)
  })
}

/** Written where there is room already: most of it does not change. */
function unsecuredOf(values: readonly string[], { pieces, proof }: BadgeKind): Bytes {
  let length = 0
  for (const piece of pieces) length += piece.length
  for (const value of values) length += value.length * 3
  const room = new Uint8Array(length)
  let byte = 0
  for (const [i, piece] of pieces.entries()) {
    const from = i === proof.end.piece ? proof.end.byte : 0
    const to = i === proof.start.piece ? proof.start.byte : piece.length
    const isWithin = i > proof.start.piece && i < proof.end.piece
    if (isWithin) continue
    room.set(piece.subarray(from, to), byte)
    byte += to - from
    const isSigned = i < proof.start.piece || i >= proof.end.piece
    if (isSigned && i < values.length)
      byte += encoder.encodeInto(values[i] as string, room.subarray(byte)).written
  }
  return room.subarray(0, byte)
}

const encoder = new TextEncoder()

const replacement = '\uFFFD'

/** Bytes of a value at most, and the bytes that end it or keep it from being written as it is (RFC 8785, section 3.2.2.2). */
const valueLimit = 4096
const quote = 0x22
const backslash = 0x5c
const firstPrintable = 0x20

function closingQuote(text: Bytes, from: number): number {
  const limit = Math.min(text.length, from + valueLimit)
  for (let i = from; i < limit; i++) {
    const byte = text[i] as number
    if (byte === quote) return i
    if (byte === backslash || byte < firstPrintable) return -1
  }
  return -1
}

/** What stands for a value until the text is cut: a character that no badge has, since it would be an escape. */
const mark = (i: number): string => `\u0000${i}\u0000`
const marks = /\\u0000(\d+)\\u0000/

/** The pieces of the parts of a text put together, which place each mark is for, and where the parts after the first begin. */
function splitAtMarks(parts: readonly string[]): {
  readonly pieces: readonly string[]
  readonly order: readonly number[]
  readonly offsets: readonly Offset[]
} {
  const pieces = ['']
  const order: number[] = []
  const offsets: Offset[] = []
  for (const part of parts) {
    if (part !== parts[0]) {
      offsets.push({ piece: pieces.length - 1, byte: utf8(pieces.at(-1) as string).length })
    }
    for (const [i, text] of part.split(marks).entries()) {
      if (i % 2 === 1) order.push(Number(text))
      else if (i === 0) pieces[pieces.length - 1] += text
      else pieces.push(text)
    }
  }
  return { pieces, order, offsets }
}

/** The objects and lists on the way to some places, each with the number of the place at its end. */
type Branch = ReadonlyMap<string | number, Branch | number>

function branchTo(ends: readonly (Steps | undefined)[]): Branch {
  const root = new Map<string | number, Branch | number>()
  for (const [i, steps] of ends.entries()) {
    let branch = root
    for (const step of steps?.slice(0, -1) ?? []) {
      const next = (branch.get(step) ?? new Map()) as typeof root
      branch.set(step, next)
      branch = next
    }
    if (steps !== undefined) branch.set(steps.at(-1) as string | number, i)
  }
  return root
}

/** A copy with other values at some places; everything else is shared. */
function filled(value: Json, branch: Branch, values: readonly Json[]): Json {
  const copy = (Array.isArray(value) ? [...value] : { ...(value as JsonObject) }) as Record<
    string | number,
    Json
  >
  for (const [step, next] of branch) {
    copy[step] = typeof next === 'number' ? (values[next] as Json) : filled(copy[step] as Json, next, values)
  }
  return copy
}

function at(value: Json | undefined, steps: Steps): Json | undefined {
  let found = value
  for (const step of steps) {
    found =
      (isObject(found) || Array.isArray(found)) && Object.hasOwn(found, step)
        ? (found as Readonly<Record<string | number, Json>>)[step]
        : undefined
  }
  return found
}

const itemOf = (list: Json | undefined): Json | undefined =>
  Array.isArray(list) && list.length === 1 ? (list[0] as Json) : undefined

const listOf = (entry: Json | undefined): string | undefined =>
  isObject(entry) && typeof entry.statusListCredential === 'string' ? entry.statusListCredential : undefined
