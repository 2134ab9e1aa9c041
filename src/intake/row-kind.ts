/** Rows that are no candidates: blank ones, repeated headers, totals and footers. */
import type { FindingCode } from './codes.ts'
import { type Column, type ColumnIndex, headerKey } from './columns.ts'
import type { SourceRow } from './source-row.ts'

export type NoCandidate = Extract<FindingCode, 'ROW_EMPTY' | 'ROW_HEADER_REPEAT' | 'ROW_SUMMARY'>

export function noCandidate(
  row: SourceRow,
  columns: readonly Column[],
  index: ColumnIndex,
): NoCandidate | null {
  const { cells } = row
  const first = cells.find((cell) => cell.trim() !== '')
  if (first === undefined) return 'ROW_EMPTY'
  if (repeatsHeader(cells, columns)) return 'ROW_HEADER_REPEAT'
  const idNumber = cells[index.get('idNumber') ?? -1] ?? ''
  return summaryWord.test(first.trim()) && !/\d{6}/.test(idNumber) ? 'ROW_SUMMARY' : null
}

const repeatsHeader = (cells: readonly string[], columns: readonly Column[]): boolean =>
  headerKey(cells[0] ?? '') === headerKey(columns[0]?.header ?? '') &&
  columns.every(({ header }, at) => headerKey(cells[at] ?? '') === headerKey(header))

/** How a total or the foot of a printed list begins. */
const summaryWord =
  /^(?:合\s*计|总\s*计|小\s*计|共\s*计|总人数|总数|平均|人数|制表|填表|审核|核对|打印|签字|签章|注[:：]|说明[:：]|(?:sub\s?)?total|sum\b)/i
