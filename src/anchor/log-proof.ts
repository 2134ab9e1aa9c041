/** Proofs that an entry is in a log (c2sp.org/tlog-proof, draft of 2026-06). */
import { type Bytes, equalBytes, fromBase64, toBase64 } from '../base/bytes.ts'
import { readDecimal } from './checkpoint.ts'
import { type CheckpointJudgement, judgeCheckpoint, type LogPolicy } from './log-policy.ts'
import { pathLimit, rootFromInclusion } from './tree.ts'

export interface LogProof {
  readonly index: number
  /** Nobody vouches for this. */
  readonly extra?: Bytes
  readonly path: readonly Bytes[]
  /** The checkpoint with its signatures, as the log gave it. */
  readonly checkpoint: string
}

/** Characters: a checkpoint and 63 hashes. */
const proofLimit = 300_000
const firstLine = 'c2sp.org/tlog-proof@v1'

/** Reads a proof, believing nothing of it; `null` where it is none. */
export function readLogProof(text: string): LogProof | null {
  const end = text.indexOf('\n\n')
  if (text.length > proofLimit || end < 0) return null
  const [first, ...lines] = text.slice(0, end).split('\n')
  if (first !== firstLine) return null
  const extra = lines[0]?.startsWith('extra ') ? fromBase64((lines.shift() as string).slice(6)) : undefined
  const indexLine = lines.shift() ?? ''
  const index = indexLine.startsWith('index ') ? readDecimal(indexLine.slice(6)) : null
  if (index === null || extra === null || lines.length > pathLimit) return null
  const path = lines.map(fromBase64)
  if (!path.every((hash) => hash?.length === 32)) return null
  return {
    index,
    ...(extra !== undefined && { extra }),
    path: path as readonly Bytes[],
    checkpoint: text.slice(end + 2),
  }
}

export const logProofText = ({ index, extra, path, checkpoint }: LogProof): string =>
  [
    firstLine,
    ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...path.map(toBase64),
    '',
    checkpoint,
  ].join('\n')

export type LogProofJudgement =
  | (Extract<CheckpointJudgement, { readonly ok: true }> & { readonly index: number })
  | Extract<CheckpointJudgement, { readonly ok: false }>

/** Judges whether an entry is in a log that the policy knows, and by when. @param leafHash 32 bytes, by RFC 6962 */
export async function judgeLogProof(
  text: string,
  leafHash: Bytes,
  policy: LogPolicy,
): Promise<LogProofJudgement> {
  const proof = readLogProof(text)
  if (proof === null) return { ok: false, reason: 'proof_malformed' }
  const judged = await judgeCheckpoint(proof.checkpoint, policy)
  if (!judged.ok) return judged
  const { index, path } = proof
  const { size, root } = judged.checkpoint
  const reached = rootFromInclusion(leafHash, { index, size, path })
  return reached !== null && equalBytes(reached, root)
    ? { ...judged, index }
    : { ok: false, reason: 'not_included' }
}
