import { expect, test } from 'vitest'
import { problemsOf } from '../../src/server/report-problems.ts'
import { reasonCatalogue } from '../../src/verify/reasons.ts'
import { type CheckId, fail, pass, type Reasons, skipped, unknown } from '../../src/verify/report.ts'

const model = 'https://www.w3.org/TR/vc-data-model#'
const security = 'https://w3id.org/security#'
const statusList = 'https://www.w3.org/ns/credentials/status-list#'
const did = 'https://www.w3.org/ns/did#'
const ours = 'https://w3id.org/gradecert/problems#'

/** Standards, section 20: the situation, the check that finds it, the type. */
test.each<[check: CheckId, reason: Reasons[CheckId], type: string]>([
  ['format', 'not_json', `${model}PARSING_ERROR`],
  ['format', 'duplicate_name', `${model}PARSING_ERROR`],
  ['format', 'credential_malformed', `${model}MALFORMED_VALUE_ERROR`],
  ['format', 'internal_error', `${ours}internal_error`],
  ['format', 'context_not_at_hand', `${ours}context_not_at_hand`],
  ['schema', 'schema_violated', `${model}MALFORMED_VALUE_ERROR`],
  ['proof', 'signature_mismatch', `${model}CRYPTOGRAPHIC_SECURITY_ERROR`],
  ['proof', 'context_mismatch', `${model}CRYPTOGRAPHIC_SECURITY_ERROR`],
  ['proof', 'proof_missing', `${security}PROOF_VERIFICATION_ERROR`],
  ['proof', 'proof_purpose', `${security}PROOF_VERIFICATION_ERROR`],
  ['proof', 'proof_domain', `${security}INVALID_DOMAIN_ERROR`],
  ['proof', 'proof_challenge', `${security}INVALID_CHALLENGE_ERROR`],
  ['proof', 'data_loss', `${security}DATA_LOSS_DETECTION_ERROR`],
  ['issuer', 'method_url_malformed', `${security}INVALID_VERIFICATION_METHOD_URL`],
  ['issuer', 'document_malformed', `${security}INVALID_CONTROLLED_IDENTIFIER_DOCUMENT`],
  ['issuer', 'document_of_another', `${security}INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID`],
  ['issuer', 'method_not_found', `${security}INVALID_VERIFICATION_METHOD`],
  ['issuer', 'method_not_for_purpose', `${security}INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD`],
  ['issuer', 'did_malformed', `${did}INVALID_DID`],
  ['issuer', 'did_not_at_hand', `${did}NOT_FOUND`],
  ['issuer', 'did_method_unknown', `${did}METHOD_NOT_SUPPORTED`],
  ['status', 'status_list_not_at_hand', `${statusList}STATUS_RETRIEVAL_ERROR`],
  ['status', 'status_list_not_believed', `${statusList}STATUS_VERIFICATION_ERROR`],
  ['status', 'status_purpose_mismatch', `${statusList}STATUS_VERIFICATION_ERROR`],
  ['status', 'status_index_out_of_range', `${model}RANGE_ERROR`],
  ['status', 'status_malformed', `${model}MALFORMED_VALUE_ERROR`],
  ['status', 'revoked', `${ours}revoked`],
  ['validity', 'expired', `${ours}expired`],
  ['validity', 'not_yet_valid', `${ours}not_yet_valid`],
  ['trust', 'no_trust', `${ours}no_trust`],
])('%s: %s has the type %s', (check, reason, type) => {
  expect(problemsOf({ [check]: fail(reason, 'what') })).toEqual([
    {
      type,
      title: type.split('#')[1],
      detail: expect.stringMatching(/.{10}/),
      check,
      reason,
      outcome: 'fail',
    },
  ])
})

test('what could not be found out is a problem too, what passed or was not asked is none', () => {
  const checks = {
    format: pass({}),
    trust: unknown('no_trust', ''),
    anchor: skipped('no_anchor'),
    proof: fail('signature_mismatch', ''),
  }
  expect(problemsOf(checks).map(({ check, outcome }) => [check, outcome])).toEqual([
    ['trust', 'unknown'],
    ['proof', 'fail'],
  ])
})

test('every reason there is has a type that is a URL, under whatever check', () => {
  const types = Object.keys(reasonCatalogue).flatMap((reason) =>
    ['format', 'schema', 'issuer', 'proof', 'validity', 'status', 'trust'].flatMap((check) =>
      problemsOf({ [check]: fail(reason as Reasons[CheckId], '') }),
    ),
  )
  expect(types.filter(({ type }) => !/^https:\/\/[\w./-]+#\w+$/.test(type))).toEqual([])
})
