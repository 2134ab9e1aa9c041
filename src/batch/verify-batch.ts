/**
 * Judges many certificates on all cores. Each is judged alone, as `verify` would: threads share nothing, so that how many they
 * are changes no report. What certificates say about each other is the business of whoever takes the reports.
 */
import type { ResourceLimits } from 'node:worker_threads'
import { chainState, type HeldChains } from '../anchor/chains.ts'
import type { Bytes } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import type { CarriedText } from '../carrier/read-inputs.ts'
import { noEvidence } from '../evidence/evidence.ts'
import { checkBindingAsked, type Expected, type JudgeOptions, judgeWith } from '../verify/judge.ts'
import { bundleDocuments, judgesBy } from '../verify/judges.ts'
import { policyOf } from '../verify/policy.ts'
import type { Report } from '../verify/report.ts'
import { openThreads, programUrl, usableThreads } from './threads.ts'

/** A text with what came together with it, all of it a stranger's. */
export interface TextToVerify {
  /** UTF-8 bytes or text of one certificate, at most 1 MiB. */
  readonly text: Bytes | string
  /** Files of anchors that belong to it; one that is none changes nothing. */
  readonly anchors?: readonly Bytes[] | undefined
  /** Files of evidence that came with it; one that is none changes nothing. */
  readonly evidence?: readonly Bytes[] | undefined
  /** Whose certificate it should be, where the policy matches name or ID number. Never part of a report. */
  readonly expected?: Expected | undefined
}

export interface VerifyBatchOptions extends Omit<JudgeOptions, 'now'> {
  /** The moment of the judgement, one for all; now by default. */
  readonly now?: Instant | undefined
  /** Anchors that were brought for all texts, as JSON. */
  readonly anchors?: readonly JsonObject[] | undefined
  /** Threads that judge; as many as the machine has where there are more than some hundred texts, else this one. */
  readonly concurrency?: number | undefined
}

/** A text as it was handed in, and what was found. */
export interface Verified<Text extends TextToVerify> {
  readonly given: Text
  readonly report: Report
}

/**
 * Says of each text what `verify` says, in the order of the texts. They may come one by one: no more than a few blocks of them
 * are held at once, and nobody asks for the next one before there is room.
 *
 * @throws `verify.binding_malformed`, `verify.policy_malformed` before any text is asked for; `batch.judge_lost`,
 * `batch.judge_failed` where a thread ends or fails, after the reports of all that came before; what the texts throw, likewise
 * @example
 * for await (const { given, report } of verifyBatch(texts, { trust, evidence })) console.log(given.text.length, report.verdict)
 */
export async function* verifyBatch<Text extends TextToVerify>(
  texts: Iterable<Text> | AsyncIterable<Text>,
  { concurrency, ...options }: VerifyBatchOptions,
): AsyncGenerator<Verified<Text>> {
  const work = workOf(options)
  const source = sourceOf(texts)
  try {
    const threads = concurrency ?? usableThreads()
    if (threads < 2) {
      yield* judgedHere(source, work)
      return
    }
    // A few hundred are judged sooner than threads are started.
    if (concurrency === undefined) yield* judgedHere(source, work, fewTexts)
    yield* judgedInThreads(source, work, threads)
  } finally {
    await source.return?.()
  }
}

const fewTexts = 512

/** Texts as `readInputs` finds them, with the names of their files. */
export async function* asTexts(
  found: AsyncIterable<CarriedText>,
): AsyncGenerator<TextToVerify & Pick<CarriedText, 'file'>> {
  for await (const { file, bytes, anchors, evidence } of found) yield { file, text: bytes, anchors, evidence }
}

/** What a thread is started with: plain data. */
export interface JudgingWork extends Omit<JudgeOptions, 'chains'> {
  readonly chains: HeldChains | undefined
  readonly anchors: readonly JsonObject[]
}

/** @throws `verify.binding_malformed`, `verify.policy_malformed` */
function workOf({ now = instantAt(Date.now()), anchors = [], ...options }: Options): JudgingWork {
  if (options.binding !== undefined) checkBindingAsked(options.binding)
  return { ...options, policy: policyOf(options.policy), chains: options.chains?.held, now, anchors }
}

type Options = Omit<VerifyBatchOptions, 'concurrency'>

type Judge = (given: TextToVerify) => Promise<Report>

function judgeOf({ chains, anchors, evidence = noEvidence, ...options }: JudgingWork): Judge {
  const held = chains === undefined ? undefined : chainState(chains)
  const judges = judgesBy(evidence, (known) => judgeWith({ ...options, chains: held, evidence: known }))
  return async ({ text, anchors: beside = [], evidence: brought = [], expected }) => {
    const { judge } = await judges(brought)
    return judge(text, { anchors: [...bundleDocuments(beside), ...anchors], expected })
  }
}

/** What a thread does with a block of texts. */
export function judgingFor(work: JudgingWork): (block: PackedBlock) => Promise<readonly Report[]> {
  const judge = judgeOf(work)
  return async (block) => {
    const reports: Report[] = []
    for (const given of unpacked(block)) reports.push(await judge(given))
    return reports
  }
}

/** Texts for a thread, with their bytes in one piece that is handed over: to copy a view of bytes is to copy all it is a view of. */
interface PackedBlock {
  readonly bytes: Bytes
  readonly texts: readonly PackedText[]
}

