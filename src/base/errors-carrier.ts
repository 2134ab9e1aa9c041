/** Words for papers and pictures that are refused. */
import type { Explanation } from './message.ts'

export const carrierErrors = {
  'carrier.damaged': {
    en: ['{path} is damaged.', 'Get it again, unchanged.'],
    zh: ['{path} 已损坏。', '请重新获取未经改动的文件。'],
  },
  'carrier.encrypted': {
    en: ['{path} is encrypted.', 'Open it and save it without a password.'],
    zh: ['{path} 已加密。', '请解密另存后再试。'],
  },
  'carrier.scripted': {
    en: [
      '{path} holds a script or an action, which no certificate has.',
      'Do not open it; ask the agency for the certificate.',
    ],
    zh: ['{path} 含脚本或动作，证书不会有此内容。', '请勿打开，并向机构索取证书。'],
  },
  'carrier.too_large': {
    en: ['{path} is too large for a certificate.', 'Give the certificate’s own file.'],
    zh: ['{path} 过大，不可能是证书。', '请提供证书原文件。'],
  },
  'carrier.bomb': {
    en: ['{path} is built to expand without end.', 'Do not open it.'],
    zh: ['{path} 被构造为无限膨胀。', '请勿打开。'],
  },
  'carrier.too_many_parts': {
    en: [
      '{path} has more parts than any certificate, or two certificates in one picture.',
      'Give the certificate’s own file.',
    ],
    zh: ['{path} 内含部件过多，或一张图片含有两份证书。', '请提供证书原文件。'],
  },
  'carrier.nothing_inside': {
    en: [
      '{path} carries no certificate, and no code that can be read.',
      'Give a sharper picture, or the file that the agency issued.',
    ],
    zh: ['{path} 未包含证书，也没有可识别的二维码。', '请提供更清晰的图片或机构签发的文件。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>
