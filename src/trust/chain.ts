/**
 * From the roots that a caller named to every list that counts: a root's own, those of authorities that it delegates to,
 * and so on. Each step is signed, numbered, in force, and inside what the step before it gave.
 */
import { digestJson } from '../base/canonical.ts'
import { type Did, splitDidUrl } from '../base/did-url.ts'
import { epoch, epochOf, type Instant, instantAt } from '../base/instant.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { contextTable } from '../credential/contexts.ts'
import { firstDifference } from '../credential/difference.ts'
import { fromMultikey, type PublicKey, thumbprint } from '../key/public-key.ts'
import { isOverExactText, openDataIntegrity, verifyProof } from '../securing/data-integrity.ts'
import type { Proof } from '../securing/proof.ts'
import { keyFault } from './key-fault.ts'
import { type SeenList, seenName, type Trust, type TrustRoot } from './trust.ts'
import { type DelegatedAuthority, readTrustList, type TrustedKey, type TrustList } from './trust-list.ts'

/** A list that a root signed, or an authority to which its list leads. */
export interface AuthenticList {
  readonly list: TrustList
  readonly digest: string
  /** The latest time that its signatures say. */
  readonly signedAt: Instant | undefined
  /** Thumbprints of the keys that signed it. */
  readonly signers: readonly string[]
  /** From the root's list to the one that names who signed this; empty for a list of a root. */
  readonly path: readonly Step[]
}

/** A list and whom it lets speak in its place. */
export interface Step {
  readonly list: TrustList
  readonly digest: string
  readonly signedAt: Instant | undefined
  readonly delegate: DelegatedAuthority
}

/** Why a list does not count at this moment, or a delegation leads nowhere. */
export type ListFault =
  | 'trust_list_stale'
  | 'trust_list_not_yet_valid'
  | 'trust_list_rolled_back'
  | 'trust_list_equivocation'
  | 'delegation_cyclic'
  | 'delegation_too_long'
  | 'delegation_too_wide'
  | 'delegated_list_not_at_hand'

export interface UnusableList {
  /** The list's id. */
  readonly id: string
  readonly issuer: Did
  /** Of the list itself, where it is at hand. */
  readonly sequence: number | undefined
  readonly fault: ListFault
}

export interface TrustedLists {
  /** The newest number of each list, in force now, once for each path that leads to it. */
  readonly current: readonly AuthenticList[]
  readonly unusable: readonly UnusableList[]
}

/** Steps from a root to the agency: ministry, province, city, district, body. */
const stepLimit = 5
/** Delegations that are followed in all. */
const followLimit = 1024

/**
 * The lists that count now: of each the highest number that is in force at `now`. `others` are lists that came with
 * evidence: they are judged by the same roots and bring none.
 *
 * @param clockSkew seconds by which an authority's clock may be ahead of ours
 */
export async function trustedLists(
  trust: Trust,
  others: readonly Json[],
  now: Instant,
  clockSkew = 0,
): Promise<TrustedLists> {
  const offered = [...trust.lists, ...others].map(opened).filter((one) => one !== null)
  const current: AuthenticList[] = []
  const unusable: UnusableList[] = []
  let vouchers = mergedRoots(trust.roots)
  for (let followed = 0; vouchers.length > 0; ) {
    const next: Voucher[] = []
    for (const voucher of vouchers) {
      const found = await listsOf(voucher, offered)
      const named = new Set(found.map(({ list }) => seenName(list)))
      const { publishes } = voucher
      if (publishes !== undefined && named.size === 0) {
        unusable.push(missing(voucher.id, publishes, 'delegated_list_not_at_hand'))
      }
      for (const name of named) {
        const numbers = found.filter(({ list }) => seenName(list) === name)
        const newest = newestOf(numbers, epoch(now) + clockSkew * 1000)
        const fault = faultOf(newest, numbers, trust.seen?.[name], { now, clockSkew })
        if (fault !== null) {
          const { id, issuer, sequence } = newest.list
          unusable.push({ id, issuer, sequence, fault })
          continue
        }
        current.push(newest)
        for (const delegate of newest.list.delegates) {
          const step = voucherOf(newest, delegate, voucher)
          followed++
          const refused = followed > followLimit ? 'delegation_too_wide' : step.refused
          if (refused !== undefined) unusable.push(missing(delegate.id, delegate.publishes, refused))
          else next.push(step)
        }
      }
    }
    vouchers = next
  }
  return { current, unusable }
}

/** Who may sign lists, by which keys, and how one came to them. */
interface Voucher {
  readonly id: Did
  readonly keys: readonly PublicKey[]
  /** Of a delegate: windows and compromises of its keys. */
  readonly rows: readonly TrustedKey[] | undefined
  /** Of a delegate: the one list that it may publish. */
  readonly publishes: string | undefined
  readonly path: readonly Step[]
  readonly refused?: ListFault | undefined
}

/** One voucher for each root, whoever named it and how often. */
function mergedRoots(roots: readonly TrustRoot[]): readonly Voucher[] {
  return [...new Set(roots.map(({ id }) => id))].map((id) => ({
    id,
    keys: roots.filter((root) => root.id === id).flatMap(keysOf),
    rows: undefined,
    publishes: undefined,
    path: [],
  }))
}

/** The keys a root names; a did:key root names its own by its name. */
function keysOf({ id, keys }: TrustRoot): readonly PublicKey[] {
  const multikeys = keys ?? (id.startsWith('did:key:') ? [id.slice('did:key:'.length)] : [])
  return multikeys.map(fromMultikey).filter((key) => key !== null)
}

