/** Kinds of badges that one signer issued lately: of the next of a kind only what differs is checked and written. */
import { isObject, parseJson } from '../base/json.ts'
import { after, type MaybePromise } from '../base/platform.ts'
import type { Certificate, CertificateDraft } from '../certificate/certificate.ts'
import { type BadgeKind, kindOf, writeOfKind } from '../credential/badge-kind.ts'
import type { StatusPosition } from '../credential/status-entry.ts'
import type { Signer } from '../key/signer.ts'
import { signCanonical } from '../securing/add-proof.ts'
import { cryptosuites, type DataIntegritySuite } from '../securing/data-integrity.ts'

/** What the text of a badge depends on beside its certificate. */
export interface Issuing {
  readonly signer: Signer
  readonly suite: DataIntegritySuite
  readonly created: string
  readonly proofId: string
  readonly contextUrl: string
  readonly schemaUrl: string
}

interface IssuedKind {
  readonly issuing: Issuing
  readonly kind: BadgeKind
}

interface Issued {
  /** The newest match first. */
  readonly kinds: IssuedKind[]
  /** Of the badge before: one with a proof of its own is none of many. */
  last?: Issuing
  /** How much more often nothing of a known kind came than something: beyond a limit no kind is looked for any more. */
  misses: number
}

/** Of more kinds those that were issued last are kept. */
const kindLimit = 64
/** The badges of a batch may each be of a kind of its own. */
const missLimit = 1000

const bySigner = new WeakMap<Signer, Issued>()

/** The text of a badge of a kind that was issued before; `null` for every other, which has to be written in full. */
export function issueOfKind(
  certificate: CertificateDraft,
  status: StatusPosition | undefined,
  issuing: Issuing,
): MaybePromise<string | null> {
  const issued = bySigner.get(issuing.signer)
  if (issued === undefined || issued.misses >= missLimit) return null
  const { kinds } = issued
  for (const [i, { issuing: same, kind }] of kinds.entries()) {
    if (!isSame(same, issuing)) continue
    const written = writeOfKind(certificate, status, kind)
    if (written === null) continue
    if (i > 0) kinds.unshift(...kinds.splice(i, 1))
    if (issued.misses > 0) issued.misses--
    const { unsecured: document, secured } = written
    return after(signCanonical({ document, config: kind.config }, issuing), secured)
  }
  return null
}

/** Keeps the kind of a badge that was just issued, once it is not the first with its proof options. */
export function rememberKind(text: string, certificate: Certificate, issuing: Issuing): void {
  const { canonicalization, disclosure } = cryptosuites[issuing.suite]
  if (canonicalization !== 'jcs' || disclosure !== 'whole') return
  if (certificate.type !== 'ProfessionalTechnicalGradeCertificate') return
  const issued = bySigner.get(issuing.signer) ?? { kinds: [], misses: 0 }
  bySigner.set(issuing.signer, issued)
  const isOneOfMany = issued.last !== undefined && isSame(issued.last, issuing)
  issued.last = issuing
  if (!isOneOfMany) issued.misses = 0
  if (!isOneOfMany || issued.misses++ >= missLimit) return
  const parsed = parseJson(text)
  const kind = parsed.ok && isObject(parsed.value) ? kindOf(parsed.value, certificate) : null
  if (kind === null) return
  if (issued.kinds.length >= kindLimit) issued.kinds.pop()
  issued.kinds.unshift({ issuing, kind })
}

const isSame = (a: Issuing, b: Issuing): boolean =>
  a.suite === b.suite &&
  a.created === b.created &&
  a.proofId === b.proofId &&
  a.contextUrl === b.contextUrl &&
  a.schemaUrl === b.schemaUrl
