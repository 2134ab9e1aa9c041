import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/base/bytes.ts'
import { concat, toHex, utf8 } from '../../src/base/bytes.ts'
import { carrierLimits } from '../../src/carrier/carried.ts'
import { carrierOf } from '../../src/carrier/carriers.ts'
import { png } from '../../src/carrier/png.ts'
import { afterHead, chunk, exampleJson, exampleJws, iTXt, plainPng, pngWith } from './pictures.ts'

const carrying = async (picture: Bytes) => {
  const found = await png.read(picture)
  return found.ok ? found.carried.texts.map((text) => new TextDecoder().decode(text)) : found
}

const keyword = 'openbadgecredential\0'
const token = 'eyJhbGciOiJFZERTQSJ9.e30.c2ln'

/** A chunk as others bake it: compressed. */
const packed = (text: string | Uint8Array): Bytes =>
  chunk('iTXt', concat(utf8(`${keyword}\u0001\0\0\0`), new Uint8Array(deflateSync(text))))

describe('a picture with a credential', () => {
  test('OB-16: the chunk of the standard, written byte by byte, is read', async () => {
    // Length 5 + 19 + 24, type, keyword, no compression, no language, no keyword in it, text, checksum.
    const baked = chunk('iTXt', concat(utf8('openbadgecredential'), new Uint8Array(5), utf8(exampleJws)))
    expect(toHex(baked)).toBe(
      '0000003069545874' +
        '6f70656e626164676563726564656e7469616c' +
        '0000000000' +
        '6865616465722e7061796c6f61642e7369676e6174757265' +
        toHex(baked.slice(-4)),
    )
    expect(await carrying(pngWith(baked))).toEqual([exampleJws])
  })

  test.each<[what: string, picture: Bytes, text: string]>([
    ['OB-16: JSON as in the standard', pngWith(iTXt(exampleJson)), exampleJson],
    ['letters beyond Latin ones', pngWith(iTXt('{"name":"王𠮷"}')), '{"name":"王𠮷"}'],
    ['a language and a keyword in it', pngWith(chunk('iTXt', `${keyword}\0\0en\0badge\0${token}`)), token],
    ['compressed text', pngWith(packed(exampleJson)), exampleJson],
    ['tEXt by another library', plainPng({ openbadgecredential: token }), token],
    ['tEXt in UTF-8', pngWith(chunk('tEXt', `${keyword}{"name":"王"}`)), '{"name":"王"}'],
    [
      'tEXt in Latin-1',
      pngWith(chunk('tEXt', concat(utf8(`${keyword}{"name":"Jos`), new Uint8Array([0xe9]), utf8('"}')))),
      '{"name":"José"}',
    ],
    ['zTXt', pngWith(chunk('zTXt', concat(utf8(`${keyword}\0`), new Uint8Array(deflateSync(token))))), token],
    [
      'other texts beside it, even of an older badge',
      pngWith(chunk('tEXt', 'Software\0x'), iTXt('{}', 'openbadges'), iTXt(token)),
      token,
    ],
    [
      'the chunk after the pixels',
      concat(plainPng().slice(0, -12), iTXt(token), plainPng().slice(-12)),
      token,
    ],
  ])('carries %s', async (_, picture, text) => {
    expect(carrierOf(picture)?.kind).toBe('png')
    expect(await carrying(picture)).toEqual([text])
  })
})

