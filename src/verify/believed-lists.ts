/** Status lists that are their issuer's: found in the evidence by name, their signatures verified, once in a judgement. */
import type { ControllerId } from '../base/did-url.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import { isObject, type Json } from '../base/json.ts'
import type { Believe } from './believe.ts'
import { agencyEntries, type Inputs, isWithinInstants } from './inputs.ts'

/** A list that was found to be its issuer's, with its moments as reports tell them. */
export interface BelievedList extends ListOfIssuer {
  readonly asOf: Instant
  readonly until: Instant | null
}

export interface ListOfIssuer {
  readonly id: string
  /** What it speaks of; a token status list speaks of everything in its values. */
  readonly purposes: readonly string[]
  /** Milliseconds since 1970. */
  readonly validFrom: number
  /** `null` where it does not say: such a list clears nobody. */
  readonly validUntil: number | null
  /** Lower-case hex SHA-256 of the canonical JSON of the document without its proofs, or of the token. */
  readonly digest: string
  /** The packed list, for putting lists of one moment in order. */
  readonly packed: string
  /** What stands at an index: a number, `null` beyond the end, or why the list cannot be expanded within bounds. */
  readonly valueAt: (index: number) => number | null | { readonly fault: string }
}

export type ListKind = 'status-list' | 'token-status-list'

/** Lists under this name that the issuer, or a party its trust entry names, has signed. The newest comes first. */
export async function listsOf(
  kind: ListKind,
  url: string,
  issuer: ControllerId,
  inputs: Inputs,
): Promise<{ readonly believed: readonly BelievedList[]; readonly offered: boolean }> {
  const name = `${kind} ${issuer} ${url}` // no identifier has a space
  const known = inputs.believedLists.get(name)
  if (known !== undefined) return { believed: await known, offered: true }
  const named = inputs.lists[kind].filter((list) => isObject(list) && list.id === url)
  if (named.length === 0) return { believed: [], offered: false }
  const believing = believeAll(kind, named, issuer, inputs)
  inputs.believedLists.set(name, believing)
  return { believed: await believing, offered: true }
}

/** Several lists of one moment are all asked, and the one that ends first says how long they hold. */
const newestFirst = (a: BelievedList, b: BelievedList): number =>
  b.validFrom - a.validFrom || (a.validUntil ?? 0) - (b.validUntil ?? 0) || (a.packed < b.packed ? -1 : 1)

async function believeAll(
  kind: ListKind,
  named: readonly Json[],
  issuer: ControllerId,
  inputs: Inputs,
): Promise<readonly BelievedList[]> {
  const allowed = [issuer, ...agencyEntries(inputs, issuer).flatMap(({ statusIssuers }) => statusIssuers)]
  const believe = await believers[kind]()
  const lists: BelievedList[] = []
  for (const signed of named) {
    const list = isObject(signed) ? await believe(signed, allowed, inputs) : null
    if (list === null || ![list.validFrom, list.validUntil ?? 0].every(isWithinInstants)) continue
    const { validFrom, validUntil } = list
    const until = validUntil === null ? null : instantAt(validUntil)
    lists.push({ ...list, asOf: instantAt(validFrom), until })
  }
  return lists.toSorted(newestFirst).slice(0, listLimit)
}

/** Lists of one name that an issuer may have in evidence; of more the newest count. */
const listLimit = 64

/** Loaded when the first list of a kind is to be read. */
const believers: Readonly<Record<ListKind, () => Promise<Believe>>> = {
  'status-list': async () => (await import('./believe-bitstring.ts')).believeBitstringList,
  'token-status-list': async () => (await import('./believe-token.ts')).believeTokenList,
}
