import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import { memoryRegistry } from '../../src/registry/memory.ts'
import { postgresRegistry } from '../../src/registry/postgres.ts'
import {
  type Entry,
  isLive,
  type Registry,
  type Standing,
  type StatusChange,
  transitions,
} from '../../src/registry/registry.ts'
import { sqliteRegistry } from '../../src/registry/sqlite.ts'
import { fullCertificate } from '../certificates.ts'
import { collect, draftOf, signing } from './drafts.ts'
import { postgresServer } from './postgres-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'gradecert-registry-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

const entriesOf = (registry: Registry): Promise<Entry[]> => collect(registry.entries())
const at = (text: string): Instant => text as Instant
const now = at('2026-03-01T09:00:00Z')

const postgres = await postgresServer()

const stores: readonly [name: string, open: () => Registry | Promise<Registry>][] = [
  ['in memory', memoryRegistry],
  ['in a file', () => sqliteRegistry(join(folder, `${files++}.db`))],
]

const standing: typeof stores = postgres.isHere
  ? [
      ...stores,
      ['on PostgreSQL', () => postgresRegistry(postgres.url, { schema: `test_${process.pid}_${files++}` })],
    ]
  : stores

describe.each(standing)('a registry %s', (name, open) => {
  let registry: Registry
  beforeEach(async () => {
    registry = await open()
  })
  afterEach(() => registry.close())

  const reserve = (what: string, options?: Parameters<typeof draftOf>[1]) =>
    registry.reserve(`key-${what}`, draftOf(what, options))

  test('is empty at first', async () => {
    expect(await entriesOf(registry)).toEqual([])
    expect(await collect(registry.statusChanges())).toEqual([])
    expect(await registry.findByNumber('N-a')).toBeNull()
    expect(await registry.published('status/revocation-1.json')).toBeNull()
  })

  test('settles everything about a certificate in one step', async () => {
    const { entry, fresh } = await registry.reserve('key-a', draftOf('a'))
    const expected: Entry = {
      id: 'urn:x:a',
      key: 'key-a',
      number: 'N-a',
      slot: 0,
      certificate: fullCertificate,
      signing,
      text: null,
      standing: 'live',
    }
    expect({ entry, fresh }).toStrictEqual({ entry: expected, fresh: true })
    expect(await entriesOf(registry)).toStrictEqual([expected])
    expect(await registry.findByNumber('N-a')).toStrictEqual(expected)
  })

  test('gives back what is there for a known key, and draws nothing', async () => {
    const first = await reserve('a')
    const again = await registry.reserve('key-a', () => {
      throw new Error('asked for a draft')
    })
    expect(again).toStrictEqual({ entry: first.entry, fresh: false })
    const { entry } = await reserve('b')
    expect(entry.slot).toBe(1)
    expect((await entriesOf(registry)).map(({ id }) => id)).toEqual(['urn:x:a', 'urn:x:b'])
  })

  test('tells the next slot, and slot and standing of those that are not live', async () => {
    expect(await registry.nextSlot()).toBe(0)
    expect(await collect(registry.standings())).toEqual([])
    for (const name of ['a', 'b', 'c', 'd', 'e']) await reserve(name)
    const change = async (name: string, kind: StatusChange['kind']) =>
      expect(await registry.changeStatus(`urn:x:${name}`, { kind, reason: 'x', at: now })).toMatchObject({
        ok: true,
      })
    await change('b', 'suspend')
    await change('c', 'revoke')
    await change('d', 'suspend')
    await change('d', 'reinstate')
    // What takes the place of a suspended one is suspended from the first.
    await reserve('f', { number: 'N-b', replaces: 'urn:x:b' })
    expect(await collect(registry.standings())).toEqual([
      { slot: 1, standing: 'superseded' },
      { slot: 2, standing: 'revoked' },
      { slot: 5, standing: 'suspended' },
    ])
    expect(await registry.nextSlot()).toBe(6)
  })

  const reservation = (name: string, options?: Parameters<typeof draftOf>[1]) => ({
    key: `key-${name}`,
    draft: draftOf(name, options),
  })

  test('settles many in one step, in their order, and a key that is known or comes twice once', async () => {
    await reserve('b')
    const settled = await registry.reserveAll(['a', 'b', 'c', 'a'].map((name) => reservation(name)))
    expect(settled.map(({ entry, fresh }) => [entry.id, entry.slot, fresh])).toEqual([
      ['urn:x:a', 1, true],
      ['urn:x:b', 0, false],
      ['urn:x:c', 2, true],
      ['urn:x:a', 1, false],
    ])
    expect((await entriesOf(registry)).map(({ id }) => id)).toEqual(['urn:x:b', 'urn:x:a', 'urn:x:c'])
    expect(await registry.reserveAll([])).toEqual([])
  })

  test('settles none of many where one is refused, and draws nothing for them', async () => {
    await reserve('a')
    await registry.changeStatus('urn:x:a', {
      kind: 'suspend',
      reason: 'complaint-under-investigation',
      at: now,
    })
    const before = { entries: await entriesOf(registry), changes: await collect(registry.statusChanges()) }
    const taken = [
      reservation('b'),
      reservation('corrected', { number: 'N-a', replaces: 'urn:x:a' }),
      reservation('c', { number: 'N-b' }),
    ]
    await expect(registry.reserveAll(taken)).rejects.toMatchObject({ code: 'registry.number_taken' })
    expect(await entriesOf(registry)).toStrictEqual(before.entries)
    expect(await collect(registry.statusChanges())).toStrictEqual(before.changes)
    const { entry } = await reserve('d')
    expect(entry.slot, 'nothing is lost').toBe(1)
    expect((await reserve('b')).fresh).toBe(true)
  })

  test('keeps many texts in one step, or none where an entry is not reserved', async () => {
    await registry.reserveAll([reservation('a'), reservation('b')])
    const texts = ['a', 'b'].map((name) => ({ id: `urn:x:${name}`, text: `text of ${name}` }))
    const withStranger = [...texts, { id: 'urn:x:stranger', text: 'text' }]
    await expect(registry.completeAll(withStranger)).rejects.toMatchObject({ code: 'registry.not_reserved' })
    expect((await entriesOf(registry)).map(({ text }) => text)).toEqual([null, null])
    await registry.completeAll(texts)
    expect((await entriesOf(registry)).map(({ text }) => text)).toEqual(['text of a', 'text of b'])
  })

  test('keeps the text that an entry has, whoever signed it again', async () => {
    await registry.reserveAll([reservation('a'), reservation('b')])
    await registry.completeAll([{ id: 'urn:x:a', text: 'first' }])
    await registry.completeAll([
      { id: 'urn:x:a', text: 'second' },
      { id: 'urn:x:b', text: 'text of b' },
    ])
    await registry.complete('urn:x:a', 'third')
    expect((await entriesOf(registry)).map(({ text }) => text)).toEqual(['first', 'text of b'])
  })

  test('finds entries by their ids, in the order of the ids, each once', async () => {
    const settled = await registry.reserveAll(['a', 'b', 'c'].map((name) => reservation(name)))
    await registry.complete('urn:x:b', 'text')
    const [a, b] = settled.map(({ entry }) => entry)
    const found = await registry.entriesById(['urn:x:b', 'urn:x:stranger', 'urn:x:a', 'urn:x:b'])
    expect(found).toStrictEqual([{ ...b, text: 'text' }, a])
    expect(await registry.entriesById([])).toEqual([])
  })

  test('gives back a known entry as it stands now', async () => {
    await reserve('a')
    await registry.complete('urn:x:a', 'text')
    await registry.changeStatus('urn:x:a', { kind: 'revoke', reason: 'cheating-grave', at: now })
    expect(await reserve('a')).toMatchObject({ fresh: false, entry: { text: 'text', standing: 'revoked' } })
  })

  test('draws serials 1, 2, 3 and slots 0, 1, 2', async () => {
    const drawn: object[] = []
    for (const name of ['a', 'b', 'c']) {
      await registry.reserve(name, (numbers) => {
        drawn.push(numbers)
        return draftOf(name)(numbers)
      })
    }
    expect(drawn).toEqual([
      { serial: 1, slot: 0 },
      { serial: 2, slot: 1 },
      { serial: 3, slot: 2 },
    ])
  })

  test('draws every serial and slot once, however many ask at a time', async () => {
    const serials: number[] = []
    const made = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        registry.reserve(`key-${i}`, (drawn) => {
          serials.push(drawn.serial)
          return draftOf(String(i))(drawn)
        }),
      ),
    )
    const inOrder = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)
    expect(made.every(({ fresh }) => fresh)).toBe(true)
    const slots = inOrder(made.map(({ entry }) => entry.slot))
    expect(inOrder(serials)).toEqual(slots.map((slot) => slot + 1))
    expect(new Set(slots).size).toBe(300)
    // Writers on PostgreSQL take from ranges of 1024 each, so that none waits for another; of each the first slots are taken.
    const gaps = slots.filter((slot, i) => slot !== (slots[i - 1] ?? -1) + 1)
    expect(gaps.every((slot) => name === 'on PostgreSQL' && slot % 1024 === 0)).toBe(true)
  })

  test('makes one entry of one key, however many ask at a time', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => reserve('a')))
    expect(made.filter(({ fresh }) => fresh)).toHaveLength(1)
    expect(new Set(made.map(({ entry }) => entry.slot))).toEqual(new Set([0]))
    expect(await entriesOf(registry)).toHaveLength(1)
  })

  test('pages through more entries than it reads at a time, in the order of reservation', async () => {
    for (let i = 0; i < 1203; i++) await reserve(String(i))
    const slots = (await entriesOf(registry)).map(({ slot }) => slot)
    expect(slots).toEqual(Array.from({ length: 1203 }, (_, i) => i))
  })

  test.each<[what: string, code: string, name: string, options: Parameters<typeof draftOf>[1]]>([
    ['a number that has a live certificate', 'registry.number_taken', 'b', { number: 'N-a' }],
    [
      'a number whose live certificate is another than the one replaced',
      'registry.not_live',
      'b',
      { number: 'N-a', replaces: 'urn:x:c' },
    ],
    ['an id that is taken', 'registry.number_taken', 'a', { number: 'N-other' }],
    [
      'to replace what is not there',
      'registry.not_live',
      'b',
      { number: 'N-other', replaces: 'urn:x:before' },
    ],
    [
      'to replace the certificate of another number',
      'registry.not_live',
      'b',
      { number: 'N-other', replaces: 'urn:x:a' },
    ],
  ])('refuses %s, leaving nothing and losing no slot', async (_what, code, name, options) => {
    await reserve('a')
    const before = await entriesOf(registry)
    await expect(registry.reserve('key-new', draftOf(name, options))).rejects.toMatchObject({
      code,
      detail: { number: options?.number },
    })
    expect(await entriesOf(registry)).toEqual(before)
    expect(await collect(registry.statusChanges())).toEqual([])
    expect(await registry.reserve('key-new', draftOf('z'))).toMatchObject({ fresh: true, entry: { slot: 1 } })
  })

  test('refuses to replace what was revoked meanwhile: nothing comes back to life', async () => {
    await reserve('a', { number: 'N' })
    await registry.changeStatus('urn:x:a', { kind: 'revoke', reason: 'cheating-grave', at: now })
    await expect(reserve('b', { number: 'N', replaces: 'urn:x:a' })).rejects.toMatchObject({
      code: 'registry.not_live',
    })
    expect((await entriesOf(registry)).map(({ standing }) => standing)).toEqual(['revoked'])
  })

  test('lets a draft that throws leave nothing and lose no serial and no slot', async () => {
    const broken = new Error('no draft')
    await expect(
      registry.reserve('key-a', () => {
        throw broken
      }),
    ).rejects.toBe(broken)
    expect(await entriesOf(registry)).toEqual([])
    let serial = 0
    const { entry, fresh } = await registry.reserve('key-a', (drawn) => {
      serial = drawn.serial
      return draftOf('a')(drawn)
    })
    expect({ serial, slot: entry.slot, fresh }).toEqual({ serial: 1, slot: 0, fresh: true })
  })

  test('makes what is replaced superseded in the same step', async () => {
    await reserve('a', { number: 'N' })
    await reserve('b', { number: 'N', replaces: 'urn:x:a' })
    expect((await entriesOf(registry)).map(({ id, standing }) => [id, standing])).toEqual([
      ['urn:x:a', 'superseded'],
      ['urn:x:b', 'live'],
    ])
    expect(await registry.findByNumber('N')).toMatchObject({ id: 'urn:x:b', replaces: 'urn:x:a' })
    expect(await collect(registry.statusChanges())).toEqual([
      {
        id: 'urn:x:a',
        kind: 'supersede',
        reason: 'data-correction',
        at: signing.created,
        successor: 'urn:x:b',
      },
    ])
  })

  test('lets one of many who replace the same certificate at a time through', async () => {
    await reserve('a', { number: 'N' })
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => reserve(`b${i}`, { number: 'N', replaces: 'urn:x:a' })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await entriesOf(registry)).map(({ standing }) => standing)).toEqual(['superseded', 'live'])
    expect(await collect(registry.statusChanges())).toHaveLength(1)
  })

  test('shows every certificate of a number, the first one first', async () => {
    await reserve('a', { number: 'N' })
    await reserve('other')
    await reserve('b', { number: 'N', replaces: 'urn:x:a' })
    expect((await registry.entriesOf('N')).map(({ id }) => id)).toEqual(['urn:x:a', 'urn:x:b'])
    expect(await registry.entriesOf('n')).toEqual([])
  })

  test('lets a suspension go over to what takes the place of a suspended certificate', async () => {
    await reserve('a', { number: 'N' })
    await registry.changeStatus('urn:x:a', { kind: 'suspend', reason: 'under-investigation', at: now })
    await expect(reserve('c', { number: 'N' })).rejects.toMatchObject({ code: 'registry.number_taken' })
    await reserve('b', { number: 'N', replaces: 'urn:x:a' })
    expect((await entriesOf(registry)).map(({ standing }) => standing)).toEqual(['superseded', 'suspended'])
    expect(await registry.findByNumber('N')).toMatchObject({ id: 'urn:x:b', standing: 'suspended' })
    expect((await collect(registry.statusChanges())).slice(1)).toEqual([
      {
        id: 'urn:x:a',
        kind: 'supersede',
        reason: 'data-correction',
        at: signing.created,
        successor: 'urn:x:b',
      },
      { id: 'urn:x:b', kind: 'suspend', reason: 'under-investigation', at: signing.created },
    ])
    await registry.changeStatus('urn:x:b', { kind: 'reinstate', reason: 'under-investigation', at: now })
    expect(await registry.findByNumber('N')).toMatchObject({ id: 'urn:x:b', standing: 'live' })
  })

  test('gives the number of a revoked certificate to another', async () => {
    await reserve('a', { number: 'N' })
    await registry.changeStatus('urn:x:a', { kind: 'revoke', reason: 'cheating-grave', at: now })
    expect(await reserve('b', { number: 'N' })).toMatchObject({ fresh: true })
  })

  test('finds the live certificate of a number before the dead ones, and of the dead the last', async () => {
    await reserve('a', { number: 'N' })
    await reserve('b', { number: 'N', replaces: 'urn:x:a' })
    await reserve('other')
    expect(await registry.findByNumber('N')).toMatchObject({ id: 'urn:x:b', standing: 'live' })
    await registry.changeStatus('urn:x:b', { kind: 'suspend', reason: 'under-investigation', at: now })
    expect(await registry.findByNumber('N')).toMatchObject({ id: 'urn:x:b', standing: 'suspended' })
    await registry.changeStatus('urn:x:b', { kind: 'revoke', reason: 'cheating-grave', at: now })
    expect(await registry.findByNumber('N')).toMatchObject({ id: 'urn:x:b', standing: 'revoked' })
    expect(await registry.findByNumber('n')).toBeNull()
  })

  test('keeps the text of a reserved certificate', async () => {
    await reserve('a')
    await reserve('b')
    await registry.complete('urn:x:a', '{"name":"王𠮷\\u0000"}')
    expect((await entriesOf(registry)).map(({ id, text }) => [id, text])).toEqual([
      ['urn:x:a', '{"name":"王𠮷\\u0000"}'],
      ['urn:x:b', null],
    ])
  })

  test('keeps no text of a certificate that was not reserved', async () => {
    await expect(registry.complete('urn:x:a', 'text')).rejects.toMatchObject({
      code: 'registry.not_reserved',
      detail: { id: 'urn:x:a' },
    })
  })

  const standings: readonly Standing[] = ['live', 'suspended', 'revoked', 'superseded']
  const kinds: readonly StatusChange['kind'][] = ['revoke', 'suspend', 'reinstate']
  /** The whole table: `null` is a change that is refused. */
  const outcomes: Readonly<Record<StatusChange['kind'], readonly (Standing | null)[]>> = {
    revoke: ['revoked', 'revoked', null, null],
    suspend: ['suspended', null, null, null],
    reinstate: [null, 'live', null, null],
  }

  test.each(
    kinds.flatMap((kind) =>
      standings.map((before, i) => ({ kind, before, after: outcomes[kind][i] ?? null })),
    ),
  )('$kind of a certificate that is $before gives $after', async ({ kind, before, after }) => {
    await reserve('a', { number: 'N' })
    if (before === 'superseded') await reserve('b', { number: 'N', replaces: 'urn:x:a' })
    if (before === 'revoked' || before === 'suspended') {
      const earlier = before === 'revoked' ? 'revoke' : 'suspend'
      await registry.changeStatus('urn:x:a', { kind: earlier, reason: 'earlier', at: now })
    }
    const recorded = await collect(registry.statusChanges())
    const change: StatusChange = { kind, reason: 'reason', at: at('2026-03-02T09:00:00Z') }
    expect(await registry.changeStatus('urn:x:a', change)).toEqual(
      after === null ? { ok: false, standing: before } : { ok: true, standing: after },
    )
    expect((await entriesOf(registry))[0]?.standing).toBe(after ?? before)
    expect(await collect(registry.statusChanges())).toEqual(
      after === null ? recorded : [...recorded, { ...change, id: 'urn:x:a' }],
    )
  })

  test('changes no status of a certificate that is not there', async () => {
    expect(await registry.changeStatus('urn:x:a', { kind: 'revoke', reason: 'x', at: now })).toEqual({
      ok: false,
      standing: 'absent',
    })
    expect(await collect(registry.statusChanges())).toEqual([])
  })

  test('records changes in the order in which they were made', async () => {
    await reserve('a')
    await reserve('b')
    const changes = [
      { id: 'urn:x:b', kind: 'suspend', reason: 'under-investigation', at: at('2026-03-03T00:00:00Z') },
      { id: 'urn:x:a', kind: 'revoke', reason: 'cheating-grave', at: at('2026-03-01T00:00:00Z') },
      { id: 'urn:x:b', kind: 'reinstate', reason: 'under-investigation', at: at('2026-03-02T00:00:00Z') },
    ] as const
    for (const { id, ...change } of changes) await registry.changeStatus(id, change)
    expect(await collect(registry.statusChanges())).toEqual(changes)
  })

  test('lets one of two opposite changes at a time through', async () => {
    await reserve('a')
    const results = await Promise.all(
      Array.from({ length: 8 }, () =>
        registry.changeStatus('urn:x:a', { kind: 'revoke', reason: 'cheating-grave', at: now }),
      ),
    )
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await collect(registry.statusChanges())).toHaveLength(1)
  })

  test('keeps the last text published under each name', async () => {
    await registry.keepPublished('a', 'one')
    await registry.keepPublished('b', 'two')
    await registry.keepPublished('a', 'three\n')
    expect([
      await registry.published('a'),
      await registry.published('b'),
      await registry.published('c'),
    ]).toEqual(['three\n', 'two', null])
  })
})

describe('standings', () => {
  test('in which a certificate occupies its number are live and suspended', () => {
    expect(
      ['live', 'suspended', 'revoked', 'superseded'].filter((standing) => isLive(standing as Standing)),
    ).toEqual(['live', 'suspended'])
  })

  test('never come back from revoked or superseded', () => {
    for (const change of Object.values(transitions)) {
      expect([change.revoked, change.superseded]).toEqual([undefined, undefined])
    }
  })
})
