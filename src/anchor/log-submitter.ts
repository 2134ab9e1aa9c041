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
  type SignedHead,
} from './log-folder.ts'
import { judgeCheckpoint, type LogPolicy } from './log-policy.ts'
import { isBy, readNote, readSignatureLine, signatureLine } from './note.ts'
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
      const { index } = receipt.state
      if (commitment?.length !== 32 || (index !== undefined && !Number.isSafeInteger(index)))
        throw new CertificateError('anchor.file_malformed', {
          kind: 'receipt of a log',
          what: receipt.commitment,
        })
      if (index === undefined) {
        const [place] = await appendEntries(log, [commitment])
        return { is: 'working', receipt: { ...receipt, state: { index: place! } } }
      }
      const witnessed = await witnessHead(log, { ...options, signal })
      if (!witnessed.isEnough) return { is: 'waiting', receipt, for: 'witnesses' }
      const proof = await proveEntry(log, Number(index), witnessed.checkpoint)
      return { is: 'final', receipt, anchor: { kind: 'tlog', proof } }
    },
  }
}

/** Asks all witnesses to sign the last head, and shows it to everybody once they are enough. */
export async function witnessHead(
  log: LogFolder,
  round: WitnessRound,
): Promise<{ readonly isEnough: boolean; readonly checkpoint: string }> {
  const head = await readHead(log)
  const answers = await Promise.all(round.witnesses.map((url) => askWitness(url, { log, head, round })))
  const checkpoint = head.note + answers.flat().join('')
  const judged = await judgeCheckpoint(checkpoint, round.policy)
  if (judged.ok) await publishHead(log, checkpoint)
  return { isEnough: judged.ok, checkpoint }
}

/** Bytes of an answer: a few signatures. */
const answerLimit = 65_536

interface Asking {
  readonly log: LogFolder
  readonly head: SignedHead
  readonly round: WitnessRound
}

/** The lines by which one witness signed; the size that it names in a conflict is where it is asked again from. */
async function askWitness(url: string, asking: Asking): Promise<readonly string[]> {
  const { log, head, round } = asking
  const { size } = head.checkpoint
  let oldSize = 0
  for (let attempt = 0; attempt < 2; attempt++) {
    const proof = await proveConsistency(log, oldSize, size)
    const body = witnessRequest(oldSize, proof, head.note)
    const answer = await exchange(`${url.replace(/\/+$/, '')}/add-checkpoint`, {
      fetch: round.fetch,
      body,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      maxBytes: answerLimit,
      signal: round.signal,
    })
    if (!answer.ok) {
      round.failed?.(url, answer.fault)
      return []
    }
    const text = utf8Text(answer.body) ?? ''
    if (answer.status === 200) {
      const lines = await goodLines(text, asking)
      if (lines.length === 0) round.failed?.(url, 'no signature of a known witness')
      return lines
    }
    const known = answer.status === 409 ? readDecimal(text.trim()) : null
    // What it saw is beyond the head: the log forgot what it signed, or another has its key.
    if (known === null || known === 0 || known > size) {
      round.failed?.(
        url,
        known !== null && known > size ? `it has seen ${known} entries` : `status ${answer.status}`,
      )
      return []
    }
    oldSize = known
  }
  round.failed?.(url, 'it has signed another head of this size')
  return []
}

/** Only what holds is taken over: a bad line under a known name would spoil the whole checkpoint. */
async function goodLines(text: string, { head, round }: Asking): Promise<readonly string[]> {
  const signed = readNote(head.note)!.text // the log's own head
  const lines: string[] = []
  for (const line of text.split('\n').slice(0, 16)) {
    const signature = readSignatureLine(line)
    const witness =
      signature === null ? undefined : round.policy.witnesses.find(({ key }) => isBy(signature, key))
    if (signature === null || witness === undefined) continue
    const { is } = await verifyNoteSignature(signed, signature, witness.key)
    if (is === 'good') lines.push(`${signatureLine(signature)}\n`)
  }
  return lines
}
