/** Reports in the forms that other programs read, written one after the other: memory does not grow with their number. */
import type { Json, JsonObject } from '../base/json.ts'
import type { Certificate } from '../certificate/certificate.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import { checkNames, explainCheck, reasonCatalogue, verdictNames } from '../verify/reasons.ts'
import {
  type Check,
  type CheckId,
  type CredentialReport,
  checkIds,
  notCheckedIn,
  type Report,
  type Verdict,
} from '../verify/report.ts'
import { csvHead, csvRow } from './csv.ts'
import { escaped, pageEnd, pageHead, tableStyle } from './markup.ts'

export type AnyReport = Report | CredentialReport

export interface ReportWriter {
  readonly head: () => string
  readonly row: (file: string, report: AnyReport) => string
  readonly tail: (counts: Readonly<Record<Verdict, number>>) => string
}

export const reportFormats = ['junit', 'sarif', 'csv', 'html'] as const
export type ReportFormat = (typeof reportFormats)[number]

export const reportWriters: Readonly<Record<ReportFormat, ReportWriter>> = {
  junit: {
    head: () => '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n<testsuite name="gradecert">\n',
    row: junitCase,
    tail: () => '</testsuite>\n</testsuites>\n',
  },
  sarif: {
    head: () =>
      `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":{"name":"gradecert","rules":${JSON.stringify(sarifRules())}}},"columnKind":"utf16CodeUnits","results":[`,
    row: (file, report) =>
      sarifResults(file, report)
        .map((result) => `\n${JSON.stringify(result)},`)
        .join(''),
    // Each result before this one ends with a comma.
    tail: ({ valid, invalid, undetermined }) =>
      `\n${JSON.stringify({ ...summaryResult(`${valid} valid, ${invalid} invalid, ${undetermined} undetermined`) })}\n]}]}\n`,
  },
  csv: {
    head: () => csvHead(csvColumns),
    row: (file, report) => csvRow(csvCells(file, report)),
    tail: () => '',
  },
  html: {
    head: () =>
      `${pageHead('验证结果 / Verification', tableStyle)}<h1>验证结果 <small lang="en">Verification</small></h1>\n<table>\n<caption>每行一份文件 / One row a file</caption>\n<thead><tr>${htmlColumns.map((name) => `<th scope="col">${escaped(name)}</th>`).join('')}</tr></thead>\n<tbody>\n`,
    row: htmlRow,
    tail: ({ valid, invalid, undetermined }) =>
      `</tbody>\n</table>\n<p>有效 ${valid}，无效 ${invalid}，无法判定 ${undetermined}。 <span lang="en">${valid} valid, ${invalid} invalid, ${undetermined} undetermined.</span></p>\n${pageEnd}`,
  },
}

/** A check that speaks against the certificate, or leaves it open. */
interface Objection {
  readonly id: CheckId
  readonly check: Extract<Check<CheckId>, { readonly outcome: 'fail' | 'unknown' }>
}

function objectionsTo({ checks }: AnyReport): readonly Objection[] {
  return checkIds.flatMap((id): readonly Objection[] => {
    const check: Check<CheckId> = checks[id]
    return check.outcome === 'fail' || check.outcome === 'unknown' ? [{ id, check }] : []
  })
}

/**
 * One file is one test case: invalid is a failure, undetermined an error, since a test that could not be made is no test
 * that was left out.
 */
function junitCase(file: string, report: AnyReport): string {
  const name = escaped(file)
  const faults = objectionsTo(report).map(({ id, check }) => {
    const tag = check.outcome === 'fail' ? 'failure' : 'error'
    const words = `${explainCheck(check, 'en')} ${explainCheck(check, 'zh')}`
    return `<${tag} type="${id}.${check.reason}" message="${escaped(explainCheck(check, 'en'))}">${escaped(words)}</${tag}>`
  })
  const body = faults.length === 0 ? '/>' : `>${faults.join('')}</testcase>`
  return `<testcase classname="${report.verdict}" name="${name}"${body}\n`
}

/** SARIF 2.1.0, section 3.49. */
const sarifRules = (): readonly Json[] =>
  Object.entries(reasonCatalogue).map(([id, { en, zh }]) => ({
    id,
    shortDescription: { text: en[0] },
    fullDescription: { text: `${en.join(' ')} ${zh.join('')}` },
    help: { text: en[1] },
  }))

