/** Which logs a verifier knows and how many of which witnesses are enough: a c2sp.org/tlog-policy file, read verbatim. */
import { CodedError } from '../base/coded-error.ts'
import { chainsErrors } from '../base/errors-chains.ts'
import { type Checkpoint, readCheckpoint, readDecimal } from './checkpoint.ts'
import { isBy, isSameNoteKey, type NoteKey, type NoteSignature, readNote, readNoteKey } from './note.ts'
import { verifyNoteSignature } from './note-signature.ts'

export interface LogPolicy {
  readonly logs: readonly KnownLog[]
  readonly witnesses: readonly KnownWitness[]
  /** `null` where the log's own signature is enough, which gives no time. */
  readonly quorum: Quorum | null
}

export interface KnownLog {
  readonly key: NoteKey
  /** The first line of its checkpoints. */
  readonly origin: string
  readonly url?: string
}

export interface KnownWitness {
  /** What the policy calls it. */
  readonly name: string
  readonly key: NoteKey
  readonly url?: string
}

export type Quorum =
  | { readonly witness: string }
  /** At least `threshold` of the members. */
  | { readonly threshold: number; readonly members: readonly Quorum[] }

export interface LogPolicyOptions {
  /** Origins by key name, of logs whose checkpoints do not begin with their key's name, as go.sum's do not. */
  readonly origins?: Readonly<Record<string, string>>
}

/** Reads a policy. @throws `anchor.file_malformed` with the number of the line */
export function readLogPolicy(text: string, { origins = {} }: LogPolicyOptions = {}): LogPolicy {
  if (text.length > policyLimit) throw malformed('too long')
  if (/[^\P{Cc}\t\n]/u.test(text)) throw malformed('a control character')
  const logs: KnownLog[] = []
  const witnesses: KnownWitness[] = []
  const named = new Map<string, Quorum>()
  const grouped = new Set<string>()
  let quorum: Quorum | null | undefined
  for (const [i, line] of text.split('\n').entries()) {
    const [keyword, ...words] = line.split(/[ \t]+/).filter((word) => word !== '')
    if (keyword === undefined || keyword.startsWith('#')) continue
    const refuse = (what: string) => malformed(`line ${i + 1}: ${what}`)
    const newKey = (vkey: string | undefined, isLog: boolean): NoteKey => {
      const key = readNoteKey(vkey ?? '')
      if (key === null || (key.algorithm === 'Ed25519') !== isLog) throw refuse('no key for this')
      const isKnown = [...logs, ...witnesses].some((other) => sharesKey(other.key, key))
      if (isKnown) throw refuse('a key that is there already')
      return key
    }
    const newName = (name: string | undefined): string => {
      if (name === undefined || name === 'none' || named.has(name)) throw refuse('no new name')
      return name
    }
    if (keyword === 'log' && words.length <= 2) {
      const key = newKey(words[0], true)
      const origin = Object.hasOwn(origins, key.name) ? (origins[key.name] as string) : key.name
      logs.push({ key, origin, ...(words[1] !== undefined && { url: words[1] }) })
    } else if (keyword === 'witness' && words.length <= 3) {
      const name = newName(words[0])
      const key = newKey(words[1], false)
      witnesses.push({ name, key, ...(words[2] !== undefined && { url: words[2] }) })
      named.set(name, { witness: name })
    } else if (keyword === 'group') {
      const [first, threshold = '', ...members] = words
      const name = newName(first)
      const quorums = members.map((member) => {
        const known = named.get(member)
        if (known === undefined || grouped.has(member)) throw refuse(`no member ${member}`)
        grouped.add(member)
        return known
      })
      const count = threshold === 'all' ? members.length : threshold === 'any' ? 1 : readDecimal(threshold)
      if (count === null || count < 1 || count > members.length) throw refuse('no such threshold')
      named.set(name, { threshold: count, members: quorums })
    } else if (keyword === 'quorum' && words.length === 1) {
      if (quorum !== undefined) throw refuse('a second quorum')
      quorum = words[0] === 'none' ? null : named.get(words[0] as string)
      if (quorum === undefined) throw refuse('an unknown name')
    } else throw refuse('not understood')
    if (logs.length + witnesses.length + named.size > entryLimit) throw refuse('too many')
  }
  if (quorum === undefined) throw malformed('no quorum')
  return { logs, witnesses, quorum }
}

