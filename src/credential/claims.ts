/** The claims of a grade certificate as SD-JWT VC, and what can be read of those that a holder disclosed. */
import * as z from 'zod/mini'
import type { Did } from '../base/did-url.ts'
import { type CalendarDate, epoch, epochOf, type Instant, instantAt, startOfDay } from '../base/instant.ts'
import { defined, isObject, type Json, type JsonObject } from '../base/json.ts'
import { labelsSchema } from '../certificate/catalogue.ts'
import {
  agencyIdSchema,
  certificateIdSchema,
  certificateNumberSchema,
  daySchema,
  type GradeCertificate,
  latinNameSchema,
  personNameSchema,
  type Replacement,
  regionSchema,
  standardTrainingHour,
  type TrainingRecord,
  textSchema,
  uriSchema,
} from '../certificate/certificate.ts'
import { type Grade, gradeCodes, gradeLabels, grades } from '../certificate/grade.ts'
import { type Holder, idNumberSchema, idTypeCodes, portraitSchema } from '../certificate/holder.ts'
import type { Labels } from '../certificate/labels.ts'
import type { Occupation } from '../certificate/occupation.ts'
import { occupationCodePattern, occupationCodeScheme } from '../certificate/occupation-code.ts'
import { type PublicKey, toJwk } from '../key/public-key.ts'

/** Verifiable credential type of a grade certificate in this form. */
export const gradeCertificateVct = 'https://w3id.org/gradecert/vct/grade-certificate/v1'

/** Claims that a holder may keep back; all others everybody is told. */
export const disclosableClaims = [
  'name',
  'romanised_name',
  'id_type',
  'id_number',
  'birth_date',
  'portrait',
  'theory_score',
  'practice_score',
  'training_hours',
  'training_provider',
  'assessment_site',
] as const
export type DisclosableClaim = (typeof disclosableClaims)[number]

/** Where the status of a certificate stands in a token status list. */
export interface TokenStatus {
  readonly uri: string
  readonly index: number
}

export interface ClaimsForm {
  /** When it is signed. */
  readonly created: Instant
  readonly holder?: Holder | undefined
  readonly status?: TokenStatus | undefined
  /** The holder's key: only who has it can present the certificate as theirs. */
  readonly confirmation?: PublicKey | undefined
}

export interface Claims {
  readonly claims: JsonObject
  /** Those of `disclosableClaims` that are there. */
  readonly disclosable: readonly DisclosableClaim[]
}

/** What is signed for a certificate. Its dates of validity are moments: `nbf` the first second that counts, `exp` the first that does not. */
export function toClaims(
  certificate: GradeCertificate,
  { created, holder = {}, status, confirmation }: ClaimsForm,
): Claims {
  const { award, zone, evaluation, replaces } = certificate
  const { occupation, grade } = award
  const claims = defined({
    vct: gradeCertificateVct,
    iss: certificate.issuer.id,
    iat: epoch(created) / 1000,
    nbf: secondsOf(startOfDay(certificate.validFrom, zone)),
    exp: certificate.validUntil && secondsOf(`${certificate.validUntil}T23:59:59${zone}`) + 1,
    jti: certificate.id,
    agency: { name: labels(certificate.issuer.labels) },
    certificate_number: certificate.number,
    occupation: defined({
      code: occupation.code,
      scheme: occupationCodeScheme,
      former_code: occupation.formerCode,
      name: labels(occupation.labels),
    }),
    direction: award.direction && labels(award.direction.labels),
    grade: {
      code: grade.code,
      ordinal: grade.ordinal,
      scheme: grade.scheme,
      name: labels(gradeLabels[grade.code]),
    },
    award_date: certificate.awardedOn,
    region: certificate.region,
    replaces: replaces && {
      id: replaces.id,
      reason: replaces.reason,
      previous_issue_date: replaces.previousIssueDate,
    },
    upgrade_of: certificate.upgradeOf,
    status: status && { status_list: { idx: status.index, uri: status.uri } },
    cnf: confirmation && { jwk: toJwk(confirmation) },
    name: certificate.holder.name,
    romanised_name: certificate.holder.romanisedName,
    id_type: holder.idType,
    id_number: holder.idNumber,
    birth_date: holder.birthDate,
    portrait: holder.portrait,
    theory_score: evaluation && String(evaluation.theory),
    practice_score: evaluation && String(evaluation.practical),
    training_hours: hoursOf(certificate.training),
    training_provider: oneOrMore([...new Set(certificate.training.map(({ provider }) => provider))]),
    assessment_site: certificate.site?.name,
  })
  return { claims, disclosable: disclosableClaims.filter((name) => claims[name] !== undefined) }
}

