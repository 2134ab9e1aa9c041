/**
 * What a supervisor wants to see: how many certificates were awarded, by agency, occupation, grade and month, beside a plan;
 * what was taken back and why; what was awarded outside a recognition. Counts only: no person stands in it.
 */
import * as z from 'zod/mini'
import type { Bytes } from '../base/bytes.ts'
import type { Did } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import type { CalendarDate } from '../base/instant.ts'
import { parseJson } from '../base/json.ts'
import { type GradeCode, gradeCodes } from '../certificate/grade.ts'
import { currentCode, occupationCodePattern } from '../certificate/occupation-code.ts'
import type { Standing } from '../registry/registry.ts'
import type { AuthenticList } from '../trust/chain.ts'
import { type ScopeFault, scopeFault } from '../trust/recognise.ts'

/** One certificate, without whose it is. */
export interface Awarded {
  readonly agency: Did
  readonly agencyName: string
  readonly occupation: string
  readonly grade: GradeCode
  readonly region: string | undefined
  readonly awardedOn: CalendarDate
  readonly standing: Standing
  /** Code of the reason for which it was revoked or suspended. */
  readonly reason?: string | undefined
}

export interface CountRow {
  readonly agency: Did
  /** As its latest certificate of the row calls it. */
  readonly agencyName: string
  readonly occupation: string
  readonly grade: GradeCode
  /** `2026-01`. */
  readonly month: string
  /** All that were awarded, what was taken back later among them; a certificate issued again counts once. */
  readonly awarded: number
  readonly revoked: number
  readonly suspended: number
}

export interface TargetRow extends Target {
  readonly awarded: number
  /** Of the target, one decimal. */
  readonly percent: number
}

export interface Supervision {
  readonly rows: readonly CountRow[]
  readonly awarded: number
  readonly revoked: number
  readonly suspended: number
  /** By code of the reason. */
  readonly reasons: Readonly<Record<string, number>>
  /** What no list of the authority covers, by why. */
  readonly outside: readonly {
    readonly agency: Did
    readonly fault: ScopeFault | 'agency_not_listed'
    readonly count: number
  }[]
  readonly plan: readonly TargetRow[]
}

/** A number that is to be reached in a year, for all or for what it names. */
export interface Target {
  readonly year: number
  readonly count: number
  readonly agency?: string | undefined
  readonly occupation?: string | undefined
  readonly grade?: GradeCode | undefined
  readonly region?: string | undefined
}

export interface SuperviseOptions {
  readonly plan?: readonly Target[] | undefined
  /** Lists that count now; without them nothing is said of scopes. */
  readonly lists?: readonly AuthenticList[] | undefined
  /** First and last day of award that are counted. */
  readonly since?: CalendarDate | undefined
  readonly until?: CalendarDate | undefined
}

