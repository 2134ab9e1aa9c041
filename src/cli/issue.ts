/** `gradecert issue`: certificates for the results that `check` passes. */
import { join } from 'node:path'
import { CertificateError } from '../base/errors.ts'
import { isObject, parseJson } from '../base/json.ts'
import { type BatchItem, type FormChoice, type IssueBatchOptions, issueBatch } from '../batch/issue-batch.ts'
import type { CheckedResults } from '../issue/check-results.ts'
import type { BadgeSuite } from '../issue/issue.ts'
import { fromMultikey, type PublicKey } from '../key/public-key.ts'
import { type Call, type Command, clockOf, countOption, dateOption, readGiven } from './command.ts'
import { exitCodes } from './output.ts'
import { progressOf } from './progress.ts'
import { closing, codesOf, exitCodeOf, findingValues, listsOf, readExports, sayRecord } from './results.ts'

export interface IssueCommandOptions {
  readonly out?: string
  readonly awarded?: string
  readonly allowPartial?: boolean
  readonly withScores?: boolean
  readonly notices?: string
  readonly suite?: BadgeSuite
  readonly form: FormChoice
  readonly holderKeys?: string
  readonly anchor: readonly string[]
  readonly concurrency?: string
  readonly maxErrors?: string
  readonly queue?: boolean
  readonly lease?: string
  /** `false` for `--no-wait`. */
  readonly wait: boolean
}

export const issue: Command<IssueCommandOptions, [paths: readonly string[]]> = async (call, paths) => {
  const { io, voice, options } = call
  const awardedOn = dateOption(options.awarded)
  const concurrency = countOption(options.concurrency, 1, 256)
  const maxErrors = countOption(options.maxErrors, 0, 10_000_000)
  const lease = countOption(options.lease, 1, 3600)
  const holderKeys = options.holderKeys === undefined ? undefined : await readHolderKeys(options.holderKeys)
  const { workspace, checked } = await readExports(call, paths)
  try {
    refuseTooMany(checked, maxErrors)
    // The first list of all is no news.
    for (const { number, isNew } of await listsOf(checked, workspace, options))
      if (isNew && number > 1) voice.warn(words.newList, { number })
    const out = options.out ?? join(options.dir, 'out')
    const stopping = new AbortController()
    void io.interrupted?.().then(() => stopping.abort())
    const issuing: IssueBatchOptions = {
      workspace,
      out,
      now: clockOf(call),
      awardedOn,
      notices: options.notices,
      withScores: options.withScores,
      suite: options.suite,
      form: options.form,
      holderKeys,
      random: io.random,
      concurrency,
      signal: stopping.signal,
    }
    const signedElsewhere = options.queue
      ? await signElsewhere(call, checked, { ...issuing, lease })
      : undefined
    if (signedElsewhere === null) return options.wait ? exitCodes.interrupted : exitCodes.fine
    const batch = issueBatch(checked.records, {
      ...issuing,
      ...(signedElsewhere && { signedElsewhere, concurrency: 1 }),
    })
    const progress = progressOf(call, checked.records.length)
    let step = await batch.next()
    for (; !step.done; step = await batch.next()) {
      sayItem(call.voice, step.value)
      progress.step()
    }
    progress.end()
    const { isStopped, ...summary } = step.value
    voice.value({ summary, ...(isStopped && { isStopped }), ...closing(workspace, checked) })
    voice.say(words.summary, { ...summary, out })
    if (isStopped) {
      voice.warn(words.stopped)
      return exitCodes.interrupted
    }
    if (summary.issued > 0) voice.say(words.next)
    const code = exitCodeOf(checked)
    if (options.anchor.length === 0) return code
    const { anchorIssued } = await import('./anchor.ts')
    const anchored = await anchorIssued(call, { workspace, folder: out, to: options.anchor })
    return code === exitCodes.fine ? anchored : code
  } finally {
    workspace.registry.close()
  }
}

/**
 * Hands what is to be signed over to workers, and waits for them.
 * @returns ids of the certificates that they signed; `null` where nobody waited for the end
 */
