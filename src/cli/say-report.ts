/** A report in words, for the person who asked. */

import { asList, isObject, type JsonObject, textOf } from '../base/json.ts'
import type { Language } from '../base/message.ts'
import { visible } from '../base/visible.ts'
import type { Certificate } from '../certificate/certificate.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import { type FindingId, findingOf, findingWords } from '../render/finding.ts'
import { checkWords, describe, outcomeMarks, verdictMarks } from '../render/report-words.ts'
import type { PresentationChecks, PresentationReport } from '../verify/presentation.ts'
import { checkNames, explainCheck, verdictNames } from '../verify/reasons.ts'
import {
  type Check,
  type CheckId,
  type CredentialReport,
  checkIds,
  type Report,
  type Verdict,
} from '../verify/report.ts'
import { aligned, placesOf } from './columns.ts'
import type { Voice } from './output.ts'

/** The verdict, what the certificate says, then every check; what is only claimed is called so. */
export function sayReport(voice: Voice, file: string, report: Report | CredentialReport): void {
  const { language } = voice
  const stated = statedIn(report, language)
  voice.line(verdictLine(voice, report.verdict, file))
  const finding = findingOf(report)
  const { headline, next } = findingWords[finding]
  if (finding !== 'good') voice.line(`  ${voice.paint('strong', headline[language])}`)
  if (stated !== undefined) {
    const claimed = report.verdict === 'valid' ? '' : `${claims[language]} `
    voice.line(`  ${claimed}${visible(stated)}`)
  }
  for (const id of checkIds) voice.line(`  ${checkLine(id, report, voice)}`)
  if (finding !== 'good') voice.line(`  → ${next[language]}`)
}

/** Every fact of every check, one a line, for whoever wants to follow it by hand. */
export function sayFacts(voice: Voice, report: Report | CredentialReport): void {
  voice.line(`    sha256 ${report.digest}`)
  voice.line(`    policy ${visible(report.policy.name)} ${report.policy.digest}`)
  for (const id of checkIds) {
    const { facts = {} } = report.checks[id]
    for (const line of factLines(facts)) voice.line(`    ${id}.${visible(line)}`)
  }
}

function factLines(value: unknown, name = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`${name} ${value}`]
  const dot = name === '' ? '' : `${name}.`
  return Object.entries(value).flatMap(([member, inside]) => factLines(inside, `${dot}${member}`))
}

/** What a certificate says for a person; of any other credential its types and who issued it. */
function statedIn(report: Report | CredentialReport, language: Language): string | undefined {
  const stated =
    report.verdict !== 'valid'
      ? report.claimed
      : 'credential' in report
        ? report.credential
        : report.certificate
  if (stated === undefined) return undefined
  if (isCertificate(stated)) return describe(stated, language)
  const { type, vct, issuer, iss } = stated
  const by = isObject(issuer) ? issuer.id : (issuer ?? iss)
  return [
    asList(type ?? vct)
      .map(textOf)
      .join(', '),
    textOf(by),
  ].join(' · ')
}

/** Certificates have a holder in our model; documents as they stand have a subject. */
const isCertificate = (
  stated: Certificate | DisclosedCertificate | JsonObject,
): stated is Certificate | DisclosedCertificate =>
  'holder' in stated && !('@context' in stated) && !('vct' in stated)

/** Who presents, whether for this verifier and now, then every credential in it. */
export function sayPresentation(voice: Voice, file: string, report: PresentationReport): void {
  const { language } = voice
  voice.line(verdictLine(voice, report.verdict, file))
  if (report.holder !== undefined) voice.line(`  ${holderWords[language]} ${visible(report.holder)}`)
  for (const [id, check] of Object.entries(report.checks)) {
    const name = presentationNames[id as keyof PresentationChecks][language]
    voice.line(`  ${lineOf(name, check, explainCheck(check, language), voice)}`)
  }
  for (const [i, { report: one, isAboutHolder }] of report.credentials.entries()) {
    const mark = verdictMarks[one.verdict]
    const about = isAboutHolder === false ? ` ${ofAnother[language]}` : ''
    voice.line(`  ${i + 1}. ${mark} ${verdictNames[one.verdict][language]}${about}`)
    for (const id of checkIds) voice.line(`     ${checkLine(id, one, voice)}`)
  }
}

const holderWords = { en: 'presented by', zh: '出示者：' } as const
const ofAnother = {
  en: '(about somebody else than who presents it)',
  zh: '（内容关于出示者以外的人）',
} as const
const presentationNames = {
  format: checkNames.format,
  holder: { en: 'Holder’s key', zh: '持有人密钥' },
  proof: checkNames.proof,
  validity: checkNames.validity,
} as const

const claims = { en: 'claims:', zh: '声称：' } as const

const verdictTones = { valid: 'good', invalid: 'bad', undetermined: 'open' } as const
const outcomeTones = { pass: 'good', fail: 'bad', unknown: 'open', skipped: 'quiet' } as const

/** The verdict and the file that it is of. */
const verdictLine = ({ language, paint }: Voice, verdict: Verdict, file: string): string =>
  `${paint(verdictTones[verdict], `${verdictMarks[verdict]} ${verdictNames[verdict][language]}`)}  ${visible(file)}`

const checkLine = (id: CheckId, { checks }: Report | CredentialReport, voice: Voice): string =>
  lineOf(checkNames[id][voice.language], checks[id], checkWords(id, checks[id], voice.language), voice)

/** Mark, name, reason and words; words stand under each other. */
function lineOf(name: string, check: Check<CheckId>, words: string, { language, paint }: Voice): string {
  const reason = check.outcome === 'fail' || check.outcome === 'unknown' ? `[${check.reason}]  ` : ''
  const places = Math.max(...Object.values(checkNames).map((names) => placesOf(names[language])))
  const said = `${reason}${visible(words)}`
  const head = paint(outcomeTones[check.outcome], `${outcomeMarks[check.outcome]} ${name}`)
  return said === '' ? head : `${head}${' '.repeat(Math.max(0, places - placesOf(name)))}  ${said}`.trimEnd()
}

/** Several at once: how many of each finding, and what to do about those that are not good. */
export function sayFindings(voice: Voice, counts: ReadonlyMap<FindingId, number>): void {
  const rows = [...counts].filter(([id]) => id !== 'good').sort(([, a], [, b]) => b - a)
  const cells = rows.map(([id, count]) => [
    `  ${count}`,
    findingWords[id].headline[voice.language],
    `→ ${findingWords[id].next[voice.language]}`,
  ])
  for (const line of aligned(cells)) voice.line(line)
}
