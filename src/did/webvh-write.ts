/** Writes did:webvh logs and the proofs of witnesses. Whatever is returned has passed our own reader. */
import type { Did } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import type { Instant } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import type { Signer } from '../key/signer.ts'
import { addProof } from '../securing/add-proof.ts'
import { entryHash, readEntries, scidOfDraft, scidPlaceholder, type Version } from './webvh-log.ts'
import { methodVersion } from './webvh-parameters.ts'
import { multikeyOf, proofSuite } from './webvh-proof.ts'
import { readWitnessFile, type WitnessProof } from './webvh-witness.ts'

/** What both a first and a later entry may state. */
interface EntryOptions {
  /** A key in force, Ed25519 and named by its own did:key. */
  readonly signer: Signer
  /** The time of the entry, later than that of the one before. */
  readonly now: Instant
  /** Multikeys that may sign from now on; in a first entry the signer's by default. */
  readonly updateKeys?: readonly string[]
  /** `nextKeyHash` of the keys that may come next. Once stated, every entry has to state both lists; `[]` ends it. */
  readonly nextKeyHashes?: readonly string[]
  /** Who has to approve entries; `null` ends it. Their proofs are added with `addWitnessProof`, before the log is published. */
  readonly witness?: Witnesses | null
}

export interface Witnesses {
  readonly threshold: number
  /** did:keys of Ed25519 keys. */
  readonly witnesses: readonly Did[]
}

export interface CreateWebvhOptions extends EntryOptions {
  /** Where it will be published, as a DID says it: `host`, `host%3Aport`, `host:folder:folder`. */
  readonly location: string
  /** The first document. The DID that it is called with holds a placeholder, which the SCID replaces wherever it stands. */
  readonly document: (did: Did) => JsonObject
  /** Whether the DID may move to another place later; it can be said only here. */
  readonly portable?: boolean
}

export interface WrittenLog {
  readonly did: Did
  /** The whole text of did.jsonl. */
  readonly log: string
  /** Of the entry that was written: what witnesses sign. */
  readonly versionId: string
}

/**
 * Makes a did:webvh: its log with one entry.
 *
 * @example
 * const signer = await generateSigner()
 * const { did, log } = await createWebvh({
 *   location: 'agency.example',
 *   document: (did) => ({ '@context': ['https://www.w3.org/ns/did/v1'], id: did }),
 *   signer,
 *   now: '2026-03-01T00:00:00Z' as Instant,
 * })
 * @throws `did.signer_unfit`, `did.log_refused` where our own reader would refuse it
 */
export async function createWebvh(options: CreateWebvhOptions): Promise<WrittenLog> {
  const { signer, document, location, portable, now } = options
  const state = document(`did:webvh:${scidPlaceholder}:${location}`)
  const draft = {
    versionTime: now,
    parameters: {
      method: methodVersion,
      scid: scidPlaceholder,
      updateKeys: [multikeyOfSigner(signer)],
      ...statedBy(options),
      ...(portable !== undefined && { portable }),
    },
    state,
  }
  const scid = scidOfDraft(draft)
  const entry = JSON.parse(JSON.stringify(draft).replaceAll(scidPlaceholder, scid)) as JsonObject
  return append('', entry, { number: 1, previous: scid, signer, now })
}

export interface UpdateWebvhOptions extends EntryOptions {
  /** The new document; the last one by default. A DID that moves names its old self in `alsoKnownAs`. */
  readonly document?: JsonObject
  /** Ends the DID: no entry may follow. Where next keys are announced, end that first, in an entry of its own. */
  readonly deactivate?: boolean
}

/**
 * Adds an entry to a log.
 *
 * @example
 * const next = await updateWebvh(log, { signer, updateKeys: [newKey.multikey], now })
 * await writeFile('did.jsonl', next.log)
 * @throws `did.signer_unfit`, `did.log_refused` where our own reader would refuse the old log or the new one
 */
