import { execFile } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import { sqliteRegistry } from '../../src/registry/sqlite.ts'
import { collect, draftOf } from './drafts.ts'

const root = mkdtempSync(join(tmpdir(), 'gradecert-sqlite-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(root, 'one-'))
  file = join(folder, 'registry.db')
})

const modesOf = (dir: string) =>
  Object.fromEntries(
    readdirSync(dir).map((name) => [name, (statSync(join(dir, name)).mode & 0o777).toString(8)]),
  )

test('what SQLite refuses while it works is an error that names the registry, and nothing is half done', async () => {
  const registry = sqliteRegistry(file)
  const { entry } = await registry.reserve('key-a', draftOf('a'))
  const other = new DatabaseSync(file)
  other.exec(
    "create trigger full before insert on entry begin select raise(abort, 'database or disk is full'); end",
  )
  const refused = { code: 'registry.unusable', detail: { path: file, what: 'database or disk is full' } }
  await expect(registry.reserve('key-b', draftOf('b'))).rejects.toMatchObject(refused)
  other.exec('drop trigger full; drop table published')
  await expect(registry.published('x')).rejects.toMatchObject({ code: 'registry.unusable' })
  await expect(registry.keepPublished('x', 'y')).rejects.toMatchObject({ code: 'registry.unusable' })
  const next = await registry.reserve('key-b', draftOf('b'))
  expect(next.entry.slot).toBe(entry.slot + 1)
  other.close()
  registry.close()
})

describe('a registry file', () => {
  test('is for its owner alone, and so is all that stands beside it', async () => {
    const registry = sqliteRegistry(file)
    await registry.reserve('key-a', draftOf('a'))
    expect(modesOf(folder)).toEqual({
      'registry.db': '600',
      'registry.db-shm': '600',
      'registry.db-wal': '600',
    })
    registry.close()
  })

  test('that others could read is closed to them when it is opened', () => {
    sqliteRegistry(file).close()
    chmodSync(file, 0o644)
    sqliteRegistry(file).close()
    expect(modesOf(folder)).toEqual({ 'registry.db': '600' })
  })

  test('is written ahead', () => {
    sqliteRegistry(file).close()
    const db = new DatabaseSync(file)
    expect(db.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(db.prepare('pragma user_version').get()).toEqual({ user_version: 2 })
    db.close()
  })

  // `synchronous` is a property of a connection and cannot be asked from outside: the connection is watched instead.
  test('waits for the disk at every commit, whatever was built in as default', () => {
    const said: string[] = []
    const original = DatabaseSync.prototype.exec
    DatabaseSync.prototype.exec = function exec(sql: string) {
      original.call(this, sql)
      if (said.length === 0) said.push(JSON.stringify(this.prepare('pragma synchronous').get()))
    }
    try {
      sqliteRegistry(file).close()
    } finally {
      DatabaseSync.prototype.exec = original
    }
    expect(said).toEqual(['{"synchronous":2}'])
  })

  test('keeps everything when it is opened again', async () => {
    const before = sqliteRegistry(file)
    await before.reserve('key-a', draftOf('a', { number: 'N' }))
    await before.reserve('key-b', draftOf('b', { number: 'N', replaces: 'urn:x:a' }))
    await before.complete('urn:x:b', 'text')
    await before.changeStatus('urn:x:b', {
      kind: 'suspend',
      reason: 'under-investigation',
      at: '2026-03-01T09:00:00Z' as Instant,
    })
    await before.keepPublished('status/revocation-1.json', 'list')
    const kept = {
      entries: await collect(before.entries()),
      changes: await collect(before.statusChanges()),
    }
    before.close()

    const after = sqliteRegistry(file)
    expect(kept.entries.map(({ standing }) => standing)).toEqual(['superseded', 'suspended'])
    expect({
      entries: await collect(after.entries()),
      changes: await collect(after.statusChanges()),
    }).toStrictEqual(kept)
    expect(await after.published('status/revocation-1.json')).toBe('list')
    expect(await after.reserve('key-a', draftOf('z'))).toMatchObject({
      fresh: false,
      entry: { id: 'urn:x:a' },
    })
    let drawn = {}
    await after.reserve('key-c', (numbers) => {
      drawn = numbers
      return draftOf('c')(numbers)
    })
    expect(drawn).toEqual({ serial: 3, slot: 2 })
    after.close()
  })

  test('keeps what was written when the process is gone without closing it', async () => {
    const gone = sqliteRegistry(file)
    await gone.reserve('key-a', draftOf('a'))
    const other = sqliteRegistry(file)
    expect(await other.findByNumber('N-a')).toMatchObject({ id: 'urn:x:a' })
    other.close()
    gone.close()
  })

  test('shows each of two connections what the other wrote', async () => {
    const [one, two] = [sqliteRegistry(file), sqliteRegistry(file)]
    const slots = []
    for (let i = 0; i < 10; i++) {
      slots.push((await one.reserve(`one-${i}`, draftOf(`one-${i}`))).entry.slot)
      slots.push((await two.reserve(`two-${i}`, draftOf(`two-${i}`))).entry.slot)
    }
    expect(slots).toEqual(Array.from({ length: 20 }, (_, i) => i))
    expect(await two.reserve('one-0', draftOf('z'))).toMatchObject({
      fresh: false,
      entry: { id: 'urn:x:one-0' },
    })
    await expect(two.reserve('new', draftOf('new', { number: 'N-one-0' }))).rejects.toMatchObject({
      code: 'registry.number_taken',
    })
    one.close()
    two.close()
  })

  test('gives four processes at once 800 serials and slots, none twice, none left out', async () => {
    const child = fileURLToPath(new URL('reserve.child.ts', import.meta.url))
    const runs = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        promisify(execFile)(process.execPath, ['--no-warnings', child, file, name], {
          maxBuffer: 10_000_000,
        }),
      ),
    )
    const drawn = runs.flatMap(({ stdout }) => JSON.parse(stdout) as { serial: number; slot: number }[])
    const inOrder = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)
    expect(inOrder(drawn.map(({ serial }) => serial))).toEqual(Array.from({ length: 800 }, (_, i) => i + 1))
    expect(inOrder(drawn.map(({ slot }) => slot))).toEqual(Array.from({ length: 800 }, (_, i) => i))
    const registry = sqliteRegistry(file)
    expect(await collect(registry.entries())).toHaveLength(800)
    registry.close()
  })
})

