/**
 * Issues what `check` would issue, one certificate after the other. Stopped at any point and run again it goes on where it
 * was: everything about a certificate is settled in the registry before it is signed, and its text before it is seen.
 */
import { readdir, readFile, unlink } from 'node:fs/promises'
import { CertificateError } from '../base/errors.ts'
import { isLeftover, writeFileWhole } from '../base/files.ts'
import { type CalendarDate, dateIn, type Instant, instantAt } from '../base/instant.ts'
import type { AssessmentNotice, GradeCertificate } from '../certificate/certificate.ts'
import type { UnsuccessfulResult } from '../intake/exam-result.ts'
import type { Judged, Verdict } from '../intake/judge.ts'
import { issue } from '../issue/issue.ts'
import { idempotencyKey, type MintOptions, mint, mintNotice } from '../issue/mint.ts'
import { type Random, systemRandom, uuidUrn } from '../issue/random.ts'
import { positionOf } from '../issue/status-slots.ts'
import { listNames, type Workspace } from '../issue/workspace.ts'
import type { Entry } from '../registry/registry.ts'
import { isLive } from '../registry/registry.ts'
import type { DataIntegritySuite } from '../securing/data-integrity.ts'

export interface IssueBatchOptions {
  readonly workspace: Workspace
  /** Folder for one file a certificate, named by its number. */
  readonly out: string
  /** When certificates are signed; now by default. */
  readonly now?: Instant | undefined
  /** Legal date of award; the day of `now` in the workspace's zone by default. */
  readonly awardedOn?: CalendarDate | undefined
  /** Folder for notices to those who get no certificate; none are made by default. */
  readonly notices?: string | undefined
  readonly withScores?: boolean | undefined
  readonly suite?: DataIntegritySuite | undefined
  readonly random?: Random | undefined
}

export type Outcome = 'issued' | 'already_issued' | 'held' | 'rejected' | 'no_certificate' | 'skipped'

export interface BatchItem {
  /** Name of the results file, and the number of the record in it. */
  readonly source: string
  readonly record: number
  readonly outcome: Outcome
  readonly number?: string
  /** Path of the certificate's file. */
  readonly file?: string
  readonly judged: Judged
}

export type BatchSummary = Readonly<Record<Outcome, number>>

/**
 * Issues certificates for judged records, in their order.
 *
 * @throws `issue.awarded_in_future`, `issue.awarded_before_exam` before anything is issued; what the registry, the signer
 * and the file system throw, with everything before it done for good
 * @example
 * for await (const { number, file } of issueBatch(records, { workspace, out: 'out', now })) console.log(number, file)
 */
export async function* issueBatch(
  records: readonly Judged[],
  options: IssueBatchOptions,
): AsyncGenerator<BatchItem, BatchSummary> {
  const run = prepare(records, options)
  await removeLeftovers(options.out)
  const summary = { issued: 0, already_issued: 0, held: 0, rejected: 0, no_certificate: 0, skipped: 0 }
  for (const judged of records) {
    const item = await issueOne(judged, run)
    summary[item.outcome]++
    yield item
  }
  return summary
}

interface Run extends IssueBatchOptions {
  readonly now: Instant
  readonly awardedOn: CalendarDate
  readonly random: Random
  readonly suite: DataIntegritySuite
  /** One for all certificates of the run: proof options are then the same for all. */
  readonly proofId: string
}

function prepare(records: readonly Judged[], options: IssueBatchOptions): Run {
  const { workspace, now = instantAt(Date.now()), random = systemRandom, suite = 'eddsa-rdfc-2022' } = options
  const today = dateIn(now, workspace.settings.zone)
  const awardedOn = options.awardedOn ?? today
  if (awardedOn > today) throw new CertificateError('issue.awarded_in_future', { awarded: awardedOn })
  for (const { verdict, result, record } of records) {
    if (verdict === 'issue' && result.examinedOn > awardedOn) {
      throw new CertificateError('issue.awarded_before_exam', {
        record,
        examined: result.examinedOn,
        awarded: awardedOn,
      })
    }
  }
  return { ...options, now, awardedOn, random, suite, proofId: uuidUrn(random(`proof/${now}`)) }
}

const outcomes: Readonly<Record<Exclude<Verdict, 'issue'>, Outcome>> = {
  hold: 'held',
  reject: 'rejected',
  no_certificate: 'no_certificate',
  skip: 'skipped',
}

async function issueOne(judged: Judged, run: Run): Promise<BatchItem> {
  const { file: source, record } = judged
  if (judged.verdict !== 'issue') {
    if (judged.result !== undefined && run.notices !== undefined)
      await notify(judged.result, run.notices, run)
    return { source, record, outcome: outcomes[judged.verdict], judged }
  }
  const { result } = judged
  const entry = await settle(result, 'badge', run, (minting) => mint(result, run.workspace, minting))
  const path = `${run.out}/${fileName(entry.number)}.json`
  return { source, record, outcome: await show(entry, path, run), number: entry.number, file: path, judged }
}

async function notify(result: UnsuccessfulResult, folder: string, run: Run): Promise<void> {
  const entry = await settle(result, 'notice', run, (minting) => mintNotice(result, run.workspace, minting))
  await show(entry, `${folder}/${entry.id.slice('urn:uuid:'.length)}.json`, run)
}

/** Reserves id, number and slot for a result, or finds what was reserved before. */
async function settle(
  result: UnsuccessfulResult,
  form: 'badge' | 'notice',
  run: Run,
  make: (minting: MintOptions) => GradeCertificate | AssessmentNotice,
): Promise<Entry> {
  const { workspace, awardedOn, now, suite, proofId, withScores = false } = run
  const key = idempotencyKey(result, workspace, form)
  const random: Random = (label) => run.random(`${key}/${label}`)
  const { entry } = await workspace.registry.reserve(key, ({ serial }) => {
    const certificate = make({ awardedOn, serial, random, withScores })
    const number = 'number' in certificate ? certificate.number : certificate.id
    return { id: certificate.id, number, certificate, signing: { created: now, proofId, suite } }
  })
  return entry
}

/** Signs what is not signed yet, keeps it, then makes the file what the registry says it is. */
async function show(entry: Entry, path: string, { workspace }: Run): Promise<'issued' | 'already_issued'> {
  const text = entry.text ?? (await sign(entry, workspace))
  if (entry.text === null) await workspace.registry.complete(entry.id, text)
  if (isLive(entry.standing) && (await readText(path)) !== text) await writeFileWhole(path, text)
  return entry.text === null ? 'issued' : 'already_issued'
}

async function sign({ certificate, signing, slot }: Entry, workspace: Workspace): Promise<string> {
  const { settings, secret, signer } = workspace
  const { text } = await issue(certificate, {
    signer,
    suite: signing.suite as DataIntegritySuite,
    created: signing.created,
    proofId: signing.proofId,
    contextUrl: settings.contextUrl,
    schemaUrl: settings.schemaUrl,
    ...(certificate.type === 'ProfessionalTechnicalGradeCertificate' && {
      status: positionOf(slot, 'badge', secret, listNames(workspace)),
    }),
  })
  return text
}

/** A number as file name: what is not a letter, digit, dot, underscore or hyphen is percent-encoded as UTF-8. */
export const fileName = (number: string): string =>
  number.replace(/[^A-Za-z0-9._-]/gu, (character) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  )

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return null
  }
}

/** Files that a killed run had not given their names yet; those of a process that still runs are left to it. */
async function removeLeftovers(out: string): Promise<void> {
  const names = await readdir(out).catch(() => [])
  for (const name of names.filter(isLeftover)) await unlink(`${out}/${name}`)
}
