/**
 * Everything that was gathered for a judgement, as one plain value that can be kept, mailed and judged again. Evidence is
 * untrusted: each item proves itself, by its issuer's key, by a root of the verifier's, or by its digest.
 */
import * as z from 'zod/mini'
import type { Bytes } from '../base/bytes.ts'
import { CodedError } from '../base/coded-error.ts'
import { isUrl } from '../base/did-url.ts'
import { verifyingErrors } from '../base/errors-verifying.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'

export interface Evidence {
  readonly items: readonly EvidenceItem[]
}

export type EvidenceKind = (typeof evidenceKinds)[number]

/**
 * A did:webvh's document is its files, `{ id, log, witnesses? }`; a token status list stands as `{ id, token }`; a schema
 * as `{ id, text }`, since its digest is over its bytes; a signed note on a chain as `{ note }`; what an agency says of its keys as `{ id, entries }`.
 */
const evidenceKinds = [
  'did-document',
  'issuer-metadata',
  'status-list',
  'token-status-list',
  'trust-list',
  'context',
  'schema',
  'anchor',
  'chain-note',
  'key-history',
] as const

export interface EvidenceItem {
  readonly kind: EvidenceKind
  /** Where it was got from: the DID, or the URL or URN by which documents name it. */
  readonly url: string
  readonly document: JsonObject
}

export const evidenceFileType = 'GradecertEvidence'

export const noEvidence: Evidence = { items: [] }

/** Reads an evidence file. @throws `evidence.file_malformed` */
export function readEvidence(source: Bytes | string): Evidence {
  const parsed = parseJson(source, { maxBytes: evidenceFileLimit })
  if (!parsed.ok)
    throw new CodedError(verifyingErrors['evidence.file_malformed'], 'evidence.file_malformed', {
      what: parsed.detail,
    })
  const file = evidenceFile.safeParse(parsed.value)
  if (!file.success) {
    throw new CodedError(verifyingErrors['evidence.file_malformed'], 'evidence.file_malformed', {
      what: file.error.issues[0]?.path.join('/') ?? '',
    })
  }
  return { items: file.data.items }
}

/** The text of an evidence file. */
export function evidenceFileText(evidence: Evidence): string {
  return `${JSON.stringify({ type: evidenceFileType, version: 1, items: evidence.items })}\n`
}

/** Several pieces of evidence as one. Order does not matter to any judgement. */
export const mergeEvidence = (parts: readonly Evidence[]): Evidence => ({
  items: parts.flatMap(({ items }) => items),
})

/** The documents of one kind. */
export const documentsOf = (evidence: Evidence, kind: EvidenceKind): readonly Json[] =>
  evidence.items.filter((item) => item.kind === kind).map(({ document }) => document)

/** Bytes. A hundred full status lists take about 3 MB. */
const evidenceFileLimit = 67_108_864

const evidenceFile = z.strictObject({
  type: z.literal(evidenceFileType),
  version: z.literal(1),
  items: z
    .array(
      z.strictObject({
        kind: z.enum(evidenceKinds),
        url: z.string().check(z.refine(isUrl, 'not a URL')),
        document: z.custom<JsonObject>(isObject),
      }),
    )
    .check(z.maxLength(10_000)),
})
