import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isObject, type Json, type JsonObject } from '../../src/base/json.ts'
import { type Certificate, type CertificateType, readCertificate } from '../../src/certificate/certificate.ts'
import { type BadgeReading, readBadge, toBadge } from '../../src/credential/badge.ts'
import { type BadgeForm, defaultForm } from '../../src/credential/badge-form.ts'
import { readBadgeMembers } from '../../src/credential/badge-members.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import { gradeCertificateSchemaFault } from '../../src/credential/schemas.ts'
import { canonicalNQuads } from '../../src/securing/rdfc.ts'
import {
  certificateArbitrary,
  exampleCertificate,
  exampleCompletion,
  exampleForm,
  exampleNotice,
  exampleStatus,
  formArbitrary,
  fullCertificate,
  gradeCertificateArbitrary,
} from '../certificates.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'
import { differences, places, withAt } from './pointers.ts'

const examples: readonly [what: string, certificate: Certificate][] = [
  ['an everyday certificate', exampleCertificate],
  ['a certificate with every member', fullCertificate],
  ['a notice', exampleNotice],
  ['a completion', exampleCompletion],
]

/** Schemas of the agency's own are named by certificates of a grade only. */
const formRead = (certificate: Certificate, { contextUrl, schemaUrl }: BadgeForm): BadgeForm => ({
  contextUrl,
  schemaUrl: certificate.type === 'ProfessionalTechnicalGradeCertificate' ? schemaUrl : '',
})

describe('a certificate as a badge and back', () => {
  test.each(examples)('is the same: %s', (_what, certificate) => {
    expect(readBadge(toBadge(certificate, exampleForm))).toStrictEqual({
      ok: true,
      certificate,
      form: formRead(certificate, exampleForm),
    })
  })

  test('is the same, whatever it says and wherever context, schema and status stand', () => {
    fc.assert(
      fc.property(certificateArbitrary, formArbitrary, (certificate, form) => {
        expect(readBadge(toBadge(certificate, form))).toStrictEqual({
          ok: true,
          certificate,
          form: formRead(certificate, form),
        })
      }),
      { numRuns: 300 },
    )
  })

  test('gives the same badge again', () => {
    fc.assert(
      fc.property(certificateArbitrary, formArbitrary, (certificate, form) => {
        const badge = toBadge(certificate, form)
        const reading = readBadge(badge) as Extract<BadgeReading, { ok: true }>
        expect(toBadge(reading.certificate, { ...reading.form, status: form.status })).toStrictEqual(badge)
      }),
      { numRuns: 300 },
    )
  })

  test('survives being written as JSON', () => {
    fc.assert(
      fc.property(certificateArbitrary, (certificate) => {
        const badge = toBadge(certificate, exampleForm)
        expect(JSON.parse(JSON.stringify(badge))).toStrictEqual(badge)
      }),
    )
  })
})

