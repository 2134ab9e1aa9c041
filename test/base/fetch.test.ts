import { describe, expect, test, vi } from 'vitest'
import { type Fetch, fetchJson, fetchText } from '../../src/base/fetch.ts'

const url = 'https://agency.example/status/1.json'
const answer =
  (body: BodyInit | null, init?: ResponseInit): Fetch =>
  async () =>
    new Response(body, init)

/** A body of `count` parts of 4 MiB, which says whether it was abandoned. */
function longBody(count: number): { body: ReadableStream<Uint8Array>; cancelled: () => boolean } {
  let left = count
  let cancelled = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new Uint8Array(4_194_304).fill(0x20))
      else controller.close()
    },
    cancel() {
      cancelled = true
    },
  })
  return { body, cancelled: () => cancelled }
}

describe('JSON from the network', () => {
  test('SDVC-5: the answer is parsed, and asked for with redirections handed back and with a time limit', async () => {
    const fetch = vi.fn<Fetch>(answer('{"a":["é"]}'))
    expect(await fetchJson(url, fetch)).toEqual({ ok: true, value: { a: ['é'] } })
    expect(fetch).toHaveBeenCalledOnce()
    const [asked, options] = fetch.mock.calls[0] ?? []
    expect(asked).toBe(url)
    expect(options).toEqual({ redirect: 'manual', signal: expect.any(AbortSignal) })
    expect(options?.signal.aborted).toBe(false)
  })

  test.each<[url: string, detail: string]>([
    ['agency.example', 'not a URL'],
    ['', 'not a URL'],
    ['http://agency.example/', 'not https'],
    ['file:///etc/passwd', 'not https'],
    ['data:application/json,{}', 'not https'],
    ['https://user@agency.example/', 'a user name in the URL'],
    ['https://:pass@agency.example/', 'a user name in the URL'],
    ['https://127.0.0.1/', 'an IP address'],
    ['https://127.0.0.1./', 'an IP address'],
    ['https://127.1/', 'an IP address'],
    ['https://2130706433/', 'an IP address'],
    ['https://0x7f000001/', 'an IP address'],
    ['https://0x7f.1/', 'an IP address'],
    ['https://①②⑦.0.0.1/', 'an IP address'],
    ['https://[::1]/', 'an IP address'],
    ['https://[::ffff:7f00:1]/', 'an IP address'],
    ['https://localhost/', 'no host name with a dot'],
    ['https://localhost./', 'no host name with a dot'],
    ['https://intranet:8443/', 'no host name with a dot'],
  ])('SDVC-5, trap 44: %s is refused before anything is asked', async (refused, detail) => {
    const fetch = vi.fn<Fetch>(answer('{}'))
    expect(await fetchJson(refused, fetch)).toEqual({ ok: false, fault: 'url_refused', detail })
    expect(fetch).not.toHaveBeenCalled()
  })

  test.each<[what: string, fetch: Fetch, fault: string, detail: string]>([
    ['an answer of 404', answer('{}', { status: 404 }), 'status_not_ok', '404'],
    ['no body', answer(null), 'not_json', 'the text does not follow the grammar of RFC 8259'],
    ['HTML', answer('<html>'), 'not_json', 'the text does not follow the grammar of RFC 8259'],
    ['a name given twice', answer('{"a":1,"a":2}'), 'not_json', 'a name given twice, at character 7'],
    ['bytes that are not UTF-8', answer(Uint8Array.of(0xff)), 'not_json', 'the bytes are not UTF-8'],
    [
      'a fetch that fails',
      async () => {
        throw new TypeError('fetch failed')
      },
      'unreachable',
      'TypeError',
    ],
    [
      'a fetch that fails with no error',
      async () => {
        throw 'no'
      },
      'unreachable',
      'Error',
    ],
    [
      'a body that breaks off',
      async () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              controller.error(new DOMException('late', 'TimeoutError'))
            },
          }),
        ),
      'unreachable',
      'TimeoutError',
    ],
  ])('%s is a fault', async (_what, fetch, fault, detail) => {
    expect(await fetchJson(url, fetch)).toEqual({ ok: false, fault, detail })
  })

  test('the body of an answer that is not used is given up, so that its connection closes', async () => {
    const { body, cancelled } = longBody(1000)
    expect(await fetchJson(url, answer(body, { status: 500 }))).toMatchObject({ fault: 'status_not_ok' })
    expect(cancelled()).toBe(true)
  })

  test('an answer that does not come is given up when the time is over', async () => {
    const over = new AbortController()
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(over.signal)
    const waiting: Fetch = (_url, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const answered = fetchJson(url, waiting)
    over.abort(new DOMException('late', 'TimeoutError'))
    expect(await answered).toEqual({ ok: false, fault: 'unreachable', detail: 'TimeoutError' })
    expect(timeout).toHaveBeenCalledExactlyOnceWith(15_000)
    timeout.mockRestore()
  })

  const moved =
    (to: Readonly<Record<string, string>>, asked: string[] = []): Fetch =>
    async (at) => {
      asked.push(at)
      const location = to[at]
      return location === undefined
        ? new Response('1')
        : new Response('moved', { status: 302, headers: { location } })
    }

  test('SDVC-5, TSL-6: a redirection is followed to an address that could be asked first', async () => {
    const asked: string[] = []
    const to = { [url]: '/b', 'https://agency.example/b': 'https://other.example/c' }
    expect(await fetchJson(url, moved(to, asked))).toEqual({ ok: true, value: 1 })
    expect(asked).toEqual([url, 'https://agency.example/b', 'https://other.example/c'])
  })

  test.each([
    ['to http', 'http://agency.example/', 'not https'],
    ['to an address', 'https://127.0.0.1/', 'an IP address'],
    ['to an address in other digits', 'https://0x7f000001/', 'an IP address'],
    ['to an address in IPv6', 'https://[::1]/', 'an IP address'],
    ['to a name without a dot', 'https://localhost/', 'no host name with a dot'],
    ['with a password', 'https://a:b@agency.example/', 'a user name in the URL'],
  ])('SDVC-5: a redirection %s is not followed', async (_what, location, detail) => {
    const asked: string[] = []
    expect(await fetchJson(url, moved({ [url]: location }, asked))).toEqual({
      ok: false,
      fault: 'url_refused',
      detail,
    })
    expect(asked).toEqual([url])
  })

  test('TSL-6: a circle of redirections is left after five', async () => {
    const asked: string[] = []
    const to = { [url]: 'https://agency.example/b', 'https://agency.example/b': url }
    expect(await fetchJson(url, moved(to, asked))).toEqual({
      ok: false,
      fault: 'redirected_too_often',
      detail: '5',
    })
    expect(asked).toHaveLength(6)
  })

  test('a host name may end in a dot and have a port', async () => {
    expect(await fetchJson('https://agency.example.:8443/', answer('1'))).toEqual({ ok: true, value: 1 })
  })

  test('16 MiB are read', async () => {
    const { body, cancelled } = longBody(4)
    expect(await fetchJson(url, answer(body))).toMatchObject({ fault: 'not_json' })
    expect(cancelled()).toBe(false)
  })

  test('SDVC-5: more than 16 MiB are not, and the rest is not waited for', async () => {
    const { body, cancelled } = longBody(1000)
    expect(await fetchJson(url, answer(body))).toEqual({
      ok: false,
      fault: 'too_large',
      detail: 'more than 16777216 bytes',
    })
    expect(cancelled()).toBe(true)
  })
})

