import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keccak256 } from '../../src/anchor/path.ts'
import { trieProof } from '../../src/anchor/patricia-trie.ts'
import { type Bytes, concat, toHex, utf8 } from '../../src/base/bytes.ts'

const values = (count: number, length = 40): readonly Bytes[] =>
  Array.from({ length: count }, (_, i) => concat(utf8(`${i}:`), new Uint8Array(length)))

const holds = (outer: Bytes, inner: Bytes): boolean => toHex(outer).includes(toHex(inner))

describe('the trie of a list', () => {
  // Worked out by hand from appendix D: one leaf whose path is 80, the RLP of 0, so the prefix is 20 80.
  test('of one value is a leaf', () => {
    const { root, nodes } = trieProof([utf8('dog')], 0)
    expect(nodes.map(toHex)).toEqual(['c782208083646f67'])
    expect(root).toEqual(keccak256(nodes[0]!))
  })

  // Keys 80 and 01: a branch with the leaves 0 (path 1) and 8 (path 0), both shorter than 32 bytes and so inside it.
  test('of two small values is a branch with both in it', () => {
    const { nodes } = trieProof([utf8('dog'), utf8('cat')], 1)
    const [leaf1, leaf0] = ['c53183636174', 'c53083646f67']
    expect(nodes.map(toHex)).toEqual([`db${leaf1}${'80'.repeat(7)}${leaf0}${'80'.repeat(8)}`])
  })

  // Keys 8180 and 8181 begin alike: branch, branch under 8, extension over 8, branch, leaf.
  test('of 130 values has an extension where the keys of the last two part', () => {
    const { nodes } = trieProof(values(130), 129)
    expect(nodes.map(({ length }) => length)).toEqual([308, 83, 35, 83, 47])
    expect(toHex(nodes[2]!.subarray(0, 3))).toBe('e218a0')
  })

  test.each([-1, 3, 0.5, Number.NaN])('has no value %s', (index) => {
    expect(() => trieProof(values(3), index)).toThrow(RangeError)
  })

  test('has a proof of each value, in which each node holds the hash of the next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (count, pick) => {
        const all = values(count)
        const index = pick % count
        const { root, nodes } = trieProof(all, index)
        expect(keccak256(nodes[0]!)).toEqual(root)
        for (const [i, node] of nodes.entries()) {
          const next = nodes[i + 1]
          expect(holds(node, next === undefined ? all[index]! : keccak256(next))).toBe(true)
        }
      }),
      { seed: 20261123, numRuns: 60 },
    )
  })

  test('has one root, whichever value is proven, and another where any value is another', () => {
    const all = values(20)
    const roots = all.map((_, index) => toHex(trieProof(all, index).root))
    expect(new Set(roots).size).toBe(1)
    const others = all.map((_, index) => toHex(trieProof(all.with(index, utf8('another')), 0).root))
    expect(new Set([...roots, ...others]).size).toBe(21)
  })
})
