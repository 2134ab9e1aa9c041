/** One request to an address that the caller's own configuration names: a log, a witness, a calendar, a node. Bounded in size and time. */
import { type Bytes, concat } from './bytes.ts'

/** The part of the platform's `fetch` that is used. */
export type ExchangeFetch = (
  url: string,
  options: {
    readonly method: 'GET' | 'POST'
    readonly redirect: 'error'
    readonly signal: AbortSignal
    readonly headers: Readonly<Record<string, string>>
    readonly body?: Bytes | string
  },
) => Promise<Response>

export interface ExchangeOptions {
  readonly fetch: ExchangeFetch
  /** Sent by POST; without it the address is got. */
  readonly body?: Bytes | string
  readonly headers?: Readonly<Record<string, string>>
  /** Bytes of the answer. */
  readonly maxBytes: number
  /** Milliseconds for the whole answer; 15 seconds by default. */
  readonly timeLimit?: number
  readonly signal?: AbortSignal | undefined
}

export type ExchangeFault = 'url_refused' | 'unreachable' | 'too_large'

export type Exchanged =
  | { readonly ok: true; readonly status: number; readonly body: Bytes }
  | { readonly ok: false; readonly fault: ExchangeFault; readonly detail: string }

/** Asks an address once; redirects are not followed. Any HTTP status is an answer. */
export async function exchange(url: string, options: ExchangeOptions): Promise<Exchanged> {
  const { fetch, body, headers = {}, maxBytes, timeLimit = 15_000, signal } = options
  if (!isEndpoint(url)) return { ok: false, fault: 'url_refused', detail: 'neither https nor loopback' }
  const limit = AbortSignal.timeout(timeLimit)
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'error',
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      headers,
      ...(body !== undefined && { body }),
    })
    const answer = await readBounded(response, maxBytes)
    return answer === null
      ? { ok: false, fault: 'too_large', detail: `more than ${maxBytes} bytes` }
      : { ok: true, status: response.status, body: answer }
  } catch (error) {
    return { ok: false, fault: 'unreachable', detail: error instanceof Error ? error.name : 'Error' }
  }
}

/** https, or plain http to this machine; no user name in it. */
export function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname))
}

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** The body of an answer; `null`, and the rest is not read, where it has more bytes. */
export async function readBounded(response: Response, maxBytes: number): Promise<Bytes | null> {
  const parts: Bytes[] = []
  let length = 0
  const reader = response.body?.getReader()
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    length += read.value.length
    if (length > maxBytes) {
      await reader?.cancel()
      return null
    }
    parts.push(new Uint8Array(read.value))
  }
  return concat(...parts)
}
