/** JSON Web Signatures in compact form (RFC 7515), read strictly and signed by any `Signer`. */
import { type Bytes, fromBase64url, toBase64url, utf8 } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { algorithmNames, algorithms, jwsNames } from '../key/algorithm.ts'
import { type PublicKey, verifySignature } from '../key/public-key.ts'
import type { Signer } from '../key/signer.ts'

export interface Jws {
  readonly header: JsonObject & { readonly alg: string }
  readonly payload: JsonObject
  /** ASCII of the header and payload as received, a dot between them: what is signed. */
  readonly signingInput: Bytes
  readonly signature: Bytes
}

export type JwsFault = 'jws_malformed' | 'jws_too_large' | 'jws_header_refused'

export type JwsOpening =
  | { readonly ok: true; readonly jws: Jws }
  | { readonly ok: false; readonly fault: JwsFault; readonly detail: string }

/** Characters of a whole token, where a form needs no more. */
const tokenLimit = 1_048_576

/** Takes a compact JWS with a JSON object for a payload apart. Nothing in it is believed yet. */
export function openJws(compact: string, limit: number = tokenLimit): JwsOpening {
  const opening = openAnyJws(compact, limit)
  if (!opening.ok) return opening
  const payload = objectOf(opening.jws.payload, limit)
  return payload === null
    ? refuse('jws_malformed', 'the payload is no JSON object')
    : { ok: true, jws: { ...opening.jws, payload } }
}

/** A JWS whose payload is whatever bytes. */
export type AnyJws = Omit<Jws, 'payload'> & { readonly payload: Bytes }

export type AnyJwsOpening =
  | { readonly ok: true; readonly jws: AnyJws }
  | { readonly ok: false; readonly fault: JwsFault; readonly detail: string }

/** The same for any payload. */
export function openAnyJws(compact: string, limit: number = tokenLimit): AnyJwsOpening {
  if (compact.length > limit) return refuse('jws_too_large', `more than ${limit} characters`)
  const parts = compact.split('.', 4)
  if (parts.length !== 3) return refuse('jws_malformed', 'not three parts')
  const [first, second, third] = parts as [string, string, string]
  const [headerBytes, payload, signature] = [
    fromBase64url(first),
    fromBase64url(second),
    fromBase64url(third),
  ]
  const header = headerBytes === null ? null : objectOf(headerBytes, tokenLimit)
  if (header === null) return refuse('jws_malformed', 'the header is no JSON object in base64url')
  if (payload === null) return refuse('jws_malformed', 'the payload is not base64url')
  if (signature === null) return refuse('jws_malformed', 'the signature is not base64url')
  if (typeof header.alg !== 'string') return refuse('jws_header_refused', 'alg')
  if (!knownAlgorithms.has(header.alg)) return refuse('jws_header_refused', `alg ${header.alg}`.slice(0, 100))
  const refused = refusedHeaders.find((name) => Object.hasOwn(header, name))
  if (refused !== undefined) return refuse('jws_header_refused', refused)
  const signingInput = utf8(`${first}.${second}`)
  return { ok: true, jws: { header: header as Jws['header'], payload, signingInput, signature } }
}

/** Signatures of public keys that some row of ours makes or verifies: `none` and `HS256` are not among them. */
const knownAlgorithms: ReadonlySet<string> = new Set([...algorithmNames, 'RSA' as const].flatMap(jwsNames))

/**
 * RFC 7515, section 4.1 and RFC 7797: no extension is understood here, and no key is fetched because a header says so.
 * A `jwk` is let stand and never used as a key: it proves nothing about the issuer, and forms that know it (the JWT of
 * Open Badges) hand it on by name, to be looked for among the issuer's keys.
 */
const refusedHeaders = ['crit', 'b64', 'zip', 'jku', 'x5u'] as const

/** Whether a key made a JWS. The algorithm is the key's; a header that says another is refused (RFC 8725, section 3.1). */
export async function verifyJws(
  { header, signingInput, signature }: Pick<Jws, 'header' | 'signingInput' | 'signature'>,
  key: PublicKey,
): Promise<JwsVerdict> {
  if (!jwsNames(key.algorithm).includes(header.alg)) return 'key_algorithm'
  return (await verifySignature(key, signingInput, signature)) ? 'good' : 'signature_mismatch'
}

export type JwsVerdict = 'good' | 'key_algorithm' | 'signature_mismatch'

/** Signs a payload; `alg` is the signer's. @throws `securing.signer_misbehaves` */
export async function signJws(header: JsonObject, payload: JsonObject, signer: Signer): Promise<string> {
  const { jws, signatureBytes } = algorithms[signer.algorithm]
  const encode = (value: JsonObject) => toBase64url(utf8(JSON.stringify(value)))
  const signingInput = `${encode({ ...header, alg: jws[0] as string })}.${encode(payload)}`
  const signature = await signer.sign(utf8(signingInput))
  if (signature.length !== signatureBytes) {
    throw new CertificateError('securing.signer_misbehaves', { bytes: signature.length })
  }
  return `${signingInput}.${toBase64url(signature)}`
}

function objectOf(bytes: Bytes, maxBytes: number): JsonObject | null {
  const parsed = parseJson(bytes, { maxBytes })
  return parsed.ok && isObject(parsed.value) ? parsed.value : null
}

const refuse = (fault: JwsFault, detail: string): { ok: false; fault: JwsFault; detail: string } => ({
  ok: false,
  fault,
  detail,
})
