import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'gradecert-edge-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What an edge runtime has not: Node's modules, by any way. */
const program = `
delete process.getBuiltinModule
const { createApp } = await import('./app.js')
const app = createApp({ tokens: [], log: (line) => lines.push(JSON.parse(line)) })
const lines = []
const ask = async (path, init) => {
  const response = await app.fetch(new Request('https://edge.example' + path, init))
  return [response.status, await response.json()]
}
const [status, { status: health }] = await ask('/health')
const [code, { verified, report }] = await ask('/certificates/verify', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"type":"nothing"}',
})
console.log(JSON.stringify([status, health, code, verified, report.verdict, lines.map(({ route }) => route)]))
`

test('the server runs where there is nothing of Node', async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../../src/server.ts', import.meta.url))],
    outfile: join(folder, 'app.js'),
    bundle: true,
    platform: 'browser',
    format: 'esm',
    metafile: true,
    logLevel: 'silent',
  })
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports)
  expect(imported.filter(({ external }) => external === true)).toEqual([])
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'run.js'), program)
  const printed = execFileSync(process.execPath, [join(folder, 'run.js')], { encoding: 'utf8' })
  expect(JSON.parse(printed)).toEqual([200, 'ok', 200, false, 'invalid', ['/health', '/certificates/verify']])
})
