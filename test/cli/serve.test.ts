import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Answer, gradecert, shortExport, temporaryFolder } from './terminal.ts'

const token = 'a-token-of-more-than-16-characters'

/** A workspace that has issued and published, with a token file. */
async function workspace(
  did = 'key',
): Promise<{ dir: string; tokens: string; number: string; badge: string }> {
  const folder = await temporaryFolder()
  const dir = `${folder}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构', '--did', did])
  const issued = await gradecert(['issue', await shortExport(folder, 3), '--dir', dir, '--json'])
  await gradecert(['publish', '--dir', dir])
  const { number } = issued.lines.find((line) => line.outcome === 'issued')
  const tokens = `${folder}/tokens`
  await writeFile(tokens, `${token}\n\n`, { mode: 0o600 })
  return { dir, tokens, number, badge: await readFile(`${dir}/out/${number}.json`, 'utf8') }
}

/** Runs `serve` while `use` runs, with what it printed first; then stops it. */
async function serving(
  argv: readonly string[],
  use: (url: string, printed: { readonly port: number }) => Promise<void>,
): Promise<Answer> {
  let stop = () => {}
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  let listening = (_text: string) => {}
  const printed = new Promise<string>((resolve) => {
    listening = resolve
  })
  const answer = gradecert(['serve', '--port', '0', '--json', ...argv], {
    interrupted: () => stopped,
    saw: listening,
  })
  const first = await Promise.race([printed, answer.then(({ err }) => Promise.reject(new Error(err)))])
  try {
    const line = JSON.parse(first)
    await use(line.url, line)
  } finally {
    stop()
  }
  return answer
}

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const bearer = { authorization: `Bearer ${token}` }

test('serves a workspace: verifies, issues, changes a status, publishes, and stops when asked to', async () => {
  const { dir, tokens, number, badge } = await workspace()
  const trust = ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`]
  const answer = await serving(['--dir', dir, '--token-file', tokens, ...trust], async (url, { port }) => {
    expect(url).toBe(`http://127.0.0.1:${port}`)
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok', registry: 'ok' })

    const verified = await post(`${url}/certificates/verify`, JSON.parse(badge))
    expect(await verified.json()).toMatchObject({ verified: true, report: { certificate: { number } } })

    const credential = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiableCredential'],
      credentialSubject: { name: 'Wang' },
    }
    expect((await post(`${url}/credentials/issue`, { credential })).status).toBe(401)
    const issued = await post(`${url}/credentials/issue`, { credential }, bearer)
    expect(issued.status).toBe(201)
    expect((await post(`${url}/credentials/verify`, await issued.json())).status).toBe(200)

    const revoked = await post(
      `${url}/credentials/status`,
      {
        credentialId: number,
        credentialStatus: [{ type: 'BitstringStatusListEntry', statusPurpose: 'revocation', status: true }],
        reason: 'cheating-grave',
      },
      bearer,
    )
    expect(await revoked.json()).toMatchObject({ credentialId: number, standing: 'revoked' })

    const list = await fetch(`${url}/status/revocation-1.json`)
    expect([list.status, list.headers.get('content-type')]).toEqual([200, 'application/vc'])
    expect(await list.text()).toBe(await readFile(`${dir}/public/status/revocation-1.json`, 'utf8'))
    for (const path of ['gradecert.json', 'registry.db', 'trust.json', 'keys/key-1.json'])
      expect((await fetch(`${url}/${path}`)).status).toBe(404)
  })
  expect(answer.code).toBe(0)
  expect(answer.lines).toHaveLength(1)
  const log = answer.err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(log[0]).toMatchObject({ time: '2026-01-20T00:00:00Z', method: 'GET', route: '/health', status: 200 })
  expect(answer.err).not.toContain(number)
  const published = await gradecert(['publish', '--dir', dir, '--json'])
  expect(published.lines[0].revoked).toBe(1)
})

