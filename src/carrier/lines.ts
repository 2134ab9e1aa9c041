/** Files with a certificate a line: a document, or a token as it is or as JSON text. */
import { type Bytes, concat, utf8 } from '../base/bytes.ts'
import { parseJson } from '../base/json.ts'
import { certificateLimit } from './names.ts'

export interface TextLine {
  /** Its number, from 1. */
  readonly line: number
  readonly bytes: Bytes
}

/** The texts of a file of any size. An empty line is none; one that is too long is cut, and judged as it is. */
export async function* textLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine> {
  let line = 0
  for await (const bytes of linesOf(pieces)) {
    line++
    if (bytes.length > 0) yield { line, bytes: bytes[0] === quote ? (tokenIn(bytes) ?? bytes) : bytes }
  }
}

const quote = 0x22

function tokenIn(line: Bytes): Bytes | null {
  const parsed = parseJson(line)
  return parsed.ok && typeof parsed.value === 'string' ? utf8(parsed.value) : null
}

/** Lines without their ends; of each no more than a certificate may have, and one byte that says so. */
async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Bytes> {
  let rest: Bytes = new Uint8Array()
  for await (const piece of pieces) {
    let start = 0
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, start)) {
      yield withoutReturn(joined(rest, piece.subarray(start, end)))
      rest = new Uint8Array()
      start = end + 1
    }
    rest = joined(rest, piece.subarray(start))
  }
  if (rest.length > 0) yield withoutReturn(rest)
}

const joined = (rest: Bytes, more: Uint8Array): Bytes =>
  concat(rest, new Uint8Array(more.subarray(0, certificateLimit + 1 - rest.length)))

const withoutReturn = (line: Bytes): Bytes => (line.at(-1) === 13 ? line.subarray(0, -1) : line)
