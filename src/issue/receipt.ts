/** A verifier's word on a report: the record, signed as a credential, so that others can see who found what and when. */
import { digestJson } from '../base/canonical.ts'
import { CertificateError } from '../base/errors.ts'
import type { Instant } from '../base/instant.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { contextTable, contextUrls } from '../credential/contexts.ts'
import type { Signer } from '../key/signer.ts'
import { addProof } from '../securing/add-proof.ts'
import { suiteFor } from '../securing/data-integrity.ts'

export const receiptType = 'VerificationReceipt'

/** Signs a record of `recordOf`. */
export async function signReceipt(
  record: Json,
  { signer, now, proofId }: { readonly signer: Signer; readonly now: Instant; readonly proofId: string },
): Promise<JsonObject> {
  return addProof(
    {
      '@context': [contextUrls['credentials/v2'], contextUrls['gradecert/v1']],
      type: ['VerifiableCredential'],
      issuer: signer.controller,
      validFrom: now,
      credentialSubject: { type: receiptType, report: record, reportDigest: digestJson(record) },
    },
    { signer, suite: suiteFor(signer.algorithm, 'jcs'), created: now, id: proofId, contexts: contextTable() },
  )
}

/** The record in a receipt, `null` where a document is none. Whose signature it has is for `verifyCredential` to say. */
export function recordInReceipt(document: JsonObject): Json | null {
  const subject = document.credentialSubject
  if (!isObject(subject) || subject.type !== receiptType) return null
  const { report, reportDigest } = subject
  if (report === undefined || digestJson(report) !== reportDigest) {
    throw new CertificateError('verify.record_malformed', { what: 'reportDigest' })
  }
  return report
}
