/**
 * Excel workbooks as rows. The only file that imports `read-excel-file`. A workbook is measured before it is unpacked,
 * and what was measured is what gets read: the parts we unpacked ourselves are handed on in a new, uncompressed zip.
 */
import { unzipSync, zipSync } from 'fflate'
import readSheets from 'read-excel-file/universal'
import type { Bytes } from '../base/bytes.ts'
import { utf8, utf8Text } from '../base/bytes.ts'
import { findHeader, headerWindow } from './columns.ts'
import { type Refusal, refuse } from './encoding.ts'
import type { Finding } from './finding.ts'
import { limits, type SourceRow } from './source-row.ts'

export interface Workbook {
  readonly ok: true
  readonly rows: readonly SourceRow[]
  readonly notices: readonly Finding[]
}

/** Reads the first sheet that has a header of ours; the others are named in a notice. */
export async function readWorkbook(bytes: Bytes): Promise<Workbook | Refusal> {
  const unpacked = unpack(bytes)
  if (!unpacked.ok) return unpacked
  let sheets: Awaited<ReturnType<typeof readSheets<NumberCell>>>
  try {
    const archive = zipSync({ ...unpacked.parts }, { level: 0 })
    sheets = await readSheets<NumberCell>(archive.buffer as ArrayBuffer, {
      trim: false,
      parseNumber: (digits) => ({ digits }),
    })
  } catch {
    return refuse('FILE_XLSX_UNREADABLE', { what: 'damaged parts' })
  }
  const at = sheets.findIndex(({ data }) => findHeader(data.slice(0, headerWindow).map(readRow)) >= 0)
  const chosen = sheets[at]
  if (chosen === undefined) return refuse('FILE_NO_HEADER', { rows: headerWindow })
  const others = sheets.filter((_, index) => index !== at).map(({ sheet }) => sheet)
  return {
    ok: true,
    rows: chosen.data.map(readRow),
    notices:
      others.length === 0
        ? []
        : [{ code: 'FILE_SHEETS_IGNORED', detail: { sheet: chosen.sheet, sheets: others } }],
  }
}

/** A number as the workbook writes it. */
interface NumberCell {
  readonly digits: string
}

function readRow(values: readonly unknown[], index: number): SourceRow {
  const numeric = values.flatMap((value, at) => (isNumberCell(value) ? [at] : []))
  return { line: index + 1, cells: values.map(cellText), ...(numeric.length > 0 && { numeric }) }
}

const isNumberCell = (value: unknown): value is NumberCell =>
  typeof value === 'object' && value !== null && 'digits' in value

function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return dateText(value)
  // Excel writes 17 digits of a double, 59.899999999999999 for 59.9; the shortest text of that double is what was typed.
  if (isNumberCell(value))
    return Number.isNaN(Number(value.digits)) ? value.digits : String(Number(value.digits))
  return String(value)
}

/** A cell with a date format holds a day, or a day and a time, without a zone. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return '#DATE'
  const text = date.toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, -14) : text.slice(0, 19).replace('T', ' ')
}

type Parts = Readonly<Record<string, Bytes>>

/** Sizes come from the central directory; a part that unpacks to more than it declares is cut there. */
function unpack(bytes: Bytes): { readonly ok: true; readonly parts: Parts } | Refusal {
  const entries: { readonly name: string; readonly size: number }[] = []
  try {
    unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        entries.push({ name, size: originalSize })
        return false
      },
    })
  } catch {
    return refuse('FILE_XLSX_UNREADABLE', { what: 'not a zip' })
  }
  if (!entries.some(({ name }) => name === 'xl/workbook.xml')) {
    return refuse('FILE_XLSX_UNREADABLE', { what: 'no xl/workbook.xml' })
  }
  const unpackedBytes = entries.reduce((sum, { size }) => sum + size, 0)
  if (entries.length > limits.zipEntries) return tooLarge(`${entries.length} parts`)
  if (unpackedBytes > limits.unpackedBytes) return tooLarge(`${Math.ceil(unpackedBytes / 1_048_576)} MiB`)
  try {
    const parts = unzipSync(bytes, { filter: ({ name }) => /\.(?:xml|rels)$/.test(name) })
    return measured(parts as Record<string, Bytes>)
  } catch {
    return refuse('FILE_XLSX_UNREADABLE', { what: 'damaged zip' })
  }
}

const tooLarge = (what: string): Refusal => refuse('FILE_XLSX_TOO_LARGE', { what })

/** Checks every sheet's cell addresses, since two cells far apart make the reader lay out all cells between them. */
function measured(parts: Parts): { readonly ok: true; readonly parts: Parts } | Refusal {
  const sheets = Object.entries(parts).filter(([name]) => /(?:^|\/)worksheets\/[^/]+\.xml$/.test(name))
  const readable: Record<string, Bytes> = { ...parts }
  for (const [name, part] of sheets) {
    const xml = utf8Text(part)
    if (xml === null) return refuse('FILE_XLSX_UNREADABLE', { what: 'a sheet that is not UTF-8' })
    const extent = extentOf(xml)
    if (extent === null) return refuse('FILE_XLSX_UNREADABLE', { what: 'an address that is none' })
    const { rows, columns } = extent
    if (columns > limits.columns) return refuse('FILE_TOO_MANY_COLUMNS', { limit: limits.columns })
    if (rows > lastRow || rows * columns > limits.sheetCells) return tooLarge(`${rows} × ${columns} cells`)
    readable[name] = utf8(errorsAsText(xml))
  }
  return { ok: true, parts: readable }
}

/** Excel's own limit. */
const lastRow = 1_048_576

/** The furthest row, and the furthest column of a cell with content; `null` where an address cannot be one. */
function extentOf(xml: string): { readonly rows: number; readonly columns: number } | null {
  let rows = 0
  let columns = 0
  for (const [, tag, attributes = ''] of xml.matchAll(/<(?:[\w.-]+:)?(row|c)\b([^>]*)>/g)) {
    const address = /\br\s*=\s*["']([^"']*)["']/.exec(attributes)?.[1]
    const match = /^([A-Z]{0,3})(\d{1,9})$/.exec(address ?? (tag === 'row' ? '0' : ''))
    if (match === null) return null
    rows = Math.max(rows, Number(match[2]))
    if (!attributes.endsWith('/')) columns = Math.max(columns, columnNumber(match[1] ?? ''))
  }
  return { rows, columns }
}

const columnNumber = (letters: string): number =>
  [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0)

/** The reader leaves out cells with errors; as text, `#N/A` is seen and judged. */
const errorsAsText = (xml: string): string =>
  xml.replace(/(<(?:[\w.-]+:)?c\b[^>]*?\st\s*=\s*)(["'])e\2/g, '$1$2str$2')