const secondsOf = (dateTime: string): number => (epochOf(dateTime) as number) / 1000

const labels = ({ 'zh-Hans': zh, en }: Labels): JsonObject => defined({ 'zh-Hans': zh, en })

/** The sum, where all are counted in the hour that the claim is in; hundredths are added, since 0.1 + 0.2 is not 0.3. */
function hoursOf(training: readonly TrainingRecord[]): number | undefined {
  if (training.length === 0 || training.some(({ unit }) => unit !== standardTrainingHour)) return undefined
  return training.reduce((sum, { hours }) => sum + Math.round(hours * 100), 0) / 100
}

const oneOrMore = (texts: readonly string[]): Json | undefined => (texts.length > 1 ? texts : texts[0])

/** What a holder, or a paper, lets us know of a grade certificate. Optional members are absent where the certificate lacks or hides them. */
export interface DisclosedCertificate {
  readonly type: 'ProfessionalTechnicalGradeCertificate'
  readonly form: 'sd-jwt' | 'paper-code'
  readonly id: string
  readonly number: string
  readonly issuer: { readonly id: Did; readonly labels: Labels }
  readonly awardedOn: CalendarDate
  /** The first and the last second: this form states moments, not days. */
  readonly validFrom: Instant
  readonly validUntil?: Instant
  readonly region?: string
  readonly award: {
    readonly occupation: Occupation
    readonly direction?: { readonly labels: Labels }
    readonly grade: Grade
  }
  readonly replaces?: Replacement
  /** Id of the credential of the next lower grade. */
  readonly upgradeOf?: string
  readonly status?: TokenStatus
  readonly holder: Holder & { readonly name?: string; readonly romanisedName?: string }
  /** Points out of 100. */
  readonly evaluation?: { readonly theory?: number; readonly practical?: number }
  /** Hours of all trainings together, 标准学时. */
  readonly training?: { readonly hours?: number; readonly providers?: readonly string[] }
  readonly site?: string
}

export type ClaimsReading =
  | { readonly ok: true; readonly certificate: DisclosedCertificate }
  /** Where in the claims, as JSON Pointer, and what is wrong there. */
  | { readonly ok: false; readonly pointer: string; readonly problem: string }

/** Reads the claims of a grade certificate, as processed: no digests, and of what may be hidden only what was shown. */
export function readClaims(claims: JsonObject): ClaimsReading {
  const parsed = claimsSchema.safeParse(claims)
  if (parsed.success) return { ok: true, certificate: disclosedCertificate(parsed.data) }
  const issue = parsed.error.issues[0]
  const pointer = (issue?.path ?? []).map((step) => `/${String(step)}`).join('')
  return { ok: false, pointer, problem: issue?.message ?? 'not a certificate' }
}

/** Seconds since 1970 from 0000 to 9999, whole ones: this is ours, and we write no others. */
const seconds = z.int().check(z.gte(-62_167_219_200), z.lte(253_402_300_799))
const score = z.string().check(z.regex(/^(\d{1,2}(\.\d{1,2})?|100)$/, 'not points out of 100'))
const hours = z.number().check(
  z.gte(0),
  z.lte(320_000),
  z.refine((value) => /^\d+(\.\d{1,2})?$/.test(String(value)), 'not hours'),
)
const jsonObject = z.custom<JsonObject>((value) => isObject(value))
const occupationCode = z.string().check(z.regex(occupationCodePattern))

