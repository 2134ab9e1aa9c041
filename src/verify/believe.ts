/** What believing a status list of either kind takes. */
import { type ControllerId, isDid } from '../base/did-url.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import type { Subject } from '../securing/subject.ts'
import { keyFault } from '../trust/key-fault.ts'
import type { BelievedList } from './believed-lists.ts'
import { agencyEntries, compromiseOf, type Inputs, isWithinInstants } from './inputs.ts'

/** Takes a list that is signed by one of the allowed; `null` for any other. */
export type Believe = (
  signed: JsonObject,
  allowed: readonly ControllerId[],
  inputs: Inputs,
) => Promise<BelievedList | null>

/** Bytes of an expanded list that are kept for the next certificate: two million entries. */
const keptBytes = 262_144

/** Expands once, unless there is too much to keep. */
export function remembered<Expanded extends { readonly length: number }>(
  expand: () => Expanded | string,
): () => Expanded | string {
  let kept: Expanded | string | null = null
  return () => {
    const expanded = kept ?? expand()
    if (expanded.length <= keptBytes) kept = expanded
    return expanded
  }
}

interface SignedList {
  readonly thumbprint: string
  /** Milliseconds since 1970. */
  readonly validFrom: number
  /** What an anchor of its signature commits to. */
  readonly subject: () => Subject
}

async function anchoredBy(subject: Subject, inputs: Inputs): Promise<Instant | undefined> {
  if (inputs.anchors.size === 0) return undefined
  const { anchoredBy: judged } = await import('./anchor.ts')
  return judged(subject, inputs)
}

/** What trust lists say of a key holds for status lists too: whoever stole it must not clear anyone. */
export async function isInForce(
  { thumbprint, validFrom, subject }: SignedList,
  author: ControllerId,
  inputs: Inputs,
): Promise<boolean> {
  if (!isWithinInstants(validFrom)) return false
  const compromisedSince = isDid(author) ? await compromiseOf(author, thumbprint, inputs) : undefined
  // Only where the key was stolen does it matter when the list was there.
  const existedBy = compromisedSince === undefined ? undefined : await anchoredBy(subject(), inputs)
  const signature = { thumbprint, signedAt: instantAt(validFrom), existedBy, compromisedSince }
  const faults = agencyEntries(inputs, author).map(({ keys }) => keyFault(keys, signature))
  if (faults.some((fault) => fault === 'key_compromised' || fault === 'key_maybe_compromised')) return false
  return faults.length === 0 || faults.includes(null)
}
