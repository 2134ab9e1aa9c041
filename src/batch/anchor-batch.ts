/** Anchors what an agency issued: collects new certificates into a batch, takes it to logs and chains, writes what holders need. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type AnchorBundle, bundleText, withBundle } from '../anchor/bundle.ts'
import { isSidecarName, sidecarName } from '../anchor/sidecar.ts'
import type { Submitter } from '../anchor/submitter.ts'
import { toHex } from '../base/bytes.ts'
import { readFileBounded, writeFileWhole } from '../base/files.ts'
import type { Instant } from '../base/instant.ts'
import { isObject, parseJson } from '../base/json.ts'
import { type Subject, subjectsOf } from '../securing/subject.ts'
import {
  keepBatch,
  keepReceipt,
  readBatches,
  type Salt,
  type StoredBatch,
  type StoredReceipt,
} from './anchor-store.ts'

/** A certificate that is to be anchored: the text, and the name of its file. */
export interface AnchoredText {
  readonly file: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface CollectOptions {
  /** The workspace's folder. */
  readonly dir: string
  readonly salt: Salt
  readonly now: Instant
}

/**
 * Puts what is in no batch yet into a new one. `null` where everything is in one already: the same certificates are never
 * in two batches, however often this is asked.
 */
export async function collectBatch(
  texts: AsyncIterable<AnchoredText> | Iterable<AnchoredText>,
  { dir, salt, now }: CollectOptions,
): Promise<StoredBatch | null> {
  const known = new Set(
    (await readBatches(dir, salt)).flatMap(({ batch }) =>
      batch.members.map(({ subject }) => toHex(subject.digest)),
    ),
  )
  const subjects: Subject[] = []
  const files: string[] = []
  for await (const { file, bytes } of texts) {
    // Of several signatures the first is the issuer's: what others add later is not its certificate.
    const subject = subjectsOf(bytes)[0]
    if (subject === undefined || known.has(toHex(subject.digest))) continue
    known.add(toHex(subject.digest))
    subjects.push(subject)
    files.push(file)
  }
  return subjects.length === 0 ? null : keepBatch(dir, { subjects, files, created: now, salt })
}

/** The texts in a folder that can be anchored, in the order of their names. */
export async function* textsIn(folder: string): AsyncGenerator<AnchoredText> {
  const names = (await readdir(folder)).filter((name) => isCertificateFile(name))
  for (const file of names.toSorted()) {
    yield { file, bytes: new Uint8Array(await readFileBounded(join(folder, file))) }
  }
}

const isCertificateFile = (name: string): boolean =>
  /\.(?:json|jwt|sd-jwt)$/.test(name) && !isSidecarName(name) && !name.startsWith('.')

export interface Advanced {
  readonly batch: StoredBatch
  readonly backEnd: string
  readonly stored: StoredReceipt
}

/**
 * Takes batches as far as they go now, each step kept before the next. What was stopped goes on where it was.
 *
 * @param start whether batches that a back-end has not seen go to it; without it only what was started goes on
 * @throws `anchor.endpoint_failed` and what the back-ends throw; what was kept until then stays good
 */
export async function* advanceBatches(
  batches: readonly StoredBatch[],
  submitters: ReadonlyMap<string, Submitter>,
  { dir, start, signal }: { readonly dir: string; readonly start: boolean; readonly signal?: AbortSignal },
): AsyncGenerator<Advanced> {
  for (const batch of batches) {
    for (const [backEnd, submitter] of submitters) {
      const before = batch.receipts.get(backEnd)
      if (before?.is === 'final' || (before === undefined && !start)) continue
      let stored: StoredReceipt = before ?? {
        is: 'working',
        receipt: submitter.start(batch.batch.commitment),
      }
      if (before === undefined) await keepReceipt(dir, batch, backEnd, stored)
      do {
        stored = await submitter.advance(stored.receipt, signal === undefined ? {} : { signal })
        await keepReceipt(dir, batch, backEnd, stored)
      } while (stored.is === 'working')
      yield { batch, backEnd, stored }
    }
  }
}

/**
 * A certificate's file and its bundle with all anchors there are, those included that still wait for a block; none where
 * the batch is signed and goes no further.
 */
export function* bundlesOf({ batch, files, receipts, statement }: StoredBatch): Generator<{
  readonly file: string
  readonly bundle: AnchorBundle
}> {
  const anchors = [...receipts.values()].flatMap(({ anchor }) => (anchor === undefined ? [] : [anchor]))
  if (anchors.length === 0 && statement === undefined) return
  for (const [i, { subject, salt, inclusion }] of batch.members.entries()) {
    yield { file: files[i]!, bundle: { subject, salt, inclusion, anchors } } // a file for each member
  }
}

/** Writes a file beside each certificate. @returns how many were written */
export async function writeSidecars(batches: readonly StoredBatch[], folder: string): Promise<number> {
  let count = 0
  for (const { file, bundle } of batches.flatMap((batch) => [...bundlesOf(batch)])) {
    await writeFileWhole(join(folder, sidecarName(file)), bundleText(bundle))
    count++
  }
  return count
}

/**
 * Writes copies of certificates with their bundles inside; those of a form that cannot carry one get a file beside them.
 * @returns how many were written
 */
export async function writeEmbedded(
  batches: readonly StoredBatch[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<number> {
  let count = 0
  for (const { file, bundle } of batches.flatMap((batch) => [...bundlesOf(batch)])) {
    const bytes = new Uint8Array(await readFileBounded(join(from, file)))
    const parsed = parseJson(bytes)
    const document = parsed.ok && isObject(parsed.value) ? withBundle(parsed.value, bundle) : null
    if (document === null) await writeFileWhole(join(to, sidecarName(file)), bundleText(bundle))
    await writeFileWhole(join(to, file), document === null ? bytes : `${JSON.stringify(document)}\n`)
    count++
  }
  return count
}
