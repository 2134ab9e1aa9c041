/** Words for a report: every reason with what is wrong and what to do, in English and Chinese. */
import { type Explanation, explain, type Language, type Words } from '../base/message.ts'
import { anchorReasons } from './reasons-anchor.ts'
import { judgingReasons } from './reasons-judging.ts'
import { policyReasons } from './reasons-policy.ts'
import { readingReasons } from './reasons-reading.ts'
import { securingReasons } from './reasons-securing.ts'
import { trustReasons } from './reasons-trust.ts'
import type { Because, Check, CheckId, NotChecked, Reasons, Verdict } from './report.ts'

export type Reason = Reasons[CheckId]

/** One row per reason; `{detail}` stands for the detail of the check. */
export const reasonCatalogue: Readonly<Record<Reason, Explanation>> = {
  ...readingReasons,
  ...judgingReasons,
  ...securingReasons,
  ...anchorReasons,
  ...trustReasons,
  ...policyReasons,
}

/** Why a check was not made. */
export const becauseCatalogue: Readonly<Record<Because, Words>> = {
  format_failed: {
    en: 'not checked: the certificate could not be read so far',
    zh: '未检查：证书无法读取到这一步',
  },
  no_schema_at_hand: { en: 'not checked: no schema is at hand', zh: '未检查：没有可用的结构定义' },
  no_status: { en: 'not checked: this kind of document has no status', zh: '未检查：此类文件没有状态' },
  not_asked: {
    en: 'not asked: the issuer of any credential is taken as it is',
    zh: '未要求：不判断该凭证的签发者是否获认可',
  },
  no_criteria: {
    en: 'not asked: your policy wants nothing more of the certificate',
    zh: '未要求：您的策略对证书没有其他要求',
  },
  no_anchor: { en: 'not asked: it carries no anchor', zh: '未要求：未附存证' },
  no_chain_state: {
    en: 'not checked: there are anchors, but you named no logs or chains to judge them by (--chains)',
    zh: '未检查：附有存证，但您未指定据以判断的日志或区块链（--chains）',
  },
  anchor_not_verified: {
    en: 'not asked: there are anchors, but none could be verified',
    zh: '未要求：附有存证，但均未能核实',
  },
}

/** What was checked in the place of a signature. */
export const byBatchWords: Words = {
  en: 'checked by the signed batch commitment; its own signature was not checked',
  zh: '依据签发者对整批证书的签名核对；未核对该证书自身的签名',
}

/** The checks as a person would call them. */
export const checkNames: Readonly<Record<CheckId, Words>> = {
  format: { en: 'Format', zh: '格式' },
  schema: { en: 'Schema', zh: '结构' },
  issuer: { en: "Issuer's key", zh: '签发者密钥' },
  proof: { en: 'Signature', zh: '签名' },
  validity: { en: 'Dates', zh: '有效期' },
  status: { en: 'Status', zh: '撤销状态' },
  trust: { en: 'Recognition', zh: '机构认可' },
  anchor: { en: 'Anchor', zh: '存证时间' },
  policy: { en: 'Policy', zh: '验证策略' },
}

/** What a report leaves unchecked, in words. */
export const notCheckedNames: Readonly<Record<NotChecked, Words>> = {
  ...checkNames,
  own_signature: { en: 'Own signature', zh: '自身签名' },
}

export const verdictNames: Readonly<Record<Verdict, Words>> = {
  valid: { en: 'valid', zh: '有效' },
  invalid: { en: 'invalid', zh: '无效' },
  undetermined: { en: 'undetermined', zh: '无法判定' },
}

/** What a reason means and what to do, without the detail that a report has. */
export const explainReason = (reason: Reason, language: Language): string =>
  explain(reasonCatalogue[reason], language, { detail: '–' })

/** One or two sentences on a check that did not pass; on one that did nothing, unless it was made another way than by default. */
export function explainCheck(check: Check<CheckId>, language: Language): string {
  if (check.outcome === 'pass') return check.facts.by === 'batch' ? byBatchWords[language] : ''
  if (check.outcome === 'skipped') return becauseCatalogue[check.because][language]
  return explain(reasonCatalogue[check.reason], language, { detail: check.detail })
}
