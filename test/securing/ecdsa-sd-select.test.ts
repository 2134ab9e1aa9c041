import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { selectPart } from '../../src/securing/ecdsa-sd-select.ts'

const document: JsonObject = {
  '@context': ['https://a.example/c'],
  id: 'urn:a:1',
  type: ['A', 'B'],
  name: 'n',
  nothing: null,
  'a/b': { '~': 1 },
  person: {
    id: '_:b0',
    type: 'Person',
    name: 'p',
    child: { id: 'urn:a:2', name: 'c', more: { deep: true } },
  },
  list: [{ type: 'X', v: 0 }, 'one', { v: 2, w: [1, 2, [3, 4]] }],
}
const head = { '@context': ['https://a.example/c'], id: 'urn:a:1', type: ['A', 'B'] }

describe('the part that pointers name', () => {
  test.each<[what: string, pointers: readonly string[], part: JsonObject]>([
    ['a member', ['/name'], { ...head, name: 'n' }],
    ['a member that is null', ['/nothing'], { ...head, nothing: null }],
    ['the whole', [''], document],
    ['the whole and a member', ['/name', ''], document],
    ['a name with both escapes', ['/a~1b/~0'], { ...head, 'a/b': { '~': 1 } }],
    [
      'a member on whose way ids and types stand, of which that of a blank node is not kept',
      ['/person/child/name'],
      { ...head, person: { type: 'Person', child: { id: 'urn:a:2', name: 'c' } } },
    ],
    [
      'an object with all that it has',
      ['/person/child'],
      {
        ...head,
        person: { type: 'Person', child: { id: 'urn:a:2', name: 'c', more: { deep: true } } },
      },
    ],
    [
      'elements of a list, without gaps',
      ['/list/2/w/0', '/list/0/v'],
      {
        ...head,
        list: [{ type: 'X', v: 0 }, { w: [1] }],
      },
    ],
    ['elements of a list in a list', ['/list/2/w/2/1'], { ...head, list: [{ w: [[4]] }] }],
    [
      'a thing and something within it, in either order',
      ['/person/child', '/person/child/more/deep'],
      {
        ...head,
        person: { type: 'Person', child: { id: 'urn:a:2', name: 'c', more: { deep: true } } },
      },
    ],
    [
      'something within a thing and the thing',
      ['/person/child/more/deep', '/person/child'],
      {
        ...head,
        person: { type: 'Person', child: { id: 'urn:a:2', name: 'c', more: { deep: true } } },
      },
    ],
    ['what is there anyway', ['/id', '/type', '/@context'], head],
    ['an element of what is there anyway', ['/type/0'], head],
    ['one thing twice', ['/name', '/name'], { ...head, name: 'n' }],
  ])('is %s', (_what, pointers, part) => {
    expect(selectPart(document, pointers)).toEqual({ ok: true, part })
  })

  test('is nothing without pointers', () => {
    expect(selectPart(document, [])).toBeNull()
  })

  test.each<[what: string, pointer: string]>([
    ['a member that is not there', '/other'],
    ['something within a text', '/name/0'],
    ['something within null', '/nothing/x'],
    ['the length of a list', '/list/length'],
    ['an element beyond the end', '/list/3'],
    ['the element after the last', '/list/-'],
    ['an index with a zero in front', '/list/01'],
    ['an index with a sign', '/list/+1'],
    ['an index of many digits', '/list/00000000001'],
    ['an empty step', '/list/'],
    ['an inherited member', '/person/toString'],
    ['a prototype', '/__proto__'],
    ['no pointer', 'name'],
    ['a fragment', '#/name'],
    ['an escape that is none', '/a~2b'],
    ['an escape cut off', '/a~'],
  ])('is refused for %s', (_what, pointer) => {
    expect(selectPart(document, ['/name', pointer])).toEqual({ ok: false, pointer })
  })

  test('holds nothing that the document does not, and every leaf can be named', () => {
    const leaves = (value: Json, at = ''): readonly string[] =>
      typeof value === 'object' && value !== null && Object.keys(value).length > 0
        ? Object.entries(value).flatMap(([name, member]) =>
            leaves(member as Json, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
          )
        : [at]
    const json = fc.dictionary(
      fc.string({ maxLength: 4 }).filter((name) => name !== '__proto__' && name !== '@context'),
      fc.jsonValue({ maxDepth: 3 }),
      { maxKeys: 4, noNullPrototype: true },
    )
    fc.assert(
      fc.property(json, fc.nat(), (value, pick) => {
        const plain = JSON.parse(JSON.stringify(value)) as JsonObject
        const all = leaves(plain).filter((pointer) => pointer !== '')
        expect(selectPart(plain, [''])).toEqual({ ok: true, part: plain })
        if (all.length === 0) return
        const selection = selectPart(plain, [all[pick % all.length] as string])
        expect(selection?.ok).toBe(true)
        expect(selectPart(plain, all)).toMatchObject({ ok: true })
      }),
      { seed: 1, numRuns: 100 },
    )
  })
})
