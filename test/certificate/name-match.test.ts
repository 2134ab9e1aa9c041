import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchNames, type NameDifference, nameKey } from '../../src/certificate/name-match.ts'

const seeded = { numRuns: 1000, seed: 20260601 }

describe('two writings of a name', () => {
  test.each<[known: string, certified: string, differences: readonly NameDifference[]]>([
    // Middle dots: each of them is one that some system writes.
    ...['•', '・', '‧', '･', '∙', '⋅', '․', '\u0387', '●', '⸱', '.', '．'].map(
      (dot): [string, string, readonly NameDifference[]] => [
        `阿卜杜拉${dot}买买提`,
        '阿卜杜拉·买买提',
        ['middle_dot'],
      ],
    ),
    ['阿卜杜拉 · 买买提', '阿卜杜拉·买买提', ['middle_dot']],
    ['阿卜杜拉 . 买买提', '阿卜杜拉•买买提', ['middle_dot']],
    ['王 小明', '王小明', ['space']],
    [' 王小明 ', '王小明', ['space']],
    ['王\t小\u00a0明', '王小明', ['space']],
    ['王\u3000小明', '王小明', ['width', 'space']],
    ['ＷＡＮＧ Xiaoming', 'WANG Xiaoming', ['width']],
    ['Ｗａｎｇ\u3000Xiaoming', 'WANG XIAOMING', ['width', 'letter_case']],
    ['wang xiaoming', 'WANG  XIAOMING', ['space', 'letter_case']],
    ['王\u200b小明', '王小明', ['invisible']],
    ['\ufeff王小\u00ad明\u200f', '王小明', ['invisible']],
    ['王小明\u{e0100}', '王小明', ['variation_selector']],
    ['王小\ufe00明\u{e01ef}', '王小明', ['variation_selector']],
    ['\uf9d0', '\u985e', ['compatibility_character']],
    ['類\uf9d0', '類類', ['compatibility_character']],
    ['\u{2f800}', '\u4e3d', ['compatibility_character']],
    ['⼩明', '小明', ['compatibility_character']],
    ['龙\ue863', '龙\u4dae', ['private_code']],
    ['José', 'Jose\u0301', ['compatibility_character']],
    ['阿 •\ue863\u200b', '阿·\u4dae', ['invisible', 'private_code', 'middle_dot']],
  ])('%j and %j are one, but for %j', (known, certified, differences) => {
    expect(matchNames(known, certified)).toEqual({ kind: 'same', differences })
    expect(matchNames(certified, known)).toEqual({ kind: 'same', differences })
    expect(nameKey(known)).toBe(nameKey(certified))
  })

  test.each<[what: string, known: string, certified: string]>([
    ['sound-alikes', '王小明', '王晓明'],
    ['traditional and simplified', '張偉', '张伟'],
    ['traditional and simplified', '龍䶮', '龙䶮'],
    ['variants with codes of their own', '戶', '户'],
    ['variants with codes of their own', '吕', '呂'],
    ['another order', '王小明', '小明王'],
    ['a character more', '王小明', '王小明明'],
    ['a remark behind', '王小明', '王小明（大）'],
    ['a name and nothing', '王小明', ''],
    ['nothing and a name', '', '王小明'],
    ['two kinds of nothing', '\u3000', ' '],
    ['two kinds of nothing', ' ', '\u200b'],
    ['a dot and none', '阿卜杜拉·买买提', '阿卜杜拉买买提'],
    ['a full stop between letters and none', 'J.Smith', 'J·Smith'],
    ['words and one word', 'WANG XIAOMING', 'WANGXIAOMING'],
    ['letters with a mark and without', 'LÜ', 'LU'],
    ['another script', 'Wang Xiaoming', '王小明'],
    ['look-alikes of another script', 'WANG', 'W\u0410NG'],
    ['another private code', '\ue864', '\u4dae'],
  ])('%s make two names: %j and %j', (_what, known, certified) => {
    expect(matchNames(known, certified)).toEqual({ kind: 'different' })
    expect(matchNames(certified, known)).toEqual({ kind: 'different' })
  })

  test('that agree to the letter are exact, even by U+E863', () => {
    expect(matchNames('王小明', '王小明')).toEqual({ kind: 'exact' })
    expect(matchNames('龙\ue863', '龙\ue863', 'LONG YAN')).toEqual({ kind: 'exact' })
  })
})

