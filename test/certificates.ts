/** Certificates for tests: fixed examples of each type, and generators of everything that may be issued. */
import fc from 'fast-check'
import type { Did } from '../src/base/did-url.ts'
import type { CalendarDate } from '../src/base/instant.ts'
import type { Alignment } from '../src/certificate/catalogue.ts'
import type {
  Agency,
  AssessmentNotice,
  Award,
  Certificate,
  Evaluation,
  GradeCertificate,
  NamedHolder,
  TrainingCompletion,
  TrainingRecord,
} from '../src/certificate/certificate.ts'
import { standardTrainingHour } from '../src/certificate/certificate.ts'
import { gradeCodes, grades } from '../src/certificate/grade.ts'
import type { Labels } from '../src/certificate/labels.ts'
import { knownOccupations } from '../src/certificate/occupation.ts'
import { type BadgeForm, defaultForm } from '../src/credential/badge-form.ts'
import type { StatusPosition } from '../src/credential/status-entry.ts'

export const day = (text: string): CalendarDate => text as CalendarDate

export const exampleAgency: Agency = {
  id: 'did:web:cert.agency.example',
  labels: { 'zh-Hans': '示例评价机构', en: 'Example Evaluation Agency' },
  url: 'https://cert.agency.example',
  code: '12110000MB0000001U',
}

const item = 'https://cert.agency.example/catalogue/2-02-38-01/junior/v2021'

export const exampleAward: Award = {
  id: item,
  criteria: {
    id: `${item}/criteria`,
    narrative: '两项考核皆达60分（含）以上为合格。Both papers must reach 60.',
  },
  occupation: {
    code: '2-02-38-01',
    formerCode: '2-02-10-09',
    labels: { 'zh-Hans': '人工智能工程技术人员', en: 'Artificial Intelligence Engineering Professional' },
  },
  direction: { labels: { 'zh-Hans': '计算机视觉产品实现', en: 'Computer vision product implementation' } },
  grade: grades.junior,
  standard: {
    code: '2-02-10-09',
    edition: '2021',
    labels: { 'zh-Hans': '人工智能工程技术人员国家职业标准（2021年版）' },
  },
  requiredTrainingHours: 64,
  passMark: 60,
  alignments: [
    {
      name: '人工智能工程技术人员 / Artificial Intelligence Engineering Professional',
      url: 'https://cert.agency.example/catalogue/occupations/2-02-38-01',
      framework: '中华人民共和国职业分类大典(2022年版)',
      code: '2-02-38-01',
    },
    {
      name: 'artificial intelligence engineer',
      url: 'http://data.europa.eu/esco/occupation/35553663-deab-4d9a-bf22-15c1625d28e8',
      framework: 'ESCO',
    },
  ],
  crosswalk: [],
}

const exampleTraining: TrainingRecord = {
  id: 'urn:uuid:0f6c1c7a-6b1f-4c5e-9a51-53e0b7f2a9d4',
  provider: '北京示例数字技术培训中心',
  hours: 64,
  unit: standardTrainingHour,
}

/** An everyday certificate: no scores, nothing replaced, no end. */
export const exampleCertificate: GradeCertificate = {
  type: 'ProfessionalTechnicalGradeCertificate',
  id: 'urn:uuid:03250029-595f-4da1-85ae-efcb3b98cd01',
  number: 'PT26-0001-11-3801-1-0000017-G',
  issuer: exampleAgency,
  holder: { id: 'urn:uuid:b95c6d6e-5637-44da-83ee-52d38726a756', name: '王𠮷' },
  zone: '+08:00',
  awardedOn: day('2026-01-25'),
  validFrom: day('2026-01-25'),
  region: 'CN-BJ',
  session: 'BJ2026-01',
  trainedFrom: day('2025-11-03'),
  examinedOn: day('2026-01-10'),
  site: { id: 'https://cert.agency.example/sites/BJ-01', name: 'BJ-01 海淀考核站' },
  award: exampleAward,
  training: [exampleTraining],
}

