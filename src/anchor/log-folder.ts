/**
 * A transparency log in a folder: `public/` is served as it is (c2sp.org/tlog-tiles), `private/` has the key and the last
 * head that was signed. What a head stands on is on disk before it is signed, and the head before anybody sees it; after a
 * stop between any two writes the log goes on from the last signed head, so that there are never two.
 */
import { readFileSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bytes, equalBytes, toHex } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded, writeFileWhole } from '../base/files.ts'
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
import { consistencyPath, hashLeaf, inclusionPath, rootOf, type SubtreeReader, treeReader } from './tree.ts'

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
  const isThere = await readFile(join(folder, files.settings)).then(
    () => true,
    () => false,
  )
  if (isThere) throw new CertificateError('log.exists', { folder })
  const settings = { type: 'GradecertLog', version: 1, origin, secretKeyMultibase: signer.exportSecret() }
  await mkdir(join(folder, files.public), { recursive: true })
  await writeFileWhole(join(folder, files.settings), `${JSON.stringify(settings)}\n`, secret)
  return { folder, origin, signer: noteSigner(origin, signer) }
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
 * Appends entries and signs the head that holds them. An entry that is there already stays where it is.
 * @returns the index of each
 * @throws `log.damaged` where the tiles do not give the head that was signed
 */
export function appendEntries(log: LogFolder, entries: readonly Bytes[]): Promise<readonly number[]> {
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

/** The last head that was signed; of a log without entries that of an empty tree. */
export async function readHead(log: LogFolder): Promise<SignedHead> {
  const note = await readFile(join(log.folder, files.head), 'utf8').catch(
    (error: { readonly code?: string }) => {
      if (error.code === 'ENOENT') return null
      throw error
    },
  )
  if (note === null)
    return sign(log, { origin: log.origin, size: 0, root: rootOf(noSubtree, 0), extensions: [] })
  const head = await verified(log, note)
  if (head === null) throw new CertificateError('log.damaged', { folder: log.folder, what: files.head })
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
 */
export function publishHead(log: LogFolder, checkpoint: string): Promise<void> {
  return withLock(join(log.folder, files.lock), async () => {
    const next = await verified(log, checkpoint)
    const signed = await readHead(log)
    const shown = await readPublished(log)
    const isOurs = next !== null && next.checkpoint.size <= signed.checkpoint.size
    if (!isOurs) throw new CertificateError('log.head_refused', { folder: log.folder })
    if (shown !== null && shown.checkpoint.size > next.checkpoint.size) return
    await writeFileWhole(join(log.folder, files.public, 'checkpoint'), checkpoint, { durable: true })
  })
}

/** The head that everybody sees; `null` before the first. */
export async function readPublished(log: LogFolder): Promise<SignedHead | null> {
  const note = await readFile(join(log.folder, files.public, 'checkpoint'), 'utf8').catch(() => null)
  return note === null ? null : verified(log, note)
}

const files = {
  settings: 'private/log.json',
  head: 'private/head',
  lock: 'private/lock',
  public: 'public',
} as const
const secret = { mode: 0o600, durable: true } as const

const noSubtree: SubtreeReader = () => {
  throw new RangeError('an empty tree')
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

/** Writes the new tiles, then signs, then keeps what was signed. */
async function grow(log: LogFolder, head: SignedHead, entries: readonly Bytes[]): Promise<void> {
  const { folder } = log
  const oldSize = head.checkpoint.size
  const size = entries.length
  const leaves = entries.map(hashLeaf)
  const read = treeReader(leaves)
  if (!equalBytes(rootOf(read, oldSize), head.checkpoint.root))
    throw new CertificateError('log.damaged', { folder, what: `root of ${oldSize}` })
  for (const name of newTiles(oldSize, size)) {
    const from = name.index * tileWidth
    const bytes =
      name.level === 'entries' ? entryBundle(entries.slice(from, from + name.width)) : tileBytes(name, read)
    await writeFileWhole(join(folder, files.public, tilePath(name)), bytes, { durable: true })
  }
  const next = await sign(log, { origin: log.origin, size, root: rootOf(read, size), extensions: [] })
  await writeFileWhole(join(folder, files.head), next.note, secret)
}

/** Full subtrees of the log as it was at a size, out of its tiles. */
function subtreesOf({ folder }: LogFolder, size: number): SubtreeReader {
  const read = new Map<string, Bytes>()
  return tileSubtrees(size, (name) => {
    const path = tilePath(name)
    const bytes = read.get(path) ?? readTile(folder, name)
    read.set(path, bytes)
    return bytes
  })
}

/** A tile that was partial at one size may be there only in its full width since. */
function readTile(folder: string, name: TileName): Bytes {
  const at = (one: TileName) => new Uint8Array(readFileSync(join(folder, files.public, tilePath(one))))
  try {
    return at(name)
  } catch (cause) {
    if (name.width === tileWidth)
      throw new CertificateError('log.damaged', { folder, what: tilePath(name) }, { cause })
    return readTile(folder, { ...name, width: tileWidth })
  }
}

/** The entries that the signed head holds. What a stopped run wrote beyond them is written again. */
async function readEntries({ folder }: LogFolder, size: number): Promise<readonly Bytes[]> {
  const entries: Bytes[] = []
  for (let index = 0; index * tileWidth < size; index++) {
    const width = Math.min(tileWidth, size - index * tileWidth)
    const name: TileName = { level: 'entries', index, width }
    const bundle = entriesIn(readTile(folder, name))
    if (bundle === null || bundle.length < width)
      throw new CertificateError('log.damaged', { folder, what: tilePath(name) })
    entries.push(...bundle.slice(0, width))
  }
  return entries
}
