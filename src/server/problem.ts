/** Problem details (RFC 9457) and the types that the standards of credentials give them. */
import { CodedError } from '../base/coded-error.ts'
import type { ErrorCode } from '../base/errors.ts'
import { type Answer, jsonAnswer } from './answer.ts'

export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly [extension: string]: unknown
}

/** What a route throws to answer with a problem. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>

  constructor(problem: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(problem.title)
    this.problem = problem
    this.headers = headers
  }
}

/** Where the standards define the types of their problems. Ours are named below the address of our context. */
export const problemBases = {
  model: 'https://www.w3.org/TR/vc-data-model#',
  security: 'https://w3id.org/security#',
  statusList: 'https://www.w3.org/ns/credentials/status-list#',
  did: 'https://www.w3.org/ns/did#',
  ours: 'https://w3id.org/gradecert/problems#',
} as const

/** RFC 9457, section 4.2.1: what HTTP itself says by the status has the type `about:blank` and its title. */
const statusTitles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const

export const httpProblem = (status: keyof typeof statusTitles, detail: string): Problem => ({
  type: 'about:blank',
  title: statusTitles[status],
  status,
  detail,
})

/** The body is no JSON that every reader reads the same way. */
export const parsingError = (detail: string, fault: string): Problem => ({
  type: `${problemBases.model}PARSING_ERROR`,
  title: 'PARSING_ERROR',
  status: 400,
  detail,
  fault,
})

/** A member has a value that it must not have. `pointer` is a JSON Pointer into the body. */
export const malformedValue = (
  detail: string,
  more: { readonly pointer?: string; readonly rule?: string; readonly fault?: string } = {},
): Problem => ({
  type: `${problemBases.model}MALFORMED_VALUE_ERROR`,
  title: 'MALFORMED_VALUE_ERROR',
  status: 400,
  detail,
  ...more,
})

const ours = (name: string, status: number, detail: string): Problem => ({
  type: `${problemBases.ours}${name}`,
  title: name,
  status,
  detail,
})

/** What each error of the library that a request can cause is over HTTP; any other is a fault of the server's. */
const problemOfCode: Readonly<Partial<Record<ErrorCode, (detail: string) => Problem>>> = {
  'securing.no_canonical_form': (detail) => ({
    ...malformedValue(detail),
    type: `${problemBases.security}PROOF_TRANSFORMATION_ERROR`,
    title: 'PROOF_TRANSFORMATION_ERROR',
  }),
  'securing.wrong_algorithm': malformedValue,
  'securing.suite_not_made': malformedValue,
  'securing.selective_incomplete': malformedValue,
  'securing.pointer_unmatched': malformedValue,
  'securing.nothing_shown': malformedValue,
  'securing.jwt_refused': malformedValue,
  'securing.proof_refused': malformedValue,
  'evidence.file_malformed': malformedValue,
  'verify.binding_malformed': malformedValue,
  'issue.awarded_before_exam': malformedValue,
  'status.reason_unknown': malformedValue,
  'status.number_unknown': (detail) => httpProblem(404, detail),
  'status.not_possible': (detail) => ours('status_not_possible', 409, detail),
  'registry.number_taken': (detail) => ours('number_taken', 409, detail),
  'registry.unusable': () => httpProblem(503, 'The registry cannot be used now.'),
}

/** What was thrown as an answer, and the code by which the log names it. Nothing internal is told. */
export function answerToError(error: unknown): { readonly answer: Answer; readonly fault: string } {
  if (error instanceof ProblemError) {
    const { problem, headers } = error
    return { answer: problemAnswer(problem, headers), fault: problem.title }
  }
  if (error instanceof CodedError) {
    const code: ErrorCode = error.code
    const problem = problemOfCode[code]?.(error.explain('en'))
    if (problem !== undefined) return { answer: problemAnswer({ ...problem, code }), fault: code }
  }
  const fault = error instanceof CodedError ? error.code : error instanceof Error ? error.name : 'Error'
  return {
    answer: problemAnswer(httpProblem(500, 'The server could not answer. It is not your fault.')),
    fault,
  }
}

export const problemAnswer = (problem: Problem, headers: Readonly<Record<string, string>> = {}): Answer =>
  jsonAnswer(problem.status, problem, { mediaType: 'application/problem+json', headers })
