/** A row as a file holds it, the same for all formats, and the bounds that every file must keep. */
import type { Finding } from './finding.ts'

export interface SourceRow {
  /** Line of the file where the row starts, or row of the sheet; 1 for the first. */
  readonly line: number
  readonly cells: readonly string[]
  /** Indexes of the cells that the file holds as numbers, not text. */
  readonly numeric?: readonly number[]
  /** Why the row cannot be read as a record. */
  readonly fault?: Finding
}

/** Rows in their order. Whoever goes through them again may get each made anew: those of a CSV are held as bytes alone. */
export interface Rows<Row = SourceRow> extends Iterable<Row> {
  readonly length: number
  readonly at: (index: number) => Row | undefined
}

/** Rows that are made when somebody looks at them. */
export const madeRows = <Row>(length: number, make: (index: number) => Row): Rows<Row> => ({
  length,
  at: (index) => (index >= 0 && index < length ? make(index) : undefined),
  *[Symbol.iterator]() {
    for (let index = 0; index < length; index++) yield make(index)
  },
})

/** The first ones of some rows. */
export function firstRows<Row>(rows: Rows<Row>, count: number): readonly Row[] {
  const first: Row[] = []
  for (const row of rows) {
    if (first.length === count) break
    first.push(row)
  }
  return first
}

export const limits = {
  fileBytes: 256 * 1024 * 1024,
  cellCharacters: 4096,
  columns: 256,
  records: 1_000_000,
  /** Of a workbook: bytes of all its parts unpacked, parts, cells of a sheet including empty ones. */
  unpackedBytes: 512 * 1024 * 1024,
  zipEntries: 2_000,
  sheetCells: 32_000_000,
} as const
