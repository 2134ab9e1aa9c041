/** Gathers from the network what a judgement will need, and judges nothing. */
import type { Bytes } from '../base/bytes.ts'
import { type Did, isControllerId, isDid } from '../base/did-url.ts'
import { type Fetch, type Fetched, type FetchFault, fetchJson, fetchText } from '../base/fetch.ts'
import { asList, isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { contextTable } from '../credential/contexts.ts'
import { documentUrl } from '../did/web.ts'
import { logUrl, namesWitnesses, witnessUrl } from '../did/webvh.ts'
import { logLimit } from '../did/webvh-log.ts'
import { witnessFileLimit } from '../did/webvh-witness.ts'
import type { Evidence, EvidenceItem, EvidenceKind } from './evidence.ts'

export interface Gathered extends Evidence {
  /** What could not be had: the judgement will say that it is missing. */
  readonly missed: readonly Missed[]
}

interface Missed {
  readonly url: string
  readonly fault: FetchFault | 'names_a_certificate' | 'not_an_object' | 'too_many'
}

/** What `gather` of the front door answers. */
export async function gather(
  sources: readonly (Bytes | string)[],
  { fetch }: { readonly fetch: Fetch },
): Promise<Gathered> {
  const credentials = sources
    .map((source) => parseJson(source))
    .flatMap((parsed) => (parsed.ok && isObject(parsed.value) ? [parsed.value] : []))
  const wanted = new Map<string, Wanted>(
    credentials.flatMap(wantedBy).map((one) => [`${one.kind} ${one.url}`, one]),
  )
  const secrets = credentials.flatMap(namesOf)
  const items: EvidenceItem[] = []
  const missed: Missed[] = []
  for (const [i, { kind, url, fetchUrl }] of [...wanted.values()].entries()) {
    const miss = (fault: Missed['fault']) => missed.push({ url: fetchUrl, fault })
    if (i >= documentLimit) {
      miss('too_many')
      continue
    }
    if (secrets.some((name) => fetchUrl.toLowerCase().includes(name))) {
      miss('names_a_certificate')
      continue
    }
    const answer = await (isDid(url) && logUrl(url) === fetchUrl
      ? fetchLog(url, fetch, (fault, at) => missed.push({ url: at, fault }))
      : fetchJson(fetchUrl, fetch))
    if (!answer.ok) miss(answer.fault)
    else if (!isObject(answer.value)) miss('not_an_object')
    else items.push({ kind, url, document: answer.value })
  }
  return { items, missed }
}

/** Documents that one call asks for at most. */
const documentLimit = 256

interface Wanted {
  readonly kind: EvidenceKind
  /** By which name documents refer to it. */
  readonly url: string
  readonly fetchUrl: string
}

function wantedBy(credential: JsonObject): readonly Wanted[] {
  const issuer = isObject(credential.issuer) ? credential.issuer.id : credential.issuer
  const issuerUrl = issuerDocumentUrl(issuer)
  const lists = [...asList(credential.credentialStatus), ...asList(credential.supplementaryStatus)]
    .filter(isObject)
    .flatMap(({ statusListCredential: url }) =>
      typeof url === 'string' && url.startsWith('https:') ? [url] : [],
    )
  const known = contextTable()
  const contexts = asList(credential['@context']).filter(
    (url): url is string => typeof url === 'string' && url.startsWith('https:') && !known.has(url),
  )
  return [
    ...(issuerUrl === null
      ? []
      : [{ kind: 'did-document', url: issuer as string, fetchUrl: issuerUrl } as const]),
    ...lists.map((url) => ({ kind: 'status-list', url, fetchUrl: withoutFragment(url) }) as const),
    ...contexts.map((url) => ({ kind: 'context', url, fetchUrl: withoutFragment(url) }) as const),
  ]
}

/** Where the keys of an issuer stand; `null` where the identifier holds them itself or none may be asked. */
function issuerDocumentUrl(issuer: Json | undefined): string | null {
  if (isDid(issuer)) return documentUrl(issuer) ?? logUrl(issuer)
  return isControllerId(issuer) ? issuer : null
}

/** Both files of a did:webvh as one object; without the second, verification will say that it is missing. */
async function fetchLog(
  did: Did,
  fetch: Fetch,
  miss: (fault: FetchFault, url: string) => void,
): Promise<Fetched> {
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
function namesOf({ id, credentialSubject }: JsonObject): readonly string[] {
  const subject = isObject(credentialSubject) ? credentialSubject : {}
  const names = [id, subject.id, subject.licenseNumber].filter((name) => typeof name === 'string')
  return names
    .map((name) => name.replace(/^urn:uuid:/, ''))
    .filter((name) => name.length >= 6)
    .flatMap((name) => [name, encodeURI(name), encodeURIComponent(name)])
    .map((name) => name.toLowerCase())
}
