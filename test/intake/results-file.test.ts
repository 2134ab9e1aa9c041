import { strToU8, zipSync } from 'fflate'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { type Bytes, concat, utf8 } from '../../src/base/bytes.ts'
import { judge } from '../../src/intake/judge.ts'
import { readResults } from '../../src/intake/results-file.ts'
import { headers, row } from './dirty-rows.ts'
import { clock, csvOf, fileOf, inShort, judgeText, refusalOf } from './given.ts'

const encoded = (text: string, encoding: string): Bytes => new Uint8Array(iconv.encode(text, encoding))
const bytesOf = (...values: readonly number[]): Bytes => Uint8Array.from(values)

describe('encodings', () => {
  const text = csvOf([row({ 姓名: '王𠮷' }), row({ 姓名: '李㛃', 证件号码: '110000199003077086' })])

  test.each<[encoding: string, bytes: Bytes]>([
    ['utf-8', utf8(text)],
    ['utf-8-bom', utf8(`\ufeff${text}`)],
    ['gb18030', encoded(text, 'gb18030')],
    ['gb18030', concat(bytesOf(0x84, 0x31, 0x95, 0x33), encoded(text, 'gb18030'))],
    ['utf-16le', encoded(`\ufeff${text}`, 'utf-16le')],
    ['utf-16be', encoded(`\ufeff${text}`, 'utf-16be')],
  ])('%s is told by its content', async (encoding, bytes) => {
    const file = await fileOf(bytes)
    expect(file).toMatchObject({ kind: 'csv', encoding, separator: ',', truncated: false, notices: [] })
    const { records } = judge([file], clock)
    expect(records.map(({ result }) => result?.name)).toEqual(['王𠮷', '李㛃'])
  })

  test.each(['utf-8', 'gb18030', 'utf-16le'])(
    '%s that ends in the middle of a character is a cut file',
    async (encoding) => {
      const whole = encoded(
        `${encoding === 'utf-16le' ? '\ufeff' : ''}${csvOf([row(), row({ 备注: '补' })])}`,
        encoding,
      )
      const lineBreak = encoding === 'utf-16le' ? 2 : 1
      const file = await fileOf(whole.slice(0, whole.length - lineBreak - 1))
      expect(file.truncated).toBe(true)
      const { records, faults } = judge([file], clock)
      expect(faults).toHaveLength(1)
      expect(inShort(records)).toEqual(['hold FILE_TRUNCATED', 'reject ROW_SHAPE'])
    },
  )

  test.each<[separator: ',' | ';' | '\t', end: string]>([
    [',', '\n'],
    [';', '\r\n'],
    ['\t', '\r'],
  ])('the separator %j is detected', async (separator, end) => {
    const file = await fileOf(csvOf([row({ 工作单位: '甲,乙;丙' })], separator, end))
    expect(file.separator).toBe(separator)
    expect(inShort(judge([file], clock).records)).toEqual(['issue'])
  })
})

