/** Whether a PNG (ISO 15948) is whole, so that a library that trusts it finds what it looks for. */
import type { Bytes } from '../base/bytes.ts'
import { concat, toHex } from '../base/bytes.ts'
import { crc32 } from '../base/crc32.ts'
import { inflate } from '../base/inflate.ts'

export interface PngSize {
  readonly width: number
  readonly height: number
}

const head = '89504e470d0a1a0a'

/** Its size; `null` where it is no PNG, damaged, or has a side of more than `limit` pixels. */
export function pngSize(file: Bytes, limit: number): PngSize | null {
  if (file.length < 57 || toHex(file.slice(0, 8)) !== head) return null
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const packed: Bytes[] = []
  let last = ''
  for (let at = 8; at < file.length && last !== 'IEND'; ) {
    const length = at + 12 <= file.length ? view.getUint32(at) : file.length
    const end = at + 12 + length
    if (end > file.length || crc32(file.slice(at + 4, end - 4)) !== view.getUint32(end - 4)) return null
    const name = String.fromCharCode(...file.subarray(at + 4, at + 8))
    if (last === '' && name !== 'IHDR') return null
    if (name === 'IDAT') packed.push(file.slice(at + 8, end - 4))
    last = name
    at = end
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  const isSized = width > 0 && height > 0 && width <= limit && height <= limit
  if (last !== 'IEND' || !isSized) return null
  // Eight bytes a pixel at most, and a byte a row, of which interlaced pictures have twice as many.
  const pixels = inflate(concat(...packed), { start: 2, limit: width * height * 8 + height * 16 })
  return pixels.ok ? { width, height } : null
}
