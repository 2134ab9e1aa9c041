import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  consistencyPath,
  hashLeaf,
  hashNode,
  inclusionPath,
  isConsistent,
  rootFromInclusion,
  rootOf,
  treeReader,
} from '../../src/anchor/tree.ts'
import { type Bytes, fromHex, toHex, utf8 } from '../../src/base/bytes.ts'

/** The eight leaves that the tests of Certificate Transparency use, and the roots of their first n. */
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => hashLeaf(fromHex(hex)!))
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const many = Array.from({ length: 130 }, (_, i) => hashLeaf(utf8(`leaf ${i}`)))
const read = treeReader(many)
const rootAt = (size: number): Bytes => rootOf(treeReader(many.slice(0, size)), size)

describe('a tree', () => {
  test.each(roots.map((root, size) => [size, root] as const))(
    'of the first %i leaves has the known root',
    (size, root) => {
      expect(toHex(rootOf(treeReader(leaves.slice(0, size)), size))).toBe(root)
      expect(toHex(rootOf(treeReader(leaves), size))).toBe(root)
    },
  )

  test('gives paths that are known (RFC 9162, section 2.1.5)', () => {
    const seven = treeReader(leaves.slice(0, 7))
    const [a, b, c, d, e, f, j] = leaves as [Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes]
    const [g, h, i] = [hashNode(a, b), hashNode(c, d), hashNode(e, f)]
    const [k, l] = [hashNode(g, h), hashNode(i, j)]
    expect(inclusionPath(seven, 0, 7)).toEqual([b, h, l])
    expect(inclusionPath(seven, 3, 7)).toEqual([c, g, l])
    expect(inclusionPath(seven, 4, 7)).toEqual([f, j, k])
    expect(inclusionPath(seven, 6, 7)).toEqual([i, k])
    expect(consistencyPath(seven, 3, 7)).toEqual([c, d, g, l])
    expect(consistencyPath(seven, 4, 7)).toEqual([l])
    expect(consistencyPath(seven, 6, 7)).toEqual([i, j, k])
  })

  test('asked for what it has not, it says so', () => {
    expect(() => inclusionPath(read, 130, 130)).toThrow(RangeError)
    expect(() => inclusionPath(read, -1, 130)).toThrow(RangeError)
    expect(() => consistencyPath(read, 131, 130)).toThrow(RangeError)
    expect(() => inclusionPath(read, 0, 200)).toThrow(RangeError)
  })
})

describe('inclusion', () => {
  test('holds for every leaf of every tree of up to 130, and for no other leaf', () => {
    for (let size = 1; size <= 130; size++) {
      const root = rootAt(size)
      for (let index = 0; index < size; index += size > 40 ? 7 : 1) {
        const path = inclusionPath(read, index, size)
        expect(rootFromInclusion(many[index]!, { index, size, path })).toEqual(root)
        expect(rootFromInclusion(many[(index + 1) % 130]!, { index, size, path })).not.toEqual(root)
      }
    }
  })

  test.each<[what: string, index: number, size: number, cut: number, more: number]>([
    ['an index beyond the end', 8, 8, 0, 0],
    ['a negative index', -1, 8, 0, 0],
    ['a fraction', 0.5, 8, 0, 0],
    ['no leaves', 0, 0, 0, 0],
    ['a size beyond 2^53', 0, 2 ** 53, 0, 0],
    ['a path that is too short', 3, 8, 1, 0],
    ['a path that is too long', 3, 8, 0, 1],
    ['a path of 64 hashes', 3, 8, 0, 61],
  ])('with %s leads nowhere', (_what, index, size, cut, more) => {
    const path = inclusionPath(treeReader(leaves), 3, 8)
    const changed = [...path.slice(0, path.length - cut), ...Array.from({ length: more }, () => leaves[0]!)]
    expect(rootFromInclusion(leaves[3]!, { index, size, path: changed })).toBeNull()
  })

  test('with a hash of another length leads nowhere', () => {
    const path = inclusionPath(treeReader(leaves), 3, 8).map((hash, i) => (i === 1 ? hash.slice(1) : hash))
    expect(rootFromInclusion(leaves[3]!, { index: 3, size: 8, path })).toBeNull()
  })

  test('leads elsewhere with any bit changed, and from any other place', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 130 }),
        fc.nat(),
        fc.nat(),
        fc.nat(129),
        (size, at, bit, other) => {
          const index = at % size
          const path = inclusionPath(read, index, size).map((hash) => hash.slice())
          const root = rootAt(size)
          const place = bit % (path.length * 256)
          path[Math.floor(place / 256)]![Math.floor((place % 256) / 8)]! ^= 1 << (place % 8)
          expect(rootFromInclusion(many[index]!, { index, size, path })).not.toEqual(root)
          if (other !== index) {
            const right = inclusionPath(read, index, size)
            expect(rootFromInclusion(many[index]!, { index: other, size, path: right })).not.toEqual(root)
          }
        },
      ),
      { seed: 20261123, numRuns: 3000 },
    )
  })
})

describe('consistency', () => {
  test('holds between every two trees of up to 130 leaves', () => {
    for (let size = 0; size <= 130; size++) {
      const newer = { size, root: rootAt(size) }
      for (let old = 0; old <= size; old += size > 40 ? 3 : 1) {
        const older = { size: old, root: rootAt(old) }
        expect(isConsistent(older, newer, consistencyPath(read, old, size))).toBe(true)
      }
    }
  })

  test('does not hold where the newer tree is another, or the older', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 130 }), fc.nat(), fc.nat(), fc.nat(), (size, at, place, bit) => {
        const old = 1 + (at % (size - 1))
        const forked = many.map((leaf, i) => (i === place % old ? hashLeaf(utf8('forked')) : leaf))
        const fork = { size: old, root: rootOf(treeReader(forked), old) }
        const [older, newer] = [
          { size: old, root: rootAt(old) },
          { size, root: rootAt(size) },
        ]
        const path = consistencyPath(read, old, size)
        expect(isConsistent(fork, newer, path)).toBe(false)
        expect(isConsistent(older, { size, root: rootOf(treeReader(forked), size) }, path)).toBe(false)
        expect(isConsistent(newer, older, path)).toBe(false)
        expect(isConsistent(older, newer, path.slice(1))).toBe(false)
        expect(isConsistent(older, newer, [...path, newer.root])).toBe(false)
        const changed = path.map((hash) => hash.slice())
        const where = bit % (changed.length * 256)
        changed[Math.floor(where / 256)]![Math.floor((where % 256) / 8)]! ^= 1 << (where % 8)
        expect(isConsistent(older, newer, changed)).toBe(false)
      }),
      { seed: 20261123, numRuns: 2000 },
    )
  })

  test('from nothing holds only where nothing was signed, without a path', () => {
    const nothing = { size: 0, root: fromHex(roots[0]!)! }
    const newer = { size: 8, root: fromHex(roots[8]!)! }
    expect(isConsistent(nothing, newer, [])).toBe(true)
    expect(isConsistent({ size: 0, root: newer.root }, newer, [])).toBe(false)
    expect(isConsistent(nothing, newer, [newer.root])).toBe(false)
    expect(isConsistent(newer, newer, [newer.root])).toBe(false)
    expect(isConsistent({ size: 1.5, root: newer.root }, newer, [])).toBe(false)
  })
})
