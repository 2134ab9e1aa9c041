import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { seededRandom, systemRandom, uuidUrn } from '../../src/issue/random.ts'

describe('a UUID', () => {
  test('has version 4 and the variant of RFC 9562, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 40 }), (bytes) => {
        expect(uuidUrn(new Uint8Array(bytes))).toMatch(
          /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        )
      }),
    )
  })

  test.each<[fill: number, urn: string]>([
    [0x00, 'urn:uuid:00000000-0000-4000-8000-000000000000'],
    [0xff, 'urn:uuid:ffffffff-ffff-4fff-bfff-ffffffffffff'],
  ])('of bytes %i keeps the other 122 bits', (fill, urn) => {
    expect(uuidUrn(new Uint8Array(32).fill(fill))).toBe(urn)
  })

  test('takes the first 16 bytes and leaves them as they were', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => i)
    expect(uuidUrn(bytes)).toBe('urn:uuid:00010203-0405-4607-8809-0a0b0c0d0e0f')
    expect(bytes[6]).toBe(6)
  })
})

describe('randomness', () => {
  test('of the system is 32 bytes, other ones every time, under one label too', () => {
    const drawn = Array.from({ length: 100 }, () => systemRandom('label'))
    expect(drawn.every((bytes) => bytes.length === 32)).toBe(true)
    expect(new Set(drawn.map(uuidUrn)).size).toBe(100)
  })

  test('from a seed is HMAC-SHA-256 of the label, in any order', () => {
    const random = seededRandom(utf8('seed'))
    const first = random('a')
    random('b')
    expect(random('a')).toEqual(first)
    expect(Buffer.from(first).toString('hex')).toBe(createHmac('sha256', 'seed').update('a').digest('hex'))
  })
})
