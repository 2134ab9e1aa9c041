/** Proofs in a did:webvh log and beside it: eddsa-jcs-2022 by a key that its own did:key gives (did:webvh 1.0, "Authorized Keys"). */
import { epoch, epochOf, type Instant } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import { fromMultikey } from '../key/public-key.ts'
import { openDataIntegrity, verifyProof } from '../securing/data-integrity.ts'

export type ProofFault =
  | 'proof_malformed'
  | 'proof_suite'
  | 'proof_key_malformed'
  | 'proof_key_not_active'
  | 'proof_expired'
  | 'signature_mismatch'

export type ProofCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly fault: ProofFault; readonly detail: string }

export const proofSuite = 'eddsa-jcs-2022'

/** Whether all proofs of a document hold, each by one of `keys` (Multikeys). */
export async function checkProofs(
  secured: JsonObject,
  { keys, now }: { readonly keys: readonly string[]; readonly now: Instant },
): Promise<ProofCheck> {
  const opening = openDataIntegrity(secured)
  if (!opening.ok) return refuse('proof_malformed', `${opening.fault}: ${opening.detail}`)
  const { document, proofs, all, unknown } = opening.opened
  const otherSuites = [...unknown, ...proofs.map(({ cryptosuite }) => cryptosuite)].filter(
    (suite) => suite !== proofSuite,
  )
  if (otherSuites.length > 0) return refuse('proof_suite', otherSuites.join(', '))
  for (const proof of proofs) {
    const multikey = multikeyOf(proof.verificationMethod)
    const key = multikey === null ? null : fromMultikey(multikey)
    if (multikey === null || key === null) return refuse('proof_key_malformed', proof.verificationMethod)
    if (!keys.includes(multikey)) return refuse('proof_key_not_active', multikey)
    if (typeof proof.expires === 'string' && (epochOf(proof.expires) as number) <= epoch(now))
      return refuse('proof_expired', proof.expires)
    const verified = await verifyProof(document, proof, { key, all, contexts: new Map() })
    if (!verified.ok) return refuse('signature_mismatch', verified.detail)
  }
  return { ok: true }
}

/** The Multikey of `did:key:KEY#KEY`. Body and fragment must be one: the first gives the key, the second would be compared. */
export function multikeyOf(methodUrl: string): string | null {
  const [, body, fragment] = /^did:key:([^#]+)#([^#]+)$/.exec(methodUrl) ?? []
  return body !== undefined && body === fragment ? body : null
}

const refuse = (fault: ProofFault, detail: string): ProofCheck => ({
  ok: false,
  fault,
  detail: detail.slice(0, 300),
})
