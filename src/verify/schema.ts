/** Our own schema, known by its digest, must hold, and every other that is at hand; the rest is named as unchecked. */
import { utf8 } from '../base/bytes.ts'
import { asList, isObject, type JsonObject, textOf } from '../base/json.ts'
import { lazily } from '../base/lazily.ts'
import type { SchemaEntry } from '../credential/json-schema.ts'
import { gradeCertificateSchemaFault, gradeCertificateSchemaSri } from '../credential/schemas.ts'
import type { Inputs } from './inputs.ts'
import { type Check, fail, pass, skipped, unknown } from './report.ts'
import type { ReadCredential } from './subject.ts'

/** Gives the document of a credential that is its issuer's and in force, `null` for any other text. */
export type VerifyDocument = (text: string) => Promise<JsonObject | null>

export async function checkSchema(
  { credential, certificate }: ReadCredential,
  inputs: Inputs,
  verifyDocument: VerifyDocument,
): Promise<Check<'schema'>> {
  // Claims that were read as a certificate held to the schema of their type: `vct` names it.
  if (certificate !== undefined && 'form' in certificate) {
    return pass({
      checked: [credential.vct === undefined ? certificate.form : textOf(credential.vct)],
      unchecked: [],
    })
  }
  const entries = asList(credential.credentialSchema).filter(isObject)
  const checked: string[] = []
  const unchecked: string[] = []
  for (const entry of entries) {
    const found = await checkEntry(entry, credential, inputs, verifyDocument)
    if (found === 'unchecked') unchecked.push(textOf(entry.id))
    else if (found === 'holds') checked.push(textOf(entry.id))
    else return found
  }
  return checked.length === 0 ? skipped('no_schema_at_hand') : pass({ checked, unchecked })
}

const jsonSchema = lazily(() => import('../credential/json-schema.ts'))

type Found = 'holds' | 'unchecked' | Extract<Check<'schema'>, { readonly outcome: 'fail' | 'unknown' }>

async function checkEntry(
  entry: JsonObject,
  credential: JsonObject,
  { schemas }: Inputs,
  verifyDocument: VerifyDocument,
): Promise<Found> {
  if (entry.digestSRI === gradeCertificateSchemaSri) {
    const fault = await gradeCertificateSchemaFault(credential)
    return fault === null ? 'holds' : fail('schema_violated', `${fault.pointer || '/'}: ${fault.problem}`)
  }
  const { readSchemaEntry } = await jsonSchema()
  const read = readSchemaEntry(entry)
  if (read === null) return fail('schema_entry_malformed', textOf(entry.id))
  const texts = schemas.get(read.id) ?? []
  if (texts.length === 0 || read.kind === 'other') return 'unchecked'
  const found: Found[] = []
  for (const text of texts) {
    found.push(await judge(read, text, credential, verifyDocument))
  }
  // What is not believed counts only where nothing else is there.
  const believed = found.filter((one) => typeof one === 'string' || one.reason !== 'schema_not_believed')
  const of = (outcome: 'fail' | 'unknown') =>
    believed.find((one) => typeof one !== 'string' && one.outcome === outcome)
  return of('fail') ?? of('unknown') ?? believed[0] ?? (found[0] as Found) // one text at least
}

async function judge(
  entry: SchemaEntry,
  text: string,
  credential: JsonObject,
  verifyDocument: VerifyDocument,
): Promise<Found> {
  const { readSchemaDocument, schemaOfCredential, validateSchema } = await jsonSchema()
  const document = readSchemaDocument(entry, utf8(text))
  if (!document.ok) {
    // Whoever brought another text under this name proves nothing against the credential.
    return unknown('schema_not_believed', `${entry.id}: ${document.fault}`)
  }
  let { schema } = document
  if (entry.kind === 'JsonSchemaCredential') {
    const verified = await verifyDocument(text)
    const carried = verified === null ? null : schemaOfCredential(verified)
    if (!carried?.ok) return unknown('schema_not_believed', entry.id)
    schema = carried.schema
  } else if (entry.digestSRI === undefined) {
    // VC JSON Schema, section 2: without a digest nothing says that this is what the issuer meant.
    return 'unchecked'
  }
  const outcome = await validateSchema(schema, credential)
  if (outcome.outcome === 'success') return 'holds'
  // Without a digest anybody's credential could stand under the address, and refute what it was not meant for.
  if (entry.digestSRI === undefined) return unknown('schema_not_believed', `${entry.id}: no digest`)
  return outcome.outcome === 'failure'
    ? fail('schema_violated', `${outcome.pointer || '/'}: ${outcome.problem}`)
    : unknown('schema_indeterminate', `${entry.id}: ${outcome.reason}`)
}
