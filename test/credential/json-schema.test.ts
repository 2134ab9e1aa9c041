import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Bytes, utf8 } from '../../src/base/bytes.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import {
  readSchemaDocument,
  readSchemaEntry,
  type SchemaDoubt,
  type SchemaEntry,
  schemaCredentialSchemaUrl,
  schemaOfCredential,
  validateSchema,
} from '../../src/credential/json-schema.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'
import { withAt } from './pointers.ts'

const draft2020 = 'https://json-schema.org/draft/2020-12/schema'
const draft2019 = 'https://json-schema.org/draft/2019-09/schema'
const id = 'https://a.example/schemas/email.json'

const schemaOf = (members: JsonObject, $schema = draft2020): JsonObject => ({ $schema, $id: id, ...members })

const emailSchema = schemaOf({
  type: 'object',
  properties: {
    credentialSubject: {
      type: 'object',
      required: ['emailAddress'],
      properties: { emailAddress: { type: 'string', format: 'email' } },
    },
  },
})

describe('validation', () => {
  test('JS-2: answers success, failure with the place, or indeterminate', async () => {
    const given = (emailAddress: Json) => validateSchema(emailSchema, { credentialSubject: { emailAddress } })
    expect(await given('alice@a.example')).toEqual({ outcome: 'success' })
    expect(await given('alice')).toEqual({
      outcome: 'failure',
      pointer: '/credentialSubject/emailAddress',
      problem: 'String does not match format "email".',
    })
    expect(
      await validateSchema({ ...emailSchema, $schema: 'http://json-schema.org/draft-07/schema#' }, {}),
    ).toEqual({
      outcome: 'indeterminate',
      reason: 'schema_draft_unknown',
      detail: '"http://json-schema.org/draft-07/schema#"',
    })
  })

  test.each<[what: string, schema: JsonObject, holds: Json, fails: Json]>([
    ['a list by its places, 2020-12', { prefixItems: [{ type: 'string' }], items: false }, ['a'], ['a', 1]],
    ['references inside', { $defs: { a: { type: 'string' } }, $ref: '#/$defs/a' }, 'a', 1],
    ['references by its own id', { $defs: { a: { type: 'string' } }, $ref: `${id}#/$defs/a` }, 'a', 1],
    ['references by anchor', { $defs: { a: { $anchor: 'x', type: 'null' } }, $ref: '#x' }, null, 1],
    [
      'a tree that refers to itself',
      { type: 'object', properties: { next: { $ref: '#' } } },
      { next: { next: {} } },
      { next: { next: 1 } },
    ],
    [
      'unevaluated members',
      { allOf: [{ properties: { a: true } }], unevaluatedProperties: false },
      { a: 1 },
      { b: 1 },
    ],
    [
      'members by pattern',
      { patternProperties: { '^x-': { type: 'number' } } },
      { 'x-a': 1 },
      { 'x-a': 'a' },
    ],
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    ['conditions', { if: { type: 'string' }, then: { minLength: 2 }, else: { minimum: 5 } }, 'ab', 4],
    ['dependent members', { dependentRequired: { a: ['b'] } }, { a: 1, b: 2 }, { a: 1 }],
    ['dependent schemas', { dependentSchemas: { a: { minProperties: 2 } } }, { a: 1, b: 2 }, { a: 1 }],
    ['names', { propertyNames: { maxLength: 1 } }, { a: 1 }, { ab: 1 }],
    ['what it contains', { contains: { const: 5 }, maxContains: 1 }, [1, 5], [5, 5]],
    ['unique items', { uniqueItems: true }, [1, 2], [1, 1]],
    ['alternatives', { oneOf: [{ multipleOf: 3 }, { multipleOf: 5 }] }, 9, 15],
    ['values', { enum: ['a', { b: 1 }] }, { b: 1 }, { b: 2 }],
    ['what is not', { not: { type: ['null', 'boolean'] } }, 1, true],
    ['bounds', { exclusiveMinimum: 0, exclusiveMaximum: 2 }, 1, 2],
    ['a date and time', { format: 'date-time' }, '2026-01-01T00:00:00Z', '2026-01-01'],
    ['true for anything', { properties: { a: true } }, { a: 1 }, { never: true }],
  ])('JS-2: 2020-12 knows %s', async (what, schema, holds, fails) => {
    expect(await validateSchema(schemaOf(schema), holds)).toEqual({ outcome: 'success' })
    const outcome = what === 'true for anything' ? 'success' : 'failure'
    expect(await validateSchema(schemaOf(schema), fails)).toMatchObject({ outcome })
  })

  test('2019-09 has lists of items, 2020-12 has prefixItems, and neither takes the other for its own', async () => {
    const places: JsonObject = { items: [{ type: 'string' }], additionalItems: false }
    expect(await validateSchema(schemaOf(places, draft2019), ['a'])).toEqual({ outcome: 'success' })
    expect(await validateSchema(schemaOf(places, draft2019), ['a', 1])).toMatchObject({ outcome: 'failure' })
    expect(await validateSchema(schemaOf(places), ['a'])).toMatchObject({ reason: 'schema_malformed' })
    expect(await validateSchema(schemaOf({ prefixItems: [false] }, draft2019), ['a'])).toEqual({
      outcome: 'success',
    })
    expect(await validateSchema(schemaOf({ additionalItems: false }), ['a'])).toEqual({ outcome: 'success' })
  })

  test('a format without a bound on its cost, and an unknown keyword, are remarks', async () => {
    const schema = schemaOf({
      format: 'url',
      title: 'x',
      examples: [{ $ref: 'https://b.example' }],
      x: { $ref: 5 },
    })
    expect(await validateSchema(schema, 'no url')).toEqual({ outcome: 'success' })
    expect(await validateSchema(schemaOf({ format: 'toString' }), 'x')).toEqual({ outcome: 'success' })
  })

  test('a place is a JSON Pointer, whatever the names', async () => {
    const schema = schemaOf({ additionalProperties: { type: 'string' } })
    expect(await validateSchema(schema, { 'a/b~c d%25é': 1 })).toMatchObject({ pointer: '/a~1b~0c d%25é' })
  })

  test('neither the schema nor the instance is changed', async () => {
    const schema = structuredClone(emailSchema)
    await validateSchema(schema, {})
    expect(Reflect.ownKeys(schema)).toEqual(Reflect.ownKeys(emailSchema))
    expect(schema).toEqual(emailSchema)
  })

  test.each<[what: string, schema: Json, reason: SchemaDoubt]>([
    ['JS-2: no draft', { $id: id }, 'schema_draft_unknown'],
    ['JS-2: a draft of our invention', schemaOf({}, 'https://a.example/draft'), 'schema_draft_unknown'],
    ['JS-2: a draft that is no text', { $schema: 5, $id: id }, 'schema_draft_unknown'],
    ['JS-2: no id', { $schema: draft2020 }, 'schema_id_missing'],
    ['JS-2: a relative id', { $schema: draft2020, $id: 'email.json' }, 'schema_id_missing'],
    ['JS-2: an id with a fragment', { $schema: draft2020, $id: `${id}#a` }, 'schema_id_missing'],
    ['a schema that is a boolean', true, 'schema_malformed'],
    ['a schema that is a list', [], 'schema_malformed'],
    ['a remote reference', schemaOf({ $ref: 'https://b.example/s' }), 'schema_reference_remote'],
    [
      'a remote reference deep inside',
      schemaOf({ $defs: { a: { $ref: 'other.json#/a' } } }),
      'schema_reference_remote',
    ],
    ['a reference that looks like its own', schemaOf({ $ref: `${id}.evil` }), 'schema_reference_remote'],
    ['a reference to the draft itself', schemaOf({ $ref: draft2020 }), 'schema_reference_remote'],
    ['a reference to nothing', schemaOf({ $ref: '#/$defs/a' }), 'schema_malformed'],
    ['a reference that is no text', schemaOf({ $ref: {} }), 'schema_malformed'],
    ['a dynamic reference', schemaOf({ $dynamicRef: '#a' }), 'schema_keyword_unsupported'],
    ['a recursive reference', schemaOf({ $recursiveRef: '#' }, draft2019), 'schema_keyword_unsupported'],
    ['an id inside', schemaOf({ $defs: { a: { $id: 'https://b.example' } } }), 'schema_keyword_unsupported'],
    ['a vocabulary', schemaOf({ $vocabulary: {} }), 'schema_keyword_unsupported'],
    ['a list for a schema', schemaOf({ properties: { a: [] } }), 'schema_malformed'],
    ['a list for properties', schemaOf({ properties: [] }), 'schema_malformed'],
    ['a text for required', schemaOf({ required: 'a' }), 'schema_malformed'],
    ['an empty choice', schemaOf({ anyOf: [] }), 'schema_malformed'],
    ['an unknown type', schemaOf({ type: 'date' }), 'schema_malformed'],
    ['an object for enum', schemaOf({ enum: {} }), 'schema_malformed'],
    ['a negative count', schemaOf({ minItems: -1 }), 'schema_malformed'],
    ['a text for a number', schemaOf({ maximum: '5' }), 'schema_malformed'],
    ['a step of zero', schemaOf({ multipleOf: 0 }), 'schema_malformed'],
    ['a number for a pattern', schemaOf({ pattern: 5 }), 'schema_malformed'],
    ['a text for uniqueness', schemaOf({ uniqueItems: 'yes' }), 'schema_malformed'],
    ['a text for patterns of names', schemaOf({ patternProperties: 'x' }), 'schema_malformed'],
    ['dependent members that are no lists', schemaOf({ dependentRequired: { a: 'b' } }), 'schema_malformed'],
    ['a pattern that is none', schemaOf({ pattern: '(' }), 'schema_pattern_refused'],
    ['an evil pattern', schemaOf({ pattern: '^(a+)+$' }), 'schema_pattern_refused'],
    [
      'an evil pattern of names',
      schemaOf({ patternProperties: { '(x+x+)+y': true } }),
      'schema_pattern_refused',
    ],
  ])('%s is indeterminate', async (_what, schema, reason) => {
    expect(await validateSchema(schema, {})).toEqual({
      outcome: 'indeterminate',
      reason,
      detail: expect.any(String),
    })
  })
})

