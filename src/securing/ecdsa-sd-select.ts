/** The part of a JSON-LD document that JSON pointers name (VC Data Integrity ECDSA 1.0, sections 3.4.12 to 3.4.14). */
import { isObject, type Json, type JsonObject } from '../base/json.ts'

export type Selection =
  | { readonly ok: true; readonly part: JsonObject }
  | { readonly ok: false; readonly pointer: string }

/**
 * What the pointers name, and with it the contexts, and the `id` and `type` of everything on the way there. Without
 * pointers there is no part: `null`. A pointer that leads nowhere is handed back.
 */
export function selectPart(document: JsonObject, pointers: readonly string[]): Selection | null {
  if (pointers.length === 0) return null
  const root = newBranch(document)
  for (const pointer of pointers) {
    const path = pathOf(pointer)
    if (path === null || !follow(document, root, path)) return { ok: false, pointer }
  }
  const { '@context': context } = document
  const part = built(document, root) as JsonObject
  return { ok: true, part: context === undefined ? part : { '@context': context, ...part } }
}

/** What is taken of an object or array: all of it, or some members. */
interface Branch {
  whole: boolean
  readonly members: Map<string, Branch>
}

const newBranch = (value: Json): Branch => {
  const members = new Map<string, Branch>()
  if (isObject(value)) {
    // The name of a blank node is not kept.
    if (typeof value.id === 'string' && !value.id.startsWith('_:')) members.set('id', leaf)
    if (value.type !== undefined) members.set('type', leaf)
  }
  return { whole: false, members }
}

const leaf: Branch = { whole: true, members: new Map() }

/** RFC 6901, section 3; `null` where a text is no pointer. */
function pathOf(pointer: string): readonly string[] | null {
  if (pointer === '') return []
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return null
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Marks the way of a path from the root; `false` where it leads nowhere. */
function follow(document: JsonObject, root: Branch, path: readonly string[]): boolean {
  let value: Json = document
  let branch = root
  for (const step of path) {
    const next = memberOf(value, step)
    if (next === undefined) return false
    const known = branch.members.get(step)
    const taken = known === undefined || known === leaf ? newBranch(next) : known
    if (known === leaf) taken.whole = true
    branch.members.set(step, taken)
    value = next
    branch = taken
  }
  branch.whole = true
  return true
}

function memberOf(value: Json, step: string): Json | undefined {
  if (Array.isArray(value))
    return /^(0|[1-9]\d{0,5})$/.test(step) ? (value as readonly Json[])[Number(step)] : undefined
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

/** Members and elements in the order of the document; elements that are left out leave no gap. */
function built(value: Json, { whole, members }: Branch): Json {
  if (whole || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((element, i) => {
      const branch = members.get(String(i))
      return branch === undefined ? [] : [built(element, branch)]
    })
  }
  return Object.fromEntries(
    Object.entries(value as JsonObject).flatMap(([name, member]) => {
      const branch = members.get(name)
      return branch === undefined ? [] : [[name, built(member, branch)]]
    }),
  )
}
