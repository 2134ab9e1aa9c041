/** Selective disclosure for JWTs (RFC 9901): made, opened, presented and bound to a holder's key, in compact form only. */
import { type Bytes, fromBase64url, toBase64url, utf8 } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import { epoch, type Instant } from '../base/instant.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { sha384, sha512 } from '../base/sha512.ts'
import { fromJwk, type PublicKey, thumbprint } from '../key/public-key.ts'
import type { Signer } from '../key/signer.ts'
import { type Jws, type JwsFault, openJws, signJws, verifyJws } from './jws.ts'

/** A member or an element as JSON Pointer (RFC 6901). Positions in arrays count elements that are hidden. */
export type Pointer = string

export interface SdJwt {
  /** What the issuer signed, digests and all. */
  readonly jws: Jws
  /** The processed payload: what was disclosed in its place, everything about digests gone. */
  readonly claims: JsonObject
  /** What stands in `claims` because it was disclosed, and not because everybody is told. */
  readonly disclosed: readonly Disclosed[]
  /** Whether digests remain that nothing was handed over for: claims not shown, or decoys. */
  readonly isPartial: boolean
  readonly hash: HashName
  /** Text up to and with the last `~`: what a key binding fixes. */
  readonly presented: string
  /** The JWT by which the holder shows the key, as it came; nothing in it is believed yet. */
  readonly keyBinding: string | undefined
}

export interface Disclosed {
  readonly pointer: Pointer
  /** Base64url, as it was received. */
  readonly disclosure: string
}

export type HashName = 'sha-256' | 'sha-384' | 'sha-512'

export type SdJwtFault =
  | JwsFault
  | 'sd_jwt_malformed'
  | 'sd_jwt_too_large'
  | 'sd_jwt_too_deep'
  | 'hash_unknown'
  | 'digest_malformed'
  | 'digest_repeated'
  | 'disclosure_malformed'
  | 'disclosure_repeated'
  | 'disclosure_unreferenced'
  | 'disclosed_name_refused'
  | 'disclosed_name_taken'

export type SdJwtOpening =
  | { readonly ok: true; readonly sdJwt: SdJwt }
  | { readonly ok: false; readonly fault: SdJwtFault; readonly detail: string }

/** Bounds on a stranger's text: characters, disclosures, digests, levels once all is disclosed, characters of a pointer. */
const limits = { text: 1_048_576, disclosures: 1_000, digests: 10_000, depth: 64, pointer: 4_096 } as const

const hashes: Readonly<Record<HashName, (data: Bytes) => Bytes>> = {
  'sha-256': sha256,
  'sha-384': sha384,
  'sha-512': sha512,
}

/**
 * Takes an SD-JWT apart and puts its disclosures where their digests stand (RFC 9901, section 7.1). No signature is
 * checked: that is for whoever knows the issuer's key.
 */
export function openSdJwt(text: string): SdJwtOpening {
  if (text.length > limits.text) return refuse('sd_jwt_too_large', `more than ${limits.text} characters`)
  const [issued = '', ...rest] = text.split('~', limits.disclosures + 3)
  const last = rest.pop()
  if (last === undefined) return refuse('sd_jwt_malformed', 'no ~ after the JWT')
  if (rest.length > limits.disclosures) {
    return refuse('sd_jwt_too_large', `more than ${limits.disclosures} disclosures`)
  }
  // A last disclosure without its ~ would pass for a key binding that nobody asked for, and be dropped.
  if (last !== '' && !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(last)) {
    return refuse('sd_jwt_malformed', 'neither ~ nor a key binding at the end')
  }
  const opening = openJws(issued)
  if (!opening.ok) return opening
  const { jws } = opening
  const hash = hashOf(jws.payload)
  if (hash === null) return refuse('hash_unknown', String(JSON.stringify(jws.payload._sd_alg)).slice(0, 100))
  try {
    const disclosures = readDisclosures(rest, hash)
    const { claims, disclosed, isPartial } = unpack(jws.payload, disclosures)
    const presented = text.slice(0, text.length - last.length)
    const keyBinding = last === '' ? undefined : last
    return { ok: true, sdJwt: { jws, claims, disclosed, isPartial, hash, presented, keyBinding } }
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.fault, error.message)
    throw error
  }
}

