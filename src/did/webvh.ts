/** did:webvh 1.0: where a DID's log stands, and which document it gives, now or at a moment. */
import { type Did, isDid } from '../base/did-url.ts'
import { epoch, type Instant } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import {
  type LogFault,
  type LogOptions,
  type LogResult,
  readLog,
  type Version,
  webvhPlace,
} from './webvh-log.ts'

export type WebvhFault =
  | LogFault
  | 'did_malformed'
  | 'log_of_another'
  | 'version_not_found'
  | 'log_forked'
  | 'did_deactivated'

export type WebvhResult =
  | {
      readonly ok: true
      readonly document: JsonObject
      /** The version that the document is of. */
      readonly version: Version
      /** All of them: keys that were replaced stay findable. */
      readonly versions: readonly Version[]
    }
  | { readonly ok: false; readonly fault: WebvhFault; readonly detail: string }

/** The last version of which everything given is true. */
export interface WebvhOptions extends LogOptions {
  readonly versionId?: string
  readonly versionNumber?: number
  /** A moment at which the version was there: the last such version was current. */
  readonly versionTime?: Instant
}

/**
 * Finds the document of a did:webvh in its log, every entry of which must hold. The log proves that each version was
 * made by the DID's controller. It does not prove that there is no later one, nor that who made it has anything to do
 * with the host in the DID: only having got it from there does.
 *
 * @example
 * const found = await resolveWebvh(did, log, { now, versionTime: '2026-03-01T00:00:00Z' as Instant })
 * if (found.ok) console.log(found.version.versionId, found.document)
 */
export async function resolveWebvh(did: string, log: string, options: WebvhOptions): Promise<WebvhResult> {
  if (!isDid(did) || logUrl(did) === null) return refuse('did_malformed', did)
  const read = await readLogOf(did, log, options)
  return read.ok ? documentIn(read.versions, did, options) : read
}

/** The files of a DID as somebody brought them. */
export interface LogFiles {
  readonly log: string
  /** The text of did-witness.json. */
  readonly witnesses?: string | undefined
}

/**
 * Finds the document where several brought a log. Those that do not hold count for nothing; of the others the longest
 * counts, and each has to be how it begins: a controller with two histories tells each verifier another, so that none is
 * believed.
 */
export async function resolveLogs(
  did: string,
  files: readonly LogFiles[],
  { now }: { readonly now: Instant },
): Promise<WebvhResult> {
  if (!isDid(did) || logUrl(did) === null) return refuse('did_malformed', did)
  let longest: readonly Version[] = []
  const ends: Version[] = []
  const refusals: Extract<WebvhResult, { readonly ok: false }>[] = []
  for (const { log, witnesses } of files) {
    const read = await readLogOf(did, log, { now, witnesses })
    if (!read.ok) {
      refusals.push(read)
      continue
    }
    ends.push(read.versions.at(-1) as Version)
    if (read.versions.length > longest.length) longest = read.versions
  }
  if (longest.length === 0) {
    return refusals.toSorted(byText)[0] ?? refuse('log_empty', 'no log')
  }
  // The number is in the name, and each entry's hash is over the one before: one name is one history.
  const strange = ends.find((end) => longest[end.versionNumber - 1]?.versionId !== end.versionId)
  return strange === undefined ? documentIn(longest, did, {}) : refuse('log_forked', did)
}

async function readLogOf(
  did: Did,
  log: string,
  options: LogOptions,
): Promise<Extract<LogResult, { readonly ok: true }> | Extract<WebvhResult, { readonly ok: false }>> {
  const read = await readLog(log, options)
  if (!read.ok || read.versions.some((version) => version.did === did)) return read
  return refuse('log_of_another', (read.versions.at(-1) as Version).did)
}

/** So that the order in which logs came says nothing. */
const byText = (a: { readonly fault: string; readonly detail: string }, b: typeof a): number =>
  `${a.fault} ${a.detail}` < `${b.fault} ${b.detail}` ? -1 : 1

function documentIn(
  versions: readonly Version[],
  did: Did,
  { versionId, versionNumber, versionTime }: Omit<WebvhOptions, keyof LogOptions>,
): WebvhResult {
  const version = versions.findLast(
    (one) =>
      (versionId === undefined || one.versionId === versionId) &&
      (versionNumber === undefined || one.versionNumber === versionNumber) &&
      (versionTime === undefined || one.startsAt <= epoch(versionTime)),
  )
  if (version === undefined) return refuse('version_not_found', did)
  if (version.parameters.deactivated) return refuse('did_deactivated', version.versionTime)
  return { ok: true, document: version.document, version, versions }
}

/**
 * The version that was current at a moment; `undefined` before the first.
 *
 * @example
 * const signedUnder = versionAt(log.versions, '2026-03-01T09:00:00Z' as Instant)
 */
export const versionAt = (versions: readonly Version[], moment: Instant): Version | undefined =>
  versions.findLast(({ startsAt }) => startsAt <= epoch(moment))

/** The https URL of a did:webvh's log; `null` for hosts and paths that must not be asked. */
export const logUrl = (did: Did): string | null => fileUrl(did, 'did.jsonl')

/** The https URL of the proofs of its witnesses, beside the log. */
export const witnessUrl = (did: Did): string | null => fileUrl(did, 'did-witness.json')

/** Whether a log that nobody has verified yet speaks of witnesses, so that their file is worth asking for. */
export const namesWitnesses = (log: string): boolean => /"threshold"\s*:/.test(log)

function fileUrl(did: Did, name: string): string | null {
  const place = webvhPlace(did)
  return place === null ? null : `${place.folder}/${name}`
}

const refuse = (fault: WebvhFault, detail: string): Extract<WebvhResult, { readonly ok: false }> => ({
  ok: false,
  fault,
  detail: detail.slice(0, 300),
})
