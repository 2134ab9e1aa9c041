import { crc32, deflateSync, gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Bytes,
  concat,
  fromBase64url,
  fromHex,
  toBase58,
  toBase64url,
  toHex,
  utf8,
} from '../../src/base/bytes.ts'
import { sha256Hex } from '../../src/base/digest.ts'
import {
  type BitstringFault,
  bitAt,
  decodeBitstring,
  encodeBitstring,
  listEntries,
} from '../../src/status/bitstring.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

/** Bitstring Status List 1.0, example 3. */
const allZero = 'uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA'

const bitsOf = (encoded: string): Bytes => {
  const decoded = decodeBitstring(encoded)
  if (!decoded.ok) throw new Error(decoded.fault)
  return decoded.bits
}
const encoded = (packed: Uint8Array): string => `u${toBase64url(new Uint8Array(packed))}`
const packed = (text: string): Bytes => fromBase64url(text.slice(1)) as Bytes
const setIn = (bits: Bytes): readonly number[] =>
  [...bits]
    .flatMap((byte, i) => (byte === 0 ? [] : [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => i * 8 + bit)))
    .filter((index) => bitAt(bits, index))
const good = packed(encodeBitstring([5]))
const altered = (at: number, value: number): string => {
  const bytes = good.slice()
  bytes[at < 0 ? bytes.length + at : at] = value
  return encoded(bytes)
}

describe('an encoded list', () => {
  test('BSL-6, BSL-7: of no index is that of the standard, expanded', () => {
    expect(bitsOf(allZero)).toEqual(new Uint8Array(16_384))
    expect(bitsOf(encodeBitstring([]))).toEqual(new Uint8Array(16_384))
  })

  test('is the same text for the same indexes, today and always', () => {
    expect(encodeBitstring([0, 7, 8, 131_071])).toBe(
      'uH4sIAAAAAAACA-3AMQEAAAgCMG2uzYnBs_0NAAAAAAAAAAAAAAAAAAAA0LUBebcplgBAAAA',
    )
    expect(encodeBitstring(new Set([131_071, 8, 7, 0]))).toBe(encodeBitstring([0, 0, 7, 8, 131_071]))
  })

  test('BSL-8, trap 39: has its first bit leftmost', () => {
    const bits = bitsOf(encodeBitstring([0, 9, 131_071]))
    expect(toHex(bits.slice(0, 2))).toBe('8040')
    expect(bits.at(-1)).toBe(1)
    expect(setIn(bits)).toEqual([0, 9, 131_071])
  })

  test('is what node:zlib expands, and what node:zlib packs is read', () => {
    const bits = new Uint8Array(16_384).fill(0xa5, 100, 200)
    expect(new Uint8Array(gunzipSync(packed(encodeBitstring([3]))))[0]).toBe(0x10)
    for (const level of [0, 1, 6, 9]) expect(bitsOf(encoded(gzipSync(bits, { level })))).toEqual(bits)
  })

  test('gives back the indexes that were set and no others', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(listEntries - 1), { maxLength: 50 }),
        fc.constantFrom(1, 2, 4),
        (indexes, times) => {
          const bits = bitsOf(encodeBitstring(indexes, listEntries * times))
          expect(bits).toHaveLength(16_384 * times)
          expect(setIn(bits)).toEqual(indexes.toSorted((a, b) => a - b))
        },
      ),
      { seed: 1, numRuns: 30 },
    )
  })

  test.each([-1, listEntries, 2 ** 32, 0.5, Number.NaN])('is not written with the index %d', (index) => {
    expect(() => encodeBitstring([1, index])).toThrow(RangeError)
  })

  test('has no bit beyond its ends', () => {
    const bits = bitsOf(encodeBitstring([0, listEntries - 1]))
    expect([0, 1, listEntries - 1].map((index) => bitAt(bits, index))).toEqual([true, false, true])
    expect([-1, listEntries, 2 ** 31, 2 ** 53].map((index) => bitAt(bits, index))).toEqual([
      null,
      null,
      null,
      null,
    ])
  })
})

/** A member with more in its header than we write (RFC 1952, section 2.3). */
function withHeader(flags: number, more: Uint8Array, checksum = 0): Uint8Array {
  const start = concat(fromHex(`1f8b08${toHex(Uint8Array.of(flags))}00000000`) as Bytes, Uint8Array.of(2, 3))
  const header = concat(start, more as Bytes)
  const sum = (crc32(header) ^ checksum) & 0xffff
  const end = (flags & 2) === 0 ? new Uint8Array() : Uint8Array.of(sum & 0xff, sum >> 8)
  return concat(header, end, good.slice(10))
}
const name = utf8('list.bin\0')
const extra = Uint8Array.of(3, 0, 1, 2, 3)

