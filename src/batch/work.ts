/**
 * A machine that signs what the queue hands out. Everything about a certificate was settled before, so it does not matter which
 * machine signs it, how often, or where one dies: the first text that the registry keeps is the certificate.
 */
import { setTimeout } from 'node:timers/promises'
import { CodedError } from '../base/coded-error.ts'
import { CertificateError } from '../base/errors.ts'
import { fix } from '../base/fixed.ts'
import type { Workspace } from '../issue/workspace.ts'
import type { CompletedText, Entry } from '../registry/registry.ts'
import type { Queue, Taken } from './queue.ts'
import { type Signing, signHere, signInWorkers } from './signing.ts'
import { checkSigning, deadJob, isSealed, readSigningJob, type SealedId } from './signing-job.ts'
import { usableThreads } from './threads.ts'

export interface WorkOptions {
  readonly workspace: Workspace
  readonly queue: Queue
  /** When it ends by itself: never, when nothing waits and nobody is at work, or after one job. */
  readonly until?: 'told' | 'empty' | 'once' | undefined
  /** Threads that sign; as many as the machine has by default. */
  readonly concurrency?: number | undefined
  /** Ends it: jobs that it has are done first. */
  readonly signal?: AbortSignal | undefined
  /** Is told of each job that is over. */
  readonly worked?: ((job: WorkedJob) => void) | undefined
}

export interface WorkedJob {
  readonly job: string
  /** Certificates that were signed just now. */
  readonly signed: number
  /** Certificates that had a text: another machine was quicker. */
  readonly known: number
  readonly faults: readonly Fault[]
}

/** A certificate that cannot be signed. */
export interface Fault {
  readonly id: string
  readonly code: string
}

/**
 * Signs until it is told to end.
 * @throws `batch.worker_of_another_key`, `batch.queue_of_other_version` before anything is taken, or when the key changed meanwhile;
 * `registry.unusable` where the database stays away, `batch.worker_lost`
 */
export async function work({
  workspace,
  queue,
  until = 'told',
  concurrency = usableThreads(),
  signal,
  worked,
}: WorkOptions): Promise<void> {
  await checkSigning(workspace)
  const signing = concurrency < 2 ? signHere(workspace) : signInWorkers(workspace, concurrency)
  const failing = new AbortController()
  const over = AbortSignal.any([failing.signal, ...(signal === undefined ? [] : [signal])])
  const told = new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }))
  let news = Promise.withResolvers<void>()
  const tell = () => {
    news.resolve()
    news = Promise.withResolvers()
  }
  let isWatched = false
  const lane = async () => {
    while (!over.aborted) {
      const taken = await queue.take()
      if (taken !== null) {
        tell()
        worked?.(await workOn(taken, { workspace, queue, signing }))
        if (until === 'once') return
      } else if (until === 'once' || (until === 'empty' && (await isEmpty(queue)))) {
        return tell()
      } else if (isWatched) {
        await Promise.race([news.promise, told])
      } else {
        // One looks for all of them.
        isWatched = true
        await checkSigning(workspace)
        await setTimeout(idlePause, undefined, { signal: over }).catch(() => {}) // told to end
        isWatched = false
      }
    }
  }
  // While one job is signed, another is fetched or kept.
  const lanes = Array.from({ length: until === 'once' ? 1 : Math.max(2, signing.width) }, lane)
  try {
    await Promise.all(
      lanes.map((running) =>
        running.catch((error: unknown) => {
          failing.abort()
          throw error
        }),
      ),
    )
  } finally {
    await Promise.allSettled(lanes)
    await signing.end()
  }
}

/** Milliseconds between two looks into a queue in which nothing waits. */
const idlePause = 1000

async function isEmpty(queue: Queue): Promise<boolean> {
  const { waiting, running } = await queue.tally()
  return waiting + running === 0
}

interface Tools {
  readonly workspace: Workspace
  readonly queue: Queue
  readonly signing: Signing
}

