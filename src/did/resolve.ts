/** Controllers to documents; DIDs through did-resolver. Nothing here touches a network: what is no key itself answers from what was gathered. */
import { type DIDResolutionResult, type DIDResolver, Resolver } from 'did-resolver'
import { type ControllerId, type Did, isDid } from '../base/did-url.ts'
import type { Instant } from '../base/instant.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { jwkDocument } from './jwk.ts'
import { keyDocument } from './key.ts'

/**
 * Documents by DID or https address, as somebody brought them. For a did:webvh it is no document but its files: `{ id: did, log,
 * witnesses? }`, the texts of did.jsonl and did-witness.json.
 */
export type GatheredDocuments = ReadonlyMap<string, JsonObject>

export type DidFault =
  | 'did_malformed'
  | 'did_not_at_hand'
  | 'did_method_unknown'
  /** A did:webvh whose log does not hold or is another's. */
  | 'did_log_refused'
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
  /** The moment of judging. A did:webvh is not known without one: its log must not be of the future. */
  readonly now?: Instant
}

/** Finds the document of a DID, or of an https address, which is its own and proves nothing itself. */
export async function resolveController(
  id: ControllerId,
  gathered: GatheredDocuments,
  options: ResolveOptions = {},
): Promise<Resolution> {
  if (isDid(id)) return resolveDid(id, gathered, options)
  const document = gathered.get(id)
  return document === undefined
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
  { now }: ResolveOptions = {},
): Promise<Resolution> {
  const resolvers: Readonly<Record<string, DIDResolver>> = {
    key: selfProven(keyDocument),
    jwk: selfProven(jwkDocument),
    web: fromGathered(gathered),
    ...(now !== undefined && { webvh: fromLog(gathered, now) }),
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
  deactivated: 'did_deactivated',
}

const selfProven =
  (documentOf: (did: Did) => JsonObject | null): DIDResolver =>
  async (did) =>
    answer(documentOf(did as Did), 'invalidDid')

const fromGathered =
  (gathered: GatheredDocuments): DIDResolver =>
  async (did) =>
    answer(gathered.get(did) ?? null, 'notFound')

const fromLog =
  (gathered: GatheredDocuments, now: Instant): DIDResolver =>
  async (did) => {
    const { log, witnesses } = gathered.get(did) ?? {}
    if (typeof log !== 'string') return answer(null, 'notFound')
    const { resolveWebvh } = await import('./webvh.ts')
    const found = await resolveWebvh(did, log, {
      now,
      witnesses: typeof witnesses === 'string' ? witnesses : undefined,
    })
    if (found.ok) return answer(found.document, '')
    return answer(null, logErrors[found.fault] ?? 'logRefused')
  }

const logErrors: Readonly<Record<string, string>> = {
  did_malformed: 'invalidDid',
  did_deactivated: 'deactivated',
  witness_file_missing: 'notFound',
}

const answer = (document: JsonObject | null, error: string): DIDResolutionResult => ({
  didResolutionMetadata: document === null ? { error } : { contentType: 'application/did+json' },
  didDocument: document as unknown as DIDResolutionResult['didDocument'],
  didDocumentMetadata: {},
})
