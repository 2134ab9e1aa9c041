import { readdirSync, readFileSync, statSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isObject, type Json, type JsonObject, parseJson } from '../../src/base/json.ts'
import { toBadge } from '../../src/credential/badge.ts'
import {
  type ConformanceFault,
  type ConformanceRule,
  conformanceFault,
  conformanceFaults,
  contextsFault,
  type DocumentKind,
  datesOf,
  versionOf,
} from '../../src/credential/conformance.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import { exampleCompletion, exampleForm, exampleNotice, fullCertificate } from '../certificates.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedPath } from '../shared.ts'
import { withAt } from './pointers.ts'

const v2 = 'https://www.w3.org/ns/credentials/v2'
const v1 = 'https://www.w3.org/2018/credentials/v1'
const other = 'https://a.example/context'
const undefinedTerms = 'https://www.w3.org/ns/credentials/undefined-terms/v2'

const credential: JsonObject = {
  '@context': [v2],
  id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
  type: ['VerifiableCredential'],
  issuer: 'did:web:issuer.example',
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { id: 'did:example:alice', name: 'Alice' },
}
const envelope: JsonObject = {
  '@context': v2,
  type: 'EnvelopedVerifiableCredential',
  id: 'data:application/vc+jwt,eyJhbGciOiJFUzI1NiJ9.e30.AA',
}
const presentation: JsonObject = {
  '@context': [v2],
  type: 'VerifiablePresentation',
  holder: 'did:example:alice',
  verifiableCredential: [{ ...credential, proof: { type: 'DataIntegrityProof' } }, envelope],
}
const credential11: JsonObject = {
  '@context': [v1],
  type: ['VerifiableCredential'],
  issuer: { id: 'did:web:issuer.example', name: 'Issuer' },
  issuanceDate: '2020-01-01T00:00:00Z',
  credentialSubject: { id: 'did:example:alice' },
}

const digestSRI = `sha384-${'A'.repeat(64)}`
const resource = { id: 'https://a.example/r', digestSRI }

type Row = readonly [what: string, pointer: string, value: Json | undefined, found?: string | null]

