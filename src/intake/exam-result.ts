/** One candidate's result after normalising: what a certificate is built from. */
import type { CalendarDate } from '../base/instant.ts'
import type { GradeCode } from '../certificate/grade.ts'
import type { IdType } from '../certificate/holder.ts'

/** Holds personal data: never printed. */
export interface ExamResult extends Assessed {
  /** Points out of 100, at most two decimals. */
  readonly theory: number
  readonly practical: number
  /** Id of the credential of the next lower grade, once it was found. */
  readonly upgradeOf?: string
}

/** A result that no certificate is due for; a paper that was not sat, or is void, may have no points. */
export interface UnsuccessfulResult extends Assessed {
  readonly theory?: number
  readonly practical?: number
}

interface Assessed {
  readonly session: string
  readonly admissionNumber?: string
  readonly name: string
  /** For telling whether two names are the same. */
  readonly matchKey: string
  readonly idType: IdType
  readonly idNumber: string
  readonly birthDate?: CalendarDate
  /** The current code. */
  readonly occupationCode: string
  readonly direction?: string
  readonly grade: GradeCode
  /** Number of the certificate of the next lower grade (原证书编号), as the row names it. */
  readonly previousNumber?: string
  readonly trainingProvider?: string
  /** Standard training hours (标准学时). */
  readonly trainingHours?: number
  /** Number of the employer's order (订单). */
  readonly trainingOrder?: string
  readonly trainingProject?: string
  readonly trainedFrom?: CalendarDate
  readonly site?: string
  readonly examinedOn: CalendarDate
}
