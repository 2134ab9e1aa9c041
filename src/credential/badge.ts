/**
 * The badge form: a certificate as Verifiable Credential 2.0 and Open Badge 3.0 at once.
 *
 * Reading rebuilds the badge from the certificate it found and compares: a badge says what its certificate says, in the
 * same words, and nothing else. Extensions stand on Achievement, Evidence and the top level only, since the schema of
 * Open Badges closes the rest.
 */

import { fix, isFixed, remember } from '../base/fixed.ts'
import { startOfDay, type ZoneOffset } from '../base/instant.ts'
import { asList, defined, type Json, type JsonObject } from '../base/json.ts'
import type { Alignment } from '../certificate/catalogue.ts'
import {
  type Award,
  type Certificate,
  type CertificateType,
  type Course,
  certificateTypes,
  type Evaluation,
  readCertificate,
  type TrainingRecord,
} from '../certificate/certificate.ts'
import { gradeCodes, gradeLabels, grades } from '../certificate/grade.ts'
import { bilingual, type Labels } from '../certificate/labels.ts'
import { occupationCodeScheme } from '../certificate/occupation-code.ts'
import { type BadgeForm, defaultForm } from './badge-form.ts'
import { readBadgeMembers } from './badge-members.ts'
import { contextUrls } from './contexts.ts'
import { firstDifference } from './difference.ts'
import { gradeCertificateSchemaSri, openBadgesSchemaUrl, schemaEntryType } from './schemas.ts'
import { statusEntry } from './status-entry.ts'

/** The unsecured badge of a certificate. */
export function toBadge(certificate: Certificate, form: BadgeForm = defaultForm): JsonObject {
  return defined({
    '@context': [
      contextUrls['credentials/v2'],
      contextUrls['open-badges/3.0.3'],
      contextUrls['open-badges/extensions'],
      form.contextUrl,
    ],
    id: certificate.id,
    type: ['VerifiableCredential', 'OpenBadgeCredential', certificate.type],
    ...writers[certificate.type](certificate as never),
    credentialSchema: schemaEntries(certificate.type, form),
    ...(form.status !== undefined && {
      credentialStatus: statusEntry(form.status, 'revocation'),
      supplementaryStatus: [statusEntry(form.status, 'suspension')],
    }),
  })
}

export type BadgeReading =
  | {
      readonly ok: true
      readonly certificate: Certificate
      readonly form: BadgeForm
    }
  /** `pointer` is where, as JSON Pointer into the badge. */
  | {
      readonly ok: false
      readonly pointer: string
      readonly problem: string
      readonly claimed?: Certificate | undefined
    }

/**
 * The certificate of an unsecured badge (no `proof`). A badge of none of our types gives `null`. Status entries are the
 * issuer's business and change with its lists: they are not looked at here.
 */
export function readBadge(badge: JsonObject): BadgeReading | null {
  const types = asList(badge.type)
  const type = certificateTypes.filter((name) => types.includes(name))
  if (type.length === 0) return null
  if (type.length > 1) return { ok: false, pointer: '/type', problem: 'more than one type of certificate' }
  const { credentialStatus, supplementaryStatus, ...stated } = badge
  const members = readBadgeMembers(stated, type[0] as CertificateType)
  const reading = readCertificate(members.certificate)
  if (!reading.ok)
    return { ok: false, pointer: '', problem: `certificate${reading.pointer}: ${reading.problem}` }
  const { certificate } = reading
  const pointer = firstDifference(stated, toBadge(certificate, members.form))
  return pointer === null
    ? { ok: true, certificate, form: members.form }
    : { ok: false, pointer, problem: 'not what the certificate says', claimed: certificate }
}

