import { describe, expect, test, vi } from 'vitest'
import type { Fetch } from '../../src/base/fetch.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { gather } from '../../src/evidence/gather.ts'

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
      'schemas, pictures and terms are nobody’s business',
      {
        credentialSchema: { id: 'https://agency.example/s' },
        image: 'https://agency.example/i',
        termsOfUse: { id: 'https://agency.example/t' },
      },
      [document, list],
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

  test('256 documents are asked for, the others are named as missed', async () => {
    const fetch = network({})
    const url = (i: number) => `https://agency.example/status/${i}`
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
      expect(options).toEqual({ redirect: 'error', signal: expect.any(AbortSignal) })
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
