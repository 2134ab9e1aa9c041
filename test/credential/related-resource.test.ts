import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Bytes, concat, fromHex, toBase58, toBase64url, utf8 } from '../../src/base/bytes.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { checkRelatedResources, relatedResourceShapeFault } from '../../src/credential/related-resource.ts'
import { isSri, matchesSri, readMultihash, readSri } from '../../src/credential/resource-digest.ts'
import { sharedBytes, sharedIsHere } from '../shared.ts'

const bytes = utf8('a portrait')
const url = 'https://a.example/portrait.png'
const resources = new Map([[url, bytes]])

const digest = (algorithm: string, data: Bytes): Bytes =>
  new Uint8Array(createHash(algorithm).update(data).digest())
const sri = (algorithm: string, data = bytes): string =>
  `${algorithm}-${Buffer.from(digest(algorithm, data)).toString('base64')}`
const prefixes = {
  sha256: [0x12, 32],
  sha384: [0x20, 48],
  sha512: [0x13, 64],
  'sha3-256': [0x16, 32],
} as const
const multihash = (algorithm: keyof typeof prefixes, data = bytes): Bytes =>
  concat(new Uint8Array(prefixes[algorithm]), digest(algorithm, data))
const z = (value: Bytes): string => `z${toBase58(value)}`
const u = (value: Bytes): string => `u${toBase64url(value)}`

const naming = (...relatedResource: readonly Json[]): JsonObject => ({ relatedResource })

describe('integrity metadata', () => {
  // The digest of the empty text, by SHA-256.
  const empty = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='

  test('is a digest in standard base64', () => {
    expect(readSri(empty)).toEqual([
      {
        algorithm: 'sha256',
        digest: fromHex('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'),
      },
    ])
    expect(matchesSri(empty, utf8(''))).toBe(true)
    expect(matchesSri(empty, utf8(' '))).toBe(false)
  })

  test('counts by its strongest algorithm, of which one has to match', () => {
    const wrong = utf8('something else')
    expect(matchesSri(`${sri('sha256', wrong)} ${sri('sha512')}`, bytes)).toBe(true)
    expect(matchesSri(`${sri('sha256')} ${sri('sha512', wrong)}`, bytes)).toBe(false)
    expect(matchesSri(`${sri('sha384', wrong)} ${sri('sha384')}`, bytes)).toBe(true)
  })

  test.each<[what: string, value: Json | undefined]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['base64url', empty.replaceAll('+', '-').replaceAll('/', '_')],
    ['no padding', empty.slice(0, -1)],
    ['bits after the end', empty.replace('FU=', 'FV=')],
    ['a digest cut short', 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA=='],
    ['a digest of another algorithm', empty.replace('sha256', 'sha512')],
    ['SHA-1', `sha1-${createHash('sha1').update('').digest('base64')}`],
    ['capital letters', empty.replace('sha', 'SHA')],
    ['hex', `sha256-${createHash('sha256').update('').digest('hex')}`],
    ['two blanks', `${empty}  ${empty}`],
    ['nine digests', Array.from({ length: 9 }, () => empty).join(' ')],
    ['a list', [empty]],
  ])('%s is none', (_what, value) => {
    expect(isSri(value)).toBe(false)
  })
})

describe('a multihash', () => {
  test.each(['sha256', 'sha384', 'sha512'] as const)('of %s is read in both alphabets', (algorithm) => {
    const read = { algorithm, digest: digest(algorithm, bytes) }
    expect(readMultihash(z(multihash(algorithm)))).toEqual(read)
    expect(readMultihash(u(multihash(algorithm)))).toEqual(read)
  })

  test.each<[what: string, value: Json]>([
    ['of SHA-3', z(multihash('sha3-256'))],
    ['cut short', z(multihash('sha256').slice(0, 33))],
    ['with a byte more', z(concat(multihash('sha256'), new Uint8Array(1)))],
    ['that states another length', z(concat(new Uint8Array([0x12, 48]), digest('sha384', bytes)))],
    ['in hex', `f${Buffer.from(multihash('sha256')).toString('hex')}`],
    ['that is a number', 5],
    ['of nothing', 'z'],
  ])('%s is none', (_what, value) => {
    expect(readMultihash(value)).toBeNull()
  })
})

