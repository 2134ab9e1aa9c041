/**
 * ecdsa-sd-2023: an issuer signs each statement, a holder shows some of them (VC Data Integrity ECDSA 1.0, section 3.4
 * and 3.5). Blank nodes are named by an HMAC, so that what is not shown cannot be guessed from the labels of the rest.
 */
import { type Bytes, concat, fromBase58, toBase58, toBase64url, utf8 } from '../base/bytes.ts'
import { hmacSha256, sha256 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import type { Json, JsonObject } from '../base/json.ts'
import type { SigningAlgorithm } from '../key/algorithm.ts'
import { fromMultikey, type PublicKey, toMultikey, verifySignature } from '../key/public-key.ts'
import type { Signer } from '../key/signer.ts'
import type { ProofContext, ProofResult } from './data-integrity.ts'
import { selectPart } from './ecdsa-sd-select.ts'
import { readProofValue, writeBaseValue, writeDerivedValue } from './ecdsa-sd-value.ts'
import { openProofs, type Proof, type ProofFault } from './proof.ts'
import { rawSignature } from './raw-signature.ts'
import {
  type ContextDocuments,
  canonicalNQuads,
  canonizeLines,
  nquadsOfPart,
  type RdfcRefusal,
  skolemized,
  splitLines,
} from './rdfc.ts'

/** What an issuer decides about disclosure. */
export interface SelectiveOptions {
  /** JSON pointers (RFC 6901) to what a holder always has to show. */
  readonly mandatoryPointers: readonly string[]
  /** 32 random bytes, for this document alone. */
  readonly hmacKey: Bytes
  /** A new P-256 key, for this document alone; nobody keeps it. */
  readonly proofKey: Pick<Signer, 'algorithm' | 'sign'> & { readonly publicKey: PublicKey<SigningAlgorithm> }
}

/**
 * The value of a base proof, which an issuer hands to the holder and to nobody else.
 * @throws `securing.selective_incomplete`, `securing.pointer_unmatched`, `securing.signer_misbehaves`
 */
export async function makeBaseProof(
  document: JsonObject,
  config: JsonObject,
  {
    signer,
    selective,
    contexts,
  }: {
    readonly signer: Signer
    readonly selective?: SelectiveOptions
    readonly contexts: ContextDocuments
  },
): Promise<{ readonly ok: true; readonly proofValue: string } | RdfcRefusal> {
  if (selective === undefined)
    throw new CertificateError('securing.selective_incomplete', { what: 'selective' })
  const missing = missingOption(selective, config)
  if (missing !== null) throw new CertificateError('securing.selective_incomplete', { what: missing })
  const { mandatoryPointers, hmacKey, proofKey } = selective
  const named = await nameStatements(document, hmacKey, contexts)
  if (!named.ok) return named
  const mandatory = await select(document, named, mandatoryPointers, contexts)
  if (!mandatory.ok) return refusalOf(mandatory)
  const options = await canonicalNQuads({ ...config, '@context': document['@context'] as Json }, contexts)
  if (!options.ok) return options
  const publicKey = multikeyBytes(proofKey.publicKey)
  const shown = named.statements.filter((_, i) => mandatory.indexes.has(i))
  const rest = named.statements.filter((_, i) => !mandatory.indexes.has(i))
  const baseSignature = await rawSignature(signer, signedBytes(options.nquads, publicKey, shown))
  const signatures: Bytes[] = []
  for (const statement of rest) signatures.push(await rawSignature(proofKey, utf8(statement)))
  const proofValue = writeBaseValue({ baseSignature, publicKey, hmacKey, signatures, mandatoryPointers })
  if (readProofValue(proofValue) === null) throw new CertificateError('securing.too_much_to_sign')
  return { ok: true, proofValue }
}

export type Derivation =
  | { readonly ok: true; readonly document: JsonObject }
  | { readonly ok: false; readonly fault: DerivationFault; readonly detail: string }

export type DerivationFault =
  | ProofFault
  | RdfcRefusal['fault']
  /** There is not one base proof, or its value is none. */
  | 'base_proof_missing'
  | 'signature_malformed'

/**
 * What a holder shows of a document that has a base proof: what is mandatory, and what the pointers name. Other proofs
 * are left out, since they are over the whole. The base proof is not verified.
 * @throws `securing.pointer_unmatched` for a pointer of the caller's that leads nowhere
 *
 * @example
 * const shown = await deriveProof(badge, { pointers: ['/credentialSubject/achievement/name'], contexts })
 */
export async function deriveProof(
  secured: JsonObject,
  { pointers, contexts }: { readonly pointers: readonly string[]; readonly contexts: ContextDocuments },
): Promise<Derivation> {
  const opening = openProofs(secured, {}, new Map([['ecdsa-sd-2023', 'DataIntegrityProof']]))
  if (!opening.ok) return { ok: false, fault: opening.fault, detail: opening.detail }
  const { document, proofs } = opening.opened
  const [proof, ...others] = proofs as readonly [Proof, ...Proof[]] // there is one where it opens
  const given = readProofValue(proof.proofValue)
  if (others.length > 0 || given?.kind !== 'base') {
    return { ok: false, fault: 'base_proof_missing', detail: 'not exactly one base proof' }
  }
  const base = given.value
  const named = await nameStatements(document, base.hmacKey, contexts)
  if (!named.ok) return named
  const mandatory = await select(document, named, base.mandatoryPointers, contexts)
  if (!mandatory.ok && mandatory.fault === 'pointer_unmatched') {
    return { ok: false, fault: 'signature_malformed', detail: `no member at ${mandatory.detail}` }
  }
  if (!mandatory.ok) return refusalOf(mandatory)
  const shown = await select(document, named, [...base.mandatoryPointers, ...pointers], contexts)
  if (!shown.ok) return refusalOf(shown)
  if (shown.part === null) throw new CertificateError('securing.nothing_shown')
  const optional = [...named.statements.keys()].filter((index) => !mandatory.indexes.has(index))
  if (optional.length !== base.signatures.length) {
    return { ok: false, fault: 'signature_malformed', detail: 'not one signature for each statement' }
  }
  const canonized = await canonizeLines(shown.lines)
  if (!canonized.ok) return canonized
  const labels = new Map(
    [...canonized.labels].map(([name, canonical]) => [canonical, named.labels.get(name) as string]), // `select` saw to it
  )
  const read = await canonicalNQuads(shown.part, contexts)
  if (!read.ok) return read
  const said = relabelled(splitLines(read.nquads), labels)
  if (said?.join('') !== named.statements.filter((_, i) => shown.indexes.has(i)).join('')) {
    return { ok: false, fault: 'not_json_ld', detail: 'as JSON the part says something else' }
  }
  const proofValue = writeDerivedValue({
    baseSignature: base.baseSignature,
    publicKey: base.publicKey,
    signatures: base.signatures.filter((_, i) => shown.indexes.has(optional[i] as number)),
    labels,
    mandatoryIndexes: [...shown.indexes].flatMap((index, i) => (mandatory.indexes.has(index) ? [i] : [])),
  })
  return { ok: true, document: { ...shown.part, proof: { ...proof, proofValue } } }
}

/** Verifies a derived proof: the issuer's signature over what is mandatory, and one for every other statement. */
export async function verifyDerivedProof(
  document: JsonObject,
  { proofValue, ...config }: Proof,
  { key, contexts }: ProofContext,
): Promise<ProofResult> {
  const read = readProofValue(proofValue)
  if (read === null)
    return { ok: false, fault: 'signature_malformed', detail: 'proofValue is none of this suite' }
  if (read.kind === 'base') {
    return { ok: false, fault: 'proof_not_derived', detail: 'a base proof, which is for its holder alone' }
  }
  const { baseSignature, publicKey, signatures, labels, mandatoryIndexes } = read.value
  const proofKey = fromMultikey(`z${toBase58(publicKey)}`)
  if (proofKey?.algorithm !== 'P-256') {
    return { ok: false, fault: 'signature_malformed', detail: 'the key of the statements is none of P-256' }
  }
  if (config.previousProof !== undefined) return mismatch('a part cannot vouch for proofs of the whole')
  const body = await canonicalNQuads(document, contexts)
  if (!body.ok) return body
  const statements = relabelled(splitLines(body.nquads), labels)
  if (statements === null) return mismatch('a blank node without a label')
  const mandatory = new Set(mandatoryIndexes)
  const rest = statements.filter((_, i) => !mandatory.has(i))
  if (rest.length !== signatures.length || rest.length + mandatory.size !== statements.length) {
    return mismatch('not one signature for each statement')
  }
  const options = await canonicalNQuads({ ...config, '@context': document['@context'] as Json }, contexts)
  if (!options.ok) return options
  const shown = statements.filter((_, i) => mandatory.has(i))
  const hashData = signedBytes(options.nquads, publicKey, shown)
  if (!(await verifySignature(key, hashData, baseSignature))) {
    return mismatch('the signature is not over what is mandatory')
  }
  for (const [i, statement] of rest.entries()) {
    if (!(await verifySignature(proofKey, utf8(statement), signatures[i] as Bytes))) {
      return mismatch('a statement that was not signed')
    }
  }
  return { ok: true, document, hashData, hashed: hashData }
}

const mismatch = (detail: string): ProofResult => ({ ok: false, fault: 'signature_mismatch', detail })

/** What an issuer said wrong, `null` where nothing. */
function missingOption(selective: SelectiveOptions, { previousProof }: JsonObject): string | null {
  if (selective.hmacKey.length !== 32) return 'hmacKey'
  if (selective.proofKey.publicKey.algorithm !== 'P-256') return 'proofKey'
  return previousProof === undefined ? null : 'previousProof'
}

/** What the issuer signs (section 3.5.5): digests of the proof's options and of what is mandatory, the key between them. */
const signedBytes = (options: string, publicKey: Bytes, mandatory: readonly string[]): Bytes =>
  concat(sha256(utf8(options)), publicKey, sha256(utf8(mandatory.join(''))))

const multikeyBytes = (key: PublicKey<SigningAlgorithm>): Bytes =>
  fromBase58(toMultikey(key).slice(1)) as Bytes

/** The statements of a whole document under HMAC labels. */
interface NamedStatements {
  readonly ok: true
  /** In canonical order. */
  readonly statements: readonly string[]
  /** Labels (`u…`) by the names that blank nodes have in `compact`. */
  readonly labels: ReadonlyMap<string, string>
  readonly compact: JsonObject
}

/** Section 3.4.4: a label is the HMAC of the canonical one. */
async function nameStatements(
  document: JsonObject,
  hmacKey: Bytes,
  contexts: ContextDocuments,
): Promise<NamedStatements | RdfcRefusal> {
  const whole = await skolemized(document, contexts)
  if (!whole.ok) return whole
  const canonized = await canonizeLines(whole.nquads)
  if (!canonized.ok) return canonized
  const labelOf = (canonical: string) => `u${toBase64url(hmacSha256(hmacKey, utf8(canonical)))}`
  const labels = new Map([...canonized.labels].map(([name, canonical]) => [name, labelOf(canonical)]))
  const byCanonical = new Map(
    [...canonized.labels.values()].map((canonical) => [canonical, labelOf(canonical)]),
  )
  const statements = relabelled(canonized.nquads, byCanonical) as readonly string[] // every label has its HMAC
  return { ok: true, statements, labels, compact: whole.compact }
}

/**
 * Statements with other labels, sorted; `null` where a label is not known. Sorted by UTF-16 code units, as rdf-canonize
 * and the second opinion of the tests sort, though the text says code points.
 */
function relabelled(lines: readonly string[], labels: ReadonlyMap<string, string>): readonly string[] | null {
  let isWhole = true
  const changed = lines.map((line) =>
    line.replace(blankNodes, (label) => {
      const known = labels.get(label.slice(2))
      if (known === undefined) isWhole = false
      return `_:${known}`
    }),
  )
  return isWhole ? changed.toSorted() : null
}

/** A subject, an object or the name of a graph; never what looks like one within a literal. */
const blankNodes = /(?<=^|^\S+ \S+ )_:\S+|(?<= )_:[^\s"]+(?= \.\n$)/g

type Selected =
  | {
      readonly ok: true
      /** `null` where no pointer asks for anything. */
      readonly part: JsonObject | null
      /** Statements of the part, blank nodes under their names. */
      readonly lines: readonly string[]
      /** Where these stand among all, ascending. */
      readonly indexes: ReadonlySet<number>
    }
  | {
      readonly ok: false
      readonly fault: RdfcRefusal['fault'] | 'pointer_unmatched'
      readonly detail: string
    }

/** Section 3.4.15: what pointers name, as JSON and as statements. */
async function select(
  document: JsonObject,
  { statements, labels, compact }: NamedStatements,
  pointers: readonly string[],
  contexts: ContextDocuments,
): Promise<Selected> {
  const part = selectPart(document, pointers)
  const same = selectPart(compact, pointers)
  if (part === null || same === null) return { ok: true, part: null, lines: [], indexes: new Set() }
  // A list of one is no list in compact form, so a pointer may lead somewhere in one of them only.
  if (!part.ok) return { ok: false, fault: 'pointer_unmatched', detail: part.pointer }
  if (!same.ok) return { ok: false, fault: 'pointer_unmatched', detail: same.pointer }
  const found = await nquadsOfPart(same.part, contexts)
  if (!found.ok) return found
  const wanted = new Set(relabelled(found.nquads, labels))
  const indexes = [...statements.keys()].filter((index) => wanted.has(statements[index] as string))
  // The nodes that an ordered list is made of have no names, so a part of it has others than the whole.
  if (indexes.length !== new Set(found.nquads).size) {
    return { ok: false, fault: 'not_json_ld', detail: 'a part that has statements of its own' }
  }
  return { ok: true, part: part.part, lines: found.nquads, indexes: new Set(indexes) }
}

/** A pointer that leads nowhere is the caller's fault. @throws `securing.pointer_unmatched` */
function refusalOf(refusal: Extract<Selected, { readonly ok: false }>): RdfcRefusal {
  const { fault, detail } = refusal
  if (fault === 'pointer_unmatched')
    throw new CertificateError('securing.pointer_unmatched', { pointer: detail })
  return { ok: false, fault, detail }
}
