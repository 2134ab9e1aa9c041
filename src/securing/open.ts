/** Finds out what secures a text and takes it apart: the one place where a form of a secured text is told from another. */
import { type Bytes, utf8Text } from '../base/bytes.ts'
import { asList, isObject, type JsonFault, type JsonObject, parseJson } from '../base/json.ts'
import { type BadgeJwtFault, openBadgeJwt } from './badge-jwt.ts'
import { isOverExactText, openDataIntegrity, type SignatureFault, verifyProof } from './data-integrity.ts'
import { type EnvelopeFault, openEnvelope } from './envelope.ts'
import { openJws } from './jws.ts'
import { mediaType } from './jwt.ts'
import type { Opened } from './opened.ts'
import { type ProofFault, suiteOf } from './proof.ts'
import type { SdJwt } from './sd-jwt.ts'
import { openSdJwtVc, type SdJwtVcFault } from './sd-jwt-vc.ts'
import { openVcJwt, type VcJwtFault } from './vc-jwt.ts'

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

/** Opens a text of whatever form; its signatures must be for what is expected. Nothing in it is believed yet. */
export function openText(source: Bytes | string, expected: Expected = {}): TextOpening {
  const token = tokenOf(source)
  if (token !== null) return openToken(token, expected)
  const parsed = parseJson(source)
  if (!parsed.ok) return parsed
  if (!isObject(parsed.value)) return { ok: false, fault: 'not_a_credential', detail: 'not an object' }
  const isEnvelope = asList(parsed.value.type).some((type) => envelopes.has(type))
  return isEnvelope
    ? openEnveloped(parsed.value, expected)
    : { ok: true, opening: openDocument(parsed.value, expected) }
}

const envelopes: ReadonlySet<unknown> = new Set([
  'EnvelopedVerifiableCredential',
  'EnvelopedVerifiablePresentation',
])

/** Characters of a token: no certificate needs more. */
const tokenLimit = 1_048_576

/** A JWS or SD-JWT in compact form, as a text file may hold it with a line break at its end; `null` for anything else. */
function tokenOf(source: Bytes | string): string | null {
  if (source.length > tokenLimit + 2) return null
  const text = typeof source === 'string' ? source : utf8Text(source)
  const token = text?.replace(/\r?\n$/, '')
  return token !== undefined && /^[\w-]+\.[\w-]+\.[\w.~-]*$/.test(token) ? token : null
}

function openToken(token: string, { kind = 'credential', binding }: Expected): TextOpening {
  if (kind === 'credential' && token.includes('~')) return textOpening(openSdJwtVc(token))
  const opened = openJws(token)
  if (!opened.ok) return opened
  const { typ } = opened.jws.header
  const type = typ === undefined ? null : mediaType(typ)
  if (kind === 'presentation') return openPresentationJwt(token, binding)
  const opening = type === 'vc+jwt' ? openVcJwt(token, { kind: 'vc' }) : openBadgeJwt(token)
  if (opening.ok && binding !== undefined) return unbound(opening.opened.document)
  return textOpening(opening)
}

function openPresentationJwt(token: string, binding: Binding | undefined): TextOpening {
  const opening = openVcJwt(token, { kind: 'vp' })
  if (!opening.ok || binding === undefined) return textOpening(opening)
  const { document } = opening.opened
  const refuse = (fault: SecuringFault, detail: string): TextOpening =>
    textOpening({ ok: false, fault, detail, document })
  if (opening.challenge !== binding.challenge) return refuse('proof_challenge', 'nonce')
  const domains = new Set([binding.domain].flat())
  const audience = new Set(opening.audience ?? [])
  const isSame = audience.size === domains.size && [...domains].every((domain) => audience.has(domain))
  return isSame ? textOpening(opening) : refuse('proof_domain', 'aud')
}

/** A token in a `data:` URL; its media type has to be the token's. */
function openEnveloped(object: JsonObject, expected: Expected): TextOpening {
  const envelope = openEnvelope(object)
  if (!envelope.ok) return envelope
  const token = tokenOf(envelope.text)
  if (token === null) return { ok: false, fault: 'envelope_malformed', detail: 'no token' }
  const isSdJwt = token.includes('~')
  const typ = isSdJwt ? undefined : openJws(token)
  const found = isSdJwt ? 'dc+sd-jwt' : typ?.ok ? mediaType(typ.jws.header.typ ?? '') : null
  return envelope.mediaType === `application/${found}`
    ? openToken(token, expected)
    : { ok: false, fault: 'envelope_media_type', detail: envelope.mediaType }
}

/** Where not even a document could be found, it is the text that is at fault. */
function textOpening(
  opening:
    | { readonly ok: true; readonly opened: Opened<SecuringFault>; readonly sdJwt?: SdJwt }
    | {
        readonly ok: false
        readonly fault: SecuringFault
        readonly detail: string
        readonly document?: JsonObject
      },
): TextOpening {
  if (opening.ok) {
    const { opened, sdJwt } = opening
    return { ok: true, opening: { ok: true, opened, ...(sdJwt !== undefined && { sdJwt }) } }
  }
  const { fault, detail, document } = opening
  return document === undefined
    ? { ok: false, fault, detail }
    : { ok: true, opening: { ok: false, fault, detail, document } }
}

const unbound = (document: JsonObject): TextOpening =>
  textOpening({
    ok: false,
    fault: 'binding_missing',
    detail: 'no holder made it for this occasion',
    document,
  })

const purposes = { credential: 'assertionMethod', presentation: 'authentication' } as const

/** Opens a document that carries Data Integrity proofs. */
export function openDocument(
  secured: JsonObject,
  { kind = 'credential', binding }: Expected = {},
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
    verify: (...[key, contexts]: Parameters<Opened['signatures'][number]['verify']>) =>
      verifyProof(document, proof, { key, all, contexts }),
  }))
  return { ok: true, opened: { form: 'data-integrity', document, signatures, unknown } }
}
