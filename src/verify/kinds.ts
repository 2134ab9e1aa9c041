/** Kinds of credentials that were met in one judgement, and what was found out of each: thousands share a few. */
import { type Bytes, utf8 } from '../base/bytes.ts'
import type { ControllerId } from '../base/did-url.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { filled, readText } from '../base/text-kind.ts'
import type { Certificate } from '../certificate/certificate.ts'
import { kindOf, readOfKind } from '../credential/badge-kind.ts'
import type { SecuredOpening } from '../securing/open.ts'
import type { ContextDocuments } from '../securing/rdfc.ts'
import type { VouchedKey } from './issuer.ts'
import type { Check } from './report.ts'

/** What does not depend on whom a credential is for, as far as it was asked. */
export interface FoundOfKind {
  issuer?: [Check<'issuer'>, readonly (readonly VouchedKey[])[]]
  schema?: Check<'schema'>
  validity?: Check<'validity'>
  trust?: Check<'trust'>
}

export interface MetKind {
  readonly read: (text: Bytes) => ReadOfKind | null
  /** Canonical JSON of the proof without its value. */
  readonly config: string
  readonly issuer: ControllerId
  readonly dates: { readonly from: string | undefined; readonly until: string | undefined }
  /** Of one that holds together. */
  readonly format: Check<'format'>
  readonly found: FoundOfKind
}

export interface ReadOfKind {
  /** With its proof. */
  readonly secured: JsonObject
  /** UTF-8 of the canonical text without its proof. */
  readonly unsecured: Bytes
  /** `undefined` where any credential is asked for. */
  readonly certificate: Certificate | undefined
}

export interface Kinds {
  /** The newest match first. */
  readonly met: MetKind[]
  /** Whether a credential was read before: for one alone no kind is looked for. */
  isAmongMany: boolean
  /** How much more often a text was of no kind that was met than of one: beyond a limit no kind is looked for any more. */
  misses: number
  /** The one before, whose kind is not known. */
  last?: JsonObject
  /** One of a kind that was met, `null` for every other text; it comes with the first kind. */
  before?: (text: Bytes) => Met | null
}

/** Of more kinds those that were met last are kept. */
const kindLimit = 64
/** A stranger's texts may each be of a kind of its own. */
const missLimit = 1000

export interface Met {
  readonly met: MetKind
  readonly read: ReadOfKind
}

function metBefore(text: Bytes, kinds: Kinds): Met | null {
  const all = kinds.met
  if (kinds.misses >= missLimit) return null
  for (const [i, met] of all.entries()) {
    const read = met.read(text)
    if (read === null) continue
    if (i > 0) all.unshift(...all.splice(i, 1))
    if (kinds.misses > 0) kinds.misses--
    return { met, read }
  }
  return null
}

/** What was read in full and holds together. */
export interface Whole extends Pick<MetKind, 'issuer' | 'dates' | 'format'> {
  readonly opening: SecuredOpening
  readonly certificate: Certificate | undefined
}

/** Keeps the kind of a credential that was read in full and holds together, if it has one. */
export async function meet(
  source: Bytes | string,
  whole: Whole,
  kinds: Kinds,
  contexts: ContextDocuments,
): Promise<void> {
  const { opening, issuer, dates, certificate, format } = whole
  if (kinds.misses >= missLimit || !opening.ok) return
  const { form, signatures, unknown, anchors } = opening.opened
  const isPlain = form === 'data-integrity' && signatures.length === 1 && unknown.length === 0
  if (!isPlain || anchors !== undefined) return
  kinds.misses++
  const text = typeof source === 'string' ? utf8(source) : source
  const parsed = parseJson(text)
  if (!parsed.ok || !isObject(parsed.value)) return
  const kind =
    certificate === undefined
      ? signatures.every(({ isOverExactText }) => isOverExactText) &&
        (await kindOfAny(parsed.value, kinds, contexts))
      : kindOfBadge(parsed.value, certificate)
  // A text that is not canonical is not of the kind that its credential would have.
  if (!kind || kind.read(text) === null) return
  if (kinds.met.length >= kindLimit) kinds.met.pop()
  kinds.met.unshift({ ...kind, issuer, dates, format, found: {} })
  kinds.before ??= (next) => metBefore(next, kinds)
}

function kindOfBadge(secured: JsonObject, certificate: Certificate): Pick<MetKind, 'read' | 'config'> | null {
  const kind =
    certificate.type === 'ProfessionalTechnicalGradeCertificate' ? kindOf(secured, certificate) : null
  return kind && { config: kind.config, read: (text) => readOfKind(text, kind) }
}

async function kindOfAny(
  secured: JsonObject,
  kinds: Kinds,
  contexts: ContextDocuments,
): Promise<Pick<MetKind, 'read' | 'config'> | null> {
  const { last } = kinds
  kinds.last = secured
  const { credentialKindOf } = await import('./credential-kind.ts')
  const kind = last && (await credentialKindOf(secured, last, contexts))
  if (!kind) return null
  const { text: shared, rules, config } = kind
  return {
    config,
    read: (text) => {
      const read = readText(text, shared)
      if (read === null || !read.values.every((value, i) => rules[i]?.(value))) return null
      const filledIn = filled(shared.document, shared.branch, read.values) as JsonObject
      return { secured: filledIn, unsecured: read.unsecured, certificate: undefined }
    },
  }
}
