/**
 * How much work a regular expression of a stranger's can make. A backtracking matcher takes exponential time on some
 * patterns, so a schema's patterns are run only where their cost is known: without back-references and look-around, and
 * such that no loop can read the same characters in two ways.
 */

/** The cost of a search in `n` characters is of the order of n to the power of `degree`, times `factor`. */
export type PatternCost = { readonly degree: number; readonly factor: number } | { readonly refused: string }

/** Characters of a pattern, and places in it that match one character each. */
const maxLength = 1024
const maxPlaces = 300
const maxDepth = 20

/** The cost of a pattern under the flag `u`, or why it is not run. */
export function patternCost(pattern: string): PatternCost {
  if (pattern.length > maxLength) return { refused: `longer than ${maxLength} characters` }
  try {
    new RegExp(pattern, 'u')
  } catch {
    return { refused: 'not a regular expression' }
  }
  const reader: Reader = { text: pattern, at: 0, places: [], followers: [new Set()], refused: null }
  const whole = readAlternatives(reader, 0)
  if (reader.refused !== null) return { refused: reader.refused }
  link(reader, [start], whole.first)
  const { places, followers, refused } = reader
  if (refused !== null) return { refused }
  const reach = reachability(followers)
  let degree = isAnchored(pattern) ? 1 : 2
  let factor = 1
  for (const [from, next] of followers.entries()) {
    const clashes = clashesAmong([...next], places)
    if (clashes.some(([a, b]) => leadsTo(reach, a, from) && leadsTo(reach, b, from))) {
      return { refused: 'a loop that can read the same characters in two ways' }
    }
    if (clashes.length === 0) continue
    // A choice in a loop comes at each character at most, another once.
    if ([...next].some((to) => leadsTo(reach, to, from))) degree++
    else factor *= next.size
  }
  return { degree, factor }
}

/** Code points from and to, both included. */
type Range = readonly [from: number, to: number]
type CharacterSet = readonly Range[]

/**
 * A pattern is read into its Glushkov automaton: a place for each character of the pattern, and for each place those that
 * can follow it. Place `start` stands before the first.
 */
interface Reader {
  readonly text: string
  at: number
  /** What each place matches; place `i` is at `i - 1`. */
  readonly places: CharacterSet[]
  readonly followers: Set<number>[]
  refused: string | null
}

const start = 0

interface Part {
  readonly first: readonly number[]
  readonly last: readonly number[]
  /** Whether it can match nothing. */
  readonly nullable: boolean
}

const nothing: Part = { first: [], last: [], nullable: true }

function refuse(reader: Reader, why: string): Part {
  reader.refused ??= why
  reader.at = reader.text.length
  return nothing
}

/** Two ways from one place to another are two ways to read one text, and in a loop exponentially many. */
function link(reader: Reader, from: readonly number[], to: readonly number[]): void {
  for (const a of from) {
    const next = reader.followers[a] as Set<number>
    for (const b of to) {
      if (next.has(b)) reader.refused ??= 'a repetition inside a repetition'
      next.add(b)
    }
  }
}

function readAlternatives(reader: Reader, depth: number): Part {
  if (depth > maxDepth) return refuse(reader, `more than ${maxDepth} groups inside each other`)
  const parts = [readSequence(reader, depth)]
  while (reader.text[reader.at] === '|') {
    reader.at++
    parts.push(readSequence(reader, depth))
  }
  if (parts.filter(({ nullable }) => nullable).length > 1) return refuse(reader, 'two empty alternatives')
  return {
    first: parts.flatMap(({ first }) => first),
    last: parts.flatMap(({ last }) => last),
    nullable: parts.some(({ nullable }) => nullable),
  }
}

function readSequence(reader: Reader, depth: number): Part {
  let whole = nothing
  while (reader.at < reader.text.length && !'|)'.includes(reader.text[reader.at] as string)) {
    whole = inSequence(reader, whole, readRepeated(reader, depth))
  }
  return whole
}

function inSequence(reader: Reader, a: Part, b: Part): Part {
  link(reader, a.last, b.first)
  return {
    first: a.nullable ? [...a.first, ...b.first] : a.first,
    last: b.nullable ? [...a.last, ...b.last] : b.last,
    nullable: a.nullable && b.nullable,
  }
}

const quantifier = /(?:[*+?]|\{(\d+)(,(\d*))?\})\??/y

function readRepeated(reader: Reader, depth: number): Part {
  const { text, places } = reader
  const placesBefore = places.length
  const body = readAtom(reader, depth)
  quantifier.lastIndex = reader.at
  const match = quantifier.exec(text)
  if (match === null) return body
  reader.at = quantifier.lastIndex
  const [sign, from, range] = match
  if (body.nullable) return refuse(reader, 'a repetition of what can match nothing')
  if (sign.startsWith('?')) return { ...body, nullable: true }
  const exactly = from !== undefined && range === undefined ? Number(from) : null
  if (exactly === 1) return body
  const isOnePlace =
    places.length === placesBefore + 1 && !reader.followers[places.length]?.has(places.length)
  if (exactly !== null && exactly > 0 && exactly <= 64 && isOnePlace) {
    let whole = body
    for (let i = 1; i < exactly; i++) whole = inSequence(reader, whole, place(reader, places[placesBefore]))
    return whole
  }
  // A repetition with bounds counts as one without: whatever is ambiguous within bounds is so without them.
  link(reader, body.last, body.first)
  return { ...body, nullable: sign.startsWith('*') || (from !== undefined && Number(from) === 0) }
}

function place(reader: Reader, set: CharacterSet = anything): Part {
  if (reader.places.length >= maxPlaces) return refuse(reader, `more than ${maxPlaces} characters to match`)
  reader.places.push(set)
  reader.followers.push(new Set())
  return { first: [reader.places.length], last: [reader.places.length], nullable: false }
}

