/** The rows that were refused or held, as a CSV to send back to whoever can correct them. */
import { explain } from '../base/message.ts'
import { findingCatalogue } from './codes.ts'
import { headerKey } from './columns.ts'
import type { Finding } from './finding.ts'
import type { Judged } from './judge.ts'

/** Headers of the columns that we add. */
const added = [
  '来源 Source',
  '多余单元格 Surplus cells',
  '问题代码 Code',
  '问题 Problem',
  '建议 Suggestion',
] as const
const addedKeys: ReadonlySet<string> = new Set(added.map(headerKey))

/**
 * UTF-8 text with byte order mark and CRLF, so that Excel opens it. The original columns come first and unchanged but
 * for an apostrophe before what Excel would calculate or cut to 15 digits; reading the file again takes it off.
 * Holds personal data.
 */
export function fixesCsv(judged: readonly Judged[]): string {
  const rows = judged.filter(({ verdict }) => verdict === 'reject' || verdict === 'hold')
  const headers = originalHeaders(rows)
  const lines = rows.map((row) => [...originalCells(row, headers), ...addedCells(row)])
  return `\ufeff${[[...headers, ...added], ...lines].map(csvLine).join('')}`
}

/** All headers of the files in the order they are met; without ours, where a list of fixes is fixed again. */
function originalHeaders(rows: readonly Judged[]): readonly string[] {
  const sources = new Set(rows.map(({ source }) => source))
  const headers = [...sources].flatMap(({ columns }) => columns.map(({ header }) => header))
  return [...new Set(headers)].filter((header) => header !== '' && !addedKeys.has(headerKey(header)))
}

function originalCells(row: Judged, headers: readonly string[]): readonly string[] {
  const given = cellsOf(row)
  const cells = new Map(row.source.columns.map(({ header }, at) => [header, given[at] ?? '']))
  return headers.map((header) => cells.get(header) ?? '')
}

const cellsOf = ({ source, record }: Judged): readonly string[] => source.records.at(record - 1)?.cells ?? []

function addedCells(row: Judged): readonly string[] {
  const { file, line, findings, suggested, source } = row
  const surplus = cellsOf(row).slice(source.columns.length).join(' | ')
  return [
    `${file}:${line}`,
    surplus,
    findings.map(({ code }) => code).join(' '),
    findings.map(problem).join(' / '),
    [suggested?.name, suggested?.idNumber].filter((value) => value !== undefined).join(' '),
  ]
}

function problem({ code, column, detail }: Finding): string {
  const explanation = findingCatalogue[code]
  const words = `${explain(explanation, 'zh', detail)} ${explain(explanation, 'en', detail)}`
  return column === undefined ? words : `[${column}] ${words}`
}

const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => quoted(neutralised(cell))).join(',')}\r\n`

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** What a spreadsheet would take for a formula or a number that it cannot hold becomes text. */
export function neutralised(cell: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]|^\s*\d{12,}\s*$/.test(cell) ? `'${cell}` : cell
}
