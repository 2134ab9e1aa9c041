/** Whether an agency was recognised for an award, judged on the day of the award, by a list and by all that lead to it. */

import type { Did } from '../base/did-url.ts'
import type { CalendarDate } from '../base/instant.ts'
import type { GradeCode } from '../certificate/grade.ts'
import { sameOccupation } from '../certificate/occupation-code.ts'
import type { AuthenticList } from './chain.ts'
import { type KeyFault, keyFault, type SigningKey } from './key-fault.ts'
import type { AgencyScope, TrustedAgency, TrustList } from './trust-list.ts'

/** What is to be recognised: who awarded what, when, and by which key it was signed. */
export interface Claim {
  readonly agency: Did
  /** The signatures, by their keys; each of them has to count. */
  readonly keys: readonly SigningKey[]
  readonly awardedOn: CalendarDate
  /** Left out for documents that award no grade. */
  readonly award?: {
    readonly occupation: string
    readonly grade: GradeCode
    readonly region: string | undefined
  }
}

export type ScopeFault =
  | 'occupation_out_of_scope'
  | 'grade_out_of_scope'
  | 'region_out_of_scope'
  | 'awarded_outside_window'

export type RecognitionFault =
  | KeyFault
  | ScopeFault
  | 'agency_not_listed'
  | 'key_claimed_twice'
  | 'agency_lists_itself'
  | 'delegation_exceeded'

export type Recognition =
  | { readonly ok: true; readonly agency: TrustedAgency; readonly scope: AgencyScope | undefined }
  | { readonly ok: false; readonly fault: RecognitionFault; readonly detail: string }

/** What leaves open whether the agency is recognised; everything else says that it is not. */
export const openFaults: ReadonlySet<RecognitionFault> = new Set([
  'key_maybe_compromised',
  'key_claimed_twice',
  'agency_lists_itself',
])

/** Judges a claim by a list and every step that leads to it: nobody gives more than they have. */
export function recogniseAlong(authentic: AuthenticList, claim: Claim): Recognition {
  const { list, path, signers } = authentic
  const recognition = recognise(list, claim)
  if (!recognition.ok) return recognition
  const { id, keys } = recognition.agency
  // One's own word is none: neither as issuer of the list nor by the key that signed it.
  if (id === list.issuer || keys.some(({ thumbprint }) => signers.includes(thumbprint)))
    return refuse('agency_lists_itself', list.id)
  for (const { delegate } of path) {
    const scoped = scopeOf(delegate, claim)
    if (!scoped.ok) return refuse('delegation_exceeded', `${delegate.id}: ${scoped.fault}, ${scoped.detail}`)
  }
  return recognition
}

/** Judges a claim by one list. An agency removed later keeps what it awarded inside its window. */
export function recognise(list: TrustList, claim: Claim): Recognition {
  const agency = list.agencies.find(({ id }) => id === claim.agency)
  if (agency === undefined) return refuse('agency_not_listed', claim.agency)
  if (claim.keys.length === 0) return refuse('key_not_listed', 'no key was named')
  for (const key of claim.keys) {
    const fault = keyFault(agency.keys, key)
    if (fault !== null) return refuse(fault, key.thumbprint)
    const other = list.agencies.find(
      ({ id, keys }) => id !== agency.id && keys.some(({ thumbprint }) => thumbprint === key.thumbprint),
    )
    // A key that two hold signs for neither. A did:key is its key, whoever else is said to have it.
    if (other !== undefined && !agency.id.startsWith('did:key:')) return refuse('key_claimed_twice', other.id)
  }
  const scoped = scopeOf(agency, claim)
  return scoped.ok ? { ok: true, agency, scope: scoped.scope } : scoped
}

/** Why an award lies outside what a list lets its agency award, whoever signed it; `null` where it lies inside. */
export function scopeFault(
  { list, path }: Pick<AuthenticList, 'list' | 'path'>,
  claim: Omit<Claim, 'keys'>,
): ScopeFault | 'agency_not_listed' | null {
  const agency = list.agencies.find(({ id }) => id === claim.agency)
  if (agency === undefined) return 'agency_not_listed'
  for (const one of [agency, ...path.map(({ delegate }) => delegate)]) {
    const scoped = scopeOf(one, claim)
    if (!scoped.ok) return scoped.fault
  }
  return null
}

type Scoped =
  | { readonly ok: true; readonly scope: AgencyScope | undefined }
  | { readonly ok: false; readonly fault: ScopeFault; readonly detail: string }

/** The scope of an agency or authority that the award is inside of. */
function scopeOf(
  { standing, scopes: listed }: Pick<TrustedAgency, 'standing' | 'scopes'>,
  { award, awardedOn }: Omit<Claim, 'keys'>,
): Scoped {
  if (award === undefined) {
    // Windows stand in scopes, and this document has none: of a removed agency nothing says that it was in time.
    return standing === 'removed'
      ? { ok: false, fault: 'awarded_outside_window', detail: awardedOn }
      : { ok: true, scope: undefined }
  }
  const { occupation, grade, region } = award
  // Each step narrows the scopes; the first that leaves none is the reason.
  const narrow: readonly [ScopeFault, string, (scope: AgencyScope) => boolean][] = [
    [
      'occupation_out_of_scope',
      occupation,
      ({ occupations }) => occupations.some((code) => sameOccupation(code, occupation)),
    ],
    ['grade_out_of_scope', grade, ({ grades }) => grades.includes(grade)],
    [
      'region_out_of_scope',
      region ?? 'none',
      (scope) => scope.region === undefined || isWithinRegion(region, scope.region),
    ],
    [
      'awarded_outside_window',
      awardedOn,
      ({ from, until }) => (from ?? '') <= awardedOn && awardedOn <= (until ?? '9999-12-31'),
    ],
  ]
  // A removed agency has only the windows that were closed for it.
  let scopes = standing === 'removed' ? listed.filter(({ until }) => until !== undefined) : listed
  if (scopes.length === 0) return { ok: false, fault: 'awarded_outside_window', detail: awardedOn }
  for (const [fault, detail, holds] of narrow) {
    scopes = scopes.filter(holds)
    if (scopes.length === 0) return { ok: false, fault, detail }
  }
  return { ok: true, scope: scopes[0] }
}

/** ISO 3166: `CN-BJ` lies in `CN`. */
const isWithinRegion = (region: string | undefined, wider: string): boolean =>
  region === wider || region?.startsWith(`${wider}-`) === true

const refuse = (fault: RecognitionFault, detail: string): Recognition & { readonly ok: false } => ({
  ok: false,
  fault,
  detail,
})
