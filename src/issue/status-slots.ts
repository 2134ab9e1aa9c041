/** Where in which list a certificate's status stands: slots in order are spread over each list like shuffled cards. */
import { type Bytes, utf8 } from '../base/bytes.ts'
import { hmacSha256, hmacsUnder } from '../base/digest.ts'
import type { TokenStatus } from '../credential/claims.ts'
import type { StatusPosition, StatusPurpose } from '../credential/status-entry.ts'
import type { ListEntries } from '../status/bitstring.ts'

/** Names the list of a purpose by its number, 1, 2, 3… */
export type NameList = (purpose: StatusPurpose, number: number) => string

/** Forms of a certificate; each has a sequence of its own, so that two forms of one certificate share no index. */
type CertificateForm = 'badge' | 'sd-jwt'

/** Names the token status list of a number, 1, 2, 3… */
export type NameTokenList = (number: number) => string

/** What decides where slots stand, settled before the first certificate and never changed. */
export interface SlotOrder {
  /** The workspace's. */
  readonly secret: Bytes
  /** Entries of each list. */
  readonly entries: ListEntries
}

/** The position of an SD-JWT for a slot: one list says both revoked and suspended. */
export const tokenPositionOf = (slot: number, order: SlotOrder, nameList: NameTokenList): TokenStatus => ({
  uri: nameList(listNumber(slot, order)),
  index: indexOf(slot, 'sd-jwt', order),
})

/** The position for a slot (0, 1, 2…): when a list is full the next one starts. */
export function positionOf(slot: number, order: SlotOrder, nameList: NameList): StatusPosition {
  const number = listNumber(slot, order)
  return {
    index: indexOf(slot, 'badge', order),
    lists: { revocation: nameList('revocation', number), suspension: nameList('suspension', number) },
  }
}

/** The list that a slot stands in. */
export const listNumber = (slot: number, { entries }: Pick<SlotOrder, 'entries'>): number =>
  Math.floor(slot / entries) + 1

const indexOf = (slot: number, form: CertificateForm, order: SlotOrder): number =>
  indexesIn(listNumber(slot, order), form, order)(slot)

/** What gives the slots of one list their indexes, for one form. */
export function indexesIn(number: number, form: CertificateForm, order: SlotOrder): (slot: number) => number {
  const shuffle = shuffleOf(form, number, order)
  const first = (number - 1) * order.entries
  return (slot) => shuffle(slot - first)
}

/** The shuffle of a list, kept for the next certificates in it. */
function shuffleOf(form: CertificateForm, number: number, { secret, entries }: SlotOrder): Shuffle {
  const name = `status/${form}/${number}`
  const known = shuffles.get(secret) ?? new Map<string, Shuffle>()
  shuffles.set(secret, known)
  const shuffle = known.get(`${entries}/${name}`) ?? shuffleBy(hmacSha256(secret, utf8(name)), entries)
  known.set(`${entries}/${name}`, shuffle)
  return shuffle
}

const shuffles = new WeakMap<Bytes, Map<string, Shuffle>>()

/** Puts 0, 1, 2… up to the entries of a list into another order. */
type Shuffle = (value: number) => number

/**
 * A permutation by a key: a Feistel network of eight rounds of HMAC over two halves of the bits, the right one a bit wider
 * where their number is odd. Nobody without the key learns from an index when the certificate was issued, and no index
 * comes twice. What a round makes of a half is kept: a whole list takes some thousand HMACs, not a million.
 */
export function shuffleBy(key: Bytes, entries: ListEntries): Shuffle {
  const bits = Math.log2(entries)
  const wide = Math.ceil(bits / 2)
  const hmac = hmacsUnder(key, 3)
  const made = new Int16Array(rounds << wide).fill(-1)
  const mix = (round: number, half: number, width: number): number => {
    const at = (round << wide) | half
    const known = made[at] as number
    if (known >= 0) return known
    const [high, low] = hmac(Uint8Array.of(round, half & 0xff, half >> 8)) as unknown as [number, number] // 32 bytes
    const mixed = ((high << 8) | low) & ((1 << width) - 1)
    made[at] = mixed
    return mixed
  }
  return (value) => {
    let left = value >> wide
    let right = value & ((1 << wide) - 1)
    for (let round = 0; round < rounds; round++) {
      const mixed = left ^ mix(round, right, round % 2 === 0 ? bits - wide : wide)
      left = right
      right = mixed
    }
    return (left << wide) | right
  }
}

/** Even, so that the halves end where they began. */
const rounds = 8

/** A list that new certificates go into. */
export interface PlannedList {
  /** 1, 2, 3… */
  readonly number: number
  /** Positions that they take. */
  readonly positions: number
  /** Whether nothing stands in it yet. */
  readonly isNew: boolean
}

/** The lists that so many new certificates go into, the first one at the slot that is drawn next. */
export function plannedLists(
  next: number,
  count: number,
  { entries }: Pick<SlotOrder, 'entries'>,
): readonly PlannedList[] {
  const lists: PlannedList[] = []
  for (let slot = next; slot < next + count; ) {
    const end = Math.min(next + count, (Math.floor(slot / entries) + 1) * entries)
    lists.push({ number: listNumber(slot, { entries }), positions: end - slot, isNew: slot % entries === 0 })
    slot = end
  }
  return lists
}
