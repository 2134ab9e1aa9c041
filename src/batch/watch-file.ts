/**
 * What a run remembers for the next one: addresses of status lists, indexes in them, and what stood there. No name, no
 * number of a person or certificate: whoever finds the file learns nothing of anybody.
 */
import * as z from 'zod/mini'
import { CertificateError } from '../base/errors.ts'
import { parseJson } from '../base/json.ts'
import type { Report } from '../verify/report.ts'

export interface WatchedEntry {
  /** Address of the status list. */
  readonly list: string
  readonly purpose: string
  readonly index: number
  /** `nothing`, or what was said against whoever has this index: `revoked`, `suspended`. */
  readonly says: string
  /** The moment that the list spoke of. */
  readonly asOf: string
}

/** By `nameOf`. */
export type Watch = ReadonlyMap<string, WatchedEntry>

const nameOf = ({ list, purpose, index }: WatchedEntry): string => JSON.stringify([list, purpose, index])

/** Entries of one report's status lists, whether they count now or not. */
export function watchedIn({ checks: { status } }: Report): readonly WatchedEntry[] {
  const lists = status.outcome === 'skipped' ? undefined : status.facts?.lists
  const parsed = z.array(factSchema).safeParse(lists)
  return parsed.success
    ? parsed.data.map(({ list, purpose, index, says, asOf }) => ({ list, purpose, index, says, asOf }))
    : []
}

const factSchema = z.looseObject({
  list: z.string(),
  purpose: z.string(),
  index: z.number(),
  says: z.string(),
  asOf: z.string(),
})

export type WatchChange =
  | { readonly kind: 'changed'; readonly before: WatchedEntry; readonly now: WatchedEntry }
  /** The list is no newer than when it was looked at last. */
  | { readonly kind: 'not_renewed'; readonly now: WatchedEntry }

/** Puts what was seen now beside what was remembered; what nobody looked at now stays. */
export function compareWatch(
  before: Watch,
  entries: Iterable<WatchedEntry>,
): { readonly watch: Watch; readonly changes: readonly WatchChange[] } {
  const seen = new Map<string, WatchedEntry>()
  for (const now of entries) {
    const name = nameOf(now)
    const known = seen.get(name) ?? before.get(name)
    // An older list than one that was seen says nothing new.
    if (known === undefined || known.asOf <= now.asOf) seen.set(name, now)
  }
  const changes: WatchChange[] = []
  const unrenewed = new Set<string>()
  for (const [name, now] of seen) {
    const earlier = before.get(name)
    if (earlier === undefined) continue
    if (earlier.says !== now.says) changes.push({ kind: 'changed', before: earlier, now })
    else if (earlier.asOf === now.asOf && !unrenewed.has(now.list)) {
      unrenewed.add(now.list)
      changes.push({ kind: 'not_renewed', now })
    }
  }
  return { watch: new Map([...before, ...seen]), changes }
}

const fileType = 'GradecertWatch'

export function watchText(watch: Watch): string {
  const entries = [...watch.values()].toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  return `${JSON.stringify({ type: fileType, version: 1, entries })}\n`
}

/** Reads a watch file. @throws `screen.watch_malformed` */
export function readWatch(text: string, path: string): Watch {
  const parsed = parseJson(text, { maxBytes: 268_435_456 })
  const file = parsed.ok ? watchFile.safeParse(parsed.value) : null
  if (!file?.success) throw new CertificateError('screen.watch_malformed', { path })
  return new Map(file.data.entries.map((entry) => [nameOf(entry), entry]))
}

const watchFile = z.strictObject({
  type: z.literal(fileType),
  version: z.literal(1),
  entries: z.array(
    z.strictObject({
      list: z.string(),
      purpose: z.string(),
      index: z.int().check(z.gte(0)),
      says: z.string(),
      asOf: z.string(),
    }),
  ),
})
