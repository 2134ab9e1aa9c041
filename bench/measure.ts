/**
 * Rates beside the rate of the raw signature: rows in, results out. Rounds go through all rows in a random order; every slice
 * of a row stands between two slices of its floor, node:crypto's Ed25519 with a cached key, so that whatever else the machine
 * does at that moment weighs on both. The ratio is the median over the rounds.
 */
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'

export type Floor = 'sign' | 'verify'

export interface Row {
  readonly id: string
  /** Does the job once; `turn` counts up, for rows that go through different documents. */
  readonly unit: (turn: number) => unknown
  readonly floor: Floor
}

/** Rates are a second. */
export interface Measured {
  readonly id: string
  readonly median: number
  readonly floor: number
  readonly ratio: number
  /** Quartiles of the ratio. */
  readonly spread: readonly [q1: number, q3: number]
}

export interface Pace {
  readonly rounds: number
  /** Milliseconds of a row's slice, and of each of the two slices of its floor. */
  readonly row: number
  readonly floor: number
}

/** One visit to a row. */
export interface Slice {
  readonly rate: number
  readonly floor: number
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly node: string
  readonly openssl: string
}

export const usualPace: Pace = { rounds: 9, row: 200, floor: 60 }

export async function measure(rows: readonly Row[], pace: Pace = usualPace): Promise<readonly Measured[]> {
  const slices = new Map(rows.map(({ id }) => [id, [] as Slice[]]))
  for (const { unit } of rows) await rate(unit, pace.row)
  for (let round = 0; round < pace.rounds; round++) {
    for (const { id, unit, floor } of shuffled(rows)) {
      const before = await rate(floors[floor], pace.floor)
      const own = await rate(unit, pace.row)
      const after = await rate(floors[floor], pace.floor)
      slices.get(id)?.push({ rate: own, floor: (before + after) / 2 })
    }
  }
  return rows.map(({ id }) => summary(id, slices.get(id) ?? []))
}

/** What some visits to a row come to. */
export function summary(id: string, slices: readonly Slice[]): Measured {
  const ratios = slices.map((slice) => slice.rate / slice.floor)
  return {
    id,
    median: quantile(
      slices.map((slice) => slice.rate),
      0.5,
    ),
    floor: quantile(
      slices.map((slice) => slice.floor),
      0.5,
    ),
    ratio: quantile(ratios, 0.5),
    spread: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
  }
}

/** Units a second. What answers at once is not awaited: a turn of the queue would be a part of the figure. */
export async function rate(unit: Row['unit'], milliseconds: number): Promise<number> {
  const start = performance.now()
  let turn = 0
  let elapsed = 0
  while (elapsed < milliseconds) {
    for (let i = 0; i < 8; i++) {
      const made = unit(turn++)
      if (made instanceof Promise) await made
    }
    elapsed = performance.now() - start
  }
  return (turn * 1000) / elapsed
}

const key = generateKeyPairSync('ed25519')
/** As long as what the `eddsa-*-2022` suites sign. */
const message = Buffer.alloc(64, 7)
const signature = sign(null, message, key.privateKey)

export const floors: Readonly<Record<Floor, () => unknown>> = {
  sign: () => sign(null, message, key.privateKey),
  verify: () => verify(null, message, key.publicKey, signature),
}

const shuffled = <T>(list: readonly T[]): readonly T[] =>
  list
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)

const quantile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * part)] ?? Number.NaN

export const machine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  node: process.version,
  openssl: process.versions.openssl,
})

/** Prints the table, and after `--json FILE` on the command line writes the same there. */
export function report(rows: readonly Measured[], args: readonly string[] = process.argv.slice(2)): void {
  console.log(tableOf(rows, machine()))
  const at = args.indexOf('--json')
  if (at < 0) return
  const file = args[at + 1]
  if (file === undefined) throw new Error('--json needs the name of a file')
  writeFileSync(file, `${JSON.stringify({ machine: machine(), rows }, null, 2)}\n`)
}

export function tableOf(rows: readonly Measured[], { cpu, cores, node, openssl }: Machine): string {
  const width = Math.max(...rows.map(({ id }) => id.length))
  const heading = `${''.padEnd(width)}  a second     floor   ratio   quartiles`
  const lines = rows.map(({ id, median, floor, ratio, spread }) => {
    const rates = `${Math.round(median).toString().padStart(10)}${Math.round(floor).toString().padStart(10)}`
    const quartiles = spread.map(percent).join('–')
    return `${id.padEnd(width)}${rates}${percent(ratio).padStart(8)}${quartiles.padStart(12)}`
  })
  return [`${cpu}, ${cores} cores, Node ${node}, OpenSSL ${openssl}`, heading, ...lines].join('\n')
}

/** Two digits that say something, however far below the floor a row is. */
const percent = (ratio: number): string => `${Number((ratio * 100).toPrecision(ratio < 1 ? 2 : 3))}%`