/** Leaves many nested calls at once; never leaves this file. */
class Refusal extends Error {
  readonly fault: SdJwtFault
  constructor(fault: SdJwtFault, detail: string) {
    super(detail)
    this.fault = fault
  }
}

const refuse = (fault: SdJwtFault, detail: string): { ok: false; fault: SdJwtFault; detail: string } => ({
  ok: false,
  fault,
  detail,
})

/** RFC 9901, section 4.1.1: SHA-256 where nothing is said. */
function hashOf({ _sd_alg: named = 'sha-256' }: JsonObject): HashName | null {
  return typeof named === 'string' && Object.hasOwn(hashes, named) ? (named as HashName) : null
}

interface Disclosure {
  readonly text: string
  /** Absent for an element of an array. */
  readonly name: string | undefined
  readonly value: Json
}

/** Disclosures by their digest, which is over the text as received. */
function readDisclosures(texts: readonly string[], hash: HashName): ReadonlyMap<string, Disclosure> {
  const found = new Map<string, Disclosure>()
  for (const [i, text] of texts.entries()) {
    const digest = digestOf(text, hash)
    if (found.has(digest)) throw new Refusal('disclosure_repeated', ordinal(i))
    found.set(digest, readDisclosure(text, i))
  }
  return found
}

/** What a disclosure holds is personal: refusals count and do not quote. */
const ordinal = (index: number): string => `disclosure ${index + 1}`

const digestOf = (text: string, hash: HashName): string => toBase64url(hashes[hash](utf8(text)))

function readDisclosure(text: string, index: number): Disclosure {
  const bytes = fromBase64url(text)
  const parsed = bytes === null ? null : parseJson(bytes, { maxDepth: limits.depth + 1 })
  const parts = parsed?.ok && Array.isArray(parsed.value) ? (parsed.value as readonly Json[]) : []
  const [salt, name, value] = parts.length === 2 ? [parts[0], undefined, parts[1]] : parts
  const isNamed = parts.length === 3 && typeof name === 'string'
  if (typeof salt !== 'string' || (parts.length !== 2 && !isNamed)) {
    throw new Refusal('disclosure_malformed', ordinal(index))
  }
  if (isNamed && refusedNames.has(name)) throw new Refusal('disclosed_name_refused', name)
  return { text, name: isNamed ? name : undefined, value: value as Json }
}

/**
 * RFC 9901, section 7.1, step 3.2.2 names the first two. A disclosed `_sd_alg` would name the hash that found it. The
 * others are refused wherever JSON is read, but here a name is a value.
 */
const refusedNames: ReadonlySet<string> = new Set([
  '_sd',
  '...',
  '_sd_alg',
  '__proto__',
  'constructor',
  'prototype',
])

