import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { gradecert } from '../cli/terminal.ts'
import { collect } from '../registry/drafts.ts'
import { agency, found, issue, opened, queueOf, server, sql, work } from './fleet.ts'

const program = fileURLToPath(new URL('../../src/bin.ts', import.meta.url))

afterEach(() => vi.unstubAllEnvs())

/** A worker in a process of its own. */
function startWorker(dir: string, url: string, ...options: readonly string[]) {
  const argv = [program, 'worker', '--dir', dir, '--json', '--concurrency', '1', ...options]
  const child: ChildProcess = spawn(process.execPath, argv, {
    env: { ...process.env, GRADECERT_REGISTRY: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
  })
  return {
    child,
    said: () => said,
    firstJob: new Promise<void>((resolve) => child.stdout?.once('data', () => resolve())),
    ended: new Promise<number | string | null>((resolve) => {
      child.on('exit', (code, signal) => resolve(signal ?? code))
    }),
  }
}

/** Stands between a worker and the database, until it is cut. */
async function cable(url: string) {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {}) // cut
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    proxy.close()
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(cut)
  const { port: own } = proxy.address() as { readonly port: number }
  const through = new URL(url)
  through.host = `127.0.0.1:${own}`
  return { url: through.href, cut }
}

/** Keeps everybody from taking jobs. */
async function closedGate(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  onTestFinished(() => client.end())
  await client.query('begin; lock table gradecert_queue.job_common in exclusive mode')
  return {
    async waiting(): Promise<number> {
      const [row] = await sql(
        url,
        `select count(*)::int as waiting from pg_stat_activity
         where wait_event_type = 'Lock' and query ~ 'UPDATE gradecert_queue.job_common j SET'`,
      )
      return row.waiting
    },
    open: () => client.query('commit'),
  }
}

describe.skipIf(!server.isHere)('several machines that sign one batch', () => {
  test('leave every certificate exactly once, one of them killed and one cut from the database', async () => {
    const count = 2000
    const { folder, url, dir, results } = await agency(count)
    const workspace = await opened(dir)
    const queue = await queueOf(url, workspace)
    const out = `${folder}/all.jsonl`
    const issuing = issue(results, dir, '--out', out, '--lease', '2')
    await found(async () => (await queue.tally()).waiting === count)

    // Nobody gets a job before all three ask for one, twice each: so nobody is late.
    const gate = await closedGate(url)
    const proxied = await cable(url)
    const killed = startWorker(dir, url)
    const cut = startWorker(dir, proxied.url, '--patience', '1')
    const last = startWorker(dir, url)
    await found(async () => (await gate.waiting()) === 6)
    await gate.open()
    const disturbed = Promise.all([
      killed.firstJob.then(() => killed.child.kill('SIGKILL')),
      cut.firstJob.then(() => proxied.cut()),
    ]).then(() => queue.tally())
    const { waiting, running } = await disturbed
    expect(waiting + running, 'it was the middle of the batch').toBeGreaterThan(0)
    expect(await killed.ended).toBe('SIGKILL')
    const issued = await issuing
    expect(issued.code).toBe(0)
    expect(issued.lines.at(-1).summary).toMatchObject({ issued: count, already_issued: 0 })
    expect(await cut.ended).toBe(74)
    expect(cut.said()).toMatch(/^registry\.unusable/m)
    last.child.kill('SIGTERM')
    expect(await last.ended).toBe(0)

    const texts = readFileSync(out, 'utf8').trim().split('\n')
    const entries = await collect(workspace.registry.entries())
    expect(entries).toHaveLength(count)
    expect(new Set(entries.map(({ slot }) => slot)).size).toBe(count)
    expect(new Set(entries.map(({ number }) => number)).size).toBe(count)
    expect(texts.toSorted()).toEqual(entries.map(({ text }) => text).toSorted())
    const [{ retried }] = await sql(
      url,
      'select count(*)::int as retried from gradecert_queue.job where retry_count > 0',
    )
    expect(retried, 'jobs that somebody took and never finished').toBeGreaterThan(0)
    expect(await queue.tally()).toMatchObject({ waiting: 0, running: 0, dead: 0 })

    expect((await gradecert(['publish', '--dir', dir])).code).toBe(0)
    const verified = await gradecert([
      ...['verify', out, '--trust', `${dir}/trust.json`],
      ...['--evidence', `${dir}/public/evidence.json`, '--json'],
    ])
    expect(verified.lines.map(({ verdict }) => verdict)).toEqual(Array(count).fill('valid'))
  }, 90_000)

  test('end what they have begun when they are told to go, and leave the rest to others', async () => {
    const { url, dir, results } = await agency(1000)
    const queue = await queueOf(url, await opened(dir))
    expect((await issue(results, dir, '--no-wait')).code).toBe(0)
    const leaving = startWorker(dir, url)
    await leaving.firstJob
    leaving.child.kill('SIGTERM')
    expect(await leaving.ended).toBe(0)
    const { waiting, running, done } = await queue.tally()
    expect({ running, all: waiting + done }).toEqual({ running: 0, all: 1000 })
    expect([waiting > 0, done > 0]).toEqual([true, true])
    const rest = await work(dir, '--until-empty')
    expect(rest.lines.at(-1).summary).toMatchObject({ signed: waiting, known: 0, dead: 0 })
  }, 30_000)
})
