/**
 * The queue of what several machines sign, by pg-boss on the PostgreSQL server of the registry. The only file that imports it.
 * Each identity of signing has a queue of its own, named with the format of its jobs: a worker of another version or with
 * another key never takes what it could not do.
 */
import type { Job, PgBoss } from 'pg-boss'
import { CertificateError } from '../base/errors.ts'
import { isObject } from '../base/json.ts'
import { type Place, persistently, placeOf } from '../registry/postgres.ts'
import { type IdentifiedJob, jobFormat, readSigningJob, type SealedId } from './signing-job.ts'

export interface Queue {
  /** Adds jobs; one that is there already, in whatever state, stays as it is. */
  readonly send: (jobs: readonly IdentifiedJob[]) => Promise<void>
  /** Takes the next job: for the time of a lease nobody else gets it. `null` where none waits. */
  readonly take: () => Promise<Taken | null>
  /** Says that a job is done, unless the lease has ended and another machine has it now. */
  readonly done: (taken: Taken) => Promise<void>
  /** Puts parts of a job aside for good reasons; the rest is done. */
  readonly putAside: (taken: Taken, dead: readonly IdentifiedJob[]) => Promise<void>
  /** Has a job tried again later, each time later still; in the end it is put aside. */
  readonly giveBack: (taken: Taken, code: string) => Promise<void>
  readonly tally: () => Promise<Tally>
  /** Of some jobs, how many certificates still wait or are being signed. */
  readonly open: (ids: readonly string[]) => Promise<number>
  /** What was put aside, the first one first; no more than a thousand. */
  readonly deadLetters: () => Promise<readonly DeadLetter[]>
  /** Puts everything that was put aside back into the queue; answers how many jobs. */
  readonly retryDead: () => Promise<number>
  /** Machines that work, or did a moment ago. */
  readonly workers: () => Promise<readonly WorkerSeen[]>
  readonly close: () => Promise<void>
}

export interface Taken {
  readonly id: string
  readonly data: unknown
  /** Attempts before this one. */
  readonly retryCount: number
}

/** Certificates by where they are in the queue. What is done is forgotten after a week. */
export interface Tally {
  readonly waiting: number
  readonly running: number
  readonly done: number
  readonly dead: number
}

export interface DeadLetter {
  readonly entries: readonly SealedId[]
  /** Why they were put aside. */
  readonly code: string
  /** RFC 3339. */
  readonly at: string
}

export interface WorkerSeen {
  readonly host: string
  readonly pid: number
  /** RFC 3339. */
  readonly since: string
}

export interface QueueOptions {
  /** Milliseconds for which a lost server is sought again; 20,000 by default. */
  readonly patience?: number | undefined
  /** Whether this process is shown as a worker. */
  readonly isWorker?: boolean | undefined
  /** Seconds after which a job that was taken and not done goes to another machine; 30 by default. */
  readonly lease?: number | undefined
  /** How often a job is tried again before it is put aside; 8 times by default. */
  readonly retries?: number | undefined
}

/**
 * Opens the queue of an identity of signing. `pg-boss` is a peer that has to be installed.
 *
 * @param url of the server that the registry is on
 * @throws `package.missing`, `registry.unusable`
 */
export async function openQueue(
  url: string,
  signing: string,
  { patience = 20_000, isWorker = false, lease = usualLease, retries = usualRetries }: QueueOptions = {},
): Promise<Queue> {
  const place: Place = { path: placeOf(url), patience }
  const boss = await bossOf(url, isWorker)
  const names: Names = { work: `sign/${jobFormat}/${signing}`, dead: `dead/${jobFormat}/${signing}` }
  try {
    await persistently(place, () => boss.start())
    await persistently(place, () => settle(boss, names))
  } catch (error) {
    await end(boss)
    throw error
  }
  return queueIn(boss, place, { names, manners: mannersOf(lease, retries) })
}

/** How a job is tried again: after a second, then after two, four… up to a minute. */
const mannersOf = (lease: number, retries: number) => ({
  expireInSeconds: lease,
  retryLimit: retries,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
})

const [usualLease, usualRetries] = [30, 8] as const

interface Names {
  readonly work: string
  readonly dead: string
}

/** Beside the registry's, so that either can be looked at, copied and dropped without the other. */
const schema = 'gradecert_queue'

async function bossOf(url: string, isWorker: boolean): Promise<PgBoss> {
  const loading = import('pg-boss').catch((cause: unknown) => {
    throw new CertificateError('package.missing', { name: 'pg-boss' }, { cause })
  })
  const { PgBoss: Boss } = await loading
  const boss = new Boss({
    connectionString: url,
    schema,
    max: 4,
    application_name: 'gradecert-queue',
    options: '-c synchronous_commit=on -c statement_timeout=60000 -c lock_timeout=20000',
    schedule: false,
    // Whoever is there looks for jobs whose lease has ended; of several only one does at a time.
    superviseIntervalSeconds: supervision,
    monitorIntervalSeconds: supervision,
    flowIntervalSeconds: 3600,
    registerInstance: isWorker,
    instanceName: workerName,
    instanceHeartbeatSeconds: 10,
    openTelemetry: { enabled: false },
  })
  boss.on('error', () => {}) // of its own rounds, which come again; whoever asks something is told
  return boss
}

