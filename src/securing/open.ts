/** Finds out what secures a text and takes it apart: the one place where a form of a secured text is told from another. */
import type { Bytes } from '../base/bytes.ts'
import { isObject, type JsonFault, type JsonObject, parseJson } from '../base/json.ts'
import { isOverExactText, openDataIntegrity, type SignatureFault, verifyProof } from './data-integrity.ts'
import type { Opened } from './opened.ts'
import type { ProofFault } from './proof.ts'

/** What a text must be and be made for. */
export interface Expected {
  /** A credential by default. */
  readonly kind?: 'credential' | 'presentation'
  /** The occasion that a presentation must be made for. */
  readonly binding?: { readonly challenge: string; readonly domain: string | readonly string[] }
}

const purposes = { credential: 'assertionMethod', presentation: 'authentication' } as const

/** Why a text could not be taken apart at all. */
export type TextFault = JsonFault | 'not_a_credential'

/** Why what secures a document cannot be read, or does not hold. */
export type SecuringFault = ProofFault | SignatureFault

export type SecuredOpening =
  | { readonly ok: true; readonly opened: Opened<SecuringFault> }
  | {
      readonly ok: false
      readonly fault: SecuringFault
      readonly detail: string
      /** What it would state. */
      readonly document: JsonObject
    }

export type TextOpening =
  | { readonly ok: true; readonly opening: SecuredOpening }
  | { readonly ok: false; readonly fault: TextFault; readonly detail: string }

/** Opens a text of whatever form; its signatures must be for what is expected. Nothing in it is believed yet. */
export function openText(source: Bytes | string, expected: Expected = {}): TextOpening {
  const parsed = parseJson(source)
  if (!parsed.ok) return parsed
  if (!isObject(parsed.value)) return { ok: false, fault: 'not_a_credential', detail: 'not an object' }
  return { ok: true, opening: openDocument(parsed.value, expected) }
}

/** Opens a document that carries Data Integrity proofs. */
export function openDocument(secured: JsonObject, { kind = 'credential' }: Expected = {}): SecuredOpening {
  const opening = openDataIntegrity(secured, { purpose: purposes[kind] })
  if (!opening.ok) return opening
  const { document, proofs, all, unknown } = opening.opened
  const signatures = proofs.map((proof) => ({
    suite: proof.cryptosuite,
    key: { by: 'method', url: proof.verificationMethod } as const,
    created: proof.created as string | undefined, // `openProofs` lets no other shape through
    expires: proof.expires as string | undefined,
    isOverExactText: isOverExactText(proof),
    verify: (
      key: Parameters<typeof verifyProof>[2]['key'],
      contexts: Parameters<typeof verifyProof>[2]['contexts'],
    ) => verifyProof(document, proof, { key, all, contexts }),
  }))
  return { ok: true, opened: { form: 'data-integrity', document, signatures, unknown } }
}
