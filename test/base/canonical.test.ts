import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toHex, utf8 } from '../../src/base/bytes.ts'
import { canonicalJson, digestJson } from '../../src/base/canonical.ts'
import type { Json } from '../../src/base/json.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson, sharedText } from '../shared.ts'

describe('canonical JSON', () => {
  test.each<[value: Json, text: string]>([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ 10: 0, 9: 0, '': 0, A: 0, a: 0 }, '{"":0,"10":0,"9":0,"A":0,"a":0}'],
    // RFC 8785, section 3.2.3: by UTF-16 units, where the surrogate of 😀 comes before U+FB33.
    [
      {
        '\u20ac': 'Euro Sign',
        '\r': 'Carriage Return',
        '\ufb33': 'Hebrew Letter Dalet With Dagesh',
        '1': 'One',
        '\ud83d\ude00': 'Emoji: Grinning Face',
        '\u0080': 'Control',
        '\u00f6': 'Latin Small Letter O With Diaeresis',
      },
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ],
    [[3.0, -0, 1e21, 1e-7, 4.5, 1e23], '[3,0,1e+21,1e-7,4.5,1e+23]'],
    ['\u0000\b\t\n\u000b\f\r"\\/\u007f\u2028é', '"\\u0000\\b\\t\\n\\u000b\\f\\r\\"\\\\/\u007f\u2028é"'],
    [['e\u0301', '\u00e9'], '["e\u0301","\u00e9"]'],
    [null, 'null'],
  ])('JCS-1: the canonical text of case %# is written exactly', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  test('the digest is that of the canonical text in UTF-8', () => {
    expect(digestJson({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
    expect(digestJson({ b: '证书', a: 1 })).toBe(digestJson({ a: 1, b: '证书' }))
    expect(digestJson({ a: 1 })).not.toBe(digestJson({ a: '1' }))
  })

  test.each<[what: string, value: unknown]>([
    ['nothing', undefined],
    ['not a number', Number.NaN],
    ['infinity', { a: Number.POSITIVE_INFINITY }],
    ['a lone surrogate', ['\ud800']],
    ['a function', () => 1],
  ])('JCS-1, trap 18: %s has no canonical form', (_what, value) => {
    expect(() => canonicalJson(value as Json)).toThrow()
  })

  test('the canonical text says the same value and is its own canonical text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const text = canonicalJson(value as Json)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      }),
      { seed: 1 },
    )
  })
})

describe.skipIf(!sharedIsHere)('the vectors of RFC 8785', () => {
  test.each(['arrays', 'french', 'structures', 'unicode', 'values', 'weird'])(
    '%s gets the published bytes',
    (name) => {
      const text = canonicalJson(sharedJson(`vectors/jcs/input/${name}.json`))
      expect(toHex(utf8(text))).toBe(sharedText(`vectors/jcs/outhex/${name}.txt`).replace(/\s/g, ''))
      expect(text).toBe(sharedText(`vectors/jcs/output/${name}.json`))
      const answers = knownAnswers('RFC 8785 (JCS)')
      answers.holds(`jcs/output/${name}.json`)
      answers.holds(`jcs/outhex/${name}.txt`)
    },
  )
})
