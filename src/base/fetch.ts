/** JSON and texts from the network within bounds. Whoever wants network hands in a `fetch`; nothing here opens a socket by itself. */
import { type Bytes, utf8Text } from './bytes.ts'
import { readBounded } from './exchange.ts'
import { type Json, parseJson } from './json.ts'

/** The part of the platform's `fetch` that is used. */
export type Fetch = (
  url: string,
  options: {
    /** A redirection is answered, not followed: where it leads is looked at like a first address. */
    readonly redirect: 'manual'
    readonly signal: AbortSignal
    /** The media type that is asked for, where it is another than JSON. */
    readonly headers?: { readonly accept: string }
  },
) => Promise<Response>

export type FetchFault =
  | 'url_refused'
  | 'redirected_too_often'
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

/** Redirections of one request that are followed. */
const redirectLimit = 5

/** Gets one JSON document: https only, no credentials in the URL, each redirection checked anew, bounded in size and time. */
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
  const signal = AbortSignal.timeout(timeLimit)
  let at = url
  for (let redirects = 0; redirects <= redirectLimit; redirects++) {
    const refused = urlFault(at)
    if (refused !== null) return { ok: false, fault: 'url_refused', detail: refused }
    try {
      const response = await fetch(at, {
        redirect: 'manual',
        signal,
        ...(accept !== undefined && { headers: { accept } }),
      })
      const next = redirectionOf(response, at)
      if (next !== null) {
        await response.body?.cancel()
        at = next
        continue
      }
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
  return { ok: false, fault: 'redirected_too_often', detail: String(redirectLimit) }
}

/** RFC 9110, section 15.4: where an answer says to go instead, as a whole address; `null` where it says nothing such. */
function redirectionOf({ status, headers }: Response, base: string): string | null {
  const location = [301, 302, 303, 307, 308].includes(status) ? headers.get('location') : null
  return location !== null && URL.canParse(location, base) ? new URL(location, base).href : null
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
