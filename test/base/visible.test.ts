import { describe, expect, test } from 'vitest'
import { visible, visibleParts } from '../../src/base/visible.ts'

describe('what cannot be seen is shown', () => {
  test.each([
    ['a control', 0x1b],
    ['a soft hyphen', 0xad],
    ['a joiner of marks', 0x34f],
    ['a mark of Arabic', 0x61c],
    ['a filler of Korean', 0x3164],
    ['a separator of Mongolian', 0x180e],
    ['a zero-width space', 0x200b],
    ['an override', 0x202e],
    ['an isolate', 0x2067],
    ['a deprecated format', 0x206a],
    ['a blank of Braille', 0x2800],
    ['a selector of a variant', 0xfe0f],
    ['an annotation', 0xfff9],
    ['a tag', 0xe0041],
    ['a selector of an ideographic variant', 0xe0100],
  ])('%s', (_what, code) => {
    const character = String.fromCodePoint(code)
    expect(visible(`王${character}明`)).toBe(`王\\u{${code.toString(16)}}明`)
    expect(visibleParts(`王${character}明`)).toEqual([
      { text: '王' },
      { text: character, odd: 'hidden' },
      { text: '明' },
    ])
  })

  test('and what can be seen stays as it is', () => {
    const text = '张　三·İpek Nguyễn O’Neil 王𠮷 (A1), é✓'
    expect(visible(text)).toBe(text)
    expect(visibleParts(text)).toEqual([{ text }])
  })
})

test('marks that would grow over other lines are shown one by one', () => {
  const mark = '\u0301'
  expect(visibleParts(`e${mark.repeat(7)}a`)).toEqual([
    { text: `e${mark.repeat(5)}` },
    { text: mark, odd: 'stacked' },
    { text: mark, odd: 'stacked' },
    { text: 'a' },
  ])
})
