import { describe, expect, test } from 'vitest'
import type { Explanation, Language } from '../../src/base/message.ts'
import {
  becauseCatalogue,
  checkNames,
  explainCheck,
  type Reason,
  reasonCatalogue,
  verdictNames,
} from '../../src/verify/reasons.ts'
import { anchorReasons } from '../../src/verify/reasons-anchor.ts'
import { judgingReasons } from '../../src/verify/reasons-judging.ts'
import { policyReasons } from '../../src/verify/reasons-policy.ts'
import { readingReasons } from '../../src/verify/reasons-reading.ts'
import { securingReasons } from '../../src/verify/reasons-securing.ts'
import { trustReasons } from '../../src/verify/reasons-trust.ts'
import {
  type Because,
  type Check,
  type CheckId,
  checkIds,
  fail,
  pass,
  skipped,
  unknown,
} from '../../src/verify/report.ts'

const languages: readonly Language[] = ['en', 'zh']
const rows = Object.entries(reasonCatalogue) as [Reason, Explanation][]
const because = Object.keys(becauseCatalogue) as Because[]
const placeholders = (words: readonly string[]): readonly string[] =>
  [...new Set(words.join(' ').match(/\{\w+\}/g))].toSorted()

describe('the catalogue of reasons', () => {
  test.each(rows)('%s says in both languages what is wrong and what to do', (reason, { en, zh }) => {
    expect(reason).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
    for (const words of [...en, ...zh]) {
      expect(words).not.toBe('')
      expect(words).toBe(words.trim())
    }
    for (const words of en) expect(words).toMatch(/^[A-Z][^\p{Script=Han}]*\.$/u)
    for (const words of zh) expect(words).toMatch(/\p{Script=Han}.*。$/u)
  })

  test.each(rows)('%s takes the detail or nothing, alike in both languages', (_, { en, zh }) => {
    expect(placeholders(zh)).toEqual(placeholders(en))
    expect([[], ['{detail}']]).toContainEqual(placeholders(en))
    expect([...en, ...zh].join('').replaceAll('{detail}', '')).not.toMatch(/[{}]/)
  })

  test('no two reasons say the same', () => {
    for (const language of languages) {
      expect(new Set(rows.map(([, words]) => words[language][0])).size).toBe(rows.length)
    }
  })

  test('is its six parts, of which none replaces a row of another', () => {
    const parts = [
      readingReasons,
      judgingReasons,
      securingReasons,
      anchorReasons,
      trustReasons,
      policyReasons,
    ].flatMap((part) => Object.keys(part))
    expect(rows.map(([reason]) => reason).toSorted()).toEqual(parts.toSorted())
  })
})

describe('the smaller tables', () => {
  const tables = { becauseCatalogue, checkNames, verdictNames }

  test.each(Object.entries(tables))('%s has different words for each row in both languages', (_, table) => {
    for (const language of languages) {
      const words = Object.values(table).map((row) => row[language])
      for (const text of words) expect(text.trim()).not.toBe('')
      for (const text of words) expect(/\p{Script=Han}/u.test(text)).toBe(language === 'zh')
      expect(new Set(words).size).toBe(words.length)
    }
  })

  test('checkNames names every check of a report', () => {
    expect(Object.keys(checkNames).toSorted()).toEqual([...checkIds].toSorted())
  })

  test('verdictNames says the verdicts', () => {
    expect(verdictNames).toEqual({
      valid: { en: 'valid', zh: '有效' },
      invalid: { en: 'invalid', zh: '无效' },
      undetermined: { en: 'undetermined', zh: '无法判定' },
    })
  })
})

describe('explaining a check', () => {
  const list = 'https://agency.example/status/1'

  test.each(languages)('nothing is said in %s of a check that passed', (language) => {
    expect(explainCheck(pass({ list }), language)).toBe('')
  })

  test.each(because)('a check that was skipped says why: %s', (why) => {
    for (const language of languages) {
      expect(explainCheck(skipped(why), language)).toBe(becauseCatalogue[why][language])
    }
  })

  test.each<[string, Check<CheckId>, Language, string]>([
    [
      'a failure',
      fail('signature_mismatch', 'the signature is not over this document'),
      'en',
      'The certificate was changed after it was signed, or the signature is of another. Do not accept it; ask the agency.',
    ],
    [
      'a failure',
      fail('signature_mismatch', 'the signature is not over this document'),
      'zh',
      '证书在签名后被改动，或签名来自别的文件。请勿采信，并联系机构。',
    ],
    [
      'something not found out',
      unknown('status_list_not_at_hand', list),
      'en',
      `Whether it was revoked could not be found out: the list ${list} is not at hand. Give the agency’s evidence.json with --evidence, or check with --online.`,
    ],
    [
      'something not found out',
      unknown('status_list_not_at_hand', list),
      'zh',
      `缺少状态列表 ${list}，无法得知是否被撤销。请用 --evidence 提供机构的 evidence.json，或用 --online 联网验证。`,
    ],
  ])('%s says what is wrong and what to do: case %#', (_, check, language, text) => {
    expect(explainCheck(check, language)).toBe(text)
  })

  test.each(rows)('%s repeats its detail as it stands, and fills every place', (reason, { en }) => {
    const detail = '{detail} $& $1'
    for (const language of languages) {
      for (const check of [fail(reason, detail), unknown(reason, detail)]) {
        const text = explainCheck(check, language)
        expect(text.includes(detail)).toBe(en.join('').includes('{detail}'))
        expect(text.replaceAll(detail, '')).not.toMatch(/[{}]/)
      }
    }
  })
})
