/** Issues one certificate of a grade as SD-JWT VC: the form in which a holder shows some things and keeps back others. */
import type { Bytes } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import { type CertificateDraft, type GradeCertificate, readCertificate } from '../certificate/certificate.ts'
import { type Holder, holderSchema } from '../certificate/holder.ts'
import { disclosableClaims, readClaims, type TokenStatus, toClaims } from '../credential/claims.ts'
import type { PublicKey } from '../key/public-key.ts'
import type { Signer } from '../key/signer.ts'
import { makeSdJwt } from '../securing/sd-jwt.ts'
import { openSdJwtVc, sdJwtVcType } from '../securing/sd-jwt-vc.ts'
import type { Secured } from './issue.ts'

/** The same with days as plain text. */
export type HolderDraft = Omit<Holder, 'birthDate'> & { readonly birthDate?: string | undefined }

export interface SdJwtIssueOptions {
  /** Its controller has to be the certificate's issuer. Wallets of the European Union ask for P-256. */
  readonly signer: Signer
  readonly holder?: HolderDraft | undefined
  /** Where the certificate's status stands; a certificate of a grade is refused by verifiers without it. */
  readonly status?: TokenStatus | undefined
  /** The key of the holder's wallet. Without it whoever has the text can show it as theirs. */
  readonly confirmation?: PublicKey | undefined
  /** When it is signed; now by default. */
  readonly created?: Instant | undefined
  /** At least 16 random bytes for a label, never twice the same; the system's by default. Labels start with the certificate's id. */
  readonly salt?: ((label: string) => Bytes) | undefined
  /** Digests of nothing; by default as many as hide how many claims there are. */
  readonly decoys?: number | undefined
}

/**
 * Secures a certificate as SD-JWT VC with all its disclosures, for the holder alone; what a verifier gets is made by
 * `present`.
 *
 * @throws `issue.certificate_malformed`, `issue.holder_malformed`, `issue.wrong_signer`, `securing.sd_jwt_refused`, and
 * what making and the signer throw
 * @example
 * const secured = await issueSdJwt(certificate, { signer, holder: { idType: 'resident-id', idNumber }, status })
 * await writeFile('certificate.sd-jwt', secured.text)
 */
export async function issueSdJwt(
  certificate: CertificateDraft,
  options: SdJwtIssueOptions,
): Promise<Secured> {
  const { signer, status, confirmation, created = instantAt(Date.now()), salt = systemSalt } = options
  const stated = gradeCertificateOf(certificate)
  const holder = holderSchema.safeParse(options.holder ?? {})
  if (!holder.success) {
    // Where and what is wrong, never the value.
    const issue = holder.error.issues[0]
    throw new CertificateError('issue.holder_malformed', {
      where: (issue?.path ?? []).map((step) => `/${String(step)}`).join(''),
      what: issue?.message ?? 'not a holder',
    })
  }
  if (signer.controller !== stated.issuer.id) {
    throw new CertificateError('issue.wrong_signer', { signer: signer.controller, issuer: stated.issuer.id })
  }
  const { claims, disclosable } = toClaims(stated, { created, holder: holder.data, status, confirmation })
  const text = await makeSdJwt({ typ: sdJwtVcType, kid: signer.verificationMethod }, claims, {
    signer,
    disclosable: disclosable.map((name) => `/${name}`),
    decoys: options.decoys ?? disclosableClaims.length - disclosable.length,
    salt: (label) => salt(`${stated.id} ${label}`),
  })
  refuseUnreadable(text)
  return { mediaType: 'application/dc+sd-jwt', text }
}

/** 128 bits, as RFC 9901, section 9.3 advises. */
const systemSalt = (): Bytes => crypto.getRandomValues(new Uint8Array(16))

function gradeCertificateOf(certificate: CertificateDraft): GradeCertificate {
  const reading = readCertificate(certificate)
  if (!reading.ok) {
    throw new CertificateError('issue.certificate_malformed', {
      where: reading.pointer,
      what: reading.problem,
    })
  }
  if (reading.certificate.type !== 'ProfessionalTechnicalGradeCertificate') {
    throw new CertificateError('issue.certificate_malformed', {
      where: '/type',
      what: 'only certificates of a grade have this form',
    })
  }
  return reading.certificate
}

/** Nothing is handed out that our own verifier would refuse. */
function refuseUnreadable(text: string): void {
  const opening = openSdJwtVc(text)
  if (!opening.ok) {
    throw new CertificateError('securing.sd_jwt_refused', { fault: opening.fault, what: opening.detail })
  }
  const reading = readClaims(opening.opened.document)
  if (!reading.ok) {
    throw new CertificateError('securing.sd_jwt_refused', { fault: reading.pointer, what: reading.problem })
  }
}
