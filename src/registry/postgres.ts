/**
 * The registry on PostgreSQL, for several machines that issue at once. Every write is one transaction; where the connection is
 * lost, or the server restarts, it is tried again: a key settles only once, so nothing is doubled by an answer that was lost.
 */
import { setTimeout } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { CodedError } from '../base/coded-error.ts'
import { CertificateError } from '../base/errors.ts'
import { postgresSchema, postgresVersion, rangeSlots } from './postgres-schema.ts'
import {
  type CompletedText,
  changesBySuperseding,
  checkSuperseding,
  type Draft,
  type Entry,
  entryFrom,
  type RecordedChange,
  type Registry,
  type Reservation,
  type Reserved,
  type Standing,
  type StatusChange,
  transitions,
} from './registry.ts'
import { changeOf, entryOf, type Row } from './rows.ts'

export interface PostgresRegistryOptions {
  /** The schema that holds its tables; `gradecert` by default. Letters, digits and underscores. */
  readonly schema?: string
  /** Whether tables that are not there are made; they are by default. */
  readonly create?: boolean
  /** Connections that it opens at most; 4 by default. */
  readonly connections?: number
  /** Milliseconds for which a lost connection is sought again; 20,000 by default. */
  readonly patience?: number
}

/**
 * Opens a registry on a PostgreSQL server of version 14 or later. `pg` is a peer that has to be installed.
 *
 * @param url `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`; the password is in no error
 * @throws `package.missing`, `registry.unusable`, `registry.version_unknown`, and `registry.missing` where it is not to be created
 * @example
 * const registry = await postgresRegistry('postgres://issuer@db.agency.example/registry')
 */
export async function postgresRegistry(
  url: string,
  { schema = 'gradecert', create = true, connections = 4, patience = 20_000 }: PostgresRegistryOptions = {},
): Promise<Registry> {
  const path = placeOf(url)
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(schema))
    throw new CertificateError('registry.unusable', { path, what: 'a schema with an unusual name' })
  const pool = await poolOf(url, { schema, connections })
  const store: Store = { pool, path, patience }
  try {
    await settle(store, schema, create)
  } catch (error) {
    await pool.end()
    throw error
  }
  return registryIn(store)
}

/** A server as errors name it, and how long it is sought again. */
export interface Place {
  /** Where it is, without the password. */
  readonly path: string
  /** Milliseconds. */
  readonly patience: number
}

interface Store extends Place {
  readonly pool: Pool
}

/** A server's name in errors: its password is nobody's business. */
export function placeOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null
  return parsed !== null && /^postgres(ql)?:$/.test(parsed.protocol)
    ? `postgres://${parsed.host}${parsed.pathname}`
    : 'postgres'
}

async function poolOf(
  url: string,
  { schema, connections }: { readonly schema: string; readonly connections: number },
): Promise<Pool> {
  const loading = import('pg').catch((cause: unknown) => {
    throw new CertificateError('package.missing', { name: 'pg' }, { cause })
  })
  const { default: pg } = await loading
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    application_name: 'gradecert',
    connectionTimeoutMillis: 10_000,
    options: [
      `-c search_path=${schema}`,
      '-c synchronous_commit=on',
      '-c statement_timeout=60000',
      '-c lock_timeout=20000',
      '-c idle_in_transaction_session_timeout=120000',
    ].join(' '),
  })
  // A connection that is lost between two questions: whoever asks the next is told, or opens another.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Makes the tables, or finds that they are ours. Processes that start together wait for each other. */
function settle(store: Store, schema: string, create: boolean): Promise<void> {
  const { path } = store
  return transaction(store, async (client) => {
    await client.query('select pg_advisory_xact_lock(hashtext($1))', [`gradecert/${schema}`])
    const { rows: tables } = await client.query('select tablename from pg_tables where schemaname = $1', [
      schema,
    ])
    if (tables.length === 0) {
      if (!create) throw new CertificateError('registry.missing', { path })
      await client.query(`create schema if not exists ${schema}`)
      await client.query(postgresSchema)
      return
    }
    if (!tables.some(({ tablename }) => tablename === 'version'))
      throw new CertificateError('registry.unusable', { path, what: 'tables of another program' })
    const { rows } = await client.query('select version from version')
    const version = Number(rows[0]?.version)
    if (version !== postgresVersion) throw new CertificateError('registry.version_unknown', { path, version })
  })
}

