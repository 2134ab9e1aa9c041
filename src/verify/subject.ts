/** What could be read of a text before anything in it is believed. */
import { type Bytes, passingUtf8 } from '../base/bytes.ts'
import type { ControllerId } from '../base/did-url.ts'
import { sha256Hex } from '../base/digest.ts'
import { asList, type Json, type JsonObject, textOf } from '../base/json.ts'
import { lazily } from '../base/lazily.ts'
import type { Certificate } from '../certificate/certificate.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import { openDocument, openText, type SecuredOpening } from '../securing/open.ts'
import type { Inputs } from './inputs.ts'
import type { FoundOfKind, Met } from './kinds.ts'
import { type Check, fail } from './report.ts'

export interface Subject {
  /** Lower-case hex SHA-256 of the text. */
  readonly digest: string
  readonly format: Check<'format'>
  /** `undefined` where the text is no credential whose contexts we know: there is nothing more to look at. */
  readonly read?: ReadCredential
}

export interface ReadCredential {
  /** What is stated, without what secures it. */
  readonly credential: JsonObject
  readonly opening: SecuredOpening
  readonly issuer: ControllerId
  /** The dates between which it says that it holds, as they stand there or as text. */
  readonly from: string | undefined
  readonly until: string | undefined
  /** The entries that say where the status stands, of whatever type. */
  readonly statusEntries: readonly StatusEntry[]
  /** What it says it certifies; `undefined` where it does not hold together. */
  readonly certificate: Certificate | DisclosedCertificate | undefined
  /** What was found out of others of its kind. */
  readonly ofKind?: FoundOfKind
}

/** An entry of a W3C credential, or of a token: `status_list` in the claim `status`. */
export type StatusEntry =
  | { readonly of: 'credential'; readonly entry: Json }
  | { readonly of: 'token'; readonly mechanism: string; readonly entry: Json }

/** Reads a text under a policy that says which types of certificate are asked for. What reads each form is loaded for it. */
export async function readSubject(
  source: Bytes | string,
  { contexts, policy, binding, kinds }: Inputs,
): Promise<Subject> {
  // A text has to be bytes before it can be told by them, which is only worth it where a kind is known.
  const bytes = typeof source === 'string' && kinds.before !== undefined ? passingUtf8(source) : source
  const digest = sha256Hex(bytes)
  const before = typeof bytes === 'string' ? undefined : kinds.before?.(bytes)
  if (before) return { digest, ...readOfMet(before, digest, binding) }
  const text = await openText(source, { binding })
  if (!text.ok) return { digest, format: fail(text.fault, text.detail) }
  const { opening } = text
  const document = opening.ok ? opening.opened.document : opening.document
  if (opening.ok && opening.opened.form === 'paper-code') {
    const { readPaper } = await import('./paper-subject.ts')
    return { digest, ...readPaper(document, opening, policy) }
  }
  if (isClaims(opening)) {
    const { readDisclosed } = await import('./disclosed.ts')
    return { digest, ...readDisclosed(document, opening, policy) }
  }
  const { readBadgeForm } = await badgeSubject()
  const { format, read } = readBadgeForm(document, opening, { contexts, policy })
  if (format.outcome === 'pass' && read?.certificate !== undefined) {
    if (kinds.isAmongMany) {
      const { meet } = await kindsMet()
      meet(source, { opening, certificate: read.certificate as Certificate, format }, kinds)
    }
    kinds.isAmongMany = true
  }
  return { digest, format, ...(read !== undefined && { read }) }
}

const kindsMet = lazily(() => import('./kinds.ts'))

/** What reading it in full would find. */
function readOfMet({ met, read }: Met, digest: string, binding: Inputs['binding']): Omit<Subject, 'digest'> {
  const canonical = { document: read.unsecured, config: met.kind.config, digest }
  const opening = openDocument(read.badge, { binding }, canonical)
  const { proof: _, ...credential } = read.badge
  const issuer = met.kind.certificate.issuer.id
  return {
    format: met.format,
    read: {
      ...readOfCredential(credential, opening, issuer),
      certificate: read.certificate,
      ofKind: met.found,
    },
  }
}

const badgeSubject = lazily(() => import('./badge-subject.ts'))

/** An SD-JWT VC states claims; every other form a W3C credential, whatever its members are called. */
export const isClaims = (opening: SecuredOpening): boolean =>
  opening.ok ? opening.opened.form === 'sd-jwt' : opening.document.vct !== undefined

/** What every W3C credential has, of whatever type. */
export const readOfCredential = (credential: JsonObject, opening: SecuredOpening, issuer: ControllerId) => ({
  credential,
  opening,
  issuer,
  from: dateText(credential.validFrom),
  until: dateText(credential.validUntil),
  statusEntries: statusEntriesOf(credential).map((entry) => ({ of: 'credential', entry }) as const),
})

const dateText = (value: Json | undefined): string | undefined =>
  value === undefined ? undefined : textOf(value)

export const statusEntriesOf = ({ credentialStatus, supplementaryStatus }: JsonObject): readonly Json[] => [
  ...asList(credentialStatus),
  ...asList(supplementaryStatus),
]
