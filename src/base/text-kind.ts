/**
 * Canonical JSON (RFC 8785) of secured documents that differ in a few texts only. What they share is compared as bytes and
 * written as it is; JSON is neither parsed nor put in order again.
 */
import { type Bytes, equalBytes, utf8, utf8Text } from './bytes.ts'
import { canonicalMembers } from './canonical.ts'
import { fix } from './fixed.ts'
import { isObject, type Json, type JsonObject } from './json.ts'

/** From the top of a document to a text in it. */
export type Steps = readonly (string | number)[]

export interface TextKind {
  /** UTF-8 between the places, in the order of the text: one more than these. */
  readonly pieces: readonly Bytes[]
  /** The same as text. */
  readonly texts: readonly string[]
  /** Which of the places that were given stands where. */
  readonly order: readonly number[]
  /** Where the member `proof` with the comma before it begins and ends. */
  readonly proof: { readonly start: Offset; readonly end: Offset }
  /** One of them, proof and all; fixed. */
  readonly document: JsonObject
  readonly branch: Branch
}

interface Offset {
  readonly piece: number
  readonly byte: number
}

/** The objects and lists on the way to some places, each with the number of the place at its end. */
export type Branch = ReadonlyMap<string | number, Branch | number>

/** The kind of a document with one proof that differs from others at some places; `null` where it has no such kind. */
export function textKindOf(secured: JsonObject, places: readonly Steps[]): TextKind | null {
  const marked = filled(
    secured,
    branchTo(places),
    places.map((_, i) => mark(i)),
  )
  const members = canonicalMembers(marked as JsonObject)
  const first = members.findIndex(([name]) => name === 'proof')
  if (first < 1) return null // a secured document starts with its contexts
  const texts = members.map(([, text]) => text)
  const after = texts.slice(first + 1).map((text) => `,${text}`)
  const parts = [`{${texts.slice(0, first).join(',')}`, `,${texts[first]}`, `${after.join('')}}`]
  const { pieces, order, offsets } = splitAtMarks(parts)
  const [start, end] = offsets
  if (order.length !== places.length || parts.some((part) => part.includes(replacement))) return null
  return {
    pieces: pieces.map((piece) => utf8(piece)),
    texts: pieces,
    order,
    proof: { start: start as Offset, end: end as Offset },
    document: fix(secured),
    branch: branchTo(order.map((i) => places[i])),
  }
}

/** What stands for a value until the text is cut: a character that no document has, since it would be an escape. */
const mark = (i: number): string => `\u0000${i}\u0000`
const marks = /\\u0000(\d+)\\u0000/

/** The pieces of the parts of a text put together, which place each mark is for, and where the parts after the first begin. */
function splitAtMarks(parts: readonly string[]): {
  readonly pieces: readonly string[]
  readonly order: readonly number[]
  readonly offsets: readonly Offset[]
} {
  const pieces = ['']
  const order: number[] = []
  const offsets: Offset[] = []
  for (const [at, part] of parts.entries()) {
    if (at > 0) offsets.push({ piece: pieces.length - 1, byte: utf8(pieces.at(-1) as string).length })
    for (const [i, text] of part.split(marks).entries()) {
      if (i % 2 === 1) order.push(Number(text))
      else if (i === 0) pieces[pieces.length - 1] += text
      else pieces.push(text)
    }
  }
  return { pieces, order, offsets }
}

/** A text of a kind, taken apart. */
export interface TextOfKind {
  /** What stands at the places, in the order of the text. */
  readonly values: readonly string[]
  /** UTF-8 of the canonical text without the proof. */
  readonly unsecured: Bytes
}

/** Takes a text of this kind apart; `null` for any other text, which may be as good. */
export function readText(text: Bytes, { pieces, order, proof }: TextKind): TextOfKind | null {
  const values: string[] = []
  let start = 0
  let end = 0
  let byte = 0
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Bytes
    const after = byte + piece.length
    if (after > text.length || !equalBytes(text.subarray(byte, after), piece)) return null
    if (i === proof.start.piece) start = byte + proof.start.byte
    if (i === proof.end.piece) end = byte + proof.end.byte
    byte = after
    if (i === order.length) break
    const close = closingQuote(text, byte)
    const value = close < 0 ? null : utf8Text(text.subarray(byte, close))
    // A text that was no Unicode comes here with U+FFFD in place of what was none.
    if (value === null || value.includes(replacement)) return null
    values.push(value)
    byte = close
  }
  if (byte !== text.length) return null
  const unsecured = new Uint8Array(text.length - (end - start))
  unsecured.set(text.subarray(0, start))
  unsecured.set(text.subarray(end), start)
  return { values, unsecured }
}

