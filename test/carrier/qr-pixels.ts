/** A code as modules, to draw it into pictures of every kind. */
import { qrCode, quietZone } from '../../src/render/qr.ts'

export interface QrModules {
  /** Modules a side, the quiet zone included. */
  readonly side: number
  readonly isDark: (x: number, y: number) => boolean
}

export function qrPixels(text: string): QrModules {
  const { size, runs } = qrCode(text)
  const dark = new Set<number>()
  for (const [x, y, length] of runs)
    for (let i = 0; i < length; i++) dark.add((y + quietZone) * 1000 + x + quietZone + i)
  return { side: size + 2 * quietZone, isDark: (x, y) => dark.has(y * 1000 + x) }
}
