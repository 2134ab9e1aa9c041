/** What a correction may change on a certificate of a grade. Number, award, grade and day of award never change. */
import { CertificateError } from '../base/errors.ts'
import { type CalendarDate, isCalendarDate } from '../base/instant.ts'
import { awardFrom } from '../certificate/award.ts'
import {
  type GradeCertificate,
  readCertificate,
  standardTrainingHour,
  type TrainingRecord,
} from '../certificate/certificate.ts'
import { siteOf } from './mint.ts'
import type { Workspace } from './workspace.ts'

export const correctableFields = [
  'name',
  'romanisedName',
  'direction',
  'session',
  'trainedFrom',
  'examinedOn',
  'site',
  'trainingProvider',
  'trainingHours',
  'trainingOrder',
  'trainingProject',
] as const
export type CorrectableField = (typeof correctableFields)[number]

/** New values as a person writes them; an empty one takes the field away where a certificate can do without it. */
export type Corrections = Readonly<Partial<Record<CorrectableField, string>>>

export const isCorrectable = (field: string): field is CorrectableField =>
  correctableFields.some((known) => known === field)

/**
 * The certificate with its corrections, checked as a whole, still under its old id.
 * @throws `reissue.value_malformed`
 */
export function correct(
  certificate: GradeCertificate,
  corrections: Corrections,
  workspace: Correcting,
): GradeCertificate {
  const given = correctableFields.filter((field) => corrections[field] !== undefined)
  const corrected = given.reduce<GradeCertificate>(
    (before, field) => rows[field](before, (corrections[field] as string).trim(), workspace),
    certificate,
  )
  for (const field of given) {
    // One by one, so that the fault is told by the name of its field and not by where it stands.
    const alone = rows[field](certificate, (corrections[field] as string).trim(), workspace)
    const reading = readCertificate(alone)
    if (!reading.ok) throw new CertificateError('reissue.value_malformed', { field, what: reading.problem })
  }
  return corrected
}

/** Fields in which two certificates differ, for people and programs: never what stands in them. */
export function changedFields(
  before: GradeCertificate,
  after: GradeCertificate,
): readonly CorrectableField[] {
  return correctableFields.filter((field) => stated[field](before) !== stated[field](after))
}

type Correcting = Pick<Workspace, 'settings' | 'catalogue' | 'secret'>
type Correct = (certificate: GradeCertificate, value: string, workspace: Correcting) => GradeCertificate

const day = (value: string): CalendarDate => value as CalendarDate // the schema looks at it afterwards

const rows: Readonly<Record<CorrectableField, Correct>> = {
  name: (certificate, name) => ({ ...certificate, holder: { ...certificate.holder, name } }),
  romanisedName: (certificate, romanisedName) => {
    const { romanisedName: _, ...holder } = certificate.holder
    return { ...certificate, holder: { ...holder, ...(romanisedName !== '' && { romanisedName }) } }
  },
  direction: (certificate, direction, { catalogue }) => ({
    ...certificate,
    award: { ...certificate.award, direction: directionOf(certificate, direction, catalogue) },
  }),
  session: ({ session: _, ...rest }, session) => ({ ...rest, ...(session !== '' && { session }) }),
  trainedFrom: ({ trainedFrom: _, ...rest }, trainedFrom) => ({
    ...rest,
    ...(trainedFrom !== '' && { trainedFrom: day(trainedFrom) }),
  }),
  examinedOn: ({ examinedOn: _, ...rest }, examinedOn) => {
    if (isCalendarDate(examinedOn) && examinedOn > rest.awardedOn)
      throw malformed('examinedOn', 'a day after the award')
    return { ...rest, ...(examinedOn !== '' && { examinedOn: day(examinedOn) }) }
  },
  site: ({ site: _, ...rest }, site, workspace) => ({
    ...rest,
    ...(site !== '' && { site: siteOf(site, workspace) }),
  }),
  trainingProvider: (certificate, provider) => withTraining(certificate, 'trainingProvider', { provider }),
  trainingHours: (certificate, text) => {
    if (!/^\d{1,5}(\.\d{1,2})?$/.test(text)) throw malformed('trainingHours', 'not hours, such as 64 or 64.5')
    return withTraining(certificate, 'trainingHours', { hours: Number(text), unit: standardTrainingHour })
  },
  trainingOrder: (certificate, order) => withTraining(certificate, 'trainingOrder', { order }),
  trainingProject: (certificate, project) => withTraining(certificate, 'trainingProject', { project }),
}

/** What a field says, as text to compare. */
const stated: Readonly<Record<CorrectableField, (certificate: GradeCertificate) => string | undefined>> = {
  name: ({ holder }) => holder.name,
  romanisedName: ({ holder }) => holder.romanisedName,
  direction: ({ award }) => award.direction?.labels['zh-Hans'],
  session: ({ session }) => session,
  trainedFrom: ({ trainedFrom }) => trainedFrom,
  examinedOn: ({ examinedOn }) => examinedOn,
  site: ({ site }) => site?.name,
  trainingProvider: ({ training }) => training[0]?.provider,
  trainingHours: ({ training }) => training[0] && `${training[0].hours} ${training[0].unit}`,
  trainingOrder: ({ training }) => training[0]?.order,
  trainingProject: ({ training }) => training[0]?.project,
}

const malformed = (field: CorrectableField, what: string): CertificateError =>
  new CertificateError('reissue.value_malformed', { field, what })

function directionOf(
  { award }: GradeCertificate,
  direction: string,
  catalogue: Workspace['catalogue'],
): GradeCertificate['award']['direction'] {
  try {
    return awardFrom(catalogue, {
      occupationCode: award.occupation.code,
      grade: award.grade.code,
      direction,
    }).direction
  } catch (cause) {
    if (!(cause instanceof CertificateError)) throw cause
    throw new CertificateError(
      'reissue.value_malformed',
      { field: 'direction', what: cause.explain('en') },
      { cause },
    )
  }
}

/** The one record that an exam system gives; where a certificate has more, nobody can say which one is meant. */
function withTraining(
  certificate: GradeCertificate,
  field: CorrectableField,
  change: Partial<TrainingRecord>,
): GradeCertificate {
  const [record, ...more] = certificate.training
  if (record === undefined || more.length > 0)
    throw malformed(field, `the certificate has ${certificate.training.length} records of training`)
  const given = Object.entries({ ...record, ...change }).filter(([, value]) => value !== '')
  return { ...certificate, training: [Object.fromEntries(given) as unknown as TrainingRecord] }
}
