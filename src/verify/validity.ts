/** Whether the moment of the check lies inside the certificate's dates and those of its proofs; both ends are included. */
import { epochOf } from '../base/instant.ts'
import type { Inputs } from './inputs.ts'
import { type Check, fail, pass } from './report.ts'
import type { ReadCredential } from './subject.ts'

export function checkValidity(
  read: Pick<ReadCredential, 'from' | 'until' | 'opening'>,
  { nowMs, policy }: Inputs,
): Check<'validity'> {
  const skew = policy.clockSkew * 1000
  const from = moment(read.from)
  const until = moment(read.until)
  if (from !== null && nowMs + skew < from.ms) return fail('not_yet_valid', from.text)
  if (until !== null && nowMs > until.ms) return fail('expired', until.text)
  for (const signature of read.opening.ok ? read.opening.opened.signatures : []) {
    const created = moment(signature.created)
    const expires = moment(signature.expires)
    if (created !== null && nowMs + skew < created.ms) return fail('proof_from_future', created.text)
    if (expires !== null && nowMs > expires.ms) return fail('proof_expired', expires.text)
  }
  return pass({ ...(from !== null && { from: from.text }), ...(until !== null && { until: until.text }) })
}

/** A date as it stands in the document, beside its value; the document and its signatures were read strictly before. */
function moment(text: string | undefined): { readonly text: string; readonly ms: number } | null {
  const ms = text === undefined ? null : epochOf(text)
  return ms === null ? null : { text: text as string, ms }
}
