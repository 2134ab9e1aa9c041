/** What kind of file the bytes are, and their text. Decided by content: names and extensions are often wrong. */
import type { Bytes } from '../base/bytes.ts'
import type { Detail } from '../base/message.ts'
import type { FindingCode } from './codes.ts'
import type { Finding } from './finding.ts'
import { limits } from './source-row.ts'

export type TextEncoding = 'utf-8' | 'utf-8-bom' | 'gb18030' | 'utf-16le' | 'utf-16be'
export type Encoding = TextEncoding | 'xlsx'

/** A file that cannot be read at all, and why. */
export interface Refusal {
  readonly ok: false
  readonly finding: Finding
}

export const refuse = (code: FindingCode, detail: Detail = {}): Refusal => ({
  ok: false,
  finding: { code, detail },
})

export type Opened =
  | { readonly ok: true; readonly kind: 'xlsx' }
  | {
      readonly ok: true
      readonly kind: 'csv' | 'jsonl'
      readonly encoding: TextEncoding
      readonly text: string
      /** The file ends in the middle of a character, which is left out of the text. */
      readonly cut: boolean
    }
  | Refusal

export function openBytes(bytes: Bytes): Opened {
  if (bytes.length === 0) return refuse('FILE_EMPTY')
  if (bytes.length > limits.fileBytes)
    return refuse('FILE_TOO_LARGE', { limit: limits.fileBytes / 1_048_576 })
  const signature = signatures.find(({ magic }) => magic.every((byte, at) => bytes[at] === byte))
  if (signature?.kind === 'xlsx') return { ok: true, kind: 'xlsx' }
  if (signature !== undefined) return refuse(signature.code, { what: signature.what })
  const decoded = decode(bytes)
  return decoded.ok ? openText(decoded) : decoded
}

type Signature = { readonly magic: readonly number[] } & (
  | { readonly kind: 'xlsx' }
  | { readonly kind: 'other'; readonly code: FindingCode; readonly what: string }
)

/** First bytes of files that are no text. */
const signatures: readonly Signature[] = [
  { magic: [0x50, 0x4b, 0x03, 0x04], kind: 'xlsx' },
  {
    magic: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    kind: 'other',
    code: 'FILE_OLD_EXCEL',
    what: 'OLE',
  },
  { magic: [0x25, 0x50, 0x44, 0x46], kind: 'other', code: 'FILE_BINARY', what: 'PDF' },
  { magic: [0x1f, 0x8b], kind: 'other', code: 'FILE_BINARY', what: 'gzip' },
  { magic: [0x37, 0x7a, 0xbc, 0xaf], kind: 'other', code: 'FILE_BINARY', what: '7z' },
  { magic: [0x52, 0x61, 0x72, 0x21], kind: 'other', code: 'FILE_BINARY', what: 'RAR' },
  { magic: [0x89, 0x50, 0x4e, 0x47], kind: 'other', code: 'FILE_BINARY', what: 'PNG' },
  { magic: [0xff, 0xd8, 0xff], kind: 'other', code: 'FILE_BINARY', what: 'JPEG' },
]

interface Decoded {
  readonly ok: true
  readonly encoding: TextEncoding
  readonly text: string
  readonly cut: boolean
}

/** A byte order mark decides; otherwise strict UTF-8 first, then strict GB18030. */
function decode(bytes: Bytes): Decoded | Refusal {
  const marked = byteOrderMarks.find(({ mark }) => mark.every((byte, at) => bytes[at] === byte))
  if (marked !== undefined) {
    const { encoding, label, mark } = marked
    const decoded = decodeStrictly(bytes.subarray(mark.length), label)
    if (decoded === null) return refuse('FILE_ENCODING')
    return decoded.text.includes('\0')
      ? refuse('FILE_BINARY', { what: 'NUL' })
      : { ok: true, encoding, ...decoded }
  }
  if (bytes.includes(0)) return nulFault(bytes)
  for (const encoding of ['utf-8', 'gb18030'] as const) {
    const decoded = decodeStrictly(bytes, encoding)
    if (decoded !== null) return { ok: true, encoding, ...decoded }
  }
  return refuse('FILE_ENCODING')
}

const byteOrderMarks: readonly {
  readonly mark: readonly number[]
  readonly encoding: TextEncoding
  readonly label: string
}[] = [
  { mark: [0xef, 0xbb, 0xbf], encoding: 'utf-8-bom', label: 'utf-8' },
  { mark: [0xff, 0xfe], encoding: 'utf-16le', label: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be', label: 'utf-16be' },
  { mark: [0x84, 0x31, 0x95, 0x33], encoding: 'gb18030', label: 'gb18030' },
]

/** A character that the end of the file cuts off is told apart from bytes that are wrong: only the decoder's flush fails. */
function decodeStrictly(
  bytes: Bytes,
  label: string,
): { readonly text: string; readonly cut: boolean } | null {
  const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true })
  let text: string
  try {
    text = decoder.decode(bytes, { stream: true })
  } catch {
    return null
  }
  try {
    return { text: text + decoder.decode(), cut: false }
  } catch {
    return { text, cut: true }
  }
}

/** NUL bytes on one side of every pair are UTF-16 of mostly ASCII; anywhere else they are no text. */
function nulFault(bytes: Bytes): Refusal {
  const nul = [0, 0]
  const sample = bytes.subarray(0, 65_536)
  for (let at = 0; at < sample.length; at++) {
    if (sample[at] === 0) nul[at % 2] = (nul[at % 2] ?? 0) + 1
  }
  const [even = 0, odd = 0] = nul
  const oneSided = Math.min(even, odd) * 20 <= Math.max(even, odd)
  if (oneSided && (even + odd) * 20 >= sample.length) {
    return refuse('FILE_UTF16_NO_BOM', { encoding: odd > even ? 'UTF-16LE' : 'UTF-16BE' })
  }
  return refuse('FILE_BINARY', { what: 'NUL' })
}

function openText(decoded: Decoded): Opened {
  const head = decoded.text.slice(0, 1024).trimStart().toLowerCase()
  if (head === '') return refuse('FILE_EMPTY')
  if (/^<(?:!doctype|html|head|body|meta|style|table|\?xml)/.test(head)) return refuse('FILE_HTML')
  if (/^\[\s*[{\]]/.test(head)) return refuse('FILE_JSON_ARRAY')
  return { ...decoded, kind: head.startsWith('{') ? 'jsonl' : 'csv' }
}
