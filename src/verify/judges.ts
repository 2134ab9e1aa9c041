/** Certificates that bring evidence along: one judgement for each set of it, since many files carry the same. */
import type { Bytes } from '../base/bytes.ts'
import { sha256Hex } from '../base/digest.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { type Evidence, evidenceWithin, mergeEvidence } from '../evidence/evidence.ts'

export interface WithBrought<Judge> {
  readonly judge: Judge
  /** What it judges by. */
  readonly evidence: Evidence
}

/** A file beside a certificate that is no bundle of anchors is none: it changes nothing. */
export const bundleDocuments = (files: readonly Bytes[]): readonly JsonObject[] =>
  files.flatMap((bytes) => {
    const parsed = parseJson(bytes)
    return parsed.ok && isObject(parsed.value) ? [parsed.value] : []
  })

/** Sets that are kept sorted and verified. */
const keptLimit = 32
/** Items that one text may bring: each may be a list to verify, which takes half a millisecond. A certificate needs a dozen. */
const broughtLimit = 2000

/** What judges by `base` and what came with a text; a file that is no evidence changes nothing. */
export function judgesBy<Judge>(
  base: Evidence,
  make: (evidence: Evidence) => Promise<Judge>,
): (brought: readonly Bytes[]) => Promise<WithBrought<Judge>> {
  const kept = new Map<string, Promise<WithBrought<Judge>>>()
  return (brought) => {
    const name = brought.map((bytes) => sha256Hex(bytes)).join(' ')
    const before = kept.get(name)
    if (before !== undefined) return before
    const evidence = known(base, brought)
    const made = make(evidence).then((judge) => ({ judge, evidence }))
    if (kept.size < keptLimit) kept.set(name, made)
    return made
  }
}

/** What is known with what was brought; where that is more than any certificate needs, nothing of it. */
function known(base: Evidence, brought: readonly Bytes[]): Evidence {
  const own = mergeEvidence(brought.map(evidenceWithin))
  return own.items.length === 0 || own.items.length > broughtLimit ? base : mergeEvidence([base, own])
}
