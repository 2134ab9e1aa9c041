import { describe, expect, test } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import { version } from '../../src/base/version.ts'
import { memoryRegistry } from '../../src/registry/memory.ts'
import { type AppOptions, createApp } from '../../src/server/app.ts'
import { keyAgency, sceneOf } from '../verify/scene.ts'
import { now, post, type Reply, replyOf, serverWith, token } from './requests.ts'

const issuer = { signers: [keyAgency], registry: memoryRegistry() }
const credential = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  credentialSubject: { id: 'did:example:subject', name: 'Wang' },
}
/** Routes that need a token, with a body that each would take. */
const guarded: readonly [path: string, body: unknown][] = [
  ['/credentials/issue', { credential }],
  [
    '/credentials/status',
    {
      credentialId: 'x',
      credentialStatus: [{ type: 'BitstringStatusListEntry', statusPurpose: 'revocation', status: true }],
      reason: 'holder-request',
    },
  ],
  ['/credentials/derive', { verifiableCredential: {}, options: { selectivePointers: [] } }],
  ['/presentations/create', { presentation: {}, options: { challenge: 'c', domain: 'd' } }],
]

describe('who may issue', () => {
  const server = serverWith({ issuer, tokens: ['another-token-of-many-characters', token] })

  test.each(guarded)('%s answers nobody without a token that is known', async (path, body) => {
    const refused = async (headers: Record<string, string>) => server(path, post(body, { headers }))
    for (const headers of [
      {},
      { authorization: 'Basic dXNlcjpwYXNz' },
      { authorization: token },
      { authorization: 'Bearer' },
    ] as const) {
      const reply = await refused(headers as Record<string, string>)
      expect(reply.status).toBe(401)
      expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="gradecert"')
    }
    for (const wrong of [`${token}x`, token.slice(1), token.toUpperCase(), 'wrong']) {
      const reply = await refused({ authorization: `Bearer ${wrong}` })
      expect(reply.status).toBe(401)
      expect(reply.headers.get('www-authenticate')).toContain('error="invalid_token"')
      expect(reply.json).toEqual({
        type: 'about:blank',
        title: 'Unauthorized',
        status: 401,
        detail: 'This route needs a bearer token.',
      })
    }
    expect((await refused({ authorization: `Bearer ${token}` })).status).not.toBe(401)
    expect((await refused({ authorization: 'bearer another-token-of-many-characters' })).status).not.toBe(401)
  })

  test('no token is known to a server that was given none', async () => {
    const closed = serverWith({ issuer, tokens: [] })
    expect((await closed('/credentials/issue', post({ credential }, { token }))).status).toBe(401)
  })

  test.each(['localhost', '127.0.0.1:8080', '127.9.8.7', '[::1]:8080'])(
    'open lets in who asks %s',
    async (host) => {
      const app = createApp({ issuer, tokens: 'open', clock: () => now })
      const request = new Request(`http://${host}/credentials/issue`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ credential }),
      })
      expect((await app.fetch(request)).status).toBe(201)
    },
  )

  test.each(['evil.example', '127.0.0.1.evil.example', '10.0.0.1', 'localhost.evil.example'])(
    'open lets nobody in who asks %s, wherever that name leads',
    async (host) => {
      const app = createApp({ issuer, tokens: 'open', clock: () => now })
      const request = new Request(`http://${host}/credentials/issue`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ credential }),
      })
      expect((await app.fetch(request)).status).toBe(401)
    },
  )

  test.each(['short', 'a token with blanks in it', '', 'tokentokentokentoken\n'])(
    'the token %j is refused',
    (weak) => {
      expect(() => serverWith({ tokens: [weak] })).toThrow(
        expect.objectContaining({ code: 'server.token_malformed' }),
      )
    },
  )

  test('verification, health and what is published are for everybody', async () => {
    for (const [path, ask] of [
      ['/certificates/verify', post({})],
      ['/credentials/verify', post({ verifiableCredential: {} })],
      ['/health', {}],
      ['/openapi.json', {}],
      ['/did.json', {}],
    ] as const) {
      expect((await server(path, ask)).status).not.toBe(401)
    }
  })

  test('a server without an issuer has no route that signs', async () => {
    for (const [path, body] of guarded)
      expect((await serverWith()(path, post(body, { token }))).status).toBe(404)
  })
})

