/** `gradecert screen`: many certificates against a roster, one row a person. */

import { openWholeFile, readFileBounded, writeFileWhole } from '../base/files.ts'
import { type PersonVerdict, type Screened, screen, screened } from '../batch/screening.ts'
import { personVerdicts, screeningWords } from '../batch/screening-words.ts'
import { asTexts, type VerifyBatchOptions, verifyBatch } from '../batch/verify-batch.ts'
import {
  compareWatch,
  readWatch,
  type Watch,
  type WatchChange,
  type WatchedEntry,
  watchedIn,
  watchText,
} from '../batch/watch-file.ts'
import { isEvidenceName } from '../carrier/names.ts'
import { isNoCertificate, readInputs } from '../carrier/read-inputs.ts'
import { readRoster } from '../intake/roster.ts'
import { screeningCsv, screeningHtml } from '../render/screening-pages.ts'
import { type Command, countOption, readFrom } from './command.ts'
import { judgingOf, proofBy, rememberLists } from './judging.ts'
import type { JudgingOptions } from './judging-options.ts'
import { sayNotRead } from './not-read.ts'
import { exitCodes, type Voice } from './output.ts'

export interface ScreenOptions extends JudgingOptions {
  readonly roster: string
  readonly csv?: string
  readonly html?: string
  readonly watch?: string
  readonly byBatch?: boolean
  readonly concurrency?: string
}

export const screenCommand: Command<ScreenOptions, [paths: readonly string[]]> = async (call, paths) => {
  const { io, voice, options } = call
  const concurrency = countOption(options.concurrency, 1, 256)
  const roster = await readFrom(options.roster, readRoster)
  const judging = await judgingOf(call, paths)
  const { policy, now } = judging
  const before = options.watch === undefined ? undefined : await watchAt(options.watch)
  // Whose certificate it is, is found out when all are read; the roster says who is expected.
  const asked: VerifyBatchOptions = {
    ...judging,
    policy: { ...policy, match: [] },
    proofBy: proofBy(options),
    anchors: judging.brought,
    concurrency,
  }
  const certificates: Screened[] = []
  const entries: WatchedEntry[] = []
  let [leftAlone, notRead] = [0, 0]
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
  for await (const { given, report } of verifyBatch(asTexts(inputs), asked)) {
    certificates.push(screened(given.file, report))
    if (before !== undefined) entries.push(...watchedIn(report))
  }
  const screening = screen(roster, certificates, { match: policy.match })
  const counts: Record<PersonVerdict, number> = { valid: 0, invalid: 0, undetermined: 0, missing: 0 }
  for (const { person, verdict, certificate, name, differences, codes } of screening.persons) {
    counts[verdict]++
    voice.value({
      line: person.line,
      verdict,
      codes,
      ...(name !== undefined && { name, differences }),
      ...(certificate !== undefined && {
        number: certificate.number,
        file: certificate.file,
        reasons: certificate.reasons,
        asOf: certificate.asOf,
        notChecked: certificate.notChecked,
      }),
    })
    const words = codes.map((code) => screeningWords[code][voice.language])
    const said = [...words, ...(certificate?.reasons ?? [])].join(' ')
    voice.say(lineWords, {
      mark: marks[verdict],
      verdict: personVerdicts[verdict][voice.language],
      line: person.line,
      name: person.name,
      number: certificate?.number ?? '',
      said,
    })
  }
  for (const { certificate, codes } of screening.others) {
    voice.value({
      notInRoster: certificate.file,
      number: certificate.number,
      verdict: certificate.verdict,
      codes,
    })
    voice.say(words.other, { file: certificate.file, number: certificate.number ?? '' })
  }
  if (options.csv !== undefined) await writeParts(options.csv, screeningCsv(screening))
  if (options.html !== undefined) {
    await writeParts(options.html, screeningHtml(screening, { at: now, policy: policy.name }))
  }
  if (options.watch !== undefined && before !== undefined) {
    const { watch, changes } = compareWatch(before, entries)
    await writeFileWhole(options.watch, watchText(watch), { mode: 0o600, durable: true })
    for (const change of changes) sayChange(voice, change)
  }
  if (leftAlone > 0) voice.warn(words.leftOut, { count: leftAlone })
  const files = certificates.length
  const byBatch = certificates.filter(({ notChecked }) => notChecked.includes('own_signature')).length
  voice.value({
    summary: { ...counts, files, notInRoster: screening.others.length, ...(options.byBatch && { byBatch }) },
  })
  voice.say(words.summary, { ...counts, files })
  if (byBatch > 0) voice.say(words.byBatch, { count: byBatch })
  await rememberLists(options, judging)
  if (counts.invalid > 0) return exitCodes.invalid
  return counts.undetermined + counts.missing + notRead > 0 ? exitCodes.undetermined : exitCodes.fine
}

const marks: Readonly<Record<PersonVerdict, string>> = {
  valid: '✔',
  invalid: '✘',
  undetermined: '?',
  missing: '–',
}

/** A file that is not there yet remembers nothing. */
async function watchAt(path: string): Promise<Watch> {
  const bytes = await readFileBounded(path).catch((cause: { code?: string }) => {
    if (cause.code === 'ENOENT') return null
    throw cause
  })
  return bytes === null ? new Map() : readWatch(bytes.toString('utf8'), path)
}

async function writeParts(path: string, parts: Iterable<string>): Promise<void> {
  const file = await openWholeFile(path)
  try {
    for (const part of parts) await file.write(part)
    await file.end()
  } catch (error) {
    await file.discard()
    throw error
  }
}

function sayChange(voice: Voice, change: WatchChange): void {
  const { list, index, asOf, says } = change.now
  if (change.kind === 'not_renewed') {
    voice.value({ watch: change.kind, list, asOf })
    voice.say(words.notRenewed, { list, asOf })
    return
  }
  const { before } = change
  voice.value({ watch: change.kind, list, index, before: before.says, now: says, asOf })
  voice.say(words.changed, { list, index, before: before.says, now: says, asOf })
}

const lineWords = {
  en: '{mark} {verdict}  {line} {name}  {number}  {said}',
  zh: '{mark} {verdict}  第{line}行 {name}  {number}  {said}',
}

const words = {
  other: { en: '  not in the roster: {number} ({file})', zh: '  不在名册中：{number}（{file}）' },
  leftOut: {
    en: '{count} files are no certificates by name or content and were left alone.',
    zh: '{count} 个文件从名称或内容看不是证书，未作处理。',
  },
  notRenewed: {
    en: '  {list} is no newer than last time ({asOf})',
    zh: '  {list} 自上次以来未更新（{asOf}）',
  },
  changed: {
    en: '! {list} #{index}: said {before}, says {now} as of {asOf}',
    zh: '! {list} #{index}：原为 {before}，截至 {asOf} 为 {now}',
  },
  byBatch: {
    en: '{count} files were checked by the signed batch commitment; their own signatures were not checked.',
    zh: '{count} 份文件依据签发者的整批签名核对，未逐张核对其自身签名。',
  },
  summary: {
    en: '{valid} valid, {invalid} invalid, {undetermined} undetermined, {missing} without certificate; {files} files.',
    zh: '有效 {valid}，无效 {invalid}，无法判定 {undetermined}，未提交 {missing}；共 {files} 份文件。',
  },
} as const
