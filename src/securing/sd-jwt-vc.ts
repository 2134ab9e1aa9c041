/** SD-JWT VC, `dc+sd-jwt` (draft-ietf-oauth-sd-jwt-vc): a credential as SD-JWT, and how its issuer's key is found. */
import { isDid, isUrl, splitDidUrl } from '../base/did-url.ts'
import { instantAt } from '../base/instant.ts'
import { isObject, type Json, type JsonObject, textOf } from '../base/json.ts'
import { fromJwk, type PublicKey, toJwk } from '../key/public-key.ts'
import { readChain } from '../key/x5c.ts'
import { type Jws, type JwsVerdict, verifyJws } from './jws.ts'
import { lastSecond } from './jwt.ts'
import type { KeyName, Opened } from './opened.ts'
import { openSdJwt, type SdJwt, type SdJwtFault } from './sd-jwt.ts'
import { tokenSubject } from './subject.ts'

/** Media type, and `typ` of the header without `application/`. */
export const sdJwtVcType = 'dc+sd-jwt'
/** What `typ` was until November 2024. */
const oldType = 'vc+sd-jwt'

export type SdJwtVcFault =
  | SdJwtFault
  | 'typ_refused'
  | 'claim_hidden'
  | 'claim_malformed'
  | 'key_unnamed'
  | 'kid_of_another'
  | 'x5c_malformed'

export type SdJwtVcOpening =
  | { readonly ok: true; readonly opened: Opened<Exclude<JwsVerdict, 'good'>>; readonly sdJwt: SdJwt }
  | {
      readonly ok: false
      readonly fault: SdJwtVcFault
      readonly detail: string
      /** What it claims, where it could be read so far. */
      readonly document?: JsonObject
    }

/**
 * Takes a credential apart: an SD-JWT with `~`, no other form. The key is named and not looked for; whether a holder
 * has to be bound is for the caller to ask of `sdJwt` by `verifyKeyBinding`.
 */
export function openSdJwtVc(
  text: string,
  { acceptOldTyp = false }: { readonly acceptOldTyp?: boolean } = {},
): SdJwtVcOpening {
  const opening = openSdJwt(text)
  if (!opening.ok) return opening
  const { sdJwt } = opening
  const { jws, claims } = sdJwt
  const refuse = (fault: SdJwtVcFault, detail: string): SdJwtVcOpening => ({
    ok: false,
    fault,
    detail,
    document: claims,
  })
  const { typ } = jws.header
  if (typ !== sdJwtVcType && !(acceptOldTyp && typ === oldType)) return refuse('typ_refused', textOf(typ))
  const hidden = hiddenClaim(sdJwt)
  if (hidden !== undefined) return refuse('claim_hidden', hidden)
  const malformed = claimRules.find(([name, holds]) => !holds(claims[name], claims))
  if (malformed !== undefined) return refuse('claim_malformed', malformed[0])
  const named = nameKey(jws)
  if (!named.ok) return refuse(named.fault, named.detail)
  return {
    ok: true,
    sdJwt,
    opened: {
      form: 'sd-jwt',
      document: claims,
      unknown: [],
      signatures: [
        {
          suite: jws.header.alg,
          key: named.key,
          created: laterDate(claims.iat, claims.nbf),
          expires: claims.exp === undefined ? undefined : laterDate(lastSecond(Number(claims.exp))),
          isOverExactText: true,
          subject: () => tokenSubject(jws),
          async verify(key) {
            const verdict = await verifyJws(jws, key)
            return verdict === 'good'
              ? {
                  ok: true,
                  document: claims,
                  hashData: jws.signingInput,
                  hashed: jws.signingInput,
                }
              : { ok: false, fault: verdict, detail: jws.header.alg }
          },
        },
      ],
    },
  }
}

/** Claims that everybody is told, with all inside them: nobody may keep back what limits a credential. */
const openClaims = ['iss', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'aka_vcts', 'status'] as const

/** One of those that was disclosed, or has digests in it. One that was hidden and not handed over is simply not there. */
function hiddenClaim({ disclosed, jws }: SdJwt): string | undefined {
  const shown = new Set(disclosed.map(({ pointer }) => pointer.split('/', 2)[1]))
  return openClaims.find((name) => shown.has(name) || hasDigests(jws.payload[name]))
}

function hasDigests(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.hasOwn(value, '_sd') || Object.hasOwn(value, '...') || Object.values(value).some(hasDigests)
}

/** What each claim has to be; the first that is not is named. */
const claimRules: readonly (readonly [
  name: string,
  holds: (value: Json | undefined, claims: JsonObject) => boolean,
])[] = [
  ['vct', (value) => typeof value === 'string' && /^[^\s\p{Cc}]{1,4096}$/u.test(value)],
  ['vct#integrity', (value) => value === undefined || typeof value === 'string'],
  [
    'aka_vcts',
    (value, { vct }) =>
      value === undefined ||
      (Array.isArray(value) &&
        value.length > 0 &&
        value.every((other) => typeof other === 'string' && other !== vct)),
  ],
  ['iss', (value) => value === undefined || isUrl(value)],
  ['sub', (value) => value === undefined || typeof value === 'string'],
  ['cnf', (value) => value === undefined || (isObject(value) && Object.keys(value).length > 0)],
  ['status', (value) => value === undefined || isObject(value)],
  ['iat', isNumericDate],
  ['nbf', isNumericDate],
  ['exp', isNumericDate],
]

