import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { validateWithin } from '../../src/credential/schema-validation.ts'
import { evidenceFileText, evidenceKinds, readEvidence } from '../../src/evidence/evidence.ts'
import { withAt } from '../credential/pointers.ts'

const schema = JSON.parse(
  readFileSync(new URL('../../src/evidence/data/evidence-schema-v2.json', import.meta.url), 'utf8'),
) as JsonObject

const got = { at: '2026-06-01T00:00:00Z', from: 'https://agency.example/status/1' }
const good = JSON.parse(
  evidenceFileText({ items: evidenceKinds.map((kind) => ({ kind, url: `urn:x:${kind}`, document: {} })) }),
) as JsonObject
const of = (length: number) => ({
  ...good,
  items: Array.from({ length }, () => (good.items as Json[])[0] as Json),
})

/** Whether `readEvidence` reads the file, and whether the published schema lets it pass. */
function readsAndPasses(file: Json): readonly [reads: boolean, passes: boolean] {
  const { outcome } = validateWithin(schema, file)
  expect(outcome).not.toBe('indeterminate')
  try {
    readEvidence(JSON.stringify(file))
    return [true, outcome === 'success']
  } catch {
    return [false, outcome === 'success']
  }
}

test.each<[what: string, pointer: string, value: Json]>([
  ['every kind', '/type', 'GradecertEvidence'],
  ['when and where it was got', '/items/0/got', got],
  ['a leap day', '/items/0/got', { ...got, at: '2028-02-29T00:00:00Z' }],
  ['a file in place of an address', '/items/0/got', { ...got, from: '信任.json' }],
  ['no items', '/items', []],
  ['an address of 4096 characters', '/items/0/url', `urn:${'a'.repeat(4092)}`],
])('%s: read, and in order by the schema', (_what, pointer, value) => {
  expect(readsAndPasses(withAt(good, pointer, value) as Json)).toEqual([true, true])
})

test.each<[what: string, pointer: string, value: Json | undefined]>([
  ['another type', '/type', 'GradecertTrust'],
  ['no type', '/type', undefined],
  ['another version', '/version', 3],
  ['a version that is a text', '/version', '2'],
  ['a member more', '/roots', []],
  ['no items', '/items', undefined],
  ['items that are none', '/items', {}],
  ['an item that is none', '/items/0', null],
  ['a member of an item more', '/items/0/note', ''],
  ['an unknown kind', '/items/0/kind', 'key'],
  ['no kind', '/items/0/kind', undefined],
  ['no address', '/items/0/url', undefined],
  ['an address without a scheme', '/items/0/url', 'status/1'],
  ['an address that is only a scheme', '/items/0/url', 'urn:'],
  ['an address with a blank', '/items/0/url', 'https://a.example/a b'],
  ['an address with a quote', '/items/0/url', 'https://a.example/"'],
  ['an address of 4097 characters', '/items/0/url', `urn:${'a'.repeat(4093)}`],
  ['no document', '/items/0/document', undefined],
  ['a document that is a list', '/items/0/document', []],
  ['no digest', '/items/0/digest', undefined],
  ['a digest in capitals', '/items/0/digest', 'A'.repeat(64)],
  ['a digest and a line break', '/items/0/digest', `${'a'.repeat(64)}\n`],
  ['a moment that is a day', '/items/0/got', { ...got, at: '2026-06-01' }],
  ['a moment of another zone', '/items/0/got', { ...got, at: '2026-06-01T00:00:00+08:00' }],
  ['a moment with parts of a second', '/items/0/got', { ...got, at: '2026-06-01T00:00:00.5Z' }],
  ['a thirteenth month', '/items/0/got', { ...got, at: '2026-13-01T00:00:00Z' }],
  ['a day that does not exist', '/items/0/got', { ...got, at: '2026-02-29T00:00:00Z' }],
  ['got nowhere', '/items/0/got', { at: got.at }],
  ['got at no moment', '/items/0/got', { from: got.from }],
  ['got with a member more', '/items/0/got', { ...got, by: 'me' }],
  ['got that is a text', '/items/0/got', 'https://a.example/'],
  ['a place of 4097 characters', '/items/0/got', { ...got, from: 'a'.repeat(4097) }],
])('%s: neither read nor in order by the schema', (_what, pointer, value) => {
  expect(readsAndPasses(withAt(good, pointer, value) as Json)).toEqual([false, false])
})

test('10,000 items and no more, by both', () => {
  // Our bounded validator leaves lists of this length alone, so the schema's own word is looked at.
  const { properties } = schema as { properties: { items: { maxItems: number } } }
  expect(properties.items.maxItems).toBe(10_000)
  expect(readEvidence(JSON.stringify(of(10_000))).items).toHaveLength(10_000)
  expect(() => readEvidence(JSON.stringify(of(10_001)))).toThrow(
    expect.objectContaining({ code: 'evidence.file_malformed', detail: { what: 'items' } }),
  )
})

test('only the reader knows whether a digest is that of its document', () => {
  const altered = withAt(good, '/items/0/document', { a: 1 }) as Json
  expect(readsAndPasses(altered)).toEqual([false, true])
})
