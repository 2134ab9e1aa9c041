import { spawn } from 'node:child_process'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openWorkspace } from '../../src/issue/workspace.ts'
import type { Entry } from '../../src/registry/registry.ts'
import { clock, gradecert, shortExport, temporaryFolder } from '../cli/terminal.ts'

const seed = 'killed'
const child = fileURLToPath(new URL('./issue.child.ts', import.meta.url))
const victims = 6

test('an issuing process that is killed at random moments ends with the bytes of an undisturbed one', async () => {
  const folder = await temporaryFolder()
  await gradecert(['init', `${folder}/untouched`, '--name', '示例评价机构'], { seed })
  cpSync(`${folder}/untouched`, `${folder}/reference`, { recursive: true })
  const results = await shortExport(folder, 60)
  expect(await runToItsEnd(`${folder}/reference`, results)).toBe(0)
  const reference = await stateOf(`${folder}/reference`)
  const issued = reference.files.length
  expect(issued).toBeGreaterThan(25)

  let kills = 0
  for (let victim = 0; victim < victims; victim++) {
    const dir = `${folder}/victim-${victim}`
    cpSync(`${folder}/untouched`, dir, { recursive: true })
    for (let round = 0; round < 3; round++) {
      if (await killedAfter(dir, results, Math.floor(Math.random() * 25), Math.random() * 8)) kills++
    }
    expect(await runToItsEnd(dir, results)).toBe(0)
    expect(await stateOf(dir)).toEqual(reference)
  }
  expect(kills).toBeGreaterThan(victims)

  const judged = `${folder}/victim-0`
  expect((await gradecert(['publish', '--dir', judged], { seed })).code).toBe(0)
  const verified = await gradecert([
    ...['verify', `${judged}/out`, '--trust', `${judged}/trust.json`],
    ...['--evidence', `${judged}/public/evidence.json`, '--json'],
  ])
  expect(verified.code).toBe(0)
  expect(verified.lines.map(({ verdict }) => verdict)).toEqual(Array(issued).fill('valid'))
}, 240_000)

/** Every file of `out/`, every entry of the registry: persons, numbers, slots, standings and texts. */
async function stateOf(dir: string) {
  const files = readdirSync(`${dir}/out`)
    .sort()
    .map((name) => [name, readFileSync(`${dir}/out/${name}`, 'utf8')])
  const workspace = await openWorkspace(dir)
  const entries: Entry[] = []
  for await (const entry of workspace.registry.entries()) entries.push(entry)
  workspace.registry.close()
  expect(new Set(entries.map(({ slot }) => slot)).size).toBe(entries.length)
  return { files, entries }
}

const start = (dir: string, results: string) =>
  spawn(process.execPath, [child, dir, results, seed, clock], { stdio: ['ignore', 'pipe', 'pipe'] })

function runToItsEnd(dir: string, results: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const issuing = start(dir, results)
    issuing.stdout.resume()
    issuing.stderr.resume()
    issuing.on('error', reject)
    issuing.on('exit', (code) => resolve(code))
  })
}

/** Kills the process some milliseconds after it has spoken of some records; answers whether it was still alive. */
function killedAfter(dir: string, results: string, records: number, milliseconds: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const issuing = start(dir, results)
    let spoken = 0
    issuing.stderr.resume()
    issuing.stdout.on('data', (chunk: Buffer) => {
      const before = spoken
      spoken += chunk.toString('utf8').split('\n').length - 1
      if (before <= records && spoken > records) setTimeout(() => issuing.kill('SIGKILL'), milliseconds)
    })
    issuing.on('error', reject)
    issuing.on('exit', (_, signal) => resolve(signal === 'SIGKILL'))
  })
}
