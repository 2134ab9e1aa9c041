import { describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { hmacSha256 } from '../../src/base/digest.ts'
import { type PlannedList, plannedLists, positionOf, shuffleBy } from '../../src/issue/status-slots.ts'
import { type ListEntries, listSizes } from '../../src/status/bitstring.ts'

const secret = new Uint8Array(32).fill(7)
const nameList = (purpose: string, number: number): string => `urn:x:${purpose}-${number}`
const entries = 131_072

describe.each(listSizes)('the order of a status list of %i', (size) => {
  const shuffle = shuffleBy(secret, size)

  test('is a permutation: every index comes once', () => {
    const met = new Uint8Array(size)
    for (let slot = 0; slot < size; slot++) {
      const index = shuffle(slot)
      met[index] = (met[index] as number) + 1
    }
    expect(met).toHaveLength(size)
    expect(met.every((times) => times === 1)).toBe(true)
  })

  test('is another one under another key', () => {
    const under = (key: string) => Array.from({ length: 64 }, (_, slot) => shuffleBy(utf8(key), size)(slot))
    expect(under('a')).toEqual(under('a'))
    expect(under('a').filter((index, slot) => index === under('b')[slot]).length).toBeLessThan(4)
  })

  test('BSL-4, trap 43: does not show the order of issue: neighbours lie apart, over the whole list', () => {
    const indexes = Array.from({ length: 1024 }, (_, slot) => shuffle(slot))
    expect(
      indexes.filter((index, i) => i > 0 && Math.abs(index - (indexes[i - 1] as number)) < size / 2048)
        .length,
    ).toBeLessThan(10)
    const quarters = [0, 1, 2, 3].map(
      (q) => indexes.filter((index) => Math.floor((index * 4) / size) === q).length,
    )
    expect(Math.min(...quarters)).toBeGreaterThan(200)
  })
})

describe('the order of a list of 131,072', () => {
  // Lists in circulation were filled in this order: it may never change.
  test('is what it was when the first certificate was issued', () => {
    const shuffle = shuffleBy(secret, entries)
    expect([0, 1, 2, 511, 512, 131_071].map(shuffle)).toEqual([94280, 108825, 58139, 118322, 30297, 121669])
  })

  test('is that of eight rounds of HMAC over halves of 8 and 9 bits, computed one by one', () => {
    const plainly = (value: number): number => {
      let [left, right, leftBits] = [value >> 9, value & 0x1ff, 8]
      for (let round = 0; round < 8; round++) {
        const digest = hmacSha256(secret, Uint8Array.of(round, right & 0xff, right >> 8))
        const half = new DataView(digest.buffer, digest.byteOffset).getUint16(0) & ((1 << leftBits) - 1)
        ;[left, right, leftBits] = [right, left ^ half, 17 - leftBits]
      }
      return (left << 9) | right
    }
    const slots = Array.from({ length: 500 }, (_, i) => (i * 263) % entries)
    expect(slots.map(shuffleBy(secret, entries))).toEqual(slots.map(plainly))
  })
})

describe('the position of a certificate', () => {
  const order = { secret, entries } as const

  test('is one index in a list for each purpose', () => {
    const { index, lists } = positionOf(0, order, nameList)
    expect(Number.isInteger(index) && index >= 0 && index < entries).toBe(true)
    expect(lists).toEqual({ revocation: 'urn:x:revocation-1', suspension: 'urn:x:suspension-1' })
  })

  test.each<[slot: number, size: ListEntries, number: number]>([
    [0, entries, 1],
    [entries - 1, entries, 1],
    [entries, entries, 2],
    [2 * entries - 1, entries, 2],
    [2 * entries, entries, 3],
    [2 * entries, 262_144, 2],
    [1_048_575, 1_048_576, 1],
    [1_048_576, 1_048_576, 2],
  ])('for slot %i in lists of %i is in list %i', (slot, size, number) => {
    expect(positionOf(slot, { secret, entries: size }, nameList).lists).toEqual({
      revocation: `urn:x:revocation-${number}`,
      suspension: `urn:x:suspension-${number}`,
    })
  })

  test('follows another order in every list, under every secret and in lists of another size', () => {
    const orderOf = (first: number, key: typeof secret, size: ListEntries = entries) =>
      Array.from(
        { length: 32 },
        (_, i) => positionOf(first + i, { secret: key, entries: size }, nameList).index,
      )
    expect(orderOf(0, secret)).toEqual(orderOf(0, secret))
    expect(orderOf(0, secret)).not.toEqual(orderOf(entries, secret))
    expect(orderOf(0, secret)).not.toEqual(orderOf(0, utf8('other')))
    expect(orderOf(0, secret)).not.toEqual(orderOf(0, secret, 1_048_576))
  })
})

describe('the plan of a batch', () => {
  const list = (number: number, positions: number, isNew: boolean): PlannedList => ({
    number,
    positions,
    isNew,
  })

  test.each<[what: string, next: number, count: number, lists: readonly PlannedList[]]>([
    ['of nothing is no list', 0, 0, []],
    ['of nothing at the end of a list is no list', entries, 0, []],
    ['of the first batch is a new list', 0, 12_000, [list(1, 12_000, true)]],
    ['in the middle goes on in the list that is there', 500, 12_000, [list(1, 12_000, false)]],
    ['that fits to the last position starts no list', entries - 10, 10, [list(1, 10, false)]],
    ['that is one more starts the next one', entries - 10, 11, [list(1, 10, false), list(2, 1, true)]],
    ['after a full list starts the next one', entries, 3, [list(2, 3, true)]],
    [
      'of many is several lists',
      entries - 1,
      2 * entries + 2,
      [list(1, 1, false), list(2, entries, true), list(3, entries, true), list(4, 1, true)],
    ],
  ])('%s', (_what, next, count, lists) => {
    expect(plannedLists(next, count, { entries })).toEqual(lists)
  })

  test('is where the certificates come to stand', () => {
    const order = { secret, entries } as const
    const next = entries - 700
    const numbers = Array.from(
      { length: 1500 },
      (_, i) => positionOf(next + i, order, nameList).lists.revocation,
    )
    expect(plannedLists(next, 1500, order)).toEqual(
      [...new Set(numbers)].map((name) => ({
        number: Number(name.split('-')[1]),
        positions: numbers.filter((other) => other === name).length,
        isNew: !name.endsWith('-1'),
      })),
    )
  })
})
