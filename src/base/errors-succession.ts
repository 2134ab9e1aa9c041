/** The codes thrown where one certificate follows another: corrections, signing again, upgrades. */
import type { Explanation } from './message.ts'

export const successionErrors = {
  'registry.not_live': {
    en: [
      'The certificate {number} changed meanwhile: what was to be replaced is no longer live.',
      'Look at its status, then decide again.',
    ],
    zh: ['证书 {number} 的状态已发生变化，被替换的凭证已不再有效。', '请查看其当前状态后重新决定。'],
  },
  'reissue.not_possible': {
    en: [
      'The certificate {number} is {standing}: it cannot be issued again.',
      'Reinstate one that is suspended first; one that is revoked or expired stays so.',
    ],
    zh: [
      '证书 {number} 当前状态为 {standing}，不能换发。',
      '已暂停的证书请先恢复；已撤销或已过期的证书不能换发。',
    ],
  },
  'reissue.field_unknown': {
    en: ['{field} is not a field that a correction can change.', 'Use one of: {fields}.'],
    zh: ['{field} 不是可以更正的字段。', '可更正的字段：{fields}。'],
  },
  'reissue.field_twice': {
    en: ['{field} is given more than once.', 'Give each field once.'],
    zh: ['{field} 重复给出。', '每个字段只能给出一次。'],
  },
  'reissue.value_malformed': {
    en: ['The new value of {field} cannot be taken: {what}.', 'Give it as the certificate is to state it.'],
    zh: ['{field} 的新值无效：{what}。', '请按证书应载明的内容填写。'],
  },
  'reissue.nothing_to_correct': {
    en: ['The certificate {number} states all of this already.', 'Name what is to change with --set.'],
    zh: ['证书 {number} 已载明这些内容。', '请用 --set 指定需要更正的内容。'],
  },
  'reissue.file_malformed': {
    en: [
      'The corrections {path} cannot be read ({what}).',
      'Give a table with a column `number` and a column for each field to correct.',
    ],
    zh: ['无法读取更正文件 {path}（{what}）。', '请提供含“证书编号”列及各更正字段列的表格。'],
  },
  'reissue.key_signs': {
    en: [
      '{method} still signs: to sign again with it changes nothing.',
      'Put another key in its place first.',
    ],
    zh: ['{method} 仍在用于签名，用它重新签名没有意义。', '请先更换密钥。'],
  },
  'reissue.number_or_file': {
    en: ['Name one certificate, or a file of corrections.', 'Give a number with --set, or --file alone.'],
    zh: ['请指定一张证书或一个更正文件。', '请给出证书编号和 --set，或只给出 --file。'],
  },
  'reissue.too_early': {
    en: [
      'The certificate {number} holds from {from}; what takes its place cannot be dated {day}.',
      'Check the clock and --at.',
    ],
    zh: ['证书 {number} 自 {from} 起有效，替换件不能早于该日（{day}）。', '请检查系统时间和 --at。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>
