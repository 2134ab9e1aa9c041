/** Status lists as credentials: what an issuer writes, and what a verifier may believe of one. */
import * as z from 'zod/mini'
import { type Did, isUrl } from '../base/did-url.ts'
import { epochOf, type Instant } from '../base/instant.ts'
import { asList, isObject, type Json, type JsonObject } from '../base/json.ts'
import { contextUrls } from '../credential/contexts.ts'
import { firstDifference } from '../credential/difference.ts'
import type { StatusPurpose } from '../credential/status-entry.ts'
import { type Bitstring, decodeBitstring, encodeBitstring } from './bitstring.ts'

/** What an issuer puts in one list. */
export interface StatusListContent {
  /** URL of the list, or `urn:uuid:…` where the issuer has no site. */
  readonly id: string
  readonly issuer: Did
  readonly purpose: StatusPurpose
  readonly validFrom: Instant
  readonly validUntil: Instant
  /** Indexes whose bit is set. */
  readonly set: Iterable<number>
  /** The least that a list may have by default. */
  readonly entries?: number | undefined
}

/** The unsecured list credential (Bitstring Status List 1.0, section 2.2). */
export function statusListCredential({
  id,
  issuer,
  purpose,
  validFrom,
  validUntil,
  set,
  entries,
}: StatusListContent): JsonObject {
  return {
    '@context': [contextUrls['credentials/v2']],
    id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer,
    validFrom,
    validUntil,
    credentialSubject: {
      id: `${id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: purpose,
      encodedList: encodeBitstring(set, entries),
    },
  }
}

/** A list as read; its proof is not looked at here. */
export interface StatusList {
  readonly id: string
  readonly issuer: string
  readonly purposes: readonly string[]
  /** Milliseconds since 1970; a list without an end never counts as fresh for longer than the verifier's own bound. */
  readonly validFrom: number
  readonly validUntil: number | null
  readonly encodedList: string
}

const dateTime = z.string().check(z.refine((text) => epochOf(text) !== null, 'not a dateTimeStamp'))
const url = z.string().check(z.refine(isUrl, 'not a URL'))

const listSchema = z.object({
  id: url,
  type: z.union([z.string(), z.array(z.string())]),
  issuer: z.union([url, z.object({ id: url })]),
  validFrom: dateTime,
  validUntil: z.optional(dateTime),
  credentialSubject: z.object({
    type: z.union([z.string(), z.array(z.string())]),
    statusPurpose: z.union([z.string(), z.array(z.string()).check(z.minLength(1))]),
    encodedList: z.string(),
  }),
})

/** Reads the verified document of a list credential; `null` where it is none. */
export function readStatusList(document: Json): StatusList | null {
  const parsed = listSchema.safeParse(document)
  if (!parsed.success || !isObject(document)) return null
  // With other contexts, inline ones above all, the same names could stand for anything.
  if (firstDifference(document['@context'], [contextUrls['credentials/v2']]) !== null) return null
  const { id, issuer, type, validFrom, validUntil, credentialSubject: subject } = parsed.data
  if (
    !asList(type).includes('BitstringStatusListCredential') ||
    !asList(subject.type).includes('BitstringStatusList')
  ) {
    return null
  }
  return {
    id,
    issuer: typeof issuer === 'string' ? issuer : issuer.id,
    purposes: typeof subject.statusPurpose === 'string' ? [subject.statusPurpose] : subject.statusPurpose,
    validFrom: epochOf(validFrom) as number,
    validUntil: validUntil === undefined ? null : epochOf(validUntil),
    encodedList: subject.encodedList,
  }
}

/**
 * Whether a list has nothing but the members that its RDF fixes, each once. Of such a list a signature over RDF leaves no
 * second reading; of any other it counts only where it is over the text.
 */
export function isPlainList(document: JsonObject): boolean {
  const { credentialSubject: subject } = document
  return (
    isObject(subject) &&
    Object.keys(document).every((name) => plainMembers.list.includes(name)) &&
    Object.keys(subject).every((name) => plainMembers.subject.includes(name)) &&
    asList(document.type).length === 2 &&
    [document.issuer, subject.id ?? '', subject.type, subject.statusPurpose].every(
      (value) => typeof value === 'string',
    )
  )
}

const plainMembers: Readonly<Record<'list' | 'subject', readonly string[]>> = {
  list: ['@context', 'id', 'type', 'issuer', 'validFrom', 'validUntil', 'credentialSubject'],
  subject: ['id', 'type', 'statusPurpose', 'encodedList'],
}

/** The bits of a list, expanded within bounds. */
export const bitsOf = (list: StatusList): Bitstring => decodeBitstring(list.encodedList)
