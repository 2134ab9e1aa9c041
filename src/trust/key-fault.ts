/** Whether a signature by a key counts: the windows in which it may sign, and what is known of a theft. */
import type { Instant } from '../base/instant.ts'

/** A key and the window in which signatures by it count; a missing end is open. */
export interface KeyWindow {
  /** RFC 7638 thumbprint with SHA-256, base64url. */
  readonly thumbprint: string
  readonly from?: Instant | undefined
  readonly until?: Instant | undefined
  readonly compromisedSince?: Instant | undefined
}

/** A signature, by its key. */
export interface SigningKey {
  /** RFC 7638, base64url. */
  readonly thumbprint: string
  /** What the signature says of its own time; `undefined` where it says nothing. */
  readonly signedAt?: Instant | undefined
  /** The moment by which an anchor proves that its signature was there. */
  readonly existedBy?: Instant | undefined
  /** Since when others than the list at hand call it compromised. */
  readonly compromisedSince?: Instant | undefined
}

export type KeyFault = 'key_not_listed' | 'key_outside_window' | 'key_compromised' | 'key_maybe_compromised'

/** Several rows may name one key, each with a window of its own: one that fits is enough, unless one is compromised. */
export function keyFault(keys: readonly KeyWindow[], signature: SigningKey): KeyFault | null {
  const { thumbprint, signedAt, existedBy } = signature
  const rows = keys.filter((key) => key.thumbprint === thumbprint)
  if (rows.length === 0) return 'key_not_listed'
  const since = earliest([...rows.map((row) => row.compromisedSince), signature.compromisedSince])
  // Whoever holds the key writes the time: it counts against the signature, and only others' proof counts for it.
  if (since !== undefined && (existedBy === undefined || existedBy >= since)) {
    return signedAt !== undefined && signedAt >= since ? 'key_compromised' : 'key_maybe_compromised'
  }
  const inside = rows.some(
    ({ from, until }) =>
      (from === undefined && until === undefined) ||
      (signedAt !== undefined && (from ?? '') <= signedAt && signedAt <= (until ?? '9999')),
  )
  return inside ? null : 'key_outside_window'
}

/** Instants of one width and zone compare as texts. */
export const earliest = (moments: readonly (Instant | undefined)[]): Instant | undefined =>
  moments.filter((moment) => moment !== undefined).toSorted()[0]