/** Each row puts one value in one place; `null` at the end says that it may stand there, else where the fault is found. */
const credentialRows: Readonly<Partial<Record<ConformanceRule, readonly Row[]>>> = {
  'VCDM-1': [
    ['further contexts by URL', '/@context', [v2, other, 'urn:a:b'], null],
    ['a context that is an object', '/@context', [v2, { term: 'https://a.example/term' }], null],
    ['no context', '/@context', undefined],
    ['a context that is a text', '/@context', v2],
    ['a context that is an object only', '/@context', { '@vocab': v2 }],
    ['an empty list of contexts', '/@context', [], '/@context/0'],
    ['another first context', '/@context', [other, v2], '/@context/0'],
    ['the base context with a slash', '/@context', [`${v2}/`], '/@context/0'],
    ['the base context over http', '/@context', ['http://www.w3.org/ns/credentials/v2'], '/@context/0'],
    ['the base context in a list of its own', '/@context', [[v2]], '/@context/0'],
    ['a context that is a number', '/@context', [v2, 5], '/@context/1'],
    ['a context that is null', '/@context', [v2, null], '/@context/1'],
    ['a context that is no URL', '/@context', [v2, other, 'context'], '/@context/2'],
  ],
  'VCDM-2': [
    ['a type as text', '/type', 'VerifiableCredential', null],
    ['further types', '/type', ['VerifiableCredential', 'https://a.example/T'], null],
    ['another order of types', '/type', ['T', 'VerifiableCredential'], null],
    ['no type', '/type', undefined],
    ['no types in a list', '/type', []],
    ['another type', '/type', ['T']],
    ['another case', '/type', ['verifiableCredential']],
    ['an empty type', '/type', ['VerifiableCredential', '']],
    ['a type that is an object', '/type', ['VerifiableCredential', {}]],
    ['the type of a presentation', '/type', 'VerifiablePresentation'],
    ['null for a type', '/type', null],
  ],
  'VCDM-3': [
    ...['refreshService', 'termsOfUse', 'evidence', 'proof', 'renderMethod', 'confidenceMethod'].flatMap(
      (name): Row[] => [
        [`${name} with a type`, `/${name}`, { type: 'T' }, null],
        [`${name} twice with types`, `/${name}`, [{ type: 'T' }, { type: ['T', 'U'] }], null],
        [`${name} without a type`, `/${name}`, { id: 'urn:a:b' }, `/${name}/type`],
        [`the second ${name} without a type`, `/${name}`, [{ type: 'T' }, {}], `/${name}/1/type`],
        [`${name} with an empty type`, `/${name}`, { type: '' }, `/${name}/type`],
        [`${name} with no types`, `/${name}`, { type: [] }, `/${name}/type`],
        [`${name} as a URL`, `/${name}`, 'https://a.example/1'],
        [`${name} as null`, `/${name}`, null],
      ],
    ),
  ],
  'VCDM-4': [
    ['an id of any scheme', '/id', 'did:example:1', null],
    ['no id', '/id', undefined, null],
    ['a subject with an https id', '/credentialSubject/id', 'https://a.example/alice', null],
    ['an id that is a list', '/id', ['urn:a:b'], '/id'],
    ['an id that is null', '/id', null],
    ['an id that is an object', '/id', {}],
    ['an id that is a number', '/id', 1],
    ['a relative id', '/id', '/credentials/1'],
    ['an id that is free text', '/id', 'not a url'],
    ['an id with a space', '/id', 'https://a.example/a b'],
    ['an empty id', '/id', ''],
    ['a subject with two ids', '/credentialSubject/id', ['did:example:a', 'did:example:b']],
    ['a subject with free text', '/credentialSubject/id', 'alice'],
    ['evidence with free text', '/evidence', [{ type: 'T', id: 'x' }], '/evidence/0/id'],
    ['terms with free text', '/termsOfUse', { type: 'T', id: 'x' }, '/termsOfUse/id'],
    ['a refresh service with free text', '/refreshService', { type: 'T', id: 'x' }, '/refreshService/id'],
    ['a status with two ids', '/credentialStatus', { type: 'T', id: ['urn:a:b'] }, '/credentialStatus/id'],
  ],
  'VCDM-5': [
    ['an issuer with a name', '/issuer', { id: 'https://issuer.example', name: 'Issuer' }, null],
    ['no issuer', '/issuer', undefined],
    ['null for an issuer', '/issuer', null],
    ['a list of one issuer', '/issuer', ['did:web:issuer.example']],
    ['a list of issuers', '/issuer', [{ id: 'did:web:a.example' }, { id: 'did:web:b.example' }]],
    ['an issuer that is no URL', '/issuer', 'Issuer'],
    ['an issuer without an id', '/issuer', { name: 'Issuer' }, '/issuer/id'],
    ['an issuer whose id is null', '/issuer', { id: null }, '/issuer/id'],
    ['an issuer whose id is a list', '/issuer', { id: ['did:web:a.example'] }, '/issuer/id'],
    ['an issuer whose id is no URL', '/issuer', { id: 'Issuer' }, '/issuer/id'],
    ['a number for an issuer', '/issuer', 7],
  ],
  'VCDM-6': [
    ['a subject without an id', '/credentialSubject', { name: 'Alice' }, null],
    ['two subjects', '/credentialSubject', [{ id: 'did:example:a' }, { name: 'B' }], null],
    ['no subject', '/credentialSubject', undefined],
    ['no subject in a list', '/credentialSubject', []],
    ['a subject that says nothing', '/credentialSubject', {}],
    ['a second subject that says nothing', '/credentialSubject', [{ name: 'A' }, {}], '/credentialSubject/1'],
    ['a subject that is a text', '/credentialSubject', 'did:example:alice'],
    ['a list with a text', '/credentialSubject', ['did:example:alice'], '/credentialSubject/0'],
    ['null for a subject', '/credentialSubject', null],
    ['a list in a list', '/credentialSubject', [[{ name: 'A' }]], '/credentialSubject/0'],
  ],
  'VCDM-7': [
    ['no start', '/validFrom', undefined, null],
    ['an end', '/validUntil', '2027-01-01T00:00:00Z', null],
    ['an end at the start, in another zone', '/validUntil', '2026-01-01T08:00:00+08:00', null],
    ['an end before the start', '/validUntil', '2025-12-31T23:59:59Z'],
    ['an end that is before the start in its zone only', '/validUntil', '2026-01-01T07:59:59+08:00'],
    ['two starts', '/validFrom', ['2026-01-01T00:00:00Z']],
    ['null for a start', '/validFrom', null],
    ['a number for an end', '/validUntil', 1767225600],
    ['a day for an end', '/validUntil', '2027-01-01'],
  ],
  'VCDM-8': [
    ['a schema', '/credentialSchema', { id: 'https://a.example/s', type: 'JsonSchema' }, null],
    [
      'two schemas',
      '/credentialSchema',
      [1, 2].map((n) => ({ id: `https://a.example/${n}`, type: 'T' })),
      null,
    ],
    ['a status without an id', '/credentialStatus', { type: 'T' }, null],
    ['two statuses', '/credentialStatus', [{ type: 'T' }, { type: 'U', id: 'urn:a:b' }], null],
    ['a schema without an id', '/credentialSchema', { type: 'JsonSchema' }, '/credentialSchema/id'],
    ['no schema in a list', '/credentialSchema', []],
    ['no status in a list', '/credentialStatus', []],
  ],
  'VCDM-9': [
    ['a name', '/name', 'Certificate', null],
    ['a name in one language', '/name', { '@value': '证书', '@language': 'zh-Hans' }, null],
    ['a name with a direction', '/name', { '@value': 'x', '@language': 'ar', '@direction': 'rtl' }, null],
    ['a name without a language', '/name', { '@value': 'x' }, null],
    [
      'names in two languages',
      '/description',
      [{ '@value': 'a', '@language': 'en' }, { '@value': 'b' }],
      null,
    ],
    ["an issuer's name in one language", '/issuer', { id: 'urn:a:b', name: { '@value': 'a' } }, null],
    ['a name by language', '/name', { en: 'Certificate' }],
    ['a name with something beside it', '/name', { '@value': 'a', url: 'https://a.example' }],
    ['a language alone', '/name', { '@language': 'en' }],
    ['a value that is a number', '/name', { '@value': 5 }],
    ['a language that is none', '/name', { '@value': 'a', '@language': 'not a language' }],
    ['a language that is a list', '/name', { '@value': 'a', '@language': ['en'] }],
    ['a direction that is none', '/name', { '@value': 'a', '@direction': 'up' }],
    ['a list of texts', '/description', ['a', 'b'], '/description/0'],
    ['a number for a name', '/name', 5],
    ['null for a description', '/description', null],
    [
      "an issuer's description that is a number",
      '/issuer',
      { id: 'urn:a:b', description: 5 },
      '/issuer/description',
    ],
  ],
  'VCDM-10': [
    ['a resource with a digest', '/relatedResource', resource, null],
    [
      'two resources',
      '/relatedResource',
      [resource, { ...resource, id: 'urn:a:b', mediaType: 'image/png' }],
      null,
    ],
    ['a resource without a digest', '/relatedResource', [{ id: 'urn:a:b' }], '/relatedResource/0'],
    ['a resource twice', '/relatedResource', [resource, resource], '/relatedResource/1/id'],
  ],
  'VCDM-12': [
    ['undefined terms defined last', '/@context', [v2, other, undefinedTerms], null],
    ['undefined terms defined before others', '/@context', [v2, undefinedTerms, other], '/@context/1'],
  ],
  'VCDM-13': [
    ['a date of issue of version 1.1', '/issuanceDate', '2026-01-01T00:00:00Z'],
    ['an end of version 1.1', '/expirationDate', '2026-01-01T00:00:00Z'],
  ],
}