export async function updateWebvh(log: string, options: UpdateWebvhOptions): Promise<WrittenLog> {
  const { signer, document, deactivate, now } = options
  const last = await lastVersion(log, now)
  const entry = {
    versionTime: now,
    parameters: {
      ...(deactivate === true && { updateKeys: [] }),
      ...statedBy(options),
      ...(deactivate === true && { deactivated: true }),
    },
    state: document ?? last.document,
  }
  const text = log.endsWith('\n') ? log : `${log}\n`
  return append(text, entry, { number: last.versionNumber + 1, previous: last.versionId, signer, now })
}

/**
 * A witness's approval of a version and of all before it. Whether to approve is for the witness to find out, with
 * `readLog` on its own copy.
 *
 * @example
 * const approval = await witnessProof(versionId, { signer: witness, now })
 * @throws `did.signer_unfit`
 */
export async function witnessProof(
  versionId: string,
  { signer, now }: { readonly signer: Signer; readonly now: Instant },
): Promise<WitnessProof> {
  multikeyOfSigner(signer)
  return { versionId, proof: await proofOver({ versionId }, signer, now) }
}

/**
 * The text of did-witness.json with one proof more, in place of an earlier one of the same witness for the same version.
 * It is to be published before the log.
 *
 * @example
 * await writeFile('did-witness.json', addWitnessProof(existing, approval))
 * @throws `did.log_refused` where the text is no witness file
 */
export function addWitnessProof(witnesses: string | undefined, added: WitnessProof): string {
  const existing = witnesses === undefined ? [] : readWitnessFile(witnesses)
  if (existing === null) {
    throw new CertificateError('did.log_refused', {
      fault: 'witness_file_malformed',
      what: 'did-witness.json',
    })
  }
  const isReplaced = ({ versionId, proof }: WitnessProof) =>
    versionId === added.versionId && proof.verificationMethod === added.proof.verificationMethod
  const proofs = [...existing.filter((one) => !isReplaced(one)), added]
  const items = [...new Set(proofs.map(({ versionId }) => versionId))].map((versionId) => ({
    versionId,
    proof: proofs.filter((one) => one.versionId === versionId).map(({ proof }) => proof),
  }))
  return `${JSON.stringify(items)}\n`
}

function statedBy({ updateKeys, nextKeyHashes, witness }: EntryOptions): JsonObject {
  return {
    ...(updateKeys !== undefined && { updateKeys }),
    ...(nextKeyHashes !== undefined && { nextKeyHashes }),
    ...(witness !== undefined && { witness: witness === null ? {} : witnessMember(witness) }),
  }
}

const witnessMember = ({ threshold, witnesses }: Witnesses): JsonObject => ({
  threshold,
  witnesses: witnesses.map((id) => ({ id })),
})

async function append(
  log: string,
  entry: JsonObject,
  { number, previous, signer, now }: { number: number; previous: string; signer: Signer; now: Instant },
): Promise<WrittenLog> {
  multikeyOfSigner(signer)
  const versionId = `${number}-${entryHash(entry, previous)}`
  const draft = { versionId, ...entry }
  const line = JSON.stringify({ ...draft, proof: [await proofOver(draft, signer, now)] })
  const text = `${log}${line}\n`
  const { did } = await lastVersion(text, now)
  return { did, log: text, versionId }
}

async function proofOver(document: JsonObject, signer: Signer, now: Instant): Promise<JsonObject> {
  const options = { signer, suite: proofSuite, created: now, contexts: new Map() } as const
  return (await addProof(document, options)).proof as JsonObject // a first proof is no list
}

/** Witnesses approve an entry once it is written, so that their proofs are not asked for here. */
async function lastVersion(log: string, now: Instant): Promise<Version> {
  const read = await readEntries(log, now)
  if (!read.ok) throw new CertificateError('did.log_refused', { fault: read.fault, what: read.detail })
  return read.versions.at(-1) as Version
}

/** The Multikey of a signer that is named by it. */
function multikeyOfSigner(signer: Signer): string {
  const multikey = multikeyOf(signer.verificationMethod)
  if (multikey === null || signer.algorithm !== 'Ed25519') {
    throw new CertificateError('did.signer_unfit', { method: signer.verificationMethod })
  }
  return multikey
}
