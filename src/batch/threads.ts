/** Worker threads that are handed tasks and answer each. A task is answered or fails: none is ever lost. */
import { availableParallelism } from 'node:os'
import { parentPort, type ResourceLimits, Worker } from 'node:worker_threads'
import { CertificateError } from '../base/errors.ts'

/** Threads that are worth starting here. */
export const usableThreads = (): number => Math.min(availableParallelism(), 16)

export interface Threads<Task, Answer> {
  /** Hands a task to the thread whose turn it is, and what is named for good. Several may be under way at once. */
  readonly ask: (task: Task, handedOver?: readonly ArrayBuffer[]) => Promise<Answer>
  readonly end: () => Promise<void>
}

export interface ThreadOptions {
  readonly count: number
  /** What each is started with. It never leaves the process. */
  readonly workerData: unknown
  readonly resourceLimits: ResourceLimits
  /** What it is called that a thread ended before its work was done, or could not do it. */
  readonly codes: {
    readonly lost: 'batch.worker_lost' | 'batch.judge_lost'
    readonly failed: 'batch.worker_failed' | 'batch.judge_failed'
  }
}

interface Asked<Task> {
  readonly turn: number
  readonly task: Task
}

type Answered<Answer> =
  | { readonly turn: number; readonly answer: Answer }
  | { readonly turn: number; readonly failure: string }

/** Starts threads on a program that calls `answerTasks`. A thread that ends before it is told to fails all that is under way. */
export function openThreads<Task, Answer>(
  program: URL,
  { count, workerData, resourceLimits, codes }: ThreadOptions,
): Threads<Task, Answer> {
  const waiting = new Map<number, PromiseWithResolvers<Answer>>()
  let lost: CertificateError | undefined
  const fail = (cause: unknown) => {
    lost ??= new CertificateError(codes.lost, {}, { cause })
    for (const { reject } of waiting.values()) reject(lost)
    waiting.clear()
  }
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(program, { workerData, resourceLimits })
    worker.on('message', (answered: Answered<Answer>) => {
      const asked = waiting.get(answered.turn)
      waiting.delete(answered.turn)
      if ('answer' in answered) asked?.resolve(answered.answer)
      else asked?.reject(new CertificateError(codes.failed, { what: answered.failure }))
    })
    worker.on('messageerror', fail)
    worker.on('error', fail)
    worker.on('exit', fail)
    return worker
  })
  let turns = 0
  return {
    ask(task, handedOver = []) {
      // A thread that is gone answers nobody any more.
      if (lost !== undefined) return Promise.reject(lost)
      const turn = turns++
      const asked = Promise.withResolvers<Answer>()
      waiting.set(turn, asked)
      workers[turn % workers.length]?.postMessage({ turn, task } satisfies Asked<Task>, handedOver)
      return asked.promise
    },
    async end() {
      waiting.clear()
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

/** Has a thread answer the tasks that it is handed. */
export function answerTasks<Task, Answer>(answer: (task: Task) => Promise<Answer>): void {
  parentPort?.on('message', async ({ turn, task }: Asked<Task>) => {
    const answered: Answered<Answer> = await answer(task).then(
      (made) => ({ turn, answer: made }),
      (error: unknown) => ({ turn, failure: error instanceof Error ? error.message : String(error) }),
    )
    parentPort?.postMessage(answered)
  })
}

/** The file of a thread's program: beside the folder of its caller in the sources, beside the caller in what was built of them. */
export const programUrl = (name: 'sign-worker' | 'verify-worker', here: string): URL =>
  here.endsWith('.ts') ? new URL(`../${name}.ts`, here) : new URL(`./${name}.js`, here)
