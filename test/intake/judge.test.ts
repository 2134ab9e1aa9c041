import { describe, expect, test } from 'vitest'
import { type FindingCode, findingCatalogue } from '../../src/intake/codes.ts'
import { judge } from '../../src/intake/judge.ts'
import { maskPersonal } from '../../src/intake/mask.ts'
import { dirtyRows, row } from './dirty-rows.ts'
import { clock, codesOf, csvOf, fileOf, inShort, judgeRows, judgeText } from './given.ts'

describe('one cell of a clean row changed', () => {
  test.each(dirtyRows)('%s', async (_what, changes, verdict, codes) => {
    const [judged] = await judgeRows(row(changes))
    expect(judged).toMatchObject({ verdict })
    expect(judged && codesOf(judged)).toEqual(codes)
    expect(judged?.result === undefined).toBe(verdict !== 'issue' && verdict !== 'no_certificate')
  })

  test('a clean row becomes a result with every value', async () => {
    const [judged] = await judgeRows(
      row({ 培训订单: 'DD-2025-7', 培训项目: '数字技能提升', 培训开始日期: '2025-11-03', 性别: '男' }),
    )
    expect(judged).toMatchObject({ file: 'results.csv', record: 1, line: 2, verdict: 'issue', findings: [] })
    expect(judged?.result).toEqual({
      session: 'BJ2026-01',
      admissionNumber: '2026013801110700',
      name: '张伟',
      matchKey: '张伟',
      idType: 'resident-id',
      idNumber: '110000199003077019',
      birthDate: '1990-03-07',
      occupationCode: '2-02-38-08',
      grade: 'junior',
      trainingProvider: '北京示例数字技术培训中心',
      trainingHours: 80,
      trainingOrder: 'DD-2025-7',
      trainingProject: '数字技能提升',
      trainedFrom: '2025-11-03',
      site: 'BJ-01 海淀考核站',
      examinedOn: '2026-01-10',
      theory: 80,
      practical: 75,
    })
  })

  test.each([
    [{ 姓名: '阿依古丽 • 买买提' }, { name: '阿依古丽·买买提', matchKey: '阿依古丽·买买提' }],
    [{ 姓名: '王\uf9d0' }, { name: '王\uf9d0', matchKey: '王類' }],
    [{ 姓名: '葛\u{e0100}亮' }, { name: '葛\u{e0100}亮', matchKey: '葛亮' }],
    [{ 姓名: 'Jane Doe' }, { name: 'Jane Doe', matchKey: 'JANE DOE' }],
    [{ 考核日期: '二〇二五年十二月廿一日' }, { examinedOn: '2025-12-21' }],
    [{ 考核日期: '二〇二五年十一月三十日' }, { examinedOn: '2025-11-30' }],
    [{ 考核日期: '46032.375' }, { examinedOn: '2026-01-10' }],
    [{ 考核日期: '2026-01-09T16:00:00.5+00:00' }, { examinedOn: '2026-01-10' }],
    [{ 理论成绩: '80.50' }, { theory: 80.5 }],
    [{ 职业编码: '2021015' }, { occupationCode: '2-02-38-08' }],
    [
      { 证件类型: '护照', 证件号码: 'e12345678', 出生日期: '1990-03-07' },
      { idNumber: 'E12345678', birthDate: '1990-03-07' },
    ],
    [
      { 理论成绩: '59.9999999999999999', 考核结果: '不合格' },
      { theory: 59.99, practical: 75 },
    ],
    [{ 准考证号: '2.02601E+15' }, { session: 'BJ2026-01' }],
  ])('%j is read as %j', async (changes, values) => {
    const [judged] = await judgeRows(row(changes))
    expect(judged?.result).toMatchObject(values)
  })

  test('an absent candidate has no points where none were given', async () => {
    const [judged] = await judgeRows(row({ 理论成绩: '80', 专业能力成绩: '缺考', 考核结果: '缺考' }))
    expect(judged?.result).toMatchObject({ theory: 80 })
    expect(judged?.result).not.toHaveProperty('practical')
  })

  test.each([
    [{ 证件号码: '110000900307701' }, { idNumber: '110000199003077019' }],
    [{ 姓名: '刘\ue863' }, { name: '刘䶮' }],
    [{ 姓名: '刘\ue816' }, { name: '刘\u{20087}' }],
    [{ 姓名: '寮犱紵' }, { name: '张伟' }],
  ])('for %j the cell that was probably meant is suggested', async (changes, suggested) => {
    const [judged] = await judgeRows(row(changes))
    expect(judged?.suggested).toEqual(suggested)
  })

  test('a private-use character that nobody knows is not guessed', async () => {
    const [judged] = await judgeRows(row({ 姓名: '刘\uf123' }))
    expect(judged).not.toHaveProperty('suggested')
    expect(judged?.findings[0]).toEqual({
      code: 'NAME_PUA_CHAR',
      column: '姓名',
      detail: { characters: ['U+F123'] },
    })
  })

  test('a finding names the column as the file prints it', async () => {
    const text = csvOf([row({ 申报等级: '特等' })]).replace('申报等级', '*等级（必填）')
    const { records } = await judgeText(text)
    expect(records[0]?.findings).toEqual([{ code: 'GRADE_UNKNOWN', column: '*等级（必填）' }])
  })

  test('no finding tells who the candidate is', async () => {
    const records = await judgeRows(...dirtyRows.map(([, changes]) => row(changes)))
    const personal = /张|伟|阿依古丽|110000199|19900307|1990-03-07|E12345678/
    for (const { findings } of records) {
      const told = JSON.stringify(findings)
      expect(told).not.toMatch(personal)
      expect(maskPersonal(told)).toBe(told)
    }
  })
})

