import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Batch, buildBatch, commitmentOf } from '../../src/anchor/batch.ts'
import { batchClimb } from '../../src/anchor/batch-climb.ts'
import { bundleIn, bundleJson, placeIn, type WrittenPlace } from '../../src/anchor/bundle.ts'
import { type Bytes, concat, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'

/** Fixed, so that a run today is the run of tomorrow. */
const runs = (numRuns: number) => ({ numRuns, seed: 20261124 })

const digests = Array.from({ length: 100 }, (_, i) => sha256(utf8(`certificate ${i}`)))
const batchOf = (size: number, label = 'salt'): Batch =>
  buildBatch(
    digests.slice(0, size).map((digest) => ({ of: 'jwt', digest })),
    ({ digest }) => sha256(concat(utf8(label), digest)),
  )
const bundlesOf = ({ members }: Batch): readonly JsonObject[] =>
  members.map((member) => bundleJson({ ...member, anchors: [] }))
const placeOf = (bundle: JsonObject): WrittenPlace => placeIn(bundle)!

/** What one who hashes the whole way finds. */
function wholeWay(digest: Bytes, bundle: JsonObject): Bytes | null {
  const reading = bundleIn(bundle)
  return reading.ok ? commitmentOf(digest, reading.bundle) : null
}

describe('many ways into batches', () => {
  test.each([1, 2, 3, 15, 16, 17, 33, 100])('of %i lead to the commitment, in any order', (size) => {
    const batch = batchOf(size)
    const climb = batchClimb()
    const ways = bundlesOf(batch).map((bundle, i) => [i, placeOf(bundle)] as const)
    for (const [i, place] of [...ways, ...ways.toReversed()]) {
      expect(climb(digests[i]!, place)).toEqual(batch.commitment)
    }
  })

  test('of several batches of one size are not taken for one another', () => {
    const climb = batchClimb()
    const [one, two] = [batchOf(100), batchOf(100, 'other salt')]
    for (const batch of [one, two, one]) {
      for (const [i, bundle] of bundlesOf(batch).entries()) {
        expect(climb(digests[i]!, placeOf(bundle))).toEqual(batch.commitment)
      }
    }
  })

  test('are found as one who hashes the whole way finds them, whatever is changed in one and whatever came before', () => {
    const climb = batchClimb()
    const [one, two] = [bundlesOf(batchOf(100)), bundlesOf(batchOf(77, 'other salt'))]
    const written = fc.constantFrom<Json>('', 'AAAA', 0, null, (one[3]!.batch as JsonObject).index!, 1e21)
    let [refused, found] = [0, 0]
    fc.assert(
      fc.property(
        fc.record({ way: fc.nat(99), from: fc.nat(99), other: fc.nat(99), at: fc.nat(8), written }),
        fc.constantFrom(
          'nothing',
          'sibling',
          'foreign sibling',
          'shorter',
          'longer',
          'index',
          'size',
          'leaf',
          'salt',
        ),
        ({ way, from, other, at, written: value }, change) => {
          const bundle = structuredClone(one[way]!) as {
            salt: Json
            batch: { index: Json; size: Json; path: Json[] }
          }
          const { path } = bundle.batch
          const foreign = two[other % 77]! as unknown as typeof bundle
          const acts: Record<typeof change, () => void> = {
            nothing: () => {},
            sibling: () => path.splice(at % path.length, 1, value),
            'foreign sibling': () =>
              path.splice(at % path.length, 1, foreign.batch.path[at % foreign.batch.path.length]!),
            shorter: () => path.splice(at % path.length, 1),
            longer: () => path.splice(at, 0, path[0]!),
            index: () => Object.assign(bundle.batch, { index: from }),
            size: () => Object.assign(bundle.batch, { size: from + at }),
            leaf: () => {},
            salt: () => Object.assign(bundle, { salt: foreign.salt }),
          }
          acts[change]()
          const digest = digests[change === 'leaf' ? from : way]!
          const place = placeIn(bundle as unknown as JsonObject)
          const expected = wholeWay(digest, bundle as unknown as JsonObject)
          const climbed = place === null ? null : climb(digest, place)
          expect(climbed).toEqual(expected)
          if (climbed === null) refused++
          else found++
        },
      ),
      runs(3000),
    )
    expect(refused).toBeGreaterThan(500)
    expect(found).toBeGreaterThan(500)
  })

  test('with a place that is none are none', () => {
    const [bundle] = bundlesOf(batchOf(3))
    const batch = bundle!.batch as JsonObject
    for (const change of [{ alg: 'rfc6962' }, { more: 1 }, { index: -1 }, { size: 1.5 }, { path: 'x' }]) {
      expect(placeIn({ ...bundle!, batch: { ...batch, ...change } })).toBeNull()
    }
    expect(placeIn({ ...bundle!, batch: { ...batch, path: Array<Json>(64).fill('') } })).toBeNull()
    const climb = batchClimb()
    expect(climb(digests[0]!, { ...placeOf(bundle!), index: 3 })).toBeNull()
    expect(climb(digests[0]!, { ...placeOf(bundle!), salt: 'AAAA' })).toBeNull()
  })
})
