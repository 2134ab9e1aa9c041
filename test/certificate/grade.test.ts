import { describe, expect, test } from 'vitest'
import gradesFile from '../../src/certificate/data/grades.json' with { type: 'json' }
import {
  type GradeReading,
  gradeCodes,
  gradeLabels,
  gradeScheme,
  grades,
  readGrade,
} from '../../src/certificate/grade.ts'
import { bilingual } from '../../src/certificate/labels.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

describe('the scheme of three grades', () => {
  test('ranks junior, intermediate and senior from 1 to 3', () => {
    expect(gradeCodes.map((code) => grades[code])).toEqual([
      { scheme: 'cn.ptg.3', code: 'junior', ordinal: 1 },
      { scheme: 'cn.ptg.3', code: 'intermediate', ordinal: 2 },
      { scheme: 'cn.ptg.3', code: 'senior', ordinal: 3 },
    ])
    expect(Object.keys(grades)).toEqual(gradeCodes)
  })

  test('says of each grade what the data file says', () => {
    expect(gradesFile.scheme).toBe(gradeScheme)
    expect(gradesFile.grades.map(({ code, ordinal, zh, en }) => [code, ordinal, zh, en])).toEqual(
      gradeCodes.map((code) => [
        code,
        grades[code].ordinal,
        gradeLabels[code]['zh-Hans'],
        gradeLabels[code].en,
      ]),
    )
  })

  test.skipIf(!sharedIsHere)('has the data that was handed over, unchanged', () => {
    expect(gradesFile).toEqual(sharedJson('data/grades.json'))
  })
})

describe('a word for a grade', () => {
  const grade = (code: 'junior' | 'intermediate' | 'senior', alias: boolean): GradeReading => ({
    kind: 'grade',
    code,
    alias,
  })

  test.each<[word: string, reading: GradeReading]>([
    ['初级', grade('junior', false)],
    ['中级', grade('intermediate', false)],
    ['高级', grade('senior', false)],
    ['junior', grade('junior', false)],
    ['intermediate', grade('intermediate', false)],
    ['senior', grade('senior', false)],
    ['初', grade('junior', true)],
    ['初級', grade('junior', true)],
    ['primary', grade('junior', true)],
    ['1', grade('junior', true)],
    ['T1', grade('junior', true)],
    ['初级专业技术等级', grade('junior', true)],
    ['中級', grade('intermediate', true)],
    ['mid', grade('intermediate', true)],
    ['2', grade('intermediate', true)],
    ['高', grade('senior', true)],
    ['advanced', grade('senior', true)],
    ['T3', grade('senior', true)],
  ])('%s is a grade', (word, reading) => {
    expect(readGrade(word)).toEqual(reading)
  })

  test.each([
    '高级工',
    '中级工',
    '初级工',
    '三级',
    '五级/初级工',
    '一级/高级技师',
    '技师',
    '特级技师',
    '首席技师',
    '学徒工',
    '工人',
    '1+X 中级',
    '软考高级',
  ])('%s is of another family', (word) => {
    expect(readGrade(word)).toEqual({ kind: 'wrong_family' })
  })

  test.each(['工程师', '助理工程师', '高级工程师', '正高级工程师', '技术员', '中级职称'])(
    '%s is a title and no grade',
    (word) => {
      expect(readGrade(word)).toEqual({ kind: 'title' })
    },
  )

  test.each(['', ' ', '高级 ', 'Senior', '4', '0', 'T4', '三', '优秀', 'constructor'])(
    '%j is none',
    (word) => {
      expect(readGrade(word)).toEqual({ kind: 'unknown' })
    },
  )

  test('of every other family in the data file is taken for no grade, unless it is the same word', () => {
    const words = gradesFile.doNotConfuseWith
      .flatMap(({ levels }) => levels)
      .filter((word) => !['初级', '中级', '高级'].includes(word))
    expect(words.length).toBeGreaterThan(10)
    expect(words.filter((word) => readGrade(word).kind === 'grade')).toEqual([])
    expect(words.filter((word) => readGrade(word).kind === 'unknown')).toEqual([])
  })
})

describe('labels on one line', () => {
  test('show both languages where there are two', () => {
    expect(bilingual({ 'zh-Hans': '初级', en: 'Junior' })).toBe('初级 / Junior')
    expect(bilingual({ 'zh-Hans': '初级' })).toBe('初级')
  })
})
