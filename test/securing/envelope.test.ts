import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { type EnvelopedMediaType, enveloped, openEnvelope } from '../../src/securing/envelope.ts'

const v2 = 'https://www.w3.org/ns/credentials/v2'
const good = {
  '@context': v2,
  id: 'data:application/vc+jwt,aa.bb.cc',
  type: 'EnvelopedVerifiableCredential',
}

describe('VCDM-15: an envelope', () => {
  test('is an object whose id is the text', () => {
    expect(enveloped('aa.bb.cc', 'application/vc+jwt')).toEqual(good)
  })

  test.each<[mediaType: EnvelopedMediaType, text: string, type: string]>([
    ['application/vc+jwt', 'aa.bb.cc', 'EnvelopedVerifiableCredential'],
    ['application/vc+sd-jwt', 'aa.bb.c_-~dd~', 'EnvelopedVerifiableCredential'],
    ['application/dc+sd-jwt', 'aa.bb.cc~dd~ee.ff.gg', 'EnvelopedVerifiableCredential'],
    ['application/vp+jwt', 'aa.bb.cc', 'EnvelopedVerifiablePresentation'],
  ])('of %s comes back', (mediaType, text, type) => {
    const object = enveloped(text, mediaType)
    expect(object.type).toBe(type)
    expect(openEnvelope(object)).toEqual({ ok: true, mediaType, text })
  })

  test('may have lists of one, and capitals in the media type', () => {
    const id = 'DATA:application/VC+jwt,aa.bb.cc'
    expect(openEnvelope({ '@context': [v2], id, type: ['EnvelopedVerifiableCredential'] })).toMatchObject({
      ok: true,
      mediaType: 'application/vc+jwt',
    })
  })

  test.each<[what: string, object: Json, fault: string]>([
    ['a text', good.id, 'envelope_malformed'],
    ['a list', [good], 'envelope_malformed'],
    ['null', null, 'envelope_malformed'],
    ['one without a context', { id: good.id, type: good.type }, 'envelope_malformed'],
    ['one of another context', { ...good, '@context': `${v2}#` }, 'envelope_malformed'],
    ['one of two contexts', { ...good, '@context': [v2, v2] }, 'envelope_malformed'],
    ['one that says more, which nothing signs', { ...good, name: '李四' }, 'envelope_malformed'],
    ['one without an id', { '@context': v2, type: good.type }, 'envelope_malformed'],
    ['one of another type', { ...good, type: 'VerifiableCredential' }, 'envelope_malformed'],
    ['one of two types', { ...good, type: [good.type, 'VerifiableCredential'] }, 'envelope_malformed'],
    [
      'a credential as a presentation',
      { ...good, type: 'EnvelopedVerifiablePresentation' },
      'envelope_malformed',
    ],
    ['one of no media type', { ...good, id: 'data:,aa.bb.cc' }, 'envelope_media_type'],
    ['one of another media type', { ...good, id: 'data:application/jwt,aa.bb.cc' }, 'envelope_media_type'],
    [
      'JC-10: one of COSE, which we do not read',
      { ...good, id: 'data:application/vc+cose;base64,0oRD' },
      'envelope_media_type',
    ],
    ['one in base64', { ...good, id: 'data:application/vc+jwt;base64,YWE=' }, 'envelope_media_type'],
    ['one without a comma', { ...good, id: 'data:application/vc+jwt' }, 'envelope_media_type'],
    ['an address', { ...good, id: 'https://agency.example/aa.bb.cc' }, 'envelope_media_type'],
    ['an empty text', { ...good, id: 'data:application/vc+jwt,' }, 'envelope_malformed'],
    ['an escape', { ...good, id: 'data:application/vc+jwt,aa%2Ebb.cc' }, 'envelope_malformed'],
    ['a line break', { ...good, id: `${good.id}\n` }, 'envelope_malformed'],
    ['a fragment', { ...good, id: `${good.id}#a` }, 'envelope_malformed'],
    ['more than a token', { ...good, id: `${good.id}${'a'.repeat(1_048_640)}` }, 'envelope_too_large'],
  ] as [string, Json, string][])('is not %s', (_what, object, fault) => {
    expect(openEnvelope(object as JsonObject)).toMatchObject({ ok: false, fault })
  })
})
