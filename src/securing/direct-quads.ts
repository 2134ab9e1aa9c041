/**
 * RDF of a JSON-LD document, straight from its JSON: what expansion and toRDF of JSON-LD 1.1 give for documents as we and
 * most others write them, in a hundredth of their time. It never guesses: for a document with anything unusual (keywords,
 * terms that no context defines, lists, graphs, numbers with a fraction, relative IRIs) the answer is `null`, and the
 * JSON-LD library is asked. That both give the same bytes wherever this one answers is proven by tests.
 */
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { type ActiveContext, extended, fullIri, type Property } from './active-context.ts'

/** A node or literal as N-Quads write it, or the number of a blank node. */
export type RdfTerm = string | number

export interface Quad {
  readonly subject: RdfTerm
  /** With its angle brackets. */
  readonly predicate: string
  readonly object: RdfTerm
}

export interface Quads {
  readonly quads: readonly Quad[]
  /** They are numbered from 0. */
  readonly blankNodes: number
}

/** The statements of a document under its contexts; `null` where the JSON-LD library has to be asked. */
export function directQuads(document: JsonObject, active: ActiveContext): Quads | null {
  const { '@context': _, ...members } = document
  const state: State = { quads: [], blankNodes: 0 }
  const whole = nodeOf(members, { active, scoped: undefined, depth: 0 }, state)
  // Of a document that says nothing the library drops even its id.
  return whole === null || state.quads.length === 0 || state.quads.length > quadLimit ? null : state
}

const quadLimit = 20_000
const depthLimit = 32

interface State {
  readonly quads: Quad[]
  blankNodes: number
}

interface Place {
  readonly active: ActiveContext
  /** The context of the property whose value this is. */
  readonly scoped: Json | undefined
  readonly depth: number
}

/** Adds what an object says, and gives the node that it stands for. JSON-LD 1.1 API, section 5.1.2. */
function nodeOf(object: JsonObject, { active, scoped, depth }: Place, state: State): RdfTerm | null {
  const names = Object.keys(object)
  if (names.length === 0 || depth > depthLimit) return null
  const isReference = names.length === 1 && active.terms.get(names[0] as string)?.is === 'id'
  // Step 7: what a type brought counts in its own object only, and a bare reference is none.
  const reverted = active.previous !== null && !isReference ? active.previous : active
  const outer = scoped === undefined ? reverted : extended(reverted, scoped, 'property')
  if (outer === null) return null
  const types = typesOf(object, names, outer)
  if (types === null) return null
  let here: ActiveContext | null = outer
  for (const type of types.toSorted()) {
    const term = outer.terms.get(type)
    if (term?.is === 'property' && term.context !== undefined)
      here = here && extended(here, term.context, 'type')
  }
  if (here === null) return null
  const subject = subjectOf(object, names, here, state)
  if (subject === null) return null
  for (const name of names) {
    const term = here.terms.get(name)
    if (term === undefined || term.is === 'unusual') return null
    const isSaid: boolean =
      term.is === 'property'
        ? saysValues({ subject, name, term }, object[name] as Json, { active: here, depth }, state)
        : term.is === 'id' || saysTypes(subject, types, outer, state)
    if (!isSaid) return null
  }
  return subject
}

/** The texts under the one member that means `@type`. */
function typesOf(
  object: JsonObject,
  names: readonly string[],
  { terms }: ActiveContext,
): readonly string[] | null {
  const [name, ...more] = names.filter((one) => terms.get(one)?.is === 'type')
  if (name === undefined) return []
  const value = object[name]
  const types: readonly unknown[] = Array.isArray(value) ? value : [value]
  const isUsual = more.length === 0 && types.length > 0 && types.every((type) => typeof type === 'string')
  return isUsual ? (types as readonly string[]) : null
}

function subjectOf(
  object: JsonObject,
  names: readonly string[],
  active: ActiveContext,
  state: State,
): RdfTerm | null {
  const [name, ...more] = names.filter((one) => active.terms.get(one)?.is === 'id')
  if (name === undefined) return state.blankNodes++
  const id = object[name]
  const iri = more.length === 0 && typeof id === 'string' ? fullIri(id, active) : null
  return iri === null ? null : `<${iri}>`
}

