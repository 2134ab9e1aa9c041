import { describe, expect, test, vi } from 'vitest'
import type { Fetch } from '../../src/base/fetch.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { gradeCertificateSchemaSri, openBadgesSchemaUrl } from '../../src/credential/schemas.ts'
import { evidenceFileText, readEvidence } from '../../src/evidence/evidence.ts'
import { gather as gatherAt } from '../../src/evidence/gather.ts'
import { enveloped } from '../../src/securing/envelope.ts'
import { tokenOf } from '../securing/tokens.ts'

/** What was gathered, each item having said truly when and where it was got. */
async function gather(...[sources, { fetch }]: Parameters<typeof gatherAt>) {
  const { items, missed } = await gatherAt(sources, { fetch, now: '2026-06-01T00:00:00Z' as Instant })
  for (const { got } of items) {
    expect(got).toEqual({ at: '2026-06-01T00:00:00Z', from: expect.stringMatching(/^https:/) })
  }
  return { items: items.map(({ got: _, ...item }) => item), missed }
}

const did = 'did:web:agency.example'
const document = 'https://agency.example/.well-known/did.json'
const list = 'https://agency.example/status/1'
const context = 'https://agency.example/context/v1.json'

const credential = (change: object = {}): string =>
  JSON.stringify({
    '@context': [
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
      'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
      'https://w3id.org/gradecert/v1',
    ],
    id: 'urn:uuid:11111111-2222-4333-8444-555555555555',
    type: ['VerifiableCredential'],
    issuer: { id: did },
    credentialSubject: {
      id: 'urn:uuid:99999999-2222-4333-8444-555555555555',
      licenseNumber: 'PT26-0001-11-3801-1-0000017-G',
    },
    credentialStatus: { statusListCredential: list },
    ...change,
  })

/** A network of these documents; whatever else is asked for is not there. */
function network(documents: Readonly<Record<string, unknown>>) {
  return vi.fn<Fetch>(async (url) =>
    Object.hasOwn(documents, url) ? Response.json(documents[url]) : new Response('', { status: 404 }),
  )
}
const asked = (fetch: ReturnType<typeof network>): readonly string[] => fetch.mock.calls.map(([url]) => url)

