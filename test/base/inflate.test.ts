import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bytes, concat, fromHex, toHex } from '../../src/base/bytes.ts'
import { inflate } from '../../src/base/inflate.ts'

const limit = 1_000_000
const read = (packed: Uint8Array) => inflate(packed, { start: 0, limit })
const bytes = (hex: string): Bytes => fromHex(hex.replaceAll(' ', '')) as Bytes

/** What zlib makes of it: the bytes and where they ended, or nothing. */
function theirs(packed: Uint8Array) {
  try {
    const { buffer, engine } = inflateRawSync(packed, {
      info: true,
      maxOutputLength: limit,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } }
    return { ok: true, bytes: new Uint8Array(buffer), end: engine.bytesWritten }
  } catch (error) {
    const isLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
    return { ok: false, fault: isLarge ? 'too_large' : 'malformed' }
  }
}

/** Bits in the order of RFC 1951, spelled as they are taken: `1 01` is a last block of fixed codes. */
function bits(text: string): Bytes {
  const all = text.replaceAll(/[^01]/g, '')
  return Uint8Array.from({ length: Math.ceil(all.length / 8) }, (_, i) =>
    [...all.slice(i * 8, i * 8 + 8)].reduce((byte, bit, at) => byte | (Number(bit) << at), 0),
  )
}

const strategies = [
  constants.Z_DEFAULT_STRATEGY,
  constants.Z_FIXED,
  constants.Z_HUFFMAN_ONLY,
  constants.Z_RLE,
] as const
const packings = fc.record({
  level: fc.constantFrom(0, 1, 6, 9),
  strategy: fc.constantFrom(...strategies),
  memLevel: fc.constantFrom(1, 9),
  windowBits: fc.constantFrom(9, 15),
})
/** Of few kinds of bytes, so that they repeat, or of all. */
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }),
  fc.array(fc.constantFrom(0, 1, 128), { maxLength: 6000 }).map((all) => Uint8Array.from(all)),
  fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.nat(900)).map(([part, times]) => {
    const whole = new Uint8Array(part.length * times)
    for (let i = 0; i < times; i++) whole.set(part, i * part.length)
    return whole
  }),
)

