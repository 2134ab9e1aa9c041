/** What tests of several machines share: agencies whose registry is a database of its own, and their queues. */
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { expect, onTestFinished, vi } from 'vitest'
import { writeResults } from '../../bench/results.ts'
import { openQueue, type Queue, type QueueOptions } from '../../src/batch/queue.ts'
import { signingIdentity } from '../../src/batch/signing-job.ts'
import { openWorkspace, type Workspace } from '../../src/issue/workspace.ts'
import { gradecert, temporaryFolder } from '../cli/terminal.ts'
import { postgresServer } from '../registry/postgres-server.ts'

export const server = await postgresServer()
let databases = 0

/** What an administrator of a database may do. */
export async function sql(url: string, text: string, values: readonly unknown[] = []) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text, [...values])).rows
  } finally {
    await client.end()
  }
}

/** A workspace whose registry is a database of its own, with results that earn a certificate each. */
export async function agency(count: number, ...options: readonly string[]) {
  const folder = await temporaryFolder()
  const name = `workers_${process.pid}_${databases++}`
  await sql(server.url, `create database ${name}`)
  onTestFinished(() => sql(server.url, `drop database ${name} with (force)`).then(() => {}))
  const url = server.url.replace(/\/[^/]*$/, `/${name}`)
  vi.stubEnv('GRADECERT_REGISTRY', url)
  const dir = `${folder}/agency`
  const init = ['init', dir, '--name', '示例评价机构', '--registry', 'postgres', ...options]
  expect((await gradecert(init)).code).toBe(0)
  const results = `${folder}/results.csv`
  await writeResults(results, count)
  return { folder, url, dir, results }
}

export const issue = (results: string, dir: string, ...options: readonly string[]) =>
  gradecert(['issue', results, '--dir', dir, '--queue', '--json', ...options])
export const work = (dir: string, ...options: readonly string[]) =>
  gradecert(['worker', '--dir', dir, '--json', '--concurrency', '1', ...options])

export async function opened(dir: string): Promise<Workspace> {
  const workspace = await openWorkspace(dir)
  onTestFinished(() => workspace.registry.close())
  return workspace
}

export async function queueOf(url: string, workspace: Workspace, options: QueueOptions = {}): Promise<Queue> {
  const queue = await openQueue(url, signingIdentity(workspace), options)
  onTestFinished(() => queue.close())
  return queue
}

/** The first answer that is one, asked for again and again. */
export async function found<T>(find: () => Promise<T | null | false>): Promise<T> {
  for (;;) {
    const answer = await find()
    if (answer !== null && answer !== false) return answer
    await pause(50)
  }
}
