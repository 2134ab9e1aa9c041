/** Whether every proof that we can read is over exactly this document. */
import type { JsonObject } from '../base/json.ts'
import { firstDifference } from '../credential/difference.ts'
import { type ProofResult, verifyProof } from '../securing/data-integrity.ts'
import { type Proof, suiteOf } from '../securing/proof.ts'
import type { Inputs } from './inputs.ts'
import type { VouchedKey } from './issuer.ts'
import { type Check, fail, pass, unknown } from './report.ts'
import type { ReadCredential } from './subject.ts'

/** The check, and the keys that made the proofs; where it does not pass, those that were named for them. */
export async function checkProof(
  { opening, credential }: ReadCredential,
  candidates: readonly (readonly VouchedKey[])[],
  inputs: Inputs,
): Promise<[Check<'proof'>, readonly VouchedKey[]]> {
  const named = candidates.flatMap(([first]) => (first === undefined ? [] : [first]))
  if (!opening.ok) return [fail(opening.fault, opening.detail), named]
  const { proofs, all, unknown: others } = opening.opened
  const made: VouchedKey[] = []
  for (const [i, proof] of proofs.entries()) {
    const tried = await tryKeys(credential, proof, candidates[i] ?? [], { all, contexts: inputs.contexts })
    if (tried === null) return [unknown('key_unknown', proof.verificationMethod), named]
    const { vouched, result } = tried
    if (!result.ok) {
      const outcome = result.fault === 'context_not_at_hand' ? unknown : fail
      return [outcome(result.fault, result.detail), named]
    }
    // Contexts after those of a JCS proof are not signed, so a document that has such is not what was signed.
    const difference = firstDifference(credential, result.document)
    if (difference !== null) return [fail('context_mismatch', `${difference} is not signed`), named]
    made.push(vouched)
  }
  const facts = {
    suites: proofs.map(suiteOf),
    ...(typeof proofs[0]?.created === 'string' && { created: proofs[0].created }),
    ...(others.length > 0 && { unchecked: others }),
  }
  return [pass(facts), made]
}

/** The key under which a proof holds, else how it fails under the first; `null` where there is none to try. */
export async function tryKeys(
  document: JsonObject,
  proof: Proof,
  candidates: readonly VouchedKey[],
  context: Omit<Parameters<typeof verifyProof>[2], 'key'>,
): Promise<{ readonly vouched: VouchedKey; readonly result: ProofResult } | null> {
  let first = null
  for (const vouched of candidates) {
    const result = await verifyProof(document, proof, { ...context, key: vouched.key })
    if (result.ok) return { vouched, result }
    first ??= { vouched, result }
  }
  return first
}
