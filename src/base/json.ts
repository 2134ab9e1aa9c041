/**
 * Strict JSON. `JSON.parse` judges the grammar; a second look refuses what it lets pass and what would
 * make two readers see two documents: duplicate names, lone surrogates, unsafe integers, prototype names, great depth.
 */
import { type Bytes, utf8, utf8Text } from './bytes.ts'

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/** Why a text is not accepted as JSON. */
export type JsonFault =
  | 'too_large'
  | 'invalid_utf8'
  | 'byte_order_mark'
  | 'not_json'
  | 'too_deep'
  | 'duplicate_name'
  | 'forbidden_name'
  | 'lone_surrogate'
  | 'unsafe_number'

export type JsonResult =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly fault: JsonFault; readonly detail: string }

export interface JsonLimits {
  /** Bytes of the whole text; 1 MiB by default. */
  readonly maxBytes?: number
  /** Nested objects and arrays; 64 by default. */
  readonly maxDepth?: number
}

/** Assigning to these names changes an object's prototype in some copies (standards: CWE-1321). */
const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
const loneSurrogate = /\p{Surrogate}/u

/** Reads one JSON text from bytes (UTF-8 without byte order mark) or from a string. */
export function parseJson(source: Bytes | string, limits: JsonLimits = {}): JsonResult {
  const { maxBytes = 1_048_576, maxDepth = 64 } = limits
  if (exceeds(source, maxBytes)) return refuse('too_large', `more than ${maxBytes} bytes`)
  const text = typeof source === 'string' ? source : utf8Text(source)
  if (text === null) return refuse('invalid_utf8', 'the bytes are not UTF-8')
  if (text.startsWith('\uFEFF')) return refuse('byte_order_mark', 'the text starts with U+FEFF')
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    const detail = 'the text does not follow the grammar of RFC 8259'
    return depthFault(text, maxDepth) ?? refuse('not_json', detail)
  }
  if (isWrittenPlainly(text, value, maxDepth)) return { ok: true, value }
  return depthFault(text, maxDepth) ?? walkFault(text) ?? { ok: true, value }
}

/** Whether a value is an object of JSON, neither array nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object without the members that have no value: JSON has no `undefined`. */
export function defined(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject
}

/** A value as a list: an array as it is, anything else as its only member, nothing as none. */
export function asList(value: Json | undefined): readonly Json[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly Json[]) : [value as Json]
}

/** A value of a stranger's, for a detail: a text as it stands, else its JSON. `String` would call a `toString` of theirs. */
export const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')

const refuse = (fault: JsonFault, detail: string): { ok: false; fault: JsonFault; detail: string } => ({
  ok: false,
  fault,
  detail,
})

/** A character takes one to three bytes per UTF-16 unit, so most texts need not be encoded to be measured. */
function exceeds(source: Bytes | string, maxBytes: number): boolean {
  if (typeof source !== 'string' || source.length > maxBytes) return source.length > maxBytes
  return source.length * 3 > maxBytes && utf8(source).length > maxBytes
}

/**
 * Whether a text is what the runtime itself would write for its value, as a line or without its end. Then no name is there twice, since one of them would be
 * missing, and no half of a character, since that would be an escape; what is left to look at are names, numbers and depth.
 * Any other text may be as good, and is walked through.
 */
function isWrittenPlainly(text: string, value: Json, maxDepth: number): boolean {
  // Depth first: writing a value takes a stack as high as it is deep.
  if (!isUsual(value, maxDepth) || text.includes('\\ud')) return false
  const plain = JSON.stringify(value)
  return plain.length === text.length ? plain === text : text === `${plain}\n`
}

function isUsual(value: Json, depth: number): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth === 0) return false
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) if (!isUsual(item, depth - 1)) return false
    return true
  }
  for (const name of Object.keys(value)) {
    if (forbiddenNames.has(name) || !isUsual((value as JsonObject)[name] as Json, depth - 1)) return false
  }
  return true
}

/** Brackets inside strings do not count. */
function depthFault(text: string, maxDepth: number): JsonResult | null {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === quote) i = stringEnd(text, i)
    else if (c === openBrace || c === openBracket) {
      if (++depth > maxDepth) return refuse('too_deep', `more than ${maxDepth} levels, at character ${i}`)
    } else if (c === closeBrace || c === closeBracket) depth--
  }
  return null
}

/** Walks a text that `JSON.parse` accepted, so the grammar may be relied on. */
function walkFault(text: string): JsonResult | null {
  const open: (Set<string> | null)[] = []
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === openBrace) open.push(new Set())
    else if (c === openBracket) open.push(null)
    else if (c === closeBrace || c === closeBracket) open.pop()
    else if (c === quote) {
      const end = stringEnd(text, i)
      const raw = text.slice(i, end + 1)
      const content = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1)
      if (loneSurrogate.test(content)) return refuse('lone_surrogate', `a lone surrogate, at character ${i}`)
      const names = open.at(-1)
      if (names && isName(text, end)) {
        if (forbiddenNames.has(content))
          return refuse('forbidden_name', `the name ${content}, at character ${i}`)
        if (names.has(content)) return refuse('duplicate_name', `a name given twice, at character ${i}`)
        names.add(content)
      }
      i = end
    } else if (c === minus || (c >= zero && c <= nine)) {
      const end = numberEnd(text, i)
      const value = Number(text.slice(i, end))
      if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
        return refuse('unsafe_number', `a number beyond 2^53-1, at character ${i}`)
      }
      i = end - 1
    }
  }
  return null
}

const quote = 0x22
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const minus = 0x2d
const zero = 0x30
const nine = 0x39

/** The index of the closing quote of the string that opens at `start`, or the end of the text. */
function stringEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 0x5c) i++
    else if (c === quote) return i
  }
  return text.length
}

/** In an object a string is a name exactly where a colon follows. */
function isName(text: string, end: number): boolean {
  let i = end + 1
  while (/[ \t\r\n]/.test(text.charAt(i))) i++
  return text.charAt(i) === ':'
}

function numberEnd(text: string, start: number): number {
  let i = start + 1
  while (/[0-9.eE+-]/.test(text.charAt(i))) i++
  return i
}
