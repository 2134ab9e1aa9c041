/** Whose key it is: the key must be the issuer's, listed for assertions, and for did:web vouched for by a trust list. */
import { type Did, splitDidUrl } from '../base/did-url.ts'
import { instantAt } from '../base/instant.ts'
import type { Json } from '../base/json.ts'
import { findMethod, type MethodFault, type Relationship } from '../did/document.ts'
import { resolveDid } from '../did/resolve.ts'
import { type PublicKey, thumbprint } from '../key/public-key.ts'
import { type KeyName, nameOfKey } from '../securing/opened.ts'
import { agencyEntries, type GatheredDocument, type Inputs } from './inputs.ts'
import { type Check, pass, type Reasons, unknown } from './report.ts'
import type { ReadCredential } from './subject.ts'

export interface VouchedKey {
  readonly key: PublicKey
  readonly thumbprint: string
}

export type KeyResult =
  /** At least one. Gathered documents may give several for one name, and only the signature can tell them apart. */
  { readonly ok: true; readonly candidates: readonly VouchedKey[] } | KeyRefusal

interface KeyRefusal {
  readonly ok: false
  readonly outcome: 'fail' | 'unknown'
  readonly reason: Reasons['issuer']
  readonly detail: string
}

/** Finds the key of `issuer` that a proof names. Used for certificates and status lists alike. The order of evidence says nothing. */
export async function issuerKey(
  issuer: Did,
  name: KeyName,
  inputs: Inputs,
  relationship: Relationship = 'assertionMethod',
): Promise<KeyResult> {
  if (name.by !== 'method') return refused('method_url_malformed', nameOfKey(name))
  const methodUrl = name.url
  const named = splitDidUrl(methodUrl)
  if (named === null) return refused('method_url_malformed', methodUrl)
  if (named.did !== issuer) return refused('method_of_another_controller', methodUrl)
  const gathered = inputs.didDocuments.filter(({ document }) => document.id === issuer)
  const found: KeyResult[] = []
  for (const one of gathered.length === 0 ? [undefined] : gathered) {
    found.push(await keyIn(issuer, { methodUrl, relationship }, one, inputs))
  }
  const keys = found.flatMap((result) => (result.ok ? result.candidates : []))
  const candidates = new Map(keys.map((vouched) => [vouched.thumbprint, vouched]))
  return candidates.size > 0
    ? { ok: true, candidates: [...candidates.keys()].toSorted().map((print) => candidates.get(print)!) }
    : (found.filter((result) => !result.ok).toSorted(byWeight)[0] as KeyRefusal) // the loop ran at least once
}

/** The check, and for each proof the keys that may have made it. */
export async function checkIssuer(
  { issuer, opening }: Pick<ReadCredential, 'issuer' | 'opening'>,
  inputs: Inputs,
  relationship: Relationship = 'assertionMethod',
): Promise<[Check<'issuer'>, readonly (readonly VouchedKey[])[]]> {
  // Without a proof there is no key to look up; the check on the proof says why.
  if (!opening.ok) return [unknown('method_not_found', `no proof names a key of ${issuer}`), []]
  const keys: (readonly VouchedKey[])[] = []
  const { signatures } = opening.opened
  for (const { key } of signatures) {
    const found = await issuerKey(issuer, key, inputs, relationship)
    if (!found.ok)
      return [{ outcome: found.outcome, reason: found.reason, detail: found.detail.slice(0, 300) }, []]
    keys.push(found.candidates)
  }
  return [pass({ id: issuer, keys: signatures.map(({ key }) => nameOfKey(key)) }), keys]
}

async function keyIn(
  issuer: Did,
  { methodUrl, relationship }: { readonly methodUrl: string; readonly relationship: Relationship },
  gathered: GatheredDocument | undefined,
  inputs: Inputs,
): Promise<KeyResult> {
  const documents = gathered === undefined ? [] : ([[issuer, gathered.document]] as const)
  const resolution = await resolveDid(issuer, new Map(documents))
  if (!resolution.ok) {
    return {
      ok: false,
      outcome: resolution.fault === 'did_malformed' ? 'fail' : 'unknown',
      reason: resolution.fault,
      detail: issuer,
    }
  }
  const { proven } = resolution
  const method = findMethod(resolution.document as Json, methodUrl, relationship)
  // A document that somebody brought proves nothing against the issuer either.
  if (!method.ok) return weighed(proven, method.fault, method.detail)
  const print = await thumbprint(method.key)
  const vouched =
    proven === 'self' ||
    (inputs.asks === 'any' && gathered?.isFetched) ||
    agencyEntries(inputs, issuer).some(({ keys }) => keys.some((key) => key.thumbprint === print))
  if (!vouched) return { ok: false, outcome: 'unknown', reason: 'key_not_vouched', detail: methodUrl }
  if (method.endsAt !== null && inputs.nowMs >= method.endsAt) {
    return refused('key_ended', method.endsAt < 0 ? methodUrl : instantAt(method.endsAt))
  }
  return { ok: true, candidates: [{ key: method.key, thumbprint: print }] }
}

const weighed = (proven: 'self' | 'gathered', reason: MethodFault, detail: string): KeyRefusal =>
  proven === 'self' ? refused(reason, detail) : { ok: false, outcome: 'unknown', reason, detail }

const refused = (reason: Reasons['issuer'], detail: string): KeyRefusal => ({
  ok: false,
  outcome: 'fail',
  reason,
  detail,
})

/** Of several gathered documents those that give a key count, then the one that says it has ended. */
const byWeight = (a: KeyRefusal, b: KeyRefusal): number => (weight(a) < weight(b) ? -1 : 1)

const weight = ({ outcome, reason, detail }: KeyRefusal): string =>
  `${outcome === 'fail' ? 0 : 1} ${reason} ${detail}`
