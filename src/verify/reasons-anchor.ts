/** Words for reasons why an anchor that the policy asks for could not be found to be there. */
import type { Explanation } from '../base/message.ts'
import type { Reasons } from './report.ts'

export const anchorReasons: Readonly<Record<Reasons['anchor'], Explanation>> = {
  anchor_missing: {
    en: [
      'You ask for an anchor, and there is none of that kind ({detail}).',
      'Ask the holder for the file NUMBER.anchor.json beside the certificate.',
    ],
    zh: ['您要求存证，但没有此类存证（{detail}）。', '请向持有人索取证书旁的 编号.anchor.json 文件。'],
  },
  anchor_pending: {
    en: [
      'The anchor is not in a block yet ({detail}).',
      'Ask the agency to run `gradecert anchor upgrade` and for the file that it then gives.',
    ],
    zh: ['存证尚未写入区块（{detail}）。', '请机构运行 `gradecert anchor upgrade` 并提供更新后的文件。'],
  },
  anchor_too_shallow: {
    en: [
      'The block of the anchor is too near to the end of the chain ({detail}).',
      'Renew your state of the chain in some hours and verify again.',
    ],
    zh: ['存证所在区块距链末端太近（{detail}）。', '请数小时后更新链状态文件再验证。'],
  },
  anchor_not_judgeable: {
    en: [
      'There is an anchor, but nothing that you trust says whether it is good ({detail}).',
      'Give a state of logs and chains that reaches to it with --chains FILE.',
    ],
    zh: [
      '附有存证，但您信任的资料不足以判断（{detail}）。',
      '请用 --chains 文件 提供涵盖该存证的日志与链状态。',
    ],
  },
  anchor_test_chain: {
    en: [
      'The anchor is in a chain that is for tests ({detail}).',
      'Do not count on its time; ask for an anchor in a chain that is not.',
    ],
    zh: ['存证位于测试链（{detail}）。', '请勿以其时间为准；请索取正式链上的存证。'],
  },
  anchor_unsupported: {
    en: [
      'The anchor is of a kind that this version does not know ({detail}).',
      'Verify with a newer version, or ask for another anchor.',
    ],
    zh: ['此版本不支持该类存证（{detail}）。', '请使用更新的版本验证，或索取其他存证。'],
  },
  anchor_invalid: {
    en: [
      'The anchor does not lead from this certificate to anything that you trust ({detail}).',
      'Ask for the right file; the certificate itself may be good.',
    ],
    zh: ['该存证不能从此证书通向您所信任的任何记录（{detail}）。', '请索取正确的文件；证书本身仍可能有效。'],
  },
}
