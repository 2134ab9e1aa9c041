/** What rows say about each other: the same row twice, one ID with two names, two grades in one session. Linear in the rows. */
import type { Candidate, Remark } from './candidate.ts'

export interface Placed {
  readonly file: string
  readonly line: number
  readonly candidate: Candidate
}

/** Remarks by row; rows that come first count where two are equal. */
export function findConflicts(rows: readonly Placed[]): ReadonlyMap<Placed, readonly Remark[]> {
  const remarks = new Map<Placed, Remark[]>()
  const again = new Set<Placed>()
  for (const [first, ...others] of groupsOf(rows, ({ candidate }) => candidate.content)) {
    for (const row of others) {
      const { file, line } = first as Placed // no group is empty
      remarks.set(row, [{ code: 'DUPLICATE_EXACT', detail: { file, line } }])
      again.add(row)
    }
  }
  const distinct = rows.filter((row) => !again.has(row))
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

/**
 * Groups of two and more. Most rows have a key of their own, and a key of every row at once weighs more than the rows: only
 * those whose fingerprint comes twice are looked at by their keys.
 */
function groupsOf(
  rows: readonly Placed[],
  keyOfRow: (row: Placed) => string | null,
): readonly (readonly Placed[])[] {
  const prints = Float64Array.from(rows, (row) => fingerprint(keyOfRow(row) ?? ''))
  const repeated = repeatedIn(prints)
  const groups = new Map<string, Placed[]>()
  for (const [at, row] of rows.entries()) {
    const key = repeated.has(prints[at] as number) ? keyOfRow(row) : null
    if (key === null) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return [...groups.values()].filter((group) => group.length > 1)
}

function repeatedIn(values: Float64Array): ReadonlySet<number> {
  const repeated = new Set<number>()
  const sorted = values.toSorted()
  for (let at = 1; at < sorted.length; at++)
    if (sorted[at] === sorted[at - 1]) repeated.add(sorted[at] as number)
  return repeated
}

/** 53 bits. Whoever makes two texts meet in them has them compared, and nothing more. */
function fingerprint(text: string): number {
  let [low, high] = [0x811c9dc5, 0x9e3779b9]
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ (unit + at), 0x85ebca6b)
  }
  return (high & 0x1fffff) * 0x100000000 + (low >>> 0)
}
