/**
 * What the Verifiable Credentials Data Model asks of a document's shape: one row per rule, for credentials and
 * presentations of version 2.0, and the few that let a credential of version 1.1 be verified.
 *
 * Not here, since no document shows it by itself: whether every term and type maps to a URL (VCDM-2, VCDM-12, VCDM-19;
 * the safe canonicalisation of `securing/` refuses what does not) and whether it is secured (VCDM-16).
 */
import { isUrl } from '../base/did-url.ts'
import { epochOf } from '../base/instant.ts'
import { asList, isObject, type Json, type JsonObject } from '../base/json.ts'
import { contextUrls } from './contexts.ts'
import { relatedResourceShapeFault } from './related-resource.ts'

export type ConformanceRule =
  | 'VCDM-1'
  | 'VCDM-2'
  | 'VCDM-3'
  | 'VCDM-4'
  | 'VCDM-5'
  | 'VCDM-6'
  | 'VCDM-7'
  | 'VCDM-8'
  | 'VCDM-9'
  | 'VCDM-10'
  | 'VCDM-12'
  | 'VCDM-13'
  | 'VCDM-14'
  | 'VCDM-15'

export interface ConformanceFault {
  readonly rule: ConformanceRule
  /** JSON Pointer to what is wrong, or to where something is missing. */
  readonly pointer: string
  readonly problem: string
}

export type DocumentKind = 'credential' | 'presentation'

/** The version of the data model that the first context states; `null` where it is another or none. */
export function versionOf({ '@context': contexts }: JsonObject): '2.0' | '1.1' | null {
  const first = Array.isArray(contexts) ? (contexts[0] as Json | undefined) : undefined
  if (first === contextUrls['credentials/v2']) return '2.0'
  return first === contextUrls['credentials/v1'] ? '1.1' : null
}

/** The first rule that a document breaks, in the order of the rules; `null` where it keeps them all. */
export const conformanceFault = (document: JsonObject, kind: DocumentKind): ConformanceFault | null =>
  conformanceFaults(document, kind)[0] ?? null

/** Every rule that a document breaks, each with the first place. A version that is not 1.1 is judged as 2.0. */
export function conformanceFaults(document: JsonObject, kind: DocumentKind): readonly ConformanceFault[] {
  const rules = isEnvelope(document) ? envelopeRules : rulesFor[versionOf(document) ?? '2.0'][kind]
  return rules.flatMap(({ rule, check }) => {
    const found = check(document)
    return found === null ? [] : [{ rule, pointer: found[0], problem: found[1] }]
  })
}

/** The period that a document states for itself, in the words of its version; not yet looked at. */
export function datesOf(document: JsonObject): {
  readonly from: string | undefined
  readonly until: string | undefined
} {
  const [from, until] = dateNames[versionOf(document) ?? '2.0']
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : undefined)
  return { from: text(document[from]), until: text(document[until]) }
}

export interface ContextsFault {
  /** `context_not_at_hand`: a URL that we do not know; nothing can be said before its content is there. */
  readonly fault: 'context_not_accepted' | 'context_not_at_hand'
  readonly pointer: string
  readonly problem: string
}

/**
 * DI-9: whether a document means what its JSON says: all contexts are known ones, named by URL and at the top only. A
 * context inside, or a keyword that moves values, could give the same signature another meaning (standards, trap 2). The
 * proof has contexts of its own under JCS, and so has each credential of a presentation.
 */
export function contextsFault(
  document: JsonObject,
  contexts: { readonly has: (url: string) => boolean },
): ContextsFault | null {
  const refused = (pointer: string, problem: string): ContextsFault => ({
    fault: 'context_not_accepted',
    pointer,
    problem,
  })
  const { '@context': named, proof: _, ...members } = document
  const urls = isEnvelope(document) ? asList(named) : named
  if (!Array.isArray(urls) || urls.length === 0) return refused('/@context', 'not a list of contexts')
  const inline = urls.findIndex((url) => typeof url !== 'string')
  if (inline >= 0) return refused(`/@context/${inline}`, 'an inline context')
  const isPresentation = asList(document.type).includes('VerifiablePresentation')
  const { verifiableCredential, ...others } = members
  const inside = keywordInside(isPresentation ? others : members, '')
  if (inside !== null) return refused(inside, 'a keyword of JSON-LD that changes what stands beside it')
  const unknown = urls.findIndex((url) => !contexts.has(url as string))
  if (unknown >= 0) {
    return {
      fault: 'context_not_at_hand',
      pointer: `/@context/${unknown}`,
      problem: String(urls[unknown]).slice(0, 300),
    }
  }
  if (!isPresentation || verifiableCredential === undefined) return null
  for (const [pointer, credential] of itemsOf(document, 'verifiableCredential')) {
    const found = isObject(credential) ? contextsFault(credential, contexts) : null
    if (found !== null) return { ...found, pointer: `${pointer}${found.pointer}` }
  }
  return null
}