describe('related resources', () => {
  test.each<[what: string, entry: JsonObject]>([
    ['digestSRI', { digestSRI: sri('sha384') }],
    ['digestMultibase in base58', { digestMultibase: z(multihash('sha256')) }],
    ['digestMultibase in base64url', { digestMultibase: u(multihash('sha512')) }],
    ['both', { digestSRI: sri('sha256'), digestMultibase: u(multihash('sha384')) }],
    ['several of a kind', { digestMultibase: [z(multihash('sha256')), u(multihash('sha384'))] }],
  ])('VCDM-11: hold by %s', (_what, entry) => {
    const document = naming({ id: url, ...entry })
    expect(checkRelatedResources(document, resources)).toEqual({ ok: true, checked: [url], unchecked: [] })
    expect(checkRelatedResources(document, new Map([[url, utf8('another portrait')]]))).toEqual({
      ok: false,
      rule: 'VCDM-11',
      pointer: '/relatedResource/0',
      problem: `${url} is not what the credential states`,
    })
  })

  test.each<[what: string, entry: JsonObject]>([
    ['one of two digests', { digestSRI: sri('sha256'), digestMultibase: z(multihash('sha256', utf8('x'))) }],
    [
      'one of two multihashes',
      { digestMultibase: [z(multihash('sha256')), z(multihash('sha256', utf8('x')))] },
    ],
  ])('VCDM-11: fail where %s does not hold', (_what, entry) => {
    expect(checkRelatedResources(naming({ id: url, ...entry }), resources)).toMatchObject({ ok: false })
  })

  test('VCDM-11: stay unchecked where nothing can be said', () => {
    const document = naming(
      { id: 'https://a.example/elsewhere', digestSRI: sri('sha384') },
      { id: url, digestMultibase: z(multihash('sha3-256')) },
    )
    expect(checkRelatedResources(document, resources)).toEqual({
      ok: true,
      checked: [],
      unchecked: ['https://a.example/elsewhere', url],
    })
    expect(checkRelatedResources({}, resources)).toEqual({ ok: true, checked: [], unchecked: [] })
  })

  const v2 = 'https://www.w3.org/ns/credentials/v2'
  const published = fromHex('59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734') as Bytes

  test('VCDM-11: bind a bundled context by the SHA-256 that its Recommendation states', () => {
    const sha256 = `sha256-${Buffer.from(published).toString('base64')}`
    const check = (digestSRI: string, id = v2) => checkRelatedResources(naming({ id, digestSRI }), new Map())
    expect(check(sha256)).toEqual({ ok: true, checked: [v2], unchecked: [] })
    expect(check(sri('sha256'))).toMatchObject({ ok: false, rule: 'VCDM-11' })
    expect(check(sri('sha384'))).toEqual({ ok: true, checked: [], unchecked: [v2] })
    const v1 = 'https://www.w3.org/2018/credentials/v1'
    expect(check(sri('sha256'), v1)).toEqual({ ok: true, checked: [], unchecked: [v1] })
  })

  test.skipIf(!sharedIsHere)('VCDM-11: hold for the published file of the base context', () => {
    const file = new Uint8Array(sharedBytes('vectors/contexts/credentials/v2'))
    const document = naming({
      id: v2,
      digestSRI: sri('sha384', file),
      digestMultibase: u(multihash('sha256', file)),
    })
    expect(checkRelatedResources(document, new Map([[v2, file]]))).toEqual({
      ok: true,
      checked: [v2],
      unchecked: [],
    })
    expect(
      checkRelatedResources(naming({ id: v2, digestMultibase: u(multihash('sha256', file)) }), new Map()),
    ).toEqual({
      ok: true,
      checked: [v2],
      unchecked: [],
    })
  })

  const good: JsonObject = { id: url, digestSRI: sri('sha384') }
  test.each<[what: string, value: Json, pointer: string]>([
    ['no resource', [], ''],
    ['a text', url, ''],
    ['a text in a list', [good, url], '/1'],
    ['no id', [{ digestSRI: sri('sha384') }], '/0/id'],
    ['an id that is no URL', { id: 'portrait', digestSRI: sri('sha384') }, '/id'],
    ['the same id twice', [good, { ...good, digestSRI: sri('sha512') }], '/1/id'],
    ['no digest', [{ id: url }], '/0'],
    [
      'a digest in base64url',
      [{ id: url, digestSRI: `sha384-${toBase64url(digest('sha384', utf8('2')))}` }],
      '/0/digestSRI',
    ],
    ['a digest that is null', [{ id: url, digestSRI: null }], '/0/digestSRI'],
    ['a digest of no multibase', [{ id: url, digestMultibase: 'f1220' }], '/0/digestMultibase'],
    ['a digest that is a number', [{ id: url, digestMultibase: 5 }], '/0/digestMultibase'],
    ['a media type that is none', [{ ...good, mediaType: 'png' }], '/0/mediaType'],
    ['a media type that is a list', [{ ...good, mediaType: ['image/png'] }], '/0/mediaType'],
    ['101 resources', Array.from({ length: 101 }, (_, i) => ({ ...good, id: `${url}?${i}` })), ''],
  ])('VCDM-10: %s is malformed', (_what, relatedResource, pointer) => {
    const fault = { rule: 'VCDM-10', pointer: `/relatedResource${pointer}`, problem: expect.any(String) }
    expect(relatedResourceShapeFault({ relatedResource })).toEqual(fault)
    expect(checkRelatedResources({ relatedResource }, resources)).toEqual({ ok: false, ...fault })
  })
})
