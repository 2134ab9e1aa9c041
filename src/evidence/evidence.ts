/**
 * Everything that was gathered for a judgement, as one plain value that can be kept, mailed and judged again. Evidence is
 * untrusted: each item proves itself, by its issuer's key, by a root of the verifier's, or by its digest.
 */
import type { Bytes } from '../base/bytes.ts'
import { digestJson } from '../base/canonical.ts'
import { CodedError } from '../base/coded-error.ts'
import { isUrl } from '../base/did-url.ts'
import { verifyingErrors } from '../base/errors-verifying.ts'
import { epochOf, type Instant } from '../base/instant.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'

export interface Evidence {
  readonly items: readonly EvidenceItem[]
}

export type EvidenceKind = (typeof evidenceKinds)[number]

/**
 * A did:webvh's document is its files, `{ id, log, witnesses? }`; a token status list stands as `{ id, token }`; a schema
 * as `{ id, text }`, since its digest is over its bytes; a signed note on a chain as `{ note }`; what an agency says of its
 * keys as `{ id, entries }`. A state of logs and chains is carried for whoever names its digest, and trusted by nobody else.
 */
export const evidenceKinds = [
  'did-document',
  'issuer-metadata',
  'status-list',
  'token-status-list',
  'trust-list',
  'context',
  'schema',
  'type-metadata',
  'anchor',
  'chain-note',
  'chain-state',
  'key-history',
  'batch-statement',
] as const

export interface EvidenceItem {
  readonly kind: EvidenceKind
  /** The DID, or the URL or URN, by which documents name it. */
  readonly url: string
  readonly document: JsonObject
  /** When it was got, and from which address or file; whoever wrote the file says so, and nothing rests on it. */
  readonly got?: { readonly at: Instant; readonly from: string } | undefined
}

export const evidenceFileType = 'GradecertEvidence'
export const evidenceMediaType = 'application/vnd.gradecert.evidence+json'

export const noEvidence: Evidence = { items: [] }

/** Reads an evidence file of version 1 or 2. @throws `evidence.file_malformed`, `evidence.item_altered` */
export function readEvidence(source: Bytes | string): Evidence {
  const parsed = parseJson(source, { maxBytes: evidenceFileLimit })
  const what = parsed.ok ? faultIn(parsed.value) : parsed.detail
  if (what !== null || !parsed.ok) {
    const code = 'evidence.file_malformed'
    throw new CodedError(verifyingErrors[code], code, { what: what ?? '' })
  }
  const { items } = parsed.value as unknown as { readonly items: readonly (EvidenceItem & Stamped)[] } // as `faultIn` found it
  for (const [i, { digest, document, url }] of items.entries()) {
    if (digest === undefined || digest === digestJson(document)) continue
    const code = 'evidence.item_altered'
    throw new CodedError(verifyingErrors[code], code, { item: i + 1, url })
  }
  return {
    items: items.map(({ kind, url, document, got }) => ({ kind, url, document, ...(got && { got }) })),
  }
}

/** What came with a stranger's file: nothing where it is no evidence. */
export function evidenceWithin(source: Bytes): Evidence {
  try {
    return readEvidence(source)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return noEvidence
  }
}

/** The text of an evidence file, of media type `evidenceMediaType`. */
export function evidenceFileText({ items }: Evidence): string {
  const stamped = items.map(({ kind, url, document, got }) => ({
    kind,
    url,
    ...(got && { got: { at: got.at, from: got.from } }),
    digest: digestJson(document),
    document,
  }))
  return `${JSON.stringify({ type: evidenceFileType, version: 2, items: stamped })}\n`
}

/** Several pieces of evidence as one. Order does not matter to any judgement. */
export const mergeEvidence = (parts: readonly Evidence[]): Evidence => ({
  items: parts.flatMap(({ items }) => items),
})

/** The same with each document once, under the address and moment that came first. */
export function distinctEvidence({ items }: Evidence): Evidence {
  const byName = new Map<string, EvidenceItem>()
  for (const item of items) {
    const name = `${item.kind} ${item.url} ${digestJson(item.document)}`
    if (!byName.has(name)) byName.set(name, item)
  }
  return { items: [...byName.values()] }
}

/** The documents of one kind. */
export const documentsOf = (evidence: Evidence, kind: EvidenceKind): readonly Json[] =>
  evidence.items.filter((item) => item.kind === kind).map(({ document }) => document)

/** Bytes. A hundred full status lists take about 3 MB. */
export const evidenceFileLimit = 67_108_864
const itemLimit = 10_000
/** UTF-16 units of an address. */
const addressLimit = 4096

interface Stamped {
  /** Lower-case hex SHA-256 of the document's canonical JSON. */
  readonly digest?: string
}

/** Which members an item may have and must have, by the version of the file. */
const shapes: Readonly<
  Record<number, { readonly required: readonly string[]; readonly optional: readonly string[] }>
> = {
  1: { required: ['kind', 'url', 'document'], optional: [] },
  2: { required: ['kind', 'url', 'document', 'digest'], optional: ['got'] },
}

/** Where a value is no evidence file, `null` where it is one. Checked by hand: a schema library would double what a verifier loads. */
function faultIn(file: Json): string | null {
  if (!isObject(file) || file.type !== evidenceFileType) return 'type'
  const shape = typeof file.version === 'number' ? shapes[file.version] : undefined
  if (shape === undefined) return 'version'
  const stray = Object.keys(file).find((name) => !['type', 'version', 'items'].includes(name))
  if (stray !== undefined) return stray
  if (!Array.isArray(file.items) || file.items.length > itemLimit) return 'items'
  const { required, optional } = shape
  for (const [i, item] of file.items.entries()) {
    if (!isObject(item)) return `items/${i}`
    const absent = required.find((name) => item[name] === undefined)
    const odd =
      absent ??
      Object.keys(item).find((name) => ![...required, ...optional].includes(name) || !isMember(name, item))
    if (odd !== undefined) return `items/${i}/${odd}`
  }
  return null
}

const isMember = (name: string, item: JsonObject): boolean => members[name]?.(item[name] as Json) === true

const members: Readonly<Record<string, (value: Json) => boolean>> = {
  kind: (value) => evidenceKinds.some((kind) => kind === value),
  url: (value) => isUrl(value) && value.length <= addressLimit,
  document: isObject,
  digest: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  got: (value) =>
    isObject(value) &&
    Object.keys(value).length === 2 &&
    typeof value.at === 'string' &&
    /^\d{4}-.{14}Z$/.test(value.at) &&
    epochOf(value.at) !== null &&
    typeof value.from === 'string' &&
    value.from.length <= addressLimit,
}
