/** What could be read of the claims of an SD-JWT VC before anything in them is believed. */
import { type ControllerId, isControllerId } from '../base/did-url.ts'
import { instantAt } from '../base/instant.ts'
import { isObject, type Json, type JsonObject, textOf } from '../base/json.ts'
import { gradeCertificateVct, readClaims } from '../credential/claims.ts'
import { lastSecond } from '../securing/jwt.ts'
import type { SecuredOpening } from '../securing/open.ts'
import type { Policy } from './policy.ts'
import { type Facts, fail, pass } from './report.ts'
import type { StatusEntry, Subject } from './subject.ts'

/** Reads the claims of a certificate as far as its holder has let us see them. */
export function readDisclosed(
  claims: JsonObject,
  opening: SecuredOpening,
  policy: Policy,
): Omit<Subject, 'digest'> {
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
