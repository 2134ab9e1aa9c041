import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCsv } from '../../src/intake/csv.ts'

const rowsOf = (text: string) => {
  const table = readCsv(text, () => 1) // no header of ours is asked for: the first separator counts
  if (!table.ok) throw new Error(table.finding.code)
  return table.rows
}

describe('rows of a CSV', () => {
  test('are the same each time they are gone through, with the lines on which they start', () => {
    const rows = rowsOf('姓名,备注\n"张,伟","一\n二"\r\n,\n"李"四,"a""b"')
    const known = [
      { line: 1, cells: ['姓名', '备注'] },
      { line: 2, cells: ['张,伟', '一\n二'] },
      { line: 4, cells: ['', ''] },
      { line: 5, cells: ['"李"四', 'a"b'], fault: { code: 'ROW_QUOTES' } },
    ]
    expect([...rows]).toEqual(known)
    expect([...rows]).toEqual(known)
    expect(rows.length).toBe(4)
    expect([rows.at(3), rows.at(1), rows.at(4), rows.at(-1)]).toEqual([
      known[3],
      known[1],
      undefined,
      undefined,
    ])
  })

  test('hold the cells that the parser finds in the file as a whole', () => {
    const text = fc.string({ unit: fc.constantFrom(...'甲a🀄,;\t" \n\r'), maxLength: 60 })
    fc.assert(
      fc.property(text, (given) => {
        const table = readCsv(given, () => 1)
        if (!table.ok) return
        const options = {
          relax_column_count: true,
          relax_quotes: true,
          record_delimiter: ['\r\n', '\n', '\r'],
        }
        let whole: readonly (readonly string[])[]
        try {
          whole = parse(given, { ...options, delimiter: table.separator })
        } catch {
          return // a quotation mark that never closes: the last row is set apart
        }
        expect([...table.rows].map(({ cells }) => cells)).toEqual(whole)
      }),
      { numRuns: 500 },
    )
  })
})
