import { describe, expect, test } from 'vitest'
import { type AwardChoice, awardFrom } from '../../src/certificate/award.ts'
import { type Catalogue, catalogueSchema, findOccupation } from '../../src/certificate/catalogue.ts'
import { gradeCodes, grades } from '../../src/certificate/grade.ts'
import { knownOccupations } from '../../src/certificate/occupation.ts'
import { starterCatalogue } from '../../src/certificate/starter-catalogue.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

const catalogue = starterCatalogue((path) => `https://a.example/catalogue/${path}`)

describe('the starter catalogue', () => {
  test('is one by the schema, and says that nobody has confirmed it', () => {
    expect(catalogueSchema.safeParse(JSON.parse(JSON.stringify(catalogue)))).toEqual({
      success: true,
      data: catalogue,
    })
    expect(catalogue.confirmed).toBe(false)
  })

  test('has 14 occupations with three grades each, every thing with a name of its own', () => {
    expect(catalogue.occupations.map(({ code }) => code)).toEqual(knownOccupations.map(({ code }) => code))
    const items = catalogue.occupations.flatMap((row) => gradeCodes.map((grade) => row.items[grade]))
    expect(items).toHaveLength(42)
    const names = [
      ...items.flatMap(({ id, criteriaId }) => [id, criteriaId]),
      ...catalogue.occupations.map(({ id }) => id),
    ]
    expect(new Set(names).size).toBe(98)
    expect(names.filter((name) => !name.startsWith('https://a.example/catalogue/'))).toEqual([])
  })

  test('gives an occupation what the built-in table knows of it', () => {
    expect(findOccupation(catalogue, '2-02-38-01')).toEqual({
      code: '2-02-38-01',
      formerCode: '2-02-10-09',
      aliases: [],
      codeConfidence: 'A',
      labels: { 'zh-Hans': '人工智能工程技术人员', en: 'Artificial Intelligence Engineering Professional' },
      id: 'https://a.example/catalogue/occupations/2-02-38-01',
      standard: {
        code: '2-02-10-09',
        edition: '2021',
        labels: { 'zh-Hans': '人工智能工程技术人员国家职业标准（2021年版）' },
      },
      directions: [
        { 'zh-Hans': '人工智能芯片产品实现' },
        { 'zh-Hans': '人工智能平台产品实现' },
        { 'zh-Hans': '自然语言及语音处理产品实现' },
        { 'zh-Hans': '计算机视觉产品实现' },
        { 'zh-Hans': '人工智能应用产品集成实现' },
      ],
      alignments: [
        {
          name: 'artificial intelligence engineer',
          url: 'http://data.europa.eu/esco/occupation/35553663-deab-4d9a-bf22-15c1625d28e8',
          framework: 'ESCO',
        },
        {
          name: 'ISCO-08 unit group 2511',
          url: 'http://data.europa.eu/esco/isco/C2511',
          framework: 'ISCO-08',
          code: '2511',
        },
      ],
      items: {
        junior: {
          id: 'https://a.example/catalogue/2-02-38-01/junior/v2021',
          criteriaId: 'https://a.example/catalogue/2-02-38-01/junior/v2021/criteria',
          requiredTrainingHours: 64,
        },
        intermediate: {
          id: 'https://a.example/catalogue/2-02-38-01/intermediate/v2021',
          criteriaId: 'https://a.example/catalogue/2-02-38-01/intermediate/v2021/criteria',
          requiredTrainingHours: 80,
        },
        senior: {
          id: 'https://a.example/catalogue/2-02-38-01/senior/v2021',
          criteriaId: 'https://a.example/catalogue/2-02-38-01/senior/v2021/criteria',
          requiredTrainingHours: 80,
        },
      },
    })
  })

  test('has no former code, and no ESCO occupation, where there is none', () => {
    const robotics = findOccupation(catalogue, '2-02-30-11')
    expect(robotics).not.toHaveProperty('formerCode')
    expect(robotics).toMatchObject({
      aliases: ['2-06-07-13'],
      codeConfidence: 'C',
      standard: { code: '2-02-30-11', edition: '2021' },
      directions: [],
      alignments: [{ framework: 'ISCO-08', code: '2421' }],
    })
  })

  test.skipIf(!sharedIsHere)('assumes what the expected verdicts assume', () => {
    const assumed = sharedJson('results/catalogue-assumptions.json')
    expect(catalogue.passMark).toBe(assumed.passMark)
    for (const row of catalogue.occupations) {
      expect([row.code, row.directions.map((labels) => labels['zh-Hans'])]).toEqual([
        row.code,
        assumed.directions[row.code] ?? [],
      ])
      for (const grade of gradeCodes) {
        expect(row.items[grade].requiredTrainingHours).toBe(assumed.requiredTrainingHours[grade])
      }
    }
  })
})

describe('an occupation of the catalogue', () => {
  test.each<[code: string, found: string | undefined]>([
    ['2-02-38-03', '2-02-38-03'],
    ['2-02-10-11', '2-02-38-03'],
    ['2-06-07-13', '2-02-30-11'],
    ['4-04-05-05', undefined],
    ['', undefined],
  ])('is found by %j: %s', (code, found) => {
    expect(findOccupation(catalogue, code)?.code).toBe(found)
  })
})

