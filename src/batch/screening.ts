/**
 * An employer's certificates against its roster: one row a person. Certificates are judged as they are read, and of each no
 * more is kept than a row needs, so that a hundred thousand fit into memory. No match is ever silent.
 */
import { type Grade, type GradeCode, grades } from '../certificate/grade.ts'
import { matchNames, type NameDifference, nameKey } from '../certificate/name-match.ts'
import { sameOccupation } from '../certificate/occupation-code.ts'
import { cleanNumber } from '../intake/id-number.ts'
import type { RosterPerson } from '../intake/roster.ts'
import type { MatchedField } from '../verify/policy.ts'
import { checkIds, type NotChecked, notCheckedIn, type Report, type Verdict } from '../verify/report.ts'

/** What is kept of one certificate. */
export interface Screened {
  readonly file: string
  /** Lower-case hex SHA-256 of its text. */
  readonly digest: string
  readonly verdict: Verdict
  /** `CHECK.REASON` of each check that speaks against it or leaves it open. */
  readonly reasons: readonly string[]
  readonly notChecked: readonly NotChecked[]
  /** The moment that its status is known of. */
  readonly asOf: string | undefined
  readonly number: string | undefined
  readonly name: string | undefined
  readonly romanisedName: string | undefined
  readonly idNumber: string | undefined
  readonly grade: GradeCode | undefined
  readonly occupationCode: string | undefined
}

/** Takes from a report what screening keeps. */
export function screened(file: string, report: Report): Screened {
  const { checks, digest, verdict } = report
  const stated = report.verdict === 'valid' ? report.certificate : report.claimed
  const award = stated !== undefined && 'award' in stated ? stated.award : undefined
  const holder = stated?.holder
  const idNumber = holder !== undefined && 'idNumber' in holder ? holder.idNumber : undefined
  return {
    file,
    digest,
    verdict,
    reasons: checkIds.flatMap((id) => {
      const check = checks[id]
      return check.outcome === 'fail' || check.outcome === 'unknown' ? [`${id}.${check.reason}`] : []
    }),
    notChecked: notCheckedIn(checks),
    asOf: asOfIn(report),
    number: stated !== undefined && 'number' in stated ? stated.number : undefined,
    name: holder?.name,
    romanisedName: holder?.romanisedName,
    idNumber: typeof idNumber === 'string' ? cleanNumber(idNumber).number : undefined,
    grade: (award?.grade as Grade | undefined)?.code,
    occupationCode: award?.occupation.code,
  }
}

function asOfIn({ checks: { status } }: Report): string | undefined {
  const lists = status.outcome === 'skipped' ? undefined : status.facts?.lists
  return Array.isArray(lists)
    ? lists.map((list) => String((list as { asOf?: unknown }).asOf)).toSorted()[0]
    : undefined
}

/** What is found when persons and certificates are put together; every one has words in `screeningWords`. */
export type ScreeningCode =
  | 'no_certificate'
  | 'name_differs'
  | 'name_not_disclosed'
  | 'name_written_otherwise'
  | 'name_by_passport'
  | 'name_not_unique'
  | 'id_number_differs'
  | 'id_number_not_disclosed'
  | 'match_not_possible'
  | 'grade_lower'
  | 'grade_higher'
  | 'grade_unreadable'
  | 'occupation_differs'
  | 'person_twice'
  | 'same_file_twice'
  | 'number_twice'
  | 'number_under_two_names'
  | 'certificate_of_two_persons'
  | 'more_certificates'

/** What a code makes of a person's verdict, the worst first. Codes that are not here are told and change nothing. */
const weights: Readonly<Partial<Record<ScreeningCode, PersonVerdict>>> = {
  no_certificate: 'missing',
  name_differs: 'invalid',
  id_number_differs: 'invalid',
  grade_lower: 'invalid',
  occupation_differs: 'invalid',
  number_under_two_names: 'invalid',
  certificate_of_two_persons: 'undetermined',
  name_not_unique: 'undetermined',
  name_not_disclosed: 'undetermined',
  match_not_possible: 'undetermined',
  grade_unreadable: 'undetermined',
}

export type PersonVerdict = Verdict | 'missing'

export interface PersonRow {
  readonly person: RosterPerson
  readonly verdict: PersonVerdict
  readonly certificate: Screened | undefined
  /** How the names agree; `undefined` where there is nothing to compare. */
  readonly name: 'exact' | 'same' | 'romanised' | 'different' | undefined
  readonly differences: readonly NameDifference[]
  readonly codes: readonly ScreeningCode[]
}