async function signElsewhere(
  call: Call<IssueCommandOptions>,
  { records }: CheckedResults,
  { lease, ...issuing }: IssueBatchOptions & { readonly lease: number | undefined },
): Promise<ReadonlySet<string> | null> {
  const { voice, options } = call
  const { queueOf } = await import('./worker.ts')
  const { submitBatch, waitForBatch } = await import('../batch/submit-batch.ts')
  const queue = await queueOf(issuing.workspace, { lease })
  try {
    const submitted = await submitBatch(records, { ...issuing, queue })
    const total = submitted.ids.size
    voice.value({ queued: total, jobs: submitted.jobs.length })
    voice.say(words.queued, { total, jobs: submitted.jobs.length })
    if (!options.wait) return null
    const progress = progressOf(call, total)
    let done = 0
    const isDone = await waitForBatch(submitted, {
      queue,
      signal: issuing.signal,
      open: (left) => {
        for (; done < total - left; done++) progress.step()
      },
    })
    progress.end()
    if (isDone) return submitted.ids
    voice.warn(words.left)
    return null
  } finally {
    await queue.close()
  }
}

/** @throws `batch.too_many_errors` */
function refuseTooMany({ records }: CheckedResults, limit: number | undefined): void {
  const count = records.filter(({ verdict }) => verdict === 'reject' || verdict === 'hold').length
  if (limit !== undefined && count > limit)
    throw new CertificateError('batch.too_many_errors', { count, limit })
}

/** A JSON object: admission number to the Multikey or did:key of the holder's wallet. @throws `cli.holder_keys_malformed` */
async function readHolderKeys(path: string): Promise<ReadonlyMap<string, PublicKey>> {
  const parsed = parseJson(new Uint8Array(await readGiven(path)), { maxBytes: 16_777_216 })
  const malformed = (what: string) => new CertificateError('cli.holder_keys_malformed', { path, what })
  if (!parsed.ok || !isObject(parsed.value)) throw malformed(parsed.ok ? 'not an object' : parsed.detail)
  const keys = new Map<string, PublicKey>()
  for (const [i, [admissionNumber, value]] of Object.entries(parsed.value).entries()) {
    const key = typeof value === 'string' ? fromMultikey(value.replace(/^did:key:/, '')) : null
    if (key === null) throw malformed(`member ${i + 1} is no public key`)
    keys.set(admissionNumber, key)
  }
  return keys
}

function sayItem(
  voice: Parameters<typeof sayRecord>[0],
  { record, outcome, number, files, source, judged }: BatchItem,
): void {
  const { findings } = judged
  voice.value({
    record,
    outcome,
    ...(number !== undefined && { number }),
    ...(files !== undefined && { files }),
    codes: codesOf(findings),
    source,
    ...(findings.length > 0 && { findings: findingValues(findings) }),
  })
  if (outcome === 'held' || outcome === 'rejected') sayRecord(voice, judged)
}

const words = {
  newList: {
    en: 'Status list {number} starts with this batch, where its certificates are new: run `gradecert publish` before you hand them out.',
    zh: '本批新证书将启用第 {number} 个状态列表：请先运行 `gradecert publish`，再发放证书。',
  },
  queued: {
    en: '{total} certificates are in the queue, in {jobs} new jobs or as sent before: `gradecert worker` signs them, on any machine that has this workspace.',
    zh: '已将 {total} 张证书放入队列（{jobs} 项任务）。在任何拥有本工作区的机器上运行 `gradecert worker` 即可签署。',
  },
  left: {
    en: 'Workers go on. Run the same command again to write the certificates once they are signed.',
    zh: '工作进程将继续签署。签署完成后重新运行同一命令即可写出证书。',
  },
  stopped: {
    en: 'Stopped before the end. Run the same command again and it goes on; nothing is issued twice.',
    zh: '已提前停止。重新运行同一命令即可继续，不会重复签发。',
  },
  summary: {
    en: '{issued} issued into {out}, {already_issued} issued before, {held} held, {rejected} rejected, {no_certificate} without certificate, {skipped} skipped.',
    zh: '已签发 {issued} 张到 {out}，此前已签发 {already_issued}，待定 {held}，退回 {rejected}，不发证 {no_certificate}，跳过 {skipped}。',
  },
  next: {
    en: 'Run `gradecert publish` so that others can check their status.',
    zh: '请运行 `gradecert publish`，以便他人查验证书状态。',
  },
} as const