describe('deflated data', () => {
  test('of any content, packed in any way, expand to it, and end where they end', () => {
    fc.assert(
      fc.property(contents, packings, fc.uint8Array({ maxLength: 9 }), (content, packing, after) => {
        const packed = new Uint8Array(deflateRawSync(content, packing))
        expect(read(concat(packed, after as Bytes))).toEqual({
          ok: true,
          bytes: content,
          end: packed.length,
        })
      }),
      { seed: 1, numRuns: 400 },
    )
  })

  test('that were cut off anywhere are none', () => {
    for (const strategy of strategies) {
      const packed = deflateRawSync(Buffer.from('deflated deflated data'.repeat(9)), { strategy })
      for (let length = 0; length < packed.length; length++) {
        expect(read(packed.subarray(0, length))).toEqual({ ok: false, fault: 'malformed' })
      }
    }
  })

  test('begin where their reader says', () => {
    const packed = concat(bytes('ffff'), new Uint8Array(deflateRawSync('abc')))
    expect(inflate(packed, { start: 2, limit })).toMatchObject({ ok: true, bytes: bytes('616263') })
  })

  // What another library lets through, zlib does not, and one verifier would read what another refuses.
  test('with anything changed are to zlib what they are here: the same bytes up to the same end, or nothing', () => {
    const seen = { read: 0, refused: 0 }
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(contents, packings, changes, (content, packing, flips) => {
        const packed = new Uint8Array(deflateRawSync(content, packing))
        // The first bytes hold the codes, which is where most can go wrong.
        for (const [at, bit] of flips) {
          const i = at % Math.min(packed.length, 90)
          packed[i] = (packed[i] as number) ^ (1 << bit)
        }
        const ours = read(packed)
        expect(ours).toEqual(theirs(packed))
        seen[ours.ok ? 'read' : 'refused']++
      }),
      { seed: 2, numRuns: 3000 },
    )
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(500)
  })

  test('of nothing but chance are to zlib what they are here', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 120 }), (packed) => {
        expect(read(packed)).toEqual(theirs(packed))
      }),
      { seed: 3, numRuns: 3000 },
    )
  })

  test.each<[what: string, packed: Bytes]>([
    ['an empty block of fixed codes', bits('1 10 0000000')],
    ['an empty stored block', bytes('01 0000 ffff')],
    ['a stored block', bytes('01 0100 feff 61')],
    ['a stored block whose length is not its complement', bytes('01 0100 ffff 61')],
    ['a stored block that is longer than what there is', bytes('01 0200 fdff 61')],
    ['a block of the type that does not exist', bits('1 11')],
    ['the literal 286 of the fixed codes', bits('1 10 11000110 0000000')],
    ['the distance 30 of the fixed codes', bits('1 10 00110000 0000001 11110 0000000')],
    ['a reach before the first byte', bits('1 10 0000001 00000 0000000')],
    ['a reach to the first byte', bits('1 10 00110000 0000001 00000 0000000')],
    ['287 literals', bits('1 01 01111 00000 0000 000000000000')],
    ['31 distances', bits('1 01 00000 01111 0000 000000000000')],
    ['a code of lengths that is empty', bits(`1 01 00000 00000 0000 ${'0'.repeat(600)}`)],
    ['a code of lengths that is incomplete', bits(`1 01 00000 00000 0000 100 ${'0'.repeat(600)}`)],
    [
      'a code of lengths that is over-subscribed',
      bits(`1 01 00000 00000 0000 100 100 100 ${'0'.repeat(99)}`),
    ],
    [
      'a repetition with nothing before it',
      bits(`1 01 00000 00000 0000 100 100 000 000 0 ${'0'.repeat(99)}`),
    ],
  ])('%s is to zlib what it is here', (_what, packed) => {
    expect(read(packed)).toEqual(theirs(packed))
  })

  test.each<[what: string, packed: Bytes, hex: string | null]>([
    ['an empty block of fixed codes', bits('1 10 0000000'), ''],
    ['a stored block', bytes('01 0100 feff 61'), '61'],
    ['a block of the type that does not exist', bits('1 11'), null],
    ['a reach before the first byte', bits('1 10 0000001 00000 0000000'), null],
    ['a reach to the first byte', bits('1 10 00110000 0000001 00000 0000000'), '00000000'],
  ])('%s is read as the standard says', (_what, packed, hex) => {
    const inflated = read(packed)
    expect(inflated.ok ? toHex(inflated.bytes) : null).toBe(hex)
  })

  test('may expand up to the limit and not by a byte more', () => {
    for (const content of [new Uint8Array(5000), Uint8Array.from({ length: 5000 }, (_, i) => (i * i) >> 3)]) {
      for (const level of [0, 9]) {
        const packed = deflateRawSync(content, { level })
        expect(inflate(packed, { start: 0, limit: 5000 })).toMatchObject({ ok: true, bytes: content })
        expect(inflate(packed, { start: 0, limit: 4999 })).toEqual({ ok: false, fault: 'too_large' })
        expect(inflate(packed, { start: 0, limit: 0 })).toEqual({ ok: false, fault: 'too_large' })
      }
    }
  })

  test('may not reach further back than they say', () => {
    const part = Uint8Array.from({ length: 400 }, (_, i) => (i * 37 + (i >> 2)) & 0xff)
    const packed = deflateRawSync(concat(part, part), { level: 9 })
    expect(packed.length).toBeLessThan(500)
    expect(inflate(packed, { start: 0, limit, window: 400 })).toMatchObject({ ok: true })
    expect(inflate(packed, { start: 0, limit, window: 256 })).toEqual({ ok: false, fault: 'malformed' })
  })
})