function unpack(payload: JsonObject, disclosures: ReadonlyMap<string, Disclosure>) {
  const seen = new Set<string>()
  const disclosed: Disclosed[] = []

  /** The disclosure for a digest, if it is at hand. Each digest may stand in one place only. */
  function take(digest: Json | undefined): Disclosure | undefined {
    if (typeof digest !== 'string') throw new Refusal('digest_malformed', 'a digest that is no text')
    if (seen.has(digest)) throw new Refusal('digest_repeated', digest.slice(0, 100))
    if (seen.add(digest).size > limits.digests) {
      throw new Refusal('sd_jwt_too_large', `more than ${limits.digests} digests`)
    }
    return disclosures.get(digest)
  }

  function note(pointer: Pointer, disclosure: string): void {
    if (pointer.length > limits.pointer) throw new Refusal('sd_jwt_too_large', 'a name beyond all measure')
    disclosed.push({ pointer, disclosure })
  }

  function open(value: Json, pointer: Pointer, depth: number): Json {
    if (typeof value !== 'object' || value === null) return value
    if (depth > limits.depth) throw new Refusal('sd_jwt_too_deep', `more than ${limits.depth} levels`)
    return isObject(value) ? openMembers(value, pointer, depth) : openElements(value, pointer, depth)
  }

  function openMembers(object: JsonObject, pointer: Pointer, depth: number): JsonObject {
    if (Object.hasOwn(object, '...')) throw new Refusal('digest_malformed', '... outside an array')
    const members = new Map<string, Json>()
    for (const [name, value] of Object.entries(object)) {
      const isAboutDigests = name === '_sd' || (name === '_sd_alg' && pointer === '')
      if (!isAboutDigests) members.set(name, open(value, step(pointer, name), depth + 1))
    }
    for (const digest of digestsOf(object)) {
      const disclosure = take(digest)
      if (disclosure === undefined) continue
      const { text, name, value } = disclosure
      if (name === undefined) throw new Refusal('disclosure_malformed', 'an element in place of a member')
      if (members.has(name)) throw new Refusal('disclosed_name_taken', name)
      const at = step(pointer, name)
      note(at, text)
      members.set(name, open(value, at, depth + 1))
    }
    return Object.fromEntries(members)
  }

  function openElements(array: readonly Json[], pointer: Pointer, depth: number): readonly Json[] {
    return array.flatMap((element, i): readonly Json[] => {
      const at = step(pointer, i)
      if (!isObject(element) || !Object.hasOwn(element, '...')) return [open(element, at, depth + 1)]
      if (Object.keys(element).length > 1) throw new Refusal('digest_malformed', '... beside other members')
      const disclosure = take(element['...'])
      if (disclosure === undefined) return []
      const { text, name, value } = disclosure
      if (name !== undefined) throw new Refusal('disclosure_malformed', 'a member in place of an element')
      note(at, text)
      return [open(value, at, depth + 1)]
    })
  }

  const claims = openMembers(payload, '', 1)
  if (disclosed.length < disclosures.size) {
    const used = new Set(disclosed.map(({ disclosure }) => disclosure))
    const stray = [...disclosures.values()].findIndex(({ text }) => !used.has(text))
    throw new Refusal('disclosure_unreferenced', ordinal(stray))
  }
  return { claims, disclosed, isPartial: seen.size > disclosed.length }
}

function digestsOf(object: JsonObject): readonly Json[] {
  if (!Object.hasOwn(object, '_sd')) return []
  if (!Array.isArray(object._sd)) throw new Refusal('digest_malformed', '_sd is no array')
  return object._sd as readonly Json[]
}

const step = (pointer: Pointer, name: string | number): Pointer =>
  `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`

export interface SdJwtOptions {
  readonly signer: Signer
  /** What the holder may show or keep back; a member inside another one may be named as well as that one. */
  readonly disclosable: readonly Pointer[]
  /** Digests of nothing that are added to every `_sd`, so that their number tells less; none by default. */
  readonly decoys?: number
  /** At least 16 random bytes for a label, different ones for every label (RFC 9901, section 9.3). */
  readonly salt: (label: string) => Bytes
}

/**
 * Signs claims of which a holder may show some: the JWT and all disclosures, ending in `~`.
 *
 * @throws `securing.claim_not_disclosable`, `securing.claim_name_reserved`, `securing.salt_refused`, `securing.signer_misbehaves`
 * @example
 * await makeSdJwt({ typ: 'dc+sd-jwt' }, { vct, name: '王𠮷' }, { signer, disclosable: ['/name'], salt })
 */
