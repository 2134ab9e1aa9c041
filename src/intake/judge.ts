/** A verdict for every record of the files that are given together. */
import { dateIn, type Instant, type ZoneOffset } from '../base/instant.ts'
import type { Catalogue } from '../certificate/catalogue.ts'
import {
  type Candidate,
  type CandidateContext,
  type Remark,
  readCandidate,
  type Suggested,
} from './candidate.ts'
import { findingCatalogue } from './codes.ts'
import { type Column, type ColumnIndex, indexColumns } from './columns.ts'
import { findConflicts, type Placed } from './conflicts.ts'
import type { ExamResult, UnsuccessfulResult } from './exam-result.ts'
import { type Finding, type Verdict, verdicts } from './finding.ts'
import { keeper } from './kept.ts'
import type { RawRecord, ResultsFile } from './results-file.ts'
import { noCandidate } from './row-kind.ts'
import { cleared, isSuspicion, keepsDigits } from './zero-endings.ts'

export type { Finding, Verdict } from './finding.ts'

/** A record with its verdict. Only `issue` has a result that a certificate can be built from. */
export type Judged = JudgedRecord &
  (
    | { readonly verdict: 'issue'; readonly result: ExamResult }
    | { readonly verdict: 'no_certificate'; readonly result?: UnsuccessfulResult }
    | { readonly verdict: 'hold' | 'reject' | 'skip'; readonly result?: never }
  )

interface JudgedRecord {
  readonly file: string
  /** Number of the record below the header, and line (row of the sheet) where it starts. */
  readonly record: number
  readonly line: number
  /** The codes of the verdict only, in the order of the columns; remarks about the row as a whole come last. */
  readonly findings: readonly Finding[]
  /** What cells probably should hold. Personal data. */
  readonly suggested?: Suggested
  /** The file: its columns, and at `record - 1` of its records the cells as they came. Personal data. */
  readonly source: ResultsFile
}

/** A file of which nothing may be issued. */
export interface FileFault {
  readonly file: string
  readonly finding: Finding
}

export interface Judgement {
  readonly records: readonly Judged[]
  readonly faults: readonly FileFault[]
}

export interface JudgeOptions {
  readonly catalogue: Catalogue
  readonly now: Instant
  /** The zone of the assessment: it decides which day it is. */
  readonly zone: ZoneOffset
  /** Judges the whole records of a file that is cut off, too. */
  readonly allowPartial?: boolean
}

/**
 * Judges all records; duplicates and conflicts are looked for across the files. Of a file that is cut off, every record
 * that could be issued is held, so that a caller who overlooks the faults still mints nothing of it.
 */
export function judge(files: readonly ResultsFile[], options: JudgeOptions): Judgement {
  const { catalogue, now, zone, allowPartial = false } = options
  const context: CandidateContext = { catalogue, zone, today: dateIn(now, zone) }
  const isFaulty = (file: ResultsFile): boolean => file.truncated && !allowPartial
  const entries = files.flatMap((file) => entriesOf(file, context))
  // Where a row stands in a whole file and in a faulty one, the whole file's counts.
  const placed = [
    ...entries.filter(({ table }) => !isFaulty(table.source)),
    ...entries.filter(({ table }) => isFaulty(table.source)),
  ]
  const conflicts = findConflicts(placed.filter(isCandidate))
  return {
    records: entries.map((entry) => {
      const judged = judgedOf(entry, conflicts)
      return isFaulty(entry.table.source) ? held(judged) : judged
    }),
    faults: files.filter(isFaulty).map(({ name }) => ({ file: name, finding: { code: 'FILE_TRUNCATED' } })),
  }
}

/** A record that is a candidate, or what else it is. */
type Entry = CandidateEntry | OtherEntry

interface EntryBase {
  readonly table: Table
  readonly record: number
  readonly line: number
}

/** What the records of one file share. */
interface Table {
  readonly source: ResultsFile
  readonly index: ColumnIndex
}

interface CandidateEntry extends EntryBase, Placed {}

interface OtherEntry extends EntryBase {
  readonly finding: Finding
}

const isCandidate = (entry: Entry): entry is CandidateEntry => 'candidate' in entry

