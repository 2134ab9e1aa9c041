/** Whether the moment of the check lies inside the certificate's dates and those of its proofs; both ends are included. */
import { epochOf } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import type { Inputs } from './inputs.ts'
import { type Check, fail, pass } from './report.ts'
import type { ReadCredential } from './subject.ts'

export function checkValidity(
  { credential, opening }: ReadCredential,
  { nowMs, policy }: Inputs,
): Check<'validity'> {
  const skew = policy.clockSkew * 1000
  const from = moment(credential, 'validFrom')
  const until = moment(credential, 'validUntil')
  if (from !== null && nowMs + skew < from.ms) return fail('not_yet_valid', from.text)
  if (until !== null && nowMs > until.ms) return fail('expired', until.text)
  for (const proof of opening.ok ? opening.opened.proofs : []) {
    const created = moment(proof, 'created')
    const expires = moment(proof, 'expires')
    if (created !== null && nowMs + skew < created.ms) return fail('proof_from_future', created.text)
    if (expires !== null && nowMs > expires.ms) return fail('proof_expired', expires.text)
  }
  return pass({ ...(from !== null && { from: from.text }), ...(until !== null && { until: until.text }) })
}

/** A date as it stands in the document, beside its value; the badge and the proof were read strictly before. */
function moment(object: JsonObject, name: string): { readonly text: string; readonly ms: number } | null {
  const text = object[name]
  const ms = typeof text === 'string' ? epochOf(text) : null
  return ms === null ? null : { text: text as string, ms }
}
