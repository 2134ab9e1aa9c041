/** Opens a token by its form: SD-JWT, the JWT of a credential or a presentation, the JWT of Open Badges. */
import type { JsonObject } from '../base/json.ts'
import { openBadgeJwt } from './badge-jwt.ts'
import { openJws } from './jws.ts'
import { mediaType } from './jwt.ts'
import type { Binding, Expected, SecuringFault, TextOpening } from './open.ts'
import type { Opened } from './opened.ts'
import type { SdJwt } from './sd-jwt.ts'
import { openSdJwtVc } from './sd-jwt-vc.ts'
import { openVcJwt } from './vc-jwt.ts'

/** Opens a token in compact form; its signatures must be for what is expected. */
export function openToken(token: string, { kind = 'credential', binding }: Expected): TextOpening {
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

/** What an envelope has to call a token. */
export function mediaTypeOfToken(token: string): string | null {
  if (token.includes('~')) return 'application/dc+sd-jwt'
  const opened = openJws(token)
  return opened.ok ? `application/${mediaType(opened.jws.header.typ ?? '')}` : null
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
