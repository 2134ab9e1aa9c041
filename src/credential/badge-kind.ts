/**
 * Badges of one kind differ only in whom they are for: ids, a name, a number, a place in the status lists, scores, the
 * signature. What is the same in all of them is read and checked once. A text of a known kind is told by its bytes, and only
 * what differs is looked at: by the rules by which the whole would be read, so that both ways find the same.
 *
 * Only canonical texts (RFC 8785) of certificates of a grade have a kind; all others are read in full.
 */
import type { Bytes } from '../base/bytes.ts'
import { canonicalJson } from '../base/canonical.ts'
import { isUrl } from '../base/did-url.ts'
import { fix } from '../base/fixed.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import {
  type Branch,
  branchTo,
  filled,
  isPlainText,
  readText,
  type Steps,
  type TextKind,
  textKindOf,
  unsecuredOf,
  valueAt,
  writeText,
} from '../base/text-kind.ts'
import {
  certificateIdSchema,
  certificateNumberSchema,
  type GradeCertificate,
  latinNameSchema,
  personNameSchema,
  scoreSchema,
} from '../certificate/certificate.ts'
import { isSameBut } from './difference.ts'
import type { StatusPosition } from './status-entry.ts'

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
  readonly text: TextKind
  /** In the order of the text. */
  readonly places: readonly Place[]
  /** Canonical JSON of the proof without its value. */
  readonly config: string
  /** What one of them states; fixed. */
  readonly certificate: GradeCertificate
  /** URLs of the lists of its two status entries. */
  readonly lists: { readonly revocation: string | undefined; readonly suspension: string | undefined }
  readonly intoCertificate: Branch
}

/** The kind of a badge whose text is canonical; `null` for badges that have none. @param certificate what was read of it */
export function kindOf(secured: JsonObject, certificate: GradeCertificate): BadgeKind | null {
  const { proof, credentialStatus, supplementaryStatus } = secured
  // Of several training records no two may have one id, which a rule for one place cannot tell.
  if (!isObject(proof) || certificate.training.length > 1) return null
  const { proofValue: _, ...config } = proof
  const lists = { revocation: listOf(credentialStatus), suspension: listOf(itemOf(supplementaryStatus)) }
  const own = places.filter(({ badge }) => typeof valueAt(secured, badge) === 'string')
  const common = { certificate, lists }
  if (!own.every(({ badge, read }) => read(valueAt(secured, badge) as string, common) !== undefined))
    return null
  const text = textKindOf(
    secured,
    own.map((place) => place.badge),
  )
  if (text === null) return null
  const inOrder = text.order.map((i) => own[i] as Place)
  return {
    ...common,
    text,
    places: inOrder,
    config: canonicalJson(config),
    certificate: fix(certificate),
    intoCertificate: branchTo(inOrder.map((place) => place.certificate)),
  }
}

/** A badge of a kind, taken apart. */
export interface BadgeOfKind {
  /** With its proof. */
  readonly secured: JsonObject
  readonly certificate: GradeCertificate
  /** UTF-8 of the canonical text without its proof. */
  readonly unsecured: Bytes
}

/** A badge of this kind by its text, `null` for any other text: it may be as good. */
export function readOfKind(text: Bytes, kind: BadgeKind): BadgeOfKind | null {
  const read = readText(text, kind.text)
  if (read === null) return null
  const { values, unsecured } = read
  const stated: Json[] = []
  for (let i = 0; i < values.length; i++) {
    const value = (kind.places[i] as Place).read(values[i] as string, kind)
    if (value === undefined) return null
    stated.push(value)
  }
  const certificate = filled(kind.certificate as unknown as Json, kind.intoCertificate, stated)
  return {
    secured: filled(kind.text.document, kind.text.branch, values) as JsonObject,
    certificate: certificate as unknown as GradeCertificate,
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
  const { places: own, lists } = kind
  if (status?.lists.revocation !== lists.revocation || status?.lists.suspension !== lists.suspension)
    return null
  if (!isSameBut(kind.certificate as unknown as Json, certificate as Json, kind.intoCertificate)) return null
  const values: string[] = []
  for (const place of own) {
    const stated = place.certificate && valueAt(certificate as Json, place.certificate)
    const value = place.write === undefined ? String(stated ?? '') : place.write(status?.index ?? -1, lists)
    const read = isPlainText(value) ? place.read(value, kind) : undefined
    if (read === undefined || (stated !== undefined && read !== stated)) return null
    values.push(value)
  }
  return {
    unsecured: unsecuredOf(values, kind.text),
    secured: (proofValue) => writeText(values.with(own.indexOf(proofValuePlace), proofValue), kind.text),
  }
}

const itemOf = (list: Json | undefined): Json | undefined =>
  Array.isArray(list) && list.length === 1 ? (list[0] as Json) : undefined

const listOf = (entry: Json | undefined): string | undefined =>
  isObject(entry) && typeof entry.statusListCredential === 'string' ? entry.statusListCredential : undefined
