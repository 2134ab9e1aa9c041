/** Data Integrity proofs: one row per cryptosuite, one way to hash and to verify (EdDSA and ECDSA Cryptosuites 1.0). */
import { type Bytes, concat, fromMultibase, utf8 } from '../base/bytes.ts'
import { canonicalJson } from '../base/canonical.ts'
import { sha256, sha256Text } from '../base/digest.ts'
import { asList, type Json, type JsonObject } from '../base/json.ts'
import { after, both, type MaybePromise } from '../base/platform.ts'
import { firstDifference } from '../credential/difference.ts'
import { algorithms, type SigningAlgorithm } from '../key/algorithm.ts'
import { type PublicKey, verifySignature } from '../key/public-key.ts'
import { type Expected, type Opening, openProofs, type Proof, predecessors, suiteOf } from './proof.ts'
import type { ContextDocuments, RdfcFault } from './rdfc.ts'

export type DataIntegritySuite =
  | 'eddsa-rdfc-2022'
  | 'eddsa-jcs-2022'
  | 'ecdsa-rdfc-2019'
  | 'ecdsa-jcs-2019'
  | 'ecdsa-sd-2023'
  | 'Ed25519Signature2020'

export interface Cryptosuite {
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
export const cryptosuites: Readonly<Record<DataIntegritySuite, Cryptosuite>> = {
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

const sha256Of = (text: string | Bytes): Bytes => (typeof text === 'string' ? sha256Text(text) : sha256(text))
const bytesOf = (text: string | Bytes): Bytes => (typeof text === 'string' ? utf8(text) : text)

/** The digest that goes with a key (ECDSA Cryptosuites 1.0, section 3), inside RDFC-1.0 too. */
const digests: Readonly<
  Record<
    SigningAlgorithm,
    { readonly name: 'SHA-256' | 'SHA-384'; readonly hash: (text: string | Bytes) => MaybePromise<Bytes> }
  >
> = {
  Ed25519: { name: 'SHA-256', hash: sha256Of },
  'P-256': { name: 'SHA-256', hash: sha256Of },
  'P-384': {
    name: 'SHA-384',
    hash: async (text) => (await import('../base/sha512.ts')).sha384(bytesOf(text)),
  },
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

/** Takes a secured document apart; every proof must be what is expected. */
export const openDataIntegrity = (secured: JsonObject, expected: Expected = {}): Opening =>
  openProofs(secured, expected, proofTypes)

export type ProofResult =
  /** `document` is what was signed: under JCS its `@context` is the proof's. */
  | {
      readonly ok: true
      readonly document: JsonObject
      readonly hashData: Bytes
      /** The canonical document. */
      readonly hashed: string | Bytes
    }
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
  readonly canonical?: CanonicalParts | undefined
}

/** The canonical JSON of what a proof is over, where it is at hand. */
export interface CanonicalParts {
  /** The document without its proof; as UTF-8 it need not be made into bytes. */
  readonly document: string | Bytes
  /** The proof without its value. */
  readonly config?: string
  /** Lower-case hex SHA-256 of the document with its proof. */
  readonly digest?: string
}

/** Verifies one proof of an opened document under a key. Whose key it is, is the caller's question. */
export function verifyProof(
  document: JsonObject,
  proof: Proof,
  context: ProofContext,
): MaybePromise<ProofResult> {
  const { algorithms: allowed, disclosure, context: needed } = rowOf(proof)
  const algorithm = allowed.find((name) => name === context.key.algorithm)
  if (algorithm === undefined) return { ok: false, fault: 'key_algorithm', detail: context.key.algorithm }
  if (needed !== undefined && !asList(document['@context']).includes(needed)) {
    return { ok: false, fault: 'context_mismatch', detail: `the document does not name ${needed}` }
  }
  return verifiers[disclosure](document, proof, { ...context, algorithm })
}

type Verify = (
  document: JsonObject,
  proof: Proof,
  context: ProofContext & { readonly algorithm: SigningAlgorithm },
) => MaybePromise<ProofResult>

/** How the two kinds of suites judge a proof. What only one of them needs is loaded for it, here and below. */
const verifiers: Readonly<Record<Cryptosuite['disclosure'], Verify>> = {
  whole(document, { proofValue, ...config }, { key, algorithm, all, contexts, canonical }) {
    const signature = proofValue.startsWith('z') ? fromMultibase(proofValue) : null
    if (signature?.length !== algorithms[algorithm].signatureBytes) {
      return {
        ok: false,
        fault: 'signature_malformed',
        detail: 'proofValue is not base58btc of a signature',
      }
    }
    const hashing = hashInputs(document, config, { algorithm, all, contexts, canonical })
    return after(hashing, (hashed): MaybePromise<ProofResult> => {
      if (!hashed.ok) return hashed
      return after(
        verifySignature(key, hashed.hashData, signature),
        (holds): ProofResult =>
          holds
            ? {
                ok: true,
                document: hashed.document,
                hashData: hashed.hashData,
                hashed: hashed.canonicalDocument,
              }
            : { ok: false, fault: 'signature_mismatch', detail: 'the signature is not over this document' },
      )
    })
  },

  selective: async (document, proof, context) =>
    (await import('./derived-proof.ts')).verifyDerivedProof(document, proof, context),
}

export type HashInputs =
  | {
      readonly ok: true
      readonly document: JsonObject
      readonly canonicalDocument: string | Bytes
      readonly canonicalConfig: string
      /** Digest of the proof configuration, then of the document: 64 bytes, 96 with SHA-384. */
      readonly hashData: Bytes
    }
  | { readonly ok: false; readonly fault: RdfcFault | 'context_mismatch'; readonly detail: string }

/** What is signed: sections 3.2.4 and 3.3.4 of EdDSA Cryptosuites 1.0, and of ECDSA Cryptosuites 1.0. `config` is the proof without its value. */
export function hashInputs(
  document: JsonObject,
  config: JsonObject,
  {
    algorithm,
    all,
    contexts,
    canonical,
  }: {
    readonly algorithm: SigningAlgorithm
    readonly all: readonly JsonObject[]
    readonly contexts: ContextDocuments
    readonly canonical?: CanonicalParts | undefined
  },
): MaybePromise<HashInputs> {
  const { name } = digests[algorithm]
  const { canonicalization } = rowOf(config)
  const earlier = predecessors(config, all)
  const transforming = transforms[canonicalization](document, config, {
    earlier,
    contexts,
    digest: name,
    canonical,
  })
  return after(transforming, (transformed): MaybePromise<HashInputs> => {
    if (!transformed.ok) return transformed
    const { canonicalDocument, canonicalConfig } = transformed
    return after(hashDataOf(algorithm, canonicalConfig, canonicalDocument), (hashData) => ({
      ...transformed,
      hashData,
    }))
  })
}

/** Digest of the proof configuration, then of the document. */
export function hashDataOf(
  algorithm: SigningAlgorithm,
  config: string,
  document: string | Bytes,
): MaybePromise<Bytes> {
  const { hash } = digests[algorithm]
  return after(both([hash(config), hash(document)]), (parts) => concat(...parts))
}

type Transformed =
  | {
      readonly ok: true
      readonly document: JsonObject
      readonly canonicalDocument: string | Bytes
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
    readonly canonical: CanonicalParts | undefined
  },
) => MaybePromise<Transformed>

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
  jcs(document, config, { earlier, canonical }) {
    const signed = config['@context']
    if (signed !== undefined && !startsWith(asList(document['@context']), asList(signed))) {
      return {
        ok: false,
        fault: 'context_mismatch',
        detail: 'the document does not start with the contexts of its proof',
      }
    }
    const isWhole = signed === undefined || asList(signed).length === asList(document['@context']).length
    const verified = signed === undefined ? document : { ...document, '@context': signed }
    return {
      ok: true,
      document: verified,
      canonicalDocument:
        canonical !== undefined && isWhole && earlier.length === 0
          ? canonical.document
          : canonicalJson(withEarlier(verified, earlier)),
      canonicalConfig: canonical?.config ?? canonicalJson(config),
    }
  },
}

/** VC Data Integrity 1.0, section 4.3: earlier proofs are signed as a list, of one too; without any, `proof` is absent. */
const withEarlier = (document: JsonObject, earlier: readonly JsonObject[]): JsonObject =>
  earlier.length === 0 ? document : { ...document, proof: earlier }

const startsWith = (list: readonly Json[], start: readonly Json[]): boolean =>
  start.every((item, i) => firstDifference(item, list[i]) === null)
