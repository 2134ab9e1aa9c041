import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Certificate,
  type CertificateType,
  certificateTypes,
  readCertificate,
} from '../../src/certificate/certificate.ts'
import { grades } from '../../src/certificate/grade.ts'
import {
  certificateArbitrary,
  exampleCertificate,
  exampleCompletion,
  exampleNotice,
  fullCertificate,
} from '../certificates.ts'

/** A certificate as a stranger could write it, one member changed: `award/grade/ordinal`; `undefined` takes it away. */
function altered(certificate: Certificate, path: string, value: unknown): { type: CertificateType } {
  const copy = structuredClone(certificate) as unknown as Record<string, unknown>
  const steps = path.split('/')
  const last = steps.pop() as string
  const place = steps.reduce((at, step) => at[step] as Record<string, unknown>, copy)
  if (value === undefined) delete place[last]
  else place[last] = value
  return copy as unknown as { type: CertificateType }
}

const pointerOf = (value: { type: CertificateType }): string | null => {
  const reading = readCertificate(value)
  return reading.ok ? null : reading.pointer
}

describe('a certificate that may be issued', () => {
  test.each<[what: string, certificate: Certificate]>([
    ['an everyday one', exampleCertificate],
    ['one with every member', fullCertificate],
    ['a notice', exampleNotice],
    ['a completion', exampleCompletion],
  ])('is read as it was given: %s', (_what, certificate) => {
    expect(readCertificate(certificate)).toStrictEqual({ ok: true, certificate })
  })

  test('is read as it was given, whatever it says', () => {
    fc.assert(
      fc.property(certificateArbitrary, (certificate) => {
        expect(readCertificate(certificate)).toStrictEqual({ ok: true, certificate })
      }),
    )
  })

  test('is of one of three types', () => {
    expect(certificateTypes).toEqual([
      'ProfessionalTechnicalGradeCertificate',
      'AssessmentResultNotice',
      'TrainingCompletionCertificate',
    ])
  })
})

describe('a certificate of a grade is refused', () => {
  test.each<[what: string, path: string, value: unknown, pointer?: string]>([
    ['with an unknown member', 'note', 'x', ''],
    ['with an id number of the holder', 'holder/idNumber', '110101199003077571', '/holder'],
    ['without an id', 'id', undefined],
    ['with an id that is no UUID', 'id', 'urn:uuid:1'],
    ['with an id in capitals', 'id', exampleCertificate.id.toUpperCase().replace('URN:UUID', 'urn:uuid')],
    ['with an id of UUID version 0', 'id', 'urn:uuid:03250029-595f-0da1-85ae-efcb3b98cd01'],
    ['with an id of another UUID variant', 'id', 'urn:uuid:03250029-595f-4da1-c5ae-efcb3b98cd01'],
    ['without a number', 'number', undefined],
    ['with an empty number', 'number', ''],
    ['with a number of 65 characters', 'number', '1'.repeat(65)],
    ['with white space in the number', 'number', 'PT26 0001'],
    ['with a line break after the number', 'number', 'PT26\n'],
    ['with a hidden character in the number', 'number', 'PT26\u200b'],
    ['with an issuer that is no DID', 'issuer/id', 'https://cert.agency.example'],
    ['with an issuer without a Chinese label', 'issuer/labels', { en: 'Agency' }, '/issuer/labels/zh-Hans'],
    ['with an issuer whose address is relative', 'issuer/url', 'cert.agency.example'],
    ['with a credit code of 17 characters', 'issuer/code', '12110000MB0000001'],
    ['with a letter that no credit code has', 'issuer/code', '12110000MB000000IU'],
    ['without a holder', 'holder', undefined],
    ['with a holder id that is no URI', 'holder/id', 'holder'],
    ['with an empty name', 'holder/name', ''],
    ['with a name of 51 characters', 'holder/name', '𠮷'.repeat(51)],
    ['with white space after the name', 'holder/name', '王𠮷 '],
    ['with a private-use character in the name', 'holder/name', '刘\ue863'],
    ['with a character of a private plane in the name', 'holder/name', '刘\u{f0000}'],
    ['with a control character in the name', 'holder/name', '王\u0007吉'],
    ['with a text direction mark in the name', 'holder/name', '王\u202e吉'],
    ['with an isolate mark in the name', 'holder/name', '王\u2068吉'],
    ['with half a character in the name', 'holder/name', '王\ud842'],
    ['with a romanised name in Chinese', 'holder/romanisedName', '王𠮷'],
    ['with a zone that is none', 'zone', '+8'],
    ['with a day that does not exist', 'awardedOn', '2026-02-29'],
    ['with an award date that has a time', 'awardedOn', '2026-01-25T00:00:00Z'],
    ['without an award date', 'awardedOn', undefined],
    ['valid before it was awarded', 'validFrom', '2026-01-24', ''],
    ['that ends before it starts', 'validUntil', '2026-03-01', ''],
    ['with a region in words', 'region', 'Beijing'],
    ['with an empty session', 'session', ''],
    ['with a session of 501 characters', 'session', 'x'.repeat(501)],
    ['with a site without a name', 'site/name', undefined],
    ['with a site whose id is a path', 'site/id', '/sites/1'],
    ['with an award whose id is relative', 'award/id', 'catalogue/1'],
    ['with criteria without words', 'award/criteria/narrative', ''],
    ['with a malformed occupation code', 'award/occupation/code', '2-2-38-1'],
    ['with a malformed former code', 'award/occupation/formerCode', '20210-09'],
    ['with a direction that is a text', 'award/direction', '计算机视觉产品实现'],
    ['with a grade of another scheme', 'award/grade/scheme', 'cn.skill.8'],
    ['with a fourth grade', 'award/grade/code', 'expert'],
    ['with an ordinal of another grade', 'award/grade', { ...grades.junior, ordinal: 3 }],
    ['with an ordinal that is a text', 'award/grade/ordinal', '1'],
    ['with a bare word for a grade', 'award/grade', '初级'],
    ['without a standard', 'award/standard', undefined],
    ['with an edition that is a number', 'award/standard/edition', 2021],
    ['with negative hours', 'award/requiredTrainingHours', -1],
    ['with hours of three decimals', 'award/requiredTrainingHours', 64.125],
    ['with 10,001 hours', 'award/requiredTrainingHours', 10_001],
    ['with negative zero hours', 'award/requiredTrainingHours', -0],
    ['with a pass mark of 101', 'award/passMark', 101],
    ['with a pass mark that is no number', 'award/passMark', Number.NaN],
    ['without any alignment', 'award/alignments', []],
    ['with an alignment without an address', 'award/alignments/0/url', undefined],
    [
      'with 33 alignments',
      'award/alignments',
      Array.from({ length: 33 }, () => exampleCertificate.award.alignments[0]),
    ],
    ['with a level of another framework without a basis', 'award/crosswalk/0/basis', undefined],
    ['with an exact match of levels', 'award/crosswalk/0/relation', 'exactMatch', '/award/crosswalk/0'],
    ['with one score', 'evaluation', { theory: 80 }, '/evaluation/practical'],
    ['with a score of 100.01', 'evaluation/theory', 100.01],
    ['with a score of three decimals', 'evaluation/theory', 86.125],
    ['with a score that is a text', 'evaluation/theory', '86.5'],
    ['with an infinite score', 'evaluation/theory', Number.POSITIVE_INFINITY],
    ['with a theory score below the pass mark', 'evaluation/theory', 59.99, ''],
    ['with a practical score below the pass mark', 'evaluation/practical', 59, ''],
    ['without a list of training', 'training', undefined],
    ['with training of a provider without a name', 'training/0/provider', ''],
    ['with training hours that are a text', 'training/0/hours', '64'],
    [
      'with 33 records of training',
      'training',
      Array.from({ length: 33 }, () => ({ provider: 'x', hours: 1, unit: 'h' })),
    ],
    [
      'with one record of training twice',
      'training',
      [fullCertificate.training[0], fullCertificate.training[0]],
    ],
    ['with a replacement without a reason', 'replaces/reason', undefined],
    ['that is an upgrade of what is no credential', 'upgradeOf', 'urn:uuid:1'],
    ['with a replacement dated on no day', 'replaces/previousIssueDate', '2026-13-01'],
    ['with the outcome of a notice', 'outcome', 'Failed', ''],
    ['that is null', 'holder', null],
    ['with a list for a text', 'session', ['BJ2026-01']],
  ])('%s', (_what, path, value, pointer = `/${path}`) => {
    expect(pointerOf(altered(fullCertificate, path, value))).toBe(pointer)
  })

  test('with the problem in words', () => {
    expect(readCertificate(altered(fullCertificate, 'evaluation/theory', 59.99))).toEqual({
      ok: false,
      pointer: '',
      problem: 'a score below the pass mark',
    })
    expect(readCertificate(altered(fullCertificate, 'award/grade/ordinal', 2))).toEqual({
      ok: false,
      pointer: '/award/grade',
      problem: 'code and ordinal disagree',
    })
  })
})

