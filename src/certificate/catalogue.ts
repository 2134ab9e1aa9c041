/** What an agency awards: occupations, their directions, and one item per grade. Kept in `catalogue.json`. */
import * as z from 'zod/mini'
import { isUrl } from '../base/did-url.ts'
import type { GradeCode } from './grade.ts'
import { gradeCodes } from './grade.ts'
import type { Labels } from './labels.ts'
import { occupationCodePattern } from './occupation-code.ts'

export interface Catalogue {
  readonly version: string
  /** Whether the agency has confirmed hours and directions; until then every command says that it has not. */
  readonly confirmed: boolean
  readonly certificateNumber: {
    /** A regular expression for the whole number. */
    readonly pattern: string
    readonly check: 'iso7064-mod37-36' | 'none'
  }
  /** Points out of 100 that each of the two papers must reach. */
  readonly passMark: number
  readonly criteria: string
  readonly occupations: readonly CatalogueOccupation[]
  /** Assessment sites by the name the exam system prints; others get an id when they are first met. */
  readonly sites: readonly { readonly id: string; readonly name: string }[]
}

export interface CatalogueOccupation {
  readonly code: string
  readonly formerCode?: string | undefined
  /** Other codes in circulation for the same occupation. */
  readonly aliases: readonly string[]
  /** `A` seen in a source, `B` known, `C` sources disagree. */
  readonly codeConfidence: 'A' | 'B' | 'C'
  readonly labels: Labels
  /** URL or URN of the occupation in this catalogue. */
  readonly id: string
  readonly standard: { readonly code?: string | undefined; readonly edition: string; readonly labels: Labels }
  /** An occupation with directions needs one of them; the others take none. */
  readonly directions: readonly Labels[]
  readonly alignments: readonly Alignment[]
  readonly items: Readonly<Record<GradeCode, CatalogueItem>>
  /** Months for which a certificate holds from the day of award; without it, for good. */
  readonly validityMonths?: number | undefined
  /** Whether a higher grade asks for a live certificate of the next lower one; it does not by default. */
  readonly needsLowerGrade?: boolean | undefined
}

/** One thing that is awarded: this occupation at this grade. */
export interface CatalogueItem {
  readonly id: string
  readonly criteriaId: string
  /** Standard training hours (标准学时) that a candidate must show. */
  readonly requiredTrainingHours: number
}

/** Points to the same occupation in another framework. */
export interface Alignment {
  readonly name: string
  readonly url: string
  readonly framework: string
  readonly code?: string | undefined
}

/** The catalogue's row for a current, former or alias code. */
export function findOccupation(catalogue: Catalogue, code: string): CatalogueOccupation | undefined {
  return catalogue.occupations.find(
    (row) => row.code === code || row.formerCode === code || row.aliases.includes(code),
  )
}

const text = z.string().check(z.minLength(1), z.maxLength(500))
export const labelsSchema = z.strictObject({ 'zh-Hans': text, en: z.optional(text) })
const occupationCode = z.string().check(z.regex(occupationCodePattern))
const pattern = z
  .string()
  .check(z.minLength(1), z.maxLength(500), z.refine(isPattern, 'not a regular expression'))
const item = z.strictObject({
  id: text,
  criteriaId: text,
  requiredTrainingHours: z.number().check(z.gte(0), z.lte(10_000)),
})

export const alignmentSchema = z.strictObject({
  name: text,
  url: z.string().check(z.refine(isUrl, 'not an absolute URI')),
  framework: text,
  code: z.optional(text),
})

/** For `catalogue.json`, which people edit by hand. */
export const catalogueSchema = z.strictObject({
  version: text,
  confirmed: z.boolean(),
  certificateNumber: z.strictObject({ pattern, check: z.enum(['iso7064-mod37-36', 'none']) }),
  passMark: z.number().check(z.gte(0), z.lte(100)),
  criteria: text,
  occupations: z.array(
    z.strictObject({
      code: occupationCode,
      formerCode: z.optional(occupationCode),
      aliases: z.array(occupationCode),
      codeConfidence: z.enum(['A', 'B', 'C']),
      labels: labelsSchema,
      id: text,
      standard: z.strictObject({ code: z.optional(text), edition: text, labels: labelsSchema }),
      directions: z.array(labelsSchema),
      alignments: z.array(alignmentSchema),
      items: z.record(z.enum(gradeCodes), item),
      validityMonths: z.optional(z.int().check(z.gte(1), z.lte(1200))),
      needsLowerGrade: z.optional(z.boolean()),
    }),
  ),
  sites: z.array(z.strictObject({ id: text, name: text })),
})

function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'u')
    return true
  } catch {
    return false
  }
}
