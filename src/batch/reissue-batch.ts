/** Many certificates issued again: by a table of corrections, or all that a compromised key had signed. */

import type { DidUrl } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import type { Detail } from '../base/message.ts'
import type { Random } from '../issue/random.ts'
import {
  checkSupersedingReason,
  present,
  type Reissued,
  type ReissueOptions,
  reissue,
  supersede,
} from '../issue/reissue.ts'
import type { Workspace } from '../issue/workspace.ts'
import { type Entry, isLive } from '../registry/registry.ts'
import { openText } from '../securing/open.ts'
import { nameOfKey } from '../securing/opened.ts'
import type { CorrectionRow } from './corrections-file.ts'

/** What became of one certificate; one that was refused stops no other. */
export type ReissueItem =
  | Reissued
  | {
      readonly number: string
      readonly outcome: 'refused'
      readonly code: CertificateError['code']
      readonly detail: Detail
    }

export interface ReissueSummary {
  readonly reissued: number
  readonly already_reissued: number
  readonly refused: number
}

/**
 * Reissues by a table of corrections, row by row; stopped and run again it goes on where it was.
 * @throws `status.reason_unknown`, and what registry and file system throw
 */
export async function* reissueAll(
  rows: readonly CorrectionRow[],
  options: Omit<ReissueOptions, 'corrections'>,
): AsyncGenerator<ReissueItem, ReissueSummary> {
  checkSupersedingReason(options.reason)
  const summary = { reissued: 0, already_reissued: 0, refused: 0 }
  for (const { number, corrections } of rows) {
    const item = await refusable(number, () => reissue(number, { ...options, corrections }))
    summary[item.outcome]++
    yield item
  }
  return summary
}

export interface ResignOptions {
  /** Verification methods that others may sign with. */
  readonly keys: readonly DidUrl[]
  /** Folder for the new files. */
  readonly out: string
  readonly now?: Instant | undefined
  readonly random?: Random | undefined
}

/**
 * Gives every live certificate that one of the keys had signed a new credential, signed by the key that signs now; the
 * reason is `issuer-key-compromise`. A suspended one stays suspended. Stopped and run again it goes on where it was.
 *
 * @throws `reissue.key_signs` where one of the keys is the one that signs now
 */
export async function* resign(
  workspace: Workspace,
  { keys, out, now = instantAt(Date.now()), random }: ResignOptions,
): AsyncGenerator<ReissueItem, ReissueSummary> {
  const method = workspace.signer.verificationMethod
  if (keys.includes(method)) throw new CertificateError('reissue.key_signs', { method })
  const hit: ReadonlySet<string> = new Set(keys)
  const summary = { reissued: 0, already_reissued: 0, refused: 0 }
  const made = new Set<string>()
  for await (const entry of workspace.registry.entries()) {
    if (!isLive(entry.standing) || made.has(entry.id)) continue
    const item = await refusable(entry.number, () =>
      resignOne(entry, hit, { workspace, reason, out, now, random }),
    )
    if (item === null) continue
    if (item.outcome !== 'refused') made.add(item.id)
    summary[item.outcome]++
    yield item
  }
  return summary
}

const reason = 'issuer-key-compromise'

/** `null` for what needs no new signature. */
async function resignOne(
  entry: Entry,
  keys: ReadonlySet<string>,
  options: ReissueOptions & { readonly now: Instant },
): Promise<Reissued | null> {
  const { certificate, text } = entry
  if (certificate.type !== 'ProfessionalTechnicalGradeCertificate') return null
  if (text !== null && (await isSignedBy(text, keys))) {
    return present(await supersede(entry, certificate, { ...options, saying: [] }), [], options)
  }
  // What a stopped run had reserved or signed still needs its text or its file.
  return certificate.replaces?.reason === reason ? present(entry, [], options) : null
}

async function isSignedBy(text: string, keys: ReadonlySet<string>): Promise<boolean> {
  const opening = await openText(text)
  if (!opening.ok || !opening.opening.ok) return false
  return opening.opening.opened.signatures.some(({ key }) => keys.has(nameOfKey(key)))
}

/** Codes that speak of one certificate; any other stops the run. */
const refusals: ReadonlySet<string> = new Set([
  'status.number_unknown',
  'registry.not_live',
  'reissue.not_possible',
  'reissue.value_malformed',
  'reissue.nothing_to_correct',
  'reissue.too_early',
])

async function refusable<T>(
  number: string,
  work: () => Promise<T>,
): Promise<T | Extract<ReissueItem, { outcome: 'refused' }>> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CertificateError) || !refusals.has(error.code)) throw error
    return { number, outcome: 'refused', code: error.code, detail: error.detail }
  }
}
