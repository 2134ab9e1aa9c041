/** Cells that say what was assessed: occupation, direction, grade, training hours. */
import { type Catalogue, type CatalogueOccupation, findOccupation } from '../certificate/catalogue.ts'
import { type GradeCode, type GradeReading, gradeLabels, readGrade } from '../certificate/grade.ts'
import { skillLevelOccupations } from '../certificate/occupation.ts'
import { halfWidth, isPlaceholder, withoutInvisible } from './cell-text.ts'
import { fault, type Reading, read } from './reading.ts'

const clean = (cell: string): string => {
  const text = halfWidth(withoutInvisible(cell)).trim()
  return isPlaceholder(text) ? '' : text
}

/** The code decides; the name only helps to say what is missing. */
export function readOccupation(
  codeCell: string,
  nameCell: string,
  catalogue: Catalogue,
): Reading<CatalogueOccupation> {
  const code = occupationCode(codeCell)
  const occupation = code === '' ? undefined : findOccupation(catalogue, code)
  if (occupation === undefined) return unknownOccupation(code, clean(nameCell), catalogue)
  if (code !== occupation.code) return read(occupation, 'OCC_CODE_FORMER', { code, current: occupation.code })
  return code === codeCell.trim() ? read(occupation) : read(occupation, 'OCC_CODE_FORMAT', { current: code })
}

/** `2023808` and `2－02－38－08` are `2-02-38-08`. */
function occupationCode(cell: string): string {
  const text = clean(cell)
    .replace(/[\u2010-\u2015\ufe63]/g, '-')
    .replace(/\s/g, '')
  const digits = /^(\d)(\d{2})(\d{2})(\d{2})(\d{3})?$/.exec(text)
  return digits === null
    ? text
    : digits
        .slice(1)
        .filter((part) => part !== undefined)
        .join('-')
}

function unknownOccupation(code: string, name: string, catalogue: Catalogue): Reading<CatalogueOccupation> {
  const normal = code
  if (code === '' && name === '') return fault('OCC_EMPTY', { normal })
  if (isSkillLevel(code, name)) return fault('OCC_WRONG_FAMILY', { normal })
  const named = catalogue.occupations.find((row) => namesOf(row).includes(nameKey(name)))
  return code === '' && named !== undefined
    ? fault('OCC_CODE_EMPTY', { normal, detail: { suggestion: named.code } })
    : fault('OCC_UNKNOWN', { normal })
}

/** Sub-codes, as `4-04-04-02-004`, belong to the occupation they extend. */
const isSkillLevel = (code: string, name: string): boolean =>
  skillLevelOccupations.some(
    (row) =>
      (row.code !== null && (code === row.code || code.startsWith(`${row.code}-`))) ||
      nameKey(name) === nameKey(row.name),
  )

const nameKey = (name: string): string =>
  halfWidth(withoutInvisible(name))
    .replace(/\([^()]*\)|\s/g, '')
    .toLowerCase()

/** 区块链, 区块链工程技术员 and the English name stand for 区块链工程技术人员. */
function namesOf({ labels }: CatalogueOccupation): readonly string[] {
  const stem = labels['zh-Hans'].replace(/工程技术人员$/, '')
  return [labels['zh-Hans'], stem, `${stem}工程技术员`, `${stem}工程人员`, labels.en ?? stem].map(nameKey)
}

export function readOccupationName(
  cell: string,
  occupation: CatalogueOccupation | undefined,
): Reading<string> {
  const name = clean(cell)
  if (occupation === undefined) return { normal: name }
  const label = occupation.labels['zh-Hans']
  if (name === '' || name === label) return read(label)
  return namesOf(occupation).includes(nameKey(name))
    ? read(label, 'OCC_NAME_ALIAS', { name: label })
    : fault('OCC_NAME_MISMATCH', { normal: name, detail: { code: occupation.code, name: label } })
}

/** An occupation with directions needs one of them; the others take none. */
export function readDirection(
  cell: string,
  occupation: CatalogueOccupation | undefined,
): Reading<string | undefined> {
  const text = clean(cell)
  if (occupation === undefined) return { normal: text }
  const directions = occupation.directions.map((labels) => labels['zh-Hans'])
  const named = occupation.directions.find((labels) =>
    [labels['zh-Hans'], labels.en].some((label) => label !== undefined && nameKey(label) === nameKey(text)),
  )
  if (text === '') {
    return directions.length === 0 ? read(undefined) : fault('DIRECTION_REQUIRED', { detail: { directions } })
  }
  if (named !== undefined) return read(named['zh-Hans'])
  return directions.length === 0
    ? fault('DIRECTION_UNEXPECTED', { normal: text })
    : fault('DIRECTION_UNKNOWN', { normal: text, detail: { directions } })
}

const gradeFaults = {
  wrong_family: 'GRADE_WRONG_FAMILY',
  title: 'GRADE_TITLE_CONFUSION',
  unknown: 'GRADE_UNKNOWN',
} as const satisfies Record<Exclude<GradeReading['kind'], 'grade'>, string>

export function readGradeCell(cell: string): Reading<GradeCode> {
  const word = clean(cell)
  if (word === '') return fault('GRADE_EMPTY')
  const readings = [word, word.toLowerCase(), word.toUpperCase()].map(readGrade)
  const reading = readings.find(({ kind }) => kind === 'grade') ?? readings[0]
  if (reading?.kind !== 'grade') return fault(gradeFaults[reading?.kind ?? 'unknown'], { normal: word })
  const { code, alias } = reading
  const asPrinted = word === cell.trim() && (word === code || word === gradeLabels[code]['zh-Hans'])
  return alias || !asPrinted ? read(code, 'GRADE_ALIAS', { grade: gradeLabels[code]['zh-Hans'] }) : read(code)
}

/** More than a certificate can state. */
const mostHours = 10_000

/** Whole or decimal hours, with or without the unit. */
export function readTrainingHours(cell: string, required: number | undefined): Reading<number> {
  const text = clean(cell)
  if (text === '') {
    return required === undefined || required === 0
      ? {}
      : fault('TRAINING_HOURS_MISSING', { detail: { required } })
  }
  const match = /^(\d{1,5}(?:\.\d{1,2})?)\s*(?:标准学时|学时|课时|小时|hours?|h)?$/i.exec(text)
  const hours = Number(match?.[1])
  if (match === null || hours > mostHours) return fault('TRAINING_HOURS_UNREADABLE', { normal: text })
  if (required !== undefined && hours < required) {
    return fault('TRAINING_HOURS_LOW', { normal: String(hours), detail: { hours, required } })
  }
  return match[1] === cell.trim() ? read(hours) : read(hours, 'TRAINING_HOURS_FORMAT', { hours })
}