describe('what a judgement will need', () => {
  test('is fetched once each: the document of the issuer, whole lists, the agency’s own context', async () => {
    const fetch = network({
      [document]: { id: did },
      [list]: { a: 1 },
      [`${list}s`]: { b: 2 },
      [context]: { c: 3 },
    })
    const one = credential({
      '@context': ['https://www.w3.org/ns/credentials/v2', context],
      supplementaryStatus: [{ statusListCredential: `${list}s` }],
    })
    expect(await gather([one, credential(), new TextEncoder().encode(one)], { fetch })).toEqual({
      items: [
        { kind: 'did-document', url: did, document: { id: did } },
        { kind: 'status-list', url: list, document: { a: 1 } },
        { kind: 'status-list', url: `${list}s`, document: { b: 2 } },
        { kind: 'context', url: context, document: { c: 3 } },
      ],
      missed: [],
    })
    expect(asked(fetch)).toEqual([document, list, `${list}s`, context])
  })

  test.each<[what: string, change: object, urls: readonly string[]]>([
    ['a did:key needs no document', { issuer: 'did:key:z6Mk' }, [list]],
    ['a did:jwk needs no document', { issuer: 'did:jwk:e30' }, [list]],
    [
      'a did:webvh has a log',
      { issuer: 'did:webvh:Qm1:agency.example%3A8443:a' },
      ['https://agency.example:8443/a/did.jsonl', list],
    ],
    ['a did:webvh at an IP address', { issuer: 'did:webvh:Qm1:127%2E0%2E0%2E1' }, [list]],
    [
      'an issuer with a document of its own',
      { issuer: { id: 'https://agency.example/issuer' } },
      ['https://agency.example/issuer', list],
    ],
    ['an issuer over http', { issuer: 'http://agency.example/issuer' }, [list]],
    ['an issuer that is an IP address in https', { issuer: 'https://127.0.0.1/issuer' }, [list]],
    ['an issuer with a user name', { issuer: 'https://a@agency.example/issuer' }, [list]],
    ['an issuer with a fragment', { issuer: 'https://agency.example/issuer#k1' }, [list]],
    ['an issuer of another kind', { issuer: 'urn:uuid:1' }, [list]],
    [
      'an issuer that is a text',
      { issuer: 'did:web:agency.example:beijing' },
      ['https://agency.example/beijing/did.json', list],
    ],
    [
      'an issuer with a port',
      { issuer: 'did:web:agency.example%3A8443' },
      ['https://agency.example:8443/.well-known/did.json', list],
    ],
    ['an issuer that is none', { issuer: 7 }, [list]],
    ['an issuer that is an address', { issuer: 'https://agency.example' }, ['https://agency.example', list]],
    ['an issuer that is an IP address', { issuer: 'did:web:127.0.0.1' }, [list]],
    ['an issuer without a dot', { issuer: 'did:web:localhost' }, [list]],
    ['an issuer that climbs', { issuer: 'did:web:agency.example:..:x' }, [list]],
    [
      'lists in a list',
      { credentialStatus: [{ statusListCredential: list }, { statusListCredential: `${list}0` }] },
      [document, list, `${list}0`],
    ],
    [
      'a list with a fragment is asked for without it',
      { credentialStatus: { statusListCredential: `${list}#42` } },
      [document, list],
    ],
    ['a list without a site', { credentialStatus: { statusListCredential: 'urn:uuid:1' } }, [document]],
    [
      'a list over http',
      { credentialStatus: { statusListCredential: 'http://agency.example/1' } },
      [document],
    ],
    ['a list in a file', { credentialStatus: { statusListCredential: 'file:///etc/passwd' } }, [document]],
    ['a list that is none', { credentialStatus: ['x', null, { statusListCredential: 7 }] }, [document]],
    ['no status', { credentialStatus: undefined }, [document]],
    [
      'contexts that are none',
      { '@context': [{ '@vocab': 'https://x.example' }, 7, 'urn:x:y'] },
      [document, list],
    ],
    [
      'a schema of a kind that we do not judge, pictures and terms are nobody’s business',
      {
        credentialSchema: { id: 'https://agency.example/s', type: 'ShaclShapes' },
        image: 'https://agency.example/i',
        termsOfUse: { id: 'https://agency.example/t' },
      },
      [document, list],
    ],
    [
      'schemas that we know, or that are at no https address',
      {
        credentialSchema: [
          { id: 'https://agency.example/s', type: 'JsonSchema', digestSRI: gradeCertificateSchemaSri },
          { id: openBadgesSchemaUrl, type: '1EdTechJsonSchemaValidator2019' },
          { id: 'http://agency.example/s', type: 'JsonSchema' },
          { id: 'urn:uuid:1', type: 'JsonSchema' },
          { id: 'https://agency.example/s' },
        ],
      },
      [document, list],
    ],
    [
      'schemas of the kinds that we judge',
      {
        credentialSchema: [
          { id: 'https://agency.example/s1', type: 'JsonSchema' },
          { id: 'https://agency.example/s2#a', type: ['JsonSchemaCredential'] },
        ],
      },
      [document, list, 'https://agency.example/s1', 'https://agency.example/s2'],
    ],
  ])('%s', async (_what, change, urls) => {
    const fetch = network({})
    await gather([credential(change)], { fetch })
    expect(asked(fetch)).toEqual(urls)
  })

  test.each<[what: string, address: string]>([
    ['the number', 'https://agency.example/PT26-0001-11-3801-1-0000017-G'],
    ['the number in small letters', 'https://agency.example/pt26-0001-11-3801-1-0000017-g'],
    ['the number in a query', 'https://agency.example/status?number=PT26-0001-11-3801-1-0000017-G'],
    ['the id', 'https://agency.example/urn:uuid:11111111-2222-4333-8444-555555555555'],
    ['the random part of the id', 'https://agency.example/11111111-2222-4333-8444-555555555555.json'],
    ['the holder’s id', 'https://agency.example/99999999-2222-4333-8444-555555555555'],
    ['the id as host', 'https://11111111-2222-4333-8444-555555555555.agency.example/'],
  ])('an address that names a certificate by %s is not asked', async (_what, address) => {
    const fetch = network({})
    const text = credential({ credentialStatus: { statusListCredential: address }, issuer: 'did:key:z6Mk' })
    expect(await gather([text], { fetch })).toEqual({
      items: [],
      missed: [{ url: address, fault: 'names_a_certificate' }],
    })
    expect(fetch).not.toHaveBeenCalled()
  })

  test('a number that an address has to encode is found in it', async () => {
    const fetch = network({})
    const address = 'https://agency.example/%E4%BA%AC%E5%AD%97-000123%2F26'
    const text = credential({
      issuer: 'did:key:z6Mk',
      credentialSubject: { licenseNumber: '京字-000123/26' },
      credentialStatus: [
        { statusListCredential: address },
        { statusListCredential: 'https://agency.example/%E4%BA%AC%E5%AD%97-000123/26' },
      ],
    })
    expect((await gather([text], { fetch })).missed.map(({ fault }) => fault)).toEqual([
      'names_a_certificate',
      'names_a_certificate',
    ])
    expect(fetch).not.toHaveBeenCalled()
  })

  test('an address that names another certificate of the batch is not asked either', async () => {
    const fetch = network({})
    const other = credential({
      issuer: 'did:key:z6Mk',
      credentialSubject: { licenseNumber: 'OTHER-1' },
      credentialStatus: { statusListCredential: 'https://agency.example/PT26-0001-11-3801-1-0000017-G' },
    })
    await gather([other, credential()], { fetch })
    expect(asked(fetch)).toEqual([document, list])
  })

  test('one certificate cannot take the place of another’s list by naming it as something else', async () => {
    const fetch = network({ [list]: { a: 1 } })
    const foreign = credential({ issuer: 'did:key:z6Mk', credentialStatus: undefined, '@context': [list] })
    const { items } = await gather([credential({ issuer: 'did:key:z6Mk' }), foreign], { fetch })
    expect(items).toEqual([
      { kind: 'status-list', url: list, document: { a: 1 } },
      { kind: 'context', url: list, document: { a: 1 } },
    ])
  })

  test('what could not be had is named, with the reason', async () => {
    const entry = (path: string) => ({ statusListCredential: `https://${path}` })
    const answers: Readonly<Record<string, () => Response | Promise<Response>>> = {
      'https://a.example/404': () => new Response('', { status: 404 }),
      'https://a.example/html': () => new Response('<html>'),
      'https://a.example/list': () => Response.json([]),
      'https://a.example/down': () => Promise.reject(new TypeError('fetch failed')),
    }
    const fetch = vi.fn<Fetch>(async (url) => (answers[url] as () => Response)())
    const text = credential({
      issuer: 'did:key:z6Mk',
      credentialStatus: [
        'a.example/404',
        'a.example/html',
        'a.example/list',
        'a.example/down',
        '127.0.0.1/',
        'user@a.example/',
        '[::1]/',
        '2130706433/',
      ].map(entry),
    })
    expect(await gather([text], { fetch })).toEqual({
      items: [],
      missed: [
        { url: 'https://a.example/404', fault: 'status_not_ok' },
        { url: 'https://a.example/html', fault: 'not_json' },
        { url: 'https://a.example/list', fault: 'not_an_object' },
        { url: 'https://a.example/down', fault: 'unreachable' },
        { url: 'https://127.0.0.1/', fault: 'url_refused' },
        { url: 'https://user@a.example/', fault: 'url_refused' },
        { url: 'https://[::1]/', fault: 'url_refused' },
        { url: 'https://2130706433/', fault: 'url_refused' },
      ],
    })
    expect(fetch).toHaveBeenCalledTimes(4)
  })

  test('one host is asked 64 times at most, whatever a certificate names', async () => {
    const fetch = network({})
    const url = (i: number) => `https://agency.example/status/${i}`
    const lists = Array.from({ length: 70 }, (_, i) => ({ statusListCredential: url(i) }))
    const { missed } = await gather([credential({ issuer: 'did:key:z6Mk', credentialStatus: lists })], {
      fetch,
    })
    expect(fetch).toHaveBeenCalledTimes(64)
    expect(missed.slice(63, 65)).toEqual([
      { url: url(63), fault: 'status_not_ok' },
      { url: url(64), fault: 'unreachable' },
    ])
  })

  test('256 documents are asked for, the others are named as missed', async () => {
    const fetch = network({})
    // No host is asked that often.
    const url = (i: number) => `https://agency-${i % 10}.example/status/${i}`
    const lists = Array.from({ length: 300 }, (_, i) => ({ statusListCredential: url(i) }))
    const { missed } = await gather([credential({ issuer: 'did:key:z6Mk', credentialStatus: lists })], {
      fetch,
    })
    expect(fetch).toHaveBeenCalledTimes(256)
    expect(missed).toHaveLength(300)
    expect(missed.slice(254, 258)).toEqual([
      { url: url(254), fault: 'status_not_ok' },
      { url: url(255), fault: 'status_not_ok' },
      { url: url(256), fault: 'too_many' },
      { url: url(257), fault: 'too_many' },
    ])
  })

  test.each<[what: string, source: string | Uint8Array<ArrayBuffer>]>([
    ['a text that is no JSON', 'certificate'],
    ['a list', '[]'],
    ['bytes that are no text', Uint8Array.of(0xff)],
    ['an empty object', '{}'],
  ])('%s asks for nothing', async (_what, source) => {
    const fetch = network({})
    expect(await gather([source], { fetch })).toEqual({ items: [], missed: [] })
    expect(fetch).not.toHaveBeenCalled()
  })

  test('nothing is followed and nothing waits for ever: that is what the fetch is told', async () => {
    const fetch = network({})
    await gather([credential()], { fetch })
    for (const [, options] of fetch.mock.calls) {
      expect(options).toEqual({ redirect: 'manual', signal: expect.any(AbortSignal) })
    }
  })

  test('an answer that brings more than it was asked for is kept as it is and believed by nobody here', async () => {
    const answer: JsonObject = { id: 'did:web:other.example', proof: [] }
    const { items } = await gather([credential({ credentialStatus: undefined })], {
      fetch: network({ [document]: answer }),
    })
    expect(items).toEqual([{ kind: 'did-document', url: did, document: answer }])
  })
})

