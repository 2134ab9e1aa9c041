/** A file of exam results: bytes in, records out. What the cells say is judged elsewhere. */
import type { Bytes } from '../base/bytes.ts'
import type { Detail } from '../base/message.ts'
import type { FindingCode } from './codes.ts'
import {
  type Column,
  columnsOf,
  type Field,
  fieldOf,
  findHeader,
  headerWindow,
  indexColumns,
  recognisedFields,
  repeatedHeaders,
  requiredFields,
  usualHeader,
} from './columns.ts'
import { readCsv, type Separator } from './csv.ts'
import { type Encoding, openBytes, type Refusal, refuse } from './encoding.ts'
import type { Finding } from './finding.ts'
import { readJsonLines } from './json-lines.ts'
import { firstRows, limits, madeRows, type Rows, type SourceRow } from './source-row.ts'
import { readWorkbook } from './xlsx.ts'

export interface ResultsFile {
  readonly name: string
  readonly kind: 'csv' | 'jsonl' | 'xlsx'
  readonly encoding: Encoding
  readonly separator?: Separator
  readonly columns: readonly Column[]
  readonly records: Rows<RawRecord>
  /** The last record is short and the file ends without a line break, or in the middle of a character. */
  readonly truncated: boolean
  /** About the file as a whole; none of them stops it. */
  readonly notices: readonly Finding[]
}

/** A row below the header: a candidate, or a blank row, a repeated header, a total. */
export interface RawRecord extends SourceRow {
  /** 1 for the first row below the header; every row counts. */
  readonly number: number
}

export type ResultsReading = { readonly ok: true; readonly file: ResultsFile } | Refusal

/** Reads CSV, JSON Lines or XLSX, told apart by content; the name is for messages only. */
export async function readResults(bytes: Bytes, options: { readonly name: string }): Promise<ResultsReading> {
  const { name } = options
  const opened = openBytes(bytes)
  if (!opened.ok) return opened
  if (opened.kind === 'xlsx') {
    const workbook = await readWorkbook(bytes)
    return workbook.ok ? compose({ ...workbook, name, kind: 'xlsx', encoding: 'xlsx', cut: false }) : workbook
  }
  const { encoding, kind } = opened
  const table = kind === 'jsonl' ? readJsonLines(opened.text) : readCsv(opened.text)
  if (!table.ok) return table
  const cut = opened.cut || endsShort(table.rows, opened.text)
  return compose({ ...table, name, kind, encoding, cut })
}

/** What the three formats have in common once they are rows. */
interface Table {
  readonly name: string
  readonly kind: ResultsFile['kind']
  readonly encoding: Encoding
  readonly separator?: Separator
  readonly rows: Rows
  readonly cut: boolean
  readonly notices?: readonly Finding[]
}

function compose(table: Table): ResultsReading {
  const { rows, cut, notices = [], name, kind, encoding, separator } = table
  const at = findHeader(firstRows(rows, headerWindow))
  const header = rows.at(at)
  if (at < 0 || header === undefined) return refuse('FILE_NO_HEADER', { rows: headerWindow })
  const columns = columnsOf(withoutTrailingBlanks(header.cells))
  const fault = headerFault(columns)
  if (fault !== null) return fault
  const records = madeRows(
    rows.length - at - 1,
    (index): RawRecord => ({
      ...fitted(rows.at(at + 1 + index) as SourceRow, columns, { kind, printedWidth: header.cells.length }), // there are as many
      number: index + 1,
    }),
  )
  if (records.length > limits.records) return refuse('FILE_TOO_MANY_RECORDS', { limit: limits.records })
  const changed = kind === 'jsonl' ? undefined : firstOf(records, otherHeader(columns))
  if (changed !== undefined) return refuse('FILE_HEADER_CHANGED', { line: changed.line })
  return {
    ok: true,
    file: {
      name,
      kind,
      encoding,
      ...(separator !== undefined && { separator }),
      columns,
      records: cut ? markCut(records, columns.length) : records,
      truncated: cut,
      notices: [...notices, ...tableNotices(columns, records, at, kind)],
    },
  }
}

function firstOf<Row>(rows: Rows<Row>, isMeant: (row: Row) => boolean): Row | undefined {
  for (const row of rows) if (isMeant(row)) return row
  return undefined
}

