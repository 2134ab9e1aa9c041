/** The frame and the ground of the paper: lines only, the same for every certificate of a kind. */
import { points } from './lettering.ts'

/** A4 (ISO 216), in points. */
export const page = { width: 595.276, height: 841.89 } as const

export interface Colours {
  /** Parts from 0 to 1, `red green blue`. */
  readonly line: string
  readonly accent: string
  readonly ground: string
  /** Between the rows. */
  readonly rule: string
  readonly ink: string
  readonly quiet: string
}

const real: Colours = {
  line: '0.55 0.11 0.11',
  accent: '0.69 0.55 0.24',
  ground: '0.95 0.915 0.84',
  rule: '0.86 0.8 0.68',
  ink: '0.1 0.1 0.1',
  quiet: '0.36 0.36 0.36',
}

/** What is tried out has nothing of a document: greys only. */
const trial: Colours = {
  line: '0.5 0.5 0.5',
  accent: '0.7 0.7 0.7',
  ground: '0.93 0.93 0.93',
  rule: '0.8 0.8 0.8',
  ink: '0.1 0.1 0.1',
  quiet: '0.36 0.36 0.36',
}

export const coloursOf = (isTrial: boolean): Colours => (isTrial ? trial : real)

/** Operators that draw frame and ground. */
export function ornament({ line, accent, ground }: Colours): string {
  const corners = [
    [1, 0, 0, 1, 0, 0],
    [-1, 0, 0, 1, page.width, 0],
    [1, 0, 0, -1, 0, page.height],
    [-1, 0, 0, -1, page.width, page.height],
  ]
  return [
    `${ground} RG 0.4 w`,
    rosette(page.width / 2, 455),
    `${line} RG 2.4 w ${frame(26)} 0.6 w ${frame(31)}`,
    `${accent} RG 0.9 w ${frame(37)}`,
    ...corners.map((matrix) => `q ${matrix.map(points).join(' ')} cm ${line} RG 1.1 w ${fret} Q`),
  ].join('\n')
}

const frame = (inset: number): string =>
  `${inset} ${inset} ${points(page.width - 2 * inset)} ${points(page.height - 2 * inset)} re S`

/** The meander (回纹) of one corner, left and below. */
const fret = '43 67 m 43 43 l 67 43 l 67 61 l 49 61 l 49 49 l 61 49 l 61 55 l 55 55 l S'

/** A guilloche: two waves around a circle, as on papers of value. */
function rosette(x: number, y: number): string {
  const waves = [
    { petals: 18, depth: 0.2, turn: 0 },
    { petals: 18, depth: 0.2, turn: Math.PI },
  ]
  return waves.map(({ petals, depth, turn }) => rings(x, y, petals, depth, turn)).join('\n')
}

const ringSteps = 252

function rings(x: number, y: number, petals: number, depth: number, turn: number): string {
  const ring = (radius: number) =>
    Array.from({ length: ringSteps }, (_, step) => {
      const angle = (step / ringSteps) * 2 * Math.PI
      const length = radius * (1 + depth * Math.sin(petals * angle + turn))
      const place = [x + length * Math.cos(angle), y + length * Math.sin(angle)].map((value) =>
        value.toFixed(1),
      )
      return `${place.join(' ')} ${step === 0 ? 'm' : 'l'}`
    }).join(' ')
  return [168, 140, 112].map((radius) => `${ring(radius)} s`).join('\n')
}
