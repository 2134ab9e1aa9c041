/**
 * Issues what `check` would issue, one certificate after the other. Stopped at any point and run again it goes on where it
 * was: everything about a certificate is settled in the registry before it is signed, and its text before it is seen.
 */
import { readdir, readFile, unlink } from 'node:fs/promises'
import { utf8 } from '../base/bytes.ts'
import { hmacSha256 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import { isLeftover, writeFileWhole } from '../base/files.ts'
import { type CalendarDate, dateIn, type Instant, instantAt } from '../base/instant.ts'
import { isObject } from '../base/json.ts'
import type { AssessmentNotice, GradeCertificate } from '../certificate/certificate.ts'
import type { ExamResult, UnsuccessfulResult } from '../intake/exam-result.ts'
import type { Judged, Verdict } from '../intake/judge.ts'
import { type BadgeSuite, checkBadgeSuite, issue } from '../issue/issue.ts'
import { issueSdJwt } from '../issue/issue-sd-jwt.ts'
import { idempotencyKey, type MintOptions, mint, mintNotice } from '../issue/mint.ts'
import { type Random, systemRandom, uuidUrn } from '../issue/random.ts'
import { positionOf, tokenPositionOf } from '../issue/status-slots.ts'
import { listNames, tokenListNames, type Workspace } from '../issue/workspace.ts'
import { fromJwk, type PublicKey } from '../key/public-key.ts'
import type { GeneratedSigner } from '../key/signer.ts'
import type { Entry } from '../registry/registry.ts'
import { isLive } from '../registry/registry.ts'
import { suiteFor } from '../securing/data-integrity.ts'
import { openJws, verifyJws } from '../securing/jws.ts'

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
  readonly suite?: BadgeSuite | undefined
  /** Badges by default. An SD-JWT states the ID number and the scores too, each hidden until its holder discloses it. */
  readonly form?: FormChoice | undefined
  /** Keys of holders' wallets by admission number (准考证号), to which SD-JWTs are bound. */
  readonly holderKeys?: ReadonlyMap<string, PublicKey> | undefined
  readonly random?: Random | undefined
}

/** Which forms of a certificate are made: they share number and status. */
export type FormChoice = 'badge' | 'sd-jwt' | 'both'

export type Outcome = 'issued' | 'already_issued' | 'held' | 'rejected' | 'no_certificate' | 'skipped'

export interface BatchItem {
  /** Name of the results file, and the number of the record in it. */
  readonly source: string
  readonly record: number
  readonly outcome: Outcome
  readonly number?: string
  /** Paths of the certificate's files. */
  readonly files?: readonly string[]
  readonly judged: Judged
}

export type BatchSummary = Readonly<Record<Outcome, number>>

/**
 * Issues certificates for judged records, in their order.
 *
 * @throws `issue.awarded_in_future`, `issue.awarded_before_exam`, `securing.wrong_algorithm` before anything is issued; what the registry, the signer
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
  readonly suite: BadgeSuite
  readonly form: FormChoice
  /** One for all certificates of the run: proof options are then the same for all. */
  readonly proofId: string
}

function prepare(records: readonly Judged[], options: IssueBatchOptions): Run {
  const { workspace, now = instantAt(Date.now()), random = systemRandom, form = 'badge' } = options
  const suite = options.suite ?? suiteFor(workspace.signer.algorithm, 'rdfc')
  checkBadgeSuite(suite, workspace.signer.algorithm)
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
  return { ...options, now, awardedOn, random, suite, form, proofId: uuidUrn(random(`proof/${now}`)) }
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
  const path = `${run.out}/${fileName(entry.number)}`
  const shown: Shown[] = []
  if (run.form !== 'sd-jwt') shown.push(await show(entry, path, run))
  if (run.form !== 'badge') shown.push(await showDisclosable(entry, path, result, run))
  const outcome = shown.some(({ isNew }) => isNew) ? 'issued' : 'already_issued'
  return { source, record, outcome, number: entry.number, files: shown.map(({ file }) => file), judged }
}

async function notify(result: UnsuccessfulResult, folder: string, run: Run): Promise<void> {
  const entry = await settle(result, 'notice', run, (minting) => mintNotice(result, run.workspace, minting))
  await show(entry, `${folder}/${entry.id.slice('urn:uuid:'.length)}`, run)
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

interface Shown {
  readonly file: string
  readonly isNew: boolean
}

/** Signs what is not signed yet, keeps it, then makes the file what the registry says it is. */
async function show(entry: Entry, path: string, { workspace }: Run): Promise<Shown> {
  const text = entry.text ?? (await sign(entry, workspace))
  if (entry.text === null) await workspace.registry.complete(entry.id, text)
  const file = `${path}.${extensions[entry.signing.suite] ?? 'json'}`
  if (isLive(entry.standing) && (await readText(file)) !== text) await writeFileWhole(file, text)
  return { file, isNew: entry.text === null }
}

const extensions: Readonly<Record<string, string>> = { 'vc+jwt': 'jwt', 'badge-jwt': 'jwt' }

/**
 * The registry keeps no SD-JWT: it holds the ID number. Its salts come from the workspace's secret, so the same record
 * gives the same text whenever it is needed again.
 */
async function showDisclosable(
  { certificate, signing, slot, key, standing }: Entry,
  path: string,
  result: ExamResult,
  { workspace, holderKeys }: Run,
): Promise<Shown> {
  const { secret, signer } = workspace
  const { idType, idNumber, birthDate, theory, practical, admissionNumber } = result
  const file = `${path}.sd-jwt`
  const before = await readText(file)
  const stated = { ...(certificate as GradeCertificate), evaluation: { theory, practical } } // a certificate is never reserved as a notice
  const { text } = await issueSdJwt(stated, {
    signer,
    holder: { idType, idNumber, birthDate },
    confirmation: holderKeys?.get(admissionNumber ?? '') ?? (await boundBefore(before, signer)),
    status: tokenPositionOf(slot, secret, tokenListNames(workspace)),
    created: signing.created,
    salt: (label) => hmacSha256(secret, utf8(`salt/${key}/${label}`)).slice(0, saltBytes),
  })
  const isNew = isLive(standing) && before !== text
  if (isNew) await writeFileWhole(file, text)
  return { file, isNew }
}

/** The key that an SD-JWT of ours was bound to before, so that making it again never sets it free. */
async function boundBefore(
  text: string | null,
  { publicKey }: GeneratedSigner,
): Promise<PublicKey | undefined> {
  // The first part is enough: a file that lost its end is repaired with the key that it had.
  const opening = text === null ? null : openJws(text.split('~', 1)[0] as string)
  if (!opening?.ok || (await verifyJws(opening.jws, publicKey)) !== 'good') return undefined
  const { cnf } = opening.jws.payload
  return (isObject(cnf) && cnf.jwk !== undefined ? fromJwk(cnf.jwk) : null) ?? undefined
}

/** RFC 9901, section 9.3. */
const saltBytes = 16

async function sign({ certificate, signing, slot }: Entry, workspace: Workspace): Promise<string> {
  const { settings, secret, signer } = workspace
  const { text } = await issue(certificate, {
    signer,
    suite: signing.suite as BadgeSuite,
    created: signing.created,
    proofId: signing.proofId,
    contextUrl: settings.contextUrl,
    schemaUrl: settings.schemaUrl,
    ...(certificate.type === 'ProfessionalTechnicalGradeCertificate' && {
      status: positionOf(slot, secret, listNames(workspace)),
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
