/** Text with separators, as rows. The only file that imports `csv-parse`. No row is ever dropped: malformed ones are marked. */
import { CsvError, parse } from 'csv-parse/sync'
import { type Bytes, utf8, utf8Text } from '../base/bytes.ts'
import { findHeader, headerWindow, recognisedFields } from './columns.ts'
import { type Refusal, refuse } from './encoding.ts'
import { limits, madeRows, type Rows, type SourceRow } from './source-row.ts'

export type Separator = ',' | ';' | '\t'
const separators = [',', ';', '\t'] as const satisfies readonly Separator[]

export interface CsvTable {
  readonly ok: true
  readonly separator: Separator
  readonly rows: Rows
}

/** Counts the columns that the first rows of a table name. */
export type CountNamed = (rows: readonly SourceRow[]) => number

/** The separator is the one by which the first rows yield the fullest header: that of results unless the caller counts another. */
export function readCsv(text: string, count: CountNamed = countResultColumns): CsvTable | Refusal {
  const bytes = utf8(text)
  const [best] = separators
    .map((separator) => ({ separator, named: count([...parseRows(bytes, separator, headerWindow).rows]) }))
    .sort((a, b) => b.named - a.named)
  if (best === undefined || best.named === 0) return refuse('FILE_NO_HEADER', { rows: headerWindow })
  const { separator } = best
  const { rows, fault, end, line } = parseRows(bytes, separator)
  if (fault === 'none') return { ok: true, separator, rows }
  if (fault === 'too_long') return refuse('FILE_ROW_TOO_LONG', { line })
  const rest = utf8Text(bytes.subarray(end)) ?? ''
  // A quotation mark that opens in an unfinished last line belongs to a cut file; any other swallows rows.
  return /[\r\n]/.test(rest)
    ? refuse('FILE_QUOTES', { line })
    : { ok: true, separator, rows: followedBy({ line, cells: [rest] }, rows) }
}

const followedBy = (last: SourceRow, rows: Rows): Rows =>
  madeRows(rows.length + 1, (index) => rows.at(index) ?? last)

const countResultColumns: CountNamed = (rows) => recognisedFields(rows[findHeader(rows)]?.cells ?? []).size

interface ParsedRows {
  readonly rows: Rows
  readonly fault: 'none' | 'quotes' | 'too_long'
  /** Where the rows end, as byte and as line. */
  readonly end: number
  readonly line: number
}

const quote = 0x22
const longestRow = limits.columns * limits.cellCharacters

/** One more than any file may have, titles above the header included. */
const mostRows = limits.records + headerWindow + 1

/**
 * `csv-parse` runs relaxed, so that one stray quotation mark costs one row; each row with quotation marks is then checked. Of
 * a row no more is kept than where it stands: cells weigh many times what the file does.
 */
function parseRows(bytes: Bytes, separator: Separator, to = mostRows): ParsedRows {
  const ends: number[] = []
  const lines: number[] = []
  const malformed = new Set<number>()
  let end = 0
  let line = 1
  const take = (cells: string[], { bytes: next }: { bytes: number }): null => {
    const source = bytes.subarray(end, next)
    const quoted = source.includes(quote)
    if (quoted && isMalformed(source, cells, separator)) malformed.add(ends.length)
    ends.push(next)
    lines.push(line)
    line += quoted ? lineBreaks(source) : 1
    end = next
    return null
  }
  const rows = (): Rows =>
    madeRows(
      ends.length,
      (index): SourceRow => ({
        line: lines[index] as number, // one for each end
        cells: cellsOf(bytes.subarray(ends[index - 1] ?? 0, ends[index]), separator),
        ...(malformed.has(index) && { fault: { code: 'ROW_QUOTES' } }),
      }),
    )
  const result = (fault: ParsedRows['fault']): ParsedRows => ({ rows: rows(), fault, end, line })
  try {
    parse(bytes, { ...options, delimiter: separator, to, on_record: take })
    return result('none')
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return result(error.code === 'CSV_MAX_RECORD_SIZE' ? 'too_long' : 'quotes')
  }
}

/** The cells of one row, as they were parsed. Each is a text of its own: a part of the row's would keep the whole row. */
function cellsOf(source: Bytes, separator: Separator): readonly string[] {
  if (source.includes(quote)) {
    const [cells = []] = parse(source, { ...options, delimiter: separator })
    return cells
  }
  const delimiter = separator.charCodeAt(0)
  const cells: string[] = []
  let from = 0
  for (let at = 0; at <= source.length; at++) {
    const byte = source[at]
    const isEnd = byte === undefined || byte === lineFeed || byte === carriageReturn
    if (byte !== delimiter && !isEnd) continue
    cells.push(at === from ? '' : (utf8Text(source.subarray(from, at)) as string)) // `readCsv` wrote it in UTF-8
    if (isEnd) break
    from = at + 1
  }
  return cells
}

const options = {
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  relax_quotes: true,
  max_record_size: longestRow,
}

/** Whether strict rules refuse the row, or a cell that breaks lines holds as many separators as a whole row. */
function isMalformed(source: Bytes, cells: readonly string[], separator: Separator): boolean {
  const swallowed = cells.some(
    (cell) => /[\r\n]/.test(cell) && cell.split(separator).length >= Math.max(fewestSwallowed, cells.length),
  )
  if (swallowed) return true
  try {
    parse(source, { ...options, delimiter: separator, relax_quotes: false })
    return false
  } catch {
    return true
  }
}

/** A line break and fewer separators than this may stand in an honest cell. */
const fewestSwallowed = 8

function lineBreaks(source: Bytes): number {
  let count = 0
  for (const [at, byte] of source.entries()) {
    if (byte === lineFeed || (byte === carriageReturn && source[at + 1] !== lineFeed)) count++
  }
  return count
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
