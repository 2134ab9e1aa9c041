/** Whether a PNG (ISO 15948) is whole, so that a library that trusts it finds what it looks for. */
import { type Bytes, concat } from '../base/bytes.ts'
import { unzlib } from '../base/zlib.ts'
import { pngChunks } from '../carrier/png-chunks.ts'

export interface PngSize {
  readonly width: number
  readonly height: number
}

/** Its size; `null` where it is no PNG, damaged, or has a side of more than `limit` pixels. */
export function pngSize(file: Bytes, limit: number): PngSize | null {
  const walk = pngChunks(file)
  if (!walk.ok) return null
  const { content: head } = walk.chunks[0] as (typeof walk.chunks)[number] // a whole picture has one
  const view = new DataView(head.buffer, head.byteOffset)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  if (width === 0 || height === 0 || width > limit || height > limit) return null
  // Eight bytes a pixel at most, and a byte a row, of which interlaced pictures have twice as many.
  const packed = concat(...walk.chunks.flatMap(({ type, content }) => (type === 'IDAT' ? [content] : [])))
  return unzlib(packed, width * height * 8 + height * 16).ok ? { width, height } : null
}
