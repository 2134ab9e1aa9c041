/** Whether every proof that we can read is over exactly this document. */
import { firstDifference } from '../credential/difference.ts'
import { verifyProof } from '../securing/data-integrity.ts'
import type { Inputs } from './inputs.ts'
import type { VouchedKey } from './issuer.ts'
import { type Check, fail, pass, unknown } from './report.ts'
import type { ReadCredential } from './subject.ts'

export async function checkProof(
  { opening, credential }: ReadCredential,
  keys: readonly VouchedKey[],
  inputs: Inputs,
): Promise<Check<'proof'>> {
  if (!opening.ok) return fail(opening.fault, opening.detail)
  const { proofs, all, unknown: others } = opening.opened
  for (const [i, proof] of proofs.entries()) {
    const vouched = keys[i]
    if (vouched === undefined) return unknown('key_unknown', proof.verificationMethod)
    const result = await verifyProof(credential, proof, { key: vouched.key, all, contexts: inputs.contexts })
    if (!result.ok) {
      return (result.fault === 'context_not_at_hand' ? unknown : fail)(result.fault, result.detail)
    }
    // Contexts after those of a JCS proof are not signed, so a document that has such is not what was signed.
    const difference = firstDifference(credential, result.document)
    if (difference !== null) return fail('context_mismatch', `${difference} is not signed`)
  }
  return pass({
    suites: proofs.map(({ cryptosuite }) => cryptosuite),
    ...(typeof proofs[0]?.created === 'string' && { created: proofs[0].created }),
    ...(others.length > 0 && { unchecked: others }),
  })
}
