/** Compares two JSON values. */
import { isFixed } from '../base/fixed.ts'
import { isObject, type Json } from '../base/json.ts'
import type { Branch } from '../base/text-kind.ts'

/** The JSON Pointer (RFC 6901) of the first place where two values differ, `null` where they are equal. */
export const firstDifference = (a: Json | undefined, b: Json | undefined): string | null =>
  isSame(a, b) ? null : differenceAt(a, b, '')

/** Most values that are compared are the same, and of those nobody asks where. */
function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false
    for (let i = 0; i < a.length; i++)
      if (!isSame(a[i] as Json | undefined, b[i] as Json | undefined)) return false
    return true
  }
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  )
}

/** Whether two values are the same but for some places. */
export function isSameBut(a: Json | undefined, b: Json | undefined, branch: Branch): boolean {
  if (Array.isArray(a) !== Array.isArray(b) || typeof a !== 'object' || typeof b !== 'object') return false
  if (a === null || b === null) return false
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  const [one, other] = [a, b] as readonly Readonly<Record<string, Json>>[]
  return names.every((name) => {
    const next = branch.get(Array.isArray(a) ? Number(name) : name)
    if (!Object.hasOwn(b, name)) return false
    if (typeof next === 'number') return true
    const [value, another] = [one?.[name], other?.[name]]
    return next === undefined ? isSame(value, another) : isSameBut(value, another, next)
  })
}

function differenceAt(a: Json | undefined, b: Json | undefined, pointer: string): string | null {
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
      const found = differenceAt(a[i] as Json | undefined, b[i] as Json | undefined, `${pointer}/${i}`)
      if (found !== null) return found
    }
    return null
  }
  if (!isObject(a) || !isObject(b)) return pointer
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const step = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (Object.hasOwn(a, name) !== Object.hasOwn(b, name)) return step
    const found = differenceAt(a[name], b[name], step)
    if (found !== null) return found
  }
  return null
}