function saysTypes(
  subject: RdfTerm,
  types: readonly string[],
  active: ActiveContext,
  { quads }: State,
): boolean {
  for (const type of types) {
    const iri = wordIri(type, active)
    if (iri === null) return false
    quads.push({ subject, predicate: rdfType, object: `<${iri}>` })
  }
  return true
}

/** What a text means where a word of the contexts may stand: their term, else an IRI. */
function wordIri(text: string, active: ActiveContext): string | null {
  const term = active.terms.get(text)
  if (term === undefined) return fullIri(text, active)
  return term.is === 'property' ? term.iri : null
}

/** JSON-LD 1.1 API, section 5.1.2, step 13: a property's own context counts in all its values, and again inside objects. */
function saysValues(
  { subject, name, term }: { readonly subject: RdfTerm; readonly name: string; readonly term: Property },
  value: Json,
  { active: around, depth }: { readonly active: ActiveContext; readonly depth: number },
  state: State,
): boolean {
  const predicate = `<${term.iri}>`
  if (term.container === '@language') return saysInLanguages(subject, predicate, value, state)
  const active = term.context === undefined ? around : extended(around, term.context, 'property')
  const inside = active?.terms.get(name)
  if (active === null || inside?.is !== 'property' || inside.container !== term.container) return false
  const values: readonly Json[] = Array.isArray(value) ? value : [value as Json]
  for (const one of values) {
    if (Array.isArray(one)) return false
    const object = isObject(one)
      ? nodeOf(one, { active, scoped: inside.context, depth: depth + 1 }, state)
      : scalarOf(one, inside.type, active)
    if (object === null) return false
    state.quads.push({ subject, predicate, object })
  }
  return true
}

/** A language map with one text a language; tags come in lower case. */
function saysInLanguages(subject: RdfTerm, predicate: string, map: Json, { quads }: State): boolean {
  if (!isObject(map)) return false
  for (const [tag, text] of Object.entries(map)) {
    if (typeof text !== 'string' || !languageTag.test(tag)) return false
    quads.push({ subject, predicate, object: `"${escaped(text)}"@${tag.toLowerCase()}` })
  }
  return true
}

const languageTag = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/

function scalarOf(value: Json, type: string | undefined, active: ActiveContext): RdfTerm | null {
  const isReference = type === '@id' || type === '@vocab'
  if (typeof value === 'string') {
    if (!isReference) return literal(value, type ?? xsd.string)
    const iri = type === '@id' ? fullIri(value, active) : wordIri(value, active)
    return iri === null ? null : `<${iri}>`
  }
  if (isReference || value === null) return null
  if (typeof value === 'boolean') return literal(String(value), type ?? xsd.boolean)
  // As xsd:double a whole number is written otherwise; a fraction always is.
  const isPlain = Number.isSafeInteger(value) && !Object.is(value, -0) && type !== xsd.double
  return isPlain ? literal(String(value), type ?? xsd.integer) : null
}

const rdfType = '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>'

const xsd = {
  string: 'http://www.w3.org/2001/XMLSchema#string',
  boolean: 'http://www.w3.org/2001/XMLSchema#boolean',
  integer: 'http://www.w3.org/2001/XMLSchema#integer',
  double: 'http://www.w3.org/2001/XMLSchema#double',
} as const

/** RDF 1.1 N-Quads, section 4: the datatype of a plain text is not written. */
const literal = (text: string, type: string): string =>
  type === xsd.string ? `"${escaped(text)}"` : `"${escaped(text)}"^^<${type}>`

/** RDFC-1.0, section 5. */
const escaped = (text: string): string =>
  mustEscape.test(text) ? text.replace(everyToEscape, (character) => escapes(character)) : text

const mustEscape = /[\p{Cc}"\\]/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are escaped
const everyToEscape = /[\u0000-\u001f\u007f"\\]/g

const named: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
}

const escapes = (character: string): string =>
  named[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
