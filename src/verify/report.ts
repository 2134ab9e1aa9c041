/** What verification found: plain JSON, the same object in library, command line, server and page. */
import type { Instant } from '../base/instant.ts'
import type { Json, JsonObject } from '../base/json.ts'
import type { Certificate } from '../certificate/certificate.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import type { MethodFault } from '../did/document.ts'
import type { DidFault } from '../did/resolve.ts'
import type { SecuringFault, TextFault } from '../securing/open.ts'
import type { KeyBindingFault } from '../securing/sd-jwt.ts'
import type { ListFault } from '../trust/chain.ts'
import type { RecognitionFault } from '../trust/recognise.ts'

export type Verdict = 'valid' | 'invalid' | 'undetermined'

/** In the order in which a person asks; every check is in every report. */
export const checkIds = [
  'format',
  'schema',
  'issuer',
  'proof',
  'validity',
  'status',
  'trust',
  'anchor',
  'policy',
] as const
export type CheckId = (typeof checkIds)[number]

/** Every reason a check can give, by check; those that a floor below finds are named there. */
export interface Reasons {
  format:
    | TextFault
    | 'not_a_presentation'
    | 'presentation_malformed'
    | 'credential_malformed'
    | 'context_not_accepted'
    | 'context_not_at_hand'
    | 'type_unknown'
    | 'type_not_accepted'
    | 'data_loss'
    | 'resource_mismatch'
    | 'badge_malformed'
    | 'claims_malformed'
    | 'status_missing'
    | 'internal_error'
  schema: 'schema_violated' | 'schema_entry_malformed' | 'schema_not_believed' | 'schema_indeterminate'
  issuer:
    | MethodFault
    | DidFault
    | 'key_ended'
    | 'key_not_vouched'
    | 'issuer_metadata_malformed'
    | 'issuer_metadata_not_at_hand'
    | 'certificate_not_trusted'
  proof: SecuringFault | KeyBindingFault | 'key_unknown'
  validity: 'not_yet_valid' | 'expired' | 'proof_expired' | 'proof_from_future'
  status:
    | 'revoked'
    | 'suspended'
    | 'status_malformed'
    | 'status_type_unknown'
    | 'status_list_not_at_hand'
    | 'status_list_not_believed'
    | 'status_list_stale'
    | 'status_list_too_old'
    | 'status_list_from_future'
    | 'status_list_unreadable'
    | 'status_index_out_of_range'
    | 'status_value_unknown'
    | 'status_purpose_mismatch'
  trust:
    | RecognitionFault
    | ListFault
    | 'no_trust'
    | 'trust_list_not_at_hand'
    | 'trust_list_too_old'
    | 'key_unknown'
    | 'key_history_forked'
    | 'removed_without_anchor'
  anchor:
    | 'anchor_missing'
    | 'anchor_pending'
    | 'anchor_too_shallow'
    | 'anchor_not_judgeable'
    | 'anchor_test_chain'
    | 'anchor_unsupported'
    | 'anchor_invalid'
  policy:
    | 'check_not_made'
    | 'occupation_not_accepted'
    | 'grade_too_low'
    | 'region_not_accepted'
    | 'agency_not_accepted'
    | 'awarded_too_early'
    | 'awarded_too_late'
    | 'nobody_expected'
    | 'name_differs'
    | 'name_not_disclosed'
    | 'id_number_differs'
    | 'id_number_not_disclosed'
}

/** Why a check was not made. */
export type Because =
  | 'format_failed'
  | 'no_schema_at_hand'
  | 'no_status'
  | 'no_anchor'
  | 'no_chain_state'
  | 'anchor_not_verified'
  | 'not_asked'
  | 'no_criteria'

export type Facts = Readonly<Record<string, Json>>

export type Check<Id extends CheckId> =
  | { readonly outcome: 'pass'; readonly facts: Facts }
  | Objection<'fail', Id>
  | Objection<'unknown', Id>
  | { readonly outcome: 'skipped'; readonly because: Because; readonly facts?: Facts }

interface Objection<Outcome, Id extends CheckId> {
  readonly outcome: Outcome
  readonly reason: Reasons[Id]
  readonly detail: string
  /** What was found out nevertheless, such as the moment that a stale list speaks of. */
  readonly facts?: Facts
}

export type Checks = { readonly [Id in CheckId]: Check<Id> }

export interface Common {
  readonly checkedAt: Instant
  /** Lower-case hex SHA-256 of the text that was judged. */
  readonly digest: string
  /** What was asked for: its name, and lower-case hex SHA-256 of the canonical JSON of the whole policy. */
  readonly policy: { readonly name: string; readonly digest: string }
  readonly checks: Checks
}

/** A certificate can be read as one only where the verdict is `valid`; else it is what the text claims. */
export type Report =
  | (Common & { readonly verdict: 'valid'; readonly certificate: Certificate | DisclosedCertificate })
  | (Common & {
      readonly verdict: 'invalid' | 'undetermined'
      readonly claimed?: Certificate | DisclosedCertificate
    })

/** On a credential that need not be a certificate of ours. Whether its issuer may issue such is not asked. */
export type CredentialReport = Common &
  (
    | { readonly verdict: 'valid'; readonly credential: JsonObject }
    | { readonly verdict: 'invalid' | 'undetermined'; readonly claimed?: JsonObject }
  )

/** Any failure makes `invalid`, else anything not found out makes `undetermined`. */
export function verdictOf(checks: Readonly<Record<string, Check<CheckId>>>): Verdict {
  const outcomes = Object.values(checks).map(({ outcome }) => outcome)
  if (outcomes.includes('fail')) return 'invalid'
  return outcomes.includes('unknown') ? 'undetermined' : 'valid'
}

/** Whether a signature was taken from its issuer's word on the whole batch. */
export const isByBatch = (proof: Check<'proof'>): boolean =>
  proof.outcome === 'pass' && proof.facts.by === 'batch'

export type NotChecked = CheckId | 'own_signature'

/** What was skipped or not found out, and the signature of a certificate that was held to its batch. */
export const notCheckedIn = (checks: Checks): readonly NotChecked[] => [
  ...checkIds.filter((id) => checks[id].outcome === 'skipped' || checks[id].outcome === 'unknown'),
  ...(isByBatch(checks.proof) ? (['own_signature'] as const) : []),
]

export const fail = <Reason extends string>(reason: Reason, detail: string, facts?: Facts) =>
  ({ outcome: 'fail', reason, detail: detail.slice(0, detailLimit), ...(facts && { facts }) }) as const
export const unknown = <Reason extends string>(reason: Reason, detail: string, facts?: Facts) =>
  ({ outcome: 'unknown', reason, detail: detail.slice(0, detailLimit), ...(facts && { facts }) }) as const
export const pass = (facts: Facts) => ({ outcome: 'pass', facts }) as const
export const skipped = (because: Because, facts?: Facts) =>
  ({ outcome: 'skipped', because, ...(facts !== undefined && { facts }) }) as const

/** Characters of a stranger's text that a detail may repeat. */
const detailLimit = 300
