/**
 * What is certified, in the words of the domain: exactly what a badge can carry, no more. Everything about the holder
 * that is not public (ID number, birth date, portrait) is a second value, `Holder`, and never stands here.
 */

import * as z from 'zod/mini'
import en from 'zod/v4/locales/en.js'
import { type Did, isDid, isUrl } from '../base/did-url.ts'
import { isFixed } from '../base/fixed.ts'
import { type CalendarDate, isCalendarDate, isZoneOffset, type ZoneOffset } from '../base/instant.ts'
import { type Alignment, alignmentSchema, labelsSchema } from './catalogue.ts'
import { type Grade, gradeCodes, grades } from './grade.ts'
import type { Labels } from './labels.ts'
import type { Occupation } from './occupation.ts'
import { occupationCodePattern } from './occupation-code.ts'

/** A professional technical grade certificate, or one of the two documents that must never be taken for one. */
export type Certificate = GradeCertificate | TrainingCompletion | AssessmentNotice
export type CertificateType = Certificate['type']

/** The same with days as plain text, as programs write them; whether each is a day is checked before anything is signed. */
export type CertificateDraft = PlainDates<Certificate>

type PlainDates<T> = T extends CalendarDate
  ? string
  : T extends object
    ? { readonly [Member in keyof T]: PlainDates<T[Member]> }
    : T

/** Members that all three have. Dates are days in `zone`. */
interface Stated {
  /** `urn:uuid:…` of the credential, random; a correction takes a new one. */
  readonly id: string
  readonly issuer: Agency
  readonly holder: NamedHolder
  readonly zone: ZoneOffset
  readonly validFrom: CalendarDate
}

/** 专业技术等级证书. */
export interface GradeCertificate extends Stated {
  readonly type: 'ProfessionalTechnicalGradeCertificate'
  /** Certificate number (证书编号): unique for the issuer, kept by every correction. */
  readonly number: string
  /** The legal date of award (发证日期); never changes. */
  readonly awardedOn: CalendarDate
  readonly validUntil?: CalendarDate | undefined
  /** Region of the award by ISO 3166-2, `CN-BJ`. */
  readonly region?: string | undefined
  /** Assessment session (考核批次). */
  readonly session?: string | undefined
  readonly trainedFrom?: CalendarDate | undefined
  readonly examinedOn?: CalendarDate | undefined
  readonly site?: { readonly id: string; readonly name: string } | undefined
  readonly award: Award
  /** Points out of 100; left out unless the agency chooses to publish them. */
  readonly evaluation?: Evaluation | undefined
  readonly training: readonly TrainingRecord[]
  readonly replaces?: Replacement | undefined
  /** Id of the credential of the next lower grade that was asked for first. */
  readonly upgradeOf?: string | undefined
}

/** 考核结果通知: says that an assessment was not passed or is not decided. Not a certificate. */
export interface AssessmentNotice extends Stated {
  readonly type: 'AssessmentResultNotice'
  readonly region?: string | undefined
  readonly session?: string | undefined
  readonly award: Award
  readonly outcome: 'Failed' | 'OnHold'
  readonly evaluation?: Evaluation | undefined
}

/** Completion of a training without a grade, such as that of chief data officers. Not a certificate of a grade. */
export interface TrainingCompletion extends Stated {
  readonly type: 'TrainingCompletionCertificate'
  readonly awardedOn: CalendarDate
  readonly startedOn?: CalendarDate | undefined
  readonly completedOn?: CalendarDate | undefined
  readonly course: Course
  readonly training: readonly TrainingRecord[]
}

/** Who issues. */
export interface Agency {
  readonly id: Did
  readonly labels: Labels
  readonly url?: string | undefined
  /** Unified social credit code (GB 32100), 18 characters. */
  readonly code?: string | undefined
}

/** The person as a badge names them. */
export interface NamedHolder {
  /** Wallet DID, or a random `urn:uuid` that links no two certificates. */
  readonly id: string
  /** As on the identity document, 1 to 50 code points. */
  readonly name: string
  /** From the machine readable zone of a passport; never made from pinyin. */
  readonly romanisedName?: string | undefined
}

/** The definition of what is awarded: occupation, direction, grade, standard. */
export interface Award {
  /** URL or URN of the definition in the agency's catalogue. */
  readonly id: string
  readonly criteria: { readonly id: string; readonly narrative: string }
  readonly occupation: Occupation
  readonly direction?: { readonly labels: Labels } | undefined
  readonly grade: Grade
  readonly standard: {
    readonly code?: string | undefined
    readonly edition: string
    readonly labels: Labels
  }
  readonly requiredTrainingHours?: number | undefined
  /** Points out of 100 that each paper must reach. */
  readonly passMark: number
  readonly alignments: readonly Alignment[]
  /** Opinions on levels of other frameworks, asserted by the issuer. */
  readonly crosswalk: readonly {
    readonly framework: string
    readonly level: string
    readonly basis: string
  }[]
}

