/** Reads a credential of any type: what every verifiable credential must be, and no more. */
import type { Bytes } from '../base/bytes.ts'
import { isControllerId } from '../base/did-url.ts'
import { sha256Hex } from '../base/digest.ts'
import { isObject, textOf } from '../base/json.ts'
import { openText } from '../securing/open.ts'
import type { Inputs } from './inputs.ts'
import { fail, pass } from './report.ts'
import { disclosure, isClaims, readOfClaims, readOfCredential, type Subject } from './subject.ts'

export async function readAnyCredential(source: Bytes | string, inputs: Inputs): Promise<Subject> {
  const digest = sha256Hex(source)
  const text = openText(source, { binding: inputs.binding })
  if (!text.ok) return { digest, format: fail(text.fault, text.detail) }
  const { opening } = text
  const document = opening.ok ? opening.opened.document : opening.document
  if (isClaims(document)) {
    const { iss } = document
    if (!isControllerId(iss)) return { digest, format: fail('claims_malformed', '/iss') }
    const format = pass({ type: textOf(document.vct), form: 'sd-jwt', ...disclosure(opening) })
    return { digest, format, read: { ...readOfClaims(document, opening, iss), certificate: undefined } }
  }
  const issuer = isObject(document.issuer) ? document.issuer.id : document.issuer
  if (!isControllerId(issuer)) return { digest, format: fail('not_a_credential', 'no issuer') }
  const form = opening.ok ? opening.opened.form : 'data-integrity'
  return {
    digest,
    format: pass({ form }),
    read: { ...readOfCredential(document, opening, issuer), certificate: undefined },
  }
}