describe('files that are refused', () => {
  const header = headers.join(',')
  const clean = csvOf([row()])

  test.each<[what: string, source: Bytes | string, code: string]>([
    ['no bytes', bytesOf(), 'FILE_EMPTY'],
    ['white space only', ' \r\n\r\n', 'FILE_EMPTY'],
    ['a PDF', '%PDF-1.7 …', 'FILE_BINARY'],
    ['NUL bytes', 'a\0\0\0b\0,c', 'FILE_BINARY'],
    ['NUL in UTF-16', encoded('\ufeffa\0b', 'utf-16le'), 'FILE_BINARY'],
    ['UTF-16LE without a mark', encoded(clean, 'utf-16le'), 'FILE_UTF16_NO_BOM'],
    ['UTF-16BE without a mark', encoded(clean, 'utf-16be'), 'FILE_UTF16_NO_BOM'],
    ['bytes of no encoding', concat(utf8(clean), bytesOf(0xff, 0xff, 0x0a)), 'FILE_ENCODING'],
    ['broken UTF-8 behind a mark', concat(utf8('\ufeff'), bytesOf(0xe5, 0x20, 0x41)), 'FILE_ENCODING'],
    ['a web page', '\n<!DOCTYPE html><table><tr><td>姓名', 'FILE_HTML'],
    ['XML of Excel 2003', '<?xml version="1.0"?><Workbook/>', 'FILE_HTML'],
    ['an old workbook', bytesOf(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0), 'FILE_OLD_EXCEL'],
    ['a JSON array', '[\n {"name": "x"}]', 'FILE_JSON_ARRAY'],
    ['no header', '1,2,3\n4,5,6\n', 'FILE_NO_HEADER'],
    ['a header below the first fifty rows', `${'标题\n'.repeat(50)}${clean}`, 'FILE_NO_HEADER'],
    ['a column missing', `${header.replace('专业能力成绩', '体重')}\n`, 'FILE_COLUMNS_MISSING'],
    ['a header twice', `${header},姓名\n`, 'FILE_HEADER_REPEATED'],
    ['two headers for one field', `${header},身份证号\n`, 'FILE_HEADER_REPEATED'],
    ['an unknown header twice', `${header},身高,身高\n`, 'FILE_HEADER_REPEATED'],
    [
      '257 columns',
      `${header}${Array.from({ length: 240 }, (_, at) => `,x${at}`).join('')}\n`,
      'FILE_TOO_MANY_COLUMNS',
    ],
    ['a quotation mark that never closes', clean.replace('示例公司', '"示例公司'), 'FILE_QUOTES'],
    ['a row without end', `${clean}${'x'.repeat(1_100_000)}`, 'FILE_ROW_TOO_LONG'],
    [
      'a second header in another order',
      `${clean}${header.replace('理论成绩,专业能力成绩', '专业能力成绩,理论成绩')}\n`,
      'FILE_HEADER_CHANGED',
    ],
    ['a zip that is no workbook', zipSync({ 'a.txt': strToU8('a') }) as Bytes, 'FILE_XLSX_UNREADABLE'],
    ['the head of a zip', bytesOf(0x50, 0x4b, 3, 4, 0, 0), 'FILE_XLSX_UNREADABLE'],
  ])('%s', async (_what, source, code) => {
    expect(await refusalOf(source)).toBe(code)
  })

  test('a file of more than 256 MiB is not even decoded', async () => {
    const huge = { length: 256 * 1024 * 1024 + 1 } as Bytes // nothing but its length may be looked at
    expect(await readResults(huge, { name: 'huge.csv' })).toEqual({
      ok: false,
      finding: { code: 'FILE_TOO_LARGE', detail: { limit: 256 } },
    })
  })

  test('more than a million records are refused, of CSV and of JSON Lines', async () => {
    const minimal = [
      'session',
      'name',
      'idNumber',
      'occupationCode',
      'grade',
      'examDate',
      'theory',
      'practical',
    ]
    expect(await refusalOf(`${minimal.join(',')}\n${',,,,,,,\n'.repeat(1_000_001)}`)).toBe(
      'FILE_TOO_MANY_RECORDS',
    )
    expect(await refusalOf(`{}\n${'\n'.repeat(1_000_001)}`)).toBe('FILE_TOO_MANY_RECORDS')
  })

  test('the refusal names what is missing', async () => {
    const reading = await readResults(utf8('姓名,身份证号,理论\n'), { name: 'a.csv' })
    expect(reading).toEqual({
      ok: false,
      finding: {
        code: 'FILE_COLUMNS_MISSING',
        detail: { columns: ['考核批次', '职业编码', '申报等级', '考核日期', '专业能力成绩'] },
      },
    })
  })
})

