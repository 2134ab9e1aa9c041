/** Whether the holder of an SD-JWT presented it for this occasion (RFC 9901, section 7.3). */
import type { Instant } from '../base/instant.ts'
import type { Binding } from '../securing/open.ts'
import { type KeyBindingFault, type SdJwt, verifyKeyBinding } from '../securing/sd-jwt.ts'

export type BindingVerdict =
  /** The thumbprint of the holder's key. */
  | { readonly ok: true; readonly boundTo: string }
  | { readonly ok: false; readonly fault: KeyBindingFault | 'binding_missing' }

/** Made for any of the verifier's names; where for none, it fails as it does for the first. */
export async function judgeBinding(
  sdJwt: SdJwt,
  { domain, challenge }: Binding,
  now: Instant,
): Promise<BindingVerdict> {
  let first: KeyBindingFault | null = null
  for (const audience of [domain].flat()) {
    const bound = await verifyKeyBinding(sdJwt, { audience, nonce: challenge, now })
    if (bound.ok) return { ok: true, boundTo: bound.thumbprint }
    first ??= bound.fault
  }
  return { ok: false, fault: first ?? 'binding_missing' }
}
