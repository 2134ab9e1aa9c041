/** Witnesses of a did:webvh log: `did-witness.json`, and whether enough of them approve every entry (did:webvh 1.0, "Witnesses"). */
import type { Instant } from '../base/instant.ts'
import { asList, isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import type { WitnessRule } from './webvh-parameters.ts'
import { checkProofs, multikeyOf } from './webvh-proof.ts'

/** An entry that witnesses have to approve. */
export interface WitnessedEntry {
  readonly versionId: string
  readonly versionNumber: number
  readonly rule: WitnessRule | null
}

export type WitnessFault = 'witness_file_missing' | 'witness_file_malformed' | 'witness_threshold'

export type WitnessCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly fault: WitnessFault; readonly detail: string }

/** Whether every entry with a rule has its threshold; a witness who approves an entry approves all before it. */
export async function checkWitnesses(
  entries: readonly WitnessedEntry[],
  { witnesses, now }: { readonly witnesses: string | undefined; readonly now: Instant },
): Promise<WitnessCheck> {
  if (entries.every(({ rule }) => rule === null)) return { ok: true }
  if (witnesses === undefined) return refuse('witness_file_missing', 'did-witness.json')
  const file = readWitnessFile(witnesses)
  if (file === null) return refuse('witness_file_malformed', 'did-witness.json')
  // What is said of entries that are not in this log, unpublished or of another DID, counts for nothing.
  const published = new Map(entries.map(({ versionId, versionNumber }) => [versionId, versionNumber]))
  const approvals = new Map<string, Approval[]>()
  for (const { versionId, proof } of file) {
    const versionNumber = published.get(versionId)
    const witness = typeof proof.verificationMethod === 'string' ? multikeyOf(proof.verificationMethod) : null
    if (versionNumber === undefined || witness === null) continue
    const approval = { versionId, proof, versionNumber }
    if (approvals.get(witness)?.push(approval) === undefined) approvals.set(witness, [approval])
  }
  const highest = new Map<string, number>()
  for (const witness of new Set(entries.flatMap(({ rule }) => rule?.witnesses ?? []))) {
    highest.set(witness, await highestApproved(witness, approvals.get(witness) ?? [], now))
  }
  const short = entries.find(
    ({ versionNumber, rule }) =>
      rule !== null &&
      rule.witnesses.filter((witness) => (highest.get(witness) as number) >= versionNumber).length <
        rule.threshold,
  )
  return short === undefined ? { ok: true } : refuse('witness_threshold', short.versionId)
}

/** What a witness says of one version. */
export interface WitnessProof {
  readonly versionId: string
  readonly proof: JsonObject
}

/** One item per proof; `null` where the text is no witness file. */
export function readWitnessFile(text: string): readonly WitnessProof[] | null {
  const parsed = parseJson(text, { maxBytes: witnessFileLimit })
  if (!parsed.ok || !Array.isArray(parsed.value)) return null
  const items = (parsed.value as readonly Json[]).map((item) => (isObject(item) ? item : {}))
  if (items.some(({ versionId }) => typeof versionId !== 'string')) return null
  const proofs = items.flatMap(({ versionId, proof }) =>
    asList(proof)
      .filter(isObject)
      .map((one) => ({ versionId: versionId as string, proof: one })),
  )
  return proofs.length > proofLimit ? null : proofs
}

/** Bytes of a witness file. */
export const witnessFileLimit = 10_485_760
const proofLimit = 10_000

interface Approval extends WitnessProof {
  readonly versionNumber: number
}

/** The last version that a witness signed, 0 where none. Proofs that do not hold are as if they were not there. */
async function highestApproved(
  witness: string,
  approvals: readonly Approval[],
  now: Instant,
): Promise<number> {
  for (const { versionId, proof, versionNumber } of approvals.toSorted(lastFirst)) {
    if ((await checkProofs({ versionId, proof }, { keys: [witness], now })).ok) return versionNumber
  }
  return 0
}

const lastFirst = (a: Approval, b: Approval): number => b.versionNumber - a.versionNumber

const refuse = (fault: WitnessFault, detail: string): WitnessCheck => ({ ok: false, fault, detail })
