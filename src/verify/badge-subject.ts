/** What could be read of a badge before anything in it is believed. */
import { isControllerId } from '../base/did-url.ts'
import { asList, isObject, type Json, type JsonObject } from '../base/json.ts'
import { type BadgeReading, readBadge } from '../credential/badge.ts'
import { contextUrls } from '../credential/contexts.ts'
import type { SecuredOpening } from '../securing/open.ts'
import type { Inputs, KnownContexts } from './inputs.ts'
import type { Policy } from './policy.ts'
import { type Check, fail, pass, unknown } from './report.ts'
import { readOfCredential, type Subject, statusEntriesOf } from './subject.ts'

/** Reads the badge of a certificate, under a policy that says which types are asked for. */
export function readBadgeForm(
  credential: JsonObject,
  opening: SecuredOpening,
  { contexts, policy }: Pick<Inputs, 'contexts' | 'policy'>,
): Omit<Subject, 'digest'> {
  if (!asList(credential.type).includes('VerifiableCredential')) {
    return { format: fail('not_a_credential', 'its type does not say VerifiableCredential') }
  }
  const contextFault = judgeContexts(credential['@context'], contexts)
  if (contextFault !== null) return { format: contextFault }
  const reading = readBadge(credential)
  const format = judgeReading(reading, credential, policy)
  const issuer = isObject(credential.issuer) ? credential.issuer.id : credential.issuer
  if (!isControllerId(issuer)) return { format }
  const certificate = reading?.ok ? reading.certificate : reading?.claimed
  return { format, read: { ...readOfCredential(credential, opening, issuer), certificate } }
}

/** A badge names exactly four contexts in this order, each known by its content. */
function judgeContexts(value: Json | undefined, contexts: KnownContexts): Check<'format'> | null {
  const expected = [
    contextUrls['credentials/v2'],
    contextUrls['open-badges/3.0.3'],
    contextUrls['open-badges/extensions'],
  ]
  if (!Array.isArray(value) || value.length !== 4 || !expected.every((url, i) => value[i] === url)) {
    return fail('context_not_accepted', 'not the list of contexts of a badge of ours')
  }
  const own: unknown = value[3]
  if (typeof own !== 'string') return fail('context_not_accepted', 'an inline context')
  const known = contexts.get(own)
  if (known === undefined) return unknown('context_not_at_hand', own)
  return known.name === 'gradecert/v1' ? null : fail('context_not_accepted', own)
}

/** Entries of another type speak in their own way; whether they can be read is the business of the status check. */
const mayRevoke = ({ type, statusPurpose }: JsonObject): boolean =>
  type !== 'BitstringStatusListEntry' || statusPurpose === 'revocation'

function judgeReading(reading: BadgeReading | null, credential: JsonObject, policy: Policy): Check<'format'> {
  if (reading === null) return fail('type_unknown', 'no type of certificate that we know')
  if (!reading.ok) return fail('badge_malformed', `${reading.pointer || '/'}: ${reading.problem}`)
  const { type } = reading.certificate
  if (!policy.types.includes(type)) return fail('type_not_accepted', type)
  const mustHaveStatus = type === 'ProfessionalTechnicalGradeCertificate'
  if (mustHaveStatus && !statusEntriesOf(credential).some((entry) => isObject(entry) && mayRevoke(entry))) {
    return fail('status_missing', 'no entry by which it could be revoked')
  }
  return pass({ type, form: 'badge' })
}
