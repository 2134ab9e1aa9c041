/** Rows for spreadsheets: quoted where they must be, and no cell that a spreadsheet would run. */

/** UTF-8 with a mark, without which Excel takes it for another encoding. */
export const csvHead = (columns: readonly string[]): string => `\ufeff${csvRow(columns)}`

/** RFC 4180, lines ended by CRLF. */
export const csvRow = (cells: readonly (string | number)[]): string => `${cells.map(cell).join(',')}\r\n`

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  // What starts like a formula is one for Excel, LibreOffice and WPS, quoted or not; full-width signs are taken for theirs.
  const text = /^[\s\0]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value
  return /["',\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}