describe('bounds', () => {
  const body = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`

  test('a body of the limit is read, one byte more is not', async () => {
    const server = serverWith({ bodyLimit: 1000 })
    const least = await server('/certificates/verify', { body: body(1000) })
    const more = await server('/certificates/verify', { body: body(1001) })
    expect([least.status, more.status]).toEqual([200, 413])
    expect(more.json).toMatchObject({ type: 'about:blank', title: 'Content Too Large' })
  })

  test('one MiB is the limit unless another is said, up to 16', async () => {
    const atLimit = await serverWith()('/certificates/verify', { body: body(1_048_576) })
    expect(atLimit.status).toBe(200)
    expect((await serverWith()('/certificates/verify', { body: body(1_048_577) })).status).toBe(413)
    const wide = serverWith({ bodyLimit: 16_777_216 })
    const long = await wide('/certificates/verify', { body: body(2_000_000), type: 'application/vc+jwt' })
    expect([long.status, long.json.verified]).toEqual([200, false])
  })

  test.each([0, -1, 1.5, 16_777_217, Number.NaN])('%s is no limit', (bodyLimit) => {
    expect(() => serverWith({ bodyLimit })).toThrow(
      expect.objectContaining({ code: 'server.body_limit_malformed' }),
    )
  })

  test('a body that says less than it brings is stopped where it passes the limit', async () => {
    let pulled = 0
    const endless = new ReadableStream({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(1000))
      },
    })
    const app = createApp({ clock: () => now, tokens: [], bodyLimit: 10_000 })
    const reply = await app.fetch(streamed(endless))
    expect(reply.status).toBe(413)
    expect(pulled).toBeLessThan(20)
  })

  test('a body that breaks off is malformed', async () => {
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"a"'))
        controller.error(new Error('gone'))
      },
    })
    const reply = await replyOf(await createApp({ clock: () => now, tokens: [] }).fetch(streamed(broken)))
    expect([reply.status, reply.json.fault]).toEqual([400, 'body_incomplete'])
  })

  const streamed = (body: ReadableStream) =>
    new Request('http://localhost/certificates/verify', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit)

  test.each([
    ['text/plain', {}],
    ['', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/json; charset=gb18030', {}],
    ['application/jsonx', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('a body of type %j %j is refused', async (type, headers) => {
    const reply = await serverWith()('/credentials/verify', { body: '{}', type, headers })
    expect(reply.status).toBe(415)
    expect(reply.headers.get('accept-post')).toBe('application/json')
  })
})

describe('paths and methods', () => {
  const server = serverWith({ issuer })

  test.each([
    '/nowhere',
    '/',
    '/credentials',
    '/credentials/verify/',
    '/credentials/verify2',
    '/CREDENTIALS/verify',
    '/credentials/%76erify2',
  ])('%s is not found', async (path) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const reply = await server(path, { method })
      expect([reply.status, reply.json.title]).toEqual([404, 'Not Found'])
    }
  })

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])(
    '%s is not what a route of verification takes',
    async (method) => {
      const reply = await server('/credentials/verify', { method })
      expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
    },
  )

  test('a HEAD is a GET without its body', async () => {
    const [head, get] = [await server('/health', { method: 'HEAD' }), await server('/health')]
    expect([head.status, head.text]).toEqual([200, ''])
    expect(head.headers.get('content-length')).toBe(String(get.text.length))
    expect((await server('/health', { method: 'POST', body: '{}' })).headers.get('allow')).toBe(
      'GET, HEAD, OPTIONS',
    )
  })

  test('a page anywhere may verify, and none may issue', async () => {
    const asked = await server('/credentials/verify', { method: 'OPTIONS' })
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe('*')
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull()
    for (const method of ['OPTIONS', 'POST']) {
      const refused = await server('/credentials/issue', { method })
      expect(refused.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  test('no answer is kept, sniffed or framed, and each is named', async () => {
    const reply = await server('/credentials/verify', post({}))
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
    })
  })
})

describe('when the server itself fails', () => {
  const failing = (thrown: unknown): Partial<AppOptions> => ({
    issuer: {
      signers: [{ ...keyAgency, sign: () => Promise.reject(thrown) }],
      registry: { ...memoryRegistry(), findByNumber: () => Promise.reject(thrown) },
    },
  })

  test('it says that it did, and nothing of how', async () => {
    const lines: string[] = []
    const server = serverWith(failing(new RangeError('the secret is 42')), lines)
    const reply = await server('/credentials/issue', post({ credential }, { token }))
    expect(reply.status).toBe(500)
    expect(reply.json).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'The server could not answer. It is not your fault.',
    })
    expect(JSON.parse(lines[0] as string)).toMatchObject({ status: 500, fault: 'RangeError' })
    expect(lines.join()).not.toContain('42')
  })

  test('whatever is thrown, an answer comes', async () => {
    for (const thrown of ['a text', undefined, null, { status: 200 }]) {
      const reply = await serverWith(failing(thrown))('/credentials/issue', post({ credential }, { token }))
      expect(reply.status).toBe(500)
    }
  })

  test('a signer that signs nonsense is the fault of the server', async () => {
    const lines: string[] = []
    const signers = [{ ...keyAgency, sign: () => new Uint8Array(3) }]
    const reply = await serverWith({ issuer: { signers } }, lines)(
      '/credentials/issue',
      post({ credential }, { token }),
    )
    expect(reply.status).toBe(500)
    expect(JSON.parse(lines[0] as string).fault).toBe('securing.signer_misbehaves')
  })

  test('a registry that does not answer is told by health', async () => {
    const sick = await serverWith(failing(new Error('disk')))('/health')
    expect([sick.status, sick.json]).toEqual([
      503,
      { status: 'unavailable', version, registry: 'unavailable' },
    ])
    expect((await serverWith({ issuer })('/health')).json).toEqual({ status: 'ok', version, registry: 'ok' })
    expect((await serverWith()('/health')).json).toEqual({ status: 'ok', version })
  })
})

describe('the log', () => {
  test('has one line for each request, with what it cost', async () => {
    const lines: string[] = []
    let watch = 0
    const server = serverWith({ issuer, stopwatch: () => (watch += 12.34) }, lines)
    const reply = await server('/health')
    await server('/nowhere/at/all?name=x', { method: 'PURGE' })
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        time: now,
        request: reply.headers.get('x-request-id'),
        method: 'GET',
        route: '/health',
        status: 200,
        milliseconds: 12.3,
        bytes: reply.text.length,
      },
      expect.objectContaining({ method: 'other', route: '*', status: 404, fault: 'Not Found' }),
    ])
  })

  test('says nothing of whom or what a request was about', async () => {
    const { text, trust, evidence } = await sceneOf()
    const lines: string[] = []
    const server = serverWith({ trust, evidence, issuer }, lines)
    const secret = '110101199003070011'
    const named = { ...credential, name: `王小明 ${secret}` }
    const replies: Reply[] = [
      await server('/certificates/verify', { body: text }),
      await server(`/certificates/verify?id=${secret}`, { body: text }),
      await server(`/people/${secret}/王小明`),
      await server('/credentials/issue', post({ credential: named }, { token })),
      await server('/credentials/issue', post({ credential: named }, { token: `${secret}${secret}` })),
      await server('/credentials/issue', post({ credential: { ...named, issuer: secret } }, { token })),
      await server('/credentials/status', post({ credentialId: secret }, { token })),
      await server('/credentials/verify', post({ verifiableCredential: secret, [secret]: 1 })),
      await server('/health', { method: 'POST', headers: { 'x-request-id': secret, 'user-agent': secret } }),
    ]
    expect(lines).toHaveLength(replies.length)
    for (const planted of [
      secret,
      '王小明',
      token,
      'PT26-0001',
      keyAgency.controller,
      '99999999-2222',
      '?id=',
    ])
      expect(lines.filter((line) => line.includes(planted))).toEqual([])
  })
})

test('many requests at once each get their own answer, with one clock for each', async () => {
  const { text, trust, evidence } = await sceneOf()
  let second = 0
  const server = serverWith({
    trust,
    evidence,
    clock: () => `2026-06-01T00:00:${String(second++ % 60).padStart(2, '0')}Z` as Instant,
  })
  const replies = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      server('/certificates/verify', { body: i % 2 === 0 ? text : text.replace('王小明', '王大明') }),
    ),
  )
  expect(replies.map(({ json }) => json.verified)).toEqual(replies.map((_, i) => i % 2 === 0))
  expect(new Set(replies.map(({ json }) => json.report.checkedAt)).size).toBe(40)
  expect(new Set(replies.map(({ headers }) => headers.get('x-request-id'))).size).toBe(40)
})
