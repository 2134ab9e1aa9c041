/** A font with nothing in it but the glyphs of some characters. The same font and characters give the same bytes. */
import subsetFont from 'subset-font'
import type { Bytes } from '../base/bytes.ts'

/** Tables of shaping and of vertical setting: we set each character by itself, from left to right. */
const unused = [
  'GSUB',
  'GPOS',
  'GDEF',
  'BASE',
  'JSTF',
  'DSIG',
  'vhea',
  'vmtx',
  'VORG',
  'kern',
  'STAT',
  'meta',
]

export async function subsetOf(
  font: Bytes,
  characters: string,
  axes: Readonly<Record<string, number>> = {},
): Promise<Bytes> {
  const subset = await subsetFont(Buffer.from(font.buffer, font.byteOffset, font.length), characters, {
    targetFormat: 'truetype',
    noLayoutClosure: true,
    dropTables: unused,
    ...(Object.keys(axes).length > 0 && { variationAxes: axes }),
  })
  return new Uint8Array(subset)
}
