/**
 * The JWT of Open Badges 3.0 (section 8.2 there), which is not a `vc+jwt`: it repeats issuer, id, subject and dates as
 * claims, and its header may bring the key along.
 */
import { CertificateError } from '../base/errors.ts'
import { epochOf } from '../base/instant.ts'
import { isObject, type Json, type JsonObject, textOf } from '../base/json.ts'
import { fromJwk, type PublicKey, toJwk } from '../key/public-key.ts'
import type { Signer } from '../key/signer.ts'
import { type JwsFault, openJws, signJws } from './jws.ts'
import { isMethodUrl, isNumericDate, type JwtSignatureFault, openedJwt } from './jwt.ts'
import type { KeyName, Opened } from './opened.ts'

export type BadgeJwtFault =
  | JwsFault
  /** `typ` is there and not `JWT`. */
  | 'jwt_type'
  /** A claim is missing, of a wrong kind, or has no place here. */
  | 'jwt_claim'
  /** A claim and the credential say two things. */
  | 'jwt_claim_conflict'
  | 'jwt_key_name'

export type BadgeJwtOpening =
  | { readonly ok: true; readonly opened: Opened<JwtSignatureFault> }
  | {
      readonly ok: false
      readonly fault: BadgeJwtFault
      readonly detail: string
      readonly document?: JsonObject
    }

/** Takes the JWT of a badge apart. Its document is the credential without the claims, from `vc` where it is one of version 1.1. */
export function openBadgeJwt(compact: string): BadgeJwtOpening {
  const opening = openJws(compact)
  if (!opening.ok) return opening
  const { header, payload } = opening.jws
  const document = credentialOf(payload)
  if (document === null) return { ok: false, fault: 'jwt_claim', detail: 'vc beside members of a credential' }
  const fault = headerFault(header) ?? claimFault(payload, document)
  if (fault !== null) return { ok: false, ...fault, document }
  const key = keyName(header)
  if (typeof key === 'string') return { ok: false, fault: 'jwt_key_name', detail: key, document }
  return { ok: true, opened: openedJwt('badge-jwt', opening.jws, { document, key }) }
}

/** What a caller decides about the JWT of a badge; all its claims come from the credential. */
export interface BadgeJwtOptions {
  /** Of P-256: RS256 is the other algorithm that platforms take, and we do not sign with RSA. */
  readonly signer: Signer
  /** Its key as `jwk` in the header, for platforms that do not resolve DIDs. It proves nothing to us. */
  readonly publicKey?: PublicKey
}

/**
 * Secures a badge as platforms without Data Integrity read it.
 * @throws `securing.wrong_algorithm` where the signer is not of P-256
 * @throws `securing.jwt_refused` what `openBadgeJwt` would refuse, a badge without a subject's id above all, and where
 *   the public key is another's
 * @throws `securing.signer_misbehaves`
 */
export async function signBadgeJwt(
  document: JsonObject,
  { signer, publicKey }: BadgeJwtOptions,
): Promise<string> {
  if (signer.algorithm !== 'P-256') {
    throw new CertificateError('securing.wrong_algorithm', {
      suite: 'badge-jwt',
      algorithm: signer.algorithm,
    })
  }
  const stated = claimsOf(document)
  const taken = [...claimNames].find((name) => Object.hasOwn(document, name))
  const absent = Object.keys(stated).find((name) => stated[name] === undefined && name !== 'exp')
  if (taken !== undefined || absent !== undefined) {
    throw new CertificateError('securing.jwt_refused', {
      fault: 'jwt_claim',
      what: (taken ?? absent) as string,
    })
  }
  const { exp, ...required } = stated as Record<string, Json>
  const compact = await signJws(
    { typ: 'JWT', kid: signer.verificationMethod, ...(publicKey && { jwk: toJwk(publicKey) }) },
    { ...document, ...required, ...(exp !== undefined && { exp }) },
    signer,
  )
  const opening = openBadgeJwt(compact)
  if (!opening.ok) {
    throw new CertificateError('securing.jwt_refused', { fault: opening.fault, what: opening.detail })
  }
  const result = publicKey && (await opening.opened.signatures[0]?.verify(publicKey, new Map()))
  if (result === undefined || result.ok) return compact
  throw new CertificateError('securing.jwt_refused', { fault: result.fault, what: 'publicKey' })
}