async function workOn(taken: Taken, tools: Tools): Promise<WorkedJob> {
  const { workspace, queue } = tools
  const job = readSigningJob(taken.data)
  if (job === null) {
    await queue.putAside(taken, [deadJob([[taken.id, '']], malformed)])
    return { job: taken.id, signed: 0, known: 0, faults: [{ id: taken.id, code: malformed }] }
  }
  try {
    const { texts, known, faults } = await signAll(job.entries, tools)
    await workspace.registry.completeAll(texts)
    if (faults.length === 0) await queue.done(taken)
    else await queue.putAside(taken, deadJobs(job.entries, faults))
    return { job: taken.id, signed: texts.length, known, faults }
  } catch (error) {
    // Where the queue is away as well, the lease ends by itself.
    await queue.giveBack(taken, codeOf(error)).catch(() => {})
    if (endsWork(error)) throw error
    return { job: taken.id, signed: 0, known: 0, faults: [] }
  }
}

interface Signed {
  readonly texts: readonly CompletedText[]
  readonly known: number
  readonly faults: readonly Fault[]
}

/** All of a job at once; where that fails, one by one, so that one spoilt entry keeps none of the others from being signed. */
async function signAll(sealed: readonly SealedId[], tools: Tools): Promise<Signed> {
  try {
    return await signTogether(sealed, tools)
  } catch (error) {
    if (endsWork(error)) throw error
    const [first, ...others] = sealed
    if (first !== undefined && others.length === 0)
      return { texts: [], known: 0, faults: [{ id: first[0], code: codeOf(error) }] }
  }
  const parts: Signed[] = []
  for (const one of sealed) parts.push(await signAll([one], tools))
  return {
    texts: parts.flatMap(({ texts }) => texts),
    known: parts.reduce((sum, { known }) => sum + known, 0),
    faults: parts.flatMap(({ faults }) => faults),
  }
}

async function signTogether(sealed: readonly SealedId[], { workspace, signing }: Tools): Promise<Signed> {
  const found = await workspace.registry.entriesById(sealed.map(([id]) => id))
  const byId = new Map(found.map((entry) => [entry.id, entry]))
  const entries = sealed.map(([id, seal]) => {
    const entry = byId.get(id)
    if (entry === undefined) throw new CertificateError('registry.not_reserved', { id })
    if (!isSealed(entry, seal, workspace)) throw new CertificateError('batch.entry_altered')
    return entry
  })
  const unsigned = entries.filter(({ text }) => text === null)
  const texts = await signing.sign(unsigned.map(withSharedParts))
  return {
    texts: unsigned.map(({ id }, i) => ({ id, text: texts[i] as string })),
    known: entries.length - unsigned.length,
    faults: [],
  }
}

/** The certificates of one batch share their award and their issuer; read from a database each has copies of its own. */
function withSharedParts(entry: Entry): Entry {
  const { certificate } = entry
  const issuer = shared(certificate.issuer)
  return {
    ...entry,
    certificate:
      'award' in certificate ? { ...certificate, issuer, award: shared(certificate.award) } : certificate,
  } as Entry
}

const sharedParts = new Map<string, object>()

function shared<T extends object>(part: T): T {
  const name = JSON.stringify(part)
  const known = sharedParts.get(name)
  if (known !== undefined) return known as T // the text says that it is the same
  if (sharedParts.size >= mostShared) sharedParts.clear()
  sharedParts.set(name, fix(part))
  return part
}

/** A catalogue has some dozens of awards. */
const mostShared = 1000

function deadJobs(entries: readonly SealedId[], faults: readonly Fault[]) {
  const codes = new Map(faults.map(({ id, code }) => [id, code]))
  return [...new Set(codes.values())].map((code) =>
    deadJob(
      entries.filter(([id]) => codes.get(id) === code),
      code,
    ),
  )
}

/** What ends this process, and says nothing of a certificate. */
const endsWork = (error: unknown): boolean =>
  error instanceof CodedError && (error.code === 'registry.unusable' || error.code === 'batch.worker_lost')

const codeOf = (error: unknown): string =>
  error instanceof CodedError ? error.code : error instanceof SyntaxError ? unreadable : failed

const [malformed, unreadable, failed] = [
  'batch.job_malformed',
  'batch.entry_unreadable',
  'batch.worker_failed',
] as const
