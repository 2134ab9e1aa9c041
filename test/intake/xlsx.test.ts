import { read, utils, write } from '@e965/xlsx'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/base/bytes.ts'
import { judge } from '../../src/intake/judge.ts'
import { headers, type Row, row } from './dirty-rows.ts'
import { clock, fileOf, inShort, refusalOf } from './given.ts'

type Cell = string | number | boolean | Date | null
type Sheets = Readonly<Record<string, readonly (readonly Cell[])[]>>

function workbook(sheets: Sheets, options: { readonly date1904?: boolean } = {}): Bytes {
  const book = utils.book_new()
  book.Workbook = { WBProps: { date1904: options.date1904 ?? false } }
  for (const [name, rows] of Object.entries(sheets)) {
    const sheet = utils.aoa_to_sheet(
      rows.map((cells) => [...cells]),
      { UTC: true },
    )
    utils.book_append_sheet(book, sheet, name)
  }
  return new Uint8Array(write(book, { type: 'array', bookType: 'xlsx' }))
}

const cells = (changes: Readonly<Partial<Record<keyof Row, Cell>>> = {}): readonly Cell[] =>
  headers.map((header) => {
    const cell = changes[header]
    return cell === undefined ? row()[header] : cell
  })

const sheetOf = (...rows: readonly (readonly Cell[])[]): Bytes => workbook({ 成绩: [[...headers], ...rows] })

/** A workbook whose first sheet's XML is changed. */
function altered(bytes: Bytes, change: (xml: string) => string): Bytes {
  const parts = unzipSync(bytes)
  const name = 'xl/worksheets/sheet1.xml'
  return zipSync({ ...parts, [name]: strToU8(change(strFromU8(parts[name] as Uint8Array))) }) as Bytes
}

const shortOf = async (bytes: Bytes) => inShort(judge([await fileOf(bytes, 'results.xlsx')], clock).records)

describe('workbooks', () => {
  test('a sheet of text cells is read like a CSV', async () => {
    const file = await fileOf(sheetOf(cells(), cells({ 申报等级: '特等' })), 'results.xlsx')
    expect(file).toMatchObject({ kind: 'xlsx', encoding: 'xlsx', truncated: false, notices: [] })
    const { records } = judge([file], clock)
    expect(inShort(records)).toEqual(['issue', 'reject GRADE_UNKNOWN'])
    expect(records.map(({ line }) => line)).toEqual([2, 3])
  })

  test.each<[what: string, changes: Readonly<Partial<Record<keyof Row, Cell>>>, expected: string]>([
    ['scores and hours as numbers', { 理论成绩: 80.5, 专业能力成绩: 60, 培训学时: 80 }, 'issue'],
    ['a date cell', { 考核日期: new Date(Date.UTC(2026, 0, 10)) }, 'issue'],
    ['a date cell with a time', { 考核日期: new Date(Date.UTC(2026, 0, 10, 9)) }, 'issue DATE_FORMAT'],
    ['a serial number without a date format', { 考核日期: 46032 }, 'issue DATE_EXCEL_SERIAL'],
    ['an ID number as a number', { 证件号码: 110000199003077010 }, 'reject ID_EXCEL_NUMBER'],
    ['a passport as a number', { 证件类型: '护照', 证件号码: 123456789 }, 'reject ID_EXCEL_NUMBER'],
    ['an admission number that lost digits', { 准考证号: 2026013801110700 }, 'issue ADMISSION_NUMBER_LOST'],
    ['a short admission number', { 准考证号: 1380111 }, 'issue'],
    ['a truth value for the result', { 考核结果: true }, 'hold RESULT_UNKNOWN'],
    ['empty cells', { 性别: null, 备注: null }, 'issue'],
    ['a birth date cell', { 出生日期: new Date(Date.UTC(1990, 2, 7)) }, 'issue'],
  ])('%s', async (_what, changes, expected) => {
    expect(await shortOf(sheetOf(cells(changes)))).toEqual([expected])
  })

  test('dates of the 1904 system are the days that Excel shows', async () => {
    const date = new Date(Date.UTC(2026, 0, 10))
    const bytes = workbook({ 成绩: [[...headers], cells({ 考核日期: date })] }, { date1904: true })
    const shown = read(bytes, { cellDates: true, UTC: true }).Sheets.成绩
    expect(shown).toBeDefined()
    const { records } = judge([await fileOf(bytes)], clock)
    expect(records[0]?.result?.examinedOn).toBe('2026-01-10')
  })

  test('59.9 stays 59.9 though Excel writes 59.899999999999999', async () => {
    const bytes = altered(sheetOf(cells({ 理论成绩: 59.9, 考核结果: '不合格' })), (xml) =>
      xml.replace('<v>59.9</v>', '<v>59.899999999999999</v>'),
    )
    const { records } = judge([await fileOf(bytes)], clock)
    expect(records[0]?.result).toMatchObject({ theory: 59.9 })
  })

  test('the first sheet with a header is read and the others are named', async () => {
    const bytes = workbook({
      说明: [['本表由考试系统导出'], []],
      成绩: [['北京市成绩表'], [], [...headers], cells()],
      汇总: [['合计', 1]],
    })
    const file = await fileOf(bytes)
    expect(file.notices).toEqual([
      { code: 'FILE_SHEETS_IGNORED', detail: { sheet: '成绩', sheets: ['说明', '汇总'] } },
      { code: 'FILE_PREAMBLE', detail: { rows: 2 } },
    ])
    const { records } = judge([file], clock)
    expect(records.map(({ line, verdict }) => [line, verdict])).toEqual([[4, 'issue']])
  })

  test('short rows and notes beside the table do no harm', async () => {
    const bytes = sheetOf(
      cells().slice(0, -1),
      [...cells({ 证件号码: '110000199003077086' }), '', '已核对'],
      [],
    )
    expect(await shortOf(bytes)).toEqual(['issue', 'issue'])
  })

  test('a cell with an error is seen as such', async () => {
    const bytes = altered(sheetOf(cells({ 理论成绩: 80 })), (xml) =>
      xml.replace(/<c r="U2"[^>]*><v>80<\/v>/, '<c r="U2" t="e"><v>#N/A</v>'),
    )
    expect(await shortOf(bytes)).toEqual(['hold SCORE_UNREADABLE'])
  })

  test('a number that is none is text, and a date beyond the calendar is none', async () => {
    const date = cells({ 考核日期: new Date(Date.UTC(2026, 0, 10)), 理论成绩: 80 })
    const wrong = altered(sheetOf(date), (xml) =>
      xml.replace('<v>80</v>', '<v>eighty</v>').replace('<v>46032</v>', '<v>99999999999</v>'),
    )
    expect(await shortOf(wrong)).toEqual(['reject DATE_INVALID'])
  })
})