describe('rows that are no candidates', () => {
  const clean = csvOf([row()])
  const header = clean.split('\n')[0] ?? ''

  test.each<[what: string, line: string, verdict: string]>([
    ['a row of separators', ','.repeat(23), 'skip ROW_EMPTY'],
    ['an empty line', '', 'skip ROW_EMPTY'],
    ['the header again', header, 'skip ROW_HEADER_REPEAT'],
    ['the header again with a byte order mark', `\ufeff${header}`, 'skip ROW_HEADER_REPEAT'],
    ['a total', `合计${','.repeat(23)}`, 'skip ROW_SUMMARY'],
    ['a short total', '合计,96', 'skip ROW_SUMMARY'],
    ['a footer', '制表人：王某,审核人：李某', 'skip ROW_SUMMARY'],
    ['too few cells', '9001,BJ2026-01,2026,李四,居民身份证', 'reject ROW_SHAPE'],
    ['too many cells', (clean.split('\n')[1] ?? '').replace('示例公司', '示例,公司'), 'reject ROW_SHAPE'],
    [
      'a stray quotation mark',
      (clean.split('\n')[1] ?? '').replace('示例公司', '示例"云图"公司'),
      'reject ROW_QUOTES',
    ],
    [
      'text behind a closing quotation mark',
      (clean.split('\n')[1] ?? '').replace('示例公司', '"示例"公司'),
      'reject ROW_QUOTES',
    ],
    [
      'a cell beyond all bounds',
      (clean.split('\n')[1] ?? '').replace('示例公司', '示'.repeat(4097)),
      'reject CELL_TOO_LONG',
    ],
  ])('%s', async (_what, line, expected) => {
    const { records } = await judgeText(`${clean}${line}\n`)
    expect(inShort(records)).toEqual(['issue', expected])
    expect(records.map(({ record, line }) => [record, line])).toEqual([
      [1, 2],
      [2, 3],
    ])
  })

  test('a quotation mark that swallows a row is noticed even where the grammar allows it', async () => {
    const [first = '', second = ''] = [row({ 工作单位: '甲' }), row({ 工作单位: '乙' })].map(
      (changed) => csvOf([changed]).split('\n')[1] ?? '',
    )
    const swallowing = `${header}\n${first.replace('甲', '"甲')}\n${second.replace('乙', '乙"')}\n`
    const { records } = await judgeText(swallowing)
    expect(inShort(records)).toEqual(['reject ROW_QUOTES'])
  })

  test('lines are counted through cells that break them', async () => {
    const text = csvOf([row({ 工作单位: '示例\r\n公司\n北京' }), row({ 申报等级: '特等' })], ',', '\r\n')
    const { records } = await judgeText(text)
    expect(records.map(({ line }) => line)).toEqual([2, 5])
  })
})

