import { readFileSync } from 'node:fs'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { type Bytes, concat, utf8 } from '../../src/base/bytes.ts'
import { type RosterPerson, readRoster, rosterLimit } from '../../src/intake/roster.ts'

const text = '姓名,证件号码,申报等级\n王䶮,11010519491231002X,中级\n李四,,高级\n'
const persons: readonly RosterPerson[] = [
  { line: 2, name: '王䶮', idNumber: '11010519491231002X', grade: 'intermediate' },
  { line: 3, name: '李四', grade: 'senior' },
]

const utf16 = (one: string, little: boolean): Bytes => {
  const bytes = new Uint8Array(one.length * 2)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < one.length; i++) view.setUint16(i * 2, one.charCodeAt(i), little)
  return bytes
}

/** `姓名,备注` and `王䶮,A`, the name's second character in the four bytes that it has since 2005. */
const gb18030 = Uint8Array.of(
  ...[0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xb1, 0xb8, 0xd7, 0xa2, 0x0a],
  ...[0xcd, 0xf5, 0x82, 0x35, 0x87, 0x38, 0x2c, 0x41, 0x0a],
)

describe('a roster is read', () => {
  test.each<[encoding: string, bytes: Bytes]>([
    ['UTF-8', utf8(text)],
    ['UTF-8 with a mark', utf8(`\ufeff${text}`)],
    ['UTF-16LE with a mark', utf16(`\ufeff${text}`, true)],
    ['UTF-16BE with a mark', utf16(`\ufeff${text}`, false)],
  ])('in %s', (_encoding, bytes) => {
    expect(readRoster(bytes)).toEqual(persons)
  })

  test('in GB18030', () => {
    expect(readRoster(gb18030)).toEqual([
      { line: 2, name: `王${new TextDecoder('gb18030').decode(gb18030.subarray(12, 16))}` },
    ])
  })

  test('from an export of an exam system as it is', () => {
    const bytes = new Uint8Array(
      readFileSync(new URL('../../examples/results.gb18030.csv', import.meta.url).pathname),
    )
    const found = readRoster(bytes)
    expect(found).toHaveLength(200)
    expect(found[0]).toEqual({
      line: 2,
      name: '周勇浩',
      idNumber: '11000019900228004X',
      grade: 'junior',
      occupationCode: '2-02-38-01',
    })
  })

  test.each<[what: string, separator: string, end: string]>([
    ['commas', ',', '\n'],
    ['semicolons', ';', '\r\n'],
    ['TABs', '\t', '\n'],
    ['commas and the line ends of old Macs', ',', '\r'],
  ])('with %s', (_what, separator, end) => {
    expect(readRoster(utf8(text.replaceAll(',', separator).replaceAll('\n', end)))).toEqual(persons)
  })

  test('without an end of its last line', () => {
    expect(readRoster(utf8(text.trimEnd()))).toEqual(persons)
  })

  test.each<[header: string]>([
    ['姓名,身份证号,申报级别,职业代码,证书编号'],
    ['Name,ID Number,Grade,Occupation Code,Certificate Number'],
    ['name,id_number,grade,occupation_code,certificate_number'],
    ['*姓名（必填）, 公民身份号码 ,等级：,职业编码,证书号'],
    ['fullName,idNo,appliedGrade,occupationNo,certificate'],
    ['员工姓名与证书\n姓名,证件号,级别,职业编码,等级证书编号'],
  ])('under %s', (header) => {
    const [{ line, ...person } = { line: 0 }] = readRoster(
      utf8(`${header}\n王小明,11010519491231002X,中级,2-02-38-01,PT-1\n`),
    )
    expect(line).toBe(header.split('\n').length + 1)
    expect(person).toEqual({
      name: '王小明',
      idNumber: '11010519491231002X',
      grade: 'intermediate',
      occupationCode: '2-02-38-01',
      number: 'PT-1',
    })
  })

  test('by the first of two columns of one kind, and never a row number for a certificate number', () => {
    expect(readRoster(utf8('编号,姓名,学员姓名\n17,王小明,李四\n'))).toEqual([{ line: 2, name: '王小明' }])
  })

  test.each<[what: string, cells: string, person: Omit<RosterPerson, 'line'>]>([
    [
      'what a spreadsheet wrote around codes and numbers',
      '王小明,"=""11010519491231002x""","=""中级""",\'2-02-38-01,"=""PT-1"""',
      {
        name: '王小明',
        idNumber: '11010519491231002X',
        grade: 'intermediate',
        occupationCode: '2-02-38-01',
        number: 'PT-1',
      },
    ],
    [
      'full width, spaces and hidden marks',
      '王小明,１１０１０５ 19491231002Ｘ,\u200b高级 ,２－０２－３８－０１,ＰＴ－１\u200e',
      {
        name: '王小明',
        idNumber: '11010519491231002X',
        grade: 'senior',
        occupationCode: '2-02-38-01',
        number: 'PT-1',
      },
    ],
    ['cells of noise, as if they were empty', '王小明,"=""""",\u200b,\',"="""" "', { name: '王小明' }],
    ['a short row', '王小明', { name: '王小明' }],
    [
      'a name as it is written, but for white space at its ends',
      ' 王\u200b 小明\u3000',
      { name: '王\u200b 小明' },
    ],
    ['a person without a name', ',,初级', { name: '', grade: 'junior' }],
    ['quotes and line breaks in a cell', '"王""小""\n明",,初级', { name: '王"小"\n明', grade: 'junior' }],
  ])('with %s', (_what, cells, person) => {
    expect(readRoster(utf8(`姓名,证件号码,等级,职业编码,证书编号\n${cells}\n`))).toEqual([
      { line: 2, ...person },
    ])
  })

  test.each([
    ['初级', 'junior'],
    ['中級', 'intermediate'],
    ['senior', 'senior'],
    ['1', 'junior'],
    ['高级工程师', 'unknown'],
    ['三级', 'unknown'],
    ['高级技师', 'unknown'],
    ['特级', 'unknown'],
  ])('with the grade %s as %s', (word, grade) => {
    expect(readRoster(utf8(`姓名,等级\n王小明,${word}\n`))).toEqual([{ line: 2, name: '王小明', grade }])
  })

  test('with the lines of the file, whatever is left out between', () => {
    const found = readRoster(utf8('\n公司名册\n\n姓名,部门\n\n王小明,IT\n,\n"李\n四",IT\n张三,IT\n'))
    expect(found).toEqual([
      { line: 6, name: '王小明' },
      { line: 8, name: '李\n四' },
      { line: 10, name: '张三' },
    ])
  })
})

