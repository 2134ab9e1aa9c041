/** What `check` and `issue` have in common: reading exports, and saying what was found in them. */

import type { Words } from '../base/message.ts'
import { type Explanation, explain } from '../base/message.ts'
import { visible } from '../base/visible.ts'
import type { CatalogueOccupation } from '../certificate/catalogue.ts'
import { findingCatalogue } from '../intake/codes.ts'
import type { Finding, Verdict } from '../intake/finding.ts'
import type { FileFault, Judged } from '../intake/judge.ts'
import { type CheckedResults, checkResults } from '../issue/check-results.ts'
import type { PlannedList } from '../issue/status-slots.ts'
import { listsFor, openWorkspace, type Workspace, workspaceFiles } from '../issue/workspace.ts'
import { aligned } from './columns.ts'
import { type Call, clockOf } from './command.ts'
import { exitCodes, type Voice } from './output.ts'

/** Opens the workspace, judges the exports, and says what concerns whole files and the catalogue. */
export async function readExports(
  call: Call<{ readonly allowPartial?: boolean }>,
  paths: readonly string[],
): Promise<{ readonly workspace: Workspace; readonly checked: CheckedResults }> {
  const { options, voice } = call
  const workspace = await openWorkspace(options.dir)
  const checked = await checkResults(paths, workspace, {
    now: clockOf(call),
    allowPartial: options.allowPartial,
  })
  for (const { file, finding } of checked.notices) sayFinding(voice, voice.warn, file, finding)
  for (const { file, finding } of checked.faults) sayFinding(voice, voice.warn, file, finding)
  if (!workspace.catalogue.confirmed) {
    voice.warn(unconfirmed, { file: workspaceFiles.catalogue })
    for (const { code, labels } of disputedOccupations(workspace, checked)) {
      voice.warn(disputed, { code, name: labels['zh-Hans'] })
    }
  }
  return { workspace, checked }
}

/**
 * The status lists that the batch needs, were all its certificates new: those issued before keep where they stand. Notices
 * that are asked for take a position each.
 */
export function listsOf(
  { records }: CheckedResults,
  workspace: Workspace,
  { notices }: { readonly notices?: string | undefined } = {},
): Promise<readonly PlannedList[]> {
  const isTaking = ({ verdict, result }: Judged): boolean =>
    verdict === 'issue' || (notices !== undefined && verdict === 'no_certificate' && result !== undefined)
  return listsFor(records.filter(isTaking).length, workspace)
}

/** Occupations about to be awarded whose code sources contradict each other about. */
function disputedOccupations(
  { catalogue }: Workspace,
  { records }: CheckedResults,
): readonly CatalogueOccupation[] {
  const awarded = new Set(
    records.map(({ verdict, result }) => (verdict === 'issue' ? result.occupationCode : null)),
  )
  return catalogue.occupations.filter(
    ({ code, codeConfidence }) => codeConfidence === 'C' && awarded.has(code),
  )
}

const unconfirmed: Words = {
  en: 'The catalogue {file} is not confirmed: training hours and directions are assumptions until "confirmed" is true.',
  zh: '目录 {file} 尚未确认：在 "confirmed" 设为 true 之前，培训学时和职业方向均为暂定值。',
}

const disputed: Words = {
  en: 'Sources disagree about the code of {name}, {code}: confirm it before certificates bear it.',
  zh: '{name} 的职业编码 {code} 各来源不一致：请在证书使用前确认。',
}

/** Says each finding of a record with file, line, column, code, what is wrong and what to do. */
export function sayRecord(voice: Voice, { file, line, record, findings }: Judged): void {
  for (const finding of findings) {
    const where = { en: `${file}:${line} (record ${record})`, zh: `${file} 第 ${line} 行（记录 ${record}）` }
    sayFinding(voice, (words) => voice.line(words[voice.language]), where[voice.language], finding)
  }
}

/** How often each code was found, what stops a row first: as much as fits on a screen. */
export function sayCodes(voice: Voice, records: readonly Judged[]): void {
  const counts = new Map<Finding['code'], number>()
  for (const { findings } of records)
    for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1)
  const rows = [...counts]
    .sort(([a, many], [b, few]) => weightOf(a) - weightOf(b) || few - many)
    .slice(0, codeLimit)
    .map(([code, count]) => [`  ${count}`, findingWord[findingCatalogue[code].verdict][voice.language], code])
  for (const line of aligned(rows)) voice.line(line)
  if (counts.size > codeLimit) voice.line('  …')
}

const codeLimit = 15
const weights: readonly Verdict[] = ['reject', 'hold', 'no_certificate', 'skip', 'issue']
const weightOf = (code: Finding['code']): number => weights.indexOf(findingCatalogue[code].verdict)

function sayFinding(voice: Voice, say: (words: Words) => void, where: string, finding: Finding): void {
  const { code, column } = finding
  const row = findingCatalogue[code]
  const head = `${visible(where)}${column === undefined ? '' : ` [${visible(column)}]`} ${code} ${findingWord[row.verdict][voice.language]}`
  const texts = voice.bilingual ? (['zh', 'en'] as const) : ([voice.language] as const)
  const text = [
    head,
    ...texts.map((language) => `    ${visible(explainFinding(row, language, finding))}`),
  ].join('\n')
  say({ en: text, zh: text })
}

const explainFinding = (row: Explanation, language: 'zh' | 'en', { detail }: Finding): string =>
  explain(row, language, detail)

/** What a finding asks for; one that stops nothing is a notice. */
const findingWord: Readonly<Record<Verdict, Words>> = {
  issue: { en: 'notice', zh: '提示' },
  hold: { en: 'HOLD', zh: '待定' },
  reject: { en: 'REJECT', zh: '退回' },
  no_certificate: { en: 'no certificate', zh: '不发证' },
  skip: { en: 'skip', zh: '跳过' },
}

/** Codes of a record, each once. */
export const codesOf = (findings: readonly Finding[]): readonly string[] => [
  ...new Set(findings.map(({ code }) => code)),
]

/** Findings for programs: code, column, and words in both languages. */
export const findingValues = (findings: readonly Finding[]) =>
  findings.map(({ code, column, detail }) => ({
    code,
    ...(column !== undefined && { column }),
    en: explain(findingCatalogue[code], 'en', detail),
    zh: explain(findingCatalogue[code], 'zh', detail),
  }))

const faultValues = (faults: readonly FileFault[]) =>
  faults.map(({ file, finding }) => ({ file, ...findingValues([finding])[0] }))

/** What the last line for programs says beside the counts. */
export const closing = ({ catalogue }: Workspace, { faults, notices }: CheckedResults) => ({
  faults: faultValues(faults),
  notices: faultValues(notices),
  catalogue: { version: catalogue.version, confirmed: catalogue.confirmed },
})

/** Something rejected, else something held, else fine. */
export function exitCodeOf({ records, faults }: CheckedResults): number {
  if (faults.length > 0 || records.some(({ verdict }) => verdict === 'reject')) return exitCodes.invalid
  return records.some(({ verdict }) => verdict === 'hold') ? exitCodes.undetermined : exitCodes.fine
}
