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
import type { FoundOfKind } from './kinds.ts'
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
export async function readSubject(source: Bytes | string, inputs: Inputs): Promise<Subject> {
  const { contexts, policy, binding } = inputs
  const { digest, subject } = readByKind(source, inputs)
  if (subject !== undefined) return subject
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
  if (read?.certificate !== undefined) await learnKind(source, { format, read }, inputs)
  return { digest, format, ...(read !== undefined && { read }) }
}

/** What reading it in full would find, where others of its kind were read; else the digest of the text alone. */
export function readByKind(
  source: Bytes | string,
  { kinds, binding }: Inputs,
): { readonly digest: string; readonly subject?: Subject } {
  // A text has to be bytes before it can be told by them, which is only worth it where a kind is known.
  const bytes = typeof source === 'string' && kinds.before !== undefined ? passingUtf8(source) : source
  const digest = sha256Hex(bytes)
  const known = typeof bytes === 'string' ? undefined : kinds.before?.(bytes)
  if (!known) return { digest }
  const { met, read } = known
  const canonical = { document: read.unsecured, config: met.config, digest }
  const opening = openDocument(read.secured, { binding }, canonical)
  const { proof: _, ...credential } = read.secured
  const common = readOfCredential(credential, opening, met.issuer)
  const subject = {
    digest,
    format: met.format,
    read: { ...common, ...met.dates, certificate: read.certificate, ofKind: met.found },
  }
  return { digest, subject }
}

/** Of many credentials, what those of one kind share is read once. */
export async function learnKind(
  source: Bytes | string,
  { format, read }: { readonly format: Check<'format'>; readonly read: ReadCredential },
  { kinds, contexts }: Inputs,
): Promise<void> {
  if (format.outcome !== 'pass') return
  const { isAmongMany } = kinds
  kinds.isAmongMany = true
  if (!isAmongMany) return
  const { meet } = await kindsMet()
  const certificate = read.certificate as Certificate | undefined // what is disclosed is no badge, and never comes here
  const { from, until } = read
  await meet(source, { ...read, certificate, format, dates: { from, until } }, kinds, contexts)
}

const kindsMet = lazily(() => import('./kinds.ts'))

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
