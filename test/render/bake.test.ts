import fc from 'fast-check'
import { decode } from 'fast-png'
import { describe, expect, test } from 'vitest'
import { type Bytes, concat, utf8 } from '../../src/base/bytes.ts'
import { hasCode } from '../../src/base/coded-error.ts'
import { carrierLimits } from '../../src/carrier/carried.ts'
import { carrierOf } from '../../src/carrier/carriers.ts'
import { bakePng, bakeSvg } from '../../src/render/bake.ts'
import {
  afterHead,
  chunk,
  exampleJson,
  exampleJws,
  iTXt,
  plainPng,
  pngWith,
  svgOf,
} from '../carrier/pictures.ts'

const unbaked = async (picture: Bytes): Promise<readonly string[]> => {
  const carrying = await carrierOf(picture)?.read(picture)
  if (carrying === undefined || !carrying.ok) throw new Error(JSON.stringify(carrying))
  return carrying.carried.texts.map((text) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(text))
}

const codeOf = (bake: () => Bytes): unknown => {
  try {
    return bake().length
  } catch (error) {
    return hasCode(error, 'render.picture_refused') || hasCode(error, 'render.text_unfit')
      ? [error.code, error.detail]
      : error
  }
}

const text = (bytes: Bytes): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
const head = '<svg xmlns="http://www.w3.org/2000/svg"'
const ours = ' xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'

describe('a PNG', () => {
  test('OB-16: gets one uncompressed chunk behind its head, and nothing else changes', () => {
    expect(bakePng(plainPng(), exampleJws)).toEqual(pngWith(iTXt(exampleJws)))
    expect(bakePng(plainPng(), exampleJson)).toEqual(pngWith(iTXt(exampleJson)))
  })

  test('with a credential inside is still the same picture to another library, which checks all checksums', () => {
    const before = decode(plainPng({ Software: 'x' }), { checkCrc: true })
    const after = decode(bakePng(plainPng({ Software: 'x' }), exampleJson), { checkCrc: true })
    expect(after).toEqual(before)
    expect(after.text).toEqual({ Software: 'x' })
  })

  test('loses what was baked into it before, in whatever form and however often', () => {
    const old = [
      iTXt('{"old":1}'),
      chunk('tEXt', 'openbadgecredential\0old'),
      chunk('zTXt', 'openbadgecredential\0\0old'),
    ]
    const kept = [chunk('tEXt', 'Software\0x'), iTXt('{}', 'openbadges')]
    expect(bakePng(pngWith(...old, ...kept), exampleJws)).toEqual(pngWith(iTXt(exampleJws), ...kept))
    expect(bakePng(bakePng(plainPng(), exampleJson), exampleJws)).toEqual(bakePng(plainPng(), exampleJws))
  })

  test.each<[what: string, picture: Bytes, detail: object]>([
    ['a broken one', plainPng().slice(0, -1), { fault: 'damaged', what: 'it ends within a chunk' }],
    ['another file', utf8('GIF89a'), { fault: 'damaged', what: 'not a PNG' }],
    [
      'one with something behind it',
      concat(plainPng(), chunk('teSt', '')),
      { fault: 'damaged', what: 'no head, no pixels, no end, or more after it' },
    ],
  ])('is refused: %s', (_, picture, detail) => {
    expect(codeOf(() => bakePng(picture, exampleJws))).toEqual(['render.picture_refused', detail])
  })
})

