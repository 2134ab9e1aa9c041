/** Compares two JSON values. */
import { isFixed } from '../base/fixed.ts'
import { isObject, type Json } from '../base/json.ts'

/** The JSON Pointer (RFC 6901) of the first place where two values differ, `null` where they are equal. */
export function firstDifference(a: Json | undefined, b: Json | undefined, pointer = ''): string | null {
  if (a === b) return null
  if (isFixed(a) && isFixed(b)) return differenceOfFixed(a as object, b as object, pointer)
  return compare(a, b, pointer)
}

/** Of two values that nobody can change, found once for each pair. */
function differenceOfFixed(a: object, b: object, pointer: string): string | null {
  const known = differences.get(a) ?? new WeakMap<object, string | null>()
  differences.set(a, known)
  const before = known.get(b)
  const found = before === undefined ? compare(a as Json, b as Json, '') : before
  if (before === undefined) known.set(b, found)
  return found === null ? null : `${pointer}${found}`
}

const differences = new WeakMap<object, WeakMap<object, string | null>>()

function compare(a: Json | undefined, b: Json | undefined, pointer: string): string | null {
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      const found = firstDifference(a[i] as Json | undefined, b[i] as Json | undefined, `${pointer}/${i}`)
      if (found !== null) return found
    }
    return null
  }
  if (!isObject(a) || !isObject(b)) return pointer
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const step = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (Object.hasOwn(a, name) !== Object.hasOwn(b, name)) return step
    const found = firstDifference(a[name], b[name], step)
    if (found !== null) return found
  }
  return null
}
