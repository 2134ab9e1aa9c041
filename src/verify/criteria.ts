/** Whether a certificate is one that the policy accepts: its occupation, grade, region, agency, day and person. */
import type { Certificate } from '../certificate/certificate.ts'
import { grades } from '../certificate/grade.ts'
import { matchNames } from '../certificate/name-match.ts'
import { sameOccupation } from '../certificate/occupation-code.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import type { Inputs } from './inputs.ts'
import type { Expected } from './judge.ts'
import type { MatchedField, Policy } from './policy.ts'
import { type Check, type CheckId, type Facts, fail, pass, skipped, unknown } from './report.ts'
import type { ReadCredential } from './subject.ts'

export interface JudgedSoFar {
  readonly made: Readonly<Record<Exclude<CheckId, 'format' | 'policy'>, Check<CheckId>>>
  readonly expected: Expected | undefined
}

export function checkCriteria(
  { certificate }: ReadCredential,
  { made, expected }: JudgedSoFar,
  { policy }: Inputs,
): Check<'policy'> {
  if (certificate === undefined) return skipped('format_failed')
  const found = [
    ...criteria.map((criterion) => criterion(certificate, policy)),
    ...policy.match.map((field) => matched[field](certificate, expected)),
  ].filter((check) => check !== null)
  const objection =
    found.find(({ outcome }) => outcome === 'fail') ?? found.find(({ outcome }) => outcome === 'unknown')
  if (objection !== undefined) return objection
  const notMade = policy.required.filter(
    (id) => id in made && made[id as keyof typeof made].outcome === 'skipped',
  )
  if (notMade.length > 0) return unknown('check_not_made', notMade.join(', '))
  return pass(
    Object.assign({}, ...found.map((check) => (check.outcome === 'pass' ? check.facts : {}))) as Facts,
  )
}

type Stated = Certificate | DisclosedCertificate
type Criterion = (certificate: Stated, policy: Policy) => Check<'policy'> | null

/** A document that awards nothing has none of what an award has, so it is not what was asked for. */
const awardIn = (certificate: Stated) => ('award' in certificate ? certificate.award : undefined)

/** One row per criterion; `null` where the policy does not have it. */
const criteria: readonly Criterion[] = [
  (certificate, { occupations }) => {
    if (occupations === undefined) return null
    const code = awardIn(certificate)?.occupation.code ?? 'none'
    return occupations.some((one) => sameOccupation(one, code))
      ? pass({ occupation: code })
      : fail('occupation_not_accepted', code)
  },
  (certificate, { minimumGrade }) => {
    if (minimumGrade === undefined) return null
    const { code = 'none', ordinal = 0 } = awardIn(certificate)?.grade ?? {}
    return ordinal >= grades[minimumGrade.grade].ordinal ? pass({ grade: code }) : fail('grade_too_low', code)
  },
  (certificate, { regions }) => {
    if (regions === undefined) return null
    const region = ('region' in certificate ? certificate.region : undefined) ?? 'none'
    return regions.some((one) => region === one || region.startsWith(`${one}-`))
      ? pass({ region })
      : fail('region_not_accepted', region)
  },
  ({ issuer }, { agencies }) => {
    if (agencies === undefined) return null
    return agencies.includes(issuer.id) ? pass({ agency: issuer.id }) : fail('agency_not_accepted', issuer.id)
  },
  (certificate, { awardedFrom, awardedUntil }) => {
    if (awardedFrom === undefined && awardedUntil === undefined) return null
    const day = 'awardedOn' in certificate ? certificate.awardedOn : certificate.validFrom
    if (awardedFrom !== undefined && day < awardedFrom) return fail('awarded_too_early', day)
    if (awardedUntil !== undefined && day > awardedUntil) return fail('awarded_too_late', day)
    return pass({ awardedOn: day })
  },
]

/** What a report says is the kind of match, never the name or the number. */
const matched: Readonly<
  Record<MatchedField, (certificate: Stated, expected: Expected | undefined) => Check<'policy'>>
> = {
  name({ holder }, expected) {
    if (expected?.name === undefined) return unknown('nobody_expected', 'name')
    if (holder.name === undefined) return unknown('name_not_disclosed', '')
    const { kind } = matchNames(expected.name, holder.name, holder.romanisedName)
    return kind === 'different' ? fail('name_differs', '') : pass({ name: kind })
  },
  id_number({ holder }, expected) {
    if (expected?.idNumber === undefined) return unknown('nobody_expected', 'id_number')
    const shown = 'idNumber' in holder ? holder.idNumber : undefined
    if (shown === undefined) return unknown('id_number_not_disclosed', '')
    return plain(shown) === plain(expected.idNumber)
      ? pass({ idNumber: 'same' })
      : fail('id_number_differs', '')
  },
}

/** Spaces and the case of the check character say nothing. */
const plain = (number: string): string => number.normalize('NFKC').replace(/\s/g, '').toUpperCase()
