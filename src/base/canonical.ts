/**
 * Canonical JSON (RFC 8785, JCS). The only file that imports `canonicalize`. The runtime's own `JSON.stringify` writes texts
 * and numbers just so, and much faster; it only has to be given the members in order.
 */
import canonicalize from 'canonicalize'
import { sha256Hex } from './digest.ts'
import type { Json, JsonObject } from './json.ts'

/** The canonical text of a JSON value that came from `parseJson` or was built from plain data. */
export function canonicalJson(value: Json): string {
  const ordered = inOrder(value)
  const written = ordered === undefined ? undefined : JSON.stringify(ordered)
  // Half a character is written as an escape, which no canonical text has: the library refuses it.
  const text = written === undefined || written.includes('\\ud') ? canonicalize(value) : written
  if (text === undefined) throw new TypeError('not a JSON value')
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
