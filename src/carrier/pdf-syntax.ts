/**
 * Values of a PDF (ISO 32000-1, section 7.3) from its bytes. Strict: what two readers might read as two things (a key twice,
 * a number that is none) is refused. Each byte that is looked at and each value that is made is paid from a purse, so that
 * a file of any shape ends.
 */
import { refuse } from './pdf-refusal.ts'

export type PdfValue =
  | null
  | boolean
  | number
  | PdfName
  | PdfText
  | PdfReference
  | PdfDictionary
  | PdfStream
  | readonly PdfValue[]

export interface PdfName {
  readonly kind: 'name'
  readonly name: string
}

/** A string: where it stands matters to nobody here, what it says neither. */
export interface PdfText {
  readonly kind: 'text'
}

export interface PdfReference {
  readonly kind: 'reference'
  readonly number: number
  readonly generation: number
}

export interface PdfDictionary {
  readonly kind: 'dictionary'
  readonly entries: ReadonlyMap<string, PdfValue>
}

export interface PdfStream {
  readonly kind: 'stream'
  readonly entries: ReadonlyMap<string, PdfValue>
  /** Where its data begins, in bytes of the file. */
  readonly start: number
}

/** What a file may still cost. */
export interface Purse {
  /** Bytes that may be looked at. */
  bytes: number
  /** Values that may be made. */
  values: number
  /** Bytes that streams may expand to. */
  expanded: number
}

/** A place in bytes. */
export interface Cursor {
  readonly bytes: Uint8Array
  at: number
  readonly purse: Purse
}

interface Keyword {
  readonly kind: 'keyword'
  readonly word: string
}

/** One value and nothing else: in front of it nothing but white space. */
export function readValue(cursor: Cursor): PdfValue {
  const item = readItem(cursor, 0)
  return isKeyword(item) ? refuse('damaged', `${item.word} where a value has to be`) : item
}

/** An object of its own, `12 0 obj … endobj`, at this place. */
export function readObject(cursor: Cursor): {
  readonly number: number
  readonly generation: number
  readonly value: PdfValue
} {
  const number = readWhole(cursor)
  const generation = readWhole(cursor)
  if (!takeWord(cursor, 'obj')) refuse('damaged', `no object where one has to be, at byte ${cursor.at}`)
  const [values, end] = readUntil(cursor, 0, objectEnds)
  if (values.length !== 1) refuse('damaged', `object ${number} has ${values.length} values`)
  const value = values[0] as PdfValue
  if (end === 'endobj') return { number, generation, value }
  if (!isDictionary(value)) refuse('damaged', `stream ${number} has no dictionary`)
  if (cursor.bytes[cursor.at] === 13) cursor.at++
  if (cursor.bytes[cursor.at++] !== 10)
    refuse('damaged', `stream ${number} does not begin on a line of its own`)
  return { number, generation, value: { kind: 'stream', entries: value.entries, start: cursor.at } }
}

const objectEnds: ReadonlySet<string> = new Set(['endobj', 'stream'])

/** A number that counts something. */
export function readWhole(cursor: Cursor): number {
  const value = readValue(cursor)
  return isWhole(value) ? value : refuse('damaged', `no number where one has to be, at byte ${cursor.at}`)
}

/** Steps over a word, where it is the next one. */
export function takeWord(cursor: Cursor, word: string): boolean {
  skipSpace(cursor)
  const { bytes, at } = cursor
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false
  const next = bytes[at + word.length]
  if (next !== undefined && classes[next] === regular) return false
  cursor.at += word.length
  pay(cursor, word.length)
  return true
}

