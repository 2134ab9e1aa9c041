/** JSON and texts from the network within bounds. Whoever wants network hands in a `fetch`; nothing here opens a socket by itself. */
import { type Bytes, utf8Text } from './bytes.ts'
import { readBounded } from './exchange.ts'
import { type Json, parseJson } from './json.ts'

/** The part of the platform's `fetch` that is used. */
export type Fetch = (
  url: string,
  options: {
    readonly redirect: 'error'
    readonly signal: AbortSignal
    /** The media type that is asked for, where it is another than JSON. */
    readonly headers?: { readonly accept: string }
  },
) => Promise<Response>

export type FetchFault =
  | 'url_refused'
  | 'unreachable'
  | 'status_not_ok'
  | 'too_large'
  | 'not_json'
  | 'not_text'

export type Fetched<Value = Json> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: FetchFault; readonly detail: string }

/** Bytes of one answer: a status list of a million entries takes 170 kB. */
const answerLimit = 16_777_216
/** Milliseconds for one answer, its body included. */
const timeLimit = 15_000

/** Gets one JSON document: https only, no credentials in the URL, no redirects, bounded in size and time. */
export async function fetchJson(url: string, fetch: Fetch): Promise<Fetched> {
  const body = await fetchBytes(url, fetch, answerLimit)
  if (!body.ok) return body
  const parsed = parseJson(body.value, { maxBytes: answerLimit })
  return parsed.ok
    ? { ok: true, value: parsed.value }
    : { ok: false, fault: 'not_json', detail: parsed.detail }
}

/** Gets one text in UTF-8, by the same rules and of at most so many bytes. */
export async function fetchText(
  url: string,
  fetch: Fetch,
  { maxBytes, accept }: { readonly maxBytes: number; readonly accept?: string },
): Promise<Fetched<string>> {
  const body = await fetchBytes(url, fetch, maxBytes, accept)
  if (!body.ok) return body
  const text = utf8Text(body.value)
  return text === null
    ? { ok: false, fault: 'not_text', detail: 'the bytes are not UTF-8' }
    : { ok: true, value: text }
}

async function fetchBytes(
  url: string,
  fetch: Fetch,
  maxBytes: number,
  accept?: string,
): Promise<Fetched<Bytes>> {
  const refused = urlFault(url)
  if (refused !== null) return { ok: false, fault: 'url_refused', detail: refused }
  try {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeLimit),
      ...(accept !== undefined && { headers: { accept } }),
    })
    if (!response.ok) {
      await response.body?.cancel() // else the connection stays open until the time limit
      return { ok: false, fault: 'status_not_ok', detail: String(response.status) }
    }
    const body = await readBounded(response, maxBytes)
    return body === null
      ? { ok: false, fault: 'too_large', detail: `more than ${maxBytes} bytes` }
      : { ok: true, value: body }
  } catch (error) {
    return { ok: false, fault: 'unreachable', detail: error instanceof Error ? error.name : 'Error' }
  }
}

/** Host names only: whatever a URL parser would turn into an IP address is refused before anything is asked. */
function urlFault(text: string): string | null {
  if (!URL.canParse(text)) return 'not a URL'
  const { protocol, hostname, username, password } = new URL(text)
  if (protocol !== 'https:') return 'not https'
  if (username !== '' || password !== '') return 'a user name in the URL'
  if (hostname.startsWith('[') || /(^|\.)(\d+|0x[0-9a-f]*)\.?$/i.test(hostname)) return 'an IP address'
  return /\.[^.]/.test(hostname) ? null : 'no host name with a dot'
}
