/**
 * The signature of a certificate by way of its batch: its issuer signed one statement that every member of the batch by
 * this key is signed (anchor/batch-statement.ts), so that of many certificates each needs only its Merkle path. This is
 * what screening asks for, and never stands in a report without saying so.
 *
 * A certificate whose own signature would not hold does not pass by its batch, unless its issuer signs what is false:
 *
 * - The statement must be signed under the very key that the certificate names, found and vouched for as for its own
 *   signature. Who can sign it can sign certificates. That somebody anchored the batch, or brings a path, says nothing.
 * - The leaf is over the exact text with its proof, or over the token, and leaves and nodes are hashed apart: a path leads
 *   to the commitment from what the issuer put there and from nothing else (RFC 9162, section 2.1.1). The size is in the
 *   commitment.
 * - A path is over one signature. Where others stand beside it, they may have signed something of each other.
 * - Whoever steals a key can sign a statement over what was anchored, unsigned, before the theft; time then speaks for a
 *   signature that never was. So where anything is known against the key, or an anchor of the certificate was verified,
 *   its own signature is what counts.
 *
 * Whatever is not met leaves the certificate to its own signature, so that no verdict is lower than without batches.
 */
import { type BatchClimb, batchClimb } from '../anchor/batch-climb.ts'
import { commitmentName, readStatement } from '../anchor/batch-statement.ts'
import { bundleJson, bundlesWithin, placeIn, type WrittenPlace } from '../anchor/bundle.ts'
import { toBase64url, toHex } from '../base/bytes.ts'
import { digestJson } from '../base/canonical.ts'
import { type ControllerId, isDid } from '../base/did-url.ts'
import { epochOf, type Instant, instantAt } from '../base/instant.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { firstDifference } from '../credential/difference.ts'
import { openDocument } from '../securing/open.ts'
import { keyFault } from '../trust/key-fault.ts'
import { agencyEntries, compromiseOf, type Inputs, isWithinInstants } from './inputs.ts'
import type { VouchedKey } from './issuer.ts'
import { type Check, pass } from './report.ts'
import type { ReadCredential } from './subject.ts'

export interface BesideSignature {
  /** Bundles that came beside this text. */
  readonly brought: readonly JsonObject[]
  /** By when each signature is proven to have been there. */
  readonly existedBy: readonly (Instant | undefined)[]
}

/** The check on the signature and the key behind it, as far as a batch answers for it; `null` leaves it to the signature. */
export type ProveByBatch = (
  read: Pick<ReadCredential, 'issuer' | 'opening'>,
  /** The keys that may have made each signature. */
  candidates: readonly (readonly VouchedKey[])[],
  beside: BesideSignature,
  inputs: Inputs,
) => Promise<[Check<'proof'>, readonly VouchedKey[]] | null>

/** Sorts statements once for all certificates of a judgement. Nothing in them is believed; `undefined` where there is none. */
export function batchProver(documents: readonly Json[]): ProveByBatch | undefined {
  const batches: Batches = { statements: statementsIn(documents), believed: new Map(), climb: batchClimb() }
  return batches.statements.size === 0
    ? undefined
    : (read, candidates, beside, inputs) => proveByBatch(read, candidates, beside, batches, inputs)
}

interface Batches {
  /** By `batchName`. */
  readonly statements: ReadonlyMap<string, readonly JsonObject[]>
  /** What was found out of them so far, by batch, method and key: thousands of certificates share a statement. */
  readonly believed: Map<string, Promise<BelievedStatement | null>>
  readonly climb: BatchClimb
}

/** A statement that was found to be its issuer's. */
interface BelievedStatement {
  /** Lower-case hex SHA-256 of the canonical JSON of the statement without its proof. */
  readonly digest: string
  readonly size: number
}

function statementsIn(documents: readonly Json[]): Batches['statements'] {
  const statements = new Map<string, JsonObject[]>()
  for (const document of documents.filter(isObject)) {
    const commitment = commitmentName(document)
    if (commitment === null || typeof document.issuer !== 'string') continue
    const name = batchName(commitment, document.issuer)
    const same = statements.get(name)
    if (same === undefined) statements.set(name, [document])
    else same.push(document)
  }
  return statements
}

/** @param commitment base64url */
const batchName = (commitment: string, issuer: string): string => `${commitment} ${issuer}`

