/** From one exam result to the certificate that it earns. */
import { utf8 } from '../base/bytes.ts'
import { hmacSha256, sha256Hex } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import { fix, isFixed, remember } from '../base/fixed.ts'
import { type CalendarDate, monthsAfter } from '../base/instant.ts'
import { awardFrom } from '../certificate/award.ts'
import { findOccupation } from '../certificate/catalogue.ts'
import {
  type AssessmentNotice,
  type GradeCertificate,
  standardTrainingHour,
} from '../certificate/certificate.ts'
import { grades } from '../certificate/grade.ts'
import { composeNumber, isWellFormedNumber } from '../certificate/number.ts'
import type { ExamResult, UnsuccessfulResult } from '../intake/exam-result.ts'
import { type Random, uuidUrn } from './random.ts'
import type { Settings, Workspace } from './workspace.ts'

export interface MintOptions {
  readonly awardedOn: CalendarDate
  readonly serial: number
  readonly random: Random
  /** Whether the badge shows the scores; it does not by default. */
  readonly withScores: boolean
}

type Minting = Pick<Workspace, 'settings' | 'catalogue' | 'secret'>

/** The certificate of a result that `check` would issue. @throws `issue.number_malformed` */
export function mint(result: ExamResult, workspace: Minting, options: MintOptions): GradeCertificate {
  const { settings, catalogue } = workspace
  const { awardedOn, serial, random, withScores } = options
  const grade = grades[result.grade]
  const months = findOccupation(catalogue, result.occupationCode)?.validityMonths
  const number = composeNumber({
    awardedOn,
    agencyCode: settings.agencyCode,
    region: settings.region,
    occupationCode: result.occupationCode,
    grade,
    serial,
  })
  if (!isWellFormedNumber(number, catalogue.certificateNumber)) {
    throw new CertificateError('issue.number_malformed', { number })
  }
  return {
    type: 'ProfessionalTechnicalGradeCertificate',
    id: uuidUrn(random('credential')),
    number,
    issuer: agencyOf(workspace),
    holder: { id: uuidUrn(random('holder')), name: result.name },
    zone: settings.zone,
    awardedOn,
    validFrom: awardedOn,
    ...(months !== undefined && { validUntil: monthsAfter(awardedOn, months) }),
    region: settings.region,
    session: result.session,
    ...(result.trainedFrom !== undefined && { trainedFrom: result.trainedFrom }),
    examinedOn: result.examinedOn,
    ...(result.site !== undefined && { site: siteOf(result.site, workspace) }),
    award: awardFrom(catalogue, result),
    ...(withScores && { evaluation: { theory: result.theory, practical: result.practical } }),
    training: trainingOf(result, random),
    ...(result.upgradeOf !== undefined && { upgradeOf: result.upgradeOf }),
  }
}

/** The notice that a result brings that earns no certificate. Says nothing of why somebody was disqualified. */
export function mintNotice(
  result: UnsuccessfulResult,
  workspace: Minting,
  options: Omit<MintOptions, 'serial'>,
): AssessmentNotice {
  const { settings, catalogue } = workspace
  const { awardedOn, random, withScores } = options
  const award = awardFrom(catalogue, result)
  return {
    type: 'AssessmentResultNotice',
    id: uuidUrn(random('credential')),
    issuer: agencyOf(workspace),
    holder: { id: uuidUrn(random('holder')), name: result.name },
    zone: settings.zone,
    validFrom: awardedOn,
    region: settings.region,
    session: result.session,
    award: { ...award, id: `${award.id}${award.id.startsWith('urn:') ? ':' : '/'}assessment` },
    outcome: 'Failed',
    ...(withScores && result.theory !== undefined && result.practical !== undefined
      ? { evaluation: { theory: result.theory, practical: result.practical } }
      : {}),
  }
}

/**
 * Hex HMAC of what makes a result the same result: issuer, session, ID, occupation, direction, grade. Without the
 * workspace's secret nobody gets from it to an ID number.
 */
export function idempotencyKey(
  result: UnsuccessfulResult,
  { settings, secret }: Minting,
  form: string,
): string {
  const parts = [
    form,
    settings.did,
    result.session,
    result.idType,
    result.idNumber,
    result.occupationCode,
    result.direction ?? '',
    result.grade,
  ]
  return sha256Hex(hmacSha256(secret, utf8(JSON.stringify(parts))))
}

/** A site that the catalogue does not list is named from its own name, so that it is the same site every time. */
export function siteOf(
  name: string,
  { settings, catalogue, secret }: Minting,
): { readonly id: string; readonly name: string } {
  const listed = catalogue.sites.find((site) => site.name === name)
  if (listed !== undefined) return listed
  const digest = hmacSha256(secret, utf8(`site/${name}`))
  const urn = uuidUrn(digest)
  return {
    id: settings.site === undefined ? urn : `${settings.site}/sites/${urn.slice('urn:uuid:'.length)}`,
    name,
  }
}

const agencyOf = ({ settings }: Minting): GradeCertificate['issuer'] => issuerIn(settings)

const issuerIn = remember((settings: Settings): GradeCertificate['issuer'] => {
  const issuer = {
    id: settings.did,
    labels: settings.labels,
    ...(settings.site !== undefined && { url: settings.site }),
    ...(settings.uscc !== undefined && { code: settings.uscc }),
  }
  return isFixed(settings) ? fix(issuer) : issuer
})

function trainingOf(result: ExamResult, random: Random): GradeCertificate['training'] {
  if (result.trainingProvider === undefined || result.trainingHours === undefined) return []
  return [
    {
      id: uuidUrn(random('training')),
      provider: result.trainingProvider,
      hours: result.trainingHours,
      unit: standardTrainingHour,
      ...(result.trainingOrder !== undefined && { order: result.trainingOrder }),
      ...(result.trainingProject !== undefined && { project: result.trainingProject }),
    },
  ]
}