describe('workbooks that are refused', () => {
  const clean = sheetOf(cells())
  const lastCell = (address: string) => (xml: string) =>
    xml.replace(
      '</sheetData>',
      `<row r="${address.replace(/\D/g, '')}"><c r="${address}" t="str"><v>x</v></c></row></sheetData>`,
    )

  test.each<[what: string, bytes: () => Bytes, code: string]>([
    ['no sheet with a header', () => workbook({ 说明: [['无']] }), 'FILE_NO_HEADER'],
    ['a column beyond 256', () => altered(clean, lastCell('XFD3')), 'FILE_TOO_MANY_COLUMNS'],
    ['two cells far apart', () => altered(clean, lastCell('IV1048576')), 'FILE_XLSX_TOO_LARGE'],
    ['a row beyond all rows', () => altered(clean, lastCell('A99999999')), 'FILE_XLSX_TOO_LARGE'],
    [
      'an address that is none',
      () => altered(clean, (xml) => xml.replace('r="A2"', 'r="&#65;2"')),
      'FILE_XLSX_UNREADABLE',
    ],
    [
      'cells without addresses',
      () => altered(clean, (xml) => xml.replace('<c r="A2"', '<c')),
      'FILE_XLSX_UNREADABLE',
    ],
    ['broken XML', () => altered(clean, (xml) => xml.replace('</sheetData>', '')), 'FILE_XLSX_UNREADABLE'],
    [
      'a style that is missing',
      () =>
        altered(clean, (xml) =>
          xml
            .replace('<c r="A2"', '<c s="x" r="A2"')
            .replace(/<c s="x" r="A2"[^>]*>.*?<\/c>/, '<c s="x" r="A2"><v>1</v></c>'),
        ),
      'FILE_XLSX_UNREADABLE',
    ],
    ['a missing part', () => withoutPart('xl/_rels/workbook.xml.rels'), 'FILE_XLSX_UNREADABLE'],
    [
      'too many parts',
      () => zipSync({ ...unzipSync(clean), ...manyParts(2_000) }) as Bytes,
      'FILE_XLSX_TOO_LARGE',
    ],
    [
      'a sheet that is not UTF-8',
      () =>
        zipSync({ ...unzipSync(clean), 'xl/worksheets/sheet1.xml': Uint8Array.of(0xff, 0xfe, 0) }) as Bytes,
      'FILE_XLSX_UNREADABLE',
    ],
    ['a zip whose data is damaged', () => damaged(clean), 'FILE_XLSX_UNREADABLE'],
  ])('%s', async (_what, bytes, code) => {
    expect(await refusalOf(bytes())).toBe(code)
  })

  test('a zip bomb is refused by what it declares, without being unpacked', async () => {
    const bomb = zipSync(
      { ...unzipSync(clean), 'xl/media/zeros.xml': new Uint8Array(8_000_000) },
      { level: 9 },
    )
    const declared = new DataView(bomb.buffer)
    for (let at = 0; at + 46 < bomb.length; at++) {
      const isDirectoryEntry = declared.getUint32(at, true) === 0x02014b50
      if (isDirectoryEntry && declared.getUint32(at + 24, true) === 8_000_000) {
        declared.setUint32(at + 24, 600 * 1024 * 1024, true)
      }
    }
    expect(await refusalOf(bomb as Bytes)).toBe('FILE_XLSX_TOO_LARGE')
  })

  function withoutPart(name: string): Bytes {
    const { [name]: _, ...parts } = unzipSync(clean)
    return zipSync(parts) as Bytes
  }

  const manyParts = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`x/${at}.bin`, new Uint8Array(0)]))

  /** Turns the compression method of every part into one that does not exist. */
  function damaged(bytes: Bytes): Bytes {
    const copy = bytes.slice()
    const view = new DataView(copy.buffer)
    for (let at = 0; at + 46 < copy.length; at++) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint16(at + 10, 99, true)
    }
    return copy
  }
})
