/** The colours of sRGB (IEC 61966-2-1) as a profile of ICC.1:2010 (version 4), made here: a document for archives has to say its colours. */
import { type Bytes, concat, utf8 } from '../base/bytes.ts'

export function srgbProfile(): Bytes {
  const tags: readonly (readonly [name: string, content: Bytes])[] = [
    ['desc', localised('sRGB')],
    ['cprt', localised('No copyright')],
    ['wtpt', numbers('XYZ ', [0.9642, 1, 0.8249])],
    // The primaries as seen under D50, and the matrix that takes them there (ICC.1, annex E).
    ['rXYZ', numbers('XYZ ', [0.43607, 0.22249, 0.01392])],
    ['gXYZ', numbers('XYZ ', [0.38515, 0.71687, 0.09708])],
    ['bXYZ', numbers('XYZ ', [0.14307, 0.06061, 0.7141])],
    [
      'chad',
      numbers('sf32', [1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168]),
    ],
    ...(['rTRC', 'gTRC', 'bTRC'] as const).map((name) => [name, transfer] as const),
  ]
  const listBytes = 4 + tags.length * 12
  const contents = [...new Set(tags.map(([, content]) => content))]
  const starts = new Map<Bytes, number>()
  let at = headerBytes + listBytes
  for (const content of contents) {
    starts.set(content, at)
    at += content.length
  }
  const list = tags.map(([name, content]) =>
    concat(utf8(name), uint32(starts.get(content) as number), uint32(content.length)),
  )
  return concat(header(at), uint32(tags.length), ...list, ...contents)
}

const headerBytes = 128

/** Section 7.2. */
function header(bytes: number): Bytes {
  const out = new Uint8Array(headerBytes)
  const put = (at: number, ...parts: Bytes[]) => out.set(concat(...parts), at)
  put(0, uint32(bytes))
  put(8, uint32(0x04300000)) // version 4.3
  put(12, utf8('mntrRGB XYZ '))
  put(24, new Uint8Array([0x07, 0xda, 0, 1, 0, 1])) // 2010-01-01
  put(36, utf8('acsp'))
  put(68, fixed(0.9642), fixed(1), fixed(0.8249))
  return out
}

const uint32 = (value: number): Bytes => new Uint8Array([24, 16, 8, 0].map((bits) => (value >>> bits) & 255))

/** `s15Fixed16Number`. */
const fixed = (value: number): Bytes => uint32(Math.round(value * 65_536))

/** Types begin with four characters and four zeros. */
const numbers = (type: string, values: readonly number[]): Bytes =>
  concat(utf8(type), uint32(0), ...values.map(fixed))

/** `parametricCurveType`, function 3 (section 10.18). */
const transfer = concat(
  utf8('para'),
  uint32(0),
  new Uint8Array([0, 3, 0, 0]),
  ...[2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].map(fixed),
)

/** `multiLocalizedUnicodeType` with one text, in UTF-16BE; whole words of four bytes. */
function localised(text: string): Bytes {
  const units = [...text].flatMap((character) => [0, character.charCodeAt(0)])
  const content = new Uint8Array((units.length + 3) & ~3)
  content.set(units)
  return concat(
    utf8('mluc'),
    uint32(0),
    uint32(1),
    uint32(12),
    utf8('enUS'),
    uint32(units.length),
    uint32(28),
    content,
  )
}
