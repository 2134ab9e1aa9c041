/** The front door for Node: issuing, publishing and verifying, with defaults wired in. */
export type { DidUrl } from './base/did-url.ts'
export { type BatchItem, type BatchSummary, type IssueBatchOptions, issueBatch } from './batch/issue-batch.ts'
export { type AwardChoice, awardFrom } from './certificate/award.ts'
export { type Catalogue, findOccupation } from './certificate/catalogue.ts'
export type {
  Agency,
  AssessmentNotice,
  Award,
  CertificateDraft,
  TrainingCompletion,
  TrainingRecord,
} from './certificate/certificate.ts'
export { type Grade, type GradeCode, grades } from './certificate/grade.ts'
export { sameOccupation } from './certificate/occupation.ts'
export { starterCatalogue } from './certificate/starter-catalogue.ts'
export { readBadge, toBadge } from './credential/badge.ts'
export type { BadgeForm } from './credential/badge-form.ts'
export type { StatusPosition } from './credential/status-entry.ts'
export {
  logUrl,
  resolveWebvh,
  versionAt,
  type WebvhOptions,
  type WebvhResult,
  witnessUrl,
} from './did/webvh.ts'
export { type LogOptions, type LogResult, readLog as readWebvhLog } from './did/webvh-log.ts'
export { nextKeyHash } from './did/webvh-parameters.ts'
export {
  addWitnessProof,
  type CreateWebvhOptions,
  createWebvh,
  type UpdateWebvhOptions,
  updateWebvh,
  type WrittenLog,
  witnessProof,
} from './did/webvh-write.ts'
export {
  type ChangeStatusOptions,
  type Revocation,
  reinstate,
  revoke,
  suspend,
} from './issue/change-status.ts'
export { type CheckedResults, checkResults } from './issue/check-results.ts'
export { type CreateOptions, createWorkspace } from './issue/create-workspace.ts'
export { type IssueOptions, issue, type Secured } from './issue/issue.ts'
export { type Published, type PublishOptions, publish } from './issue/publish.ts'
export { openWorkspace, type Workspace } from './issue/workspace.ts'
export { type GeneratedSigner, generateSigner, type Signer, signerOfSecret } from './key/signer.ts'
export { memoryRegistry } from './registry/memory.ts'
export type { Registry } from './registry/registry.ts'
export { sqliteRegistry } from './registry/sqlite.ts'
export * from './verify.ts'
