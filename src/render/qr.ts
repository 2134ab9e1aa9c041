/** A text as QR code (ISO/IEC 18004). The only file that imports `uqr`. */
import { encode } from 'uqr'
import { utf8 } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'

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

/** @throws `render.code_too_long` */
export function qrCode(text: string): QrCode {
  const sturdy = encoded(text, 'M', 0)
  const ecc = sturdy !== null && sturdy.size <= sturdySize ? 'M' : 'L'
  const plain = ecc === 'M' ? sturdy : encoded(text, 'L', 0)
  if (plain === null) throw new CertificateError('render.code_too_long', { bytes: utf8(text).length })
  const mask = bestMask(plain)
  const { size, data } = (mask === 0 ? plain : encoded(text, ecc, mask)) ?? plain
  return { size, runs: data.flatMap(runsIn) }
}

type Encoded = ReturnType<typeof encode>

function encoded(text: string, ecc: 'L' | 'M', maskPattern: number): Encoded | null {
  try {
    return encode(text, { ecc, maskPattern, boostEcc: false, border: 0 })
  } catch {
    return null // it says so of what is too long, and of nothing else
  }
}

/** Section 7.8.2: which modules a mask turns over, by column and row. */
const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => ((x / 3) | 0) % 2 === ((y / 2) | 0) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

/** The mask with the least of what confuses readers, told from a code that has the first: the library makes the whole code anew for each. */
function bestMask({ size, data, types }: Encoded): number {
  const scores = masks.map((mask) => {
    const dark = new Uint8Array(size * size)
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const isData = types[y]?.[x] === dataModule
        const isTurned = isData && mask(x, y) !== (masks[0] as (typeof masks)[number])(x, y)
        dark[y * size + x] = Number((data[y]?.[x] === true) !== isTurned)
      }
    }
    return penalty(dark, size)
  })
  return scores.indexOf(Math.min(...scores))
}

/** As the library calls a module that carries data. */
const dataModule = 0

/** Section 7.8.3: long runs, blocks, what looks like a corner, and too much of one colour. */
function penalty(dark: Uint8Array, size: number): number {
  let [score, count] = [0, 0]
  for (let line = 0; line < size; line++) {
    score += linePenalty(dark, line * size, 1, size) + linePenalty(dark, line, size, size)
  }
  for (let at = 0; at < dark.length; at++) {
    const value = dark[at] as number
    count += value
    const isInside = at % size !== size - 1 && at + size < dark.length
    if (isInside && value === dark[at + 1] && value === dark[at + size] && value === dark[at + size + 1])
      score += 3
  }
  return score + 10 * Math.floor(Math.abs((count * 20) / dark.length - 10))
}

function linePenalty(dark: Uint8Array, start: number, step: number, size: number): number {
  let [score, run, window, before] = [0, 0, 0, -1]
  for (let i = 0, at = start; i < size; i++, at += step) {
    const value = dark[at] as number
    run = value === before ? run + 1 : 1
    before = value
    if (run >= 5) score += run === 5 ? 3 : 1
    window = ((window << 1) | value) & 0x7ff
    if (i >= 10 && (window === cornerThenLight || window === lightThenCorner)) score += 40
  }
  return score
}

/** `10111010000` and the same the other way round. */
const cornerThenLight = 0x5d0
const lightThenCorner = 0x05d

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

/** A picture of the code that any program shows. @throws `render.code_too_long` */
export function qrSvg(text: string): string {
  const { size, runs } = qrCode(text)
  const side = size + 2 * quietZone
  const path = runs.map(([x, y, length]) => `M${x} ${y}h${length}v1h-${length}z`).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side * 4}" height="${side * 4}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path transform="translate(${quietZone} ${quietZone})" d="${path}"/></svg>\n`
}
