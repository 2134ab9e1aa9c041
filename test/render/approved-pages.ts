/** Pictures that somebody looked at and found right. `GRADECERT_APPROVE=1` writes them anew: look at them before they are committed. */
import { readFileSync, writeFileSync } from 'node:fs'
import { decode, encode } from 'fast-png'
import type { Grey } from './pages.ts'

/** What may differ between machines: a rounded edge here and there. */
export interface Difference {
  /** Mean of the differences of all pixels, of 255. */
  readonly mean: number
  /** Of a thousand pixels, how many differ by more than a quarter of the scale. */
  readonly strong: number
}

/** Holds a picture to the approved one, or makes it that. */
export function held(name: string, picture: Grey): Difference {
  const { width, height, pixels } = picture
  if (process.env.GRADECERT_APPROVE === '1')
    writeFileSync(fileOf(name), encode({ width, height, data: pixels, channels: 1, depth: 8 }))
  return differenceFrom(name, picture)
}

const fileOf = (name: string): URL => new URL(`approved/${name}.png`, import.meta.url)

export function differenceFrom(name: string, { width, height, pixels }: Grey): Difference {
  const approved = decode(readFileSync(fileOf(name)))
  if (approved.width !== width || approved.height !== height) return { mean: 255, strong: 1000 }
  let [sum, strong] = [0, 0]
  for (let i = 0; i < pixels.length; i++) {
    const difference = Math.abs((pixels[i] as number) - (approved.data[i] as number))
    sum += difference
    if (difference > 64) strong++
  }
  return { mean: sum / pixels.length, strong: (strong * 1000) / pixels.length }
}
