/** One record, cell by cell: what was read, and what there is to say about it. */
import { utf8 } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import type { CalendarDate, ZoneOffset } from '../base/instant.ts'
import type { Detail } from '../base/message.ts'
import type { Catalogue, CatalogueOccupation } from '../certificate/catalogue.ts'
import type { GradeCode } from '../certificate/grade.ts'
import {
  readDirection,
  readGradeCell,
  readOccupation,
  readOccupationName,
  readTrainingHours,
} from './award-cells.ts'
import { isPlaceholder, unwrap } from './cell-text.ts'
import type { FindingCode } from './codes.ts'
import { type ColumnIndex, type Field, fields } from './columns.ts'
import { readDate } from './exam-date.ts'
import type { UnsuccessfulResult } from './exam-result.ts'
import { readIdDocument } from './id-number.ts'
import { decideOutcome, type Outcome } from './outcome.ts'
import { meaningOf } from './outcome-word.ts'
import { readName } from './person-name.ts'
import { fault, type Reading } from './reading.ts'
import { readScore, type Score } from './score.ts'
import type { SourceRow } from './source-row.ts'
import { contradicted, readAdmissionNumber, readGender, readRemark, readText } from './text-cells.ts'

export interface CandidateContext {
  readonly catalogue: Catalogue
  /** The day of the clock in `zone`. */
  readonly today: CalendarDate
  readonly zone: ZoneOffset
}

/** A remark about a field; about the row as a whole without one. */
export interface Remark {
  readonly code: FindingCode
  readonly field?: Field
  readonly detail?: Detail
}

/** Values that cells probably should hold. Personal data: for whoever corrects the source, never for a log. */
export interface Suggested {
  readonly name?: string
  readonly idNumber?: string
}

export interface Candidate {
  readonly remarks: readonly Remark[]
  readonly suggested: Suggested
  /** What could be read; whole where no remark asks for `reject` or `hold`. */
  readonly values: Partial<UnsuccessfulResult>
  /** SHA-256 of all cells but the row number after normalising: equal for rows that say the same. */
  readonly content: string
}

/** No assessment of the programme is older. */
const earliestExam = '2000-01-01' as CalendarDate
const earliestBirth = '1900-01-01' as CalendarDate

export function readCandidate(row: SourceRow, index: ColumnIndex, context: CandidateContext): Candidate {
  const cells = cellsOf(row, index)
  const readings = readCells(cells, context)
  const outcome = decideOutcome({
    ...readings,
    result: index.has('result') ? cells.text('result') : undefined,
  })
  const values = valuesOf(readings)
  return {
    remarks: [...cellRemarks(readings, cells, outcome), ...outcomeRemarks(readings, outcome, context)],
    suggested: present<Suggested>({
      name: readings.name.suggested,
      idNumber: readings.idNumber.suggested,
    }),
    values,
    content: contentOf(values, readings, cells),
  }
}

/** The cells of a row by field; empty where the file has no such column. */
interface Cells {
  readonly raw: (field: Field) => string
  /** Without what exporters put around a value for Excel's sake. */
  readonly text: (field: Field) => string
  readonly isWrapped: (field: Field) => boolean
  readonly isNumeric: (field: Field) => boolean
}

function cellsOf(row: SourceRow, index: ColumnIndex): Cells {
  const at = (field: Field): number => index.get(field) ?? -1
  const raw = (field: Field): string => row.cells[at(field)] ?? ''
  return {
    raw,
    text: (field) => unwrap(raw(field)).text,
    isWrapped: (field) => unwrap(raw(field)).wrapper !== undefined,
    isNumeric: (field) => row.numeric?.includes(at(field)) ?? false,
  }
}

type Readings = ReturnType<typeof readCells>

function readCells({ raw, text, isNumeric }: Cells, context: CandidateContext) {
  const { catalogue, today, zone } = context
  const date = (field: Field, earliest: CalendarDate, whenEmpty?: FindingCode): Reading<CalendarDate> => {
    if (!isPlaceholder(text(field).trim())) return readDate(text(field), { today, zone, earliest })
    return whenEmpty === undefined ? {} : fault(whenEmpty)
  }
  const idNumber = readIdDocument({
    type: text('idType'),
    number: raw('idNumber'),
    numeric: isNumeric('idNumber'),
    today,
  })
  const occupationCode = readOccupation(text('occupationCode'), text('occupationName'), catalogue)
  const occupationName = readOccupationName(text('occupationName'), occupationCode.value)
  // Where code and name disagree, nobody knows yet whose directions and hours count.
  const occupation = occupationName.code === 'OCC_NAME_MISMATCH' ? undefined : occupationCode.value
  const grade = readGradeCell(text('grade'))
  return {
    session: readText(text('session'), 'SESSION_EMPTY'),
    admissionNumber: readAdmissionNumber(text('admissionNumber'), isNumeric('admissionNumber')),
    // An apostrophe may be the first letter of a name: 't Hooft.
    name: readName(unwrap(raw('name')).wrapper === 'formula' ? text('name') : raw('name')),
    idNumber,
    gender: contradicted(readGender(text('gender')), idNumber.value?.gender, 'GENDER_ID_MISMATCH'),
    birthDate: contradicted(
      date('birthDate', earliestBirth),
      idNumber.value?.birthDate,
      'BIRTHDATE_ID_MISMATCH',
    ),
    employer: readRemark(text('employer')),
    occupationCode,
    occupationName,
    direction: readDirection(text('direction'), occupation),
    grade,
    previousNumber: readText(text('previousNumber')),
    trainingProvider: readText(text('trainingProvider')),
    trainingHours: readTrainingHours(text('trainingHours'), requiredHours(occupation, grade.value)),
    trainingOrder: readText(text('trainingOrder')),
    trainingProject: readText(text('trainingProject')),
    trainedFrom: date('trainedFrom', earliestExam),
    site: readText(text('site')),
    examinedOn: date('examinedOn', earliestExam, 'DATE_EMPTY'),
    theory: readScore(text('theory'), catalogue.passMark),
    practical: readScore(text('practical'), catalogue.passMark),
    remark: readRemark(text('remark')),
  } satisfies Partial<Record<Field, Reading<unknown>>>
}

