/** The front door for Node: issuing, publishing and verifying, with defaults wired in. */

export * from './anchor.ts'
export type { DidUrl } from './base/did-url.ts'
export {
  type BatchItem,
  type BatchSummary,
  type FormChoice,
  type IssueBatchOptions,
  issueBatch,
} from './batch/issue-batch.ts'
export { type ResignOptions, resign } from './batch/reissue-batch.ts'
export { type PersonRow, type Screened, type Screening, screen, screened } from './batch/screening.ts'
export { type Link, type Succession, succession } from './batch/succession.ts'
export {
  type Awarded,
  readPlan,
  type Supervision,
  supervise,
  type Target,
} from './batch/supervision.ts'
export {
  type TextToVerify,
  type Verified,
  type VerifyBatchOptions,
  verifyBatch,
} from './batch/verify-batch.ts'
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
export type { Holder } from './certificate/holder.ts'
export { matchNames, type NameMatch } from './certificate/name-match.ts'
export { sameOccupation } from './certificate/occupation-code.ts'
export { starterCatalogue } from './certificate/starter-catalogue.ts'
export { readBadge, toBadge } from './credential/badge.ts'
export type { BadgeForm } from './credential/badge-form.ts'
export type { TokenStatus } from './credential/claims.ts'
export {
  type ConformanceFault,
  type ConformanceRule,
  conformanceFaults,
  contextsFault,
} from './credential/conformance.ts'
export { type ContextTable, contextTable } from './credential/contexts.ts'
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
export { type Refreshed, refresh } from './evidence/refresh.ts'
export { type RosterPerson, readRoster } from './intake/roster.ts'
export {
  type ChangeStatusOptions,
  type Revocation,
  reinstate,
  revoke,
  suspend,
} from './issue/change-status.ts'
export { type CheckedResults, checkResults } from './issue/check-results.ts'
export { type CreateOptions, createWorkspace } from './issue/create-workspace.ts'
export { type BadgeSuite, type IssueOptions, issue, type Secured } from './issue/issue.ts'
export { issueSdJwt, type SdJwtIssueOptions } from './issue/issue-sd-jwt.ts'
export {
  compromiseKey,
  type KeyChange,
  type KeyChangeOptions,
  retireKey,
  rotateKey,
} from './issue/key-history.ts'
export { type PaperCodeOptions, paperCode } from './issue/paper-code.ts'
export { type Published, type PublishOptions, publish } from './issue/publish.ts'
export { signReceipt } from './issue/receipt.ts'
export { type Reissued, type ReissueOptions, reissue } from './issue/reissue.ts'
export type { PlannedList } from './issue/status-slots.ts'
export { listsFor, openWorkspace, type Workspace } from './issue/workspace.ts'
export type { SigningAlgorithm } from './key/algorithm.ts'
export { fromJwk, fromMultikey, type PublicKey, toJwk, toMultikey } from './key/public-key.ts'
export { type GeneratedSigner, generateSigner, type Signer, signerOfSecret } from './key/signer.ts'
export { useSodium } from './key/sodium.ts'
export { memoryRegistry } from './registry/memory.ts'
export type { Registry } from './registry/registry.ts'
export { sqliteRegistry } from './registry/sqlite.ts'
export { bakePng, bakeSvg } from './render/bake.ts'
export { barChart } from './render/bar-chart.ts'
export { type CardOptions, svgCard } from './render/card.ts'
export { type DrawPng, type PngOptions, pngCards } from './render/png.ts'
export { type ReportFormat, type ReportWriter, reportWriters } from './render/report-writers.ts'
export { addProof, type ProofOptions } from './securing/add-proof.ts'
export { type BadgeJwtOptions, signBadgeJwt } from './securing/badge-jwt.ts'
export type { DataIntegritySuite } from './securing/data-integrity.ts'
export { deriveProof, type SelectiveOptions } from './securing/ecdsa-sd.ts'
export { enveloped } from './securing/envelope.ts'
export { type Presentation, present } from './securing/sd-jwt.ts'
export { signVcJwt, type VcJwtOptions } from './securing/vc-jwt.ts'
export { type HistoryKey, readKeyHistory } from './trust/key-history.ts'
export * from './verify.ts'
export * from './words.ts'
