/** Controlled Identifiers 1.0, section 3.3: each step and its fault. */
import { describe, expect, test } from 'vitest'
import type { Did } from '../../src/base/did-url.ts'
import { type Json, type JsonObject, parseJson } from '../../src/base/json.ts'
import { findMethod, type MethodFault } from '../../src/did/document.ts'
import { toJwk } from '../../src/key/public-key.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

const did: Did = 'did:web:agency.example'
const url = `${did}#k1`
const { publicKey: key, multikey } = signerOfSeed(new Uint8Array(32).fill(1))
const method: JsonObject = { id: url, type: 'Multikey', controller: did, publicKeyMultibase: multikey }
const document: JsonObject = { id: did, verificationMethod: [method], assertionMethod: [url] }
const withMethod = (change: JsonObject): JsonObject => ({
  ...document,
  verificationMethod: [{ ...method, ...change }],
})
const { controller: _, ...uncontrolled } = method
const found = { ok: true, key, endsAt: null }

describe('a method is found', () => {
  test.each<[what: string, document: JsonObject]>([
    ['by its absolute id', document],
    ['by relative ids', { ...withMethod({ id: '#k1' }), assertionMethod: ['#k1'] }],
    ['by a relative id that is related by an absolute one', withMethod({ id: '#k1' })],
    ['where members are no lists', { ...document, verificationMethod: method, assertionMethod: url }],
    [
      'with a JWK',
      withMethod({ type: 'JsonWebKey', publicKeyMultibase: undefined as never, publicKeyJwk: toJwk(key) }),
    ],
    ['embedded in the relationship', { id: did, assertionMethod: [method] }],
    ['embedded with a relative id', { id: did, assertionMethod: [{ ...method, id: '#k1' }] }],
    [
      'among others, some of which are no methods',
      {
        ...document,
        verificationMethod: ['x', null, {}, { ...method, id: `${did}#k2` }, { ...method, id: 7 }, method],
        assertionMethod: [null, 5, {}, url],
      },
    ],
    [
      'beside one of its fragment in another document',
      {
        ...document,
        verificationMethod: [method, { ...method, id: 'did:web:other.example#k1' }],
      },
    ],
  ])('%s', (_what, given) => {
    expect(findMethod(given, url, 'assertionMethod')).toEqual(found)
  })

  test.each<[member: JsonObject, endsAt: number | null]>([
    [{}, null],
    [{ expires: '2027-01-01T00:00:00Z' }, Date.UTC(2027, 0, 1)],
    [{ revoked: '2026-06-01T08:00:00+08:00' }, Date.UTC(2026, 5, 1)],
    [{ revoked: '2026-06-01T00:00:00Z', expires: '2027-01-01T00:00:00Z' }, Date.UTC(2026, 5, 1)],
    [{ revoked: '2028-06-01T00:00:00Z', expires: '2027-01-01T00:00:00Z' }, Date.UTC(2027, 0, 1)],
  ])('with %j, and counts until %s', (member, endsAt) => {
    expect(findMethod(withMethod(member), url, 'assertionMethod')).toEqual({ ok: true, key, endsAt })
  })
})

