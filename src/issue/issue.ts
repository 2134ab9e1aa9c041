/** Issues one certificate: the badge, secured. */
import { CertificateError } from '../base/errors.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import { type JsonObject, parseJson } from '../base/json.ts'
import { type CertificateDraft, readCertificate } from '../certificate/certificate.ts'
import { toBadge } from '../credential/badge.ts'
import { defaultForm } from '../credential/badge-form.ts'
import { type ContextTable, contextTable } from '../credential/contexts.ts'
import { contextV1Text } from '../credential/published-texts.ts'
import type { StatusPosition } from '../credential/status-entry.ts'
import type { SigningAlgorithm } from '../key/algorithm.ts'
import type { Signer } from '../key/signer.ts'
import { checkSuite, secureText } from '../securing/add-proof.ts'
import { signBadgeJwt } from '../securing/badge-jwt.ts'
import { type DataIntegritySuite, suiteFor } from '../securing/data-integrity.ts'
import { signVcJwt } from '../securing/vc-jwt.ts'
import { type Issuing, issueOfKind, rememberKind } from './issued-kinds.ts'
import { systemRandom, uuidUrn } from './random.ts'

/** A certificate as it is handed over. */
export interface Secured {
  readonly mediaType: 'application/vc' | 'application/vc+jwt' | 'application/jwt' | 'application/dc+sd-jwt'
  /** Canonical JSON, or a token. */
  readonly text: string
}

/** How a badge is secured: a Data Integrity suite, the JWT of the W3C, or that of Open Badges. */
export type BadgeSuite = DataIntegritySuite | 'vc+jwt' | 'badge-jwt'

export interface IssueOptions {
  /** Its controller has to be the certificate's issuer. */
  readonly signer: Signer
  /** By default the RDFC suite of the signer's algorithm: `eddsa-rdfc-2022` is the one that badge platforms accept. */
  readonly suite?: BadgeSuite | undefined
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
  const issuing = issuingOf(options)
  const writing = issuing && issueOfKind(certificate, options.status, issuing)
  const known = writing instanceof Promise ? await writing : writing
  if (known) return { mediaType: 'application/vc', text: known }
  const reading = readCertificate(certificate)
  if (!reading.ok)
    throw new CertificateError('issue.certificate_malformed', {
      where: reading.pointer,
      what: reading.problem,
    })
  const { signer, suite = suiteFor(signer.algorithm, 'rdfc'), created = instantAt(Date.now()) } = options
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
  try {
    if (isToken(suite)) return await tokens[suite](badge, signer, created)
    const secured = await withProof(badge, { ...options, signer, suite, created, contextUrl })
    if (issuing !== undefined) rememberKind(secured.text, reading.certificate, issuing)
    return secured
  } catch (cause) {
    // Half a character has no canonical form, and no reader would take the text.
    const readable = parseJson(JSON.stringify(reading.certificate))
    if (readable.ok) throw cause
    throw new CertificateError('issue.certificate_malformed', { where: '', what: readable.detail }, { cause })
  }
}

/** What many badges have in common; `undefined` for one that has a proof of its own, or is a token. */
function issuingOf({
  signer,
  suite = suiteFor(signer.algorithm, 'rdfc'),
  created,
  proofId,
  contextUrl = defaultForm.contextUrl,
  schemaUrl = defaultForm.schemaUrl,
}: IssueOptions): Issuing | undefined {
  return proofId === undefined || created === undefined || isToken(suite)
    ? undefined
    : { signer, suite, created, proofId, contextUrl, schemaUrl }
}

type TokenSuite = Exclude<BadgeSuite, DataIntegritySuite>

const tokens: Readonly<
  Record<TokenSuite, (badge: JsonObject, signer: Signer, created: Instant) => Promise<Secured>>
> = {
  'vc+jwt': async (badge, signer, created) => ({
    mediaType: 'application/vc+jwt',
    text: await signVcJwt(badge, { signer, kind: 'vc', created }),
  }),
  'badge-jwt': async (badge, signer) => ({
    mediaType: 'application/jwt',
    text: await signBadgeJwt(badge, { signer }),
  }),
}

/** @throws `securing.wrong_algorithm`, `securing.suite_not_made` for what `issue` would refuse to sign with such keys */
export function checkBadgeSuite(suite: BadgeSuite, algorithm: SigningAlgorithm): void {
  if (!isToken(suite)) checkSuite(suite, algorithm)
  else if (suite === 'badge-jwt' && algorithm !== 'P-256') {
    throw new CertificateError('securing.wrong_algorithm', { suite, algorithm })
  }
}

const isToken = (suite: BadgeSuite): suite is TokenSuite => Object.hasOwn(tokens, suite)

async function withProof(
  badge: JsonObject,
  options: {
    readonly signer: Signer
    readonly suite: DataIntegritySuite
    readonly created: Instant
    readonly contextUrl: string
    readonly proofId?: string | undefined
  },
): Promise<Secured> {
  const { signer, suite, created, contextUrl, proofId } = options
  const text = await secureText(badge, {
    signer,
    suite,
    created,
    id: proofId ?? uuidUrn(systemRandom('proof')),
    contexts: contextsWith(contextUrl),
  })
  return { mediaType: 'application/vc', text }
}

/** The bundled contexts, with our own under the address from which an agency serves it. */
export function contextsWith(url: string): ContextTable {
  const known = tables.get(url)
  if (known !== undefined) return known
  const parsed = parseJson(contextV1Text())
  if (!parsed.ok) throw new TypeError(parsed.detail)
  const table = contextTable({ [url]: parsed.value })
  if (tables.size < tableLimit) tables.set(url, table)
  return table
}

/** Agencies that issue from one process. */
const tableLimit = 100
const tables = new Map<string, ContextTable>()
