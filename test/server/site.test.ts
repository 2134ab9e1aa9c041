import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/server/app.ts'
import { folderSite } from '../../src/server/folder-site.ts'
import { listen } from '../../src/server/node.ts'
import { now, serverWith } from './requests.ts'

const root = mkdtempSync(join(tmpdir(), 'gradecert-site-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const folder = join(root, 'public')
const put = (path: string, text: string) => {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), text)
}
const secret = 'a secret of the workspace'
put('keys/key-1.json', secret)
put('status/revocation-1.json', secret)
put('public/.well-known/did.json', '{"id":"did:web:agency.example"}')
put('public/status/revocation-1.json', '{"list":1}')
put('public/status/.hidden.json', secret)
put('public/contexts/gradecert-v1.json', '{"@context":{}}')
put('public/schemas/grade-certificate-v1.json', '{"$schema":"x"}')
put('public/catalogue.json', '{"items":[]}')
put('public/notes.txt', secret)
put('public/keys.json', secret)
put('public/did.jsonl', '{}\n')
mkdirSync(join(folder, 'schemas/folder.json'))
symlinkSync(join(root, 'keys/key-1.json'), join(folder, 'evidence.json'))
symlinkSync(join(root, 'keys'), join(folder, 'linked'))
symlinkSync(join(root, 'status'), join(folder, 'contexts/status'))
const server = serverWith({ site: folderSite(folder) })

describe('what is published', () => {
  test.each([
    ['/.well-known/did.json', 'application/did+json', '{"id":"did:web:agency.example"}'],
    ['/did.jsonl', 'text/jsonl', '{}\n'],
    ['/status/revocation-1.json', 'application/vc', '{"list":1}'],
    ['/contexts/gradecert-v1.json', 'application/ld+json', '{"@context":{}}'],
    ['/schemas/grade-certificate-v1.json', 'application/schema+json', '{"$schema":"x"}'],
    ['/catalogue.json', 'application/json', '{"items":[]}'],
    ['/catalogue.json?name=x', 'application/json', '{"items":[]}'],
    ['/status/../catalogue.json', 'application/json', '{"items":[]}'],
  ])('%s comes as %s to any page', async (path, type, text) => {
    const reply = await server(path)
    expect([reply.status, reply.text]).toEqual([200, text])
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'content-type': type,
      'content-length': String(text.length),
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    })
  })

  test('what a reader has already is not sent again', async () => {
    const { headers } = await server('/catalogue.json')
    const etag = headers.get('etag') as string
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/)
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const reply = await server('/catalogue.json', { headers: { 'if-none-match': given } })
      expect([reply.status, reply.text, reply.headers.get('etag')]).toEqual([304, '', etag])
    }
    for (const given of ['"other"', etag.slice(1, -1), ''])
      expect((await server('/catalogue.json', { headers: { 'if-none-match': given } })).status).toBe(200)
  })

  test('a HEAD says how long it is', async () => {
    const reply = await server('/catalogue.json', { method: 'HEAD' })
    expect([reply.status, reply.text, reply.headers.get('content-length')]).toEqual([200, '', '12'])
  })

  test('what is published anew is served anew', async () => {
    put('public/trust-lists.json', '[1]')
    const before = await server('/trust-lists.json')
    put('public/trust-lists.json', '[2]')
    const after = await server('/trust-lists.json', {
      headers: { 'if-none-match': before.headers.get('etag') as string },
    })
    expect([before.text, after.text]).toEqual(['[1]', '[2]'])
  })

  test('an agency with a path publishes below it, and there alone', async () => {
    const below = serverWith({ site: folderSite(folder, '/agency/one') })
    expect((await below('/agency/one/catalogue.json')).status).toBe(200)
    for (const path of [
      '/catalogue.json',
      '/agency/onecatalogue.json',
      '/agency/one',
      '/agency/two/catalogue.json',
    ])
      expect((await below(path)).status).toBe(404)
  })
})

const hostile = [
  '/../keys/key-1.json',
  '/status/../../keys/key-1.json',
  '/%2e%2e/keys/key-1.json',
  '/status/%2e%2e%2f%2e%2e%2fkeys/key-1.json',
  '/status/..%2f..%2fkeys%2fkey-1.json',
  '/status/..%5c..%5ckeys%5ckey-1.json',
  '/status/..\\..\\keys\\key-1.json',
  '/status/%252e%252e/key-1.json',
  '/status/....//keys/key-1.json',
  '//keys/key-1.json',
  '/status//revocation-1.json',
  '/status/revocation-1.json/',
  '/status/revocation-1.json%00',
  '/status/revocation-1.json%20',
  '/./.hidden.json',
  '/status/.hidden.json',
  '/notes.txt',
  '/keys.json',
  '/evidence.json',
  '/linked/key-1.json',
  '/contexts/status/revocation-1.json',
  '/schemas/folder.json',
  '/schemas',
  '/Catalogue.json',
  `/status/${'a'.repeat(2000)}.json`,
  `/status/${'a'.repeat(300)}.json`,
]

test.each(hostile)('%s is not published', async (path) => {
  const reply = await server(path)
  expect([reply.status, reply.json.title]).toEqual([404, 'Not Found'])
})

test('and not over a socket, where nobody tidies the path first', async () => {
  const app = createApp({ site: folderSite(folder), clock: () => now, tokens: [] })
  const listening = await listen(app, { host: '127.0.0.1', port: 0 })
  try {
    for (const path of [...hostile, 'keys/key-1.json', '*', 'http://other.example/catalogue.jsonx']) {
      const [status, text] = await raw(listening.port, path)
      expect([path, status === 404 || status === 400]).toEqual([path, true])
      expect(text).not.toContain(secret)
    }
  } finally {
    await listening.stop()
  }
})

const raw = (port: number, path: string): Promise<readonly [number, string]> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => resolve([answer.statusCode ?? 0, text]))
    })
    asked.on('error', reject)
    asked.end()
  })