describe('trap 46: a method is not found', () => {
  const hostile = { toString: 1, valueOf: 1 }
  test.each<[what: string, document: Json, url: string, fault: MethodFault, detail: string]>([
    ['step 1: the name is no URL', document, 'k1', 'method_url_malformed', 'k1'],
    ['step 1: the name is relative', document, '#k1', 'method_url_malformed', '#k1'],
    ['step 2: no fragment', document, did, 'method_url_malformed', did],
    ['step 2: an empty fragment', document, `${did}#`, 'method_url_malformed', `${did}#`],
    ['step 2: a query', document, `${did}?a=1#k1`, 'method_url_malformed', `${did}?a=1#k1`],
    ['step 4: a list for a document', [document], url, 'document_malformed', 'not an object'],
    ['step 4: null for a document', null, url, 'document_malformed', 'not an object'],
    [
      "step 5: another's document",
      { ...document, id: 'did:web:other.example' },
      url,
      'document_of_another',
      'did:web:other.example',
    ],
    [
      'step 5: an id in another case',
      { ...document, id: 'did:web:Agency.example' },
      url,
      'document_of_another',
      'did:web:Agency.example',
    ],
    ['step 5: no id', { verificationMethod: [method] }, url, 'document_of_another', 'nothing'],
    ['step 5: an id in a list', { ...document, id: [did] }, url, 'document_of_another', `["${did}"]`],
    [
      'step 5: a hostile id',
      { ...document, id: hostile },
      url,
      'document_of_another',
      JSON.stringify(hostile),
    ],
    [
      'step 5: a very long id',
      { ...document, id: 'x'.repeat(1000) },
      url,
      'document_of_another',
      'x'.repeat(300),
    ],
    ['step 6: no methods', { id: did, assertionMethod: [url] }, url, 'method_not_found', url],
    ['step 6: another fragment', document, `${did}#k2`, 'method_not_found', `${did}#k2`],
    ['step 6: a fragment in another case', document, `${did}#K1`, 'method_not_found', `${did}#K1`],
    ['step 6: a fragment without its hash', withMethod({ id: 'k1' }), url, 'method_not_found', url],
    [
      'CID-7: two methods of one fragment',
      { ...document, verificationMethod: [method, method] },
      url,
      'method_not_found',
      url,
    ],
    [
      'CID-7: two methods of one fragment, one by a relative id',
      { ...document, verificationMethod: [method, { ...method, id: '#k1' }] },
      url,
      'method_not_found',
      url,
    ],
    [
      'CID-7: a method that is listed and embedded',
      { ...document, assertionMethod: [method] },
      url,
      'method_not_found',
      url,
    ],
    [
      "step 7: the fragment under another's DID",
      withMethod({ id: 'did:web:other.example#k1' }),
      url,
      'method_not_found',
      url,
    ],
    [
      'step 8: another controller',
      withMethod({ controller: 'did:web:other.example' }),
      url,
      'method_of_another_controller',
      'did:web:other.example',
    ],
    [
      'step 8: no controller',
      { ...document, verificationMethod: [uncontrolled] },
      url,
      'method_of_another_controller',
      'nothing',
    ],
    [
      'step 8: a list of controllers',
      withMethod({ controller: [did] }),
      url,
      'method_of_another_controller',
      `["${did}"]`,
    ],
    [
      'step 8: a hostile controller',
      withMethod({ controller: hostile }),
      url,
      'method_of_another_controller',
      JSON.stringify(hostile),
    ],
    [
      'step 9: no relationship',
      { id: did, verificationMethod: [method] },
      url,
      'method_not_for_purpose',
      'assertionMethod',
    ],
    [
      'step 9: another relationship',
      { id: did, verificationMethod: [method], authentication: [url] },
      url,
      'method_not_for_purpose',
      'assertionMethod',
    ],
    [
      'step 9: the relationship of another key',
      { ...document, assertionMethod: [`${did}#k2`] },
      url,
      'method_not_for_purpose',
      'assertionMethod',
    ],
    [
      'step 9: embedded in another relationship',
      { id: did, authentication: [method] },
      url,
      'method_not_for_purpose',
      'assertionMethod',
    ],
    ['a Multikey that is none', withMethod({ publicKeyMultibase: 'z6Mk' }), url, 'key_malformed', url],
    [
      'a private JWK',
      {
        ...document,
        verificationMethod: [
          { id: url, type: 'JsonWebKey', controller: did, publicKeyJwk: { ...toJwk(key), d: 'AA' } },
        ],
      },
      url,
      'key_malformed',
      url,
    ],
    ['a key in both forms', withMethod({ publicKeyJwk: toJwk(key) }), url, 'key_malformed', url],
    [
      'an end that is no moment',
      withMethod({ expires: '2027-01-01' }),
      url,
      'document_malformed',
      'a date of the key is none',
    ],
    [
      'a revocation that is null',
      withMethod({ revoked: null }),
      url,
      'document_malformed',
      'a date of the key is none',
    ],
    [
      'a revocation that is true',
      withMethod({ revoked: true }),
      url,
      'document_malformed',
      'a date of the key is none',
    ],
  ])('%s', (_what, given, name, fault, detail) => {
    expect(findMethod(given, name, 'assertionMethod')).toEqual({ ok: false, fault, detail })
  })

  test('for a purpose in which only another may be embedded', () => {
    const embedded = { id: did, authentication: [method] }
    expect(findMethod(embedded, url, 'authentication')).toEqual(found)
    expect(findMethod(document, url, 'authentication')).toMatchObject({ fault: 'method_not_for_purpose' })
  })
})

