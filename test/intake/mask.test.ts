import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskIdNumber, maskPersonal } from '../../src/intake/mask.ts'

describe('masking', () => {
  test.each([
    ['11000019900307857X', '110000********857X'],
    ['110000900307701', '110000*****7701'],
    ['E12345678', 'E1*****78'],
    ['H123456', 'H1***56'],
    ['123', '***'],
    ['', ''],
  ])('the number %j becomes %j', (number, masked) => {
    expect(maskIdNumber(number)).toBe(masked)
  })

  test.each([
    ['张三 11000019900307857x 合格', '张三 110000********857x 合格'],
    ['１１００００１９９００３０７８５７Ｘ', '110000********857X'],
    ['110000 19900307 857X', '110000********857X'],
    ['110000\u200b19900307857X', '110000********857X'],
    ['11000019900307857', '110000*******7857'],
    ['1.10000199003078E+17', '1.1****E+17'],
    ['PT26-0001-11-3801-1-0000017-G on 2026-01-10', 'PT26-0001-11-3801-1-0000017-G on 2026-01-10'],
  ])('the text %j becomes %j', (text, masked) => {
    expect(maskPersonal(text)).toBe(masked)
  })

  test('numbers that look like nothing are masked where they are known', () => {
    expect(maskPersonal('E12345678, A1', ['E12345678', ''])).toBe('E1*****78, A1')
  })

  test('no text keeps fifteen digits in a row', () => {
    const digit = fc.constantFrom(...'0123456789０１２３４５６７８９xX \u200b,a张')
    fc.assert(
      fc.property(fc.string({ unit: digit, maxLength: 80 }), (text) => {
        expect(maskPersonal(text)).not.toMatch(/\p{Nd}{15}|\p{Nd}{14}[\p{Nd}Xx]/u)
      }),
    )
  })
})