describe('a registry file of version 1', () => {
  /** As version 1 wrote it: `a` was corrected by `b`, `c` was suspended; `d` replaced what a restored copy had lost. */
  const versionOne = (path: string) => {
    const db = new DatabaseSync(path)
    db.exec(`
create table entry (
  position integer primary key, id text not null unique, key text not null unique, number text not null,
  slot integer not null unique, certificate text not null, signing text not null, replaces text, text text,
  standing text not null
) strict;
create index entry_number on entry (number);
create unique index entry_live on entry (number) where standing in ('live', 'suspended');
create table status_change (
  position integer primary key, id text not null references entry (id), kind text not null, reason text not null,
  at text not null
) strict;
create table counter (name text primary key, next integer not null) strict, without rowid;
insert into counter values ('serial', 5), ('slot', 4);
create table published (name text primary key, text text not null) strict, without rowid;
insert into published values ('status/revocation-1.json', 'list');
insert into entry values
  (1, 'urn:x:a', 'key-a', 'N', 0, '{"n":1}', '{"created":"2026-01-25T01:00:00Z"}', null, 'text a', 'superseded'),
  (2, 'urn:x:c', 'key-c', 'M', 1, '{"n":2}', '{"created":"2026-01-25T01:00:00Z"}', null, 'text c', 'suspended'),
  (3, 'urn:x:b', 'key-b', 'N', 2, '{"replaces":{"reason":"lost-reissue"}}', '{"created":"2026-02-25T01:00:00Z"}',
    'urn:x:a', null, 'live'),
  (4, 'urn:x:d', 'key-d', 'L', 3, '{"n":4}', '{"created":"2026-02-26T01:00:00Z"}', 'urn:x:gone', null, 'live');
insert into status_change values (1, 'urn:x:c', 'suspend', 'under-investigation', '2026-02-01T00:00:00Z');
pragma user_version = 1;`)
    db.close()
  }

  test('is brought up to date when it is opened, and nothing in it is lost', async () => {
    versionOne(file)
    const registry = sqliteRegistry(file, { create: false })
    expect((await collect(registry.entries())).map(({ id, standing, text }) => [id, standing, text])).toEqual(
      [
        ['urn:x:a', 'superseded', 'text a'],
        ['urn:x:c', 'suspended', 'text c'],
        ['urn:x:b', 'live', null],
        ['urn:x:d', 'live', null],
      ],
    )
    expect(await collect(registry.statusChanges())).toEqual([
      { id: 'urn:x:c', kind: 'suspend', reason: 'under-investigation', at: '2026-02-01T00:00:00Z' },
      {
        id: 'urn:x:a',
        kind: 'supersede',
        reason: 'lost-reissue',
        at: '2026-02-25T01:00:00Z',
        successor: 'urn:x:b',
      },
    ])
    expect(await registry.published('status/revocation-1.json')).toBe('list')
    const { entry } = await registry.reserve('key-e', draftOf('e', { number: 'N', replaces: 'urn:x:b' }))
    expect(entry).toMatchObject({ slot: 4, standing: 'live' })
    registry.close()
    sqliteRegistry(file).close()
    const db = new DatabaseSync(file)
    expect(db.prepare('pragma user_version').get()).toEqual({ user_version: 2 })
    expect(db.prepare('select count(*) as n from status_change').get()).toEqual({ n: 3 })
    db.close()
  })

  test('stays of version 1, whole, where it cannot be brought up to date', () => {
    versionOne(file)
    const broken = new DatabaseSync(file)
    broken.exec("update entry set signing = 'no json' where id = 'urn:x:b'")
    broken.close()
    expect(() => sqliteRegistry(file)).toThrow(expect.objectContaining({ code: 'registry.unusable' }))
    const db = new DatabaseSync(file)
    expect(db.prepare('pragma user_version').get()).toEqual({ user_version: 1 })
    expect(db.prepare('select * from status_change').all()).toHaveLength(1)
    expect(db.prepare("select name from pragma_table_info('status_change')").all()).not.toContainEqual({
      name: 'successor',
    })
    db.close()
  })

  test('is brought up to date once by many who open it at a time', async () => {
    versionOne(file)
    const child = fileURLToPath(new URL('reserve.child.ts', import.meta.url))
    await Promise.all(
      ['e', 'f'].map((name) =>
        promisify(execFile)(process.execPath, ['--no-warnings', child, file, name], {
          maxBuffer: 10_000_000,
        }),
      ),
    )
    const registry = sqliteRegistry(file)
    expect(await collect(registry.statusChanges())).toHaveLength(2)
    expect(await collect(registry.entries())).toHaveLength(404)
    registry.close()
  })
})