/** Seconds. */
const supervision = 2

const workerName = 'gradecert-worker'

const day = 86_400

async function settle(boss: PgBoss, { work, dead }: Names): Promise<void> {
  await boss.createQueue(dead, { retentionSeconds: 365 * day })
  await boss.createQueue(work, {
    ...mannersOf(usualLease, usualRetries),
    deadLetter: dead,
    retentionSeconds: 30 * day,
    deleteAfterSeconds: 7 * day,
  })
}

function queueIn(
  boss: PgBoss,
  place: Place,
  { names, manners }: { readonly names: Names; readonly manners: ReturnType<typeof mannersOf> },
): Queue {
  const ask = <T>(act: () => Promise<T>): Promise<T> => persistently(place, act)
  const count = async (sql: string, values: readonly unknown[]) =>
    (await ask(() => boss.getDb().executeSql(sql, [...values]))).rows as readonly StateCount[]
  const complete = (taken: Taken) => ask(() => boss.complete(names.work, taken))
  return {
    async send(jobs) {
      if (jobs.length > 0)
        await ask(() =>
          boss.insert(
            names.work,
            jobs.map((job) => ({ ...job, ...manners })),
          ),
        )
    },
    async take() {
      const [job] = await ask(() => boss.fetch<unknown>(names.work))
      return job === undefined ? null : takenOf(job)
    },
    async done(taken) {
      await complete(taken)
    },
    async putAside(taken, dead) {
      // Twice, where this process ends between the two, is once: their ids follow from what they are.
      await ask(() => boss.insert(names.dead, [...dead]))
      await complete(taken)
    },
    async giveBack(taken, code) {
      await ask(() => boss.fail(names.work, taken, { code }))
    },
    async tally() {
      const states = await count(`${counting} where name = $1 group by state`, [names.work])
      const aside = await count(`${counting} where name = $1 group by state`, [names.dead])
      return {
        waiting: sumOf(states, ['created', 'retry']),
        running: sumOf(states, ['active']),
        done: sumOf(states, ['completed']),
        dead: sumOf(aside, ['created', 'retry', 'active', 'failed']),
      }
    },
    async open(ids) {
      const states = await count(`${counting} where name = $1 and id = any($2::uuid[]) group by state`, [
        names.work,
        ids,
      ])
      return sumOf(states, ['created', 'retry', 'active'])
    },
    async deadLetters() {
      const jobs = await ask(() => boss.findJobs<unknown>(names.dead, { limit: 1000 }))
      return jobs.map(({ data, sourceOutput, createdOn }) => {
        const job = readSigningJob(data)
        return {
          entries: job?.entries ?? [],
          code: sourceOutput === null ? (job?.code ?? malformed) : (codeIn(sourceOutput) ?? lost),
          at: createdOn.toISOString(),
        }
      })
    },
    async retryDead() {
      let count = 0
      for (;;) {
        const moved = await ask(() => boss.redrive(names.dead, { destination: names.work, limit: 1000 }))
        if (moved === 0) return count
        count += moved
      }
    },
    async workers() {
      const seen = await ask(() => boss.getInstances({ limit: 1000 }))
      return seen
        .filter(({ live, name }) => live && name === workerName)
        .map(({ host, pid, startedOn }) => ({ host, pid, since: startedOn.toISOString() }))
    },
    close: () => end(boss),
  }
}

const takenOf = ({ id, data, retryCount }: Job<unknown>): Taken => ({ id, data, retryCount })

/** Reasons that no worker gave. */
const [malformed, lost] = ['batch.job_malformed', 'batch.job_lost'] as const

interface StateCount {
  readonly state: string
  readonly certificates: number
}

/** In certificates, since people do not count jobs. */
const counting = `select state::text,
  coalesce(sum(case when jsonb_typeof(data->'entries') = 'array' then jsonb_array_length(data->'entries') end), 0)::float8 as certificates
  from ${schema}.job`

const sumOf = (counts: readonly StateCount[], states: readonly string[]): number =>
  counts.reduce((sum, { state, certificates }) => sum + (states.includes(state) ? certificates : 0), 0)

const codeIn = (output: unknown): string | undefined =>
  isObject(output) && typeof output.code === 'string' && /^[a-z_.]{1,64}$/.test(output.code)
    ? output.code
    : undefined

/** Whatever it was at; a server that is gone does not hold up the end. */
async function end(boss: PgBoss): Promise<void> {
  await boss.stop({ graceful: true, timeout: 2000 }).catch(() => {})
}
