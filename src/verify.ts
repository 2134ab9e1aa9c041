/** Verification for browsers, the edge and Node: no network, no file system, nothing of issuing. */
export { CodedError as CertificateError, hasCode } from './base/coded-error.ts'
export type { Fetch } from './base/fetch.ts'
export type { Instant } from './base/instant.ts'
export type { Certificate, GradeCertificate } from './certificate/certificate.ts'
export type { DisclosedCertificate } from './credential/claims.ts'
export { type Evidence, mergeEvidence, readEvidence } from './evidence/evidence.ts'
export type { Gathered } from './evidence/gather.ts'
export type { Binding } from './securing/open.ts'
export { mergeTrust, readTrust, type Trust, type TrustRoot } from './trust/trust.ts'
export type { ProofBy } from './verify/inputs.ts'
export type { Expected } from './verify/judge.ts'
export { type Policy, readPolicy } from './verify/policy.ts'
export type {
  PresentationReport,
  PresentedCredential,
  VerifyPresentationOptions,
} from './verify/presentation.ts'
export {
  type Replay,
  type ReportRecord,
  readRecordText,
  recordOf,
  replay,
} from './verify/replay.ts'
export type { Check, CheckId, Checks, CredentialReport, Report, Verdict } from './verify/report.ts'
export { gather, type VerifyOptions, verify, verifyCredential, verifyPresentation } from './verify/verify.ts'
