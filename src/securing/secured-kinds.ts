/** Kinds of documents that one signer secured lately: of the next of a kind only what differs is put in order and written. */
import { canonicalJson } from '../base/canonical.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { after, type MaybePromise } from '../base/platform.ts'
import {
  type Branch,
  branchTo,
  differingTexts,
  isPlainText,
  type Steps,
  type TextKind,
  textKindOf,
  unsecuredOf,
  valueAt,
  writeText,
} from '../base/text-kind.ts'
import { isSameBut } from '../credential/difference.ts'
import type { Signer } from '../key/signer.ts'
import type { ProofOptions } from './add-proof.ts'
import type { CanonicalParts } from './data-integrity.ts'

/** What is said of a proof beside its document. */
export type Saying = Pick<
  ProofOptions,
  'signer' | 'suite' | 'id' | 'created' | 'expires' | 'purpose' | 'domain' | 'challenge' | 'nonce'
>

interface SecuredKind {
  readonly saying: Saying
  /** Canonical JSON of the proof without its value. */
  readonly config: string
  /** One of them without its proof. */
  readonly document: JsonObject
  readonly branch: Branch
  readonly text: TextKind
  /** In the order of the text. */
  readonly places: readonly Steps[]
}

interface Secured {
  /** The newest match first. */
  readonly kinds: SecuredKind[]
  /** The one before, whose kind is not known. */
  last?: { readonly saying: Saying; readonly text: string }
  /** How much more often nothing of a known kind came than something: beyond a limit no kind is looked for any more. */
  misses: number
}

/** Of more kinds those that were secured last are kept. */
const kindLimit = 64
/** Documents may each be of a kind of its own. */
const missLimit = 1000

const bySigner = new WeakMap<Signer, Secured>()
const proofValue: Steps = ['proof', 'proofValue']

/** The text of a document of a kind that was secured before; `undefined` for every other, which has to be written in full. */
export function secureOfKind(
  document: JsonObject,
  saying: Saying,
  sign: (canonical: Required<Pick<CanonicalParts, 'document' | 'config'>>) => MaybePromise<string>,
): MaybePromise<string> | undefined {
  const secured = bySigner.get(saying.signer)
  if (secured === undefined || secured.misses >= missLimit) return undefined
  const { kinds } = secured
  for (const [i, kind] of kinds.entries()) {
    if (!isSaidAlike(kind.saying, saying) || !isSameBut(kind.document, document, kind.branch)) continue
    const { places, text, config } = kind
    const values = places.map((steps) => (steps === proofValue ? '' : valueAt(document, steps)))
    if (!values.every((value) => typeof value === 'string' && isPlainText(value))) continue
    if (i > 0) kinds.unshift(...kinds.splice(i, 1))
    if (secured.misses > 0) secured.misses--
    const texts = values as readonly string[]
    return after(sign({ document: unsecuredOf(texts, text), config }), (value) =>
      writeText(texts.with(places.indexOf(proofValue), value), text),
    )
  }
  return undefined
}

/** Keeps the kind of a document that was just secured in full, if the one before it was of the same. */
export function rememberSecured(text: string, saying: Saying): void {
  const secured = bySigner.get(saying.signer) ?? { kinds: [], misses: 0 }
  bySigner.set(saying.signer, secured)
  const { last } = secured
  secured.last = { saying, text }
  const isOneOfMany = last !== undefined && isSaidAlike(last.saying, saying)
  if (!isOneOfMany) secured.misses = 0
  if (!isOneOfMany || secured.misses++ >= missLimit) return
  const [before, parsed] = [parseJson(last.text), parseJson(text)]
  if (!before.ok || !parsed.ok || !isObject(parsed.value) || !isObject(parsed.value.proof)) return
  const { proof, ...document } = parsed.value
  const { proof: _before, ...earlier } = before.value as JsonObject // the text of a document, as this one
  const differing = differingTexts(earlier, document)
  if (differing === null || differing.some(([member]) => member === '@context')) return
  const places = [...differing, proofValue]
  const kind = textKindOf(parsed.value, places)
  if (kind === null) return
  const { proofValue: _, ...config } = proof
  if (secured.kinds.length >= kindLimit) secured.kinds.pop()
  secured.kinds.unshift({
    saying,
    config: canonicalJson(config),
    document,
    branch: branchTo(differing),
    text: kind,
    places: kind.order.map((i) => places[i] as Steps),
  })
}

const isSaidAlike = (a: Saying, b: Saying): boolean =>
  a.suite === b.suite &&
  a.id === b.id &&
  a.created === b.created &&
  a.expires === b.expires &&
  a.purpose === b.purpose &&
  a.challenge === b.challenge &&
  a.nonce === b.nonce &&
  (a.domain === b.domain || JSON.stringify(a.domain) === JSON.stringify(b.domain))
