/** Words for papers and pictures that are refused. */
import type { Explanation } from './message.ts'

export const carrierErrors = {
  'carrier.damaged': {
    en: ['{path} is damaged ({what}).', 'Get it again, unchanged.'],
    zh: ['{path} 已损坏（{what}）。', '请重新获取未经改动的文件。'],
  },
  'carrier.encrypted': {
    en: ['{path} is encrypted ({what}).', 'Open it and save it without a password.'],
    zh: ['{path} 已加密（{what}）。', '请解密另存后再试。'],
  },
  'carrier.scripted': {
    en: [
      '{path} holds a script or an action, which no certificate has ({what}).',
      'Do not open it; ask the agency for the certificate.',
    ],
    zh: ['{path} 含脚本或动作，证书不会有此内容（{what}）。', '请勿打开，并向机构索取证书。'],
  },
  'carrier.too_large': {
    en: [
      '{path} is too large for a certificate ({what}).',
      'Give the certificate’s own file, or a smaller picture of its code.',
    ],
    zh: ['{path} 过大，不可能是证书（{what}）。', '请提供证书原文件或较小的二维码图片。'],
  },
  'carrier.bomb': {
    en: ['{path} is built to expand without end ({what}).', 'Do not open it.'],
    zh: ['{path} 被构造为无限膨胀（{what}）。', '请勿打开。'],
  },
  'carrier.too_many_parts': {
    en: [
      '{path} has more parts than any certificate, or two certificates in one picture ({what}).',
      'Give the certificate’s own file.',
    ],
    zh: ['{path} 内含部件过多，或一张图片含有两份证书（{what}）。', '请提供证书原文件。'],
  },
  'carrier.nothing_inside': {
    en: [
      '{path} carries no certificate, and no code that can be read ({what}).',
      'Give a sharper picture, or the file that the agency issued.',
    ],
    zh: ['{path} 未包含证书，也没有可识别的二维码（{what}）。', '请提供更清晰的图片或机构签发的文件。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>