describe('no roster', () => {
  test.each<[what: string, bytes: Bytes, told: string]>([
    ['nothing', new Uint8Array(), 'FILE_EMPTY'],
    ['blanks', utf8(' \n\n'), 'FILE_EMPTY'],
    ['no column that we know', utf8('部门,工号\nIT,7\n'), 'FILE_NO_HEADER'],
    ['ID numbers without names', utf8('证件号码,等级\n11010519491231002X,初级\n'), '姓名 / name'],
    ['a header alone', utf8('姓名,证件号码\n,\n'), '0'],
    ['a header that comes too late', utf8(`${'标题\n'.repeat(60)}${text}`), 'FILE_NO_HEADER'],
    ['JSON Lines', utf8('{"name":"王小明"}\n'), 'jsonl'],
    ['a JSON array', utf8('[{"name":"王小明"}]'), 'FILE_JSON_ARRAY'],
    ['a page of the web', utf8('<!DOCTYPE html><table><tr><td>姓名</td></tr></table>'), 'FILE_HTML'],
    ['a workbook', zipSync({ 'xl/workbook.xml': utf8('<x/>') }), 'xlsx'],
    ['an old workbook', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0), 'FILE_OLD_EXCEL'],
    ['a PDF', utf8('%PDF-1.7\n姓名\n'), 'FILE_BINARY'],
    ['UTF-16 without a mark', utf16(`name,grade\n${'Wang,junior\n'.repeat(9)}`, true), 'FILE_UTF16_NO_BOM'],
    ['bytes of no encoding', concat(utf8('姓名\n'), Uint8Array.of(0xff, 0xff, 0x0a)), 'FILE_ENCODING'],
    ['the half of a character at its end', utf8(text).subarray(0, -5), 'FILE_TRUNCATED'],
    ['a stray quotation mark', utf8('姓名,等级\n王"小"明,"初级\n李四,高级\n'), 'FILE_QUOTES'],
    ['a row that nobody can read', utf8('姓名,等级\n王小明,"初"级\n李四,高级\n'), 'ROW_QUOTES, line 2'],
  ])('is made of %s', (_what, bytes, told) => {
    expect(() => readRoster(bytes)).toThrow(
      expect.objectContaining({ code: 'screen.roster_malformed', detail: { what: told } }),
    )
  })

  test('has more persons than one may have', () => {
    const most = `姓名\n${'王\n'.repeat(rosterLimit)}`
    expect(readRoster(utf8(most))).toHaveLength(rosterLimit)
    expect(() => readRoster(utf8(`${most}王\n`))).toThrow(
      expect.objectContaining({ code: 'screen.roster_malformed', detail: { what: '> 200000' } }),
    )
  })
})
