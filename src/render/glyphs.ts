/** Which characters a font can show, read from its table `cmap` (OpenType 1.9) before anything is drawn. */

/** Whether a font has a glyph for a code point. */
export type HasGlyph = (codePoint: number) => boolean

/** The characters of a TrueType or OpenType font, of the first one in a collection; `null` where it is none, or damaged. */
export function glyphsOf(font: Uint8Array): HasGlyph | null {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength)
  try {
    const cmap = tableAt(view, view.getUint32(0) === collection ? view.getUint32(12) : 0)
    const found = cmap === null ? null : subtableAt(view, cmap)
    if (found === null) return null
    const bits = new Uint8Array((lastCodePoint >> 3) + 1)
    const mark = (codePoint: number) => {
      bits[codePoint >> 3] = (bits[codePoint >> 3] as number) | (1 << (codePoint & 7))
    }
    const isWhole =
      found.format === 12 ? markGroups(view, found.at, mark) : markSegments(view, found.at, mark)
    return isWhole ? (codePoint) => (((bits[codePoint >> 3] ?? 0) >> (codePoint & 7)) & 1) === 1 : null
  } catch (error) {
    if (error instanceof RangeError) return null // it ends before its tables do
    throw error
  }
}

/** The first character that no font has, with its name as text. Selectors of variants have no glyph of their own. */
export function missingIn(
  text: string,
  fonts: readonly HasGlyph[],
): { character: string; code: string } | null {
  for (const character of text) {
    const codePoint = character.codePointAt(0) as number
    if (fonts.some((has) => has(codePoint)) || /\p{Variation_Selector}/u.test(character)) continue
    return { character, code: `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}` }
  }
  return null
}

const lastCodePoint = 0x10ffff
const collection = 0x74746366 // ttcf
const beginnings: ReadonlySet<number> = new Set([0x00010000, 0x4f54544f, 0x74727565]) // TrueType, OTTO, true
const cmapTag = 0x636d6170

function tableAt(view: DataView, at: number): number | null {
  if (!beginnings.has(view.getUint32(at))) return null
  for (let i = 0; i < view.getUint16(at + 4); i++) {
    const row = at + 12 + i * 16
    if (view.getUint32(row) === cmapTag) return view.getUint32(row + 8)
  }
  return null
}

interface Subtable {
  readonly format: number
  readonly at: number
}

/** The one for all of Unicode, else the one for its first plane. */
function subtableAt(view: DataView, cmap: number): Subtable | null {
  const subtables: Subtable[] = []
  for (let i = 0; i < view.getUint16(cmap + 2); i++) {
    const row = cmap + 4 + i * 8
    const [platform, encoding] = [view.getUint16(row), view.getUint16(row + 2)]
    const at = cmap + view.getUint32(row + 4)
    const isUnicode = platform === 0 || (platform === 3 && (encoding === 1 || encoding === 10))
    if (isUnicode) subtables.push({ format: view.getUint16(at), at })
  }
  return subtables.find(({ format }) => format === 12) ?? subtables.find(({ format }) => format === 4) ?? null
}

/** Format 12: first and last character and first glyph of each group. Groups in order, so that the work has an end. */
function markGroups(view: DataView, at: number, mark: (codePoint: number) => void): boolean {
  let next = 0
  for (let i = 0; i < view.getUint32(at + 12); i++) {
    const [first, last, glyph] = [0, 4, 8].map((place) => view.getUint32(at + 16 + i * 12 + place)) as [
      number,
      number,
      number,
    ]
    if (first < next || last < first || last > lastCodePoint) return false
    for (let one = first; one <= last; one++) if (glyph + one - first > 0) mark(one)
    next = last + 1
  }
  return true
}

/** Format 4: four lists of as many numbers as there are segments, then glyphs. */
function markSegments(view: DataView, at: number, mark: (codePoint: number) => void): boolean {
  const size = view.getUint16(at + 6)
  let next = 0
  for (let place = at + 14; place < at + 14 + size; place += 2) {
    const last = view.getUint16(place)
    const first = view.getUint16(place + size + 2)
    const delta = view.getUint16(place + 2 * size + 2)
    const offset = view.getUint16(place + 3 * size + 2)
    if (first < next || last < first) return false
    // Some fonts write this into their last segment, which holds no character.
    for (let one = first; offset !== 0xffff && one <= last; one++) {
      const glyph = offset === 0 ? one : view.getUint16(place + 3 * size + 2 + offset + 2 * (one - first))
      if ((offset === 0 || glyph > 0) && (glyph + delta) % 65_536 > 0) mark(one)
    }
    next = last + 1
  }
  return true
}