/** Keywords that define terms or put values elsewhere. */
const movingKeywords: ReadonlySet<string> = new Set([
  '@context',
  '@vocab',
  '@base',
  '@import',
  '@nest',
  '@included',
  '@reverse',
  '@graph',
  '@propagate',
  '@protected',
])

function keywordInside(value: Json, pointer: string): string | null {
  if (typeof value !== 'object' || value === null) return null
  for (const [name, member] of Object.entries(value as JsonObject)) {
    const at = `${pointer}/${escaped(name)}`
    if (!Array.isArray(value) && movingKeywords.has(name)) return at
    const found = keywordInside(member, at)
    if (found !== null) return found
  }
  return null
}

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** Where, and what. */
type Found = readonly [pointer: string, problem: string] | null

interface Rule {
  readonly rule: ConformanceRule
  readonly check: (document: JsonObject) => Found
}

const row = (rule: ConformanceRule, check: Rule['check']): Rule => ({ rule, check })

const dateNames = {
  '2.0': ['validFrom', 'validUntil'],
  '1.1': ['issuanceDate', 'expirationDate'],
} as const

const credentialRules: readonly Rule[] = [
  row('VCDM-1', (document) => contextListFault(document, contextUrls['credentials/v2'])),
  row('VCDM-2', (document) => typesFault(document, 'VerifiableCredential')),
  row('VCDM-3', typeFault),
  row('VCDM-4', idFault),
  row('VCDM-5', issuerFault),
  row('VCDM-6', subjectFault),
  row('VCDM-7', (document) => periodFault(document, dateNames['2.0'])),
  row('VCDM-8', entriesFault),
  row('VCDM-9', languageFault),
  row('VCDM-10', relatedFault),
  row('VCDM-12', undefinedTermsFault),
  row('VCDM-13', leftoverFault),
]

const presentationRules: readonly Rule[] = [
  row('VCDM-1', (document) => contextListFault(document, contextUrls['credentials/v2'])),
  row('VCDM-2', (document) => typesFault(document, 'VerifiablePresentation')),
  row('VCDM-3', typeFault),
  row('VCDM-4', idFault),
  row('VCDM-12', undefinedTermsFault),
  row('VCDM-14', presentationFault),
  row('VCDM-15', envelopesInside),
]

const envelopeRules: readonly Rule[] = [row('VCDM-15', envelopeFault)]

/** Version 1.1 is read and not written, so only what a verifier relies on. */
const credentialRules11: readonly Rule[] = [
  row('VCDM-1', (document) => contextListFault(document, contextUrls['credentials/v1'])),
  row('VCDM-2', (document) => typesFault(document, 'VerifiableCredential')),
  row('VCDM-3', typeFault),
  row('VCDM-4', idFault),
  row('VCDM-5', issuerFault),
  row('VCDM-6', subjectFault),
  row('VCDM-7', periodFault11),
  row('VCDM-8', entriesFault),
]

const presentationRules11: readonly Rule[] = [
  row('VCDM-1', (document) => contextListFault(document, contextUrls['credentials/v1'])),
  row('VCDM-2', (document) => typesFault(document, 'VerifiablePresentation')),
  row('VCDM-3', typeFault),
  row('VCDM-4', idFault),
  row('VCDM-14', presentationFault),
]

const rulesFor: Readonly<Record<'2.0' | '1.1', Readonly<Record<DocumentKind, readonly Rule[]>>>> = {
  '2.0': { credential: credentialRules, presentation: presentationRules },
  '1.1': { credential: credentialRules11, presentation: presentationRules11 },
}

function contextListFault({ '@context': contexts }: JsonObject, base: string): Found {
  if (!Array.isArray(contexts)) return ['/@context', 'not a list']
  if (contexts[0] !== base) return ['/@context/0', `not ${base}`]
  const wrong = contexts.findIndex((context) => !isUrl(context) && !isObject(context))
  return wrong < 0 ? null : [`/@context/${wrong}`, 'neither a URL nor an object']
}

