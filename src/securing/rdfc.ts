/**
 * JSON-LD to canonical N-Quads (RDFC-1.0). The only file that imports `jsonld`: in safe mode, with no base, and with a
 * loader that knows the pinned contexts and nothing else. Loaded when first needed: it is the heaviest thing we have.
 */
import type { JsonObject } from '../base/json.ts'

/** Context documents by the URL under which a document names them; each is loaded when it is first needed. */
export type ContextDocuments = ReadonlyMap<string, { readonly load: () => Promise<JsonObject> }>

/** Why a document has no canonical form. */
export type RdfcFault = 'context_not_at_hand' | 'data_loss' | 'not_json_ld' | 'too_much_work'

export type RdfcResult =
  | { readonly ok: true; readonly nquads: string }
  | { readonly ok: false; readonly fault: RdfcFault; readonly detail: string }

/** The canonical N-Quads of a document, with a line break after the last line. */
export async function canonicalNQuads(document: JsonObject, contexts: ContextDocuments): Promise<RdfcResult> {
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
    const canonize = jsonld.canonize as unknown as Canonize
    return { ok: true, nquads: await canonize(document, { ...safeOptions, documentLoader }) }
  } catch (error) {
    if (missing !== null) return { ok: false, fault: 'context_not_at_hand', detail: missing }
    return { ok: false, ...faultOf(error) }
  }
}

/** The part of jsonld 9 that we call; its published types describe an older version. */
type Canonize = (
  document: JsonObject,
  options: typeof safeOptions & { documentLoader: unknown },
) => Promise<string>

const safeOptions = {
  algorithm: 'RDFC-1.0',
  format: 'application/n-quads',
  /** Refuses whatever expansion would drop: VC Data Integrity 1.0, section 2.4.1. */
  safe: true,
  base: null,
} as const

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