export async function makeSdJwt(
  header: JsonObject,
  claims: JsonObject,
  { signer, disclosable, decoys = 0, salt }: SdJwtOptions,
): Promise<string> {
  const wanted = new Set(disclosable)
  const salts = new Set<string>()
  const disclosures: string[] = []

  function saltFor(label: string): string {
    const bytes = salt(label)
    const text = toBase64url(bytes)
    if (bytes.length < 16 || salts.has(text)) {
      throw new CertificateError('securing.salt_refused', { label, bytes: bytes.length })
    }
    salts.add(text)
    return text
  }

  function disclose(at: Pointer, ...nameAndValue: readonly Json[]): string {
    wanted.delete(at)
    const disclosure = toBase64url(utf8(JSON.stringify([saltFor(at), ...nameAndValue])))
    disclosures.push(disclosure)
    return digestOf(disclosure, 'sha-256')
  }

  function hide(value: Json, pointer: Pointer): Json {
    if (typeof value !== 'object' || value === null) return value
    return isObject(value) ? hideMembers(value, pointer) : hideElements(value, pointer)
  }

  function hideMembers(object: JsonObject, pointer: Pointer): JsonObject {
    const members = new Map<string, Json>()
    const digests: string[] = []
    for (const [name, value] of Object.entries(object)) {
      if (refusedNames.has(name)) throw new CertificateError('securing.claim_name_reserved', { name })
      const at = step(pointer, name)
      const inner = hide(value, at)
      if (wanted.has(at)) digests.push(disclose(at, name, inner))
      else members.set(name, inner)
    }
    if (digests.length > 0) {
      for (let i = 0; i < decoys; i++) digests.push(digestOf(saltFor(`decoy ${i} ${pointer}`), 'sha-256'))
      // The order would tell which digest is whose.
      members.set('_sd', digests.sort())
    }
    return Object.fromEntries(members)
  }

  function hideElements(array: readonly Json[], pointer: Pointer): readonly Json[] {
    return array.map((element, i) => {
      const at = step(pointer, i)
      const inner = hide(element, at)
      return wanted.has(at) ? { '...': disclose(at, inner) } : inner
    })
  }

  const payload = { ...hideMembers(claims, ''), _sd_alg: 'sha-256' }
  const [missing] = wanted
  if (missing !== undefined) {
    throw new CertificateError('securing.claim_not_disclosable', { claim: missing })
  }
  return [await signJws(header, payload, signer), ...disclosures, ''].join('~')
}

export interface Presentation {
  /** What is shown: pointers, or names of claims at the top. A nested one brings those around it along. */
  readonly disclose: readonly (Pointer | string)[]
  /** For whom, and with whose key; the key has to be the one that the issuer confirmed. */
  readonly keyBinding?:
    | { readonly signer: Signer; readonly audience: string; readonly nonce: string; readonly now: Instant }
    | undefined
}

/**
 * What a holder hands over: the claims chosen, none of the others. A key binding that the text had is dropped.
 *
 * @throws `securing.sd_jwt_refused`, `securing.claim_not_disclosable`, `securing.not_the_holder`, `securing.signer_misbehaves`
 * @example
 * await present(text, { disclose: ['name', 'id_number'], keyBinding: { signer, audience, nonce, now } })
 */
export async function present(text: string, { disclose, keyBinding }: Presentation): Promise<string> {
  const { jws, claims, disclosed, hash } = openedOrThrow(text)
  const chosen = disclose.map((path) => (path.startsWith('/') ? path : step('', path)))
  const known = new Set(disclosed.map(({ pointer }) => pointer))
  for (const pointer of chosen) {
    if (!known.has(pointer) && !stands(claims, pointer)) {
      throw new CertificateError('securing.claim_not_disclosable', { claim: pointer })
    }
  }
  const shown = disclosed
    .filter(({ pointer }) => chosen.some((path) => path === pointer || path.startsWith(`${pointer}/`)))
    .map(({ disclosure }) => disclosure)
  const [issued] = text.split('~', 1)
  const presented = [issued, ...shown, ''].join('~')
  if (keyBinding === undefined) return presented
  const { signer, audience, nonce, now } = keyBinding
  const jwt = await signJws(
    { typ: keyBindingType },
    { iat: epoch(now) / 1000, aud: audience, nonce, sd_hash: digestOf(presented, hash) },
    signer,
  )
  const bound = { jws, hash, presented, keyBinding: jwt }
  const verdict = await verifyKeyBinding(bound, { audience, nonce, now })
  if (!verdict.ok) throw new CertificateError('securing.not_the_holder', { fault: verdict.fault })
  return `${presented}${jwt}`
}