export type LogFault =
  | 'note_malformed'
  | 'checkpoint_malformed'
  /** No log of the policy signed it. */
  | 'log_unknown'
  /** A signature by a known key that does not hold: the whole note is not to be believed. */
  | 'signature_bad'
  | 'quorum_not_met'
  | 'proof_malformed'
  | 'not_included'

export type CheckpointJudgement =
  | {
      readonly ok: true
      readonly checkpoint: Checkpoint
      readonly log: NoteKey
      /** Seconds since 1970: the earliest time by which enough witnesses had seen it. Absent where none are asked for. */
      readonly existedBy?: number
      /** Names of the witnesses by which the quorum is met at that time. */
      readonly witnesses: readonly string[]
    }
  | { readonly ok: false; readonly reason: LogFault }

/**
 * Judges a checkpoint with its signatures: a log's and those of enough witnesses. Unknown keys are passed over. All
 * certificates of a batch carry the same one, so the last few are kept.
 */
export function judgeCheckpoint(source: string, policy: LogPolicy): Promise<CheckpointJudgement> {
  const known = judgements.get(policy) ?? new Map<string, Promise<CheckpointJudgement>>()
  judgements.set(policy, known)
  const judging = known.get(source) ?? judgeOnce(source, policy)
  if (known.size >= judgementLimit) known.clear()
  known.set(source, judging)
  return judging
}

const judgements = new WeakMap<LogPolicy, Map<string, Promise<CheckpointJudgement>>>()
const judgementLimit = 64

async function judgeOnce(source: string, policy: LogPolicy): Promise<CheckpointJudgement> {
  const refuse = (reason: LogFault): CheckpointJudgement => ({ ok: false, reason })
  const note = readNote(source)
  if (note === null) return refuse('note_malformed')
  const { text, signatures } = note
  const checkpoint = readCheckpoint(text)
  if (checkpoint === null) return refuse('checkpoint_malformed')
  const verdictsOf = (key: NoteKey) =>
    Promise.all(
      signatures
        .filter((one) => isBy(one, key))
        .map((one: NoteSignature) => verifyNoteSignature(text, one, key)),
    )
  const log = policy.logs.find(
    ({ key, origin }) => origin === checkpoint.origin && signatures.some((one) => isBy(one, key)),
  )
  if (log === undefined) return refuse('log_unknown')
  if ((await verdictsOf(log.key)).some(({ is }) => is !== 'good')) return refuse('signature_bad')
  const seen = new Map<string, number>()
  for (const { name, key } of policy.witnesses) {
    for (const verdict of await verdictsOf(key)) {
      if (verdict.is === 'bad') return refuse('signature_bad')
      // A witness counts once, by the first time that it says. A time of zero is none (tlog-cosignature).
      if (verdict.is === 'good' && verdict.at)
        seen.set(name, Math.min(verdict.at, seen.get(name) ?? verdict.at))
    }
  }
  const found = { ok: true, checkpoint, log: log.key } as const
  if (policy.quorum === null) return { ...found, witnesses: [] }
  const times = [...new Set(seen.values())].toSorted((a, b) => a - b)
  for (const existedBy of times) {
    const witnesses = [...seen].flatMap(([name, at]) => (at <= existedBy ? [name] : []))
    if (isMet(policy.quorum, new Set(witnesses))) return { ...found, existedBy, witnesses }
  }
  return refuse('quorum_not_met')
}

const isMet = (quorum: Quorum, by: ReadonlySet<string>): boolean =>
  'witness' in quorum
    ? by.has(quorum.witness)
    : quorum.members.filter((member) => isMet(member, by)).length >= quorum.threshold

/** One key under another name or for another purpose is still one key. */
const sharesKey = (a: NoteKey, b: NoteKey): boolean => isSameNoteKey({ ...a, algorithm: b.algorithm }, b)

/** Characters: 64 keys of ML-DSA-44 take 120 kB. */
const policyLimit = 262_144
/** Logs, witnesses and groups together. */
const entryLimit = 512

const malformed = (what: string): CodedError<'anchor.file_malformed'> =>
  new CodedError(chainsErrors['anchor.file_malformed'], 'anchor.file_malformed', {
    kind: 'tlog-policy',
    what,
  })