const presentationRows: Readonly<Partial<Record<ConformanceRule, readonly Row[]>>> = {
  'VCDM-1': [['no context', '/@context', undefined]],
  'VCDM-2': [
    ['the type of a credential', '/type', ['VerifiableCredential']],
    ['further types', '/type', ['VerifiablePresentation', 'T'], null],
  ],
  'VCDM-3': [['terms without a type', '/termsOfUse', {}, '/termsOfUse/type']],
  'VCDM-4': [['a relative id', '/id', 'p1']],
  'VCDM-14': [
    ['no credential', '/verifiableCredential', undefined, null],
    ['one credential', '/verifiableCredential', envelope, null],
    ['no holder', '/holder', undefined, null],
    ['a holder with a name', '/holder', { id: 'did:example:alice', name: 'Alice' }, null],
    [
      "the holder's own statement",
      '/verifiableCredential',
      [{ ...credential, issuer: { id: 'did:example:alice' } }],
      null,
    ],
    [
      "an unsecured credential of another's",
      '/verifiableCredential',
      [credential],
      '/verifiableCredential/0',
    ],
    [
      'a credential as text',
      '/verifiableCredential',
      ['eyJhbGciOiJFUzI1NiJ9.e30.AA'],
      '/verifiableCredential/0',
    ],
    ['a credential as URL', '/verifiableCredential', 'https://a.example/1'],
    ['a number for a credential', '/verifiableCredential', [1], '/verifiableCredential/0'],
    ['null for a credential', '/verifiableCredential', null],
    ['an object of another type', '/verifiableCredential', [{ type: 'T' }], '/verifiableCredential/0/type'],
    ['a holder that is no URL', '/holder', 'Alice'],
    ['a holder without an id', '/holder', { name: 'Alice' }],
    ['two holders', '/holder', ['did:example:alice']],
    ['null for a holder', '/holder', null],
  ],
  'VCDM-15': [
    [
      'another media type of one',
      '/verifiableCredential/1/id',
      'data:application/vc+sd-jwt,eyJ.e30.AA~',
      null,
    ],
    ['a COSE envelope', '/verifiableCredential/1/id', 'data:application/vc+cose;base64,0oRDoQEm', null],
    ['an envelope with a list of contexts', '/verifiableCredential/1/@context', [v2], null],
    ['an envelope without a context', '/verifiableCredential/1/@context', undefined],
    [
      'an envelope with another type beside',
      '/verifiableCredential/1/type',
      ['EnvelopedVerifiableCredential', 'T'],
    ],
    ['an envelope that is a URL', '/verifiableCredential/1/id', 'https://a.example/1.jwt'],
    ['an envelope of text', '/verifiableCredential/1/id', 'data:text/plain,x'],
    ['an envelope of nothing', '/verifiableCredential/1/id', 'data:application/vc+jwt,'],
    ['an envelope of a presentation', '/verifiableCredential/1/id', 'data:application/vp+jwt,eyJ.e30.AA'],
    ['an envelope without an id', '/verifiableCredential/1/id', undefined],
  ],
}

