import { expect, test } from 'vitest'
import { srgbProfile } from '../../src/render/srgb-profile.ts'

const profile = srgbProfile()
const view = new DataView(profile.buffer)
const text = (at: number, length = 4) => String.fromCharCode(...profile.subarray(at, at + length))
const tags = Array.from({ length: view.getUint32(128) }, (_, i) => {
  const at = 132 + i * 12
  return { name: text(at), start: view.getUint32(at + 4), length: view.getUint32(at + 8) }
})
const fixed = (at: number) => view.getInt32(at) / 65_536

test('the profile is one of a display, as long as it says, with all tags that such a one has to have', () => {
  expect(view.getUint32(0)).toBe(profile.length)
  expect([text(12), text(16), text(20), text(36)]).toEqual(['mntr', 'RGB ', 'XYZ ', 'acsp'])
  expect(tags.map(({ name }) => name)).toEqual('desc cprt wtpt rXYZ gXYZ bXYZ chad rTRC gTRC bTRC'.split(' '))
  for (const { start, length } of tags) {
    expect(start % 4).toBe(0)
    expect(start + length).toBeLessThanOrEqual(profile.length)
  }
})

test('red, green and blue together are white', () => {
  const sum = [0, 1, 2].map((i) =>
    tags
      .filter(({ name }) => name.endsWith('XYZ'))
      .reduce((all, { start }) => all + fixed(start + 8 + i * 4), 0),
  )
  for (const [i, value] of [0.9642, 1, 0.8249].entries()) expect(sum[i]).toBeCloseTo(value, 3)
})

test('the curve is that of sRGB: half of the scale is 21.4 % of the light', () => {
  const { start } = tags.find(({ name }) => name === 'rTRC') as (typeof tags)[number]
  const [g, a, b] = [12, 16, 20].map((at) => fixed(start + at)) as [number, number, number]
  expect((a * 0.5 + b) ** g).toBeCloseTo(0.21404, 4)
})
