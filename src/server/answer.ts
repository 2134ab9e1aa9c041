/** What a route gets and what it answers, apart from any web framework. */
import { type Bytes, utf8 } from '../base/bytes.ts'
import type { Instant } from '../base/instant.ts'

export interface Call {
  readonly request: Request
  /** The media type of the body without parameters, lower case; empty where there is no body. */
  readonly mediaType: string
  readonly body: Bytes
  readonly now: Instant
  /** Names the request in the log and to whoever sent it. */
  readonly id: string
}

export interface Answer {
  readonly status: number
  readonly mediaType: string
  readonly body: Bytes
  readonly headers?: Readonly<Record<string, string>>
}

export const jsonAnswer = (
  status: number,
  value: unknown,
  { mediaType = 'application/json', headers = {} }: Partial<Pick<Answer, 'mediaType' | 'headers'>> = {},
): Answer => ({ status, mediaType, headers, body: utf8(JSON.stringify(value)) })
