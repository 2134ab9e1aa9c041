import { describe, expect, test } from 'vitest'
import { toBase64url, utf8 } from '../../src/base/bytes.ts'
import type { Fetch } from '../../src/base/fetch.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { refresh } from '../../src/evidence/refresh.ts'

const now = '2026-06-20T00:00:00Z' as Instant
const before = { at: '2026-06-01T00:00:00Z' as Instant, from: 'https://agency.example/status/1' }
const url = 'https://agency.example/status/1'

/** A status list of a week, which has run out unless it says otherwise. */
const list = (from: string, change: object = {}): JsonObject => ({
  id: url,
  issuer: 'did:web:agency.example',
  validFrom: `${from}T00:00:00Z`,
  validUntil: `${from.slice(0, 8)}${String(Number(from.slice(8)) + 7).padStart(2, '0')}T00:00:00Z`,
  ...change,
})
const old: EvidenceItem = { kind: 'status-list', url, document: list('2026-06-01'), got: before }

/** A site that answers every address with this. */
const site =
  (answer: (url: string) => Response, asked: string[] = []): Fetch =>
  async (at) => {
    asked.push(at)
    return answer(at)
  }
const says = (document: unknown): Fetch => site(() => Response.json(document))

const history = (...entries: readonly JsonObject[]): EvidenceItem => ({
  kind: 'key-history',
  url: 'did:web:agency.example',
  document: { id: 'did:web:agency.example', entries },
  got: { at: before.at, from: 'https://agency.example/key-history.jsonl' },
})
const lines = (...entries: readonly JsonObject[]): Response =>
  new Response(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))

describe('evidence that has run out', () => {
  test('is got again where it was got, and says when', async () => {
    const newer = list('2026-06-18')
    const asked: string[] = []
    expect(
      await refresh(
        { items: [old] },
        {
          fetch: site(() => Response.json(newer), asked),
          now,
        },
      ),
    ).toEqual({
      items: [{ kind: 'status-list', url, document: newer, got: { at: now, from: url } }],
      renewed: [url],
      missed: [],
    })
    expect(asked).toEqual([url])
  })

  test('of which nothing is due is not asked for', async () => {
    const items: readonly EvidenceItem[] = [
      { ...old, document: list('2026-06-18') },
      { kind: 'schema', url: 'https://agency.example/s', document: { id: 'https://agency.example/s' } },
      { kind: 'anchor', url: 'urn:gradecert:anchor:1', document: {} },
      { kind: 'chain-state', url: 'urn:gradecert:chain-state', document: {} },
      { kind: 'trust-list', url: 'urn:uuid:1', document: list('2026-06-01') },
    ]
    const asked: string[] = []
    expect(await refresh({ items }, { fetch: site(() => Response.json({}), asked), now })).toEqual({
      items,
      renewed: [],
      missed: [],
    })
    expect(asked).toEqual([])
  })

  test('by its name is the history of an agency that has a site', async () => {
    const { got: _, ...item } = history({ n: 1 })
    const asked: string[] = []
    const fetch = site(() => lines({ n: 1 }, { n: 2 }), asked)
    const { items } = await refresh({ items: [item] }, { fetch, now })
    expect([asked, items[0]?.document.entries]).toEqual([
      ['https://agency.example/key-history.jsonl'],
      [{ n: 1 }, { n: 2 }],
    ])
    const own = { ...item, url: 'did:key:z6Mk' }
    expect(await refresh({ items: [own] }, { fetch: site(() => lines(), asked), now })).toEqual({
      items: [own],
      renewed: [],
      missed: [],
    })
    expect(asked).toHaveLength(1)
  })

  test.each<[what: string, kind: EvidenceItem['kind'], name: string, address: string]>([
    [
      'a document of did:web',
      'did-document',
      'did:web:agency.example',
      'https://agency.example/.well-known/did.json',
    ],
    ['a status list', 'status-list', url, url],
  ])('%s of an unknown age is got again where its name says', async (_what, kind, name, address) => {
    const asked: string[] = []
    const document = { id: name }
    const fetch = site(() => Response.json({ ...document, a: 1 }), asked)
    const { renewed } = await refresh({ items: [{ kind, url: name, document }] }, { fetch, now })
    expect([asked, renewed]).toEqual([[address], [name]])
  })

  test('is asked for once, however many documents were got at one address', async () => {
    const asked: string[] = []
    const earlier = { ...old, document: list('2026-05-01') }
    const newer = list('2026-06-18')
    const { items } = await refresh(
      { items: [earlier, old] },
      { fetch: site(() => Response.json(newer), asked), now },
    )
    expect(asked).toEqual([url])
    expect(items).toEqual([{ kind: 'status-list', url, document: newer, got: { at: now, from: url } }])
  })

  test('is asked for at 256 addresses at most, and the rest is told', async () => {
    const many = Array.from({ length: 300 }, (_, i): EvidenceItem => {
      const one = `https://a${i}.example/status`
      return { kind: 'status-list', url: one, document: list('2026-06-01', { id: one }) }
    })
    const asked: string[] = []
    const { items, missed } = await refresh(
      { items: many },
      { fetch: site((at) => Response.json(list('2026-06-18', { id: at })), asked), now },
    )
    expect([asked.length, items.length]).toEqual([256, 300])
    expect(missed).toHaveLength(44)
    expect(missed[0]).toEqual({ url: 'https://a256.example/status', fault: 'too_many' })
  })
})

