/** A report in words, for the person who asked. */

import { asList, isObject, type JsonObject, textOf } from '../base/json.ts'
import type { Language } from '../base/message.ts'
import { visible } from '../base/visible.ts'
import type { Certificate } from '../certificate/certificate.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import { checkWords, describe, outcomeMarks, verdictMarks } from '../render/report-words.ts'
import type { PresentationChecks, PresentationReport } from '../verify/presentation.ts'
import { checkNames, explainCheck, verdictNames } from '../verify/reasons.ts'
import { type Check, type CheckId, type CredentialReport, checkIds, type Report } from '../verify/report.ts'
import type { Voice } from './output.ts'

/** The verdict, what the certificate says, then every check; what is only claimed is called so. */
export function sayReport(voice: Voice, file: string, report: Report | CredentialReport): void {
  const { language } = voice
  const stated = statedIn(report, language)
  voice.line(`${verdictMarks[report.verdict]} ${verdictNames[report.verdict][language]}  ${visible(file)}`)
  if (stated !== undefined) {
    const claimed = report.verdict === 'valid' ? '' : `${claims[language]} `
    voice.line(`  ${claimed}${visible(stated)}`)
  }
  for (const id of checkIds) voice.line(`  ${checkLine(id, report, language)}`)
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
  voice.line(`${verdictMarks[report.verdict]} ${verdictNames[report.verdict][language]}  ${visible(file)}`)
  if (report.holder !== undefined) voice.line(`  ${holderWords[language]} ${visible(report.holder)}`)
  for (const [id, check] of Object.entries(report.checks)) {
    voice.line(
      `  ${lineOf(presentationNames[id as keyof PresentationChecks][language], check, explainCheck(check, language))}`,
    )
  }
  for (const [i, { report: one, isAboutHolder }] of report.credentials.entries()) {
    const mark = verdictMarks[one.verdict]
    const about = isAboutHolder === false ? ` ${ofAnother[language]}` : ''
    voice.line(`  ${i + 1}. ${mark} ${verdictNames[one.verdict][language]}${about}`)
    for (const id of checkIds) voice.line(`     ${checkLine(id, one, language)}`)
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

const checkLine = (id: CheckId, { checks }: Report | CredentialReport, language: Language): string =>
  lineOf(checkNames[id][language], checks[id], checkWords(id, checks[id], language))

function lineOf(name: string, check: Check<CheckId>, words: string): string {
  const reason = check.outcome === 'fail' || check.outcome === 'unknown' ? ` [${check.reason}]` : ''
  return `${outcomeMarks[check.outcome]} ${name}${reason}${words === '' ? '' : `  ${visible(words)}`}`
}