/** One row per type: what stands between `type` and `credentialSchema`. */
const writers: {
  readonly [Type in CertificateType]: (certificate: Extract<Certificate, { type: Type }>) => Members
} = {
  ProfessionalTechnicalGradeCertificate: (certificate) => {
    const { award, zone } = certificate
    const { occupation, grade } = award
    const on = dateTime(zone)
    return {
      name: titleOf(award),
      description: '数字技术工程师培育项目考核合格证书。Issued after passing the two-part assessment.',
      issuer: profileOf(certificate),
      validFrom: on(certificate.validFrom),
      validUntil: certificate.validUntil && `${certificate.validUntil}T23:59:59${zone}`,
      awardedDate: on(certificate.awardedOn),
      region: certificate.region,
      credentialSubject: defined({
        ...subjectOf(certificate),
        licenseNumber: certificate.number,
        term: certificate.session,
        activityStartDate: certificate.trainedFrom && on(certificate.trainedFrom),
        activityEndDate: certificate.examinedOn && on(certificate.examinedOn),
        source: certificate.site && {
          id: certificate.site.id,
          type: ['Profile'],
          name: certificate.site.name,
        },
        achievement: achievementOf(award, certificate.issuer.id, {
          achievementType: 'Certificate',
          name: bilingual({
            'zh-Hans': `${occupation.labels['zh-Hans']}(${gradeLabels[grade.code]['zh-Hans']})`,
            en: occupation.labels.en && `${occupation.labels.en} (${gradeLabels[grade.code].en})`,
          }),
        }),
        result: [
          {
            type: ['Result'],
            resultDescription: `${award.id}#grade`,
            achievedLevel: `${award.id}#grade-${grade.code}`,
          },
          { type: ['Result'], resultDescription: `${award.id}#overall`, status: 'Completed' },
          ...scoreResults(award.id, certificate.evaluation),
        ],
      }),
      evidence: certificate.training.length === 0 ? undefined : certificate.training.map(trainingEvidence),
      batch: certificate.session,
      replaces: certificate.replaces && {
        id: certificate.replaces.id,
        type: 'Replacement',
        reason: certificate.replaces.reason,
        previousIssueDate: on(certificate.replaces.previousIssueDate),
      },
      upgradeOf: certificate.upgradeOf,
    }
  },

  AssessmentResultNotice: (notice) => {
    const { award } = notice
    const { occupation, grade } = award
    return {
      name: noticeTitles[notice.outcome],
      description: '成绩通知，不是证书。A result notice, NOT a certificate.',
      issuer: profileOf(notice),
      validFrom: dateTime(notice.zone)(notice.validFrom),
      region: notice.region,
      credentialSubject: defined({
        ...subjectOf(notice),
        term: notice.session,
        achievement: achievementOf(award, notice.issuer.id, {
          achievementType: 'Assessment',
          name: bilingual({
            'zh-Hans': `考核：${occupation.labels['zh-Hans']}(${gradeLabels[grade.code]['zh-Hans']})`,
            en: occupation.labels.en && `Assessment: ${occupation.labels.en} (${gradeLabels[grade.code].en})`,
          }),
        }),
        result: [
          { type: ['Result'], resultDescription: `${award.id}#overall`, status: notice.outcome },
          ...scoreResults(award.id, notice.evaluation),
        ],
      }),
    }
  },

  TrainingCompletionCertificate: (completion) => {
    const on = dateTime(completion.zone)
    return {
      name: `${completion.course.labels['zh-Hans']}结业证明 / ${completion.course.labels.en ?? 'Training'}, completion`,
      description:
        '培训结业证明，不是专业技术等级证书。Proof of training, NOT a professional technical grade certificate.',
      issuer: profileOf(completion),
      validFrom: on(completion.validFrom),
      awardedDate: on(completion.awardedOn),
      credentialSubject: defined({
        ...subjectOf(completion),
        activityStartDate: completion.startedOn && on(completion.startedOn),
        activityEndDate: completion.completedOn && on(completion.completedOn),
        achievement: courseAchievement(completion.course),
        result: [
          { type: ['Result'], resultDescription: `${completion.course.id}#done`, status: 'Completed' },
        ],
      }),
      evidence: completion.training.length === 0 ? undefined : completion.training.map(trainingEvidence),
    }
  },
}