describe('an award', () => {
  test('is made from the row of the occupation, the grade and the direction', () => {
    const award = awardFrom(catalogue, {
      occupationCode: '2-02-10-11',
      grade: 'senior',
      direction: '大数据分析',
    })
    expect(award).toEqual({
      id: 'https://a.example/catalogue/2-02-38-03/senior/v2021',
      criteria: {
        id: 'https://a.example/catalogue/2-02-38-03/senior/v2021/criteria',
        narrative: catalogue.criteria,
      },
      occupation: {
        code: '2-02-38-03',
        formerCode: '2-02-10-11',
        labels: { 'zh-Hans': '大数据工程技术人员', en: 'Big Data Engineering Professional' },
      },
      direction: { labels: { 'zh-Hans': '大数据分析' } },
      grade: grades.senior,
      standard: {
        code: '2-02-10-11',
        edition: '2021',
        labels: { 'zh-Hans': '大数据工程技术人员国家职业标准（2021年版）' },
      },
      requiredTrainingHours: 80,
      passMark: 60,
      alignments: [
        {
          name: '大数据工程技术人员 / Big Data Engineering Professional',
          url: 'https://a.example/catalogue/occupations/2-02-38-03',
          framework: '中华人民共和国职业分类大典(2022年版)',
          code: '2-02-38-03',
        },
        {
          name: 'data engineer',
          url: 'http://data.europa.eu/esco/occupation/2079755f-d809-49e6-8037-4de6180e54c0',
          framework: 'ESCO',
        },
        {
          name: 'ISCO-08 unit group 2511',
          url: 'http://data.europa.eu/esco/isco/C2511',
          framework: 'ISCO-08',
          code: '2511',
        },
      ],
      crosswalk: [],
    })
  })

  test('of an occupation without directions and without a former code has neither', () => {
    const { occupation, ...award } = awardFrom(catalogue, { occupationCode: '2-06-07-13', grade: 'junior' })
    expect(occupation).toEqual({
      code: '2-02-30-11',
      labels: { 'zh-Hans': '数字化管理师', en: 'Digital Management Specialist' },
    })
    expect(award).not.toHaveProperty('direction')
  })

  test.each<[what: string, choice: AwardChoice, code: string, detail: object]>([
    [
      'an occupation that is not in the catalogue',
      { occupationCode: '4-04-05-05', grade: 'junior' },
      'certificate.occupation_unknown',
      { code: '4-04-05-05' },
    ],
    [
      'a direction of another occupation',
      { occupationCode: '2-02-38-04', grade: 'junior', direction: '大数据分析' },
      'certificate.direction_unknown',
      { direction: '大数据分析', directions: ['云计算运维', '云计算开发'] },
    ],
    [
      'no direction where one is needed',
      { occupationCode: '2-02-38-04', grade: 'junior' },
      'certificate.direction_unknown',
      { direction: '–', directions: ['云计算运维', '云计算开发'] },
    ],
    [
      'a direction where there is none',
      { occupationCode: '2-02-38-08', grade: 'junior', direction: '大数据分析' },
      'certificate.direction_unknown',
      { direction: '大数据分析', directions: [] },
    ],
  ])('is refused for %s', (_what, choice, code, detail) => {
    expect(() => awardFrom(catalogue, choice)).toThrow(expect.objectContaining({ code, detail }))
  })
})

describe('a catalogue edited by hand is refused', () => {
  type Loose = { [name: string]: unknown; occupations: Record<string, unknown>[] }
  const row = (value: Loose): Record<string, unknown> => value.occupations[0] as Record<string, unknown>

  test.each<[what: string, edit: (value: Loose) => void, path: string]>([
    [
      'with an unknown member',
      (value) => {
        value.note = 'x'
      },
      '',
    ],
    [
      'without a version',
      (value) => {
        delete value.version
      },
      'version',
    ],
    [
      'with a pass mark of 101',
      (value) => {
        value.passMark = 101
      },
      'passMark',
    ],
    [
      'with a negative pass mark',
      (value) => {
        value.passMark = -1
      },
      'passMark',
    ],
    [
      'with another check',
      (value) => {
        value.certificateNumber = { pattern: '.', check: 'luhn' }
      },
      'certificateNumber/check',
    ],
    [
      'with a pattern that is none',
      (value) => {
        value.certificateNumber = { pattern: '^[', check: 'none' }
      },
      'certificateNumber/pattern',
    ],
    [
      'with a code that is none',
      (value) => {
        row(value).code = '2-02-38-1'
      },
      'occupations/0/code',
    ],
    [
      'without labels in Chinese',
      (value) => {
        row(value).labels = { en: 'AI' }
      },
      'occupations/0/labels/zh-Hans',
    ],
    [
      'with a label in another language',
      (value) => {
        row(value).labels = { 'zh-Hans': '人工智能', fr: 'IA' }
      },
      'occupations/0/labels',
    ],
    [
      'with an empty id',
      (value) => {
        row(value).id = ''
      },
      'occupations/0/id',
    ],
    [
      'without the senior grade',
      (value) => {
        delete (row(value).items as Record<string, unknown>).senior
      },
      'occupations/0/items/senior',
    ],
    [
      'with hours that are a text',
      (value) => {
        row(value).items = {
          ...(row(value).items as object),
          junior: { id: 'a:b', criteriaId: 'a:c', requiredTrainingHours: '64' },
        }
      },
      'occupations/0/items/junior/requiredTrainingHours',
    ],
    [
      'with a site without a name',
      (value) => {
        value.sites = [{ id: 'a:b' }]
      },
      'sites/0/name',
    ],
  ])('%s', (_what, edit, path) => {
    const value = JSON.parse(JSON.stringify(catalogue)) as Loose
    edit(value)
    const parsed = catalogueSchema.safeParse(value as unknown as Catalogue)
    expect(parsed.error?.issues[0]?.path.join('/')).toBe(path)
  })
})
