import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bytes, fromBase64url, utf8, utf8Text } from '../../src/base/bytes.ts'
import { hmacSha256 } from '../../src/base/digest.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { type GradeCertificate, standardTrainingHour } from '../../src/certificate/certificate.ts'
import type { Holder } from '../../src/certificate/holder.ts'
import {
  type DisclosableClaim,
  type DisclosedCertificate,
  disclosableClaims,
  gradeCertificateVct,
  readClaims,
  toClaims,
} from '../../src/credential/claims.ts'
import { toJwk } from '../../src/key/public-key.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { makeSdJwt, openSdJwt, present } from '../../src/securing/sd-jwt.ts'
import {
  day,
  dayArbitrary,
  exampleCertificate,
  fullCertificate,
  gradeCertificateArbitrary,
} from '../certificates.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

const signer = signerOfSeed(new Uint8Array(32).fill(4))
const wallet = signerOfSeed(new Uint8Array(32).fill(5), { algorithm: 'P-256' })
const salt = (label: string): Bytes => hmacSha256(utf8('test salts'), utf8(label)).slice(0, 16)
const created = '2026-01-25T01:00:00Z' as Instant
const status = { uri: 'https://cert.agency.example/status/2026-t1', index: 48211 }
const portrait = `data:image/jpeg;base64,${Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]).toString('base64')}`
const holder: Holder = {
  idType: 'resident-id',
  idNumber: '110000199003078572',
  birthDate: day('1990-03-07'),
  portrait,
}

describe('claims of a certificate', () => {
  test('an everyday certificate, whole', () => {
    expect(toClaims(exampleCertificate, { created, holder, status })).toEqual({
      claims: {
        vct: 'https://w3id.org/gradecert/vct/grade-certificate/v1',
        iss: 'did:web:cert.agency.example',
        iat: 1_769_302_800,
        nbf: 1_769_270_400,
        jti: 'urn:uuid:03250029-595f-4da1-85ae-efcb3b98cd01',
        agency: { name: { 'zh-Hans': '示例评价机构', en: 'Example Evaluation Agency' } },
        certificate_number: 'PT26-0001-11-3801-1-0000017-G',
        occupation: {
          code: '2-02-38-01',
          scheme: 'CN-ZYFLDD-2022',
          former_code: '2-02-10-09',
          name: { 'zh-Hans': '人工智能工程技术人员', en: 'Artificial Intelligence Engineering Professional' },
        },
        direction: { 'zh-Hans': '计算机视觉产品实现', en: 'Computer vision product implementation' },
        grade: {
          code: 'junior',
          ordinal: 1,
          scheme: 'cn.ptg.3',
          name: { 'zh-Hans': '初级', en: 'Junior' },
        },
        award_date: '2026-01-25',
        region: 'CN-BJ',
        status: { status_list: { idx: 48211, uri: status.uri } },
        name: '王𠮷',
        id_type: 'resident-id',
        id_number: '110000199003078572',
        birth_date: '1990-03-07',
        portrait,
        training_hours: 64,
        training_provider: '北京示例数字技术培训中心',
        assessment_site: 'BJ-01 海淀考核站',
      },
      disclosable: [
        'name',
        'id_type',
        'id_number',
        'birth_date',
        'portrait',
        'training_hours',
        'training_provider',
        'assessment_site',
      ],
    })
  })

  test('what a certificate with every member has besides', () => {
    const { claims } = toClaims(fullCertificate, { created, confirmation: wallet.publicKey })
    expect(claims).toMatchObject({
      nbf: Date.parse('2026-03-02T00:00:00+08:00') / 1000,
      exp: Date.parse('2031-03-02T00:00:00+08:00') / 1000,
      cnf: { jwk: toJwk(wallet.publicKey) },
      romanised_name: 'WANG JI',
      theory_score: '86.5',
      practice_score: '91',
      replaces: {
        id: 'urn:uuid:faba9b97-70ef-4f7c-8d0b-e9c385399ed2',
        reason: 'data-correction',
        previous_issue_date: '2026-01-25',
      },
      upgrade_of: 'urn:uuid:2f0d6b0e-3a43-4c0a-9f5e-6f1a7a1b9c34',
    })
    expect(claims).not.toHaveProperty('status')
  })

  test('hours of several trainings are added in hundredths, providers are listed once each', () => {
    const record = { provider: '甲', hours: 0.1, unit: standardTrainingHour }
    const of = (training: GradeCertificate['training']) =>
      toClaims({ ...exampleCertificate, training }, { created }).claims
    expect(of([record, { ...record, hours: 0.2 }])).toMatchObject({
      training_hours: 0.3,
      training_provider: '甲',
    })
    expect(of([record, { ...record, provider: '乙' }])).toMatchObject({ training_provider: ['甲', '乙'] })
    expect(of([record, { ...record, unit: '继续教育学时' }])).not.toHaveProperty('training_hours')
    expect(of([])).not.toHaveProperty('training_provider')
  })

  test.skipIf(!sharedIsHere)('the claims are called as in the published example', () => {
    const example = sharedJson('examples/07-sd-jwt-payload.json')
    const { claims, disclosable } = toClaims(fullCertificate, { created, holder, status })
    const { _sd, _sd_alg, ...payload } = example.payload
    expect(namesIn(claims)).toEqual(expect.arrayContaining([...namesIn(payload)]))
    expect(disclosable).toEqual(
      expect.arrayContaining(example.disclosures.map(({ claim }: { claim: string }) => claim)),
    )
    expect(claims.vct).toBe(payload.vct)
  })

  /** Names of members and of those inside them. */
  function namesIn(value: Json, at = ''): readonly string[] {
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([name, inner]) => [
      `${at}/${name}`,
      ...namesIn(inner, `${at}/${name}`),
    ])
  }
})

