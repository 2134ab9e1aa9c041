/** JSON Schema of the badge form. Ours is bundled and known by its digest; others are judged only where they are at hand. */
import { Validator } from '@cfworker/json-schema'
import { canonicalJson } from '../base/canonical.ts'
import type { Json } from '../base/json.ts'
import schemaV1 from './data/grade-certificate-schema-v1.json' with { type: 'json' }

/** JSON Schema of Open Badges 3.0; 1EdTech's to publish, so it is named and not shipped. */
export const openBadgesSchemaUrl =
  'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json'

export const gradeCertificateSchemaUrl = 'https://w3id.org/gradecert/schemas/grade-certificate-v1.json'

/** The type that Open Badges gives to its schema entries: JSON Schema 2019-09. */
export const schemaEntryType = '1EdTechJsonSchemaValidator2019'

/** The text of our schema as `publish` writes it: canonical JSON, so that its bytes have the digest below. */
export const gradeCertificateSchemaText = (): string => canonicalJson(schemaV1 as Json)
/** Subresource Integrity of that text: `sha384-` and standard base64. A test recomputes it. */
export const gradeCertificateSchemaSri =
  'sha384-9D+kPWX+NJui7J1/wiZOOPtfH5IQh0x/FXVjw0L5eVYuXxjAQpoXB/Rcsu6kqXlw'

/** Where a credential leaves our schema: a JSON Pointer into it, or `null` where it holds to it. */
export function schemaFault(credential: Json): { readonly pointer: string; readonly problem: string } | null {
  const { valid, errors } = new Validator(schemaV1 as object, '2019-09', true).validate(credential)
  if (valid) return null
  const innermost = errors.at(-1)
  return {
    pointer: innermost?.instanceLocation.replace(/^#/, '') ?? '',
    problem: innermost?.error ?? 'does not hold',
  }
}
