/**
 * What threads bring to verifying many certificates on this machine: `node bench/verify-batch.ts [COUNT] [--json FILE]`. Badges
 * with their statuses and recognition are judged from text to report by one thread and by several, in turns, since whatever
 * else the machine does then weighs on both. Beside the wall clock stands the processor time of the process and of the thread
 * that hands the texts out: with cores to spare, time falls as far as the busiest thread allows. Nothing here is a test.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { utf8 } from '../src/base/bytes.ts'
import { verifyBatch } from '../src/batch/verify-batch.ts'
import { badge, now, status, trust } from './scene.ts'

const count = Number(process.argv[2] ?? 20_000)
const rounds = 5
/** Different certificates in rotation. */
const variety = 512
/** Judged before the clock starts: by then every thread is started and warm. */
const warmUp = 4000

const badges = (await Promise.all(Array.from({ length: variety }, (_, i) => badge(i)))).map(utf8)

interface Round {
  /** Seconds. */
  readonly wall: number
  readonly all: number
  readonly own: number
}

function* texts() {
  for (let i = 0; i < warmUp + count; i++) yield { text: badges[i % variety] as (typeof badges)[number] }
}

async function round(concurrency: number): Promise<Round> {
  const clocks = () => [process.hrtime.bigint(), process.cpuUsage(), process.threadCpuUsage()] as const
  let start = clocks()
  let done = 0
  for await (const { report } of verifyBatch(texts(), {
    trust,
    evidence: { items: status },
    now,
    concurrency,
  })) {
    if (report.verdict !== 'valid') throw new Error(JSON.stringify(report.checks))
    if (++done === warmUp) start = clocks()
  }
  const [wall, all, own] = clocks()
  const seconds = (after: NodeJS.CpuUsage, before: NodeJS.CpuUsage) =>
    (after.user + after.system - before.user - before.system) / 1e6
  return {
    wall: Number(wall - start[0]) / 1e9,
    all: seconds(all, start[1]),
    own: seconds(own, start[2]),
  }
}

const several = Math.max(2, Math.min(availableParallelism(), 16))
const found: { readonly one: Round; readonly several: Round }[] = []
for (let i = 0; i < rounds; i++) found.push({ one: await round(1), several: await round(several) })

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}`
console.log(machine)
console.log('threads  a second  processor seconds  of the first thread')
for (const [threads, rows] of [
  [1, found.map(({ one }) => one)],
  [several, found.map((row) => row.several)],
] as const) {
  const rate = Math.round(count / median(rows.map(({ wall }) => wall)))
  const [all, own] = [median(rows.map((row) => row.all)), median(rows.map((row) => row.own))]
  console.log(
    `${String(threads).padStart(7)}${String(rate).padStart(10)}${all.toFixed(2).padStart(19)}${own.toFixed(2).padStart(21)}`,
  )
}
const times = found.map((row) => row.one.wall / row.several.wall)
console.log(
  `${several} threads: ${median(times).toFixed(2)} times as fast (${times.map((one) => one.toFixed(2)).join(', ')})`,
)
const at = process.argv.indexOf('--json')
const file = at < 0 ? undefined : process.argv[at + 1]
if (file !== undefined)
  writeFileSync(file, `${JSON.stringify({ machine, count, several, found }, null, 2)}\n`)
