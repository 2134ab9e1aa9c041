#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8'
import { version } from './base/version.ts'

/** One certificate comes in by standard input, and none is larger; one byte more is enough to say so. */
const certificateBytes = 1_048_576

/** Commands that go through as many rows as somebody has. */
const manyRows: ReadonlySet<string> = new Set(['check', 'issue', 'screen', 'report'])

// Whoever reads may stop reading (`| head`): what is being done is still done to its end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: { readonly code?: string }) => {
    if (error.code !== 'EPIPE') throw error
  })
}

const argv = process.argv.slice(2)
// The question that scripts ask most often is answered before anything else is loaded.
process.exitCode = argv.length === 1 && argv[0] === '--version' ? sayVersion() : await runCommand()

function sayVersion(): number {
  process.stdout.write(`${version}\n`)
  return 0
}

async function runCommand(): Promise<number> {
  const { keepCompiled } = await import('./cli/compile-cache.ts')
  keepCompiled(process.env)
  const { run } = await import('./cli/run.ts')
  if (argv[0] !== undefined && manyRows.has(argv[0])) keepHeapSmall()
  return run(argv, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    stdin: async () => {
      const chunks: Buffer[] = []
      let length = 0
      for await (const chunk of process.stdin) {
        chunks.push(chunk)
        length += chunk.length
        if (length > certificateBytes) break
      }
      return new Uint8Array(Buffer.concat(chunks))
    },
    env: process.env,
    now: Date.now,
    // From the first signal on the command ends in its own time; the same signal again ends it at once.
    interrupted: () =>
      new Promise((resolve) => {
        process.once('SIGINT', () => resolve())
        process.once('SIGTERM', () => resolve())
      }),
    isTerminal: process.stderr.isTTY === true,
    isOutTerminal: process.stdout.isTTY === true,
    exchange: (url, options) => globalThis.fetch(url, options),
    fetch: async (url, options) => {
      const { safeFetch } = await import('./cli/safe-fetch.ts')
      return safeFetch()(url, options)
    },
  })
}

/**
 * What a batch leaves behind is collected sooner than V8 would: it lets the heap grow to four times what is in use, and what is
 * young to 128 MiB. From here on it grows by half, and what is young keeps the room that loading took. V8 looks at both each
 * time it collects; they decide nothing but when.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=50')
  setFlagsFromString('--semi-space-growth-factor=1')
}
