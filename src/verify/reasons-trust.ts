/** Words for reasons why an agency is not recognised, or cannot be found to be. */
import type { Explanation } from '../base/message.ts'
import type { Reasons } from './report.ts'

/** What stands with the signature is not repeated here. */
type TrustReason = Exclude<Reasons['trust'], Reasons['proof']>

export const trustReasons: Readonly<Record<TrustReason, Explanation>> = {
  no_trust: {
    en: [
      'Nobody was named who may say which agencies are recognised.',
      'Give the supervising authority’s list with --trust.',
    ],
    zh: ['未指定由谁认定评价机构。', '请用 --trust 提供主管机构的信任列表。'],
  },
  trust_list_not_at_hand: {
    en: [
      'There is no list of recognised agencies by an authority that you named.',
      'Give the authority’s current trust file.',
    ],
    zh: ['没有您所指定主管机构签署的列表。', '请提供主管机构最新的信任文件。'],
  },
  trust_list_stale: {
    en: ['The list of recognised agencies has run out ({detail}).', 'Get the authority’s current one.'],
    zh: ['信任列表已过期（{detail}）。', '请获取主管机构最新的列表。'],
  },
  trust_list_not_yet_valid: {
    en: [
      'The list of recognised agencies is not in force yet ({detail}).',
      'Check the clock, or wait for its first day.',
    ],
    zh: ['信任列表尚未生效（{detail}）。', '请检查时间，或等待其生效。'],
  },
  trust_list_rolled_back: {
    en: [
      'An older list than one already seen was given ({detail}).',
      'Get the authority’s current one; somebody may be hiding a change.',
    ],
    zh: ['所给信任列表比已见过的更旧（{detail}）。', '请获取最新列表；可能有人隐瞒了变更。'],
  },
  trust_list_equivocation: {
    en: [
      'Two different lists bear the same number ({detail}).',
      'Ask the authority: neither can be relied on.',
    ],
    zh: ['同一编号出现两份不同的信任列表（{detail}）。', '两份均不可采信，请询问主管机构。'],
  },
  agency_not_listed: {
    en: [
      'The agency {detail} is not recognised by the authority that you named.',
      'Do not take it for a recognised certificate.',
    ],
    zh: ['机构 {detail} 不在您所指定主管机构的认可名单中。', '请勿视为被认可的证书。'],
  },
  key_not_listed: {
    en: [
      'The agency is recognised, but not the key that signed ({detail}).',
      'Do not accept it; ask the agency and the authority.',
    ],
    zh: ['机构被认可，但签名密钥不在名单中（{detail}）。', '请勿采信，并询问机构和主管机构。'],
  },
  key_outside_window: {
    en: [
      'The key {detail} was not in force when the certificate was signed.',
      'Ask the agency for a certificate signed anew.',
    ],
    zh: ['签名时密钥 {detail} 不在有效期内。', '请机构重新签名。'],
  },
  key_compromised: {
    en: [
      'The key {detail} was stolen, and this signature says of itself that it was made after that.',
      'Do not accept it; ask the agency for a new certificate.',
    ],
    zh: ['密钥 {detail} 已泄露，且该签名自称在泄露之后作出。', '请勿采信，并请机构换发。'],
  },
  occupation_out_of_scope: {
    en: [
      'The agency is not recognised for the occupation {detail}.',
      'Do not take it for a recognised certificate.',
    ],
    zh: ['机构未获准评价职业 {detail}。', '请勿视为被认可的证书。'],
  },
  grade_out_of_scope: {
    en: [
      'The agency is not recognised for this grade ({detail}).',
      'Do not take it for a recognised certificate.',
    ],
    zh: ['机构未获准评价该等级（{detail}）。', '请勿视为被认可的证书。'],
  },
  region_out_of_scope: {
    en: [
      'The agency is not recognised in this region ({detail}).',
      'Do not take it for a recognised certificate.',
    ],
    zh: ['机构未获准在该地区评价（{detail}）。', '请勿视为被认可的证书。'],
  },
  awarded_outside_window: {
    en: [
      'The agency was not recognised on the day of award ({detail}).',
      'Do not take it for a recognised certificate.',
    ],
    zh: ['发证日期（{detail}）机构不在认可期内。', '请勿视为被认可的证书。'],
  },
  key_maybe_compromised: {
    en: [
      'The key {detail} was stolen, and only the signature itself says that it is older than that.',
      'Ask the holder for the anchor file from before the theft, or the agency for a certificate signed anew.',
    ],
    zh: [
      '密钥 {detail} 已泄露，仅有签名自身声称早于泄露时间。',
      '请向持有人索取泄露之前的存证文件，或请机构重新签名。',
    ],
  },
  key_claimed_twice: {
    en: [
      'The list gives the key that signed to another agency as well ({detail}).',
      'Ask the authority whose it is.',
    ],
    zh: ['名单将该签名密钥同时列于另一机构（{detail}）名下。', '请询问主管机构该密钥的归属。'],
  },
  key_history_forked: {
    en: [
      'The agency tells two different stories of its keys ({detail}).',
      'Ask the authority: neither can be relied on.',
    ],
    zh: ['机构（{detail}）的密钥历史出现两个不同版本。', '均不可采信，请询问主管机构。'],
  },
  agency_lists_itself: {
    en: [
      'The list that names the agency is signed by the agency itself ({detail}).',
      'Get a list of the authority that supervises it.',
    ],
    zh: ['认可该机构的名单由该机构自己签署（{detail}）。', '请获取其主管机构的名单。'],
  },
  removed_without_anchor: {
    en: [
      'The agency was removed since, and nothing proves that it signed before that ({detail}).',
      'Ask the holder for an anchor file from before the removal.',
    ],
    zh: ['机构已被移出名单，且无法证明签名早于移出（{detail}）。', '请向持有人索取移出之前的存证文件。'],
  },
  delegation_exceeded: {
    en: [
      'The authority that lists the agency may not recognise this ({detail}).',
      'Do not take it for a recognised certificate.',
    ],
    zh: ['认可该机构的授权单位超出其获授权范围（{detail}）。', '请勿视为被认可的证书。'],
  },
  delegation_cyclic: {
    en: [
      'Authorities name each other in a circle ({detail}).',
      'Ask the authority that you named for its current list.',
    ],
    zh: ['授权形成循环（{detail}）。', '请向您指定的主管机构索取最新名单。'],
  },
  delegation_too_long: {
    en: [
      'More authorities stand between the one that you named and the agency than are followed ({detail}).',
      'Name one that is nearer to the agency.',
    ],
    zh: ['您指定的主管机构与该机构之间的授权层级过多（{detail}）。', '请指定层级更近的主管机构。'],
  },
  delegation_too_wide: {
    en: [
      'The lists name more authorities than are followed ({detail}).',
      'Name one that is nearer to the agency.',
    ],
    zh: ['名单中的授权单位数量超出处理上限（{detail}）。', '请指定层级更近的主管机构。'],
  },
  delegated_list_not_at_hand: {
    en: [
      'An authority was given the right to recognise agencies, and its list is not at hand ({detail}).',
      'Get that list, or evidence that has it.',
    ],
    zh: ['已获授权单位的名单不在手边（{detail}）。', '请获取该名单或包含它的证据文件。'],
  },
  trust_list_too_old: {
    en: [
      'The list that recognises the agency is older than your policy allows ({detail}).',
      'Get the authority’s newest one.',
    ],
    zh: ['认可该机构的名单超过您的策略允许的时限（{detail}）。', '请获取主管机构最新的名单。'],
  },
}
