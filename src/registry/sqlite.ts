/**
 * The registry in one file, by Node's own SQLite: write-ahead log, synchronous=FULL, one immediate transaction per write.
 */
import { chmodSync, existsSync } from 'node:fs'
import { CodedError } from '../base/coded-error.ts'
import { CertificateError } from '../base/errors.ts'
import { DatabaseSync, type SQLOutputValue } from '../base/sqlite.ts'
import type { Certificate } from '../certificate/certificate.ts'
import {
  type Draft,
  type Entry,
  type RecordedChange,
  type Registry,
  type SigningRecord,
  type Standing,
  type StatusChange,
  transitions,
} from './registry.ts'

const schemaVersion = 1

const schema = `
create table entry (
  position integer primary key,
  id text not null unique,
  key text not null unique,
  number text not null,
  slot integer not null unique,
  certificate text not null,
  signing text not null,
  replaces text,
  text text,
  standing text not null
) strict;
create index entry_number on entry (number);
create unique index entry_live on entry (number) where standing in ('live', 'suspended');
create table status_change (
  position integer primary key,
  id text not null references entry (id),
  kind text not null,
  reason text not null,
  at text not null
) strict;
create table counter (name text primary key, next integer not null) strict, without rowid;
insert into counter values ('serial', 1), ('slot', 0);
create table published (name text primary key, text text not null) strict, without rowid;
pragma user_version = ${schemaVersion};
`

export interface SqliteRegistryOptions {
  /** Whether a file that is not there, or empty, becomes a new registry; it does by default. */
  readonly create?: boolean
}

/**
 * Opens a registry file that only its owner may read.
 * @throws `registry.unusable`, `registry.version_unknown`, and `registry.missing` where it is not to be created
 */
export function sqliteRegistry(path: string, { create = true }: SqliteRegistryOptions = {}): Registry {
  const db = open(path, create)
  const one = (sql: string) => db.prepare(sql)
  const statements = {
    byKey: one('select * from entry where key = ?'),
    byId: one('select * from entry where id = ?'),
    live: one("select * from entry where number = ? and standing in ('live', 'suspended')"),
    last: one('select * from entry where number = ? order by position desc limit 1'),
    draw: one('update counter set next = next + 1 where name = ? returning next - 1 as drawn'),
    insert: one(
      `insert into entry (id, key, number, slot, certificate, signing, replaces, text, standing)
       values (?, ?, ?, ?, ?, ?, ?, null, 'live')`,
    ),
    complete: one('update entry set text = ? where id = ?'),
    stand: one('update entry set standing = ? where id = ?'),
    change: one('insert into status_change (id, kind, reason, at) values (?, ?, ?, ?)'),
    page: one('select * from entry where position > ? order by position limit 500'),
    changes: one('select * from status_change order by position'),
    published: one('select text from published where name = ?'),
    keep: one('insert into published values (?, ?) on conflict (name) do update set text = excluded.text'),
  }
  /** What SQLite refuses (a full disk, a lock that does not end) as an error that says what to do. */
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      if ((cause as { code?: string }).code !== 'ERR_SQLITE_ERROR') throw cause
      throw new CertificateError('registry.unusable', { path, what: (cause as Error).message }, { cause })
    }
  }
  /** One immediate transaction: another process waits, a crash leaves nothing of it. */
  const write = <T>(work: () => T): T =>
    attempt(() => {
      db.exec('begin immediate')
      try {
        const result = work()
        db.exec('commit')
        return result
      } catch (error) {
        if (db.isTransaction) db.exec('rollback')
        throw error
      }
    })
  const draw = (name: 'serial' | 'slot') => Number(statements.draw.get(name)?.drawn)

  return {
    async reserve(key, draft) {
      return write(() => {
        const known = statements.byKey.get(key)
        if (known !== undefined) return { entry: entryOf(known), fresh: false }
        const slot = draw('slot')
        const made = draft({ serial: draw('serial'), slot })
        const live = statements.live.get(made.number)
        if (statements.byId.get(made.id) !== undefined || (live !== undefined && live.id !== made.replaces)) {
          throw new CertificateError('registry.number_taken', { number: made.number })
        }
        if (live !== undefined) statements.stand.run('superseded', made.replaces as string)
        insert(statements.insert, key, slot, made)
        return { entry: { ...made, key, slot, text: null, standing: 'live' as const }, fresh: true }
      })
    },
    async complete(id, text) {
      const { changes } = attempt(() => statements.complete.run(text, id))
      if (changes === 0) throw new CertificateError('registry.not_reserved', { id })
    },
    async findByNumber(number) {
      const row = attempt(() => statements.live.get(number) ?? statements.last.get(number))
      return row === undefined ? null : entryOf(row)
    },
    async *entries() {
      for (let position = 0; ; ) {
        const rows = attempt(() => statements.page.all(position))
        if (rows.length === 0) return
        yield* rows.map(entryOf)
        position = Number(rows.at(-1)?.position)
      }
    },
    async changeStatus(id, change) {
      return write(() => {
        const row = statements.byId.get(id)
        if (row === undefined) return { ok: false, standing: 'absent' } as const
        const before = row.standing as Standing
        const standing = transitions[change.kind][before]
        if (standing === undefined) return { ok: false, standing: before } as const
        statements.stand.run(standing, id)
        statements.change.run(id, change.kind, change.reason, change.at)
        return { ok: true, standing } as const
      })
    },
    async *statusChanges() {
      yield* attempt(() => statements.changes.all()).map(
        (row): RecordedChange => ({
          id: String(row.id),
          kind: row.kind as StatusChange['kind'],
          reason: String(row.reason),
          at: row.at as StatusChange['at'],
        }),
      )
    },
    async published(name) {
      const row = attempt(() => statements.published.get(name))
      return row === undefined ? null : String(row.text)
    },
    async keepPublished(name, text) {
      attempt(() => statements.keep.run(name, text))
    },
    close() {
      db.close()
    },
  }
}