interface PackedText {
  readonly text: Span | string
  readonly anchors: readonly Span[]
  readonly evidence: readonly Span[]
  readonly expected: Expected | undefined
}

type Span = readonly [from: number, to: number]

function packed(block: readonly TextToVerify[]): PackedBlock {
  const bytes = new Uint8Array(block.reduce((sum, given) => sum + bytesOf(given), 0))
  let at = 0
  const put = (part: Bytes): Span => {
    bytes.set(part, at)
    at += part.length
    return [at - part.length, at]
  }
  const texts = block.map(({ text, anchors = [], evidence = [], expected }) => ({
    text: typeof text === 'string' ? text : put(text),
    anchors: anchors.map(put),
    evidence: evidence.map(put),
    expected,
  }))
  return { bytes, texts }
}

function unpacked({ bytes, texts }: PackedBlock): readonly TextToVerify[] {
  const partAt = ([from, to]: Span): Bytes => bytes.subarray(from, to)
  return texts.map(({ text, anchors, evidence, expected }) => ({
    text: typeof text === 'string' ? text : partAt(text),
    anchors: anchors.map(partAt),
    evidence: evidence.map(partAt),
    expected,
  }))
}

function bytesOf({ text, anchors = [], evidence = [] }: TextToVerify): number {
  let sum = typeof text === 'string' ? 0 : text.length
  for (const { length } of anchors) sum += length
  for (const { length } of evidence) sum += length
  return sum
}

type Source<Text> = Iterator<Text> | AsyncIterator<Text>

const sourceOf = <Text>(texts: Iterable<Text> | AsyncIterable<Text>): Source<Text> =>
  Symbol.asyncIterator in texts ? texts[Symbol.asyncIterator]() : texts[Symbol.iterator]()

async function* judgedHere<Text extends TextToVerify>(
  source: Source<Text>,
  work: JudgingWork,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<Verified<Text>> {
  const judge = judgeOf(work)
  for (let count = 0; count < most; count++) {
    const next = await source.next()
    if (next.done) return
    yield { given: next.value, report: await judge(next.value) }
  }
}

async function* judgedInThreads<Text extends TextToVerify>(
  source: Source<Text>,
  work: JudgingWork,
  threads: number,
): AsyncGenerator<Verified<Text>> {
  const first = await blockOf(source)
  if (first.texts.length === 0 && first.end !== undefined) return endOf(first.end)
  const judging = judgeInThreads(work, threads)
  const underWay: Promise<readonly Verified<Text>[]>[] = []
  try {
    let block = first
    for (;;) {
      const judged = judging.judge(block.texts)
      judged.catch(() => {}) // told when its turn comes
      underWay.push(judged)
      if (block.end !== undefined) break
      if (underWay.length >= judging.width) yield* await (underWay.shift() as (typeof underWay)[number])
      block = await blockOf(source)
    }
    for (const judged of underWay) yield* await judged
    endOf(block.end)
  } finally {
    await judging.end()
  }
}

/** How the texts ended: there were no more, or asking for the next one failed. */
type End = { readonly error?: unknown }

function endOf(end: End): void {
  if ('error' in end) throw end.error
}

interface Block<Text> {
  readonly texts: readonly Text[]
  /** There are no more after it. */
  readonly end?: End
}

/** The next texts. What fails is told after the reports of those that came before. */
async function blockOf<Text extends TextToVerify>(source: Source<Text>): Promise<Block<Text>> {
  const texts: Text[] = []
  for (let size = 0; texts.length < blockTexts && size < blockSize; ) {
    try {
      const next = await source.next()
      if (next.done) return { texts, end: {} }
      texts.push(next.value)
      const { text } = next.value
      size += bytesOf(next.value) + (typeof text === 'string' ? text.length : 0)
    } catch (error) {
      return { texts, end: { error } }
    }
  }
  return { texts }
}

/** Texts of a block: more cost memory, fewer cost time. */
const blockTexts = 128

/** Bytes, or UTF-16 units, beyond which a block takes no further text: strangers' files may be long. */
const blockSize = 4_194_304

/** Threads that judge blocks of texts. */
export interface JudgingThreads {
  /** Reports on the texts of a block, in their order. @throws `batch.judge_lost`, `batch.judge_failed` */
  readonly judge: <Text extends TextToVerify>(block: readonly Text[]) => Promise<readonly Verified<Text>[]>
  /** Blocks that it takes to keep everybody busy. */
  readonly width: number
  readonly end: () => Promise<void>
}

export function judgeInThreads(
  work: JudgingWork,
  count: number,
  resourceLimits: ResourceLimits = usualLimits,
): JudgingThreads {
  const threads = openThreads<PackedBlock, readonly Report[]>(programUrl('verify-worker', import.meta.url), {
    count,
    workerData: work,
    resourceLimits,
    codes: { lost: 'batch.judge_lost', failed: 'batch.judge_failed' },
  })
  return {
    async judge(block) {
      const asked = packed(block)
      const reports = await threads.ask(asked, [asked.bytes.buffer])
      return block.map((given, i) => {
        const report = reports[i]
        if (report === undefined) throw new CertificateError('batch.judge_failed', { what: `report ${i}` })
        return { given, report }
      })
    },
    width: 2 * count,
    end: threads.end,
  }
}

/** MiB. Evidence of 64 MiB and what was read in it have room; what was judged is tidied up sooner than by default. */
const usualLimits: ResourceLimits = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 32 }
