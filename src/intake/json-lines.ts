/** JSON Lines: one flat object a line. Numbers keep the digits that the file prints. */
import { isObject, type JsonObject, type JsonResult, parseJson } from '../base/json.ts'
import { fieldOf } from './columns.ts'
import { type Refusal, refuse } from './encoding.ts'
import type { Finding } from './finding.ts'
import { limits, type SourceRow } from './source-row.ts'

export interface JsonTable {
  readonly ok: true
  /** The first row holds the names that any line uses, in the order they are met. */
  readonly rows: readonly SourceRow[]
}

export function readJsonLines(text: string): JsonTable | Refusal {
  const lines = text.split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  if (lines.length > limits.records) return refuse('FILE_TOO_MANY_RECORDS', { limit: limits.records })
  const columns = new Map<string, number>()
  const rows = lines.map((line, index) => readLine(line.replace(/^\ufeff/, ''), index + 1, columns))
  if (columns.size > limits.columns) return refuse('FILE_TOO_MANY_COLUMNS', { limit: limits.columns })
  const blank: readonly string[] = Array(columns.size).fill('')
  const padded = rows.map((row) =>
    row.fault === undefined ? { ...row, cells: [...row.cells, ...blank.slice(row.cells.length)] } : row,
  )
  return { ok: true, rows: [{ line: 0, cells: [...columns.keys()] }, ...padded] }
}

/** Reads one line; names that were not met before are added to `columns`. */
function readLine(line: string, number: number, columns: Map<string, number>): SourceRow {
  if (line.trim() === '') return { line: number, cells: [] }
  const parsed = parseJson(line)
  if (!parsed.ok && parsed.fault !== 'unsafe_number') return malformed(number, line, parsed.fault)
  const value = exactNumbers(line)
  if (!isObject(value)) return malformed(number, line, 'not_an_object')
  const cells: string[] = []
  const numeric: number[] = []
  for (const [name, cell] of Object.entries(value)) {
    const at = columns.get(name) ?? columns.size
    columns.set(name, at)
    if (columns.size > limits.columns) break
    if (cell instanceof ExactNumber) numeric.push(at)
    else if (typeof cell === 'object' && cell !== null) return malformed(number, line, 'not_flat')
    while (cells.length <= at) cells.push('')
    cells[at] = cell === null ? '' : String(cell)
  }
  const row: SourceRow = { line: number, cells, ...(numeric.length > 0 && { numeric }) }
  return parsed.ok ? row : { ...row, fault: unsafeNumber(value, parsed) }
}

const malformed = (line: number, text: string, fault: string): SourceRow => ({
  line,
  cells: [text.slice(0, limits.cellCharacters)],
  fault: { code: 'ROW_JSON', detail: { fault } },
})

/** An ID number without quotation marks is the usual number beyond 2^53-1. */
function unsafeNumber(value: JsonObject, parsed: Extract<JsonResult, { ok: false }>): Finding {
  const name = Object.keys(value).find((key) => fieldOf(key) === 'idNumber')
  return name !== undefined && (value[name] as unknown) instanceof ExactNumber
    ? { code: 'ID_EXCEL_NUMBER', column: name }
    : { code: 'ROW_JSON', detail: { fault: parsed.fault } }
}

/** A number by its digits: a double would take 59.9999999999999999 for 60. */
class ExactNumber {
  readonly digits: string
  constructor(digits: string) {
    this.digits = digits
  }
  toString(): string {
    return this.digits
  }
}

/** ECMAScript 2026, JSON.parse source text access; where it is missing, the number as the double prints. */
function exactNumbers(line: string): unknown {
  const keepDigits = (_name: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' ? new ExactNumber(context?.source ?? String(value)) : value
  return JSON.parse(line, keepDigits)
}