/** Counts certificates as they come; memory grows with the kinds of them, not with their number. */
export async function supervise(
  awards: AsyncIterable<Awarded> | Iterable<Awarded>,
  {
    plan = [],
    lists,
    since = '' as CalendarDate,
    until = '9999-12-31' as CalendarDate,
  }: SuperviseOptions = {},
): Promise<Supervision> {
  const counts = new Map<string, Mutable<CountRow>>()
  const namedOn = new Map<string, string>()
  const reached = plan.map(() => 0)
  const reasons = new Map<string, number>()
  const outside = new Map<string, Mutable<Supervision['outside'][number]>>()
  for await (const one of awards) {
    if (one.standing === 'superseded' || one.awardedOn < since || one.awardedOn > until) continue
    const occupation = currentCode(one.occupation)
    const month = one.awardedOn.slice(0, 7)
    const key = JSON.stringify([one.agency, occupation, one.grade, month])
    const row = counts.get(key) ?? {
      agency: one.agency,
      agencyName: one.agencyName,
      occupation,
      grade: one.grade,
      month,
      awarded: 0,
      revoked: 0,
      suspended: 0,
    }
    // Whichever comes first, the latest name stands; of two from one day the one that sorts last.
    const named = `${one.awardedOn} ${one.agencyName}`
    if (named > (namedOn.get(key) ?? '')) {
      namedOn.set(key, named)
      row.agencyName = one.agencyName
    }
    row.awarded++
    if (one.standing === 'revoked') row.revoked++
    if (one.standing === 'suspended') row.suspended++
    counts.set(key, row)
    if (one.reason !== undefined && one.standing !== 'live')
      reasons.set(one.reason, (reasons.get(one.reason) ?? 0) + 1)
    for (const [i, target] of plan.entries())
      if (isMeant(target, one, occupation)) reached[i] = (reached[i] as number) + 1
    const fault = lists === undefined ? null : outsideOf(one, lists)
    if (fault !== null) {
      const name = JSON.stringify([one.agency, fault])
      const found = outside.get(name) ?? { agency: one.agency, fault, count: 0 }
      found.count++
      outside.set(name, found)
    }
  }
  const rows = sorted(counts)
  const total = (of: 'awarded' | 'revoked' | 'suspended') => rows.reduce((sum, row) => sum + row[of], 0)
  return {
    rows,
    awarded: total('awarded'),
    revoked: total('revoked'),
    suspended: total('suspended'),
    reasons: Object.fromEntries([...reasons].toSorted()),
    outside: sorted(outside),
    plan: plan.map((target, i) => {
      const awarded = reached[i] as number
      return { ...target, awarded, percent: Math.round((awarded * 1000) / target.count) / 10 }
    }),
  }
}

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] }

const sorted = <T>(byName: ReadonlyMap<string, T>): readonly T[] =>
  [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)

function isMeant(target: Target, { agency, grade, region, awardedOn }: Awarded, occupation: string): boolean {
  return (
    Number(awardedOn.slice(0, 4)) === target.year &&
    (target.agency === undefined || target.agency === agency) &&
    (target.grade === undefined || target.grade === grade) &&
    (target.occupation === undefined || currentCode(target.occupation) === occupation) &&
    (target.region === undefined ||
      region === target.region ||
      region?.startsWith(`${target.region}-`) === true)
  )
}

/** `null` where one list covers it; else why the first that knows the agency does not. */
function outsideOf(
  { agency, occupation, grade, region, awardedOn }: Awarded,
  lists: readonly AuthenticList[],
): ScopeFault | 'agency_not_listed' | null {
  const faults = lists.map((list) =>
    scopeFault(list, { agency, awardedOn, award: { occupation, grade, region } }),
  )
  if (faults.includes(null)) return null
  return faults.find((fault) => fault !== 'agency_not_listed') ?? 'agency_not_listed'
}

/** Reads a plan; its schema is `gradecert/schemas/plan-v1.json`. @throws `report.plan_malformed` */
export function readPlan(bytes: Bytes): readonly Target[] {
  const parsed = parseJson(bytes)
  const file = parsed.ok ? planFile.safeParse(parsed.value) : null
  if (!parsed.ok) throw new CertificateError('report.plan_malformed', { what: parsed.detail })
  if (!file?.success) {
    throw new CertificateError('report.plan_malformed', { what: file?.error.issues[0]?.path.join('/') ?? '' })
  }
  const { year, targets } = file.data
  return targets.map((target) => ({ year, ...target }))
}

const planFile = z.strictObject({
  type: z.literal('GradecertPlan'),
  version: z.literal(1),
  year: z.int().check(z.gte(1900), z.lte(9999)),
  targets: z
    .array(
      z.strictObject({
        count: z.int().check(z.gte(1)),
        agency: z.optional(z.string()),
        occupation: z.optional(z.string().check(z.regex(occupationCodePattern))),
        grade: z.optional(z.enum(gradeCodes)),
        region: z.optional(z.string().check(z.regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/))),
      }),
    )
    .check(z.minLength(1), z.maxLength(1000)),
})
