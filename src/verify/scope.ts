/**
 * What is judged by the lists that may speak of a certificate, and by no others: an authority of one region must not say
 * whose keys sign the statuses of another, clear what was suspended there, or call its keys stolen.
 */
import { lazily } from '../base/lazily.ts'
import type { Certificate } from '../certificate/certificate.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import type { SigningKey } from '../trust/key-fault.ts'
import type { Claim } from '../trust/recognise.ts'
import type { Inputs } from './inputs.ts'
import type { ReadCredential } from './subject.ts'

/** The same inputs with the lists that cover the award; all of them where none does, which the check on trust will tell. */
export async function inScope(
  { certificate }: Pick<ReadCredential, 'certificate'>,
  inputs: Inputs,
): Promise<Inputs> {
  const { trusted } = inputs
  const lists = trusted?.current ?? []
  // Where no list is another's, nothing can be taken for its own.
  if (trusted === undefined || certificate === undefined || lists.length < 2) return inputs
  const { scopeFault } = await recognition()
  const claim = claimOf(certificate, [])
  const covering = lists.filter((authentic) => scopeFault(authentic, claim) === null)
  if (covering.length === 0 || covering.length === lists.length) return inputs
  const name = JSON.stringify(
    covering.map(({ digest, path }) => [digest, ...path.map((step) => step.digest)]),
  )
  const known = inputs.scoped.get(name)
  if (known !== undefined) return known
  const scoped: Inputs = {
    ...inputs,
    trusted: { ...trusted, current: covering },
    believedLists: new Map(),
    foundKeys: new Map(),
    readHistories: new Map(),
  }
  inputs.scoped.set(name, scoped)
  return scoped
}

const recognition = lazily(() => import('../trust/recognise.ts'))

/** A certificate in full, or what its holder let us see of it: what recognition is about is never hidden. */
export type Stated = Certificate | DisclosedCertificate

/** What a certificate says that its agency awarded. */
export const claimOf = (certificate: Stated, keys: readonly SigningKey[]): Claim => ({
  agency: certificate.issuer.id,
  keys,
  awardedOn: 'awardedOn' in certificate ? certificate.awardedOn : certificate.validFrom,
  ...awardOf(certificate),
})

/** A notice names a grade but awards none, so no scope is asked for it. */
function awardOf(certificate: Stated): Pick<Claim, 'award'> {
  if (certificate.type !== 'ProfessionalTechnicalGradeCertificate') return {}
  const { award, region } = certificate
  return { award: { occupation: award.occupation.code, grade: award.grade.code, region } }
}
