/** JSON values by their pointers (RFC 6901). */
import { isObject, type Json, type JsonObject } from '../../src/base/json.ts'

/** Every place in a value, the whole included, with what stands there. */
export function places(value: Json, pointer = ''): readonly (readonly [pointer: string, value: Json])[] {
  const inner = Array.isArray(value) || isObject(value) ? Object.entries(value as JsonObject) : []
  return [
    [pointer, value],
    ...inner.flatMap(([name, member]) =>
      places(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    ),
  ]
}

/** A copy with another value at a place; `undefined` takes the member away. */
export function withAt(value: JsonObject, pointer: string, replacement: Json | undefined): JsonObject {
  const copy = structuredClone(value) as JsonObject
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = steps.pop() as string
  let place = copy as { [name: string]: Json }
  for (const step of steps) place = place[step] as { [name: string]: Json }
  if (replacement === undefined) delete place[last]
  else place[last] = replacement
  return copy
}

/** Places at which two values differ: what stands there is missing in one, of another kind, or another text or number. */
export function differences(a: Json, b: Json): readonly string[] {
  const inA = new Map(places(a))
  const inB = new Map(places(b))
  const scalar = (value: Json | undefined) =>
    Array.isArray(value) ? '[]' : isObject(value) ? '{}' : JSON.stringify(value)
  return [...new Set([...inA.keys(), ...inB.keys()])].filter(
    (pointer) => scalar(inA.get(pointer)) !== scalar(inB.get(pointer)),
  )
}