const noticeTitles = {
  Failed: '考核结果通知(不合格) / Assessment result notice: not passed',
  OnHold: '考核结果通知(待定) / Assessment result notice: not decided',
} as const

function titleOf({ occupation, grade }: Award): string {
  const { 'zh-Hans': zh, en } = occupation.labels
  return bilingual({
    'zh-Hans': `专业技术等级证书 ${zh} ${gradeLabels[grade.code]['zh-Hans']}`,
    en: en && `Professional Technical Grade Certificate, ${en}, ${gradeLabels[grade.code].en}`,
  })
}

const profileOf = ({ issuer }: Certificate): JsonObject => profileFrom(issuer)

const profileFrom = remember((issuer: Certificate['issuer']): JsonObject => {
  const profile = defined({
    id: issuer.id,
    type: ['Profile'],
    name: bilingual(issuer.labels),
    url: issuer.url,
    otherIdentifier: issuer.code && [
      { type: 'IdentifierEntry', identifier: issuer.code, identifierType: 'ext:cn.uscc' },
    ],
    labels: labelMap(issuer.labels),
  })
  return isFixed(issuer) ? fix(profile) : profile
})

function subjectOf({ holder }: Certificate): Members {
  const names = holder.romanisedName === undefined ? [holder.name] : [holder.name, holder.romanisedName]
  return {
    id: holder.id,
    type: ['AchievementSubject'],
    identifier: names.map((name) => ({
      type: 'IdentityObject',
      hashed: false,
      identityHash: name,
      identityType: 'ext:name',
    })),
  }
}

interface Named {
  readonly achievementType: string
  readonly name: string
}

const achievementOf = (award: Award, issuer: string, own: Named): JsonObject =>
  achievementFrom(award, JSON.stringify([issuer, own.achievementType, own.name]))

const achievementFrom = remember((award: Award, named: string): JsonObject => {
  const [issuer, achievementType, name] = JSON.parse(named) as [string, string, string]
  const achievement = composeAchievement(award, issuer, { achievementType, name })
  return isFixed(award) ? fix(achievement) : achievement
})

function composeAchievement(award: Award, issuer: string, own: Named): JsonObject {
  const { occupation, grade, direction, standard } = award
  const label = gradeLabels[grade.code]
  return defined({
    id: award.id,
    type: ['Achievement', 'OccupationalGradeAchievement'],
    name: own.name,
    description: `专业技术等级：${label['zh-Hans']}。Professional technical grade: ${label.en} (${grade.ordinal} of 3).`,
    achievementType: own.achievementType,
    inLanguage: 'zh-Hans',
    humanCode: `${occupation.code}/${grade.ordinal}`,
    version: standard.edition,
    specialization: direction?.labels['zh-Hans'],
    criteria: { id: award.criteria.id, narrative: award.criteria.narrative },
    alignment: award.alignments.map(alignmentObject),
    resultDescription: resultDescriptions(award),
    occupation: defined({
      type: 'Occupation',
      code: occupation.code,
      codeScheme: occupationCodeScheme,
      formerCode: occupation.formerCode,
      labels: labelMap(occupation.labels),
    }),
    direction: direction && { type: 'OccupationDirection', labels: labelMap(direction.labels) },
    grade: {
      type: 'Grade',
      code: grade.code,
      ordinal: grade.ordinal,
      gradeScheme: grade.scheme,
      labels: labelMap(label),
    },
    occupationalStandard: defined({
      type: 'OccupationalStandard',
      code: standard.code,
      edition: standard.edition,
      labels: labelMap(standard.labels),
    }),
    requiredTrainingHours:
      award.requiredTrainingHours === undefined ? undefined : decimal(award.requiredTrainingHours),
    crosswalk:
      award.crosswalk.length === 0
        ? undefined
        : award.crosswalk.map(({ framework, level, basis }) => ({
            type: 'LevelCrosswalk',
            framework,
            level,
            relation: 'closeMatch',
            basis,
            assertedBy: issuer,
          })),
  })
}

