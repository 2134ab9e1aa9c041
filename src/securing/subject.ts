/**
 * What an anchor commits to: a document together with exactly one signature over it, so that it proves that the signature
 * was there before its key was stolen, and that a co-signature added later changes nothing.
 */
import { type Bytes, concat, fromHex, toBase64url, utf8, utf8Text } from '../base/bytes.ts'
import { canonicalJson } from '../base/canonical.ts'
import { sha256 } from '../base/digest.ts'
import { asList, isObject, type JsonObject, parseJson } from '../base/json.ts'

export interface Subject {
  /** `di-jcs`: SHA-256 of the canonical JSON of the document with one proof. `jwt`: of the ASCII of the issuer's JWT. `cose`: of the tagged message. */
  readonly of: SubjectForm
  /** 32 bytes. */
  readonly digest: Bytes
  /** Id of the proof, where it has one. */
  readonly proof?: string
}

export type SubjectForm = 'di-jcs' | 'jwt' | 'cose'

/** The cryptosuite of a member of a proof set that carries anchors and signs nothing. */
export const anchorSuite = 'gradecert-anchor-2026'

/**
 * A proof object and a list of one proof are the same here: wallets write either.
 * @param known hex of the digest, where the canonical text was hashed before
 */
export function documentSubject(document: JsonObject, proof: JsonObject, known?: string): Subject {
  const { proof: _, ...unsecured } = document
  const digest = (known && fromHex(known)) || sha256(utf8(canonicalJson({ ...unsecured, proof })))
  return { of: 'di-jcs', digest, ...(typeof proof.id === 'string' && { proof: proof.id }) }
}

/** Of an SD-JWT only what its issuer signed counts: neither disclosures nor the holder's signature. */
export const tokenSubject = (jws: { readonly signingInput: Bytes; readonly signature: Bytes }): Subject => ({
  of: 'jwt',
  digest: sha256(concat(jws.signingInput, utf8(`.${toBase64url(jws.signature)}`))),
})

/** What each signature of a text gives, in the order of its proofs; none for a text that has no signature. Nothing is judged. */
export function subjectsOf(source: Bytes | string): readonly Subject[] {
  const token = tokenIn(source)
  if (token !== null) return [issuerPart(token)]
  const parsed = parseJson(source)
  if (!parsed.ok || !isObject(parsed.value)) return []
  const document = parsed.value
  const enveloped = typeof document.id === 'string' ? /^data:[^,]+,(.+)$/s.exec(document.id)?.[1] : undefined
  if (document.proof === undefined && enveloped !== undefined) {
    const inside = tokenIn(enveloped)
    return inside === null ? [] : [issuerPart(inside)]
  }
  return asList(document.proof)
    .filter(isObject)
    .filter((proof) => !carriesAnchors(proof))
    .map((proof) => documentSubject(document, proof))
}

/** Whether a member of a proof set is there to carry anchors. */
export const carriesAnchors = (proof: JsonObject): boolean =>
  proof.type === 'DataIntegrityProof' && proof.cryptosuite === anchorSuite

/** Characters of a token: no certificate needs more. */
const tokenLimit = 1_048_576

/** A JWS or SD-JWT in compact form, as a text file may hold it with a line break at its end; `null` for anything else. */
export function tokenIn(source: Bytes | string): string | null {
  if (source.length > tokenLimit + 2) return null
  const text = typeof source === 'string' ? source : utf8Text(source)
  const token = text?.replace(/\r?\n$/, '')
  return token !== undefined && /^[\w-]+\.[\w-]+\.[\w.~-]*$/.test(token) ? token : null
}

const issuerPart = (token: string): Subject => ({
  of: 'jwt',
  digest: sha256(utf8(token.split('~', 1)[0] as string)),
})
