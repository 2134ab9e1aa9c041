/** Making Data Integrity proofs, by the same rows and the same hash as verifying them. */
import { type Bytes, toBase58 } from '../base/bytes.ts'
import { canonicalJson, canonicalMembers, canonicalObject } from '../base/canonical.ts'
import { CertificateError } from '../base/errors.ts'
import type { Instant } from '../base/instant.ts'
import { asList, isObject, type JsonObject } from '../base/json.ts'
import { after, type MaybePromise } from '../base/platform.ts'
import type { SigningAlgorithm } from '../key/algorithm.ts'
import type { Signer } from '../key/signer.ts'
import {
  type CanonicalParts,
  type Cryptosuite,
  cryptosuites,
  type DataIntegritySuite,
  hashDataOf,
  hashInputs,
  openDataIntegrity,
} from './data-integrity.ts'
import type { SelectiveOptions } from './ecdsa-sd.ts'
import { previousIds } from './proof.ts'
import { rawSignature } from './raw-signature.ts'
import type { ContextDocuments, RdfcRefusal } from './rdfc.ts'
import { rememberSecured, secureOfKind } from './secured-kinds.ts'

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
  const { document, proof, others } = await makeProof(secured, options)
  return { ...document, proof: others.length === 0 ? proof : [...others, proof] }
}

/**
 * The text of a document with one more proof, in canonical JSON: whoever reads it need not bring its members into order
 * before the signature can be checked.
 * @throws as `addProof`
 */
export async function secureText(secured: JsonObject, options: ProofOptions): Promise<string> {
  const { canonicalization, disclosure } = cryptosuites[options.suite]
  // A kind is told by its JSON, so only where JSON is what is signed.
  const isOfKind =
    canonicalization === 'jcs' &&
    disclosure === 'whole' &&
    secured.proof === undefined &&
    options.previousProof === undefined
  if (!isOfKind) return secureInFull(secured, options)
  const writing = secureOfKind(secured, options, (canonical) => signCanonical(canonical, options))
  if (writing !== undefined) return writing
  const text = await secureInFull(secured, options)
  rememberSecured(text, options)
  return text
}

async function secureInFull(secured: JsonObject, options: ProofOptions): Promise<string> {
  const { document, proof, others, members } = await makeProof(secured, options)
  if (members === undefined) return canonicalJson({ ...document, proof: [...others, proof] })
  const at = members.findIndex(([name]) => name > 'proof')
  const own = ['proof', `"proof":${canonicalJson(proof)}`] as const
  return canonicalObject(at < 0 ? [...members, own] : members.toSpliced(at, 0, own))
}

async function makeProof(secured: JsonObject, options: ProofOptions) {
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
  // Without other proofs the document is signed as it will be written, so that it is written once.
  const written = writtenMembers(document)
  const members = others.length === 0 ? written : undefined
  const made = await makers[disclosure](document, config, { ...options, all: others, members })
  if (!made.ok)
    throw new CertificateError('securing.no_canonical_form', { fault: made.fault, what: made.detail })
  const proof = { ...config, proofValue: made.proofValue }
  const opening = openDataIntegrity(
    { proof: others.length === 0 ? proof : [...others, proof] },
    { purpose: config.proofPurpose as string },
  )
  if (!opening.ok)
    throw new CertificateError('securing.proof_refused', { fault: opening.fault, what: opening.detail })
  return { document, proof, others, members }
}

/** The value of a proof over canonical JSON that is at hand, under a suite over JSON. @throws `securing.signer_misbehaves` */
export function signCanonical(
  { document, config }: Required<Pick<CanonicalParts, 'document' | 'config'>>,
  { signer }: Pick<ProofOptions, 'signer'>,
): MaybePromise<string> {
  return after(hashDataOf(signer.algorithm, config, document), (hashData) => proofValueOf(signer, hashData))
}

const proofValueOf = (signer: Signer, hashData: Bytes): MaybePromise<string> =>
  after(rawSignature(signer, hashData), (signature) => `z${toBase58(signature)}`)

/** @throws `securing.no_canonical_form` for half a character, which has no bytes that could be signed */
function writtenMembers(document: JsonObject): ReturnType<typeof canonicalMembers> {
  try {
    return canonicalMembers(document)
  } catch (cause) {
    const detail = { fault: 'not_json', what: cause instanceof Error ? cause.message : '' }
    throw new CertificateError('securing.no_canonical_form', detail, { cause })
  }
}

/** @throws `securing.wrong_algorithm` where keys of an algorithm do not make a suite, `securing.suite_not_made` where nobody does */
export function checkSuite(suite: DataIntegritySuite, algorithm: SigningAlgorithm): void {
  const { algorithms: allowed, use } = cryptosuites[suite]
  if (use === 'verified') throw new CertificateError('securing.suite_not_made', { suite })
  if (!allowed.includes(algorithm))
    throw new CertificateError('securing.wrong_algorithm', { suite, algorithm })
}

type Make = (
  document: JsonObject,
  config: JsonObject,
  options: ProofOptions & {
    readonly all: readonly JsonObject[]
    /** Of a document whose canonical members are known already. */
    readonly members: readonly (readonly [name: string, text: string])[] | undefined
  },
) => Promise<{ readonly ok: true; readonly proofValue: string } | RdfcRefusal>

/** How the two kinds of suites make the value of a proof. */
const makers: Readonly<Record<Cryptosuite['disclosure'], Make>> = {
  async whole(document, config, { signer, all, contexts, members }) {
    const { algorithm } = signer
    const canonical = members && { document: canonicalObject(members) }
    const hashed = await hashInputs(document, config, { algorithm, all, contexts, canonical })
    if (!hashed.ok) return hashed as RdfcRefusal // a new proof has the contexts of its document
    return { ok: true, proofValue: await proofValueOf(signer, hashed.hashData) }
  },

  selective: async (document, config, options) =>
    (await import('./ecdsa-sd.ts')).makeBaseProof(document, config, options),
}
