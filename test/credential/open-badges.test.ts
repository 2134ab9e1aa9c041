import { describe, expect, test } from 'vitest'
import { isUrl } from '../../src/base/did-url.ts'
import { epochOf } from '../../src/base/instant.ts'
import { isObject, type Json, type JsonObject } from '../../src/base/json.ts'
import { toBadge } from '../../src/credential/badge.ts'
import { schemaEntryType } from '../../src/credential/schemas.ts'
import {
  exampleCertificate,
  exampleCompletion,
  exampleForm,
  exampleNotice,
  fullCertificate,
} from '../certificates.ts'
import { places } from './pointers.ts'

const badges: readonly [what: string, badge: JsonObject][] = [
  ['an everyday certificate', toBadge(exampleCertificate, exampleForm)],
  ['a certificate with every member', toBadge(fullCertificate, exampleForm)],
  ['a notice', toBadge(exampleNotice)],
  ['a completion', toBadge(exampleCompletion)],
]

const object = (value: Json | undefined): JsonObject => {
  if (!isObject(value)) throw new Error('not an object')
  return value
}
const objects = (value: Json | undefined): readonly JsonObject[] => {
  if (!Array.isArray(value)) throw new Error('not a list')
  return value.map(object)
}
const text = expect.stringMatching(/./)

/** Objects of a type, wherever they stand. */
const ofType = (badge: JsonObject, type: string): readonly JsonObject[] =>
  places(badge).flatMap(([, value]) => (isObject(value) && [value.type].flat().includes(type) ? [value] : []))

/** Members that may have several values, so that they are lists even with one. */
const lists: Readonly<Record<string, ReadonlySet<string>>> = {
  VerifiableCredential: new Set(['@context', 'type', 'evidence', 'credentialSchema', 'endorsement']),
  AchievementSubject: new Set(['type', 'identifier', 'result']),
  Achievement: new Set(['type', 'alignment', 'resultDescription', 'otherIdentifier', 'related', 'tag']),
  ResultDescription: new Set(['type', 'alignment', 'allowedValue', 'rubricCriterionLevel']),
  Profile: new Set(['type', 'otherIdentifier', 'endorsement']),
}

describe.each(badges)('the badge of %s', (_what, badge) => {
  const subject = object(badge.credentialSubject)
  const achievement = object(subject.achievement)

  test('OB-1: has what every badge has', () => {
    const [base, openBadges] = badge['@context'] as readonly string[]
    expect(base).toBe('https://www.w3.org/ns/credentials/v2')
    expect(openBadges).toMatch(/^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context(-3\.\d\.\d)?\.json$/)
    expect(badge.type).toEqual(expect.arrayContaining(['VerifiableCredential', 'OpenBadgeCredential']))
    expect(isUrl(badge.id) && isUrl(object(badge.issuer).id)).toBe(true)
    expect(object(badge.issuer).type).toEqual(['Profile'])
    expect(epochOf(badge.validFrom as string)).not.toBeNull()
    if (badge.credentialStatus !== undefined) object(badge.credentialStatus)
  })

  test('OB-2: is about one subject who can be told from others, and one achievement', () => {
    expect(subject.type).toEqual(['AchievementSubject'])
    expect(isUrl(subject.id) || objects(subject.identifier).length > 0).toBe(true)
    expect(ofType(badge, 'Achievement')).toEqual([achievement])
  })

  test('OB-3: says what was achieved and by which criteria', () => {
    expect(achievement).toMatchObject({ id: text, name: text, description: text })
    expect(isUrl(achievement.id)).toBe(true)
    const { id, narrative } = object(achievement.criteria)
    expect(id !== undefined || narrative !== undefined).toBe(true)
    expect(achievement.achievementType).toMatch(/^(Certificate|Assessment|CertificateOfCompletion)$/)
  })

  test('OB-4: names the target of each alignment', () => {
    for (const alignment of ofType(badge, 'Alignment')) {
      expect(alignment).toMatchObject({ targetName: text, targetUrl: text, targetType: 'ext:Occupation' })
      expect(isUrl(alignment.targetUrl)).toBe(true)
    }
  })

  test('OB-5: describes each kind of result', () => {
    const descriptions = objects(achievement.resultDescription)
    for (const description of descriptions) {
      expect(description).toMatchObject({ id: text, type: ['ResultDescription'], name: text })
      expect(description.resultType).toMatch(/^(RubricCriterionLevel|Status|RawScore)$/)
    }
    expect(new Set(descriptions.map(({ id }) => id)).size).toBe(descriptions.length)
    for (const level of ofType(badge, 'RubricCriterionLevel'))
      expect(level).toMatchObject({ id: text, name: text })
  })

  test('OB-6: gives results of kinds and levels that its own achievement describes', () => {
    const described = new Map(objects(achievement.resultDescription).map((one) => [one.id, one]))
    for (const result of objects(subject.result)) {
      const description = described.get(result.resultDescription as Json)
      expect(description).toBeDefined()
      if (description?.resultType === 'Status') expect(result.status).toMatch(/^(Completed|Failed|OnHold)$/)
      if (result.achievedLevel === undefined) continue
      const levels = objects(description?.rubricCriterionLevel)
      expect(levels.map(({ id }) => id)).toContain(result.achievedLevel)
    }
  })

  test('OB-7: identifies its subject by name, in clear', () => {
    for (const identifier of objects(subject.identifier)) {
      expect(identifier).toEqual({
        type: 'IdentityObject',
        hashed: false,
        identityHash: text,
        identityType: 'ext:name',
      })
    }
  })

  test('OB-10: has no null, no empty list, and lists where several values may stand', () => {
    const all = places(badge)
    expect(all.filter(([, value]) => value === null || (Array.isArray(value) && value.length === 0))).toEqual(
      [],
    )
    for (const [type, names] of Object.entries(lists)) {
      for (const found of ofType(badge, type)) {
        const single = Object.keys(found).filter((name) => names.has(name) && !Array.isArray(found[name]))
        expect([type, single]).toEqual([type, []])
      }
    }
  })

  test('OB-11: names the schema of Open Badges by its type', () => {
    expect(objects(badge.credentialSchema)[0]).toEqual({
      id: 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json',
      type: schemaEntryType,
    })
  })
})
