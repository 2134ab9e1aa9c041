/**
 * Signed notes (c2sp.org/signed-note v1.0.0): a text, an empty line, and signature lines, each by a named key. Logs sign
 * their checkpoints so, witnesses co-sign them, and institutions sign what they know of a chain.
 */
import {
  type Bytes,
  concat,
  equalBytes,
  fromBase64,
  fromHex,
  toBase64,
  toHex,
  utf8,
  utf8Text,
} from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'

export interface Note {
  /** What is signed; ends with a line break. */
  readonly text: string
  /** In their order there; at most 64. */
  readonly signatures: readonly NoteSignature[]
}

export interface NoteSignature {
  readonly name: string
  /** Eight characters of hex. */
  readonly keyId: string
  /** What follows the key's id: its shape depends on the algorithm. */
  readonly signature: Bytes
}

/** A public key as `vkey` texts write it: name, key id, algorithm and key. */
export interface NoteKey {
  readonly name: string
  readonly keyId: string
  readonly algorithm: NoteAlgorithm
  readonly key: Bytes
}

export type NoteAlgorithm = keyof typeof noteAlgorithms

/** The byte before a key, and the bytes of the key. */
export const noteAlgorithms = {
  /** Over the text of the note. */
  Ed25519: { tag: 0x01, keyBytes: 32 },
  /** c2sp.org/tlog-cosignature: over the text and a time. */
  'cosignature/v1': { tag: 0x04, keyBytes: 32 },
  /** c2sp.org/tlog-cosignature: ML-DSA-44 over the checkpoint and a time. */
  'subtree/v1': { tag: 0x06, keyBytes: 1312 },
} as const

/** Signature lines of a note. */
export const signatureLimit = 64
/** Bytes of a note: a checkpoint with 64 ML-DSA-44 cosignatures takes 220 kB. */
const noteLimit = 262_144

/** Reads a note, believing nothing of it; `null` where it is none. */
export function readNote(source: Bytes | string): Note | null {
  if (source.length > noteLimit) return null
  const whole = typeof source === 'string' ? source : utf8Text(source)
  // Bytes below U+0020 other than line breaks are refused by the standard, and so is U+FFFD by us: it hides what was there.
  if (whole === null || /[^\P{Cc}\n]|\p{Surrogate}|\ufffd/u.test(whole) || !whole.endsWith('\n')) return null
  const end = whole.lastIndexOf('\n\n')
  if (end <= 0) return null
  const lines = whole.slice(end + 2, -1).split('\n')
  if (lines.length > signatureLimit) return null
  const signatures = lines.map(readSignatureLine)
  if (!signatures.every((signature) => signature !== null)) return null
  return { text: whole.slice(0, end + 1), signatures }
}

export const noteText = ({ text, signatures }: Note): string =>
  `${text}\n${signatures.map((signature) => `${signatureLine(signature)}\n`).join('')}`

/** A line of a signature, without line break. */
export const signatureLine = ({ name, keyId, signature }: NoteSignature): string =>
  `— ${name} ${toBase64(concat(fromHex(keyId)!, signature))}`

/** Reads one line of a signature; `null` where it is none. */
export function readSignatureLine(line: string): NoteSignature | null {
  const [, name, base64] = /^— (\S+) (\S+)$/u.exec(line) ?? []
  if (name === undefined || base64 === undefined || !isKeyName(name)) return null
  const bytes = fromBase64(base64)
  if (bytes === null || bytes.length < 5) return null
  return { name, keyId: toHex(bytes.subarray(0, 4)), signature: bytes.slice(4) }
}

/** Reads `name+id+base64`; `null` where it is no key, of an algorithm that we do not know, or its id is another's. */
export function readNoteKey(text: string): NoteKey | null {
  const [, name, keyId, base64] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? []
  const bytes = base64 === undefined ? null : fromBase64(base64)
  if (name === undefined || bytes === null || !isKeyName(name)) return null
  const algorithm = algorithmNames.find((one) => noteAlgorithms[one].tag === bytes[0])
  if (algorithm === undefined || bytes.length !== 1 + noteAlgorithms[algorithm].keyBytes) return null
  const key = noteKey(name, algorithm, bytes.slice(1))
  return key.keyId === keyId ? key : null
}

export const noteKeyText = ({ name, keyId, algorithm, key }: NoteKey): string =>
  `${name}+${keyId}+${toBase64(concat(tagOf(algorithm), key))}`

/** A key with its id: the first four bytes of SHA-256 over name, line break, algorithm and key. */
export function noteKey(name: string, algorithm: NoteAlgorithm, key: Bytes): NoteKey {
  const digest = sha256(concat(utf8(`${name}\n`), tagOf(algorithm), key))
  return { name, keyId: toHex(digest.subarray(0, 4)), algorithm, key }
}

/** Neither white space nor `+`, and not empty. */
export const isKeyName = (name: string): boolean => name.length <= 255 && /^[^\s+\p{Cc}]+$/u.test(name)

/** Whether a signature names this key. */
export const isBy = (signature: NoteSignature, key: NoteKey): boolean =>
  signature.name === key.name && signature.keyId === key.keyId

export const isSameNoteKey = (a: NoteKey, b: NoteKey): boolean =>
  a.algorithm === b.algorithm && equalBytes(a.key, b.key)

const algorithmNames = Object.keys(noteAlgorithms) as readonly NoteAlgorithm[]
const tagOf = (algorithm: NoteAlgorithm): Bytes => Uint8Array.of(noteAlgorithms[algorithm].tag)