describe('at the edges a certificate is taken', () => {
  test.each<[what: string, path: string, value: unknown]>([
    ['with scores on the pass mark', 'evaluation', { theory: 60, practical: 60 }],
    ['with full scores', 'evaluation', { theory: 100, practical: 100 }],
    ['with a name of 50 rare characters', 'holder/name', '𠮷'.repeat(50)],
    ['with a compatibility character as it stands on the card', 'holder/name', '\uf9d0'],
    ['valid from the day of award', 'validFrom', '2026-01-25'],
    ['that ends on the day it starts', 'validUntil', '2026-03-02'],
    [
      'with two records of training that have no id',
      'training',
      [1, 2].map((hours) => ({ provider: 'x', hours, unit: 'h' })),
    ],
    ['without training', 'training', []],
  ])('%s', (_what, path, value) => {
    expect(pointerOf(altered(fullCertificate, path, value))).toBe(null)
  })
})

describe('the other documents are refused', () => {
  test.each<[what: string, certificate: Certificate, path: string, value: unknown, pointer?: string]>([
    ['a notice with an outcome that is a pass', exampleNotice, 'outcome', 'Completed'],
    ['a notice without an outcome', exampleNotice, 'outcome', undefined],
    ['a notice with a number', exampleNotice, 'number', 'PT26-1', ''],
    ['a completion with a grade', exampleCompletion, 'award', exampleNotice.award, ''],
    ['a completion without a course', exampleCompletion, 'course', undefined],
    ['a completion of a course that has a relative id', exampleCompletion, 'course/id', 'cdo'],
    [
      'a completion with one record of training twice',
      exampleCompletion,
      'training',
      [fullCertificate.training[0], fullCertificate.training[0]],
    ],
    ['a diploma', exampleCompletion, 'type', 'Diploma'],
    ['something of a type that every object has', exampleCompletion, 'type', 'constructor'],
    ['something of no type', exampleCompletion, 'type', undefined],
  ])('%s', (_what, certificate, path, value, pointer = `/${path}`) => {
    expect(pointerOf(altered(certificate, path, value))).toBe(pointer)
  })

  test('a notice may state scores that do not pass: it certifies nothing', () => {
    expect(pointerOf(altered(exampleNotice, 'evaluation', { theory: 0, practical: 12.5 }))).toBe(null)
  })
})
