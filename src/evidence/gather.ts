/** Gathers from the network what a judgement will need, and judges nothing. */
import type { Bytes } from '../base/bytes.ts'
import { type ControllerId, type Did, isControllerId, isDid, isUrl } from '../base/did-url.ts'
import { type Fetch, type Fetched, type FetchFault, fetchJson, fetchText } from '../base/fetch.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import { asList, isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { certificateTypes } from '../certificate/certificate.ts'
import { gradeCertificateVct } from '../credential/claims.ts'
import { contextTable } from '../credential/contexts.ts'
import {
  gradeCertificateSchemaSri,
  gradeCertificateSchemaUrl,
  openBadgesSchemaUrl,
} from '../credential/schemas.ts'
import { documentUrl, siteUrl } from '../did/web.ts'
import { logUrl, namesWitnesses, witnessUrl } from '../did/webvh.ts'
import { logLimit } from '../did/webvh-log.ts'
import { witnessFileLimit } from '../did/webvh-witness.ts'
import { openText } from '../securing/open.ts'
import { issuerMetadataUrl } from '../securing/sd-jwt-vc.ts'
import type { Evidence, EvidenceItem, EvidenceKind } from './evidence.ts'

export interface Gathered extends Evidence {
  /** What could not be had: the judgement will say that it is missing. */
  readonly missed: readonly Missed[]
}

export interface Missed {
  readonly url: string
  readonly fault:
    | FetchFault
    | 'names_a_certificate'
    | 'not_an_object'
    | 'too_many'
    | 'older_than_before'
    | 'another_document'
}

/**
 * Fetches for some credentials and presentations, in any form: documents, logs and lists of keys of issuers and holders,
 * whole status lists, schemas, and the agency's copy of our context. No address that names a certificate is asked: an
 * issuer does not learn whose certificate is being checked.
 */
export async function gather(
  sources: readonly (Bytes | string)[],
  options: GatherOptions,
): Promise<Gathered> {
  const { now = instantAt(Date.now()) } = options
  const fetch = bounded(options.fetch)
  const documents = (await Promise.all(sources.map(documentsIn))).flat()
  const wanted = new Map<string, Wanted>()
  const want = (list: readonly Wanted[]) => {
    for (const one of list) wanted.set(`${one.kind} ${one.url}`, one)
  }
  for (const stated of documents) want(await wantedBy(stated))
  const secrets = new Set(documents.flatMap(({ document }) => namesOf(document)))
  const items: EvidenceItem[] = []
  const missed: Missed[] = []
  let count = 0
  // Schemas that are credentials add what they want while the list is gone through.
  for (const one of wanted.values()) {
    const { kind, url, fetchUrl } = one
    const miss = (fault: Missed['fault'], at = fetchUrl) => missed.push({ url: at, fault })
    count += 1
    if (count > documentLimit) {
      miss('too_many')
      continue
    }
    if (namesCertificate(one, secrets)) {
      miss('names_a_certificate')
      continue
    }
    const answer = await fetchOne(one, fetch, miss)
    if (!answer.ok) {
      if (!one.isOptional) miss(answer.fault)
    } else if (!isObject(answer.value)) miss('not_an_object')
    else {
      items.push({ kind, url, document: answer.value, got: { at: now, from: fetchUrl } })
      if (kind === 'schema') want((await documentsIn(String(answer.value.text))).flatMap(wantedByAuthor))
    }
  }
  return { items, missed }
}

export interface GatherOptions {
  readonly fetch: Fetch
  /** When it happens, for the record; now by default. */
  readonly now?: Instant | undefined
}

/** Documents that one call asks for at most. */
export const documentLimit = 256
/** Requests to one host in one call, redirections included. */
const hostLimit = 64
/** Milliseconds for everything that one call asks for. */
const totalTime = 120_000

/** Bytes of all answers of one call: they are to be kept in one file, of at most 64 MiB, that can be read again. */
const totalBytes = 50_331_648

/** A `fetch` that asks no host too often, and ends in time and size, whatever was written into certificates. */
export function bounded(fetch: Fetch): Fetch {
  const asked = new Map<string, number>()
  const signal = AbortSignal.timeout(totalTime)
  let bytes = 0
  return async (url, options) => {
    const { hostname } = new URL(url)
    const count = (asked.get(hostname) ?? 0) + 1
    asked.set(hostname, count)
    if (count > hostLimit) throw new RangeError('too many requests to one host')
    const response = await fetch(url, { ...options, signal: AbortSignal.any([options.signal, signal]) })
    if (!response.ok || response.body === null) return response
    const counted = new TransformStream<Bytes, Bytes>({
      transform(part, controller) {
        bytes += part.length
        if (bytes > totalBytes) controller.error(new RangeError('too many bytes in one call'))
        else controller.enqueue(part)
      },
    })
    return new Response(response.body.pipeThrough(counted), { status: response.status })
  }
}

/** Credentials of one presentation that are looked into. */
const credentialLimit = 100

