import { describe, expect, test } from 'vitest'
import { type Detail, type Explanation, explain, type Language } from '../../src/base/message.ts'

const explanation: Explanation = {
  en: ['{path} has {bytes} bytes ({kinds}, {whole}).', 'Split {path}.'],
  zh: ['{path} 有 {bytes} 字节。', '请拆分。'],
}
const alone: Explanation = { en: ['Nothing is wrong.', ''], zh: ['没有问题。', ''] }

describe('explanations', () => {
  test.each<[Explanation, Language, Detail | undefined, string]>([
    [
      explanation,
      'en',
      { path: 'a.csv', bytes: 7, kinds: ['x', 'y'], whole: false },
      'a.csv has 7 bytes (x, y, false). Split a.csv.',
    ],
    [explanation, 'zh', { path: 'a.csv', bytes: 7 }, 'a.csv 有 7 字节。请拆分。'],
    [explanation, 'en', {}, '? has ? bytes (?, ?). Split ?.'],
    [explanation, 'zh', undefined, '? 有 ? 字节。请拆分。'],
    [explanation, 'zh', { path: '{bytes}', bytes: '$&' }, '{bytes} 有 $& 字节。请拆分。'],
    [explanation, 'zh', { path: '', bytes: 0 }, ' 有 0 字节。请拆分。'],
    [alone, 'en', {}, 'Nothing is wrong.'],
    [alone, 'zh', {}, '没有问题。'],
  ])('case %# reads as one or two sentences with the detail filled in', (words, language, detail, text) => {
    expect(explain(words, language, detail)).toBe(text)
  })
})
