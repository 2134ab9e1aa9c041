/** Whether an agency was recognised for an award, judged on the day of the award. */

import type { Did } from '../base/did-url.ts'
import type { CalendarDate, Instant } from '../base/instant.ts'
import type { GradeCode } from '../certificate/grade.ts'
import { sameOccupation } from '../certificate/occupation-code.ts'
import type { AgencyScope, TrustedAgency, TrustedKey, TrustList } from './trust-list.ts'

/** What is to be recognised: who awarded what, when, and by which key it was signed. */
export interface Claim {
  readonly agency: Did
  /** The keys that signed. */
  readonly keys: readonly SigningKey[]
  /** What the signature says of its own time; `undefined` where it says nothing. */
  readonly signedAt: Instant | undefined
  readonly awardedOn: CalendarDate
  /** Left out for documents that award no grade. */
  readonly award?: {
    readonly occupation: string
    readonly grade: GradeCode
    readonly region: string | undefined
  }
}

export interface SigningKey {
  /** RFC 7638, base64url. */
  readonly thumbprint: string
  /** The moment by which an anchor proves that its signature was there. */
  readonly existedBy?: Instant | undefined
}

export type RecognitionFault =
  | 'agency_not_listed'
  | 'key_not_listed'
  | 'key_outside_window'
  | 'key_compromised'
  | 'occupation_out_of_scope'
  | 'grade_out_of_scope'
  | 'region_out_of_scope'
  | 'awarded_outside_window'

export type Recognition =
  | { readonly ok: true; readonly agency: TrustedAgency; readonly scope: AgencyScope | undefined }
  | { readonly ok: false; readonly fault: RecognitionFault; readonly detail: string }

/** Judges a claim by one list. An agency removed later keeps what it awarded inside its window. */
export function recognise(list: TrustList, claim: Claim): Recognition {
  const agency = list.agencies.find(({ id }) => id === claim.agency)
  if (agency === undefined) return refuse('agency_not_listed', claim.agency)
  if (claim.keys.length === 0) return refuse('key_not_listed', 'no key was named')
  for (const key of claim.keys) {
    const fault = keyFault(agency.keys, key, claim.signedAt)
    if (fault !== null) return refuse(fault, key.thumbprint)
  }
  if (claim.award === undefined) {
    // Windows stand in scopes, and this document has none: of a removed agency nothing says that it was in time.
    if (agency.standing === 'removed') return refuse('awarded_outside_window', claim.awardedOn)
    return { ok: true, agency, scope: undefined }
  }
  const { occupation, grade, region } = claim.award
  // Each step narrows the scopes; the first that leaves none is the reason.
  const narrow: readonly [RecognitionFault, string, (scope: AgencyScope) => boolean][] = [
    [
      'occupation_out_of_scope',
      occupation,
      ({ occupations }) => occupations.some((code) => sameOccupation(code, occupation)),
    ],
    ['grade_out_of_scope', grade, ({ grades }) => grades.includes(grade)],
    [
      'region_out_of_scope',
      region ?? 'none',
      (scope) => scope.region === undefined || scope.region === region,
    ],
    [
      'awarded_outside_window',
      claim.awardedOn,
      ({ from, until }) => (from ?? '') <= claim.awardedOn && claim.awardedOn <= (until ?? '9999-12-31'),
    ],
  ]
  // A removed agency has only the windows that were closed for it.
  let scopes =
    agency.standing === 'removed' ? agency.scopes.filter(({ until }) => until !== undefined) : agency.scopes
  if (scopes.length === 0) return refuse('awarded_outside_window', claim.awardedOn)
  for (const [fault, detail, holds] of narrow) {
    scopes = scopes.filter(holds)
    if (scopes.length === 0) return refuse(fault, detail)
  }
  return { ok: true, agency, scope: scopes[0] }
}

/** Several rows may name one key, each with a window of its own: one that fits is enough, unless one is compromised. */
export function keyFault(
  keys: readonly TrustedKey[],
  { thumbprint, existedBy }: SigningKey,
  signedAt: Instant | undefined,
): 'key_not_listed' | 'key_outside_window' | 'key_compromised' | null {
  const rows = keys.filter((key) => key.thumbprint === thumbprint)
  if (rows.length === 0) return 'key_not_listed'
  const compromised = rows.some(
    ({ compromisedSince: since }) => since !== undefined && (existedBy === undefined || existedBy >= since),
  )
  // Whoever holds the key writes `created`: only a proof by others says that a signature is older than the theft.
  if (compromised) return 'key_compromised'
  const inside = rows.some(
    ({ from, until }) =>
      (from === undefined && until === undefined) ||
      (signedAt !== undefined && (from ?? '') <= signedAt && signedAt <= (until ?? '9999')),
  )
  return inside ? null : 'key_outside_window'
}

const refuse = (fault: RecognitionFault, detail: string): Recognition => ({ ok: false, fault, detail })