interface Wanted {
  readonly kind: EvidenceKind
  /** By which name documents refer to it. */
  readonly url: string
  readonly fetchUrl: string
  /** The party whose own document it is, where that presents a certificate and so knows of it. */
  readonly presents?: boolean
  /** What only some have: nobody is told where it is not there. */
  readonly isOptional?: boolean
}

/** What a text states and whose keys it names, as far as it can be taken apart; nothing in it is believed. */
interface Stated {
  readonly document: JsonObject
  /** URLs of the keys that are named for its signatures. */
  readonly methods: readonly string[]
}

/** The document of a text in any form, as credential and as presentation, and the credentials in it. */
async function documentsIn(source: Bytes | string): Promise<readonly Stated[]> {
  const presentation = await statedBy(source, 'presentation')
  const inside = asList(presentation?.document.verifiableCredential)
    .filter(isObject)
    .slice(0, credentialLimit)
  const texts = [source, ...inside.map((credential) => JSON.stringify(credential))]
  const credentials = await Promise.all(texts.map((text) => statedBy(text, 'credential')))
  return [presentation, ...credentials].filter((stated) => stated !== null)
}

async function statedBy(source: Bytes | string, kind: 'credential' | 'presentation'): Promise<Stated | null> {
  const text = await openText(source, { kind })
  if (!text.ok) return null
  const { opening } = text
  if (!opening.ok) return { document: opening.document, methods: [] }
  const { document, signatures } = opening.opened
  return { document, methods: signatures.flatMap(({ key }) => (key.by === 'method' ? [key.url] : [])) }
}

/** An address with the name of a certificate in it, unless it is the document of who presents that certificate. */
function namesCertificate({ url, fetchUrl, presents }: Wanted, secrets: ReadonlySet<string>): boolean {
  const address = fetchUrl.toLowerCase()
  const own = presents ? encodings(url) : []
  return [...secrets].some((name) => address.includes(name) && !own.includes(name))
}

async function wantedBy(stated: Stated): Promise<readonly Wanted[]> {
  const { document } = stated
  const known = contextTable()
  const contexts = asList(document['@context'])
    .filter(isHttps)
    .filter((url) => !known.has(url))
  return [
    ...wantedByAuthor(stated),
    ...historyOf(document),
    ...statusListsOf(document),
    ...contexts.map((url) => ({ kind: 'context', url, fetchUrl: withoutFragment(url) }) as const),
    ...(await schemasOf(document)),
  ]
}

/** Where the keys of who signed stand: an issuer, or the holder of a presentation, who need not be named. */
function wantedByAuthor({ document, methods }: Stated): readonly Wanted[] {
  const { issuer, holder, iss, type } = document
  if (asList(type).includes('VerifiablePresentation')) {
    const [method] = methods
    return keysOf(idOf(holder) ?? method?.split('#')[0]).map((one) => ({ ...one, presents: true }))
  }
  return isClaims(document) ? [...metadataOf(iss), ...(isDid(iss) ? keysOf(iss) : [])] : keysOf(idOf(issuer))
}

/** An SD-JWT VC is no document of VCDM: its issuer is a claim. */
const isClaims = (document: JsonObject): boolean =>
  document.vct !== undefined && document['@context'] === undefined

const idOf = (value: Json | undefined): Json | undefined => (isObject(value) ? value.id : value)

function keysOf(controller: Json | undefined): readonly Wanted[] {
  if (!isControllerId(controller)) return []
  const fetchUrl = documentUrlOf(controller)
  if (fetchUrl === null) return []
  return [{ kind: 'did-document', url: controller, fetchUrl }]
}

/** What our agencies tell of their keys, beside their lists. */
function historyOf({ issuer, type, iss, vct }: JsonObject): readonly Wanted[] {
  const isOurs = vct === gradeCertificateVct || certificateTypes.some((name) => asList(type).includes(name))
  const agency = idOf(issuer) ?? iss
  const fetchUrl = isOurs && isDid(agency) ? historyUrlOf(agency) : null
  return fetchUrl === null ? [] : [{ kind: 'key-history', url: agency as Did, fetchUrl, isOptional: true }]
}

/** Where an agency publishes the history of its keys; `null` where it has no site. */
export function historyUrlOf(agency: Did): string | null {
  const site = siteUrl(agency)
  return site === null ? null : `${site}/key-history.jsonl`
}

/** Where the keys of a controller stand; `null` where the identifier holds them itself or none may be asked. */
export const documentUrlOf = (controller: ControllerId): string | null =>
  isDid(controller) ? (documentUrl(controller) ?? logUrl(controller)) : controller

function metadataOf(iss: Json | undefined): readonly Wanted[] {
  const fetchUrl = isControllerId(iss) ? issuerMetadataUrl(iss) : null
  return fetchUrl === null ? [] : [{ kind: 'issuer-metadata', url: iss as string, fetchUrl }]
}