describe('what is refused', () => {
  const whole = pngWith(iTXt(token))
  const changed = (at: number, ...bytes: readonly number[]): Bytes => {
    const copy = whole.slice()
    copy.set(bytes, at)
    return copy
  }
  const many = (count: number, one: Bytes) => concat(...Array.from({ length: count }, () => one))
  const bomb = deflateSync(new Uint8Array(carrierLimits.textBytes + 1))

  test.each<[what: string, picture: Bytes, fault: string, detail: string]>([
    ['no text at all', plainPng(), 'nothing_inside', 'no text openbadgecredential'],
    [
      'a badge of Open Badges 2',
      pngWith(iTXt('{"type":"Assertion"}', 'openbadges')),
      'nothing_inside',
      'an assertion of Open Badges 2 or older, which is no credential',
    ],
    [
      'a badge of Open Badges 1, an address',
      pngWith(chunk('tEXt', 'openbadges\0https://badges.example/1')),
      'nothing_inside',
      'an assertion of Open Badges 2 or older, which is no credential',
    ],
    [
      'a keyword in other letters',
      pngWith(iTXt(token, 'OpenBadgeCredential')),
      'nothing_inside',
      'no text openbadgecredential',
    ],
    [
      'a keyword that goes on',
      pngWith(iTXt(token, 'openbadgecredential2')),
      'nothing_inside',
      'no text openbadgecredential',
    ],
    ['the same credential twice', pngWith(iTXt(token), iTXt(token)), 'too_many_parts', 'two credentials'],
    [
      'two credentials in two forms',
      pngWith(chunk('tEXt', `${keyword}${token}`), packed(token)),
      'too_many_parts',
      'two credentials',
    ],
    [
      'a hundred texts',
      pngWith(many(100, chunk('tEXt', 'Comment\0x')), iTXt(token)),
      'too_many_parts',
      '101 texts',
    ],
    [
      'seventy thousand chunks',
      pngWith(many(70_000, chunk('teSt', ''))),
      'too_many_parts',
      'more than 65536 chunks',
    ],
    ['a changed letter', changed(afterHead + 40, 0x41), 'damaged', 'the checksum of iTXt'],
    ['a changed checksum of pixels', changed(whole.length - 13, 0), 'damaged', 'the checksum of IDAT'],
    [
      'a length of 4 GiB',
      changed(afterHead, 255, 255, 255, 255),
      'damaged',
      'a chunk that is longer than the picture',
    ],
    [
      'a length over the end',
      changed(afterHead, 0, 0, 255),
      'damaged',
      'a chunk that is longer than the picture',
    ],
    ['an end within a chunk', whole.slice(0, -5), 'damaged', 'it ends within a chunk'],
    ['no end', whole.slice(0, -12), 'damaged', 'no head, no pixels, no end, or more after it'],
    [
      'something after the end',
      concat(whole, iTXt(token)),
      'damaged',
      'no head, no pixels, no end, or more after it',
    ],
    [
      'another file after the end',
      concat(whole, utf8('PK\u0003\u0004')),
      'damaged',
      'it ends within a chunk',
    ],
    [
      'no head',
      concat(whole.slice(0, 8), whole.slice(afterHead)),
      'damaged',
      'no head, no pixels, no end, or more after it',
    ],
    [
      'two heads',
      pngWith(plainPng().slice(8, afterHead)),
      'damaged',
      'no head, no pixels, no end, or more after it',
    ],
    [
      'no pixels',
      concat(plainPng().slice(0, afterHead), iTXt(token), plainPng().slice(-12)),
      'damaged',
      'no head, no pixels, no end, or more after it',
    ],
    ['the signature alone', whole.slice(0, 8), 'damaged', 'no head, no pixels, no end, or more after it'],
    [
      'a chunk that nobody knows and everybody needs',
      pngWith(chunk('QUIT', '')),
      'damaged',
      'the unknown chunk QUIT',
    ],
    ['a chunk without a name', pngWith(chunk('a\0b1', '')), 'damaged', 'a chunk without a type'],
    [
      'text that is not UTF-8',
      pngWith(chunk('iTXt', concat(utf8(`${keyword}\0\0\0\0`), new Uint8Array([0xff])))),
      'damaged',
      'the text of iTXt',
    ],
    [
      'text that ends before it begins',
      pngWith(chunk('iTXt', `${keyword}\0\0en`)),
      'damaged',
      'the text of iTXt',
    ],
    [
      'an unknown compression',
      pngWith(chunk('iTXt', concat(utf8(`${keyword}\u0001\u0001\0\0`), new Uint8Array(deflateSync(token))))),
      'damaged',
      'the text of iTXt',
    ],
    [
      'a compression flag that is none',
      pngWith(chunk('iTXt', `${keyword}\u0002\0\0\0${token}`)),
      'damaged',
      'the text of iTXt',
    ],
    [
      'something after compressed text',
      pngWith(
        chunk('iTXt', concat(utf8(`${keyword}\u0001\0\0\0`), new Uint8Array(deflateSync(token)), utf8('x'))),
      ),
      'damaged',
      'the text of iTXt',
    ],
    [
      'compressed text that is cut',
      pngWith(
        chunk(
          'iTXt',
          concat(utf8(`${keyword}\u0001\0\0\0`), new Uint8Array(deflateSync(token).subarray(0, -1))),
        ),
      ),
      'damaged',
      'the text of iTXt',
    ],
    [
      'a bomb',
      pngWith(chunk('iTXt', concat(utf8(`${keyword}\u0001\0\0\0`), new Uint8Array(bomb)))),
      'bomb',
      'the text of iTXt',
    ],
    [
      'a bomb in zTXt',
      pngWith(chunk('zTXt', concat(utf8(`${keyword}\0`), new Uint8Array(bomb)))),
      'bomb',
      'the text of zTXt',
    ],
    [
      'a text larger than any certificate',
      pngWith(iTXt('x'.repeat(carrierLimits.textBytes + 1))),
      'too_large',
      `${carrierLimits.textBytes + 1} bytes of text`,
    ],
    [
      'a huge picture',
      pngWith(chunk('teSt', new Uint8Array(carrierLimits.fileBytes))),
      'too_large',
      `${carrierLimits.fileBytes + 12 + plainPng().length} bytes`,
    ],
  ])('%s', async (_, picture, fault, detail) => {
    expect(await carrying(picture)).toEqual({ ok: false, fault, detail })
  })

  test('a picture as large as may be is read to its end', async () => {
    const rest = carrierLimits.fileBytes - pngWith(iTXt(token)).length - 12
    const picture = pngWith(iTXt(token), chunk('teSt', new Uint8Array(rest)))
    expect(picture.length).toBe(carrierLimits.fileBytes)
    expect(await carrying(picture)).toEqual([token])
  })

  test('a text as large as may be is read', async () => {
    const text = 'x'.repeat(carrierLimits.textBytes)
    expect(await carrying(pngWith(iTXt(text)))).toEqual([text])
    expect(await carrying(pngWith(packed(text)))).toEqual([text])
  })
})

test('whatever is done to a picture, the reader answers; a changed byte is never taken', async () => {
  const whole = pngWith(iTXt(token), chunk('tEXt', 'Software\0x'))
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.nat(whole.length),
      async (at, difference, length) => {
        const changed = whole.slice()
        changed[at] = (changed[at] as number) ^ difference
        expect((await png.read(changed)).ok).toBe(false)
        expect((await png.read(whole.slice(0, length))).ok).toBe(length === whole.length)
      },
    ),
    { seed: 20260601, numRuns: 2000 },
  )
})
