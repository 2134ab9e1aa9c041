/**
 * An issuer's signed word on a batch: whatever leads to this commitment and names the key of this statement was signed by
 * that key, and its signature holds. An anchor says nothing of the kind, since anybody may anchor anything.
 */
import { type Bytes, fromBase64url, toBase64url } from '../base/bytes.ts'
import { digestJson } from '../base/canonical.ts'
import { type ControllerId, isControllerId } from '../base/did-url.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { treeAlgorithm } from './tree.ts'

export const statementType = 'GradecertBatchStatement'

export interface BatchStatement {
  readonly issuer: ControllerId
  /** 32 bytes, of one tree only: its size is in it. */
  readonly commitment: Bytes
  /** Number of certificates. */
  readonly size: number
}

/** What is signed, as JSON without a proof. */
export const statementJson = ({ issuer, commitment, size }: BatchStatement): JsonObject => ({
  type: statementType,
  version: 1,
  issuer,
  tree: treeAlgorithm,
  size,
  commitment: `${digestPrefix}${toBase64url(commitment)}`,
})

/** Reads what was signed, strictly; `null` for anything else. Whose signature it has is for others to say. */
export function readStatement(unsigned: JsonObject): BatchStatement | null {
  const { issuer, size, commitment } = unsigned
  const bytes = bytesIn(commitment)
  if (bytes === null || !isControllerId(issuer) || typeof size !== 'number') return null
  if (!Number.isSafeInteger(size) || size < 1) return null
  const statement = { issuer, commitment: bytes, size }
  return digestJson(statementJson(statement)) === digestJson(unsigned) ? statement : null
}

/** The commitment that a document says it is about, base64url: a name to find it by; `null` where it says none. */
export const commitmentName = ({ commitment }: JsonObject): string | null => {
  const bytes = bytesIn(commitment)
  return bytes === null ? null : toBase64url(bytes)
}

function bytesIn(commitment: Json | undefined): Bytes | null {
  const isDigest = typeof commitment === 'string' && commitment.startsWith(digestPrefix)
  const bytes = isDigest ? fromBase64url(commitment.slice(digestPrefix.length)) : null
  return bytes?.length === 32 ? bytes : null
}

const digestPrefix = 'sha-256:'
