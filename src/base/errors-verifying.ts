/** The codes that a verifier can throw: they come with it, while those of issuing stay at home. */
import type { Explanation } from './message.ts'

export const verifyingErrors = {
  'trust.file_malformed': {
    en: [
      'The trust file is not one ({what}).',
      'Give the file that `init` or `trust sign` wrote, unchanged; evidence goes to --evidence.',
    ],
    zh: [
      '信任文件格式不正确（{what}）。',
      '请使用 `init` 或 `trust sign` 生成的原文件；证据文件请用 --evidence。',
    ],
  },
  'evidence.file_malformed': {
    en: [
      'The evidence file is not one ({what}).',
      'Give the evidence.json that `publish` wrote, unchanged; trust files go to --trust.',
    ],
    zh: [
      '证据文件格式不正确（{what}）。',
      '请使用 `publish` 生成的 evidence.json 原文件；信任文件请用 --trust。',
    ],
  },
  'evidence.item_altered': {
    en: [
      'Item {item} of the evidence ({url}) was changed after it was gathered: its digest is another.',
      'Gather it again, or take the item out; do not repair the digest.',
    ],
    zh: ['证据第 {item} 项（{url}）在收集后被改动：摘要不符。', '请重新收集，或删除该项；不要自行修改摘要。'],
  },
  'verify.record_malformed': {
    en: [
      'The report that was kept is not one ({what}).',
      'Give a line that `verify --record` wrote, or a receipt, unchanged.',
    ],
    zh: ['所保存的报告格式不正确（{what}）。', '请使用 `verify --record` 写出的原始内容或回执。'],
  },
  'verify.binding_malformed': {
    en: [
      'The challenge or the domain of the presentation is empty.',
      'Draw a random challenge for every request and name yourself as domain.',
    ],
    zh: ['出示凭证的挑战值或域名为空。', '请为每次请求生成随机挑战值，并填写自己的域名。'],
  },
  'verify.policy_malformed': {
    en: [
      'The policy is not in order ({what}).',
      'Compare the file with the schema gradecert/schemas/policy-v1.json: ages are seconds, 0 or more; an anchor is asked for by any, tlog or the CAIP-2 id of a chain; roots are base64 of DER.',
    ],
    zh: [
      '验证策略有误（{what}）。',
      '请对照 gradecert/schemas/policy-v1.json：时限为不小于 0 的秒数；存证要求须为 any、tlog 或链的 CAIP-2 标识；根证书须为 DER 的 base64。',
    ],
  },
} as const satisfies Readonly<Record<string, Explanation>>
