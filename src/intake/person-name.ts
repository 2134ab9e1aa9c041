/** Names of people as exam systems export them. A legal name is never guessed: what is not plainly noise is held. */
import { halfWidth, isFullWidth, isPlaceholder, withoutInvisible } from './cell-text.ts'
import type { FindingCode } from './codes.ts'
import { assignedCharacter, mojibakeOf } from './gbk-traces.ts'
import { fault, type Reading, read } from './reading.ts'

export interface PersonName {
  /** As it goes on the certificate. */
  readonly name: string
  /** For telling whether two names are the same; never printed. */
  readonly matchKey: string
}

/** Code points; what a certificate can carry. */
const longest = 50

export function readName(cell: string): Reading<PersonName> {
  const { name, notice } = cleanName(cell)
  const normal = name
  for (const { code, is } of damages) if (is(name)) return fault(code, { normal })
  const original = mojibakeOf(name)
  if (original !== null) return fault('NAME_MOJIBAKE', { normal, suggested: original })
  const privateUse = name.match(/\p{Co}/gu)
  if (privateUse !== null) {
    const assigned = name.replace(/\p{Co}/gu, (character) => assignedCharacter(character) ?? character)
    return fault('NAME_PUA_CHAR', {
      normal,
      detail: { characters: privateUse.map(codePoint) },
      ...(!/\p{Co}/u.test(assigned) && { suggested: assigned }),
    })
  }
  const unusual = name.match(unusualCharacter) ?? (/\p{L}/u.test(name) ? null : [name])
  if (unusual !== null) {
    return fault('NAME_UNUSUAL_CHAR', { normal, detail: { characters: unusual.map(codePoint) } })
  }
  if ([...name].length > longest) return fault('NAME_LONG', { normal, detail: { limit: longest } })
  return read({ name, matchKey: matchKey(name) }, notice)
}

/** Reasons to refuse a name, the plainest first. */
const damages: readonly { readonly code: FindingCode; readonly is: (name: string) => boolean }[] = [
  { code: 'NAME_EMPTY', is: isPlaceholder },
  { code: 'NAME_REPLACEMENT_CHAR', is: (name) => name.includes('\ufffd') },
  { code: 'CONTROL_CHAR', is: (name) => /\p{Cc}/u.test(name) },
  { code: 'NAME_MASKED', is: (name) => /[*×●]/.test(name) },
  { code: 'NAME_LOSSY', is: (name) => /[?□■〓◇◆▯]/.test(name) },
]

/** Not a letter, mark, middle dot, space or the punctuation of Latin names; radicals without a character of their own. */
const unusualCharacter = /[^\p{L}\p{M}· '’.\-〇]|[\u2e80-\u2fdf]/gu

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

const han = '[\\p{Script=Han}\\p{Co}\\u2e80-\\u2fdf]\\p{M}*'

/** Bullets, katakana dots, hyphenation points, full stops and their kin between two Han characters. */
const middleDots = new RegExp(
  `(?<=${han})\\s*[\\u00b7\\u2022\\u30fb\\u2027\\uff0e\\u002e\\uff65\\u2219\\u22c5\\u2024\\u0387\\u25cf\\u2e31]\\s*(?=${han})`,
  'gu',
)
const spaceBetweenHan = new RegExp(`(?<=${han})\\s+(?=${han})`, 'gu')
const kangxiRadical = /[\u2e9f\u2ef3\u2f00-\u2fd5]/g
const variationSelector = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u
const variationSelectors = new RegExp(variationSelector, 'gu')

/** Steps that change a name, in order. */
const changes: readonly { readonly code: FindingCode; readonly apply: (name: string) => string }[] = [
  { code: 'NAME_INVISIBLE_CHAR', apply: withoutInvisible },
  { code: 'NAME_TRIM', apply: (name) => name.trim() },
  { code: 'NAME_KANGXI_RADICAL', apply: (name) => name.replace(kangxiRadical, (c) => c.normalize('NFKC')) },
  { code: 'NAME_MIDDLE_DOT', apply: (name) => name.replace(middleDots, '·') },
  { code: 'NAME_FULLWIDTH', apply: (name) => (isFullWidth(name) ? halfWidth(name) : name) },
  {
    code: 'NAME_INNER_SPACE',
    apply: (name) => name.replace(spaceBetweenHan, '').replace(/(?! )\s|\s{2,}/g, ' '),
  },
]

/** One code a cell: the first of these that applies. */
const bySpecificity: readonly FindingCode[] = [
  'NAME_MIDDLE_DOT',
  'NAME_KANGXI_RADICAL',
  'NAME_COMPAT_IDEOGRAPH',
  'NAME_VARIATION_SELECTOR',
  'NAME_FULLWIDTH',
  'NAME_INNER_SPACE',
  'NAME_INVISIBLE_CHAR',
  'NAME_TRIM',
]

function cleanName(cell: string): { readonly name: string; readonly notice?: FindingCode } {
  let name = cell
  const found = new Set<FindingCode>()
  for (const { code, apply } of changes) {
    const changed = hasInnerControl(name) ? name : apply(name)
    if (changed !== name) found.add(code)
    name = changed
  }
  if (hasCompatibilityIdeograph(name)) found.add('NAME_COMPAT_IDEOGRAPH')
  if (variationSelector.test(name)) found.add('NAME_VARIATION_SELECTOR')
  const notice = bySpecificity.find((code) => found.has(code))
  return notice === undefined ? { name } : { name, notice }
}

/** A TAB or a line break inside a name is no space to be tidied away. */
const hasInnerControl = (name: string): boolean => /\p{Cc}/u.test(name.trim())

/** U+F900 and U+2F800 ff.; those that NFC leaves alone are ordinary characters. */
const hasCompatibilityIdeograph = (name: string): boolean =>
  (name.match(/[\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu) ?? []).some((c) => c.normalize('NFC') !== c)

const matchKey = (name: string): string => name.replace(variationSelectors, '').normalize('NFC').toUpperCase()