describe('the log of a did:webvh', () => {
  const issuer = 'did:webvh:Qm1:agency.example'
  const logAt = 'https://agency.example/.well-known/did.jsonl'
  const witnessesAt = 'https://agency.example/.well-known/did-witness.json'
  const texts = (answers: Readonly<Record<string, BodyInit>>) =>
    vi.fn<Fetch>(async (url) =>
      Object.hasOwn(answers, url) ? new Response(answers[url]) : new Response('', { status: 404 }),
    )
  const only = credential({ issuer, credentialStatus: undefined })
  const witnessed = '{"parameters":{"witness":{"threshold": 1}}}\n'

  test('is kept as its text, which nobody here judges', async () => {
    const fetch = texts({ [logAt]: 'x\n' })
    expect(await gather([only], { fetch })).toEqual({
      items: [{ kind: 'did-document', url: issuer, document: { id: issuer, log: 'x\n' } }],
      missed: [],
    })
    expect(asked(fetch)).toEqual([logAt])
  })

  test('brings the proofs of its witnesses', async () => {
    const fetch = texts({ [logAt]: witnessed, [witnessesAt]: '[]' })
    expect(await gather([only], { fetch })).toEqual({
      items: [
        { kind: 'did-document', url: issuer, document: { id: issuer, log: witnessed, witnesses: '[]' } },
      ],
      missed: [],
    })
  })

  test('is kept without the proofs where they are missed', async () => {
    expect(await gather([only], { fetch: texts({ [logAt]: witnessed }) })).toEqual({
      items: [{ kind: 'did-document', url: issuer, document: { id: issuer, log: witnessed } }],
      missed: [{ url: witnessesAt, fault: 'status_not_ok' }],
    })
  })

  test.each<[what: string, answers: Readonly<Record<string, BodyInit>>, fault: string]>([
    ['is not there', {}, 'status_not_ok'],
    ['is no text', { [logAt]: Uint8Array.of(0xff) }, 'not_text'],
    ['is beyond 10 MiB', { [logAt]: new Uint8Array(10_485_761).fill(0x20) }, 'too_large'],
  ])('is missed where it %s', async (_what, answers, fault) => {
    expect(await gather([only], { fetch: texts(answers) })).toEqual({
      items: [],
      missed: [{ url: logAt, fault }],
    })
  })
})