const rows11: Readonly<Partial<Record<ConformanceRule, readonly Row[]>>> = {
  'VCDM-4': [['a relative id', '/id', 'c1']],
  'VCDM-5': [['no issuer', '/issuer', undefined]],
  'VCDM-6': [['no subject', '/credentialSubject', undefined]],
  'VCDM-7': [
    ['an end', '/expirationDate', '2030-01-01T00:00:00Z', null],
    ['no date of issue', '/issuanceDate', undefined],
    ['a day for a date of issue', '/issuanceDate', '2020-01-01'],
    ['an end before the date of issue', '/expirationDate', '2019-01-01T00:00:00Z'],
  ],
  'VCDM-8': [['a status without an id', '/credentialStatus', { type: 'T' }, '/credentialStatus/id']],
  'VCDM-9': [['a name by language, which version 1.1 leaves open', '/name', { en: 'x' }, null]],
}

function casesOf(
  rows: Readonly<Partial<Record<ConformanceRule, readonly Row[]>>>,
): readonly [rule: string, what: string, pointer: string, value: Json | undefined, found: string | null][] {
  return Object.entries(rows).flatMap(([rule, list]) =>
    list.map(
      ([what, pointer, value, found = pointer]): [
        string,
        string,
        string,
        Json | undefined,
        string | null,
      ] => [rule, what, pointer, value, found],
    ),
  )
}

