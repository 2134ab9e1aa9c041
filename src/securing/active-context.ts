/**
 * What the words of a document mean under its contexts (JSON-LD 1.1 API, section 4): the part of context processing that the
 * pinned contexts need. Whatever goes beyond it gives `null`, and the JSON-LD library is asked instead.
 */
import { asList, isObject, type Json, type JsonObject } from '../base/json.ts'
import { firstDifference } from '../credential/difference.ts'

export interface ActiveContext {
  readonly terms: ReadonlyMap<string, Term>
  /** What counts again in the next object, where a type brought this one (JSON-LD 1.1, section 4.1.8). */
  readonly previous: ActiveContext | null
}

export type Term =
  | { readonly is: 'id'; readonly isProtected: boolean }
  | { readonly is: 'type'; readonly isProtected: boolean }
  | Property
  /** Of a kind that is left to the library; only documents that use it are. */
  | { readonly is: 'unusual'; readonly isProtected: boolean; readonly definition: Json }

export interface Property {
  readonly is: 'property'
  readonly iri: string
  /** `@id`, `@vocab`, or the IRI of a datatype. */
  readonly type: string | undefined
  readonly container: undefined | '@set' | '@language'
  /** Counts inside the values of a property, or in an object of a type. */
  readonly context: Json | undefined
  readonly isPrefix: boolean
  readonly isProtected: boolean
}

const noContext: ActiveContext = { terms: new Map(), previous: null }

/** The contexts of a document, one after the other, by their documents; `null` where one has something unusual. */
export function activeContextOf(documents: readonly JsonObject[]): ActiveContext | null {
  let active: ActiveContext | null = noContext
  for (const document of documents) {
    active = active && extended(active, document['@context'] as Json, 'document')
  }
  return active
}

/** How a context came to count: only one that belongs to a property may redefine what is protected. */
export type Origin = 'document' | 'property' | 'type'

/** A context on top of others; found once for each pair. */
export function extended(active: ActiveContext, context: Json, origin: Origin): ActiveContext | null {
  if (!isObject(context)) return null
  const known = extensions.get(active) ?? new Map<JsonObject, ActiveContext | null>()
  extensions.set(active, known)
  const made = known.get(context)
  if (made !== undefined) return made
  const result = extend(active, context, origin)
  known.set(context, result)
  return result
}

/** A context has one origin wherever it stands, so pairs are enough. */
const extensions = new WeakMap<ActiveContext, Map<JsonObject, ActiveContext | null>>()

function extend(active: ActiveContext, context: JsonObject, origin: Origin): ActiveContext | null {
  const terms = new Map(active.terms)
  for (const [name, definition] of Object.entries(context)) {
    if (name === '@version' || name === '@protected') continue
    if (name.startsWith('@') || name.includes(':') || name === '') return null
    const term = termOf(definition, context, active)
    const before = active.terms.get(name)
    if (before?.isProtected && origin !== 'property') {
      if (!saysTheSame(before, term)) return null
      terms.set(name, { ...term, isProtected: true })
    } else terms.set(name, term)
  }
  return { terms, previous: origin === 'type' ? (active.previous ?? active) : active.previous }
}

function saysTheSame(before: Term, after: Term): boolean {
  const { isProtected: _, ...one } = before
  const { isProtected: __, ...other } = after
  return firstDifference({ ...one } as unknown as Json, { ...other } as unknown as Json) === null
}

const keywordTerms = { '@id': 'id', '@type': 'type' } as const

function termOf(definition: Json, context: JsonObject, active: ActiveContext): Term {
  const expanded: JsonObject | null =
    typeof definition === 'string' ? { '@id': definition } : isObject(definition) ? definition : null
  const isProtected = (expanded?.['@protected'] ?? context['@protected']) === true
  const unusual = { is: 'unusual', isProtected, definition } as const
  if (expanded === null || !Object.keys(expanded).every((member) => definitionMembers.has(member)))
    return unusual
  const { '@id': id, '@type': type, '@container': container, '@context': scoped } = expanded
  if (typeof id !== 'string') return unusual
  if (id === '@id' || id === '@type')
    return typeof definition === 'string' ? { is: keywordTerms[id], isProtected } : unusual
  const iri = definedIri(id, context, active)
  const datatype =
    type === undefined || type === '@id' || type === '@vocab'
      ? type
      : typeof type === 'string'
        ? definedIri(type, context, active)
        : null
  const [kind, ...more] = asList(container)
  if (iri === null || datatype === null || more.length > 0) return unusual
  if (kind !== undefined && kind !== '@set' && kind !== '@language') return unusual
  if (kind === '@language' && type !== undefined) return unusual
  return {
    is: 'property',
    iri,
    type: datatype,
    container: kind,
    context: scoped,
    // JSON-LD 1.1 API, section 4.2.2: a simple term that ends like this may begin a compact IRI.
    isPrefix: typeof definition === 'string' && /[:/?#[\]@]$/.test(iri),
    isProtected,
  }
}

const definitionMembers: ReadonlySet<string> = new Set([
  '@id',
  '@type',
  '@container',
  '@context',
  '@protected',
])

/** The IRI that a context writes for a term; a compact one begins with a term of the same context or of one before. */
function definedIri(text: string, context: JsonObject, active: ActiveContext): string | null {
  const colon = text.indexOf(':')
  if (colon < 0 || text.startsWith('@')) return null
  const prefix = text.slice(0, colon)
  const own = Object.hasOwn(context, prefix) ? context[prefix] : undefined
  if (own === undefined) return fullIri(text, active)
  const begun = typeof own === 'string' && /^[a-z]+:\/\/.*[:/?#[\]@]$/.test(own) ? own : null
  return begun === null || text.startsWith('//', colon + 1) ? null : `${begun}${text.slice(colon + 1)}`
}

/** An IRI with its prefix written out; `null` for what is relative, a blank node, or has a character that is escaped. */
export function fullIri(text: string, active: ActiveContext): string | null {
  if (!absoluteIri.test(text)) return null
  const colon = text.indexOf(':')
  const prefix = active.terms.get(text.slice(0, colon))
  if (prefix === undefined || text.startsWith('//', colon + 1)) return text
  if (prefix.is !== 'property') return null
  return prefix.isPrefix ? `${prefix.iri}${text.slice(colon + 1)}` : text
}

/** RFC 3987 as far as N-Quads ask for it: a scheme, then nothing that an IRI has to escape. */
const absoluteIri = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s\p{Cc}<>"{}|^`\\]*$/u
