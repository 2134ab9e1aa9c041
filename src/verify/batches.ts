/** Statements on batches that evidence brought, sorted once for all certificates of a judgement. */
import { commitmentName } from '../anchor/batch-statement.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'

export interface Batches {
  /** By `batchName`. */
  readonly statements: ReadonlyMap<string, readonly JsonObject[]>
  /** What was found out of them so far, by batch, key and method: thousands of certificates share a statement. */
  readonly believed: Map<string, Promise<BelievedStatement | null>>
}

/** A statement that was found to be its issuer's. */
export interface BelievedStatement {
  /** Lower-case hex SHA-256 of the canonical JSON of the statement without its proof. */
  readonly digest: string
  readonly size: number
}

/** Sorts statements by what they say they are about. Nothing in them is believed. */
export function batchesIn(documents: readonly Json[]): Batches {
  const statements = new Map<string, JsonObject[]>()
  for (const document of documents.filter(isObject)) {
    const commitment = commitmentName(document)
    if (commitment === null || typeof document.issuer !== 'string') continue
    const name = batchName(commitment, document.issuer)
    const same = statements.get(name)
    if (same === undefined) statements.set(name, [document])
    else same.push(document)
  }
  return { statements, believed: new Map() }
}

/** @param commitment base64url */
export const batchName = (commitment: string, issuer: string): string => `${commitment} ${issuer}`