describe('reading claims', () => {
  const { claims } = toClaims(fullCertificate, { created, holder, status, confirmation: wallet.publicKey })

  test('everything disclosed', () => {
    expect(readClaims(claims)).toEqual({ ok: true, certificate: disclosed(fullCertificate, holder) })
  })

  test('nothing disclosed', () => {
    const open = Object.fromEntries(
      Object.entries(claims).filter(([name]) => !(disclosableClaims as readonly string[]).includes(name)),
    )
    const { evaluation: _e, training: _t, site: _s, ...rest } = disclosed(fullCertificate, {})
    expect(readClaims(open)).toEqual({ ok: true, certificate: { ...rest, holder: {} } })
  })

  test.each<[what: string, changes: JsonObject, pointer: string]>([
    ['another type', { vct: `${gradeCertificateVct}1` }, '/vct'],
    ['an issuer that is no DID', { iss: 'https://cert.agency.example' }, '/iss'],
    ['a time in text', { iat: '2026-01-25' }, '/iat'],
    ['part of a second', { nbf: 1_772_380_800.5 }, '/nbf'],
    ['an id that is no UUID', { jti: 'urn:uuid:1' }, '/jti'],
    ['a number with white space', { certificate_number: 'PT 26' }, '/certificate_number'],
    ['an agency without a Chinese name', { agency: { name: { en: 'Agency' } } }, '/agency/name/zh-Hans'],
    ['a code of another form', { occupation: { ...occupation(), code: '2-2-38-01' } }, '/occupation/code'],
    ['codes of another scheme', { occupation: { ...occupation(), scheme: 'ISCO' } }, '/occupation/scheme'],
    ['a grade raised in its code', { grade: { ...grade(), code: 'senior' } }, '/grade'],
    ['a grade raised in its rank', { grade: { ...grade(), ordinal: 3 } }, '/grade'],
    [
      'a grade raised in its name',
      { grade: { ...grade(), name: { 'zh-Hans': '高级', en: 'Junior' } } },
      '/grade',
    ],
    [
      'a grade raised in English',
      { grade: { ...grade(), name: { 'zh-Hans': '初级', en: 'Senior' } } },
      '/grade',
    ],
    ['a grade of another scheme', { grade: { ...grade(), scheme: 'cn.skill.8' } }, '/grade'],
    ['a bare word for a grade', { grade: '高级' }, '/grade'],
    ['a day that does not exist', { award_date: '2026-02-30' }, '/award_date'],
    ['a moment for a day', { award_date: '2026-01-25T00:00:00+08:00' }, '/award_date'],
    ['valid before it was awarded', { nbf: 1_769_000_000 }, ''],
    ['an end before the start', { exp: 1_772_380_800 }, ''],
    ['a region of no form', { region: 'Beijing' }, '/region'],
    [
      'an index below 0',
      { status: { status_list: { idx: -1, uri: status.uri } } },
      '/status/status_list/idx',
    ],
    [
      'an index in text',
      { status: { status_list: { idx: '1', uri: status.uri } } },
      '/status/status_list/idx',
    ],
    ['a list without address', { status: { status_list: { idx: 1 } } }, '/status/status_list/uri'],
    ['a confirmation that is a list', { cnf: [] }, '/cnf'],
    ['a name that hides text', { name: '王\u202e𠮷' }, '/name'],
    ['an unknown type of ID', { id_type: 'cn.resident' }, '/id_type'],
    ['a score in a number', { theory_score: 86.5 }, '/theory_score'],
    ['a score above 100', { theory_score: '100.5' }, '/theory_score'],
    ['a score with an exponent', { practice_score: '1e1' }, '/practice_score'],
    ['hours below 0', { training_hours: -1 }, '/training_hours'],
    ['a list of one provider', { training_provider: ['甲'] }, '/training_provider'],
    ['a portrait elsewhere', { portrait: 'https://cert.agency.example/p.jpg' }, '/portrait'],
    ['a claim of no meaning', { title: '工程师' }, ''],
  ])('%s is refused', (_what, changes, pointer) => {
    expect(readClaims({ ...claims, ...changes })).toMatchObject({ ok: false, pointer })
  })

  test.each([
    'vct',
    'iss',
    'iat',
    'nbf',
    'jti',
    'agency',
    'certificate_number',
    'occupation',
    'grade',
    'award_date',
  ])('SDVC-2: without %s there is no certificate', (name) => {
    const { [name]: _, ...rest } = claims
    expect(readClaims(rest)).toMatchObject({ ok: false, pointer: `/${name}` })
  })

  function occupation(): JsonObject {
    return claims.occupation as JsonObject
  }
  function grade(): JsonObject {
    return claims.grade as JsonObject
  }
})

