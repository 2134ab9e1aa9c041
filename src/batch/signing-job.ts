/**
 * What machines that sign one batch tell each other. A job names entries of the registry and nothing of what they say: who reads
 * the queue learns of nobody. Each name carries a seal that only the workspace's secret makes, so that whoever can merely write
 * to the database has nothing signed.
 */
import * as z from 'zod/mini'
import { equalBytes, fromBase64url, toBase64url, toHex, utf8 } from '../base/bytes.ts'
import { hmacSha256, sha256 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import { isObject, parseJson } from '../base/json.ts'
import { uuidUrn } from '../issue/random.ts'
import type { Workspace } from '../issue/workspace.ts'
import type { Entry } from '../registry/registry.ts'
import { listEntries } from '../status/bitstring.ts'

/** Counted up when a worker of the version before could not do such a job. */
export const jobFormat = 1

export interface SigningJob {
  readonly format: typeof jobFormat
  /** Ids of credentials, each with its seal. */
  readonly entries: readonly SealedId[]
  /** Why it was put aside before. */
  readonly code?: string
}

export type SealedId = readonly [id: string, seal: string]

/** A job under the id that follows from what is in it: sent again, it is the same job. */
export interface IdentifiedJob {
  readonly id: string
  readonly data: SigningJob
}

/** The job of signing some entries. */
export const signingJob = (entries: readonly Entry[], { secret }: Secret): IdentifiedJob =>
  jobOf({ format: jobFormat, entries: entries.map((entry) => [entry.id, sealOf(entry, secret)]) })

/** The part of a job that is put aside for a reason. */
export const deadJob = (entries: readonly SealedId[], code: string): IdentifiedJob =>
  jobOf({ format: jobFormat, entries, code })

/** A job as it came out of the queue; `null` where it is none of ours. */
export function readSigningJob(data: unknown): SigningJob | null {
  const read = jobSchema.safeParse(data)
  return read.success ? (read.data as SigningJob) : null
}

/** Whether an entry still says what it said when it was handed over. */
export function isSealed(entry: Entry, seal: string, { secret }: Secret): boolean {
  const [given, right] = [fromBase64url(seal), fromBase64url(sealOf(entry, secret))]
  return given !== null && right !== null && equalBytes(given, right)
}

type Secret = Pick<Workspace, 'secret'>

/** All that signing takes of an entry, as a registry gives it back: members keep their order in the text that it stores. */
function sealOf({ id, number, slot, certificate, signing }: Entry, secret: Workspace['secret']): string {
  const stated = JSON.stringify([id, number, slot, certificate, signing])
  return toBase64url(hmacSha256(secret, utf8(`seal/${stated}`)).slice(0, sealBytes))
}

/** 128 bits: nobody tries seals faster than the queue hands out jobs. */
const sealBytes = 16

const jobOf = (data: SigningJob): IdentifiedJob => ({
  id: uuidUrn(sha256(utf8(JSON.stringify(data)))).slice('urn:uuid:'.length),
  data,
})

const jobSchema = z.strictObject({
  format: z.literal(jobFormat),
  entries: z
    .array(z.tuple([z.string().check(z.maxLength(200)), z.string().check(z.maxLength(64))]))
    .check(z.maxLength(1000)),
  code: z.optional(z.string().check(z.regex(/^[a-z_.]{1,64}$/))),
})

type Identity = Pick<Workspace, 'settings' | 'secret' | 'signer'>

/** Stands for the key and whatever else the text of a certificate follows from: machines that agree in it sign the same bytes. */
export function signingIdentity({ settings, secret, signer }: Identity): string {
  const { did, site, contextUrl, schemaUrl, statusListEntries = listEntries } = settings
  const { verificationMethod, multikey } = signer
  const parts = [did, site ?? '', contextUrl, schemaUrl, statusListEntries, verificationMethod, multikey]
  return toHex(hmacSha256(secret, utf8(`signing/${JSON.stringify(parts)}`)).slice(0, 8))
}

/**
 * Says in the registry who signs now. A machine whose copy of the keys is older than that of another may not.
 * @throws `batch.worker_of_another_key`, `batch.queue_of_other_version`
 */
export async function announceSigning(workspace: Workspace): Promise<void> {
  const { registry, keys } = workspace
  const announced = await announcedIn(workspace)
  const signing = signingIdentity(workspace)
  if (announced?.signing === signing) return
  if (announced !== null && announced.keys > keys.length)
    throw new CertificateError('batch.worker_of_another_key')
  await registry.keepPublished(
    announcementName,
    JSON.stringify({ format: jobFormat, keys: keys.length, signing }),
  )
}

/** @throws `batch.worker_of_another_key`, `batch.queue_of_other_version` where this machine is not to sign */
export async function checkSigning(workspace: Workspace): Promise<void> {
  const announced = await announcedIn(workspace)
  if (announced !== null && announced.signing !== signingIdentity(workspace))
    throw new CertificateError('batch.worker_of_another_key')
}

/** Kept beside the published lists, by this name. */
const announcementName = 'workers'

interface Announcement {
  readonly keys: number
  readonly signing: string
}

async function announcedIn({ registry }: Workspace): Promise<Announcement | null> {
  const text = await registry.published(announcementName)
  if (text === null) return null
  const parsed = parseJson(utf8(text))
  const { format, keys, signing } = parsed.ok && isObject(parsed.value) ? parsed.value : {}
  if (format !== jobFormat || typeof keys !== 'number' || typeof signing !== 'string')
    throw new CertificateError('batch.queue_of_other_version', {
      theirs: typeof format === 'number' ? format : '?',
      ours: jobFormat,
    })
  return { keys, signing }
}
