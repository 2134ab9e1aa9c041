/** Words for what can go wrong with the code on a paper. */
import type { Explanation } from './message.ts'

export const paperErrors = {
  'paper.too_long': {
    en: [
      'The code of {number} would have {length} characters; a phone reads {limit} from a print.',
      'Shorten the names of direction or agency in the catalogue, or publish status lists under shorter addresses.',
    ],
    zh: [
      '{number} 的二维码将有 {length} 个字符，超过打印后手机可识别的 {limit} 个。',
      '请缩短目录中的职业方向或机构名称，或使用更短的状态列表地址。',
    ],
  },
  'paper.link_malformed': {
    en: ['{link} is no address for a page that verifies.', 'Give one such as https://HOST/verify.'],
    zh: ['{link} 不是核验页面的地址。', '请给出形如 https://主机/verify 的地址。'],
  },
  'paper.not_live': {
    en: [
      '{number} is revoked, replaced or not a grade certificate, so no code is made for it.',
      'Name one that counts.',
    ],
    zh: ['{number} 已撤销、已换发或不是等级证书，不生成二维码。', '请指定有效的证书。'],
  },
  'paper.which': {
    en: ['Codes are made of certificates by number, or of all.', 'Name numbers, or give --all.'],
    zh: ['请指明要生成二维码的证书编号，或全部生成。', '请给出编号或使用 --all。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>