const expected = (rule: string, found: string | null): readonly unknown[] =>
  found === null ? [] : [{ rule, pointer: found, problem: expect.any(String) }]

describe('a credential of version 2.0', () => {
  test('VCDM-1 to VCDM-13: keeps every rule', () => {
    expect(conformanceFaults(credential, 'credential')).toEqual([])
    expect(conformanceFault(credential, 'credential')).toBeNull()
    expect(versionOf(credential)).toBe('2.0')
  })

  test.each(casesOf(credentialRows))('%s: %s', (rule, _what, pointer, value, found) => {
    expect(conformanceFaults(withAt(credential, pointer, value), 'credential')).toEqual(expected(rule, found))
  })

  test('breaks several rules at once, reported in their order', () => {
    const broken: JsonObject = { ...credential, id: 'x', issuer: null, credentialSubject: {}, type: [] }
    const rules: readonly ConformanceRule[] = ['VCDM-2', 'VCDM-4', 'VCDM-5', 'VCDM-6']
    expect(conformanceFaults(broken, 'credential').map(({ rule }) => rule)).toEqual(rules)
    expect(conformanceFault(broken, 'credential')?.rule).toBe('VCDM-2')
  })

  test('is what we issue', () => {
    const issued = [toBadge(fullCertificate, exampleForm), toBadge(exampleNotice), toBadge(exampleCompletion)]
    for (const badge of issued) {
      expect(conformanceFaults(badge, 'credential')).toEqual([])
      expect(contextsFault(badge, contextTable())).toBeNull()
    }
  })
})

describe('a presentation of version 2.0', () => {
  test('VCDM-14: keeps every rule', () => {
    expect(conformanceFaults(presentation, 'presentation')).toEqual([])
  })

  test.each(casesOf(presentationRows))('%s: %s', (rule, _what, pointer, value, found) => {
    expect(conformanceFaults(withAt(presentation, pointer, value), 'presentation')).toEqual(
      expected(rule, found),
    )
  })

  test.each<[type: string, id: string, kind: DocumentKind, faults: readonly ConformanceFault[]]>([
    ['EnvelopedVerifiablePresentation', 'data:application/vp+jwt,eyJ.e30.AA', 'presentation', []],
    ['EnvelopedVerifiableCredential', 'data:application/vc+jwt,eyJ.e30.AA', 'credential', []],
    [
      'EnvelopedVerifiablePresentation',
      'data:application/vc+jwt,eyJ.e30.AA',
      'presentation',
      [{ rule: 'VCDM-15', pointer: '/id', problem: 'not a data: URL of a media type for it' }],
    ],
  ])('VCDM-15: %s by itself, %s', (type, id, kind, faults) => {
    expect(conformanceFaults({ '@context': [v2], type, id }, kind)).toEqual(faults)
  })
})

