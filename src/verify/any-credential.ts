/** Reads a credential of any type: what every verifiable credential must be, and no more. */
import type { Bytes } from '../base/bytes.ts'
import { isDid } from '../base/did-url.ts'
import { sha256Hex } from '../base/digest.ts'
import { isObject } from '../base/json.ts'
import { openText } from '../securing/open.ts'
import type { Inputs } from './inputs.ts'
import { fail, pass } from './report.ts'
import { dateText, type Subject, statusEntriesOf } from './subject.ts'

export async function readAnyCredential(source: Bytes | string, _inputs: Inputs): Promise<Subject> {
  const digest = sha256Hex(source)
  const text = openText(source)
  if (!text.ok) return { digest, format: fail(text.fault, text.detail) }
  const { opening } = text
  const credential = opening.ok ? opening.opened.document : opening.document
  const issuer = isObject(credential.issuer) ? credential.issuer.id : credential.issuer
  if (!isDid(issuer)) return { digest, format: fail('not_a_credential', 'no issuer') }
  return {
    digest,
    format: pass({ form: 'data-integrity' }),
    read: {
      credential,
      opening,
      issuer,
      from: dateText(credential.validFrom),
      until: dateText(credential.validUntil),
      statusEntries: statusEntriesOf(credential),
      certificate: undefined,
    },
  }
}
