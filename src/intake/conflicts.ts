/** What rows say about each other: the same row twice, one ID with two names, two grades in one session. Linear in the rows. */
import type { Candidate, Remark } from './candidate.ts'

export interface Placed {
  readonly file: string
  readonly line: number
  readonly candidate: Candidate
}

/** Remarks by row; rows that come first count where two are equal. */
export function findConflicts(rows: readonly Placed[]): ReadonlyMap<Placed, readonly Remark[]> {
  const firsts = new Map<string, Placed>()
  const remarks = new Map<Placed, Remark[]>()
  const distinct: Placed[] = []
  for (const row of rows) {
    const first = firsts.get(row.candidate.content)
    if (first === undefined) {
      firsts.set(row.candidate.content, row)
      distinct.push(row)
    } else {
      remarks.set(row, [{ code: 'DUPLICATE_EXACT', detail: { file: first.file, line: first.line } }])
    }
  }
  for (const { code, field, sameAs, differsIn } of rules) {
    for (const group of groupsOf(distinct, sameAs)) {
      if (differsIn !== undefined && new Set(group.map(differsIn)).size === 1) continue
      const places = group.slice(0, mostPlaces + 1).map(placeOf)
      for (const row of group) {
        const others = places.filter((place) => place !== placeOf(row)).slice(0, mostPlaces)
        const remark: Remark = { code, detail: { rows: others }, ...(field !== undefined && { field }) }
        remarks.set(row, [...(remarks.get(row) ?? []), remark])
      }
    }
  }
  return remarks
}

/** Rows that a remark names; there may be thousands. */
const mostPlaces = 5

const placeOf = ({ file, line }: Placed): string => `${file}:${line}`

interface ConflictRule extends Pick<Remark, 'code' | 'field'> {
  /** Rows with the same key belong together; `null` leaves a row out. */
  readonly sameAs: (row: Placed) => string | null
  /** Rows that belong together conflict if these differ; without it they conflict in any case. */
  readonly differsIn?: (row: Placed) => string | undefined
}

/** A value that could not be read, or is only suggested, takes no part. */
const keyOf = (...parts: readonly (string | undefined)[]): string | null =>
  parts.includes(undefined) ? null : parts.join('\u001f')

const rules: readonly ConflictRule[] = [
  {
    code: 'DUPLICATE_CONFLICT',
    sameAs: ({ candidate: { values } }) =>
      keyOf(values.session, values.idNumber, values.occupationCode, values.direction ?? '', values.grade),
  },
  {
    code: 'ID_NAME_CONFLICT',
    field: 'name',
    sameAs: ({ candidate: { values } }) => (values.matchKey === undefined ? null : keyOf(values.idNumber)),
    differsIn: ({ candidate }) => candidate.values.matchKey,
  },
  {
    code: 'MULTI_GRADE',
    field: 'grade',
    sameAs: ({ candidate: { values } }) =>
      values.grade === undefined ? null : keyOf(values.session, values.idNumber, values.occupationCode),
    differsIn: ({ candidate }) => candidate.values.grade,
  },
]

/** Groups of two and more: most rows of a file have a key of their own. */
function groupsOf(
  rows: readonly Placed[],
  keyOfRow: (row: Placed) => string | null,
): readonly (readonly Placed[])[] {
  const firsts = new Map<string, Placed>()
  const groups = new Map<Placed, Placed[]>()
  for (const row of rows) {
    const key = keyOfRow(row)
    if (key === null) continue
    const first = firsts.get(key)
    if (first === undefined) {
      firsts.set(key, row)
      continue
    }
    const group = groups.get(first)
    if (group === undefined) groups.set(first, [first, row])
    else group.push(row)
  }
  return [...groups.values()]
}