describe('a document of version 1.1', () => {
  test('is known by its first context and keeps what a verifier relies on', () => {
    expect(versionOf(credential11)).toBe('1.1')
    expect(conformanceFaults(credential11, 'credential')).toEqual([])
    const vp = { '@context': [v1], type: 'VerifiablePresentation', holder: 'urn:a:b' }
    expect(conformanceFaults(vp, 'presentation')).toEqual([])
    expect(conformanceFaults({ ...vp, holder: 'x' }, 'presentation')).toEqual(expected('VCDM-14', '/holder'))
  })

  test.each(casesOf(rows11))('%s: %s', (rule, _what, pointer, value, found) => {
    expect(conformanceFaults(withAt(credential11, pointer, value), 'credential')).toEqual(
      expected(rule, found),
    )
  })

  test.each<[contexts: Json | undefined, version: '2.0' | '1.1' | null]>([
    [[v2, v1], '2.0'],
    [[v1, v2], '1.1'],
    [v2, null],
    [[], null],
    [undefined, null],
    [[other], null],
  ])('%j is of version %s', (contexts, version) => {
    expect(versionOf(withAt(credential, '/@context', contexts))).toBe(version)
  })
})

describe('dates', () => {
  test('come from the members of the version', () => {
    const all = { validFrom: 'a', validUntil: 'b', issuanceDate: 'c', expirationDate: 'd' }
    expect(datesOf({ '@context': [v2], ...all })).toEqual({ from: 'a', until: 'b' })
    expect(datesOf({ '@context': [v1], ...all })).toEqual({ from: 'c', until: 'd' })
    expect(datesOf({ ...all, validFrom: 5 })).toEqual({ from: undefined, until: 'b' })
  })

  test.each<[requirement: string, text: string, ok: boolean]>([
    ['TIME-1', '2026-01-01T00:00:00Z', true],
    ['TIME-2', '2026-01-01T00:00:00', false],
    ['TIME-3', '2026-02-30T00:00:00Z', false],
    ['TIME-3', '2025-02-29T00:00:00Z', false],
    ['TIME-3', '2024-02-29T00:00:00Z', true],
    ['TIME-3', '1900-02-29T00:00:00Z', false],
    ['TIME-3', '2026-04-31T00:00:00Z', false],
    ['TIME-4', '2026-12-31T23:59:60Z', false],
    ['TIME-4', '2026-12-31T24:00:00Z', true],
    ['TIME-4', '2026-12-31T24:00:00.000Z', true],
    ['TIME-4', '2026-12-31T24:00:01Z', false],
    ['TIME-4', '2026-12-31T24:01:00Z', false],
    ['TIME-5', '2026-01-01', false],
    ['TIME-5', '2026-01-01t00:00:00z', false],
    ['TIME-5', '2026-01-01 00:00:00Z', false],
    ['TIME-5', '2026-01-01T00:00:00+0100', false],
    ['TIME-5', '2026-01-01T00:00:00+14:00', true],
    ['TIME-5', '2026-01-01T00:00:00+14:01', false],
    ['TIME-5', '2026-01-01T00:00:00-13:59', true],
    ['TIME-5', '12026-01-01T00:00:00Z', true],
    ['TIME-5', '02026-01-01T00:00:00Z', false],
    ['TIME-5', '-0044-03-15T00:00:00Z', true],
    ['TIME-5', '0000-01-01T00:00:00Z', true],
    ['TIME-5', '+2026-01-01T00:00:00Z', false],
    ['TIME-5', '2026-01-01T00:00:00.123456789Z', true],
    ['TIME-5', '2026-01-01T00:00:00.Z', false],
    ['TIME-5', '2026-01-01T00:00Z', false],
    ['TIME-5', '2026-13-01T00:00:00Z', false],
    ['TIME-5', ' 2026-01-01T00:00:00Z', false],
    ['TIME-5', '2026-01-01T00:00:00Z\n', false],
    ['TIME-5', '', false],
  ])('%s: %j may be a date: %s', (_requirement, text, ok) => {
    const document = { ...credential, validFrom: text }
    expect(conformanceFaults(document, 'credential')).toEqual(expected('VCDM-7', ok ? null : '/validFrom'))
  })

  test('TIME-4, TIME-5: are compared as moments', () => {
    const period = (validFrom: string, validUntil: string) =>
      conformanceFaults({ ...credential, validFrom, validUntil }, 'credential').length
    expect(period('2026-12-31T24:00:00Z', '2027-01-01T00:00:00Z')).toBe(0)
    expect(period('2026-12-31T24:00:00Z', '2026-12-31T23:59:59Z')).toBe(1)
    expect(period('2026-01-01T00:00:00.002Z', '2026-01-01T00:00:00.001Z')).toBe(1)
    expect(period('9999-01-01T00:00:00Z', '10000-01-01T00:00:00Z')).toBe(0)
    expect(period('-0044-03-15T00:00:00Z', '-0045-03-15T00:00:00Z')).toBe(1)
  })
})

