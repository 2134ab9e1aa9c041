/**
 * The registry in one file, by Node's own SQLite: write-ahead log, synchronous=FULL, one immediate transaction per write.
 */
import { chmodSync, existsSync } from 'node:fs'
import { CodedError } from '../base/coded-error.ts'
import { CertificateError } from '../base/errors.ts'
import { DatabaseSync } from '../base/sqlite.ts'
import {
  type CompletedText,
  changesBySuperseding,
  checkSuperseding,
  type Entry,
  entryFrom,
  type RecordedChange,
  type Registry,
  type Reservation,
  type Reserved,
  type Standing,
  transitions,
} from './registry.ts'
import { changeOf, entryOf } from './rows.ts'
import { placeOf, refusalOf, refuseCut, spokenBy } from './sqlite-file.ts'
import { migrations, schema, schemaVersion } from './sqlite-schema.ts'

export interface SqliteRegistryOptions {
  /** Whether a file that is not there, or empty, becomes a new registry; it does by default. */
  readonly create?: boolean
}

/**
 * Opens a registry file that only its owner may read.
 * @throws `registry.unusable`, `registry.locked`, `registry.damaged`, `registry.version_unknown`, and `registry.missing`
 * where it is not to be created; whatever writes also `registry.replaced`
 */
export function sqliteRegistry(path: string, { create = true }: SqliteRegistryOptions = {}): Registry {
  const db = open(path, create)
  const one = (sql: string) => db.prepare(sql)
  const statements = {
    byKey: one('select * from entry where key = ?'),
    byId: one('select * from entry where id = ?'),
    live: one("select * from entry where number = ? and standing in ('live', 'suspended')"),
    numbered: one('select * from entry where number = ? order by position'),
    last: one('select * from entry where number = ? order by position desc limit 1'),
    draw: one('update counter set next = next + 1 where name = ? returning next - 1 as drawn'),
    insert: one(
      `insert into entry (id, key, number, slot, certificate, signing, replaces, text, standing)
       values (?, ?, ?, ?, ?, ?, ?, null, ?)`,
    ),
    complete: one('update entry set text = coalesce(text, ?) where id = ?'),
    stand: one('update entry set standing = ? where id = ?'),
    change: one('insert into status_change (id, kind, reason, at, successor) values (?, ?, ?, ?, ?)'),
    suspension: one(
      "select reason from status_change where id = ? and kind = 'suspend' order by position desc limit 1",
    ),
    page: one('select * from entry where position > ? order by position limit 500'),
    changes: one('select * from status_change order by position'),
    // Who was never changed is live: only the others are looked at, though their texts lie between.
    standings: one(
      "select slot, standing from entry where id in (select id from status_change) and standing <> 'live' order by slot",
    ),
    nextSlot: one("select next from counter where name = 'slot'"),
    published: one('select text from published where name = ?'),
    keep: one('insert into published values (?, ?) on conflict (name) do update set text = excluded.text'),
  }
  const attempt = <T>(work: () => T): T => spokenBy(path, work)
  const place = placeOf(path)
  /** Whatever was written into a file that is no longer the registry is not kept: nobody may be shown it. */
  const kept = <T>(result: T): T => {
    if (placeOf(path) !== place) throw new CertificateError('registry.replaced', { path })
    return result
  }
  /** One immediate transaction: another process waits, a crash leaves nothing of it. */
  const write = <T>(work: () => T): T =>
    attempt(() => {
      db.exec('begin immediate')
      try {
        const result = work()
        db.exec('commit')
        return kept(result)
      } catch (error) {
        if (db.isTransaction) db.exec('rollback')
        throw error
      }
    })
  const draw = (name: 'serial' | 'slot') => Number(statements.draw.get(name)?.drawn)

  const settleOne = ({ key, draft }: Reservation): Reserved => {
    const known = statements.byKey.get(key)
    if (known !== undefined) return { entry: entryOf(known), fresh: false }
    const slot = draw('slot')
    const made = draft({ serial: draw('serial'), slot })
    const row = statements.live.get(made.number)
    const live = row === undefined ? undefined : entryOf(row)
    if (statements.byId.get(made.id) !== undefined)
      throw new CertificateError('registry.number_taken', { number: made.number })
    checkSuperseding(made, live)
    const entry = entryFrom(made, { key, slot, standing: live?.standing ?? 'live' })
    if (live !== undefined) statements.stand.run('superseded', live.id)
    insert(statements.insert, entry)
    const suspension = live?.standing === 'suspended' ? statements.suspension.get(live.id) : undefined
    for (const change of changesBySuperseding(made, suspension && String(suspension.reason)))
      record(statements.change, change)
    return { entry, fresh: true }
  }
  const completeOne = ({ id, text }: CompletedText): void => {
    if (statements.complete.run(text, id).changes === 0)
      throw new CertificateError('registry.not_reserved', { id })
  }

  return {
    async reserve(key, draft) {
      return write(() => settleOne({ key, draft }))
    },
    async reserveAll(reservations) {
      return write(() => reservations.map(settleOne))
    },
    async complete(id, text) {
      kept(attempt(() => completeOne({ id, text })))
    },
    async completeAll(texts) {
      write(() => texts.forEach(completeOne))
    },
    async entriesById(ids) {
      const rows = attempt(() => [...new Set(ids)].map((id) => statements.byId.get(id)))
      return rows.filter((row) => row !== undefined).map(entryOf)
    },
    async findByNumber(number) {
      const row = attempt(() => statements.live.get(number) ?? statements.last.get(number))
      return row === undefined ? null : entryOf(row)
    },
    async entriesOf(number) {
      return attempt(() => statements.numbered.all(number)).map(entryOf)
    },
    async *entries() {
      for (let position = 0; ; ) {
        const rows = attempt(() => statements.page.all(position))
        if (rows.length === 0) return
        yield* rows.map(entryOf)
        position = Number(rows.at(-1)?.position)
      }
    },
    async *standings() {
      for (const { slot, standing } of attempt(() => statements.standings.all()))
        yield { slot: Number(slot), standing: standing as Standing }
    },
    async nextSlot() {
      return Number(attempt(() => statements.nextSlot.get())?.next)
    },
    async changeStatus(id, change) {
      return write(() => {
        const row = statements.byId.get(id)
        if (row === undefined) return { ok: false, standing: 'absent' } as const
        const before = row.standing as Standing
        const standing = transitions[change.kind][before]
        if (standing === undefined) return { ok: false, standing: before } as const
        statements.stand.run(standing, id)
        record(statements.change, { ...change, id })
        return { ok: true, standing } as const
      })
    },
    async *statusChanges() {
      yield* attempt(() => statements.changes.all()).map(changeOf)
    },
    async published(name) {
      const row = attempt(() => statements.published.get(name))
      return row === undefined ? null : String(row.text)
    },
    async keepPublished(name, text) {
      kept(attempt(() => statements.keep.run(name, text)))
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
    throw cause instanceof CodedError ? cause : refusalOf(path, cause as Error)
  }
}

/** Makes a new file a registry, brings an older one up to date; a file of a later version or another program stays as it is. */
function settle(db: DatabaseSync, path: string, create: boolean): void {
  // In this order: another process may make the same new file a registry between the two questions.
  const isEmpty = db.prepare('select 1 from sqlite_schema').get() === undefined
  const version = versionOf(db)
  if (version !== 0 && version !== schemaVersion && !migrations.has(version))
    throw new CertificateError('registry.version_unknown', { path, version })
  if (version === 0 && !isEmpty)
    throw new CertificateError('registry.unusable', { path, what: 'the database of another program' })
  if (version === 0 && !create) throw new CertificateError('registry.missing', { path })
  db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  if (path !== ':memory:') {
    chmodSync(path, 0o600)
    refuseCut(path)
  }
  // Two processes may both find a new or an old file: the version is read again inside the transaction.
  db.exec('begin immediate')
  try {
    if (versionOf(db) === 0) db.exec(schema)
    for (let step = migrations.get(versionOf(db)); step; step = migrations.get(versionOf(db))) db.exec(step)
    db.exec('commit')
  } catch (error) {
    if (db.isTransaction) db.exec('rollback')
    throw error
  }
}

const versionOf = (db: DatabaseSync): number => Number(db.prepare('pragma user_version').get()?.user_version)

/** Milliseconds that a write waits for another process. */
const busyTimeout = 10_000

function insert(statement: ReturnType<DatabaseSync['prepare']>, entry: Entry): void {
  const { id, key, number, slot, certificate, signing, replaces = null, standing } = entry
  statement.run(
    id,
    key,
    number,
    slot,
    JSON.stringify(certificate),
    JSON.stringify(signing),
    replaces,
    standing,
  )
}

function record(statement: ReturnType<DatabaseSync['prepare']>, change: RecordedChange): void {
  const successor = change.kind === 'supersede' ? change.successor : null
  statement.run(change.id, change.kind, change.reason, change.at, successor)
}
