/**
 * Issues what `check` would issue, a block of certificates after the other. Stopped at any point and run again it goes on where
 * it was: everything about a certificate is settled in the registry before it is signed, and its text before it is seen.
 */
import { readdir, unlink } from 'node:fs/promises'
import { utf8 } from '../base/bytes.ts'
import { hmacSha256 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import { isLeftover, writeFileWhole } from '../base/files.ts'
import { type CalendarDate, dateIn, type Instant, instantAt } from '../base/instant.ts'
import { isObject } from '../base/json.ts'
import type { AssessmentNotice, GradeCertificate } from '../certificate/certificate.ts'
import type { ExamResult, UnsuccessfulResult } from '../intake/exam-result.ts'
import type { Judged, Verdict } from '../intake/judge.ts'
import { entryName, extensionOf, readTextFile, type Shown, showEntry } from '../issue/entry-text.ts'
import { type BadgeSuite, checkBadgeSuite } from '../issue/issue.ts'
import { issueSdJwt } from '../issue/issue-sd-jwt.ts'
import { idempotencyKey, type MintOptions, mint, mintNotice } from '../issue/mint.ts'
import { type Random, systemRandom, uuidUrn } from '../issue/random.ts'
import { tokenPositionOf } from '../issue/status-slots.ts'
import { slotOrder, tokenListNames, type Workspace } from '../issue/workspace.ts'
import { fromJwk, fromMultikey, type PublicKey } from '../key/public-key.ts'
import { type Entry, isLive, type Registry, type Reservation } from '../registry/registry.ts'
import { suiteFor } from '../securing/data-integrity.ts'
import { type Jws, openJws, verifyJws } from '../securing/jws.ts'
import { openSdJwtVc } from '../securing/sd-jwt-vc.ts'
import type { HistoryKey } from '../trust/key-history.ts'
import { type Signing, signHere, signInWorkers } from './signing.ts'
import { openSink, type Sink, sinkKindOf } from './sinks.ts'
import { usableThreads } from './threads.ts'

export interface IssueBatchOptions {
  readonly workspace: Workspace
  /** Folder for one file a certificate, named by its number; or one file for all of them, `*.jsonl` or `*.zip`. */
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
  /** Threads that sign; as many as the machine has for a batch of a thousand and more, else this one. */
  readonly concurrency?: number | undefined
  /** Ids of certificates that other machines signed for this run, so that they count as issued now. */
  readonly signedElsewhere?: ReadonlySet<string> | undefined
  /** Ends the batch between two blocks: what is under way is finished, and run again it goes on. */
  readonly signal?: AbortSignal | undefined
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
  /** Paths of the files that the certificate is in. */
  readonly files?: readonly string[]
  readonly judged: Judged
}

export type BatchSummary = Readonly<Record<Outcome, number>> & {
  /** Whether it was ended before all records were reached. */
  readonly isStopped: boolean
}

/**
 * Issues certificates for judged records, in their order. Records may come one by one: no more than a few blocks of them are
 * held at once.
 *
 * @throws `issue.awarded_in_future`, `issue.awarded_before_exam`, `securing.wrong_algorithm`, `batch.one_file_of_badges` before
 * anything is issued of a list, or of the block of records that come one by one; what the registry, the signer and the file system throw, with everything before it done for good
 * @example
 * for await (const { number, files } of issueBatch(records, { workspace, out: 'out', now })) console.log(number, files)
 */
export async function* issueBatch(
  records: Iterable<Judged> | AsyncIterable<Judged>,
  options: IssueBatchOptions,
): AsyncGenerator<BatchItem, BatchSummary> {
  const run = prepare(records, options)
  if (sinkKindOf(options.out) === 'files') await removeLeftovers(options.out)
  const sink = await openSink(options.out, new Date(run.now))
  const signing = signingOf(Array.isArray(records) ? records.length : Number.POSITIVE_INFINITY, run)
  const summary = { issued: 0, already_issued: 0, held: 0, rejected: 0, no_certificate: 0, skipped: 0 }
  const queue = blocksOf(records, run.signal)
  let isWhole = false
  try {
    for await (const block of finishedBlocks(queue.blocks, { run, sink, signing })) {
      for (const item of block) {
        summary[item.outcome]++
        yield item
      }
    }
    // A file that lacks certificates never gets its name: what was issued comes from the registry when it is run again.
    if (!queue.isStopped()) {
      await sink.end()
      isWhole = true
    }
  } finally {
    // Also where whoever asked for the items has had enough of them.
    if (!isWhole) await sink.discard()
    await signing.end()
  }
  return { ...summary, isStopped: queue.isStopped() }
}

/**
 * Settles a batch in the registry as `issueBatch` does, and signs nothing: others will.
 * @returns the entries that have no text yet, a block after the other
 * @throws what `issueBatch` throws before it signs
 */
export async function* reserveBatch(
  records: Iterable<Judged> | AsyncIterable<Judged>,
  options: IssueBatchOptions,
): AsyncGenerator<readonly Entry[]> {
  const run = prepare(records, options)
  for await (const block of blocksOf(records, run.signal).blocks)
    yield (await settleBlock(block, run)).unsigned
}

/** Records in blocks, until there are no more or somebody says that it is enough. */
function blocksOf(records: Iterable<Judged> | AsyncIterable<Judged>, signal: AbortSignal | undefined) {
  let isStopped = false
  async function* blocks(): AsyncGenerator<readonly Judged[]> {
    let block: Judged[] = []
    for await (const judged of records) {
      if (block.length === 0 && signal?.aborted) {
        isStopped = true
        return
      }
      block.push(judged)
      if (block.length < blockSize) continue
      yield block
      block = []
    }
    if (block.length > 0) yield block
  }
  return { blocks: blocks(), isStopped: () => isStopped }
}

/** Records that are settled, signed and kept in one step each. More cost memory, fewer cost time. */
const blockSize = 128

interface Batch {
  readonly run: Run
  readonly sink: Sink
  readonly signing: Signing
}

/** Blocks in their order; the next ones are settled and signed while one is kept and shown. */
async function* finishedBlocks(
  blocks: AsyncGenerator<readonly Judged[]>,
  batch: Batch,
): AsyncGenerator<readonly BatchItem[]> {
  const underWay: Promise<SignedBlock>[] = []
  for await (const records of blocks) {
    const block = startBlock(records, batch)
    block.catch(() => {}) // told when its turn comes
    underWay.push(block)
    if (underWay.length >= batch.signing.width)
      yield await finishBlock(await (underWay.shift() as Promise<SignedBlock>), batch)
  }
  for (const block of underWay) yield await finishBlock(await block, batch)
}

interface SettledBlock {
  readonly records: readonly Judged[]
  /** The entry of each record that earns a certificate, in its newest revision. */
  readonly revisions: ReadonlyMap<Judged, Revision>
  /** Entries without a text, each once. */
  readonly unsigned: readonly Entry[]
}

interface SignedBlock extends SettledBlock {
  /** Texts made just now, by credential id. */
  readonly texts: ReadonlyMap<string, string>
}

/** Settles a block in the registry, and has it signed. */
async function startBlock(records: readonly Judged[], { run, signing }: Batch): Promise<SignedBlock> {
  const block = await settleBlock(records, run)
  const texts = await signing.sign(block.unsigned)
  return { ...block, texts: new Map(block.unsigned.map(({ id }, i) => [id, texts[i] as string])) }
}

async function settleBlock(records: readonly Judged[], run: Run): Promise<SettledBlock> {
  const { registry } = run.workspace
  checkDates(records, run.awardedOn)
  const earning = records.filter((judged) => judged.verdict === 'issue')
  const settled = await inTurn(registry, () =>
    registry.reserveAll(
      earning.map(({ result }) =>
        reservationOf(result, 'badge', run, (minting) => mint(result, run.workspace, minting)),
      ),
    ),
  )
  const newestOf = await Promise.all(settled.map(({ entry }) => newest(entry, run.workspace)))
  const revisions = new Map(earning.map((judged, i) => [judged, newestOf[i] as Revision]))
  const unsigned = [...new Map(newestOf.map(({ entry }) => [entry.id, entry])).values()].filter(
    ({ text }) => text === null,
  )
  return { records, revisions, unsigned }
}

/** Blocks are settled in the order of the records, whoever is quicker. */
function inTurn<T>(registry: Registry, settle: () => Promise<T>): Promise<T> {
  const turn = (turns.get(registry) ?? Promise.resolve()).then(settle)
  turns.set(
    registry,
    turn.then(
      () => {},
      () => {}, // whoever failed has been told
    ),
  )
  return turn
}

const turns = new WeakMap<Registry, Promise<void>>()

/** Keeps the texts of a block, then shows them. */
async function finishBlock(
  { records, revisions, texts }: SignedBlock,
  { run, sink }: Batch,
): Promise<readonly BatchItem[]> {
  await run.workspace.registry.completeAll([...texts].map(([id, text]) => ({ id, text })))
  const items: BatchItem[] = []
  for (const judged of records) {
    const revision = revisions.get(judged)
    items.push(
      revision === undefined || judged.verdict !== 'issue'
        ? await withoutCertificate(judged, run)
        : await shownItem(judged, { revision, texts }, { run, sink }),
    )
  }
  return items
}

async function withoutCertificate(judged: Judged, run: Run): Promise<BatchItem> {
  const { file: source, record, verdict } = judged
  if (verdict !== 'issue' && judged.result !== undefined && run.notices !== undefined)
    await notify(judged.result, run.notices, run)
  return { source, record, outcome: outcomes[verdict as Exclude<Verdict, 'issue'>], judged }
}

async function shownItem(
  judged: Extract<Judged, { readonly verdict: 'issue' }>,
  { revision, texts }: { readonly revision: Revision; readonly texts: ReadonlyMap<string, string> },
  { run, sink }: Pick<Batch, 'run' | 'sink'>,
): Promise<BatchItem> {
  const { file: source, record, result } = judged
  const { entry } = revision
  const shown: Shown[] = []
  if (run.form !== 'sd-jwt') {
    const made = texts.get(entry.id)
    const name = `${entryName(entry.number, revision.revision)}${extensionOf(entry)}`
    const text = made ?? entry.text
    if (text !== null && isLive(entry.standing)) await sink.put(name, text)
    const isNew = made !== undefined || run.signedElsewhere?.has(entry.id) === true
    shown.push({ file: sink.fileOf(name), isNew })
  }
  if (run.form !== 'badge') shown.push(await showDisclosable(revision, result, run))
  const outcome = shown.some(({ isNew }) => isNew) ? 'issued' : 'already_issued'
  return { source, record, outcome, number: entry.number, files: shown.map(({ file }) => file), judged }
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

function prepare(records: Iterable<Judged> | AsyncIterable<Judged>, options: IssueBatchOptions): Run {
  const { workspace, now = instantAt(Date.now()), random = systemRandom, form = 'badge', out } = options
  // An SD-JWT keeps the key that it was bound to, which is found in its own file.
  if (form !== 'badge' && sinkKindOf(out) !== 'files')
    throw new CertificateError('batch.one_file_of_badges', { path: out })
  const suite = options.suite ?? suiteFor(workspace.signer.algorithm, 'rdfc')
  checkBadgeSuite(suite, workspace.signer.algorithm)
  const today = dateIn(now, workspace.settings.zone)
  const awardedOn = options.awardedOn ?? today
  const { signsFrom } = workspace
  // By the history of its keys nobody would believe the signature.
  if (signsFrom !== undefined && now < signsFrom)
    throw new CertificateError('keys.clock_behind', { now, last: signsFrom })
  if (awardedOn > today) throw new CertificateError('issue.awarded_in_future', { awarded: awardedOn })
  if (Array.isArray(records)) checkDates(records, awardedOn)
  return { ...options, now, awardedOn, random, suite, form, proofId: uuidUrn(random(`proof/${now}`)) }
}

/** @throws `issue.awarded_before_exam` */
function checkDates(records: readonly Judged[], awardedOn: CalendarDate): void {
  for (const { verdict, result, record } of records) {
    if (verdict === 'issue' && result.examinedOn > awardedOn) {
      throw new CertificateError('issue.awarded_before_exam', {
        record,
        examined: result.examinedOn,
        awarded: awardedOn,
      })
    }
  }
}

const outcomes: Readonly<Record<Exclude<Verdict, 'issue'>, Outcome>> = {
  hold: 'held',
  reject: 'rejected',
  no_certificate: 'no_certificate',
  skip: 'skipped',
}

async function notify(result: UnsuccessfulResult, folder: string, run: Run): Promise<void> {
  const { key, draft } = reservationOf(result, 'notice', run, (minting) =>
    mintNotice(result, run.workspace, minting),
  )
  const { entry } = await run.workspace.registry.reserve(key, draft)
  await showEntry(entry, `${folder}/${entry.id.slice('urn:uuid:'.length)}`, run.workspace)
}

interface Revision {
  readonly entry: Entry
  /** 1 for the first certificate of its number. */
  readonly revision: number
}

/** What a result stands for now: where its certificate was corrected, the one that took its place. */
async function newest(entry: Entry, { registry }: Workspace): Promise<Revision> {
  if (entry.standing !== 'superseded') return { entry, revision: 1 }
  const entries = await registry.entriesOf(entry.number)
  return { entry: entries.at(-1) ?? entry, revision: entries.length }
}

/** What settles id, number and slot of a result, unless they were settled before. */
function reservationOf(
  result: UnsuccessfulResult,
  form: 'badge' | 'notice',
  run: Run,
  make: (minting: MintOptions) => GradeCertificate | AssessmentNotice,
): Reservation {
  const { workspace, awardedOn, now, suite, proofId, withScores = false } = run
  const key = idempotencyKey(result, workspace, form)
  const random: Random = (label) => run.random(`${key}/${label}`)
  return {
    key,
    draft: ({ serial }) => {
      const certificate = make({ awardedOn, serial, random, withScores })
      const number = 'number' in certificate ? certificate.number : certificate.id
      return { id: certificate.id, number, certificate, signing: { created: now, proofId, suite } }
    },
  }
}

/** Starting workers takes longer than signing a few hundred certificates. */
const leastForWorkers = 1000

function signingOf(count: number, { workspace, concurrency }: Run): Signing {
  const threads = concurrency ?? (count < leastForWorkers ? 1 : usableThreads())
  return threads < 2 ? signHere(workspace) : signInWorkers(workspace, threads)
}

/**
 * The registry keeps no SD-JWT: it holds the ID number. Its salts come from the workspace's secret, so the same record
 * gives the same text whenever it is needed again.
 */
async function showDisclosable(
  { entry, revision }: Revision,
  result: ExamResult,
  { workspace, holderKeys, out }: Run,
): Promise<Shown> {
  const { certificate, signing, slot, key, standing, number } = entry
  const { secret, signer, signsFrom } = workspace
  const { idType, idNumber, birthDate, theory, practical, admissionNumber } = result
  const file = `${out}/${entryName(number, revision)}.sd-jwt`
  const before = await readTextFile(file)
  // What an earlier key signed stays good, and stays as its holder has it.
  if (before !== null && (await isByFormerKey(before, certificate.id, workspace)))
    return { file, isNew: false }
  const stated = { ...(certificate as GradeCertificate), evaluation: { theory, practical } } // a certificate is never reserved as a notice
  const { text } = await issueSdJwt(stated, {
    signer,
    holder: { idType, idNumber, birthDate },
    confirmation:
      holderKeys?.get(admissionNumber ?? '') ?? (await boundBefore({ number, revision }, out, workspace)),
    status: tokenPositionOf(slot, slotOrder(workspace), tokenListNames(workspace)),
    // Made again under another key, it says a time at which that key signs.
    created: later(signing.created, signsFrom),
    salt: (label) => hmacSha256(secret, utf8(`salt/${key}/${label}`)).slice(0, saltBytes),
  })
  const isNew = isLive(standing) && before !== text
  if (isNew) await writeFileWhole(file, text)
  return { file, isNew }
}

/** The key that the newest SD-JWT of a number was bound to, so that making it again never sets it free. */
async function boundBefore(
  { number, revision }: { readonly number: string; readonly revision: number },
  out: string,
  workspace: Workspace,
): Promise<PublicKey | undefined> {
  for (let at = revision; at > 0; at--) {
    const text = await readTextFile(`${out}/${entryName(number, at)}.sd-jwt`)
    if (text !== null) return boundIn(text, workspace)
  }
  return undefined
}

async function boundIn(text: string, { keys }: Workspace): Promise<PublicKey | undefined> {
  // The first part is enough: a file that lost its end is repaired with the key that it had.
  const opening = openJws(text.split('~', 1)[0] as string)
  const key = opening.ok ? await signerAmong(keys, opening.jws) : undefined
  if (!opening.ok || key === undefined) return undefined
  const { cnf } = opening.jws.payload
  return (isObject(cnf) && cnf.jwk !== undefined ? fromJwk(cnf.jwk) : null) ?? undefined
}

/** Whether a whole SD-JWT of this credential is by a key of ours that no longer signs and was not stolen. */
async function isByFormerKey(text: string, id: string, { keys, signer }: Workspace): Promise<boolean> {
  const opening = openSdJwtVc(text)
  const compact = openJws(text.split('~', 1)[0] as string)
  if (!opening.ok || !compact.ok || opening.opened.document.jti !== id) return false
  const key = await signerAmong(keys, compact.jws)
  return key !== undefined && key.method !== signer.verificationMethod && key.compromisedSince === undefined
}

/** The key of the workspace that made a JWS. */
async function signerAmong(keys: readonly HistoryKey[], jws: Jws): Promise<HistoryKey | undefined> {
  for (const one of keys) {
    const key = fromMultikey(one.multikey)
    if (key !== null && (await verifyJws(jws, key)) === 'good') return one
  }
  return undefined
}

const later = (a: Instant, b: Instant | undefined): Instant => (b !== undefined && b > a ? b : a)

/** RFC 9901, section 9.3. */
const saltBytes = 16

/** Files that a killed run had not given their names yet; those of a process that still runs are left to it. */
async function removeLeftovers(out: string): Promise<void> {
  const names = await readdir(out).catch(() => [])
  for (const name of names.filter(isLeftover)) await unlink(`${out}/${name}`)
}
