/**
 * JSON Schemas that a credential names (VC JSON Schema): its entries, the schema document behind one, and whether an
 * instance holds to a schema. Validation itself is loaded when first needed.
 */
import type { Bytes } from '../base/bytes.ts'
import { isUrl } from '../base/did-url.ts'
import { asList, isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { isSri, matchesSri } from './resource-digest.ts'
import type { SchemaOutcome } from './schema-validation.ts'

export type { SchemaDoubt, SchemaOutcome } from './schema-validation.ts'

/**
 * Whether an instance holds to a schema of draft 2019-09 or 2020-12: `success`, `failure` with the place, or
 * `indeterminate` where the schema is of another draft, refers to another document or asks for unbounded work.
 */
export async function validateSchema(schema: Json, instance: Json): Promise<SchemaOutcome> {
  const { validateWithin } = await import('./schema-validation.ts')
  return validateWithin(schema, instance)
}

/** An entry of `credentialSchema`. */
export interface SchemaEntry {
  /** `JsonSchema`: `id` names a schema. `JsonSchemaCredential`: it names a credential that holds one. */
  readonly kind: 'JsonSchema' | 'JsonSchemaCredential' | 'other'
  readonly id: string
  readonly digestSRI?: string
}

/** Open Badges names JSON Schemas of draft 2019-09 under a type of its own. */
const kinds: Readonly<Record<string, SchemaEntry['kind']>> = {
  JsonSchema: 'JsonSchema',
  '1EdTechJsonSchemaValidator2019': 'JsonSchema',
  JsonSchemaCredential: 'JsonSchemaCredential',
}

/** Reads an entry; `null` where it has no URL, no type or a digest that is none. */
export function readSchemaEntry(entry: Json): SchemaEntry | null {
  if (!isObject(entry)) return null
  const { id, digestSRI } = entry
  const types = asList(entry.type)
  if (!isUrl(id) || types.length === 0 || !types.every((type) => typeof type === 'string')) return null
  if (digestSRI !== undefined && !isSri(digestSRI)) return null
  const known = types.find((type) => Object.hasOwn(kinds, type))
  const kind = known === undefined ? 'other' : (kinds[known] as SchemaEntry['kind'])
  return { kind, id, ...(digestSRI !== undefined && { digestSRI }) }
}

export type SchemaReading =
  | { readonly ok: true; readonly schema: JsonObject }
  | { readonly ok: false; readonly fault: SchemaFault; readonly detail: string }

export type SchemaFault =
  /** The bytes are not those that the entry states the digest of. */
  | 'schema_digest_mismatch'
  /** They are no JSON object within bounds. */
  | 'schema_unreadable'
  | 'schema_credential_malformed'

/** Bytes of a schema document. */
const maxSchemaBytes = 262_144

/** The schema, or the credential with it, that was found under an entry's id; checked against its digest first. */
export function readSchemaDocument({ digestSRI }: SchemaEntry, bytes: Bytes): SchemaReading {
  if (bytes.length > maxSchemaBytes) return refuse('schema_unreadable', `more than ${maxSchemaBytes} bytes`)
  if (digestSRI !== undefined && !matchesSri(digestSRI, bytes)) {
    return refuse('schema_digest_mismatch', digestSRI.slice(0, 200))
  }
  const parsed = parseJson(bytes)
  if (!parsed.ok) return refuse('schema_unreadable', `${parsed.fault}: ${parsed.detail}`)
  if (!isObject(parsed.value)) return refuse('schema_unreadable', 'not an object')
  return { ok: true, schema: parsed.value }
}

/** Names the schema of schema credentials (VC JSON Schema, section on JsonSchemaCredential). */
export const schemaCredentialSchemaUrl = 'https://www.w3.org/ns/credentials/json-schema/v2.json'

/**
 * The schema that a credential of type `JsonSchemaCredential` holds. Its shape is looked at and nothing else: whether the
 * credential is to be believed is for the verifier to find out first.
 */
export function schemaOfCredential(credential: JsonObject): SchemaReading {
  const malformed = (what: string) => refuse('schema_credential_malformed', what)
  const types = asList(credential.type)
  if (!types.includes('VerifiableCredential') || !types.includes('JsonSchemaCredential')) {
    return malformed('/type is not that of a JsonSchemaCredential')
  }
  const entries = asList(credential.credentialSchema)
  const [entry] = entries
  const own = entry === undefined ? null : readSchemaEntry(entry)
  if (entries.length !== 1 || own?.kind !== 'JsonSchema' || own.id !== schemaCredentialSchemaUrl) {
    return malformed(`/credentialSchema is not ${schemaCredentialSchemaUrl}`)
  }
  if (own.digestSRI === undefined) return malformed('/credentialSchema has no digestSRI')
  const subjects = asList(credential.credentialSubject)
  const [subject] = subjects
  if (subjects.length !== 1 || !isObject(subject)) return malformed('/credentialSubject is not one object')
  const subjectTypes = asList(subject.type)
  if (subjectTypes.length !== 1 || subjectTypes[0] !== 'JsonSchema') {
    return malformed('/credentialSubject/type is not JsonSchema')
  }
  if (!isObject(subject.jsonSchema)) return malformed('/credentialSubject/jsonSchema is no object')
  return { ok: true, schema: subject.jsonSchema }
}

const refuse = (fault: SchemaFault, detail: string): SchemaReading => ({ ok: false, fault, detail })