export interface Screening {
  /** In the order of the roster. */
  readonly persons: readonly PersonRow[]
  /** Certificates that are nobody's of the roster. */
  readonly others: readonly { readonly certificate: Screened; readonly codes: readonly ScreeningCode[] }[]
}

/** Puts persons and certificates together. The order of certificates never matters. */
export function screen(
  roster: readonly RosterPerson[],
  certificates: readonly Screened[],
  { match = [] }: { readonly match?: readonly MatchedField[] } = {},
): Screening {
  const inOrder = certificates.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  const byDigest = grouped(inOrder, ({ digest }) => digest)
  // One text may have anchors beside it in one place and none in another: the best verdict counts. No group is empty.
  const distinct = [...byDigest.values()].map(
    (same) => same.toSorted((a, b) => rankOf(a) - rankOf(b))[0] as Screened,
  )
  const byNumber = grouped(distinct, ({ number }) => number)
  const byName = grouped(distinct, ({ name }) => (name === undefined ? undefined : nameKey(name)))
  const byLatin = grouped(distinct, ({ romanisedName }) =>
    romanisedName === undefined ? undefined : latinKey(romanisedName),
  )
  const byId = grouped(distinct, ({ idNumber }) => idNumber)
  const namesakes = grouped(roster, ({ name }) => nameKey(name))
  const candidatesOf = (person: RosterPerson): readonly Screened[] => {
    if (person.number !== undefined) return byNumber.get(person.number) ?? []
    const byOwnId = person.idNumber === undefined ? undefined : byId.get(person.idNumber)
    return byOwnId ?? byName.get(nameKey(person.name)) ?? byLatin.get(latinKey(person.name)) ?? []
  }
  const chosen = roster.map((person) => ({
    person,
    candidates: candidatesOf(person).toSorted(bestFor(person)),
  }))
  const holders = new Map<string, RosterPerson[]>()
  for (const { person, candidates } of chosen) {
    const [best] = candidates
    if (best !== undefined) holders.set(best.digest, [...(holders.get(best.digest) ?? []), person])
  }
  const twinsOf = ({ number }: Screened): readonly Screened[] =>
    number === undefined ? [] : (byNumber.get(number) ?? [])
  /** Twins that are as good as it is: a forged or superseded file cannot speak against one that counts. */
  const equalsOf = (certificate: Screened): readonly Screened[] =>
    twinsOf(certificate).filter((twin) => rankOf(twin) <= rankOf(certificate))
  /** What the certificate shows, or another form of it. */
  const idNumberOf = (certificate: Screened): string | undefined =>
    certificate.idNumber ?? equalsOf(certificate).find(({ idNumber }) => idNumber !== undefined)?.idNumber
  const about = (certificate: Screened): readonly ScreeningCode[] => {
    const twins = twinsOf(certificate)
    const names = new Set(
      equalsOf(certificate).flatMap(({ name }) => (name === undefined ? [] : nameKey(name))),
    )
    return [
      ...((byDigest.get(certificate.digest)?.length ?? 0) > 1 ? (['same_file_twice'] as const) : []),
      ...(twins.length > 1 ? (['number_twice'] as const) : []),
      ...(names.size > 1 ? (['number_under_two_names'] as const) : []),
    ]
  }
  const persons = chosen.map(({ person, candidates }): PersonRow => {
    const [certificate] = candidates
    const twins = namesakes.get(nameKey(person.name)) ?? []
    const others = twins.filter((other) => other !== person)
    const isAgain = (other: RosterPerson) =>
      other.idNumber === person.idNumber && other.number === person.number
    const isTwice = others.some(isAgain)
    const isUnique = others.every(isAgain)
    const shared: ScreeningCode[] = isTwice ? ['person_twice'] : []
    if (certificate === undefined) {
      return rowOf(person, undefined, {
        name: undefined,
        differences: [],
        codes: ['no_certificate', ...shared],
      })
    }
    const named = namesOf(person, certificate)
    const claimedBy = holders.get(certificate.digest) ?? []
    const idNumber = idNumberOf(certificate)
    const isNameAlone =
      person.number === undefined && (person.idNumber === undefined || idNumber === undefined)
    return rowOf(person, certificate, {
      ...named,
      codes: [
        ...named.codes,
        ...(isNameAlone && !isUnique ? (['name_not_unique'] as const) : []),
        ...idCodes(person.idNumber, idNumber, match),
        ...awardCodes(person, certificate),
        ...about(certificate),
        ...(claimedBy.some((other) => !isSamePerson(other, person))
          ? (['certificate_of_two_persons'] as const)
          : []),
        ...(candidates.length > 1 ? (['more_certificates'] as const) : []),
        ...shared,
      ],
    })
  })
  // Another form of a certificate that somebody has is theirs as well.
  const formsOf = (person: RosterPerson, certificate: Screened): readonly Screened[] => {
    const names = [person.name, certificate.name ?? person.name].map(nameKey)
    return twinsOf(certificate).filter(({ name }) => name === undefined || names.includes(nameKey(name)))
  }
  const taken = new Set(
    chosen.flatMap(({ person, candidates }) =>
      candidates.flatMap((one) => [one, ...formsOf(person, one)].map(({ digest }) => digest)),
    ),
  )
  const others = distinct
    .filter(({ digest }) => !taken.has(digest))
    .map((certificate) => ({ certificate, codes: about(certificate) }))
  return { persons, others }
}