function requiredHours(occupation: CatalogueOccupation | undefined, grade: GradeCode | undefined) {
  return grade === undefined ? undefined : occupation?.items[grade].requiredTrainingHours
}

type ReadingsByField = Partial<Record<Field, Reading<unknown>>>

/** One remark a cell at most. */
function cellRemarks(readings: Readings, cells: Cells, outcome: Outcome): readonly Remark[] {
  const byField: ReadingsByField = readings
  return fields.flatMap((field): readonly Remark[] => {
    const { code, detail } = byField[field] ?? {}
    if (isScore(field) && !outcome.scoresCount) return []
    if (code === undefined)
      return cells.isWrapped(field) && field !== 'name' ? [{ code: 'CELL_WRAPPED', field }] : []
    return [{ code, field: fieldOfCode[code] ?? field, ...(detail !== undefined && { detail }) }]
  })
}

const isScore = (field: Field): boolean => field === 'theory' || field === 'practical'

/** Codes that come up in reading one cell and are about another. */
const fieldOfCode: Partial<Record<FindingCode, Field>> = {
  ID_TYPE_UNKNOWN: 'idType',
  ID_TYPE_INFERRED: 'idType',
}

function outcomeRemarks(
  readings: Readings,
  { code }: Outcome,
  { catalogue }: CandidateContext,
): readonly Remark[] {
  if (code === undefined) return []
  if (code !== 'SCORE_BELOW_60') return [{ code, field: 'result' }]
  const detail = { passMark: catalogue.passMark }
  return (['theory', 'practical'] as const)
    .filter((field) => !isPassed(readings[field].value))
    .map((field) => ({ code, field, detail }))
}

const isPassed = (score: Score | undefined): boolean => score?.kind === 'points' && score.passes

const pointsOf = (score: Score | undefined): number | undefined =>
  score?.kind === 'points' ? score.points : undefined

function valuesOf(readings: Readings): Partial<UnsuccessfulResult> {
  const { name, idNumber } = readings
  return present<UnsuccessfulResult>({
    session: readings.session.value,
    admissionNumber: readings.admissionNumber.value,
    name: name.value?.name,
    matchKey: name.value?.matchKey,
    idType: idNumber.value?.type,
    idNumber: idNumber.value?.number,
    birthDate: idNumber.value?.birthDate ?? readings.birthDate.value,
    occupationCode: readings.occupationCode.value?.code,
    direction: readings.direction.value,
    grade: readings.grade.value,
    previousNumber: readings.previousNumber.value,
    trainingProvider: readings.trainingProvider.value,
    trainingHours: readings.trainingHours.value,
    trainingOrder: readings.trainingOrder.value,
    trainingProject: readings.trainingProject.value,
    trainedFrom: readings.trainedFrom.value,
    site: readings.site.value,
    examinedOn: readings.examinedOn.value,
    theory: pointsOf(readings.theory.value),
    practical: pointsOf(readings.practical.value),
  })
}

/** Leaves out what is undefined, since an optional member is either absent or has its type. */
function present<Whole extends object>(
  values: {
    readonly [Name in keyof Whole]-?: Whole[Name] | undefined
  },
): Partial<Whole> {
  const some: Partial<Whole> = {}
  for (const name in values) {
    if (values[name] !== undefined) some[name] = values[name]
  }
  return some
}

function contentOf(read: Partial<UnsuccessfulResult>, readings: Readings, cells: Cells): string {
  const byField: ReadingsByField = readings
  const values: Partial<Record<Field, unknown>> = {
    ...read,
    occupationName: readings.occupationName.value,
    gender: readings.gender.value,
    birthDate: readings.birthDate.value,
    result: meaningOf(cells.text('result')),
  }
  const content = contentFields
    .map((field) => String(values[field] ?? byField[field]?.normal ?? cells.text(field).trim()))
    .join('\u001f')
  return String.fromCharCode(...sha256(utf8(content)))
}

const contentFields = fields.filter((field) => field !== 'rowNumber')
