/** An employer's roster: who claims what. Bytes in, persons out, in any encoding and with any separator that exports have. */
import type { Bytes } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { type GradeCode, readGrade } from '../certificate/grade.ts'
import { halfWidth, unwrap, withoutInvisible } from './cell-text.ts'
import { type Field, fieldOf, headerKey, headerWindow } from './columns.ts'
import { readCsv } from './csv.ts'
import { openBytes } from './encoding.ts'
import { cleanNumber } from './id-number.ts'
import type { SourceRow } from './source-row.ts'

/** A person as the employer knows them. */
export interface RosterPerson {
  /** Line of the file, 1 for the first. */
  readonly line: number
  readonly name: string
  /** Without spreadsheet noise; absent where the cell is empty. */
  readonly idNumber?: string
  /** `unknown` where the cell holds no word for a grade of the scheme. */
  readonly grade?: GradeCode | 'unknown'
  readonly occupationCode?: string
  readonly number?: string
}

/** Persons of one roster. */
export const rosterLimit = 200_000

/** Reads a roster. A name column is needed, everything else sharpens the match. @throws `screen.roster_malformed` */
export function readRoster(bytes: Bytes): readonly RosterPerson[] {
  const opened = openBytes(bytes)
  if (!opened.ok) throw malformed(opened.finding.code)
  if (opened.kind !== 'csv') throw malformed(opened.kind)
  if (opened.cut) throw malformed('FILE_TRUNCATED')
  const table = readCsv(opened.text, (rows) => Math.max(0, ...rows.map(({ cells }) => columnsIn(cells).size)))
  if (!table.ok) throw malformed(table.finding.code)
  const rows = [...table.rows]
  const at = rows.slice(0, headerWindow).findIndex(({ cells }) => columnsIn(cells).has('name'))
  const header = rows[at]
  if (header === undefined) throw malformed('姓名 / name')
  const persons = rows
    .slice(at + 1)
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map((row) => personIn(row, columnsIn(header.cells)))
  if (persons.length > rosterLimit) throw malformed(`> ${rosterLimit}`)
  if (persons.length === 0) throw malformed('0')
  return persons
}

const malformed = (what: string) => new CertificateError('screen.roster_malformed', { what })

type Column = Extract<Field, 'name' | 'idNumber' | 'grade' | 'occupationCode'> | 'number'

const wanted: readonly Column[] = ['name', 'idNumber', 'grade', 'occupationCode', 'number']
/** What rosters call it beside what exports do; 编号 alone is a row number there. */
const numberHeaders = [
  '证书编号',
  '证书号',
  '等级证书编号',
  'certificate number',
  'certificateNumber',
  'certificate',
].map(headerKey)

function columnsIn(cells: readonly string[]): ReadonlyMap<Column, number> {
  const found = new Map<Column, number>()
  for (const [i, cell] of cells.entries()) {
    const field = fieldOf(cell)
    const column = numberHeaders.includes(headerKey(cell)) ? 'number' : wanted.find((one) => one === field)
    if (column !== undefined && !found.has(column)) found.set(column, i)
  }
  return found
}

function personIn({ line, cells, fault }: SourceRow, columns: ReadonlyMap<Column, number>): RosterPerson {
  if (fault !== undefined) throw malformed(`${fault.code}, line ${line}`)
  const text = (column: Column) => cells[columns.get(column) ?? -1] ?? ''
  const idNumber = cleanNumber(text('idNumber')).number
  const [gradeWord, occupationCode, number] = [
    cleanCell(text('grade')),
    cleanCell(text('occupationCode')),
    cleanCell(text('number')),
  ]
  const reading = gradeWord === '' ? undefined : readGrade(gradeWord)
  return {
    line,
    name: text('name').trim(),
    ...(idNumber !== '' && { idNumber }),
    ...(reading !== undefined && { grade: reading.kind === 'grade' ? reading.code : 'unknown' }),
    ...(occupationCode !== '' && { occupationCode }),
    ...(number !== '' && { number }),
  }
}

/** Codes and numbers without what a spreadsheet put around them; a name stays as it is written. */
const cleanCell = (cell: string): string => halfWidth(unwrap(withoutInvisible(cell)).text).trim()