describe('what other forms need', () => {
  const iss = 'https://issuer.example/tenant/'
  const metadataAt = 'https://issuer.example/.well-known/jwt-vc-issuer/tenant'
  const uri = 'https://issuer.example/lists/7'
  const claims = {
    vct: 'https://issuer.example/vct',
    iss,
    jti: 'urn:uuid:33333333-2222-4333-8444-555555555555',
    certificate_number: 'PT26-0001-11-3801-1-0000018-G',
    status: { status_list: { idx: 1, uri } },
  }
  const sdJwtOf = async (change: object = {}, header: object = { kid: 'k1' }): Promise<string> =>
    `${await tokenOf({ alg: 'EdDSA', typ: 'dc+sd-jwt', ...header }, { ...claims, ...change })}~`

  test('SDVC-4, TSL-2: of an SD-JWT VC its issuer’s list of keys, and its status list as the token it is', async () => {
    const fetch = vi.fn<Fetch>(async (url) =>
      url === uri ? new Response('a.b.c\n') : Response.json({ issuer: iss, jwks: { keys: [] } }),
    )
    expect(await gather([await sdJwtOf()], { fetch })).toEqual({
      items: [
        { kind: 'issuer-metadata', url: iss, document: { issuer: iss, jwks: { keys: [] } } },
        { kind: 'token-status-list', url: uri, document: { id: uri, token: 'a.b.c' } },
      ],
      missed: [],
    })
    expect(fetch.mock.calls).toEqual([
      [metadataAt, { redirect: 'manual', signal: expect.any(AbortSignal) }],
      [
        uri,
        {
          redirect: 'manual',
          signal: expect.any(AbortSignal),
          headers: { accept: 'application/statuslist+jwt' },
        },
      ],
    ])
  })

  test.each<[what: string, change: object, header: object, urls: readonly string[]]>([
    ['an issuer with a DID', { iss: did }, { kid: `${did}#k1` }, [document, uri]],
    ['an issuer whose key is its name', { iss: 'did:jwk:e30' }, { kid: 'did:jwk:e30#0' }, [uri]],
    ['an issuer at a host alone', { iss: 'https://issuer.example' }, {}, [`${metadataAt.slice(0, -7)}`, uri]],
    ['no issuer', { iss: undefined }, {}, [uri]],
    ['a status that is none', { status: { status_list: 7 } }, {}, [metadataAt]],
    [
      'a status list over http',
      { status: { status_list: { idx: 1, uri: 'http://x.example/1' } } },
      {},
      [metadataAt],
    ],
    ['a status of another kind', { status: { other: { uri } } }, {}, [metadataAt]],
    ['an issuer over http', { iss: 'http://issuer.example' }, {}, [uri]],
  ])('SDVC-4: %s', async (_what, change, header, urls) => {
    const fetch = network({})
    await gather([await sdJwtOf(change, header)], { fetch })
    expect(asked(fetch)).toEqual(urls)
  })

  test.each<[what: string, url: string]>([
    ['the id', 'https://issuer.example/33333333-2222-4333-8444-555555555555'],
    ['the number', 'https://issuer.example/PT26-0001-11-3801-1-0000018-G'],
    ['an IP address', 'https://127.0.0.1/list'],
    ['an IP address as one number', 'https://2130706433/list'],
    ['a user name', 'https://user@issuer.example/list'],
    ['no domain', 'https://localhost/list'],
  ])('SDVC-5: a token status list at an address with %s is not asked', async (_what, url) => {
    const fetch = network({})
    const text = await sdJwtOf({ iss: undefined, status: { status_list: { idx: 1, uri: url } } })
    const { missed } = await gather([text], { fetch })
    expect(missed).toEqual([
      { url, fault: /user|127|2130|localhost/.test(url) ? 'url_refused' : 'names_a_certificate' },
    ])
    expect(fetch).not.toHaveBeenCalled()
  })

  test.each<[what: string, answer: () => Response | Promise<Response>, fault: string]>([
    ['is moved', () => Promise.reject(new TypeError('redirect')), 'unreachable'],
    ['is an error with a body', () => new Response('a.b.c', { status: 500 }), 'status_not_ok'],
    ['is no text', () => new Response(Uint8Array.of(0xff)), 'not_text'],
    ['is beyond 16 MiB', () => new Response(new Uint8Array(16_777_217).fill(0x61)), 'too_large'],
  ])('SDVC-5: a token status list that %s is missed', async (_what, answer, fault) => {
    const fetch = vi.fn<Fetch>(async () => answer())
    expect(await gather([await sdJwtOf({ iss: undefined })], { fetch })).toEqual({
      items: [],
      missed: [{ url: uri, fault }],
    })
  })

  test('of a vc+jwt, by itself and in an envelope, what its document names', async () => {
    const token = await tokenOf(
      { alg: 'EdDSA', typ: 'vc+jwt', kid: `${did}#k1` },
      { ...JSON.parse(credential()), iss: did },
    )
    for (const text of [token, JSON.stringify(enveloped(token, 'application/vc+jwt'))]) {
      const fetch = network({})
      await gather([text], { fetch })
      expect(asked(fetch)).toEqual([document, list])
    }
  })

  test('of a presentation the keys of its holder, and what each credential in it needs', async () => {
    const presentation = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder: 'did:web:holder.example',
      verifiableCredential: [
        JSON.parse(credential()),
        enveloped(await sdJwtOf(), 'application/dc+sd-jwt'),
        'no object',
      ],
    }
    const { holder: _, ...unnamed } = presentation
    const urls = ['https://holder.example/.well-known/did.json', document, list, metadataAt, uri]
    const token = await tokenOf({ alg: 'EdDSA', typ: 'vp+jwt', kid: 'did:web:holder.example#k1' }, unnamed)
    for (const text of [
      JSON.stringify(presentation),
      token,
      JSON.stringify(enveloped(token, 'application/vp+jwt')),
    ]) {
      const fetch = network({})
      await gather([text], { fetch })
      expect(asked(fetch).toSorted()).toEqual(urls.toSorted())
    }
  })

  test('a holder’s own document is asked for, though a certificate is about that holder', async () => {
    const holder = 'https://holder.example/alice'
    const text = JSON.stringify({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder,
      verifiableCredential: JSON.parse(
        credential({
          issuer: 'did:key:z6Mk',
          credentialSubject: [{ id: 'urn:uuid:1' }, { id: holder }],
          credentialStatus: { statusListCredential: `${holder}/status` },
        }),
      ),
    })
    const fetch = network({})
    const { missed } = await gather([text], { fetch })
    expect(asked(fetch)).toEqual([holder])
    expect(missed).toContainEqual({ url: `${holder}/status`, fault: 'names_a_certificate' })
  })

  test('schemas are kept as their text, and one that is a credential brings its issuer’s document', async () => {
    const [plain, signed] = ['https://schemas.example/1', 'https://schemas.example/2']
    const author = 'did:web:schemas.example'
    const schemaCredential = JSON.stringify({ type: ['VerifiableCredential'], issuer: author })
    const answers: Readonly<Record<string, string>> = {
      [plain]: '{ "type": "object" }\n',
      [signed]: schemaCredential,
      'https://schemas.example/.well-known/did.json': '{}',
    }
    const fetch = vi.fn<Fetch>(async (url) => new Response(answers[url]))
    const text = credential({
      issuer: 'did:key:z6Mk',
      credentialStatus: undefined,
      credentialSchema: [
        { id: plain, type: 'JsonSchema' },
        { id: signed, type: 'JsonSchemaCredential' },
      ],
    })
    expect(await gather([text], { fetch })).toEqual({
      items: [
        { kind: 'schema', url: plain, document: { id: plain, text: '{ "type": "object" }\n' } },
        { kind: 'schema', url: signed, document: { id: signed, text: schemaCredential } },
        { kind: 'did-document', url: author, document: {} },
      ],
      missed: [],
    })
  })

  test('a presentation of more than 100 credentials asks for no more than those', async () => {
    const fetch = network({})
    const credentials = Array.from({ length: 120 }, (_, i) => ({
      type: ['VerifiableCredential'],
      issuer: `did:web:agency${i}.example`,
    }))
    await gather([JSON.stringify({ type: ['VerifiablePresentation'], verifiableCredential: credentials })], {
      fetch,
    })
    expect(fetch).toHaveBeenCalledTimes(100)
  })
})

