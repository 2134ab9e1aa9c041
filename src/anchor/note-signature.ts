/** Makes and verifies the signatures of notes, one row per algorithm. */
import { type Bytes, concat, utf8 } from '../base/bytes.ts'
import type { MaybePromise } from '../base/platform.ts'
import { verifyEd25519 } from '../key/ed25519.ts'
import type { Signer } from '../key/signer.ts'
import { cosignedMessage, cosignedText, timeBytes } from './cosignature.ts'
import { verifyMlDsa } from './ml-dsa.ts'
import {
  type NoteAlgorithm,
  type NoteKey,
  type NoteSignature,
  noteKey,
  noteKeyText,
  noteText,
} from './note.ts'

export interface NoteSigner {
  readonly key: NoteKey
  /** @param at seconds since 1970, of which cosignatures make a statement */
  sign(text: string, at: number): MaybePromise<NoteSignature>
}

/** Signs notes under a name with an Ed25519 key, over the text alone, as logs do. */
export function noteSigner(
  name: string,
  signer: Signer & { readonly publicKey: { readonly bytes: Bytes } },
): NoteSigner {
  const key = noteKey(name, 'Ed25519', signer.publicKey.bytes)
  return {
    key,
    sign: async (text) => ({ name, keyId: key.keyId, signature: await signer.sign(utf8(text)) }),
  }
}

/** The key of a signer as policies write it. */
export const vkeyOf = ({ key }: Pick<NoteSigner, 'key'>): string => noteKeyText(key)

/** The text with the signatures of some, in their order. */
export async function signNote(text: string, signers: readonly NoteSigner[], at: number): Promise<string> {
  const signatures: NoteSignature[] = []
  for (const signer of signers) signatures.push(await signer.sign(text, at))
  return noteText({ text, signatures })
}

export type NoteVerdict =
  /** `at`: seconds since 1970, of a cosignature. */
  | { readonly is: 'good'; readonly at?: number }
  | { readonly is: 'bad' }
  /** The library for the algorithm is not there. */
  | { readonly is: 'unsupported' }

/** Judges a signature by the key whose name and id it has. */
export async function verifyNoteSignature(
  text: string,
  { signature }: NoteSignature,
  { algorithm, name, key }: NoteKey,
): Promise<NoteVerdict> {
  const row = algorithms[algorithm]
  if (signature.length !== row.timeBytes + row.signatureBytes) return { is: 'bad' }
  const at = row.timeBytes === 0 ? undefined : readTime(signature)
  if (at === null) return { is: 'bad' }
  const message = row.message(text, name, at ?? 0)
  const holds = message === null ? false : await row.verify(signature.slice(row.timeBytes), message, key)
  if (holds === null) return { is: 'unsupported' }
  return holds ? { is: 'good', ...(at !== undefined && { at }) } : { is: 'bad' }
}

interface AlgorithmRow {
  /** Bytes of the time before the signature. */
  readonly timeBytes: 0 | 8
  readonly signatureBytes: number
  /** `null` where the text is none that is signed so. */
  readonly message: (text: string, name: string, at: number) => Bytes | null
  /** `null` where it cannot be found out. */
  readonly verify: (signature: Bytes, message: Bytes, key: Bytes) => MaybePromise<boolean | null>
}

const algorithms: Readonly<Record<NoteAlgorithm, AlgorithmRow>> = {
  Ed25519: { timeBytes: 0, signatureBytes: 64, message: (text) => utf8(text), verify: verifyEd25519 },
  'cosignature/v1': {
    timeBytes: 8,
    signatureBytes: 64,
    message: (text, _, at) => cosignedText(text, at),
    verify: verifyEd25519,
  },
  'subtree/v1': { timeBytes: 8, signatureBytes: 2420, message: cosignedMessage, verify: verifyMlDsa },
}

/** Big-endian seconds; `null` where they are beyond what a number can say. */
function readTime(signature: Bytes): number | null {
  const time = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0)
  return time > latestTime ? null : Number(time)
}

/** The end of the year 9999. */
const latestTime = 253_402_300_799n

/** A signature line of a cosignature: the time, then the signature. */
export const timedSignature = (key: NoteKey, at: number, signature: Bytes): NoteSignature => ({
  name: key.name,
  keyId: key.keyId,
  signature: concat(timeBytes(at), signature),
})
