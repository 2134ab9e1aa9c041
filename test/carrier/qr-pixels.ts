/** A code as modules, to draw it into pictures of every kind. */
import { drawQr, quietZone } from '../../src/render/qr.ts'

export interface QrModules {
  /** Modules a side, the quiet zone included. */
  readonly side: number
  readonly isDark: (x: number, y: number) => boolean
}

export function qrPixels(text: string): QrModules {
  const { size, path } = drawQr(text)
  const dark = new Set<number>()
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)/g))
    for (let i = 0; i < Number(length); i++)
      dark.add((Number(y) + quietZone) * 1000 + Number(x) + quietZone + i)
  return { side: size + 2 * quietZone, isDark: (x, y) => dark.has(y * 1000 + x) }
}
