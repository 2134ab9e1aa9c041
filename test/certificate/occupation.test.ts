import { describe, expect, test } from 'vitest'
import crosswalkFile from '../../src/certificate/data/crosswalk.json' with { type: 'json' }
import occupationsFile from '../../src/certificate/data/occupations.json' with { type: 'json' }
import { knownOccupations, skillLevelOccupations } from '../../src/certificate/occupation.ts'
import { currentCode, occupationCodePattern, sameOccupation } from '../../src/certificate/occupation-code.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

/** Codes of the 2022 and the 2015 edition, from the table in the domain report. */
const codes: readonly [current: string, former: string | undefined, name: string][] = [
  ['2-02-38-01', '2-02-10-09', '人工智能工程技术人员'],
  ['2-02-38-02', '2-02-10-10', '物联网工程技术人员'],
  ['2-02-38-03', '2-02-10-11', '大数据工程技术人员'],
  ['2-02-38-04', '2-02-10-12', '云计算工程技术人员'],
  ['2-02-38-05', '2-02-07-13', '智能制造工程技术人员'],
  ['2-02-38-06', '2-02-10-13', '工业互联网工程技术人员'],
  ['2-02-38-07', '2-02-10-14', '虚拟现实工程技术人员'],
  ['2-02-38-08', '2-02-10-15', '区块链工程技术人员'],
  ['2-02-38-09', '2-02-09-06', '集成电路工程技术人员'],
  ['2-02-38-10', undefined, '机器人工程技术人员'],
  ['2-02-38-11', undefined, '增材制造工程技术人员'],
  ['2-02-38-12', undefined, '数据安全工程技术人员'],
  ['2-02-38-13', undefined, '密码工程技术人员'],
  ['2-02-30-11', undefined, '数字化管理师'],
]

describe('the built-in table', () => {
  test('has the 14 occupations with their current and former codes', () => {
    expect(
      knownOccupations.map(({ code, formerCode, labels }) => [code, formerCode, labels['zh-Hans']]),
    ).toEqual(codes)
  })

  test('gives no code twice, whether current, former or alias', () => {
    const all = knownOccupations.flatMap(({ code, formerCode, aliases }) =>
      formerCode === undefined ? [code, ...aliases] : [code, formerCode, ...aliases],
    )
    expect(new Set(all).size).toBe(all.length)
    expect(all.filter((code) => !occupationCodePattern.test(code))).toEqual([])
  })

  test('says of every code which one is current', () => {
    for (const { code, formerCode, aliases } of knownOccupations) {
      const codes = [code, formerCode ?? code, ...aliases]
      expect(codes.map(currentCode)).toEqual(codes.map(() => code))
    }
  })

  test('marks the one code that sources contradict each other about, and knows its alias', () => {
    expect(knownOccupations.filter(({ codeConfidence }) => codeConfidence === 'C')).toEqual([
      {
        code: '2-02-30-11',
        labels: { 'zh-Hans': '数字化管理师', en: 'Digital Management Specialist' },
        aliases: ['2-06-07-13'],
        codeConfidence: 'C',
        standardEdition: '2021',
        isco08: '2421',
      },
    ])
  })

  test('writes editions as years and every English name without "technician"', () => {
    expect(knownOccupations.filter(({ standardEdition }) => !/^20\d\d$/.test(standardEdition))).toEqual([])
    expect(knownOccupations.filter(({ labels }) => /technician/i.test(labels.en ?? 'technician'))).toEqual([])
  })

  test('names an ESCO occupation only where it was seen', () => {
    const seen = occupationsFile.occupations.filter(
      ({ escoUri, escoConfidence }) => escoUri && escoConfidence === 'A',
    )
    expect(knownOccupations.flatMap(({ code, esco }) => (esco === undefined ? [] : [[code, esco]]))).toEqual(
      seen.map(({ code, escoUri, escoLabel }) => [code, { uri: escoUri, label: escoLabel }]),
    )
    expect(seen.length).toBeGreaterThan(5)
  })

  test.skipIf(!sharedIsHere)('has the data that was handed over, unchanged', () => {
    expect(occupationsFile).toEqual(sharedJson('data/occupations.json'))
    expect(crosswalkFile).toEqual(sharedJson('data/crosswalk.json'))
  })
})

describe('two codes', () => {
  test.each<[a: string, b: string, same: boolean]>([
    ['2-02-38-01', '2-02-38-01', true],
    ['2-02-38-01', '2-02-10-09', true],
    ['2-02-10-09', '2-02-38-01', true],
    ['2-02-30-11', '2-06-07-13', true],
    ['9-99-99-99', '9-99-99-99', true],
    ['2-02-38-01', '2-02-38-02', false],
    ['2-02-10-09', '2-02-10-10', false],
    ['2-02-38-01', '4-04-05-05', false],
    ['9-99-99-98', '9-99-99-99', false],
  ])('%s and %s name one occupation: %s', (a, b, same) => {
    expect(sameOccupation(a, b)).toBe(same)
  })

  test.each([
    ['2-02-38-01', '2-02-38-01'],
    ['2-02-09-06', '2-02-38-09'],
    ['2-06-07-13', '2-02-30-11'],
    ['4-04-05-05', '4-04-05-05'],
    ['', ''],
  ])('the current code for %j is %j', (code, current) => {
    expect(currentCode(code)).toBe(current)
  })
})

describe('occupations with skill levels', () => {
  test('are known by name, and none of them is one with grades', () => {
    expect(skillLevelOccupations).toEqual([
      { code: '4-04-05-05', name: '人工智能训练师' },
      { code: '4-04-04-02', name: '网络与信息安全管理员(数据安全管理员)' },
      { code: '4-04-05-04', name: '数据库运行管理员' },
      { code: '4-07-02-05', name: '商务数据分析师' },
      { code: '4-04-04-06', name: '密码技术应用员' },
      { code: null, name: '数字孪生应用技术员' },
      { code: null, name: '区块链应用操作员' },
      { code: null, name: '生成式人工智能系统应用员' },
    ])
    const withGrades = new Set(knownOccupations.map(({ labels }) => labels['zh-Hans']))
    expect(skillLevelOccupations.filter(({ name }) => withGrades.has(name))).toEqual([])
    expect(skillLevelOccupations.filter(({ code }) => code !== null && !code.startsWith('4-'))).toEqual([])
  })
})

describe('the pattern of codes', () => {
  test.each(['2-02-38-01', '4-04-04-02-004'])('takes %s', (code) => {
    expect(occupationCodePattern.test(code)).toBe(true)
  })

  test.each([
    '2-02-38-1',
    '2-02-38',
    '02-02-38-01',
    '2-02-38-01-04',
    '2-02-38-01 ',
    '2-02-38-01\n',
    '２-02-38-01',
    '20238',
  ])('refuses %j', (code) => {
    expect(occupationCodePattern.test(code)).toBe(false)
  })
})
