/**
 * What the code on a paper says of a grade certificate: the claims of a CWT (RFC 8392), few and short, since a cheap phone
 * has to read them from a print. It says less than the certificate and nothing else.
 */
import * as z from 'zod/mini'
import { type Bytes, fromHex, toHex } from '../base/bytes.ts'
import { epochOf, instantAt, startOfDay } from '../base/instant.ts'
import type { Json, JsonObject } from '../base/json.ts'
import {
  agencyIdSchema,
  certificateIdSchema,
  certificateNumberSchema,
  daySchema,
  type GradeCertificate,
  personNameSchema,
  regionSchema,
  textSchema,
  uriSchema,
} from '../certificate/certificate.ts'
import { gradeCodes, grades } from '../certificate/grade.ts'
import { occupationCodePattern } from '../certificate/occupation-code.ts'
import type { DisclosedCertificate } from './claims.ts'
import { type StatusPosition, statusEntry } from './status-entry.ts'

/** Claims by name, as JSON: what stands in a report of them. */
export type PaperClaims = z.infer<typeof schema>

/** Seconds since 1970; the years 1970 to 9999. */
const seconds = z.int().check(z.gte(0), z.lte(253_402_300_799))

const schema = z
  .strictObject({
    iss: agencyIdSchema,
    exp: z.optional(seconds),
    nbf: seconds,
    jti: certificateIdSchema,
    certificate_number: certificateNumberSchema,
    name: personNameSchema,
    occupation_code: z.string().check(z.regex(occupationCodePattern)),
    occupation_name: textSchema,
    direction: z.optional(textSchema),
    grade: z.int().check(z.gte(1), z.lte(gradeCodes.length)),
    award_date: daySchema,
    region: z.optional(regionSchema),
    agency: textSchema,
    status_index: z.int().check(z.gte(0)),
    revocation_list: uriSchema,
    suspension_list: uriSchema,
  })
  .check(
    // The zone is not stated: the day begins first at +14:00.
    z.refine(
      ({ award_date, nbf }) => nbf >= secondsOf(startOfDay(award_date, '+14:00')),
      'valid before it was awarded',
    ),
    z.refine(({ nbf, exp }) => exp === undefined || exp > nbf, 'ends before it starts'),
  )

/** The claims of a certificate whose status stands at a place. */
export function paperClaims(certificate: GradeCertificate, status: StatusPosition): PaperClaims {
  const { award, zone, region, validUntil } = certificate
  const direction = award.direction?.labels['zh-Hans']
  return {
    iss: certificate.issuer.id,
    ...(validUntil !== undefined && { exp: secondsOf(`${validUntil}T23:59:59${zone}`) + 1 }),
    nbf: secondsOf(startOfDay(certificate.validFrom, zone)),
    jti: certificate.id,
    certificate_number: certificate.number,
    name: certificate.holder.name,
    occupation_code: award.occupation.code,
    occupation_name: award.occupation.labels['zh-Hans'],
    ...(direction !== undefined && { direction }),
    grade: award.grade.ordinal,
    award_date: certificate.awardedOn,
    ...(region !== undefined && { region }),
    agency: certificate.issuer.labels['zh-Hans'],
    status_index: status.index,
    revocation_list: status.lists.revocation,
    suspension_list: status.lists.suspension,
  }
}

const secondsOf = (dateTime: string): number => (epochOf(dateTime) as number) / 1000

/** How a claim is written: its number, and both ways between what the report has and what CBOR has. */
interface Row {
  readonly name: keyof PaperClaims
  readonly label: number
  readonly write?: (value: Json) => unknown
  /** `undefined` for what is none. */
  readonly read?: (value: unknown) => Json | undefined
}

const uuidPrefix = 'urn:uuid:'
/** 16 bytes of the UUID. */
const idRow = {
  write: (value: Json) => fromHex(String(value).slice(uuidPrefix.length).replaceAll('-', '')),
  read: (value: unknown) =>
    value instanceof Uint8Array && value.length === 16
      ? `${uuidPrefix}${toHex(value as Bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}`
      : undefined,
}
const dayMs = 86_400_000
/** Days since 1970-01-01 (RFC 8943, without its tag). */
const dayRow = {
  write: (value: Json) => (epochOf(`${value}T00:00:00Z`) as number) / dayMs,
  read: (value: unknown) =>
    typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 3_000_000
      ? instantAt(value * dayMs).slice(0, 10)
      : undefined,
}

