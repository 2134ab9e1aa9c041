import { describe, expect, test } from 'vitest'
import { isControllerId, isDid, isUrl, splitDidUrl, splitMethodUrl } from '../../src/base/did-url.ts'

describe('DIDs', () => {
  test.each([
    'did:web:agency.example',
    'did:web:agency.example%3A8443:a:b',
    'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp',
    'did:example:a::b',
    'did:3:-',
    `did:example:${'a'.repeat(2048 - 12)}`,
  ])('%s is one', (text) => {
    expect(isDid(text)).toBe(true)
  })

  test.each<unknown>([
    'did:web',
    'did:web:',
    'did::a',
    'did:WEB:agency.example',
    'DID:web:agency.example',
    'did:web:agency.example:',
    'did:web:agency.example/path',
    'did:web:agency.example?q',
    'did:web:agency.example#k',
    'did:web:agency.example%3',
    'did:web:agency.example%zz',
    'did:web:agéncy.example',
    'did:web:[::1]',
    ' did:web:agency.example',
    'did:web:agency.example\n',
    `did:example:${'a'.repeat(2049 - 12)}`,
    '',
    7,
    null,
    undefined,
    ['did:web:agency.example'],
  ])('%j is none', (value) => {
    expect(isDid(value)).toBe(false)
  })

  test.each<[text: string, did: string, fragment: string]>([
    ['did:web:agency.example#k1', 'did:web:agency.example', 'k1'],
    ['did:jwk:abc#0', 'did:jwk:abc', '0'],
    ["did:web:a.b#a/b?c=(d)%20!$&'*+,;:@~", 'did:web:a.b', "a/b?c=(d)%20!$&'*+,;:@~"],
  ])('%s is taken apart at its hash', (text, did, fragment) => {
    expect(splitDidUrl(text)).toEqual({ did, fragment })
  })

  test.each([
    'did:web:agency.example',
    'did:web:agency.example#',
    '#k1',
    'did:web:agency.example/path#k1',
    'did:web:agency.example?versionId=1#k1',
    'did:web:agency.example#a#b',
    'did:web:agency.example#a b',
    'did:web:agency.example#k1\n',
    'did:web:agency.example#é',
    'https://agency.example#k1',
    '',
  ])('%j names no key', (text) => {
    expect(splitDidUrl(text)).toBeNull()
  })
})

describe('controllers', () => {
  test.each([
    'did:web:agency.example',
    'https://issuer.example',
    'https://issuer.example/',
    'https://issuer.example/123',
    'https://issuer.example:8443/a/b.json',
    'https://issuer.example/a?tenant=1',
    'https://xn--fiqs8s.example/a',
    'https://issuer.example/%E8%AF%81',
  ])('%s is one', (text) => {
    expect(isControllerId(text)).toBe(true)
    expect(splitMethodUrl(`${text}#k1`)).toEqual({ controller: text, fragment: 'k1' })
  })

  test.each<unknown>([
    'http://issuer.example/',
    'HTTPS://issuer.example/',
    'https://Issuer.example/',
    'https://issuer.example:443/',
    'https://issuer.example/a/../b',
    'https://issuer.example/%2e%2e/b',
    'https://issuer.example/\u8bc1',
    'https://user@issuer.example/',
    'https://user:pass@issuer.example/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://localhost/',
    'https://issuer.example./',
    'https://issuer.example/a b',
    'https://issuer.example/a\n',
    'https://issuer.example?a',
    'https://issuer.example/#k',
    'https://',
    'https:/issuer.example',
    `https://issuer.example/${'a'.repeat(2048)}`,
    'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
    '',
    null,
    7,
    ['https://issuer.example/'],
  ])('%j is none', (value) => {
    expect(isControllerId(value)).toBe(false)
    if (typeof value === 'string') expect(splitMethodUrl(`${value}#k1`)).toBeNull()
  })

  test('a key of an https controller is the key of no DID', () => {
    expect(splitDidUrl('https://issuer.example/123#k1')).toBeNull()
  })
})

describe('URLs', () => {
  test.each([
    'https://a.example/',
    'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
    'did:web:a.example#k',
    'data:application/vc,x',
    'https://例.example/证',
    `urn:${'a'.repeat(4092)}`,
  ])('%s is one', (text) => {
    expect(isUrl(text)).toBe(true)
  })

  test.each<unknown>([
    '',
    'a',
    '/path',
    '#k1',
    '//a.example',
    'urn:',
    '1a:b',
    'https://a b.example',
    'https://a.example/"',
    'https://a.example/<x>',
    'https://a.example/\\',
    'https://a.example/{x}',
    'https://a.example\n',
    `urn:${'a'.repeat(4093)}`,
    null,
    5,
    {},
  ])('%j is none', (value) => {
    expect(isUrl(value)).toBe(false)
  })
})
