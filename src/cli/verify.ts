/** `gradecert verify`: a report per certificate, for a person or for a program. */
import { CertificateError } from '../base/errors.ts'
import type { Fetch } from '../base/fetch.ts'
import { openWholeFile } from '../base/files.ts'
import { asList, type Json } from '../base/json.ts'
import { explain } from '../base/message.ts'
import { succession, successionWords } from '../batch/succession.ts'
import { isEvidenceName } from '../carrier/names.ts'
import { type CarriedText, isNoCertificate, readInputs } from '../carrier/read-inputs.ts'
import { type Evidence, mergeEvidence } from '../evidence/evidence.ts'
import { type FindingId, findingOf } from '../render/finding.ts'
import type { ReportFormat } from '../render/report-writers.ts'
import { type Binding, openText } from '../securing/open.ts'
import { type Beside, judgeCredentialsWith, judgeWith } from '../verify/judge.ts'
import { bundleDocuments, judgesBy } from '../verify/judges.ts'
import type { CredentialReport, Report, Verdict } from '../verify/report.ts'
import { verifyPresentation } from '../verify/verify.ts'
import type { Call, Command } from './command.ts'
import type { Io } from './io.ts'
import { type Judging, judgingOf, proofBy, rememberLists } from './judging.ts'
import type { JudgingOptions } from './judging-options.ts'
import { sayNotRead } from './not-read.ts'
import { exitCodes, type Voice } from './output.ts'
import { sayFacts, sayFindings, sayPresentation, sayReport } from './say-report.ts'

export interface VerifyCommandOptions extends JudgingOptions {
  readonly byBatch?: boolean
  readonly online?: boolean
  readonly any?: boolean
  readonly challenge?: string
  readonly domain: readonly string[]
  readonly name?: string
  readonly idNumber?: string
  readonly explain?: boolean
  readonly record?: string
  readonly receiptKey?: string
  readonly export: readonly string[]
}

export const verify: Command<VerifyCommandOptions, [paths: readonly string[]]> = async (call, paths) => {
  const { io, voice, options } = call
  const exports = await Promise.all(options.export.map(exportNamed))
  const judging = await judgingOf(call, paths)
  const binding = bindingOf(options)
  const { trust, policy, chains, evidence, now } = judging
  const given = { trust, policy, chains, binding, now, explain: options.explain }
  const offline = { ...given, proofBy: proofBy(options) }
  const makeJudge = options.any ? judgeCredentialsWith : judgeWith
  const judges = judgesBy<AnyJudge>(evidence, (known) => makeJudge({ ...offline, evidence: known }))
  const outputs = await outputsOf(call, judging, exports)
  const counts: Record<Verdict, number> = { valid: 0, invalid: 0, undetermined: 0 }
  const findings = new Map<FindingId, number>()
  let trustIsMissed = false
  let [leftAlone, notRead] = [0, 0]
  const reports: Report[] = []
  const fetch = fetchedOnce(io.fetch)
  const inputs = readInputs(paths, {
    stdin: io.stdin,
    leftOut: (file, why, detail) => {
      if (isEvidenceName(file)) return
      if (isNoCertificate(why)) leftAlone++
      else {
        notRead++
        sayNotRead(voice, { file, why, detail })
      }
    },
  })
  try {
    for await (const text of inputs) {
      if (binding !== undefined && (await isPresentation(text.bytes))) {
        const presented = await verifyPresentation(text.bytes, {
          ...given,
          binding,
          evidence,
          ...(options.online && { fetch }),
        })
        counts[presented.verdict]++
        voice.value({ file: text.file, ...presented })
        sayPresentation(voice, text.file, presented)
        continue
      }
      const fetched = options.online ? await fetchedFor(text, { voice, fetch }) : undefined
      const known = await judges(text.evidence)
      const judge =
        fetched === undefined
          ? known.judge
          : await makeJudge({ ...offline, evidence: known.evidence, fetched })
      const beside: Beside = {
        anchors: bundleDocuments([...text.anchors]).concat(judging.brought),
        ...((options.name ?? options.idNumber) !== undefined && {
          expected: { name: options.name, idNumber: options.idNumber },
        }),
      }
      const report = await judge(text.bytes, beside)
      counts[report.verdict]++
      const { trust: recognised } = report.checks
      trustIsMissed ||= recognised.outcome === 'unknown' && recognised.reason === 'no_trust'
      voice.value({ file: text.file, ...report })
      sayReport(voice, text.file, report)
      const finding = findingOf(report)
      findings.set(finding, (findings.get(finding) ?? 0) + 1)
      if (options.explain) sayFacts(voice, report)
      if (!options.any && reports.length < successionLimit) reports.push(report as Report)
      await outputs.take(text, report, { beside, evidence: known.evidence, fetched })
    }
    await outputs.end(counts)
  } catch (error) {
    await outputs.discard()
    throw error
  }
  saySuccession(voice, reports)
  if (leftAlone > 0) voice.warn(words.leftOut, { count: leftAlone })
  const total = counts.valid + counts.invalid + counts.undetermined
  if (total === 0) voice.warn(words.nothing)
  if (total > 1) {
    voice.say(words.summary, counts)
    sayFindings(voice, findings)
  }
  if (trustIsMissed) voice.warn(words.noTrust)
  await rememberLists(options, judging)
  return exitCodeOf({ ...counts, undetermined: counts.undetermined + notRead })
}

