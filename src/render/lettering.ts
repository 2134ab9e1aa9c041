/** Texts set in the fonts of a batch: each character in the first font that has it, each by itself, from left to right. */
import { CertificateError } from '../base/errors.ts'

/** A character as it is set. */
export interface SetGlyph {
  /** Which font, by its place. */
  readonly font: number
  /** Its code in that font's program, 0 to 65,535. */
  readonly code: number
  /** In thousandths of the size. */
  readonly advance: number
}

export type Letters = ReadonlyMap<number, SetGlyph>

/** Sizes and places are points. */
export interface Lettering {
  readonly width: (text: string, size: number, spacing?: number) => number
  /** Lines that are no wider, broken where Chinese and English are broken. */
  readonly lines: (text: string, size: number, width: number) => readonly string[]
  /** The operators that show a line. */
  readonly shown: (text: string, at: Placed) => string
}

export interface Placed {
  readonly x: number
  /** The base line. */
  readonly y: number
  readonly size: number
  /** Between characters. */
  readonly spacing?: number
  /** Width of a stroke around each letter, for headings. */
  readonly stroke?: number
}

export function letteringOf(letters: Letters): Lettering {
  const glyph = (character: string): SetGlyph =>
    letters.get(character.codePointAt(0) as number) ?? notGiven(character)

  function width(text: string, size: number, spacing = 0): number {
    let [sum, count] = [0, 0]
    for (const character of text) {
      sum += glyph(character).advance
      count++
    }
    return (sum * size) / 1000 + Math.max(0, count - 1) * spacing
  }

  function lines(text: string, size: number, limit: number): readonly string[] {
    const found: string[] = []
    let line = ''
    for (const part of partsOf(text)) {
      if (width((line + part).trimEnd(), size) <= limit) {
        line += part
        continue
      }
      if (line.trim() !== '') found.push(line.trimEnd())
      line = ''
      for (const character of part.trimStart()) {
        if (line !== '' && width(line + character, size) > limit) {
          found.push(line)
          line = ''
        }
        line += character
      }
    }
    if (line.trim() !== '') found.push(line.trimEnd())
    return found
  }

  function shown(text: string, { x, y, size, spacing = 0, stroke = 0 }: Placed): string {
    let out = `BT ${points(x)} ${points(y)} Td ${points(spacing)} Tc ${stroke > 0 ? `2 Tr ${points(stroke)} w` : '0 Tr'}`
    let font = -1
    for (const character of text) {
      const { font: next, code } = glyph(character)
      if (next !== font) out += `${font < 0 ? '' : '> Tj'} /F${next} ${points(size)} Tf <`
      font = next
      out += code.toString(16).padStart(4, '0')
    }
    return font < 0 ? '' : `${out}> Tj ET\n`
  }

  return { width, lines, shown }
}

/** A number as a PDF has it, to a thousandth of a point. */
export const points = (value: number): string => String(Math.round(value * 1000) / 1000)

function notGiven(character: string): never {
  throw new CertificateError('render.text_not_given', { character, codePoint: codePointName(character) })
}

/** `U+20BB7` */
export const codePointName = (character: string): string =>
  `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`

/** What stands together: a word with the spaces behind it, a Han character with what may not begin a line. */
const partsOf = (text: string): readonly string[] =>
  text.match(
    /[（《“‘〔【]*(?:[\p{Script=Han}\u3000-\u30ff\uff00-\uffef]|[^\s\p{Script=Han}\u3000-\u30ff\uff00-\uffef]+)[，。、；：？！）》”’〕】]*\s*|\s+/gu,
  ) ?? []
