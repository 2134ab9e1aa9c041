/** Whether the certificate was revoked or suspended, as far as lists that its issuer signed can tell. */
import { type Did, isUrl } from '../base/did-url.ts'
import { instantAt } from '../base/instant.ts'
import { isObject, type Json } from '../base/json.ts'
import { firstDifference } from '../credential/difference.ts'
import { openDocument } from '../securing/open.ts'
import { type Bitstring, bitAt } from '../status/bitstring.ts'
import { bitsOf, isPlainList, readStatusList, type StatusList } from '../status/status-list.ts'
import { keyFault } from '../trust/recognise.ts'
import { agencyEntries, type BelievedList, type Inputs, isWithinInstants } from './inputs.ts'
import { issuerKey } from './issuer.ts'
import { tryKeys } from './proof.ts'
import { type Check, type Facts, fail, pass, skipped, unknown } from './report.ts'
import type { ReadCredential } from './subject.ts'

export async function checkStatus(
  { issuer, statusEntries }: ReadCredential,
  inputs: Inputs,
): Promise<Check<'status'>> {
  if (statusEntries.length === 0) return skipped('no_status')
  const found: Check<'status'>[] = []
  for (const entry of statusEntries) found.push(await checkEntry(entry, issuer, inputs))
  return (
    worst(found) ?? pass({ lists: found.flatMap((check) => (check.outcome === 'pass' ? [check.facts] : [])) })
  )
}

type Objection = Extract<Check<'status'>, { readonly outcome: 'fail' | 'unknown' }>

/** Every entry and every list counts: a revocation, else a failure anywhere, else anything not found out. */
function worst(found: readonly (Check<'status'> | null)[]): Objection | null {
  const failures = found.filter((check) => check?.outcome === 'fail')
  const revoked = failures.find(({ reason }) => reason === 'revoked')
  return revoked ?? failures[0] ?? found.find((check) => check?.outcome === 'unknown') ?? null
}

/** How a set bit is read, by purpose. Purposes that are not here say nothing about validity. */
const meanings: Readonly<Record<string, 'revoked' | 'suspended'>> = {
  revocation: 'revoked',
  suspension: 'suspended',
}

async function checkEntry(entry: Json, issuer: Did, inputs: Inputs): Promise<Check<'status'>> {
  if (!isObject(entry) || typeof entry.type !== 'string')
    return fail('status_malformed', 'not an object with a type')
  if (entry.type !== 'BitstringStatusListEntry') return unknown('status_type_unknown', entry.type)
  const { statusPurpose: purpose, statusListIndex, statusListCredential: url, statusSize = 1 } = entry
  const index =
    typeof statusListIndex === 'string' && /^(0|[1-9]\d{0,8})$/.test(statusListIndex)
      ? Number(statusListIndex)
      : null
  if (typeof purpose !== 'string' || index === null || !isUrl(url) || statusSize !== 1) {
    return fail('status_malformed', 'an entry that Bitstring Status List does not allow')
  }
  const { believed, offered } = await listsOf(url, issuer, inputs)
  if (believed.length === 0) {
    return offered ? unknown('status_list_not_believed', url) : unknown('status_list_not_at_hand', url)
  }
  return checkLists(believed, { purpose, index, url }, inputs)
}

/**
 * Revocation cannot be undone, so one list that shows it is enough, however old; of suspensions the newest list counts.
 * A list that has run out, or is dated after now, cannot clear anyone.
 */
function checkLists(
  believed: readonly BelievedList[],
  { purpose, index, url }: { readonly purpose: string; readonly index: number; readonly url: string },
  { nowMs, policy }: Inputs,
): Check<'status'> {
  const lists = believed.filter(({ purposes }) => purposes.includes(purpose))
  const past = lists.filter(({ validFrom }) => validFrom <= nowMs + policy.clockSkew * 1000)
  if (lists.length === 0) return unknown('status_purpose_mismatch', `${url} does not speak of ${purpose}`)
  const newest = past.toSorted(newestFirst)[0]
  if (newest === undefined) return unknown('status_list_from_future', url)
  const meaning = meanings[purpose]
  const counting = past.filter(({ validFrom }) => meaning === 'revoked' || validFrom === newest.validFrom)
  const shown = counting.toSorted(newestFirst).map((list) => checkBit(list, index, meaning))
  const { validFrom, validUntil } = newest
  if (validUntil === null || validUntil < nowMs) {
    shown.push(unknown('status_list_stale', validUntil === null ? url : `${url}, ${instantAt(validUntil)}`))
  }
  const facts: Facts = {
    purpose,
    list: url,
    asOf: instantAt(validFrom),
    until: instantAt(validUntil ?? nowMs),
  }
  return worst(shown) ?? pass(facts)
}