/** Points out of 100, at most two decimals. */
export interface Evaluation {
  readonly theory: number
  readonly practical: number
}

export interface TrainingRecord {
  readonly id?: string | undefined
  readonly provider: string
  readonly hours: number
  readonly unit: string
  /** Number of the employer's order that the training answered (订单式培训). */
  readonly order?: string | undefined
  readonly project?: string | undefined
}

export interface Course {
  readonly id: string
  readonly labels: Labels
  readonly description: string
  readonly criteria: string
  readonly alignments: readonly Alignment[]
}

/** What an earlier credential was replaced for. */
export interface Replacement {
  /** Id of the earlier credential. */
  readonly id: string
  /** A code of the status reasons. */
  readonly reason: string
  readonly previousIssueDate: CalendarDate
}

/** Unified social credit code (GB 32100): digits and the letters that cannot be taken for digits. */
export const usccPattern = /^[0-9A-HJ-NPQRTUWXY]{18}$/

/** Unit of hours in China: 45 minutes. */
export const standardTrainingHour = '标准学时 (CN standard training hour)'

/** Without it every problem would be called an invalid input, and nobody would know what to put right. */
z.config(en())

const text = z.string().check(z.minLength(1), z.maxLength(500))
const longText = z.string().check(z.minLength(1), z.maxLength(4000))
const uri = z.string().check(z.refine(isUrl, 'not an absolute URI'))
const region = z.string().check(z.regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/))
const date = z.pipe(
  z.string().check(z.refine(isCalendarDate, 'not a day of the calendar')),
  z.transform((day) => day as CalendarDate),
)
/** Two decimals at most, and no negative zero, so that the text of a number and the number say the same. */
const decimal = z.refine<number>(
  (value) => /^\d{1,5}(\.\d{1,2})?$/.test(String(value)) && !Object.is(value, -0),
  'not a number with two decimals at most',
)
const hours = z.number().check(z.lte(10_000), decimal)
const score = z.number().check(z.lte(100), decimal)
/** U+E000…F8FF and the supplementary private planes have no agreed meaning; controls and bidi marks hide text. */
const personName = z.string().check(
  z.refine((name) => [...name].length >= 1 && [...name].length <= 50, '1 to 50 characters'),
  z.refine(
    (name) => !/[\p{Cc}\p{Co}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(name),
    'a character no name has',
  ),
  z.refine((name) => name.trim() === name, 'white space around the name'),
)
/** A proof over RDF does not fix the order of a badge's two names, so a name in characters never stands in second place. */
const latinName = personName.check(z.regex(/^[A-Za-z][A-Za-z ,.'-]*$/))

const agencyId = z.pipe(
  z.string().check(z.refine(isDid, 'not a DID')),
  z.transform((id) => id as Did),
)
const certificateId = z
  .string()
  .check(z.regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/))
const certificateNumber = z.string().check(z.regex(/^[^\s\p{Cc}\p{Cf}\p{Co}]{1,64}$/u))

/** Holds a fixed value to a schema once. It comes back as it is: no schema here changes what a value says. */
function once<T>(schema: z.ZodMiniType<T>): z.ZodMiniType<T> {
  const good = new WeakSet<object>()
  return z.pipe(
    z.unknown(),
    z.transform((value, context) => {
      if (isFixed(value) && good.has(value as object)) return value as T
      const read = schema.safeParse(value)
      if (read.success) {
        if (!isFixed(value)) return read.data
        good.add(value as object)
        return value as T
      }
      for (const { path, message } of read.error.issues)
        context.issues.push({ code: 'custom', path: [...path], message, input: value })
      return z.NEVER
    }),
  ) as unknown as z.ZodMiniType<T>
}

const agency = once(
  z.strictObject({
    id: agencyId,
    labels: labelsSchema,
    url: z.optional(uri),
    code: z.optional(z.string().check(z.regex(usccPattern))),
  }),
)
const holder = z.strictObject({ id: uri, name: personName, romanisedName: z.optional(latinName) })

const grade = z.pipe(
  z
    .strictObject({ scheme: z.literal('cn.ptg.3'), code: z.enum(gradeCodes), ordinal: z.number() })
    .check(z.refine(({ code, ordinal }) => grades[code].ordinal === ordinal, 'code and ordinal disagree')),
  z.transform(({ code }) => grades[code]),
)

const award = once(
  z.strictObject({
    id: uri,
    criteria: z.strictObject({ id: uri, narrative: longText }),
    occupation: z.strictObject({
      code: z.string().check(z.regex(occupationCodePattern)),
      formerCode: z.optional(z.string().check(z.regex(occupationCodePattern))),
      labels: labelsSchema,
    }),
    direction: z.optional(z.strictObject({ labels: labelsSchema })),
    grade,
    standard: z.strictObject({ code: z.optional(text), edition: text, labels: labelsSchema }),
    requiredTrainingHours: z.optional(hours),
    passMark: score,
    alignments: z.array(alignmentSchema).check(z.minLength(1), z.maxLength(32)),
    crosswalk: z.array(z.strictObject({ framework: text, level: text, basis: text })).check(z.maxLength(32)),
  }),
)

/** What the claims of an SD-JWT are read by as well. */
export {
  agencyId as agencyIdSchema,
  certificateId as certificateIdSchema,
  certificateNumber as certificateNumberSchema,
  date as daySchema,
  latinName as latinNameSchema,
  personName as personNameSchema,
  region as regionSchema,
  score as scoreSchema,
  text as textSchema,
  uri as uriSchema,
}

const evaluation = z.strictObject({ theory: score, practical: score })
const training = z
  .array(
    z.strictObject({
      id: z.optional(uri),
      provider: text,
      hours,
      unit: text,
      order: z.optional(text),
      project: z.optional(text),
    }),
  )
  .check(
    z.maxLength(32),
    // In RDF a record stated twice is the same record: whoever repeats it doubles the hours under a good signature.
    z.refine((records) => {
      const ids = records.flatMap(({ id }) => id ?? [])
      return new Set(ids).size === ids.length
    }, 'two records with one id'),
  )

const stated = {
  id: certificateId,
  issuer: agency,
  holder,
  zone: z.string().check(z.refine(isZoneOffset, 'not an offset such as +08:00')),
  validFrom: date,
}

/** One schema per type of certificate. */
export const certificateSchemas = {
  ProfessionalTechnicalGradeCertificate: z
    .strictObject({
      type: z.literal('ProfessionalTechnicalGradeCertificate'),
      ...stated,
      number: certificateNumber,
      awardedOn: date,
      validUntil: z.optional(date),
      region: z.optional(region),
      session: z.optional(text),
      trainedFrom: z.optional(date),
      examinedOn: z.optional(date),
      site: z.optional(z.strictObject({ id: uri, name: text })),
      award,
      evaluation: z.optional(evaluation),
      training,
      replaces: z.optional(z.strictObject({ id: uri, reason: text, previousIssueDate: date })),
      upgradeOf: z.optional(certificateId),
    })
    .check(
      z.refine(({ awardedOn, validFrom }) => validFrom >= awardedOn, 'valid before it was awarded'),
      z.refine(
        ({ validFrom, validUntil }) => validUntil === undefined || validUntil >= validFrom,
        'ends before it starts',
      ),
      z.refine(passes, 'a score below the pass mark'),
    ),
  AssessmentResultNotice: z.strictObject({
    type: z.literal('AssessmentResultNotice'),
    ...stated,
    region: z.optional(region),
    session: z.optional(text),
    award,
    outcome: z.enum(['Failed', 'OnHold']),
    evaluation: z.optional(evaluation),
  }),
  TrainingCompletionCertificate: z.strictObject({
    type: z.literal('TrainingCompletionCertificate'),
    ...stated,
    awardedOn: date,
    startedOn: z.optional(date),
    completedOn: z.optional(date),
    course: z.strictObject({
      id: uri,
      labels: labelsSchema,
      description: longText,
      criteria: longText,
      alignments: z.array(alignmentSchema).check(z.maxLength(32)),
    }),
    training,
  }),
} satisfies { readonly [Type in CertificateType]: z.ZodMiniType<Extract<Certificate, { type: Type }>> }

export const certificateTypes = Object.keys(certificateSchemas) as readonly CertificateType[]

export type CertificateReading =
  | { readonly ok: true; readonly certificate: Certificate }
  /** Where in the certificate, as JSON Pointer, and what is wrong there. */
  | { readonly ok: false; readonly pointer: string; readonly problem: string }

/** Checks a value of unknown origin against the schema of its type. */
export function readCertificate(value: { readonly type: CertificateType }): CertificateReading {
  if (!certificateTypes.includes(value.type)) {
    return { ok: false, pointer: '/type', problem: 'not a type of certificate' }
  }
  const parsed = certificateSchemas[value.type].safeParse(value)
  if (parsed.success) return { ok: true, certificate: parsed.data as Certificate }
  const issue = parsed.error.issues[0]
  const pointer = (issue?.path ?? []).map((step) => `/${String(step)}`).join('')
  return { ok: false, pointer, problem: issue?.message ?? 'not a certificate' }
}

/** A certificate of a grade cannot state a score that does not carry it. */
function passes({
  award,
  evaluation,
}: {
  award: { passMark: number }
  evaluation?: Evaluation | undefined
}): boolean {
  return evaluation === undefined || Math.min(evaluation.theory, evaluation.practical) >= award.passMark
}
