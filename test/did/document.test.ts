/** Controlled Identifiers 1.0, section 3.3: each step and its fault. */
import { describe, expect, test } from 'vitest'
import type { Did } from '../../src/base/did-url.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { findMethod, type MethodFault } from '../../src/did/document.ts'
import { toJwk } from '../../src/key/public-key.ts'
import { signerOfSeed } from '../../src/key/signer.ts'

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

describe('a method is not found', () => {
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
      'step 6: two methods of one fragment',
      { ...document, verificationMethod: [method, method] },
      url,
      'method_not_found',
      url,
    ],
    [
      'step 6: two methods of one fragment, one by a relative id',
      { ...document, verificationMethod: [method, { ...method, id: '#k1' }] },
      url,
      'method_not_found',
      url,
    ],
    [
      'step 6: a method that is listed and embedded',
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
