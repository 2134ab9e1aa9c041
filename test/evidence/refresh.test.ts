import { describe, expect, test } from 'vitest'
import { toBase64url, utf8 } from '../../src/base/bytes.ts'
import type { Fetch } from '../../src/base/fetch.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { type EvidenceItem, type EvidenceKind, evidenceKinds } from '../../src/evidence/evidence.ts'
import { refresh } from '../../src/evidence/refresh.ts'

const now = '2026-02-01T00:00:00Z' as Instant
const before = '2026-01-01T00:00:00Z' as Instant
const address = 'https://agency.example/status/1'
const did = 'did:web:agency.example'
const document = 'https://agency.example/.well-known/did.json'

/** A list of some day of January that counts for ten. */
const list = (day: number, change: JsonObject = {}): JsonObject => ({
  id: address,
  validFrom: `2026-01-${10 + day}T00:00:00Z`,
  validUntil: `2026-01-${20 + day}T00:00:00Z`,
  ...change,
})
const token = (day: number): string =>
  `e30.${toBase64url(utf8(JSON.stringify({ iat: Date.parse(`2026-01-${10 + day}`) / 1000, exp: 1_769_000_000 })))}.AA`
const old = (change: Partial<EvidenceItem> = {}): EvidenceItem => ({
  kind: 'status-list',
  url: address,
  document: list(1),
  ...change,
})
const gotFrom = (from: string) => ({ got: { at: before, from } })

/** Renews items at a site that has these answers: what became of them, and which addresses were asked. */
async function renewed(
  items: readonly EvidenceItem[],
  answers: Readonly<Record<string, JsonObject | string>>,
  when = now,
) {
  const asked: string[] = []
  const fetch: Fetch = async (url) => {
    asked.push(url)
    const answer = answers[url]
    return answer === undefined
      ? new Response('', { status: 404 })
      : new Response(typeof answer === 'string' ? answer : JSON.stringify(answer))
  }
  return { ...(await refresh({ items }, { fetch, now: when })), asked }
}

describe('a document that is due', () => {
  test('is taken from where its name says, with the moment and the place', async () => {
    const found = await renewed([old()], { [address]: list(9) })
    expect(found).toEqual({
      items: [old({ document: list(9), got: { at: now, from: address } })],
      renewed: [address],
      missed: [],
      asked: [address],
    })
  })

  test('is taken from where it was got', async () => {
    const mirror = 'https://mirror.example/1'
    const found = await renewed([old(gotFrom(mirror))], { [mirror]: list(9) })
    expect([found.asked, found.renewed]).toEqual([[mirror], [address]])
  })

  test('that was got from a file is taken from where its name says', async () => {
    expect((await renewed([old(gotFrom('/tmp/list.json'))], { [address]: list(9) })).asked).toEqual([address])
  })

  test.each(['http://agency.example/1', 'file:///etc/passwd', 'urn:x:a'])(
    'is not asked for at %s',
    async (from) => {
      const found = await renewed([old({ url: from, ...gotFrom(from) })], {})
      expect([found.asked, found.items.length, found.missed]).toEqual([[], 1, []])
    },
  )

  test('of a DID is taken from its site', async () => {
    const item = old({ kind: 'did-document', url: did, document: { id: did }, ...gotFrom('keys.json') })
    const found = await renewed([item], { [document]: { id: did, more: 1 } })
    expect([found.asked, found.renewed]).toEqual([[document], [did]])
  })

  test('that is the same as before is not called newer, and was got now', async () => {
    const found = await renewed([old(gotFrom(address))], { [address]: list(1) })
    expect([found.renewed, found.missed, found.items[0]?.got?.at]).toEqual([[], [], now])
  })

  test('is asked for once each, and what became one is one', async () => {
    const found = await renewed([old(), old({ document: list(2) })], { [address]: list(9) })
    expect([found.items.length, found.asked.length]).toEqual([1, 2])
  })
})

