/** Certificate numbers. The default form is plainly ours; an agency may set its own pattern in the catalogue. */
import type { CalendarDate } from '../base/instant.ts'
import type { Catalogue } from './catalogue.ts'
import type { Grade } from './grade.ts'

/** Parts of `PT26-0001-11-3801-1-0000017-G`. Hyphens keep it from looking like an 18-digit ID number. */
export interface NumberParts {
  readonly awardedOn: CalendarDate
  /** Four digits or capital letters that the agency has, or chose. */
  readonly agencyCode: string
  /** ISO 3166-2, `CN-BJ`. */
  readonly region: string
  readonly occupationCode: string
  readonly grade: Grade
  /** 1 to 9,999,999, counted by the agency. */
  readonly serial: number
}

export function composeNumber(parts: NumberParts): string {
  const body = [
    `PT${parts.awardedOn.slice(2, 4)}`,
    parts.agencyCode,
    regionDigits[parts.region] ?? '00',
    parts.occupationCode.replaceAll('-', '').slice(3, 7),
    String(parts.grade.ordinal),
    String(parts.serial).padStart(7, '0'),
  ]
  return [...body, mod37Check(body.join(''))].join('-')
}

/** Whether a number has the form, and the check character, that the catalogue asks for. */
export function isWellFormedNumber(number: string, rule: Catalogue['certificateNumber']): boolean {
  if (!new RegExp(rule.pattern, 'u').test(number)) return false
  if (rule.check === 'none') return true
  const characters = number.replaceAll('-', '')
  return /^[0-9A-Z]+$/.test(characters) && mod37Check(characters.slice(0, -1)) === characters.slice(-1)
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** ISO 7064, hybrid system MOD 37,36: the check character for a text of digits and capital letters. */
export function mod37Check(text: string): string {
  let product = 36
  for (const character of text) {
    const sum = (product + alphabet.indexOf(character)) % 36 || 36
    product = (sum * 2) % 37
  }
  return alphabet.charAt((37 - product) % 36)
}

/** GB/T 2260 province digits for ISO 3166-2:CN codes. */
export const regionDigits: Readonly<Record<string, string>> = {
  'CN-BJ': '11',
  'CN-TJ': '12',
  'CN-HE': '13',
  'CN-SX': '14',
  'CN-NM': '15',
  'CN-LN': '21',
  'CN-JL': '22',
  'CN-HL': '23',
  'CN-SH': '31',
  'CN-JS': '32',
  'CN-ZJ': '33',
  'CN-AH': '34',
  'CN-FJ': '35',
  'CN-JX': '36',
  'CN-SD': '37',
  'CN-HA': '41',
  'CN-HB': '42',
  'CN-HN': '43',
  'CN-GD': '44',
  'CN-GX': '45',
  'CN-HI': '46',
  'CN-CQ': '50',
  'CN-SC': '51',
  'CN-GZ': '52',
  'CN-YN': '53',
  'CN-XZ': '54',
  'CN-SN': '61',
  'CN-GS': '62',
  'CN-QH': '63',
  'CN-NX': '64',
  'CN-XJ': '65',
  'CN-TW': '71',
  'CN-HK': '81',
  'CN-MO': '82',
}
