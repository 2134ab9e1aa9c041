/** Whether the agency was recognised for this award on the day of the award, and by whom. */
import type { Instant } from '../base/instant.ts'
import { epochOf, instantAt } from '../base/instant.ts'
import type { Json } from '../base/json.ts'
import type { Certificate } from '../certificate/certificate.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import type { SecuredOpening } from '../securing/open.ts'
import { type Claim, type Recognition, recognise } from '../trust/recognise.ts'
import type { AuthenticList } from '../trust/trust.ts'
import { type Inputs, isWithinInstants } from './inputs.ts'
import type { VouchedKey } from './issuer.ts'
import { type Check, type Facts, fail, pass, skipped, unknown } from './report.ts'
import type { ReadCredential } from './subject.ts'

export function checkTrust(
  read: ReadCredential,
  keys: readonly VouchedKey[],
  { trusted, existedBy }: Pick<Inputs, 'trusted'> & { readonly existedBy: readonly (Instant | undefined)[] },
): Check<'trust'> {
  if (trusted === undefined) return unknown('no_trust', 'the caller named no trust list')
  if (trusted.current.length === 0) {
    const [first] = trusted.unusable
    return first === undefined
      ? unknown('trust_list_not_at_hand', 'no list is signed by a root that the caller named')
      : unknown(first.fault, `${first.list.id}, number ${first.list.sequence}`)
  }
  if (keys.length === 0) return unknown('key_unknown', 'the key that signed was not found out')
  if (read.certificate === undefined) return skipped('format_failed')
  const claim = claimOf(read.certificate, read.opening, { keys, existedBy })
  const judged = trusted.current.map((authentic) => ({
    authentic,
    recognition: recognise(authentic.list, claim),
  }))
  for (const { authentic, recognition } of judged) {
    if (recognition.ok) return pass(factsOf(authentic, recognition))
  }
  // A list that knows the agency says more than one that does not.
  const refusals = judged.map(({ recognition }) => recognition).filter((recognition) => !recognition.ok)
  const telling = refusals.find(({ fault }) => fault !== 'agency_not_listed') ?? refusals[0]
  return telling === undefined ? unknown('trust_list_not_at_hand', '') : fail(telling.fault, telling.detail)
}

function claimOf(
  certificate: Stated,
  opening: SecuredOpening,
  {
    keys,
    existedBy,
  }: { readonly keys: readonly VouchedKey[]; readonly existedBy: readonly (Instant | undefined)[] },
): Claim {
  const created = opening.ok ? opening.opened.signatures.map((signature) => signature.created) : []
  const moments = created.map((text) => (text === undefined ? null : epochOf(text)))
  return {
    agency: certificate.issuer.id,
    // Where a signature does not hold, not all have a key here, and no moment can be said to be a key's.
    keys: keys.map(({ thumbprint }, i) => ({
      thumbprint,
      existedBy: keys.length === created.length ? existedBy[i] : undefined,
    })),
    signedAt: moments.every(isWithinInstants) ? latest(moments) : undefined,
    awardedOn: 'awardedOn' in certificate ? certificate.awardedOn : certificate.validFrom,
    ...awardOf(certificate),
  }
}

/** A certificate in full, or what its holder let us see of it: what recognition is about is never hidden. */
type Stated = Certificate | DisclosedCertificate

const latest = (moments: readonly number[]): Instant | undefined =>
  moments.length === 0 ? undefined : instantAt(Math.max(...moments))

/** A notice names a grade but awards none, so no scope is asked for it. */
function awardOf(certificate: Stated): Pick<Claim, 'award'> {
  if (certificate.type !== 'ProfessionalTechnicalGradeCertificate') return {}
  const { award, region } = certificate
  return { award: { occupation: award.occupation.code, grade: award.grade.code, region } }
}

function factsOf({ list, digest }: AuthenticList, { agency }: Extract<Recognition, { ok: true }>): Facts {
  return {
    authority: list.issuer,
    list: list.id,
    sequence: list.sequence,
    digest,
    agency: agency.labels as unknown as Json,
    standing: agency.standing,
    ...(list.trial && { trial: true }),
    ...(list.validUntil !== undefined && { until: list.validUntil }),
  }
}