test('issues what results earn, once, and says what became of the others', async () => {
  const { dir, tokens, number } = await workspace()
  const csv = await readFile(await shortExport(dir, 30), 'utf8')
  const send = (url: string, body: string, type: string) =>
    fetch(`${url}/certificates/issue`, { method: 'POST', headers: { 'content-type': type, ...bearer }, body })
  const answer = await serving(['--dir', dir, '--token-file', tokens], async (url) => {
    const first = await (await send(url, csv, 'text/csv')).json()
    expect(first.summary).toMatchObject({ issued: 18, already_issued: 1, no_certificate: 11 })
    expect(first.items).toHaveLength(30)
    expect(first.items[0]).toMatchObject({ record: 1, outcome: 'already_issued', number, findings: [] })
    const issued = first.items.find((item: { outcome: string }) => item.outcome === 'issued')
    expect(issued.certificate.type).toContain('OpenBadgeCredential')
    expect(JSON.parse(await readFile(`${dir}/out/${issued.number}.json`, 'utf8'))).toEqual(issued.certificate)

    const again = await (await send(url, csv, 'text/csv; charset=utf-8')).json()
    expect(again.summary).toMatchObject({ issued: 0, already_issued: 19 })
    const parallel = await Promise.all([1, 2, 3].map(() => send(url, csv, 'text/csv')))
    for (const reply of parallel)
      expect((await reply.json()).summary).toMatchObject({ issued: 0, already_issued: 19 })

    const [head = '', row = ''] = csv.split('\n')
    const names = head.split(',')
    const fields = Object.fromEntries(row.split(',').map((cell, i) => [names[i] as string, cell]))
    const line = await (await send(url, `${JSON.stringify(fields)}\n`, 'application/jsonl')).json()
    expect(line.items).toMatchObject([{ record: 1, outcome: 'already_issued', number }])

    const unreadable = await send(url, 'a,b\n1,2\n', 'text/csv')
    expect(unreadable.status).toBe(400)
    expect(await unreadable.json()).toMatchObject({
      title: 'MALFORMED_VALUE_ERROR',
      fault: expect.any(String),
    })
    expect(
      (
        await fetch(`${url}/certificates/issue`, {
          method: 'POST',
          headers: { 'content-type': 'text/csv' },
          body: csv,
        })
      ).status,
    ).toBe(401)
    expect((await send(url, '{}', 'application/json')).status).toBe(415)
  })
  for (const planted of [
    number,
    ...csv
      .split('\n')
      .slice(1)
      .flatMap((row) => row.split(',').filter((cell) => /^\d{17}[\dX]$/.test(cell))),
  ])
    expect(answer.err).not.toContain(planted)
})

test('an agency with a path publishes where its addresses say', async () => {
  const { dir } = await workspace('web:agency.example:cert')
  await serving(['--dir', dir, '--open', '--quiet'], async (url) => {
    const document = await fetch(`${url}/cert/did.json`)
    expect(await document.json()).toMatchObject({ id: 'did:web:agency.example:cert' })
    expect((await fetch(`${url}/did.json`)).status).toBe(404)
    const published = await gradecert(['publish', '--dir', dir, '--json'])
    for (const file of published.lines[0].files)
      expect([file, (await fetch(`${url}/cert/${file}`)).status]).toEqual([file, 200])
  }).then(({ code, err }) => expect([code, err]).toEqual([0, '']))
})

test('with --open anybody on this machine may issue, by a name of its own', async () => {
  const { dir } = await workspace()
  await serving(['--dir', dir, '--open', '--host', 'localhost'], async (url) => {
    expect((await post(`${url}/credentials/issue`, {})).status).toBe(400)
  })
})

test('with --tls-cert and --tls-key it speaks TLS', async () => {
  const { dir, tokens } = await workspace()
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
  const tls = ['--tls-cert', path('loopback.cert.pem'), '--tls-key', path('loopback.key.pem')]
  const ca = await readFile(path('loopback.cert.pem'), 'utf8')
  await serving(['--dir', dir, '--token-file', tokens, ...tls], async (url) => {
    expect(url).toMatch(/^https:/)
    const asked = request(`${url}/health`, { ca, agent: false }).end()
    const [answer] = await once(asked, 'response')
    expect(answer.statusCode).toBe(200)
    answer.resume()
    await once(answer, 'end')
  })
})