describe('a badge', () => {
  test('names its contexts, its types and its schemas', () => {
    expect(toBadge(exampleCertificate)).toMatchObject({
      '@context': [
        'https://www.w3.org/ns/credentials/v2',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
        'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
        'https://w3id.org/gradecert/v1',
      ],
      type: ['VerifiableCredential', 'OpenBadgeCredential', 'ProfessionalTechnicalGradeCertificate'],
      credentialSchema: [
        {
          id: 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json',
        },
        { id: 'https://w3id.org/gradecert/schemas/grade-certificate-v1.json', digestSRI: expect.any(String) },
      ],
    })
  })

  test('has its status in one list for revocation and one for suspension, at one index', () => {
    const { credentialStatus, supplementaryStatus } = toBadge(exampleCertificate, exampleForm)
    expect(credentialStatus).toEqual({
      id: 'https://cert.agency.example/status/revocation-1.json#48211',
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '48211',
      statusListCredential: 'https://cert.agency.example/status/revocation-1.json',
    })
    expect(supplementaryStatus).toEqual([
      {
        id: 'https://cert.agency.example/status/suspension-1.json#48211',
        type: 'BitstringStatusListEntry',
        statusPurpose: 'suspension',
        statusListIndex: '48211',
        statusListCredential: 'https://cert.agency.example/status/suspension-1.json',
      },
    ])
    expect(toBadge(exampleCertificate, defaultForm)).not.toHaveProperty('credentialStatus')
  })

  test('has titles in Chinese alone where there are no English labels', () => {
    const { award } = exampleCertificate
    const badge = toBadge({
      ...exampleCertificate,
      award: { ...award, occupation: { ...award.occupation, labels: { 'zh-Hans': '人工智能工程技术人员' } } },
    })
    expect(badge.name).toBe('专业技术等级证书 人工智能工程技术人员 初级')
    expect(badge).toMatchObject({
      credentialSubject: { achievement: { name: '人工智能工程技术人员(初级)' } },
    })
  })

  test.each<[outcome: 'Failed' | 'OnHold', name: string]>([
    ['Failed', '考核结果通知(不合格) / Assessment result notice: not passed'],
    ['OnHold', '考核结果通知(待定) / Assessment result notice: not decided'],
  ])('of a notice says %s in words', (outcome, name) => {
    const badge = toBadge({ ...exampleNotice, outcome })
    expect(badge).toMatchObject({ name, credentialSubject: { result: [{ status: outcome }, {}, {}] } })
    expect(badge.credentialSchema).toHaveLength(1)
  })

  test('has no long run of digits that the certificate did not have', () => {
    const runs = (value: unknown): readonly string[] => JSON.stringify(value).match(/\d{15,}/g) ?? []
    fc.assert(
      fc.property(certificateArbitrary, formArbitrary, (certificate, form) => {
        const given = runs([certificate, form])
        expect(runs(toBadge(certificate, form)).filter((run) => !given.includes(run))).toEqual([])
      }),
    )
    for (const [, certificate] of examples) expect(runs(toBadge(certificate, exampleForm))).toEqual([])
  })

  test('of a grade holds to our schema, whatever it says', async () => {
    await fc.assert(
      fc.asyncProperty(gradeCertificateArbitrary, formArbitrary, async (certificate, form) => {
        expect(await gradeCertificateSchemaFault(toBadge(certificate, form))).toBeNull()
      }),
    )
  })

  test('has a canonical form in which nothing is lost, whatever it says', async () => {
    await fc.assert(
      fc.asyncProperty(certificateArbitrary, async (certificate) => {
        expect(await canonicalNQuads(toBadge(certificate, exampleForm), contextTable())).toMatchObject({
          ok: true,
        })
      }),
      { numRuns: 25 },
    )
  })
})

/** What a badge is read as, in short: where it is refused, or that it is taken. */
function verdictOn(badge: JsonObject): string | null {
  const reading = readBadge(badge)
  if (reading === null) return 'not ours'
  if (reading.ok) return null
  return reading.pointer === '' ? reading.problem.replace(/: .*/, '') : reading.pointer
}

const {
  credentialStatus: _one,
  supplementaryStatus: _other,
  ...fullBadge
} = toBadge(fullCertificate, exampleForm)

