/** `gradecert report`: the supervisor's view of one agency's registry, or of what several agencies handed in. */

import { writeFileWhole } from '../base/files.ts'
import type { Language } from '../base/message.ts'
import { visible } from '../base/visible.ts'
import { type Awarded, readPlan, type Supervision, supervise } from '../batch/supervision.ts'
import { isNoCertificate, readInputs } from '../carrier/read-inputs.ts'
import type { Certificate } from '../certificate/certificate.ts'
import { gradeLabels } from '../certificate/grade.ts'
import { knownOccupations } from '../certificate/occupation.ts'
import { findReason } from '../certificate/status-reason.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import { documentsOf } from '../evidence/evidence.ts'
import { openWorkspace, type Workspace, workspaceFiles } from '../issue/workspace.ts'
import type { Standing } from '../registry/registry.ts'
import { barChart } from '../render/bar-chart.ts'
import { csvHead, csvRow } from '../render/csv.ts'
import { type AuthenticList, trustedLists } from '../trust/chain.ts'
import { readTrust } from '../trust/trust.ts'
import { judgeWith } from '../verify/judge.ts'
import { bundleDocuments, judgesBy } from '../verify/judges.ts'
import type { Verdict } from '../verify/report.ts'
import { aligned } from './columns.ts'
import { type Call, type Command, dateOption, readFrom } from './command.ts'
import { judgingOf } from './judging.ts'
import type { JudgingOptions } from './judging-options.ts'
import { sayNotRead } from './not-read.ts'
import { exitCodes, type Voice } from './output.ts'

export interface ReportOptions extends JudgingOptions {
  readonly plan?: string
  readonly since?: string
  readonly until?: string
  readonly csv?: string
  readonly svg?: string
}

export const report: Command<ReportOptions, [paths: readonly string[]]> = async (call, paths) => {
  const { voice, options } = call
  const plan = options.plan === undefined ? undefined : await readFrom(options.plan, readPlan)
  const dates = { since: dateOption(options.since), until: dateOption(options.until) }
  const { found, counts } = await (paths.length === 0
    ? ofWorkspace(call, { plan, ...dates })
    : ofFiles(call, paths, { plan, ...dates }))
  voice.value({ ...found, ...(counts !== undefined && { verdicts: counts }) })
  sayTable(voice, found)
  if (counts !== undefined) voice.say(words.verdicts, counts)
  if (options.csv !== undefined) await writeFileWhole(options.csv, csvOf(found))
  if (options.svg !== undefined) {
    const whole = plan?.find(({ agency, occupation, grade, region }) =>
      [agency, occupation, grade, region].every((one) => one === undefined),
    )
    await writeFileWhole(options.svg, barChart(found.rows, whole))
  }
  if (found.outside.length > 0 || (counts?.invalid ?? 0) > 0) return exitCodes.invalid
  const isOpen = counts !== undefined && (counts.undetermined > 0 || counts.valid + counts.invalid === 0)
  return isOpen ? exitCodes.undetermined : exitCodes.fine
}

type Options = Omit<NonNullable<Parameters<typeof supervise>[1]>, 'lists'>

interface Found {
  readonly found: Supervision
  /** Of files: how many were worth what; only valid and revoked ones are counted. */
  readonly counts?: Readonly<Record<Verdict, number>>
}

async function ofWorkspace(call: Call<ReportOptions>, options: Options): Promise<Found> {
  const workspace = await openWorkspace(call.options.dir)
  try {
    const given = await judgingOf(call)
    const trust = given.trust ?? (await readFrom(`${workspace.dir}/${workspaceFiles.trust}`, readTrust))
    const { current } = await trustedLists(trust, documentsOf(given.evidence, 'trust-list'), given.now)
    return { found: await supervise(registered(workspace), { ...options, lists: current }) }
  } finally {
    workspace.registry.close()
  }
}

async function* registered({ registry }: Workspace): AsyncGenerator<Awarded> {
  const reasons = new Map<string, string>()
  for await (const { id, reason } of registry.statusChanges()) reasons.set(id, reason)
  for await (const { id, certificate, standing } of registry.entries()) {
    const awarded = awardedOf(certificate)
    if (awarded !== null) yield { ...awarded, standing, reason: reasons.get(id) }
  }
}

/** What several agencies hand in: verified first, and counted only where it was good when it was awarded. */
async function ofFiles(
  call: Call<ReportOptions>,
  paths: readonly string[],
  options: Options,
): Promise<Found> {
  const judging = await judgingOf(call, paths)
  const judges = judgesBy(judging.evidence, (evidence) => judgeWith({ ...judging, evidence }))
  const counts: Record<Verdict, number> = { valid: 0, invalid: 0, undetermined: 0 }
  const byNumber = new Map<string, Awarded>()
  for await (const { bytes, anchors, evidence } of readInputs(paths, {
    stdin: call.io.stdin,
    leftOut: (file, why, detail) => {
      if (!isNoCertificate(why)) sayNotRead(call.voice, { file, why, detail })
    },
  })) {
    const { judge } = await judges(evidence)
    const judged = await judge(bytes, { anchors: [...bundleDocuments(anchors), ...judging.brought] })
    counts[judged.verdict]++
    const { status, trust } = judged.checks
    const others = Object.entries(judged.checks).filter(([id]) => id !== 'status' && id !== 'trust')
    const said = status.outcome === 'fail' ? status.reason : undefined
    const isTakenBack = said === 'revoked' || said === 'suspended'
    const isOutside = trust.outcome === 'fail'
    const isGenuine =
      trust.outcome !== 'unknown' &&
      others.every(([, { outcome }]) => outcome === 'pass' || outcome === 'skipped')
    const stated = judged.verdict === 'valid' ? judged.certificate : judged.claimed
    const awarded = stated === undefined ? null : awardedOf(stated)
    if (awarded === null || !isGenuine || (judged.verdict !== 'valid' && !isTakenBack && !isOutside)) continue
    const name = JSON.stringify([
      awarded.agency,
      stated !== undefined && 'number' in stated ? stated.number : judged.digest,
    ])
    // Both forms of one certificate, what replaced it, and a file handed in twice are one award.
    const one: Awarded = { ...awarded, standing: isTakenBack ? said : 'live' }
    const before = byNumber.get(name)
    byNumber.set(name, before === undefined ? one : betterOf(one, before))
  }
  const lists: readonly AuthenticList[] | undefined =
    judging.trust === undefined
      ? undefined
      : (await trustedLists(judging.trust, documentsOf(judging.evidence, 'trust-list'), judging.now)).current
  const found = await supervise(byNumber.values(), { ...options, lists })
  if (counts.valid + counts.invalid + counts.undetermined === 0) call.voice.warn(words.nothing)
  if (judging.trust === undefined) call.voice.warn(words.noTrust)
  return { found, counts }
}

