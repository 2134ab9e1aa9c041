/** The log of a did:webvh: every entry verified, none skipped (did:webvh 1.0, "The DID Log File" and "Read (Resolve)"). */
import { utf8 } from '../base/bytes.ts'
import { canonicalJson } from '../base/canonical.ts'
import { type Did, isDid } from '../base/did-url.ts'
import { epoch, epochOf, type Instant } from '../base/instant.ts'
import { asList, isObject, type Json, type JsonObject, parseJson, textOf } from '../base/json.ts'
import { folderUrl } from './web.ts'
import { multihash, type ParameterFault, type Parameters, readParameters } from './webvh-parameters.ts'
import { checkProofs, type ProofFault } from './webvh-proof.ts'
import { checkWitnesses, type WitnessedEntry, type WitnessFault } from './webvh-witness.ts'

/** One state of a DID that its controller published. */
export interface Version extends WitnessedEntry {
  /** The number, a dash and the hash of the entry. */
  readonly versionId: string
  readonly versionNumber: number
  /** As it stands there; the version is current from then to the next one's. */
  readonly versionTime: string
  /** Milliseconds since 1970 of `versionTime`. */
  readonly startsAt: number
  readonly did: Did
  readonly document: JsonObject
  /** What is in force once the entry is published. */
  readonly parameters: Parameters
}

export type LogFault =
  | ParameterFault
  | ProofFault
  | WitnessFault
  | 'log_too_large'
  | 'log_empty'
  | 'entry_malformed'
  | 'version_out_of_order'
  | 'time_malformed'
  | 'time_not_increasing'
  | 'time_in_future'
  | 'state_malformed'
  | 'scid_of_another'
  | 'scid_mismatch'
  | 'entry_hash_mismatch'
  | 'moved_without_portable'
  | 'moved_without_trace'

export interface LogRefusal {
  readonly ok: false
  readonly fault: LogFault
  readonly detail: string
}

export type LogResult =
  /** From the first version to the last; at least one. */
  { readonly ok: true; readonly versions: readonly Version[] } | LogRefusal

export interface LogOptions {
  /** The moment of judging: no entry may be of later than five minutes after it. */
  readonly now: Instant
  /** The text of did-witness.json, which a log with witnesses needs. */
  readonly witnesses?: string | undefined
}

/**
 * Reads `did.jsonl` and verifies every entry: its number, hash, time, parameters, proofs and witnesses.
 *
 * @example
 * const log = await readLog(await readFile('did.jsonl', 'utf8'), { now })
 * if (log.ok) console.log(log.versions.length)
 * else console.log(log.fault, log.detail)
 */
export async function readLog(text: string, { now, witnesses }: LogOptions): Promise<LogResult> {
  const log = await readEntries(text, now)
  if (!log.ok) return log
  const witnessed = await checkWitnesses(log.versions, { witnesses, now })
  return witnessed.ok ? log : witnessed
}

/** The same without the witnesses, who approve an entry only once it is written. */
export async function readEntries(text: string, now: Instant): Promise<LogResult> {
  if (text.length > logLimit || utf8(text).length > logLimit)
    return refuse('log_too_large', `more than ${logLimit} bytes`)
  const lines = text.replace(/\n$/, '').split('\n')
  if (text.trim() === '') return refuse('log_empty', 'no entry')
  if (lines.length > entryLimit) return refuse('log_too_large', `more than ${entryLimit} entries`)
  const versions: Version[] = []
  for (const [i, line] of lines.entries()) {
    const read = await readEntry(line, versions.at(-1) ?? null, now)
    if (!read.ok) return { ...read, detail: `entry ${i + 1}: ${read.detail}` }
    versions.push(read.version)
  }
  return { ok: true, versions }
}

/** Bytes. */
export const logLimit = 10_485_760
const entryLimit = 10_000
/** Bytes of one line. */
const lineLimit = 1_048_576
/** Milliseconds that a controller's clock may be ahead of ours. */
const skewLimit = 300_000

type EntryResult = { readonly ok: true; readonly version: Version } | LogRefusal