/** What zlib makes of a member: the bits, or nothing where it fails or anything comes after it. */
function byZlib(member: Uint8Array): Uint8Array | null {
  try {
    const { buffer, engine } = gunzipSync(member, { info: true }) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    return engine.bytesWritten === member.length ? new Uint8Array(buffer) : null
  } catch {
    return null
  }
}

describe('a list that another program packed', () => {
  test.each<[what: string, member: Uint8Array, isRead: boolean]>([
    ['a name', withHeader(8, name), true],
    ['a comment', withHeader(16, name), true],
    ['a name and a comment', withHeader(24, concat(name, name)), true],
    ['an extra field', withHeader(4, extra), true],
    ['a checksum of its header', withHeader(2, new Uint8Array()), true],
    ['all of them, and said to be text', withHeader(31, concat(extra, name, name)), true],
    ['another checksum of its header', withHeader(2, new Uint8Array(), 1), false],
    ['a flag that is kept for later', withHeader(0x20, new Uint8Array()), false],
    ['a name without an end', concat(withHeader(8, name).slice(0, 18) as Bytes), false],
    ['an extra field longer than all', withHeader(4, Uint8Array.of(255, 255)), false],
    ['a header cut off in its extra field', withHeader(4, extra).slice(0, 11), false],
  ])('with %s is to us what it is to zlib', (_what, member, isRead) => {
    const decoded = decodeBitstring(encoded(member))
    expect(decoded.ok).toBe(isRead)
    expect(decoded.ok ? decoded.bits : null).toEqual(byZlib(member))
  })

  test('with any byte changed is to us what it is to zlib', () => {
    const members = [
      good,
      new Uint8Array(gzipSync(new Uint8Array(16_384).map((_, i) => (i * i) >> 5))),
      withHeader(31, concat(extra, name, name)),
    ]
    for (const member of members) {
      const step = Math.ceil(member.length / 300)
      for (let at = 0; at < member.length; at += at < 60 ? 1 : step) {
        for (const bit of [0, 3, 7]) {
          const other = member.slice()
          other[at] = (other[at] as number) ^ (1 << bit)
          const decoded = decodeBitstring(encoded(other))
          expect([at, decoded.ok ? decoded.bits : null]).toEqual([at, byZlib(other)])
        }
      }
    }
  })
})

