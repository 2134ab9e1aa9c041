/** Finds out what secures a text and takes it apart: the one place where a form of a secured text is told from another. */
import type { Bytes } from '../base/bytes.ts'
import { asList, isObject, type JsonFault, type JsonObject, parseJson } from '../base/json.ts'
import type { BadgeJwtFault } from './badge-jwt.ts'
import { paperCodeIn } from './code-text.ts'
import {
  type CanonicalParts,
  isOverExactText,
  openDataIntegrity,
  type SignatureFault,
  verifyProof,
} from './data-integrity.ts'
import type { EnvelopeFault } from './envelope.ts'
import type { Opened } from './opened.ts'
import type { PaperCodeFault } from './paper-code.ts'
import { type ProofFault, suiteOf } from './proof.ts'
import type { SdJwt } from './sd-jwt.ts'
import type { SdJwtVcFault } from './sd-jwt-vc.ts'
import { withSharedParts } from './shared-parts.ts'
import { carriesAnchors, documentSubject, tokenIn } from './subject.ts'
import type { VcJwtFault } from './vc-jwt.ts'

/** What a text must be and be made for. */
export interface Expected {
  /** A credential by default. */
  readonly kind?: 'credential' | 'presentation'
  /** The occasion that a presentation must be made for. */
  readonly binding?: Binding | undefined
}

/** What a verifier asked for: without it, a presentation made for somebody else could be shown again. */
export interface Binding {
  /** The random text that the verifier drew for this occasion, used once. */
  readonly challenge: string
  /** The verifier's own name, or all its names. */
  readonly domain: string | readonly string[]
}

/** Why what secures a document cannot be read, or does not hold. */
export type SecuringFault =
  | ProofFault
  | SignatureFault
  | VcJwtFault
  | BadgeJwtFault
  | SdJwtVcFault
  | PaperCodeFault
  | 'binding_missing'

/** Why a text could not be taken apart at all. */
export type TextFault = JsonFault | EnvelopeFault | SecuringFault | 'not_a_credential'

export type SecuredOpening =
  | {
      readonly ok: true
      readonly opened: Opened<SecuringFault>
      /** Of an SD-JWT: what it discloses, and by whom it is presented. */
      readonly sdJwt?: SdJwt
    }
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

/**
 * Opens a text of whatever form; its signatures must be for what is expected. Nothing in it is believed yet. Forms other
 * than a document with proofs are loaded when a text first has them.
 */
export async function openText(source: Bytes | string, expected: Expected = {}): Promise<TextOpening> {
  const code = paperCodeIn(source)
  if (code !== null) return (await import('./open-code.ts')).openCode(code, expected)
  const token = tokenIn(source)
  if (token !== null) return (await import('./open-token.ts')).openToken(token, expected)
  const parsed = parseJson(source)
  if (!parsed.ok) return parsed
  if (!isObject(parsed.value)) return { ok: false, fault: 'not_a_credential', detail: 'not an object' }
  const isEnvelope = asList(parsed.value.type).some((type) => envelopes.has(type))
  return isEnvelope
    ? openEnveloped(parsed.value, expected)
    : { ok: true, opening: openDocument(withSharedParts(parsed.value), expected) }
}

const envelopes: ReadonlySet<unknown> = new Set([
  'EnvelopedVerifiableCredential',
  'EnvelopedVerifiablePresentation',
])

/** A token in a `data:` URL; its media type has to be the token's. */
async function openEnveloped(object: JsonObject, expected: Expected): Promise<TextOpening> {
  const { openEnvelope } = await import('./envelope.ts')
  const envelope = openEnvelope(object)
  if (!envelope.ok) return envelope
  const token = tokenIn(envelope.text)
  if (token === null) return { ok: false, fault: 'envelope_malformed', detail: 'no token' }
  const { mediaTypeOfToken, openToken } = await import('./open-token.ts')
  return envelope.mediaType === mediaTypeOfToken(token)
    ? openToken(token, expected)
    : { ok: false, fault: 'envelope_media_type', detail: envelope.mediaType }
}

const purposes = { credential: 'assertionMethod', presentation: 'authentication' } as const

/** Opens a document that carries Data Integrity proofs. @param canonical of a document with one proof */
export function openDocument(
  secured: JsonObject,
  { kind = 'credential', binding }: Expected = {},
  canonical?: CanonicalParts,
): SecuredOpening {
  const { challenge, domain } = binding ?? {}
  const opening = openDataIntegrity(secured, {
    purpose: purposes[kind],
    ...(kind === 'presentation' && challenge !== undefined && { challenge }),
    ...(kind === 'presentation' && domain !== undefined && { domain }),
  })
  if (!opening.ok) return opening
  const { document, proofs, all, unknown } = opening.opened
  if (kind === 'credential' && binding !== undefined) {
    return { ok: false, fault: 'binding_missing', detail: 'no holder made it for this occasion', document }
  }
  const signatures = proofs.map((proof) => ({
    suite: suiteOf(proof),
    key: { by: 'method', url: proof.verificationMethod } as const,
    created: proof.created as string | undefined, // `openProofs` lets no other shape through
    expires: proof.expires as string | undefined,
    isOverExactText: isOverExactText(proof),
    subject: () => documentSubject(document, proof, canonical?.digest),
    verify: (...[key, contexts]: Parameters<Opened['signatures'][number]['verify']>) =>
      verifyProof(document, proof, { key, all, contexts, canonical }),
  }))
  const anchors = all.filter(carriesAnchors)
  return {
    ok: true,
    opened: {
      form: 'data-integrity',
      document,
      signatures,
      unknown,
      ...(anchors.length > 0 && { anchors }),
    },
  }
}
