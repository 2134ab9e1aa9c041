/** Fonts for tests: one from a package, and what can be made of it. */
import { readFileSync } from 'node:fs'
import type { FontFile } from '../../src/render/pdf.ts'
import { tableOf } from '../../src/render/sfnt.ts'
import { subsetOf } from '../../src/render/subset.ts'
import { readTypeface } from '../../src/render/typeface.ts'

export const notoPath = new URL(
  '../../node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  import.meta.url,
).pathname

/** Has Chinese, but not 𠮷. */
export const noto: FontFile = { name: 'NotoSansSC', bytes: new Uint8Array(readFileSync(notoPath)) }

/** A font that has nothing but one character, with the glyph that another one has in the first font. */
export async function fontOf(character: string, like: string): Promise<FontFile> {
  const subset = await subsetOf(noto.bytes, like)
  const glyph = readTypeface(subset)?.glyph(like.codePointAt(0) as number).id as number
  const bytes = withTable(subset, 'cmap', cmapOf(character.codePointAt(0) as number, glyph))
  return { name: 'Rare', bytes }
}

/** One table of format 12 with one group of one character. */
const cmapOf = (codePoint: number, glyph: number): Uint8Array =>
  words([
    ...[0, 1, 3, 10, ...long(12), 12, 0, ...long(28), ...long(0), ...long(1)],
    ...[...long(codePoint), ...long(codePoint), ...long(glyph)],
  ])

/** Of 16 bits. */
const words = (values: readonly number[]): Uint8Array =>
  new Uint8Array(values.flatMap((word) => [word >> 8, word & 255]))

const long = (value: number): readonly number[] => [value >>> 16, value & 0xffff]

function withTable(font: Uint8Array, name: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = Math.ceil(font.length / 4) * 4
  const out = new Uint8Array(padded + content.length)
  out.set(font)
  out.set(content, padded)
  const view = new DataView(out.buffer)
  for (let i = 0; i < view.getUint16(4); i++) {
    const entry = 12 + i * 16
    if (String.fromCharCode(...out.subarray(entry, entry + 4)) !== name) continue
    view.setUint32(entry + 8, padded)
    view.setUint32(entry + 12, content.length)
  }
  return out
}

/** A collection of a font twice over. */
export function collectionOf(font: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = 20
  const out = new Uint8Array(start + font.length)
  const view = new DataView(out.buffer)
  out.set(new TextEncoder().encode('ttcf'))
  view.setUint32(4, 0x00010000)
  view.setUint32(8, 2)
  view.setUint32(12, start)
  view.setUint32(16, start)
  out.set(font, start)
  for (let i = 0; i < view.getUint16(start + 4); i++) {
    const at = start + 12 + i * 16 + 8
    view.setUint32(at, view.getUint32(at) + start)
  }
  return out
}

/** A font with PostScript outlines, keyed by CIDs (Adobe Technical Note 5176): one character, a black square, whose CID is 777. */
export async function squareFontOf(character: string): Promise<FontFile> {
  const subset = await subsetOf(noto.bytes, '中')
  const kept = (name: string) => tableOf(subset, name) as Uint8Array<ArrayBuffer>
  const hhea = kept('hhea')
  hhea.set([0, 2], 34)
  const codePoint = character.codePointAt(0) as number
  const tables: readonly (readonly [string, Uint8Array])[] = [
    ['CFF ', squareOutlines()],
    ['OS/2', kept('OS/2')],
    ['cmap', cmapOf(codePoint, 1)],
    ['head', kept('head')],
    ['hhea', hhea],
    ['hmtx', words([1000, 0, 1000, 0])],
    ['maxp', words([0, 0x5000, 2])],
    ['name', kept('name')],
    ['post', words([3, 0, ...Array<number>(14).fill(0)])],
  ]
  const list = 12 + tables.length * 16
  const out = new Uint8Array(
    list + tables.reduce((sum, [, table]) => sum + Math.ceil(table.length / 4) * 4, 0),
  )
  const view = new DataView(out.buffer)
  out.set(new TextEncoder().encode('OTTO'))
  view.setUint16(4, tables.length)
  let at = list
  for (const [i, [name, table]] of tables.entries()) {
    out.set(new TextEncoder().encode(name), 12 + i * 16)
    view.setUint32(12 + i * 16 + 8, at)
    view.setUint32(12 + i * 16 + 12, table.length)
    out.set(table, at)
    at += Math.ceil(table.length / 4) * 4
  }
  return { name: 'Square', bytes: out }
}

function squareOutlines(): Uint8Array {
  const number = (value: number) => [29, value >> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]
  const index = (items: readonly (readonly number[])[]) => {
    const ends = items.map((_, i) => 1 + items.slice(0, i + 1).flat().length)
    return [0, items.length, ...(items.length === 0 ? [] : [1, 1, ...ends, ...items.flat()])]
  }
  const short = (value: number) => [28, (value >> 8) & 255, value & 255]
  const square = [...short(100), ...short(0), 21, ...short(800), 6, ...short(800), 7, ...short(-800), 6, 14]
  const ascii = (text: string) => [...new TextEncoder().encode(text)]
  const top = (charset: number, select: number, glyphs: number, fonts: number) => [
    ...[...number(391), ...number(392), ...number(0), 12, 30], // the first two strings of our own
    ...[...number(1000), 12, 34, ...number(charset), 15, ...number(glyphs), 17],
    ...[...number(select), 12, 37, ...number(fonts), 12, 36],
  ]
  const before = (dict: readonly number[]) => [
    1,
    0,
    4,
    1,
    ...index([ascii('Square')]),
    ...index([dict]),
    ...index([ascii('Adobe'), ascii('Identity')]),
    ...index([]),
  ]
  const charset = [0, 777 >> 8, 777 & 255]
  const select = [0, 0, 0]
  const glyphs = index([[14], square])
  const start = before(top(0, 0, 0, 0)).length
  const places = [start, start + 3, start + 6, start + 8 + glyphs.length] as const
  const ofAllGlyphs = [139, 20] // widths that are not said are 0
  const fonts = index([[...number(2), ...number(start + 6 + glyphs.length), 18]])
  return new Uint8Array([
    ...before(top(...places)),
    ...charset,
    ...select,
    ...glyphs,
    ...ofAllGlyphs,
    ...fonts,
  ])
}