function courseAchievement(course: Course): JsonObject {
  return defined({
    id: course.id,
    type: ['Achievement'],
    name: bilingual(course.labels),
    description: course.description,
    achievementType: 'CertificateOfCompletion',
    inLanguage: 'zh-Hans',
    criteria: { narrative: course.criteria },
    alignment: course.alignments.length === 0 ? undefined : course.alignments.map(alignmentObject),
    labels: labelMap(course.labels),
    resultDescription: [
      {
        id: `${course.id}#done`,
        type: ['ResultDescription'],
        name: '结业 / Completion',
        resultType: 'Status',
      },
    ],
  })
}

/** Grade, overall result and the two papers, in this order; results point to them by id. */
function resultDescriptions({ id, grade, passMark }: Award): Json {
  const paper = (fragment: string, name: string): JsonObject => ({
    id: `${id}#${fragment}`,
    type: ['ResultDescription'],
    name,
    resultType: 'RawScore',
    valueMin: '0',
    valueMax: '100',
    requiredValue: String(passMark),
  })
  return [
    {
      id: `${id}#grade`,
      type: ['ResultDescription'],
      name: '专业技术等级 / Grade',
      resultType: 'RubricCriterionLevel',
      requiredLevel: `${id}#grade-${grade.code}`,
      rubricCriterionLevel: gradeCodes.map((code) => ({
        id: `${id}#grade-${code}`,
        type: ['RubricCriterionLevel'],
        name: bilingual(gradeLabels[code]),
        level: String(grades[code].ordinal),
      })),
    },
    {
      id: `${id}#overall`,
      type: ['ResultDescription'],
      name: '考核结果 / Overall result',
      resultType: 'Status',
    },
    paper('theory', '理论知识 / Theory'),
    paper('practice', '专业能力 / Professional ability'),
  ]
}

function scoreResults(id: string, evaluation: Evaluation | undefined): readonly JsonObject[] {
  if (evaluation === undefined) return []
  return [
    { type: ['Result'], resultDescription: `${id}#theory`, value: String(evaluation.theory) },
    { type: ['Result'], resultDescription: `${id}#practice`, value: String(evaluation.practical) },
  ]
}

function trainingEvidence(record: TrainingRecord): JsonObject {
  return defined({
    id: record.id,
    type: ['Evidence', 'TrainingRecord'],
    name: '培训合格证明 / Training completion record',
    genre: 'TrainingRecord',
    trainingHours: decimal(record.hours),
    hoursUnit: record.unit,
    provider: record.provider,
    order: record.order,
    project: record.project,
  })
}

function alignmentObject({ name, url, framework, code }: Alignment): JsonObject {
  return defined({
    type: ['Alignment'],
    targetName: name,
    targetCode: code,
    targetFramework: framework,
    targetType: 'ext:Occupation',
    targetUrl: url,
  })
}

/** Only a certificate of a grade names our schema, with its digest; all three are Open Badges. */
function schemaEntries(type: CertificateType, { schemaUrl }: BadgeForm): Json {
  const openBadges = { id: openBadgesSchemaUrl, type: schemaEntryType }
  return type === 'ProfessionalTechnicalGradeCertificate'
    ? [openBadges, { id: schemaUrl, type: schemaEntryType, digestSRI: gradeCertificateSchemaSri }]
    : [openBadges]
}

type Members = Readonly<Record<string, Json | undefined>>

const labelMap = (labels: Labels): JsonObject => defined({ 'zh-Hans': labels['zh-Hans'], en: labels.en })

const dateTime = (zone: ZoneOffset) => (date: Parameters<typeof startOfDay>[0]) => startOfDay(date, zone)

/** RDF writes a JSON number with a fraction as a double; a string keeps what was stated. */
const decimal = (value: number): Json => (Number.isInteger(value) ? value : String(value))