async function readEntry(line: string, before: Version | null, now: Instant): Promise<EntryResult> {
  const parsed = parseJson(line, { maxBytes: lineLimit })
  if (!parsed.ok) return refuse('entry_malformed', parsed.detail)
  const entry = parsed.value
  if (!isObject(entry) || Object.keys(entry).toSorted().join(' ') !== entryMembers)
    return refuse('entry_malformed', `not the members ${entryMembers}`)
  const { proof: _, ...content } = entry
  const { versionId, versionTime, parameters: stated, state } = content
  const versionNumber = (before?.versionNumber ?? 0) + 1
  if (typeof versionId !== 'string' || !versionId.startsWith(`${versionNumber}-`))
    return refuse('version_out_of_order', textOf(versionId))
  if (!isObject(stated)) return refuse('parameters_malformed', textOf(stated))
  const read = readParameters(stated, before?.parameters ?? null)
  if (!read.ok) return read
  const { parameters } = read
  const startsAt = momentOf(versionTime)
  if (startsAt === null) return refuse('time_malformed', textOf(versionTime))
  if (before !== null && startsAt <= before.startsAt)
    return refuse('time_not_increasing', textOf(versionTime))
  if (startsAt > epoch(now) + skewLimit) return refuse('time_in_future', textOf(versionTime))
  const moved = stateFault(state, parameters, before)
  if (moved !== null) return moved
  const { scid } = parameters
  if (before === null && scidOf(content, scid) !== scid) return refuse('scid_mismatch', scid)
  if (versionId !== `${versionNumber}-${entryHash(content, before?.versionId ?? scid)}`)
    return refuse('entry_hash_mismatch', versionId)
  const isPreRotated = (before?.parameters.nextKeyHashes.length ?? 0) > 0
  const keys = before === null || isPreRotated ? parameters.updateKeys : before.parameters.updateKeys
  const proven = await checkProofs(entry, { keys, now })
  if (!proven.ok) return proven
  const document = state as JsonObject // `stateFault` saw to it
  return {
    ok: true,
    version: {
      versionId,
      versionNumber,
      versionTime: versionTime as string,
      startsAt,
      did: document.id as Did,
      document,
      parameters,
      // Who witnesses are replaced still approve the entry that replaces them; the first ones approve their own.
      rule: before?.parameters.witness ?? parameters.witness,
    },
  }
}

const entryMembers = 'parameters proof state versionId versionTime'

const momentOf = (time: Json | undefined): number | null =>
  typeof time === 'string' && /(?:Z|\+00:00)$/.test(time) ? epochOf(time) : null

/** The state is the document of a did:webvh with the log's SCID, and stays where it was unless the DID may move. */
function stateFault(
  state: Json | undefined,
  { scid, portable }: Parameters,
  before: Version | null,
): LogRefusal | null {
  if (!isObject(state)) return refuse('state_malformed', textOf(state))
  const { id } = state
  const place = isDid(id) ? webvhPlace(id) : null
  if (place === null) return refuse('state_malformed', textOf(id))
  if (place.scid !== scid) return refuse('scid_of_another', place.scid)
  if (before === null || id === before.did) return null
  if (!portable) return refuse('moved_without_portable', textOf(id))
  return asList(state.alsoKnownAs).includes(before.did)
    ? null
    : refuse('moved_without_trace', `${before.did} is not in alsoKnownAs`)
}

/** The SCID in a did:webvh and the https folder of its log; `null` where it is none that may be asked. */
export function webvhPlace(did: Did): { readonly scid: string; readonly folder: string } | null {
  const [, method, scid = '', ...place] = did.split(':')
  const folder = method === 'webvh' && scid !== '' ? folderUrl(place) : null
  return folder === null ? null : { scid, folder }
}

/** The SCID that a first entry has to have: its hash with a placeholder wherever its SCID stands. */
function scidOf(entry: JsonObject, scid: string): string | null {
  const text = JSON.stringify(entry)
  // Two entries that differ only in a placeholder would share one SCID.
  return text.includes(scidPlaceholder)
    ? null
    : scidOfDraft(JSON.parse(text.replaceAll(scid, scidPlaceholder)) as JsonObject)
}

/** The SCID of a first entry that has the placeholder wherever the SCID will stand. */
export const scidOfDraft = (draft: JsonObject): string => hashOf({ ...draft, versionId: scidPlaceholder })

export const scidPlaceholder = '{SCID}'

/** The hash of an entry without its proof, chained to the entry before it. */
export const entryHash = (entry: JsonObject, previousVersionId: string): string =>
  hashOf({ ...entry, versionId: previousVersionId })

const hashOf = (value: Json): string => multihash(utf8(canonicalJson(value)))

const refuse = (fault: LogFault, detail: string): LogRefusal => ({
  ok: false,
  fault,
  detail: detail.slice(0, 300),
})
