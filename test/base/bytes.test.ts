import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Bytes,
  concat,
  equalBytes,
  fromBase58,
  fromBase64url,
  fromHex,
  fromMultibase,
  toBase58,
  toBase64url,
  toHex,
  utf8,
  utf8Text,
} from '../../src/base/bytes.ts'

type Decoder = (text: string) => Bytes | null

const list = (bytes: Bytes | null): readonly number[] | null => (bytes === null ? null : [...bytes])

describe('text forms of bytes', () => {
  test.each<[name: string, decode: Decoder, text: string, bytes: readonly number[]]>([
    ['hex', fromHex, '', []],
    ['hex', fromHex, '00ff1A', [0, 255, 26]],
    ['base58', fromBase58, '', []],
    ['base58', fromBase58, '1', [0]],
    ['base58', fromBase58, '112', [0, 0, 1]],
    ['base58', fromBase58, '2NEpo7TZRRrLZSi2U', [...utf8('Hello World!')]],
    ['base64url', fromBase64url, '', []],
    ['base64url', fromBase64url, '-_8', [251, 255]],
    ['base64url', fromBase64url, 'AAEC', [0, 1, 2]],
    ['multibase', fromMultibase, 'z2NEpo7TZRRrLZSi2U', [...utf8('Hello World!')]],
    ['multibase', fromMultibase, 'u-_8', [251, 255]],
    ['multibase', fromMultibase, 'z', []],
    ['multibase', fromMultibase, 'u', []],
  ])('%s reads %s (%s)', (_name, decode, text, bytes) => {
    expect(list(decode(text))).toEqual(bytes)
  })

  test.each<[name: string, decode: Decoder, what: string, text: string]>([
    ['hex', fromHex, 'half a byte', 'abc'],
    ['hex', fromHex, 'another letter', '0g'],
    ['hex', fromHex, 'white space', '00 ff'],
    ['hex', fromHex, 'a prefix', '0x00'],
    ...['0', 'O', 'I', 'l', '+', ' ', '\n', 'é', '１'].map((letter): [string, Decoder, string, string] => [
      'base58',
      fromBase58,
      `the letter ${JSON.stringify(letter)}`,
      `2NEpo7${letter}TZRRrLZSi2U`,
    ]),
    ['base58', fromBase58, 'a line break at the end', '2NEpo7TZRRrLZSi2U\n'],
    ['base58', fromBase58, 'more than 256 characters', '1'.repeat(257)],
    ['base64url', fromBase64url, 'padding', 'AA=='],
    ['base64url', fromBase64url, 'the other alphabet', '+/8'],
    ['base64url', fromBase64url, 'trailing bits of two letters', 'AB'],
    ['base64url', fromBase64url, 'trailing bits of three letters', 'AAB'],
    ['base64url', fromBase64url, 'one letter', 'A'],
    ['base64url', fromBase64url, 'five letters', 'AAAAA'],
    ['base64url', fromBase64url, 'white space', 'AA EC'],
    ['base64url', fromBase64url, 'a line break at the end', 'AAEC\n'],
    ['multibase', fromMultibase, 'no text', ''],
    ['multibase', fromMultibase, 'base58 of another alphabet', 'Z2NEpo7TZRRrLZSi2U'],
    ['multibase', fromMultibase, 'base64url with padding', 'UAA=='],
    ['multibase', fromMultibase, 'base16', 'f00ff'],
    ['multibase', fromMultibase, 'a wrong letter behind z', 'z0'],
    ['multibase', fromMultibase, 'a wrong letter behind u', 'u+'],
  ])('%s refuses %s', (_name, decode, _what, text) => {
    expect(decode(text)).toBeNull()
  })

  test('256 characters of base58 are still read', () => {
    expect(fromBase58('1'.repeat(256))).toEqual(new Uint8Array(256))
  })

  test.each<[name: string, encode: (bytes: Bytes) => string, decode: Decoder]>([
    ['hex', toHex, fromHex],
    ['base58', toBase58, fromBase58],
    ['base64url', toBase64url, fromBase64url],
    ['base58 multibase', (bytes) => `z${toBase58(bytes)}`, fromMultibase],
    ['base64url multibase', (bytes) => `u${toBase64url(bytes)}`, fromMultibase],
  ])('%s gives any bytes back, and no other text says the same', (_name, encode, decode) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.string({ maxLength: 8 }), (bytes, text) => {
        expect(list(decode(encode(bytes as Bytes)))).toEqual([...bytes])
        const decoded = decode(text)
        if (decoded !== null) expect(encode(decoded).toLowerCase()).toBe(text.toLowerCase())
      }),
      { seed: 1 },
    )
  })

  test('leading zero bytes stand as leading ones in base58', () => {
    expect(toBase58(Uint8Array.of(0, 0, 1))).toBe('112')
  })
})

describe('UTF-8', () => {
  test('text goes to bytes and back, its byte order mark included', () => {
    expect([...utf8('é证😀')]).toEqual([0xc3, 0xa9, 0xe8, 0xaf, 0x81, 0xf0, 0x9f, 0x98, 0x80])
    expect(utf8Text(utf8('\uFEFFé证😀'))).toBe('\uFEFFé证😀')
  })

  test('bytes that are not UTF-8 have no text', () => {
    expect(utf8Text(Uint8Array.of(0xc3))).toBeNull()
    expect(utf8Text(Uint8Array.of(0xff))).toBeNull()
  })
})

describe('bytes', () => {
  test('parts become one', () => {
    expect(list(concat())).toEqual([])
    expect(list(concat(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3)))).toEqual([1, 2, 3])
  })

  test.each<[a: number[], b: number[], equal: boolean]>([
    [[], [], true],
    [[1, 2], [1, 2], true],
    [[1, 2], [1, 3], false],
    [[1, 2], [1], false],
    [[1], [1, 2], false],
  ])('%j and %j are equal: %s', (a, b, equal) => {
    expect(equalBytes(Uint8Array.from(a), Uint8Array.from(b))).toBe(equal)
  })
})