describe('contexts', () => {
  const known = contextTable()

  test.each<[what: string, document: JsonObject]>([
    ['a credential', credential],
    ['a credential of version 1.1', credential11],
    ['a presentation with credentials of their own contexts', presentation],
    ['an envelope with its context as a text', envelope],
    ['a proof with the contexts that it fixes', { ...credential, proof: { type: 'T', '@context': [v2] } }],
    ['language objects', { ...credential, name: { '@value': 'x', '@language': 'en' } }],
  ])('DI-9: %s means what its JSON says', (_what, document) => {
    expect(contextsFault(document, known)).toBeNull()
  })

  test('DI-9: a context that was handed in is a known one', () => {
    const document = { ...credential, '@context': [v2, other] }
    expect(contextsFault(document, known)).toEqual({
      fault: 'context_not_at_hand',
      pointer: '/@context/1',
      problem: other,
    })
    expect(contextsFault(document, new Set([v2, other]))).toBeNull()
  })

  const keywords =
    '@context @vocab @base @import @nest @included @reverse @graph @propagate @protected'.split(' ')
  test.each<[what: string, document: JsonObject, pointer: string]>([
    ['an inline context', { ...credential, '@context': [v2, { grade: 'urn:a:b' }] }, '/@context/1'],
    ['a context that is a text', { ...credential, '@context': v2 }, '/@context'],
    ['no context', { type: 'VerifiableCredential' }, '/@context'],
    ['no context in a list', { ...credential, '@context': [] }, '/@context'],
    ...keywords.map((name): [string, JsonObject, string] => [
      `${name} in a subject`,
      { ...credential, credentialSubject: [{ id: 'urn:a:b' }, { 'a/b': { [name]: {} } }] },
      `/credentialSubject/1/a~1b/${name}`,
    ]),
    ...keywords
      .slice(1)
      .map((name): [string, JsonObject, string] => [
        `${name} at the top`,
        { ...credential, [name]: {} },
        `/${name}`,
      ]),
    [
      'a context in a credential inside a credential',
      { ...credential, credentialSubject: { verifiableCredential: [credential] } },
      '/credentialSubject/verifiableCredential/0/@context',
    ],
    [
      'credentials of a credential that is no presentation',
      { ...credential, verifiableCredential: [credential] },
      '/verifiableCredential/0/@context',
    ],
    [
      'an inline context in a credential of a presentation',
      { ...presentation, verifiableCredential: [envelope, { ...credential, '@context': [v2, {}] }] },
      '/verifiableCredential/1/@context/1',
    ],
    [
      'a context in the subject of a credential of a presentation',
      { ...presentation, verifiableCredential: { ...credential, credentialSubject: { '@context': v2 } } },
      '/verifiableCredential/credentialSubject/@context',
    ],
  ])('DI-9: %s is refused', (_what, document, pointer) => {
    expect(contextsFault(document, known)).toEqual({
      fault: 'context_not_accepted',
      pointer,
      problem: expect.any(String),
    })
  })

  test('DI-12: a document without contexts says nothing that JSON-LD could read', () => {
    expect(contextsFault({ id: 'urn:a:b' }, known)?.fault).toBe('context_not_accepted')
  })
})

