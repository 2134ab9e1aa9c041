/**
 * Credentials of any type that differ in a few texts at which no check looks but those on signature and status: what RDF takes
 * as a plain text, and ids. What those say elsewhere in the same credential is the same for all of a kind.
 */
import { canonicalJson } from '../base/canonical.ts'
import { isUrl } from '../base/did-url.ts'
import { isObject, type JsonObject } from '../base/json.ts'
import {
  branchTo,
  differingTexts,
  filled,
  type Steps,
  type TextKind,
  textKindOf,
  valueAt,
} from '../base/text-kind.ts'
import { type ContextDocuments, quadsOf } from '../securing/rdfc.ts'

export interface CredentialKind {
  readonly text: TextKind
  /** Whether a value may stand at a place, in the order of the text. */
  readonly rules: readonly ((value: string) => boolean)[]
  /** Canonical JSON of the proof without its value. */
  readonly config: string
}

/** Members in which credentials of a kind may differ. Issuer, dates, types, schemas and resources are looked at. */
const differing: ReadonlySet<unknown> = new Set(['id', 'credentialSubject', 'credentialStatus', 'proof'])

/** The kind of two credentials that hold together; `null` where they differ in anything that a check looks at. */
export async function credentialKindOf(
  secured: JsonObject,
  before: JsonObject,
  contexts: ContextDocuments,
): Promise<CredentialKind | null> {
  const { proof, ...document } = secured
  // A schema may look at anything.
  if (!isObject(proof) || document.credentialSchema !== undefined) return null
  const found = differingTexts(before, secured)
  const isWithin = found?.every(([member]) => differing.has(member)) === true
  if (found === null || !isWithin) return null
  const inDocument = found.filter(([member]) => member !== 'proof')
  const inProof = found.filter(([member]) => member === 'proof')
  if (inProof.some((steps) => steps.length !== 2 || steps[1] !== 'proofValue')) return null
  const places = inDocument.map((steps, i) => placeOf(steps, valueAt(document, steps) as string, i))
  const marked = filled(
    document,
    branchTo(inDocument),
    places.map(({ marker }) => marker),
  )
  const quads = await quadsOf(marked as JsonObject, contexts)
  const terms = new Set(quads?.quads.flatMap(({ subject, object }) => [subject, object]))
  if (!places.every(({ term }) => terms.has(term))) return null
  const steps: readonly Steps[] = [...inDocument, ['proof', 'proofValue']]
  const text = textKindOf(secured, steps)
  if (text === null) return null
  const rules = [...places.map(({ rule }) => rule), () => true] // the check on the signature reads its value
  const { proofValue: _, ...config } = proof
  return {
    text,
    rules: text.order.map((i) => rules[i] as (value: string) => boolean),
    config: canonicalJson(config),
  }
}

interface Place {
  /** What stands there to find out what RDF makes of it. */
  readonly marker: string
  /** What RDF makes of it where any value will do. */
  readonly term: string
  readonly rule: (value: string) => boolean
}

function placeOf(steps: Steps, value: string, i: number): Place {
  if (steps.at(-1) !== 'id') {
    const marker = `a plain text, number ${i}`
    return { marker, term: `"${marker}"`, rule: () => true }
  }
  // A scheme may be a prefix of a context, which nothing behind `//` is.
  const [start = ''] = /^[^:]*:(?:\/\/)?/.exec(value) ?? []
  const marker = `${start}example.invalid:${i}`
  return {
    marker,
    term: `<${marker}>`,
    rule: (other) =>
      other.startsWith(start) &&
      (start.endsWith('//') || !other.startsWith('//', start.length)) &&
      isUrl(other) &&
      !/\p{Cc}/u.test(other),
  }
}
