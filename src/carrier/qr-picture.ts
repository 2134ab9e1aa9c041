/** QR codes on pictures, from pixels: a scan of a paper, a photograph, a frame of a camera. The only file that imports `qr`. */
import decodeQr from 'qr/decode.js'

export interface Pixels {
  /** Four bytes a pixel: red, green, blue, opacity. */
  readonly data: Uint8Array | Uint8ClampedArray
  readonly width: number
  readonly height: number
}

export const pictureLimits = {
  /** Pixels of a picture that is looked at: a phone makes 12 to 50 million. */
  pixels: 50_000_000,
  /** Milliseconds spent on one picture, after which it has no code. */
  work: 1500,
} as const

/** The text of the code on a picture; none where it shows none that can be read. */
export function textsInPixels(
  { data, width, height }: Pixels,
  work: number = pictureLimits.work,
): readonly string[] {
  if (width * height > pictureLimits.pixels || data.length !== width * height * 4) return []
  try {
    return [decodeQr({ data, width, height }, { format: 'RGBA', effort: 3, timeLimit: work })]
  } catch {
    return [] // the library says in this way that there is none
  }
}
