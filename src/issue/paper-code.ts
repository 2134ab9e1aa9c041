/** Makes the text of the code that is printed on a certificate, so that the paper alone can be verified. */
import { zlibSync } from 'fflate'
import { toBase45 } from '../base/base45.ts'
import type { Bytes } from '../base/bytes.ts'
import { toCbor } from '../base/cbor.ts'
import { CertificateError } from '../base/errors.ts'
import { type GradeCertificate, readCertificate } from '../certificate/certificate.ts'
import { paperClaims, paperMap } from '../credential/paper-claims.ts'
import type { StatusPosition } from '../credential/status-entry.ts'
import type { Signer } from '../key/signer.ts'
import { type Entry, isLive } from '../registry/registry.ts'
import { signCose } from '../securing/cose-sign1.ts'
import type { SigningWorkspace } from './entry-text.ts'
import { positionOf } from './status-slots.ts'
import { listNames, slotOrder } from './workspace.ts'

export interface PaperCodeOptions {
  /** Its controller has to be the certificate's issuer. */
  readonly signer: Signer
  /** Where the certificate's status stands. */
  readonly status: StatusPosition
  /** A page that verifies, `https://HOST/verify`: the text is then a link to it, with everything behind its `#`. */
  readonly link?: string | undefined
}

/** Characters of a code that a cheap phone reads from a print. */
export const paperCodeLimit = 1000

/**
 * The text of the code: `GC1:` and capital letters, digits and signs, some 600 of them.
 *
 * @throws `issue.wrong_signer`, `paper.too_long`, `paper.link_malformed`, and what the signer throws
 * @example
 * const text = await paperCode(certificate, { signer, status: { index, lists } })
 */
export async function paperCode(
  certificate: GradeCertificate,
  { signer, status, link }: PaperCodeOptions,
): Promise<string> {
  const reading = readCertificate(certificate)
  if (!reading.ok) {
    throw new CertificateError('issue.certificate_malformed', {
      where: reading.pointer,
      what: reading.problem,
    })
  }
  if (signer.controller !== certificate.issuer.id) {
    throw new CertificateError('issue.wrong_signer', {
      signer: signer.controller,
      issuer: certificate.issuer.id,
    })
  }
  if (link !== undefined && !/^https:\/\/[^\s#?]+$/.test(link)) {
    throw new CertificateError('paper.link_malformed', { link })
  }
  const fragment = signer.verificationMethod.slice(signer.controller.length + 1)
  const message = await signCose(toCbor(paperMap(paperClaims(certificate, status))), fragment, signer)
  const code = `GC1:${toBase45(zlibSync(message, { level: 9 }) as Bytes)}`
  const text = link === undefined ? code : `${link}#${encodeURIComponent(code)}`
  if (text.length > paperCodeLimit) {
    throw new CertificateError('paper.too_long', {
      number: certificate.number,
      length: text.length,
      limit: paperCodeLimit,
    })
  }
  return text
}

/** The code of what the registry has; the same whenever it is made. @throws `paper.not_live`, and as `paperCode` */
export function paperCodeOf(
  { certificate, standing, slot }: Pick<Entry, 'certificate' | 'standing' | 'slot'>,
  workspace: SigningWorkspace,
  link?: string,
): Promise<string> {
  if (certificate.type !== 'ProfessionalTechnicalGradeCertificate' || !isLive(standing)) {
    throw new CertificateError('paper.not_live', {
      number: 'number' in certificate ? certificate.number : certificate.id,
    })
  }
  const status = positionOf(slot, slotOrder(workspace), listNames(workspace))
  return paperCode(certificate, { signer: workspace.signer, status, link })
}
