/** Controllers to documents; DIDs through did-resolver. Nothing here touches a network: what is no key itself answers from what was gathered. */
import { type DIDResolutionResult, type DIDResolver, Resolver } from 'did-resolver'
import { type ControllerId, type Did, isDid } from '../base/did-url.ts'
import type { Instant } from '../base/instant.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { jwkDocument } from './jwk.ts'
import { keyDocument } from './key.ts'

/**
 * Documents by DID or https address, as somebody brought them. For a did:webvh it is no document but its files: `{ id: did,
 * log, witnesses? }`, the texts of did.jsonl and did-witness.json; of these there may be several, which are judged together.
 */
export type GatheredDocuments = ReadonlyMap<string, JsonObject | readonly JsonObject[]>

export type DidFault =
  | 'did_malformed'
  | 'did_not_at_hand'
  | 'did_method_unknown'
  /** A did:webvh whose log does not hold or is another's. */
  | 'did_log_refused'
  /** A did:webvh with two logs that both hold, of which neither is how the other begins. */
  | 'did_log_forked'
  | 'did_deactivated'

export type Resolution =
  /** `self`: the identifier proves the document; `gathered`: whoever brought it is to be believed or not. */
  { readonly ok: true; readonly document: Json; readonly proven: Proven } | DidRefusal

type Proven = 'self' | 'gathered'

interface DidRefusal {
  readonly ok: false
  readonly fault: DidFault
}

export interface ResolveOptions {
  /** The moment of judging: the log of a did:webvh must not be of the future. */
  readonly now: Instant
}

/** Finds the document of a DID, or of an https address, which is its own and proves nothing itself. */
export async function resolveController(
  id: ControllerId,
  gathered: GatheredDocuments,
  options: ResolveOptions,
): Promise<Resolution> {
  if (isDid(id)) return resolveDid(id, gathered, options)
  const document = onlyOne(gathered.get(id))
  return document === null
    ? { ok: false, fault: 'did_not_at_hand' }
    : { ok: true, document, proven: 'gathered' }
}

/**
 * Finds the document of a DID.
 *
 * @example
 * const resolution = await resolveDid(did, new Map([[did, { id: did, log }]]), { now })
 */
export async function resolveDid(
  did: Did,
  gathered: GatheredDocuments,
  { now }: ResolveOptions,
): Promise<Resolution> {
  const resolvers: Readonly<Record<string, DIDResolver>> = {
    key: selfProven(keyDocument),
    jwk: selfProven(jwkDocument),
    web: fromGathered(gathered),
    webvh: fromLogs(gathered, now),
  }
  // The library would find `constructor` among its methods.
  if (!Object.hasOwn(resolvers, did.split(':')[1] as string))
    return { ok: false, fault: 'did_method_unknown' }
  const { didDocument, didResolutionMetadata } = await new Resolver(resolvers).resolve(did)
  if (didDocument === null) {
    return { ok: false, fault: faults[didResolutionMetadata.error as string] ?? 'did_malformed' }
  }
  const document = didDocument as unknown as Json
  return { ok: true, document, proven: did.startsWith('did:web:') ? 'gathered' : 'self' }
}

/** By what a resolver calls them. */
const faults: Readonly<Record<string, DidFault>> = {
  notFound: 'did_not_at_hand',
  logRefused: 'did_log_refused',
  logForked: 'did_log_forked',
  deactivated: 'did_deactivated',
}

const selfProven =
  (documentOf: (did: Did) => JsonObject | null): DIDResolver =>
  async (did) =>
    answer(documentOf(did as Did), 'invalidDid')

const fromGathered =
  (gathered: GatheredDocuments): DIDResolver =>
  async (did) =>
    answer(onlyOne(gathered.get(did)), 'notFound')

/** Of several documents of one name none is better than the other: which is meant is for the caller to say. */
const onlyOne = (documents: JsonObject | readonly JsonObject[] = []): JsonObject | null => {
  const [first, ...more] = [documents].flat()
  return more.length > 0 ? null : ((first as JsonObject | undefined) ?? null)
}

const fromLogs =
  (gathered: GatheredDocuments, now: Instant): DIDResolver =>
  async (did) => {
    const files = [gathered.get(did) ?? []]
      .flat()
      .flatMap(({ log, witnesses }: JsonObject) =>
        typeof log === 'string'
          ? [{ log, witnesses: typeof witnesses === 'string' ? witnesses : undefined }]
          : [],
      )
    if (files.length === 0) return answer(null, 'notFound')
    const { resolveLogs } = await import('./webvh.ts')
    const found = await resolveLogs(did, files, { now })
    if (found.ok) return answer(found.document, '')
    return answer(null, logErrors[found.fault] ?? 'logRefused')
  }

const logErrors: Readonly<Record<string, string>> = {
  did_malformed: 'invalidDid',
  did_deactivated: 'deactivated',
  witness_file_missing: 'notFound',
  log_forked: 'logForked',
}

const answer = (document: JsonObject | null, error: string): DIDResolutionResult => ({
  didResolutionMetadata: document === null ? { error } : { contentType: 'application/did+json' },
  didDocument: document as unknown as DIDResolutionResult['didDocument'],
  didDocumentMetadata: {},
})