/** RFC 8392, section 4. */
const registered: readonly Row[] = [
  { name: 'iss', label: 1 },
  { name: 'exp', label: 4 },
  { name: 'nbf', label: 5 },
  { name: 'jti', label: 7, ...idRow },
]
/** Our own, in one claim from the range for private use (RFC 8392, section 9.1). */
const ownLabel = -70_117
const own: readonly Row[] = [
  { name: 'certificate_number', label: 1 },
  { name: 'name', label: 2 },
  { name: 'occupation_code', label: 3 },
  { name: 'occupation_name', label: 4 },
  { name: 'direction', label: 5 },
  { name: 'grade', label: 6 },
  { name: 'award_date', label: 7, ...dayRow },
  { name: 'region', label: 8 },
  { name: 'agency', label: 9 },
  { name: 'status_index', label: 10 },
  { name: 'revocation_list', label: 11 },
  { name: 'suspension_list', label: 12 },
]

/** The map that is signed, ready for CBOR. */
export const paperMap = (claims: PaperClaims): ReadonlyMap<number, unknown> =>
  new Map<number, unknown>([...written(registered, claims), [ownLabel, new Map(written(own, claims))]])

const written = (rows: readonly Row[], claims: PaperClaims): readonly (readonly [number, unknown])[] =>
  rows.flatMap(({ name, label, write }) => {
    const value = claims[name]
    return value === undefined ? [] : [[label, write === undefined ? value : write(value)] as const]
  })

export type PaperReading =
  | { readonly ok: true; readonly claims: PaperClaims }
  /** Which claim is wrong, and how. */
  | { readonly ok: false; readonly problem: string }

/** Reads the map of a message; one with a claim that we do not know is not read. */
export function readPaperMap(map: unknown): PaperReading {
  if (!(map instanceof Map)) return { ok: false, problem: 'no map' }
  const inner: unknown = map.get(ownLabel)
  if (!(inner instanceof Map)) return { ok: false, problem: String(ownLabel) }
  const outer = new Map([...map].filter(([label]) => label !== ownLabel))
  const members: [string, Json][] = []
  for (const [rows, values] of [
    [registered, outer],
    [own, inner],
  ] as const) {
    for (const [label, value] of values as ReadonlyMap<unknown, unknown>) {
      const row = rows.find((one) => one.label === label)
      const read = row?.read === undefined ? plain(value) : row.read(value)
      if (row === undefined || read === undefined) return { ok: false, problem: `claim ${String(label)}` }
      members.push([row.name, read])
    }
  }
  const parsed = schema.safeParse(Object.fromEntries(members))
  if (parsed.success) return { ok: true, claims: parsed.data }
  const issue = parsed.error.issues[0]
  return { ok: false, problem: `${issue?.path.join('/') ?? ''}: ${issue?.message ?? ''}` }
}

const plain = (value: unknown): Json | undefined =>
  typeof value === 'string' || typeof value === 'number' ? value : undefined

/** What a paper lets us know of a certificate. */
export const paperCertificate = (claims: PaperClaims): DisclosedCertificate => ({
  type: 'ProfessionalTechnicalGradeCertificate',
  form: 'paper-code',
  id: claims.jti,
  number: claims.certificate_number,
  issuer: { id: claims.iss, labels: { 'zh-Hans': claims.agency } },
  awardedOn: claims.award_date,
  validFrom: instantAt(claims.nbf * 1000),
  ...(claims.exp !== undefined && { validUntil: instantAt((claims.exp - 1) * 1000) }),
  ...(claims.region !== undefined && { region: claims.region }),
  award: {
    occupation: { code: claims.occupation_code, labels: { 'zh-Hans': claims.occupation_name } },
    ...(claims.direction !== undefined && { direction: { labels: { 'zh-Hans': claims.direction } } }),
    // As many grades as ranks: the schema lets no other number through.
    grade: grades[gradeCodes[claims.grade - 1] as (typeof gradeCodes)[number]],
  },
  holder: { name: claims.name },
})

/** The entries that the certificate itself has: the same place in the same lists. */
export const paperStatus = (claims: PaperClaims): readonly JsonObject[] => {
  const lists = { revocation: claims.revocation_list, suspension: claims.suspension_list }
  const position: StatusPosition = { index: claims.status_index, lists }
  return [statusEntry(position, 'revocation'), statusEntry(position, 'suspension')]
}