test('a limit of bodies is the one that was said', async () => {
  const { dir, tokens } = await workspace()
  await serving(['--dir', dir, '--token-file', tokens, '--body-limit', '10'], async (url) => {
    expect((await post(`${url}/certificates/verify`, 'longer than this')).status).toBe(413)
  })
})

test('what it must not do, it does not begin', async () => {
  const { dir, tokens } = await workspace()
  const shared = `${tokens}.shared`
  await writeFile(shared, token)
  await chmod(shared, 0o640)
  const empty = `${tokens}.empty`
  await writeFile(empty, '\n', { mode: 0o600 })
  const weak = `${tokens}.weak`
  await writeFile(weak, 'short\n', { mode: 0o600 })
  const cases: readonly (readonly [string[], number, string])[] = [
    [[], 64, 'cli.serve_access_unsaid'],
    [['--open', '--host', '0.0.0.0'], 64, 'cli.serve_open_beyond_loopback'],
    [['--open', '--host', '::'], 64, 'cli.serve_open_beyond_loopback'],
    [['--open', '--host', 'localhost.example'], 64, 'cli.serve_open_beyond_loopback'],
    [['--token-file', shared], 64, 'cli.serve_token_file_shared'],
    [['--token-file', empty], 64, 'cli.serve_token_file_empty'],
    [['--token-file', weak], 64, 'server.token_malformed'],
    [['--token-file', `${tokens}.none`], 74, 'carrier.not_found'],
    [['--open', '--tls-cert', tokens], 64, 'cli.serve_tls_incomplete'],
    [['--open', '--tls-key', tokens], 64, 'cli.serve_tls_incomplete'],
    [['--open', '--tls-key', tokens, '--tls-cert', tokens], 74, 'server.tls_malformed'],
    [['--open', '--tls-key', `${tokens}.none`, '--tls-cert', tokens], 74, 'carrier.not_found'],
    [['--open', '--port', '65536'], 64, 'cli.serve_number_malformed'],
    [['--open', '--port', 'http'], 64, 'cli.serve_number_malformed'],
    [['--open', '--body-limit', '0'], 64, 'server.body_limit_malformed'],
    [['--open', '--body-limit', '1e3'], 64, 'cli.serve_number_malformed'],
    [['--open', '--at', 'yesterday'], 64, 'cli.instant_malformed'],
    [['--open', '--trust', tokens], 74, 'trust.file_malformed'],
    [['--open', '--evidence', tokens], 74, 'evidence.file_malformed'],
    [['--open', '--dir', `${dir}/nowhere`], 74, 'workspace.not_found'],
  ]
  for (const [argv, code, fault] of cases) {
    const answer = await gradecert(['serve', '--dir', dir, '--port', '0', ...argv])
    expect([argv, answer.code, answer.out]).toEqual([argv, code, ''])
    expect(answer.err).toContain(fault)
    expect(answer.err).not.toContain(token)
  }
})

test('a port that is taken is said', async () => {
  const { dir } = await workspace()
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  const answer = await gradecert(['serve', '--dir', dir, '--open', '--port', String(port)])
  taken.close()
  expect(answer.code).toBe(74)
  expect(answer.err).toContain('server.cannot_listen')
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  'the program says where it listens and ends well at %s',
  async (signal) => {
    const { dir } = await workspace()
    const bin = fileURLToPath(new URL('../../src/bin.ts', import.meta.url))
    const program = spawn(process.execPath, [
      bin,
      'serve',
      '--dir',
      dir,
      '--open',
      '--port',
      '0',
      '--lang',
      'en',
    ])
    const [said] = await once(program.stdout, 'data')
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(said))?.[0] as string
    expect(String(said)).toBe(`Listening at ${url}; stop with Ctrl-C.\n`)
    expect((await fetch(`${url}/health`)).status).toBe(200)
    program.kill(signal)
    const [code] = await once(program, 'close')
    expect(code).toBe(0)
  },
)
