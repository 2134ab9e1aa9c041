/** What a verifier trusts: root keys named by the caller, and lists that lead back to those roots. */
import type { Bytes } from '../base/bytes.ts'
import { CodedError } from '../base/coded-error.ts'
import { type Did, isDid } from '../base/did-url.ts'
import { verifyingErrors } from '../base/errors-verifying.ts'
import { isObject, type Json, parseJson } from '../base/json.ts'

/** Handing this over is trusting the roots; lists count only where a root signed them, or somebody whom its list names. */
export interface Trust {
  readonly roots: readonly TrustRoot[]
  /** Signed lists, unverified. */
  readonly lists: readonly Json[]
  /** By `seenName`: the highest number met so far and its digest, for those who remember. */
  readonly seen?: Readonly<Record<string, SeenList>>
}

export interface TrustRoot {
  readonly id: Did
  /** Multikeys that sign for this root; a did:key names its own. */
  readonly keys?: readonly string[] | undefined
}

export interface SeenList {
  readonly sequence: number
  /** Lower-case hex SHA-256 of the canonical JSON of the list without its proofs, which anybody can wrap in another way. */
  readonly digest: string
}

/** A list is its authority's: another that uses the same id is another list. */
export const seenName = ({ issuer, id }: { readonly issuer: Did; readonly id: string }): string =>
  `${issuer} ${id}`

/** Reads a trust file: roots beside lists. @throws `trust.file_malformed` */
export function readTrust(source: Bytes | string): Trust {
  const parsed = parseJson(source, { maxBytes: trustFileLimit })
  const what = parsed.ok ? faultIn(parsed.value) : parsed.detail
  if (what !== null || !parsed.ok) {
    const code = 'trust.file_malformed'
    throw new CodedError(verifyingErrors[code], code, { what: what ?? '' })
  }
  const { roots, lists } = parsed.value as unknown as Trust // as `faultIn` found it
  return { roots: roots.map(({ id, keys }) => ({ id, keys })), lists }
}

/** Several trust files as one; of what was seen the highest number counts. */
export function mergeTrust(parts: readonly Trust[]): Trust {
  const met = parts.flatMap(({ seen }) => Object.entries(seen ?? {}))
  return {
    roots: parts.flatMap(({ roots }) => roots),
    lists: parts.flatMap(({ lists }) => lists),
    seen: Object.fromEntries(met.sort(([, a], [, b]) => a.sequence - b.sequence)),
  }
}

/** The text of a trust file. */
export function trustFileText(trust: Pick<Trust, 'roots' | 'lists'>): string {
  return `${JSON.stringify({ type: trustFileType, version: 1, roots: trust.roots, lists: trust.lists }, null, 2)}\n`
}

export const trustFileType = 'GradecertTrust'
/** Bytes. A list of 10,000 agencies takes about 6 MB. */
const trustFileLimit = 33_554_432
const rootLimit = 64
const listLimit = 256

/** Where a value is no trust file, `null` where it is one. Checked by hand: a schema library would double what a verifier loads. */
function faultIn(file: Json): string | null {
  if (!isObject(file) || file.type !== trustFileType) return 'type'
  if (file.version !== 1) return 'version'
  const stray = Object.keys(file).find((name) => !['type', 'version', 'roots', 'lists'].includes(name))
  if (stray !== undefined) return stray
  const { roots, lists } = file
  if (!Array.isArray(roots) || roots.length === 0 || roots.length > rootLimit) return 'roots'
  const root = roots.map(rootFault).findIndex((fault) => fault !== null)
  if (root !== -1) return `roots/${root}${rootFault(roots[root])}`
  if (!Array.isArray(lists) || lists.length > listLimit) return 'lists'
  const list = lists.findIndex((one) => !isObject(one))
  return list === -1 ? null : `lists/${list}`
}

/** Where below a root it is none. */
function rootFault(value: Json): string | null {
  if (!isObject(value)) return ''
  const { id, keys, ...rest } = value
  if (!isDid(id)) return '/id'
  const isNamed = keys === undefined || (Array.isArray(keys) && keys.length > 0 && keys.every(isText))
  if (!isNamed) return '/keys'
  return Object.keys(rest).length === 0 ? null : ''
}

const isText = (value: Json): boolean => typeof value === 'string'
