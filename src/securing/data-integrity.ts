/** Data Integrity proofs: one row per cryptosuite, one way to hash, to sign and to verify (EdDSA Cryptosuites 1.0). */
import { type Bytes, concat, fromMultibase, toBase58, utf8 } from '../base/bytes.ts'
import { canonicalJson } from '../base/canonical.ts'
import { sha256 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import type { Instant } from '../base/instant.ts'
import { asList, isObject, type Json, type JsonObject } from '../base/json.ts'
import { firstDifference } from '../credential/difference.ts'
import { algorithms, type SigningAlgorithm } from '../key/algorithm.ts'
import { type PublicKey, verifySignature } from '../key/public-key.ts'
import type { Signer } from '../key/signer.ts'
import { type Expected, type Opening, openProofs, type Proof, predecessors, previousIds } from './proof.ts'
import { type ContextDocuments, canonicalNQuads, type RdfcFault } from './rdfc.ts'

export type DataIntegritySuite = 'eddsa-rdfc-2022' | 'eddsa-jcs-2022'

interface Cryptosuite {
  readonly algorithm: SigningAlgorithm
  readonly canonicalization: 'rdfc' | 'jcs'
  readonly hash: (data: Bytes) => Bytes
}

/** One row per suite; code below this table never compares suite names. */
const cryptosuites: Readonly<Record<DataIntegritySuite, Cryptosuite>> = {
  'eddsa-rdfc-2022': { algorithm: 'Ed25519', canonicalization: 'rdfc', hash: sha256 },
  'eddsa-jcs-2022': { algorithm: 'Ed25519', canonicalization: 'jcs', hash: sha256 },
}

export const dataIntegritySuites: ReadonlySet<string> = new Set(Object.keys(cryptosuites))

/** Whether a proof of an opened document fixes its JSON, order included, and not only what it says as RDF. */
export const isOverExactText = ({ cryptosuite }: Proof): boolean =>
  cryptosuites[cryptosuite as DataIntegritySuite].canonicalization === 'jcs' // `openProofs` lets no other suite through

/** What a caller decides about a proof. */
export interface ProofOptions {
  readonly signer: Signer
  readonly suite: DataIntegritySuite
  /** A URL, unique in the document; one batch shares one. */
  readonly id?: string
  readonly created: Instant
  readonly expires?: Instant
  readonly purpose?: 'assertionMethod' | 'authentication'
  /** Ids of proofs of the document that this one vouches for. */
  readonly previousProof?: string | readonly string[]
  readonly contexts: ContextDocuments
}

/**
 * Secures a document: beside the proofs that it has, one more. The document comes back as it was given, with `proof`.
 * @throws `securing.no_canonical_form` where JSON-LD would lose data or a context is not at hand
 */
export async function addProof(secured: JsonObject, options: ProofOptions): Promise<JsonObject> {
  const { signer, suite, contexts } = options
  const { algorithm, canonicalization } = cryptosuites[suite]
  if (signer.algorithm !== algorithm) {
    throw new CertificateError('securing.wrong_algorithm', { suite, algorithm: signer.algorithm })
  }
  const { proof: existing, ...document } = secured
  const config: JsonObject = {
    ...(options.id !== undefined && { id: options.id }),
    type: 'DataIntegrityProof',
    cryptosuite: suite,
    created: options.created,
    ...(options.expires !== undefined && { expires: options.expires }),
    verificationMethod: signer.verificationMethod,
    proofPurpose: options.purpose ?? 'assertionMethod',
    ...(options.previousProof !== undefined && { previousProof: options.previousProof }),
    ...(canonicalization === 'jcs' &&
      document['@context'] !== undefined && { '@context': document['@context'] }),
  }
  const others = asList(existing).filter(isObject)
  if (others.length < asList(existing).length) {
    throw new CertificateError('securing.proof_refused', {
      fault: 'proof_malformed',
      what: 'a proof that is no object',
    })
  }
  const absent = (previousIds(config) ?? []).find((id) => !others.some((other) => other.id === id))
  if (absent !== undefined) throw new CertificateError('securing.previous_proof_missing', { id: absent })
  const hashed = await hashInputs(document, config, { suite, all: others, contexts })
  if (!hashed.ok)
    throw new CertificateError('securing.no_canonical_form', { fault: hashed.fault, what: hashed.detail })
  const signature = await signer.sign(hashed.hashData)
  if (signature.length !== algorithms[algorithm].signatureBytes) {
    throw new CertificateError('securing.signer_misbehaves', { bytes: signature.length })
  }
  const proof = { ...config, proofValue: `z${toBase58(signature)}` }
  const result = { ...document, proof: others.length === 0 ? proof : [...others, proof] }
  const opening = openDataIntegrity(result, { purpose: options.purpose ?? 'assertionMethod' })
  if (!opening.ok)
    throw new CertificateError('securing.proof_refused', { fault: opening.fault, what: opening.detail })
  return result
}

/** Takes a secured document apart; proofs must be for what is expected. */
export const openDataIntegrity = (secured: JsonObject, expected: Expected = {}): Opening =>
  openProofs(secured, expected, dataIntegritySuites)

export type ProofResult =
  /** `document` is what was signed: under JCS its `@context` is the proof's. */
  | { readonly ok: true; readonly document: JsonObject; readonly hashData: Bytes }
  | { readonly ok: false; readonly fault: SignatureFault; readonly detail: string }

export type SignatureFault =
  | RdfcFault
  | 'signature_malformed'
  | 'signature_mismatch'
  | 'key_algorithm'
  | 'context_mismatch'

/** Verifies one proof of an opened document under a key. Whose key it is, is the caller's question. */
export async function verifyProof(
  document: JsonObject,
  proof: Proof,
  context: {
    readonly key: PublicKey
    readonly all: readonly JsonObject[]
    readonly contexts: ContextDocuments
  },
): Promise<ProofResult> {
  const suite = proof.cryptosuite as DataIntegritySuite // `openProofs` lets no other suite through
  const { algorithm } = cryptosuites[suite]
  if (context.key.algorithm !== algorithm)
    return { ok: false, fault: 'key_algorithm', detail: context.key.algorithm }
  const signature = proof.proofValue.startsWith('z') ? fromMultibase(proof.proofValue) : null
  if (signature?.length !== algorithms[algorithm].signatureBytes) {
    return { ok: false, fault: 'signature_malformed', detail: 'proofValue is not base58btc of a signature' }
  }
  const { proofValue: _, ...config } = proof
  const hashed = await hashInputs(document, config, { suite, all: context.all, contexts: context.contexts })
  if (!hashed.ok) return hashed
  return (await verifySignature(context.key, hashed.hashData, signature))
    ? { ok: true, document: hashed.document, hashData: hashed.hashData }
    : { ok: false, fault: 'signature_mismatch', detail: 'the signature is not over this document' }
}

export type HashInputs =
  | {
      readonly ok: true
      readonly document: JsonObject
      readonly canonicalDocument: string
      readonly canonicalConfig: string
      /** Digest of the proof configuration, then of the document: 64 bytes with SHA-256. */
      readonly hashData: Bytes
    }
  | { readonly ok: false; readonly fault: RdfcFault | 'context_mismatch'; readonly detail: string }

/** What is signed: sections 3.2.4 and 3.3.4 of EdDSA Cryptosuites 1.0. `config` is the proof without its value. */
export async function hashInputs(
  document: JsonObject,
  config: JsonObject,
  {
    suite,
    all,
    contexts,
  }: { suite: DataIntegritySuite; all: readonly JsonObject[]; contexts: ContextDocuments },
): Promise<HashInputs> {
  const { canonicalization, hash } = cryptosuites[suite]
  const earlier = predecessors(config, all)
  const transformed = await transforms[canonicalization](document, config, earlier, contexts)
  if (!transformed.ok) return transformed
  const { canonicalDocument, canonicalConfig } = transformed
  return { ...transformed, hashData: concat(hash(utf8(canonicalConfig)), hash(utf8(canonicalDocument))) }
}

type Transformed =
  | {
      readonly ok: true
      readonly document: JsonObject
      readonly canonicalDocument: string
      readonly canonicalConfig: string
    }
  | { readonly ok: false; readonly fault: RdfcFault | 'context_mismatch'; readonly detail: string }

type Transform = (
  document: JsonObject,
  config: JsonObject,
  earlier: readonly JsonObject[],
  contexts: ContextDocuments,
) => Promise<Transformed>

const transforms: Readonly<Record<Cryptosuite['canonicalization'], Transform>> = {
  async rdfc(document, config, earlier, contexts) {
    const body = await canonicalNQuads(withEarlier(document, earlier), contexts)
    if (!body.ok) return body
    const options = await canonicalNQuads({ ...config, '@context': document['@context'] as Json }, contexts)
    if (!options.ok) return options
    return { ok: true, document, canonicalDocument: body.nquads, canonicalConfig: options.nquads }
  },

  /** A proof with `@context` fixes the document's: contexts appended to it are unsigned and do not come back. */
  async jcs(document, config, earlier) {
    const signed = config['@context']
    if (signed !== undefined && !startsWith(asList(document['@context']), asList(signed))) {
      return {
        ok: false,
        fault: 'context_mismatch',
        detail: 'the document does not start with the contexts of its proof',
      }
    }
    const verified = signed === undefined ? document : { ...document, '@context': signed }
    return {
      ok: true,
      document: verified,
      canonicalDocument: canonicalJson(withEarlier(verified, earlier)),
      canonicalConfig: canonicalJson(config),
    }
  },
}

/** VC Data Integrity 1.0, section 4.3: earlier proofs are signed as a list, of one too; without any, `proof` is absent. */
const withEarlier = (document: JsonObject, earlier: readonly JsonObject[]): JsonObject =>
  earlier.length === 0 ? document : { ...document, proof: earlier }

const startsWith = (list: readonly Json[], start: readonly Json[]): boolean =>
  start.every((item, i) => firstDifference(item, list[i]) === null)
