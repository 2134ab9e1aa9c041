import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvHead, csvRow } from '../../src/render/csv.ts'
import { escaped } from '../../src/render/markup.ts'

test('a row is what a reader of CSV reads back', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: 'binary' }).filter((text) => !/[\r\n\0]/.test(text)),
        { minLength: 1 },
      ),
      (cells) => {
        const row = csvRow(cells)
        expect(row.endsWith('\r\n')).toBe(true)
        const [read] = parse(row, { record_delimiter: '\r\n', relax_column_count: true }) as string[][]
        expect(read?.map((cell) => cell.replace(/^'/, ''))).toEqual(
          cells.map((cell) => cell.replace(/^'/, '')),
        )
      },
    ),
  )
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '＋1', '－1', '＠a'])(
  'a spreadsheet does not run %j',
  (cell) => {
    const [[read] = []] = parse(csvRow([cell])) as string[][]
    expect(read).toBe(`'${cell}`)
  },
)

test('numbers stay numbers, and quotation marks are doubled', () => {
  expect(csvRow(['a"b', 1, 'c,d', ' e'])).toBe('"a""b",1,"c,d"," e"\r\n')
  expect(csvHead(['a', 'b'])).toBe('\ufeffa,b\r\n')
})

test.each([
  [`<script>alert('x')</script>`, '&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;'],
  ['"&]]>', '&quot;&amp;]]&gt;'],
  ['a\u0000\u0008\u001fb', 'a\ufffd\ufffd\ufffdb'],
  ['\ud800', '\ufffd'],
  ['王\u202e小明\u200b', '王\\u{202e}小明\\u{200b}'],
  ['王小明 𠮷 é', '王小明 𠮷 é'],
])('in markup %j is %j', (text, markup) => {
  expect(escaped(text)).toBe(markup)
})