function open(path: string, create: boolean): DatabaseSync {
  if (!create && !existsSync(path)) throw new CertificateError('registry.missing', { path })
  try {
    const db = new DatabaseSync(path, { timeout: busyTimeout })
    try {
      settle(db, path, create)
      return db
    } catch (error) {
      db.close()
      throw error
    }
  } catch (cause) {
    if (cause instanceof CodedError) throw cause
    throw new CertificateError('registry.unusable', { path, what: (cause as Error).message }, { cause })
  }
}

/** Makes a new file a registry; a file of another version or another program is left as it is. */
function settle(db: DatabaseSync, path: string, create: boolean): void {
  // In this order: another process may make the same new file a registry between the two questions.
  const isEmpty = db.prepare('select 1 from sqlite_schema').get() === undefined
  const version = versionOf(db)
  if (version !== 0 && version !== schemaVersion)
    throw new CertificateError('registry.version_unknown', { path, version })
  if (version === 0 && !isEmpty) throw new Error('the database of another program')
  if (version === 0 && !create) throw new CertificateError('registry.missing', { path })
  db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  if (path !== ':memory:') chmodSync(path, 0o600)
  // Two processes may both find a new file: the version is read again inside the transaction.
  db.exec('begin immediate')
  if (versionOf(db) === 0) db.exec(schema)
  db.exec('commit')
}

const versionOf = (db: DatabaseSync): number => Number(db.prepare('pragma user_version').get()?.user_version)

/** Milliseconds that a write waits for another process. */
const busyTimeout = 10_000

type Row = Record<string, SQLOutputValue>

function insert(
  statement: ReturnType<DatabaseSync['prepare']>,
  key: string,
  slot: number,
  draft: Draft,
): void {
  statement.run(
    draft.id,
    key,
    draft.number,
    slot,
    JSON.stringify(draft.certificate),
    JSON.stringify(draft.signing),
    draft.replaces ?? null,
  )
}

/** Rows are our own writing, under STRICT tables, so their JSON is taken at its word. */
function entryOf(row: Row): Entry {
  return {
    id: String(row.id),
    key: String(row.key),
    number: String(row.number),
    slot: Number(row.slot),
    certificate: JSON.parse(String(row.certificate)) as Certificate,
    signing: JSON.parse(String(row.signing)) as SigningRecord,
    ...(row.replaces !== null && { replaces: String(row.replaces) }),
    text: row.text === null ? null : String(row.text),
    standing: row.standing as Standing,
  }
}
