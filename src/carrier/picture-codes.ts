/** Codes on pictures where no browser decodes them. The only file that imports `jpeg-js`. */
import { decode as decodeJpeg } from 'jpeg-js'
import { type Bytes, utf8 } from '../base/bytes.ts'
import type { CarrierFault } from './carried.ts'
import { pngPixels } from './png-pixels.ts'
import { type Pixels, pictureLimits, textsInPixels } from './qr-picture.ts'

/** The texts of the codes on a picture, or why there are none. */
export function codesInPicture(bytes: Bytes): readonly Bytes[] | CarrierFault {
  const pixels = isJpeg(bytes) ? jpegPixels(bytes) : pngPixels(bytes)
  if (pixels === null) return 'damaged'
  const texts = textsInPixels(pixels)
  return texts.length === 0 ? 'nothing_inside' : texts.map((text) => utf8(text))
}

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8

function jpegPixels(bytes: Bytes): Pixels | null {
  try {
    return decodeJpeg(bytes, {
      useTArray: true,
      tolerantDecoding: false,
      maxResolutionInMP: pictureLimits.pixels / 1_000_000,
      maxMemoryUsageInMB: 768,
    })
  } catch {
    return null // the library says in this way that it cannot be read
  }
}
