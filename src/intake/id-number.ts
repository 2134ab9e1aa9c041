/** ID numbers. Noise of spreadsheets is taken off; digits are never repaired. */
import { type CalendarDate, isCalendarDate } from '../base/instant.ts'
import { type IdType, idTypeCodes } from '../certificate/holder.ts'
import { halfWidth, isFullWidth, unwrap, withoutInvisible } from './cell-text.ts'
import { idTypes, inferIdType, readIdType } from './id-type.ts'
import { fault, type Reading, read } from './reading.ts'

export interface IdDocument {
  readonly type: IdType
  readonly number: string
  /** Read from the number; absent where it holds none. */
  readonly birthDate?: CalendarDate
  readonly gender?: 'male' | 'female'
}

export interface IdCells {
  readonly type: string
  readonly number: string
  /** The file holds the number as a number, not as text. */
  readonly numeric: boolean
  /** The day on which it is read: nobody is born later. */
  readonly today: CalendarDate
}

export function readIdDocument(cells: IdCells): Reading<IdDocument> {
  if (cells.numeric) return fault('ID_EXCEL_NUMBER')
  const { number, notice } = cleanNumber(cells.number)
  const unreadable = unreadableFault(number)
  if (unreadable !== null) return unreadable
  const stated = readIdType(cells.type)
  const type = stated === 'empty' ? inferIdType(number) : stated
  if (type === undefined || type === 'unknown') return fault('ID_TYPE_UNKNOWN', { normal: number })
  const reading = readNumber(number, type, cells.today)
  if (reading.code !== undefined) return reading
  const notices = notice ?? (stated === 'empty' ? 'ID_TYPE_INFERRED' : undefined)
  return notices === undefined ? reading : { ...reading, code: notices }
}

type Noise =
  | 'ID_FORMULA_WRAPPER'
  | 'ID_LEADING_APOSTROPHE'
  | 'ID_FULLWIDTH'
  | 'ID_INVISIBLE_CHAR'
  | 'ID_WHITESPACE'
  | 'ID_LOWERCASE_X'

/** The number without noise, and the most telling kind of noise that was found. */
export function cleanNumber(cell: string): { readonly number: string; readonly notice?: Noise } {
  const { text, wrapper } = unwrap(withoutInvisible(cell))
  const half = halfWidth(text)
  const bare = half.replace(/\s+/g, '')
  const number = bare.toUpperCase()
  const found: readonly (readonly [Noise, boolean])[] = [
    ['ID_FORMULA_WRAPPER', wrapper === 'formula'],
    ['ID_LEADING_APOSTROPHE', wrapper === 'apostrophe'],
    ['ID_FULLWIDTH', isFullWidth(text)],
    ['ID_INVISIBLE_CHAR', withoutInvisible(cell) !== cell],
    ['ID_WHITESPACE', bare !== half],
    ['ID_LOWERCASE_X', number !== bare],
  ]
  const notice = found.find(([, is]) => is)?.[0]
  return notice === undefined ? { number } : { number, notice }
}

/** What is wrong with a number whatever the document: empty, masked, or its digits are gone. */
function unreadableFault(number: string): Reading<IdDocument> | null {
  if (number === '') return fault('ID_EMPTY')
  if (/\p{Cc}/u.test(number)) return fault('CONTROL_CHAR')
  if (/[*•●×#]|X{3,}/.test(number)) return fault('ID_MASKED', { normal: number })
  if (/^\d\.\d+E\+?\d+$|^\d+E\+\d+$/.test(number)) return fault('ID_SCIENTIFIC_NOTATION', { normal: number })
  return null
}

function readNumber(number: string, type: IdType, today: CalendarDate): Reading<IdDocument> {
  const { form, citizenNumber } = idTypes[type]
  if (type === 'resident-id' && /^\d{15}$/.test(number)) return readLegacy(number, today)
  if (!form.test(number)) {
    const other = idTypeCodes.some((code) => code !== type && idTypes[code].sign?.test(number))
    return fault(other ? 'ID_TYPE_MISMATCH' : 'ID_FORMAT', { normal: number })
  }
  return citizenNumber !== undefined && number.length === 18
    ? readCitizenNumber(number, type, today)
    : read({ type, number })
}

/** GB 11643: the check character comes first, because a slip anywhere breaks it. */
function readCitizenNumber(number: string, type: IdType, today: CalendarDate): Reading<IdDocument> {
  const { citizenNumber, gender } = idTypes[type]
  const birthDate = birthDateIn(number)
  const normal = number
  if (checkCharacter(number.slice(0, 17)) !== number[17]) {
    return fault(number.endsWith('000') ? 'ID_PRECISION_LOST' : 'ID_CHECK_DIGIT', { normal })
  }
  if (!citizenNumber?.test(number)) return fault('ID_REGION', { normal })
  if (!isBirthDate(birthDate, today)) return fault('ID_BIRTHDATE', { normal })
  const document: IdDocument = {
    type,
    number,
    birthDate,
    ...(gender && { gender: Number(number[16]) % 2 === 1 ? 'male' : 'female' }),
  }
  // Excel keeps 15 digits and writes 0 for the rest; by chance the check character may fit (1 in 11).
  return number.endsWith('000') ? { ...read(document), code: 'ID_PRECISION_SUSPECT' } : read(document)
}

/** Numbers of the first generation have two digits of the year, of the 20th century, and no check character. */
function readLegacy(number: string, today: CalendarDate): Reading<IdDocument> {
  const body = `${number.slice(0, 6)}19${number.slice(6)}`
  const normal = number
  if (!idTypes['resident-id'].citizenNumber?.test(body)) return fault('ID_REGION', { normal })
  if (!isBirthDate(birthDateIn(body), today)) return fault('ID_BIRTHDATE', { normal })
  return fault('ID_LEGACY_15', { normal, suggested: body + checkCharacter(body) })
}

const birthDateIn = (number: string): string =>
  `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`

const isBirthDate = (date: string, today: CalendarDate): date is CalendarDate =>
  isCalendarDate(date) && date >= '1900-01-01' && date <= today

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** GB 11643-1999, ISO 7064 MOD 11-2: the 18th character for the first 17 digits. */
export function checkCharacter(digits: string): string {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
  return '10X98765432'.charAt(sum % 11)
}
