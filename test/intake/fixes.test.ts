import { describe, expect, test } from 'vitest'
import { fixesCsv, neutralised } from '../../src/intake/fixes.ts'
import { judge } from '../../src/intake/judge.ts'
import { headers, row } from './dirty-rows.ts'
import { clock, csvOf, fileOf, inShort, judgeRows, judgeText } from './given.ts'

describe('the CSV of rows to correct', () => {
  const rows = [
    row(),
    row({ 序号: '2', 证件号码: '110000199003077086', 申报等级: '特等' }),
    row({ 序号: '3', 证件号码: '110000900307701', 工作单位: '=cmd|x' }),
    row({ 序号: '4', 证件号码: '110000199003077107', 理论成绩: '50', 考核结果: '不合格' }),
  ]

  test('holds the refused and held rows as they came, and what is wrong with them in both languages', async () => {
    const csv = fixesCsv(await judgeRows(...rows))
    expect(csv.startsWith('\ufeff')).toBe(true)
    const lines = csv.slice(1).split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toBe(
      `${headers.join(',')},来源 Source,多余单元格 Surplus cells,问题代码 Code,问题 Problem,建议 Suggestion`,
    )
    expect(lines[1]).toContain("2,BJ2026-01,'2026013801110700,张伟,居民身份证,'110000199003077086,")
    expect(lines[1]).toContain(',results.csv:3,,GRADE_UNKNOWN,')
    expect(lines[1]).toContain(
      '[申报等级] 不认识的等级。请使用初级、中级或高级。 The word for the grade is not known.',
    )
    expect(lines[2]).toContain(",'=cmd|x,")
    expect(lines[2]).toMatch(/,'110000199003077019$/)
  })

  test('can be read again, corrected or not', async () => {
    const once = await judgeText(fixesCsv(await judgeRows(...rows)))
    expect(inShort(once.records)).toEqual(['reject GRADE_UNKNOWN', 'hold ID_LEGACY_15'])
    const again = fixesCsv(once.records)
    expect(again.split('来源 Source')).toHaveLength(2)
    const corrected = await judgeText(again.replace('特等', '初级'))
    expect(inShort(corrected.records)).toEqual([
      'issue CELL_WRAPPED ID_LEADING_APOSTROPHE',
      'hold ID_LEGACY_15',
    ])
    expect(corrected.records[0]?.result).toMatchObject({ idNumber: '110000199003077086' })
  })

  test('joins files with different columns and keeps cells that stand too many', async () => {
    const tooMany = `${csvOf([row()])}1,2,3${',x'.repeat(30)}\n`
    const other = csvOf([row({ 申报等级: '' })]).replace('备注', '身高')
    const { records } = judge([await fileOf(tooMany, 'a.csv'), await fileOf(other, 'b.csv')], clock)
    const [header, first, second] = fixesCsv(records).slice(1).split('\r\n')
    expect(header).toContain(',备注,身高,来源 Source,')
    expect(first).toContain(',a.csv:3,x | x | x | x | x | x | x | x | x,ROW_SHAPE,')
    expect(second).toContain(',b.csv:2,')
  })

  test('takes no row that is due or has no certificate due', async () => {
    expect(fixesCsv(await judgeRows(row()))).toBe(
      '\ufeff来源 Source,多余单元格 Surplus cells,问题代码 Code,问题 Problem,建议 Suggestion\r\n',
    )
  })

  test.each([
    ['=1+1', "'=1+1"],
    ['+86', "'+86"],
    ['-1', "'-1"],
    ['@SUM', "'@SUM"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ['＝1', "'＝1"],
    ['110000199003077019', "'110000199003077019"],
    ['11000019900307702X', '11000019900307702X'],
    ['80', '80'],
    ['张伟', '张伟'],
    ['', ''],
  ])('%j is written as %j', (cell, written) => {
    expect(neutralised(cell)).toBe(written)
  })
})
