/** What a report says, in words: the same on a terminal and on a page. */
import type { AnchorVerdict } from '../anchor/anchor.ts'
import type { Language } from '../base/message.ts'
import { filled } from '../base/visible.ts'
import type { Certificate } from '../certificate/certificate.ts'
import { gradeLabels } from '../certificate/grade.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import { byBatchWords, explainCheck } from '../verify/reasons.ts'
import type { Check, CheckId } from '../verify/report.ts'

export const verdictMarks = { valid: '✔', invalid: '✘', undetermined: '?' } as const
export const outcomeMarks = { pass: '✔', fail: '✘', unknown: '?', skipped: '–' } as const

/** What a person wants to know of a check, whatever came out; empty where its outcome says it all. */
export function checkWords(id: CheckId, check: Check<CheckId>, language: Language): string {
  if (check.outcome === 'pass') return passWords(id, check.facts, language)
  const words = explainCheck(check, language)
  return id === 'status' && check.outcome !== 'skipped' && check.facts !== undefined
    ? `${words} ${filled(saidAsOf[language], spanOf(check.facts))}`
    : words
}

/** What a list that does not clear anybody said, and when. */
const saidAsOf = {
  en: '(the list speaks of {asOf} and counts until {until})',
  zh: '（列表截至 {asOf}，有效至 {until}）',
} as const

const withheld = { en: '(name not disclosed)', zh: '（未披露姓名）' } as const
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

/** A certificate in one line: who, what, which grade, number, day, agency. */
export function describe(certificate: Certificate | DisclosedCertificate, language: Language): string {
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
