import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  encodeRlp,
  quantityBytes,
  type Rlp,
  readQuantity,
  readRlp,
  rlpByteLimit,
  rlpDepthLimit,
} from '../../src/anchor/rlp.ts'
import { type Bytes, fromHex, toHex, utf8 } from '../../src/base/bytes.ts'

const hex = (text: string): Bytes => fromHex(text)!
const none: Bytes = new Uint8Array(0)

/** Examples of ethereum.org's page on RLP, and lengths about the border of the two ways of writing them. */
const known: readonly (readonly [name: string, item: Rlp, bytes: string])[] = [
  ['a word', utf8('dog'), '83646f67'],
  ['a list of words', [utf8('cat'), utf8('dog')], 'c88363617483646f67'],
  ['nothing', none, '80'],
  ['an empty list', [], 'c0'],
  ['zero as a byte', hex('00'), '00'],
  ['fifteen', quantityBytes(15), '0f'],
  ['1024', quantityBytes(1024), '820400'],
  ['three, as sets', [[], [[]], [[], [[]]]], 'c7c0c1c0c3c0c1c0'],
  [
    'a sentence of 56 letters',
    utf8('Lorem ipsum dolor sit amet, consectetur adipisicing elit'),
    'b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974',
  ],
  ['the last byte that stands for itself', hex('7f'), '7f'],
  ['the first that does not', hex('80'), '8180'],
  ['55 bytes', new Uint8Array(55), `b7${'00'.repeat(55)}`],
  ['a list of 56 bytes', [new Uint8Array(55)], `f838b7${'00'.repeat(55)}`],
  ['256 bytes', new Uint8Array(256), `b90100${'00'.repeat(256)}`],
]

describe('what is published of RLP', () => {
  test.each(known)('%s is written so', (_, item, bytes) => {
    expect(toHex(encodeRlp(item))).toBe(bytes)
    expect(readRlp(hex(bytes))).toEqual(item)
  })

  test('numbers are written without leading zeros, and read so', () => {
    expect([0, 1, 255, 256, 2n ** 64n].map((value) => toHex(quantityBytes(value)))).toEqual([
      '',
      '01',
      'ff',
      '0100',
      '010000000000000000',
    ])
    expect(['', '01', '0100', '1fffffffffffff'].map((text) => readQuantity(hex(text)))).toEqual([
      0,
      1,
      256,
      Number.MAX_SAFE_INTEGER,
    ])
    expect([hex('00'), hex('0001'), hex('20000000000000'), [], undefined].map(readQuantity)).toEqual(
      Array(5).fill(null),
    )
  })
})

test.each([
  ['no bytes', ''],
  ['a byte left over', '83646f6700'],
  ['a byte too few', '83646f'],
  ['a byte below 80 with a length', '817f'],
  ['a short length written long', `b837${'00'.repeat(55)}`],
  ['a length with a leading zero', `b90038${'00'.repeat(56)}`],
  ['a length that is cut off', 'b9'],
  ['a length beyond the bytes', 'bfffffffffffffffff'],
  ['a list that is cut off', 'c88363617483646f'],
  ['an item beyond its list', 'c283646f67'],
  ['an item of a list with a length too long', 'c3b80100'],
  ['a list of a short length written long', `f801c0`],
])('%s is refused', (_, text) => {
  expect(readRlp(hex(text))).toBeNull()
})

test('depth and size are bounded', () => {
  const nested = (levels: number): Rlp => (levels === 1 ? [] : [nested(levels - 1)])
  expect(readRlp(encodeRlp(nested(rlpDepthLimit)))).toEqual(nested(rlpDepthLimit))
  expect(readRlp(encodeRlp(nested(rlpDepthLimit + 1)))).toBeNull()
  const large = new Uint8Array(rlpByteLimit - 4)
  expect(readRlp(encodeRlp(large))).toEqual(large)
  expect(readRlp(encodeRlp(new Uint8Array(rlpByteLimit)))).toBeNull()
})

const bytes = fc.uint8Array({ maxLength: 80 }).map((some) => new Uint8Array(some))
const { item } = fc.letrec<{ item: Rlp; list: readonly Rlp[] }>((tie) => ({
  item: fc.oneof({ maxDepth: rlpDepthLimit - 1 }, bytes, tie('list')),
  list: fc.array(tie('item'), { maxLength: 4 }),
}))
const runs = { seed: 20261123, numRuns: 500 }

test('what is written is read', () => {
  fc.assert(
    fc.property(item, (one) => {
      expect(readRlp(encodeRlp(one))).toEqual(one)
    }),
    runs,
  )
})

test('whatever is read is written the same way: there are not two ways for one thing', () => {
  fc.assert(
    fc.property(item, fc.nat(), fc.nat(255), (one, place, byte) => {
      const whole = encodeRlp(one)
      whole[place % whole.length] = byte
      const read = readRlp(whole)
      if (read !== null) expect(encodeRlp(read)).toEqual(whole)
    }),
    { ...runs, numRuns: 3000 },
  )
})