/** Entries for the records of a file. They take nothing of the cells but what was read in them. */
function entriesOf(source: ResultsFile, context: CandidateContext): readonly Entry[] {
  const { columns, name: file } = source
  const index = indexColumns(columns)
  const table: Table = { source, index }
  const keep = keeper()
  const entries: Entry[] = []
  for (const raw of source.records) {
    const { number: record, line } = raw
    const finding = otherFinding(raw, columns, index)
    entries.push(
      finding === null
        ? { table, record, line, file, candidate: keep(readCandidate(raw, index, context)) }
        : { table, record, line, finding },
    )
  }
  const candidates = entries.filter(isCandidate).map(({ candidate }) => candidate)
  const isSuspect = ({ remarks }: Candidate): boolean => remarks.some(isSuspicion)
  if (!candidates.some(isSuspect) || !keepsDigits(candidates)) return entries
  return entries.map((entry) =>
    isCandidate(entry) && isSuspect(entry.candidate)
      ? { ...entry, candidate: cleared(entry.candidate) }
      : entry,
  )
}

/** Why a row is not read cell by cell. */
function otherFinding(raw: RawRecord, columns: readonly Column[], index: ColumnIndex): Finding | null {
  if (raw.fault !== undefined) return raw.fault
  const code = noCandidate(raw, columns, index)
  if (code !== null) return { code }
  const cells = raw.cells.length
  return cells === columns.length ? null : { code: 'ROW_SHAPE', detail: { cells, columns: columns.length } }
}

function judgedOf(entry: Entry, conflicts: ReadonlyMap<Placed, readonly Remark[]>): Judged {
  const { table, line } = entry
  const { source } = table
  const record = { file: source.name, record: entry.record, line, source }
  if (!isCandidate(entry)) {
    const { finding } = entry
    return { ...record, findings: [finding], verdict: verdictOf([finding]) as 'reject' | 'skip' }
  }
  const { candidate } = entry
  const remarks = [...candidate.remarks, ...(conflicts.get(entry) ?? [])]
  const verdict = verdictOf(remarks)
  const findings = findingsOf(remarks, verdict, entry)
  const about = Object.keys(candidate.suggested).length > 0 ? { suggested: candidate.suggested } : {}
  return { ...record, ...about, findings, ...resultFor(verdict, candidate) }
}

const verdictOf = (remarks: readonly { readonly code: Finding['code'] }[]): Verdict =>
  verdicts.find((verdict) => remarks.some(({ code }) => findingCatalogue[code].verdict === verdict)) ??
  'issue'

function findingsOf(remarks: readonly Remark[], verdict: Verdict, entry: EntryBase): readonly Finding[] {
  const { index, source } = entry.table
  const columnOf = ({ field }: Remark): number =>
    (field === undefined ? undefined : index.get(field)) ?? Infinity
  return remarks
    .filter(({ code }) => findingCatalogue[code].verdict === verdict)
    .sort((a, b) => columnOf(a) - columnOf(b) || 0)
    .map((remark): Finding => {
      const column = source.columns[columnOf(remark)]?.header
      const { code, detail } = remark
      return { code, ...(column !== undefined && { column }), ...(detail !== undefined && { detail }) }
    })
}

type VerdictWithResult =
  | { readonly verdict: 'issue'; readonly result: ExamResult }
  | { readonly verdict: 'no_certificate'; readonly result?: UnsuccessfulResult }
  | { readonly verdict: 'hold' | 'reject' | 'skip' }

function resultFor(verdict: Verdict, { values }: Candidate): VerdictWithResult {
  if (verdict !== 'issue' && verdict !== 'no_certificate') return { verdict }
  if (!isWhole(values)) throw new TypeError('a record that nothing is said against lacks a value')
  if (verdict === 'no_certificate') return { verdict, result: values }
  if (!hasPoints(values)) throw new TypeError('a record to be issued lacks its points')
  return { verdict, result: values }
}

const essential = [
  'session',
  'name',
  'matchKey',
  'idType',
  'idNumber',
  'occupationCode',
  'grade',
  'examinedOn',
] as const

const isWhole = (values: Partial<UnsuccessfulResult>): values is UnsuccessfulResult =>
  essential.every((member) => values[member] !== undefined)

const hasPoints = (values: UnsuccessfulResult): values is ExamResult =>
  values.theory !== undefined && values.practical !== undefined

function held(judged: Judged): Judged {
  if (judged.verdict !== 'issue') return judged
  const { result: _, ...record } = judged
  return { ...record, verdict: 'hold', findings: [{ code: 'FILE_TRUNCATED' }] }
}
