import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildBatch, commitmentOf } from '../../src/anchor/batch.ts'
import { concat, toHex, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { Subject } from '../../src/securing/subject.ts'

const subject = (i: number): Subject => ({ of: 'jwt', digest: sha256(utf8(`certificate ${i}`)) })
const salt = ({ digest }: Subject) => sha256(concat(utf8('salt'), digest))
const batchOf = (size: number) =>
  buildBatch(
    Array.from({ length: size }, (_, i) => subject(i)),
    salt,
  )

describe('a batch', () => {
  test('of one is the hash of its leaf with the size before it', () => {
    const { digest } = subject(0)
    const leaf = sha256(concat(Uint8Array.of(0), utf8('anchor-leaf/v1\n'), salt(subject(0)), digest))
    const batch = batchOf(1)
    expect(batch.preimage).toEqual(concat(utf8('anchor-batch/v1\n1\n'), leaf))
    expect(batch.commitment).toEqual(sha256(batch.preimage))
    expect(toHex(batch.commitment)).toBe('485cacfd921f5a04ffeb66a59fc7cb1ea95d26c948fe8dabd944518eae59dc05')
  })

  test('of three has the commitment that it always had', () => {
    expect(toHex(batchOf(3).commitment)).toBe(
      'a922e7415afdc0bbd8aba6930d7c2886483a163ea768c8caaec001a2609dc596',
    )
  })

  test.each([1, 2, 3, 4, 5, 7, 8, 9, 64, 100])(
    'of %i leads from each certificate to its commitment',
    (size) => {
      const { members, commitment } = batchOf(size)
      for (const member of members) {
        expect(commitmentOf(member.subject.digest, member)).toEqual(commitment)
      }
    },
  )

  test('says nothing of a certificate to whoever has no salt', () => {
    const { members, commitment } = batchOf(5)
    const [first, second] = members
    expect(commitmentOf(first!.subject.digest, { ...first!, salt: second!.salt })).not.toEqual(commitment)
  })

  test('draws random salts unless it is given some', () => {
    const once = buildBatch([subject(0)])
    const again = buildBatch([subject(0)])
    expect(once.members[0]!.salt).toHaveLength(32)
    expect(once.commitment).not.toEqual(again.commitment)
  })

  test('of nothing is refused, as is a salt of another length', () => {
    expect(() => buildBatch([])).toThrow(RangeError)
    expect(() => buildBatch([subject(0)], () => new Uint8Array(31))).toThrow(RangeError)
  })

  test('threat 3: an inner node of the tree is no certificate, and a repeated leaf gives another root', () => {
    const { members, commitment } = batchOf(4)
    const { inclusion } = members[0]!
    // Two siblings taken as one document of 64 bytes, one level higher.
    const shorter = { index: 0, size: 2, path: inclusion.path.slice(1) }
    expect(
      commitmentOf(members[0]!.subject.digest, { salt: members[0]!.salt, inclusion: shorter }),
    ).not.toEqual(commitment)
    const three = buildBatch([0, 1, 2].map(subject), salt)
    const four = buildBatch([0, 1, 2, 2].map(subject), salt)
    expect(three.commitment).not.toEqual(four.commitment)
  })

  test('what one row anchors, no other row’s proof satisfies; nor does any change of place, size, path or salt', () => {
    const { members, commitment } = batchOf(13)
    const place = fc.nat(12)
    fc.assert(
      fc.property(place, place, fc.nat(40), fc.nat(40), fc.nat(1023), (of, by, index, size, bit) => {
        const { subject: claimed } = members[of]!
        const { salt: given, inclusion, subject: own } = members[by]!
        const changedPath = inclusion.path.map((hash) => new Uint8Array(hash))
        const flipped = changedPath.flatMap((hash) => [...hash])
        const at = bit % (flipped.length * 8)
        changedPath[Math.floor(at / 256)]![Math.floor((at % 256) / 8)]! ^= 1 << (at % 8)
        expect(commitmentOf(claimed.digest, members[by]!) === null).toBe(false)
        if (of !== by) expect(commitmentOf(claimed.digest, members[by]!)).not.toEqual(commitment)
        expect(
          commitmentOf(own.digest, { salt: given, inclusion: { ...inclusion, path: changedPath } }),
        ).not.toEqual(commitment)
        if (index !== inclusion.index || size !== inclusion.size) {
          expect(
            commitmentOf(own.digest, { salt: given, inclusion: { ...inclusion, index, size } }),
          ).not.toEqual(commitment)
        }
      }),
      { seed: 20261123, numRuns: 10_000 },
    )
  })
})
