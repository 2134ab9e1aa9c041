/**
 * The supervising authority's list: which agencies may award what, since when, with which keys, and which other authorities
 * may list agencies in its place. Loaded when the first list is to be read.
 */
import * as z from 'zod/mini'
import { type Did, isDid, isUrl } from '../base/did-url.ts'
import { type CalendarDate, epochOf, type Instant, isCalendarDate } from '../base/instant.ts'
import { asList, defined, type Json, type JsonObject } from '../base/json.ts'
import { labelsSchema } from '../certificate/catalogue.ts'
import { type GradeCode, gradeCodes } from '../certificate/grade.ts'
import type { Labels } from '../certificate/labels.ts'
import { occupationCodePattern } from '../certificate/occupation-code.ts'
import { contextUrls } from '../credential/contexts.ts'
import { fromMultikey, thumbprint } from '../key/public-key.ts'
import type { KeyWindow } from './key-fault.ts'

export interface TrustList {
  /** Stays the same for every number of the list. */
  readonly id: string
  readonly issuer: Did
  /** Counts up; a verifier that has seen a higher one refuses a lower one. */
  readonly sequence: number
  readonly validFrom?: Instant | undefined
  readonly validUntil?: Instant | undefined
  /** When the next number may be expected. */
  readonly nextUpdate?: Instant | undefined
  /** Lower-case hex SHA-256 of the canonical JSON of the number before, without its proofs. */
  readonly previous?: string | undefined
  /** A list that an agency signed for itself to try things out; reports repeat it. */
  readonly trial: boolean
  readonly agencies: readonly TrustedAgency[]
  /** Authorities whose own lists count as far as this one lets them. */
  readonly delegates: readonly DelegatedAuthority[]
}

export interface TrustedAgency {
  readonly id: Did
  readonly code?: string | undefined
  readonly labels: Labels
  readonly standing: 'active' | 'removed'
  readonly keys: readonly TrustedKey[]
  readonly scopes: readonly AgencyScope[]
  /** Others whose status lists count for this agency's certificates. */
  readonly statusIssuers: readonly Did[]
}

/** An authority that lists agencies on behalf of the one that lists it. It cannot give more than it has. */
export interface DelegatedAuthority {
  readonly id: Did
  readonly code?: string | undefined
  readonly labels: Labels
  readonly standing: 'active' | 'removed'
  /** Those that sign its list. */
  readonly keys: readonly DelegateKey[]
  /** What its agencies may award at most. */
  readonly scopes: readonly AgencyScope[]
  /** The id of the one list that it may publish. */
  readonly publishes: string
}

/** A key that is here in full: nobody else has to be asked for it. */
export interface DelegateKey extends TrustedKey {
  /** Its Multikey, `z6Mk…`. */
  readonly multikey: string
}

/** A key and the window in which signatures by it count. */
export type TrustedKey = KeyWindow

/** What an agency may award; a missing end of the window is open. */
export interface AgencyScope {
  readonly occupations: readonly string[]
  readonly grades: readonly GradeCode[]
  readonly region?: string | undefined
  /** First and last day of award, both included. */
  readonly from?: CalendarDate | undefined
  readonly until?: CalendarDate | undefined
}

/** The unsecured credential of a list. */
export function trustListCredential(list: TrustList): JsonObject {
  return defined({
    '@context': [contextUrls['credentials/v2'], contextUrls['gradecert/v1']],
    type: ['VerifiableCredential'],
    issuer: list.issuer,
    validFrom: list.validFrom,
    validUntil: list.validUntil,
    credentialSubject: defined({
      id: list.id,
      type: 'EvaluationAgencyList',
      sequence: list.sequence,
      previousList: list.previous,
      nextUpdate: list.nextUpdate,
      trial: list.trial ? true : undefined,
      entry: [
        ...list.delegates.map((delegate) =>
          defined({
            id: delegate.id,
            type: 'DelegatedAuthority',
            ...listedOf(delegate),
            key: delegate.keys.map((key) => defined({ ...keyRow(key), publicKeyMultibase: key.multikey })),
            publishes: delegate.publishes,
          }),
        ),
        ...list.agencies.map((agency) =>
          defined({
            id: agency.id,
            type: 'EvaluationAgency',
            ...listedOf(agency),
            key: agency.keys.map(keyRow),
            statusIssuer: agency.statusIssuers.length === 0 ? undefined : agency.statusIssuers,
          }),
        ),
      ],
    }),
  })
}

/** What agencies and authorities have in common. */
const listedOf = ({ code, labels, standing, scopes }: TrustedAgency | DelegatedAuthority) =>
  defined({
    uscc: code,
    labels: defined({ ...labels }),
    entryStatus: standing,
    scope: scopes.map((scope) =>
      defined({
        type: 'AgencyScope',
        occupationCode: scope.occupations,
        gradeCode: scope.grades,
        region: scope.region,
        issueFrom: scope.from,
        issueUntil: scope.until,
      }),
    ),
  })

const keyRow = (key: TrustedKey) =>
  defined({
    type: 'AgencyKey',
    keyThumbprint: key.thumbprint,
    keyFrom: key.from,
    keyUntil: key.until,
    compromisedSince: key.compromisedSince,
  })

