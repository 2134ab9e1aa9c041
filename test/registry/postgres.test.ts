import { spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import { postgresRegistry } from '../../src/registry/postgres.ts'
import { rangeSlots } from '../../src/registry/postgres-schema.ts'
import type { Entry, Registry } from '../../src/registry/registry.ts'
import { collect, draftOf } from './drafts.ts'
import { postgresServer } from './postgres-server.ts'

const server = await postgresServer()
const open: Registry[] = []
let schemas = 0
const freshSchema = () => `postgres_test_${process.pid}_${schemas++}`

async function registryIn(schema: string, options: { readonly patience?: number } = {}): Promise<Registry> {
  const registry = await postgresRegistry(server.url, { schema, ...options })
  open.push(registry)
  return registry
}
afterAll(async () => {
  for (const registry of open) await registry.close()
})

/** What an administrator may do. */
async function sql(text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

const reservations = (names: readonly string[]) =>
  names.map((name) => ({ key: `key-${name}`, draft: draftOf(name) }))
const namesFrom = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`)

/** Slots are distinct, and of each range that a stripe took the first ones are taken, without a gap. */
function expectNoSlotLost(entries: readonly Entry[]): void {
  const slots = entries.map(({ slot }) => slot).sort((a, b) => a - b)
  expect(new Set(slots).size).toBe(slots.length)
  const gaps = slots.filter((slot, i) => slot !== (slots[i - 1] ?? -1) + 1)
  expect(gaps.filter((slot) => slot % rangeSlots !== 0)).toEqual([])
}

const child = fileURLToPath(new URL('./postgres.child.ts', import.meta.url))

/** Runs a writer to its end, killing it some times before; answers how often it was killed. */
async function writer(schema: string, number: number, count: number): Promise<number> {
  for (let kills = 0; ; kills++) {
    const writing = spawn(process.execPath, [child, server.url, schema, String(number), String(count)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const timer =
      kills < 2 ? setTimeout(() => writing.kill('SIGKILL'), 400 + Math.random() * 1200) : undefined
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
      writing.on('exit', (...ended) => resolve(ended))
    })
    clearTimeout(timer)
    if (signal === null) {
      expect(code).toBe(0)
      return kills
    }
  }
}

describe.skipIf(!server.isHere)('a registry on PostgreSQL', () => {
  test('loses, doubles and reuses no slot under eight writers that are killed at random', async () => {
    const schema = freshSchema()
    const registry = await registryIn(schema)
    const count = 150
    const kills = await Promise.all(namesFrom('writer', 8).map((_, i) => writer(schema, i, count)))
    expect(kills.reduce((sum, one) => sum + one)).toBeGreaterThan(0)
    const entries = await collect(registry.entries())
    expect(entries).toHaveLength(count / 2 + 8 * (count / 2))
    expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length)
    expect(entries.every(({ id, text }) => text === `text of ${id}`)).toBe(true)
    expectNoSlotLost(entries)
  }, 120_000)

  test('loses and doubles nothing when its connections are cut in the middle of a batch', async () => {
    const schema = freshSchema()
    const registry = await registryIn(schema)
    const blocks = namesFrom('block', 40).map((block) => namesFrom(block, 25))
    let isOver = false
    const cutting = (async () => {
      let cut = 0
      while (!isOver) {
        const rows = await sql(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'gradecert'",
        )
        cut += rows.length
        await pause(40 + Math.random() * 80)
      }
      return cut
    })()
    for (const names of blocks) {
      const settled = await registry.reserveAll(reservations(names))
      await registry.completeAll(settled.map(({ entry }) => ({ id: entry.id, text: 'text' })))
    }
    isOver = true
    expect(await cutting).toBeGreaterThan(0)
    const entries = await collect(registry.entries())
    expect(entries.map(({ key }) => key)).toEqual(blocks.flat().map((name) => `key-${name}`))
    expect(entries.every(({ text }) => text === 'text')).toBe(true)
    expectNoSlotLost(entries)
  }, 60_000)

  test.skipIf(process.env.GRADECERT_TEST_POSTGRES !== undefined)(
    'waits for a server that restarts, and says what to do about one that stays away',
    async () => {
      const schema = freshSchema()
      const registry = await registryIn(schema)
      const impatient = await registryIn(schema, { patience: 300 })
      await registry.reserveAll(reservations(['before']))
      await server.stop()
      const waiting = registry.reserveAll(reservations(['during']))
      const failed = await impatient.reserveAll(reservations(['never'])).catch((error: unknown) => error)
      expect(failed).toMatchObject({ code: 'registry.unusable' })
      expect(String((failed as Error).message)).toContain('127.0.0.1')
      expect(JSON.stringify(failed) + String(failed)).not.toContain('secret-of-the-test')
      await server.start()
      expect((await waiting).map(({ fresh }) => fresh)).toEqual([true])
      expect((await collect(registry.entries())).map(({ key }) => key)).toEqual(['key-before', 'key-during'])
    },
    60_000,
  )

  test('knows its own change of status again where the answer was lost', async () => {
    const registry = await registryIn(freshSchema())
    await registry.reserveAll(reservations(['a']))
    const change = {
      kind: 'revoke',
      reason: 'cheating-grave',
      at: '2026-03-01T09:00:00Z' as Instant,
    } as const
    expect(await registry.changeStatus('urn:x:a', change)).toEqual({ ok: true, standing: 'revoked' })
    expect(await registry.changeStatus('urn:x:a', change)).toEqual({ ok: false, standing: 'revoked' })
  })

  test('is made by one of several that open it at once, and opened by the others', async () => {
    const schema = freshSchema()
    const registries = await Promise.all(Array.from({ length: 4 }, () => registryIn(schema)))
    await Promise.all(registries.map((registry, i) => registry.reserveAll(reservations([`r-${i}`]))))
    expect(await collect((registries[0] as Registry).entries())).toHaveLength(4)
  })

  test('leaves alone what another program or a later version made, and makes nothing that it was not asked for', async () => {
    const [foreign, later] = [freshSchema(), freshSchema()]
    await sql(`create schema ${foreign}; create table ${foreign}.invoice (id integer)`)
    await expect(postgresRegistry(server.url, { schema: foreign })).rejects.toMatchObject({
      code: 'registry.unusable',
      detail: { what: 'tables of another program' },
    })
    await (await postgresRegistry(server.url, { schema: later })).close()
    await sql(`update ${later}.version set version = 9`)
    await expect(postgresRegistry(server.url, { schema: later })).rejects.toMatchObject({
      code: 'registry.version_unknown',
    })
    await expect(
      postgresRegistry(server.url, { schema: freshSchema(), create: false }),
    ).rejects.toMatchObject({
      code: 'registry.missing',
    })
    await expect(postgresRegistry(server.url, { schema: 'a; drop table x' })).rejects.toMatchObject({
      code: 'registry.unusable',
    })
  })

  test('says nothing of the password where it cannot be reached', async () => {
    const url = 'postgres://somebody:very-secret@127.0.0.1:1/registry'
    const error = await postgresRegistry(url, { patience: 0 }).catch((one: unknown) => one)
    expect(error).toMatchObject({
      code: 'registry.unusable',
      detail: { path: 'postgres://127.0.0.1:1/registry', what: 'ECONNREFUSED' },
    })
    expect(`${error}${JSON.stringify(error)}${(error as Error).stack}`).not.toContain('very-secret')
  })
})
