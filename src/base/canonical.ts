/** Canonical JSON (RFC 8785, JCS). The only file that imports `canonicalize`. */
import canonicalize from 'canonicalize'
import { sha256Hex } from './digest.ts'
import type { Json } from './json.ts'

/** The canonical text of a JSON value that came from `parseJson` or was built from plain data. */
export function canonicalJson(value: Json): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}

/** Lower-case hex SHA-256 of the canonical JSON: how contexts, schemas and reports are known. */
export const digestJson = (value: Json): string => sha256Hex(canonicalJson(value))
