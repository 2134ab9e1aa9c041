/** What believing a status list of either kind takes. */
import type { ControllerId } from '../base/did-url.ts'
import { instantAt } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import { keyFault } from '../trust/recognise.ts'
import type { BelievedList } from './believed-lists.ts'
import { agencyEntries, type Inputs, isWithinInstants } from './inputs.ts'

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

/** What trust lists say of a key holds for status lists too: whoever stole it must not clear anyone. */
export function isInForce(
  thumbprint: string,
  author: ControllerId,
  validFrom: number,
  inputs: Inputs,
): boolean {
  if (!isWithinInstants(validFrom)) return false
  const faults = agencyEntries(inputs, author).map(({ keys }) =>
    keyFault(keys, { thumbprint }, instantAt(validFrom)),
  )
  if (faults.includes('key_compromised')) return false
  return faults.length === 0 || faults.includes(null)
}