/** A certificate that has every member there is. */
export const fullCertificate: GradeCertificate = {
  ...exampleCertificate,
  holder: { ...exampleCertificate.holder, romanisedName: 'WANG JI' },
  validFrom: day('2026-03-02'),
  validUntil: day('2031-03-01'),
  award: {
    ...exampleAward,
    crosswalk: [{ framework: 'EQF', level: '5-6', basis: 'indicative; not an official referencing' }],
  },
  evaluation: { theory: 86.5, practical: 91 },
  training: [{ ...exampleTraining, order: 'DD-2025-17', project: '订单式培训' }],
  replaces: {
    id: 'urn:uuid:faba9b97-70ef-4f7c-8d0b-e9c385399ed2',
    reason: 'data-correction',
    previousIssueDate: day('2026-01-25'),
  },
  upgradeOf: 'urn:uuid:2f0d6b0e-3a43-4c0a-9f5e-6f1a7a1b9c34',
}

export const exampleNotice: AssessmentNotice = {
  type: 'AssessmentResultNotice',
  id: 'urn:uuid:8b16f267-8f47-4d79-84c9-e918c3ce10e9',
  issuer: exampleAgency,
  holder: { id: 'urn:uuid:87055d5b-8d15-4ca4-83ee-cac4aba8f35e', name: '李娜' },
  zone: '+08:00',
  validFrom: day('2026-01-25'),
  region: 'CN-BJ',
  session: 'BJ2026-01',
  award: { ...exampleAward, id: `${item}/assessment` },
  outcome: 'Failed',
  evaluation: { theory: 71, practical: 58 },
}

export const exampleCompletion: TrainingCompletion = {
  type: 'TrainingCompletionCertificate',
  id: 'urn:uuid:f0c85a95-ee63-4690-85f4-ce573e9ee17f',
  issuer: { id: 'did:web:training.base.example', labels: { 'zh-Hans': '示例继续教育基地' } },
  holder: { id: 'urn:uuid:1a1dcb38-f98c-433d-847a-a6ab76eb6202', name: '周敏' },
  zone: '+08:00',
  validFrom: day('2026-05-20'),
  awardedOn: day('2026-05-20'),
  startedOn: day('2026-05-11'),
  completedOn: day('2026-05-15'),
  course: {
    id: 'https://training.base.example/catalogue/cdo-2026',
    labels: { 'zh-Hans': '企业首席数据官素养能力培训', en: 'Enterprise chief data officer training' },
    description: '40学时。40 hours.',
    criteria: '出勤率90%以上并完成结业作业。Attendance of 90% and a final assignment.',
    alignments: [
      {
        name: 'chief data officer',
        url: 'http://data.europa.eu/esco/occupation/e297ec12-4712-40a4-ad98-ba004cacb205',
        framework: 'ESCO',
      },
    ],
  },
  training: [{ provider: '示例继续教育基地', hours: 40, unit: '继续教育学时' }],
}

export const exampleStatus: StatusPosition = {
  index: 48211,
  lists: {
    revocation: 'https://cert.agency.example/status/revocation-1.json',
    suspension: 'https://cert.agency.example/status/suspension-1.json',
  },
}

export const exampleForm: BadgeForm = { ...defaultForm, status: exampleStatus }

/** An object with the members given; those named in `optional` may be absent. Its prototype is that of any object. */
const record = <T extends object>(
  members: { readonly [Name in keyof T]-?: fc.Arbitrary<Exclude<T[Name], undefined>> },
  optional: readonly (keyof T)[] = [],
): fc.Arbitrary<T> =>
  fc.record(members as { [Name in keyof T]: fc.Arbitrary<T[Name]> }, {
    requiredKeys: (Object.keys(members) as (keyof T)[]).filter((name) => !optional.includes(name)) as [],
    noNullPrototype: true,
  }) as unknown as fc.Arbitrary<T>

