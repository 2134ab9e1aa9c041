/** Words for reasons why a certificate is not one that the policy accepts. */
import type { Explanation } from '../base/message.ts'
import type { Reasons } from './report.ts'

export const policyReasons: Readonly<Record<Reasons['policy'], Explanation>> = {
  check_not_made: {
    en: [
      'Your policy requires a check that could not be made ({detail}).',
      'Bring what the check takes, or leave it out of `required`.',
    ],
    zh: ['您的策略要求的检查未能进行（{detail}）。', '请提供所需材料，或从 `required` 中删除该检查。'],
  },
  occupation_not_accepted: {
    en: [
      'The certificate is for the occupation {detail}, which your policy does not accept.',
      'Ask for another certificate.',
    ],
    zh: ['证书的职业为 {detail}，不在您的策略接受范围内。', '请索取符合要求的证书。'],
  },
  grade_too_low: {
    en: [
      'The certificate is of the grade {detail}, lower than your policy wants.',
      'Ask for one of a higher grade.',
    ],
    zh: ['证书等级为 {detail}，低于您的策略要求。', '请索取更高等级的证书。'],
  },
  region_not_accepted: {
    en: [
      'The certificate was awarded in {detail}, which your policy does not accept.',
      'Ask for another certificate.',
    ],
    zh: ['证书颁发地区为 {detail}，不在您的策略接受范围内。', '请索取符合要求的证书。'],
  },
  agency_not_accepted: {
    en: [
      'The certificate is of the agency {detail}, which your policy does not accept.',
      'Ask for another certificate.',
    ],
    zh: ['证书由 {detail} 颁发，不在您的策略接受范围内。', '请索取符合要求的证书。'],
  },
  awarded_too_early: {
    en: [
      'The certificate was awarded on {detail}, before the first day that your policy accepts.',
      'Ask for a newer one.',
    ],
    zh: ['证书颁发于 {detail}，早于您的策略接受的日期。', '请索取较新的证书。'],
  },
  awarded_too_late: {
    en: [
      'The certificate was awarded on {detail}, after the last day that your policy accepts.',
      'Ask for an older one.',
    ],
    zh: ['证书颁发于 {detail}，晚于您的策略接受的日期。', '请索取较早的证书。'],
  },
  nobody_expected: {
    en: [
      'Your policy matches the person ({detail}), and nobody was named.',
      'Name the person with --name or --id-number, or screen with a roster.',
    ],
    zh: [
      '您的策略要求核对人员（{detail}），但未指定是谁。',
      '请用 --name 或 --id-number 指定，或使用名册筛查。',
    ],
  },
  name_differs: {
    en: [
      'The certificate is in another name than the one that you gave.',
      'Do not take it for this person’s; ask them.',
    ],
    zh: ['证书上的姓名与您提供的姓名不同。', '请勿视为此人的证书，并向本人核实。'],
  },
  name_not_disclosed: {
    en: ['The holder does not show the name.', 'Ask the holder to present it with the name.'],
    zh: ['持有人未出示姓名。', '请持有人出示姓名。'],
  },
  id_number_differs: {
    en: [
      'The certificate has another ID number than the one that you gave.',
      'Do not take it for this person’s; ask them.',
    ],
    zh: ['证书上的证件号码与您提供的不同。', '请勿视为此人的证书，并向本人核实。'],
  },
  id_number_not_disclosed: {
    en: [
      'The holder does not show the ID number; badges never have it.',
      'Ask the holder to present the SD-JWT form with the ID number.',
    ],
    zh: ['持有人未出示证件号码；徽章形式从不包含证件号码。', '请持有人以 SD-JWT 形式出示证件号码。'],
  },
}
