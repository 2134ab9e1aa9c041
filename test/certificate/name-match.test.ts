import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchNames, nameKey } from '../../src/certificate/name-match.ts'

describe('two writings of a name', () => {
  test.each<[known: string, certified: string, differences: readonly string[]]>([
    ['阿卜杜拉•买买提', '阿卜杜拉·买买提', ['middle_dot']],
    ['阿卜杜拉.买买提', '阿卜杜拉·买买提', ['middle_dot']],
    ['阿卜杜拉・买买提', '阿卜杜拉·买买提', ['middle_dot']],
    ['阿卜杜拉 · 买买提', '阿卜杜拉·买买提', ['middle_dot']],
    ['王 小明', '王小明', ['space']],
    [' 王小明 ', '王小明', ['space']],
    ['王\u3000小明', '王小明', ['width', 'space']],
    ['ＷＡＮＧ Xiaoming', 'WANG Xiaoming', ['width']],
    ['wang xiaoming', 'WANG  XIAOMING', ['space', 'letter_case']],
    ['王\u200b小明', '王小明', ['invisible']],
    ['王小明\u{e0100}', '王小明', ['variation_selector']],
    ['類\uf9d0', '類類', ['compatibility_character']],
    ['⼩明', '小明', ['compatibility_character']],
    ['龙\ue863', '龙䶮', ['private_code']],
    ['José', 'Jose\u0301', ['compatibility_character']],
  ])('%j and %j are one, but for %j', (known, certified, differences) => {
    expect(matchNames(known, certified)).toEqual({ kind: 'same', differences })
    expect(matchNames(certified, known)).toEqual({ kind: 'same', differences })
  })

  test.each([
    ['王小明', '王晓明'],
    ['張偉', '张伟'],
    ['王小明', '小明王'],
    ['王小明', ''],
    ['', ''].map((_, i) => ['', '王'][i] as string) as [string, string],
    ['Wang Xiaoming', '王小明'],
    ['王小明', '王小明（大）'],
  ])('%j and %j are two', (known, certified) => {
    expect(matchNames(known, certified)).toEqual({ kind: 'different' })
  })

  test.each([
    ['WANG<<XIAOMING', 'WANG, XIAOMING'],
    ['Wang Xiaoming', 'WANG XIAOMING'],
  ])('%j is how a passport spells it: %j', (known, romanised) => {
    expect(matchNames(known, '王小明', romanised).kind).toBe('romanised')
    expect(matchNames(known, '王小明', 'LI XIAOMING').kind).toBe('different')
  })

  test('that are the same are exact, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(matchNames(name, name)).toEqual({ kind: 'exact' })
      }),
    )
  })

  test('agree in both directions, and only where their keys do', () => {
    const part = fc.constantFrom(
      '王',
      '小',
      '明',
      ' ',
      '·',
      '•',
      '.',
      'Ａ',
      'A',
      'a',
      '䶮',
      '\ue863',
      '\u200b',
    )
    const name = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(matchNames(a, b).kind).toBe(matchNames(b, a).kind)
        if (matchNames(a, b).kind === 'same') expect(nameKey(a)).toBe(nameKey(b))
      }),
      { numRuns: 2000, seed: 20260601 },
    )
  })

  test('of any length are compared at once', () => {
    const long = '王 '.repeat(100_000)
    const start = performance.now()
    expect(matchNames(long, '王').kind).toBe('different')
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
