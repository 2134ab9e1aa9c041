/** Draws a text as a QR code. The only file that imports `uqr`. */
import { encode } from 'uqr'

export interface QrDrawing {
  /** Modules a side, without the quiet zone. */
  readonly size: number
  /** An SVG path of unit squares, one for each run of dark modules in a row. */
  readonly path: string
}

/** Modules of white around a code (ISO/IEC 18004, section 9.1). */
export const quietZone = 4

/** Error correction of 15 %: a print may be creased. */
export function drawQr(text: string): QrDrawing {
  const { size, data } = encode(text, { ecc: 'M', border: 0 })
  const runs = data.flatMap((row, y) =>
    runsOf(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`),
  )
  return { size, path: runs.join('') }
}

function runsOf(row: readonly boolean[]): readonly (readonly [start: number, length: number])[] {
  const runs: [number, number][] = []
  for (const [x, isDark] of row.entries()) {
    if (!isDark) continue
    const last = runs.at(-1)
    if (last !== undefined && last[0] + last[1] === x) last[1]++
    else runs.push([x, 1])
  }
  return runs
}

/** A picture of the code that any program shows. */
export function qrSvg(text: string): string {
  const { size, path } = drawQr(text)
  const side = size + 2 * quietZone
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side * 4}" height="${side * 4}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path transform="translate(${quietZone} ${quietZone})" d="${path}"/></svg>\n`
}
