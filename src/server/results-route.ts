/** The route that takes exam results and gives certificates: our own, since the VC-API knows nothing of either. */
import type { Bytes } from '../base/bytes.ts'
import type { Instant } from '../base/instant.ts'
import { jsonAnswer } from './answer.ts'
import { malformedValue, ProblemError } from './problem.ts'
import type { Route } from './route.ts'

/** Issues what results earn. The same results again bring the same certificates and no new ones. */
export type IssueResults = (bytes: Bytes, now: Instant) => Promise<ResultsAnswer>

export type ResultsAnswer =
  | {
      readonly ok: true
      readonly items: readonly RecordAnswer[]
      /** How many records had each outcome. */
      readonly summary: Readonly<Record<string, number>>
    }
  | ({ readonly ok: false } & FindingWords)

export interface RecordAnswer {
  /** 1, 2, 3… as they were sent. */
  readonly record: number
  readonly outcome: string
  readonly number?: string
  /** As it is handed over. */
  readonly certificate?: unknown
  readonly findings: readonly FindingWords[]
}

export interface FindingWords {
  readonly code: string
  readonly column?: string
  readonly en: string
  readonly zh: string
}

const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const resultsRoute = (issueResults: IssueResults): Route => ({
  method: 'POST',
  path: '/certificates/issue',
  operationId: 'issueCertificates',
  summary:
    'Issues what exam results earn: one JSON object a line, CSV or XLSX, with the columns that `gradecert check` reads. Sent again, nothing is issued twice.',
  access: 'token',
  body: { mediaTypes: ['application/jsonl', 'application/x-ndjson', 'text/csv', spreadsheet] },
  answers: {
    200: 'What became of each record, with its certificate where it earned one.',
    400: 'The results cannot be read as a whole; nothing was issued.',
  },
  async handle({ body, now }) {
    const answer = await issueResults(body, now)
    if (!answer.ok) throw new ProblemError(malformedValue(answer.en, { fault: answer.code }))
    const { items, summary } = answer
    return jsonAnswer(200, { items, summary })
  },
})
