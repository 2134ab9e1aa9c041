import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import fontkit from '@pdf-lib/fontkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { glyphsOf, type HasGlyph, missingIn } from '../../src/render/glyphs.ts'

const noto = readFileSync(
  createRequire(import.meta.url).resolve(
    '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  ),
)

/** Numbers of two bytes each. */
const words = (...numbers: readonly number[]): readonly number[] =>
  numbers.flatMap((number) => [(number >> 8) & 255, number & 255])
const longs = (...numbers: readonly number[]): readonly number[] =>
  numbers.flatMap((number) => words(number >>> 16, number & 0xffff))

/** A font that is nothing but a table `cmap` with one subtable. */
const fontOf = (
  subtable: readonly number[],
  { begins = 0x00010000, platform = 3, encoding = 10, tag = 0x636d6170 } = {},
): Uint8Array =>
  new Uint8Array([
    ...longs(begins),
    ...words(1, 0, 0, 0),
    ...longs(tag, 0, 28, 12 + subtable.length),
    ...words(0, 1, platform, encoding),
    ...longs(12),
    ...subtable,
  ])

/** Format 12 with groups of first and last character and first glyph. */
const groups = (...rows: readonly (readonly [number, number, number])[]): readonly number[] => [
  ...words(12, 0),
  ...longs(16 + rows.length * 12, 0, rows.length),
  ...rows.flatMap((row) => longs(...row)),
]

/** Format 4 with segments of first and last character, what is added to the glyph, and where glyphs are listed. */
const segments = (
  rows: readonly (readonly [first: number, last: number, delta: number, offset: number])[],
  ...listed: readonly number[]
): readonly number[] => [
  ...words(4, 16 + rows.length * 8 + listed.length * 2, 0, rows.length * 2, 0, 0, 0),
  ...words(...rows.map(([, last]) => last), 0),
  ...words(...rows.map(([first]) => first)),
  ...words(...rows.map(([, , delta]) => delta)),
  ...words(...rows.map(([, , , offset]) => offset)),
  ...words(...listed),
]

const charactersOf = (has: HasGlyph | null): readonly number[] | null => {
  if (has === null) return null
  const all: number[] = []
  for (let one = 0; one <= 0x110000; one++) if (has(one)) all.push(one)
  return all
}

describe('characters of a font', () => {
  test.each<[what: string, font: Uint8Array, characters: readonly number[] | null]>([
    [
      'groups beyond the first plane',
      fontOf(groups([0x41, 0x43, 1], [0x20bb7, 0x20bb7, 9])),
      [0x41, 0x42, 0x43, 0x20bb7],
    ],
    ['a group that begins with no glyph', fontOf(groups([0x41, 0x43, 0])), [0x42, 0x43]],
    [
      'segments',
      fontOf(
        segments([
          [0x41, 0x42, 5, 0],
          [0xffff, 0xffff, 1, 0],
        ]),
        { encoding: 1 },
      ),
      [0x41, 0x42],
    ],
    [
      'segments with a list, in which one has no glyph',
      fontOf(
        segments(
          [
            [0x41, 0x43, 0, 4],
            [0xffff, 0xffff, 1, 0],
          ],
          7,
          0,
          8,
        ),
        { encoding: 1 },
      ),
      [0x41, 0x43],
    ],
    [
      'the last segment as some fonts write it',
      fontOf(
        segments([
          [0x41, 0x41, 5, 0],
          [0xffff, 0xffff, 1, 0xffff],
        ]),
        { encoding: 1 },
      ),
      [0x41],
    ],
    ['OpenType with other outlines', fontOf(groups([0x41, 0x41, 1]), { begins: 0x4f54544f }), [0x41]],
    ['nothing at all', new Uint8Array(), null],
    ['a font for the web', fontOf(groups([0x41, 0x41, 1]), { begins: 0x774f4632 }), null],
    ['no table of characters', fontOf(groups([0x41, 0x41, 1]), { tag: 0x676c7966 }), null],
    ['symbols', fontOf(groups([0x41, 0x41, 1]), { encoding: 0 }), null],
    ['groups out of order', fontOf(groups([0x43, 0x43, 1], [0x41, 0x41, 2])), null],
    ['groups over each other', fontOf(groups([0x41, 0x44, 1], [0x44, 0x45, 9])), null],
    ['characters beyond Unicode', fontOf(groups([0x41, 0x110000, 1])), null],
    ['a group that ends before it begins', fontOf(groups([0x43, 0x41, 1])), null],
    ['four thousand million groups', fontOf([...words(12, 0), ...longs(16, 0, 0xffffffff)]), null],
    [
      'segments out of order',
      fontOf(
        segments([
          [0x43, 0x43, 1, 0],
          [0x41, 0x41, 1, 0],
        ]),
        { encoding: 1 },
      ),
      null,
    ],
    ['a list outside of the font', fontOf(segments([[0x41, 0x43, 0, 0x4000]]), { encoding: 1 }), null],
  ])('%s', (_, font, characters) => {
    expect(charactersOf(glyphsOf(font))).toEqual(characters)
  })

  test('of a whole font are those that fontkit finds', () => {
    const known = [...new Set(fontkit.create(noto).characterSet)].sort((a, b) => a - b)
    expect(known.length).toBeGreaterThan(25_000)
    expect(charactersOf(glyphsOf(noto))).toEqual(known)
  })

  test('of the first font of a collection are found', () => {
    const font = fontOf(groups([0x41, 0x41, 1]))
    const head = new Uint8Array([...longs(0x74746366, 0x00010000, 1, 16)])
    const moved = font.slice()
    moved.set(longs(28 + 16), 12 + 8)
    expect(charactersOf(glyphsOf(new Uint8Array([...head, ...moved])))).toEqual([0x41])
  })

  test('are answered whatever is done to a font', () => {
    const fonts = [
      fontOf(groups([0x41, 0x43, 1], [0x20bb7, 0x20bb7, 9])),
      fontOf(
        segments(
          [
            [0x41, 0x43, 0, 4],
            [0xffff, 0xffff, 1, 0],
          ],
          7,
          0,
          8,
        ),
        { encoding: 1 },
      ),
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...fonts),
        fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 4 }),
        fc.nat(200),
        (font, changes, length) => {
          const changed = font.slice(0, length)
          for (const [at, byte] of changed.length === 0 ? [] : changes) changed[at % changed.length] = byte
          const has = glyphsOf(changed)
          expect(has === null || typeof has(0x41) === 'boolean').toBe(true)
        },
      ),
      { seed: 20260601, numRuns: 1000 },
    )
  })
})

test.each<[text: string, missing: ReturnType<typeof missingIn>]>([
  ['', null],
  ['AB', null],
  ['A𠮷', { character: '𠮷', code: 'U+20BB7' }],
  ['A\u0001', { character: '\u0001', code: 'U+0001' }],
  ['A\ufe00B\u{e0100}', null],
])('of %j the first character that no font has is named', (text, missing) => {
  const fonts = [fontOf(groups([0x41, 0x41, 1])), fontOf(groups([0x42, 0x42, 1]))]
  expect(
    missingIn(
      text,
      fonts.map((font) => glyphsOf(font) as HasGlyph),
    ),
  ).toEqual(missing)
  expect(missingIn('A', [])).toEqual({ character: 'A', code: 'U+0041' })
})
