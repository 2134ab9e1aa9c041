/** What this package throws: a stable code, a typed detail, and words in two languages. Callers know it as `CertificateError`. */
import type { ErrorCode } from './errors.ts'
import { type Detail, type Explanation, explain, type Language } from './message.ts'

/** A fault in a call, a file of the caller's or a workspace. Faults of a stranger's credential are reported, never thrown. */
export class CodedError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'CertificateError'
  readonly code: Code
  readonly detail: Detail
  readonly #words: Explanation

  constructor(words: Explanation, code: Code, detail: Detail = {}, options?: ErrorOptions) {
    super(explain(words, 'en', detail), options)
    this.code = code
    this.detail = detail
    this.#words = words
  }

  /** The message in a language of choice. */
  explain(language: Language): string {
    return explain(this.#words, language, this.detail)
  }
}

/** Narrows a caught value to the error of one code. */
export function hasCode<Code extends ErrorCode>(error: unknown, code: Code): error is CodedError<Code> {
  return error instanceof CodedError && error.code === code
}