describe('trap 48: hostile schemas', () => {
  const long = 'a'.repeat(50_000)
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [
      `d${i}`,
      { allOf: [1, 2].map(() => ({ $ref: `#/$defs/d${i + 1}` })) },
    ]),
  )
  const deep = (levels: number): JsonObject =>
    Array.from({ length: levels }).reduce<JsonObject>((inner) => ({ not: inner }), {})
  const wide = Object.fromEntries(Array.from({ length: 5_001 }, (_, i) => [`p${i}`, {}]))

  test.each<[what: string, schema: JsonObject, instance: Json, reason: SchemaDoubt]>([
    ['nested repetition', { pattern: '^(a+)+$' }, `${long}!`, 'schema_pattern_refused'],
    ['overlapping alternatives', { pattern: '^(a|aa)+$' }, `${long}!`, 'schema_pattern_refused'],
    ['words with blanks', { pattern: '^(\\w+\\s?)*$' }, `${long}!`, 'schema_pattern_refused'],
    [
      'an e-mail pattern of old',
      {
        pattern:
          '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
      },
      `${long}!`,
      'schema_pattern_refused',
    ],
    ['a look-ahead in a loop', { pattern: '^(?=(a+))a*b\\1$' }, long, 'schema_pattern_refused'],
    ['repetitions in a row', { pattern: '^\\d+\\d+\\d+$' }, '1'.repeat(50_000), 'schema_too_much_work'],
    ['a search without an anchor', { pattern: 'a+b' }, long, 'schema_too_much_work'],
    [
      'optional characters',
      { pattern: `^${'a?'.repeat(30)}${'a'.repeat(30)}$` },
      'a'.repeat(30),
      'schema_too_much_work',
    ],
    [
      'a pattern on a long name',
      { propertyNames: { pattern: 'a+b' } },
      { [long]: 1 },
      'schema_too_much_work',
    ],
    [
      'references that double',
      { $defs: { ...doubling, d40: {} }, $ref: '#/$defs/d0' },
      1,
      'schema_too_much_work',
    ],
    ['a reference to itself', { $ref: '#' }, 1, 'schema_too_much_work'],
    ['two references to itself', { anyOf: [{ $ref: '#' }, { $ref: '#' }] }, 1, 'schema_too_much_work'],
    ['great depth', deep(70), 1, 'schema_too_much_work'],
    ['many subschemas', { properties: wide }, {}, 'schema_too_much_work'],
    [
      'many items to compare',
      { uniqueItems: true },
      Array.from({ length: 50_000 }, (_, i) => i),
      'schema_too_much_work',
    ],
    [
      'many values to compare with many items',
      { items: { enum: Array.from({ length: 5_000 }, (_, i) => ({ i })) } },
      Array.from({ length: 20_000 }, (_, i) => ({ i: -i })),
      'schema_too_much_work',
    ],
  ])('%s: an answer in bounded time', async (_what, schema, instance, reason) => {
    const began = performance.now()
    expect(await validateSchema(schemaOf(schema), instance)).toMatchObject({
      outcome: 'indeterminate',
      reason,
    })
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  test('members of the validator itself cannot be given', async () => {
    const schema = schemaOf({
      __absolute_ref__: 'https://b.example',
      __absolute_uri__: 'x',
      id: 'https://b.example',
      dependencies: { a: ['b'] },
      type: 'object',
    })
    expect(await validateSchema(schema, { a: 1 })).toEqual({ outcome: 'success' })
  })

  test('an everyday credential is far from the bounds', async () => {
    const schema = schemaOf({
      type: 'object',
      properties: {
        image: { type: 'string', format: 'uri', pattern: '^data:' },
        items: { items: { type: 'number' } },
      },
    })
    const instance = {
      image: `data:image/png;base64,${'A'.repeat(500_000)}`,
      items: Array.from({ length: 500 }, () => 1),
    }
    expect(await validateSchema(schema, instance)).toEqual({ outcome: 'success' })
  })
})