describe('hostile documents', () => {
  test('get an answer, whatever they hold', () => {
    const names = [
      ...Object.keys(credential),
      ...Object.keys(presentation),
      'relatedResource',
      'credentialStatus',
      'credentialSchema',
      'proof',
      'name',
      'description',
      'issuanceDate',
    ]
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 8 }),
        fc.constantFrom<DocumentKind>('credential', 'presentation'),
        fc.constantFrom([v2], [v1], undefined),
        (members, kind, contexts) => {
          const document = { ...members, ...(contexts && { '@context': contexts }) } as JsonObject
          const faults = conformanceFaults(document, kind)
          expect(conformanceFault(document, kind)).toEqual(faults[0] ?? null)
          for (const { pointer } of faults) expect(pointer).toMatch(/^\//)
          contextsFault(document, contextTable())
          datesOf(document)
        },
      ),
      { numRuns: 300 },
    )
  })
})

/** Published documents that break a rule. */
const exceptions: Readonly<Record<string, readonly ConformanceRule[]>> = {
  'vectors/di-ecdsa/test-suite/tests/mocks/achievement/vc1.1/document.json': ['VCDM-5', 'VCDM-7'],
  'vectors/di-ecdsa/test-suite/tests/mocks/achievement/vc2.0/document.json': ['VCDM-5'],
  'vectors/di-ecdsa/test-suite/tests/mocks/valid/vc1.1/document.json': ['VCDM-5', 'VCDM-7'],
  'vectors/di-ecdsa/test-suite/tests/mocks/valid/vc2.0/document.json': ['VCDM-5'],
  'vectors/sd-jwt-vc/oid4vp-examples/response/ldp_vc.json': ['VCDM-4'],
}

const incomplete = 'an input of a test suite, which adds issuer and dates before it signs'

describe.skipIf(!sharedIsHere)('published documents', () => {
  const documents = ['vectors', 'examples'].flatMap((folder) =>
    (sharedIsHere ? readdirSync(sharedPath(folder), { recursive: true, encoding: 'utf8' }) : [])
      .map((name) => `${folder}/${name}`)
      .filter((name) => statSync(sharedPath(name)).isFile() && statSync(sharedPath(name)).size < 1_000_000)
      .flatMap((name): [name: string, document: JsonObject, kind: DocumentKind][] => {
        const parsed = parseJson(readFileSync(sharedPath(name), 'utf8'))
        if (!parsed.ok || !isObject(parsed.value)) return []
        const types = [parsed.value.type].flat()
        if (types.includes('VerifiableCredential')) return [[name, parsed.value, 'credential']]
        return types.includes('VerifiablePresentation') ? [[name, parsed.value, 'presentation']] : []
      }),
  )

  test('are many', () => {
    expect(documents.length).toBeGreaterThan(45)
  })

  test.each(documents)('VCDM-1 to VCDM-15: %s keeps the rules', (name, document, kind) => {
    const broken = exceptions[name] ?? []
    expect(conformanceFaults(document, kind).map(({ rule }) => rule)).toEqual(broken)
    const answers = knownAnswers('Verifiable Credentials Data Model')
    if (broken.length === 0) answers.holds(name)
    else if (name.includes('/test-suite/')) answers.notApplicable(name, '', incomplete)
    else answers.differs(name, '', `breaks ${broken.join(', ')}: version 1.1, with a name in place of a URL`)
  })

  test('every exception is needed', () => {
    const names = documents.map(([name]) => name)
    expect(Object.keys(exceptions).filter((name) => !names.includes(name))).toEqual([])
  })

  test.each(documents.filter(([name]) => name.startsWith('examples/')))(
    'DI-9: %s has known contexts',
    (_name, document) => {
      expect(contextsFault(document, contextTable())).toBeNull()
    },
  )
})
