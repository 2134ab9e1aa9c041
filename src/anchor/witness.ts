/** What a witness answers (c2sp.org/tlog-witness v1.0.0): it signs a head only where that continues the last one it signed. */
import { type Bytes, equalBytes, fromBase64, toBase64, utf8Text } from '../base/bytes.ts'
import { type Checkpoint, readCheckpoint, readDecimal } from './checkpoint.ts'
import { isBy, type NoteKey, readNote, signatureLine } from './note.ts'
import { type NoteSigner, verifyNoteSignature } from './note-signature.ts'
import { isConsistent, pathLimit, rootOfNothing } from './tree.ts'

/** The last head of a log that a witness signed. */
export interface WitnessedHead {
  readonly size: number
  /** 32 bytes. */
  readonly root: Bytes
}

export interface WitnessState {
  /** The last head of a log, `null` before the first. */
  read(origin: string): Promise<WitnessedHead | null>
  /** Keeps a head for good. */
  keep(origin: string, head: WitnessedHead): Promise<void>
  /** Runs one thing after the other for a log, so that no two requests see the same last head. */
  alone<T>(origin: string, action: () => Promise<T>): Promise<T>
}

export interface WitnessOptions {
  /** Logs that it follows: the name of a key is the origin. */
  readonly logs: readonly NoteKey[]
  readonly signers: readonly NoteSigner[]
  readonly state: WitnessState
  /** Seconds since 1970. */
  readonly now: () => number
}

export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422
  readonly type: 'text/plain; charset=utf-8' | 'text/x.tlog.size'
  readonly body: string
}

/** Bytes of a request: 63 hashes and a checkpoint with its signatures. */
export const witnessRequestLimit = 65_536

/** Answers `POST add-checkpoint`. The new head is on disk before a signature of it leaves. */
export async function addCheckpoint(
  body: Bytes,
  { logs, signers, state, now }: WitnessOptions,
): Promise<WitnessAnswer> {
  const request = readRequest(body)
  if (request === null) return answer(400, 'not a request to add a checkpoint')
  const { checkpoint, oldSize, proof } = request
  const keys = logs.filter(({ name }) => name === checkpoint.origin)
  if (keys.length === 0) return answer(404, 'unknown log')
  if (!(await isSignedBy(request, keys))) return answer(403, 'no signature of the log')
  if (oldSize > checkpoint.size) return answer(400, 'the old size is above the new')
  return state.alone(checkpoint.origin, async () => {
    const last = await state.read(checkpoint.origin)
    if (oldSize !== (last?.size ?? 0)) return sizeConflict(last?.size ?? 0)
    if (last !== null && checkpoint.size === last.size && !equalBytes(checkpoint.root, last.root))
      return sizeConflict(last.size)
    const older = last ?? { size: 0, root: rootOfNothing }
    if (!isConsistent(older, checkpoint, proof)) return answer(422, 'it does not continue the last head')
    await state.keep(checkpoint.origin, { size: checkpoint.size, root: checkpoint.root })
    const lines: string[] = []
    for (const signer of signers) lines.push(`${signatureLine(await signer.sign(request.text, now()))}\n`)
    return { status: 200, type: 'text/plain; charset=utf-8', body: lines.join('') }
  })
}

/** The body of a request. */
export const witnessRequest = (oldSize: number, proof: readonly Bytes[], checkpoint: string): string =>
  [`old ${oldSize}`, ...proof.map(toBase64), '', checkpoint].join('\n')

interface WitnessRequest {
  readonly oldSize: number
  readonly proof: readonly Bytes[]
  readonly checkpoint: Checkpoint
  /** What is signed. */
  readonly text: string
  readonly signatures: NonNullable<ReturnType<typeof readNote>>['signatures']
}

function readRequest(body: Bytes): WitnessRequest | null {
  const whole = body.length > witnessRequestLimit ? null : utf8Text(body)
  const end = whole?.indexOf('\n\n') ?? -1
  if (whole === null || end < 0) return null
  const [first = '', ...lines] = whole.slice(0, end).split('\n')
  const oldSize = first.startsWith('old ') ? readDecimal(first.slice(4)) : null
  const proof = lines.map(fromBase64)
  const note = readNote(whole.slice(end + 2))
  const checkpoint = note === null ? null : readCheckpoint(note.text)
  if (oldSize === null || note === null || checkpoint === null || proof.length > pathLimit) return null
  if (!proof.every((hash) => hash?.length === 32)) return null
  return {
    oldSize,
    proof: proof as readonly Bytes[],
    checkpoint,
    text: note.text,
    signatures: note.signatures,
  }
}

/** Whether a trusted key of the log signed it, and none of them signed something else under its name. */
async function isSignedBy({ text, signatures }: WitnessRequest, keys: readonly NoteKey[]): Promise<boolean> {
  const own = signatures.flatMap((one) => keys.filter((key) => isBy(one, key)).map((key) => ({ one, key })))
  const verdicts = await Promise.all(own.map(({ one, key }) => verifyNoteSignature(text, one, key)))
  return verdicts.length > 0 && verdicts.every(({ is }) => is === 'good')
}

const answer = (status: Exclude<WitnessAnswer['status'], 200>, why: string): WitnessAnswer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${why}\n`,
})

const sizeConflict = (size: number): WitnessAnswer => ({
  status: 409,
  type: 'text/x.tlog.size',
  body: `${size}\n`,
})
