/** What the intake can say about a file, a record or a cell. */
import type { Detail, Explanation } from '../base/message.ts'
import type { FindingCode } from './codes.ts'

/** What happens to a record, in order of precedence: the first of these that any finding asks for wins. */
export const verdicts = ['skip', 'reject', 'hold', 'no_certificate', 'issue'] as const

/**
 * `skip` not a candidate row, or an exact duplicate; `reject` the source must be corrected; `hold` a person must decide;
 * `no_certificate` a sound row without a certificate due; `issue` a certificate is due.
 */
export type Verdict = (typeof verdicts)[number]

/** A code of the catalogue, the verdict it asks for and the words for it. A code with `issue` is a notice. */
export interface CodeRow extends Explanation {
  readonly verdict: Verdict
}

/** One remark. Its detail never holds a name, a birth date or an unmasked ID number. */
export interface Finding {
  readonly code: FindingCode
  /** The header of the column, as printed in the file. */
  readonly column?: string
  readonly detail?: Detail
}