describe('what is at hand stays where the answer', () => {
  test.each<[what: string, fetch: Fetch, fault: string]>([
    ['is not there', site(() => new Response('', { status: 404 })), 'status_not_ok'],
    ['does not come', () => Promise.reject(new Error('no network')), 'unreachable'],
    ['is a page to log in at', site(() => new Response('<html>log in</html>')), 'not_json'],
    ['is no object', says([]), 'not_an_object'],
    ['is an object of somebody who answers for everybody', says({ login: true }), 'another_document'],
    ['is the list of another', says(list('2026-06-18', { id: `${url}0` })), 'another_document'],
    [
      'is by another issuer',
      says(list('2026-06-18', { issuer: 'did:web:other.example' })),
      'another_document',
    ],
    ['says nothing of its time', says(list('2026-06-18', { validFrom: undefined })), 'another_document'],
    ['is older', says(list('2026-05-25')), 'older_than_before'],
    [
      'leads to http',
      site(() => new Response('', { status: 302, headers: { location: 'http://a.example/' } })),
      'url_refused',
    ],
  ])('%s', async (_what, fetch, fault) => {
    expect(await refresh({ items: [old] }, { fetch, now })).toEqual({
      items: [old],
      renewed: [],
      missed: [{ url, fault }],
    })
  })

  test('is a token that is none', async () => {
    const exp = Date.parse('2026-06-08T00:00:00Z') / 1000
    const token = `e30.${toBase64url(utf8(JSON.stringify({ iat: exp - 86_400, exp })))}.AA`
    const item: EvidenceItem = {
      kind: 'token-status-list',
      url,
      document: { id: url, token },
      got: before,
    }
    const fetch = site(() => new Response('<html>log in</html>'))
    expect(await refresh({ items: [item] }, { fetch, now })).toEqual({
      items: [item],
      renewed: [],
      missed: [{ url, fault: 'another_document' }],
    })
  })

  const [a, b, c] = [{ n: 1 }, { n: 2 }, { n: 3 }]
  test.each<[what: string, answer: () => Response, fault: string]>([
    ['is a history without its last entry', () => lines(a), 'older_than_before'],
    ['is a page in place of a history', () => new Response('<html>log in</html>'), 'older_than_before'],
    ['is a history that tells the past in another way', () => lines(a, c), 'another_document'],
    ['is a longer history with another past', () => lines(a, c, b), 'another_document'],
  ])('%s', async (_what, answer, fault) => {
    const item = history(a, b)
    expect(await refresh({ items: [item] }, { fetch: site(answer), now })).toEqual({
      items: [item],
      renewed: [],
      missed: [{ url: 'https://agency.example/key-history.jsonl', fault }],
    })
  })

  test('is a log of did:webvh that does not go on from the one before', async () => {
    const did = 'did:webvh:Qm1:agency.example'
    const log = '{"versionId":"1-a"}\n{"versionId":"2-b"}\n'
    const item: EvidenceItem = {
      kind: 'did-document',
      url: did,
      document: { id: did, log },
      got: { at: before.at, from: 'https://agency.example/.well-known/did.jsonl' },
    }
    const renewedTo = async (text: string) => {
      const { items, missed } = await refresh(
        { items: [item] },
        { fetch: site(() => new Response(text)), now },
      )
      return [items[0]?.document.log, missed.map(({ fault }) => fault)]
    }
    expect(await renewedTo('<html>log in</html>')).toEqual([log, ['another_document']])
    expect(await renewedTo('{"versionId":"1-a"}\n')).toEqual([log, ['older_than_before']])
    const longer = `${log}{"versionId":"3-c"}\n`
    expect(await renewedTo(longer)).toEqual([longer, []])
  })

  test('is a log of did:webvh without the file of its witnesses', async () => {
    const did = 'did:webvh:Qm1:agency.example'
    const log = '{"versionId":"1-a","parameters":{"witness":{"threshold":1}}}\n'
    const item: EvidenceItem = {
      kind: 'did-document',
      url: did,
      document: { id: did, log, witnesses: '[]' },
      got: { at: before.at, from: 'https://agency.example/.well-known/did.jsonl' },
    }
    const fetch = site((at) =>
      at.endsWith('.jsonl') ? new Response(log) : new Response('', { status: 404 }),
    )
    const { items, missed } = await refresh({ items: [item] }, { fetch, now })
    expect([items, missed.map(({ fault }) => fault)]).toEqual([[item], ['status_not_ok', 'another_document']])
  })

  test('and a history that goes on takes its place', async () => {
    const { items, renewed } = await refresh(
      { items: [history(a, b)] },
      { fetch: site(() => lines(a, b, c)), now },
    )
    expect([items.map(({ document }) => document.entries), renewed]).toEqual([
      [[a, b, c]],
      ['did:web:agency.example'],
    ])
  })
})
