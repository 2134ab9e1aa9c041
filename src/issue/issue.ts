/** Issues one certificate: the badge, secured. */
import { CertificateError } from '../base/errors.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import { parseJson } from '../base/json.ts'
import { type CertificateDraft, readCertificate } from '../certificate/certificate.ts'
import { toBadge } from '../credential/badge.ts'
import { defaultForm } from '../credential/badge-form.ts'
import { contextTable } from '../credential/contexts.ts'
import { contextV1Text } from '../credential/published-texts.ts'
import type { StatusPosition } from '../credential/status-entry.ts'
import type { Signer } from '../key/signer.ts'
import { addProof, type DataIntegritySuite } from '../securing/data-integrity.ts'
import { systemRandom, uuidUrn } from './random.ts'

/** A certificate as it is handed over. */
export interface Secured {
  readonly mediaType: 'application/vc' | 'application/dc+sd-jwt'
  /** JSON on one line, or an SD-JWT with all its disclosures. */
  readonly text: string
}

export interface IssueOptions {
  /** Its controller has to be the certificate's issuer. */
  readonly signer: Signer
  /** `eddsa-rdfc-2022` by default, the one that badge platforms accept. */
  readonly suite?: DataIntegritySuite | undefined
  /** Where the certificate's status stands; a certificate of a grade is refused by verifiers without it. */
  readonly status?: StatusPosition | undefined
  /** The agency's own addresses of our context and schema. */
  readonly contextUrl?: string | undefined
  readonly schemaUrl?: string | undefined
  /** When it is signed; now by default. */
  readonly created?: Instant | undefined
  /** Id of the proof; certificates of one batch may share one. */
  readonly proofId?: string | undefined
}

/**
 * Secures a certificate as a badge.
 *
 * @throws `issue.certificate_malformed`, `issue.wrong_signer`, and what securing and the signer throw
 * @example
 * const secured = await issue(certificate, { signer, status: lists.take() })
 * await writeFile('certificate.json', secured.text)
 */
export async function issue(certificate: CertificateDraft, options: IssueOptions): Promise<Secured> {
  const reading = readCertificate(certificate)
  if (!reading.ok)
    throw new CertificateError('issue.certificate_malformed', {
      where: reading.pointer,
      what: reading.problem,
    })
  // Half a character would be signed, and then no reader would take the text.
  const readable = parseJson(JSON.stringify(reading.certificate))
  if (!readable.ok)
    throw new CertificateError('issue.certificate_malformed', { where: '', what: readable.detail })
  const { signer, suite = 'eddsa-rdfc-2022', created = instantAt(Date.now()) } = options
  if (signer.controller !== reading.certificate.issuer.id) {
    throw new CertificateError('issue.wrong_signer', {
      signer: signer.controller,
      issuer: reading.certificate.issuer.id,
    })
  }
  const contextUrl = options.contextUrl ?? defaultForm.contextUrl
  const badge = toBadge(reading.certificate, {
    contextUrl,
    schemaUrl: options.schemaUrl ?? defaultForm.schemaUrl,
    status: options.status,
  })
  const secured = await addProof(badge, {
    signer,
    suite,
    created,
    id: options.proofId ?? uuidUrn(systemRandom('proof')),
    contexts: contextTable({ [contextUrl]: ownContext() }),
  })
  return { mediaType: 'application/vc', text: JSON.stringify(secured) }
}

/** Our context's content, for whatever address an agency serves it from. */
function ownContext() {
  const parsed = parseJson(contextV1Text())
  if (!parsed.ok) throw new TypeError(parsed.detail)
  return parsed.value
}
