/** The supervising authority's list of evaluation agencies: who may award what, since when, with which keys. */
import * as z from 'zod/mini'
import { type Did, isDid, isUrl } from '../base/did-url.ts'
import { type CalendarDate, epochOf, type Instant, isCalendarDate } from '../base/instant.ts'
import { asList, defined, type Json, type JsonObject } from '../base/json.ts'
import { labelsSchema } from '../certificate/catalogue.ts'
import { type GradeCode, gradeCodes } from '../certificate/grade.ts'
import type { Labels } from '../certificate/labels.ts'
import { occupationCodePattern } from '../certificate/occupation-code.ts'
import { contextUrls } from '../credential/contexts.ts'

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
  /** A list that an agency signed for itself to try things out; reports repeat it. */
  readonly trial: boolean
  readonly agencies: readonly TrustedAgency[]
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

/** A key and the window in which signatures by it count; a missing end is open. */
export interface TrustedKey {
  /** RFC 7638 thumbprint with SHA-256, base64url. */
  readonly thumbprint: string
  readonly from?: Instant | undefined
  readonly until?: Instant | undefined
  readonly compromisedSince?: Instant | undefined
}

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
      nextUpdate: list.nextUpdate,
      trial: list.trial ? true : undefined,
      entry: list.agencies.map((agency) =>
        defined({
          id: agency.id,
          type: 'EvaluationAgency',
          uscc: agency.code,
          labels: defined({ ...agency.labels }),
          entryStatus: agency.standing,
          key: agency.keys.map((key) =>
            defined({
              type: 'AgencyKey',
              keyThumbprint: key.thumbprint,
              keyFrom: key.from,
              keyUntil: key.until,
              compromisedSince: key.compromisedSince,
            }),
          ),
          statusIssuer: agency.statusIssuers.length === 0 ? undefined : agency.statusIssuers,
          scope: agency.scopes.map((scope) =>
            defined({
              type: 'AgencyScope',
              occupationCode: scope.occupations,
              gradeCode: scope.grades,
              region: scope.region,
              issueFrom: scope.from,
              issueUntil: scope.until,
            }),
          ),
        }),
      ),
    }),
  })
}

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

const agencySchema = z.strictObject({
  id: did,
  type: z.literal('EvaluationAgency'),
  uscc: z.optional(z.string()),
  labels: labelsSchema,
  entryStatus: z.enum(['active', 'removed']),
  key: z
    .array(
      z.strictObject({
        type: z.literal('AgencyKey'),
        keyThumbprint: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)),
        keyFrom: z.optional(instant),
        keyUntil: z.optional(instant),
        compromisedSince: z.optional(instant),
      }),
    )
    .check(z.maxLength(256)),
  statusIssuer: z.optional(z.array(did).check(z.maxLength(16))),
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
})

const listSchema = z.strictObject({
  '@context': z.tuple([z.literal(contextUrls['credentials/v2']), z.literal(contextUrls['gradecert/v1'])]),
  type: z.union([z.string(), z.array(z.string())]),
  issuer: did,
  validFrom: z.optional(instant),
  validUntil: z.optional(instant),
  credentialSubject: z.strictObject({
    id: z.string().check(z.refine(isUrl, 'not a URL')),
    type: z.literal('EvaluationAgencyList'),
    sequence: z.int().check(z.gte(1)),
    nextUpdate: z.optional(instant),
    trial: z.optional(z.boolean()),
    entry: z.array(agencySchema).check(z.maxLength(10_000)),
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
    agencies: subject.entry.map((entry) => ({
      id: entry.id,
      code: entry.uscc,
      labels: entry.labels,
      standing: entry.entryStatus,
      keys: entry.key.map((key) => ({
        thumbprint: key.keyThumbprint,
        from: key.keyFrom,
        until: key.keyUntil,
        compromisedSince: key.compromisedSince,
      })),
      scopes: entry.scope.map((scope) => ({
        occupations: scope.occupationCode,
        grades: scope.gradeCode,
        region: scope.region,
        from: scope.issueFrom,
        until: scope.issueUntil,
      })),
      statusIssuers: entry.statusIssuer ?? [],
    })),
  }
}