describe('headers', () => {
  test.each<[what: string, names: Readonly<Record<string, string>>]>([
    [
      'other Chinese words',
      { 证件号码: '身份证号', 理论成绩: '理论知识', 专业能力成绩: '实操成绩', 考核批次: '批次' },
    ],
    [
      'marks and remarks',
      { 证件号码: '* 身份证号码（必填）', 理论成绩: '理论 [百分制]', 专业能力成绩: '技能成绩：' },
    ],
    ['full width and byte order marks', { 姓名: '\ufeff姓　名', 考核结果: 'Ｒｅｓｕｌｔ' }],
    [
      'keys of a program',
      { 考核批次: 'batch', 证件号码: 'idNumber', 考核日期: 'examDate', 理论成绩: 'theory_score' },
    ],
    [
      'English',
      { 姓名: 'Name', 证件号码: 'ID Number', 职业编码: 'Occupation Code', 考核日期: 'Date of Exam' },
    ],
  ])('may be %s', async (_what, names) => {
    const [line = '', ...rest] = csvOf([row()]).split('\n')
    const renamed = line
      .split(',')
      .map((name) => names[name] ?? name)
      .join(',')
    expect(inShort((await judgeText([renamed, ...rest].join('\n'))).records)).toEqual(['issue'])
  })

  test('may stand in any order, below titles, with columns of others between them', async () => {
    const order = [...headers].reverse()
    const cells = order.map((header) => row()[header])
    const text = `成绩表,2026\n\n身高,${order.join(',')},,\n180,${cells.join(',')},,\n`
    const file = await fileOf(text)
    expect(file.notices).toEqual([
      { code: 'FILE_PREAMBLE', detail: { rows: 2 } },
      { code: 'FILE_COLUMNS_IGNORED', detail: { columns: ['身高'] } },
    ])
    const { records } = judge([file], clock)
    expect(inShort(records)).toEqual(['issue'])
    expect(records[0]?.line).toBe(4)
  })

  test('without records are said to be so', async () => {
    const file = await fileOf(`${headers.join(',')}`)
    expect(file).toMatchObject({
      records: { length: 0 },
      truncated: false,
      notices: [{ code: 'FILE_NO_RECORDS' }],
    })
  })

  test('need no result, gender or remark', async () => {
    const text = 'batch,name,idType,idNumber,occupationCode,grade,trainingHours,examDate,theory,practical\n'
    const line = 'B1,张伟,居民身份证,110000199003077019,2-02-38-08,初级,80,2026-01-10,80,75\n'
    expect(inShort((await judgeText(text + line)).records)).toEqual(['issue'])
    expect(inShort((await judgeText(text + line.replace('80,75', '50,75'))).records)).toEqual([
      'no_certificate SCORE_BELOW_60',
    ])
  })

  test('that are missing are no columns of findings', async () => {
    const text = 'batch,name,idNumber,occupationCode,grade,examDate,theory,practical\n'
    const { records } = await judgeText(`${text}B1,张伟,E12345678,2-02-38-01,初级,2026-01-10,80,75\n`)
    expect(records[0]?.findings.map(({ code, column }) => [code, column])).toEqual([
      ['ID_TYPE_UNKNOWN', undefined],
      ['DIRECTION_REQUIRED', undefined],
      ['TRAINING_HOURS_MISSING', undefined],
    ])
  })
})

describe('where a file ends', () => {
  const text = csvOf([row()])

  test('a last record without a line break is whole if it has all its cells', async () => {
    expect(await fileOf(text.trimEnd())).toMatchObject({ truncated: false })
  })

  test('a last record that opens a quotation mark and ends is cut', async () => {
    const file = await fileOf(`${text}2,BJ2026-01,"2026`)
    expect(file.truncated).toBe(true)
    expect(inShort(judge([file], clock).records)).toEqual(['hold FILE_TRUNCATED', 'reject ROW_SHAPE'])
  })

  test('a file that is cut in its header is not cut in a record', async () => {
    const file = await fileOf(headers.join(',').slice(0, -1))
    expect(file).toMatchObject({ truncated: false, records: { length: 0 } })
  })

  test('a header that ends in the middle of a character has no record to mark', async () => {
    const bytes = utf8(headers.join(','))
    const file = await fileOf(bytes.slice(0, bytes.length - 1))
    expect(file).toMatchObject({ truncated: true, records: { length: 0 } })
  })
})

