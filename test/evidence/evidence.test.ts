import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import {
  distinctEvidence,
  documentsOf,
  type Evidence,
  type EvidenceItem,
  evidenceFileText,
  mergeEvidence,
  noEvidence,
  readEvidence,
} from '../../src/evidence/evidence.ts'
import { withAt } from '../credential/pointers.ts'

const item = (kind: EvidenceItem['kind'], name: string): EvidenceItem => ({
  kind,
  url: `urn:x:${name}`,
  document: { name },
})
const evidence: Evidence = {
  items: [
    item('did-document', 'a'),
    item('status-list', 'b'),
    item('trust-list', 'c'),
    item('context', 'd'),
    item('status-list', 'e'),
  ],
}

describe('an evidence file', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record(
            {
              kind: fc.constantFrom<EvidenceItem['kind']>(
                'did-document',
                'status-list',
                'trust-list',
                'context',
              ),
              url: fc.webUrl(),
              document: fc.dictionary(
                fc.string({ unit: fc.constantFrom(...'abc𠮷') }),
                fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
                {
                  noNullPrototype: true,
                },
              ) as fc.Arbitrary<JsonObject>,
            },
            { noNullPrototype: true },
          ),
          { maxLength: 4 },
        ),
        (items) => {
          const text = evidenceFileText({ items })
          const read = readEvidence(text)
          expect(readEvidence(utf8(text))).toEqual(read)
          expect(evidenceFileText(read)).toBe(text)
          expect(read.items).toHaveLength(items.length)
        },
      ),
    )
    expect(readEvidence(evidenceFileText(evidence))).toEqual(evidence)
  })

  test('is one line of JSON that says what it is', () => {
    expect(evidenceFileText({ items: [item('context', 'a')] })).toBe(
      '{"type":"GradecertEvidence","version":2,"items":[{"kind":"context","url":"urn:x:a","digest":"d9d719b27480b55cd4918020e7473e716ed3569c8adafe926cf9b10b4f8ef064","document":{"name":"a"}}]}\n',
    )
  })

  test.each<[what: string, text: string, what: string]>([
    ['no JSON', 'evidence', 'the text does not follow the grammar of RFC 8259'],
    ['a byte order mark first', '\ufeff{}', 'the text starts with U+FEFF'],
    ['a list', '[]', 'type'],
    ['a trust file', '{"type":"GradecertTrust","version":1,"roots":[],"lists":[]}', 'type'],
  ])('is not %s', (_what, text, what) => {
    expect(() => readEvidence(text)).toThrow(
      expect.objectContaining({ code: 'evidence.file_malformed', detail: { what } }),
    )
  })

  const written = JSON.parse(evidenceFileText(evidence)) as JsonObject
  test.each<[what: string, pointer: string, value: Json | undefined, found: string]>([
    ['of another version', '/version', 3, 'version'],
    ['of version 1 with what only version 2 has', '/version', 1, 'items/0/digest'],
    ['with roots', '/roots', [], 'roots'],
    ['without items', '/items', undefined, 'items'],
    ['with an item of an unknown kind', '/items/1/kind', 'key', 'items/1/kind'],
    ['with an item from nowhere', '/items/1/url', 'status/1', 'items/1/url'],
    ['with an item without a document', '/items/1/document', undefined, 'items/1/document'],
    ['with a document that is a list', '/items/1/document', [], 'items/1/document'],
    ['with a member more', '/items/1/fetchedAt', 'now', 'items/1/fetchedAt'],
    ['with an item without a digest', '/items/1/digest', undefined, 'items/1/digest'],
    ['with a digest that is none', '/items/1/digest', 'abc', 'items/1/digest'],
    [
      'with an item got at no time',
      '/items/1/got',
      { at: '2026', from: 'https://a.example/' },
      'items/1/got',
    ],
    ['with an item got nowhere', '/items/1/got', { at: '2026-06-01T00:00:00Z' }, 'items/1/got'],
    [
      'with 10,001 items',
      '/items',
      Array.from({ length: 10_001 }, () => ({ kind: 'context', url: 'urn:x:a', document: {} })),
      'items',
    ],
  ])('is refused %s', (_what, pointer, value, what) => {
    expect(() => readEvidence(JSON.stringify(withAt(written, pointer, value)))).toThrow(
      expect.objectContaining({ code: 'evidence.file_malformed', detail: { what } }),
    )
  })
})

describe('an item of an evidence file', () => {
  const got = { at: '2026-06-01T00:00:00Z' as Instant, from: 'https://agency.example/status/1' }

  test('says when and where it was got', () => {
    const items = [{ ...item('status-list', 'b'), got }]
    expect(readEvidence(evidenceFileText({ items }))).toEqual({ items })
  })

  test('that was changed after it was gathered is named, and the file refused', () => {
    const text = evidenceFileText(evidence).replace('{"name":"c"}', '{"name":"x"}')
    expect(() => readEvidence(text)).toThrow(
      expect.objectContaining({ code: 'evidence.item_altered', detail: { item: 3, url: 'urn:x:c' } }),
    )
  })

  test('of version 1 has no digest and is read', () => {
    const text =
      '{"type":"GradecertEvidence","version":1,"items":[{"kind":"context","url":"urn:x:a","document":{}}]}'
    expect(readEvidence(text)).toEqual({ items: [{ kind: 'context', url: 'urn:x:a', document: {} }] })
  })

  test('that came twice is one, and one with other words stays beside it', () => {
    const same = { ...item('status-list', 'b'), got }
    const other = { ...item('status-list', 'b'), document: { name: 'z' } }
    expect(distinctEvidence({ items: [same, item('status-list', 'b'), other] })).toEqual({
      items: [same, other],
    })
  })
})

describe('evidence', () => {
  test('of several sources is all of it', () => {
    const more = { items: [item('context', 'f')] }
    expect(mergeEvidence([evidence, noEvidence, more])).toEqual({ items: [...evidence.items, ...more.items] })
    expect(mergeEvidence([])).toEqual(noEvidence)
  })

  test('is found by its kind', () => {
    expect(documentsOf(evidence, 'status-list')).toEqual([{ name: 'b' }, { name: 'e' }])
    expect(documentsOf(noEvidence, 'status-list')).toEqual([])
  })
})
