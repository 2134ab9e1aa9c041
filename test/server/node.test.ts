import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/server/app.ts'
import { type Listening, type ListenOptions, listen } from '../../src/server/node.ts'
import { keyAgency, sceneOf } from '../verify/scene.ts'
import { now, token } from './requests.ts'

const pem = (name: string) => readFileSync(new URL(`../cli/${name}`, import.meta.url), 'utf8')
const tls = { cert: pem('loopback.cert.pem'), key: pem('loopback.key.pem') }
const loopback = { host: '127.0.0.1', port: 0 }

const open: Listening[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.stop()))
})

/** A server that issues; `signing` resolves once it is asked to sign, and it signs when `release` is called. */
async function start(options: Partial<ListenOptions> = {}) {
  const { trust, evidence } = await sceneOf()
  const [gate, asked] = [latch(), latch()]
  const signer: typeof keyAgency = {
    ...keyAgency,
    sign: async (bytes) => {
      asked.open()
      await gate.opened
      return keyAgency.sign(bytes)
    },
  }
  const app = createApp({ trust, evidence, issuer: { signers: [signer] }, clock: () => now, tokens: [token] })
  const listening = await listen(app, { ...loopback, ...options })
  open.push(listening)
  return { listening, signing: asked.opened, release: gate.open }
}

function latch() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

interface Reply {
  readonly status: number
  readonly text: string
  readonly headers: Record<string, unknown>
}

function ask(
  { port }: Listening,
  path: string,
  {
    body,
    agent = false,
    headers = {},
    secure = false,
  }: { body?: string; agent?: Agent | false; headers?: Record<string, string>; secure?: boolean } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      agent,
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    }
    const asked = secure ? tlsRequest({ ...options, agent: false, ca: tls.cert }) : request(options)
    asked.on('response', (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          text: Buffer.concat(parts).toString(),
          headers: answer.headers,
        }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

const credential = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  credentialSubject: { name: 'Wang' },
}
const issuing = { body: JSON.stringify({ credential }), headers: { authorization: `Bearer ${token}` } }

describe('over a socket', () => {
  test('it answers as in process', async () => {
    const { listening } = await start()
    expect(listening.url).toBe(`http://127.0.0.1:${listening.port}`)
    const { text } = await sceneOf()
    const reply = await ask(listening, '/certificates/verify', { body: text })
    expect([reply.status, JSON.parse(reply.text).verified]).toEqual([200, true])
  })

  test('with TLS it answers who trusts its certificate, and nobody who speaks without', async () => {
    const { listening } = await start({ tls })
    expect(listening.url).toBe(`https://127.0.0.1:${listening.port}`)
    expect((await ask(listening, '/health', { secure: true })).status).toBe(200)
    await expect(ask(listening, '/health')).rejects.toThrow()
  })

  test('many at once, on many connections, each get their own answer', async () => {
    const { listening } = await start()
    const { text } = await sceneOf()
    const agent = new Agent({ keepAlive: true, maxSockets: 16 })
    const replies = await Promise.all(
      Array.from({ length: 64 }, (_, i) =>
        ask(listening, '/certificates/verify', {
          agent,
          body: i % 3 === 0 ? text.replace('王小明', '王大明') : text,
        }),
      ),
    )
    agent.destroy()
    expect(replies.map(({ text }) => JSON.parse(text).verified)).toEqual(replies.map((_, i) => i % 3 !== 0))
  })

  test('a body beyond the limit is answered, announced or not', async () => {
    const { listening } = await start()
    const large = ' '.repeat(1_048_577)
    expect((await ask(listening, '/certificates/verify', { body: large })).status).toBe(413)
    const chunked = await ask(listening, '/certificates/verify', {
      body: large,
      headers: { 'transfer-encoding': 'chunked' },
    })
    expect(chunked.status).toBe(413)
    expect((await ask(listening, '/health')).status).toBe(200)
  })

  test.each([
    ['a host that is none', 'GET /health HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
    ['a line that is none', 'HELLO\r\n\r\n'],
    [
      'two lengths',
      'POST /credentials/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
    ],
    [
      'a length and chunks',
      'POST /credentials/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['headers without end', `GET /health HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`],
  ])('%s is refused, and the next is answered', async (_what, text) => {
    const { listening } = await start()
    expect(await said(listening.port, text)).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect((await ask(listening, '/health')).status).toBe(200)
  })

  test('whoever goes away in the middle takes nobody along', async () => {
    const { listening, signing, release } = await start()
    const half = connect(listening.port, '127.0.0.1')
    await once(half, 'connect')
    half.write(
      'POST /credentials/verify HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"ver',
    )
    half.destroy()
    const left = request({
      ...loopback,
      port: listening.port,
      path: '/credentials/issue',
      method: 'POST',
      headers: { 'content-type': 'application/json', ...issuing.headers },
    })
    left.on('error', () => {}) // that is the point
    left.end(issuing.body)
    await signing
    left.destroy()
    release()
    expect((await ask(listening, '/health')).status).toBe(200)
  })
})

const said = async (port: number, text: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8')
  socket.on('data', (part) => {
    answer += part
  })
  socket.on('error', () => {}) // a refusal may end the connection while we still write
  socket.write(text)
  await once(socket, 'close')
  return answer
}

describe('stopping', () => {
  test('lets a request in flight end, takes no other, and then the port is free', async () => {
    const { listening, signing, release } = await start()
    const slow = ask(listening, '/credentials/issue', issuing)
    await signing
    const stopped = listening.stop()
    await expect(ask(listening, '/health')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    release()
    expect((await slow).status).toBe(201)
    await stopped
    open.length = 0
    open.push(
      await listen(createApp({ clock: () => now, tokens: [] }), { ...loopback, port: listening.port }),
    )
  })

  test('does not wait for connections that are only kept', async () => {
    const { listening } = await start({ grace: 60_000 })
    const agent = new Agent({ keepAlive: true })
    expect((await ask(listening, '/health', { agent })).status).toBe(200)
    const socket = connect(listening.port, '127.0.0.1')
    await once(socket, 'connect')
    await ask(listening, '/health')
    await listening.stop()
    agent.destroy()
    socket.destroy()
    open.length = 0
  })

  test('does not wait for ever', async () => {
    const { listening, signing } = await start({ grace: 50 })
    const slow = ask(listening, '/credentials/issue', issuing)
    const ended = expect(slow).rejects.toMatchObject({ code: 'ECONNRESET' })
    await signing
    await listening.stop()
    await ended
    open.length = 0
  })
})

describe('what it cannot listen at', () => {
  test('is said', async () => {
    const { listening } = await start()
    const app = createApp({ clock: () => now, tokens: [] })
    await expect(listen(app, { ...loopback, port: listening.port })).rejects.toMatchObject({
      code: 'server.cannot_listen',
      detail: { host: '127.0.0.1', port: listening.port, what: 'EADDRINUSE' },
    })
    await expect(listen(app, { host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
      code: 'server.cannot_listen',
    })
  })

  test('and so are a certificate and a key that are none', async () => {
    const app = createApp({ clock: () => now, tokens: [] })
    for (const wrong of [
      { ...tls, key: 'x' },
      { ...tls, cert: 'x' },
      { cert: '', key: '' },
    ])
      await expect(listen(app, { ...loopback, tls: wrong })).rejects.toMatchObject({
        code: 'server.tls_malformed',
      })
  })
})
