import { spawn } from 'node:child_process'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openWorkspace } from '../../src/issue/workspace.ts'
import type { Entry } from '../../src/registry/registry.ts'
import { clock, exportPath, gradecert, temporaryFolder } from '../cli/terminal.ts'

const seed = 'killed'
const child = fileURLToPath(new URL('./issue.child.ts', import.meta.url))
const victims = 6

test('an issuing process that is killed at random moments ends with the bytes of an undisturbed one', async () => {
  const folder = await temporaryFolder()
  await gradecert(['init', `${folder}/untouched`, '--name', '示例评价机构'], { seed })
  cpSync(`${folder}/untouched`, `${folder}/reference`, { recursive: true })
  expect(await runToItsEnd(`${folder}/reference`)).toBe(2) // one row of the export is on hold
  const reference = await stateOf(`${folder}/reference`)
  expect(reference.files.length).toBe(119)

  let kills = 0
  for (let victim = 0; victim < victims; victim++) {
    const dir = `${folder}/victim-${victim}`
    cpSync(`${folder}/untouched`, dir, { recursive: true })
    for (let round = 0; round < 3; round++) {
      if (await killedAfter(dir, Math.floor(Math.random() * 60), Math.random() * 8)) kills++
    }
    expect(await runToItsEnd(dir)).toBe(2)
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
  expect(verified.lines.map(({ verdict }) => verdict)).toEqual(Array(119).fill('valid'))
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

const start = (dir: string) =>
  spawn(process.execPath, [child, dir, exportPath, seed, clock], { stdio: ['ignore', 'pipe', 'pipe'] })

function runToItsEnd(dir: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const issuing = start(dir)
    issuing.stdout.resume()
    issuing.stderr.resume()
    issuing.on('error', reject)
    issuing.on('exit', (code) => resolve(code))
  })
}

/** Kills the process some milliseconds after it has spoken of some records; answers whether it was still alive. */
function killedAfter(dir: string, records: number, milliseconds: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const issuing = start(dir)
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