export const isWhole = (value: PdfValue | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

export const isName = (value: PdfValue | undefined): value is PdfName => isKind(value, 'name')
export const isReference = (value: PdfValue | undefined): value is PdfReference => isKind(value, 'reference')
export const isDictionary = (value: PdfValue | undefined): value is PdfDictionary =>
  isKind(value, 'dictionary')
export const isStream = (value: PdfValue | undefined): value is PdfStream => isKind(value, 'stream')
export const isList = (value: PdfValue | undefined): value is readonly PdfValue[] => Array.isArray(value)

/** The name that a value is, if it is one. */
export const nameIn = (value: PdfValue | undefined): string | undefined =>
  isName(value) ? value.name : undefined

const isKind = (value: unknown, kind: string): boolean =>
  typeof value === 'object' && value !== null && (value as { kind?: string }).kind === kind

const isKeyword = (item: PdfValue | Keyword): item is Keyword => isKind(item, 'keyword')

/** Lists and dictionaries inside each other. */
const depthLimit = 64
/** Bytes of a name; 127 is the limit of Annex C. */
const nameLimit = 256

/** By byte: regular, white space, delimiter (section 7.2.2). */
const [regular, space, delimiter] = [0, 1, 2]
const classes = new Uint8Array(256)
for (const byte of [0, 9, 10, 12, 13, 32]) classes[byte] = space
for (const character of '()<>[]{}/%') classes[character.charCodeAt(0)] = delimiter

function pay(cursor: Cursor, bytes: number): void {
  cursor.purse.bytes -= bytes
  if (cursor.purse.bytes < 0) refuse('bomb', 'the same bytes are gone through over and over')
}

function readItem(cursor: Cursor, depth: number): PdfValue | Keyword {
  skipSpace(cursor)
  const { bytes } = cursor
  const start = cursor.at
  if (start >= bytes.length) refuse('damaged', 'the file ends in the middle of a value')
  if (--cursor.purse.values < 0) refuse('too_large', 'more values than a certificate has')
  const item = itemAt(cursor, depth)
  pay(cursor, cursor.at - start)
  return item
}

function itemAt(cursor: Cursor, depth: number): PdfValue | Keyword {
  const { bytes } = cursor
  switch (bytes[cursor.at]) {
    case slash:
      return { kind: 'name', name: readName(cursor) }
    case openParenthesis:
      return skipLiteral(cursor)
    case openBracket:
      cursor.at++
      return readUntil(cursor, depth + 1, listEnd)[0]
    case less:
      if (bytes[cursor.at + 1] !== less) return skipHex(cursor)
      cursor.at += 2
      return dictionaryOf(readUntil(cursor, depth + 1, dictionaryEnd)[0])
    case closeBracket:
      cursor.at++
      return { kind: 'keyword', word: ']' }
    case greater:
      if (bytes[cursor.at + 1] !== greater) refuse('damaged', `a stray > at byte ${cursor.at}`)
      cursor.at += 2
      return { kind: 'keyword', word: '>>' }
    default:
      return readWord(cursor)
  }
}

const slash = 0x2f
const openParenthesis = 0x28
const closeParenthesis = 0x29
const openBracket = 0x5b
const closeBracket = 0x5d
const less = 0x3c
const greater = 0x3e
const percent = 0x25
const backslash = 0x5c
const hash = 0x23

const listEnd: ReadonlySet<string> = new Set([']'])
const dictionaryEnd: ReadonlySet<string> = new Set(['>>'])

/** Values up to one of the words, which is taken too. */
function readUntil(
  cursor: Cursor,
  depth: number,
  ends: ReadonlySet<string>,
): readonly [values: readonly PdfValue[], end: string] {
  if (depth > depthLimit) refuse('damaged', `more than ${depthLimit} levels`)
  const values: PdfValue[] = []
  for (;;) {
    const item = readItem(cursor, depth)
    if (!isKeyword(item)) values.push(item)
    else if (ends.has(item.word)) return [values, item.word]
    else if (item.word === 'R') values.push(referenceOf(values.splice(-2)))
    else refuse('damaged', `${item.word} among values`)
  }
}

function referenceOf([number, generation]: readonly PdfValue[]): PdfReference {
  if (!isWhole(number) || !isWhole(generation)) refuse('damaged', 'a reference to nothing')
  return { kind: 'reference', number, generation }
}

function dictionaryOf(values: readonly PdfValue[]): PdfDictionary {
  const entries = new Map<string, PdfValue>()
  for (let i = 0; i < values.length; i += 2) {
    const [key, value] = [values[i], values[i + 1]]
    if (!isName(key) || value === undefined) refuse('damaged', 'a dictionary whose keys are no names')
    if (entries.has(key.name)) refuse('damaged', `${key.name} twice in a dictionary`)
    entries.set(key.name, value)
  }
  return { kind: 'dictionary', entries }
}

/** Section 7.3.5: `#` and two hexadecimal digits stand for a byte, so that a name has many spellings. */
function readName(cursor: Cursor): string {
  const { bytes } = cursor
  const start = ++cursor.at
  while (cursor.at < bytes.length && classes[bytes[cursor.at] as number] === regular) cursor.at++
  if (cursor.at - start > nameLimit) refuse('damaged', 'a name longer than any')
  const written = bytes.subarray(start, cursor.at)
  const name = String.fromCharCode(...written)
  if (!written.includes(hash)) return name
  return name.replace(/#([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
}

const text: PdfText = { kind: 'text' }

/** Section 7.3.4.2: parentheses may stand inside in pairs. */
function skipLiteral(cursor: Cursor): PdfText {
  const { bytes } = cursor
  let depth = 0
  for (; cursor.at < bytes.length; cursor.at++) {
    const byte = bytes[cursor.at]
    if (byte === backslash) cursor.at++
    else if (byte === openParenthesis) depth++
    else if (byte === closeParenthesis && --depth === 0) {
      cursor.at++
      return text
    }
  }
  return refuse('damaged', 'a text without an end')
}

function skipHex(cursor: Cursor): PdfText {
  const end = cursor.bytes.indexOf(greater, cursor.at)
  if (end < 0) refuse('damaged', 'a text without an end')
  cursor.at = end + 1
  return text
}

/** Longest number or keyword. */
const wordLimit = 32

function readWord(cursor: Cursor): PdfValue | Keyword {
  const { bytes } = cursor
  const start = cursor.at
  let isDigits = true
  let whole = 0
  while (cursor.at < bytes.length && classes[bytes[cursor.at] as number] === regular) {
    const digit = (bytes[cursor.at++] as number) - 48
    if (digit < 0 || digit > 9) isDigits = false
    else whole = whole * 10 + digit
  }
  const length = cursor.at - start
  if (length === 0 || length > wordLimit) refuse('damaged', `no value at byte ${start}`)
  if (isDigits && length <= 15) return whole
  const word = String.fromCharCode(...bytes.subarray(start, cursor.at))
  if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) return Number(word)
  const known = knownWords.get(word)
  return known === undefined ? { kind: 'keyword', word } : known
}

const knownWords: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
])

function skipSpace(cursor: Cursor): void {
  const { bytes } = cursor
  const start = cursor.at
  while (cursor.at < bytes.length) {
    const byte = bytes[cursor.at] as number
    if (byte === percent) skipLine(cursor)
    else if (classes[byte] === space) cursor.at++
    else break
  }
  pay(cursor, cursor.at - start)
}

function skipLine(cursor: Cursor): void {
  const { bytes } = cursor
  while (cursor.at < bytes.length && bytes[cursor.at] !== 10 && bytes[cursor.at] !== 13) cursor.at++
}
