import { base58 } from '@scure/base'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBase58, encodeBase58 } from '../../src/base/base58.ts'
import { fromHex, toHex } from '../../src/base/bytes.ts'

describe('base58btc', () => {
  // draft-msporny-base58-03, section 5.
  test.each([
    ['48656c6c6f20576f726c6421', '2NEpo7TZRRrLZSi2U'],
    [
      '54686520717569636b2062726f776e20666f78206a756d7073206f76657220746865206c617a7920646f672e',
      'USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z',
    ],
    ['0000287fb4cd', '11233QC4'],
    ['', ''],
    ['00', '1'],
    ['000000', '111'],
  ])('writes %s as %s and reads it back', (hex, text) => {
    expect(encodeBase58(fromHex(hex) as Uint8Array)).toBe(text)
    expect(toHex(decodeBase58(text) as Uint8Array<ArrayBuffer>)).toBe(hex)
  })

  test.each(['0', 'O', 'I', 'l', 'a b', 'é', '𠮷', '1 ', '\u0000'])('refuses %j', (text) => {
    expect(decodeBase58(text)).toBeNull()
  })

  test('says what another implementation says, of any bytes', () => {
    const zeros = fc.integer({ min: 0, max: 5 })
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 140 })
    fc.assert(
      fc.property(zeros, bytes, (count, rest) => {
        const whole = Uint8Array.from([...new Uint8Array(count), ...rest])
        const text = base58.encode(whole)
        expect(encodeBase58(whole)).toBe(text)
        expect(decodeBase58(text)).toEqual(whole)
      }),
      { numRuns: 3000 },
    )
  })
})