describe('an SVG', () => {
  const jws = `<openbadges:credential verify="${exampleJws}"/>`

  test.each<[what: string, before: string, credential: string, after: string]>([
    [
      'OB-16: a token',
      `${head} id="a">\n<g/></svg>\n`,
      exampleJws,
      `${head} id="a"${ours}>${jws}\n<g/></svg>\n`,
    ],
    [
      'OB-16: JSON',
      `${head}></svg>`,
      '{"a":"<b>&"}',
      `${head}${ours}><openbadges:credential><![CDATA[{"a":"<b>&"}]]></openbadges:credential></svg>`,
    ],
    [
      'what would end a section',
      `${head}></svg>`,
      '{"a":"]]>"}',
      `${head}${ours}><openbadges:credential><![CDATA[{"a":"]]]]><![CDATA[>"}]]></openbadges:credential></svg>`,
    ],
    ['a picture of nothing', `${head} />`, exampleJws, `${head}${ours}>${jws}</svg>`],
    [
      'a picture with a prefix',
      '<s:svg xmlns:s="http://www.w3.org/2000/svg" />',
      exampleJws,
      `<s:svg xmlns:s="http://www.w3.org/2000/svg"${ours}>${jws}</s:svg>`,
    ],
    ['a picture that has the prefix', `${head}${ours}\n></svg>`, exampleJws, `${head}${ours}>${jws}</svg>`],
    [
      'a badge of version 2',
      `${head} xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="a.b.c"/></svg>`,
      exampleJws,
      `${head} xmlns:openbadges="http://openbadges.org"><openbadges:credential${ours} verify="${exampleJws}"/><openbadges:assertion verify="a.b.c"/></svg>`,
    ],
    [
      'earlier credentials, wherever they are',
      `<?xml version="1.0"?>\n<!-- a -->${head}${ours}> <openbadges:credential>old</openbadges:credential> <g>${jws}</g> </svg>\n<!-- b -->`,
      '{}',
      `<?xml version="1.0"?>\n<!-- a -->${head}${ours}><openbadges:credential><![CDATA[{}]]></openbadges:credential>  <g></g> </svg>\n<!-- b -->`,
    ],
    [
      'ends of lines of another system, and a byte order mark',
      `\ufeff${head}>\r\n<g/>\r</svg>\r\n`,
      exampleJws,
      `\ufeff${head}${ours}>${jws}\r\n<g/>\r</svg>\r\n`,
    ],
  ])('%s', async (_, before, credential, after) => {
    const baked = bakeSvg(utf8(before), credential)
    expect(text(baked)).toBe(after)
    expect(await unbaked(baked)).toEqual([credential])
  })

  test.each<[what: string, picture: Bytes, detail: object]>([
    ['a scripted one', svgOf('<script/>'), { fault: 'scripted', what: 'an element script' }],
    [
      'one with entities',
      utf8('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>'),
      { fault: 'bomb', what: 'entities' },
    ],
    ['a broken one', svgOf('<g>'), { fault: 'damaged', what: 'an end without a beginning' }],
    ['another file', utf8('{}'), { fault: 'damaged', what: 'text outside the picture' }],
  ])('is refused: %s', (_, picture, detail) => {
    expect(codeOf(() => bakeSvg(picture, exampleJws))).toEqual(['render.picture_refused', detail])
  })
})

describe('a text that a reader would not give back is not baked', () => {
  const both = {
    png: (one: string) => bakePng(plainPng(), one),
    svg: (one: string) => bakeSvg(svgOf(''), one),
  }

  test.each<[what: string, text: string, unfit: string]>([
    ['nothing', '', '0 bytes'],
    ['more than a certificate has', '王'.repeat(349_526), `${349_526 * 3} bytes`],
    ['half a character', '{"a":"\ud842"}', 'half a character'],
  ])('%s', (_, one, unfit) => {
    expect(carrierLimits.textBytes).toBe(1_048_576)
    for (const bake of Object.values(both))
      expect(codeOf(() => bake(one))).toEqual(['render.text_unfit', { what: unfit }])
  })

  test('control characters have a place in a PNG, and none in XML', async () => {
    expect(await unbaked(both.png('\u0001'))).toEqual(['\u0001'])
    expect(codeOf(() => both.svg('\u0001'))).toEqual(['render.text_unfit', { what: 'not in XML' }])
  })
})

describe('what is baked comes back', () => {
  const letters = fc.oneof(
    fc.constantFrom(
      ']',
      ']>',
      ']]>',
      '\r',
      '\n',
      '\r\n',
      ' ',
      '&',
      '&lt;',
      '<',
      '"',
      "'",
      '\0',
      '𠮷',
      '\ufeff',
      '.',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
  )
  const texts = fc.array(letters, { minLength: 1, maxLength: 20 }).map((parts) => parts.join(''))
  /** XML holds no other control characters, and neither does JSON. */
  const inXml = texts.filter((one) => !/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(one))
  const tokens = fc.string({ unit: fc.constantFrom(...'aZ09-_.~'), minLength: 1 })
  const pngs = fc.constantFrom(plainPng(), pngWith(iTXt('{}'), iTXt('x')), plainPng({ Software: 'x' }))
  const svgs = fc.constantFrom(
    svgOf(''),
    svgOf('<g/><openbadges:credential verify="a.b.c"/>'),
    utf8(`${head} xmlns:openbadges="http://openbadges.org"/>`),
    utf8(`<?xml version="1.0"?>${head}><title>a</title></svg>`),
  )

  test('from a PNG, whatever the text is, and baking twice is baking once', async () => {
    await fc.assert(
      fc.asyncProperty(pngs, fc.oneof(texts, tokens), async (picture, one) => {
        const baked = bakePng(picture, one)
        expect(await unbaked(baked)).toEqual([one])
        expect(bakePng(baked, one)).toEqual(baked)
        expect(baked.slice(0, afterHead)).toEqual(picture.slice(0, afterHead))
      }),
      { seed: 20260601, numRuns: 500 },
    )
  })

  test('from an SVG, whatever XML can hold, and baking twice is baking once', async () => {
    await fc.assert(
      fc.asyncProperty(svgs, fc.oneof(inXml, tokens), async (picture, one) => {
        const baked = bakeSvg(picture, one)
        expect(await unbaked(baked)).toEqual([one])
        expect(bakeSvg(baked, one)).toEqual(baked)
      }),
      { seed: 20260601, numRuns: 500 },
    )
  })
})
