/** Data Integrity proofs: one row per cryptosuite, one way to hash, to sign and to verify (EdDSA and ECDSA Cryptosuites 1.0). */
import { type Bytes, concat, fromMultibase, toBase58, utf8 } from '../base/bytes.ts'
import { canonicalJson } from '../base/canonical.ts'
import { sha256, sha384 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import type { Instant } from '../base/instant.ts'
import { asList, isObject, type Json, type JsonObject } from '../base/json.ts'
import { firstDifference } from '../credential/difference.ts'
import { algorithms, type SigningAlgorithm } from '../key/algorithm.ts'
import { type PublicKey, verifySignature } from '../key/public-key.ts'
import type { Signer } from '../key/signer.ts'
import type { SelectiveOptions } from './ecdsa-sd.ts'
import {
  type Expected,
  type Opening,
  openProofs,
  type Proof,
  predecessors,
  previousIds,
  suiteOf,
} from './proof.ts'
import { rawSignature } from './raw-signature.ts'
import type { ContextDocuments, RdfcFault, RdfcRefusal } from './rdfc.ts'

export type DataIntegritySuite =
  | 'eddsa-rdfc-2022'
  | 'eddsa-jcs-2022'
  | 'ecdsa-rdfc-2019'
  | 'ecdsa-jcs-2019'
  | 'ecdsa-sd-2023'
  | 'Ed25519Signature2020'

interface Cryptosuite {
  /** The `type` of its proofs. */
  readonly type: 'DataIntegrityProof' | 'Ed25519Signature2020'
  readonly algorithms: readonly SigningAlgorithm[]
  readonly canonicalization: 'rdfc' | 'jcs'
  readonly disclosure: 'whole' | 'selective'
  /** The context that a document has to name for the type of its proof to mean anything. */
  readonly context?: string
  /** What is `verified` only is not made any more. */
  readonly use: 'made and verified' | 'verified'
}

const dataIntegrity = { type: 'DataIntegrityProof', disclosure: 'whole', use: 'made and verified' } as const

/** One row per suite; code below this table never compares suite names. */
const cryptosuites: Readonly<Record<DataIntegritySuite, Cryptosuite>> = {
  'eddsa-rdfc-2022': { ...dataIntegrity, algorithms: ['Ed25519'], canonicalization: 'rdfc' },
  'eddsa-jcs-2022': { ...dataIntegrity, algorithms: ['Ed25519'], canonicalization: 'jcs' },
  'ecdsa-rdfc-2019': { ...dataIntegrity, algorithms: ['P-256', 'P-384'], canonicalization: 'rdfc' },
  'ecdsa-jcs-2019': { ...dataIntegrity, algorithms: ['P-256', 'P-384'], canonicalization: 'jcs' },
  'ecdsa-sd-2023': {
    ...dataIntegrity,
    algorithms: ['P-256'],
    canonicalization: 'rdfc',
    disclosure: 'selective',
  },
  // EdDSA Cryptosuites 1.0, appendix A.2.
  Ed25519Signature2020: {
    type: 'Ed25519Signature2020',
    context: 'https://w3id.org/security/suites/ed25519-2020/v1',
    algorithms: ['Ed25519'],
    canonicalization: 'rdfc',
    disclosure: 'whole',
    use: 'verified',
  },
}

/** The digest that goes with a key (ECDSA Cryptosuites 1.0, section 3), inside RDFC-1.0 too. */
const digests: Readonly<
  Record<SigningAlgorithm, { readonly name: 'SHA-256' | 'SHA-384'; readonly hash: (data: Bytes) => Bytes }>
> = {
  Ed25519: { name: 'SHA-256', hash: sha256 },
  'P-256': { name: 'SHA-256', hash: sha256 },
  'P-384': { name: 'SHA-384', hash: sha384 },
}

/** The suite that we make with keys of an algorithm, by how the document is to be canonical. */
export function suiteFor(
  algorithm: SigningAlgorithm,
  canonicalization: Cryptosuite['canonicalization'],
): DataIntegritySuite {
  const [suite] = Object.entries(cryptosuites).find(
    ([, row]) =>
      row.algorithms.includes(algorithm) &&
      row.canonicalization === canonicalization &&
      row.disclosure === 'whole' &&
      row.use !== 'verified',
  )! // every algorithm has a suite of both kinds
  return suite as DataIntegritySuite
}

/** @throws `securing.wrong_algorithm` where keys of an algorithm do not make a suite, `securing.suite_not_made` where nobody does */
export function checkSuite(suite: DataIntegritySuite, algorithm: SigningAlgorithm): void {
  const { algorithms: allowed, use } = cryptosuites[suite]
  if (use === 'verified') throw new CertificateError('securing.suite_not_made', { suite })
  if (!allowed.includes(algorithm))
    throw new CertificateError('securing.wrong_algorithm', { suite, algorithm })
}

export const dataIntegritySuites: ReadonlySet<string> = new Set(Object.keys(cryptosuites))

/** The algorithms that sign with a suite; none where it is verified only. */
export const signingAlgorithmsOf = (suite: DataIntegritySuite): readonly SigningAlgorithm[] =>
  cryptosuites[suite].use === 'verified' ? [] : cryptosuites[suite].algorithms

const proofTypes: ReadonlyMap<string, string> = new Map(
  Object.entries(cryptosuites).map(([suite, { type }]) => [suite, type]),
)

/** `openProofs` lets no other suite through. */
const rowOf = (proof: JsonObject): Cryptosuite => cryptosuites[suiteOf(proof) as DataIntegritySuite]

/** Whether a proof of an opened document fixes its JSON, order included, and not only what it says as RDF. */
export const isOverExactText = (proof: Proof): boolean => rowOf(proof).canonicalization === 'jcs'

/** What a caller decides about a proof. */
export interface ProofOptions {
  readonly signer: Signer
  readonly suite: DataIntegritySuite
  /** A URL, unique in the document; one batch shares one. */
  readonly id?: string
  readonly created: Instant
  readonly expires?: Instant
  readonly purpose?: 'assertionMethod' | 'authentication'
  /** Where the proof is to be shown, and what whoever it is shown to asked to be signed. */
  readonly domain?: string | readonly string[]
  readonly challenge?: string
  readonly nonce?: string
  /** Ids of proofs of the document that this one vouches for. */
  readonly previousProof?: string | readonly string[]
  /** What a suite for selective disclosure asks for; others have no use for it. */
  readonly selective?: SelectiveOptions
  readonly contexts: ContextDocuments
}

/**
 * Secures a document: beside the proofs that it has, one more. The document comes back as it was given, with `proof`.
 * @throws `securing.suite_not_made` for a suite that is verified only
 * @throws `securing.wrong_algorithm` where the signer is none for the suite
 * @throws `securing.no_canonical_form` where JSON-LD would lose data or a context is not at hand
 * @throws `securing.selective_incomplete`, `securing.pointer_unmatched` for a suite for selective disclosure
 */
export async function addProof(secured: JsonObject, options: ProofOptions): Promise<JsonObject> {
  const { signer, suite } = options
  checkSuite(suite, signer.algorithm)
  const { type, canonicalization, disclosure } = cryptosuites[suite]
  const { proof: existing, ...document } = secured
  const config: JsonObject = {
    ...(options.id !== undefined && { id: options.id }),
    type,
    cryptosuite: suite,
    created: options.created,
    ...(options.expires !== undefined && { expires: options.expires }),
    verificationMethod: signer.verificationMethod,
    proofPurpose: options.purpose ?? 'assertionMethod',
    ...(options.domain !== undefined && { domain: options.domain }),
    ...(options.challenge !== undefined && { challenge: options.challenge }),
    ...(options.nonce !== undefined && { nonce: options.nonce }),
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
  const made = await disclosures[disclosure].make(document, config, { ...options, all: others })
  if (!made.ok)
    throw new CertificateError('securing.no_canonical_form', { fault: made.fault, what: made.detail })
  const proof = { ...config, proofValue: made.proofValue }
  const result = { ...document, proof: others.length === 0 ? proof : [...others, proof] }
  const opening = openDataIntegrity(result, { purpose: config.proofPurpose as string })
  if (!opening.ok)
    throw new CertificateError('securing.proof_refused', { fault: opening.fault, what: opening.detail })
  return result
}

/** Takes a secured document apart; every proof must be what is expected. */
export const openDataIntegrity = (secured: JsonObject, expected: Expected = {}): Opening =>
  openProofs(secured, expected, proofTypes)

export type ProofResult =
  /** `document` is what was signed: under JCS its `@context` is the proof's. */
  | { readonly ok: true; readonly document: JsonObject; readonly hashData: Bytes }
  | { readonly ok: false; readonly fault: SignatureFault; readonly detail: string }

export type SignatureFault =
  | RdfcFault
  | 'proof_not_derived'
  | 'signature_malformed'
  | 'signature_mismatch'
  | 'key_algorithm'
  | 'context_mismatch'

export interface ProofContext {
  readonly key: PublicKey
  readonly all: readonly JsonObject[]
  readonly contexts: ContextDocuments
}

/** Verifies one proof of an opened document under a key. Whose key it is, is the caller's question. */
export async function verifyProof(
  document: JsonObject,
  proof: Proof,
  context: ProofContext,
): Promise<ProofResult> {
  const { algorithms: allowed, disclosure, context: needed } = rowOf(proof)
  const algorithm = allowed.find((name) => name === context.key.algorithm)
  if (algorithm === undefined) return { ok: false, fault: 'key_algorithm', detail: context.key.algorithm }
  if (needed !== undefined && !asList(document['@context']).includes(needed)) {
    return { ok: false, fault: 'context_mismatch', detail: `the document does not name ${needed}` }
  }
  return disclosures[disclosure].verify(document, proof, { ...context, algorithm })
}

/** How the two kinds of suites make the value of a proof, and judge one. */
interface Disclosure {
  make(
    document: JsonObject,
    config: JsonObject,
    options: ProofOptions & { readonly all: readonly JsonObject[] },
  ): Promise<{ readonly ok: true; readonly proofValue: string } | RdfcRefusal>
  verify(
    document: JsonObject,
    proof: Proof,
    context: ProofContext & { readonly algorithm: SigningAlgorithm },
  ): Promise<ProofResult>
}

const disclosures: Readonly<Record<Cryptosuite['disclosure'], Disclosure>> = {
  whole: {
    async make(document, config, { signer, all, contexts }) {
      const hashed = await hashInputs(document, config, { algorithm: signer.algorithm, all, contexts })
      if (!hashed.ok) return hashed as RdfcRefusal // a new proof has the contexts of its document
      return { ok: true, proofValue: `z${toBase58(await rawSignature(signer, hashed.hashData))}` }
    },

    async verify(document, { proofValue, ...config }, { key, algorithm, all, contexts }) {
      const signature = proofValue.startsWith('z') ? fromMultibase(proofValue) : null
      if (signature?.length !== algorithms[algorithm].signatureBytes) {
        return {
          ok: false,
          fault: 'signature_malformed',
          detail: 'proofValue is not base58btc of a signature',
        }
      }
      const hashed = await hashInputs(document, config, { algorithm, all, contexts })
      if (!hashed.ok) return hashed
      return (await verifySignature(key, hashed.hashData, signature))
        ? { ok: true, document: hashed.document, hashData: hashed.hashData }
        : { ok: false, fault: 'signature_mismatch', detail: 'the signature is not over this document' }
    },
  },

  // Loaded when first needed, like JSON-LD itself.
  selective: {
    make: async (document, config, options) =>
      (await import('./ecdsa-sd.ts')).makeBaseProof(document, config, options),
    verify: async (document, proof, context) =>
      (await import('./ecdsa-sd.ts')).verifyDerivedProof(document, proof, context),
  },
}

export type HashInputs =
  | {
      readonly ok: true
      readonly document: JsonObject
      readonly canonicalDocument: string
      readonly canonicalConfig: string
      /** Digest of the proof configuration, then of the document: 64 bytes, 96 with SHA-384. */
      readonly hashData: Bytes
    }
  | { readonly ok: false; readonly fault: RdfcFault | 'context_mismatch'; readonly detail: string }

/** What is signed: sections 3.2.4 and 3.3.4 of EdDSA Cryptosuites 1.0, and of ECDSA Cryptosuites 1.0. `config` is the proof without its value. */
export async function hashInputs(
  document: JsonObject,
  config: JsonObject,
  {
    algorithm,
    all,
    contexts,
  }: { algorithm: SigningAlgorithm; all: readonly JsonObject[]; contexts: ContextDocuments },
): Promise<HashInputs> {
  const { name, hash } = digests[algorithm]
  const { canonicalization } = rowOf(config)
  const earlier = predecessors(config, all)
  const transformed = await transforms[canonicalization](document, config, {
    earlier,
    contexts,
    digest: name,
  })
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
  context: {
    readonly earlier: readonly JsonObject[]
    readonly contexts: ContextDocuments
    readonly digest: 'SHA-256' | 'SHA-384'
  },
) => Promise<Transformed>

const transforms: Readonly<Record<Cryptosuite['canonicalization'], Transform>> = {
  async rdfc(document, config, { earlier, contexts, digest }) {
    const { canonicalNQuads } = await import('./rdfc.ts')
    const body = await canonicalNQuads(withEarlier(document, earlier), contexts, { digest })
    if (!body.ok) return body
    const withContext = { ...config, '@context': document['@context'] as Json }
    const options = await canonicalNQuads(withContext, contexts, { digest })
    if (!options.ok) return options
    return { ok: true, document, canonicalDocument: body.nquads, canonicalConfig: options.nquads }
  },

  /** A proof with `@context` fixes the document's: contexts appended to it are unsigned and do not come back. */
  async jcs(document, config, { earlier }) {
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