const sri = (algorithm: string, bytes: Bytes): string =>
  `${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}`
const bytes = utf8(JSON.stringify(emailSchema))

describe('entries', () => {
  test.each<[what: string, entry: Json, read: SchemaEntry | null]>([
    ['JS-1: a schema', { id, type: 'JsonSchema' }, { kind: 'JsonSchema', id }],
    [
      'JS-1: a schema with a digest',
      { id, type: 'JsonSchema', digestSRI: sri('sha384', bytes) },
      { kind: 'JsonSchema', id, digestSRI: sri('sha384', bytes) },
    ],
    ['JS-1: a credential', { id, type: 'JsonSchemaCredential' }, { kind: 'JsonSchemaCredential', id }],
    [
      'OB-11: the type of Open Badges',
      { id, type: '1EdTechJsonSchemaValidator2019' },
      { kind: 'JsonSchema', id },
    ],
    ['a type in a list', { id, type: ['T', 'JsonSchema'] }, { kind: 'JsonSchema', id }],
    ['another type', { id, type: 'ShaclValidator2017' }, { kind: 'other', id }],
    ['a type of every object', { id, type: 'constructor' }, { kind: 'other', id }],
    ['no id', { type: 'JsonSchema' }, null],
    ['an id that is no URL', { id: 'schema', type: 'JsonSchema' }, null],
    ['no type', { id }, null],
    ['a type that is a number', { id, type: 5 }, null],
    ['a digest that is none', { id, type: 'JsonSchema', digestSRI: 'sha384-AAAA' }, null],
    ['a digest that is null', { id, type: 'JsonSchema', digestSRI: null }, null],
    ['a text', id, null],
  ])('%s', (_what, entry, read) => {
    expect(readSchemaEntry(entry)).toEqual(read)
  })
})

