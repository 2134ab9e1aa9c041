/** What could be read of a text before anything in it is believed. */
import type { Bytes } from '../base/bytes.ts'
import { type ControllerId, isControllerId } from '../base/did-url.ts'
import { sha256Hex } from '../base/digest.ts'
import { instantAt } from '../base/instant.ts'
import { asList, isObject, type Json, type JsonObject, textOf } from '../base/json.ts'
import type { Certificate } from '../certificate/certificate.ts'
import { type BadgeReading, readBadge } from '../credential/badge.ts'
import { type DisclosedCertificate, gradeCertificateVct, readClaims } from '../credential/claims.ts'
import { type ContextTable, contextUrls } from '../credential/contexts.ts'
import { lastSecond } from '../securing/jwt.ts'
import { openText, type SecuredOpening } from '../securing/open.ts'
import type { Inputs } from './inputs.ts'
import type { Policy } from './policy.ts'
import { type Check, type Facts, fail, pass, unknown } from './report.ts'

export interface Subject {
  /** Lower-case hex SHA-256 of the text. */
  readonly digest: string
  readonly format: Check<'format'>
  /** `undefined` where the text is no credential whose contexts we know: there is nothing more to look at. */
  readonly read?: ReadCredential
}

export interface ReadCredential {
  /** What is stated, without what secures it. */
  readonly credential: JsonObject
  readonly opening: SecuredOpening
  readonly issuer: ControllerId
  /** The dates between which it says that it holds, as they stand there or as text. */
  readonly from: string | undefined
  readonly until: string | undefined
  /** The entries that say where the status stands, of whatever type. */
  readonly statusEntries: readonly StatusEntry[]
  /** What it says it certifies; `undefined` where it does not hold together. */
  readonly certificate: Certificate | DisclosedCertificate | undefined
}

/** An entry of a W3C credential, or of a token: `status_list` in the claim `status`. */
export type StatusEntry =
  | { readonly of: 'credential'; readonly entry: Json }
  | { readonly of: 'token'; readonly mechanism: string; readonly entry: Json }

/** Reads a text under a policy that says which types of certificate are asked for. */
export function readSubject(source: Bytes | string, { contexts, policy, binding }: Inputs): Subject {
  const digest = sha256Hex(source)
  const text = openText(source, { binding })
  if (!text.ok) return { digest, format: fail(text.fault, text.detail) }
  const { opening } = text
  const credential = opening.ok ? opening.opened.document : opening.document
  return isClaims(opening)
    ? { digest, ...readDisclosed(credential, opening, policy) }
    : { digest, ...readBadgeForm(credential, opening, { contexts, policy }) }
}

/** An SD-JWT VC states claims; every other form a W3C credential, whatever its members are called. */
export const isClaims = (opening: SecuredOpening): boolean =>
  opening.ok ? opening.opened.form === 'sd-jwt' : opening.document.vct !== undefined

function readDisclosed(claims: JsonObject, opening: SecuredOpening, policy: Policy): Omit<Subject, 'digest'> {
  const reading = readClaims(claims)
  const certificate = reading.ok ? reading.certificate : undefined
  const statusEntries = statusEntriesOfClaims(claims)
  const format =
    claims.vct !== gradeCertificateVct
      ? fail('type_unknown', textOf(claims.vct))
      : !reading.ok
        ? fail('claims_malformed', `${reading.pointer || '/'}: ${reading.problem}`)
        : !policy.types.includes(reading.certificate.type)
          ? fail('type_not_accepted', reading.certificate.type)
          : statusEntries.length === 0
            ? fail('status_missing', 'no entry by which it could be revoked')
            : pass({ type: reading.certificate.type, form: 'sd-jwt', ...disclosure(opening) })
  const { iss } = claims
  return isControllerId(iss)
    ? { format, read: { ...readOfClaims(claims, opening, iss), statusEntries, certificate } }
    : { format: format.outcome === 'pass' ? fail('claims_malformed', '/iss') : format }
}

/** What every SD-JWT VC has, of whatever type. */
export const readOfClaims = (claims: JsonObject, opening: SecuredOpening, issuer: ControllerId) => ({
  credential: claims,
  opening,
  issuer,
  from: momentText(claims.nbf),
  until: momentText(typeof claims.exp === 'number' ? lastSecond(claims.exp) : undefined),
  statusEntries: statusEntriesOfClaims(claims),
})

/** Which claims the holder has let us see, and whether there are more. */
export function disclosure(opening: SecuredOpening): Facts {
  const { sdJwt } = opening.ok ? opening : {}
  return sdJwt === undefined
    ? {}
    : { disclosed: sdJwt.disclosed.map(({ pointer }) => pointer), partial: sdJwt.isPartial }
}

/** NumericDates were read before (RFC 7519, section 2). */
const momentText = (seconds: Json | undefined): string | undefined =>
  typeof seconds === 'number' ? instantAt(seconds * 1000) : undefined

const statusEntriesOfClaims = ({ status }: JsonObject): readonly StatusEntry[] =>
  isObject(status)
    ? Object.entries(status).map(([mechanism, entry]) => ({ of: 'token', mechanism, entry }))
    : []

function readBadgeForm(
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

/** What every W3C credential has, of whatever type. */
export const readOfCredential = (credential: JsonObject, opening: SecuredOpening, issuer: ControllerId) => ({
  credential,
  opening,
  issuer,
  from: dateText(credential.validFrom),
  until: dateText(credential.validUntil),
  statusEntries: statusEntriesOf(credential).map((entry) => ({ of: 'credential', entry }) as const),
})

const dateText = (value: Json | undefined): string | undefined =>
  value === undefined ? undefined : textOf(value)

const statusEntriesOf = ({ credentialStatus, supplementaryStatus }: JsonObject): readonly Json[] => [
  ...asList(credentialStatus),
  ...asList(supplementaryStatus),
]

/** A badge names exactly four contexts in this order, each known by its content. */
function judgeContexts(value: Json | undefined, contexts: ContextTable): Check<'format'> | null {
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