const claimsSchema = z
  .strictObject({
    vct: z.literal(gradeCertificateVct),
    'vct#integrity': z.optional(textSchema),
    iss: agencyIdSchema,
    iat: seconds,
    nbf: seconds,
    exp: z.optional(seconds),
    jti: certificateIdSchema,
    agency: z.strictObject({ name: labelsSchema }),
    certificate_number: certificateNumberSchema,
    occupation: z.strictObject({
      code: occupationCode,
      scheme: z.literal(occupationCodeScheme),
      former_code: z.optional(occupationCode),
      name: labelsSchema,
    }),
    direction: z.optional(labelsSchema),
    grade: z
      .strictObject({
        code: z.enum(gradeCodes),
        ordinal: z.number(),
        scheme: z.string(),
        name: labelsSchema,
      })
      .check(
        z.refine(
          ({ code, ordinal, scheme, name }) =>
            ordinal === grades[code].ordinal &&
            scheme === grades[code].scheme &&
            name['zh-Hans'] === gradeLabels[code]['zh-Hans'] &&
            name.en === gradeLabels[code].en,
          'code, ordinal, scheme and name disagree',
        ),
      ),
    award_date: daySchema,
    region: z.optional(regionSchema),
    replaces: z.optional(
      z.strictObject({ id: uriSchema, reason: textSchema, previous_issue_date: daySchema }),
    ),
    upgrade_of: z.optional(certificateIdSchema),
    status: z.optional(
      z.strictObject({
        status_list: z.strictObject({ idx: z.int().check(z.gte(0)), uri: uriSchema }),
      }),
    ),
    cnf: z.optional(jsonObject),
    name: z.optional(personNameSchema),
    romanised_name: z.optional(latinNameSchema),
    id_type: z.optional(z.enum(idTypeCodes)),
    id_number: z.optional(idNumberSchema),
    birth_date: z.optional(daySchema),
    portrait: z.optional(portraitSchema),
    theory_score: z.optional(score),
    practice_score: z.optional(score),
    training_hours: z.optional(hours),
    training_provider: z.optional(
      z.union([textSchema, z.array(textSchema).check(z.minLength(2), z.maxLength(32))]),
    ),
    assessment_site: z.optional(textSchema),
  })
  .check(
    z.refine(
      // The zone is not stated: the day begins first at +14:00.
      ({ award_date, nbf }) => nbf >= secondsOf(startOfDay(award_date, '+14:00')),
      'valid before it was awarded',
    ),
    z.refine(({ nbf, exp }) => exp === undefined || exp > nbf, 'ends before it starts'),
  )

function disclosedCertificate(claims: z.infer<typeof claimsSchema>): DisclosedCertificate {
  const { occupation, grade, replaces, status, training_provider: providers } = claims
  const evaluation = present({
    theory: optional(claims.theory_score, Number),
    practical: optional(claims.practice_score, Number),
  })
  const training = present({
    hours: claims.training_hours,
    providers: optional(providers, (one) => (typeof one === 'string' ? [one] : one)),
  })
  return present({
    type: 'ProfessionalTechnicalGradeCertificate' as const,
    form: 'sd-jwt' as const,
    id: claims.jti,
    number: claims.certificate_number,
    issuer: { id: claims.iss, labels: claims.agency.name },
    awardedOn: claims.award_date,
    validFrom: instantAt(claims.nbf * 1000),
    validUntil: optional(claims.exp, (exp) => instantAt((exp - 1) * 1000)),
    region: claims.region,
    award: present({
      occupation: present({
        code: occupation.code,
        formerCode: occupation.former_code,
        labels: occupation.name,
      }),
      direction: optional(claims.direction, (name) => ({ labels: name })),
      grade: grades[grade.code],
    }),
    replaces: optional(replaces, ({ id, reason, previous_issue_date: previousIssueDate }) => ({
      id,
      reason,
      previousIssueDate,
    })),
    upgradeOf: claims.upgrade_of,
    status: optional(status, ({ status_list: { idx: index, uri } }) => ({ uri, index })),
    holder: present({
      name: claims.name,
      romanisedName: claims.romanised_name,
      idType: claims.id_type,
      idNumber: claims.id_number,
      birthDate: claims.birth_date,
      portrait: claims.portrait,
    }),
    evaluation: Object.keys(evaluation).length === 0 ? undefined : evaluation,
    training: Object.keys(training).length === 0 ? undefined : training,
    site: claims.assessment_site,
  })
}

const optional = <T, U>(value: T | undefined, map: (value: T) => U): U | undefined =>
  value === undefined ? undefined : map(value)

type Present<T> = {
  [Name in keyof T as undefined extends T[Name] ? never : Name]: T[Name]
} & { [Name in keyof T as undefined extends T[Name] ? Name : never]?: Exclude<T[Name], undefined> }

/** Without the members that have no value. */
const present = <T extends object>(members: T): Present<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>
