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
