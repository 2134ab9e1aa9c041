/** Whether the certificate was revoked or suspended, as far as lists that its issuer signed can tell. */
import { type ControllerId, isUrl } from '../base/did-url.ts'
import { instantAt } from '../base/instant.ts'
import { isObject, type Json } from '../base/json.ts'
import { type BelievedList, type ListKind, listsOf } from './believed-lists.ts'
import { type Inputs, tokenPurpose } from './inputs.ts'
import { type Check, type Facts, fail, pass, skipped, unknown } from './report.ts'
import { inScope } from './scope.ts'
import type { ReadCredential, StatusEntry } from './subject.ts'

export async function checkStatus(read: ReadCredential, all: Inputs): Promise<Check<'status'>> {
  const { statusEntries, issuer } = read
  if (statusEntries.length === 0) return skipped('no_status')
  const inputs = await inScope(read, all)
  const found: Check<'status'>[] = []
  for (const one of statusEntries) {
    const place = placeOf(one)
    found.push('outcome' in place ? place : await checkPlace(place, issuer, inputs))
  }
  const lists = found.flatMap((check) => check.facts ?? [])
  const objection = worst(found)
  // What was said, and when, stands in every report: a list that has run out still says what it said.
  if (objection === null) return pass({ lists })
  return lists.length === 0 ? objection : { ...objection, facts: { lists } }
}

type Objection = Extract<Check<'status'>, { readonly outcome: 'fail' | 'unknown' }>

/** Every entry and every list counts: a revocation, else a failure anywhere, else anything not found out. */
function worst(found: readonly (Check<'status'> | null)[]): Objection | null {
  const failures = found.filter((check) => check?.outcome === 'fail')
  const revoked = failures.find(({ reason }) => reason === 'revoked')
  return revoked ?? failures[0] ?? found.find((check) => check?.outcome === 'unknown') ?? null
}

/** Where an entry says that its status stands, and how what stands there is to be read. */
interface Place {
  readonly kind: ListKind
  readonly url: string
  readonly index: number
  readonly purpose: string
  readonly meanings: Meanings
}

/** What a value says against a certificate: `null` nothing; a value that is not here has no meaning that we know. */
type Meanings = ReadonlyMap<number, 'revoked' | 'suspended' | null>

const clear = [0, null] as const
/** By purpose. Purposes that are not here say nothing about validity. */
const bitMeanings: Readonly<Record<string, Meanings>> = {
  revocation: new Map([clear, [1, 'revoked']]),
  suspension: new Map([clear, [1, 'suspended']]),
}
const otherPurpose: Meanings = new Map([clear, [1, null]])
/** Token Status List, section 7.1. */
const tokenMeanings: Meanings = new Map([clear, [1, 'revoked'], [2, 'suspended']])

function placeOf(one: StatusEntry): Place | Objection {
  return one.of === 'credential' ? bitstringPlace(one.entry) : tokenPlace(one.mechanism, one.entry)
}

function bitstringPlace(entry: Json): Place | Objection {
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
  const meanings = Object.hasOwn(bitMeanings, purpose) ? (bitMeanings[purpose] as Meanings) : otherPurpose
  return { kind: 'status-list', url, index, purpose, meanings }
}

function tokenPlace(mechanism: string, entry: Json): Place | Objection {
  if (mechanism !== 'status_list') return unknown('status_type_unknown', mechanism)
  const { idx: index, uri: url } = isObject(entry) ? entry : {}
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || !isUrl(url)) {
    return fail('status_malformed', 'an entry that Token Status List does not allow')
  }
  return { kind: 'token-status-list', url, index, purpose: tokenPurpose, meanings: tokenMeanings }
}

async function checkPlace(place: Place, issuer: ControllerId, inputs: Inputs): Promise<Check<'status'>> {
  const { believed, offered } = await listsOf(place.kind, place.url, issuer, inputs)
  if (believed.length === 0) {
    const reason = offered ? 'status_list_not_believed' : 'status_list_not_at_hand'
    return unknown(reason, place.url)
  }
  return checkLists(believed, place, inputs)
}

/**
 * Revocation cannot be undone, so one list that shows it is enough, however old; of suspensions the newest list counts.
 * A list that has run out, or is dated after now, cannot clear anyone. The newest comes first.
 */
function checkLists(
  believed: readonly BelievedList[],
  place: Place,
  { nowMs, policy }: Inputs,
): Check<'status'> {
  const { purpose, url } = place
  const lists = believed.filter(({ purposes }) => purposes.includes(purpose))
  const past = lists.filter(({ validFrom }) => validFrom <= nowMs + policy.clockSkew * 1000)
  if (lists.length === 0) return unknown('status_purpose_mismatch', `${url} does not speak of ${purpose}`)
  const newest = past[0]
  if (newest === undefined) return unknown('status_list_from_future', url)
  const shown = past.map((list) => {
    const objection = checkValue(list, place)
    const isForGood = objection?.outcome === 'fail' && objection.reason === 'revoked'
    return isForGood || list.validFrom === newest.validFrom ? objection : null
  })
  const { validFrom, validUntil, asOf, until } = newest
  const { maxStatusAge } = policy
  if (maxStatusAge !== undefined && nowMs > validFrom + maxStatusAge * 1000) {
    shown.push(unknown('status_list_too_old', `${url}, ${asOf}`))
  }
  if (validUntil === null || validUntil < nowMs) {
    shown.push(unknown('status_list_stale', until === null ? url : `${url}, ${until}`))
  }
  const facts: Facts = {
    purpose,
    list: url,
    index: place.index,
    asOf,
    until: until ?? instantAt(nowMs),
    digest: newest.digest,
    says: saidIn(shown),
  }
  const objection = worst(shown)
  return objection === null ? pass(facts) : { ...objection, facts }
}

/** What stands at the index, whether it counts now or not. */
function saidIn(shown: readonly (Objection | null)[]): string {
  const failure = worst(shown.filter((one) => one?.outcome === 'fail'))
  return failure === null ? 'nothing' : failure.reason
}

/** What one list says against the certificate, `null` where it says nothing. */
function checkValue({ id, valueAt, asOf }: BelievedList, { index, meanings }: Place): Objection | null {
  const value = valueAt(index)
  if (value === null) return fail('status_index_out_of_range', String(index))
  if (typeof value === 'object') return unknown('status_list_unreadable', `${id}: ${value.fault}`)
  const meaning = meanings.get(value)
  if (meaning === undefined) return unknown('status_value_unknown', `${id}: ${value}`)
  return meaning === null ? null : fail(meaning, `${id} of ${asOf}`)
}
