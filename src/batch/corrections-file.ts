/** A table of corrections: a column for the number, one for each field that changes, an empty cell for what stays. */
import type { Bytes } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { fieldOf, headerKey } from '../intake/columns.ts'
import { readCsv } from '../intake/csv.ts'
import { openBytes } from '../intake/encoding.ts'
import type { SourceRow } from '../intake/source-row.ts'
import {
  type CorrectableField,
  type Corrections,
  correctableFields,
  isCorrectable,
} from '../issue/corrections.ts'

export interface CorrectionRow {
  /** Line of the file. */
  readonly line: number
  readonly number: string
  readonly corrections: Corrections
}

/**
 * Reads CSV in UTF-8, UTF-16 or GB18030. The whole table is looked at before any row counts.
 * @param path for messages only
 * @throws `reissue.file_malformed`, `reissue.field_unknown`
 */
export function readCorrections(bytes: Bytes, path: string): readonly CorrectionRow[] {
  const malformed = (what: string) => new CertificateError('reissue.file_malformed', { path, what })
  const opened = openBytes(bytes)
  if (!opened.ok) throw malformed(opened.finding.code)
  if (opened.kind !== 'csv' || opened.cut) throw malformed(opened.kind === 'csv' ? 'cut off' : opened.kind)
  const table = readCsv(opened.text, countColumns)
  if (!table.ok) throw malformed(table.finding.code)
  const [header, ...rows] = table.rows
  const columns = columnsOf(header?.cells ?? [])
  if (!columns.includes('number')) throw malformed('no column 证书编号')
  const twice = columns.find((column, at) => columns.indexOf(column) < at)
  if (twice !== undefined) throw malformed(`two columns ${twice}`)
  const read = rows.flatMap((row) => rowOf(row, columns, malformed))
  const seen = new Set<string>()
  for (const { number, line } of read) {
    if (seen.has(number)) throw malformed(`line ${line}: a number for the second time`)
    seen.add(number)
  }
  return read
}

type ColumnName = 'number' | CorrectableField

const numberHeaders = new Set(['证书编号', '证书号', 'number', 'certificateNumber'].map(headerKey))
const ownHeaders: ReadonlyMap<string, CorrectableField> = new Map([
  ...correctableFields.map((field) => [headerKey(field), field] as const),
  [headerKey('护照姓名'), 'romanisedName'],
  [headerKey('姓名拼写'), 'romanisedName'],
])

function columnNamed(header: string): ColumnName | undefined {
  const key = headerKey(header)
  if (numberHeaders.has(key)) return 'number'
  const field = ownHeaders.get(key) ?? fieldOf(header)
  return field !== undefined && isCorrectable(field) ? field : undefined
}

const countColumns = ([header]: readonly SourceRow[]): number =>
  header?.cells.filter((cell) => columnNamed(cell) !== undefined).length ?? 0

function columnsOf(cells: readonly string[]): readonly ColumnName[] {
  return cells.map((cell) => {
    const name = columnNamed(cell)
    if (name !== undefined) return name
    throw new CertificateError('reissue.field_unknown', {
      field: cell.slice(0, 50),
      fields: correctableFields,
    })
  })
}

function rowOf(
  { cells, line, fault }: SourceRow,
  columns: readonly ColumnName[],
  malformed: (what: string) => CertificateError,
): readonly CorrectionRow[] {
  if (fault !== undefined || (cells.length !== columns.length && cells.some((cell) => cell.trim() !== '')))
    throw malformed(`line ${line}: ${fault?.code ?? `${cells.length} cells`}`)
  const given = cells.flatMap((cell, at) => (cell.trim() === '' ? [] : [[columns[at], cell.trim()] as const]))
  if (given.length === 0) return []
  const { number, ...corrections } = Object.fromEntries(given) as Partial<Record<ColumnName, string>>
  if (number === undefined) throw malformed(`line ${line}: no number`)
  return [{ line, number, corrections }]
}
