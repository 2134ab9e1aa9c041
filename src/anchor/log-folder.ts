/**
 * A transparency log in a folder: `public/` is served as it is (c2sp.org/tlog-tiles), `private/` has the key and the last
 * head that was signed. What a head stands on is on disk before it is signed, and the head before anybody sees it; after a
 * stop between any two writes the log goes on from the last signed head, so that there are never two.
 */
import { readFileSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Bytes, equalBytes, toHex } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded, syncFolders, writeFileWhole } from '../base/files.ts'
import { isObject, parseJson } from '../base/json.ts'
import { withLock } from '../base/lock.ts'
import { type GeneratedSigner, signerOfSecret } from '../key/signer.ts'
import { type Checkpoint, checkpointText, readCheckpoint } from './checkpoint.ts'
import { logProofText } from './log-proof.ts'
import { isKeyName, readNote } from './note.ts'
import { type NoteSigner, noteSigner, signNote, verifyNoteSignature } from './note-signature.ts'
import {
  entriesIn,
  entryBundle,
  newTiles,
  type TileName,
  tileBytes,
  tilePath,
  tileSubtrees,
  tileWidth,
} from './tiles.ts'
import {
  consistencyPath,
  hashLeaf,
  inclusionPath,
  rootOf,
  rootOfNothing,
  type SubtreeReader,
  treeReader,
} from './tree.ts'

export interface LogFolder {
  readonly folder: string
  readonly origin: string
  readonly signer: NoteSigner
}

/** A head with the note that the log signed. */
export interface SignedHead {
  readonly checkpoint: Checkpoint
  readonly note: string
}

/** Makes a log. @throws `log.exists`, `log.origin_malformed` */
export async function createLog(
  folder: string,
  { origin, signer }: { readonly origin: string; readonly signer: GeneratedSigner },
): Promise<LogFolder> {
  if (!isKeyName(origin)) throw new CertificateError('log.origin_malformed', { origin })
  const settings = { type: 'GradecertLog', version: 1, origin, secretKeyMultibase: signer.exportSecret() }
  await mkdir(join(folder, files.public), { recursive: true })
  await mkdir(join(folder, files.private), { recursive: true, mode: 0o700 })
  return withLock(join(folder, files.lock), async () => {
    if ((await readIfThere(join(folder, files.settings))) !== null)
      throw new CertificateError('log.exists', { folder })
    await writeFileWhole(join(folder, files.settings), `${JSON.stringify(settings)}\n`, secret)
    await syncFolders(folder, dirname(resolve(folder)))
    return { folder, origin, signer: noteSigner(origin, signer) }
  })
}

/** @throws `log.not_found`, `anchor.file_malformed` */
export async function openLog(folder: string): Promise<LogFolder> {
  const bytes = await readFileBounded(join(folder, files.settings)).catch((cause) => {
    throw new CertificateError('log.not_found', { folder }, { cause })
  })
  const parsed = parseJson(new Uint8Array(bytes))
  const { type, origin, secretKeyMultibase } = parsed.ok && isObject(parsed.value) ? parsed.value : {}
  if (type !== 'GradecertLog' || typeof origin !== 'string' || typeof secretKeyMultibase !== 'string')
    throw new CertificateError('anchor.file_malformed', { kind: 'log', what: folder })
  return { folder, origin, signer: noteSigner(origin, signerOfSecret(secretKeyMultibase)) }
}

/**
 * Appends entries and signs the head that holds them. An entry that is there already stays where it is. Takes time in
 * proportion to the entries that are there: all of them are read and hashed before anything is signed.
 * @returns the index of each
 * @throws `log.entry_too_long`, and `log.damaged` where the tiles do not give the head that was signed
 */
export async function appendEntries(log: LogFolder, entries: readonly Bytes[]): Promise<readonly number[]> {
  const long = entries.find(({ length }) => length > entryLimit)
  if (long !== undefined) throw new CertificateError('log.entry_too_long', { bytes: long.length })
  return withLock(join(log.folder, files.lock), async () => {
    const head = await readHead(log)
    const known = await readEntries(log, head.checkpoint.size)
    const places = new Map(known.map((entry, index) => [toHex(entry), index]))
    const fresh: Bytes[] = []
    for (const entry of entries) {
      if (places.has(toHex(entry))) continue
      places.set(toHex(entry), known.length + fresh.length)
      fresh.push(entry)
    }
    if (fresh.length > 0) await grow(log, head, [...known, ...fresh])
    return entries.map((entry) => places.get(toHex(entry))!) // each was found or placed
  })
}

/**
 * The last head that was signed; of a log without entries that of an empty tree.
 * @throws `log.damaged` where it is not there as it was signed, or is older than the one that everybody sees
 */
export async function readHead(log: LogFolder): Promise<SignedHead> {
  // In this order: a head is signed before it is shown, so that an append between the two reads does no harm.
  const shown = await readPublished(log)
  const note = await readIfThere(join(log.folder, files.head))
  const head =
    note === null
      ? await sign(log, { origin: log.origin, size: 0, root: rootOfNothing, extensions: [] })
      : await verified(log, note)
  // Whoever went on from an older copy of the folder would sign a second head beside the one that is shown.
  if (head === null || (shown?.checkpoint.size ?? 0) > head.checkpoint.size) throw damaged(log, files.head)
  return head
}

/** The text of a proof for an entry, under a head of this log with whatever signatures it has. */
export async function proveEntry(log: LogFolder, index: number, checkpoint: string): Promise<string> {
  const { size } = readCheckpoint(readNote(checkpoint)!.text)! // the caller's own, which was judged
  const read = subtreesOf(log, size)
  return logProofText({ index, path: inclusionPath(read, index, size), checkpoint })
}