function registryIn(store: Store): Registry {
  const query = (text: string, values: readonly unknown[] = []) =>
    persistently(store, async () => (await store.pool.query<Row>(text, [...values])).rows)
  const reserveAll = (reservations: readonly Reservation[]) =>
    reservations.length === 0
      ? Promise.resolve([])
      : transaction(store, (client) => reserveIn(client, reservations))
  const completeAll = (texts: readonly CompletedText[]) =>
    transaction(store, (client) => completeIn(client, texts))
  return {
    async reserve(key, draft) {
      const [reserved] = await reserveAll([{ key, draft }])
      return reserved as Reserved
    },
    reserveAll,
    complete: (id, text) => completeAll([{ id, text }]),
    completeAll,
    async entriesById(ids) {
      const sql = `select entry.* from unnest($1::text[]) with ordinality as asked (id, place)
        join entry on entry.id = asked.id order by place`
      return (await query(sql, [[...new Set(ids)]])).map(entryOf)
    },
    async findByNumber(number) {
      const [row] = await query(
        "select * from entry where number = $1 order by standing in ('live', 'suspended') desc, position desc limit 1",
        [number],
      )
      return row === undefined ? null : entryOf(row)
    },
    async entriesOf(number) {
      return (await query('select * from entry where number = $1 order by position', [number])).map(entryOf)
    },
    async *entries() {
      yield* mapped(rowsOf(store, 'select * from entry order by position'), entryOf)
    },
    async *standings() {
      const sql = `select slot, standing from entry
        where id in (select id from status_change) and standing <> 'live' order by slot`
      yield* mapped(rowsOf(store, sql), ({ slot, standing }) => ({
        slot: Number(slot),
        standing: standing as Standing,
      }))
    },
    async nextSlot() {
      const [row] = await query('select coalesce(max(slot) + 1, 0) as next from entry')
      return Number(row?.next)
    },
    changeStatus: (id, change) =>
      transaction(store, (client, attempt) => changeIn(client, { ...change, id }, attempt > 0)),
    async *statusChanges() {
      yield* mapped(rowsOf(store, 'select * from status_change order by position'), changeOf)
    },
    async published(name) {
      const [row] = await query('select text from published where name = $1', [name])
      return row === undefined ? null : String(row.text)
    },
    async keepPublished(name, text) {
      await query(
        'insert into published values ($1, $2) on conflict (name) do update set text = excluded.text',
        [name, text],
      )
    },
    close: () => store.pool.end(),
  }
}

/** Settles many in their order. What another process settles at the same moment is found when this one is tried again. */
async function reserveIn(
  client: PoolClient,
  reservations: readonly Reservation[],
): Promise<readonly Reserved[]> {
  const keys = [...new Set(reservations.map(({ key }) => key))]
  const known = new Map(
    (await entriesWhere(client, 'key = any($1)', [keys])).map((entry) => [entry.key, entry]),
  )
  const unknown = new Map(reservations.filter(({ key }) => !known.has(key)).map((one) => [one.key, one]))
  const slots = await takeSlots(client, unknown.size)
  const made = [...unknown.values()].map(({ key, draft }, i) => {
    const slot = slots[i] as number
    return { key, slot, draft: draft({ serial: slot + 1, slot }) }
  })
  const fresh = await insertIn(client, made)
  const given = new Set<string>()
  return reservations.map(({ key }) => {
    const entry = (known.get(key) ?? fresh.get(key)) as Entry
    const isFresh = fresh.has(key) && !given.has(key)
    given.add(key)
    return { entry, fresh: isFresh }
  })
}

interface Made {
  readonly key: string
  readonly slot: number
  readonly draft: Draft
}

/** Next slots of a stripe that nobody holds; where all are held, of the one that is free first. */
async function takeSlots(client: PoolClient, count: number): Promise<readonly number[]> {
  if (count === 0) return []
  const free = 'select id, next, until from stripe order by id limit 1 for update skip locked'
  const any = 'select id, next, until from stripe order by random() limit 1 for update'
  const [stripe] = (await client.query(free)).rows
  const { id, ...range } = stripe ?? (await client.query(any)).rows[0]
  const slots: number[] = []
  let [next, until] = [Number(range.next), Number(range.until)]
  while (slots.length < count) {
    if (next === until) {
      const taken = await client.query('update slot_range set next = next + $1 returning next', [rangeSlots])
      until = Number(taken.rows[0].next)
      next = until - rangeSlots
    }
    slots.push(next++)
  }
  await client.query('update stripe set next = $2, until = $3 where id = $1', [id, next, until])
  return slots
}

