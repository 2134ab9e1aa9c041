/** DIDs to documents, through did-resolver. Nothing here touches a network: did:web answers from what was gathered. */
import { type DIDResolutionResult, type DIDResolver, Resolver } from 'did-resolver'
import type { Did } from '../base/did-url.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { keyDocument } from './key.ts'

/** Documents by DID, as somebody brought them. */
export type GatheredDocuments = ReadonlyMap<string, JsonObject>

export type DidFault = 'did_malformed' | 'did_not_at_hand' | 'did_method_unknown'

export type Resolution =
  /** `self`: the identifier proves the document; `gathered`: whoever brought it is to be believed or not. */
  | { readonly ok: true; readonly document: Json; readonly proven: 'self' | 'gathered' }
  | { readonly ok: false; readonly fault: DidFault }

/** Finds the document of a DID. */
export async function resolveDid(did: Did, gathered: GatheredDocuments): Promise<Resolution> {
  const method = did.split(':')[1] as string
  if (!Object.hasOwn(provenBy, method)) return { ok: false, fault: 'did_method_unknown' }
  const { didDocument, didResolutionMetadata } = await new Resolver({
    key: selfProven,
    web: fromGathered(gathered),
  }).resolve(did)
  if (didDocument === null) {
    return {
      ok: false,
      fault: didResolutionMetadata.error === 'notFound' ? 'did_not_at_hand' : 'did_malformed',
    }
  }
  return {
    ok: true,
    document: didDocument as unknown as Json,
    proven: provenBy[method as keyof typeof provenBy],
  }
}

const provenBy = { key: 'self', web: 'gathered' } as const

const selfProven: DIDResolver = async (did) => answer(keyDocument(did as Did), 'invalidDid')

const fromGathered =
  (gathered: GatheredDocuments): DIDResolver =>
  async (did) =>
    answer(gathered.get(did) ?? null, 'notFound')

const answer = (document: JsonObject | null, error: string): DIDResolutionResult => ({
  didResolutionMetadata: document === null ? { error } : { contentType: 'application/did+json' },
  didDocument: document as unknown as DIDResolutionResult['didDocument'],
  didDocumentMetadata: {},
})