/** Texts with which something usually breaks, and any others of whole characters. */
const text = fc
  .oneof(
    fc.constantFrom(
      '@type',
      '@id:x',
      '"',
      '\\',
      '\u0000',
      '\u2028',
      ' ',
      '60',
      'null',
      '𠮷㛃䶮',
      '\u202eabc',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  )
  .filter((words) => words.length <= 500)

const labels: fc.Arbitrary<Labels> = record({ 'zh-Hans': text, en: text }, ['en'])

const uuid = fc.uuid({ version: 4 }).map((id) => `urn:uuid:${id}`)
const segment = fc.string({ unit: fc.constantFrom(...'abcXYZ019-._~类'), minLength: 1, maxLength: 8 })
const uri = fc.oneof(
  uuid,
  segment.map((path) => `https://cert.agency.example/${path}`),
  segment.map((path) => `did:web:wallet.example#${path}`),
)
const did: fc.Arbitrary<Did> = fc.constantFrom<Did>(
  'did:web:cert.agency.example',
  'did:web:agency.example%3A8443:a:b',
  'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp',
)

/** Days since 1970 as a day of the calendar. */
const calendarDay = (days: number): CalendarDate =>
  day(new Date(days * 86_400_000).toISOString().slice(0, 10))
export const dayArbitrary = fc.integer({ min: 0, max: 40_000 }).map(calendarDay)
/** Days in order, from the earliest on. */
const days = (count: number): fc.Arbitrary<readonly CalendarDate[]> =>
  fc
    .array(fc.integer({ min: 0, max: 40_000 }), { minLength: count, maxLength: count })
    .map((numbers) => numbers.sort((a, b) => a - b).map(calendarDay))

/** Hundredths between two whole numbers. */
const hundredths = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min, max }),
    fc.integer({ min: min * 100, max: max * 100 }).map((value) => value / 100),
  )

const occupationCode = fc.oneof(
  fc.constantFrom(...knownOccupations.map(({ code }) => code)),
  fc.constantFrom('4-04-04-02-004', '2-02-10-09'),
)

const personName = fc
  .oneof(
    fc.string({ unit: fc.constantFrom(...'王张𠮷㛃䶮·\uf9d0阿依古丽 eé'), minLength: 1, maxLength: 50 }),
    fc.constantFrom('王𠮷', '阿依古丽·买买提', 'Jean-Paul d’Été', 'e\u0301'),
  )
  .map((name) => name.trim())
  .filter((name) => name !== '')
const latinName = fc
  .string({ unit: fc.constantFrom(..."ABCabc '-"), minLength: 0, maxLength: 40 })
  .map((rest) => `W${rest}`.trim())

const agency: fc.Arbitrary<Agency> = record(
  {
    id: did,
    labels,
    url: uri,
    code: fc.string({ unit: fc.constantFrom(...'0123456789AHJY'), minLength: 18, maxLength: 18 }),
  },
  ['url', 'code'],
)

const holder: fc.Arbitrary<NamedHolder> = record({ id: uri, name: personName, romanisedName: latinName }, [
  'romanisedName',
])

const alignment: fc.Arbitrary<Alignment> = record({ name: text, url: uri, framework: text, code: text }, [
  'code',
])

const award: fc.Arbitrary<Award> = record(
  {
    id: uri,
    criteria: record({ id: uri, narrative: text }),
    occupation: record({ code: occupationCode, formerCode: occupationCode, labels }, ['formerCode']),
    direction: record({ labels }),
    grade: fc.constantFrom(...gradeCodes.map((code) => grades[code])),
    standard: record({ code: text, edition: text, labels }, ['code']),
    requiredTrainingHours: hundredths(0, 10_000),
    passMark: hundredths(0, 100),
    alignments: fc.array(alignment, { minLength: 1, maxLength: 3 }),
    crosswalk: fc.array(record({ framework: text, level: text, basis: text }), { maxLength: 2 }),
  },
  ['direction', 'requiredTrainingHours'],
)

const training: fc.Arbitrary<readonly TrainingRecord[]> = fc.uniqueArray(
  record<TrainingRecord>(
    { id: uri, provider: text, hours: hundredths(0, 10_000), unit: text, order: text, project: text },
    ['id', 'order', 'project'],
  ),
  { maxLength: 3, selector: ({ id }) => id ?? Symbol() },
)

