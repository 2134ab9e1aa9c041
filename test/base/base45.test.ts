import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromBase45, toBase45 } from '../../src/base/base45.ts'
import { utf8 } from '../../src/base/bytes.ts'

describe('base45', () => {
  test.each([
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
    ['', ''],
  ])('RFC 9285, section 4: %s is %s, and back', (text, encoded) => {
    expect(toBase45(utf8(text))).toBe(encoded)
    expect(fromBase45(encoded)).toEqual(utf8(text))
  })

  test.each([
    ['a value above 65535, section 6', 'GGW'],
    ['the largest three letters', ':::'],
    ['a value above 255 in the last two', 'V5'],
    ['one letter that is left over', 'BB8B'],
    ['small letters', 'bb8'],
    ['a letter that is none', 'BB_'],
    ['another white space', 'BB\t'],
    ['a character of two units', 'B\u{1f600}'],
  ])('refuses %s', (_what, text) => {
    expect(fromBase45(text)).toBeNull()
  })

  test('gives any bytes back, and takes no second text for them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const text = toBase45(new Uint8Array(bytes))
        expect(fromBase45(text)).toEqual(new Uint8Array(bytes))
      }),
    )
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const bytes = fromBase45(text)
        if (bytes !== null) expect(toBase45(bytes)).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })
})