function typesFault({ type }: JsonObject, required: string): Found {
  if (!isTypes(type)) return ['/type', 'not one or more names']
  return asList(type).includes(required) ? null : ['/type', `does not say ${required}`]
}

const isName = (value: Json): boolean => typeof value === 'string' && value !== ''

function isTypes(value: Json | undefined): boolean {
  const names = asList(value)
  return names.length > 0 && names.every(isName)
}

const typed = [
  'credentialStatus',
  'credentialSchema',
  'refreshService',
  'termsOfUse',
  'evidence',
  'proof',
  'renderMethod',
  'confidenceMethod',
] as const

function typeFault(document: JsonObject): Found {
  for (const [pointer, item] of typed.flatMap((name) => itemsOf(document, name))) {
    if (!isObject(item)) return [pointer, 'not an object']
    if (!isTypes(item.type)) return [`${pointer}/type`, 'no type']
  }
  return null
}

/** Members of a property, each with its pointer. */
function itemsOf(document: JsonObject, name: string): readonly (readonly [pointer: string, item: Json])[] {
  const value = document[name]
  return Array.isArray(value)
    ? value.map((item: Json, i) => [`/${name}/${i}`, item] as const)
    : asList(value).map((item) => [`/${name}`, item] as const)
}

const identified = [
  'credentialSubject',
  'credentialStatus',
  'credentialSchema',
  'refreshService',
  'termsOfUse',
  'evidence',
  'relatedResource',
] as const

function idFault(document: JsonObject): Found {
  const places = identified.flatMap((name) => itemsOf(document, name))
  for (const [pointer, item] of [['', document] as const, ...places]) {
    if (isObject(item) && item.id !== undefined && !isUrl(item.id)) return [`${pointer}/id`, 'not one URL']
  }
  return null
}

function issuerFault({ issuer }: JsonObject): Found {
  if (issuer === undefined) return ['/issuer', 'missing']
  if (isObject(issuer)) return isUrl(issuer.id) ? null : ['/issuer/id', 'not a URL']
  return isUrl(issuer) ? null : ['/issuer', 'neither a URL nor an object with one']
}

function subjectFault(document: JsonObject): Found {
  const subjects = itemsOf(document, 'credentialSubject')
  if (subjects.length === 0) return ['/credentialSubject', 'missing']
  const empty = subjects.find(([, subject]) => !isObject(subject) || Object.keys(subject).length === 0)
  return empty === undefined ? null : [empty[0], 'not an object that says something']
}

function periodFault(document: JsonObject, names: readonly [from: string, until: string]): Found {
  for (const name of names) {
    const value = document[name]
    if (value !== undefined && epochOfDate(value) === null) return [`/${name}`, 'not a dateTimeStamp']
  }
  const [from, until] = names.map((name) => epochOfDate(document[name]))
  return typeof from === 'number' && typeof until === 'number' && from > until
    ? [`/${names[1]}`, `before ${names[0]}`]
    : null
}

function periodFault11(document: JsonObject): Found {
  if (document.issuanceDate === undefined) return ['/issuanceDate', 'missing']
  return periodFault(document, dateNames['1.1'])
}

const epochOfDate = (value: Json | undefined): number | null =>
  typeof value === 'string' ? epochOf(value) : null

function entriesFault(document: JsonObject): Found {
  for (const name of ['credentialSchema', 'credentialStatus'] as const) {
    if (document[name] === undefined) continue
    const entries = itemsOf(document, name)
    if (entries.length === 0) return [`/${name}`, 'an empty list']
    const needsId = name === 'credentialSchema' || versionOf(document) === '1.1'
    for (const [pointer, entry] of entries) {
      if (!isObject(entry)) return [pointer, 'not an object']
      if (!isTypes(entry.type)) return [`${pointer}/type`, 'no type']
      if (needsId && !isUrl(entry.id)) return [`${pointer}/id`, 'not a URL']
    }
  }
  return null
}

