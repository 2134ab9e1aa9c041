/** Codes on pictures where no browser decodes them. The only file that imports `jpeg-js`. */
import { decode as decodeJpeg } from 'jpeg-js'
import { type Bytes, concat, utf8 } from '../base/bytes.ts'
import type { CarrierFault, Refused } from './carried.ts'
import { isPng } from './png-chunks.ts'
import { pngPixels } from './png-pixels.ts'
import { type Pixels, textsInPixels } from './qr-picture.ts'

/** The texts of the codes on a picture, or why there are none. */
export function codesInPicture(bytes: Bytes): readonly Bytes[] | Refused {
  const pixels = isJpeg(bytes) ? jpegPixels(bytes) : isPng(bytes) ? pngPixels(bytes) : otherSort
  if ('ok' in pixels) return pixels
  const texts = textsInPixels(pixels)
  return texts.length === 0 ? refuse('nothing_inside', 'no code on it') : texts.map((text) => utf8(text))
}

const refuse = (fault: CarrierFault, detail: string): Refused => ({ ok: false, fault, detail })
/** A browser reads them. */
const otherSort = refuse('damaged', 'neither PNG nor JPEG; save it as one of them')

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8

const jpegLimits = {
  /** A million pixels take 30 MB and more while they are decoded; cameras of phones make 12 million unless told otherwise. */
  pixels: 13_000_000,
  /** Times that all pixels are gone through: a progressive picture has about ten, and one of them may take 30 bytes. */
  scans: 24,
  segments: 1024,
} as const

function jpegPixels(bytes: Bytes): Pixels | Refused {
  const plain = plainJpeg(bytes)
  if ('ok' in plain) return plain
  try {
    return decodeJpeg(plain, {
      useTArray: true,
      tolerantDecoding: false,
      maxResolutionInMP: jpegLimits.pixels / 1_000_000,
      maxMemoryUsageInMB: 384,
    })
  } catch {
    return refuse('damaged', 'JPEG') // the library says in this way that it cannot be read
  }
}

/**
 * The same picture with nothing but what its pixels are made of (ITU-T T.81, annex B). However the library reads that, it
 * finds no more scans in it than are counted here.
 */
function plainJpeg(bytes: Bytes): Bytes | Refused {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept: Bytes[] = [bytes.subarray(0, 2)]
  for (let at = markerFrom(bytes, 2); at >= 0 && bytes[at + 1] !== marker.end; ) {
    const kind = bytes[at + 1] as number
    const end = at + 4 > bytes.length ? Number.POSITIVE_INFINITY : at + 2 + view.getUint16(at + 2)
    if (end > bytes.length) break
    const isFrame = kind >= 0xc0 && kind <= 0xc2 && end - at >= 9
    const [height, width] = isFrame ? [view.getUint16(at + 5), view.getUint16(at + 7)] : [0, 0]
    if (width * height > jpegLimits.pixels) return refuse('too_large', `${width} by ${height} pixels`)
    const next = markerFrom(bytes, end)
    const after = kind !== marker.scan ? end : next < 0 ? bytes.length : next
    if (pixelMarkers.has(kind)) kept.push(bytes.subarray(at, after))
    if (kept.length > jpegLimits.segments) return refuse('bomb', `more than ${jpegLimits.segments} segments`)
    at = next
  }
  const plain = concat(...kept, Uint8Array.of(0xff, marker.end))
  let scans = 0
  for (let at = plain.indexOf(0xff); at >= 0; at = plain.indexOf(0xff, at + 1))
    if (plain[at + 1] === marker.scan && ++scans > jpegLimits.scans)
      return refuse('bomb', `more than ${jpegLimits.scans} scans`)
  return plain
}

const marker = { end: 0xd9, scan: 0xda } as const
/** Frames, tables, scans, intervals, and what says how colours are written: JFIF and Adobe. */
const pixelMarkers: ReadonlySet<number> = new Set([
  0xc0,
  0xc1,
  0xc2,
  0xc4,
  0xdb,
  0xdd,
  marker.scan,
  0xe0,
  0xee,
])

/** Where the next segment begins: zeros behind `ff` are packed pixels, `d0` to `d8` stand alone, `ff` fills. */
function markerFrom(bytes: Bytes, from: number): number {
  let at = bytes.indexOf(0xff, from)
  for (; at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const kind = bytes[at + 1]
    if (kind === undefined) return -1
    if (kind > 1 && kind < 0xff && !(kind >= 0xd0 && kind <= 0xd8)) return at
  }
  return at
}
