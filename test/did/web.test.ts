import { describe, expect, test } from 'vitest'
import { type Did, isDid } from '../../src/base/did-url.ts'
import { findMethod } from '../../src/did/document.ts'
import { didOfHost, documentUrl, siteUrl, webDocument } from '../../src/did/web.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

/** What a caller would do: a text that is no DID is not asked for its document. */
const urlOf = (text: string): string | null => (isDid(text) ? documentUrl(text) : null)
const label = 'a'.repeat(63)

describe('the document of a did:web', () => {
  test.each<[did: string, document: string, site: string]>([
    ['did:web:agency.example', 'https://agency.example/.well-known/did.json', 'https://agency.example'],
    ['did:web:Agency.EXAMPLE', 'https://agency.example/.well-known/did.json', 'https://agency.example'],
    [
      'did:web:agency.example%3A8443',
      'https://agency.example:8443/.well-known/did.json',
      'https://agency.example:8443',
    ],
    ['did:web:agency.example:a', 'https://agency.example/a/did.json', 'https://agency.example/a'],
    [
      'did:web:agency.example%3A65535:User:a-b_c.d',
      'https://agency.example:65535/User/a-b_c.d/did.json',
      'https://agency.example:65535/User/a-b_c.d',
    ],
    [
      'did:web:xn--fiqs8s.example',
      'https://xn--fiqs8s.example/.well-known/did.json',
      'https://xn--fiqs8s.example',
    ],
    [`did:web:${label}.example`, `https://${label}.example/.well-known/did.json`, `https://${label}.example`],
    ['did:web:1.2.3.4a', 'https://1.2.3.4a/.well-known/did.json', 'https://1.2.3.4a'],
  ])('of %s stands at %s', (did, document, site) => {
    expect(urlOf(did)).toBe(document)
    expect(siteUrl(did as Did)).toBe(site)
    expect(new URL(document).href).toBe(document)
  })

  test.each([
    'did:web:localhost',
    'did:web:localhost%3A8080',
    'did:web:agency.example.',
    'did:web:.example',
    'did:web:agency..example',
    'did:web:-agency.example',
    'did:web:agency-.example',
    'did:web:agency_1.example',
    `did:web:${label}a.example`,
    `did:web:${`${label}.`.repeat(4)}example`,
    'did:web:127.0.0.1',
    'did:web:127.1',
    'did:web:2130706433',
    'did:web:0x7f000001',
    'did:web:0x7f.0x1',
    'did:web:agency.0x',
    'did:web:agency.example%3A0',
    'did:web:agency.example%3A65536',
    'did:web:agency.example%3A',
    'did:web:agency.example%3A1%3A2',
    'did:web:agency.example%3a8443',
    'did:web:agency.example%2Fa',
    'did:web:user%40agency.example',
    'did:web:agency.example:..',
    'did:web:agency.example:.',
    'did:web:agency.example:...:a',
    'did:web:agency.example:%2e%2e',
    'did:web:agency.example:a%2Fb',
    'did:web:agency.example::a',
    'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp',
    'did:webvh:agency.example',
  ])('trap 45: of %s stands nowhere that we would ask', (did) => {
    expect(documentUrl(did as Did)).toBeNull()
    expect(siteUrl(did as Did)).toBeNull()
  })
})

test.each<[typed: string, did: string | null]>([
  ['cert.agency.example', 'did:web:cert.agency.example'],
  [' cert.agency.example\n', 'did:web:cert.agency.example'],
  ['cert.agency.example:a:b', 'did:web:cert.agency.example:a:b'],
  ['cert.agency.example%3A8443', 'did:web:cert.agency.example%3A8443'],
  ['https://cert.agency.example', null],
  ['cert.agency.example/a', null],
  ['localhost', null],
  ['127.0.0.1', null],
  ['证书.example', null],
  ['', null],
  ['agency.example:8443', null],
  ['agency.example:8443:x', null],
  ['agency.example:.well-known', null],
])('the host %j that a person types gives %s', (typed, did) => {
  expect(didOfHost(typed)).toBe(did)
})

test('the document that an agency publishes lists its keys, each of which is found for what it may do', () => {
  const did: Did = 'did:web:agency.example'
  const keys = [1, 2].map((n) =>
    signerOfSeed(new Uint8Array(32).fill(n), { verificationMethod: `${did}#k${n}` }),
  )
  const document = webDocument(
    did,
    keys.map(({ verificationMethod: id, multikey }) => ({ id, multikey })),
  )
  expect(document).toEqual({
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: keys.map(({ verificationMethod: id, multikey }) => ({
      id,
      type: 'Multikey',
      controller: did,
      publicKeyMultibase: multikey,
    })),
    assertionMethod: ['did:web:agency.example#k1', 'did:web:agency.example#k2'],
    authentication: ['did:web:agency.example#k1', 'did:web:agency.example#k2'],
  })
  for (const { verificationMethod, publicKey } of keys) {
    const found = { ok: true, key: publicKey, endsAt: null }
    expect(findMethod(document, verificationMethod, 'assertionMethod')).toEqual(found)
    expect(findMethod(document, verificationMethod, 'authentication')).toEqual(found)
  }
})

describe.skipIf(!sharedIsHere)('the vectors of did:web', () => {
  const { valid, rejectByPolicy_derived } = sharedIsHere
    ? sharedJson('vectors/did-web/transformations.json')
    : { valid: [], rejectByPolicy_derived: [] }

  test.each<[string, string]>(valid)('%s stands at %s', (did, url) => {
    expect(urlOf(did)).toBe(url)
    knownAnswers('did:web').holds('did-web/transformations.json', did)
  })

  test.each<string>(rejectByPolicy_derived)('%j is refused', (did) => {
    expect(urlOf(did)).toBeNull()
    knownAnswers('did:web').holds('did-web/transformations.json', did)
  })
})
