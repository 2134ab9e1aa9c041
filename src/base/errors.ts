/** What this package throws: a stable code, a typed detail, and words in two languages from the table below. */
import { type Detail, type Explanation, explain, type Language } from './message.ts'

/** A fault in a call, a file of the caller's or a workspace. Faults of a stranger's credential are reported, never thrown. */
export class CertificateError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'CertificateError'
  readonly code: Code
  readonly detail: Detail

  constructor(code: Code, detail: Detail = {}, options?: ErrorOptions) {
    super(explain(errorCatalogue[code], 'en', detail), options)
    this.code = code
    this.detail = detail
  }

  /** The message in a language of choice. */
  explain(language: Language): string {
    return explain(errorCatalogue[this.code], language, this.detail)
  }
}

/** Narrows a caught value to the error of one code. */
export function hasCode<Code extends ErrorCode>(error: unknown, code: Code): error is CertificateError<Code> {
  return error instanceof CertificateError && error.code === code
}

const catalogue = {
  'key.secret_malformed': {
    en: ['The secret key is not a secret Multikey of Ed25519.', 'Give the text that `keys export` printed.'],
    zh: ['私钥不是 Ed25519 的 secret Multikey。', '请提供 `keys export` 给出的文本。'],
  },
  'securing.no_canonical_form': {
    en: [
      'The document has no canonical form ({fault}: {what}).',
      'Use only terms that its contexts define, and contexts that are bundled.',
    ],
    zh: ['该文档没有规范形式（{fault}：{what}）。', '请只使用其上下文已定义的术语，以及内置的上下文。'],
  },
  'securing.wrong_algorithm': {
    en: [
      'The suite {suite} does not sign with {algorithm}.',
      'Use a signer of the algorithm that the suite names.',
    ],
    zh: ['签名套件 {suite} 不使用 {algorithm}。', '请使用套件所要求算法的签名者。'],
  },
  'securing.signer_misbehaves': {
    en: [
      'The signer returned {bytes} bytes.',
      'It has to return the raw signature: 64 bytes for Ed25519, never DER.',
    ],
    zh: ['签名者返回了 {bytes} 字节。', '应返回原始签名：Ed25519 为 64 字节，不得使用 DER。'],
  },
  'securing.previous_proof_missing': {
    en: ['The document has no proof with the id {id}.', 'Name only proofs that are already there.'],
    zh: ['文档中没有 id 为 {id} 的证明。', '请只引用已存在的证明。'],
  },
  'trust.file_malformed': {
    en: [
      'The trust file is not one ({what}).',
      'Give the file that `init` or `trust sign` wrote, unchanged.',
    ],
    zh: ['信任文件格式不正确（{what}）。', '请使用 `init` 或 `trust sign` 生成的原文件。'],
  },
  'evidence.file_malformed': {
    en: ['The evidence file is not one ({what}).', 'Give the evidence.json that `publish` wrote, unchanged.'],
    zh: ['证据文件格式不正确（{what}）。', '请使用 `publish` 生成的 evidence.json 原文件。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>

export type ErrorCode = keyof typeof catalogue

/** Every code with its words. */
export const errorCatalogue: Readonly<Record<ErrorCode, Explanation>> = catalogue