/** The proof that a head continues an older one. */
export async function proveConsistency(
  log: LogFolder,
  oldSize: number,
  size: number,
): Promise<readonly Bytes[]> {
  return consistencyPath(subtreesOf(log, size), oldSize, size)
}

/**
 * Shows a head of this log to everybody, with the signatures of witnesses. One that is shown is only followed by a larger
 * one, or by itself with other signatures.
 * @throws `log.head_refused` for what is no head of this log's tree
 */
export function publishHead(log: LogFolder, checkpoint: string): Promise<void> {
  return withLock(join(log.folder, files.lock), async () => {
    const next = await verified(log, checkpoint)
    const signed = await readHead(log)
    const shown = await readPublished(log)
    if (next === null || !isPrefix(log, next.checkpoint, signed.checkpoint))
      throw new CertificateError('log.head_refused', { folder: log.folder })
    if (shown !== null && shown.checkpoint.size > next.checkpoint.size) return
    await writeFileWhole(join(log.folder, files.checkpoint), checkpoint, { durable: true })
  })
}

/** The head that everybody sees; `null` before the first. @throws `log.damaged` where the log did not sign it */
export async function readPublished(log: LogFolder): Promise<SignedHead | null> {
  const note = await readIfThere(join(log.folder, files.checkpoint))
  const shown = note === null ? null : await verified(log, note)
  if (note !== null && shown === null) throw damaged(log, files.checkpoint)
  return shown
}

const files = {
  private: 'private',
  settings: 'private/log.json',
  head: 'private/head',
  lock: 'private/lock',
  public: 'public',
  checkpoint: 'public/checkpoint',
} as const
const secret = { mode: 0o600, durable: true } as const

/** Bytes of an entry: its length stands before it in two. */
const entryLimit = 65_535

const damaged = ({ folder }: LogFolder, what: string, cause?: unknown): Error =>
  new CertificateError('log.damaged', { folder, what }, { cause })

/** `null` only for a file that is not there: one that cannot be read is no reason to begin anew. */
async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'ENOENT') return null
    throw error
  }
}

async function sign({ signer }: LogFolder, checkpoint: Checkpoint): Promise<SignedHead> {
  return { checkpoint, note: await signNote(checkpointText(checkpoint), [signer], 0) }
}

/** A note as a head of this log; `null` where the log did not sign it. */
async function verified({ origin, signer }: LogFolder, note: string): Promise<SignedHead | null> {
  const read = readNote(note)
  const checkpoint = read === null ? null : readCheckpoint(read.text)
  const own = read?.signatures.find(
    ({ name, keyId }) => name === signer.key.name && keyId === signer.key.keyId,
  )
  if (read === null || checkpoint?.origin !== origin || own === undefined) return null
  const { is } = await verifyNoteSignature(read.text, own, signer.key)
  return is === 'good' ? { checkpoint, note } : null
}

/** Whether the tree of a head is what the log's own tree was at that size. */
function isPrefix(log: LogFolder, { size, root }: Checkpoint, own: Checkpoint): boolean {
  return size <= own.size && equalBytes(rootOf(subtreesOf(log, own.size), size), root)
}

/** Writes the new tiles, then signs, then keeps what was signed. */
async function grow(log: LogFolder, head: SignedHead, entries: readonly Bytes[]): Promise<void> {
  const { folder } = log
  const oldSize = head.checkpoint.size
  const size = entries.length
  const leaves = entries.map(hashLeaf)
  const read = treeReader(leaves)
  if (!equalBytes(rootOf(read, oldSize), head.checkpoint.root)) throw damaged(log, `root of ${oldSize}`)
  const folders = new Set<string>()
  for (const name of newTiles(oldSize, size)) {
    const from = name.index * tileWidth
    const bytes =
      name.level === 'entries' ? entryBundle(entries.slice(from, from + name.width)) : tileBytes(name, read)
    const path = join(folder, files.public, tilePath(name))
    await writeFileWhole(path, bytes, { durable: true })
    folders.add(dirname(path))
  }
  for (const one of folders) await syncFolders(one, folder)
  const next = await sign(log, { origin: log.origin, size, root: rootOf(read, size), extensions: [] })
  await writeFileWhole(join(folder, files.head), next.note, secret)
}

/** Full subtrees of the log as it was at a size, out of its tiles. */
function subtreesOf(log: LogFolder, size: number): SubtreeReader {
  const read = new Map<string, Bytes>()
  return tileSubtrees(size, (name) => {
    const path = tilePath(name)
    const bytes = read.get(path) ?? readTile(log, name)
    read.set(path, bytes)
    return bytes
  })
}

/** A tile that was partial at one size may be there only in its full width since. */
function readTile(log: LogFolder, name: TileName): Bytes {
  const at = (one: TileName) => new Uint8Array(readFileSync(join(log.folder, files.public, tilePath(one))))
  try {
    return at(name)
  } catch (cause) {
    if (name.width === tileWidth) throw damaged(log, tilePath(name), cause)
    return readTile(log, { ...name, width: tileWidth })
  }
}

/** The entries that the signed head holds. What a stopped run wrote beyond them is written again. */
async function readEntries(log: LogFolder, size: number): Promise<readonly Bytes[]> {
  const entries: Bytes[] = []
  for (let index = 0; index * tileWidth < size; index++) {
    const width = Math.min(tileWidth, size - index * tileWidth)
    const name: TileName = { level: 'entries', index, width }
    const bundle = entriesIn(readTile(log, name))
    if (bundle === null || bundle.length < width) throw damaged(log, tilePath(name))
    entries.push(...bundle.slice(0, width))
  }
  return entries
}
