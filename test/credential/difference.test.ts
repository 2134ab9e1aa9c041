import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/base/json.ts'
import { firstDifference } from '../../src/credential/difference.ts'

describe('the first difference', () => {
  test.each<[a: Json, b: Json, pointer: string | null]>([
    [1, 1, null],
    [1, '1', ''],
    [null, {}, ''],
    [[], {}, ''],
    [[1, 2], [1, 2], null],
    [[1, 2], [1, 3], '/1'],
    [[1], [1, 2], '/1'],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, null],
    [{ a: 1 }, { a: 1, b: 2 }, '/b'],
    [{ a: { b: [{ c: 1 }] } }, { a: { b: [{ c: 2 }] } }, '/a/b/0/c'],
    [{ 'a/b~c': 1 }, { 'a/b~c': 2 }, '/a~1b~0c'],
    [{}, { toString: 'x' }, '/toString'],
    [{ a: [1] }, { a: 1 }, '/a'],
  ])('of %j and %j is at %j', (a, b, pointer) => {
    expect(firstDifference(a, b)).toBe(pointer)
    expect(firstDifference(b, a)).toBe(pointer)
  })

  test('is nowhere in a copy', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(firstDifference(value as Json, structuredClone(value) as Json)).toBeNull()
      }),
    )
  })
})
