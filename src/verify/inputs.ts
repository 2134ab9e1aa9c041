/** What all checks of one judgement share: evidence sorted by kind, trusted lists, one clock. */
import { epoch, type Instant } from '../base/instant.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { type ContextTable, contextTable } from '../credential/contexts.ts'
import { documentsOf, type Evidence } from '../evidence/evidence.ts'
import { type Trust, type TrustedLists, trustedLists } from '../trust/trust.ts'
import type { TrustedAgency } from '../trust/trust-list.ts'
import type { Policy } from './policy.ts'

export interface Inputs {
  readonly now: Instant
  /** Milliseconds since 1970 of `now`. */
  readonly nowMs: number
  readonly policy: Policy
  readonly contexts: ContextTable
  /** Documents that evidence brought for did:web. */
  readonly didDocuments: readonly JsonObject[]
  readonly statusLists: readonly Json[]
  /** `undefined` where the caller named no trust. */
  readonly trusted: TrustedLists | undefined
}

export async function readInputs(options: {
  readonly trust: Trust | undefined
  readonly evidence: Evidence
  readonly policy: Policy
  readonly now: Instant
}): Promise<Inputs> {
  const { trust, evidence, policy, now } = options
  const contexts = evidence.items
    .filter(({ kind }) => kind === 'context')
    .map(({ url, document }) => [url, document])
  return {
    now,
    nowMs: epoch(now),
    policy,
    contexts: contextTable(Object.fromEntries(contexts) as Record<string, Json>),
    didDocuments: documentsOf(evidence, 'did-document').filter(isObject),
    statusLists: documentsOf(evidence, 'status-list'),
    trusted: trust && (await trustedLists(trust, documentsOf(evidence, 'trust-list'), now)),
  }
}

/** The agency's entries in the lists that count now. */
export const agencyEntries = ({ trusted }: Inputs, agency: string): readonly TrustedAgency[] =>
  trusted?.current.flatMap(({ list }) => list.agencies.filter(({ id }) => id === agency)) ?? []