function readAtom(reader: Reader, depth: number): Part {
  const { text } = reader
  const c = text[reader.at] as string
  if (c === '(') return readGroup(reader, depth)
  if (c === '^' || c === '$') {
    reader.at++
    return nothing
  }
  if (text.startsWith('\\b', reader.at) || text.startsWith('\\B', reader.at)) {
    reader.at += 2
    return nothing
  }
  if (c === '[') return readClass(reader)
  if (c === '.') {
    reader.at++
    return place(reader, anything)
  }
  const set = readCharacter(reader)
  return set === null ? refuse(reader, 'a back-reference') : place(reader, set)
}

function readGroup(reader: Reader, depth: number): Part {
  const plain = reader.text.startsWith('(?:', reader.at)
  if (!plain && reader.text.startsWith('(?', reader.at)) return refuse(reader, 'look-around or a named group')
  reader.at += plain ? 3 : 1
  const body = readAlternatives(reader, depth + 1)
  reader.at++
  return body
}

/** `[…]`; the pattern is known to be well formed. */
function readClass(reader: Reader): Part {
  const { text } = reader
  reader.at++
  const negated = text[reader.at] === '^'
  if (negated) reader.at++
  const ranges: Range[] = []
  while (text[reader.at] !== ']') {
    const low = readCharacter(reader) ?? anything
    const isRange = text[reader.at] === '-' && text[reader.at + 1] !== ']'
    if (!isRange || low.length !== 1 || low[0]?.[0] !== low[0]?.[1]) {
      ranges.push(...low)
      continue
    }
    reader.at++
    const high = readCharacter(reader) ?? anything
    ranges.push([(low[0] as Range)[0], (high.at(-1) as Range)[1]])
  }
  reader.at++
  return place(reader, negated ? complement(ranges) : ranges)
}

const lastCodePoint = 0x10ffff
const anything: CharacterSet = [[0, lastCodePoint]]
const digits: CharacterSet = [[0x30, 0x39]]
// biome-ignore format: pairs
const wordCharacters: CharacterSet = [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]]
// biome-ignore format: pairs
const whiteSpace: CharacterSet = [
  [0x09, 0x0d], [0x20, 0x20], [0xa0, 0xa0],
  [0x1680, 0x1680], [0x2000, 0x200a], [0x2028, 0x2029], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000], [0xfeff, 0xfeff],
]

const namedSets: Readonly<Record<string, CharacterSet>> = {
  d: digits,
  D: complement(digits),
  w: wordCharacters,
  W: complement(wordCharacters),
  s: whiteSpace,
  S: complement(whiteSpace),
}
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, b: 8, 0: 0 }
const escaped =
  /\\(?:x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|([pP]\{[^}]*\})|c([A-Za-z])|([\s\S]))/y

/** One character or escape, as the set that it matches; `null` for a back-reference. */
function readCharacter(reader: Reader): CharacterSet | null {
  const { text, at } = reader
  if (text[at] !== '\\') {
    const code = text.codePointAt(at) as number
    reader.at += code > 0xffff ? 2 : 1
    return [[code, code]]
  }
  escaped.lastIndex = at
  const [, byte, braced, unit, property, control, other = ''] = escaped.exec(text) ?? []
  reader.at = escaped.lastIndex
  const code = byte ?? braced ?? unit
  // A surrogate pair written as two escapes is one character; taken for any, it is only ever refused more often.
  if (property !== undefined || (unit !== undefined && /^d[89a-f]/i.test(unit))) return anything
  if (code !== undefined) return single(Number.parseInt(code, 16))
  if (control !== undefined) return single(control.charCodeAt(0) % 32)
  if (/[1-9k]/.test(other)) return null
  return namedSets[other] ?? single(controls[other] ?? (other.codePointAt(0) as number))
}

const single = (code: number): CharacterSet => [[code, code]]

function complement(ranges: CharacterSet): CharacterSet {
  const rest: Range[] = []
  let next = 0
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    if (from > next) rest.push([next, from - 1])
    next = Math.max(next, to + 1)
  }
  return next > lastCodePoint ? rest : [...rest, [next, lastCodePoint]]
}

/** Pairs of places of which one character can be either. */
function clashesAmong(next: readonly number[], places: readonly CharacterSet[]): readonly [number, number][] {
  const setOf = (at: number): CharacterSet => places[at - 1] as CharacterSet
  return next.flatMap((a, i) =>
    next
      .slice(i + 1)
      .filter((b) => setOf(a).some(([from, to]) => setOf(b).some(([low, high]) => from <= high && low <= to)))
      .map((b): [number, number] => [a, b]),
  )
}

/** Where one can get from each place. */
function reachability(followers: readonly ReadonlySet<number>[]): readonly ReadonlySet<number>[] {
  return followers.map((_, from) => {
    const seen = new Set<number>([from])
    for (const at of seen) for (const next of followers[at] as ReadonlySet<number>) seen.add(next)
    return seen
  })
}

const leadsTo = (reach: readonly ReadonlySet<number>[], from: number, to: number): boolean =>
  reach[from]?.has(to) === true

/** Whether every alternative starts at the start of the text, so that a search is tried there only. */
function isAnchored(pattern: string): boolean {
  return pattern.startsWith('^') && !hasTopLevelAlternatives(pattern)
}

function hasTopLevelAlternatives(pattern: string): boolean {
  let depth = 0
  let inClass = false
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]
    if (c === '\\') i++
    else if (inClass) inClass = c !== ']'
    else if (c === '[') inClass = true
    else if (c === '(') depth++
    else if (c === ')') depth--
    else if (c === '|' && depth === 0) return true
  }
  return false
}
