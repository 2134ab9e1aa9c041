/** Verification of anchors for browsers, the edge and Node: no network, no file system, nothing of submitting. */
export type {
  Anchor,
  AnchorStatus,
  AnchorVerdict,
  ChainId,
  TrustedBlock,
} from './anchor/anchor.ts'
export { type Batch, type BatchMember, buildBatch, commitmentOf } from './anchor/batch.ts'
export { type BatchStatement, statementJson } from './anchor/batch-statement.ts'
export { type AnchorBundle, bundleText, readBundle } from './anchor/bundle.ts'
export { type ChainState, readChains } from './anchor/chains.ts'
export { existedBy, type JudgeAnchorsOptions, verifyAnchors } from './anchor/judge.ts'
export { CodedError as CertificateError, hasCode } from './base/coded-error.ts'
export type { Instant } from './base/instant.ts'
export { type Subject, subjectsOf } from './securing/subject.ts'