const did = z.pipe(
  z.string().check(z.refine(isDid, 'not a DID')),
  z.transform((text) => text as Did),
)
/** Written by us with whole seconds in Z, so that comparing texts compares moments. */
const instant = z.pipe(
  z
    .string()
    .check(z.refine((text) => /^\d{4}-.{14}Z$/.test(text) && epochOf(text) !== null, 'not an instant in Z')),
  z.transform((text) => text as Instant),
)
const date = z.pipe(
  z.string().check(z.refine(isCalendarDate, 'not a day')),
  z.transform((text) => text as CalendarDate),
)

const keyMembers = {
  type: z.literal('AgencyKey'),
  keyThumbprint: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)),
  keyFrom: z.optional(instant),
  keyUntil: z.optional(instant),
  compromisedSince: z.optional(instant),
}

const listedMembers = {
  id: did,
  uscc: z.optional(z.string()),
  labels: labelsSchema,
  entryStatus: z.enum(['active', 'removed']),
  scope: z
    .array(
      z.strictObject({
        type: z.literal('AgencyScope'),
        occupationCode: z.array(z.string().check(z.regex(occupationCodePattern))),
        gradeCode: z.array(z.enum(gradeCodes)),
        region: z.optional(z.string()),
        issueFrom: z.optional(date),
        issueUntil: z.optional(date),
      }),
    )
    .check(z.maxLength(1024)),
}

const url = z.string().check(z.refine(isUrl, 'not a URL'))

const agencySchema = z.strictObject({
  ...listedMembers,
  type: z.literal('EvaluationAgency'),
  key: z.array(z.strictObject(keyMembers)).check(z.maxLength(256)),
  statusIssuer: z.optional(z.array(did).check(z.maxLength(16))),
})

const delegateSchema = z.strictObject({
  ...listedMembers,
  type: z.literal('DelegatedAuthority'),
  key: z
    .array(
      z
        .strictObject({ ...keyMembers, publicKeyMultibase: z.string() })
        .check(z.refine(isNamedRight, 'a thumbprint of another key')),
    )
    .check(z.maxLength(16)),
  publishes: url,
})

/** The windows of a row are its thumbprint's and the signature is the Multikey's: both have to mean one key. */
function isNamedRight(row: { readonly keyThumbprint: string; readonly publicKeyMultibase: string }): boolean {
  const key = fromMultikey(row.publicKeyMultibase)
  return key !== null && thumbprint(key) === row.keyThumbprint
}

const listSchema = z.strictObject({
  '@context': z.tuple([z.literal(contextUrls['credentials/v2']), z.literal(contextUrls['gradecert/v1'])]),
  type: z.union([z.string(), z.array(z.string())]),
  issuer: did,
  validFrom: z.optional(instant),
  validUntil: z.optional(instant),
  credentialSubject: z.strictObject({
    id: url,
    type: z.literal('EvaluationAgencyList'),
    sequence: z.int().check(z.gte(1)),
    previousList: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
    nextUpdate: z.optional(instant),
    trial: z.optional(z.boolean()),
    entry: z.array(z.discriminatedUnion('type', [agencySchema, delegateSchema])).check(z.maxLength(10_000)),
  }),
})

/** Reads the verified document of a trust list; `null` where it is none. */
export function readTrustList(document: Json): TrustList | null {
  const parsed = listSchema.safeParse(document)
  if (!parsed.success || !asList(parsed.data.type).includes('VerifiableCredential')) return null
  const { issuer, validFrom, validUntil, credentialSubject: subject } = parsed.data
  return {
    id: subject.id,
    issuer,
    sequence: subject.sequence,
    validFrom,
    validUntil,
    nextUpdate: subject.nextUpdate,
    trial: subject.trial ?? false,
    previous: subject.previousList,
    agencies: subject.entry
      .filter((entry) => entry.type === 'EvaluationAgency')
      .map((entry) => ({
        ...readListed(entry),
        keys: entry.key.map(readKeyRow),
        statusIssuers: entry.statusIssuer ?? [],
      })),
    delegates: subject.entry
      .filter((entry) => entry.type === 'DelegatedAuthority')
      .map((entry) => ({
        ...readListed(entry),
        keys: entry.key.map((row) => ({ ...readKeyRow(row), multikey: row.publicKeyMultibase })),
        publishes: entry.publishes,
      })),
  }
}

type ListedRow = z.output<typeof agencySchema> | z.output<typeof delegateSchema>

const readListed = ({ id, uscc, labels, entryStatus, scope }: ListedRow) => ({
  id,
  code: uscc,
  labels,
  standing: entryStatus,
  scopes: scope.map((row) => ({
    occupations: row.occupationCode,
    grades: row.gradeCode,
    region: row.region,
    from: row.issueFrom,
    until: row.issueUntil,
  })),
})

const readKeyRow = (row: ListedRow['key'][number]): TrustedKey => ({
  thumbprint: row.keyThumbprint,
  from: row.keyFrom,
  until: row.keyUntil,
  compromisedSince: row.compromisedSince,
})
