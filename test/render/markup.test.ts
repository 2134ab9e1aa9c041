import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escaped, pageEnd, pageHead, tableStyle } from '../../src/render/markup.ts'

describe('text in markup', () => {
  test.each([
    [`<img src=x onerror="alert('1')">`, '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;'],
    ['&lt;', '&amp;lt;'],
    ['</td></table>', '&lt;/td&gt;&lt;/table&gt;'],
    ['\ud83d alone', '\ufffd alone'],
    ['\ufffe\uffff', '\ufffd\ufffd'],
    ['\u061c\u2066a\u2069', '\\u{61c}\\u{2066}a\\u{2069}'],
    ['a\t\r\nb', 'a\t\r\nb'],
    ['阿卜杜拉·买买提 䶮 \u{20bb7}', '阿卜杜拉·买买提 䶮 \u{20bb7}'],
    ['', ''],
  ])('%j is written %j', (text, markup) => {
    expect(escaped(text)).toBe(markup)
  })

  test('holds no character that opens or closes anything, and reads back as it was', () => {
    const characters: Readonly<Record<string, string>> = {
      '&amp;': '&',
      '&lt;': '<',
      '&gt;': '>',
      '&quot;': '"',
      '&#39;': "'",
    }
    const part = fc.constantFrom('<', '>', '&', '"', "'", ';', '&lt;', 'a', '王', '\u{20bb7}')
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('')
        const markup = escaped(text)
        expect(markup).not.toMatch(/[<>"']/)
        expect(markup.replace(/&(?:amp|lt|gt|quot|#39);/g, (one) => characters[one] as string)).toBe(text)
      }),
      { seed: 20260601 },
    )
  })
})

test('a page loads nothing, runs nothing, and cannot be left by its title', () => {
  const page = `${pageHead('</title><script>', tableStyle)}${pageEnd}`
  expect(page).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
  )
  expect(page).toContain('<title>&lt;/title&gt;&lt;script&gt;</title>')
  expect(page).not.toMatch(/<script|<link|<base|@import|url\(|https?:/)
  expect(page.startsWith('<!doctype html>\n<html lang="zh-Hans">\n')).toBe(true)
  expect(page.endsWith('</body>\n</html>\n')).toBe(true)
})
