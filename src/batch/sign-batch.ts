/**
 * Signs the statement on a batch. It says of every member by this key that its signature holds, so each is verified here
 * first: what somebody else put into the folder must not get the agency's word.
 */
import { join } from 'node:path'
import { statementJson } from '../anchor/batch-statement.ts'
import { equalBytes } from '../base/bytes.ts'
import { readFileBounded } from '../base/files.ts'
import type { Instant } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import type { ContextTable } from '../credential/contexts.ts'
import { firstDifference } from '../credential/difference.ts'
import { keepBatchStatement } from '../issue/batch-statements.ts'
import { contextsWith } from '../issue/issue.ts'
import type { Workspace } from '../issue/workspace.ts'
import type { GeneratedSigner } from '../key/signer.ts'
import { addProof } from '../securing/add-proof.ts'
import { suiteFor } from '../securing/data-integrity.ts'
import { openText } from '../securing/open.ts'
import type { Subject } from '../securing/subject.ts'
import type { StoredBatch } from './anchor-store.ts'

export type BatchSigning =
  | { readonly ok: true; readonly document: JsonObject }
  /** `file` is the first member that is not there, was changed, or is not signed by the key that it names. */
  | { readonly ok: false; readonly fault: 'member_not_verified'; readonly file: string }
  /** Another key signed all of it. */
  | { readonly ok: false; readonly fault: 'no_member_of_this_key' }

export interface SignBatchOptions {
  readonly workspace: Pick<Workspace, 'dir' | 'settings' | 'signer'>
  /** Where the certificates are. */
  readonly folder: string
  readonly now: Instant
}

/** Verifies all members, signs, and keeps the statement. One that was kept stays as it is. */
export async function signBatch(
  { name, files, batch, statement }: StoredBatch,
  { workspace, folder, now }: SignBatchOptions,
): Promise<BatchSigning> {
  if (statement !== undefined) return { ok: true, document: statement }
  const { dir, settings, signer } = workspace
  const contexts = contextsWith(settings.contextUrl)
  let count = 0
  for (const [i, { subject }] of batch.members.entries()) {
    const file = files[i]! // a file for each member
    const bytes = await readFileBounded(join(folder, file)).catch(() => null)
    const standing =
      bytes === null ? 'changed' : await standingOf(new Uint8Array(bytes), subject, { signer, contexts })
    if (standing === 'changed') return { ok: false, fault: 'member_not_verified', file }
    if (standing === 'signed') count++
  }
  if (count === 0) return { ok: false, fault: 'no_member_of_this_key' }
  const { commitment, size } = batch
  const document = await addProof(statementJson({ issuer: signer.controller, commitment, size }), {
    signer,
    suite: suiteFor(signer.algorithm, 'jcs'),
    created: now,
    contexts,
  })
  await keepBatchStatement(dir, name, document)
  return { ok: true, document }
}

/** `other` names another key, of which the statement says nothing. */
async function standingOf(
  bytes: Uint8Array<ArrayBuffer>,
  subject: Subject,
  { signer, contexts }: { readonly signer: GeneratedSigner; readonly contexts: ContextTable },
): Promise<'signed' | 'other' | 'changed'> {
  const text = await openText(bytes)
  if (!text.ok || !text.opening.ok) return 'changed'
  const { document, signatures } = text.opening.opened
  const signature = signatures.find((one) => equalBytes(one.subject().digest, subject.digest))
  if (signature === undefined) return 'changed'
  if (signature.key.by !== 'method' || signature.key.url !== signer.verificationMethod) return 'other'
  const result = await signature.verify(signer.publicKey, contexts)
  return result.ok && firstDifference(result.document, document) === null ? 'signed' : 'changed'
}
