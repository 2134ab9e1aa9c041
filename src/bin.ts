#!/usr/bin/env node
import { buffer } from 'node:stream/consumers'
import { run } from './cli/run.ts'

// Whoever reads may stop reading (`| head`): what is being done is still done to its end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: { readonly code?: string }) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  stdin: async () => new Uint8Array(await buffer(process.stdin)),
  env: process.env,
  now: Date.now,
  isTerminal: process.stderr.isTTY === true,
  fetch: async (url, options) => {
    const { safeFetch } = await import('./cli/safe-fetch.ts')
    return safeFetch()(url, options)
  },
})