function languageFault(document: JsonObject): Found {
  const { issuer } = document
  const holders: readonly (readonly [string, JsonObject])[] = [
    ['', document],
    ...(isObject(issuer) ? [['/issuer', issuer] as const] : []),
  ]
  for (const [at, holder] of holders) {
    for (const name of ['name', 'description'] as const) {
      if (typeof holder[name] === 'string') continue
      const wrong = itemsOf(holder, name).find(([, value]) => !isLanguageObject(value))
      if (wrong !== undefined) return [`${at}${wrong[0]}`, 'neither a text nor a language object']
    }
  }
  return null
}

const languageNames: ReadonlySet<string> = new Set(['@value', '@language', '@direction'])

/** Whether the value has `@value` and at most language and direction beside it. */
function isLanguageObject(value: Json): boolean {
  if (!isObject(value) || typeof value['@value'] !== 'string') return false
  const { '@language': language, '@direction': direction } = value
  return (
    Object.keys(value).every((name) => languageNames.has(name)) &&
    (language === undefined || (typeof language === 'string' && languageTag.test(language))) &&
    (direction === undefined || direction === 'ltr' || direction === 'rtl')
  )
}

/** BCP 47, as far as JSON-LD asks for it: parts of letters and digits. */
const languageTag = /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,16}$/

function relatedFault(document: JsonObject): Found {
  const found = relatedResourceShapeFault(document)
  return found && [found.pointer, found.problem]
}

/** VCDM-12 as far as a list shows it: what defines the undefined stands last, so that it changes no term before. */
function undefinedTermsFault({ '@context': contexts }: JsonObject): Found {
  const list = asList(contexts)
  const at = list.indexOf(contextUrls['credentials/undefined-terms/v2'])
  return at < 0 || at === list.length - 1 ? null : [`/@context/${at}`, 'not the last context']
}

function leftoverFault(document: JsonObject): Found {
  const leftover = dateNames['1.1'].find((name) => document[name] !== undefined)
  return leftover === undefined ? null : [`/${leftover}`, 'a term of version 1.1']
}

function presentationFault(document: JsonObject): Found {
  const { holder } = document
  if (holder !== undefined && !isUrl(holder) && !(isObject(holder) && isUrl(holder.id))) {
    return ['/holder', 'neither a URL nor an object with one']
  }
  const holderId = isObject(holder) ? holder.id : holder
  for (const [pointer, credential] of itemsOf(document, 'verifiableCredential')) {
    if (!isObject(credential)) return [pointer, 'not an object']
    if (isEnvelope(credential)) continue
    if (!asList(credential.type).includes('VerifiableCredential')) {
      return [`${pointer}/type`, 'does not say VerifiableCredential']
    }
    // Only the presentation's proof can secure it, so only the holder can have issued it.
    const issuer = isObject(credential.issuer) ? credential.issuer.id : credential.issuer
    if (credential.proof === undefined && (holderId === undefined || issuer !== holderId)) {
      return [pointer, "neither secured nor of the presentation's holder"]
    }
  }
  return null
}

function envelopesInside(document: JsonObject): Found {
  for (const [pointer, item] of itemsOf(document, 'verifiableCredential')) {
    const found = isObject(item) && isEnvelope(item) ? envelopeFault(item) : null
    if (found !== null) return [`${pointer}${found[0]}`, found[1]]
  }
  return null
}

/** What each type of envelope may hold. */
const envelopes: Readonly<Record<string, RegExp>> = {
  EnvelopedVerifiableCredential:
    /^data:application\/(?:vc\+jwt|vc\+sd-jwt|dc\+sd-jwt|vc\+cose(?:;base64)?),[^\s,]+$/,
  EnvelopedVerifiablePresentation: /^data:application\/(?:vp\+jwt|vp\+sd-jwt|vp\+cose(?:;base64)?),[^\s,]+$/,
}

const isEnvelope = ({ type }: JsonObject): boolean =>
  asList(type).some((name) => typeof name === 'string' && Object.hasOwn(envelopes, name))

/** An envelope says nothing but what is in it, so its own context may be one text. */
function envelopeFault(envelope: JsonObject): Found {
  if (asList(envelope['@context'])[0] !== contextUrls['credentials/v2']) {
    return ['/@context', `does not start with ${contextUrls['credentials/v2']}`]
  }
  const types = asList(envelope.type)
  if (types.length !== 1) return ['/type', 'not one type']
  const { id } = envelope
  return typeof id === 'string' && envelopes[types[0] as string]?.test(id) === true
    ? null
    : ['/id', 'not a data: URL of a media type for it']
}
