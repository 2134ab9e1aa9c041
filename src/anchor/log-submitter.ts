/** A log of one's own as a back-end: the commitment becomes an entry, and witnesses sign the head that holds it. */
import { fromHex, toHex, utf8Text } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { type ExchangeFetch, exchange } from '../base/exchange.ts'
import { readDecimal } from './checkpoint.ts'
import {
  appendEntries,
  type LogFolder,
  proveConsistency,
  proveEntry,
  publishHead,
  readHead,
  readPublished,
  type SignedHead,
} from './log-folder.ts'
import { judgeCheckpoint, type LogPolicy } from './log-policy.ts'
import { isBy, noteKeyText, readNote, readSignatureLine, signatureLimit, signatureLine } from './note.ts'
import { verifyNoteSignature } from './note-signature.ts'
import type { Submitter } from './submitter.ts'
import { witnessRequest } from './witness.ts'

export interface LogSubmitterOptions extends WitnessRound {
  readonly log: LogFolder
}

export interface WitnessRound {
  readonly policy: LogPolicy
  /** Submission prefixes of witnesses. */
  readonly witnesses: readonly string[]
  readonly fetch: ExchangeFetch
  /** Told of each witness that did not sign. */
  readonly failed?: (url: string, why: string) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * Waits for `witnesses` until as many as the policy asks for have signed, then is final at once.
 *
 * @example
 * const submitter = logSubmitter({ log: await openLog('log'), policy, witnesses: ['https://w1.example'], fetch })
 */
export function logSubmitter(options: LogSubmitterOptions): Submitter {
  const { log } = options
  return {
    kind: 'tlog',
    start: (commitment) => ({ kind: 'tlog', commitment: toHex(commitment), state: {} }),
    async advance(receipt, { signal } = {}) {
      const commitment = fromHex(receipt.commitment)
      if (commitment?.length !== 32)
        throw new CertificateError('anchor.receipt_malformed', { what: receipt.commitment })
      // What is there already stays where it is, so the log is asked each time, and a receipt of another one does no harm.
      const [index] = (await appendEntries(log, [commitment])) as readonly [number]
      if (receipt.state.index !== index) return { is: 'working', receipt: { ...receipt, state: { index } } }
      const checkpoint = (await shownWith(index, options)) ?? (await witnessed({ ...options, signal }))
      if (checkpoint === null) return { is: 'waiting', receipt, for: 'witnesses' }
      const proof = await proveEntry(log, index, checkpoint)
      return { is: 'final', receipt, anchor: { kind: 'tlog', proof } }
    },
  }
}

/** What everybody sees, where it holds an entry and enough witnesses signed it: the earliest time that there is. */
async function shownWith(index: number, { log, policy }: LogSubmitterOptions): Promise<string | null> {
  const shown = await readPublished(log)
  if (shown === null || shown.checkpoint.size <= index) return null
  return (await judgeCheckpoint(shown.note, policy)).ok ? shown.note : null
}

async function witnessed(options: LogSubmitterOptions): Promise<string | null> {
  const { isEnough, checkpoint } = await witnessHead(options.log, options)
  return isEnough ? checkpoint : null
}

/**
 * Asks all witnesses at once to sign the last head, and shows it to everybody once they are enough. Those that are late
 * then have a moment more: one that does not answer holds nobody up.
 */
export async function witnessHead(
  log: LogFolder,
  round: WitnessRound,
): Promise<{ readonly isEnough: boolean; readonly checkpoint: string; readonly size: number }> {
  const [head, shown] = [await readHead(log), await readPublished(log)]
  const enough = new AbortController()
  const signal = round.signal === undefined ? enough.signal : AbortSignal.any([round.signal, enough.signal])
  const asking: Asking = {
    log,
    head,
    round: { ...round, signal },
    // Those that signed what is shown will hardly know more.
    firstGuess: shown?.checkpoint.size ?? 0,
  }
  /** One line of each key, so that no answer crowds out the others. */
  const lines = new Map<string, string>()
  const withLines = () => head.note + [...lines.values()].slice(0, signatureLimit - 1).join('')
  const isEnough = async () => (await judgeCheckpoint(withLines(), round.policy)).ok
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    await Promise.all(
      round.witnesses.map(async (url) => {
        for (const [key, line] of await askWitness(url, asking)) lines.set(key, line)
        if (timer === undefined && (await isEnough())) timer ??= setTimeout(() => enough.abort(), lateness)
      }),
    )
  } finally {
    clearTimeout(timer)
  }
  const checkpoint = withLines()
  const isShown = await isEnough()
  if (isShown) await publishHead(log, checkpoint)
  return { isEnough: isShown, checkpoint, size: head.checkpoint.size }
}

/** Milliseconds for the witnesses that are not needed any more. */
const lateness = 250
/** Bytes of an answer: a few signatures. */
const answerLimit = 65_536
/** Times that one witness is asked: it may sign for somebody else in between. */
const attemptLimit = 3

interface Asking {
  readonly log: LogFolder
  readonly head: SignedHead
  readonly round: WitnessRound
  readonly firstGuess: number
}

/** The lines by which one witness signed, by key; the size that it names in a conflict is where it is asked again from. */
async function askWitness(url: string, asking: Asking): Promise<ReadonlyMap<string, string>> {
  const { log, head, round, firstGuess } = asking
  const { size } = head.checkpoint
  const fail = (why: string): ReadonlyMap<string, string> => {
    round.failed?.(url, why)
    return new Map()
  }
  let oldSize = firstGuess
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    const proof = await proveConsistency(log, oldSize, size)
    const answer = await exchange(`${url.replace(/\/+$/, '')}/add-checkpoint`, {
      fetch: round.fetch,
      body: witnessRequest(oldSize, proof, head.note),
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      maxBytes: answerLimit,
      signal: round.signal,
    })
    if (!answer.ok) return fail(round.signal?.aborted ? 'too_late' : answer.fault)
    const text = utf8Text(answer.body) ?? ''
    if (answer.status === 200) {
      const lines = await goodLines(text, asking)
      return lines.size === 0 ? fail('no signature of a known witness') : lines
    }
    const known = answer.status === 409 ? readDecimal(text.trim()) : null
    if (known === null) return fail(`status ${answer.status}`)
    // What it saw is beyond the head: the log forgot what it signed, or another has its key.
    if (known > size) return fail(`it has seen ${known} entries`)
    if (known === oldSize) return fail('it has signed another head of this size')
    oldSize = known
  }
  return fail('its size changes with every answer')
}

/** Only what holds is taken over: a bad line under a known name would spoil the whole checkpoint. */
async function goodLines(text: string, { head, round }: Asking): Promise<ReadonlyMap<string, string>> {
  const signed = readNote(head.note)!.text // the log's own head
  const lines = new Map<string, string>()
  for (const line of text.split('\n').slice(0, lineLimit)) {
    const signature = readSignatureLine(line)
    const witness =
      signature === null ? undefined : round.policy.witnesses.find(({ key }) => isBy(signature, key))
    if (signature === null || witness === undefined) continue
    const { is } = await verifyNoteSignature(signed, signature, witness.key)
    if (is === 'good') lines.set(noteKeyText(witness.key), `${signatureLine(signature)}\n`)
  }
  return lines
}

/** Lines of one answer that are looked at. */
const lineLimit = 16