describe('what is no encoded list', () => {
  const bits = new Uint8Array(16_384)
  const trailer = good.slice(-8)
  test.each<[what: string, text: string, fault: BitstringFault]>([
    ['nothing', '', 'list_encoding'],
    ['the prefix alone', 'u', 'list_encoding'],
    ['no prefix', allZero.slice(1), 'list_encoding'],
    ['base58', `z${toBase58(good)}`, 'list_encoding'],
    ['padding', `${allZero}==`, 'list_encoding'],
    ['a letter of the other alphabet', allZero.replace('-', '+'), 'list_encoding'],
    ['a line break', `${allZero}\n`, 'list_encoding'],
    ['zlib', encoded(deflateSync(bits)), 'list_encoding'],
    ['the bits themselves', encoded(bits), 'list_encoding'],
    ['two members', encoded(concat(good, good)), 'list_encoding'],
    ['an empty member before', encoded(concat(new Uint8Array(gzipSync('')), good)), 'list_encoding'],
    ['an empty member after', encoded(concat(good, new Uint8Array(gzipSync('')))), 'list_encoding'],
    ['a zero byte after', encoded(concat(good, Uint8Array.of(0))), 'list_encoding'],
    ['garbage after', encoded(concat(good, fromHex('67617262616765') as Bytes)), 'list_encoding'],
    ['the trailer twice', encoded(concat(good, trailer)), 'list_encoding'],
    ['garbage and the trailer again', encoded(concat(good, new Uint8Array(30), trailer)), 'list_encoding'],
    ['another checksum', altered(-8, (good.at(-8) as number) ^ 1), 'list_encoding'],
    ['another length', altered(-4, (good.at(-4) as number) ^ 1), 'list_encoding'],
    ['another magic number', altered(0, 0x1e), 'list_encoding'],
    ['another method of compression', altered(2, 7), 'list_encoding'],
    ['16383 bytes', encoded(gzipSync(bits.subarray(1))), 'list_too_short'],
    ['no bytes', encoded(gzipSync('')), 'list_too_short'],
    ['8 MiB and one byte', encoded(gzipSync(new Uint8Array(8_388_609))), 'list_too_large'],
    ['64 MiB', encoded(gzipSync(new Uint8Array(67_108_864))), 'list_too_large'],
    ['twelve million characters and one', 'u'.padEnd(12_000_001, 'A'), 'list_too_large'],
  ])('BSL-6, BSL-7, BSL-15, trap 38: %s', (_what, text, fault) => {
    expect(decodeBitstring(text)).toEqual({ ok: false, fault })
  })

  test('a list that was cut off anywhere', () => {
    for (let length = 0; length < good.length; length++) {
      expect(decodeBitstring(encoded(good.subarray(0, length)))).toEqual({
        ok: false,
        fault: 'list_encoding',
      })
    }
  })

  test('a list of which one byte of its data was changed says nothing else', () => {
    // Bytes 3 to 9 are the header: flags, time, hints and the system that packed it.
    for (let at = 10; at < good.length; at++) {
      const decoded = decodeBitstring(altered(at, (good[at] as number) ^ 0x10))
      expect(decoded.ok ? setIn(decoded.bits) : decoded.fault).toSatisfy(
        (seen) => seen === 'list_encoding' || JSON.stringify(seen) === '[5]',
      )
    }
  })

  test('any text is answered', () => {
    const bytes = fc.uint8Array({ maxLength: 80 })
    fc.assert(
      fc.property(bytes, fc.string(), fc.boolean(), (tail, text, header) => {
        const start = header ? good.subarray(0, 10) : new Uint8Array()
        expect(decodeBitstring(encoded(concat(start, tail as Bytes))).ok).toBe(false)
        expect(decodeBitstring(`u${text}`).ok).toBe(false)
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  test('BSL-15: 8 MiB are still a list', () => {
    expect(bitsOf(encoded(gzipSync(new Uint8Array(8_388_608))))).toHaveLength(8_388_608)
  })
})

interface Derived {
  readonly statusSize: number
  readonly uncompressedSha256: string
  readonly entries: readonly (readonly [index: number, value: number])[]
  readonly encodedList: string
  readonly negative?: string
}

/** One fault per negative case of the vectors. */
const faults: Readonly<Record<string, BitstringFault>> = {
  'too short (16383 bytes)': 'list_too_short',
  'no multibase prefix': 'list_encoding',
  'padded base64url': 'list_encoding',
  'zlib instead of gzip': 'list_encoding',
  'z (base58) multibase': 'list_encoding',
  'gzip with trailing garbage': 'list_encoding',
  'concatenated gzip members': 'list_encoding',
  'gzip bomb 64 MiB zero in ~64 KiB': 'list_too_large',
}

describe.skipIf(!sharedIsHere)('the vectors of Bitstring Status List 1.0', () => {
  const answers = knownAnswers('Bitstring Status List 1.0')
  const derived: readonly Derived[] = sharedIsHere
    ? sharedJson('vectors/bitstring-status-list/derived.json')
    : []

  test('the example of the standard is the one above', () => {
    const { encodedListAllZero } = sharedJson('vectors/bitstring-status-list/rec-examples.json')
    expect(encodedListAllZero).toBe(allZero)
    answers.holds('bitstring-status-list/rec-examples.json')
  })

  test('of the list of 1EdTech bit 23 is set', () => {
    const { credentialSubject } = sharedJson('vectors/bitstring-status-list/1edtech/testlist')
    expect(setIn(bitsOf(credentialSubject.encodedList))).toEqual([23])
    answers.holds('bitstring-status-list/1edtech/testlist', 'bits')
  })

  test.each(derived.filter(({ negative }) => negative === undefined))(
    'a list of $statusSize bits to an entry is expanded to its bytes',
    ({ statusSize, uncompressedSha256, entries, encodedList }) => {
      const bits = bitsOf(encodedList)
      expect(sha256Hex(bits)).toBe(uncompressedSha256)
      const valueAt = (index: number): number =>
        Array.from({ length: statusSize }, (_, i) => bitAt(bits, index * statusSize + i)).reduce<number>(
          (value, bit) => value * 2 + (bit ? 1 : 0),
          0,
        )
      expect(entries.map(([index]) => [index, valueAt(index)])).toEqual(entries)
      answers.holds('bitstring-status-list/derived.json', `${statusSize} bits to an entry`)
    },
  )

  test('every negative case has its fault', () => {
    const seen = derived.flatMap(({ negative, encodedList }) => {
      const decoded = decodeBitstring(encodedList)
      return negative === undefined ? [] : [[negative, decoded.ok ? 'ok' : decoded.fault]]
    })
    expect(Object.fromEntries(seen)).toEqual(faults)
    answers.holds('bitstring-status-list/derived.json', Object.keys(faults))
  })
})