describe('a schema document', () => {
  const entry: SchemaEntry = { kind: 'JsonSchema', id }

  test('JS-2: is read once its digest holds', () => {
    for (const algorithm of ['sha256', 'sha384', 'sha512']) {
      const named = { ...entry, digestSRI: sri(algorithm, bytes) }
      expect(readSchemaDocument(named, bytes)).toEqual({ ok: true, schema: emailSchema })
      expect(readSchemaDocument(named, utf8(`${JSON.stringify(emailSchema)} `))).toEqual({
        ok: false,
        fault: 'schema_digest_mismatch',
        detail: named.digestSRI,
      })
    }
    expect(readSchemaDocument(entry, bytes)).toEqual({ ok: true, schema: emailSchema })
  })

  test.each<[what: string, text: string]>([
    ['no JSON', '{'],
    ['a name given twice', '{"a":1,"a":2}'],
    ['a list', '[]'],
    ['more than 256 KiB', JSON.stringify({ title: 'x'.repeat(262_144) })],
  ])('%s is unreadable', (_what, text) => {
    expect(readSchemaDocument(entry, utf8(text))).toMatchObject({ ok: false, fault: 'schema_unreadable' })
  })
})

describe('a schema in a credential', () => {
  const schemaCredential: JsonObject = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: 'https://a.example/credentials/3734',
    type: ['VerifiableCredential', 'JsonSchemaCredential'],
    issuer: 'did:web:a.example',
    credentialSchema: {
      id: schemaCredentialSchemaUrl,
      type: 'JsonSchema',
      digestSRI: sri('sha384', utf8('the schema of schema credentials')),
    },
    credentialSubject: { id, type: 'JsonSchema', jsonSchema: emailSchema },
  }

  test('JS-1: is found in its subject', () => {
    expect(schemaOfCredential(schemaCredential)).toEqual({ ok: true, schema: emailSchema })
    expect(
      schemaOfCredential(
        withAt(schemaCredential, '/credentialSubject', [schemaCredential.credentialSubject as Json]),
      ).ok,
    ).toBe(true)
  })

  test.each<[what: string, pointer: string, value: Json | undefined]>([
    ['another type', '/type', ['VerifiableCredential']],
    ['a type alone', '/type', 'JsonSchemaCredential'],
    ['another schema of its own', '/credentialSchema/id', 'https://a.example/meta'],
    ['a schema of its own in a credential', '/credentialSchema/type', 'JsonSchemaCredential'],
    ['no digest of it', '/credentialSchema/digestSRI', undefined],
    ['no schema of its own', '/credentialSchema', undefined],
    [
      'two schemas of its own',
      '/credentialSchema',
      [1, 2].map(() => schemaCredential.credentialSchema as Json),
    ],
    ['no subject', '/credentialSubject', undefined],
    ['two subjects', '/credentialSubject', [{}, {}]],
    ['a subject of another type', '/credentialSubject/type', ['JsonSchema', 'T']],
    ['no schema in it', '/credentialSubject/jsonSchema', undefined],
    ['a schema as text', '/credentialSubject/jsonSchema', JSON.stringify(emailSchema)],
  ])('JS-1: %s is refused', (_what, pointer, value) => {
    expect(schemaOfCredential(withAt(schemaCredential, pointer, value))).toEqual({
      ok: false,
      fault: 'schema_credential_malformed',
      detail: expect.stringMatching(/^\//),
    })
  })

  test.skipIf(!sharedIsHere)(
    'JS-1: the published schema of schema credentials refers to the draft itself',
    async () => {
      const published = sharedJson('vectors/vc-json-schema/schema/json-schema-credential-schema.json')
      expect(await validateSchema(published, schemaCredential)).toMatchObject({
        reason: 'schema_reference_remote',
      })
      const { jsonSchema: _, ...properties } = published.properties.credentialSubject.properties
      published.properties.credentialSubject.properties = properties
      published.properties.credentialSchema.properties.id.const = schemaCredentialSchemaUrl
      expect(await validateSchema(published, schemaCredential)).toEqual({ outcome: 'success' })
      expect(
        await validateSchema(published, withAt(schemaCredential, '/credentialSubject/type', 'T')),
      ).toMatchObject({
        outcome: 'failure',
        pointer: '/credentialSubject/type',
      })
      knownAnswers('VC JSON Schema').differs(
        'vc-json-schema/schema/json-schema-credential-schema.json',
        '',
        'refers to the draft on the network, which we do not fetch; without that reference it judges as meant',
      )
    },
  )
})
