/** Changes of one node of any document, for laws that hold whatever is changed. */
import fc from 'fast-check'
import type { Json } from '../../src/base/json.ts'
import type { Loose } from './scene.ts'

/** Every node of a document, by the steps that lead to it, with the value that stands there. */
function nodesOf(
  value: Json,
  path: readonly (string | number)[] = [],
): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Array.isArray(value)
    ? value.flatMap((item: Json, i) => nodesOf(item, [...path, i]))
    : Object.entries(value).flatMap(([name, item]) => nodesOf(item, [...path, name]))
  return [path, ...inner]
}

type Mutation =
  | { readonly act: 'delete' | 'duplicate' | 'rename' | 'wrap' | 'empty' }
  | { readonly act: 'replace'; readonly value: Json }
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ act: fc.constantFrom('delete', 'duplicate', 'rename', 'wrap', 'empty') }),
  fc.record({
    act: fc.constant('replace' as const),
    value: fc.oneof(
      fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
      fc.constantFrom<Json>(
        '',
        'junior',
        'senior',
        'did:key:z',
        'urn:x:y',
        '2026-13-01T00:00:00Z',
        '275760-09-13T00:00:00-14:00',
        0,
        -1,
        1e21,
        null,
        true,
        [],
        {},
        { toString: 1, valueOf: 1 },
      ),
    ),
  }),
) as fc.Arbitrary<Mutation>

/** Changes one node, chosen by a number, of a document. */
export function mutated(document: Json, choice: number, change: Mutation): Json {
  const root = structuredClone({ document }) as Loose
  const paths = nodesOf(document).filter((path) => path.length > 0)
  const path = ['document', ...(paths[choice % paths.length] as readonly (string | number)[])]
  const last = path.at(-1) as string | number
  const holder = path.slice(0, -1).reduce((value, step) => value[step], root)
  const value = holder[last]
  const acts: Record<Mutation['act'], () => void> = {
    delete: () => (Array.isArray(holder) ? holder.splice(last as number, 1) : delete holder[last]),
    duplicate: () =>
      Array.isArray(holder) ? holder.push(value) : Object.assign(holder, { [`${last}2`]: value }),
    rename: () => {
      delete holder[last]
      holder[`${last}x`] = value
    },
    wrap: () => Object.assign(holder, { [last]: [value] }),
    empty: () =>
      Object.assign(holder, { [last]: Array.isArray(value) ? [] : typeof value === 'object' ? {} : '' }),
    replace: () => Object.assign(holder, { [last]: 'value' in change ? change.value : null }),
  }
  acts[change.act]()
  return root.document
}