/** Registered claims (RFC 7519, section 4.1): never members of a credential. */
const claimNames: ReadonlySet<string> = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'])

/** The credential at the top level, or alone in `vc`; `null` where both could be meant. */
function credentialOf(payload: JsonObject): JsonObject | null {
  const { vc, ...rest } = payload
  const members = Object.entries(rest).filter(([name]) => !claimNames.has(name))
  if (vc === undefined) return Object.fromEntries(members)
  return isObject(vc) && members.length === 0 ? vc : null
}

interface Fault {
  readonly fault: BadgeJwtFault
  readonly detail: string
}

function headerFault(header: JsonObject): Fault | null {
  const other = Object.keys(header).find((name) => !headerNames.includes(name))
  if (other !== undefined) return { fault: 'jws_header_refused', detail: other.slice(0, 100) }
  if (!algorithmNames.includes(header.alg as string)) {
    return { fault: 'jws_header_refused', detail: `alg ${textOf(header.alg)}` }
  }
  return header.typ === undefined || header.typ === 'JWT'
    ? null
    : { fault: 'jwt_type', detail: `typ ${textOf(header.typ).slice(0, 100)}` }
}

const headerNames: readonly string[] = ['alg', 'kid', 'jwk', 'typ']
/** What the 1EdTech validator takes; whether it is the key's algorithm, `verifyJws` asks. */
const algorithmNames: readonly string[] = ['RS256', 'ES256']

/** Every claim is there and says what the credential says; `exp` exactly where the credential ends. */
function claimFault(payload: JsonObject, document: JsonObject): Fault | null {
  for (const [name, stated] of Object.entries(claimsOf(document))) {
    const claim = payload[name]
    if (claim === undefined && (name !== 'exp' || stated !== undefined)) {
      return { fault: 'jwt_claim', detail: `no ${name}` }
    }
    if (claim === undefined) continue
    if (dates.includes(name) ? !isNumericDate(claim) : typeof claim !== 'string') {
      return { fault: 'jwt_claim', detail: name }
    }
    const compared = typeof claim === 'number' ? Math.floor(claim) : claim
    if (compared !== stated) return { fault: 'jwt_claim_conflict', detail: name }
  }
  return payload.iat === undefined || isNumericDate(payload.iat)
    ? null
    : { fault: 'jwt_claim', detail: 'iat' }
}

const dates: readonly string[] = ['nbf', 'exp']

/** The claims that a credential asks for. In version 1.1 of the data model its dates have other names. */
function claimsOf(document: JsonObject): Readonly<Record<string, Json | undefined>> {
  const { issuer, id, validFrom, issuanceDate, validUntil, expirationDate, credentialSubject } = document
  return {
    iss: isObject(issuer) ? issuer.id : issuer,
    jti: id,
    nbf: secondsOf(validFrom ?? issuanceDate),
    sub: isObject(credentialSubject) ? credentialSubject.id : undefined,
    exp: secondsOf(validUntil ?? expirationDate),
  }
}

/** Whole seconds since 1970; a date that is none is left as it is and equals no claim. */
function secondsOf(date: Json | undefined): Json | undefined {
  const at = typeof date === 'string' ? epochOf(date) : null
  return at === null ? date : Math.floor(at / 1000)
}

/** `kid` where it is the URL of a key; else the `jwk` that came along, whose thumbprint has to be among the issuer's keys. */
function keyName({ kid, jwk }: JsonObject): KeyName | string {
  if (isMethodUrl(kid)) return { by: 'method', url: kid }
  if (jwk === undefined) return kid === undefined ? 'neither kid nor jwk' : 'kid is no URL'
  const key = fromJwk(jwk)
  return key === null ? 'jwk is no public key that we know' : { by: 'jwk', key }
}
