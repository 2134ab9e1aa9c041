/** Picks a certificate's members out of a badge. Judges nothing: schema and comparison come after. */
import { fix, isFixed, remember } from '../base/fixed.ts'
import { asList, defined, isObject, type Json, type JsonObject } from '../base/json.ts'
import type { CertificateType } from '../certificate/certificate.ts'
import type { BadgeForm } from './badge-form.ts'

type Picked = Json | undefined

/** Members as found; whatever is missing or of another shape stays so for the schema to refuse. */
export function readBadgeMembers(
  badge: JsonObject,
  type: CertificateType,
): { readonly certificate: { readonly type: CertificateType }; readonly form: BadgeForm } {
  const zone = text(badge.validFrom).slice(19)
  const members = defined({
    id: badge.id,
    issuer: defined({
      id: at(badge, 'issuer', 'id'),
      labels: at(badge, 'issuer', 'labels'),
      url: at(badge, 'issuer', 'url'),
      code: at(badge, 'issuer', 'otherIdentifier', 0, 'identifier'),
    }),
    holder: defined({
      id: at(badge, 'credentialSubject', 'id'),
      name: at(badge, 'credentialSubject', 'identifier', 0, 'identityHash'),
      romanisedName: at(badge, 'credentialSubject', 'identifier', 1, 'identityHash'),
    }),
    zone,
    validFrom: day(badge.validFrom),
    ...readers[type](badge),
  })
  return { certificate: { type, ...members }, form: readForm(badge, type) }
}

const readers: Readonly<Record<CertificateType, (badge: JsonObject) => Readonly<Record<string, Picked>>>> = {
  ProfessionalTechnicalGradeCertificate: (badge) => ({
    number: at(badge, 'credentialSubject', 'licenseNumber'),
    awardedOn: day(badge.awardedDate),
    validUntil: day(badge.validUntil),
    region: badge.region,
    session: badge.batch,
    trainedFrom: day(at(badge, 'credentialSubject', 'activityStartDate')),
    examinedOn: day(at(badge, 'credentialSubject', 'activityEndDate')),
    site: optional(at(badge, 'credentialSubject', 'source'), (site) =>
      defined({ id: site.id, name: site.name }),
    ),
    award: readAward(badge),
    evaluation: readEvaluation(badge),
    training: readTraining(badge),
    replaces: optional(badge.replaces, (earlier) =>
      defined({ id: earlier.id, reason: earlier.reason, previousIssueDate: day(earlier.previousIssueDate) }),
    ),
    upgradeOf: badge.upgradeOf,
  }),
  AssessmentResultNotice: (badge) => ({
    region: badge.region,
    session: at(badge, 'credentialSubject', 'term'),
    award: readAward(badge),
    outcome: at(badge, 'credentialSubject', 'result', 0, 'status'),
    evaluation: readEvaluation(badge),
  }),
  TrainingCompletionCertificate: (badge) => ({
    awardedOn: day(badge.awardedDate),
    startedOn: day(at(badge, 'credentialSubject', 'activityStartDate')),
    completedOn: day(at(badge, 'credentialSubject', 'activityEndDate')),
    course: readCourse(badge),
    training: readTraining(badge),
  }),
}

const readAward = (badge: JsonObject): Picked =>
  optional(at(badge, 'credentialSubject', 'achievement'), (achievement) => awardIn(achievement))

const awardIn = remember((achievement: JsonObject): JsonObject => {
  const award = pickAward(achievement)
  return isFixed(achievement) ? fix(award) : award
})

const pickAward = (achievement: JsonObject): JsonObject =>
  defined({
    id: achievement.id,
    criteria: optional(achievement.criteria, ({ id, narrative }) => defined({ id, narrative })),
    occupation: optional(achievement.occupation, ({ code, formerCode, labels }) =>
      defined({ code, formerCode, labels }),
    ),
    direction: optional(achievement.direction, ({ labels }) => defined({ labels })),
    grade: optional(achievement.grade, ({ gradeScheme, code, ordinal }) =>
      defined({ scheme: gradeScheme, code, ordinal }),
    ),
    standard: optional(achievement.occupationalStandard, ({ code, edition, labels }) =>
      defined({ code, edition, labels }),
    ),
    requiredTrainingHours: decimal(achievement.requiredTrainingHours),
    passMark: decimal(at(achievement, 'resultDescription', 2, 'requiredValue')),
    alignments: list(achievement.alignment, readAlignment),
    crosswalk: list(achievement.crosswalk, ({ framework, level, basis }) =>
      defined({ framework, level, basis }),
    ),
  })

function readCourse(badge: JsonObject): Picked {
  return optional(at(badge, 'credentialSubject', 'achievement'), (achievement) =>
    defined({
      id: achievement.id,
      labels: achievement.labels,
      description: achievement.description,
      criteria: at(achievement, 'criteria', 'narrative'),
      alignments: list(achievement.alignment, readAlignment),
    }),
  )
}

const readAlignment = ({ targetName, targetUrl, targetFramework, targetCode }: JsonObject): JsonObject =>
  defined({ name: targetName, url: targetUrl, framework: targetFramework, code: targetCode })

/** The two scores stand at the end of the results, or nowhere. */
function readEvaluation(badge: JsonObject): Picked {
  const scores = asList(at(badge, 'credentialSubject', 'result')).filter(
    (result) => isObject(result) && result.value !== undefined,
  ) as readonly JsonObject[]
  const [theory, practical] = scores
  return scores.length === 0
    ? undefined
    : defined({ theory: decimal(theory?.value), practical: decimal(practical?.value) })
}

const readTraining = (badge: JsonObject): Picked =>
  list(badge.evidence, ({ id, provider, trainingHours, hoursUnit, order, project }) =>
    defined({ id, provider, hours: decimal(trainingHours), unit: hoursUnit, order, project }),
  )

function readForm(badge: JsonObject, type: CertificateType): BadgeForm {
  return {
    contextUrl: text(at(badge, '@context', 3)),
    schemaUrl:
      type === 'ProfessionalTechnicalGradeCertificate' ? text(at(badge, 'credentialSchema', 1, 'id')) : '',
  }
}

/** Follows names and positions into a value; `undefined` where they lead nowhere. Inherited names are not followed. */
function at(value: Picked, ...steps: readonly (string | number)[]): Picked {
  let found: Picked = value
  for (const step of steps) {
    if (typeof step === 'number' && Array.isArray(found)) found = found[step] as Picked
    else if (typeof step === 'string' && isObject(found) && Object.hasOwn(found, step)) found = found[step]
    else return undefined
  }
  return found
}

const text = (value: Picked): string => (typeof value === 'string' ? value : '')

/** The date part of a dateTime; the comparison with the rebuilt badge sees to the rest. */
const day = (value: Picked): Picked => (typeof value === 'string' ? value.slice(0, 10) : value)

const decimal = (value: Picked): Picked =>
  typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value

const optional = (value: Picked, read: (object: JsonObject) => Picked): Picked =>
  isObject(value) ? read(value) : value

const list = (value: Picked, read: (object: JsonObject) => Json): Json =>
  asList(value).map((item) => (isObject(item) ? read(item) : item))
