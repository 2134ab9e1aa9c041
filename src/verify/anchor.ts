/**
 * By when each signature was there, and on whose word. An anchor never stands in for a signature, and nothing in this
 * check makes a certificate invalid: whoever hands over a bad proof beside a good certificate changes nothing.
 */
import type { AnchorStatus, AnchorVerdict } from '../anchor/anchor.ts'
import type { AnchorBundle } from '../anchor/bundle.ts'
import { toBase64url } from '../base/bytes.ts'
import type { Instant } from '../base/instant.ts'
import type { Json, JsonObject } from '../base/json.ts'
import type { Subject } from '../securing/subject.ts'
import type { Inputs } from './inputs.ts'
import type { AnchorRequirement } from './policy.ts'
import { type Check, pass, type Reasons, skipped, unknown } from './report.ts'
import type { ReadCredential } from './subject.ts'

/** The check, and for each signature the moment by which it is proven to have been there. */
export type AnchorFinding = readonly [Check<'anchor'>, readonly (Instant | undefined)[]]

/** @param brought bundles that came beside this text */
export async function checkAnchor(
  { opening }: Pick<ReadCredential, 'opening'>,
  brought: readonly JsonObject[],
  inputs: Inputs,
): Promise<AnchorFinding> {
  const { policy, chains } = inputs
  const isAsked = policy.anchors.length > 0
  const nothing = isAsked ? unknown('anchor_missing', policy.anchors.join(', ')) : skipped('no_anchor')
  if (!opening.ok) return [nothing, []]
  const { signatures, anchors = [] } = opening.opened
  if (brought.length + inputs.anchors.size + anchors.length === 0) return [nothing, []]
  const { bundleIn, bundlesWithin } = await import('../anchor/bundle.ts')
  const within = bundlesWithin({ proof: anchors })
  const subjects = signatures.map((signature) => signature.subject())
  const bundlesOf = (subject: Subject): readonly AnchorBundle[] => {
    const name = toBase64url(subject.digest)
    const documents = [...(inputs.anchors.get(name) ?? []), ...brought]
    const read = documents.map(bundleIn).flatMap((reading) => (reading.ok ? [reading.bundle] : []))
    return [...read, ...within].filter(
      ({ subject: { digest }, anchors: own }) => own.length > 0 && toBase64url(digest) === name,
    )
  }
  const found = subjects.map((subject) => ({ subject, bundles: bundlesOf(subject) }))
  if (found.every(({ bundles }) => bundles.length === 0)) return [nothing, []]
  if (chains === undefined)
    return [isAsked ? unknown('anchor_not_judgeable', '') : skipped('no_chain_state'), []]
  const { existedBy, judgeBundle } = await import('../anchor/judge.ts')
  const satisfies = (verdict: AnchorVerdict, required: AnchorRequirement): boolean =>
    existedBy([verdict]) !== undefined &&
    (required === 'any' || required === verdict.kind || required === verdict.chain)
  const options = { chains: await chains(), testChains: policy.testChains }
  const judged = await Promise.all(
    found.map(async ({ subject, bundles }) => {
      const verdicts = await Promise.all(
        bundles.map((bundle) => judgeBundle(subject.digest, bundle, options)),
      )
      return { subject, verdicts: distinct(verdicts.flat()) }
    }),
  )
  const all = judged.flatMap(({ verdicts }) => verdicts)
  const moments = judged.map(({ verdicts }) => existedBy(verdicts))
  const facts = {
    anchors: judged.flatMap(({ subject, verdicts }) =>
      verdicts.map((verdict) => ({
        // Which one is meant has to be said where several sign.
        ...(subjects.length > 1 && subject.proof !== undefined && { proof: subject.proof }),
        ...(verdict as unknown as JsonObject),
      })),
    ) as Json,
  }
  const missing = policy.anchors.find((required) => !all.some((verdict) => satisfies(verdict, required)))
  if (missing !== undefined) return [unknown(reasonFor(all), missing), moments]
  const earliest = existedBy(all)
  return [
    earliest === undefined ? skipped('anchor_not_verified', facts) : pass({ existedBy: earliest, ...facts }),
    moments,
  ]
}

/** The moment by which something that is no certificate, such as a status list, is proven to have been there. */
export async function anchoredBy(subject: Subject, inputs: Inputs): Promise<Instant | undefined> {
  const { chains, policy, anchors } = inputs
  const documents = anchors.get(toBase64url(subject.digest)) ?? []
  if (chains === undefined || documents.length === 0) return undefined
  const { bundleIn } = await import('../anchor/bundle.ts')
  const { existedBy, judgeBundle } = await import('../anchor/judge.ts')
  const options = { chains: await chains(), testChains: policy.testChains }
  const bundles = documents.map(bundleIn).flatMap((reading) => (reading.ok ? [reading.bundle] : []))
  const verdicts = await Promise.all(bundles.map((bundle) => judgeBundle(subject.digest, bundle, options)))
  return existedBy(verdicts.flat())
}

/** In an order of their own, each once: how they came says nothing. */
function distinct(verdicts: readonly AnchorVerdict[]): readonly AnchorVerdict[] {
  const byText = new Map(verdicts.map((verdict) => [JSON.stringify(verdict), verdict]))
  return [...byText.keys()].toSorted().map((text) => byText.get(text)!) // a key of this map
}

/** What stands between the best of the anchors and being counted. */
function reasonFor(verdicts: readonly AnchorVerdict[]): Reasons['anchor'] {
  const order = Object.keys(reasons) as AnchorStatus[]
  const best = order.find((status) => verdicts.some((verdict) => verdict.status === status))
  return best === undefined ? 'anchor_missing' : reasons[best]
}

/** From the best to the worst. One that is verified and still not enough is of another kind than was asked for. */
const reasons: Readonly<Record<AnchorStatus, Reasons['anchor']>> = {
  test_chain: 'anchor_test_chain',
  too_shallow: 'anchor_too_shallow',
  pending: 'anchor_pending',
  no_trusted_state: 'anchor_not_judgeable',
  unsupported: 'anchor_unsupported',
  verified: 'anchor_missing',
  invalid: 'anchor_invalid',
}