const replacement = '\uFFFD'

/** Bytes of a value at most, and the bytes that end it or keep it from being written as it is (RFC 8785, section 3.2.2.2). */
const valueLimit = 4096
const quote = 0x22
const backslash = 0x5c
const firstPrintable = 0x20

function closingQuote(text: Bytes, from: number): number {
  const limit = Math.min(text.length, from + valueLimit)
  for (let i = from; i < limit; i++) {
    const byte = text[i] as number
    if (byte === quote) return i
    if (byte === backslash || byte < firstPrintable) return -1
  }
  return -1
}

/** Whether a text stands between quotation marks as it is; the others are written in full. */
export const isPlainText = (value: string): boolean => !escapedOrLong.test(value)

/** Controls, what JSON writes as an escape, and halves of characters, which it cannot write. */
const escapedOrLong = /["\\\p{Cc}\p{Cs}]|^.{1000}/u

/** The text of a kind with other values, in the order of the text. */
export const writeText = (values: readonly string[], { texts }: TextKind): string => {
  let text = texts[0] as string
  for (let i = 0; i < values.length; i++) text += (values[i] as string) + (texts[i + 1] as string)
  return text
}

/** UTF-8 of the text of a kind without its proof, for other values. */
export function unsecuredOf(values: readonly string[], { pieces, proof }: TextKind): Bytes {
  let length = 0
  for (const piece of pieces) length += piece.length
  for (const value of values) length += value.length * 3
  const room = new Uint8Array(length)
  let byte = 0
  for (let i = 0; i < pieces.length; i++) {
    if (i > proof.start.piece && i < proof.end.piece) continue
    const piece = pieces[i] as Bytes
    const from = i === proof.end.piece ? proof.end.byte : 0
    const to = i === proof.start.piece ? proof.start.byte : piece.length
    room.set(from === 0 && to === piece.length ? piece : piece.subarray(from, to), byte)
    byte += to - from
    const isSigned = i < proof.start.piece || i >= proof.end.piece
    if (isSigned && i < values.length)
      byte += encoder.encodeInto(values[i] as string, room.subarray(byte)).written
  }
  return room.subarray(0, byte)
}

const encoder = new TextEncoder()

export function branchTo(ends: readonly (Steps | undefined)[]): Branch {
  const root = new Map<string | number, Branch | number>()
  for (const [i, steps] of ends.entries()) {
    let branch = root
    for (const step of steps?.slice(0, -1) ?? []) {
      const next = (branch.get(step) ?? new Map()) as typeof root
      branch.set(step, next)
      branch = next
    }
    if (steps !== undefined) branch.set(steps.at(-1) as string | number, i)
  }
  return root
}

/** A copy with other values at some places; everything else is shared. */
export function filled(value: Json, branch: Branch, values: readonly Json[]): Json {
  const copy = (Array.isArray(value) ? [...value] : { ...(value as JsonObject) }) as Record<
    string | number,
    Json
  >
  for (const [step, next] of branch) {
    copy[step] = typeof next === 'number' ? (values[next] as Json) : filled(copy[step] as Json, next, values)
  }
  return copy
}

/** Where two values of one shape have other texts; `null` where they differ in anything else, or in more places than that. */
export function differingTexts(a: Json, b: Json): readonly Steps[] | null {
  const found: Steps[] = []
  return compareTexts(a, b, [], found) && found.length <= placeLimit ? found : null
}

const placeLimit = 64

function compareTexts(a: Json, b: Json, steps: Steps, found: Steps[]): boolean {
  if (a === b) return true
  if (typeof a === 'string' && typeof b === 'string') return found.push(steps) <= placeLimit
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b) || Object.keys(a).length !== Object.keys(b).length) return false
  return Object.entries(a).every(([name, value]: readonly [string, Json]) => {
    const step = Array.isArray(a) ? Number(name) : name
    const other = valueAt(b, [step])
    return other !== undefined && compareTexts(value, other, [...steps, step], found)
  })
}

/** What stands at a place, `undefined` where nothing does. */
export function valueAt(value: Json | undefined, steps: Steps): Json | undefined {
  let found = value
  for (const step of steps) {
    found =
      (isObject(found) || Array.isArray(found)) && Object.hasOwn(found, step)
        ? (found as Readonly<Record<string | number, Json>>)[step]
        : undefined
  }
  return found
}
