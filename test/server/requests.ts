/** Requests for tests: a server in process, and what it answers as plain values. */

import { utf8 } from '../../src/base/bytes.ts'
import type { Instant } from '../../src/base/instant.ts'
import { seededRandom } from '../../src/issue/random.ts'
import { type AppOptions, createApp } from '../../src/server/app.ts'

export const token = 'a-token-of-more-than-16-characters'
export const now = '2026-06-01T00:00:00Z' as Instant

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: bodies of many shapes
  readonly json: any
}

export interface Ask {
  readonly method?: string
  readonly type?: string
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

export type Server = (path: string, ask?: Ask) => Promise<Reply>

/** A server with a fixed clock and ids from a seed; lines of its log go to `lines`. */
export function serverWith(options: Partial<AppOptions> = {}, lines: string[] = []): Server {
  const app = createApp({
    clock: () => now,
    tokens: [token],
    random: seededRandom(utf8('server')),
    log: (line) => lines.push(line),
    stopwatch: () => 0,
    ...options,
  })
  return async (path, ask = {}) => {
    const { method = ask.body === undefined ? 'GET' : 'POST', type = 'application/json', body } = ask
    const response = await app.fetch(
      new Request(`http://gradecert.example${path}`, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': type }),
          ...(ask.token !== undefined && { authorization: `Bearer ${ask.token}` }),
          ...ask.headers,
        },
        ...(body !== undefined && { body }),
      }),
    )
    return replyOf(response)
  }
}

export async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json() {
      return JSON.parse(text)
    },
  }
}

export const post = (value: unknown, more: Ask = {}): Ask => ({ body: JSON.stringify(value), ...more })