describe('rows that say something about each other', () => {
  const other = { 证件号码: '110000199003077086' }

  test('the same row twice is issued once, whatever its number', async () => {
    const records = await judgeRows(row(), row({ 序号: '2' }), row({ 序号: '3', 姓名: ' 张伟' }))
    expect(inShort(records)).toEqual(['issue', 'skip DUPLICATE_EXACT', 'skip DUPLICATE_EXACT'])
    expect(records[1]?.findings[0]?.detail).toEqual({ file: 'results.csv', line: 2 })
  })

  test('the same file twice is issued once', async () => {
    const text = csvOf([row(), row(other)])
    const { records } = judge([await fileOf(text, 'a.csv'), await fileOf(text, 'b.csv')], clock)
    expect(inShort(records)).toEqual(['issue', 'issue', 'skip DUPLICATE_EXACT', 'skip DUPLICATE_EXACT'])
    expect(records[3]?.findings[0]?.detail).toEqual({ file: 'a.csv', line: 3 })
  })

  test('a faulty row that stands twice is refused once', async () => {
    expect(inShort(await judgeRows(row({ 申报等级: '特等' }), row({ 申报等级: '特等' })))).toEqual([
      'reject GRADE_UNKNOWN',
      'skip DUPLICATE_EXACT',
    ])
  })

  test('other scores for the same award hold both rows, a failed one too', async () => {
    const records = await judgeRows(row(), row({ 理论成绩: '58', 考核结果: '不合格' }))
    expect(inShort(records)).toEqual(['hold DUPLICATE_CONFLICT', 'hold DUPLICATE_CONFLICT'])
    expect(records[0]?.findings[0]?.detail).toEqual({ rows: ['results.csv:3'] })
  })

  test('a row that is refused still stands against another one', async () => {
    expect(inShort(await judgeRows(row(), row({ 理论成绩: '101' })))).toEqual([
      'hold DUPLICATE_CONFLICT',
      'reject SCORE_RANGE',
    ])
  })

  test('two grades of one occupation in a session are held', async () => {
    expect(inShort(await judgeRows(row(), row({ 申报等级: '高级' })))).toEqual([
      'hold MULTI_GRADE',
      'hold MULTI_GRADE',
    ])
  })

  test('two occupations, or two sessions, are two awards', async () => {
    const records = await judgeRows(
      row(),
      row({ 职业编码: '2-02-38-03', 职业名称: '', 职业方向: '大数据处理', 申报等级: '中级' }),
      row({ 考核批次: 'BJ2026-02', 申报等级: '中级' }),
    )
    expect(inShort(records)).toEqual(['issue', 'issue', 'issue'])
  })

  test('one ID number with two names holds both', async () => {
    const records = await judgeRows(
      row(),
      row({ 姓名: '张维', 职业编码: '2-02-38-12', 职业名称: '', 考核批次: 'BJ2026-02' }),
    )
    expect(inShort(records)).toEqual(['hold ID_NAME_CONFLICT', 'hold ID_NAME_CONFLICT'])
    expect(records[0]?.findings[0]?.column).toBe('姓名')
  })

  test('the same name in two forms is one name', async () => {
    const records = await judgeRows(
      row({ 姓名: '葛\u{e0100}亮' }),
      row({ 姓名: '葛亮', 考核批次: 'BJ2026-02' }),
    )
    expect(inShort(records)).toEqual(['issue NAME_VARIATION_SELECTOR', 'issue'])
  })

  test('a number that is only suggested takes no part', async () => {
    expect(inShort(await judgeRows(row(), row({ 证件号码: '110000900307701', 理论成绩: '61' })))).toEqual([
      'issue',
      'hold ID_LEGACY_15',
    ])
  })

  test('a remark names five other rows at most', async () => {
    const records = await judgeRows(
      ...Array.from({ length: 9 }, (_, at) => row({ 理论成绩: String(61 + at) })),
    )
    expect(records[8]?.findings[0]?.detail).toEqual({
      rows: [2, 3, 4, 5, 6].map((line) => `results.csv:${line}`),
    })
  })
})

