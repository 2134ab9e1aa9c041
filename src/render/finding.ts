/** What a report comes to for somebody who has never heard of credentials: one finding, in plain words, with what to do. */
import type { Words } from '../base/message.ts'
import type { Check, CheckId, Checks, Reasons, Verdict } from '../verify/report.ts'

export type FindingId = (typeof order)[number]['id'] | 'good' | 'good_on_trial'

/** A finding applies where its check has the outcome, for one of the reasons if it names any. */
interface FindingRow<Id extends CheckId = CheckId> {
  readonly id: string
  readonly check: Id
  readonly outcome: 'fail' | 'unknown'
  readonly reasons?: readonly Reasons[Id][]
}

const row = <const Name extends string, Id extends CheckId>(
  id: Name,
  check: Id,
  outcome: 'fail' | 'unknown',
  reasons?: readonly Reasons[Id][],
) => ({ id, check, outcome, ...(reasons && { reasons }) }) satisfies FindingRow<Id>

/** The first that applies is told: a text that is not what was signed has no status, and a revoked one no end. */
const order = [
  row('altered', 'format', 'fail', ['data_loss', 'resource_mismatch']),
  row('no_certificate', 'format', 'fail'),
  row('unreadable_here', 'format', 'unknown'),
  row('altered', 'proof', 'fail'),
  row('no_certificate', 'schema', 'fail'),
  row('revoked', 'status', 'fail', ['revoked']),
  row('suspended', 'status', 'fail', ['suspended']),
  row('key_not_good', 'issuer', 'fail'),
  row('unrecognised', 'trust', 'fail'),
  row('expired', 'validity', 'fail', ['expired', 'proof_expired']),
  row('not_yet', 'validity', 'fail'),
  row('status_unclear', 'status', 'fail'),
  row('not_wanted', 'policy', 'fail'),
  row('anchor_missing', 'anchor', 'fail'),
  row('nobody_trusted', 'trust', 'unknown', ['no_trust']),
  row('issuer_unknown', 'issuer', 'unknown'),
  row('recognition_unknown', 'trust', 'unknown'),
  row('status_unknown', 'status', 'unknown'),
  row('unchecked', 'proof', 'unknown'),
  row('unchecked', 'schema', 'unknown'),
  row('unchecked', 'validity', 'unknown'),
  row('not_compared', 'policy', 'unknown'),
  row('anchor_missing', 'anchor', 'unknown'),
] as const

/** The finding of a report; never a good one unless the verdict is. */
export function findingOf({
  verdict,
  checks,
}: {
  readonly verdict: Verdict
  readonly checks: Checks
}): FindingId {
  if (verdict === 'valid') {
    const { trust } = checks
    return trust.outcome === 'pass' && trust.facts.trial === true ? 'good_on_trial' : 'good'
  }
  const found = order.find(({ check, outcome, ...more }: FindingRow) => {
    const made: Check<CheckId> = checks[check]
    return made.outcome === outcome && (more.reasons?.some((reason) => reason === made.reason) ?? true)
  })
  return found?.id ?? 'unchecked'
}

interface FindingWords {
  /** A few words, in large letters. */
  readonly headline: Words
  readonly meaning: Words
  readonly next: Words
}

