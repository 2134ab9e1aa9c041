/**
 * Token Status List in its JWT form: a packed list of small numbers, zlib in base64url, index 0 in the lowest bits of the
 * first byte. That is the other way round than a Bitstring Status List. The CBOR form is not read.
 */
import { zlibSync } from 'fflate'
import { type Bytes, fromBase64url, toBase64url } from '../base/bytes.ts'
import { isUrl } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import { epoch, type Instant } from '../base/instant.ts'
import { isObject, type Json, type JsonObject, textOf } from '../base/json.ts'
import { unzlib } from '../base/zlib.ts'
import type { Signer } from '../key/signer.ts'
import { readChain } from '../key/x5c.ts'
import { type Jws, type JwsFault, openJws, signJws } from '../securing/jws.ts'
import { isMethodUrl, isNumericDate, mediaType } from '../securing/jwt.ts'
import type { KeyName } from '../securing/opened.ts'
import { maxEncoded, maxExpanded } from './bitstring.ts'

/** Bits of one status. */
export type StatusBits = 1 | 2 | 4 | 8

const isStatusBits = (value: Json | undefined): value is StatusBits =>
  value === 1 || value === 2 || value === 4 || value === 8

/** Statuses with registered meanings (section 7.1); 3 and 12 to 15 mean what an application says, the others nothing yet. */
export const tokenStatuses = { valid: 0, invalid: 1, suspended: 2 } as const

/** Statuses, packed. */
export interface TokenStatuses {
  readonly bits: StatusBits
  readonly bytes: Bytes
}

/** Packs a status for each index. @throws `RangeError` where one does not fit into so many bits */
export function packStatuses(values: ArrayLike<number>, bits: StatusBits): TokenStatuses {
  const perByte = 8 / bits
  const limit = 2 ** bits
  const bytes = new Uint8Array(Math.ceil(values.length / perByte))
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number
    if (value === 0) continue // nearly all of them
    if (!Number.isInteger(value) || value < 0 || value >= limit) {
      throw new RangeError(`${value} is no status of ${bits} bits`)
    }
    const at = Math.floor(index / perByte)
    bytes[at] = (bytes[at] as number) | (value << ((index % perByte) * bits))
  }
  return { bits, bytes }
}

/** The status at an index, 0 to 255; `null` beyond the end (section 8.3: refuse the token). */
export function tokenStatusAt({ bits, bytes }: TokenStatuses, index: number): number | null {
  if (!Number.isSafeInteger(index) || index < 0) return null
  const perByte = 8 / bits
  const byte = bytes[Math.floor(index / perByte)]
  return byte === undefined ? null : (byte >> ((index % perByte) * bits)) & (2 ** bits - 1)
}

/** The `lst` of packed statuses. The same statuses give the same text on every runtime. */
export const encodeStatuses = ({ bytes }: TokenStatuses): string =>
  toBase64url(zlibSync(bytes, { level: 9 }) as Bytes)

export type StatusesResult =
  | { readonly ok: true; readonly statuses: TokenStatuses }
  | { readonly ok: false; readonly fault: 'list_encoding' | 'list_too_large' }

/** Expands a `lst` within the bounds that a Bitstring Status List has too. */
export function decodeStatuses(lst: string, bits: StatusBits): StatusesResult {
  if (lst.length > maxEncoded) return { ok: false, fault: 'list_too_large' }
  const packed = fromBase64url(lst)
  const bytes = packed === null ? 'list_encoding' : expand(packed)
  return typeof bytes === 'string' ? { ok: false, fault: bytes } : { ok: true, statuses: { bits, bytes } }
}

/** What an issuer puts in one list. */
export interface TokenStatusListContent {
  /** Where the list is published: `sub`, and `uri` in every token that points to it. */
  readonly uri: string
  readonly issuer?: string
  readonly iat: Instant
  readonly exp: Instant
  /** Seconds that a copy may be used. */
  readonly ttl?: number
  readonly bits: StatusBits
  /** The status of each index from 0. */
  readonly values: ArrayLike<number>
}

/** The claims of a list (section 5.1). @throws `RangeError` where a status does not fit */
export const tokenStatusListClaims = (content: TokenStatusListContent): JsonObject => ({
  sub: content.uri,
  ...(content.issuer !== undefined && { iss: content.issuer }),
  iat: epoch(content.iat) / 1000,
  exp: epoch(content.exp) / 1000,
  ...(content.ttl !== undefined && { ttl: content.ttl }),
  status_list: { bits: content.bits, lst: encodeStatuses(packStatuses(content.values, content.bits)) },
})

