/**
 * The pixels of a PNG picture (ISO/IEC 15948), within bounds that its head states before anything is expanded. Pictures
 * that are interlaced are left out: no scanner and no screen makes them.
 */
import { type Bytes, concat } from '../base/bytes.ts'
import { unzlib } from '../base/zlib.ts'
import type { CarrierFault, Refused } from './carried.ts'
import { type Pixels, pictureLimits } from './qr-picture.ts'

/** Samples of a pixel by colour type, section 6.1; 3 is an index into the palette. */
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/**
 * Bytes of all samples: a page of A4 in colour has 26 million at 300 dots an inch, and 47 million at 400. Twice as many and
 * more are held while they are expanded, so that a picture of half a megabyte could take a gigabyte.
 */
const sampleBytes = 80_000_000

/** The pixels, or why there are none: a sort that is left out is `damaged`. */
export function pngPixels(bytes: Bytes): Pixels | Refused {
  const chunks = chunksOf(bytes)
  const head = chunks?.find(({ type }) => type === 'IHDR')?.data
  if (chunks === null || head === undefined || head.length !== 13) return refuse('damaged', 'no head')
  const view = new DataView(head.buffer, head.byteOffset)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  const [depth = 0, colour = 0, , , interlace = 0] = head.subarray(8)
  const samples = samplesOf[colour]
  if (samples === undefined || ![1, 2, 4, 8, 16].includes(depth) || interlace !== 0)
    return refuse(
      'damaged',
      interlace === 0 ? `colour ${colour} of ${depth} bits` : 'interlaced; save it plain',
    )
  if (width === 0 || height === 0) return refuse('damaged', 'no pixels')
  const rowBytes = Math.ceil((width * samples * depth) / 8)
  if (width * height > pictureLimits.pixels || (rowBytes + 1) * height > sampleBytes)
    return refuse('too_large', `${width} by ${height} pixels`)
  const packed = concat(...chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data))
  const expanded = unzlib(packed, (rowBytes + 1) * height)
  if (!expanded.ok || expanded.bytes.length !== (rowBytes + 1) * height)
    return refuse('damaged', 'its pixels')
  const rows = expanded.bytes
  if (!unfilter(rows, { rowBytes, height, step: Math.max(1, (samples * depth) >> 3) }))
    return refuse('damaged', 'the filter of a row')
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data
  return { width, height, data: rgba(rows, { width, height, rowBytes, depth, colour, samples, palette }) }
}

const refuse = (fault: CarrierFault, detail: string): Refused => ({ ok: false, fault, detail })

interface Chunk {
  readonly type: string
  readonly data: Bytes
}

/** Chunks in their order; the picture is looked at for its code only, so that checksums do not matter. */
function chunksOf(bytes: Bytes): readonly Chunk[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: Chunk[] = []
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    if (at + 12 + length > bytes.length) return null
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    chunks.push({ type, data: bytes.slice(at + 8, at + 8 + length) })
    if (type === 'IEND') return chunks
    at += 12 + length
  }
  return null
}

interface Layout {
  readonly rowBytes: number
  readonly height: number
  /** Bytes from a sample to the same of the pixel before it. */
  readonly step: number
}

/**
 * Section 9: each row begins with the number of its filter. Rows take the place of what they were, one behind the other,
 * which is never behind what is still to be read.
 */
function unfilter(rows: Bytes, { rowBytes, height, step }: Layout): boolean {
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (rowBytes + 1)] as number
    if (filter > 4) return false
    const from = y * (rowBytes + 1) + 1
    const to = y * rowBytes
    for (let x = 0; x < rowBytes; x++) {
      const left = x >= step ? (rows[to + x - step] as number) : 0
      const up = y > 0 ? (rows[to + x - rowBytes] as number) : 0
      const corner = x >= step && y > 0 ? (rows[to + x - rowBytes - step] as number) : 0
      const guess =
        filter === 0
          ? 0
          : filter === 1
            ? left
            : filter === 2
              ? up
              : filter === 3
                ? (left + up) >> 1
                : paeth(left, up, corner)
      rows[to + x] = (rows[from + x] as number) + guess
    }
  }
  return true
}

/** Section 9.4. */
function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

interface Samples {
  readonly width: number
  readonly height: number
  readonly rowBytes: number
  readonly depth: number
  readonly colour: number
  readonly samples: number
  readonly palette: Bytes | undefined
}

/** Four bytes a pixel, over white where it is not opaque: paper is. */
function rgba(rows: Bytes, { width, height, rowBytes, depth, colour, samples, palette }: Samples): Bytes {
  const data = new Uint8Array(width * height * 4)
  const most = 2 ** Math.min(depth, 8) - 1
  const sampleAt = (y: number, index: number): number => {
    if (depth === 8) return rows[y * rowBytes + index] as number
    if (depth === 16) return rows[y * rowBytes + index * 2] as number
    const bit = index * depth
    return ((rows[y * rowBytes + (bit >> 3)] as number) >> (8 - depth - (bit & 7))) & most
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = x * samples
      const first = sampleAt(y, at)
      let red: number
      let green: number
      let blue: number
      if (colour === 3) {
        red = palette?.[first * 3] ?? 0
        green = palette?.[first * 3 + 1] ?? 0
        blue = palette?.[first * 3 + 2] ?? 0
      } else if (samples < 3) {
        red = green = blue = (first * 255) / most
      } else {
        red = first
        green = sampleAt(y, at + 1)
        blue = sampleAt(y, at + 2)
      }
      const opacity = samples === 2 || samples === 4 ? sampleAt(y, at + samples - 1) / 255 : 1
      const to = (y * width + x) * 4
      data[to] = red * opacity + 255 * (1 - opacity)
      data[to + 1] = green * opacity + 255 * (1 - opacity)
      data[to + 2] = blue * opacity + 255 * (1 - opacity)
      data[to + 3] = 255
    }
  }
  return data
}
