/** The `proof` of a secured document, taken apart strictly (VC Data Integrity 1.0, section 2). */

import { isUrl } from '../base/did-url.ts'
import { epochOf } from '../base/instant.ts'
import { asList, isObject, type Json, type JsonObject, textOf } from '../base/json.ts'
import { carriesAnchors } from './subject.ts'

/** A proof with the members that every suite needs; the rest is kept as it stood, since it is signed. */
export interface Proof extends JsonObject {
  readonly type: string
  readonly verificationMethod: string
  readonly proofPurpose: string
  readonly proofValue: string
}

export type ProofFault =
  | 'proof_missing'
  | 'proof_empty'
  | 'proof_malformed'
  | 'proof_id_duplicate'
  | 'proof_purpose'
  | 'proof_domain'
  | 'proof_challenge'
  | 'proof_chain_broken'
  | 'proof_suite_unknown'

export interface Opened {
  /** The document without its top-level `proof`; what nested proofs there are is data. */
  readonly document: JsonObject
  /** Proofs of suites that we know: all must hold. At least one. */
  readonly proofs: readonly Proof[]
  /** Every proof as it stood, for chains. */
  readonly all: readonly JsonObject[]
  /** Names of suites or types that we do not know: reported, never counted. */
  readonly unknown: readonly string[]
}

export type Opening =
  | { readonly ok: true; readonly opened: Opened }
  | { readonly ok: false; readonly fault: ProofFault; readonly detail: string; readonly document: JsonObject }

/** What a verifier expects of every proof (VC Data Integrity 1.0, section 4.3). */
export interface Expected {
  /** `assertionMethod` by default. */
  readonly purpose?: string
  /** Where the proof is to be shown: exactly these, in any order. Without it any domain is accepted. */
  readonly domain?: string | readonly string[]
  /** What the verifier asked to be signed. Without it any challenge is accepted. */
  readonly challenge?: string
}

/** The name of a proof's suite: its `cryptosuite`, or the `type` of a proof that is older than Data Integrity. */
export const suiteOf = ({ type, cryptosuite }: JsonObject): string =>
  textOf(type === 'DataIntegrityProof' ? (cryptosuite ?? type) : type)

/** Separates a secured document from its proofs. `known` has the `type` of the proofs of each suite. */
export function openProofs(
  secured: JsonObject,
  { purpose = 'assertionMethod', domain, challenge }: Expected,
  known: ReadonlyMap<string, string>,
): Opening {
  const { proof, ...document } = secured
  const refuse = (fault: ProofFault, detail: string): Opening => ({ ok: false, fault, detail, document })
  if (proof === undefined) return refuse('proof_missing', 'no member `proof`')
  const all: readonly Json[] = Array.isArray(proof) ? (proof as readonly Json[]) : [proof]
  if (all.length === 0) return refuse('proof_empty', 'an empty list of proofs')
  if (all.length > proofLimit) return refuse('proof_malformed', `more than ${proofLimit} proofs`)
  if (!all.every(isObject)) return refuse('proof_malformed', 'a proof that is no object')
  const ids = all.flatMap(({ id }) => (id === undefined ? [] : [id]))
  if (!ids.every(isUrl)) return refuse('proof_malformed', 'an id that is no URL')
  if (new Set(ids).size < ids.length) return refuse('proof_id_duplicate', 'two proofs with one id')
  const ours = all.filter(
    (one) =>
      typeof one.type === 'string' &&
      (known.get(suiteOf(one)) === one.type ||
        (one.type === 'DataIntegrityProof' && typeof one.cryptosuite !== 'string')),
  )
  const proofs = ours.filter(isProof)
  if (proofs.length < ours.length) return refuse('proof_malformed', 'a member is missing or of another shape')
  if (proofs.some(({ proofPurpose }) => proofPurpose !== purpose)) {
    return refuse('proof_purpose', `made for another purpose than ${purpose}`)
  }
  if (domain !== undefined && !proofs.every((one) => sameSet(asList(one.domain), asList(domain)))) {
    return refuse('proof_domain', 'made for another domain, or for none')
  }
  if (challenge !== undefined && !proofs.every((one) => one.challenge === challenge)) {
    return refuse('proof_challenge', 'made for another challenge, or for none')
  }
  const broken = chainFault(all)
  if (broken !== null) return refuse('proof_chain_broken', broken)
  // A proof counts only if those before it do, and of a suite that we do not know nobody can say so.
  const readable = new Set<JsonObject>(proofs)
  if (!proofs.every((one) => predecessors(one, all).every((earlier) => readable.has(earlier)))) {
    return refuse('proof_chain_broken', 'a previous proof is of a suite that we do not know')
  }
  const unknown = all.filter((one) => !ours.includes(one) && !carriesAnchors(one)).map(suiteOf)
  if (all.every(carriesAnchors))
    return refuse('proof_missing', 'what is there carries anchors and signs nothing')
  if (proofs.length === 0) return refuse('proof_suite_unknown', unknown.join(', ').slice(0, 200))
  return { ok: true, opened: { document, proofs, all, unknown } }
}