async function insertIn(client: PoolClient, made: readonly Made[]): Promise<ReadonlyMap<string, Entry>> {
  const fresh = new Map<string, Entry>()
  if (made.length === 0) return fresh
  const ids = made.map(({ draft }) => draft.id)
  const numbers = made.map(({ draft }) => draft.number)
  const { rows: taken } = await client.query('select id from entry where id = any($1)', [ids])
  const live = new Map(
    (
      await entriesWhere(
        client,
        "number = any($1) and standing in ('live', 'suspended')",
        [numbers],
        'for update',
      )
    ).map((entry) => [entry.number, entry]),
  )
  // Last, so that whatever another writer did in the questions before is known as its own here.
  const { rows: overtaking } = await client.query('select 1 from entry where key = any($1) limit 1', [
    made.map(({ key }) => key),
  ])
  if (overtaking.length > 0) throw new Overtaken()
  const seen = new Set(taken.map(({ id }) => String(id)))
  const superseded: string[] = []
  const changes: RecordedChange[] = []
  for (const { key, slot, draft } of made) {
    if (seen.has(draft.id)) throw new CertificateError('registry.number_taken', { number: draft.number })
    seen.add(draft.id)
    const before = live.get(draft.number)
    checkSuperseding(draft, before)
    const entry = entryFrom(draft, { key, slot, standing: before?.standing ?? 'live' })
    if (before !== undefined) {
      superseded.push(before.id)
      changes.push(...changesBySuperseding(draft, await suspensionOf(client, before)))
    }
    live.set(draft.number, entry)
    fresh.set(key, entry)
  }
  // Those that give up their numbers first: a number has one live entry at every moment.
  if (superseded.length > 0)
    await client.query("update entry set standing = 'superseded' where id = any($1)", [superseded])
  const gone = new Set(superseded)
  const entries = [...fresh.values()].map((entry) =>
    gone.has(entry.id) ? { ...entry, standing: 'superseded' as const } : entry,
  )
  const { rowCount } = await client.query(
    `insert into entry (id, key, number, slot, certificate, signing, replaces, standing)
     select id, key, number, slot, certificate, signing, replaces, standing
     from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[])
       with ordinality as made (id, key, number, slot, certificate, signing, replaces, standing, place)
     order by place on conflict on constraint entry_key do nothing`,
    [
      entries.map(({ id }) => id),
      entries.map(({ key }) => key),
      entries.map(({ number }) => number),
      entries.map(({ slot }) => slot),
      entries.map(({ certificate }) => JSON.stringify(certificate)),
      entries.map(({ signing }) => JSON.stringify(signing)),
      entries.map(({ replaces }) => replaces ?? null),
      entries.map(({ standing }) => standing),
    ],
  )
  if (rowCount !== entries.length) throw new Overtaken()
  await recordAll(client, changes)
  return fresh
}

/** Another writer settled one of the same keys meanwhile: what it settled is found at the next attempt. */
class Overtaken extends Error {}

async function suspensionOf(client: PoolClient, { id, standing }: Entry): Promise<string | undefined> {
  if (standing !== 'suspended') return undefined
  const { rows } = await client.query(
    "select reason from status_change where id = $1 and kind = 'suspend' order by position desc limit 1",
    [id],
  )
  return rows[0] === undefined ? undefined : String(rows[0].reason)
}

async function completeIn(client: PoolClient, texts: readonly CompletedText[]): Promise<void> {
  if (texts.length === 0) return
  const { rows } = await client.query(
    `update entry set text = coalesce(entry.text, made.text) from unnest($1::text[], $2::text[]) as made (id, text)
     where entry.id = made.id returning entry.id`,
    [texts.map(({ id }) => id), texts.map(({ text }) => text)],
  )
  const done = new Set(rows.map(({ id }) => id))
  const absent = texts.find(({ id }) => !done.has(id))
  if (absent !== undefined) throw new CertificateError('registry.not_reserved', { id: absent.id })
}

/** `mayBeDone` where an earlier attempt lost its answer: a change that is there is then this one. */
async function changeIn(
  client: PoolClient,
  change: StatusChange & { readonly id: string },
  mayBeDone: boolean,
): ReturnType<Registry['changeStatus']> {
  const { id, kind, reason, at } = change
  const [row] = await entriesWhere(client, 'id = $1', [id], 'for update')
  if (row === undefined) return { ok: false, standing: 'absent' }
  const standing = transitions[kind][row.standing]
  if (standing === undefined) {
    const { rows } = await client.query(
      'select kind, reason, at from status_change where id = $1 order by position desc limit 1',
      [id],
    )
    const isOurs = rows[0]?.kind === kind && rows[0]?.reason === reason && rows[0]?.at === at
    return { ok: mayBeDone && isOurs, standing: row.standing }
  }
  await client.query('update entry set standing = $2 where id = $1', [id, standing])
  await recordAll(client, [change])
  return { ok: true, standing }
}