describe('a text from the network', () => {
  const get = (fetch: Fetch, maxBytes = 10) => fetchText(url, fetch, { maxBytes })

  test('comes as it is, line breaks and byte order mark included', async () => {
    expect(await get(answer('\uFEFF{}\né\n'))).toEqual({ ok: true, value: '\uFEFF{}\né\n' })
    expect(await get(answer(null))).toEqual({ ok: true, value: '' })
  })

  test('is bounded in bytes, by what its caller says', async () => {
    expect(await get(answer('0123456789'))).toEqual({ ok: true, value: '0123456789' })
    const tooLarge = { ok: false, fault: 'too_large', detail: 'more than 10 bytes' }
    expect(await get(answer('0123456789a'))).toEqual(tooLarge)
    expect(await get(answer('证证证证'))).toEqual(tooLarge)
    const { body, cancelled } = longBody(4)
    expect(await get(answer(body))).toEqual(tooLarge)
    expect(cancelled()).toBe(true)
  })

  test('is UTF-8 or none', async () => {
    expect(await get(answer(Uint8Array.of(0xff)))).toMatchObject({ ok: false, fault: 'not_text' })
  })

  test('is got by the rules of JSON', async () => {
    expect(await get(answer('', { status: 404 }))).toEqual({
      ok: false,
      fault: 'status_not_ok',
      detail: '404',
    })
    expect(await fetchText('https://127.0.0.1/', answer(''), { maxBytes: 10 })).toMatchObject({
      fault: 'url_refused',
    })
    expect(await get(() => Promise.reject(new TypeError('down')))).toMatchObject({ fault: 'unreachable' })
  })
})
