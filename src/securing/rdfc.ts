/**
 * JSON-LD to canonical N-Quads (RDFC-1.0): by our own direct way where a document has nothing unusual, else by `jsonld`, which
 * only this file imports: in safe mode, with no base, and with a loader that knows the pinned contexts and nothing else. It
 * is loaded for the first document that needs it: it is the heaviest thing we have.
 */
import { toHex, utf8 } from '../base/bytes.ts'
import { sha256Hex } from '../base/digest.ts'
import { asList, isObject, type Json, type JsonObject } from '../base/json.ts'
import { sha384 } from '../base/sha512.ts'
import { type ActiveContext, activeContextOf } from './active-context.ts'
import { canonicalQuads } from './canonical-quads.ts'
import { directQuads, type Quads } from './direct-quads.ts'

/** Context documents by the URL under which a document names them; each is loaded when it is first needed. */
export type ContextDocuments = ReadonlyMap<string, { readonly load: () => Promise<JsonObject> }>

/** Why a document has no canonical form. */
export type RdfcFault =
  | 'context_not_at_hand'
  | 'context_inline'
  | 'data_loss'
  | 'not_json_ld'
  | 'too_much_work'

export interface RdfcRefusal {
  readonly ok: false
  readonly fault: RdfcFault
  readonly detail: string
}

export type RdfcResult = { readonly ok: true; readonly nquads: string } | RdfcRefusal

export interface RdfcOptions {
  /** The digest inside RDFC-1.0, which decides the order of like blank nodes: SHA-256 by default. */
  readonly digest?: 'SHA-256' | 'SHA-384'
  /**
   * Lets a document define terms itself, and say by URLs what terms say. Neither is signed, so where RDF is what was
   * signed, no document of a stranger's may.
   */
  readonly allowInlineContexts?: boolean
  /**
   * `direct` by default: our own way first. `library` leaves it out; `both` goes both ways and throws where they differ, as
   * every call does where the environment has `GRADECERT_CHECK_RDFC=1`.
   */
  readonly way?: 'direct' | 'library' | 'both'
}

/** The canonical N-Quads of a document, with a line break after the last line. */
export async function canonicalNQuads(
  document: JsonObject,
  contexts: ContextDocuments,
  options: RdfcOptions = {},
): Promise<RdfcResult> {
  const way = isChecked ? 'both' : (options.way ?? 'direct')
  if (way === 'library') return libraryNQuads(document, contexts, options)
  const quads = await quadsOf(document, contexts)
  const direct = quads && canonicalQuads(quads, hashes[options.digest ?? 'SHA-256'])
  if (way === 'both' && direct !== null) {
    const other = await libraryNQuads(document, contexts, options)
    if (!other.ok || other.nquads !== direct) throw new Error('two ways to canonical N-Quads differ')
  }
  return direct === null ? libraryNQuads(document, contexts, options) : { ok: true, nquads: direct }
}