describe('the document of an https controller', () => {
  const controller = 'https://issuer.example/doc'
  const name = `${controller}#key`
  const keyed: JsonObject = { id: name, type: 'Multikey', controller, publicKeyMultibase: multikey }
  const whole: JsonObject = {
    '@context': 'https://www.w3.org/ns/cid/v1',
    id: controller,
    verificationMethod: [keyed],
    assertionMethod: [name],
  }
  const changed = (change: JsonObject): JsonObject => ({
    ...whole,
    verificationMethod: [{ ...keyed, ...change }],
  })

  test.each<[what: string, document: JsonObject]>([
    ['CID-1: by its absolute id', whole],
    ['CID-2: by relative ids', { ...changed({ id: '#key' }), assertionMethod: ['#key'] }],
    [
      'CID-4: with a JWK',
      {
        ...whole,
        verificationMethod: [{ id: name, type: 'JsonWebKey', controller, publicKeyJwk: toJwk(key) }],
      },
    ],
    ['CID-6: embedded in the relationship', { id: controller, assertionMethod: [keyed] }],
  ])('gives its key %s', (_what, given) => {
    expect(findMethod(given, name, 'assertionMethod')).toEqual(found)
  })

  test.each<[url: string, controller: string]>([
    ['https://issuer.example#key', 'https://issuer.example'],
    ['https://issuer.example/#key', 'https://issuer.example/'],
    ['https://issuer.example:8443/a?tenant=1#key', 'https://issuer.example:8443/a?tenant=1'],
  ])('gives the key %s', (url, id) => {
    const given = {
      id,
      verificationMethod: [{ ...keyed, id: url, controller: id }],
      assertionMethod: ['#key'],
    }
    expect(findMethod(given, url, 'assertionMethod')).toEqual(found)
  })

  /** The errors of section 3.3 and the faults that we name them by. */
  const errors = {
    INVALID_VERIFICATION_METHOD_URL: ['method_url_malformed'],
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT: ['document_malformed'],
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID: ['document_of_another'],
    INVALID_VERIFICATION_METHOD: ['method_not_found', 'method_of_another_controller', 'key_malformed'],
    INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD: ['method_not_for_purpose'],
  } as const

  test.each<[step: string, error: keyof typeof errors, fault: MethodFault, document: Json, url?: string]>([
    ['step 1: no URL', 'INVALID_VERIFICATION_METHOD_URL', 'method_url_malformed', whole, 'key'],
    [
      'step 1: http',
      'INVALID_VERIFICATION_METHOD_URL',
      'method_url_malformed',
      whole,
      name.replace('https', 'http'),
    ],
    [
      'step 1: an IP address',
      'INVALID_VERIFICATION_METHOD_URL',
      'method_url_malformed',
      whole,
      'https://127.0.0.1/#key',
    ],
    [
      'step 1: another spelling',
      'INVALID_VERIFICATION_METHOD_URL',
      'method_url_malformed',
      whole,
      name.replace('issuer', 'Issuer'),
    ],
    ['step 2: no fragment', 'INVALID_VERIFICATION_METHOD_URL', 'method_url_malformed', whole, controller],
    ['step 4: a list', 'INVALID_CONTROLLED_IDENTIFIER_DOCUMENT', 'document_malformed', [whole]],
    [
      'step 4: an end that is no moment',
      'INVALID_CONTROLLED_IDENTIFIER_DOCUMENT',
      'document_malformed',
      changed({ expires: 'soon' }),
    ],
    [
      'step 5: another URL',
      'INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID',
      'document_of_another',
      { ...whole, id: 'https://issuer.example/other' },
    ],
    [
      'step 5: a slash more',
      'INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID',
      'document_of_another',
      { ...whole, id: `${controller}/` },
    ],
    [
      'step 5: no id',
      'INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID',
      'document_of_another',
      { verificationMethod: [keyed] },
    ],
    [
      'step 6: another fragment',
      'INVALID_VERIFICATION_METHOD',
      'method_not_found',
      whole,
      `${controller}#key-2`,
    ],
    [
      'step 6, CID-2: both materials',
      'INVALID_VERIFICATION_METHOD',
      'key_malformed',
      changed({ publicKeyJwk: toJwk(key) }),
    ],
    [
      'step 6, CID-2: two types',
      'INVALID_VERIFICATION_METHOD',
      'key_malformed',
      changed({ type: ['Multikey'] }),
    ],
    [
      'step 6, CID-2: an unknown type',
      'INVALID_VERIFICATION_METHOD',
      'key_malformed',
      changed({ type: 'Ed25519VerificationKey2018' }),
    ],
    [
      'step 6, CID-4: a private JWK',
      'INVALID_VERIFICATION_METHOD',
      'key_malformed',
      {
        ...whole,
        verificationMethod: [
          { id: name, type: 'JsonWebKey', controller, publicKeyJwk: { ...toJwk(key), d: 'AA' } },
        ],
      },
    ],
    [
      'step 6, CID-4: a JWK as Multikey',
      'INVALID_VERIFICATION_METHOD',
      'key_malformed',
      {
        ...whole,
        verificationMethod: [{ id: name, type: 'Multikey', controller, publicKeyJwk: toJwk(key) }],
      },
    ],
    [
      'step 6, CID-7: one fragment twice',
      'INVALID_VERIFICATION_METHOD',
      'method_not_found',
      { ...whole, verificationMethod: [keyed, { ...keyed, id: '#key' }] },
    ],
    [
      'step 6, CID-7: one fragment listed, and embedded elsewhere',
      'INVALID_VERIFICATION_METHOD',
      'method_not_found',
      { ...whole, authentication: [{ ...keyed, id: '#key' }] },
    ],
    [
      'step 7: the fragment at another URL',
      'INVALID_VERIFICATION_METHOD',
      'method_not_found',
      changed({ id: 'https://issuer.example/other#key' }),
    ],
    [
      'step 8: another controller',
      'INVALID_VERIFICATION_METHOD',
      'method_of_another_controller',
      changed({ controller: 'https://other.example/' }),
    ],
    [
      'step 8, CID-2: a list of controllers',
      'INVALID_VERIFICATION_METHOD',
      'method_of_another_controller',
      changed({ controller: [controller] }),
    ],
    [
      'step 9: not for this purpose',
      'INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD',
      'method_not_for_purpose',
      { ...whole, assertionMethod: [] },
    ],
    [
      'step 9, CID-6: embedded for another',
      'INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD',
      'method_not_for_purpose',
      { id: controller, keyAgreement: [keyed] },
    ],
  ])('CID-5 %s is %s', (_step, error, fault, given, url = name) => {
    expect(findMethod(given, url, 'assertionMethod')).toMatchObject({ ok: false, fault })
    expect(errors[error]).toContain(fault)
  })

  test('CID-3: says when its key ends', () => {
    const ends = changed({ expires: '2027-01-01T00:00:00Z' })
    expect(findMethod(ends, name, 'assertionMethod')).toMatchObject({ endsAt: Date.UTC(2027, 0, 1) })
  })
})

