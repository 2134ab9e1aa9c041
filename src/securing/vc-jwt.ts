/**
 * Credentials and presentations whose JSON is the payload of a JWS: `vc+jwt` and `vp+jwt` (Securing Verifiable
 * Credentials using JOSE and COSE, section 3). Choices of the text are taken on the strict side and said below.
 */

import { CertificateError } from '../base/errors.ts'
import { epoch, type Instant } from '../base/instant.ts'
import { asList, isObject, type Json, type JsonObject, textOf } from '../base/json.ts'
import type { Signer } from '../key/signer.ts'
import { readChain } from '../key/x5c.ts'
import { type JwsFault, openJws, signJws } from './jws.ts'
import { isMethodUrl, isNumericDate, type JwtSignatureFault, mediaType, openedJwt } from './jwt.ts'
import type { KeyName, Opened } from './opened.ts'

export type VcJwtKind = 'vc' | 'vp'

export type VcJwtFault =
  | JwsFault
  /** `typ` or `cty` says something else, or `typ` is not there. */
  | 'jwt_type'
  /** A claim is of a wrong kind, or one that has no place here. */
  | 'jwt_claim'
  /** A claim and the document say two things. */
  | 'jwt_claim_conflict'
  /** The header names no key in a way that leads to the issuer. */
  | 'jwt_key_name'

export type VcJwtOpening =
  | {
      readonly ok: true
      readonly opened: Opened<JwtSignatureFault>
      /** The `nonce` of a presentation. */
      readonly challenge: string | undefined
      /** `aud`: whom it is meant for. */
      readonly audience: readonly string[] | undefined
    }
  | {
      readonly ok: false
      readonly fault: VcJwtFault
      readonly detail: string
      readonly document?: JsonObject
    }

export interface VcJwtReading {
  readonly kind: VcJwtKind
  /** The text only advises `typ`; without it a token for another use could pass for this one, so it has to be there by default. */
  readonly allowMissingTyp?: boolean
}

/** Takes a `vc+jwt` or `vp+jwt` apart. Its document is the payload without the claims that are about the signature. */
export function openVcJwt(compact: string, { kind, allowMissingTyp = false }: VcJwtReading): VcJwtOpening {
  const opening = openJws(compact)
  if (!opening.ok) return opening
  const { header, payload } = opening.jws
  const document = withoutClaims(payload, kind)
  const fault =
    typeFault(header, kind, allowMissingTyp) ?? shapeFault(payload, kind) ?? conflict(payload, kind)
  if (fault !== null) return { ok: false, ...fault, document }
  const key = keyName(header, payload, kind)
  if (typeof key === 'string') return { ok: false, fault: 'jwt_key_name', detail: key, document }
  const { aud, nonce } = payload
  return {
    ok: true,
    opened: openedJwt('jwt', opening.jws, { document, key }),
    challenge: kind === 'vp' ? (nonce as string | undefined) : undefined,
    audience: aud === undefined ? undefined : (asList(aud) as readonly string[]),
  }
}

/** What a caller decides about a `vc+jwt` or `vp+jwt`. */
export interface VcJwtOptions {
  readonly signer: Signer
  readonly kind: VcJwtKind
  readonly created: Instant
  readonly expires?: Instant
  /** Of a presentation: what the verifier asked for. */
  readonly challenge?: string
  readonly audience?: string
}

/**
 * Secures a document. `kid` names the key and with it the issuer, so `iss` does not repeat it.
 * @throws `securing.jwt_refused` what `openVcJwt` would refuse
 * @throws `securing.signer_misbehaves`
 */
export async function signVcJwt(
  document: JsonObject,
  { signer, kind, created, expires, challenge, audience }: VcJwtOptions,
): Promise<string> {
  const taken = claimsOf[kind].find((name) => Object.hasOwn(document, name))
  if (taken !== undefined)
    throw new CertificateError('securing.jwt_refused', { fault: 'jwt_claim', what: taken })
  const compact = await signJws(
    { typ: `${kind}+jwt`, cty: kind, kid: signer.verificationMethod },
    {
      ...document,
      iat: epoch(created) / 1000,
      ...(expires !== undefined && { exp: epoch(expires) / 1000 }),
      ...(challenge !== undefined && { nonce: challenge }),
      ...(audience !== undefined && { aud: audience }),
    },
    signer,
  )
  const opening = openVcJwt(compact, { kind })
  if (opening.ok) return compact
  throw new CertificateError('securing.jwt_refused', { fault: opening.fault, what: opening.detail })
}

/** Claims about the signature and its use (RFC 7519, section 4.1); `nonce` is one only where somebody asked for it. */
const claimsOf: Readonly<Record<VcJwtKind, readonly string[]>> = {
  vc: ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'],
  vp: ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'nonce'],
}

const withoutClaims = (payload: JsonObject, kind: VcJwtKind): JsonObject =>
  Object.fromEntries(Object.entries(payload).filter(([name]) => !claimsOf[kind].includes(name)))

