/** What a verifier asks for. Decides inside a check whether absence fails, is skipped, or is not asked. */
import type { ChainId } from '../anchor/anchor.ts'
import type { CertificateType } from '../certificate/certificate.ts'

export interface Policy {
  /** Types of certificate that are accepted; others fail by their type, however genuine. */
  readonly types: readonly CertificateType[]
  /** Seconds by which another machine's clock may be ahead of ours. */
  readonly clockSkew: number
  /** X.509 roots, base64 of DER, to which the chain of an SD-JWT VC (`x5c`) may lead; none by default. */
  readonly certificateRoots: readonly string[]
  /** Anchors that a certificate must have, each verified; none by default. Where one is missing, nothing is found out. */
  readonly anchors: readonly AnchorRequirement[]
  /** Whether anchors in chains that are for tests count; they do not by default. */
  readonly testChains: boolean
}

/** Any at all, one in a transparency log, or one in the chain of that id. */
export type AnchorRequirement = 'any' | 'tlog' | ChainId

export const defaultPolicy: Policy = {
  types: ['ProfessionalTechnicalGradeCertificate'],
  clockSkew: 300,
  certificateRoots: [],
  anchors: [],
  testChains: false,
}
