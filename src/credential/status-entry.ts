/** Where a certificate's status stands: the same index in one list for revocation and one for suspension. */
import type { JsonObject } from '../base/json.ts'

export interface StatusPosition {
  readonly index: number
  /** URL or URN of the list credential for each purpose. */
  readonly lists: Readonly<Record<StatusPurpose, string>>
}

export type StatusPurpose = 'revocation' | 'suspension'

/** Bitstring Status List 1.0, section 2.1: the index is a string of decimal digits. */
export function statusEntry(position: StatusPosition, purpose: StatusPurpose): JsonObject {
  const list = position.lists[purpose]
  return {
    id: `${list}#${position.index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: purpose,
    statusListIndex: String(position.index),
    statusListCredential: list,
  }
}
