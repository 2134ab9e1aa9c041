/** Words for reasons why a certificate that can be read is not good, or cannot be found to be. */
import type { Explanation } from '../base/message.ts'
import type { Reading } from './reasons-reading.ts'
import type { TokenReason } from './reasons-securing.ts'
import type { Reasons } from './report.ts'

/** What stands with the reading of a text is not repeated here. */
type Judging = Exclude<Reasons['proof' | 'validity' | 'status'], TokenReason | Reading>

export const judgingReasons: Readonly<Record<Judging, Explanation>> = {
  proof_missing: {
    en: ['The certificate is not signed.', 'Do not accept it: anybody could have written it.'],
    zh: ['证书没有签名。', '请勿采信：任何人都可能写出这样的文件。'],
  },
  proof_empty: {
    en: ['The certificate has a place for signatures and none in it.', 'Do not accept it.'],
    zh: ['证书的签名列表为空。', '请勿采信。'],
  },
  proof_malformed: {
    en: ['The signature is not in order.', 'Do not accept it; ask the agency for the original file.'],
    zh: ['签名格式有误。', '请勿采信，并向机构索取原文件。'],
  },
  proof_id_duplicate: {
    en: ['Two signatures go by one name.', 'Do not accept it.'],
    zh: ['两个签名使用同一标识。', '请勿采信。'],
  },
  proof_purpose: {
    en: ['It was signed for another purpose than issuing.', 'Do not accept it.'],
    zh: ['签名用途不是签发证书。', '请勿采信。'],
  },
  proof_chain_broken: {
    en: [
      'A signature that others build on is missing or out of order.',
      'Ask the agency for the original file.',
    ],
    zh: ['签名链缺失或次序有误。', '请向机构索取原文件。'],
  },
  proof_suite_unknown: {
    en: [
      'It is signed in a way that is not supported ({detail}).',
      'Ask the agency for a certificate signed with eddsa-rdfc-2022.',
    ],
    zh: ['不支持该签名方式（{detail}）。', '请机构以 eddsa-rdfc-2022 签发。'],
  },
  proof_challenge: {
    en: ['It was made for another occasion than yours.', 'Ask the holder to present it for your request.'],
    zh: ['该出示不是针对您的本次请求。', '请持有人针对您的请求重新出示。'],
  },
  proof_domain: {
    en: ['It was made for somebody else than you.', 'Ask the holder to present it to you.'],
    zh: ['该出示的对象不是您。', '请持有人向您重新出示。'],
  },
  proof_not_derived: {
    en: [
      'It holds the proof that is meant for its holder alone.',
      'Ask the holder to show what you need of it.',
    ],
    zh: ['其中是仅供持有人保管的基础证明。', '请持有人出示所需部分。'],
  },
  context_inline: {
    en: [
      'It gives its words meanings of its own, or puts an address in place of a word ({detail}).',
      'Do not accept it; ask the agency.',
    ],
    zh: ['文件自行定义了用词含义，或以网址代替用词（{detail}）。', '请勿采信，并联系机构。'],
  },
  signature_malformed: {
    en: ['The signature is damaged.', 'Get the original file again.'],
    zh: ['签名已损坏。', '请重新获取原文件。'],
  },
  signature_mismatch: {
    en: [
      'The certificate was changed after it was signed, or the signature is of another.',
      'Do not accept it; ask the agency.',
    ],
    zh: ['证书在签名后被改动，或签名来自别的文件。', '请勿采信，并联系机构。'],
  },
  key_algorithm: {
    en: ['The key does not fit the signature ({detail}).', 'Do not accept it.'],
    zh: ['密钥与签名算法不符（{detail}）。', '请勿采信。'],
  },
  context_mismatch: {
    en: ['The certificate contains a part that is not signed ({detail}).', 'Do not accept it.'],
    zh: ['证书含有未签名的部分（{detail}）。', '请勿采信。'],
  },
  data_loss: {
    en: [
      'The certificate contains words that no vocabulary defines, so they are not signed.',
      'Do not accept it: something was added.',
    ],
    zh: ['证书含有词汇表未定义的内容，未被签名覆盖。', '请勿采信：有内容被添加。'],
  },
  not_json_ld: {
    en: ['The certificate cannot be read as linked data.', 'Do not accept it; ask the agency.'],
    zh: ['证书不能按关联数据读取。', '请勿采信，并联系机构。'],
  },
  too_much_work: {
    en: ['The certificate is built to keep programs busy without end.', 'Do not accept it.'],
    zh: ['证书被构造成使程序陷入无尽计算。', '请勿采信。'],
  },
  key_unknown: {
    en: [
      'Who signed could not be found out, so this cannot be checked.',
      'See to what is missing about the issuer’s key or the signature first.',
    ],
    zh: ['未能确定由谁签名，此项无法检查。', '请先补齐签发者密钥或签名所缺的信息。'],
  },
  not_yet_valid: {
    en: ['The certificate is only in force from {detail}.', 'Check again from that day.'],
    zh: ['证书自 {detail} 起才生效。', '请在该日之后再验证。'],
  },
  expired: {
    en: ['The certificate was in force until {detail}.', 'Ask the holder for a renewed one.'],
    zh: ['证书有效期至 {detail}，现已过期。', '请持证人提供换发的证书。'],
  },
  proof_expired: {
    en: ['The signature was only good until {detail}.', 'Ask the agency for a certificate signed anew.'],
    zh: ['签名有效期至 {detail}，现已过期。', '请机构重新签名。'],
  },
  proof_from_future: {
    en: [
      'The signature says that it was made after now ({detail}).',
      'Check the clock of this machine; else do not accept it.',
    ],
    zh: ['签名时间晚于现在（{detail}）。', '请检查本机时间；如无误则勿采信。'],
  },
  revoked: {
    en: ['The agency has revoked the certificate for good ({detail}).', 'Do not accept it.'],
    zh: ['证书已被机构撤销，不可恢复（{detail}）。', '请勿采信。'],
  },
  suspended: {
    en: [
      'The agency has suspended the certificate ({detail}).',
      'Do not rely on it until the agency reinstates it.',
    ],
    zh: ['证书已被机构暂停（{detail}）。', '在机构恢复之前请勿采信。'],
  },
  status_malformed: {
    en: [
      'The certificate does not say properly where its status stands.',
      'Do not accept it; ask the agency.',
    ],
    zh: ['证书的状态信息有误。', '请勿采信，并联系机构。'],
  },
  status_type_unknown: {
    en: [
      'The status is kept in a way that is not supported ({detail}).',
      'Ask the agency whether the certificate is live.',
    ],
    zh: ['不支持该状态查询方式（{detail}）。', '请向机构确认证书是否有效。'],
  },
  status_list_not_at_hand: {
    en: [
      'Whether it was revoked could not be found out: the list {detail} is not at hand.',
      'Give the agency’s evidence.json with --evidence, or check with --online.',
    ],
    zh: [
      '缺少状态列表 {detail}，无法得知是否被撤销。',
      '请用 --evidence 提供机构的 evidence.json，或用 --online 联网验证。',
    ],
  },
  status_list_not_believed: {
    en: [
      'It could not be confirmed that the list {detail} that came along is the agency’s.',
      'Get evidence.json from the agency itself, or check with --online.',
    ],
    zh: [
      '无法确认所附状态列表 {detail} 由该机构签署。',
      '请从机构获取 evidence.json，或用 --online 联网验证。',
    ],
  },
  status_list_too_old: {
    en: [
      'The status list is older than your policy allows ({detail}).',
      'Get the agency’s newest one: run `gradecert gather --refresh` or ask for its evidence.json.',
    ],
    zh: [
      '状态列表超过您的策略允许的时限（{detail}）。',
      '请运行 `gradecert gather --refresh`，或向机构索取最新的 evidence.json。',
    ],
  },
  status_list_stale: {
    en: [
      'The status list counted only until a moment that is past ({detail}), so whether it was revoked since is not known.',
      'Ask the agency for a fresh evidence.json, or check with --online.',
    ],
    zh: [
      '状态列表已过截止时间（{detail}），无法得知此后是否被撤销。',
      '请向机构索取新的 evidence.json，或用 --online 联网验证。',
    ],
  },
  status_list_from_future: {
    en: [
      'The status list {detail} is dated after now.',
      'Check the clock of this machine, or the moment given with --at.',
    ],
    zh: ['状态列表 {detail} 的日期晚于现在。', '请检查本机时间或 --at 指定的时刻。'],
  },
  status_list_unreadable: {
    en: ['The status list cannot be read ({detail}).', 'Ask the agency to publish it again.'],
    zh: ['状态列表无法读取（{detail}）。', '请机构重新发布。'],
  },
  status_value_unknown: {
    en: [
      'The status list says something that is not known ({detail}).',
      'Use a newer version, or ask the agency.',
    ],
    zh: ['状态列表中的取值含义未知（{detail}）。', '请使用较新的版本，或联系机构。'],
  },
  status_index_out_of_range: {
    en: [
      'The certificate points beyond the end of its status list ({detail}).',
      'Do not accept it; ask the agency.',
    ],
    zh: ['证书指向状态列表之外的位置（{detail}）。', '请勿采信，并联系机构。'],
  },
  status_purpose_mismatch: {
    en: [
      'The list speaks of something else than it was asked for ({detail}).',
      'Ask the agency for its evidence.json.',
    ],
    zh: ['状态列表用途不符（{detail}）。', '请向机构索取 evidence.json。'],
  },
}
