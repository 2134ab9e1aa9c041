/** What a font says of its characters: which it has, how wide they are, whether there is anything to see. */
import fontkit from '@pdf-lib/fontkit'
import type { Bytes } from '../base/bytes.ts'

export interface Typeface {
  readonly has: (codePoint: number) => boolean
  readonly glyph: (codePoint: number) => Glyph
  /** In thousandths of the size. */
  readonly ascent: number
  readonly descent: number
  readonly capHeight: number
  readonly italicAngle: number
  readonly box: readonly [left: number, bottom: number, right: number, top: number]
  /** Whether its outlines are of PostScript (CFF), not TrueType. */
  readonly isCff: boolean
  /** What may be varied, each with the value that is nearest to plain text. */
  readonly axes: Readonly<Record<string, number>>
}

export interface Glyph {
  readonly id: number
  /** What a program of PostScript outlines calls it: its CID where it has such, else its place. */
  readonly cid: number
  /** In thousandths of the size. */
  readonly advance: number
  /** Whether nothing is to be seen of it. */
  readonly isBlank: boolean
}

/** `null` where it is no font that can be set. */
export function readTypeface(bytes: Bytes): Typeface | null {
  try {
    const font = fontkit.create(bytes) as unknown as Font
    const scale = 1000 / font.unitsPerEm
    const { minX, minY, maxX, maxY } = font.bbox
    const cids = cidsOf(font['CFF '])
    const glyph = (codePoint: number): Glyph => {
      const found = font.glyphForCodePoint(codePoint)
      const { cbox } = found
      const isBlank = !(cbox.maxX > cbox.minX && cbox.maxY > cbox.minY)
      return { id: found.id, cid: cids?.[found.id] ?? found.id, advance: found.advanceWidth * scale, isBlank }
    }
    return {
      has: (codePoint) => font.hasGlyphForCodePoint(codePoint),
      glyph,
      ascent: font.ascent * scale,
      descent: font.descent * scale,
      capHeight: (font.capHeight || font.ascent) * scale,
      italicAngle: font.italicAngle || 0,
      box: [minX * scale, minY * scale, maxX * scale, maxY * scale],
      isCff: font['CFF '] !== undefined,
      axes: Object.fromEntries(
        Object.entries(font.variationAxes ?? {}).map(([tag, { min, max, default: usual }]) => [
          tag,
          tag === 'wght' ? Math.min(max, Math.max(min, regularWeight)) : usual,
        ]),
      ),
    }
  } catch {
    return null // it throws of many kinds at what is no font
  }
}

/** Adobe Technical Note 5176, section 13: CIDs by glyph, of a font that is keyed by them; the first glyph is not in the list. */
function cidsOf(cff: Font['CFF ']): readonly number[] | null {
  if (!cff?.isCIDFont) return null
  const { glyphs, ranges } = cff.topDict.charset
  const listed =
    glyphs ??
    (ranges ?? []).flatMap(({ first, nLeft }) => Array.from({ length: nLeft + 1 }, (_, i) => first + i))
  return [0, ...listed]
}

/** OpenType's axis `wght`. */
const regularWeight = 400

/** The part of fontkit that we call; its own types leave out half of it. */
interface Font {
  readonly unitsPerEm: number
  readonly ascent: number
  readonly descent: number
  readonly capHeight: number
  readonly italicAngle: number
  readonly bbox: Box
  readonly 'CFF '?: {
    readonly isCIDFont: boolean
    readonly topDict: {
      readonly charset: {
        readonly glyphs?: readonly number[]
        readonly ranges?: readonly { readonly first: number; readonly nLeft: number }[]
      }
    }
  }
  readonly variationAxes?: Readonly<Record<string, { min: number; max: number; default: number }>>
  hasGlyphForCodePoint(codePoint: number): boolean
  glyphForCodePoint(codePoint: number): {
    readonly id: number
    readonly advanceWidth: number
    readonly cbox: Box
  }
}

interface Box {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
}