describe('laws', () => {
  const holderArbitrary: fc.Arbitrary<Holder> = fc.record(
    {
      idType: fc.constantFrom('resident-id', 'passport'),
      idNumber: fc.stringMatching(/^[1-9]\d{16}[\dX]$/),
      birthDate: dayArbitrary,
      portrait: fc
        .uint8Array({ maxLength: 300 })
        .map(
          (bytes) => `data:image/jpeg;base64,${Buffer.from([0xff, 0xd8, 0xff, ...bytes]).toString('base64')}`,
        ),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  /** Certificates of which some count their hours in the usual unit. */
  const certificates = fc.tuple(gradeCertificateArbitrary, fc.boolean()).map(([certificate, usual]) => ({
    ...certificate,
    training: certificate.training.map((one) => (usual ? { ...one, unit: standardTrainingHour } : one)),
  }))

  test('what is disclosed is what was stated, and nothing else can be found in the text', async () => {
    await fc.assert(
      fc.asyncProperty(
        certificates,
        holderArbitrary,
        fc.subarray([...disclosableClaims]),
        async (certificate, person, shown) => {
          const { claims, disclosable } = toClaims(certificate, { created, holder: person, status })
          const issued = await makeSdJwt({ typ: 'dc+sd-jwt' }, claims, {
            signer,
            disclosable: disclosable.map((name) => `/${name}`),
            salt,
          })
          const text = await present(issued, { disclose: shown.filter((name) => disclosable.includes(name)) })
          const opening = openSdJwt(text)
          const reading = readClaims(opening.ok ? opening.sdJwt.claims : {})
          expect(reading).toEqual({ ok: true, certificate: onlyShown(disclosed(certificate, person), shown) })
          const hidden = disclosable.filter((name) => !shown.includes(name))
          expect(hidden.filter((name) => isFound(claims, name, text, shown))).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })

  /** Whether a hidden claim, by its name or its value, is anywhere in a presentation, encoded or not. */
  function isFound(
    claims: JsonObject,
    name: DisclosableClaim,
    text: string,
    shown: readonly string[],
  ): boolean {
    const said = [
      text,
      ...text.split(/[.~]/).map((part) => utf8Text(fromBase64url(part) ?? new Uint8Array()) ?? ''),
    ]
    // A value that stands in a claim that is told anyway proves nothing, and one of a few characters is met by chance.
    const told = Object.entries(claims)
      .filter(([one]) => !isDisclosable(one) || shown.includes(one))
      .map(([, value]) => JSON.stringify(value))
    const value = JSON.stringify(claims[name])
    const isTelling = value.length > 8 && !told.some((one) => one.includes(value.slice(1, -1)))
    return said.some((part) => isNamed(part, name) || (isTelling && part.includes(value.slice(1, -1))))
  }
  /** Labels inside other claims are called `name` as well, and are objects. */
  const isNamed = (part: string, name: string): boolean =>
    part.includes(`,"${name}",`) || part.replaceAll('"name":{', '').includes(`"${name}":`)
  const isDisclosable = (name: string): boolean => (disclosableClaims as readonly string[]).includes(name)
})

/** What all disclosures together say of a certificate. */
function disclosed(certificate: GradeCertificate, person: Holder): DisclosedCertificate {
  const { award, issuer, evaluation, training, replaces, zone } = certificate
  const providers = [...new Set(training.map(({ provider }) => provider))]
  const isCounted = training.length > 0 && training.every(({ unit }) => unit === standardTrainingHour)
  const moment = (text: string) =>
    new Date(text.replace('-00:00', 'Z')).toISOString().replace('.000', '') as Instant
  return whole({
    type: 'ProfessionalTechnicalGradeCertificate',
    form: 'sd-jwt',
    id: certificate.id,
    number: certificate.number,
    issuer: { id: issuer.id, labels: issuer.labels },
    awardedOn: certificate.awardedOn,
    validFrom: moment(`${certificate.validFrom}T00:00:00${zone}`),
    validUntil: certificate.validUntil && moment(`${certificate.validUntil}T23:59:59${zone}`),
    region: certificate.region,
    award: whole({ occupation: award.occupation, direction: award.direction, grade: award.grade }),
    replaces,
    upgradeOf: certificate.upgradeOf,
    status,
    holder: whole({
      name: certificate.holder.name,
      romanisedName: certificate.holder.romanisedName,
      ...person,
    }),
    evaluation,
    training:
      providers.length === 0
        ? undefined
        : whole({
            hours: isCounted
              ? Number(training.reduce((sum, { hours }) => sum + hours, 0).toFixed(2))
              : undefined,
            providers,
          }),
    site: certificate.site?.name,
  }) as unknown as DisclosedCertificate
}

function onlyShown(
  certificate: DisclosedCertificate,
  shown: readonly DisclosableClaim[],
): DisclosedCertificate {
  const { holder: person, evaluation, training, site, ...rest } = certificate
  const pick = <T>(name: DisclosableClaim, value: T): T | undefined =>
    shown.includes(name) ? value : undefined
  const members = {
    holder: whole({
      name: pick('name', person.name),
      romanisedName: pick('romanised_name', person.romanisedName),
      idType: pick('id_type', person.idType),
      idNumber: pick('id_number', person.idNumber),
      birthDate: pick('birth_date', person.birthDate),
      portrait: pick('portrait', person.portrait),
    }),
    evaluation: filled({
      theory: pick('theory_score', evaluation?.theory),
      practical: pick('practice_score', evaluation?.practical),
    }),
    training: filled({
      hours: pick('training_hours', training?.hours),
      providers: pick('training_provider', training?.providers),
    }),
    site: pick('assessment_site', site),
  }
  return whole({ ...rest, ...members }) as unknown as DisclosedCertificate
}

/** Without the members that have no value; `filled` is nothing where none is left. */
const whole = (members: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
const filled = (members: object): object | undefined =>
  Object.keys(whole(members)).length === 0 ? undefined : whole(members)