describe('a badge that says something else than its certificate is refused', () => {
  const achievement = '/credentialSubject/achievement'
  test.each<[what: string, pointer: string, value: Json | undefined, found?: string]>([
    ['a title of a higher grade', '/name', '专业技术等级证书 人工智能工程技术人员 高级'],
    ['another description', '/description', 'Officially recognised as Senior Engineer.'],
    ['an issuer displayed under another name', '/issuer/name', '人力资源和社会保障部'],
    ['an achievement displayed under another name', `${achievement}/name`, '人工智能工程技术人员(高级)'],
    ['an achievement displayed as another grade', `${achievement}/description`, 'Senior (3 of 3).'],
    ['a human code of another grade', `${achievement}/humanCode`, '2-02-38-01/3'],
    ['a version of another edition', `${achievement}/version`, '2023'],
    ['a specialisation that is not the direction', `${achievement}/specialization`, '人工智能芯片产品实现'],
    ['another language', `${achievement}/inLanguage`, 'en'],
    ['an achievement type that expires', `${achievement}/achievementType`, 'Certification'],
    ['grade labels of another grade', `${achievement}/grade/labels/zh-Hans`, '高级'],
    ['a code scheme of another edition', `${achievement}/occupation/codeScheme`, 'CN-ZYFLDD-2015'],
    ['an exact match of levels', `${achievement}/crosswalk/0/relation`, 'exactMatch'],
    [
      'levels asserted by the authority',
      `${achievement}/crosswalk/0/assertedBy`,
      'did:web:hrss.city.example',
    ],
    ['an ordinal of another grade', `${achievement}/grade/ordinal`, 3, 'certificate/award/grade'],
    ['a code of another grade', `${achievement}/grade/code`, 'senior', 'certificate/award/grade'],
    ['an ordinal as a text', `${achievement}/grade/ordinal`, '1', 'certificate/award/grade/ordinal'],
    [
      'a level achieved that is not the grade',
      '/credentialSubject/result/0/achievedLevel',
      `${fullCertificate.award.id}#grade-senior`,
    ],
    ['a result that is on hold', '/credentialSubject/result/1/status', 'OnHold'],
    [
      'a required level of a higher grade',
      `${achievement}/resultDescription/0/requiredLevel`,
      `${fullCertificate.award.id}#grade-senior`,
    ],
    ['a rank of another order', `${achievement}/resultDescription/0/rubricCriterionLevel/0/level`, '3'],
    ['a pass mark for practice alone', `${achievement}/resultDescription/3/requiredValue`, '0'],
    ['papers out of 120', `${achievement}/resultDescription/2/valueMax`, '120'],
    ['a score with a zero more', '/credentialSubject/result/2/value', '86.50'],
    ['a score as a number', '/credentialSubject/result/2/value', 86.5],
    ['a score in words', '/credentialSubject/result/2/value', 'passed', 'certificate/evaluation/theory'],
    ['one score of two', '/credentialSubject/result/3', undefined, 'certificate/evaluation/practical'],
    ['hours as a text', '/evidence/0/trainingHours', '64'],
    ['a time of day in the award date', '/awardedDate', '2026-01-25T09:00:00+08:00'],
    ['an award date in another zone', '/awardedDate', '2026-01-25T00:00:00Z'],
    ['a start of validity without a zone', '/validFrom', '2026-03-02T00:00:00', 'certificate/zone'],
    ['an end of validity in the morning', '/validUntil', '2031-03-01T00:00:00+08:00'],
    ['a batch that is not the session', '/credentialSubject/term', 'BJ2026-02'],
    ['a hashed name', '/credentialSubject/identifier/0/hashed', true],
    ['a name that is an e-mail address', '/credentialSubject/identifier/0/identityType', 'emailAddress'],
    [
      'a third name',
      '/credentialSubject/identifier/2',
      { type: 'IdentityObject', hashed: false, identityHash: 'X', identityType: 'ext:name' },
    ],
    ['two types of certificate', '/type/3', 'AssessmentResultNotice', '/type'],
    ['another type beside ours', '/type/3', 'OfficialCertificate', '/type/3'],
    ['a type as a text', '/type', 'ProfessionalTechnicalGradeCertificate'],
    [
      'types in another order',
      '/type',
      ['ProfessionalTechnicalGradeCertificate', 'OpenBadgeCredential', 'VerifiableCredential'],
      '/type/0',
    ],
    ['a fifth context', '/@context/4', 'https://w3id.org/security/data-integrity/v2'],
    ['contexts in another order', '/@context/0', 'https://w3id.org/gradecert/v1'],
    ['a context inside', '/@context/3', { '@vocab': 'https://example.org/' }],
    ['one context alone', '/@context', 'https://w3id.org/gradecert/v1'],
    ['no context', '/@context', undefined],
    ['no digest of our schema', '/credentialSchema/1/digestSRI', undefined],
    ['a digest of another schema', '/credentialSchema/1/digestSRI', 'sha384-AAAA'],
    ['no schema of ours', '/credentialSchema/1', undefined, '/credentialSchema/1'],
    ['an issuer that is only a DID', '/issuer', 'did:web:cert.agency.example', 'certificate/issuer/id'],
    ['a second issuer', '/issuer', [fullBadge.issuer as Json], 'certificate/issuer/id'],
    [
      'two subjects',
      '/credentialSubject',
      [fullBadge.credentialSubject as Json, fullBadge.credentialSubject as Json],
      'certificate/holder/id',
    ],
    ['an achievement by reference', achievement, fullCertificate.award.id, 'certificate/award'],
    ['evidence that is an empty list', '/evidence', [], '/evidence'],
    [
      'a site that is only an id',
      '/credentialSubject/source',
      'https://cert.agency.example/sites/BJ-01',
      'certificate/site',
    ],
    [
      'a replacement that is only an id',
      '/replaces',
      'urn:uuid:faba9b97-70ef-4f7c-8d0b-e9c385399ed2',
      'certificate/replaces',
    ],
    [
      'an upgrade of what is no credential',
      '/upgradeOf',
      'https://cert.agency.example/1',
      'certificate/upgradeOf',
    ],
    ['no id', '/id', undefined, 'certificate/id'],
    ['no holder', '/credentialSubject/identifier', undefined, 'certificate/holder/name'],
    ['null for a title', '/name', null],
  ])('%s', (_what, pointer, value, found = pointer) => {
    expect(verdictOn(withAt(fullBadge, pointer, value))).toBe(found)
  })

  test('with the certificate that it claims to be, where there is one', () => {
    expect(readBadge(withAt(fullBadge, '/name', 'Senior Engineer'))).toStrictEqual({
      ok: false,
      pointer: '/name',
      problem: 'not what the certificate says',
      claimed: fullCertificate,
    })
    expect(readBadge(withAt(fullBadge, '/id', 'urn:uuid:1'))).not.toHaveProperty('claimed')
  })

  test('in any text or number: none can be changed and the certificate stay the same', () => {
    const changed = (value: Json): Json =>
      typeof value === 'string' ? `${value}x` : typeof value === 'number' ? value + 1 : !value
    const silent = places(fullBadge)
      .filter(([, value]) => typeof value !== 'object')
      .filter(([pointer, value]) => {
        const reading = readBadge(withAt(fullBadge, pointer, changed(value)))
        return (
          reading?.ok &&
          differences(reading.certificate as unknown as Json, fullCertificate as unknown as Json).length === 0
        )
      })
      .map(([pointer]) => pointer)
    // Where context and schema are read from is the agency's choice and no part of what is certified.
    expect(silent).toEqual(['/@context/3', '/credentialSchema/1/id'])
  })

  test('with a member more, at any level', () => {
    const objects = places(fullBadge).filter(([, value]) => isObject(value))
    expect(objects.length).toBeGreaterThan(30)
    for (const [pointer] of objects) {
      const found = verdictOn(withAt(fullBadge, `${pointer}/extra`, 'x'))
      expect([pointer, found]).toEqual([
        pointer,
        // Labels are taken over whole, so their own schema speaks first; that of grades and of papers are written by us.
        pointer.endsWith('/labels') && !pointer.endsWith('/grade/labels')
          ? expect.stringMatching(/^certificate\/.*labels$/)
          : `${pointer}/extra`,
      ])
    }
  })

  test('trap 7: with an object for a list of one, or a list of one for an object, at any level', () => {
    for (const [pointer, value] of places(fullBadge)) {
      if (pointer === '' || typeof value !== 'object') continue
      const other = Array.isArray(value) ? (value[0] as Json) : [value as Json]
      expect([pointer, verdictOn(withAt(fullBadge, pointer, other))]).not.toEqual([pointer, null])
    }
  })

  test('with any member taken away, or it is another certificate', () => {
    for (const [pointer] of places(fullBadge)) {
      if (pointer === '' || /\/\d+$/.test(pointer)) continue
      const reading = readBadge(withAt(fullBadge, pointer, undefined))
      if (reading?.ok) expect(reading.certificate).not.toEqual(fullCertificate)
    }
  })

  test('though members of an object may stand in any order', () => {
    const reversed = (value: Json): Json =>
      Array.isArray(value)
        ? value.map(reversed)
        : isObject(value)
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([name, member]) => [name, reversed(member)]),
            )
          : value
    expect(verdictOn(reversed(fullBadge) as JsonObject)).toBeNull()
  })

  test('not for its status, which changes with the lists of its issuer', () => {
    expect(
      verdictOn(toBadge(fullCertificate, { ...exampleForm, status: { ...exampleStatus, index: 0 } })),
    ).toBeNull()
    expect(verdictOn({ ...fullBadge, credentialStatus: { type: 'OtherStatus' } })).toBeNull()
  })

  test.each<[what: string, pointer: string, value: Json]>([
    ['a status of a result that is none', '/credentialSubject/result/0/status', 'Completed'],
    [
      'a notice that calls itself a certificate',
      '/credentialSubject/achievement/achievementType',
      'Certificate',
    ],
    ['a notice that says it is one', '/description', '专业技术等级证书'],
  ])('also as a notice: %s', (_what, pointer, value) => {
    const found = pointer === '/credentialSubject/result/0/status' ? 'certificate/outcome' : pointer
    expect(verdictOn(withAt(toBadge(exampleNotice), pointer, value))).toBe(found)
  })

  test('also as a completion: a grade', () => {
    const badge = toBadge(exampleCompletion)
    const grade = (fullBadge.credentialSubject as { achievement: { grade: Json } }).achievement.grade
    expect(verdictOn(withAt(badge, '/credentialSubject/achievement/grade', grade))).toBe(
      '/credentialSubject/achievement/grade',
    )
    expect(verdictOn(withAt(badge, '/credentialSubject/achievement', 'x'))).toBe('certificate/course')
  })

  test('and a badge of none of our types is not ours to judge', () => {
    expect(readBadge({ ...fullBadge, type: ['VerifiableCredential', 'OpenBadgeCredential'] })).toBeNull()
    expect(readBadge({})).toBeNull()
    expect(readBadge({ type: { 0: 'ProfessionalTechnicalGradeCertificate' } })).toBeNull()
  })
})