/** RFC 7519, section 2: seconds since 1970, here of the years 0 to 9999. */
function isNumericDate(value: Json | undefined): boolean {
  return (
    value === undefined || (typeof value === 'number' && value >= -62_167_219_200 && value < 253_402_300_800)
  )
}

/** The last of some NumericDates as text: before the later of `iat` and `nbf` nothing counts. */
function laterDate(...dates: readonly (Json | undefined)[]): string | undefined {
  const seconds = dates.filter((date) => typeof date === 'number')
  return seconds.length === 0 ? undefined : instantAt(Math.max(...seconds) * 1000)
}

type KeyNaming =
  | { readonly ok: true; readonly key: KeyName }
  | {
      readonly ok: false
      readonly fault: 'key_unnamed' | 'kid_of_another' | 'x5c_malformed'
      readonly detail: string
    }

/** A key in the header itself (`jwk`) proves nothing about an issuer and is not looked at. */
function nameKey({ header, payload }: Jws): KeyNaming {
  const { kid, x5c } = header
  const { iss } = payload
  if (kid !== undefined && typeof kid !== 'string') {
    return { ok: false, fault: 'key_unnamed', detail: 'a kid that is no text' }
  }
  if (isDid(iss) && kid !== undefined) {
    // Wallets write the fragment alone as well; it can only be meant under the issuer.
    const url = kid.startsWith('#') ? `${iss}${kid}` : kid
    return splitDidUrl(url)?.did === iss
      ? { ok: true, key: { by: 'method', url } }
      : { ok: false, fault: 'kid_of_another', detail: kid.slice(0, 200) }
  }
  if (x5c !== undefined) {
    const chain = readChain(x5c)
    return chain === null
      ? { ok: false, fault: 'x5c_malformed', detail: 'x5c is no list of certificates' }
      : { ok: true, key: { by: 'x5c', chain } }
  }
  return typeof iss === 'string' && issuerMetadataUrl(iss) !== null
    ? { ok: true, key: { by: 'issuer-metadata', issuer: iss, kid } }
    : { ok: false, fault: 'key_unnamed', detail: textOf(iss).slice(0, 200) }
}

/**
 * Where an https issuer publishes its keys: the well-known part stands between host and path. `null` for anything that
 * is not such an issuer.
 *
 * @example
 * issuerMetadataUrl('https://agency.example/a') // https://agency.example/.well-known/jwt-vc-issuer/a
 */
export function issuerMetadataUrl(iss: string): string | null {
  if (!/^https:\/\/[^/?#@\s\\]+(\/[^?#\s\\]*)?$/.test(iss) || !isUrl(iss)) return null
  const pathAt = iss.indexOf('/', 'https://'.length)
  const [host, path] = pathAt < 0 ? [iss, ''] : [iss.slice(0, pathAt), iss.slice(pathAt)]
  return `${host}/.well-known/jwt-vc-issuer${path.replace(/\/$/, '')}`
}

export interface IssuerKey {
  readonly kid: string | undefined
  readonly key: PublicKey
}

/** What an agency with an https address publishes at `issuerMetadataUrl`. */
export const issuerMetadata = ({
  issuer,
  keys,
}: {
  readonly issuer: string
  readonly keys: readonly { readonly kid: string; readonly key: PublicKey }[]
}): JsonObject => ({
  issuer,
  jwks: { keys: keys.map(({ kid, key }) => ({ ...toJwk(key), kid, use: 'sig' })) },
})

export type IssuerMetadataFault = 'metadata_malformed' | 'metadata_of_another' | 'metadata_by_reference'

export type IssuerMetadataReading =
  | { readonly ok: true; readonly keys: readonly IssuerKey[] }
  | { readonly ok: false; readonly fault: IssuerMetadataFault; readonly detail: string }

/** Keys in one document. */
const keyLimit = 64

/**
 * The keys in the document that was found at `issuerMetadataUrl(iss)`. Keys of algorithms that we do not know are left
 * out; keys behind a further address (`jwks_uri`) are not fetched.
 */
export function readIssuerMetadata(document: Json, iss: string): IssuerMetadataReading {
  const refuse = (fault: IssuerMetadataFault, detail: string): IssuerMetadataReading => ({
    ok: false,
    fault,
    detail,
  })
  if (!isObject(document)) return refuse('metadata_malformed', 'no object')
  const { issuer, jwks, jwks_uri: reference } = document
  if (issuer !== iss) return refuse('metadata_of_another', textOf(issuer).slice(0, 200))
  if ((jwks === undefined) === (reference === undefined)) {
    return refuse('metadata_malformed', 'not exactly one of jwks and jwks_uri')
  }
  if (jwks === undefined) return refuse('metadata_by_reference', textOf(reference).slice(0, 200))
  const list = isObject(jwks) ? jwks.keys : undefined
  if (!Array.isArray(list) || list.length === 0 || list.length > keyLimit || !list.every(isObject)) {
    return refuse('metadata_malformed', `not 1 to ${keyLimit} keys`)
  }
  const keys = (list as readonly JsonObject[]).flatMap((jwk): readonly IssuerKey[] => {
    const { kid } = jwk
    const key = kid === undefined || typeof kid === 'string' ? fromJwk(jwk) : null
    return key === null ? [] : [{ kid: kid as string | undefined, key }]
  })
  return { ok: true, keys }
}

/** The key that a `kid` names, or the only one where none is named; `null` where that is not exactly one. */
export function issuerKey(keys: readonly IssuerKey[], kid: string | undefined): PublicKey | null {
  const found = keys.filter((one) => kid === undefined || one.kid === kid)
  return found.length === 1 ? (found[0] as IssuerKey).key : null
}
