/**
 * A new credential in the place of one that is wrong, lost or signed by a key that others have: same number, same day of
 * award, new id and status position. The registry makes the old one superseded in the step that settles the new one, so
 * there are never two live; run again, it goes on where it was.
 */
import { readdir } from 'node:fs/promises'
import { utf8 } from '../base/bytes.ts'
import { hmacSha256, sha256Hex } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import { dateIn, type Instant, instantAt } from '../base/instant.ts'
import type { GradeCertificate } from '../certificate/certificate.ts'
import { findReason, statusReasons } from '../certificate/status-reason.ts'
import { type Entry, isLive } from '../registry/registry.ts'
import { type StandingNow, standingNow } from '../registry/standing-now.ts'
import { suiteFor } from '../securing/data-integrity.ts'
import { type CorrectableField, type Corrections, changedFields, correct } from './corrections.ts'
import { completeEntry, entryName, fileName, showEntry } from './entry-text.ts'
import { type Random, systemRandom, uuidUrn } from './random.ts'
import type { Workspace } from './workspace.ts'

export interface ReissueOptions {
  readonly workspace: Workspace
  /** Folder for the new file, `NUMBER.r2.json`. */
  readonly out: string
  /** A code of the status reasons whose effect is `superseded`. */
  readonly reason: string
  readonly corrections?: Corrections | undefined
  /** When the new credential is signed; its day is the first on which it holds. Now by default. */
  readonly now?: Instant | undefined
  readonly random?: Random | undefined
}

export interface Reissued {
  readonly number: string
  readonly outcome: 'reissued' | 'already_reissued'
  readonly id: string
  /** Id of the credential whose place it took. */
  readonly replaces: string
  readonly reason: string
  /** Names of the fields that now say something else. */
  readonly changed: readonly CorrectableField[]
  readonly file: string
  /** SD-JWTs of the number in the same folder that were superseded with it: `issue --form sd-jwt` makes new ones. */
  readonly supersededSdJwts: readonly string[]
}

/**
 * Issues a certificate again, with corrections or unchanged. The same call again issues nothing new.
 *
 * @throws `status.number_unknown`, `status.reason_unknown`, `reissue.not_possible` for a certificate that is suspended,
 * revoked or expired, `reissue.value_malformed`, `reissue.nothing_to_correct`, `reissue.too_early`
 * @example
 * await reissue(number, { workspace, out: 'out', reason: 'data-correction', corrections: { name: '王小明' } })
 */
export async function reissue(number: string, options: ReissueOptions): Promise<Reissued> {
  const { workspace, reason, corrections = {}, now = instantAt(Date.now()) } = options
  checkSupersedingReason(reason)
  const entry = await workspace.registry.findByNumber(number)
  if (entry === null || entry.certificate.type !== 'ProfessionalTechnicalGradeCertificate')
    throw new CertificateError('status.number_unknown', { number })
  const standing = standingNow(entry, now)
  if (standing !== 'live') throw notPossible(number, standing)
  const before = entry.certificate
  const corrected = correct(before, corrections, workspace)
  const changed = changedFields(before, corrected)
  if (changed.length === 0 && isThisReissue(entry, { reason, corrections, now }))
    return present(entry, [], options)
  if (changed.length === 0 && (reason === 'data-correction' || Object.keys(corrections).length > 0))
    throw new CertificateError('reissue.nothing_to_correct', { number })
  const successor = await supersede(entry, corrected, {
    ...options,
    now,
    saying: Object.entries(corrections).sort(),
  })
  return present(successor, changed, options)
}

/** @throws `status.reason_unknown` */
export function checkSupersedingReason(reason: string): void {
  if (findReason(reason)?.effect === 'superseded') return
  const reasons = statusReasons.filter(({ effect }) => effect === 'superseded').map(({ code }) => code)
  throw new CertificateError('status.reason_unknown', { reason, reasons })
}

export interface SupersedeOptions extends Pick<ReissueOptions, 'workspace' | 'reason' | 'random'> {
  readonly now: Instant
  /** What is asked for beside the reason: the same again is the same request. */
  readonly saying: unknown
}

