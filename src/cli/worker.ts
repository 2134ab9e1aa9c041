/** `gradecert worker`: signs what `issue --queue` handed over, on as many machines as there are. */
import { hostname } from 'node:os'
import { CertificateError } from '../base/errors.ts'
import { openQueue, type Queue, type QueueOptions } from '../batch/queue.ts'
import { signingIdentity } from '../batch/signing-job.ts'
import { type WorkedJob, work } from '../batch/work.ts'
import { openWorkspace, registryUrl, type Workspace } from '../issue/workspace.ts'
import { type Call, type Command, countOption } from './command.ts'
import { exitCodes } from './output.ts'

export interface WorkerCommandOptions {
  readonly concurrency?: string
  readonly once?: boolean
  readonly untilEmpty?: boolean
  readonly patience: string
  readonly status?: boolean
  readonly retryDead?: boolean
}

export const worker: Command<WorkerCommandOptions, []> = async (call) => {
  const { options } = call
  const concurrency = countOption(options.concurrency, 1, 256)
  const patience = (countOption(options.patience, 0, 86_400) as number) * 1000
  const isWorker = !options.status && !options.retryDead
  const workspace = await openWorkspace(options.dir, { patience })
  try {
    const queue = await queueOf(workspace, { patience, isWorker })
    try {
      if (options.retryDead) await retryDead(call, queue)
      if (options.status) return await sayStatus(call, queue)
      return isWorker ? await signOn(call, { workspace, queue, concurrency }) : exitCodes.fine
    } finally {
      await queue.close()
    }
  } finally {
    await workspace.registry.close()
  }
}

/** The queue of a workspace. @throws `batch.queue_needs_postgres`, `registry.url_missing`, `package.missing` */
export async function queueOf(workspace: Workspace, options: QueueOptions): Promise<Queue> {
  if (workspace.settings.registry !== 'postgres') throw new CertificateError('batch.queue_needs_postgres')
  return openQueue(registryUrl(), signingIdentity(workspace), options)
}

async function signOn(
  { io, voice, options }: Call<WorkerCommandOptions>,
  given: { readonly workspace: Workspace; readonly queue: Queue; readonly concurrency: number | undefined },
): Promise<number> {
  const stopping = new AbortController()
  void io.interrupted?.().then(() => stopping.abort())
  const summary = { jobs: 0, signed: 0, known: 0, dead: 0 }
  const worked = (job: WorkedJob) => {
    summary.jobs++
    summary.signed += job.signed
    summary.known += job.known
    summary.dead += job.faults.length
    voice.value(job)
    for (const fault of job.faults) voice.warn(words.fault, { ...fault })
  }
  voice.say(words.started, { host: hostname(), pid: process.pid })
  const until = options.once ? 'once' : options.untilEmpty ? 'empty' : 'told'
  await work({ ...given, until, signal: stopping.signal, worked })
  voice.value({ summary })
  voice.say(words.ended, summary)
  return summary.dead > 0 ? exitCodes.invalid : exitCodes.fine
}

async function sayStatus({ voice }: Call<WorkerCommandOptions>, queue: Queue): Promise<number> {
  const tally = await queue.tally()
  const letters = await queue.deadLetters()
  const workers = await queue.workers()
  const dead = letters.map(({ entries, code, at }) => ({ code, at, ids: entries.map(([id]) => id) }))
  voice.value({ ...tally, workers, deadLetters: dead })
  voice.say(words.tally, { ...tally })
  for (const seen of workers) voice.say(words.worker, { ...seen })
  for (const { code, at, ids } of dead) voice.say(words.dead, { code, at, ids: ids.join(', ') })
  return tally.dead > 0 ? exitCodes.invalid : exitCodes.fine
}

async function retryDead({ voice }: Call<WorkerCommandOptions>, queue: Queue): Promise<void> {
  const jobs = await queue.retryDead()
  voice.value({ retried: jobs })
  voice.say(words.retried, { jobs })
}

const words = {
  started: {
    en: 'Working on {host} as process {pid}. Ctrl-C ends it once what it has begun is done.',
    zh: '工作进程已在 {host} 启动（进程 {pid}）。按 Ctrl-C 将在完成手头任务后结束。',
  },
  fault: {
    en: '{id} cannot be signed: {code}. It was put aside; `gradecert worker --status` shows it.',
    zh: '{id} 无法签署：{code}。已搁置，可用 `gradecert worker --status` 查看。',
  },
  ended: {
    en: '{signed} certificates signed in {jobs} jobs, {known} signed by others before, {dead} put aside.',
    zh: '共 {jobs} 项任务：签署 {signed} 张，已由其他机器签署 {known} 张，搁置 {dead} 张。',
  },
  tally: {
    en: '{waiting} certificates waiting, {running} being signed, {done} signed in the last week, {dead} put aside.',
    zh: '等待 {waiting} 张，签署中 {running} 张，最近一周已签署 {done} 张，搁置 {dead} 张。',
  },
  worker: {
    en: '  at work: {host}, process {pid}, since {since}',
    zh: '  工作中：{host}，进程 {pid}，自 {since} 起',
  },
  dead: { en: '  put aside {at}, {code}: {ids}', zh: '  {at} 搁置，{code}：{ids}' },
  retried: {
    en: '{jobs} jobs that were put aside are in the queue again.',
    zh: '已将 {jobs} 项搁置的任务重新放入队列。',
  },
} as const
