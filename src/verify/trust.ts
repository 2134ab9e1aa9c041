/** Whether the agency was recognised for this award on the day of the award, by whom, and through whom. */
import type { Did } from '../base/did-url.ts'
import { epoch, epochOf, type Instant, instantAt } from '../base/instant.ts'
import type { Json } from '../base/json.ts'
import type { AuthenticList, Step } from '../trust/chain.ts'
import { earliest, type SigningKey } from '../trust/key-fault.ts'
import { openFaults, type Recognition, recogniseAlong } from '../trust/recognise.ts'
import { compromiseOf, historyFrom, type Inputs, isWithinInstants } from './inputs.ts'
import type { VouchedKey } from './issuer.ts'
import { type Check, type Facts, fail, pass, skipped, unknown } from './report.ts'
import { claimOf, inScope, type Stated } from './scope.ts'
import type { ReadCredential } from './subject.ts'

/** The keys that signed, and by when each signature is proven to have been there. */
export interface Signed {
  readonly keys: readonly VouchedKey[]
  readonly existedBy: readonly (Instant | undefined)[]
}

export async function checkTrust(
  read: ReadCredential,
  signed: Signed,
  inputs: Inputs,
): Promise<Check<'trust'>> {
  const { current = [], unusable = [] } = inputs.trusted ?? {}
  const [broken] = unusable
  if (current.length === 0) {
    return broken === undefined
      ? unknown('trust_list_not_at_hand', 'no list is signed by a root that the caller named')
      : unknown(broken.fault, detailOf(broken))
  }
  if (signed.keys.length === 0) {
    // A did:web's key is found out by lists, and one of them does not count.
    return broken === undefined
      ? unknown('key_unknown', 'the key that signed was not found out')
      : unknown(broken.fault, detailOf(broken))
  }
  if (read.certificate === undefined) return skipped('format_failed')
  const agency = read.certificate.issuer.id
  const scoped = await inScope(read, inputs)
  if ((await historyFrom(agency, scoped)).isForked) return unknown('key_history_forked', agency)
  const claim = claimOf(read.certificate, await signingKeys(agency, read, signed, scoped))
  const judged = current.map((authentic) => ({ authentic, recognition: recogniseAlong(authentic, claim) }))
  const found = judged.flatMap(({ authentic, recognition }) =>
    recognition.ok ? [{ authentic, recognition }] : [],
  )
  if (found.length > 0) return bestOf(found, read.certificate, claim.keys, inputs)
  const refusals = judged.flatMap(({ recognition }) => (recognition.ok ? [] : [recognition]))
  // What leaves it open says more than what refuses, and a list that knows the agency more than one that does not.
  const telling =
    refusals.find(({ fault }) => openFaults.has(fault)) ??
    refusals.find(({ fault }) => fault !== 'agency_not_listed')
  if (telling !== undefined) {
    const outcome = openFaults.has(telling.fault) ? unknown : fail
    return outcome(telling.fault, telling.detail)
  }
  // An agency may stand in a list that does not count today, or that nobody brought.
  return broken === undefined ? fail('agency_not_listed', agency) : unknown(broken.fault, detailOf(broken))
}

const detailOf = ({ id, sequence }: { readonly id: string; readonly sequence: number | undefined }) =>
  sequence === undefined ? id : `${id}, number ${sequence}`

type Recognised = {
  readonly authentic: AuthenticList
  readonly recognition: Extract<Recognition, { ok: true }>
}

/** Of several that recognise it, one that is young enough, and one by which the agency is still active. */
function bestOf(
  found: readonly Recognised[],
  certificate: Stated,
  keys: readonly SigningKey[],
  { policy, nowMs }: Inputs,
): Check<'trust'> {
  const { maxTrustAge } = policy
  const young = found.filter(({ authentic }) =>
    [authentic, ...authentic.path].every((one) => {
      const asOf = asOfList(one)
      return maxTrustAge === undefined || (asOf !== undefined && nowMs <= epoch(asOf) + maxTrustAge * 1000)
    }),
  )
  const [first] = found
  if (young.length === 0 && first !== undefined) {
    const facts = factsOf(first, nowMs)
    return unknown(
      'trust_list_too_old',
      `${first.authentic.list.id}, ${asOfList(first.authentic) ?? ''}`,
      facts,
    )
  }
  const isActive = ({ recognition }: Recognised) => recognition.agency.standing === 'active'
  const best = young.find(isActive) ?? (young[0] as Recognised) // one of them is young
  const facts = factsOf(best, nowMs)
  const { until } = best.recognition.scope ?? {}
  if (!isActive(best) && policy.anchorIfRemoved && until !== undefined) {
    const end = epochOf(`${until}T23:59:59${'zone' in certificate ? certificate.zone : '+08:00'}`)
    const isDated = keys.every(
      ({ existedBy }) => existedBy !== undefined && end !== null && epoch(existedBy) <= end,
    )
    if (!isDated) return unknown('removed_without_anchor', `${best.authentic.list.id}, ${until}`, facts)
  }
  return pass(facts)
}

/** The moment that a list speaks of. */
const asOfList = ({ list, signedAt }: AuthenticList | Step): Instant | undefined => list.validFrom ?? signedAt

/** Where a signature does not hold, not all have a key here, and no moment can be said to be a key's. */
async function signingKeys(
  agency: Did,
  { opening }: ReadCredential,
  { keys, existedBy }: Signed,
  inputs: Inputs,
): Promise<readonly SigningKey[]> {
  const created = opening.ok ? opening.opened.signatures.map((signature) => signature.created) : []
  const isEach = keys.length === created.length
  return Promise.all(
    keys.map(async ({ thumbprint, endsAt }, i) => ({
      thumbprint,
      signedAt: isEach ? momentOf(created[i]) : undefined,
      existedBy: isEach ? existedBy[i] : undefined,
      compromisedSince: earliest([await compromiseOf(agency, thumbprint, inputs), endsAt]),
    })),
  )
}

function momentOf(created: string | undefined): Instant | undefined {
  const ms = created === undefined ? null : epochOf(created)
  return isWithinInstants(ms) ? instantAt(ms) : undefined
}

function factsOf({ authentic, recognition }: Recognised, nowMs: number): Facts {
  const { list, digest, path, signers } = authentic
  const { agency } = recognition
  const lists = [list, ...path.map((step) => step.list)]
  const asOf = asOfList(authentic)
  const isOverdue = lists.some(({ nextUpdate }) => nextUpdate !== undefined && epoch(nextUpdate) < nowMs)
  return {
    authority: path[0]?.list.issuer ?? list.issuer,
    list: list.id,
    sequence: list.sequence,
    digest,
    signers,
    agency: agency.labels as unknown as Json,
    standing: agency.standing,
    ...(asOf !== undefined && { asOf }),
    ...(list.validUntil !== undefined && { until: list.validUntil }),
    ...(isOverdue && { overdue: true }),
    ...(lists.some(({ trial }) => trial) && { trial: true }),
    ...(path.length > 0 && { through: path.map(throughOf) }),
  }
}

/** A step for a report: who let whom speak, in which list. */
const throughOf = ({ list, digest, delegate }: Step): Facts => ({
  authority: list.issuer,
  list: list.id,
  sequence: list.sequence,
  digest,
  delegate: delegate.id,
  labels: delegate.labels as unknown as Json,
})