function statusListsOf(document: JsonObject): readonly Wanted[] {
  if (isClaims(document)) {
    const { status_list: list } = isObject(document.status) ? document.status : {}
    const uri = isObject(list) ? list.uri : undefined
    return isHttps(uri) ? [{ kind: 'token-status-list', url: uri, fetchUrl: withoutFragment(uri) }] : []
  }
  return [...asList(document.credentialStatus), ...asList(document.supplementaryStatus)]
    .filter(isObject)
    .map(({ statusListCredential }) => statusListCredential)
    .filter(isHttps)
    .map((url) => ({ kind: 'status-list', url, fetchUrl: withoutFragment(url) }))
}

/** Schemas that a judgement looks into, and does not know. */
async function schemasOf({ credentialSchema }: JsonObject): Promise<readonly Wanted[]> {
  if (credentialSchema === undefined) return []
  const { readSchemaEntry } = await import('../credential/json-schema.ts')
  return asList(credentialSchema)
    .map(readSchemaEntry)
    .flatMap((entry) => {
      const isWanted =
        entry !== null &&
        entry.kind !== 'other' &&
        isHttps(entry.id) &&
        entry.digestSRI !== gradeCertificateSchemaSri &&
        !knownSchemas.includes(entry.id)
      return isWanted ? [{ kind: 'schema', url: entry.id, fetchUrl: withoutFragment(entry.id) }] : []
    })
}

const knownSchemas: readonly string[] = [gradeCertificateSchemaUrl, openBadgesSchemaUrl]

/** Whether it can be asked, and then be kept in a file of evidence. */
const isHttps = (url: Json | undefined): url is string => isUrl(url) && url.startsWith('https:')

type Miss = (fault: FetchFault, url: string) => void

/** What is no JSON document stands under its name in one. */
export async function fetchOne(
  { kind, url, fetchUrl }: Pick<Wanted, 'kind' | 'url' | 'fetchUrl'>,
  fetch: Fetch,
  miss: Miss,
): Promise<Fetched> {
  if (kind === 'token-status-list') {
    // Token Status List, section 8.1.
    const accept = 'application/statuslist+jwt'
    const token = await fetchText(fetchUrl, fetch, { maxBytes: tokenLimit, accept })
    return token.ok ? { ok: true, value: { id: url, token: token.value.replace(/\r?\n$/, '') } } : token
  }
  if (kind === 'schema') {
    const text = await fetchText(fetchUrl, fetch, { maxBytes: schemaLimit })
    return text.ok ? { ok: true, value: { id: url, text: text.value } } : text
  }
  if (kind === 'key-history') {
    const text = await fetchText(fetchUrl, fetch, { maxBytes: historyLimit })
    return text.ok ? { ok: true, value: { id: url, entries: entriesIn(text.value) } } : text
  }
  return isDid(url) && logUrl(url) === fetchUrl ? fetchLog(url, fetch, miss) : fetchJson(fetchUrl, fetch)
}

/** Bytes; more is refused where they are read. */
const tokenLimit = 16_777_216
const schemaLimit = 262_144
const historyLimit = 4_194_304

/** One JSON object a line; a line that is none is left out, and the history does not hold without it. */
function entriesIn(text: string): readonly Json[] {
  return text.split('\n').flatMap((line) => {
    const parsed = parseJson(line)
    return parsed.ok && isObject(parsed.value) ? [parsed.value] : []
  })
}

/** Both files of a did:webvh as one object; without the second, verification will say that it is missing. */
async function fetchLog(did: Did, fetch: Fetch, miss: Miss): Promise<Fetched> {
  const log = await fetchText(logUrl(did) as string, fetch, { maxBytes: logLimit })
  if (!log.ok || !namesWitnesses(log.value)) {
    return log.ok ? { ok: true, value: { id: did, log: log.value } } : log
  }
  const url = witnessUrl(did) as string
  const witnesses = await fetchText(url, fetch, { maxBytes: witnessFileLimit })
  if (!witnesses.ok) miss(witnesses.fault, url)
  return {
    ok: true,
    value: { id: did, log: log.value, ...(witnesses.ok && { witnesses: witnesses.value }) },
  }
}

const withoutFragment = (url: string): string => url.split('#')[0] as string

/** What would give a certificate away in a URL: its number and the random part of its ids, as they are and encoded. */
function namesOf(document: JsonObject): readonly string[] {
  const { id, credentialSubject, jti, sub, certificate_number: number, id_number: idNumber } = document
  const subjects = asList(credentialSubject).filter(isObject)
  const names = isClaims(document)
    ? [jti, sub, number, idNumber]
    : [id, ...subjects.flatMap((subject) => [subject.id, subject.licenseNumber])]
  return names.filter((name) => typeof name === 'string').flatMap(encodings)
}

function encodings(name: string): readonly string[] {
  const told = name.replace(/^urn:uuid:/, '')
  if (told.length < 6) return []
  return [told, encodeURI(told), encodeURIComponent(told)].map((text) => text.toLowerCase())
}