function headerFault(columns: readonly Column[]): Refusal | null {
  if (columns.length > limits.columns) return refuse('FILE_TOO_MANY_COLUMNS', { limit: limits.columns })
  const repeated = repeatedHeaders(columns)
  if (repeated.length > 0) return refuse('FILE_HEADER_REPEATED', { columns: repeated })
  const present: ReadonlySet<Field | undefined> = new Set(columns.map(({ field }) => field))
  const missing = requiredFields.filter((field) => !present.has(field))
  return missing.length === 0 ? null : refuse('FILE_COLUMNS_MISSING', { columns: missing.map(usualHeader) })
}

function tableNotices(
  columns: readonly Column[],
  records: Rows<RawRecord>,
  rowsAbove: number,
  kind: ResultsFile['kind'],
): readonly Finding[] {
  const ignored = columns.filter(({ field, header }) => field === undefined && header !== '')
  const notice = (code: FindingCode, detail: Detail, applies: boolean): Finding[] =>
    applies ? [{ code, detail }] : []
  return [
    ...notice('FILE_PREAMBLE', { rows: rowsAbove }, rowsAbove > 0 && kind !== 'jsonl'),
    ...notice('FILE_COLUMNS_IGNORED', { columns: ignored.map(({ header }) => header) }, ignored.length > 0),
    ...notice('FILE_NO_RECORDS', {}, records.length === 0),
  ]
}

/** Tables often carry separators after the last header; those columns have no name. */
function withoutTrailingBlanks(cells: readonly string[]): readonly string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1)
}

/** Gives a row the width of the header where nothing is lost by it, and marks what cannot be read as a record. */
function fitted(
  row: SourceRow,
  columns: readonly Column[],
  table: { readonly kind: ResultsFile['kind']; readonly printedWidth: number },
): SourceRow {
  const { cells, fault } = row
  if (fault !== undefined) return row
  const long = cells.findIndex((cell) => cell.length > limits.cellCharacters)
  if (long >= 0) {
    const column = columns[long]?.header ?? ''
    return { ...row, fault: { code: 'CELL_TOO_LONG', column, detail: { limit: limits.cellCharacters } } }
  }
  if (cells.length === columns.length) return row
  // In a sheet a cell knows its column, so notes beside the table and short rows do no harm.
  const isFramed =
    table.kind === 'xlsx' || (cells.length === table.printedWidth && isBlankFrom(cells, columns.length))
  return isFramed ? { ...row, cells: columns.map((_, at) => cells[at] ?? '') } : row
}

/** Separators after the last column stand in every row as they stand in the header. */
const isBlankFrom = (cells: readonly string[], at: number): boolean =>
  cells.slice(at).every((cell) => cell.trim() === '')

/** A second header with the columns in another order: what stands below it would be read wrongly. */
function otherHeader(columns: readonly Column[]): (row: RawRecord) => boolean {
  const index = indexColumns(columns)
  const name = index.get('name') ?? 0
  const idNumber = index.get('idNumber') ?? 0
  const looksLikeOne = ({ cells }: RawRecord) =>
    fieldOf(cells[name] ?? '') !== undefined || fieldOf(cells[idNumber] ?? '') !== undefined
  return (row) =>
    looksLikeOne(row) &&
    recognisedFields(row.cells).size >= requiredFields.length &&
    row.cells.some((cell, at) => fieldOf(cell) !== columns[at]?.field)
}

/** Whether the last row has fewer cells than the fullest, and nothing ends it. */
function endsShort(rows: Rows, text: string): boolean {
  const at = rows.length - 1
  const last = rows.at(at)
  const first = firstRows(rows, headerWindow)
  const headerAt = findHeader(first)
  const header = first[headerAt]
  if (last === undefined || header === undefined || at === headerAt || /[\r\n]$/.test(text)) return false
  return last.fault?.code === 'ROW_JSON' || last.cells.length < withoutTrailingBlanks(header.cells).length
}

function markCut(records: Rows<RawRecord>, columns: number): Rows<RawRecord> {
  return madeRows(records.length, (index) => {
    const row = records.at(index) as RawRecord // there are as many
    if (index < records.length - 1) return row
    return { ...row, fault: { code: 'ROW_SHAPE', detail: { cells: row.cells.length, columns } } }
  })
}
