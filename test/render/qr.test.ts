import fc from 'fast-check'
import jsqrModule from 'jsqr'
import { encode } from 'uqr'
import { describe, expect, test } from 'vitest'
import { type QrCode, qrCode, qrSvg, quietZone } from '../../src/render/qr.ts'

// The package is CommonJS: the function stands under `default` of what is imported.
const jsqr = jsqrModule as unknown as typeof jsqrModule.default

const modules = ({ size, runs }: QrCode): readonly (readonly boolean[])[] => {
  const dark = Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  for (const [x, y, length] of runs) dark[y]?.fill(true, x, x + length)
  return dark
}

/** Read by another library, at three pixels a module. */
function readBack(code: QrCode): string | undefined {
  const scale = 3
  const side = (code.size + 2 * quietZone) * scale
  const rgba = new Uint8ClampedArray(side * side * 4).fill(255)
  for (const [y, row] of modules(code).entries()) {
    for (const [x, isDark] of row.entries()) {
      for (let i = 0; isDark && i < scale * scale; i++) {
        const at =
          ((y + quietZone) * scale + Math.floor(i / scale)) * side + (x + quietZone) * scale + (i % scale)
        rgba.set([0, 0, 0], at * 4)
      }
    }
  }
  return jsqr(rgba, side, side)?.data
}

describe('a code', () => {
  test('is one of the eight that the library makes of the text', () => {
    const text = 'GC1:HELLO WORLD 0123456789'
    const eight = Array.from(
      { length: 8 },
      (_, maskPattern) => encode(text, { ecc: 'M', maskPattern, boostEcc: false, border: 0 }).data,
    )
    expect(eight).toContainEqual(modules(qrCode(text)))
  })

  test('is read back by another library, whatever it says', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'ABCXYZ0189 $%*+-./:'), minLength: 1, maxLength: 700 }),
      fc.string({ unit: fc.constantFrom(...'abcé/#=&'), minLength: 1, maxLength: 200 }),
    )
    fc.assert(
      fc.property(text, (value) => readBack(qrCode(value)) === value),
      { numRuns: 40 },
    )
  })

  test('bears less damage where it would grow too fine', () => {
    const text = 'A'.repeat(900)
    expect(qrCode(text).size).toBeLessThan(encode(text, { ecc: 'M', border: 0 }).size)
    expect(qrCode('A').size).toBe(21)
  })

  test('as a picture has its quiet zone and loads nothing', () => {
    expect(qrSvg('A')).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 29 29" /)
    expect(qrSvg('A')).toContain('translate(4 4)')
  })

  test('longer than any is refused', () => {
    expect(() => qrCode('x'.repeat(2954))).toThrow(expect.objectContaining({ code: 'render.code_too_long' }))
    expect(qrCode('x'.repeat(2953)).size).toBe(177)
  })
})
