import { describe, expect, test } from 'vitest'
import { hasCode } from '../../src/base/coded-error.ts'
import { CertificateError, type ErrorCode, errorCatalogue } from '../../src/base/errors.ts'
import type { Explanation } from '../../src/base/message.ts'

const rows = Object.entries(errorCatalogue) as [ErrorCode, Explanation][]
const placeholders = (words: readonly string[]): readonly string[] =>
  [...new Set(words.join(' ').match(/\{\w+\}/g))].toSorted()

describe('the catalogue of errors', () => {
  test.each(rows)('%s has words in both languages that take the same detail', (code, { en, zh }) => {
    expect(code).toMatch(/^[a-z]+\.[a-z_]+$/)
    for (const words of [...en, ...zh]) expect(words.trim()).not.toBe('')
    expect(placeholders(zh)).toEqual(placeholders(en))
    expect([...en, ...zh].join('').replaceAll(/\{\w+\}/g, '')).not.toMatch(/[{}]/)
    expect(en.join('')).not.toMatch(/\p{Script=Han}/u)
    expect(zh.join('')).toMatch(/\p{Script=Han}/u)
  })

  test('no two codes say the same', () => {
    for (const language of ['en', 'zh'] as const) {
      expect(new Set(rows.map(([, words]) => words[language][0])).size).toBe(rows.length)
    }
  })
})

describe('a certificate error', () => {
  const cause = new Error('EACCES')
  const error = new CertificateError('carrier.not_found', { path: 'a.zip' }, { cause })

  test('carries code, detail, cause and an English message', () => {
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe('CertificateError')
    expect(error.code).toBe('carrier.not_found')
    expect(error.detail).toEqual({ path: 'a.zip' })
    expect(error.cause).toBe(cause)
    expect(error.message).toBe('a.zip cannot be read. Check the path and your right to read it.')
  })

  test('explains itself in the language asked for', () => {
    expect(error.explain('en')).toBe(error.message)
    expect(error.explain('zh')).toBe('无法读取 a.zip。请检查路径和读取权限。')
  })

  test('needs no detail where its words have none', () => {
    expect(new CertificateError('key.secret_malformed').detail).toEqual({})
  })

  test.each<[value: unknown, has: boolean]>([
    [error, true],
    [new CertificateError('key.secret_malformed'), false],
    [Object.assign(new Error('x'), { code: 'carrier.not_found' }), false],
    [{ code: 'carrier.not_found' }, false],
    [undefined, false],
  ])('%o has the code: %s', (value, has) => {
    expect(hasCode(value, 'carrier.not_found')).toBe(has)
  })
})
