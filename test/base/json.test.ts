import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bytes, concat, utf8 } from '../../src/base/bytes.ts'
import { asList, isObject, type Json, type JsonFault, parseJson, textOf } from '../../src/base/json.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedBytes, sharedIsHere, sharedPath } from '../shared.ts'

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('strict JSON', () => {
  test.each<[text: string, value: Json]>([
    ['null', null],
    [' [1, -0.5, 1e2, true, false, null, "a"]\r\n\t', [1, -0.5, 100, true, false, null, 'a']],
    ['{"a":{"b":[{}]},"":""}', { a: { b: [{}] }, '': '' }],
    ['[9007199254740991,-9007199254740991]', [9007199254740991, -9007199254740991]],
    ['"\\ud83d\\ude00 \u{1f600} \\u0000 \\"\\\\ {[: "', '😀 😀 \u0000 "\\ {[: '],
    ['{"a":"a","b":["a","a"],"c":{"a":":"}}', { a: 'a', b: ['a', 'a'], c: { a: ':' } }],
    ['{"a" \n\t\r : 1, "value":"__proto__"}', { a: 1, value: '__proto__' }],
    ['["constructor","prototype"]', ['constructor', 'prototype']],
    ['{"toString":1,"hasOwnProperty":2}', { toString: 1, hasOwnProperty: 2 }],
    [nested(64), JSON.parse(nested(64))],
    ['"[[[["', '[[[['],
    ['"a\uFEFF"', 'a\uFEFF'],
    ['[0.1,1e-400]', [0.1, 0]],
  ])('%s is accepted as the value that it says', (text, value) => {
    expect(parseJson(text)).toEqual({ ok: true, value })
    expect(parseJson(utf8(text))).toEqual({ ok: true, value })
  })

  test('minus zero stays what it is', () => {
    expect(parseJson('-0')).toEqual({ ok: true, value: -0 })
  })

  test.each<[text: string, fault: JsonFault, detail: string]>([
    ['', 'not_json', 'the text does not follow the grammar of RFC 8259'],
    ['{"a":1,}', 'not_json', 'the text does not follow the grammar of RFC 8259'],
    ["{'a':1}", 'not_json', 'the text does not follow the grammar of RFC 8259'],
    ['[1] [2]', 'not_json', 'the text does not follow the grammar of RFC 8259'],
    ['NaN', 'not_json', 'the text does not follow the grammar of RFC 8259'],
    ['[01]', 'not_json', 'the text does not follow the grammar of RFC 8259'],
    ['"a', 'not_json', 'the text does not follow the grammar of RFC 8259'],
    ['"a\\', 'not_json', 'the text does not follow the grammar of RFC 8259'],
    [']]]][[[[', 'not_json', 'the text does not follow the grammar of RFC 8259'],
    ['\u00a0[]', 'not_json', 'the text does not follow the grammar of RFC 8259'],
    ['\uFEFF{}', 'byte_order_mark', 'the text starts with U+FEFF'],
    [nested(65), 'too_deep', 'more than 64 levels, at character 64'],
    [`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'too_deep', 'more than 64 levels, at character 320'],
    ['['.repeat(100_000), 'too_deep', 'more than 64 levels, at character 64'],
    ['{"a":1,"a":1}', 'duplicate_name', 'a name given twice, at character 7'],
    ['{"iss":1,"iss\\u0075er":2,"issuer":3}', 'duplicate_name', 'a name given twice, at character 25'],
    ['{"issuer":1,"iss\\u0075er":2}', 'duplicate_name', 'a name given twice, at character 12'],
    ['{"a/":1,"a\\/":2}', 'duplicate_name', 'a name given twice, at character 8'],
    ['[{"":1,"" :2}]', 'duplicate_name', 'a name given twice, at character 7'],
    ['{"a":{"b":1},"c":[{}],"a":2}', 'duplicate_name', 'a name given twice, at character 22'],
    ['{"__proto__":1}', 'forbidden_name', 'the name __proto__, at character 1'],
    ['{"a":[{"\\u005f_proto__":1}]}', 'forbidden_name', 'the name __proto__, at character 7'],
    ['{"constructor" :1}', 'forbidden_name', 'the name constructor, at character 1'],
    ['{"prototype":1}', 'forbidden_name', 'the name prototype, at character 1'],
    ['["\\ud800"]', 'lone_surrogate', 'a lone surrogate, at character 1'],
    ['["\\ude00\\ud83d"]', 'lone_surrogate', 'a lone surrogate, at character 1'],
    ['{"\\udfff":1}', 'lone_surrogate', 'a lone surrogate, at character 1'],
    ['9007199254740992', 'unsafe_number', 'a number beyond 2^53-1, at character 0'],
    ['[-9007199254740992]', 'unsafe_number', 'a number beyond 2^53-1, at character 1'],
    ['[9007199254740993.0]', 'unsafe_number', 'a number beyond 2^53-1, at character 1'],
    ['{"a":1e400}', 'unsafe_number', 'a number beyond 2^53-1, at character 5'],
    ['{"a":-1e400}', 'unsafe_number', 'a number beyond 2^53-1, at character 5'],
    ['[1,1E22]', 'unsafe_number', 'a number beyond 2^53-1, at character 3'],
  ])('JCS-2, trap 13 to trap 15, trap 17, trap 19: %s is refused', (text, fault, detail) => {
    expect(parseJson(text)).toEqual({ ok: false, fault, detail })
    expect(parseJson(utf8(text))).toMatchObject({ ok: false })
  })

  test.each<[what: string, bytes: number[]]>([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['Latin-1', [0x22, 0xe9, 0x22]],
    ['UTF-16 with its mark', [0xff, 0xfe, 0x5b, 0x00, 0x5d, 0x00]],
  ])('JCS-2, trap 15: %s is not UTF-8', (_what, bytes) => {
    expect(parseJson(Uint8Array.from(bytes))).toEqual({
      ok: false,
      fault: 'invalid_utf8',
      detail: 'the bytes are not UTF-8',
    })
  })

  test('JCS-2, trap 15: a byte order mark in bytes is refused as one, not stripped', () => {
    expect(parseJson(concat(Uint8Array.of(0xef, 0xbb, 0xbf), utf8('{}')))).toMatchObject({
      fault: 'byte_order_mark',
    })
  })

  test('a lone surrogate that stands unescaped in a string is refused', () => {
    expect(parseJson('["\ud800"]')).toMatchObject({ fault: 'lone_surrogate' })
  })

  test.each<[what: string, make: (bytes: number) => string]>([
    ['ASCII', (bytes) => `"${'a'.repeat(bytes - 2)}"`],
    ['two-byte letters', (bytes) => `"${'é'.repeat((bytes - 2) / 2)}"`],
    ['hanzi', (bytes) => `"  ${'证'.repeat(Math.floor((bytes - 4) / 3))}${' '.repeat((bytes - 4) % 3)}"`],
    ['surrogate pairs', (bytes) => `"  ${'😀'.repeat((bytes - 4) / 4)}"`],
  ])(
    'JCS-2, trap 19: 1 MiB of %s is read and not a byte more, whether text or bytes come in',
    (_what, make) => {
      const text = make(1_048_576)
      expect(utf8(text)).toHaveLength(1_048_576)
      const tooLarge = { ok: false, fault: 'too_large', detail: 'more than 1048576 bytes' }
      for (const form of [(t: string) => t, utf8]) {
        expect(parseJson(form(text)).ok).toBe(true)
        expect(parseJson(form(`${text} `))).toEqual(tooLarge)
      }
    },
  )

  test('limits of the caller take the place of the default ones', () => {
    expect(parseJson('[[]]', { maxDepth: 1 })).toMatchObject({ fault: 'too_deep' })
    expect(parseJson('[[]]', { maxDepth: 2 })).toMatchObject({ ok: true })
    expect(parseJson('[ ]', { maxBytes: 2 })).toMatchObject({ fault: 'too_large' })
    expect(parseJson('[]', { maxBytes: 2 })).toMatchObject({ ok: true })
  })

  test('any value without forbidden names comes back as it was written', () => {
    const string = fc.string({ unit: 'grapheme', maxLength: 12 })
    const number = fc.oneof(
      fc.maxSafeInteger(),
      fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e15, max: 1e15 }),
    )
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        string,
        number,
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(
          string.filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name)),
          tie('value'),
          { maxKeys: 5 },
        ),
      ),
    }))
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (json, space) => {
        const text = JSON.stringify(json, null, space)
        expect(parseJson(utf8(text))).toEqual({ ok: true, value: JSON.parse(text) })
      }),
      { seed: 1 },
    )
  })

  test('no bytes and no text make it throw', () => {
    const pieces = fc.array(
      fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', ' ', '1', '-', 'e', 'a', '\ud800'),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), pieces, (bytes, parts) => {
        expect(typeof parseJson(bytes as Bytes).ok).toBe('boolean')
        expect(typeof parseJson(parts.join('')).ok).toBe('boolean')
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})

describe('values of JSON', () => {
  test.each<[value: unknown, is: boolean]>([
    [{}, true],
    [[], false],
    [null, false],
    ['{}', false],
    [undefined, false],
  ])('%j is an object: %s', (value, is) => {
    expect(isObject(value)).toBe(is)
  })

  test.each<[value: Json | undefined, list: readonly Json[]]>([
    [undefined, []],
    [null, [null]],
    ['a', ['a']],
    [
      ['a', 1],
      ['a', 1],
    ],
    [{}, [{}]],
  ])('%j as a list is %j', (value, list) => {
    expect(asList(value)).toEqual(list)
  })

  test.each<[value: Json | undefined, text: string]>([
    ['a', 'a'],
    [undefined, 'nothing'],
    [null, 'null'],
    [{ toString: 1, valueOf: 'x', toJSON: 2 }, '{"toString":1,"valueOf":"x","toJSON":2}'],
  ])('%j in a detail reads %s', (value, text) => {
    expect(textOf(value)).toBe(text)
  })
})

/** Where JSONTestSuite says yes, or leaves the choice, and we say no. */
const refusedByPolicy: Readonly<Record<string, JsonFault>> = {
  'y_number.json': 'unsafe_number',
  'y_number_real_capital_e.json': 'unsafe_number',
  'y_number_real_exponent.json': 'unsafe_number',
  'y_number_real_fraction_exponent.json': 'unsafe_number',
  'y_object_duplicated_key.json': 'duplicate_name',
  'y_object_duplicated_key_and_value.json': 'duplicate_name',
  'y_object_extreme_numbers.json': 'unsafe_number',
  'i_number_huge_exp.json': 'unsafe_number',
  'i_number_neg_int_huge_exp.json': 'unsafe_number',
  'i_number_pos_double_huge_exp.json': 'unsafe_number',
  'i_number_real_neg_overflow.json': 'unsafe_number',
  'i_number_real_pos_overflow.json': 'unsafe_number',
  'i_number_too_big_neg_int.json': 'unsafe_number',
  'i_number_too_big_pos_int.json': 'unsafe_number',
  'i_number_very_big_negative_int.json': 'unsafe_number',
  'i_object_key_lone_2nd_surrogate.json': 'lone_surrogate',
  'i_string_1st_surrogate_but_2nd_missing.json': 'lone_surrogate',
  'i_string_1st_valid_surrogate_2nd_invalid.json': 'lone_surrogate',
  'i_string_UTF-16LE_with_BOM.json': 'invalid_utf8',
  'i_string_UTF-8_invalid_sequence.json': 'invalid_utf8',
  'i_string_UTF8_surrogate_U+D800.json': 'invalid_utf8',
  'i_string_incomplete_surrogate_and_escape_valid.json': 'lone_surrogate',
  'i_string_incomplete_surrogate_pair.json': 'lone_surrogate',
  'i_string_incomplete_surrogates_escape_valid.json': 'lone_surrogate',
  'i_string_invalid_lonely_surrogate.json': 'lone_surrogate',
  'i_string_invalid_surrogate.json': 'lone_surrogate',
  'i_string_invalid_utf-8.json': 'invalid_utf8',
  'i_string_inverted_surrogates_U+1D11E.json': 'lone_surrogate',
  'i_string_iso_latin_1.json': 'invalid_utf8',
  'i_string_lone_second_surrogate.json': 'lone_surrogate',
  'i_string_lone_utf8_continuation_byte.json': 'invalid_utf8',
  'i_string_not_in_unicode_range.json': 'invalid_utf8',
  'i_string_overlong_sequence_2_bytes.json': 'invalid_utf8',
  'i_string_overlong_sequence_6_bytes.json': 'invalid_utf8',
  'i_string_overlong_sequence_6_bytes_null.json': 'invalid_utf8',
  'i_string_truncated-utf-8.json': 'invalid_utf8',
  'i_string_utf16BE_no_BOM.json': 'invalid_utf8',
  'i_string_utf16LE_no_BOM.json': 'invalid_utf8',
  'i_structure_500_nested_arrays.json': 'too_deep',
  'i_structure_UTF-8_BOM_empty_object.json': 'byte_order_mark',
  'number_-9223372036854775808.json': 'unsafe_number',
  'number_-9223372036854775809.json': 'unsafe_number',
  'number_10000000000000000999.json': 'unsafe_number',
  'number_9223372036854775807.json': 'unsafe_number',
  'number_9223372036854775808.json': 'unsafe_number',
  'object_same_key_different_values.json': 'duplicate_name',
  'object_same_key_same_value.json': 'duplicate_name',
  'object_same_key_unclear_values.json': 'duplicate_name',
  'string_1_escaped_invalid_codepoint.json': 'lone_surrogate',
  'string_1_invalid_codepoint.json': 'invalid_utf8',
  'string_2_escaped_invalid_codepoints.json': 'lone_surrogate',
  'string_2_invalid_codepoints.json': 'invalid_utf8',
  'string_3_escaped_invalid_codepoints.json': 'lone_surrogate',
  'string_3_invalid_codepoints.json': 'invalid_utf8',
}

/** Refused before the grammar is asked. */
const refusedEarlier: Readonly<Record<string, JsonFault>> = {
  'n_array_a_invalid_utf8.json': 'invalid_utf8',
  'n_array_invalid_utf8.json': 'invalid_utf8',
  'n_number_invalid-utf-8-in-bigger-int.json': 'invalid_utf8',
  'n_number_invalid-utf-8-in-exponent.json': 'invalid_utf8',
  'n_number_invalid-utf-8-in-int.json': 'invalid_utf8',
  'n_number_real_with_invalid_utf8_after_e.json': 'invalid_utf8',
  'n_object_lone_continuation_byte_in_key_and_trailing_comma.json': 'invalid_utf8',
  'n_string_invalid-utf-8-in-escape.json': 'invalid_utf8',
  'n_string_invalid_utf8_after_escape.json': 'invalid_utf8',
  'n_structure_100000_opening_arrays.json': 'too_deep',
  'n_structure_UTF8_BOM_no_data.json': 'byte_order_mark',
  'n_structure_incomplete_UTF8_BOM.json': 'invalid_utf8',
  'n_structure_lone-invalid-utf-8.json': 'invalid_utf8',
  'n_structure_open_array_object.json': 'too_deep',
  'n_structure_single_eacute.json': 'invalid_utf8',
}

describe.skipIf(!sharedIsHere)('JSONTestSuite', () => {
  const answers = knownAnswers('RFC 8259 (JSONTestSuite)')
  const files = (folder: string): readonly string[] =>
    sharedIsHere ? readdirSync(sharedPath(`vectors/json/${folder}`)) : []
  const rows = ['test_parsing', 'test_transform'].flatMap((folder) =>
    files(folder).map((file): [file: string, folder: string] => [file, folder]),
  )

  test('all of its files are here', () => {
    expect(rows).toHaveLength(318 + 22)
    const names = new Set(rows.map(([file]) => file))
    expect(Object.keys({ ...refusedByPolicy, ...refusedEarlier }).filter((file) => !names.has(file))).toEqual(
      [],
    )
  })

  test.each(rows)('%s is judged as the suite and our policy say', (file, folder) => {
    const bytes = new Uint8Array(sharedBytes(`vectors/json/${folder}/${file}`))
    const result = parseJson(bytes)
    const fault = file.startsWith('n_') ? (refusedEarlier[file] ?? 'not_json') : refusedByPolicy[file]
    expect(result.ok ? undefined : result.fault).toBe(fault)
    if (result.ok) expect(result.value).toEqual(JSON.parse(new TextDecoder().decode(bytes)))
    const path = `json/${folder}/${file}`
    if (/^[yn]_/.test(file) && result.ok === file.startsWith('y_')) answers.holds(path)
    else if (file.startsWith('y_')) answers.differs(path, '', `refused by policy: ${fault}`)
    else answers.notApplicable(path, '', 'the suite leaves the answer open')
  })
})
