/** The judgements that the server makes, with what it trusts and knows. Lists are verified once a second, not once a request. */
import type { ChainState } from '../anchor/chains.ts'
import type { Bytes } from '../base/bytes.ts'
import type { Fetch } from '../base/fetch.ts'
import type { Instant } from '../base/instant.ts'
import { asList } from '../base/json.ts'
import { certificateTypes } from '../certificate/certificate.ts'
import { gradeCertificateVct } from '../credential/claims.ts'
import { type Evidence, mergeEvidence, noEvidence } from '../evidence/evidence.ts'
import { type Binding, openText } from '../securing/open.ts'
import type { Trust } from '../trust/trust.ts'
import { judgeCredentialsWith, judgeWith } from '../verify/judge.ts'
import type { Policy } from '../verify/policy.ts'
import type { PresentationReport } from '../verify/presentation.ts'
import type { CredentialReport, Report } from '../verify/report.ts'
import { verify, verifyCredential, verifyPresentation } from '../verify/verify.ts'

export interface Judging {
  /** Roots and their lists; without them no certificate is ever `valid`. */
  readonly trust?: Trust | undefined
  readonly evidence?: Evidence | undefined
  readonly policy?: Partial<Policy> | undefined
  /** What is held of logs and chains; without it no anchor is judged. */
  readonly chains?: ChainState | undefined
  /** Handing this in allows the network; without it no socket is opened. */
  readonly fetch?: Fetch | undefined
}

/** What one request adds. */
export interface Occasion {
  readonly now: Instant
  readonly evidence?: Evidence | undefined
  readonly binding?: Binding | undefined
}

export interface Judges {
  /** Judges a text as a certificate of a recognised agency. */
  certificate(source: Bytes | string, occasion: Occasion): Promise<Report>
  /** Judges a certificate of ours as one, any other credential by its issuer's own word. */
  credential(source: string, occasion: Occasion): Promise<Report | CredentialReport>
  presentation(
    source: string,
    occasion: { readonly now: Instant; readonly binding: Binding | 'not-asked' },
  ): Promise<PresentationReport>
}

export function judgesWith(judging: Judging): Judges {
  const certificates = perInstant((now) => judgeWith({ ...judging, now }))
  const credentials = perInstant((now) => judgeCredentialsWith({ ...judging, now }))
  /** What all requests of one moment share, unless one brings more. */
  const isShared = ({ evidence, binding }: Occasion) =>
    judging.fetch === undefined && evidence === undefined && binding === undefined
  const optionsOf = ({ now, evidence = noEvidence, binding }: Occasion) => ({
    ...judging,
    now,
    binding,
    evidence: mergeEvidence([judging.evidence ?? noEvidence, evidence]),
  })
  const certificate: Judges['certificate'] = async (source, occasion) =>
    isShared(occasion) ? (await certificates(occasion.now))(source) : verify(source, optionsOf(occasion))
  return {
    certificate,
    async credential(source, occasion) {
      if (await isOurs(source)) return certificate(source, occasion)
      return isShared(occasion)
        ? (await credentials(occasion.now))(source)
        : verifyCredential(source, optionsOf(occasion))
    },
    presentation: (source, { now, binding }) => verifyPresentation(source, { ...judging, now, binding }),
  }
}

/** Whether a text says that it is a certificate of ours. */
export async function isOurs(source: string): Promise<boolean> {
  const opened = await openText(source)
  if (!opened.ok) return false
  const { opening } = opened
  const { type, vct } = opening.ok ? opening.opened.document : opening.document
  return vct === gradeCertificateVct || certificateTypes.some((one) => asList(type).includes(one))
}

/**
 * Keeps what was made for the last moment. It remembers every list that a credential named, so that under a clock that
 * stands still it has to be made anew now and then.
 */
function perInstant<T>(make: (now: Instant) => T): (now: Instant) => T {
  let last: { readonly now: Instant; readonly made: T; uses: number } | undefined
  return (now) => {
    if (last?.now !== now || last.uses >= usesLimit) last = { now, made: make(now), uses: 0 }
    last.uses++
    return last.made
  }
}

const usesLimit = 1_000
