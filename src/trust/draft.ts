/** What an authority edits before it signs: entries of agencies and delegates, put together into the next number of its list. */
import type { Did } from '../base/did-url.ts'
import type { CalendarDate, Instant } from '../base/instant.ts'
import { isObject, type Json } from '../base/json.ts'
import { sameOccupation } from '../certificate/occupation-code.ts'
import type { AgencyScope, DelegatedAuthority, TrustedAgency, TrustList } from './trust-list.ts'

/** A list without its signature and its dates. */
export interface Draft {
  readonly id: string
  readonly sequence: number
  readonly agencies: readonly TrustedAgency[]
  readonly delegates?: readonly DelegatedAuthority[]
}

/** A draft as somebody may have edited it; the signed form is read back with the strict schema, which checks the rest. */
export function draftIn(value: Json): Draft | null {
  if (!isObject(value)) return null
  const { id, sequence, agencies, delegates = [] } = value
  const isListed = (entry: Json): boolean =>
    isObject(entry) &&
    typeof entry.id === 'string' &&
    Array.isArray(entry.keys) &&
    Array.isArray(entry.scopes)
  const isDraft =
    typeof id === 'string' &&
    typeof sequence === 'number' &&
    Array.isArray(agencies) &&
    agencies.every(
      (agency) => isListed(agency) && Array.isArray((agency as { statusIssuers?: Json }).statusIssuers),
    ) &&
    Array.isArray(delegates) &&
    delegates.every(isListed)
  return isDraft ? (value as unknown as Draft) : null
}

/** Somebody who no longer may award, and the last day on which they could. */
export interface Removal {
  readonly id: Did
  readonly on: CalendarDate
}

export interface NextList {
  readonly issuer: Did
  readonly drafts: readonly Draft[]
  /** The number before, with its digest; its entries stay unless a draft has the same. */
  readonly previous?: { readonly list: TrustList; readonly digest: string } | undefined
  readonly removals: readonly Removal[]
  /** Of a delegate: the id that its authority gave to its list. */
  readonly id?: string | undefined
  readonly validFrom: Instant
  readonly validUntil: Instant
  readonly nextUpdate?: Instant | undefined
}

/** The next number of a list. `null` where there is neither a draft nor a number before. */
export function nextList({ issuer, drafts, previous, removals, ...dates }: NextList): TrustList | null {
  const [first] = drafts
  const id = dates.id ?? previous?.list.id ?? first?.id
  if (id === undefined) return null
  const merged = <Entry extends { readonly id: Did }>(before: readonly Entry[], drawn: readonly Entry[]) => [
    ...before.filter((entry) => !drawn.some((one) => one.id === entry.id)),
    ...drawn,
  ]
  const removed = <Entry extends TrustedAgency | DelegatedAuthority>(entry: Entry): Entry => {
    const removal = removals.find((one) => one.id === entry.id)
    return removal === undefined
      ? entry
      : { ...entry, standing: 'removed', scopes: entry.scopes.map(closedOn(removal.on)) }
  }
  return {
    id,
    issuer,
    sequence: previous === undefined ? (first?.sequence ?? 1) : previous.list.sequence + 1,
    previous: previous?.digest,
    validFrom: dates.validFrom,
    validUntil: dates.validUntil,
    nextUpdate: dates.nextUpdate,
    trial: false,
    agencies: merged(
      previous?.list.agencies ?? [],
      drafts.flatMap(({ agencies }) => agencies),
    ).map(removed),
    delegates: merged(
      previous?.list.delegates ?? [],
      drafts.flatMap(({ delegates = [] }) => delegates),
    ).map(removed),
  }
}

/** A window that was closed before stays closed then. */
const closedOn =
  (on: CalendarDate) =>
  (scope: AgencyScope): AgencyScope => ({
    ...scope,
    until: scope.until === undefined || on < scope.until ? on : scope.until,
  })

export type DraftFault = 'trust.key_claimed_twice' | 'trust.agency_lists_itself' | 'trust.delegation_too_wide'

/**
 * Why verifiers would not count a list, or not all of it: better met here.
 * @param within what the signer's own authority lets it give; `undefined` for a root
 */
export function draftFault(
  { issuer, agencies, delegates }: TrustList,
  within: readonly AgencyScope[] | undefined,
): { readonly code: DraftFault; readonly id: string } | null {
  const prints = agencies.flatMap(({ id, keys }) => keys.map(({ thumbprint }) => ({ id, thumbprint })))
  const twice = prints.find(({ id, thumbprint }) =>
    prints.some((other) => other.id !== id && other.thumbprint === thumbprint),
  )
  if (twice !== undefined) return { code: 'trust.key_claimed_twice', id: twice.id }
  const itself = [...agencies, ...delegates].find(({ id }) => id === issuer)
  if (itself !== undefined) return { code: 'trust.agency_lists_itself', id: itself.id }
  if (within === undefined) return null
  const wide = [...agencies, ...delegates].find(
    ({ scopes }) => !scopes.every((scope) => within.some((wider) => isInside(scope, wider))),
  )
  return wide === undefined ? null : { code: 'trust.delegation_too_wide', id: wide.id }
}

/** Whether everything that a scope covers is covered by one other. */
function isInside(scope: AgencyScope, wider: AgencyScope): boolean {
  const { occupations, grades, region, from, until } = wider
  const isRegion =
    region === undefined || scope.region === region || scope.region?.startsWith(`${region}-`) === true
  return (
    scope.occupations.every((code) => occupations.some((one) => sameOccupation(one, code))) &&
    scope.grades.every((grade) => grades.includes(grade)) &&
    isRegion &&
    (from ?? '') <= (scope.from ?? '') &&
    (scope.until ?? '9999-12-31') <= (until ?? '9999-12-31')
  )
}