type AnyJudge = (source: CarriedText['bytes'], beside?: Beside) => Promise<Report | CredentialReport>

/** Reports that are kept for putting certificates of one number in order. */
const successionLimit = 10_000

/** Says where several of one number are, in their order, and what keeps them from being one chain. */
function saySuccession(voice: Voice, reports: readonly Report[]): void {
  for (const chain of succession(reports)) {
    // Whoever has the newest one alone has what counts.
    if (chain.links.length < 2) continue
    voice.value({ succession: chain })
    voice.say(chain.outcome === 'whole' ? words.chain : words.brokenChain, {
      number: chain.number,
      links: chain.links.map(({ id, isLive }) => `${id}${isLive ? ' ✔' : ''}`).join(' → '),
    })
    for (const { code, id, other } of chain.faults) {
      const said = explain(successionWords[code], voice.language, { id, other: other ?? '' })
      voice.say({ en: `  ${code}  {said}`, zh: `  ${code}  {said}` }, { said })
    }
  }
}

/** What a report was made with. */
interface Taken {
  readonly beside: Beside
  readonly evidence: Evidence
  readonly fetched: Evidence | undefined
}

interface Outputs {
  readonly take: (text: CarriedText, report: Report | CredentialReport, more: Taken) => Promise<void>
  readonly end: (counts: Readonly<Record<Verdict, number>>) => Promise<void>
  readonly discard: () => Promise<void>
}

/** Files that reports go to: records, signed or not, and exports; each is written as reports come. */
async function outputsOf(
  { io, options }: Call<VerifyCommandOptions>,
  judging: Judging,
  exports: readonly Export[],
): Promise<Outputs> {
  const { record, receiptKey } = options
  if (receiptKey !== undefined && record === undefined)
    throw new CertificateError('cli.receipt_without_record')
  const keeping = record === undefined ? undefined : await recordsIn(record, options, io)
  const writers = await Promise.all(
    exports.map(async ({ format, path }) => {
      const { reportWriters } = await import('../render/report-writers.ts')
      return { writer: reportWriters[format], file: await openWholeFile(path) }
    }),
  )
  for (const { writer, file } of writers) await file.write(writer.head())
  return {
    async take(text, report, more) {
      for (const one of writers) await one.file.write(one.writer.row(text.file, report))
      if (!options.any) await keeping?.keep(text.bytes, report as Report, { judging, ...more })
    },
    async end(counts) {
      for (const { writer, file } of writers) {
        await file.write(writer.tail(counts))
        await file.end()
      }
      await keeping?.file.end()
    },
    async discard() {
      for (const { file } of writers) await file.discard()
      await keeping?.file.discard()
    },
  }
}