describe('what a proof over RDF does not fix, reading does', () => {
  const nquadsOf = async (badge: JsonObject) => canonicalNQuads(badge, contextTable())
  const [first, second] = (fullBadge.credentialSubject as { identifier: Json[] }).identifier
  const [record] = fullBadge.evidence as Json[]

  test.each<[what: string, change: JsonObject, found: string]>([
    [
      'the two names in the other order',
      withAt(fullBadge, '/credentialSubject/identifier', [second as Json, first as Json]),
      'certificate/holder/romanisedName',
    ],
    [
      'a record of training stated twice',
      withAt(fullBadge, '/evidence', [record as Json, record as Json]),
      'certificate/training',
    ],
  ])('%s', async (_what, badge, found) => {
    expect(await nquadsOf(badge)).toEqual(await nquadsOf(fullBadge))
    expect(verdictOn(badge)).toBe(found)
  })
})

describe.skipIf(!sharedIsHere)('our badge has the structure of the example', () => {
  /** Texts that we word or punctuate otherwise, and members that came later. */
  const reworded = ['/credentialSubject/achievement/description']
  const digest = '/credentialSchema/1/digestSRI'
  const notice = [...reworded, '/description', '/credentialSubject/achievement/name']

  test.each<[file: string, type: CertificateType, changed: readonly string[]]>([
    ['01-junior-ai', 'ProfessionalTechnicalGradeCertificate', [digest, ...reworded]],
    ['02-senior-bigdata-with-scores', 'ProfessionalTechnicalGradeCertificate', [digest, ...reworded]],
    ['03a-failed-result-notice', 'AssessmentResultNotice', notice],
    ['04b-reissued', 'ProfessionalTechnicalGradeCertificate', [digest, ...reworded]],
    [
      '06-cdo-training-completion',
      'TrainingCompletionCertificate',
      [
        // Labels on issuer and course; the title and the evidence's name are made from them.
        '/issuer/labels',
        '/issuer/labels/zh-Hans',
        '/issuer/labels/en',
        '/credentialSubject/achievement/labels',
        '/credentialSubject/achievement/labels/zh-Hans',
        '/credentialSubject/achievement/labels/en',
        '/name',
        '/description',
        '/evidence/0/name',
      ],
    ],
  ])('%s', (file, type, changed) => {
    const example = sharedJson(`examples/${file}.json`) as JsonObject
    const { certificate, form } = readBadgeMembers(labelled(example), type)
    const reading = readCertificate(certificate)
    if (!reading.ok) throw new Error(`${reading.pointer}: ${reading.problem}`)
    const ours = toBadge(reading.certificate, { ...form, status: statusOf(example) })
    expect([...differences(ours, example)].sort()).toEqual([...changed].sort())
  })

  /** The example's status: two lists, one index. */
  function statusOf({ credentialStatus, supplementaryStatus }: JsonObject): BadgeForm['status'] {
    if (credentialStatus === undefined) return undefined
    const revocation = credentialStatus as { statusListIndex: string; statusListCredential: string }
    const [suspension] = supplementaryStatus as unknown as [{ statusListCredential: string }]
    return {
      index: Number(revocation.statusListIndex),
      lists: { revocation: revocation.statusListCredential, suspension: suspension.statusListCredential },
    }
  }

  /** Labels from the bilingual line, where an example has none. */
  function labelled(example: JsonObject): JsonObject {
    const label = (place: string, badge: JsonObject): JsonObject => {
      const at = new Map(places(badge))
      const [zh = '', en = ''] = String(at.get(`${place}/name`)).split(' / ')
      return at.has(`${place}/labels`) ? badge : withAt(badge, `${place}/labels`, { 'zh-Hans': zh, en })
    }
    return label('/credentialSubject/achievement', label('/issuer', example))
  }
})
