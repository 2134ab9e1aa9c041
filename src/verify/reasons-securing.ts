/** Words for reasons why a token (JWT, SD-JWT), its disclosures or its holder's signature are refused. */
import type { Explanation } from '../base/message.ts'

const refuse = ['请勿采信，并向机构索取原文件。'] as const

const rows = {
  jws_malformed: {
    en: ['The token is cut off or changed ({detail}).', 'Get it again, unchanged.'],
    zh: ['令牌不完整或被改动（{detail}）。', '请重新获取未经改动的文件。'],
  },
  jws_too_large: {
    en: ['The token is larger than any certificate.', 'Get the certificate’s own file.'],
    zh: ['令牌超过证书允许的大小。', '请获取证书原文件。'],
  },
  jws_header_refused: {
    en: ['The token asks its reader for something unsafe ({detail}).', 'Do not accept it; ask the agency.'],
    zh: ['令牌头部含有不安全的要求（{detail}）。', ...refuse],
  },
  jwt_type: {
    en: [
      'The token says that it is of another kind ({detail}).',
      'Check that it is the certificate, and not another token.',
    ],
    zh: ['令牌声明的类型不符（{detail}）。', '请确认是证书而不是其他令牌。'],
  },
  jwt_claim: {
    en: ['A claim of the token is out of place or malformed ({detail}).', 'Ask the agency for one in order.'],
    zh: ['令牌中的声明缺失或格式有误（{detail}）。', '请向机构索取格式正确的证书。'],
  },
  jwt_claim_conflict: {
    en: ['The token says two things about one matter ({detail}).', 'Do not accept it; ask the agency.'],
    zh: ['令牌对同一事项有两种说法（{detail}）。', ...refuse],
  },
  jwt_key_name: {
    en: ['The token names no key of its issuer ({detail}).', 'Ask the agency for one in order.'],
    zh: ['令牌没有指明签发者的密钥（{detail}）。', '请向机构索取格式正确的证书。'],
  },
  envelope_malformed: {
    en: ['The envelope around the token is out of order ({detail}).', 'Give the token itself.'],
    zh: ['令牌外层封装格式有误（{detail}）。', '请直接提供令牌本身。'],
  },
  envelope_media_type: {
    en: ['The envelope holds something else than it says ({detail}).', 'Give the token itself.'],
    zh: ['封装内容与其声明的类型不符（{detail}）。', '请直接提供令牌。'],
  },
  envelope_too_large: {
    en: ['The envelope is larger than any certificate.', 'Give the token itself.'],
    zh: ['封装超过允许的大小。', '请直接提供令牌。'],
  },
  sd_jwt_malformed: {
    en: ['The SD-JWT is cut off or changed ({detail}).', 'Get it again, unchanged.'],
    zh: ['SD-JWT 不完整或被改动（{detail}）。', '请重新获取未经改动的文件。'],
  },
  sd_jwt_too_large: {
    en: ['The SD-JWT is larger, or has more parts, than any certificate.', 'Do not accept it.'],
    zh: ['SD-JWT 的大小或组成部分超过允许范围。', '请勿采信。'],
  },
  sd_jwt_too_deep: {
    en: ['The SD-JWT is nested deeper than any certificate.', 'Do not accept it.'],
    zh: ['SD-JWT 嵌套层次超过允许范围。', '请勿采信。'],
  },
  hash_unknown: {
    en: ['The SD-JWT uses a hash that is not known ({detail}).', 'Use a newer version, or ask the agency.'],
    zh: ['SD-JWT 使用未知的摘要算法（{detail}）。', '请使用较新的版本，或联系机构。'],
  },
  digest_malformed: {
    en: ['A digest in the SD-JWT is none.', 'Do not accept it; ask the agency.'],
    zh: ['SD-JWT 中的摘要格式有误。', ...refuse],
  },
  digest_repeated: {
    en: ['One digest stands twice in the SD-JWT.', 'Do not accept it; ask the agency.'],
    zh: ['SD-JWT 中同一摘要出现两次。', ...refuse],
  },
  disclosure_malformed: {
    en: ['A disclosure is out of order.', 'Ask the holder to present it again.'],
    zh: ['一项披露内容格式有误。', '请持有人重新出示。'],
  },
  disclosure_repeated: {
    en: ['One disclosure was handed over twice.', 'Ask the holder to present the certificate again.'],
    zh: ['同一项披露内容出现两次。', '请持有人重新出示证书。'],
  },
  disclosure_unreferenced: {
    en: ['A disclosure does not belong to this certificate.', 'Do not accept what it says.'],
    zh: ['一项披露内容不属于该证书。', '请勿采信其内容。'],
  },
  disclosed_name_refused: {
    en: ['A disclosure has a name that is not allowed ({detail}).', 'Do not accept it.'],
    zh: ['一项披露内容使用了不允许的名称（{detail}）。', '请勿采信。'],
  },
  disclosed_name_taken: {
    en: ['A disclosure would replace what is stated already ({detail}).', 'Do not accept it.'],
    zh: ['一项披露内容会覆盖已有内容（{detail}）。', '请勿采信。'],
  },
  typ_refused: {
    en: ['The SD-JWT is not of the type dc+sd-jwt ({detail}).', 'Ask the agency for one in order.'],
    zh: ['SD-JWT 的类型不是 dc+sd-jwt（{detail}）。', '请向机构索取格式正确的证书。'],
  },
  claim_hidden: {
    en: ['A claim is hidden that everybody has to see ({detail}).', 'Do not accept it; ask the agency.'],
    zh: ['必须公开的声明被隐藏（{detail}）。', ...refuse],
  },
  claim_malformed: {
    en: ['A claim of the SD-JWT is missing or malformed ({detail}).', 'Ask the agency for one in order.'],
    zh: ['SD-JWT 的声明缺失或格式有误（{detail}）。', '请向机构索取格式正确的证书。'],
  },
  key_unnamed: {
    en: ['The SD-JWT does not say which key of the issuer made it.', 'Ask the agency for one in order.'],
    zh: ['SD-JWT 没有指明签发密钥。', '请向机构索取格式正确的证书。'],
  },
  kid_of_another: {
    en: ['The SD-JWT names a key of somebody else than its issuer ({detail}).', 'Do not accept it.'],
    zh: ['SD-JWT 指明的密钥不属于签发者（{detail}）。', '请勿采信。'],
  },
  x5c_malformed: {
    en: ['The certificate chain of the signature cannot be read.', 'Ask the agency for one in order.'],
    zh: ['签名所附证书链无法读取。', '请向机构索取格式正确的证书。'],
  },
  binding_missing: {
    en: [
      'You asked who presents it and when; it does not say.',
      'Ask the holder for a presentation with your challenge.',
    ],
    zh: ['您要求证明由持有人针对本次请求出示，但其中没有。', '请持有人使用您的挑战值出示。'],
  },
  key_binding_missing: {
    en: ['Nobody shows to be its holder.', 'Ask the holder to present it with their key.'],
    zh: ['没有持有人证明。', '请持有人用其密钥出示。'],
  },
  key_binding_malformed: {
    en: ['What shows the holder cannot be read.', 'Ask the holder to present it again.'],
    zh: ['持有人证明无法读取。', '请持有人重新出示。'],
  },
  key_binding_type: {
    en: ['What shows the holder is a token of another kind.', 'Ask the holder to present it again.'],
    zh: ['持有人证明的令牌类型不符。', '请持有人重新出示。'],
  },
  confirmation_missing: {
    en: [
      'The certificate was not bound to a key, so nobody can show to be its holder.',
      'Check the identity in another way, or ask for a bound certificate.',
    ],
    zh: ['该证书未绑定密钥，无法证明持有人。', '请用其他方式核实身份，或要求绑定密钥的证书。'],
  },
  confirmation_malformed: {
    en: ['The key that the certificate is bound to cannot be read.', 'Ask the agency for one in order.'],
    zh: ['证书绑定的密钥无法读取。', '请向机构索取格式正确的证书。'],
  },
  key_binding_algorithm: {
    en: ['The holder signed with another algorithm than that of the key.', 'Do not accept it.'],
    zh: ['持有人签名算法与密钥不符。', '请勿采信。'],
  },
  key_binding_audience: {
    en: ['The holder presented it to somebody else.', 'Ask the holder to present it to you directly.'],
    zh: ['持有人出示的对象是他人。', '请持有人直接向您出示。'],
  },
  key_binding_nonce: {
    en: ['The holder presented it on another occasion.', 'Ask the holder to present it for your request.'],
    zh: ['持有人是在另一场合出示的。', '请持有人针对本次请求出示。'],
  },
  key_binding_time: {
    en: ['It was presented too long ago, or in the future.', 'Ask the holder to present it now.'],
    zh: ['出示时间过早或在未来。', '请持有人现在重新出示。'],
  },
  key_binding_of_another_text: {
    en: ['What shows the holder belongs to other disclosures.', 'Ask the holder to present it once more.'],
    zh: ['持有人证明对应的是另一份披露内容。', '请持有人重新出示。'],
  },
  key_binding_signature: {
    en: ['The holder’s signature does not hold.', 'Do not accept it: the holder’s key did not sign it.'],
    zh: ['持有人签名不成立。', '请勿采信：并非持有人密钥所签。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>

/** What is read wrong in a token, by reader. */
export type TokenReason = keyof typeof rows

export const securingReasons: Readonly<Record<TokenReason, Explanation>> = rows
