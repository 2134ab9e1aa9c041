/** What a verifier trusts: root keys named by the caller, and lists that those roots signed. */
import * as z from 'zod/mini'
import type { Bytes } from '../base/bytes.ts'
import { digestJson } from '../base/canonical.ts'
import { CodedError } from '../base/coded-error.ts'
import { type Did, isDid, splitDidUrl } from '../base/did-url.ts'
import { verifyingErrors } from '../base/errors-verifying.ts'
import { epoch, type Instant } from '../base/instant.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { contextTable } from '../credential/contexts.ts'
import { firstDifference } from '../credential/difference.ts'
import { fromMultikey, type PublicKey } from '../key/public-key.ts'
import { isOverExactText, openDataIntegrity, verifyProof } from '../securing/data-integrity.ts'
import { readTrustList, type TrustList } from './trust-list.ts'

/** Handing this over is trusting the roots; lists count only where a root signed them. */
export interface Trust {
  readonly roots: readonly TrustRoot[]
  /** Signed lists, unverified. */
  readonly lists: readonly Json[]
  /** By list id: the highest number met so far and its digest, for those who remember. */
  readonly seen?: Readonly<Record<string, SeenList>>
}

export interface TrustRoot {
  readonly id: Did
  /** Multikeys that sign for this root; a did:key names its own. */
  readonly keys?: readonly string[] | undefined
}

export interface SeenList {
  readonly sequence: number
  /** Lower-case hex SHA-256 of the canonical JSON of the list without its proofs, which anybody can wrap in another way. */
  readonly digest: string
}

/** A list that a root signed. */
export interface AuthenticList {
  readonly list: TrustList
  readonly digest: string
}

/** Why a list of a root does not count at this moment. */
export type ListFault =
  | 'trust_list_stale'
  | 'trust_list_not_yet_valid'
  | 'trust_list_rolled_back'
  | 'trust_list_equivocation'

export interface TrustedLists {
  /** The newest number of each list, in force now. */
  readonly current: readonly AuthenticList[]
  readonly unusable: readonly { readonly list: TrustList; readonly fault: ListFault }[]
}

/** Reads a trust file: roots beside lists. @throws `trust.file_malformed` */
export function readTrust(source: Bytes | string): Trust {
  const parsed = parseJson(source, { maxBytes: trustFileLimit })
  if (!parsed.ok)
    throw new CodedError(verifyingErrors['trust.file_malformed'], 'trust.file_malformed', {
      what: parsed.detail,
    })
  const file = trustFile.safeParse(parsed.value)
  if (!file.success) {
    throw new CodedError(verifyingErrors['trust.file_malformed'], 'trust.file_malformed', {
      what: file.error.issues[0]?.path.join('/') ?? '',
    })
  }
  const { roots, lists } = file.data
  return { roots: roots.map(({ id, keys }) => ({ id: id as Did, keys })), lists: lists as readonly Json[] }
}

/** Several trust files as one; of what was seen the highest number counts. */
export function mergeTrust(parts: readonly Trust[]): Trust {
  const met = parts.flatMap(({ seen }) => Object.entries(seen ?? {}))
  return {
    roots: parts.flatMap(({ roots }) => roots),
    lists: parts.flatMap(({ lists }) => lists),
    seen: Object.fromEntries(met.sort(([, a], [, b]) => a.sequence - b.sequence)),
  }
}

/** The text of a trust file. */
export function trustFileText(trust: Pick<Trust, 'roots' | 'lists'>): string {
  return `${JSON.stringify({ type: trustFileType, version: 1, roots: trust.roots, lists: trust.lists }, null, 2)}\n`
}

export const trustFileType = 'GradecertTrust'
/** Bytes. A list of 10,000 agencies takes about 6 MB. */
const trustFileLimit = 33_554_432

const trustFile = z.strictObject({
  type: z.literal(trustFileType),
  version: z.literal(1),
  roots: z
    .array(
      z.strictObject({
        id: z.string().check(z.refine(isDid, 'not a DID')),
        keys: z.optional(z.array(z.string()).check(z.minLength(1))),
      }),
    )
    .check(z.minLength(1), z.maxLength(64)),
  lists: z.array(z.custom<JsonObject>(isObject)).check(z.maxLength(256)),
})

/**
 * The lists that count now: signed by a root, in force at `now`, the highest number of each. `others` are lists that
 * came with evidence: they are judged by the same roots and bring none.
 */
export async function trustedLists(
  trust: Trust,
  others: readonly Json[],
  now: Instant,
): Promise<TrustedLists> {
  const authentic = (
    await Promise.all([...trust.lists, ...others].map((list) => authenticate(list, trust.roots)))
  ).filter((list) => list !== null)
  const current: AuthenticList[] = []
  const unusable: { list: TrustList; fault: ListFault }[] = []
  // A list is its authority's: another root that uses the same id displaces nothing.
  const named = ({ list }: AuthenticList) => JSON.stringify([list.issuer, list.id])
  for (const name of new Set(authentic.map(named))) {
    const numbers = authentic.filter((one) => named(one) === name)
    const newest = numbers.reduce((a, b) => (b.list.sequence > a.list.sequence ? b : a))
    const fault = faultOf(newest, numbers, trust.seen?.[newest.list.id], now)
    if (fault === null) current.push(newest)
    else unusable.push({ list: newest.list, fault })
  }
  return { current, unusable }
}

function faultOf(
  newest: AuthenticList,
  numbers: readonly AuthenticList[],
  seen: SeenList | undefined,
  now: Instant,
): ListFault | null {
  const { sequence, validFrom, validUntil } = newest.list
  const twins = numbers.filter(({ list }) => list.sequence === sequence).map(({ digest }) => digest)
  if (seen?.sequence === sequence) twins.push(seen.digest)
  if (new Set(twins).size > 1) return 'trust_list_equivocation'
  if (seen !== undefined && sequence < seen.sequence) return 'trust_list_rolled_back'
  if (validFrom !== undefined && epoch(now) < epoch(validFrom)) return 'trust_list_not_yet_valid'
  if (validUntil !== undefined && epoch(now) > epoch(validUntil)) return 'trust_list_stale'
  return null
}

/** A list whose every proof is by a key of a root that issued it; `null` for anything else. */
async function authenticate(signed: Json, roots: readonly TrustRoot[]): Promise<AuthenticList | null> {
  const opening = isObject(signed) ? openDataIntegrity(signed) : null
  if (!opening?.ok) return null
  const { document, proofs, all } = opening.opened
  const list = readTrustList(document)
  const keys = roots.filter(({ id }) => id === list?.issuer).flatMap(keysOf)
  if (list === null) return null
  // Under RDFC a list reads the same in any order, so one number would have many digests.
  if (!proofs.every(isOverExactText)) return null
  // A list says itself until when it counts.
  if (proofs.some(({ expires }) => expires !== undefined)) return null
  for (const proof of proofs) {
    if (splitDidUrl(proof.verificationMethod)?.did !== list.issuer) return null
    const results = await Promise.all(
      keys.map((key) => verifyProof(document, proof, { key, all, contexts: contextTable() })),
    )
    if (!results.some((result) => result.ok && firstDifference(result.document, document) === null))
      return null
  }
  return { list, digest: digestJson(document) }
}

/** The keys a root names; a did:key root names its own by its name. */
function keysOf({ id, keys }: TrustRoot): readonly PublicKey[] {
  const multikeys = keys ?? (id.startsWith('did:key:') ? [id.slice('did:key:'.length)] : [])
  return multikeys.map(fromMultikey).filter((key) => key !== null)
}