/**
 * Signs the claims of a list.
 * @throws `securing.jwt_refused` what `openTokenStatusList` would refuse
 * @throws `securing.signer_misbehaves`
 */
export async function signTokenStatusList(claims: JsonObject, signer: Signer): Promise<string> {
  const compact = await signJws({ typ: 'statuslist+jwt', kid: signer.verificationMethod }, claims, signer)
  const opening = openTokenStatusList(compact)
  if (opening.ok) return compact
  throw new CertificateError('securing.jwt_refused', { fault: opening.fault, what: opening.detail })
}

/** A list as read; whether its signature holds and it is in force, is not looked at here. */
export interface TokenStatusList {
  readonly uri: string
  readonly issuer: string | undefined
  /** Seconds since 1970, both. A list is to be refused after `exp`, and before `iat`. */
  readonly iat: number
  readonly exp: number | undefined
  /** Seconds that a copy may be used. */
  readonly ttl: number | undefined
  readonly bits: StatusBits
  /** To be expanded by `decodeStatuses` once the signature holds. */
  readonly lst: string
}

export type TokenStatusListFault = JwsFault | 'jwt_type' | 'jwt_claim' | 'jwt_key_name'

export type TokenStatusListOpening =
  | { readonly ok: true; readonly list: TokenStatusList; readonly jws: Jws; readonly key: KeyName }
  | { readonly ok: false; readonly fault: TokenStatusListFault; readonly detail: string }

/** Takes a `statuslist+jwt` apart. */
export function openTokenStatusList(compact: string): TokenStatusListOpening {
  const opening = openJws(compact, tokenLimit)
  if (!opening.ok) return opening
  const { header, payload } = opening.jws
  if (header.typ === undefined || mediaType(header.typ) !== 'statuslist+jwt') {
    return refuse('jwt_type', `typ ${textOf(header.typ).slice(0, 100)}`)
  }
  const { sub, iss, iat, exp, ttl, status_list: statusList } = payload
  if (!isUrl(sub)) return refuse('jwt_claim', 'sub')
  if (iss !== undefined && typeof iss !== 'string') return refuse('jwt_claim', 'iss')
  if (!isNumericDate(iat)) return refuse('jwt_claim', 'iat')
  if (exp !== undefined && !isNumericDate(exp)) return refuse('jwt_claim', 'exp')
  if (ttl !== undefined && !(typeof ttl === 'number' && ttl > 0)) return refuse('jwt_claim', 'ttl')
  if (!isObject(statusList)) return refuse('jwt_claim', 'status_list')
  const { bits, lst } = statusList
  if (!isStatusBits(bits)) return refuse('jwt_claim', 'status_list.bits')
  if (typeof lst !== 'string') return refuse('jwt_claim', 'status_list.lst')
  const key = keyName(header, iss)
  if (key === null) return refuse('jwt_key_name', 'no key that could be looked for')
  return { ok: true, list: { uri: sub, issuer: iss, iat, exp, ttl, bits, lst }, jws: opening.jws, key }
}

/** Characters: a list of the greatest length, once more in base64url. */
const tokenLimit = 16_777_216

const refuse = (fault: TokenStatusListFault, detail: string): TokenStatusListOpening => ({
  ok: false,
  fault,
  detail,
})

/** A list leaves open how its key is found: the URL of a method, certificates, or a label in the metadata of `iss`. */
function keyName({ kid, x5c }: JsonObject, iss: string | undefined): KeyName | null {
  if (isMethodUrl(kid)) return { by: 'method', url: kid }
  if (x5c !== undefined) {
    const chain = readChain(x5c)
    return chain === null ? null : { by: 'x5c', chain }
  }
  return iss !== undefined && typeof kid === 'string' ? { by: 'issuer-metadata', issuer: iss, kid } : null
}

/** One zlib stream, nothing after it, and never more than the bound in memory. */
function expand(packed: Bytes): Bytes | 'list_encoding' | 'list_too_large' {
  const expanded = unzlib(packed, maxExpanded)
  if (!expanded.ok) return expanded.fault === 'too_large' ? 'list_too_large' : 'list_encoding'
  return expanded.end === packed.length ? expanded.bytes : 'list_encoding'
}
