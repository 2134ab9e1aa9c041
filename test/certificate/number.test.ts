import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { grades } from '../../src/certificate/grade.ts'
import {
  composeNumber,
  isWellFormedNumber,
  mod37Check,
  type NumberParts,
  regionDigits,
} from '../../src/certificate/number.ts'
import { starterCatalogue } from '../../src/certificate/starter-catalogue.ts'
import { day } from '../certificates.ts'

const rule = starterCatalogue((path) => `urn:x:${path}`).certificateNumber
const parts: NumberParts = {
  awardedOn: day('2026-01-25'),
  agencyCode: '0001',
  region: 'CN-BJ',
  occupationCode: '2-02-38-01',
  grade: grades.junior,
  serial: 17,
}
const characters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

describe('the check character of ISO 7064 MOD 37,36', () => {
  test.each([
    ['A12425GABC1234002', 'M'], // the Global Release Identifier's own example
    ['PT260001113801100000' + '17', 'G'],
    ['PT2600011138033000000' + '4', 'D'],
    ['PT2600011138082000000' + '9', 'U'],
  ])('of %s is %s', (text, check) => {
    expect(mod37Check(text)).toBe(check)
  })
})

describe('a number', () => {
  test.each<[change: Partial<NumberParts>, number: string]>([
    [{}, 'PT26-0001-11-3801-1-0000017-G'],
    [{ occupationCode: '2-02-38-03', grade: grades.senior, serial: 4 }, 'PT26-0001-11-3803-3-0000004-D'],
    [
      { occupationCode: '2-02-38-08', grade: grades.intermediate, serial: 9 },
      'PT26-0001-11-3808-2-0000009-U',
    ],
    [
      { region: 'CN-MO', serial: 9_999_999 },
      `PT26-0001-82-3801-1-9999999-${mod37Check('PT2600018238011' + '9999999')}`,
    ],
    [{ region: 'US-CA' }, `PT26-0001-00-3801-1-0000017-${mod37Check('PT260001003801100000' + '17')}`],
    [
      { awardedOn: day('2031-12-31') },
      `PT31-0001-11-3801-1-0000017-${mod37Check('PT310001113801100000' + '17')}`,
    ],
    [{ agencyCode: 'BJ0A' }, `PT26-BJ0A-11-3801-1-0000017-${mod37Check('PT26BJ0A113801100000' + '17')}`],
  ])('of %j is %s, and well formed', (change, number) => {
    const composed = composeNumber({ ...parts, ...change })
    expect(composed).toBe(number)
    expect(isWellFormedNumber(composed, rule)).toBe(true)
  })

  test('beyond the last serial does not pass for a well formed one', () => {
    expect(isWellFormedNumber(composeNumber({ ...parts, serial: 10_000_000 }), rule)).toBe(false)
  })

  test('never has a run of digits that a scanner takes for an ID number', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(regionDigits)),
        fc.integer({ min: 1, max: 9_999_999 }),
        fc.constantFrom(...Object.values(grades)),
        (region, serial, grade) => {
          const composed = composeNumber({ ...parts, region, serial, grade })
          expect(isWellFormedNumber(composed, rule)).toBe(true)
          expect(composed).not.toMatch(/\d{8}/)
        },
      ),
    )
  })

  test('with any one character changed is not well formed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_999_999 }),
        fc.nat(28),
        fc.constantFrom(...characters, '-', 'z', 'o', '０', '_'),
        (serial, at, character) => {
          const composed = composeNumber({ ...parts, serial })
          fc.pre(composed[at] !== character)
          const changed = composed.slice(0, at) + character + composed.slice(at + 1)
          expect(isWellFormedNumber(changed, rule)).toBe(false)
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('is caught by its check alone where the pattern lets everything pass', () => {
    const open = { pattern: '^.+$', check: 'iso7064-mod37-36' } as const
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 30 }),
        fc.nat(),
        fc.constantFrom(...characters, ...characters.toLowerCase(), '/', '号', '𠮷', ' '),
        (body, place, character) => {
          const whole = body + mod37Check(body)
          expect(isWellFormedNumber(whole, open)).toBe(true)
          const at = place % whole.length
          fc.pre(whole[at] !== character)
          expect(isWellFormedNumber(whole.slice(0, at) + character + whole.slice(at + 1), open)).toBe(false)
        },
      ),
      { numRuns: 2000 },
    )
  })

  test.each([
    '',
    '-',
    'PT26-0001-11-3801-1-0000017',
    'PT26-0001-11-3801-1-0000017-G\n',
    'PT26-0001-11-3801-4-0000017-G',
    'pt26-0001-11-3801-1-0000017-G',
  ])('is not %j', (number) => {
    expect(isWellFormedNumber(number, rule)).toBe(false)
  })

  test("of an agency's own pattern needs no check where the catalogue asks for none", () => {
    const own = { pattern: '^京\\d{4}$', check: 'none' } as const
    expect(isWellFormedNumber('京0017', own)).toBe(true)
    expect(isWellFormedNumber('京17', own)).toBe(false)
  })
})

describe('regions', () => {
  test('have two digits each, none twice, and are the provinces of an ID number', () => {
    const digits = Object.values(regionDigits)
    expect(digits).toHaveLength(34)
    expect(new Set(digits).size).toBe(34)
    expect(digits.every((two) => /^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])$/.test(two))).toBe(
      true,
    )
  })
})
