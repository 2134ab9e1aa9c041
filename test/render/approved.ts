/** Approved pictures, small and grey: what was looked at by a person once, and is compared from then on. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { decode, encode } from 'fast-png'

const folder = new URL('./approved/', import.meta.url)

export interface Grey {
  readonly width: number
  readonly height: number
  /** A byte a pixel, row by row. */
  readonly pixels: Uint8Array
}

/** A picture in grey. */
export function greyOf(png: Uint8Array): Grey {
  const { width, height, data, channels } = decode(png)
  const grey = new Uint8Array(width * height)
  for (let i = 0; i < grey.length; i++) {
    const at = i * channels
    const [red, green, blue] = channels < 3 ? [at, at, at] : [at, at + 1, at + 2]
    grey[i] = Math.round(
      (299 * (data[red] as number) + 587 * (data[green] as number) + 114 * (data[blue] as number)) / 1000,
    )
  }
  return { width, height, pixels: grey }
}

/** How many of 10,000 pixels are clearly darker or lighter. */
export function difference(a: Grey, b: Grey): number {
  if (a.width !== b.width || a.height !== b.height) return 10_000
  const far = a.pixels.filter((value, i) => Math.abs(value - (b.pixels[i] as number)) > 48).length
  return (far / a.pixels.length) * 10_000
}

/** How many of 10,000 pixels may differ: other edges of letters, and no letter more or less. */
export const tolerance = 5

/** The approved picture, of a card or a page. With `GRADECERT_APPROVE` set the one at hand becomes it: look at it before it is committed. */
export function approved(name: string, now?: Grey): Grey {
  const place = new URL(`${name}.png`, folder)
  if (process.env.GRADECERT_APPROVE !== undefined && now !== undefined) {
    const { width, height, pixels } = now
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      place,
      encode({ width, height, data: pixels, channels: 1, depth: 8 }, { zlib: { level: 9 } }),
    )
  }
  if (!existsSync(place)) throw new Error(`nobody has approved ${name} yet`)
  return greyOf(readFileSync(place))
}
