/** Kinds of badges that were met in one judgement, and what was found out of each: thousands of certificates share a few. */
import { type Bytes, utf8 } from '../base/bytes.ts'
import { isObject, parseJson } from '../base/json.ts'
import type { Certificate } from '../certificate/certificate.ts'
import { type BadgeKind, type BadgeOfKind, kindOf, readOfKind } from '../credential/badge-kind.ts'
import type { SecuredOpening } from '../securing/open.ts'
import type { VouchedKey } from './issuer.ts'
import type { Check } from './report.ts'

/** What does not depend on whom a certificate is for, as far as it was asked. */
export interface FoundOfKind {
  issuer?: [Check<'issuer'>, readonly (readonly VouchedKey[])[]]
  schema?: Check<'schema'>
  validity?: Check<'validity'>
  trust?: Check<'trust'>
}

export interface MetKind {
  readonly kind: BadgeKind
  /** Of a badge that holds together. */
  readonly format: Check<'format'>
  readonly found: FoundOfKind
}

export interface Kinds {
  /** The newest match first. */
  readonly met: MetKind[]
  /** Whether a certificate was read before: for one alone no kind is looked for. */
  isAmongMany: boolean
  /** How often a kind was looked for in a text. */
  tries: number
  /** A badge of a kind that was met, `null` for every other text; it comes with the first kind. */
  before?: (text: Bytes) => Met | null
}

/** Of more kinds those that were met last are kept. */
const kindLimit = 64
/** A stranger's texts may each be of a kind of its own. */
const tryLimit = 1000

export interface Met {
  readonly met: MetKind
  readonly read: BadgeOfKind
}

function metBefore(text: Bytes, all: MetKind[]): Met | null {
  for (const [i, met] of all.entries()) {
    const read = readOfKind(text, met.kind)
    if (read === null) continue
    if (i > 0) all.unshift(...all.splice(i, 1))
    return { met, read }
  }
  return null
}

/** Keeps the kind of a badge that was read in full and holds together, if it has one. */
export function meet(
  source: Bytes | string,
  read: {
    readonly opening: SecuredOpening
    readonly certificate: Certificate
    readonly format: Check<'format'>
  },
  kinds: Kinds,
): void {
  const { opening, certificate, format } = read
  if (kinds.tries >= tryLimit || !opening.ok || certificate.type !== gradeCertificate) return
  const { form, signatures, unknown, anchors } = opening.opened
  const isPlain = form === 'data-integrity' && signatures.length === 1 && unknown.length === 0
  if (!isPlain || anchors !== undefined) return
  kinds.tries++
  const text = typeof source === 'string' ? utf8(source) : source
  const parsed = parseJson(text)
  if (!parsed.ok || !isObject(parsed.value)) return
  const kind = kindOf(parsed.value, certificate)
  // A text that is not canonical is not of the kind that its badge would have.
  if (kind === null || readOfKind(text, kind) === null) return
  if (kinds.met.length >= kindLimit) kinds.met.pop()
  kinds.met.unshift({ kind, format, found: {} })
  kinds.before ??= (next) => metBefore(next, kinds.met)
}

const gradeCertificate = 'ProfessionalTechnicalGradeCertificate'
