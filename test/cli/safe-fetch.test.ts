import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, LookupFunction } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fetchJson } from '../../src/base/fetch.ts'
import { isPublic, safeFetch } from '../../src/cli/safe-fetch.ts'

/** A key for loopback that guards nothing, with a certificate from 2020 to 2120 for agency.example and 127.0.0.1. */
const pem = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
const ca = pem('loopback.cert.pem')

let server: Server
let port: number
/** What the server was asked for. */
const seen: IncomingMessage[] = []
/** At which of its addresses. */
const reached: (string | undefined)[] = []
const answers: Record<string, (answer: ServerResponse) => void> = {
  '/json': (answer) => answer.end('{"a":1}'),
  '/redirect': (answer) => answer.writeHead(302, { location: '/json' }).end('moved'),
  '/inside': (answer) => answer.writeHead(302, { location: url('/json', 'inside.example') }).end(),
  '/stalls': () => {},
  '/breaks': (answer) => {
    answer.write('{"a":')
    answer.socket?.destroy()
  },
  '/endless': (answer) => {
    const more = () => {
      while (answer.write(' '.repeat(65_536)));
    }
    answer.on('drain', more)
    more()
  },
  '/half': (answer) => answer.write('{"a":'),
}

beforeAll(async () => {
  server = createServer({ key: pem('loopback.key.pem'), cert: ca }, (request, answer) => {
    seen.push(request)
    reached.push(request.socket.localAddress)
    const path = request.url ?? ''
    const status = /^\/status\/(\d+)$/.exec(path)?.[1]
    if (status !== undefined) answer.writeHead(Number(status)).end(/^20[45]$/.test(status) ? '' : '{}')
    else answers[path]?.(answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  seen.length = 0
  reached.length = 0
})

type Found = readonly { readonly address: string; readonly family: number }[]
/** Finds these addresses for every name. */
const finds = (...addresses: readonly string[]): never =>
  ((_host: string, _options: object, done: (error: null, found: Found) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as LookupFunction as never

const never = () => new AbortController().signal
const url = (path: string, host = 'agency.example') => `https://${host}:${port}${path}`
const local = safeFetch({ allows: () => true, lookup: finds('127.0.0.1'), ca })
const get = (path: string, signal: AbortSignal = never()) => local(url(path), { redirect: 'manual', signal })

describe('a fetch for addresses that strangers wrote', () => {
  test('gets what stands there, by a plain GET that says nothing of us', async () => {
    const response = await get('/json')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ a: 1 })
    expect(seen.map(({ method, url, headers }) => ({ method, url, headers }))).toEqual([
      {
        method: 'GET',
        url: '/json',
        headers: { accept: 'application/json', host: `agency.example:${port}`, connection: 'close' },
      },
    ])
  })

  test('is what JSON is fetched by', async () => {
    expect(await fetchJson(url('/json'), local)).toEqual({ ok: true, value: { a: 1 } })
    expect(await fetchJson(url('/status/404'), local)).toEqual({
      ok: false,
      fault: 'status_not_ok',
      detail: '404',
    })
    expect(await fetchJson(url('/redirect'), local)).toEqual({ ok: true, value: { a: 1 } })
    expect(await fetchJson(url('/breaks'), local)).toMatchObject({ ok: false, fault: 'unreachable' })
    expect(await fetchJson(url('/endless'), local)).toMatchObject({ ok: false, fault: 'too_large' })
  })

  test.each([301, 302, 303, 304, 307, 308])(
    'TSL-6, SDVC-5: an answer of %i is handed back and not followed',
    async (status) => {
      expect((await get(`/status/${status}`)).status).toBe(status)
      expect(seen).toHaveLength(1)
    },
  )

  test('where a redirect leads is handed back, and not asked by itself', async () => {
    const answer = await get('/redirect')
    expect([answer.status, answer.headers.get('location') !== null]).toEqual([302, true])
    expect(seen.map(({ url }) => url)).toEqual(['/redirect'])
  })

  test.each([
    [200, 200],
    [201, 201],
    [204, 204],
    [205, 205],
    [400, 400],
    [404, 404],
    [500, 500],
    [599, 599],
    [600, 502],
    [999, 502],
  ])('an answer of %i is one of %i', async (status, expected) => {
    expect((await get(`/status/${status}`)).status).toBe(expected)
  })

  test('an abort before the answer ends the request', async () => {
    const stop = new AbortController()
    const waiting = get('/stalls', stop.signal)
    await once(server, 'request')
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('an abort in the middle of the answer ends its reading', async () => {
    const stop = new AbortController()
    const response = await get('/half', stop.signal)
    const reading = response.text()
    stop.abort()
    await expect(reading).rejects.toThrow()
  })

  test('a request that is aborted already is not made', async () => {
    await expect(get('/json', AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
    expect(seen).toEqual([])
  })

  test('a body that is given up closes its connection', async () => {
    const response = await get('/endless')
    const { socket } = seen[0] as IncomingMessage
    const closed = new Promise((resolve) => socket.on('close', resolve))
    await response.body?.cancel()
    await closed
  })

  test('a server whose certificate nobody trusts is refused', async () => {
    const untrusting = safeFetch({ allows: () => true, lookup: finds('127.0.0.1') })
    await expect(untrusting(url('/json'), { redirect: 'manual', signal: never() })).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
    expect(seen).toEqual([])
  })

  test('a server whose certificate is for another name is refused', async () => {
    const request = local(url('/json', 'other.example'), { redirect: 'manual', signal: never() })
    await expect(request).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    expect(seen).toEqual([])
  })

  test.each(['http://agency.example/', 'file:///etc/passwd', 'HTTP://agency.example', 'agency.example', ''])(
    '%s is not https and not asked',
    async (address) => {
      await expect(local(address, { redirect: 'manual', signal: never() })).rejects.toThrow(TypeError)
    },
  )

  test('a URL that is none is refused', async () => {
    await expect(local('https://', { redirect: 'manual', signal: never() })).rejects.toThrow(TypeError)
  })
})

describe('trap 44: where it may connect to', () => {
  const guarded = (...addresses: readonly string[]) => safeFetch({ lookup: finds(...addresses), ca })
  const ask = (fetch: ReturnType<typeof safeFetch>, host?: string) =>
    fetch(url('/json', host), { redirect: 'manual', signal: never() })

  test.each([
    ['loopback', ['127.0.0.1']],
    ['loopback in IPv6', ['::1']],
    ['loopback behind IPv6', ['::ffff:127.0.0.1']],
    ['a public address beside a private one', ['93.184.216.34', '10.0.0.1']],
    ['the address of cloud metadata', ['169.254.169.254']],
    ['no address', []],
  ])('a name that stands for %s is refused', async (_what, addresses) => {
    await expect(ask(guarded(...addresses))).rejects.toThrow('address not allowed')
    expect(seen).toEqual([])
  })

  test.each(['127.0.0.1', '2130706433', '0x7f000001', '127.1', '[::1]', '[::ffff:127.0.0.1]'])(
    'the address %s in place of a name is refused, though nothing is looked up',
    async (host) => {
      await expect(ask(safeFetch({ ca }), host)).rejects.toThrow('address not allowed')
      expect(seen).toEqual([])
    },
  )

  test('an address in place of a name is asked where it is allowed', async () => {
    const response = await ask(safeFetch({ allows: (address) => address === '127.0.0.1', ca }), '127.0.0.1')
    expect(await response.json()).toEqual({ a: 1 })
  })

  test('the connection goes to the address that was checked: a name is looked up once', async () => {
    const looked: string[] = []
    const checked: string[] = []
    const fetch = safeFetch({
      ca,
      allows: (address) => checked.push(address) > 0,
      // The second answer would be another: what is called rebinding.
      lookup: ((host: string, _options: object, done: (error: null, found: Found) => void) => {
        done(null, [{ address: looked.push(host) === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }])
      }) as never,
    })
    expect((await ask(fetch)).status).toBe(200)
    expect(looked).toEqual(['agency.example'])
    expect(checked).toEqual(['127.0.0.1'])
    expect(reached).toEqual(['127.0.0.1'])
  })

  test('a redirection to a name that stands for a private address is looked up and refused like a first one', async () => {
    const looked: string[] = []
    const fetch = safeFetch({
      ca,
      allows: (address) => address === '127.0.0.1' || isPublic(address), // as if the server were public
      lookup: ((host: string, _options: object, done: (error: null, found: Found) => void) => {
        looked.push(host)
        done(null, [{ address: host === 'inside.example' ? '10.0.0.1' : '127.0.0.1', family: 4 }])
      }) as never,
    })
    expect(await fetchJson(url('/inside'), fetch)).toEqual({
      ok: false,
      fault: 'unreachable',
      detail: 'Error',
    })
    expect(looked).toEqual(['agency.example', 'inside.example'])
    expect(seen.map(({ url }) => url)).toEqual(['/inside'])
  })

  test('a name that nobody knows is said as the system says it', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
    const lookup = ((_host: string, _options: object, done: (error: Error) => void) => done(unknown)) as never
    await expect(ask(safeFetch({ lookup, ca }))).rejects.toBe(unknown)
  })
})

test.each<[address: string, verdict: boolean]>([
  ['93.184.216.34', true],
  ['1.1.1.1', true],
  ['172.15.255.255', true],
  ['172.32.0.0', true],
  ['223.255.255.255', true],
  ['100.63.255.255', true],
  ['100.128.0.0', true],
  ['2606:2800:220:1:248:1893:25c8:1946', true],
  ['2001:200::1', true],
  ['3ffe::1', true],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['100.64.0.0', false],
  ['100.127.255.255', false],
  ['127.0.0.1', false],
  ['127.255.255.255', false],
  ['169.254.169.254', false],
  ['172.16.0.0', false],
  ['172.31.255.255', false],
  ['192.0.0.1', false],
  ['192.0.2.1', false],
  ['192.88.99.1', false],
  ['192.168.0.1', false],
  ['198.18.0.0', false],
  ['198.19.255.255', false],
  ['198.51.100.1', false],
  ['203.0.113.1', false],
  ['224.0.0.1', false],
  ['240.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['::ffff:93.184.216.34', false],
  ['::ffff:127.0.0.1', false],
  ['64:ff9b::7f00:1', false],
  ['100::1', false],
  ['2001::1', false],
  ['2001:1ff:ffff::1', false],
  ['2001:db8::1', false],
  ['2002:7f00:1::', false],
  ['3fff:fff::1', false],
  ['4000::1', false],
  ['fc00::1', false],
  ['fd12:3456::1', false],
  ['fe80::1', false],
  ['fe80::1%eth0', false],
  ['ff02::1', false],
  ['agency.example', false],
  ['127.1', false],
  ['', false],
])('whether %s is on the public Internet: %s', (address, verdict) => {
  expect(isPublic(address)).toBe(verdict)
})
