/** Whether every signature that we can read is over exactly this document. */
import { toHex, utf8 } from '../base/bytes.ts'
import { sha256Hex } from '../base/digest.ts'
import { firstDifference } from '../credential/difference.ts'
import type { SecuringFault } from '../securing/open.ts'
import { nameOfKey, type Signature, type SignatureResult } from '../securing/opened.ts'
import type { Inputs } from './inputs.ts'
import type { VouchedKey } from './issuer.ts'
import { type Check, type Facts, fail, pass, unknown } from './report.ts'
import type { ReadCredential } from './subject.ts'

/** The check, and the keys that made the signatures; where it does not pass, those that were named for them. */
export async function checkProof(
  { opening, credential }: Pick<ReadCredential, 'opening' | 'credential'>,
  candidates: readonly (readonly VouchedKey[])[],
  inputs: Inputs,
): Promise<[Check<'proof'>, readonly VouchedKey[]]> {
  const named = candidates.flatMap(([first]) => (first === undefined ? [] : [first]))
  if (!opening.ok) return [fail(opening.fault, opening.detail), named]
  const { signatures, unknown: others } = opening.opened
  const made: VouchedKey[] = []
  const steps: Facts[] = []
  for (const [i, signature] of signatures.entries()) {
    const tried = await tryKeys(signature, candidates[i] ?? [], inputs)
    if (tried === null) return [unknown('key_unknown', nameOfKey(signature.key)), named]
    const { vouched, result } = tried
    if (!result.ok) {
      const outcome = result.fault === 'context_not_at_hand' ? unknown : fail
      return [outcome(result.fault, result.detail), named]
    }
    // Contexts after those of a JCS proof are not signed, so a document that has such is not what was signed.
    const difference = firstDifference(credential, result.document)
    if (difference !== null) return [fail('context_mismatch', `${difference} is not signed`), named]
    made.push(vouched)
    if (inputs.explain) steps.push(stepOf(signature, vouched, result))
  }
  const facts = {
    suites: signatures.map(({ suite }) => suite),
    ...(signatures[0]?.created !== undefined && { created: signatures[0].created }),
    ...(others.length > 0 && { unchecked: others }),
    ...(inputs.explain && { signatures: steps }),
  }
  const { sdJwt } = opening
  // Asked before, so that taking the holder's signature off never helps; what is no SD-JWT was refused when it was opened.
  if (inputs.binding === undefined || sdJwt === undefined) return [pass(facts), made]
  const { judgeBinding } = await import('./key-binding.ts')
  const bound = await judgeBinding(sdJwt, inputs.binding, inputs.now)
  return bound.ok ? [pass({ ...facts, boundTo: bound.boundTo }), made] : [fail(bound.fault, ''), named]
}

/** What went into one signature, for whoever wants to do it again by hand. */
const stepOf = (
  { suite, key, created }: Signature<SecuringFault>,
  vouched: VouchedKey,
  { hashData, hashed }: Extract<SignatureResult<SecuringFault>, { ok: true }>,
): Facts => ({
  suite,
  key: nameOfKey(key),
  thumbprint: vouched.thumbprint,
  algorithm: vouched.key.algorithm,
  publicKey: toHex(vouched.key.bytes),
  ...(created !== undefined && { created }),
  hashedBytes: (typeof hashed === 'string' ? utf8(hashed) : hashed).length,
  signedBytes: hashData.length,
  // Of a document the digests themselves; a token's input is long, and has one.
  ...(hashData.length <= 96 ? { signed: toHex(hashData) } : { signedDigest: sha256Hex(hashData) }),
})

/** The key under which a signature holds, else how it fails under the first; `null` where there is none to try. */
export async function tryKeys(
  signature: Signature<SecuringFault>,
  candidates: readonly VouchedKey[],
  { contexts }: Pick<Inputs, 'contexts'>,
): Promise<{ readonly vouched: VouchedKey; readonly result: SignatureResult<SecuringFault> } | null> {
  let first = null
  for (const vouched of candidates) {
    const verifying = signature.verify(vouched.key, contexts)
    const result = verifying instanceof Promise ? await verifying : verifying
    if (result.ok) return { vouched, result }
    first ??= { vouched, result }
  }
  return first
}