describe('a passport’s spelling', () => {
  test.each<[known: string, romanised: string, differences: readonly NameDifference[]]>([
    ['WANG XIAOMING', 'WANG XIAOMING', []],
    ['WANG<<XIAOMING', 'WANG, XIAOMING', []],
    ['WANG<<XIAOMING<<<<<<<<<<<<<<', 'WANG XIAOMING', []],
    ['ABDULLA<<MEMET<ALI', 'ABDULLA, MEMET ALI', []],
    ['Wang,Xiaoming', 'WANG<<XIAOMING', ['letter_case']],
    ['Ｗang  Xiaoming', 'WANG XIAOMING', ['width', 'letter_case']],
  ])('%j is %j', (known, romanised, differences) => {
    expect(matchNames(known, '王小明', romanised)).toEqual({ kind: 'romanised', differences })
  })

  test.each<[known: string, romanised: string | undefined]>([
    ['WANG XIAOMING', 'LI XIAOMING'],
    ['XIAOMING WANG', 'WANG XIAOMING'],
    ['WANG XIAO MING', 'WANG XIAOMING'],
    ['WANG', 'WANG XIAOMING'],
    ['WANG XIAOMING', undefined],
    ['WANG XIAOMING', ''],
    ['', ''],
    ['<<', ','],
    ['王晓明', 'WANG XIAOMING'],
  ])('%j is not %j', (known, romanised) => {
    expect(matchNames(known, '王小明', romanised)).toEqual({ kind: 'different' })
  })

  test('never comes before the name itself', () => {
    expect(matchNames('王 小明', '王小明', '王 小明')).toEqual({ kind: 'same', differences: ['space'] })
  })
})

describe('names of any length', () => {
  test.each([
    ['王 '.repeat(5_000), '王'],
    ['·'.repeat(10_000), `${' '.repeat(10_000)}·`],
    [' '.repeat(10_000), '.'],
    ['王'.repeat(10_000), '王'.repeat(9_999)],
    ['a'.repeat(10_000), 'A'.repeat(10_000)],
  ])('are compared at once', (known, certified) => {
    const start = performance.now()
    expect(matchNames(known, certified, known.slice(1))).toEqual({ kind: 'different' })
    expect(performance.now() - start).toBeLessThan(1000)
  })

  test('that differ only far behind are two', () => {
    const long = '王'.repeat(1000)
    expect(matchNames(`${long}小`, `${long}明`)).toEqual({ kind: 'different' })
    expect(nameKey(`${long}小`)).not.toBe(nameKey(`${long}明`))
    expect(matchNames(long, `${long}明`)).toEqual({ kind: 'different' })
  })
})

describe('for all names', () => {
  const part = fc.constantFrom(
    ...['王', '小', '⼩', '類', '\uf9d0', '䶮', '\ue863', ' ', '\u3000', '·', '•', '.', '．'],
    ...['Ａ', 'A', 'a', 'e\u0301', 'é', '\u200b', '\ufe00', '<', ','],
  )
  const name = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''))
  const any = fc.oneof(name, fc.string({ unit: 'binary', maxLength: 8 }))

  test('a name is exactly itself', () => {
    fc.assert(
      fc.property(any, (one) => {
        expect(matchNames(one, one)).toEqual({ kind: 'exact' })
      }),
      seeded,
    )
  })

  test('both directions give the same answer', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(matchNames(a, b)).toEqual(matchNames(b, a))
      }),
      seeded,
    )
  })

  test('two names are one just where their keys agree, and then something is told', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        fc.pre(a !== b)
        const found = matchNames(a, b)
        expect(found.kind === 'same').toBe(nameKey(a) === nameKey(b) && nameKey(a) !== '')
        if (found.kind === 'same') expect(found.differences.length).toBeGreaterThan(0)
      }),
      { numRuns: 5000, seed: 20260601 },
    )
  })

  test('the key of a key is the key', () => {
    fc.assert(
      fc.property(name, (one) => {
        expect(nameKey(nameKey(one))).toBe(nameKey(one))
      }),
      seeded,
    )
  })
})