/** Reserves what takes the place of a live entry. @throws `reissue.too_early`, `reissue.not_possible`, `registry.not_live` */
export async function supersede(
  entry: Entry,
  corrected: GradeCertificate,
  { workspace, reason, now, saying, random = systemRandom }: SupersedeOptions,
): Promise<Entry> {
  const { registry, secret, signer } = workspace
  const { number, zone, validFrom, validUntil } = corrected
  const day = dateIn(now, zone)
  if (day < validFrom) throw new CertificateError('reissue.too_early', { number, from: validFrom, day })
  if (validUntil !== undefined && day > validUntil) throw notPossible(number, 'expired')
  // A predecessor that a stopped run never signed would be missing from the chain for good.
  await completeEntry(entry, workspace)
  const key = sha256Hex(hmacSha256(secret, utf8(JSON.stringify(['reissue', entry.id, reason, saying]))))
  const draw: Random = (label) => random(`${key}/${label}`)
  const { entry: successor } = await registry.reserve(key, () => {
    const id = uuidUrn(draw('credential'))
    const replaces = { id: entry.id, reason, previousIssueDate: validFrom }
    return {
      id,
      number,
      certificate: { ...corrected, id, validFrom: day, replaces },
      signing: {
        created: now,
        proofId: uuidUrn(draw('proof')),
        suite: suiteAfter(entry.signing.suite, signer.algorithm),
      },
      supersedes: { id: entry.id, reason },
    }
  })
  return successor
}

/** Signs a successor where a stopped run did not, and makes its file what the registry says. */
export async function present(
  entry: Entry,
  changed: readonly CorrectableField[],
  { workspace, out }: Pick<ReissueOptions, 'workspace' | 'out'>,
): Promise<Reissued> {
  const { number, id } = entry
  const revision = await revisionOf(entry, workspace)
  const { file, isNew } = await showEntry(entry, `${out}/${entryName(number, revision)}`, workspace)
  return {
    number,
    outcome: isNew ? 'reissued' : 'already_reissued',
    id,
    replaces: entry.replaces ?? '',
    reason: (entry.certificate as GradeCertificate).replaces?.reason ?? '',
    changed,
    file,
    supersededSdJwts: isLive(entry.standing) ? await sdJwtsBefore(number, revision, out) : [],
  }
}

/** 1 for the first certificate of a number, 2 for what took its place, and so on. */
export const revisionOf = async ({ number, id }: Entry, { registry }: Workspace): Promise<number> =>
  (await registry.entriesOf(number)).findIndex((entry) => entry.id === id) + 1

/** Whether the entry is what the same request made before: then there is nothing left to do but to finish it. */
function isThisReissue(
  { certificate, text }: Entry,
  {
    reason,
    corrections,
    now,
  }: Pick<ReissueOptions, 'reason'> & {
    readonly corrections: Corrections
    readonly now: Instant
  },
): boolean {
  const { replaces, validFrom, zone } = certificate as GradeCertificate
  if (replaces?.reason !== reason) return false
  // Without corrections only the day tells a second loss from the first, once that one is signed.
  return text === null || Object.keys(corrections).length > 0 || validFrom === dateIn(now, zone)
}

/** The key may be of another algorithm than the one that signed before; the way of securing stays. */
function suiteAfter(before: string, algorithm: Parameters<typeof suiteFor>[0]): string {
  if (before === 'vc+jwt' || (before === 'badge-jwt' && algorithm === 'P-256')) return before
  return suiteFor(algorithm, before.includes('-jcs-') ? 'jcs' : 'rdfc')
}

async function sdJwtsBefore(number: string, revision: number, out: string): Promise<readonly string[]> {
  const earlier = Array.from({ length: revision - 1 }, (_, i) => `${entryName(number, i + 1)}.sd-jwt`)
  const names = new Set(await readdir(out).catch(() => []))
  return names.has(`${fileName(number)}.r${revision}.sd-jwt`)
    ? []
    : earlier.filter((name) => names.has(name)).map((name) => `${out}/${name}`)
}

const notPossible = (number: string, standing: StandingNow): CertificateError =>
  new CertificateError('reissue.not_possible', { number, standing })