async function proveByBatch(
  { issuer, opening }: Pick<ReadCredential, 'issuer' | 'opening'>,
  candidates: readonly (readonly VouchedKey[])[],
  { brought, existedBy }: BesideSignature,
  batches: Batches,
  inputs: Inputs,
): ReturnType<ProveByBatch> {
  if (!opening.ok || inputs.binding !== undefined || inputs.explain) return null
  const { signatures, unknown: others, anchors = [] } = opening.opened
  const [signature, another] = signatures
  if (signature === undefined || another !== undefined || existedBy[0] !== undefined) return null
  // What RDF means rests on contexts, which of a certificate are known by their content and of anything else are not.
  if (signature.key.by !== 'method' || (inputs.asks === 'any' && !signature.isOverExactText)) return null
  const isNothing = inputs.anchors.size + brought.length + anchors.length === 0
  if (isNothing) return null
  const { suite, created, key } = signature
  const { digest } = signature.subject()
  const digestName = toBase64url(digest)
  const documents = [...(inputs.anchors.get(digestName) ?? []), ...brought]
  for (const place of placesOf(digestName, documents, anchors)) {
    const commitment = batches.climb(digest, place)
    if (commitment === null) continue
    const name = batchName(toBase64url(commitment), issuer)
    if (!batches.statements.has(name)) continue
    for (const vouched of candidates[0] ?? []) {
      const statement = await believedOnce(name, { issuer, method: key.url, vouched }, batches, inputs)
      if (statement === null || statement.size !== place.size) continue
      const facts = {
        suites: [suite],
        ...(created !== undefined && { created }),
        ...(others.length > 0 && { unchecked: others }),
        by: 'batch',
        statement: statement.digest,
        commitment: toHex(commitment),
        index: place.index,
        size: statement.size,
      }
      return [pass(facts), [vouched]]
    }
  }
  return null
}

/** The ways into batches that were brought for this signature. @param name of its digest, base64url */
function* placesOf(
  name: string,
  documents: readonly JsonObject[],
  anchors: readonly JsonObject[],
): Generator<WrittenPlace> {
  const within = anchors.length > 0 ? bundlesWithin({ proof: anchors }).map(bundleJson) : []
  for (const document of [...documents, ...within]) {
    if (!isObject(document.subject) || document.subject.digest !== `sha-256:${name}`) continue
    const place = placeIn(document)
    if (place !== null) yield place
  }
}

interface Signed {
  readonly issuer: ControllerId
  readonly method: string
  readonly vouched: VouchedKey
}

/** Thousands of certificates share a statement. */
function believedOnce(
  name: string,
  signed: Signed,
  batches: Batches,
  inputs: Inputs,
): Promise<BelievedStatement | null> {
  const { thumbprint, endsAt = '' } = signed.vouched
  const key = JSON.stringify([name, signed.method, thumbprint, endsAt])
  const believing = batches.believed.get(key) ?? believe(batches.statements.get(name) ?? [], signed, inputs)
  batches.believed.set(key, believing)
  return believing
}

/** The first in the order of their digests: how they came says nothing. */
async function believe(
  documents: readonly JsonObject[],
  signed: Signed,
  inputs: Inputs,
): Promise<BelievedStatement | null> {
  if (await isSpokenAgainst(signed, inputs)) return null
  const found: BelievedStatement[] = []
  for (const document of documents) {
    const statement = await readSigned(document, signed, inputs)
    if (statement !== null) found.push(statement)
  }
  return found.toSorted((a, b) => (a.digest < b.digest ? -1 : 1))[0] ?? null
}

/** Whether anybody who may say so calls the key ended or stolen, whenever that was. */
async function isSpokenAgainst({ issuer, vouched }: Signed, inputs: Inputs): Promise<boolean> {
  const { endsAt, thumbprint } = vouched
  return (
    endsAt !== undefined || (isDid(issuer) && (await compromiseOf(issuer, thumbprint, inputs)) !== undefined)
  )
}

async function readSigned(
  signed: JsonObject,
  { issuer, method, vouched }: Signed,
  inputs: Inputs,
): Promise<BelievedStatement | null> {
  const opening = openDocument(signed)
  if (!opening.ok) return null
  const { document, signatures, unknown } = opening.opened
  const [signature, another] = signatures
  if (signature === undefined || another !== undefined || unknown.length > 0) return null
  const statement = readStatement(document)
  if (statement?.issuer !== issuer || signature.key.by !== 'method' || signature.key.url !== method)
    return null
  const created = signature.created === undefined ? null : epochOf(signature.created)
  if (!isWithinInstants(created) || created > inputs.nowMs + inputs.policy.clockSkew * 1000) return null
  if (!signature.isOverExactText || signature.expires !== undefined) return null
  const { thumbprint, key } = vouched
  const faults = agencyEntries(inputs, issuer).map(({ keys }) =>
    keyFault(keys, { thumbprint, signedAt: instantAt(created) }),
  )
  if (faults.some((fault) => fault !== null)) return null
  const result = await signature.verify(key, inputs.contexts)
  return result.ok && firstDifference(result.document, document) === null
    ? { digest: digestJson(document), size: statement.size }
    : null
}
