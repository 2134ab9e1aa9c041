/** What could be read of the code on a paper before anything in it is believed. */
import { instantAt } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import { type PaperClaims, paperCertificate, paperStatus } from '../credential/paper-claims.ts'
import type { SecuredOpening } from '../securing/open.ts'
import type { Policy } from './policy.ts'
import { fail, pass } from './report.ts'
import type { Subject } from './subject.ts'

/** Reads claims that `openPaperCode` let through. */
export function readPaper(
  document: JsonObject,
  opening: SecuredOpening,
  policy: Policy,
): Omit<Subject, 'digest'> {
  const claims = document as unknown as PaperClaims
  const certificate = paperCertificate(claims)
  return {
    format: policy.types.includes(certificate.type)
      ? pass({ type: certificate.type, form: 'paper-code', carries: Object.keys(claims) })
      : fail('type_not_accepted', certificate.type),
    read: {
      credential: document,
      opening,
      issuer: claims.iss,
      from: instantAt(claims.nbf * 1000),
      until: claims.exp === undefined ? undefined : instantAt((claims.exp - 1) * 1000),
      statusEntries: paperStatus(claims).map((entry) => ({ of: 'credential', entry })),
      certificate,
    },
  }
}