interface Fault {
  readonly fault: VcJwtFault
  readonly detail: string
}

/** Section 3.1.1; RFC 7515, sections 4.1.9 and 4.1.10: compared without case, `application/` may stand before them. */
function typeFault({ typ, cty }: JsonObject, kind: VcJwtKind, allowMissingTyp: boolean): Fault | null {
  if (typ === undefined ? !allowMissingTyp : mediaType(typ) !== `${kind}+jwt`) {
    return { fault: 'jwt_type', detail: `typ ${textOf(typ).slice(0, 100)}` }
  }
  return cty === undefined || mediaType(cty) === kind
    ? null
    : { fault: 'jwt_type', detail: `cty ${textOf(cty).slice(0, 100)}` }
}

/** Section 3.1.3: neither `vc` nor `vp`, which belong to version 1.1; the rest is what RFC 7519 says that it is. */
function shapeFault(payload: JsonObject, kind: VcJwtKind): Fault | null {
  const old = ['vc', 'vp'].find((name) => Object.hasOwn(payload, name))
  if (old !== undefined)
    return { fault: 'jwt_claim', detail: `${old}: the payload has to be the document itself` }
  const dates = ['iat', 'nbf', 'exp'].find(
    (name) => payload[name] !== undefined && !isNumericDate(payload[name]),
  )
  if (dates !== undefined) return { fault: 'jwt_claim', detail: `${dates} is no NumericDate` }
  const texts = ['iss', 'sub', 'jti', ...(kind === 'vp' ? ['nonce'] : [])].find(
    (name) => payload[name] !== undefined && typeof payload[name] !== 'string',
  )
  if (texts !== undefined) return { fault: 'jwt_claim', detail: `${texts} is no text` }
  const { aud, type } = payload
  if (
    aud !== undefined &&
    (asList(aud).length === 0 || !asList(aud).every((one) => typeof one === 'string'))
  ) {
    return { fault: 'jwt_claim', detail: 'aud is neither a text nor a list of texts' }
  }
  return asList(type).includes(documentTypes[kind])
    ? null
    : { fault: 'jwt_type', detail: `type without ${documentTypes[kind]}` }
}

const documentTypes: Readonly<Record<VcJwtKind, string>> = {
  vc: 'VerifiableCredential',
  vp: 'VerifiablePresentation',
}

/** Section 3.1.3: a claim that stands beside a member of the document says the same. One without such a member is no more than a claim. */
function conflict(payload: JsonObject, kind: VcJwtKind): Fault | null {
  const { iss, sub, jti, id, credentialSubject } = payload
  const party = partyOf(payload, kind)
  const subjects = asList(credentialSubject).map(idOf)
  const differs = (claim: Json | undefined, member: Json | undefined): boolean =>
    claim !== undefined && member !== undefined && claim !== member
  const name =
    (differs(iss, party) && 'iss') ||
    (differs(jti, id) && 'jti') ||
    (kind === 'vc' && subjects.length > 0 && !subjects.every((one) => !differs(sub, one)) && 'sub')
  return name ? { fault: 'jwt_claim_conflict', detail: name } : null
}

/** Who signs: the issuer of a credential, the holder of a presentation. */
const partyOf = ({ issuer, holder }: JsonObject, kind: VcJwtKind): Json | undefined =>
  idOf(kind === 'vc' ? issuer : holder)

const idOf = (value: Json | undefined): Json | undefined => (isObject(value) ? value.id : value)

/**
 * The key that a header names, or why it names none. `kid` is the full URL of a method of the issuer (section 3.3.1).
 * One that is only a fragment, `#k1`, counts under an `iss`. Where `kid` is no such URL, certificates in `x5c` name the
 * key and `kid` is their label; whose certificates they are is for the verifier to find out.
 */
function keyName(header: JsonObject, payload: JsonObject, kind: VcJwtKind): KeyName | string {
  const { kid, x5c } = header
  const party = partyOf(payload, kind) ?? payload.iss
  const url =
    typeof kid === 'string' && kid.startsWith('#') && payload.iss !== undefined ? `${payload.iss}${kid}` : kid
  if (isMethodUrl(url) && (party === undefined || isOf(url, party))) return { by: 'method', url }
  if (x5c !== undefined) {
    const chain = readChain(x5c)
    return chain === null ? 'x5c is no list of certificates' : { by: 'x5c', chain }
  }
  if (kid === undefined) return 'neither kid nor x5c'
  return isMethodUrl(url) ? `kid is not of ${textOf(party)}`.slice(0, 200) : 'kid is no URL of a method'
}

/**
 * Compared letter by letter: the fragment, or for https the path, follows the issuer's own identifier. Segments of dots
 * would lead out of it again where somebody fetches the URL.
 */
const isOf = (url: string, party: Json): boolean =>
  typeof party === 'string' &&
  (url.startsWith(`${party}#`) ||
    (party.startsWith('https://') && url.startsWith(`${party}/`) && !dotSegment.test(url)))

const dotSegment = /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i
