/** Days as exam systems, Excel and people write them. */
import {
  type CalendarDate,
  dateIn,
  epochOf,
  instantAt,
  isCalendarDate,
  type ZoneOffset,
} from '../base/instant.ts'
import { halfWidth, isFullWidth, withoutInvisible } from './cell-text.ts'
import type { FindingCode } from './codes.ts'
import { fault, type Reading, read } from './reading.ts'

export interface DateRules {
  /** The day of the clock in `zone`. */
  readonly today: CalendarDate
  readonly zone: ZoneOffset
  /** The earliest day that makes sense; serial numbers of Excel count from here. */
  readonly earliest: CalendarDate
}

/** Reads a cell that is not empty. */
export function readDate(cell: string, rules: DateRules): Reading<CalendarDate> {
  const text = halfWidth(withoutInvisible(cell)).trim()
  for (const { form, day, code, held } of forms) {
    const match = form.exec(text)
    if (match === null) continue
    const date = day(match, rules)
    if (date === null) return fault('DATE_INVALID', { normal: text })
    if (held !== undefined) return fault(held, { normal: text })
    return inRange(date, isFullWidth(cell) ? 'DATE_FULLWIDTH' : code, rules)
  }
  return fault('DATE_INVALID', { normal: text })
}

function inRange(date: CalendarDate, code: FindingCode | undefined, rules: DateRules): Reading<CalendarDate> {
  if (date > rules.today) return fault('DATE_FUTURE', { normal: date })
  if (date < rules.earliest)
    return fault('DATE_TOO_OLD', { normal: date, detail: { earliest: rules.earliest } })
  return read(date, code, code === 'DATE_TIMEZONE' ? { zone: rules.zone } : undefined)
}

interface DateForm {
  readonly form: RegExp
  readonly day: (match: RegExpExecArray, rules: DateRules) => CalendarDate | null
  /** A notice that the form was changed. */
  readonly code?: FindingCode
  /** A person must say which day it is, if it is one at all. */
  readonly held?: FindingCode
}

const time = '(?:[T ]\\s*(?:[01]?\\d|2[0-4]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d+)?)?)'
const numeral = '[〇○零一二三四五六七八九十廿卅元]'

/** One row per way of writing a day, tried in this order. */
const forms: readonly DateForm[] = [
  { form: /^(\d{4})-(\d{2})-(\d{2})$/, day: yearMonthDay },
  {
    form: /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})$/i,
    day: dayOfMoment,
    code: 'DATE_TIMEZONE',
  },
  {
    form: new RegExp(`^(\\d{4})\\s*[-/.年]\\s*(\\d{1,2})\\s*[-/.月]\\s*(\\d{1,2})\\s*日?${time}?$`),
    day: yearMonthDay,
    code: 'DATE_FORMAT',
  },
  { form: /^(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?$/, day: yearMonthDay, code: 'DATE_FORMAT' },
  { form: /^(\d{5})(?:\.\d+)?$/, day: dayOfSerial, code: 'DATE_EXCEL_SERIAL' },
  {
    form: new RegExp(`^(${numeral}{4})年(${numeral}{1,2})月(${numeral}{1,3})日?$`),
    day: dayInNumerals,
    code: 'DATE_CHINESE_NUMERALS',
  },
  {
    form: new RegExp(`^(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})${time}?$`),
    day: dayAndMonth,
    held: 'DATE_AMBIGUOUS',
  },
  {
    form: new RegExp(`^(\\d{2})\\s*[-/.年]\\s*(\\d{1,2})\\s*[-/.月]\\s*(\\d{1,2})\\s*日?${time}?$`),
    day: shortYear,
    held: 'DATE_TWO_DIGIT_YEAR',
  },
]

function yearMonthDay([, year = '', month = '', day = '']: readonly string[]): CalendarDate | null {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isCalendarDate(date) ? date : null
}

/** A moment with its zone is the day that it is in the zone of the assessment. */
function dayOfMoment(match: RegExpExecArray, rules: DateRules): CalendarDate | null {
  const [, day = '', minutes = '', seconds = ':00', zone = ''] = match
  const offset = zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
  const epoch = epochOf(`${day}T${minutes}${seconds}${offset}`)
  return epoch === null ? null : dateIn(instantAt(epoch), rules.zone)
}

/** Excel's 1900 system: 25569 is 1970-01-01. A number outside the days that make sense is just a number. */
function dayOfSerial([, days = '']: readonly string[], rules: DateRules): CalendarDate | null {
  const date = new Date((Number(days) - 25_569) * 86_400_000).toISOString().slice(0, 10) as CalendarDate
  return date < rules.earliest || date > rules.today ? null : date
}

function dayInNumerals([, year = '', month = '', day = '']: readonly string[]): CalendarDate | null {
  return yearMonthDay(['', digitsOf(year), numberOf(month), numberOf(day)])
}

const numerals = '〇一二三四五六七八九'

const digitsOf = (text: string): string =>
  [...text.replace(/[○零]/g, '〇')].map((character) => numerals.indexOf(character)).join('')

/** One to thirty-nine: 十, 十二, 二十, 二十一, 廿一, 三十; 元 is the first. */
function numberOf(text: string): string {
  const plain = text.replace('元', '一').replace('廿', '二十').replace('卅', '三十')
  const match = /^(?:([一二三]?)(十))?([一二三四五六七八九]?)$/.exec(plain)
  if (match === null) return digitsOf(plain)
  const [, tens = '', ten, ones = ''] = match
  const value =
    (ten === undefined ? 0 : tens === '' ? 10 : Number(digitsOf(tens)) * 10) + Number(digitsOf(ones))
  return String(value)
}

function dayAndMonth([, first = '', second = '', year = '']: readonly string[]): CalendarDate | null {
  return yearMonthDay(['', year, first, second]) ?? yearMonthDay(['', year, second, first])
}

function shortYear([, first = '', second = '', third = '']: readonly string[]): CalendarDate | null {
  return yearMonthDay(['', `20${first}`, second, third]) ?? yearMonthDay(['', `20${third}`, second, first])
}