function voucherOf(
  { list, digest, signedAt }: AuthenticList,
  delegate: DelegatedAuthority,
  { path: before }: Voucher,
): Voucher {
  const path = [...before, { list, digest, signedAt, delegate }]
  const isMet = path.some((step) => step.list.issuer === delegate.id)
  return {
    id: delegate.id,
    keys: delegate.keys.map(({ multikey }) => fromMultikey(multikey)).filter((key) => key !== null),
    rows: delegate.keys,
    publishes: delegate.publishes,
    path,
    refused: isMet ? 'delegation_cyclic' : path.length >= stepLimit ? 'delegation_too_long' : undefined,
  }
}

const missing = (issuer: Did, id: string, fault: ListFault): UnusableList => ({
  id,
  issuer,
  sequence: undefined,
  fault,
})

interface OfferedList {
  readonly list: TrustList
  readonly document: JsonObject
  readonly proofs: readonly Proof[]
  readonly all: readonly JsonObject[]
}

function opened(signed: Json): OfferedList | null {
  const opening = isObject(signed) ? openDataIntegrity(signed) : null
  if (!opening?.ok) return null
  const { document, proofs, all } = opening.opened
  // Under RDFC a list reads the same in any order, so one number would have many digests.
  if (!proofs.every(isOverExactText)) return null
  // A list says itself until when it counts.
  if (proofs.some(({ expires }) => expires !== undefined)) return null
  const list = readTrustList(document)
  return list === null ? null : { list, document, proofs, all }
}

/** Lists whose every proof is by a key of who may sign them. */
async function listsOf(voucher: Voucher, offered: readonly OfferedList[]): Promise<readonly AuthenticList[]> {
  const { id, publishes, path } = voucher
  const own = offered.filter(
    ({ list }) => list.issuer === id && (publishes === undefined || list.id === publishes),
  )
  const found: AuthenticList[] = []
  for (const one of own) {
    const signers = await signersOf(one, voucher)
    if (signers === null) continue
    const moments = one.proofs.flatMap(({ created }) => momentOf(created) ?? [])
    const signedAt = moments.length === 0 ? undefined : instantAt(Math.max(...moments))
    found.push({ list: one.list, digest: digestJson(one.document), signedAt, signers, path })
  }
  return found
}

async function signersOf(
  { list, document, proofs, all }: OfferedList,
  { keys, rows }: Voucher,
): Promise<readonly string[] | null> {
  const signers: string[] = []
  for (const proof of proofs) {
    if (splitDidUrl(proof.verificationMethod)?.did !== list.issuer) return null
    const results = await Promise.all(
      keys.map(async (key) => ({
        key,
        result: await verifyProof(document, proof, { key, all, contexts: contextTable() }),
      })),
    )
    const signer = results.find(
      ({ result }) => result.ok && firstDifference(result.document, document) === null,
    )?.key
    if (signer === undefined) return null
    const print = thumbprint(signer)
    const created = momentOf(proof.created)
    const signedAt = created === null ? undefined : instantAt(created)
    // Of a list nobody but its signature says when it was there, so a key that was stolen signs none.
    if (rows !== undefined && keyFault(rows, { thumbprint: print, signedAt }) !== null) return null
    signers.push(print)
  }
  return signers
}

const momentOf = (created: Json | undefined): number | null => {
  const ms = typeof created === 'string' ? epochOf(created) : null
  return ms === null || ms < 0 || ms > lastMoment ? null : ms
}
/** Milliseconds since 1970 of the last instant with four digits of a year. */
const lastMoment = Date.parse('9999-12-31T23:59:59Z')

/** The highest number of those that have begun to count; where none has, the highest. */
function newestOf(numbers: readonly AuthenticList[], untilMs: number): AuthenticList {
  const begun = numbers.filter(
    ({ list: { validFrom } }) => validFrom === undefined || epoch(validFrom) <= untilMs,
  )
  // Of one number that was signed twice the first: which of them came first says nothing.
  const name = ({ signedAt, signers }: AuthenticList) => `${signedAt ?? ''} ${signers.join(' ')}`
  return (begun.length === 0 ? numbers : begun).reduce((a, b) => {
    const ahead = b.list.sequence - a.list.sequence
    return ahead > 0 || (ahead === 0 && name(b) < name(a)) ? b : a
  })
}

function faultOf(
  newest: AuthenticList,
  numbers: readonly AuthenticList[],
  seen: SeenList | undefined,
  { now, clockSkew }: { readonly now: Instant; readonly clockSkew: number },
): ListFault | null {
  const { sequence, validFrom, validUntil, previous } = newest.list
  const known = [
    ...numbers.map(({ list, digest }) => ({ sequence: list.sequence, digest })),
    ...(seen === undefined ? [] : [seen]),
  ]
  const digestsOf = (number: number) =>
    new Set(known.filter((one) => one.sequence === number).map(({ digest }) => digest))
  const before = digestsOf(sequence - 1)
  if (digestsOf(sequence).size > 1) return 'trust_list_equivocation'
  // Whoever signs two lists of one number shows each to some: the number after it tells which one it continues.
  if (previous !== undefined && before.size > 0 && !before.has(previous)) return 'trust_list_equivocation'
  if (seen !== undefined && sequence < seen.sequence) return 'trust_list_rolled_back'
  if (validFrom !== undefined && epoch(now) + clockSkew * 1000 < epoch(validFrom))
    return 'trust_list_not_yet_valid'
  if (validUntil !== undefined && epoch(now) > epoch(validUntil)) return 'trust_list_stale'
  return null
}