async function recordAll(client: PoolClient, changes: readonly RecordedChange[]): Promise<void> {
  for (const change of changes) {
    const successor = change.kind === 'supersede' ? change.successor : null
    await client.query(
      'insert into status_change (id, kind, reason, at, successor) values ($1, $2, $3, $4, $5)',
      [change.id, change.kind, change.reason, change.at, successor],
    )
  }
}

async function entriesWhere(
  client: PoolClient,
  condition: string,
  values: readonly unknown[],
  more = '',
): Promise<readonly Entry[]> {
  const { rows } = await client.query(`select * from entry where ${condition} ${more}`, [...values])
  return rows.map(entryOf)
}

/** All rows as they were at one moment, a thousand at a time. */
async function* rowsOf(store: Store, sql: string): AsyncGenerator<Row> {
  const client = await persistently(store, async () => {
    const connected = await store.pool.connect()
    try {
      await connected.query('begin isolation level repeatable read read only')
      await connected.query(`declare rows no scroll cursor for ${sql}`)
      return connected
    } catch (error) {
      connected.release(true)
      throw error
    }
  })
  let isWhole = false
  try {
    for (;;) {
      const { rows } = await spoken(store, () => client.query<Row>('fetch 1000 from rows'))
      if (rows.length === 0) break
      yield* rows
    }
    isWhole = true
  } finally {
    // A connection that was left in the middle is closed: its transaction ends with it.
    if (isWhole) await client.query('commit').catch(() => {})
    client.release(!isWhole)
  }
}

async function* mapped<T>(rows: AsyncIterable<Row>, map: (row: Row) => T): AsyncGenerator<T> {
  for await (const row of rows) yield map(row)
}

/** One transaction: a crash leaves nothing of it. `attempt` counts from 0. */
function transaction<T>(store: Store, work: (client: PoolClient, attempt: number) => Promise<T>): Promise<T> {
  return persistently(store, async (attempt) => {
    const client = await store.pool.connect()
    let isBroken = true
    try {
      await client.query('begin')
      const result = await work(client, attempt)
      await client.query('commit')
      isBroken = false
      return result
    } catch (error) {
      isBroken = !(await client.query('rollback').then(
        () => true,
        () => false,
      ))
      throw error
    } finally {
      client.release(isBroken)
    }
  })
}

/** Tries again what a lost connection, a restart or another writer kept from being done, with longer and longer pauses. */
export async function persistently<T>(place: Place, act: (attempt: number) => Promise<T>): Promise<T> {
  const deadline = Date.now() + place.patience
  for (let attempt = 0; ; attempt++) {
    try {
      return await spoken(place, () => act(attempt))
    } catch (error) {
      const pause = Math.min(2000, 20 * 2 ** attempt) * (0.5 + Math.random())
      const cause = error instanceof CodedError ? (error.cause ?? error) : error
      if (!isPassing(cause) || Date.now() + pause > deadline) throw error
      await setTimeout(pause)
    }
  }
}

/** What the server or the network says, as an error that names what to do. */
async function spoken<T>({ path }: Place, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    if (cause instanceof CodedError || !isOfServer(cause)) throw cause // what a draft throws is its caller's
    const { code, constraint } = cause as { readonly code?: string; readonly constraint?: string }
    if (constraint === 'entry_live' || constraint === 'entry_id')
      throw new CertificateError('registry.number_taken', { number: constraint }, { cause })
    throw new CertificateError(
      'registry.unusable',
      { path, what: code ?? (cause as Error).message },
      { cause },
    )
  }
}

/** Whether the server, the socket or the pool says so, and not what was called. */
function isOfServer(error: unknown): boolean {
  const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string }
  return error instanceof Overtaken || /^([0-9A-Z]{5}|E[A-Z]+)$/.test(code) || isOfPool.test(message)
}

/** Errors of `pg` that have no code. */
const isOfPool = /connection terminated|connection ended|timeout exceeded when trying|not queryable/i

/** SQLSTATE classes 08 (connection), 40 (rolled back), 53 (resources), 57P (restart), and what sockets say. */
function isPassing(error: unknown): boolean {
  const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string }
  const isCode = /^(08|40|53300|57P0[123]|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND)/.test(code)
  return error instanceof Overtaken || isCode || isOfPool.test(message)
}