const isChecked =
  (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env
    ?.GRADECERT_CHECK_RDFC === '1'

/** Why turning a document into RDF would lose something of it, `null` where it would not. Terms may be defined in the document. */
export async function rdfLoss(document: JsonObject, contexts: ContextDocuments): Promise<RdfcRefusal | null> {
  if ((await quadsOf(document, contexts)) !== null) return null
  const canonical = await libraryNQuads(document, contexts, { allowInlineContexts: true })
  return canonical.ok ? null : canonical
}

/** The statements of a document with nothing unusual; `null` for any other. */
export async function quadsOf(document: JsonObject, contexts: ContextDocuments): Promise<Quads | null> {
  const urls = asList(document['@context'])
  if (urls.length === 0 || !urls.every((url) => typeof url === 'string')) return null
  const known = compiled.get(contexts) ?? new Map<string, ActiveContext | null>()
  compiled.set(contexts, known)
  const name = urls.join(' ')
  const active = known.get(name) ?? (await compile(urls, contexts))
  if (known.size < compiledLimit) known.set(name, active)
  return active && directQuads(document, active)
}

async function compile(urls: readonly string[], contexts: ContextDocuments): Promise<ActiveContext | null> {
  const documents = await Promise.all(
    urls.map((url) =>
      contexts
        .get(url)
        ?.load()
        .catch(() => undefined),
    ),
  )
  if (!documents.every((document) => document !== undefined)) return null
  const known = byDocuments.find(
    ({ list }) => list.length === documents.length && list.every((one, i) => one === documents[i]),
  )
  if (known !== undefined) return known.active
  const active = activeContextOf(documents)
  if (byDocuments.length < compiledLimit) byDocuments.push({ list: documents, active })
  return active
}

/** Lists of contexts that are kept: strangers choose their order, and each takes a tenth of a megabyte. */
const compiledLimit = 32
const compiled = new WeakMap<ContextDocuments, Map<string, ActiveContext | null>>()
const byDocuments: { readonly list: readonly JsonObject[]; readonly active: ActiveContext | null }[] = []

async function libraryNQuads(
  document: JsonObject,
  contexts: ContextDocuments,
  { digest = 'SHA-256', allowInlineContexts = false }: RdfcOptions,
): Promise<RdfcResult> {
  const inline = allowInlineContexts ? null : inlineContext(document)
  if (inline !== null) return { ok: false, fault: 'context_inline', detail: inline }
  if (valuesIn(document) > valueLimit) {
    return { ok: false, fault: 'too_much_work', detail: `more than ${valueLimit} values` }
  }
  return attempt(contexts, async (jsonld, options) => ({
    ok: true,
    nquads: await jsonld.canonize(document, {
      ...options,
      canonizeOptions: { maxDeepIterations, createMessageDigest: () => messageDigest(digest) },
    }),
  }))
}

/** Values of a document, those around others too: a hundred badges have about 15 000. The work grows faster than they do. */
const valueLimit = 20_000

function valuesIn(value: Json): number {
  let count = 0
  const waiting: Json[] = [value]
  for (let next = waiting.pop(); next !== undefined && count <= valueLimit; next = waiting.pop()) {
    count += 1
    if (typeof next === 'object' && next !== null)
      for (const inner of Object.values(next)) waiting.push(inner)
  }
  return count
}

export interface Skolemized {
  readonly ok: true
  /** One line for each statement, blank nodes under the names that `compact` gives them. */
  readonly nquads: readonly string[]
  /** The document in compact form, where every blank node has an id `urn:bnid:` and its name. */
  readonly compact: JsonObject
}

/** A document whose blank nodes have names, so that a part of it speaks of the same nodes as the whole. */
export async function skolemized(
  document: JsonObject,
  contexts: ContextDocuments,
): Promise<Skolemized | RdfcRefusal> {
  const inline = inlineContext(document)
  if (inline !== null) return { ok: false, fault: 'context_inline', detail: inline }
  // A node that bears such a name itself would become a blank node.
  if (JSON.stringify(document).includes(skolemPrefix)) {
    return { ok: false, fault: 'not_json_ld', detail: skolemPrefix }
  }
  return attempt(contexts, async (jsonld, options) => {
    const named = nameNodes(await jsonld.expand(document, options))
    const compact = await jsonld.compact(named, document['@context'] as Json, options)
    return { ok: true, nquads: linesOf(await jsonld.toRDF(named, options)), compact }
  })
}

/** The statements of a part of a skolemized document, one a line, blank nodes under their names. */
export const nquadsOfPart = (
  compact: JsonObject,
  contexts: ContextDocuments,
): Promise<{ readonly ok: true; readonly nquads: readonly string[] } | RdfcRefusal> =>
  attempt(contexts, async (jsonld, options) => ({
    ok: true,
    nquads: linesOf(await jsonld.toRDF(compact, options)),
  }))

export interface Canonized {
  readonly ok: true
  readonly nquads: readonly string[]
  /** Canonical labels of blank nodes (`c14n0`) by the names that they came with. */
  readonly labels: ReadonlyMap<string, string>
}

/** Statements in canonical form. */
export const canonizeLines = (nquads: readonly string[]): Promise<Canonized | RdfcRefusal> =>
  attempt(new Map(), async (jsonld) => {
    const ids = new Map<string, string>()
    const text = await jsonld.canonize(nquads.join(''), {
      inputFormat: 'application/n-quads',
      canonizeOptions: {
        canonicalIdMap: ids,
        maxDeepIterations,
        createMessageDigest: () => messageDigest('SHA-256'),
      },
    })
    const bare = (label: string) => label.replace(/^_:/, '')
    const labels = new Map([...ids].map(([name, label]) => [bare(name), bare(label)]))
    return { ok: true, nquads: splitLines(text), labels }
  })

/**
 * Steps spent on blank nodes that are alike and point at each other. The library's own bound grows with the document and is
 * too low for small ones; one step takes well under a millisecond.
 */
const maxDeepIterations = 1000

/** Lower-case hex of a text's digest. */
const hashes = {
  'SHA-256': sha256Hex,
  'SHA-384': (text: string) => toHex(sha384(utf8(text))),
} as const

/** Our own digests, which are there on pages without WebCrypto too; rdf-canonize's are not. */
function messageDigest(name: keyof typeof hashes) {
  let content = ''
  return {
    update(part: string) {
      content += part
    },
    digest: () => hashes[name](content),
  }
}

/** N-Quads as lines, each with its line break. */
export const splitLines = (nquads: string): readonly string[] => nquads.match(/.*\n/g) ?? []

/** The part of jsonld 9 that we call; its published types describe an older version. */
interface JsonLd {
  canonize(input: JsonObject | string, options: object): Promise<string>
  expand(input: JsonObject, options: object): Promise<readonly JsonObject[]>
  compact(input: readonly JsonObject[], context: Json, options: object): Promise<JsonObject>
  toRDF(input: JsonObject | readonly JsonObject[], options: object): Promise<string>
}

const safeOptions = {
  format: 'application/n-quads',
  /** Refuses whatever expansion would drop: VC Data Integrity 1.0, section 2.4.1. */
  safe: true,
  base: null,
} as const

async function attempt<Result>(
  contexts: ContextDocuments,
  act: (jsonld: JsonLd, options: typeof safeOptions & { documentLoader: unknown }) => Promise<Result>,
): Promise<Result | RdfcRefusal> {
  const { default: jsonld } = await import('jsonld')
  let missing: string | null = null
  const documentLoader = async (url: string) => {
    const known = await contexts
      .get(url)
      ?.load()
      .catch(() => undefined)
    if (known === undefined) {
      missing = url
      throw new Error(`no context for ${url}`)
    }
    return { contextUrl: undefined, documentUrl: url, document: known }
  }
  try {
    return await act(jsonld as unknown as JsonLd, { ...safeOptions, documentLoader })
  } catch (error) {
    if (missing !== null) return { ok: false, fault: 'context_not_at_hand', detail: missing }
    return { ok: false, ...faultOf(error) }
  }
}

/**
 * A member that gives words a meaning of its own, moves them elsewhere, or says by a URL what a term says; `null` where
 * there is none. RDFC signs what a
 * document says and not how, so with these a reader of the JSON could be shown something else than was signed.
 */
function inlineContext(document: JsonObject): string | null {
  const { '@context': context, proof, verifiableCredential, ...members } = document
  if (!asList(context).every((url) => typeof url === 'string')) return '@context'
  // A proof that a later one vouches for is signed with the contexts that it names, as JCS has them; each credential of a
  // presentation is a document with contexts of its own.
  const nested = [...asList(proof), ...asList(verifiableCredential)]
  const inside = nested.map((one) => (isObject(one) ? inlineContext(one) : keywordIn(one)))
  return keywordIn(members) ?? inside.find((found) => found !== null) ?? null
}

function keywordIn(value: Json): string | null {
  if (typeof value !== 'object' || value === null) return null
  for (const [name, member] of Object.entries(value)) {
    const found = isTerm(name, value) ? keywordIn(member) : name
    if (found !== null) return found
  }
  return null
}

/**
 * Whoever reads JSON looks for terms. What a term says can be said under its URL as well, `https://…#expiration` for
 * `expires`, and then the signature would stand and the reader miss it. Of keywords, those of texts and lists change nothing.
 */
const isTerm = (name: string, holder: object): boolean =>
  name.startsWith('@') ? plainKeywords.has(name) || Object.hasOwn(holder, '@value') : !name.includes(':')

const plainKeywords: ReadonlySet<string> = new Set(['@value', '@language', '@direction', '@list'])

/** VC Data Integrity ECDSA 1.0, section 3.4.11: skolem names are IRIs with this prefix. */
const skolemPrefix = 'urn:bnid:'

/**
 * Gives every node object of an expanded document a name, those that are called `_:…` too: jsonld labels what it makes
 * itself, the nodes of ordered lists, `_:b0` and on, and no name of ours may meet those.
 */
function nameNodes(expanded: readonly JsonObject[]): readonly JsonObject[] {
  let count = 0
  const fresh = () => `${skolemPrefix}_n${count++}`
  const names = new Map<string, string>()
  const nameOf = (label: string) => {
    const name = names.get(label) ?? fresh()
    names.set(label, name)
    return name
  }
  const named = (value: Json): Json => {
    if (Array.isArray(value)) return (value as readonly Json[]).map(named)
    if (!isObject(value) || value['@value'] !== undefined) return value
    const members = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, named(member)]))
    if (value['@list'] !== undefined) return members // a list is no node
    const id = value['@id']
    if (typeof id === 'string' && !id.startsWith('_:')) return members
    return { ...members, '@id': typeof id === 'string' ? nameOf(id) : fresh() }
  }
  return expanded.map((node) => named(node) as JsonObject)
}

/** Skolem names are blank nodes again. No literal has them: `skolemized` refuses such a document. */
const linesOf = (nquads: string): readonly string[] =>
  splitLines(nquads).map((line) => line.replaceAll(/<urn:bnid:([^>]+)>/g, '_:$1'))

function faultOf(error: unknown): { readonly fault: RdfcFault; readonly detail: string } {
  const {
    name = '',
    message = '',
    details,
  } = error as {
    name?: string
    message?: string
    details?: { event?: { code?: string } }
  }
  if (name === 'jsonld.ValidationError') {
    return { fault: 'data_loss', detail: details?.event?.code ?? 'a term that no context defines' }
  }
  if (/Maximum deep iterations|abort/i.test(message)) return { fault: 'too_much_work', detail: 'blank nodes' }
  return { fault: 'not_json_ld', detail: name }
}