const orderOf = ({ number, digest, file }: Screened): string => JSON.stringify([number ?? '', digest, file])

function grouped<T>(
  items: readonly T[],
  keyOf: (item: T) => string | undefined,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

const latinKey = (name: string): string => nameKey(name.replace(/[<,]+/g, ' '))

const verdictOrder: readonly Verdict[] = ['valid', 'undetermined', 'invalid']
const rankOf = ({ verdict }: Screened): number => verdictOrder.indexOf(verdict)

/** The one that is claimed, then the best verdict, then the highest grade, then the order of all. */
const bestFor =
  ({ grade, occupationCode }: RosterPerson) =>
  (a: Screened, b: Screened): number => {
    const rank = (one: Screened): readonly number[] => [
      occupationCode !== undefined &&
      one.occupationCode !== undefined &&
      sameOccupation(one.occupationCode, occupationCode)
        ? 0
        : 1,
      rankOf(one),
      grade !== undefined && one.grade === grade ? 0 : 1,
      -(one.grade === undefined ? 0 : grades[one.grade].ordinal),
    ]
    const [left, right] = [rank(a), rank(b)]
    for (const [i, value] of left.entries()) if (value !== right[i]) return value - (right[i] as number)
    return orderOf(a) < orderOf(b) ? -1 : 1
  }

function namesOf(
  { name: known }: RosterPerson,
  { name, romanisedName }: Screened,
): Pick<PersonRow, 'name' | 'differences' | 'codes'> {
  if (name === undefined) return { name: undefined, differences: [], codes: ['name_not_disclosed'] }
  const found = matchNames(known, name, romanisedName)
  const differences = 'differences' in found ? found.differences : []
  return { name: found.kind, differences, codes: nameCodes[found.kind] }
}

const nameCodes: Readonly<Record<'exact' | 'same' | 'romanised' | 'different', readonly ScreeningCode[]>> = {
  exact: [],
  same: ['name_written_otherwise'],
  romanised: ['name_by_passport'],
  different: ['name_differs'],
}

function idCodes(
  known: string | undefined,
  shown: string | undefined,
  match: readonly MatchedField[],
): readonly ScreeningCode[] {
  if (known !== undefined && shown !== undefined) return known === shown ? [] : ['id_number_differs']
  const isAsked = match.includes('id_number')
  return [
    ...(shown === undefined && (known !== undefined || isAsked)
      ? (['id_number_not_disclosed'] as const)
      : []),
    ...(isAsked ? (['match_not_possible'] as const) : []),
  ]
}

function awardCodes(person: RosterPerson, { grade, occupationCode }: Screened): readonly ScreeningCode[] {
  const codes: ScreeningCode[] = []
  if (person.grade === 'unknown') codes.push('grade_unreadable')
  else if (person.grade !== undefined && grade !== undefined && person.grade !== grade) {
    codes.push(grades[grade].ordinal < grades[person.grade].ordinal ? 'grade_lower' : 'grade_higher')
  }
  const isOther =
    person.occupationCode !== undefined &&
    occupationCode !== undefined &&
    !sameOccupation(person.occupationCode, occupationCode)
  return isOther ? [...codes, 'occupation_differs'] : codes
}

const isSamePerson = (a: RosterPerson, b: RosterPerson): boolean =>
  nameKey(a.name) === nameKey(b.name) && a.idNumber === b.idNumber

const order: readonly PersonVerdict[] = ['missing', 'invalid', 'undetermined', 'valid']

/** The worst of what the certificate is worth and what the codes make of it. */
function rowOf(
  person: RosterPerson,
  certificate: Screened | undefined,
  found: Pick<PersonRow, 'name' | 'differences' | 'codes'>,
): PersonRow {
  const verdicts = [certificate?.verdict ?? 'missing', ...found.codes.flatMap((code) => weights[code] ?? [])]
  const verdict = order.find((one) => verdicts.includes(one)) ?? 'undetermined'
  return { person, verdict, certificate, ...found }
}
