/** What agencies say against their own keys: of histories that evidence brought, those by keys that the lists name. */
import type { Did } from '../base/did-url.ts'
import type { Instant } from '../base/instant.ts'
import { isObject, type Json } from '../base/json.ts'
import { earliest } from '../trust/key-fault.ts'
import type { SignedEntry } from '../trust/key-history.ts'
import type { TrustedAgency } from '../trust/trust-list.ts'

export interface AgencyHistory {
  /** Since when a key is compromised, by thumbprint. */
  readonly compromised: ReadonlyMap<string, Instant>
  /** Two histories that tell different stories. */
  readonly isForked: boolean
}

const nothing: AgencyHistory = { compromised: new Map(), isForked: false }

/**
 * @param documents `{ id, entries }` as evidence brought them
 * @param rows the agency's entries in the lists that count
 */
export async function historyOf(
  agency: Did,
  documents: readonly Json[],
  rows: readonly TrustedAgency[],
  now: Instant,
): Promise<AgencyHistory> {
  const own = documents.filter(isObject).filter(({ id }) => id === agency)
  if (own.length === 0) return nothing
  const { printOf, readKeyHistory } = await import('../trust/key-history.ts')
  const keys = rows.flatMap((row) => row.keys)
  const listed = new Set(keys.map(({ thumbprint }) => thumbprint))
  const stolen = new Set(
    keys.filter(({ compromisedSince }) => compromisedSince !== undefined).map(({ thumbprint }) => thumbprint),
  )
  const histories: (readonly SignedEntry[])[] = []
  for (const { entries } of own) {
    const reading = Array.isArray(entries) ? await readKeyHistory(entries, agency) : null
    // A stranger writes a history of keys of his own.
    if (reading?.ok && reading.entries[0]?.signers.some((print) => listed.has(print))) {
      histories.push(reading.entries.filter(({ recordedAt }) => recordedAt <= now))
    }
  }
  const entries = histories.flat()
  const compromised = new Map<string, Instant>()
  for (const { events, signers } of entries) {
    for (const { multikey, since } of events) {
      const print = printOf(multikey)
      // A key may always accuse itself; others only while no list accuses them.
      const isBelieved = signers.some(
        (signer) => signer === print || (listed.has(signer) && !stolen.has(signer)),
      )
      const moment = earliest([since, compromised.get(print)])
      if (since !== undefined && isBelieved && moment !== undefined) compromised.set(print, moment)
    }
  }
  return { compromised, isForked: isForked(histories, (signer) => listed.has(signer) && !stolen.has(signer)) }
}

/**
 * Whether two entries of one number differ. What nobody but a stolen key signed tells no other story: else a thief could
 * put everything that an agency signed in doubt for ever.
 */
const isForked = (
  histories: readonly (readonly SignedEntry[])[],
  isBelieved: (signer: string) => boolean,
): boolean =>
  histories.some((one) =>
    histories.some((other) =>
      one.some((entry, i) => {
        const twin = other[i]
        return (
          twin !== undefined &&
          twin.digest !== entry.digest &&
          [entry, twin].every(({ signers }) => signers.some(isBelieved))
        )
      }),
    ),
  )