describe('what was gathered can be read again', () => {
  test.each<[what: string, change: object]>([
    ['a list at an address with a blank', { credentialStatus: { statusListCredential: `${list}/a b` } }],
    [
      'a list at an address that is too long',
      { credentialStatus: { statusListCredential: `${list}/${'a'.repeat(5000)}` } },
    ],
    [
      'a context at an address with a quote',
      { '@context': ['https://www.w3.org/ns/credentials/v2', `${context}"`] },
    ],
    [
      'a schema at an address with a brace',
      { credentialSchema: { id: 'https://agency.example/{s}', type: 'JsonSchema' } },
    ],
  ])('though a certificate names %s', async (_what, change) => {
    const fetch: Fetch = async () => Response.json({ a: 1 })
    const gathered = await gatherAt([credential(change)], { fetch, now: '2026-06-01T00:00:00Z' as Instant })
    expect(readEvidence(evidenceFileText(gathered))).toEqual({ items: gathered.items })
  })

  test('and one host is asked 64 times at most, at whichever port', async () => {
    const asked: string[] = []
    const fetch: Fetch = async (url) => {
      asked.push(url)
      return Response.json({ a: 1 })
    }
    const lists = Array.from({ length: 70 }, (_, i) => ({
      statusListCredential: `https://agency.example:${8000 + i}/list`,
    }))
    const { items, missed } = await gatherAt(
      [credential({ issuer: 'did:key:z6Mk', credentialStatus: lists, type: [] })],
      { fetch, now: '2026-06-01T00:00:00Z' as Instant },
    )
    expect([asked.length, items.length, missed.map(({ fault }) => fault)]).toEqual([
      64,
      64,
      Array.from({ length: 6 }, () => 'unreachable'),
    ])
  })

  test('and comes to no more bytes than an evidence file may have', async () => {
    const text = JSON.stringify({ a: 'a'.repeat(15_000_000) })
    const fetch: Fetch = async () => new Response(text)
    const lists = Array.from({ length: 5 }, (_, i) => ({
      statusListCredential: `https://a${i}.example/list`,
    }))
    const { items, missed } = await gatherAt(
      [credential({ issuer: 'did:key:z6Mk', credentialStatus: lists, type: [] })],
      { fetch, now: '2026-06-01T00:00:00Z' as Instant },
    )
    expect([items.length, missed]).toEqual([
      3,
      [3, 4].map((i) => ({ url: `https://a${i}.example/list`, fault: 'unreachable' })),
    ])
  })
})