export const findingWords: Readonly<Record<FindingId, FindingWords>> = {
  good: {
    headline: { en: 'Genuine and in force', zh: '真实有效' },
    meaning: {
      en: 'The agency named below signed exactly this, it was recognised on the day of award, and the certificate is neither revoked nor suspended as of the moment below.',
      zh: '以下内容由所列机构签署、未被改动；该机构在发证日获得认可；截至所示时刻证书未被撤销或暂停。',
    },
    next: {
      en: 'Compare the name with the identity document of the person before you.',
      zh: '请将姓名与持证人的身份证件核对。',
    },
  },
  good_on_trial: {
    headline: { en: 'Good, under a TRIAL list only', zh: '核验通过，但仅依据试用名单' },
    meaning: {
      en: 'Everything fits, but the list that recognises the agency is a trial: no authority stands behind it.',
      zh: '各项核验均通过，但认可该机构的是试用名单，没有主管机构背书。',
    },
    next: {
      en: 'Do not rely on it; ask for the list of the real authority.',
      zh: '请勿据此采信；请向主管机构索取正式名单。',
    },
  },
  altered: {
    headline: { en: 'Not what was signed', zh: '与签署的内容不符' },
    meaning: {
      en: 'The signature does not belong to this content: something in it was changed, or it was never signed by whom it names.',
      zh: '签名与内容不一致：内容被改动过，或从未由其所称机构签署。',
    },
    next: {
      en: 'Do not accept it. Ask the holder for the original file, and the agency if in doubt.',
      zh: '请勿采信。请向持有人索取原始文件，如有疑问请联系机构。',
    },
  },
  no_certificate: {
    headline: { en: 'Not a certificate', zh: '不是证书' },
    meaning: {
      en: 'This file has not the form of a professional technical grade certificate.',
      zh: '该文件不符合专业技术等级证书的格式。',
    },
    next: {
      en: 'Ask the holder for the file that the agency issued.',
      zh: '请向持有人索取机构签发的文件。',
    },
  },
  unreadable_here: {
    headline: { en: 'Could not be read to the end', zh: '未能完整读取' },
    meaning: {
      en: 'Something that this certificate refers to is not at hand here, so nothing can be said of it.',
      zh: '证书引用的部分内容此处没有，因此无法得出结论。',
    },
    next: {
      en: 'Add the agency’s evidence file and look again.',
      zh: '请加入机构的证据文件后重新核验。',
    },
  },
  revoked: {
    headline: { en: 'Revoked by its agency', zh: '已被签发机构撤销' },
    meaning: {
      en: 'It was genuine, and the agency has withdrawn it for good.',
      zh: '该证书曾经真实有效，现已被机构永久撤销。',
    },
    next: {
      en: 'Do not accept it. If it was reissued, ask the holder for the newer one.',
      zh: '请勿采信。如已换发，请向持有人索取新证书。',
    },
  },
  suspended: {
    headline: { en: 'Suspended for now', zh: '已被暂停' },
    meaning: {
      en: 'The agency has put it on hold; it may be released or revoked.',
      zh: '机构已暂停该证书，之后可能恢复或撤销。',
    },
    next: {
      en: 'Do not accept it now; check again later, or ask the agency.',
      zh: '目前请勿采信；请稍后重新核验或联系机构。',
    },
  },
  key_not_good: {
    headline: { en: 'Signed with a key that does not count', zh: '签名密钥不被承认' },
    meaning: {
      en: 'The key was ended, stolen or never the agency’s at that time.',
      zh: '该密钥当时已停用、被盗，或从未属于该机构。',
    },
    next: { en: 'Do not accept it; ask the agency.', zh: '请勿采信，并联系机构。' },
  },
  unrecognised: {
    headline: { en: 'Issuer not recognised', zh: '签发机构未获认可' },
    meaning: {
      en: 'It may be unchanged, but whoever signed it was not recognised for such an award on that day by anybody whom you trust.',
      zh: '内容可能未被改动，但您所信任的主管机构并未认可该签发者在当日颁发此类证书。',
    },
    next: {
      en: 'Do not accept it as a recognised certificate; look the agency up with the authority.',
      zh: '请勿将其视为获认可的证书；请向主管机构查询该机构。',
    },
  },
  expired: {
    headline: { en: 'Expired', zh: '已过有效期' },
    meaning: {
      en: 'It was genuine, and its last day is over. That is no forgery.',
      zh: '证书曾经有效，现已过期；这并不表示伪造。',
    },
    next: {
      en: 'Ask the holder for a renewed one, or decide whether an expired one is enough.',
      zh: '请向持有人索取更新的证书，或自行判断过期证书是否足够。',
    },
  },
  not_yet: {
    headline: { en: 'Not in force yet', zh: '尚未生效' },
    meaning: {
      en: 'It counts from a later moment, or this device’s clock is wrong.',
      zh: '证书的生效时间尚未到，或本设备时钟有误。',
    },
    next: {
      en: 'Check the clock, then look again from that day on.',
      zh: '请核对时钟，并在生效日之后重新核验。',
    },
  },
  status_unclear: {
    headline: { en: 'Its status cannot be accepted', zh: '其状态不可接受' },
    meaning: {
      en: 'What the certificate or its list says about its status is malformed or out of place.',
      zh: '证书或状态列表中关于状态的内容有误。',
    },
    next: { en: 'Do not accept it; ask the agency.', zh: '请勿采信，并联系机构。' },
  },
  not_wanted: {
    headline: { en: 'Not what you asked for', zh: '不符合您的要求' },
    meaning: {
      en: 'It may be genuine, but it is not the occupation, grade, place, time or person that your policy wants.',
      zh: '证书可能真实，但其职业、等级、地区、时间或人员不符合您的策略。',
    },
    next: { en: 'See the check “Policy” below.', zh: '请查看下方“验证策略”。' },
  },
  anchor_missing: {
    headline: { en: 'Not dated as you asked', zh: '缺少您要求的存证时间' },
    meaning: {
      en: 'Your policy asks for a proof of when it existed, and none could be verified.',
      zh: '您的策略要求证明其存在时间，但未能核实。',
    },
    next: {
      en: 'Ask the holder for the file of its anchors, or judge without.',
      zh: '请向持有人索取存证文件，或不作此要求。',
    },
  },
  nobody_trusted: {
    headline: {
      en: 'Unchanged so far, but nobody vouches for the issuer',
      zh: '内容可读，但无人为签发者背书',
    },
    meaning: {
      en: 'No list of an authority is loaded here, so anybody could have issued it in any name.',
      zh: '此处未载入主管机构的名单，任何人都可能以任何名义签发。',
    },
    next: {
      en: 'Load the trust list of the authority that you rely on.',
      zh: '请载入您所信赖的主管机构的信任名单。',
    },
  },
  issuer_unknown: {
    headline: { en: 'The issuer’s key could not be found', zh: '未能找到签发者的密钥' },
    meaning: {
      en: 'Without the agency’s key nothing can be said of the signature.',
      zh: '没有机构的密钥，就无法核对签名。',
    },
    next: { en: 'Add the agency’s evidence file and look again.', zh: '请加入机构的证据文件后重新核验。' },
  },
  recognition_unknown: {
    headline: { en: 'Recognition could not be found out', zh: '无法查明是否获认可' },
    meaning: {
      en: 'The list that would say whether the agency is recognised is not at hand, too old, or open to doubt.',
      zh: '用于判断机构是否获认可的名单缺失、过旧或存疑。',
    },
    next: { en: 'Load a current list of the authority.', zh: '请载入主管机构的最新名单。' },
  },
  status_unknown: {
    headline: { en: 'Whether it still counts is unknown', zh: '是否仍然有效未知' },
    meaning: {
      en: 'The list that would say whether it was revoked is not at hand, or too old.',
      zh: '用于判断是否被撤销的状态列表缺失或已过期。',
    },
    next: {
      en: 'Add a current evidence file of the agency and look again.',
      zh: '请加入机构最新的证据文件后重新核验。',
    },
  },
  not_compared: {
    headline: { en: 'What you asked for could not be compared', zh: '无法与您的要求比对' },
    meaning: {
      en: 'The certificate does not disclose what your policy wants to compare.',
      zh: '证书未披露您的策略所要比对的内容。',
    },
    next: { en: 'Ask the holder to disclose it.', zh: '请持有人披露相关内容。' },
  },
  unchecked: {
    headline: { en: 'Could not be checked', zh: '未能核验' },
    meaning: {
      en: 'A check could not be made to its end. That says neither that it is good nor that it is bad.',
      zh: '有检查未能完成，因此既不能说有效，也不能说无效。',
    },
    next: { en: 'See below which check, and what it needs.', zh: '请查看下方未完成的检查及其所需内容。' },
  },
}
