/** Text of strangers for the eyes of people: what stands there is what is there. */

/** A name is replaced by its value, made visible. */
export function filled(text: string, more: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    more[name] === undefined ? whole : visible(String(more[name])),
  )
}

/** Controls, bidi marks and zero-width characters as escapes: what stands on the screen is what is there. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu,
    (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  )
}

/** A piece of a text: as it stands, or one character that is not what it seems. */
export interface VisiblePart {
  readonly text: string
  /** Why it is shown apart; `text` is then one character. */
  readonly odd?: 'hidden' | 'look_alike' | 'private'
}

/**
 * A text in pieces, so that whoever draws it can mark what a reader would be deceived by: what hides or turns text, letters
 * of another script among Latin ones, forms that exist for compatibility only, and characters without an agreed meaning.
 */
export function visibleParts(text: string): readonly VisiblePart[] {
  const parts: VisiblePart[] = []
  let plain = ''
  for (const [word] of text.matchAll(/[\p{L}\p{M}]+|[^\p{L}\p{M}]+/gu)) {
    const isMixed = /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word)
    for (const character of word) {
      const odd = oddityOf(character, isMixed)
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

function oddityOf(character: string, isMixed: boolean): VisiblePart['odd'] {
  if (/[\p{Cc}\p{Cf}\u2028\u2029\u115f\u1160\u3164\uffa0]/u.test(character)) return 'hidden'
  if (/[\p{Co}\p{Cs}\p{Cn}]/u.test(character)) return 'private'
  const isForeign = isMixed && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(character)
  // Radicals and compatibility ideographs look like the characters that they are not; so do wide Latin letters.
  return isForeign ||
    /[\u2e80-\u2fdf\uf900-\ufaff\uff21-\uff3a\uff41-\uff5a\u{2f800}-\u{2fa1f}]/u.test(character)
    ? 'look_alike'
    : undefined
}