const proofLimit = 16
/** Characters: a proof for selective disclosure holds a signature for every statement. */
const valueLimit = 131_072

const sameSet = (some: readonly Json[], others: readonly Json[]): boolean =>
  some.every((one) => others.includes(one)) && others.every((one) => some.includes(one))

/** The proofs that a proof names as its predecessors, in the order of the document. */
export function predecessors(proof: JsonObject, all: readonly JsonObject[]): readonly JsonObject[] {
  const names = previousIds(proof) ?? []
  return all.filter(({ id }) => typeof id === 'string' && names.includes(id))
}

/** `null` where `previousProof` is neither a text nor a list of texts. */
export function previousIds({ previousProof }: JsonObject): readonly string[] | null {
  if (previousProof === undefined) return []
  const names = Array.isArray(previousProof) ? (previousProof as readonly Json[]) : [previousProof]
  return names.length > 0 && names.every((name) => typeof name === 'string') ? names : null
}

/** Section 4.3: every named predecessor is there, and no proof comes before itself. */
function chainFault(all: readonly JsonObject[]): string | null {
  const ids = new Set(all.map(({ id }) => id))
  const settled = new Set<JsonObject>()
  let waiting = all
  for (const one of all) {
    const names = previousIds(one)
    if (names === null) return 'previousProof is neither a text nor a list of texts'
    if (!names.every((name) => ids.has(name))) return 'a previous proof is not there'
  }
  while (waiting.length > 0) {
    const ready = waiting.filter((one) => predecessors(one, all).every((earlier) => settled.has(earlier)))
    if (ready.length === 0) return 'proofs that precede each other'
    for (const one of ready) settled.add(one)
    waiting = waiting.filter((one) => !settled.has(one))
  }
  return null
}

/** Sections 2.1 and 4.4: what each member must be. `created` and `expires` are moments where they are given. */
function isProof(proof: JsonObject): proof is Proof {
  const { type, cryptosuite, verificationMethod, proofPurpose, proofValue } = proof
  const { created, expires, domain, challenge, nonce } = proof
  const moment = (value: Json | undefined) =>
    value === undefined || (typeof value === 'string' && epochOf(value) !== null)
  return (
    typeof cryptosuite === (type === 'DataIntegrityProof' ? 'string' : 'undefined') &&
    isUrl(verificationMethod) &&
    typeof proofPurpose === 'string' &&
    typeof proofValue === 'string' &&
    proofValue.length <= valueLimit &&
    moment(created) &&
    moment(expires) &&
    asList(domain).every((one) => typeof one === 'string') &&
    [challenge, nonce].every((value) => value === undefined || typeof value === 'string')
  )
}
