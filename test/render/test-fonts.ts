/** Fonts for tests: one from a package, and what can be made of it. */
import { readFileSync } from 'node:fs'
import type { FontFile } from '../../src/render/pdf.ts'
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
  const codePoint = character.codePointAt(0) as number
  // One table of format 12 with one group.
  const cmap = [
    0,
    1,
    ...[3, 10],
    ...long(12),
    ...[12, 0],
    ...long(28),
    ...long(0),
    ...long(1),
    ...long(codePoint),
    ...long(codePoint),
    ...long(glyph),
  ]
  return {
    name: 'Rare',
    bytes: withTable(subset, 'cmap', new Uint8Array(cmap.flatMap((word) => [word >> 8, word & 255]))),
  }
}

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
