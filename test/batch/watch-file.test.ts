import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compareWatch,
  readWatch,
  type Watch,
  type WatchedEntry,
  watchedIn,
  watchText,
} from '../../src/batch/watch-file.ts'
import { verify } from '../../src/verify/verify.ts'
import { judged, keyAgency, now, sceneOf, statusIndex, statusLists } from '../verify/scene.ts'

const day = (number: number) => `2026-05-${number}T00:00:00Z`
const entry = (change: Partial<WatchedEntry> = {}): WatchedEntry => ({
  list: 'https://agency.example/status/1',
  purpose: 'revocation',
  index: 4242,
  says: 'nothing',
  asOf: day(20),
  ...change,
})
const nothing: Watch = new Map()
const watched = (...entries: readonly WatchedEntry[]) => compareWatch(nothing, entries).watch

describe('what changed since the last run', () => {
  test('is nothing the first time', () => {
    expect(compareWatch(nothing, [entry(), entry({ says: 'revoked', index: 7 })]).changes).toEqual([])
  })

  test.each<[what: string, before: string, now: string]>([
    ['revoked', 'nothing', 'revoked'],
    ['suspended', 'nothing', 'suspended'],
    ['reinstated', 'suspended', 'nothing'],
    ['revoked after all', 'suspended', 'revoked'],
  ])('is told: %s', (_what, before, says) => {
    const [earlier, later] = [entry({ says: before }), entry({ says, asOf: day(21) })]
    const { watch, changes } = compareWatch(watched(earlier), [later])
    expect(changes).toEqual([{ kind: 'changed', before: earlier, now: later }])
    expect([...watch.values()]).toEqual([later])
  })

  test('is told where two lists of one moment differ', () => {
    const later = entry({ says: 'revoked' })
    expect(compareWatch(watched(entry()), [later]).changes).toEqual([
      { kind: 'changed', before: entry(), now: later },
    ])
  })

  test('is told once, however many files share the entry', () => {
    const later = entry({ says: 'revoked', asOf: day(21) })
    expect(compareWatch(watched(entry()), [later, later, { ...later }]).changes).toEqual([
      { kind: 'changed', before: entry(), now: later },
    ])
  })

  test('is nothing where the list was renewed and says the same', () => {
    const later = entry({ asOf: day(21) })
    expect(compareWatch(watched(entry()), [later])).toEqual({ watch: watched(later), changes: [] })
  })

  test('is that a list was not renewed, told once a list', () => {
    const others = [entry({ index: 7 }), entry({ list: 'https://agency.example/status/2' })]
    expect(compareWatch(watched(entry(), ...others), [entry(), ...others]).changes).toEqual([
      { kind: 'not_renewed', now: entry() },
      { kind: 'not_renewed', now: others[1] },
    ])
  })

  test('is nothing where an older list is brought, and the newer one is kept', () => {
    const older = entry({ says: 'suspended', asOf: day(19) })
    expect(compareWatch(watched(entry()), [older])).toEqual({ watch: watched(entry()), changes: [] })
    expect(watched(entry(), older)).toEqual(watched(entry()))
    expect(watched(older, entry())).toEqual(watched(entry()))
  })

  test('is nothing of what nobody looked at, and that is kept', () => {
    expect(compareWatch(watched(entry()), [])).toEqual({ watch: watched(entry()), changes: [] })
  })

  test.each<[what: string, change: Partial<WatchedEntry>]>([
    ['another list', { list: 'https://agency.example/status/2' }],
    ['another purpose', { purpose: 'suspension' }],
    ['another index', { index: 7 }],
  ])('is nothing where it is %s', (_what, change) => {
    const other = entry({ ...change, says: 'revoked', asOf: day(21) })
    const { watch, changes } = compareWatch(watched(entry()), [other])
    expect([watch.size, changes]).toEqual([2, []])
  })

  test('does not depend on the order of files', () => {
    const arbitrary = fc.record({
      index: fc.nat({ max: 3 }),
      says: fc.constantFrom('nothing', 'revoked'),
      moment: fc.integer({ min: 19, max: 22 }),
    })
    // One list of one moment says one thing of each index.
    const entries = fc
      .uniqueArray(arbitrary, { selector: ({ index, moment }) => `${index} ${moment}`, maxLength: 8 })
      .map((all) => all.map(({ index, says, moment }) => entry({ index, says, asOf: day(moment) })))
    fc.assert(
      fc.property(entries, entries, fc.nat({ max: 8 }), (before, after, turn) => {
        const turned = [...after.slice(turn), ...after.slice(0, turn)]
        const [one, other] = [after, turned].map((list) => compareWatch(watched(...before), list))
        expect(other?.watch).toEqual(one?.watch)
        const changed = (found = one) =>
          new Set(
            found?.changes.filter(({ kind }) => kind === 'changed').map((change) => JSON.stringify(change)),
          )
        expect(changed(other)).toEqual(changed(one))
      }),
      { numRuns: 500, seed: 20260601 },
    )
  })
})