describe('JSON Lines', () => {
  const clean = {
    batch: 'BJ2026-01',
    name: '张伟',
    idType: '居民身份证',
    idNumber: '110000199003077019',
    occupationCode: '2-02-38-08',
    grade: 'junior',
    trainingHours: 80,
    examDate: '2026-01-10',
    theoryScore: 80.5,
    practicalScore: 75,
    result: null,
  }
  const lines = (...objects: readonly unknown[]) =>
    objects.map((object) => (typeof object === 'string' ? object : JSON.stringify(object))).join('\n')
  const whole = JSON.stringify(clean)

  test('a record is an object on a line, with numbers for scores and hours', async () => {
    const file = await fileOf(`\ufeff${lines({ ...clean, result: '合格', height: 180, passed: true })}\n`)
    expect(file).toMatchObject({ kind: 'jsonl', encoding: 'utf-8-bom' })
    expect(file.notices).toEqual([
      { code: 'FILE_COLUMNS_IGNORED', detail: { columns: ['height', 'passed'] } },
    ])
    const { records } = judge([file], clock)
    expect(inShort(records)).toEqual(['issue'])
    expect(records[0]).toMatchObject({ line: 1, result: { theory: 80.5, trainingHours: 80 } })
  })

  test.each<[what: string, line: unknown, expected: string]>([
    ['keys in another order', Object.fromEntries(Object.entries(clean).reverse()), 'skip DUPLICATE_EXACT'],
    ['a key that the others lack', { ...clean, remark: '补考' }, 'hold DUPLICATE_CONFLICT'],
    ['a blank line', '', 'skip ROW_EMPTY'],
    ['an ID number as a number', { ...clean, idNumber: 110000900307701 }, 'reject ID_EXCEL_NUMBER'],
    [
      'an ID number beyond 2^53',
      whole.replace('"110000199003077019"', '110000199003077019'),
      'reject ID_EXCEL_NUMBER',
    ],
    ['another number beyond 2^53', whole.replace(':80,', ':80000000000000000000,'), 'reject ROW_JSON'],
    ['an object in a cell', { ...clean, result: {} }, 'reject ROW_JSON'],
    ['a name twice', whole.replace('{', '{"name":"李四",'), 'reject ROW_JSON'],
    ['a list', '[1]', 'reject ROW_JSON'],
    ['half an object', whole.slice(0, 40), 'reject ROW_JSON'],
  ])('%s', async (_what, line, expected) => {
    const { records } = await judgeText(`${lines(clean, line)}\n`)
    expect(inShort(records).at(-1)).toBe(expected)
    expect(records.map((judged) => judged.line)).toEqual([1, 2])
  })

  test('numbers keep the digits that the line prints', async () => {
    const { records } = await judgeText(`${whole.replace('80.5', '59.9999999999999999')}\n`)
    expect(inShort(records)).toEqual(['no_certificate SCORE_BELOW_60'])
  })

  test('a last line that is no JSON and does not end is cut', async () => {
    const file = await fileOf(lines(clean, whole.slice(0, 40)))
    expect(file.truncated).toBe(true)
    expect(inShort(judge([file], clock).records)).toEqual(['hold FILE_TRUNCATED', 'reject ROW_SHAPE'])
  })

  test('more than 256 names are refused', async () => {
    const names = Array.from({ length: 300 }, (_, at) => [`x${at}`, 1])
    expect(await refusalOf(lines({ ...clean, ...Object.fromEntries(names) }))).toBe('FILE_TOO_MANY_COLUMNS')
  })

  test('names that say nothing of results are no header', async () => {
    expect(await refusalOf('{"a":1}\n{"b":2}\n')).toBe('FILE_NO_HEADER')
  })
})
