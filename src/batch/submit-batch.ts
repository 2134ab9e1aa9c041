/** Hands a batch over to other machines: settled here, signed wherever a worker runs, and written out here again. */
import { setTimeout } from 'node:timers/promises'
import { CertificateError } from '../base/errors.ts'
import type { Judged } from '../intake/judge.ts'
import { type IssueBatchOptions, reserveBatch } from './issue-batch.ts'
import type { Queue } from './queue.ts'
import { announceSigning, type IdentifiedJob, signingJob } from './signing-job.ts'

export interface SubmitBatchOptions extends IssueBatchOptions {
  readonly queue: Queue
  /** Certificates of one job; 128 by default, which is the most. */
  readonly jobSize?: number | undefined
}

export interface Submitted {
  readonly jobs: readonly string[]
  /** Ids of the certificates that are to be signed. */
  readonly ids: ReadonlySet<string>
}

/**
 * Settles a batch in the registry and sends what is not signed to the queue. Run again it sends nothing twice, and what was put
 * aside before stays where it is.
 * @throws what `issueBatch` throws before it signs, `batch.worker_of_another_key`, `batch.queue_of_other_version`
 */
export async function submitBatch(
  records: Iterable<Judged> | AsyncIterable<Judged>,
  { queue, jobSize = 128, ...options }: SubmitBatchOptions,
): Promise<Submitted> {
  await announceSigning(options.workspace)
  const dead = new Set(await deadIds(queue))
  const jobs: string[] = []
  const ids = new Set<string>()
  for await (const unsigned of reserveBatch(records, options)) {
    for (const { id } of unsigned) ids.add(id)
    const entries = unsigned.filter(({ id }) => !dead.has(id))
    const sent: IdentifiedJob[] = []
    for (let at = 0; at < entries.length; at += jobSize)
      sent.push(signingJob(entries.slice(at, at + jobSize), options.workspace))
    await queue.send(sent)
    jobs.push(...sent.map(({ id }) => id))
  }
  return { jobs, ids }
}

/**
 * Waits until workers are through with a batch.
 * @returns whether they are; `false` where somebody said that it is enough
 * @throws `batch.dead_letters` where some of it was put aside
 */
export async function waitForBatch(
  { jobs, ids }: Submitted,
  {
    queue,
    signal,
    open,
  }: {
    readonly queue: Queue
    readonly signal?: AbortSignal | undefined
    /** Is told how many certificates are not signed yet. */
    readonly open?: ((certificates: number) => void) | undefined
  },
): Promise<boolean> {
  for (;;) {
    const left = await queue.open(jobs)
    open?.(left)
    if (left === 0) break
    if (signal?.aborted) return false
    await setTimeout(pollPause, undefined, { signal }).catch(() => {}) // whoever has had enough
  }
  const letters = (await queue.deadLetters()).filter(({ entries }) => entries.some(([id]) => ids.has(id)))
  if (letters.length === 0) return true
  throw new CertificateError('batch.dead_letters', {
    count: letters.reduce((sum, { entries }) => sum + entries.filter(([id]) => ids.has(id)).length, 0),
    codes: [...new Set(letters.map(({ code }) => code))].join(', '),
  })
}

/** Milliseconds. */
const pollPause = 500

const deadIds = async (queue: Queue): Promise<readonly string[]> =>
  (await queue.deadLetters()).flatMap(({ entries }) => entries.map(([id]) => id))