describe('entries of a report', () => {
  test('are its lists, by address and index, and nothing of anybody', async () => {
    const entries = watchedIn(await judged(await sceneOf(keyAgency)))
    expect(entries).toEqual([
      {
        list: statusLists.revocation,
        purpose: 'revocation',
        index: statusIndex,
        says: 'nothing',
        asOf: day(20),
      },
      {
        list: statusLists.suspension,
        purpose: 'suspension',
        index: statusIndex,
        says: 'nothing',
        asOf: day(20),
      },
    ])
    expect(watchText(watched(...entries))).not.toMatch(/王小明|PT26|urn:uuid/)
  })

  test('are none where no list was at hand, or what was judged is no certificate', async () => {
    expect(watchedIn(await judged(await sceneOf(keyAgency), { items: [] }))).toEqual([])
    expect(watchedIn(await verify('{}', { now }))).toEqual([])
  })
})

describe('a watch file', () => {
  const text = watchText(watched(entry(), entry({ index: 7, says: 'revoked' })))

  test('has a type, a version, and a line end', () => {
    expect(text).toBe(
      `${JSON.stringify({
        type: 'GradecertWatch',
        version: 1,
        entries: [entry(), entry({ index: 7, says: 'revoked' })],
      })}\n`,
    )
    expect(watchText(nothing)).toBe('{"type":"GradecertWatch","version":1,"entries":[]}\n')
  })

  test('is written in one order and read back', () => {
    const entries = [entry({ index: 7, says: 'revoked' }), entry()]
    expect(watchText(watched(...entries))).toBe(text)
    expect(readWatch(text, 'w')).toEqual(watched(...entries))
    expect(watchText(readWatch(text, 'w'))).toBe(text)
  })

  const with1 = (change: object) => JSON.stringify({ ...JSON.parse(text), ...change })
  test.each<[what: string, text: string]>([
    ['nothing', ''],
    ['half of one', text.slice(0, -9)],
    ['an array', '[]'],
    ['of another type', with1({ type: 'GradecertTrust' })],
    ['of a later version', with1({ version: 2 })],
    ['of no entries', with1({ entries: null })],
    ['with a word more', with1({ names: [] })],
    ['with an entry that lacks words', with1({ entries: [{ list: 'a' }] })],
    ['with a name in an entry', with1({ entries: [{ ...entry(), name: '王小明' }] })],
    ['with an index below zero', with1({ entries: [{ ...entry(), index: -1 }] })],
    ['with half an index', with1({ entries: [{ ...entry(), index: 0.5 }] })],
    ['with a word twice', text.replace('"version":1', '"version":1,"version":1')],
  ])('is none: %s', (_what, bad) => {
    expect(() => readWatch(bad, 'seen.json')).toThrow(
      expect.objectContaining({ code: 'screen.watch_malformed', detail: { path: 'seen.json' } }),
    )
  })
})