/** Section 3.27: what fails is an error; what is left open has, as 3.27.10 asks of every other kind, no level. */
const sarifResults = (file: string, report: AnyReport): readonly JsonObject[] =>
  objectionsTo(report).map(({ id, check }) => ({
    ruleId: check.reason,
    level: check.outcome === 'fail' ? 'error' : 'none',
    kind: check.outcome === 'fail' ? 'fail' : 'open',
    message: { text: `${checkNames[id].en}: ${explainCheck(check, 'en')} ${explainCheck(check, 'zh')}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) } } }],
    partialFingerprints: { textDigest: report.digest },
    properties: { verdict: report.verdict, check: id },
  }))

const summaryResult = (text: string): JsonObject => ({
  kind: 'informational',
  level: 'none',
  message: { text },
})

/** RFC 3986: a relative reference whose segments are encoded; two slashes at its start would name a host. */
const uriOf = (file: string): string =>
  file
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/^\/{2,}/, '/')
    .split('/')
    .map(encodeURIComponent)
    .join('/')

const csvColumns = [
  'file',
  'verdict',
  'number',
  'name',
  'occupation',
  'grade',
  'awarded_on',
  'agency',
  'status_as_of',
  'existed_by',
  'reasons',
  'reason_en',
  'reason_zh',
  'not_checked',
  'policy',
  'checked_at',
  'sha256',
]

function csvCells(file: string, report: AnyReport): readonly string[] {
  const stated = statedIn(report)
  const objections = objectionsTo(report)
  const said = (language: 'en' | 'zh') =>
    objections.map(({ check }) => explainCheck(check, language)).join(' ')
  return [
    file,
    report.verdict,
    ...(stated === undefined ? Array<string>(6).fill('') : cellsOf(stated)),
    asOfStatus(report) ?? '',
    existedBy(report),
    objections.map(({ id, check }) => `${id}.${check.reason}`).join(' '),
    said('en'),
    said('zh'),
    notCheckedIn(report.checks).join(' '),
    report.policy.name,
    report.checkedAt,
    report.digest,
  ]
}

/** The oldest of the moments that status lists speak of. */
export function asOfStatus({ checks: { status } }: AnyReport): string | undefined {
  const lists = (status.outcome === 'skipped' ? undefined : status.facts?.lists) as
    | readonly JsonObject[]
    | undefined
  return lists?.map(({ asOf }) => String(asOf)).toSorted()[0]
}

const existedBy = ({ checks: { anchor } }: AnyReport): string =>
  anchor.outcome === 'pass' ? String(anchor.facts.existedBy) : ''

type Stated = Certificate | DisclosedCertificate

/** What a certificate says, or claims; a credential of another sort says nothing here. */
export function statedIn(report: AnyReport): Stated | undefined {
  if (report.verdict === 'valid') return 'certificate' in report ? report.certificate : undefined
  const { claimed } = report
  return claimed !== undefined && 'holder' in claimed && !('@context' in claimed) && !('vct' in claimed)
    ? (claimed as Stated)
    : undefined
}

const cellsOf = (stated: Stated): readonly string[] => [
  'number' in stated ? stated.number : '',
  stated.holder.name ?? '',
  'award' in stated ? stated.award.occupation.code : '',
  'award' in stated ? stated.award.grade.code : '',
  'awardedOn' in stated ? stated.awardedOn : '',
  stated.issuer.labels['zh-Hans'],
]

const htmlColumns = ['文件 / File', '结论 / Verdict', '证书 / Certificate', '截至 / As of', '说明 / Reasons']

function htmlRow(file: string, report: AnyReport): string {
  const stated = statedIn(report)
  const claims = report.verdict === 'valid' || stated === undefined ? '' : '<small>声称 / claims:</small> '
  const reasons = objectionsTo(report).map(
    ({ id, check }) =>
      `<p><strong>${checkNames[id].zh} / ${checkNames[id].en}</strong> <code>${check.reason}</code><br>${escaped(explainCheck(check, 'zh'))}<br><span lang="en">${escaped(explainCheck(check, 'en'))}</span></p>`,
  )
  const names = verdictNames[report.verdict]
  return `<tr><th scope="row">${escaped(file)}</th><td class="${report.verdict}">${names.zh} <span lang="en">${names.en}</span></td><td>${claims}${escaped(stated === undefined ? '' : cellsOf(stated).join(' · '))}</td><td>${escaped(asOfStatus(report) ?? '')}</td><td>${reasons.join('')}</td></tr>\n`
}
