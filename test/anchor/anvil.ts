/** A real EVM node for tests: anvil, where its package is installed. Tests that need it skip where it is not. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import type { Json, JsonObject } from '../../src/base/json.ts'

const binary = anvilBinary()

export const anvilIsHere = binary !== undefined

if (!anvilIsHere) console.info('anvil is not installed: tests against a real EVM node are skipped')

export interface Anvil {
  readonly url: string
  ask(method: string, ...params: readonly Json[]): Promise<Json>
  stop(): Promise<void>
}

/** Starts a node of chain 31337 on a free port of this machine; blocks are made only when asked for. */
export async function startAnvil(...options: readonly string[]): Promise<Anvil> {
  if (binary === undefined) throw new Error('anvil is not installed')
  const child = spawn(binary, ['--port', '0', '--no-mining', ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const url = await addressOf(child)
  return {
    url,
    async ask(method, ...params) {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
      const headers = { 'content-type': 'application/json' }
      const answer = (await (await fetch(url, { method: 'POST', headers, body })).json()) as JsonObject
      if (answer.error !== undefined) throw new Error(`${method}: ${JSON.stringify(answer.error)}`)
      return answer.result ?? null
    },
    async stop() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: stdout! })) {
    const [, address] = /Listening on (127\.0\.0\.1:\d+)/.exec(line) ?? []
    if (address === undefined) continue
    stdout!.resume()
    return `http://${address}`
  }
  throw new Error('anvil did not start')
}

function anvilBinary(): string | undefined {
  try {
    const path = createRequire(import.meta.url).resolve('@foundry-rs/anvil-linux-amd64/package.json')
    return `${dirname(path)}/bin/anvil`
  } catch {
    return undefined
  }
}
