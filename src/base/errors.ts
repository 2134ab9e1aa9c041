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
} as const satisfies Readonly<Record<string, Explanation>>

export type ErrorCode = keyof typeof catalogue

/** Every code with its words. */
export const errorCatalogue: Readonly<Record<ErrorCode, Explanation>> = catalogue
