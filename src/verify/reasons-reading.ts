/** Words for reasons why a text cannot be read as a certificate, or its issuer's key not be found. */
import type { Explanation } from '../base/message.ts'
import type { SignatureFault } from '../securing/data-integrity.ts'
import type { ProofFault } from '../securing/proof.ts'
import type { TokenReason } from './reasons-securing.ts'
import type { Reasons } from './report.ts'

/** Tokens and proofs have words of their own. */
export type Reading = Exclude<
  Reasons['format' | 'schema' | 'issuer'],
  TokenReason | Exclude<ProofFault | SignatureFault, 'context_not_at_hand'>
>

export const readingReasons: Readonly<Record<Reading, Explanation>> = {
  too_large: {
    en: ['The file is larger than any certificate.', 'Get the certificate’s own file.'],
    zh: ['文件超过证书允许的大小。', '请获取证书原文件。'],
  },
  invalid_utf8: {
    en: [
      'The file is not text in UTF-8, so it was damaged or is something else.',
      'Get it again, unchanged.',
    ],
    zh: ['文件不是 UTF-8 文本，可能已损坏或不是证书。', '请重新获取未经改动的文件。'],
  },
  byte_order_mark: {
    en: [
      'The file starts with a byte order mark: an editor has saved it.',
      'Get the file that the agency gave out.',
    ],
    zh: ['文件开头有字节顺序标记，说明被编辑器另存过。', '请使用机构发放的原文件。'],
  },
  not_json: {
    en: ['The file is not a certificate: it is not JSON.', 'Check that it is the right file and whole.'],
    zh: ['文件不是 JSON，不是证书。', '请确认文件正确且完整。'],
  },
  too_deep: {
    en: ['The file is nested deeper than any certificate.', 'Do not accept it; ask the agency.'],
    zh: ['文件嵌套层次超过证书允许的范围。', '请勿采信，并联系机构。'],
  },
  duplicate_name: {
    en: [
      'The file says one thing twice, so two readers could see two certificates.',
      'Do not accept it; ask the agency.',
    ],
    zh: ['文件中同一项出现两次，不同程序可能读出不同内容。', '请勿采信，并联系机构。'],
  },
  forbidden_name: {
    en: ['The file uses a name that attacks programs that read it.', 'Do not accept it.'],
    zh: ['文件含有用于攻击读取程序的名称。', '请勿采信。'],
  },
  lone_surrogate: {
    en: ['The file contains half a character.', 'Get it again, unchanged.'],
    zh: ['文件含有不完整的字符。', '请重新获取未经改动的文件。'],
  },
  unsafe_number: {
    en: ['The file contains a number that programs read differently.', 'Do not accept it; ask the agency.'],
    zh: ['文件含有不同程序会读出不同值的数字。', '请勿采信，并联系机构。'],
  },
  code_malformed: {
    en: [
      'The code was not read to its end, or is none of a certificate ({detail}).',
      'Scan it again, closer and in better light.',
    ],
    zh: ['二维码读取不完整，或不是证书的二维码（{detail}）。', '请靠近并在光线充足处重新扫描。'],
  },
  code_too_large: {
    en: ['The code expands to more than any certificate has.', 'Do not accept it.'],
    zh: ['二维码展开后超过任何证书的大小。', '请勿采信。'],
  },
  code_claims_malformed: {
    en: [
      'The code does not say what the code of a certificate says ({detail}).',
      'Do not accept it; ask the agency.',
    ],
    zh: ['二维码内容不符合证书二维码的规定（{detail}）。', '请勿采信，并联系机构。'],
  },
  not_a_credential: {
    en: ['The file is not a certificate.', 'Check that it is the right file.'],
    zh: ['文件不是证书。', '请确认文件是否正确。'],
  },
  not_a_presentation: {
    en: ['The text is not a presentation.', 'Ask the holder to present the certificate for your request.'],
    zh: ['文本不是出示凭证。', '请持有人针对您的请求重新出示。'],
  },
  presentation_malformed: {
    en: [
      'The presentation breaks the rules of its standard ({detail}).',
      'Ask the holder to present it again.',
    ],
    zh: ['出示凭证不符合标准（{detail}）。', '请持有人重新出示。'],
  },
  credential_malformed: {
    en: ['The credential breaks the rules of its standard ({detail}).', 'Ask its issuer for one in order.'],
    zh: ['凭证不符合标准（{detail}）。', '请向签发者索取格式正确的凭证。'],
  },
  context_not_accepted: {
    en: [
      'The certificate does not use exactly the vocabulary of our certificates.',
      'Do not accept it: its words could mean something else. Ask the agency.',
    ],
    zh: ['证书所用词汇表与本类证书不一致。', '请勿采信：其用词可能另有含义。请联系机构。'],
  },
  context_not_at_hand: {
    en: [
      'The vocabulary {detail} is not at hand, so the certificate cannot be read with certainty.',
      'Give the agency’s evidence.json with --evidence, or check with --online.',
    ],
    zh: [
      '缺少词汇表 {detail}，无法确定证书含义。',
      '请用 --evidence 提供机构的 evidence.json，或用 --online 联网验证。',
    ],
  },
  type_unknown: {
    en: ['It is a credential, but not a certificate that we know.', 'Check that it is the right file.'],
    zh: ['这是一份凭证，但不是已知的证书类型。', '请确认文件是否正确。'],
  },
  type_not_accepted: {
    en: [
      'It is a document of another kind ({detail}), not a grade certificate.',
      'Ask the candidate for the grade certificate.',
    ],
    zh: ['这是另一类文件（{detail}），不是等级证书。', '请向持证人索取等级证书。'],
  },
  badge_malformed: {
    en: [
      'The certificate contradicts itself or is not complete, at {detail}.',
      'Do not accept it; ask the agency.',
    ],
    zh: ['证书内容自相矛盾或不完整：{detail}。', '请勿采信，并联系机构。'],
  },
  resource_mismatch: {
    en: [
      'What was brought as a resource of the credential is not what it names ({detail}).',
      'Get the resource from its own address.',
    ],
    zh: ['所提供的资源与凭证中的摘要不符（{detail}）。', '请从其原地址获取该资源。'],
  },
  schema_entry_malformed: {
    en: ['The credential names a schema in a way that cannot be read ({detail}).', 'Ask its issuer.'],
    zh: ['凭证对结构定义的引用无法读取（{detail}）。', '请联系签发者。'],
  },
  schema_not_believed: {
    en: [
      'The schema at hand is not the one that the issuer named ({detail}).',
      'Get it from its own address.',
    ],
    zh: ['手头的结构定义并非签发者所指（{detail}）。', '请从其原地址获取。'],
  },
  schema_indeterminate: {
    en: [
      'The schema asks for something that is not judged here ({detail}).',
      'Judge it by other means if you need it.',
    ],
    zh: ['结构定义含有此处不判断的内容（{detail}）。', '如有需要，请以其他方式判断。'],
  },
  claims_malformed: {
    en: ['The certificate does not hold together ({detail}).', 'Ask the agency for one in order.'],
    zh: ['证书声明不完整或自相矛盾（{detail}）。', '请向机构索取格式正确的证书。'],
  },
  issuer_metadata_malformed: {
    en: [
      'The issuer’s list of keys cannot be read ({detail}).',
      'Ask the issuer to correct what it publishes.',
    ],
    zh: ['签发者公布的密钥列表无法读取（{detail}）。', '请联系签发者更正其公布内容。'],
  },
  issuer_metadata_not_at_hand: {
    en: ['The issuer’s list of keys ({detail}) is not at hand.', 'Gather it, or allow the network.'],
    zh: ['没有签发者（{detail}）的密钥列表。', '请收集该列表，或允许联网。'],
  },
  certificate_not_trusted: {
    en: [
      'The chain of certificates behind the signature does not lead to a root that you named ({detail}).',
      'Name the root if you trust it.',
    ],
    zh: ['签名所附证书链未通向您指定的根证书（{detail}）。', '如信任该根证书，请予指定。'],
  },
  status_missing: {
    en: [
      'The certificate does not say where its status can be checked.',
      'Do not accept it; ask the agency for a proper one.',
    ],
    zh: ['证书未说明在何处查验状态。', '请勿采信，并请机构重新出具。'],
  },
  internal_error: {
    en: [
      'The check came to an end that it should not.',
      'Report it; the certificate is neither confirmed nor refuted.',
    ],
    zh: ['检查程序出现异常。', '请反馈该问题；证书既未被确认也未被否定。'],
  },
  schema_violated: {
    en: [
      'The certificate does not have the form that it says it has, at {detail}.',
      'Do not accept it; ask the agency.',
    ],
    zh: ['证书不符合其声明的格式：{detail}。', '请勿采信，并联系机构。'],
  },
  did_malformed: {
    en: ['The issuer’s identifier {detail} is none.', 'Do not accept it.'],
    zh: ['签发者标识 {detail} 无效。', '请勿采信。'],
  },
  did_not_at_hand: {
    en: [
      'The keys of {detail} are not at hand.',
      'Give the agency’s evidence.json with --evidence, or check with --online.',
    ],
    zh: ['缺少 {detail} 的密钥信息。', '请用 --evidence 提供机构的 evidence.json，或用 --online 联网验证。'],
  },
  did_method_unknown: {
    en: [
      'The issuer {detail} uses a kind of identifier that is not supported.',
      'Ask the agency for a certificate by did:key, did:jwk, did:web or did:webvh.',
    ],
    zh: [
      '签发者 {detail} 使用了不支持的标识类型。',
      '请机构以 did:key、did:jwk、did:web 或 did:webvh 出具证书。',
    ],
  },
  did_log_refused: {
    en: [
      'The history of the issuer’s identifier {detail} does not hold, by what is at hand.',
      'Do not accept it unless it passes with the evidence.json that the agency itself gives.',
    ],
    zh: [
      '现有资料中签发者标识 {detail} 的历史记录不成立。',
      '除非用机构自己提供的 evidence.json 复验通过，否则请勿采信。',
    ],
  },
  did_log_forked: {
    en: [
      'There are two histories of the issuer’s identifier {detail} that contradict each other.',
      'Believe neither, and ask the agency how that came about.',
    ],
    zh: ['签发者标识 {detail} 存在两份互相矛盾的历史记录。', '两份均不可采信，请向机构查明原因。'],
  },
  did_deactivated: {
    en: [
      'The issuer has given up its identifier {detail}.',
      'Ask the agency for a certificate by its present one.',
    ],
    zh: ['签发者已停用其标识 {detail}。', '请机构以现用标识重新出具证书。'],
  },
  method_url_malformed: {
    en: ['The key that signed is named in a way that proves nothing ({detail}).', 'Do not accept it.'],
    zh: ['签名密钥的引用方式不能证明任何身份（{detail}）。', '请勿采信。'],
  },
  document_malformed: {
    en: ['The issuer’s key document is not in order ({detail}).', 'Ask the agency to publish it again.'],
    zh: ['签发者的密钥文档有误（{detail}）。', '请机构重新发布。'],
  },
  document_of_another: {
    en: ['The key document belongs to somebody else ({detail}).', 'Give the agency’s own evidence.json.'],
    zh: ['密钥文档属于他人（{detail}）。', '请提供该机构自己的 evidence.json。'],
  },
  method_not_found: {
    en: [
      'No key by which it says it was signed could be found ({detail}).',
      'Without it nobody knows who signed: ask the agency.',
    ],
    zh: ['未找到证书所称的签名密钥（{detail}）。', '无法得知由谁签名，请联系机构。'],
  },
  method_of_another_controller: {
    en: [
      'The key that signed belongs to somebody other than the issuer ({detail}), by what is at hand.',
      'Do not accept it unless it passes with the evidence.json that the agency itself gives.',
    ],
    zh: [
      '现有资料显示签名密钥不属于证书所称的签发者（{detail}）。',
      '除非用机构自己提供的 evidence.json 复验通过，否则请勿采信。',
    ],
  },
  method_not_for_purpose: {
    en: [
      'The key that signed may not be used to issue certificates, by what is at hand.',
      'Do not accept it unless it passes with the evidence.json that the agency itself gives.',
    ],
    zh: [
      '现有资料显示签名密钥不得用于签发证书。',
      '除非用机构自己提供的 evidence.json 复验通过，否则请勿采信。',
    ],
  },
  key_malformed: {
    en: [
      'The issuer’s key {detail} is not a sound key, by what is at hand.',
      'Do not accept it unless it passes with the evidence.json that the agency itself gives.',
    ],
    zh: [
      '现有资料中签发者密钥 {detail} 不是有效密钥。',
      '除非用机构自己提供的 evidence.json 复验通过，否则请勿采信。',
    ],
  },
  key_ended: {
    en: [
      'The issuer’s key is no longer in force ({detail}).',
      'Ask the agency whether the certificate was issued before, and for a new one.',
    ],
    zh: ['签发者密钥已失效（{detail}）。', '请向机构确认签发时间，并换发证书。'],
  },
  key_not_vouched: {
    en: [
      'Nobody you trust confirms that the key {detail} is the agency’s.',
      'Give the supervising authority’s list with --trust.',
    ],
    zh: ['没有可信方确认密钥 {detail} 属于该机构。', '请用 --trust 提供主管机构的信任列表。'],
  },
}
