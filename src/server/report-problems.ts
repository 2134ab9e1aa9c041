/** A report as problem details: one for every check that did not pass, with the type that the standard gives it. */
import { explainCheck, type Reason } from '../verify/reasons.ts'
import type { Check, CheckId } from '../verify/report.ts'
import { problemBases } from './problem.ts'

export interface ReportProblem {
  readonly type: string
  readonly title: string
  readonly detail: string
  readonly check: string
  readonly reason: string
  /** `unknown` is what could not be found out. */
  readonly outcome: 'fail' | 'unknown'
}

/** In the order of the checks; empty where all passed or were not asked. */
export function problemsOf(checks: Readonly<Record<string, Check<CheckId>>>): readonly ReportProblem[] {
  return Object.entries(checks).flatMap(([check, found]) => {
    if (found.outcome !== 'fail' && found.outcome !== 'unknown') return []
    const { reason, outcome } = found
    const [base, title] = typeOf(check, reason)
    return [{ type: `${base}${title}`, title, detail: explainCheck(found, 'en'), check, reason, outcome }]
  })
}

type ProblemType = readonly [base: string, title: string]

const { model, security, statusList, did, ours } = problemBases

function typeOf(check: string, reason: Reason): ProblemType {
  return typesOfReasons[reason] ?? typesOfChecks[check] ?? [ours, reason]
}

/** What a check's reasons are unless a row below says more; what has no row is a problem of ours, named by its reason. */
const typesOfChecks: Readonly<Record<string, ProblemType>> = {
  format: [model, 'MALFORMED_VALUE_ERROR'],
  schema: [model, 'MALFORMED_VALUE_ERROR'],
  proof: [security, 'PROOF_VERIFICATION_ERROR'],
}

/** Standards, section 20. */
const typesOfReasons: Readonly<Partial<Record<Reason, ProblemType>>> = {
  too_large: [model, 'PARSING_ERROR'],
  invalid_utf8: [model, 'PARSING_ERROR'],
  byte_order_mark: [model, 'PARSING_ERROR'],
  not_json: [model, 'PARSING_ERROR'],
  too_deep: [model, 'PARSING_ERROR'],
  duplicate_name: [model, 'PARSING_ERROR'],
  forbidden_name: [model, 'PARSING_ERROR'],
  lone_surrogate: [model, 'PARSING_ERROR'],
  unsafe_number: [model, 'PARSING_ERROR'],
  internal_error: [ours, 'internal_error'],
  context_not_at_hand: [ours, 'context_not_at_hand'],
  type_not_accepted: [ours, 'type_not_accepted'],

  signature_mismatch: [model, 'CRYPTOGRAPHIC_SECURITY_ERROR'],
  signature_malformed: [model, 'CRYPTOGRAPHIC_SECURITY_ERROR'],
  context_mismatch: [model, 'CRYPTOGRAPHIC_SECURITY_ERROR'],
  data_loss: [security, 'DATA_LOSS_DETECTION_ERROR'],
  not_json_ld: [security, 'PROOF_TRANSFORMATION_ERROR'],
  too_much_work: [security, 'PROOF_TRANSFORMATION_ERROR'],
  proof_domain: [security, 'INVALID_DOMAIN_ERROR'],
  proof_challenge: [security, 'INVALID_CHALLENGE_ERROR'],

  method_url_malformed: [security, 'INVALID_VERIFICATION_METHOD_URL'],
  document_malformed: [security, 'INVALID_CONTROLLED_IDENTIFIER_DOCUMENT'],
  document_of_another: [security, 'INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID'],
  method_not_found: [security, 'INVALID_VERIFICATION_METHOD'],
  method_of_another_controller: [security, 'INVALID_VERIFICATION_METHOD'],
  key_malformed: [security, 'INVALID_VERIFICATION_METHOD'],
  method_not_for_purpose: [security, 'INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD'],

  did_malformed: [did, 'INVALID_DID'],
  did_not_at_hand: [did, 'NOT_FOUND'],
  did_method_unknown: [did, 'METHOD_NOT_SUPPORTED'],
  did_log_refused: [did, 'INVALID_DID_DOCUMENT'],

  status_malformed: [model, 'MALFORMED_VALUE_ERROR'],
  status_list_not_at_hand: [statusList, 'STATUS_RETRIEVAL_ERROR'],
  status_list_not_believed: [statusList, 'STATUS_VERIFICATION_ERROR'],
  status_purpose_mismatch: [statusList, 'STATUS_VERIFICATION_ERROR'],
  status_list_unreadable: [statusList, 'STATUS_LIST_LENGTH_ERROR'],
  status_index_out_of_range: [model, 'RANGE_ERROR'],
}
