import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const bin = fileURLToPath(new URL('../../src/bin.ts', import.meta.url))
const results = fileURLToPath(new URL('../../examples/results.gb18030.csv', import.meta.url))
const at = ['--at', '2026-01-20T00:00:00Z', '--lang', 'en']
/** What the example earns. */
const earned = 119

interface Ran {
  readonly code: number | null
  readonly err: string
}

/** Runs a command; with a limit no file may grow beyond so many KiB, as on a disk that is full. */
function run(args: readonly string[], { kib, user }: { kib?: number; user?: number } = {}): Ran {
  const env = { ...process.env, NODE_NO_WARNINGS: '1' }
  const node = [process.execPath, bin, ...args]
  const command = kib === undefined ? node : ['bash', '-c', `ulimit -f ${kib}; exec "$@"`, 'bash', ...node]
  const [program, ...given] = command as [string, ...string[]]
  const ran = spawnSync(program, given, {
    encoding: 'utf8',
    env,
    ...(user !== undefined && { uid: user, gid: user }),
  })
  return { code: ran.status, err: ran.stderr }
}

const textsIn = (path: string): readonly string[] =>
  path.endsWith('.jsonl')
    ? readFileSync(path, 'utf8').trimEnd().split('\n')
    : readdirSync(path).map((name) => readFileSync(join(path, name), 'utf8'))

const numbersIn = (texts: readonly string[]): ReadonlySet<string> =>
  new Set(texts.map((text) => JSON.parse(text).credentialSubject.licenseNumber))

let folder: string
let fresh: string
let dir: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradecert-full-'))
  fresh = join(folder, 'fresh')
  expect(run(['init', fresh, '--name', '示例评价机构', ...at]).code).toBe(0)
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  dir = join(folder, 'agency')
  rmSync(dir, { recursive: true, force: true })
  cpSync(fresh, dir, { recursive: true })
})

/** A disk of its own so many KiB large, as far as the machine lets us have one; what is under way on others has room. */
const disk = (path: string, kib: number): boolean => {
  mkdirSync(path)
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', path]).status === 0
}

describe.runIf(process.platform === 'linux')('a disk that fills while certificates are issued', () => {
  test('under the registry: ends with 74, says what to do, and the next run has each once', () => {
    const out = join(dir, 'all.jsonl')
    const issue = ['issue', results, '--dir', dir, '--out', out, ...at]
    const full = run(issue, { kib: 100 })
    expect(full).toMatchObject({
      code: 74,
      err: expect.stringMatching(/registry\.unusable.*free space, then run again/),
    })
    expect(existsSync(out)).toBe(false)
    expect(run(issue).code).toBe(2)
    const texts = textsIn(out)
    expect({ texts: texts.length, numbers: numbersIn(texts).size }).toEqual({
      texts: earned,
      numbers: earned,
    })
  })

  test.for(['all.jsonl', 'all.zip', 'out'])('under %s: the same', (name, { skip }) => {
    const small = join(dir, 'small')
    if (!disk(small, 300)) skip('no disk can be mounted here')
    try {
      const issue = (out: string) => run(['issue', results, '--dir', dir, '--out', out, ...at])
      const full = issue(join(small, name))
      expect(full).toMatchObject({
        code: 74,
        err: expect.stringMatching(/ENOSPC.*free space, then run again/),
      })
      expect(full.err).not.toMatch(/at .*\.ts:/)
      // A file that lacks certificates never has its name, and nothing half written stays.
      const left = name === 'out' ? readdirSync(join(small, name)) : readdirSync(small)
      expect(left.filter((file) => !/^PT26[^.]*\.json$/.test(file))).toEqual([])
      const shown = name === 'out' ? textsIn(join(small, name)) : []
      const out = join(dir, name)
      expect(issue(out).code).toBe(2)
      if (name === 'all.zip') return
      const texts = textsIn(out)
      expect({ texts: texts.length, numbers: numbersIn(texts).size }).toEqual({
        texts: earned,
        numbers: earned,
      })
      // What was shown before the disk was full is what is there now.
      expect(shown.filter((text) => !texts.includes(text))).toEqual([])
    } finally {
      spawnSync('umount', [small])
    }
  })

  test('publish leaves what was published as it was', () => {
    expect(run(['issue', results, '--dir', dir, ...at]).code).toBe(2)
    expect(run(['publish', '--dir', dir, ...at]).code).toBe(0)
    const evidence = readFileSync(join(dir, 'public/evidence.json'), 'utf8')
    const full = run(['publish', '--dir', dir, '--at', '2026-01-21T00:00:00Z', '--lang', 'en'], { kib: 1 })
    expect(full.code).toBe(74)
    expect(full.err).toMatch(/free space, then run again/)
    expect(readFileSync(join(dir, 'public/evidence.json'), 'utf8')).toBe(evidence)
    expect(run(['publish', '--dir', dir, '--at', '2026-01-21T00:00:00Z']).code).toBe(0)
  })
})

/** Rights do not bind the superuser, so that one becomes somebody else. */
const isRoot = process.getuid?.() === 0
const nobody = 65_534

describe.runIf(process.platform === 'linux')('a folder that may be read only', () => {
  test.for([
    ['the folder of the certificates', 'out'],
    ['the folder of the workspace', '.'],
  ] as const)('%s: ends with 74 and says where', ([, name], { skip }) => {
    // Somebody else may not be let into where the checkout is.
    if (isRoot && run(['--version'], { user: nobody }).code !== 0) skip('nobody else may run this here')
    const locked = join(dir, name)
    mkdirSync(locked, { recursive: true })
    if (isRoot) spawnSync('chown', ['-R', String(nobody), dir])
    chmodSync(folder, 0o755)
    chmodSync(locked, 0o555)
    try {
      const ran = run(['issue', results, '--dir', dir, ...at], isRoot ? { user: nobody } : {})
      expect(ran.code).toBe(74)
      expect(ran.err).toContain(dir)
      expect(ran.err).toMatch(/rights/)
      expect(ran.err).not.toMatch(/at .*\.ts:/)
    } finally {
      chmodSync(locked, 0o755)
    }
    expect(run(['issue', results, '--dir', dir, ...at], isRoot ? { user: nobody } : {}).code).toBe(2)
    expect(numbersIn(textsIn(join(dir, 'out'))).size).toBe(earned)
  })
})
