/** A report in words, for the person who asked. */

import type { AnchorVerdict } from '../anchor/anchor.ts'
import { asList, isObject, type JsonObject, textOf } from '../base/json.ts'
import type { Language } from '../base/message.ts'
import type { Certificate } from '../certificate/certificate.ts'
import { gradeLabels } from '../certificate/grade.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import type { PresentationChecks, PresentationReport } from '../verify/presentation.ts'
import { byBatchWords, checkNames, explainCheck, verdictNames } from '../verify/reasons.ts'
import { type Check, type CheckId, type CredentialReport, checkIds, type Report } from '../verify/report.ts'
import { filled, type Voice, visible } from './output.ts'

/** The verdict, what the certificate says, then every check; what is only claimed is called so. */
export function sayReport(voice: Voice, file: string, report: Report | CredentialReport): void {
  const { language } = voice
  const stated = statedIn(report, language)
  voice.line(`${marks[report.verdict]} ${verdictNames[report.verdict][language]}  ${visible(file)}`)
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
  voice.line(`${marks[report.verdict]} ${verdictNames[report.verdict][language]}  ${visible(file)}`)
  if (report.holder !== undefined) voice.line(`  ${holderWords[language]} ${visible(report.holder)}`)
  for (const [id, check] of Object.entries(report.checks)) {
    voice.line(`  ${lineOf(presentationNames[id as keyof PresentationChecks][language], check, language)}`)
  }
  for (const [i, { report: one, isAboutHolder }] of report.credentials.entries()) {
    const mark = marks[one.verdict]
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

/** What a list that does not clear anybody said, and when. */
const saidAsOf = {
  en: '(the list speaks of {asOf} and counts until {until})',
  zh: '（列表截至 {asOf}，有效至 {until}）',
} as const

const marks = { valid: '✔', invalid: '✘', undetermined: '?' } as const
const claims = { en: 'claims:', zh: '声称：' } as const
const withheld = { en: '(name not disclosed)', zh: '（未披露姓名）' } as const
const outcomeMarks = { pass: '✔', fail: '✘', unknown: '?', skipped: '–' } as const

function checkLine(id: CheckId, { checks }: Report | CredentialReport, language: Language): string {
  const check = checks[id]
  const words =
    check.outcome === 'pass'
      ? passWords(id, check.facts, language)
      : id === 'status' && check.outcome !== 'skipped' && check.facts !== undefined
        ? `${explainCheck(check, language)} ${filled(saidAsOf[language], spanOf(check.facts))}`
        : undefined
  return lineOf(checkNames[id][language], check, language, words)
}

function lineOf(
  name: string,
  check: Check<CheckId>,
  language: Language,
  words = explainCheck(check, language),
): string {
  const reason = check.outcome === 'fail' || check.outcome === 'unknown' ? ` [${check.reason}]` : ''
  return `${outcomeMarks[check.outcome]} ${name}${reason}${words === '' ? '' : `  ${visible(words)}`}`
}

/** What a person wants to know of a check that passed. */
function passWords(id: CheckId, facts: Readonly<Record<string, unknown>>, language: Language): string {
  if (id === 'format' && Array.isArray(facts.disclosed)) {
    const names = facts.disclosed.map((pointer) => String(pointer).slice(1)).join(', ')
    return language === 'zh' ? `持有人披露：${names || '无'}` : `the holder discloses: ${names || 'nothing'}`
  }
  if (id === 'proof' && facts.boundTo !== undefined) {
    return language === 'zh'
      ? `由证书绑定密钥（${facts.boundTo}）的持有人针对本次请求出示`
      : `presented for your request by who holds the key ${facts.boundTo}`
  }
  if (id === 'proof' && facts.by === 'batch') return byBatchWords[language]
  if (id === 'status') {
    const { asOf, until } = spanOf(facts)
    return language === 'zh'
      ? `截至 ${asOf} 未撤销、未暂停（列表有效至 ${until}）`
      : `neither revoked nor suspended as of ${asOf} (the list counts until ${until})`
  }
  if (id === 'trust') return trustWords(facts, language)
  if (id === 'policy') {
    const name = typeof facts.name === 'string' ? filled(nameKinds[language], { kind: facts.name }) : ''
    return language === 'zh' ? `符合您的要求${name}` : `what you asked for${name}`
  }
  if (id === 'anchor') return anchorWords(facts as unknown as AnchorFacts, language)
  return ''
}

/** The oldest moment that a status list speaks of, and the first at which one of them ends. */
function spanOf(facts: Readonly<Record<string, unknown>>): { readonly asOf: string; readonly until: string } {
  const lists = facts.lists as readonly { readonly asOf: string; readonly until: string }[]
  const first = (moments: readonly string[]) => moments.toSorted()[0] ?? ''
  return { asOf: first(lists.map(({ asOf }) => asOf)), until: first(lists.map(({ until }) => until)) }
}

const nameKinds = { en: '; name: {kind}', zh: '；姓名比对：{kind}' } as const

function trustWords(facts: Readonly<Record<string, unknown>>, language: Language): string {
  const zh = language === 'zh'
  const through = (facts.through ?? []) as readonly { readonly delegate: string }[]
  const steps = through.map(({ delegate }) => delegate).join(' → ')
  const notes = [
    steps !== '' && (zh ? `经 ${steps} 授权` : `through ${steps}`),
    facts.standing === 'removed' && (zh ? '该机构此后已被移出' : 'the agency was removed since'),
    facts.overdue === true && (zh ? '名单应已更新' : 'a newer list is due'),
    facts.trial === true && (zh ? '试用列表' : 'a TRIAL list'),
  ].filter((note) => note !== false)
  const more = notes.length === 0 ? '' : zh ? `（${notes.join('；')}）` : ` (${notes.join('; ')})`
  return zh
    ? `由 ${facts.authority} 认可，名单截至 ${facts.asOf}${more}`
    : `recognised by ${facts.authority}, as of ${facts.asOf}${more}`
}

interface AnchorFacts {
  readonly existedBy: string
  readonly anchors: readonly AnchorVerdict[]
}

/** By when it was there, and on whose word: the earliest of those that are verified. */
function anchorWords({ existedBy, anchors }: AnchorFacts, language: Language): string {
  const earliest = anchors.find((one) => one.status === 'verified' && one.existedBy === existedBy)
  const by = earliest?.basis
  const others = anchors.filter(({ status }) => status === 'verified').length - 1
  const where = earliest?.chain ?? earliest?.location?.log ?? ''
  const words =
    by === undefined
      ? ''
      : by.by === 'witnesses'
        ? filled(anchorBasis.witnesses[language], {
            where,
            count: by.names.length,
            names: by.names.join(', '),
          })
        : filled(anchorBasis.blocks[language], { where, depth: by.depth, by: by.by })
  const more = others > 0 ? ` ${filled(anchorBasis.more[language], { others })}` : ''
  return `${filled(anchorBasis.existed[language], { existedBy })}${words}${more}`
}

const anchorBasis = {
  existed: { en: 'signed no later than {existedBy}, on the word of ', zh: '签名不晚于 {existedBy}，依据：' },
  witnesses: {
    en: '{count} witnesses of the log {where} ({names})',
    zh: '日志 {where} 的 {count} 个见证方（{names}）',
  },
  blocks: {
    en: 'the chain {where} as you hold it ({by}, {depth} deep)',
    zh: '您持有的链 {where} 的状态（{by}，深度 {depth}）',
  },
  more: { en: '(and {others} more)', zh: '（另有 {others} 项）' },
} as const

function describe(certificate: Certificate | DisclosedCertificate, language: Language): string {
  const name = certificate.holder.name ?? withheld[language]
  const tag = language === 'zh' ? 'zh-Hans' : 'en'
  if (!('award' in certificate)) {
    const { labels } = certificate.course
    return [name, labels[tag] ?? labels['zh-Hans'], certificate.awardedOn].join(' · ')
  }
  const { occupation, grade } = certificate.award
  const agency = certificate.issuer.labels
  return [
    name,
    occupation.labels[tag] ?? occupation.labels['zh-Hans'],
    `${gradeLabels[grade.code][tag]} (${grade.ordinal}/3)`,
    ...('number' in certificate ? [certificate.number, certificate.awardedOn] : [certificate.outcome]),
    agency[tag] ?? agency['zh-Hans'],
  ].join(' · ')
}
