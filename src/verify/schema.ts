/** Our own schema, known by its digest, must hold; others are named as unchecked unless they are at hand. */
import { asList, isObject, textOf } from '../base/json.ts'
import { gradeCertificateSchemaSri, schemaFault } from '../credential/schemas.ts'
import { type Check, fail, pass, skipped } from './report.ts'
import type { ReadCredential } from './subject.ts'

export function checkSchema({ credential }: ReadCredential): Check<'schema'> {
  const entries = asList(credential.credentialSchema).filter(isObject)
  const ours = entries.filter(({ digestSRI }) => digestSRI === gradeCertificateSchemaSri)
  const unchecked = entries.filter((entry) => !ours.includes(entry)).map(({ id }) => textOf(id))
  if (ours.length === 0) return skipped('no_schema_at_hand')
  const fault = schemaFault(credential)
  if (fault !== null) return fail('schema_violated', `${fault.pointer || '/'}: ${fault.problem}`)
  return pass({ checked: ours.map(({ id }) => textOf(id)), unchecked })
}
