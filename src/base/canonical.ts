/**
 * Canonical JSON (RFC 8785, JCS). The only file that imports `canonicalize`. The runtime's own `JSON.stringify` writes texts
 * and numbers just so, and much faster; it only has to be given the members in order.
 */
import canonicalize from 'canonicalize'
import { sha256Hex } from './digest.ts'
import { isFixed, remember } from './fixed.ts'
import type { Json, JsonObject } from './json.ts'

/** The canonical text of a JSON value that came from `parseJson` or was built from plain data. */
export function canonicalJson(value: Json): string {
  const text = textAt(value, 2) ?? canonicalize(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}

/** The members of an object in canonical order, each with its name, as the canonical text has them. */
export function canonicalMembers(object: JsonObject): readonly (readonly [name: string, text: string])[] {
  return Object.keys(object)
    .filter((name) => object[name] !== undefined)
    .sort()
    .map((name) => [name, `${quoted(name) ?? refuse()}:${canonicalJson(object[name] as Json)}`])
}

function refuse(): never {
  throw new TypeError('half a character')
}

/** An object from its members in order. */
export const canonicalObject = (members: readonly (readonly [name: string, text: string])[]): string =>
  `{${members.map(([, text]) => text).join(',')}}`

/** `levels` is how deep members are written one by one, since one may be fixed and written before; `undefined` where the library has to. */
function textAt(value: Json, levels: number): string | undefined {
  if (typeof value === 'object' && value !== null) {
    if (isFixed(value)) return textOfFixed(value)
    if (levels > 0 && !Array.isArray(value)) return textOfMembers(value as JsonObject, levels)
  }
  const ordered = inOrder(value)
  const text = ordered === undefined ? undefined : JSON.stringify(ordered)
  // Half a character is written as an escape, which no canonical text has: the library refuses it.
  return text?.includes('\\ud') ? undefined : text
}

const textOfFixed = remember((value: object) => textAt(structuredClone(value) as Json, 0))

function textOfMembers(object: JsonObject, levels: number): string | undefined {
  const members: string[] = []
  for (const name of Object.keys(object).sort()) {
    const text = textAt(object[name] as Json, levels - 1)
    const label = quoted(name)
    if (text === undefined || label === undefined) return undefined
    members.push(`${label}:${text}`)
  }
  return `{${members.join(',')}}`
}

/** Names are few; texts of strangers are kept to as many as a page of them. */
const quotedNames = new Map<string, string>()

/** `undefined` for half a character, which the library refuses. */
function quoted(name: string): string | undefined {
  const known = quotedNames.get(name)
  if (known !== undefined) return known
  if (/\p{Surrogate}/u.test(name)) return undefined
  const text = JSON.stringify(name)
  if (quotedNames.size < 1000 && name.length < 64) quotedNames.set(name, text)
  return text
}

/** A value with the members of its objects in order of their names, itself where they are; `undefined` for what has no such copy. */
function inOrder(value: Json): Json | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? listInOrder(value as readonly Json[]) : objectInOrder(value as JsonObject)
}

function listInOrder(list: readonly Json[]): readonly Json[] | undefined {
  let copy: Json[] | undefined
  for (let i = 0; i < list.length; i++) {
    const item = list[i] as Json
    const ordered = inOrder(item)
    if (ordered === undefined) return undefined
    if (ordered === item) continue
    copy ??= [...list]
    copy[i] = ordered
  }
  return copy ?? list
}

function objectInOrder(object: JsonObject): JsonObject | undefined {
  const names = Object.keys(object)
  let isCopied = false
  let before = ''
  for (const name of names) {
    // An engine moves such names to the front, and gives the other a meaning of its own.
    if (startsWithDigit.test(name) || name === '__proto__') return undefined
    if (name < before) isCopied = true
    before = name
  }
  const members: Json[] = []
  for (const name of names) {
    const ordered = inOrder(object[name] as Json)
    if (ordered === undefined) return undefined
    if (ordered !== object[name]) isCopied = true
    members.push(ordered)
  }
  if (!isCopied) return object
  const order = names.map((_, i) => i).sort((a, b) => ((names[a] as string) < (names[b] as string) ? -1 : 1))
  const copy: Record<string, Json> = {}
  for (const i of order) copy[names[i] as string] = members[i] as Json
  return copy
}

const startsWithDigit = /^\d/

/** Lower-case hex SHA-256 of the canonical JSON: how contexts, schemas and reports are known. */
export const digestJson = (value: Json): string => sha256Hex(canonicalJson(value))
