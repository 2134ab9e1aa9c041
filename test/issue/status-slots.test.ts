import { describe, expect, test, vi } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { permute, positionOf } from '../../src/issue/status-slots.ts'

/** The 131,072 positions of a list take 3,072 different HMACs, so each is made once. */
vi.mock(import('../../src/base/digest.ts'), async (load) => {
  const actual = await load()
  const made = new Map<string, ReturnType<typeof actual.hmacSha256>>()
  const hmacSha256: typeof actual.hmacSha256 = (key, data) => {
    const name = `${key.join()}/${data.join()}`
    const digest = made.get(name) ?? actual.hmacSha256(key, data)
    made.set(name, digest)
    return digest
  }
  return { ...actual, hmacSha256 }
})

const secret = new Uint8Array(32).fill(7)
const nameList = (purpose: string, number: number): string => `urn:x:${purpose}-${number}`
const entries = 131_072

describe('the order of a status list', () => {
  test('is a permutation: every index comes once', () => {
    const met = new Uint8Array(entries)
    for (let slot = 0; slot < entries; slot++) {
      const index = permute(slot, secret)
      met[index] = (met[index] as number) + 1
    }
    expect(met).toHaveLength(entries)
    expect(met.every((times) => times === 1)).toBe(true)
  })

  test('is another one under another key', () => {
    const under = (key: string) => Array.from({ length: 64 }, (_, slot) => permute(slot, utf8(key)))
    expect(under('a')).toEqual(under('a'))
    expect(under('a').filter((index, slot) => index === under('b')[slot]).length).toBeLessThan(4)
  })

  // Lists in circulation were filled in this order: it may never change.
  test('is what it was when the first certificate was issued', () => {
    expect([0, 1, 2, 511, 512, 131_071].map((slot) => permute(slot, secret))).toEqual([
      94280, 108825, 58139, 118322, 30297, 121669,
    ])
  })

  test('BSL-4, trap 43: does not show the order of issue: neighbours lie apart, over the whole list', () => {
    const indexes = Array.from({ length: 1024 }, (_, slot) => permute(slot, secret))
    expect(
      indexes.filter((index, i) => i > 0 && Math.abs(index - (indexes[i - 1] as number)) < 64).length,
    ).toBeLessThan(10)
    const quarters = [0, 1, 2, 3].map(
      (q) => indexes.filter((index) => Math.floor(index / 32_768) === q).length,
    )
    expect(Math.min(...quarters)).toBeGreaterThan(200)
  })
})

describe('the position of a certificate', () => {
  test('is one index in a list for each purpose', () => {
    const { index, lists } = positionOf(0, secret, nameList)
    expect(Number.isInteger(index) && index >= 0 && index < entries).toBe(true)
    expect(lists).toEqual({ revocation: 'urn:x:revocation-1', suspension: 'urn:x:suspension-1' })
  })

  test.each<[slot: number, number: number]>([
    [0, 1],
    [entries - 1, 1],
    [entries, 2],
    [2 * entries - 1, 2],
    [2 * entries, 3],
  ])('for slot %i is in list %i', (slot, number) => {
    expect(positionOf(slot, secret, nameList).lists).toEqual({
      revocation: `urn:x:revocation-${number}`,
      suspension: `urn:x:suspension-${number}`,
    })
  })

  test('follows another order in every list and under every secret', () => {
    const orderOf = (first: number, key: typeof secret) =>
      Array.from({ length: 32 }, (_, i) => positionOf(first + i, key, nameList).index)
    expect(orderOf(0, secret)).toEqual(orderOf(0, secret))
    expect(orderOf(0, secret)).not.toEqual(orderOf(entries, secret))
    expect(orderOf(0, secret)).not.toEqual(orderOf(0, utf8('other')))
  })
})
