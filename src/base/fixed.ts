/**
 * Values that nobody can change any more, and what was found out of them. The certificates of one batch share their award and
 * their issuer; what is fixed is checked, converted and written once.
 */

const fixed = new WeakSet<object>()

/** Freezes a value of plain data with everything in it, and gives it back. */
export function fix<T extends object>(value: T): T {
  if (!fixed.has(value)) {
    for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) fix(member)
    fixed.add(Object.freeze(value))
  }
  return value
}

/** Whether a value was frozen here, with everything in it. */
export const isFixed = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && fixed.has(value)

/** A function of a value and a name that remembers what it found of fixed values. */
export function remember<In extends object, Out>(
  find: (value: In, name: string) => Out,
): (value: In, name?: string) => Out {
  const found = new WeakMap<In, Map<string, Out>>()
  return (value, name = '') => {
    if (!fixed.has(value)) return find(value, name)
    const known = found.get(value) ?? new Map<string, Out>()
    found.set(value, known)
    const before = known.get(name)
    if (before !== undefined || known.has(name)) return before as Out
    const made = find(value, name)
    known.set(name, made)
    return made
  }
}