describe('a file that is no registry', () => {
  const refusal = (path: string): unknown => {
    try {
      sqliteRegistry(path).close()
      return null
    } catch (error) {
      return error
    }
  }

  test('is refused, and left as it is', () => {
    const content = 'not a database, '.repeat(100)
    writeFileSync(file, content)
    expect(refusal(file)).toMatchObject({
      code: 'registry.damaged',
      detail: { path: file, what: 'file is not a database' },
      cause: expect.any(Error),
    })
    expect(readFileSync(file, 'utf8')).toBe(content)
  })

  test('but a folder is refused', () => {
    mkdirSync(file)
    expect(refusal(file)).toMatchObject({ code: 'registry.unusable' })
  })

  test('because its folder is not there is refused', () => {
    expect(refusal(join(folder, 'missing', 'registry.db'))).toMatchObject({ code: 'registry.unusable' })
  })

  test('of a later version is refused, and its version stays', () => {
    const later = new DatabaseSync(file)
    later.exec('pragma user_version = 3')
    later.close()
    expect(refusal(file)).toMatchObject({
      code: 'registry.version_unknown',
      detail: { path: file, version: 3 },
    })
    const db = new DatabaseSync(file)
    expect(db.prepare('pragma user_version').get()).toEqual({ user_version: 3 })
    expect(db.prepare('select count(*) as tables from sqlite_schema').get()).toEqual({ tables: 0 })
    db.close()
  })

  test('but the database of another program is refused, and nothing is added to it', () => {
    const foreign = new DatabaseSync(file)
    foreign.exec('create table person (name text)')
    foreign.close()
    expect(refusal(file)).toMatchObject({ code: 'registry.unusable' })
    const db = new DatabaseSync(file)
    expect(db.prepare('select name from sqlite_schema').all()).toEqual([{ name: 'person' }])
    db.close()
  })
})