describe('ID numbers that end in 000', () => {
  const ending = row({ 证件号码: '110000199001012000', 性别: '女' })
  /** Twelve that differ in the order number, none of them ending in 000 or X. */
  const numbers = ['110000199003077019', '110000199003077123', '110000199003077166', '110000199003077182']
    .concat(['110000199003077107', '110000199003077086', '110000199003077385', '110000199003077393'])
    .concat(['110000199003077406', '110000199003077414', '110000199003077422', '110000199003077430'])
  const others = numbers.map((number, at) =>
    row({ 证件号码: number, 姓名: `张${'甲乙丙丁戊己庚辛壬癸子丑'[at]}` }),
  )

  test('are accepted where the file plainly kept its digits', async () => {
    const records = await judgeRows(...others, ending)
    expect(inShort(records).at(-1)).toBe('issue ID_ENDS_IN_ZEROS')
  })

  test('are held where another number of the file was cut', async () => {
    const records = await judgeRows(...others, ending, row({ 证件号码: '110000199003078000' }))
    expect(inShort(records).slice(-2)).toEqual(['hold ID_PRECISION_SUSPECT', 'reject ID_PRECISION_LOST'])
  })

  test('are held where the gender speaks against them', async () => {
    const records = await judgeRows(...others, { ...ending, 性别: '男' })
    expect(inShort(records).at(-1)).toBe('hold ID_PRECISION_SUSPECT')
  })
})

describe('a file that is cut off', () => {
  const cut = csvOf([
    row(),
    row({ 序号: '2', 证件号码: '110000199003077086', 理论成绩: '50', 考核结果: '不合格' }),
    row({ 序号: '3' }),
  ])
    .split(',2026-01-10')
    .slice(0, 3)
    .join(',2026-01-10')

  test('yields nothing to issue', async () => {
    const { records, faults } = await judgeText(cut)
    expect(faults).toEqual([{ file: 'results.csv', finding: { code: 'FILE_TRUNCATED' } }])
    expect(inShort(records)).toEqual([
      'hold FILE_TRUNCATED',
      'no_certificate SCORE_BELOW_60',
      'reject ROW_SHAPE',
    ])
    expect(records[0]).not.toHaveProperty('result')
  })

  test('yields its whole records where a partial file is allowed', async () => {
    const { records, faults } = judge([await fileOf(cut)], { ...clock, allowPartial: true })
    expect(faults).toEqual([])
    expect(inShort(records)).toEqual(['issue', 'no_certificate SCORE_BELOW_60', 'reject ROW_SHAPE'])
  })

  test('does not make the rows of a whole file duplicates', async () => {
    const { records } = judge(
      [await fileOf(cut, 'cut.csv'), await fileOf(csvOf([row()]), 'whole.csv')],
      clock,
    )
    expect(records.map(({ file, verdict }) => [file, verdict])).toEqual([
      ['cut.csv', 'skip'],
      ['cut.csv', 'no_certificate'],
      ['cut.csv', 'reject'],
      ['whole.csv', 'issue'],
    ])
  })
})

describe('the catalogue of codes', () => {
  /** Codes about a whole file; the tests of reading have them. */
  const aboutFiles = (code: string) => code.startsWith('FILE_')
  /** Codes that need numbers in cells, JSON lines, or more rows than one. */
  const elsewhere: readonly FindingCode[] = [
    'ID_EXCEL_NUMBER',
    'ROW_JSON',
    'ROW_SHAPE',
    'ROW_QUOTES',
    'ROW_EMPTY',
    'ROW_HEADER_REPEAT',
    'ROW_SUMMARY',
    'DUPLICATE_EXACT',
    'DUPLICATE_CONFLICT',
    'ID_NAME_CONFLICT',
    'ID_ENDS_IN_ZEROS',
    'MULTI_GRADE',
  ]

  /** Found in the registry, not in the row: `upgrade.test.ts` has them. */
  const aboutEarlier = (code: FindingCode): boolean => code.startsWith('PREREQUISITE_')

  test('has a row of the table for every code about cells', () => {
    const covered = new Set(dirtyRows.flatMap(([, , , codes]) => codes))
    const missing = (Object.keys(findingCatalogue) as FindingCode[]).filter(
      (code) => !aboutFiles(code) && !aboutEarlier(code) && !elsewhere.includes(code) && !covered.has(code),
    )
    expect(missing).toEqual([])
  })

  test('agrees with the table about the verdict of each code', () => {
    for (const [what, , verdict, codes] of dirtyRows) {
      for (const code of codes) expect([what, findingCatalogue[code].verdict]).toEqual([what, verdict])
    }
  })

  test('says what is wrong in both languages, and what to do wherever something must be done', () => {
    for (const [code, { verdict, en, zh }] of Object.entries(findingCatalogue)) {
      expect([code, en[0].length > 0, zh[0].length > 0]).toEqual([code, true, true])
      if (verdict === 'reject' || verdict === 'hold')
        expect([code, en[1] !== '', zh[1] !== '']).toEqual([code, true, true])
    }
  })
})