describe('the old one stays', () => {
  const history = (...entries: readonly JsonObject[]): JsonObject => ({ id: did, entries: [...entries] })
  const keyHistory = 'https://agency.example/key-history.jsonl'

  test.each<[what: string, item: EvidenceItem, answers: Record<string, JsonObject | string>, fault: string]>([
    ['the site has none', old(), {}, 'status_not_ok'],
    ['the answer is no JSON', old(), { [address]: '<html>' }, 'not_json'],
    ['the answer is a list', old(), { [address]: '[]' }, 'not_an_object'],
    ['the answer is older', old({ document: list(5) }), { [address]: list(4) }, 'older_than_before'],
    ['the answer says no time', old(), { [address]: { id: address } }, 'older_than_before'],
    ['the answer says an error', old(), { [address]: { error: 'down' } }, 'another_document'],
    ['the answer is another list', old(), { [address]: list(9, { id: 'urn:x' }) }, 'another_document'],
    [
      'the document is of somebody else',
      old({ kind: 'did-document', url: did, document: { id: did }, ...gotFrom(document) }),
      { [document]: { id: 'did:web:other.example' } },
      'another_document',
    ],
    [
      'the answer is a page in place of a token',
      old({ kind: 'token-status-list', document: { id: address, token: token(1) } }),
      { [address]: '<html>' },
      'older_than_before',
    ],
    [
      'the token is older',
      old({ kind: 'token-status-list', document: { id: address, token: token(5) } }),
      { [address]: token(4) },
      'older_than_before',
    ],
    [
      'the history of keys is shorter',
      old({ kind: 'key-history', url: did, document: history({ a: 1 }, { b: 2 }), ...gotFrom(keyHistory) }),
      { [keyHistory]: '{"a":1}\n' },
      'older_than_before',
    ],
    [
      'the history of keys is a page',
      old({ kind: 'key-history', url: did, document: history({ a: 1 }), ...gotFrom(keyHistory) }),
      { [keyHistory]: '<html>\n</html>' },
      'older_than_before',
    ],
  ])('where %s', async (_what, item, answers, fault) => {
    const found = await renewed([item], answers)
    expect({ ...found, asked: [] }).toEqual({
      items: [item],
      renewed: [],
      missed: [{ url: found.asked[0], fault }],
      asked: [],
    })
  })

  test('and the others are renewed', async () => {
    const other = 'https://agency.example/status/2'
    const items = [old({ url: other, document: list(1, { id: other }) }), old()]
    const found = await renewed(items, { [address]: list(9) })
    expect([found.items.length, found.renewed, found.missed.length]).toEqual([2, [address], 1])
  })
})

test('a history of keys that grew is taken', async () => {
  const url = 'https://agency.example/key-history.jsonl'
  const item = old({
    kind: 'key-history',
    url: did,
    document: { id: did, entries: [{ a: 1 }] },
    ...gotFrom(url),
  })
  const found = await renewed([item], { [url]: '{"a":1}\n{"b":2}\n' })
  expect([found.renewed, found.items[0]?.document]).toEqual([
    [did],
    { id: did, entries: [{ a: 1 }, { b: 2 }] },
  ])
})

test('what is not due is left alone', async () => {
  const found = await renewed([old()], { [address]: list(9) }, '2026-01-12T00:00:00Z' as Instant)
  expect(found).toEqual({ items: [old()], renewed: [], missed: [], asked: [] })
})

test('what has no address of its own is never asked for', async () => {
  const own: readonly EvidenceKind[] = [
    'did-document',
    'key-history',
    'issuer-metadata',
    'status-list',
    'token-status-list',
    'trust-list',
  ]
  const others = evidenceKinds.filter((kind) => !own.includes(kind))
  expect(others.length).toBeGreaterThan(4)
  const found = await renewed(
    others.map((kind) => old({ kind, ...gotFrom(address) })),
    { [address]: list(9) },
  )
  expect([found.asked, found.items.length]).toEqual([[], others.length])
})
