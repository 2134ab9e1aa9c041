/** What believing a status list of either kind takes. */
import { type ControllerId, isDid } from '../base/did-url.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import type { Subject } from '../securing/subject.ts'
import { keyFault } from '../trust/key-fault.ts'
import type { ListOfIssuer } from './believed-lists.ts'
import { agencyEntries, compromiseOf, type Inputs, isWithinInstants } from './inputs.ts'

/** Takes a list that is signed by one of the allowed; `null` for any other. */
export type Believe = (
  signed: JsonObject,
  allowed: readonly ControllerId[],
  inputs: Inputs,
) => Promise<ListOfIssuer | null>

/** Expands once, and keeps it for the next certificate as long as there is room for it. */
export function remembered<Expanded extends { readonly length: number }>(
  expand: () => Expanded | string,
  { room }: Pick<Inputs, 'room'>,
): () => Expanded | string {
  let kept: Expanded | string | null = null
  return () => {
    if (kept !== null) return kept
    const expanded = expand()
    const bytes = typeof expanded === 'string' ? 0 : expanded.length
    if (bytes > room.bytes) return expanded
    room.bytes -= bytes
    kept = expanded
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