/** RFC 9901, section 4.3. */
const keyBindingType = 'kb+jwt'

function openedOrThrow(text: string): SdJwt {
  const opening = openSdJwt(text)
  if (opening.ok) return opening.sdJwt
  throw new CertificateError('securing.sd_jwt_refused', { fault: opening.fault, what: opening.detail })
}

/** Whether a claim is there for everybody, at the top or below. */
function stands(claims: JsonObject, pointer: Pointer): boolean {
  let found: Json | undefined = claims
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return false
    found = (found as JsonObject)[name]
  }
  return true
}

export interface KeyBindingDemand {
  /** Who is shown the credential, and the number used once that they asked with. */
  readonly audience: string
  readonly nonce: string
  readonly now: Instant
  /** How old the binding may be; 300 by default. */
  readonly maxAgeSeconds?: number | undefined
  /** Seconds that the holder's clock may be ahead; 60 by default. */
  readonly clockSkew?: number | undefined
}

export type KeyBindingFault =
  | 'key_binding_missing'
  | 'key_binding_malformed'
  | 'key_binding_type'
  | 'confirmation_missing'
  | 'confirmation_malformed'
  | 'key_binding_algorithm'
  | 'key_binding_audience'
  | 'key_binding_nonce'
  | 'key_binding_time'
  | 'key_binding_of_another_text'
  | 'key_binding_signature'

export type KeyBindingVerdict =
  | { readonly ok: true; readonly key: PublicKey; readonly thumbprint: string }
  | { readonly ok: false; readonly fault: KeyBindingFault }

/**
 * Whether the holder of the key that the issuer confirmed made this presentation, for us and now (RFC 9901, section 7.3).
 * Whoever needs to know has to ask: an SD-JWT stays good when its key binding is taken off.
 */
export async function verifyKeyBinding(
  { jws, hash, presented, keyBinding }: Pick<SdJwt, 'jws' | 'hash' | 'presented' | 'keyBinding'>,
  { audience, nonce, now, maxAgeSeconds = 300, clockSkew = 60 }: KeyBindingDemand,
): Promise<KeyBindingVerdict> {
  const fail = (fault: KeyBindingFault): KeyBindingVerdict => ({ ok: false, fault })
  if (keyBinding === undefined) return fail('key_binding_missing')
  const { cnf } = jws.payload
  if (cnf === undefined) return fail('confirmation_missing')
  const key = isObject(cnf) && cnf.jwk !== undefined ? fromJwk(cnf.jwk) : null
  if (key === null) return fail('confirmation_malformed')
  const opening = openJws(keyBinding)
  if (!opening.ok) return fail('key_binding_malformed')
  const { header, payload } = opening.jws
  if (header.typ !== keyBindingType) return fail('key_binding_type')
  if (payload.aud !== audience) return fail('key_binding_audience')
  if (payload.nonce !== nonce) return fail('key_binding_nonce')
  const seconds = epoch(now) / 1000
  const { iat, exp = Number.POSITIVE_INFINITY, nbf = Number.NEGATIVE_INFINITY } = payload
  const isTimely =
    typeof iat === 'number' &&
    iat >= seconds - maxAgeSeconds &&
    iat <= seconds + clockSkew &&
    typeof exp === 'number' &&
    exp > seconds &&
    typeof nbf === 'number' &&
    nbf <= seconds + clockSkew
  if (!isTimely) return fail('key_binding_time')
  if (payload.sd_hash !== digestOf(presented, hash)) return fail('key_binding_of_another_text')
  const verdict = await verifyJws(opening.jws, key)
  if (verdict === 'key_algorithm') return fail('key_binding_algorithm')
  return verdict === 'good' ? { ok: true, key, thumbprint: thumbprint(key) } : fail('key_binding_signature')
}
