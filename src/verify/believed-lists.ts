/** Status lists that are their issuer's: found in the evidence by name, their signatures verified, once in a judgement. */
import type { ControllerId } from '../base/did-url.ts'
import { instantAt } from '../base/instant.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { firstDifference } from '../credential/difference.ts'
import { verifyJws } from '../securing/jws.ts'
import { lastSecond } from '../securing/jwt.ts'
import { openDocument } from '../securing/open.ts'
import { bitAt } from '../status/bitstring.ts'
import { bitsOf, isPlainList, readStatusList } from '../status/status-list.ts'
import { decodeStatuses, openTokenStatusList, tokenStatusAt } from '../status/token-status-list.ts'
import { keyFault } from '../trust/recognise.ts'
import { agencyEntries, type Inputs, isWithinInstants } from './inputs.ts'
import { issuerKey } from './issuer.ts'
import { tryKeys } from './proof.ts'

/** A list that was found to be its issuer's. */
export interface BelievedList {
  readonly id: string
  /** What it speaks of; a token status list speaks of everything in its values. */
  readonly purposes: readonly string[]
  /** Milliseconds since 1970. */
  readonly validFrom: number
  /** `null` where it does not say: such a list clears nobody. */
  readonly validUntil: number | null
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
  const named = inputs.lists[kind].filter((list) => isObject(list) && list.id === url)
  if (named.length === 0) return { believed: [], offered: false }
  const name = JSON.stringify([kind, issuer, url])
  const believing = inputs.believedLists.get(name) ?? believeAll(kind, named, issuer, inputs)
  inputs.believedLists.set(name, believing)
  return { believed: await believing, offered: true }
}

/** Several lists of one moment are all asked, and the one that ends first says how long they hold. */
export const newestFirst = (a: BelievedList, b: BelievedList): number =>
  b.validFrom - a.validFrom || (a.validUntil ?? 0) - (b.validUntil ?? 0) || (a.packed < b.packed ? -1 : 1)

async function believeAll(
  kind: ListKind,
  named: readonly Json[],
  issuer: ControllerId,
  inputs: Inputs,
): Promise<readonly BelievedList[]> {
  const allowed = [issuer, ...agencyEntries(inputs, issuer).flatMap(({ statusIssuers }) => statusIssuers)]
  const lists: BelievedList[] = []
  for (const signed of named) {
    const list = isObject(signed) ? await believe[kind](signed, allowed, inputs) : null
    if (list !== null && [list.validFrom, list.validUntil ?? 0].every(isWithinInstants)) lists.push(list)
  }
  return lists.toSorted(newestFirst).slice(0, listLimit)
}

/** Lists of one name that an issuer may have in evidence; of more the newest count. */
const listLimit = 64

type Believe = (
  signed: JsonObject,
  allowed: readonly ControllerId[],
  inputs: Inputs,
) => Promise<BelievedList | null>

const believe: Readonly<Record<ListKind, Believe>> = {
  async 'status-list'(signed, allowed, inputs) {
    const opening = openDocument(signed)
    if (!opening.ok) return null
    const { document, signatures } = opening.opened
    const list = readStatusList(document)
    const author = allowed.find((id) => id === list?.issuer)
    if (list === null || author === undefined) return null
    // A signature over RDF fits every JSON that reads as the same RDF, which of a plain list is only itself.
    if (!signatures.every(({ isOverExactText }) => isOverExactText) && !isPlainList(document)) return null
    for (const signature of signatures) {
      // A list says itself until when it counts; a proof with an end of its own would say something else.
      if (signature.expires !== undefined) return null
      const found = await issuerKey(author, signature.key, inputs)
      if (!found.ok) return null
      const tried = await tryKeys(signature, found.candidates, inputs)
      if (!tried?.result.ok || firstDifference(tried.result.document, document) !== null) return null
      if (!isInForce(tried.vouched.thumbprint, author, list.validFrom, inputs)) return null
    }
    const expanded = remembered(() => {
      const unpacked = bitsOf(list)
      return unpacked.ok ? unpacked.bits : unpacked.fault
    })
    return {
      ...list,
      packed: list.encodedList,
      valueAt(index) {
        const bits = expanded()
        if (typeof bits === 'string') return { fault: bits }
        const bit = bitAt(bits, index)
        return bit === null ? null : Number(bit)
      },
    }
  },

  async 'token-status-list'({ id, token }, allowed, inputs) {
    const opening = typeof token === 'string' ? openTokenStatusList(token) : null
    if (!opening?.ok || opening.list.uri !== id) return null
    const { list, jws, key } = opening
    // `iss` may be left out; the key then says whose it is.
    const author = allowed.find((one) => one === (list.issuer ?? authorOf(key)))
    if (author === undefined) return null
    const found = await issuerKey(author, key, inputs)
    const validFrom = list.iat * 1000
    let isSigned = false
    for (const vouched of found.ok ? found.candidates : []) {
      isSigned ||=
        (await verifyJws(jws, vouched.key)) === 'good' &&
        isInForce(vouched.thumbprint, author, validFrom, inputs)
    }
    if (!isSigned) return null
    const ends = [
      list.exp === undefined ? undefined : lastSecond(list.exp),
      list.ttl === undefined ? undefined : list.iat + list.ttl,
    ]
    const end = Math.min(...ends.filter((one) => one !== undefined))
    const expanded = remembered(() => {
      const unpacked = decodeStatuses(list.lst, list.bits)
      return unpacked.ok ? unpacked.statuses.bytes : unpacked.fault
    })
    return {
      id: list.uri,
      purposes: [tokenPurpose],
      validFrom,
      validUntil: Number.isFinite(end) ? end * 1000 : null,
      packed: list.lst,
      valueAt(index) {
        const bytes = expanded()
        return typeof bytes === 'string' ? { fault: bytes } : tokenStatusAt({ bits: list.bits, bytes }, index)
      },
    }
  },
}

/** The purpose of every token status list. */
export const tokenPurpose = 'status'

const authorOf = (key: Parameters<typeof issuerKey>[1]): string | undefined =>
  key.by === 'method' ? key.url.split('#')[0] : undefined

/** Bytes of an expanded list that are kept for the next certificate: two million entries. */
const keptBytes = 262_144

function remembered<Expanded extends { readonly length: number }>(
  expand: () => Expanded | string,
): () => Expanded | string {
  let kept: Expanded | string | null = null
  return () => {
    const expanded = kept ?? expand()
    if (expanded.length <= keptBytes) kept = expanded
    return expanded
  }
}

/** What trust lists say of a key holds for status lists too: whoever stole it must not clear anyone. */
function isInForce(thumbprint: string, author: ControllerId, validFrom: number, inputs: Inputs): boolean {
  if (!isWithinInstants(validFrom)) return false
  const faults = agencyEntries(inputs, author).map(({ keys }) =>
    keyFault(keys, thumbprint, instantAt(validFrom)),
  )
  if (faults.includes('key_compromised')) return false
  return faults.length === 0 || faults.includes(null)
}