/** A record of each judgement, by which it can be made again, signed where a key for that is named. */
async function recordsIn(path: string, { receiptKey, chains }: VerifyCommandOptions, io: Io) {
  const { recordOf } = await import('../verify/replay.ts')
  const { chainsDigest: digestOf } = await import('./chains-file.ts')
  const { signReceipt } = await import('../issue/receipt.ts')
  const { systemRandom, uuidUrn } = await import('../issue/random.ts')
  const { readKey } = await import('../issue/workspace.ts')
  const signer = receiptKey === undefined ? undefined : await readKey('.', receiptKey)
  const chainsDigest = chains === undefined ? undefined : await digestOf(chains)
  const random = io.random ?? systemRandom
  const file = await openWholeFile(path)
  let count = 0
  return {
    file,
    async keep(
      bytes: CarriedText['bytes'],
      report: Report,
      { judging, beside, evidence: known, fetched }: Taken & { readonly judging: Judging },
    ): Promise<void> {
      const { now } = judging
      const evidence = fetched === undefined ? known : mergeEvidence([known, fetched])
      const made = recordOf(bytes, report, { ...judging, evidence, chainsDigest }, beside)
      const plain = JSON.parse(JSON.stringify(made)) as Json // leaves out what is undefined
      const proofId = () => uuidUrn(random(`receipt/${now}/${++count}`))
      const line =
        signer === undefined ? plain : await signReceipt(plain, { signer, now, proofId: proofId() })
      await file.write(`${JSON.stringify(line)}\n`)
    },
  }
}

interface Export {
  readonly format: ReportFormat
  readonly path: string
}

/** `FORMAT:FILE`. @throws `cli.export_unknown` */
async function exportNamed(text: string): Promise<Export> {
  const { reportFormats } = await import('../render/report-writers.ts')
  const [name = '', ...rest] = text.split(':')
  const format = reportFormats.find((one) => one === name)
  const path = rest.join(':')
  if (format === undefined || path === '') throw new CertificateError('cli.export_unknown', { text })
  return { format, path }
}

/** Both or neither: one alone would accept what was presented to somebody else, or at another time. */
function bindingOf({ challenge, domain }: VerifyCommandOptions): Binding | undefined {
  if (challenge === undefined && domain.length === 0) return undefined
  if (challenge === undefined || challenge === '' || domain.length === 0 || domain.includes('')) {
    throw new CertificateError('verify.binding_malformed')
  }
  return { challenge, domain }
}

async function isPresentation(bytes: CarriedText['bytes']): Promise<boolean> {
  const opened = await openText(bytes, { kind: 'presentation' })
  if (!opened.ok) return false
  const document = opened.opening.ok ? opened.opening.opened.document : opened.opening.document
  return asList(document.type).includes('VerifiablePresentation')
}

/** From the same counts as what is printed. */
export function exitCodeOf({ valid, invalid, undetermined }: Readonly<Record<Verdict, number>>): number {
  if (invalid > 0) return exitCodes.invalid
  return undetermined > 0 || valid === 0 ? exitCodes.undetermined : exitCodes.fine
}

async function fetchedFor(
  { bytes }: CarriedText,
  { voice, fetch }: { readonly voice: Voice; readonly fetch: Fetch },
): Promise<Evidence> {
  const { gather } = await import('../evidence/gather.ts')
  const gathered = await gather([bytes], { fetch })
  for (const { url, fault } of gathered.missed) voice.warn(words.missed, { url, fault })
  return gathered
}

/** Certificates of one agency share their lists: each address is asked once in a run. */
function fetchedOnce(fetch: Fetch): Fetch {
  const answers = new Map<string, Promise<Response>>()
  return async (url, options) => {
    const answer = answers.get(url) ?? fetch(url, options)
    answers.set(url, answer)
    return (await answer).clone()
  }
}

const words = {
  leftOut: {
    en: '{count} files are no certificates by name or content and were left alone.',
    zh: '{count} 个文件从名称或内容看不是证书，未作处理。',
  },
  nothing: { en: 'No certificate was found.', zh: '未找到任何证书。' },
  noTrust: {
    en: 'Nobody was named as authority, so nobody is recognised: give the authority’s list with --trust FILE.',
    zh: '未指定主管机构，因此不认可任何签发机构：请用 --trust 文件 提供主管机构的信任列表。',
  },
  summary: {
    en: '{valid} valid, {invalid} invalid, {undetermined} undetermined.',
    zh: '有效 {valid}，无效 {invalid}，无法判定 {undetermined}。',
  },
  chain: { en: '{number}: {links}', zh: '{number}：{links}' },
  brokenChain: { en: '{number} is no whole chain: {links}', zh: '{number} 的换发链不完整：{links}' },
  missed: { en: '{url} could not be had ({fault}).', zh: '未能获取 {url}（{fault}）。' },
} as const
