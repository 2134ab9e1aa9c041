/** Cells of plain text, and two that only serve to cross-check. */
import { halfWidth, hasControl, isFormula, isPlaceholder, oneLine, withoutInvisible } from './cell-text.ts'
import type { FindingCode } from './codes.ts'
import { fault, type Reading, read } from './reading.ts'

/** What a certificate can carry. */
const longest = 500

/** Text that goes on a certificate or into its number; a dash or 无 counts as empty. */
export function readText(cell: string, whenEmpty?: FindingCode): Reading<string> {
  const text = oneLine(withoutInvisible(cell))
  if (isPlaceholder(text)) return whenEmpty === undefined ? {} : fault(whenEmpty)
  if (hasControl(text)) return fault('CONTROL_CHAR', { normal: text })
  if (text.includes('\ufffd')) return fault('CELL_REPLACEMENT_CHAR', { normal: text })
  if (text.length > longest) return fault('CELL_TOO_LONG', { normal: text, detail: { limit: longest } })
  return read(text, isFormula(text) ? 'CELL_FORMULA' : undefined)
}

/** Text that goes nowhere: whatever stands in it does no harm here. */
export function readRemark(cell: string): Reading<string> {
  const text = oneLine(withoutInvisible(cell))
  return read(text, isFormula(text) && !isPlaceholder(text) ? 'CELL_FORMULA' : undefined)
}

/** Excel keeps 15 digits of a number, so a longer one is not the one that was printed. */
export function readAdmissionNumber(cell: string, numeric: boolean): Reading<string> {
  const reading = readText(halfWidth(cell).replace(/\s/g, ''))
  const text = reading.value ?? ''
  const lost = /^\d(?:\.\d+)?E\+\d+$/i.test(text) || (numeric && text.length > 15)
  return lost ? fault('ADMISSION_NUMBER_LOST', { normal: text }) : reading
}

const genders: ReadonlyMap<string, 'male' | 'female'> = new Map([
  ['男', 'male'],
  ['男性', 'male'],
  ['m', 'male'],
  ['male', 'male'],
  ['女', 'female'],
  ['女性', 'female'],
  ['f', 'female'],
  ['female', 'female'],
])

/** Gender is not carried into a certificate, so a word that is not known is no matter. */
export function readGender(cell: string): Reading<'male' | 'female'> {
  const word = halfWidth(withoutInvisible(cell)).trim().toLowerCase()
  const gender = genders.get(word)
  return gender === undefined ? { normal: word } : read(gender)
}

/** A cell that says the same as the ID number, or contradicts it. */
export function contradicted<Value>(
  reading: Reading<Value>,
  inIdNumber: Value | undefined,
  code: FindingCode,
): Reading<Value> {
  const { value } = reading
  return value !== undefined && inIdNumber !== undefined && value !== inIdNumber
    ? { ...reading, code, detail: {} }
    : reading
}
