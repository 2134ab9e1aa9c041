import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { toBadge } from '../../src/credential/badge.ts'
import { compileSchema } from '../../src/credential/compiled-schema.ts'
import { validateSchema } from '../../src/credential/json-schema.ts'
import { holdsToOwnSchema, schema } from '../../src/credential/own-schema.ts'
import { gradeCertificateSchemaText } from '../../src/credential/published-texts.ts'
import {
  gradeCertificateSchemaFault,
  gradeCertificateSchemaSri,
  gradeCertificateSchemaUrl,
} from '../../src/credential/schemas.ts'
import { exampleCertificate, exampleForm, exampleNotice, fullCertificate } from '../certificates.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'
import { places, withAt } from './pointers.ts'

const badge = toBadge(fullCertificate, exampleForm)

describe('our schema', () => {
  test('has the digest that badges state, over the bytes that are published', () => {
    const sri = `sha384-${createHash('sha384').update(utf8(gradeCertificateSchemaText())).digest('base64')}`
    expect(gradeCertificateSchemaSri).toBe(sri)
    // Badges in circulation state it: a change of the schema is a new version at a new address.
    expect(sri).toBe('sha384-I5XBqH7NUCRmxZwvJZFB6pGYNgtEyByp+9wUEloOnmdygSMGN6cXBoUm8U9xua7f')
  })

  test('is named by its own address', () => {
    expect(JSON.parse(gradeCertificateSchemaText())).toMatchObject({ $id: gradeCertificateSchemaUrl })
  })

  test.each([
    ['an everyday certificate', toBadge(exampleCertificate, exampleForm)],
    ['a certificate with every member', badge],
    ['a secured one', { ...badge, proof: { type: 'DataIntegrityProof' } }],
    ['one with two proofs', { ...badge, proof: [{}, {}] }],
    [
      'one with a status of another type',
      withAt(badge, '/credentialStatus', { type: 'TokenStatusList', anything: 1 }),
    ],
    ['one with scores in halves', withAt(badge, '/evidence/0/trainingHours', '64.5')],
    [
      'one with an occupation of a sub-code',
      withAt(badge, '/credentialSubject/achievement/humanCode', '4-04-04-02-004/3'),
    ],
  ])('takes %s', async (_what, value) => {
    expect(await gradeCertificateSchemaFault(value)).toBeNull()
  })

  test.skipIf(!sharedIsHere)('takes the examples', async () => {
    for (const file of [
      '01-junior-ai',
      '02-senior-bigdata-with-scores',
      '04a-original-superseded',
      '04b-reissued',
      '05a-suspended',
    ]) {
      const fault = await gradeCertificateSchemaFault(sharedJson(`examples/${file}.json`))
      expect([file, fault]).toEqual([file, null])
    }
  })

  const achievement = '/credentialSubject/achievement'
  test.each<[what: string, pointer: string, value: Json | undefined, found?: string]>([
    ['a member of its own', '/note', 'x'],
    ['no status', '/credentialStatus', undefined, ''],
    ['two statuses', '/credentialStatus', [badge.credentialStatus as Json]],
    ['a status without an index', '/credentialStatus/statusListIndex', undefined, '/credentialStatus'],
    ['an index as a number', '/credentialStatus/statusListIndex', 48211],
    ['an index with a zero before it', '/credentialStatus/statusListIndex', '048211'],
    ['a negative index', '/credentialStatus/statusListIndex', '-1'],
    ['an index of ten digits', '/credentialStatus/statusListIndex', '1000000000'],
    ['a status for a message', '/credentialStatus/statusPurpose', 'message'],
    ['a list without an address', '/credentialStatus/statusListCredential', 'status/1'],
    ['a size of status', '/credentialStatus/statusSize', 2],
    ['no list of other statuses', '/supplementaryStatus', []],
    ['a supplementary status that is none', '/supplementaryStatus/0', 'x'],
    ['another type', '/type', ['VerifiableCredential']],
    ['three contexts', '/@context', (badge['@context'] as readonly Json[]).slice(0, 3)],
    ['another first context', '/@context/0', 'https://www.w3.org/2018/credentials/v1'],
    ['a context inside', '/@context/3', {}],
    ['an id that is no UUID', '/id', 'https://cert.agency.example/1'],
    ['an empty title', '/name', ''],
    ['a title in two languages', '/name', { 'zh-Hans': '证书' }],
    ['no issuer', '/issuer', undefined, ''],
    ['an issuer that is no DID', '/issuer/id', 'https://cert.agency.example'],
    ['an issuer with an e-mail address', '/issuer/email', 'a@b.example'],
    ['an issuer with two identifiers', '/issuer/otherIdentifier', [{}, {}]],
    ['no Chinese label', '/issuer/labels', { en: 'Agency' }],
    ['a day for a moment', '/validFrom', '2026-01-25'],
    ['a moment without a zone', '/awardedDate', '2026-01-25T00:00:00'],
    ['a region in words', '/region', 'Beijing'],
    ['a subject with an ID number', '/credentialSubject/idNumber', '110101199003077571'],
    ['a hashed name', '/credentialSubject/identifier/0/hashed', true],
    ['an e-mail address for a name', '/credentialSubject/identifier/0/identityType', 'emailAddress'],
    [
      'three names',
      '/credentialSubject/identifier',
      [1, 2, 3].map(() => ({
        type: 'IdentityObject',
        hashed: false,
        identityHash: 'x',
        identityType: 'ext:name',
      })),
    ],
    ['no certificate number', '/credentialSubject/licenseNumber', undefined, '/credentialSubject'],
    ['a number of 65 characters', '/credentialSubject/licenseNumber', '1'.repeat(65)],
    ['one result', '/credentialSubject/result', [{}]],
    ['five results', '/credentialSubject/result', [{}, {}, {}, {}, {}]],
    ['an assessment', `${achievement}/achievementType`, 'Assessment'],
    ['a human code without a grade', `${achievement}/humanCode`, '2-02-38-01'],
    ['credits', `${achievement}/creditsAvailable`, 4],
    ['an occupation of another edition', `${achievement}/occupation/codeScheme`, 'CN-ZYFLDD-2015'],
    ['a malformed occupation code', `${achievement}/occupation/code`, '2023801'],
    ['a fourth grade', `${achievement}/grade/code`, 'expert'],
    ['a fourth rank', `${achievement}/grade/ordinal`, 4],
    ['a grade of another scheme', `${achievement}/grade/gradeScheme`, 'cn.skill.8'],
    ['a title of a profession', `${achievement}/grade/title`, '工程师'],
    ['no alignment', `${achievement}/alignment`, []],
    ['three result descriptions', `${achievement}/resultDescription`, [{}, {}, {}]],
    ['negative hours', `${achievement}/requiredTrainingHours`, -1],
    ['hours as a fraction', `${achievement}/requiredTrainingHours`, 64.5],
    ['an empty list of evidence', '/evidence', []],
    ['evidence of another kind', '/evidence/0/genre', 'Portrait'],
    ['evidence with a portrait', '/evidence/0/image', 'data:image/png;base64,'],
    ['a replacement without a reason', '/replaces/reason', undefined, '/replaces'],
    ['an upgrade of what is no credential', '/upgradeOf', 'https://cert.agency.example/1'],
    ['no schema', '/credentialSchema', []],
    ['a schema without an id', '/credentialSchema/0', { type: 'JsonSchema' }],
    ['a proof that is a text', '/proof', 'x'],
  ])('refuses %s', async (_what, pointer, value, found = pointer) => {
    const changed = withAt(badge, pointer, value)
    expect(await gradeCertificateSchemaFault(changed)).toEqual({
      pointer: found,
      problem: expect.any(String),
    })
  })

  test.each<[what: string, value: Json]>([
    ['null', null],
    ['a text', 'x'],
    ['a list', []],
  ])('refuses %s', async (_what, value) => {
    expect(await gradeCertificateSchemaFault(value)).toEqual({ pointer: '', problem: expect.any(String) })
  })

  test('takes and refuses what a validator of all of JSON Schema does, for each member changed', async () => {
    const wrong: readonly Json[] = [
      null,
      true,
      -1,
      0.5,
      '',
      'x',
      '𠮷'.repeat(4001),
      [],
      {},
      ['x'],
      { type: 'x' },
    ]
    const verdicts = { holds: 0, fails: 0 }
    for (const [pointer] of places(badge).slice(1)) {
      for (const value of [undefined, ...wrong]) {
        const changed = JSON.parse(JSON.stringify(withAt(badge, pointer, value)))
        const { outcome } = await validateSchema(schema, changed)
        if (outcome === 'indeterminate') continue // on so long a text the validator gives up
        expect([pointer, value, holdsToOwnSchema(changed)]).toEqual([pointer, value, outcome === 'success'])
        verdicts[outcome === 'success' ? 'holds' : 'fails']++
      }
    }
    expect(verdicts.holds).toBeGreaterThan(100)
    expect(verdicts.fails).toBeGreaterThan(1000)
  })

  test('judges a certificate with fifty thousand members as quickly as it can be read', async () => {
    const [evidence] = badge.evidence as readonly JsonObject[]
    const loaded = (last: JsonObject) =>
      withAt(badge, '/evidence', [...Array.from({ length: 50_000 }, () => evidence as JsonObject), last])
    expect(holdsToOwnSchema(loaded(evidence as JsonObject))).toBe(true)
    expect(await gradeCertificateSchemaFault(loaded({ type: 'x' }))).toEqual({
      pointer: '',
      problem: 'schema_too_much_work: evaluation',
    })
  })

  test('is compiled from the keywords that it has, and no other', () => {
    for (const part of [
      { oneOf: [] },
      { type: 'number' },
      { properties: {}, additionalProperties: {} },
      { additionalProperties: false },
      { $ref: '#/$defs/nothing' },
    ] as JsonObject[]) {
      expect(() => compileSchema(part), JSON.stringify(part)).toThrow(TypeError)
    }
  })

  test('refuses a notice', async () => {
    expect(await gradeCertificateSchemaFault(toBadge(exampleNotice, exampleForm))).not.toBeNull()
  })
})