/** Several lists of one moment are all asked, and the one that ends first says how long they hold. */
const newestFirst = (a: StatusList, b: StatusList): number =>
  b.validFrom - a.validFrom ||
  (a.validUntil ?? 0) - (b.validUntil ?? 0) ||
  (a.encodedList < b.encodedList ? -1 : 1)

/** What one list says against the certificate, `null` where it says nothing. */
function checkBit(
  { id, bits, validFrom }: BelievedList,
  index: number,
  meaning: 'revoked' | 'suspended' | undefined,
): Objection | null {
  const expanded = bits()
  if (!expanded.ok) return unknown('status_list_unreadable', `${id}: ${expanded.fault}`)
  const bit = bitAt(expanded.bits, index)
  if (bit === null) return fail('status_index_out_of_range', String(index))
  return bit && meaning !== undefined ? fail(meaning, `${id} of ${instantAt(validFrom)}`) : null
}

/** Lists under this name that the issuer, or a party its trust entry names, has signed; found out once in a judgement. */
async function listsOf(
  url: string,
  issuer: Did,
  inputs: Inputs,
): Promise<{ readonly believed: readonly BelievedList[]; readonly offered: boolean }> {
  const named = inputs.statusLists.filter((list) => isObject(list) && list.id === url)
  if (named.length === 0) return { believed: [], offered: false }
  const name = JSON.stringify([issuer, url])
  const believing = inputs.believedLists.get(name) ?? believeAll(named, issuer, inputs)
  inputs.believedLists.set(name, believing)
  return { believed: await believing, offered: true }
}

async function believeAll(
  named: readonly Json[],
  issuer: Did,
  inputs: Inputs,
): Promise<readonly BelievedList[]> {
  const allowed = [issuer, ...agencyEntries(inputs, issuer).flatMap(({ statusIssuers }) => statusIssuers)]
  const lists: BelievedList[] = []
  for (const signed of named) {
    const list = await believe(signed, allowed, inputs)
    if (list !== null) lists.push(list)
  }
  return lists.toSorted(newestFirst).slice(0, listLimit)
}

/** Lists of one name that an issuer may have in evidence; of more the newest count. */
const listLimit = 64
/** Bytes of an expanded list that are kept for the next certificate: two million entries. */
const keptBytes = 262_144

function rememberedBits(list: StatusList): () => Bitstring {
  let kept: Bitstring | null = null
  return () => {
    const expanded = kept ?? bitsOf(list)
    if (!expanded.ok || expanded.bits.length <= keptBytes) kept = expanded
    return expanded
  }
}

async function believe(signed: Json, allowed: readonly Did[], inputs: Inputs): Promise<BelievedList | null> {
  const opening = isObject(signed) ? openDocument(signed) : null
  if (!opening?.ok) return null
  const { document, signatures } = opening.opened
  const list = readStatusList(document)
  const author = allowed.find((did) => did === list?.issuer)
  if (list === null || author === undefined) return null
  if (![list.validFrom, list.validUntil ?? 0].every(isWithinInstants)) return null
  // A signature over RDF fits every JSON that reads as the same RDF, which of a plain list is only itself.
  if (!signatures.every(({ isOverExactText }) => isOverExactText) && !isPlainList(document)) return null
  for (const signature of signatures) {
    // A list says itself until when it counts; a proof with an end of its own would say something else.
    if (signature.expires !== undefined) return null
    const found = await issuerKey(author, signature.key, inputs)
    if (!found.ok) return null
    const tried = await tryKeys(signature, found.candidates, inputs)
    if (!tried?.result.ok || firstDifference(tried.result.document, document) !== null) return null
    if (!isInForce(tried.vouched.thumbprint, author, list, inputs)) return null
  }
  return { ...list, bits: rememberedBits(list) }
}

/** What trust lists say of a key holds for status lists too: whoever stole it must not clear anyone. */
function isInForce(thumbprint: string, author: Did, { validFrom }: StatusList, inputs: Inputs): boolean {
  const faults = agencyEntries(inputs, author).map(({ keys }) =>
    keyFault(keys, thumbprint, instantAt(validFrom)),
  )
  if (faults.includes('key_compromised')) return false
  return faults.length === 0 || faults.includes(null)
}
