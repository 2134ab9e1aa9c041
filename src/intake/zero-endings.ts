/**
 * ID numbers that end in 000 and whose check character fits. Excel writes such numbers when it cuts to 15 digits, but
 * one genuine number in 1,100 ends so, too. Excel cuts every number of a column: a file that plainly kept the others kept this one.
 */
import type { Candidate, Remark } from './candidate.ts'
import type { FindingCode } from './codes.ts'

/** Signs that a column went through Excel as numbers. */
const lossCodes: ReadonlySet<FindingCode> = new Set([
  'ID_EXCEL_NUMBER',
  'ID_SCIENTIFIC_NOTATION',
  'ID_PRECISION_LOST',
])

/** Numbers of digits only, kept whole, that clear a file of the suspicion. */
const enoughKept = 10

/** Whether the file kept the digits of its ID numbers. */
export function keepsDigits(candidates: readonly Candidate[]): boolean {
  const lost = candidates.some(({ remarks }) => remarks.some(({ code }) => lossCodes.has(code)))
  const kept = candidates.filter(({ values }) => isKept(values.idNumber ?? '')).length
  return !lost && kept >= enoughKept
}

const isKept = (number: string): boolean => /^\d{18}$/.test(number) && !number.endsWith('000')

/** Turns the suspicion into a notice, unless the gender column speaks for it as well. */
export function cleared(candidate: Candidate): Candidate {
  const { remarks } = candidate
  if (remarks.some(({ code }) => code === 'GENDER_ID_MISMATCH')) return candidate
  return {
    ...candidate,
    remarks: remarks.map(
      (remark): Remark => (isSuspicion(remark) ? { ...remark, code: 'ID_ENDS_IN_ZEROS' } : remark),
    ),
  }
}

export const isSuspicion = ({ code }: Remark): boolean => code === 'ID_PRECISION_SUSPECT'