describe.skipIf(!sharedIsHere)('the examples of Controlled Identifiers 1.0', () => {
  const examples: readonly JsonObject[] = sharedIsHere ? sharedJson('vectors/cid/examples.json') : []
  const methods = examples.filter(({ unparsed }) => unparsed === undefined)
  /** A method within a document that lists it. */
  const keyOf = (method: JsonObject) =>
    findMethod(
      { id: method.controller as string, assertionMethod: [method] },
      method.id as string,
      'assertionMethod',
    )

  test('CID-4: Multikeys of P-256, P-384 and Ed25519 and the JWK of Ed25519 give keys', () => {
    const given = methods.map(keyOf).map((result) => (result.ok ? result.key.algorithm : result.fault))
    expect(given).toEqual([
      'P-256',
      'P-384',
      'Ed25519',
      'key_malformed', // BLS12-381
      'key_malformed', // SM2
      'key_malformed', // x has the base64url of a text in it: no point of P-256
      'key_malformed', // the same, for P-384
      'Ed25519',
      'key_malformed', // BLS12-381
    ])
    const answers = knownAnswers('Controlled Identifiers 1.0')
    const unlike = ['', '', '', 'BLS12-381', 'SM2', 'P-256', 'P-384', '', 'BLS12-381']
    for (const [i, { id }] of methods.entries()) {
      const name = `${i + 1}: ${id}`
      const curve = unlike[i] as string
      if (curve === '') answers.holds('cid/examples.json', name)
      else if (curve.startsWith('P-')) {
        answers.differs(
          'cid/examples.json',
          name,
          'broken in the source: x and y are letters, no point of the curve',
        )
      } else answers.notApplicable('cid/examples.json', name, `no key of ours: ${curve}`)
    }
  })

  test('CID-2, CID-5: the two documents are no JSON until a comma is put in, and name keys of another controller', () => {
    const texts = examples.flatMap(({ unparsed }) => (typeof unparsed === 'string' ? [unparsed] : []))
    expect(texts).toHaveLength(2)
    for (const text of texts) {
      expect(parseJson(text)).toMatchObject({ ok: false, fault: 'not_json' })
      const mended = parseJson(text.replace('#key-2"\n    "', '#key-2",\n    "'))
      const given = mended.ok ? mended.value : null
      expect(findMethod(given, 'https://controller.example/123#key-2', 'assertionMethod')).toMatchObject({
        fault: 'method_not_found',
      })
    }
    knownAnswers('Controlled Identifiers 1.0').differs(
      'cid/examples.json',
      ['document 1', 'document 2'],
      'broken in the source: a comma is missing, and the method names another controller',
    )
  })
})
