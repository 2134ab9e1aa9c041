/** A terminal in memory: runs commands in process, with a clock and ids of the test's choice. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import type { ExchangeFetch } from '../../src/base/exchange.ts'
import type { Fetch } from '../../src/base/fetch.ts'
import { run } from '../../src/cli/run.ts'
import { seededRandom } from '../../src/issue/random.ts'

export interface Answer {
  readonly code: number
  readonly out: string
  readonly err: string
  /** Standard output as JSON values, one a line. */
  // biome-ignore lint/suspicious/noExplicitAny: lines of many shapes
  readonly lines: any[]
}

export interface TerminalOptions {
  /** The moment that `--at` defaults to. */
  readonly now?: string
  readonly seed?: string
  readonly env?: Readonly<Record<string, string>>
  /** Whether somebody watches standard output. */
  readonly watched?: boolean
  readonly stdin?: string | Uint8Array
  readonly fetch?: Fetch
  /** For addresses that the person configured; this machine only by default. */
  readonly exchange?: ExchangeFetch
  /** Resolves when a command that runs for ever is to stop. */
  readonly interrupted?: () => Promise<void>
  /** Sees standard output while the command runs. */
  readonly saw?: (text: string) => void
}

export const clock = '2026-01-20T00:00:00Z'

/** Runs one command line. */
export async function gradecert(argv: readonly string[], options: TerminalOptions = {}): Promise<Answer> {
  const {
    now = clock,
    seed = 'seed',
    env = {},
    watched = false,
    stdin = '',
    fetch = noNetwork,
    exchange = loopback,
    interrupted,
    saw,
  } = options
  let out = ''
  let err = ''
  const code = await run(argv, {
    out: (text) => {
      out += text
      saw?.(text)
    },
    err: (text) => {
      err += text
    },
    stdin: async () => (typeof stdin === 'string' ? utf8(stdin) : new Uint8Array(stdin)),
    env,
    now: () => Date.parse(now),
    isTerminal: false,
    isOutTerminal: watched,
    fetch,
    exchange,
    ...(interrupted !== undefined && { interrupted }),
    random: seededRandom(utf8(seed)),
  })
  return {
    code,
    out,
    err,
    get lines() {
      return out
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    },
  }
}

const loopback: ExchangeFetch = (url, options) =>
  new URL(url).hostname === '127.0.0.1'
    ? globalThis.fetch(url, options)
    : Promise.reject(new Error('a test asked the network'))

const noNetwork: Fetch = () => Promise.reject(new Error('a test asked the network'))

/** A folder that goes when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gradecert-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export const exportPath = new URL('../../examples/results.gb18030.csv', import.meta.url).pathname

/** The first rows of the export as a UTF-8 file in a folder: 30 rows earn 19 certificates. */
export async function shortExport(folder: string, rows = 30): Promise<string> {
  const lines = new TextDecoder('gb18030').decode(await readFile(exportPath)).split('\r\n')
  const path = `${folder}/results.csv`
  await writeFile(path, `${lines.slice(0, rows + 1).join('\n')}\n`)
  return path
}
