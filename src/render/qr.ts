/** A text as QR code (ISO/IEC 18004). */
import { encode } from 'uqr'

export interface QrCode {
  /** Modules of a side, without the quiet zone. */
  readonly size: number
  /** Runs of dark modules in each row: column, row, length. */
  readonly runs: readonly (readonly [x: number, y: number, length: number])[]
}

/** Modules that stay light on each side (section 6.3.8). */
export const quietZone = 4

/** Modules of a side, up to which a code bears 15 % damage; a larger one bears 7 %, so that a cheap phone still tells its modules apart. */
const sturdySize = 81

/** `null` where the text is longer than any code holds. */
export function qrCode(text: string): QrCode | null {
  const sturdy = encoded(text, 'M')
  if (sturdy !== null && sturdy.size <= sturdySize) return sturdy
  return encoded(text, 'L')
}

function encoded(text: string, ecc: 'L' | 'M'): QrCode | null {
  try {
    const { size, data } = encode(text, { ecc, boostEcc: false, border: 0 })
    return { size, runs: data.flatMap(runsIn) }
  } catch {
    return null // it says so of what is too long, and of nothing else
  }
}

function runsIn(row: readonly boolean[], y: number): readonly (readonly [number, number, number])[] {
  const runs: [number, number, number][] = []
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue
    const last = runs.at(-1)
    if (last !== undefined && last[0] + last[2] === x) last[2]++
    else runs.push([x, y, 1])
  }
  return runs
}
