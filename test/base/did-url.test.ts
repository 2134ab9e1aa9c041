import { describe, expect, test } from 'vitest'
import { isDid, isUrl, splitDidUrl } from '../../src/base/did-url.ts'

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
