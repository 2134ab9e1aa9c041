/** Types of ID document, the words for them, and the form that their numbers have. */
import { type IdType, idTypeCodes } from '../certificate/holder.ts'
import { halfWidth, withoutInvisible } from './cell-text.ts'

interface IdTypeRow {
  /** The usual word first. */
  readonly words: readonly string[]
  /** What a number may look like after noise is taken off. */
  readonly form: RegExp
  /** A form that hardly any other document has: it tells that the stated type is wrong. */
  readonly sign?: RegExp
  /** 18 characters with a birth date and a check character, and the region codes that they start with. */
  readonly citizenNumber?: RegExp
  readonly gender?: boolean
}

/** GB/T 2260, provinces only: counties are renamed every year. */
const province = '1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]'

const eighteen = /^\d{17}[\dX]$/

export const idTypes: Readonly<Record<IdType, IdTypeRow>> = {
  'resident-id': {
    words: [
      '居民身份证',
      '身份证',
      '二代身份证',
      '第二代居民身份证',
      '中华人民共和国居民身份证',
      '大陆居民身份证',
      'residentidentitycard',
      'residentid',
      'idcard',
      'identitycard',
    ],
    form: eighteen,
    sign: eighteen,
    citizenNumber: new RegExp(`^(?:${province})`),
    gender: true,
  },
  'hmt-residence-permit': {
    words: [
      '港澳台居民居住证',
      '港澳台居住证',
      '港澳居民居住证',
      '台湾居民居住证',
      'residencepermit',
      'hmtresidencepermit',
    ],
    form: /^8[1-3]\d{15}[\dX]$/,
    citizenNumber: /^8[1-3]/,
    gender: true,
  },
  'foreign-permanent-residence': {
    words: [
      '外国人永久居留身份证',
      '外国人永久居留证',
      '永久居留身份证',
      '外国人居留证',
      'permanentresidentidcard',
      'foreignpermanentresidentidcard',
    ],
    // Cards of 2023 have 18 digits that start with 9; earlier ones three letters and twelve digits.
    form: /^(?:9\d{16}[\dX]|[A-Z]{3}\d{12})$/,
    sign: /^[A-Z]{3}\d{12}$/,
    citizenNumber: /^9/,
  },
  passport: {
    words: ['护照', '外国护照', '中国护照', '普通护照', 'passport'],
    form: /^(?=.*\d)[A-Z0-9]{5,12}$/,
    sign: /^[A-Z]{1,2}\d{6,9}$/,
  },
  'hm-travel-permit': {
    words: [
      '港澳居民来往内地通行证',
      '港澳来往内地通行证',
      '来往内地通行证',
      '回乡证',
      'homereturnpermit',
      'mainlandtravelpermit',
      'mainlandtravelpermitforhongkongandmacaoresidents',
    ],
    form: /^[HM]\d{8}(?:\d{2})?$/,
    sign: /^[HM]\d{8}(?:\d{2})?$/,
  },
  'tw-travel-permit': {
    words: [
      '台湾居民来往大陆通行证',
      '台湾来往大陆通行证',
      '台胞证',
      'taiwancompatriotpermit',
      'mainlandtravelpermitfortaiwanresidents',
    ],
    form: /^\d{8}(?:\d{2}[A-Z]?)?$/,
  },
}

const typeByWord: ReadonlyMap<string, IdType> = new Map(
  idTypeCodes.flatMap((type) => idTypes[type].words.map((word) => [word, type])),
)

/** The type that a cell names; `'empty'` and `'unknown'` where it names none. */
export function readIdType(cell: string): IdType | 'empty' | 'unknown' {
  const word = halfWidth(withoutInvisible(cell))
    .replace(/\([^()]*\)|[\s_-]/g, '')
    .toLowerCase()
  return word === '' ? 'empty' : (typeByWord.get(word) ?? 'unknown')
}

/** The type of an 18-character number by the way it starts; nothing else tells its type reliably. */
export function inferIdType(number: string): IdType | undefined {
  if (!eighteen.test(number)) return undefined
  if (/^8[1-3]/.test(number)) return 'hmt-residence-permit'
  return number.startsWith('9') ? 'foreign-permanent-residence' : 'resident-id'
}
