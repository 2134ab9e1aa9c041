/** The key that an https issuer of SD-JWT VCs lists in its metadata (SD-JWT VC, section 3.5). */
import type { ControllerId } from '../base/did-url.ts'
import type { JsonObject } from '../base/json.ts'
import type { PublicKey } from '../key/public-key.ts'
import { issuerKey, readIssuerMetadata } from '../securing/sd-jwt-vc.ts'

export type MetadataKey =
  | { readonly ok: true; readonly key: PublicKey }
  | {
      readonly ok: false
      readonly reason: 'method_not_found' | 'issuer_metadata_malformed'
      readonly detail: string
    }

export function keyOfMetadata(
  document: JsonObject,
  issuer: ControllerId,
  kid: string | undefined,
): MetadataKey {
  const reading = readIssuerMetadata(document, issuer)
  if (!reading.ok) return { ok: false, reason: 'issuer_metadata_malformed', detail: reading.detail }
  const key = issuerKey(reading.keys, kid)
  return key === null ? { ok: false, reason: 'method_not_found', detail: kid ?? '' } : { ok: true, key }
}