/**
 * Lists show what was issued again as revoked: of one number the certificate counts that stands best, whichever file
 * came first.
 */
function betterOf(one: Awarded, other: Awarded): Awarded {
  const difference = ranks[one.standing] - ranks[other.standing]
  if (difference !== 0) return difference > 0 ? one : other
  return JSON.stringify(one) < JSON.stringify(other) ? one : other
}

const ranks: Readonly<Record<Standing, number>> = { live: 3, suspended: 2, revoked: 1, superseded: 0 }

function awardedOf(certificate: Certificate | DisclosedCertificate): Omit<Awarded, 'standing'> | null {
  if (certificate.type !== 'ProfessionalTechnicalGradeCertificate') return null
  const { issuer, award, region, awardedOn } = certificate
  return {
    agency: issuer.id,
    agencyName: issuer.labels['zh-Hans'],
    occupation: award.occupation.code,
    grade: award.grade.code,
    region,
    awardedOn,
  }
}

const csvColumns = [
  'agency',
  'agency_name',
  'occupation',
  'grade',
  'month',
  'awarded',
  'revoked',
  'suspended',
]

const csvOf = ({ rows }: Supervision): string =>
  csvHead(csvColumns) +
  rows
    .map((row) =>
      csvRow([
        row.agency,
        row.agencyName,
        row.occupation,
        row.grade,
        row.month,
        row.awarded,
        row.revoked,
        row.suspended,
      ]),
    )
    .join('')

function sayTable(voice: Voice, { rows, plan, reasons, outside, ...totals }: Supervision): void {
  const { language } = voice
  const cells = rows.map((row) => [
    row.agencyName,
    `${row.occupation} ${nameOf(row.occupation, language)}`,
    gradeLabels[row.grade][language === 'zh' ? 'zh-Hans' : 'en'] ?? row.grade,
    row.month,
    String(row.awarded),
    String(row.revoked),
    String(row.suspended),
  ])
  for (const line of aligned([headings[language], ...cells])) voice.line(visible(line))
  voice.say(words.totals, totals)
  for (const { year, count, awarded, percent, agency, occupation, grade, region } of plan) {
    const named = [agency, occupation, grade, region].filter((one) => one !== undefined)
    const what = named.map((one) => ` ${one}`).join('')
    voice.say(words.plan, { year, what, awarded, count, percent })
  }
  for (const [code, count] of Object.entries(reasons)) {
    voice.say(words.reason, { code, count, zh: findReason(code)?.labels['zh-Hans'] ?? '' })
  }
  for (const { agency, fault, count } of outside) voice.say(words.outside, { agency, fault, count })
}

const nameOf = (code: string, language: Language): string => {
  const { labels } = knownOccupations.find((one) => one.code === code) ?? {}
  return (language === 'zh' ? labels?.['zh-Hans'] : (labels?.en ?? labels?.['zh-Hans'])) ?? ''
}

const headings: Readonly<Record<Language, readonly string[]>> = {
  en: ['agency', 'occupation', 'grade', 'month', 'awarded', 'revoked', 'suspended'],
  zh: ['机构', '职业', '等级', '月份', '颁发', '撤销', '暂停'],
}

const words = {
  totals: {
    en: '{awarded} awarded, {revoked} of them revoked, {suspended} suspended.',
    zh: '共颁发 {awarded}，其中撤销 {revoked}，暂停 {suspended}。',
  },
  plan: {
    en: 'plan {year}{what}: {awarded} of {count}, {percent} %',
    zh: '{year} 年计划{what}：{awarded} / {count}，{percent} %',
  },
  reason: { en: 'taken back for {code} ({zh}): {count}', zh: '撤销或暂停原因 {zh}（{code}）：{count}' },
  outside: {
    en: '! outside recognition: {agency}, {fault}: {count}',
    zh: '! 超出认可范围：{agency}，{fault}：{count}',
  },
  nothing: { en: 'No certificate was found.', zh: '未找到任何证书。' },
  noTrust: {
    en: 'Nobody was named as authority, so nothing is counted: give the authority’s list with --trust FILE.',
    zh: '未指定主管机构，因此不计入任何证书：请用 --trust 文件 提供主管机构的信任列表。',
  },
  verdicts: {
    en: 'Of the files {valid} are valid, {invalid} invalid, {undetermined} undetermined.',
    zh: '所交文件中有效 {valid}，无效 {invalid}，无法判定 {undetermined}。',
  },
} as const
