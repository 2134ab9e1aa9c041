/** Text of strangers for the eyes of people: what stands there is what is there. */

/** A name is replaced by its value, made visible. */
export function filled(text: string, more: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    more[name] === undefined ? whole : visible(String(more[name])),
  )
}

/** What takes no room, turns the text around it or is blank: formats, fillers, selectors of variants. */
const unseen = String.raw`\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800`
const everyUnseen = new RegExp(`[\\p{Cc}${unseen}]`, 'gu')
const oneUnseen = new RegExp(`[\\p{Cc}${unseen}]`, 'u')
/** The same where tabs and ends of lines are white space. */
const unseenInMarkup = new RegExp(
  `[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f${unseen}]`,
  'gu',
)

/** What cannot be seen as escapes: what stands on the screen is what is there. */
export const visible = (text: string): string => text.replace(everyUnseen, codePointOf)

/** As `visible`, for pages and pictures. */
export const visibleInMarkup = (text: string): string => text.replace(unseenInMarkup, codePointOf)

const codePointOf = (character: string): string => `\\u{${(character.codePointAt(0) as number).toString(16)}}`

/** A piece of a text: as it stands, or one character that is not what it seems. */
export interface VisiblePart {
  readonly text: string
  /** Why it is shown apart; `text` is then one character. */
  readonly odd?: Oddity
}

export type Oddity = 'hidden' | 'look_alike' | 'private' | 'stacked'

/** Marks on one letter: more of them grow over the lines above and below. */
const markLimit = 5

/**
 * A text in pieces, so that whoever draws it can mark what a reader would be deceived by: what hides or turns text, letters
 * of another script among Latin ones, forms that exist for compatibility only, and characters without an agreed meaning.
 */
export function visibleParts(text: string): readonly VisiblePart[] {
  const parts: VisiblePart[] = []
  let plain = ''
  for (const [word] of text.matchAll(/[\p{L}\p{M}]+|[^\p{L}\p{M}]+/gu)) {
    const isMixed = /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word)
    let marks = 0
    for (const character of word) {
      marks = /\p{M}/u.test(character) ? marks + 1 : 0
      const odd = oddityOf(character, isMixed) ?? (marks > markLimit ? 'stacked' : undefined)
      if (odd === undefined) {
        plain += character
        continue
      }
      if (plain !== '') parts.push({ text: plain })
      plain = ''
      parts.push({ text: character, odd })
    }
  }
  return plain === '' ? parts : [...parts, { text: plain }]
}

function oddityOf(character: string, isMixed: boolean): Oddity | undefined {
  if (oneUnseen.test(character)) return 'hidden'
  if (/[\p{Co}\p{Cs}\p{Cn}]/u.test(character)) return 'private'
  const isForeign = isMixed && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(character)
  // Radicals and compatibility ideographs look like the characters that they are not; so do wide Latin letters.
  return isForeign ||
    /[\u2e80-\u2fdf\uf900-\ufaff\uff21-\uff3a\uff41-\uff5a\u{2f800}-\u{2fa1f}]/u.test(character)
    ? 'look_alike'
    : undefined
}
