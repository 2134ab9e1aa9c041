/** JSON Schema of the badge form. Ours is bundled and known by its digest; others are judged only where they are at hand. */

import type { Json } from '../base/json.ts'
import { lazily } from '../base/lazily.ts'
import type { SchemaOutcome } from './json-schema.ts'

/** JSON Schema of Open Badges 3.0; 1EdTech's to publish, so it is named and not shipped. */
export const openBadgesSchemaUrl =
  'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json'

export const gradeCertificateSchemaUrl = 'https://w3id.org/gradecert/schemas/grade-certificate-v1.json'

/** The type that Open Badges gives to its schema entries: JSON Schema 2019-09. */
export const schemaEntryType = '1EdTechJsonSchemaValidator2019'

/** Subresource Integrity of our schema's published text: `sha384-` and standard base64. A test recomputes it. */
export const gradeCertificateSchemaSri =
  'sha384-I5XBqH7NUCRmxZwvJZFB6pGYNgtEyByp+9wUEloOnmdygSMGN6cXBoUm8U9xua7f'

export interface SchemaFault {
  /** JSON Pointer into the credential. */
  readonly pointer: string
  readonly problem: string
}

/** Where a credential leaves our schema; `null` where it holds to it. The schema is loaded for the first, what explains for a fault. */
export async function gradeCertificateSchemaFault(credential: Json): Promise<SchemaFault | null> {
  const { holdsToOwnSchema, schema } = await ownSchema()
  if (holdsToOwnSchema(credential)) return null
  const { validateSchema } = await import('./json-schema.ts')
  return faultOf(await validateSchema(schema, credential)) ?? { pointer: '', problem: 'does not hold' }
}

const ownSchema = lazily(() => import('./own-schema.ts'))

/** A credential on which our own schema takes too much work does not hold to it: no certificate is that large. */
function faultOf(outcome: SchemaOutcome): SchemaFault | null {
  if (outcome.outcome === 'success') return null
  return outcome.outcome === 'failure'
    ? { pointer: outcome.pointer, problem: outcome.problem }
    : { pointer: '', problem: `${outcome.reason}: ${outcome.detail}` }
}