const evaluation: fc.Arbitrary<Evaluation> = record({
  theory: hundredths(0, 100),
  practical: hundredths(0, 100),
})

const zone = fc.constantFrom('+08:00', 'Z', '-03:30', '+14:00', '-00:00')

const region = fc.constantFrom('CN-BJ', 'CN', 'HK', 'US-CA')

const stated = { id: uuid, issuer: agency, holder, zone, validFrom: dayArbitrary }

/** Any certificate of a grade that may be issued. */
export const gradeCertificateArbitrary: fc.Arbitrary<GradeCertificate> = fc
  .tuple(
    record<GradeCertificate>(
      {
        type: fc.constant('ProfessionalTechnicalGradeCertificate' as const),
        ...stated,
        number: fc.oneof(
          fc.constant('PT26-0001-11-3801-1-0000017-G'),
          fc.string({ unit: fc.constantFrom(...'AZ09-/.号𠮷'), minLength: 1, maxLength: 64 }),
        ),
        awardedOn: dayArbitrary,
        validUntil: dayArbitrary,
        region,
        session: text,
        trainedFrom: dayArbitrary,
        examinedOn: dayArbitrary,
        site: record({ id: uri, name: text }),
        award,
        evaluation,
        training,
        replaces: record({ id: uri, reason: text, previousIssueDate: dayArbitrary }),
        upgradeOf: uuid,
      },
      [
        'validUntil',
        'region',
        'session',
        'trainedFrom',
        'examinedOn',
        'site',
        'evaluation',
        'replaces',
        'upgradeOf',
      ],
    ),
    days(3),
  )
  .map(([certificate, [awardedOn, validFrom, validUntil]]) => {
    const { award: of, evaluation: scores } = certificate
    return {
      ...certificate,
      awardedOn: awardedOn as CalendarDate,
      validFrom: validFrom as CalendarDate,
      ...('validUntil' in certificate && { validUntil: validUntil as CalendarDate }),
      // Such a certificate states only scores that carry it.
      ...(scores !== undefined && {
        evaluation: {
          theory: Math.max(scores.theory, of.passMark),
          practical: Math.max(scores.practical, of.passMark),
        },
      }),
    }
  })

/** Any notice of a result. */
export const noticeArbitrary: fc.Arbitrary<AssessmentNotice> = record(
  {
    type: fc.constant('AssessmentResultNotice' as const),
    ...stated,
    region,
    session: text,
    award,
    outcome: fc.constantFrom<AssessmentNotice['outcome']>('Failed', 'OnHold'),
    evaluation,
  },
  ['region', 'session', 'evaluation'],
)

/** Any completion of a training. */
export const completionArbitrary: fc.Arbitrary<TrainingCompletion> = record(
  {
    type: fc.constant('TrainingCompletionCertificate' as const),
    ...stated,
    awardedOn: dayArbitrary,
    startedOn: dayArbitrary,
    completedOn: dayArbitrary,
    course: record({
      id: uri,
      labels,
      description: text,
      criteria: text,
      alignments: fc.array(alignment, { maxLength: 2 }),
    }),
    training,
  },
  ['startedOn', 'completedOn'],
)

/** Any certificate of any type. */
export const certificateArbitrary: fc.Arbitrary<Certificate> = fc.oneof(
  gradeCertificateArbitrary,
  noticeArbitrary,
  completionArbitrary,
)

/** Where contexts, schema and status of a badge may stand. */
export const formArbitrary: fc.Arbitrary<BadgeForm & { readonly status: StatusPosition }> = record({
  contextUrl: fc.constantFrom(defaultForm.contextUrl, 'https://cert.agency.example/contexts/v1.json'),
  schemaUrl: fc.constantFrom(defaultForm.schemaUrl, 'https://cert.agency.example/schemas/v1.json'),
  status: record({
    index: fc.integer({ min: 0, max: 131_071 }),
    lists: record({ revocation: uri, suspension: uri }),
  }),
})
