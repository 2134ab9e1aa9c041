/** What an issuer remembers. One interface, one contract test, several stores. */
import { CertificateError } from '../base/errors.ts'
import type { Instant } from '../base/instant.ts'
import type { Certificate } from '../certificate/certificate.ts'

/**
 * Where issued certificates live. Every method may be called concurrently, from several processes. When a write
 * resolves it is durable: neither a crash nor a second process can undo it or repeat it.
 */
export interface Registry {
  /**
   * Settles id, number and status position of a new certificate in one step. Where the key is known, the entry that is
   * there comes back and nothing is drawn or stored; so a run that was stopped goes on where it was. A credential that
   * takes the place of another stands as that one stood, a suspension included, and the change is recorded in the same step.
   * @throws `registry.number_taken` where the number has a live credential that the draft does not supersede,
   * `registry.not_live` where the one that it would supersede is not live under that number
   */
  reserve(key: string, draft: (drawn: Drawn) => Draft): Promise<Reserved>
  /**
   * Settles many in one step, in their order: all of them, or none where one is refused. A key that comes twice is settled
   * once. Much faster than one by one, since a store makes one step durable at the cost of one write.
   */
  reserveAll(reservations: readonly Reservation[]): Promise<readonly Reserved[]>
  /**
   * Keeps the secured text of a reserved entry. Only after this may the text be shown to anyone. An entry that has a text
   * keeps the one that it has: two machines that signed the same entry leave one certificate.
   */
  complete(id: string, text: string): Promise<void>
  /** Keeps many texts in one step, or none where an entry is not reserved. */
  completeAll(texts: readonly CompletedText[]): Promise<void>
  /** The entries of some ids, in the order of the ids, each once; ids that are not there are left out. */
  entriesById(ids: readonly string[]): Promise<readonly Entry[]>
  /** The live entry of a number, else the last one it had. */
  findByNumber(number: string): Promise<Entry | null>
  /** Every entry that a number ever had, the first one first. */
  entriesOf(number: string): Promise<readonly Entry[]>
  /** Every entry, in the order of reservation. */
  entries(): AsyncIterable<Entry>
  /** Slot and standing of every entry that is not simply live: without the texts, whatever their number. */
  standings(): AsyncIterable<Pick<Entry, 'slot' | 'standing'>>
  /** The slot that the next new entry will get; all slots before it may be taken. */
  nextSlot(): Promise<number>
  /** Records a change of status if it is allowed now. Changes are only ever added. */
  changeStatus(id: string, change: StatusChange): Promise<StatusChangeResult>
  /** Every change in the order in which it was made. */
  statusChanges(): AsyncIterable<RecordedChange>
  /** The last text that was published under a name, `null` where there is none. */
  published(name: string): Promise<string | null>
  /** Keeps a text about to be published, so that publishing again can give the same bytes. */
  keepPublished(name: string, text: string): Promise<void>
  /** Ends connections and files; of a database it may be waited for. */
  close(): void | Promise<void>
}

/** What makes a new entry, where its key is not known yet. */
export interface Reservation {
  readonly key: string
  readonly draft: (drawn: Drawn) => Draft
}

export interface Reserved {
  readonly entry: Entry
  /** Whether it was settled just now. */
  readonly fresh: boolean
}

export interface CompletedText {
  readonly id: string
  readonly text: string
}

/** Numbers drawn for one new certificate, each handed out once and never again. */
export interface Drawn {
  /** 1, 2, 3… for certificate numbers. */
  readonly serial: number
  /** 0, 1, 2… for positions in status lists. */
  readonly slot: number
}

/** What the caller makes of the drawn numbers. */
export interface Draft {
  readonly id: string
  readonly number: string
  readonly certificate: Certificate
  /** How it is to be signed: stored, so that a run that was stopped signs the same bytes when it goes on. */
  readonly signing: SigningRecord
  /** The live credential that this one takes the place of. */
  readonly supersedes?: {
    readonly id: string
    /** A code of the status reasons. */
    readonly reason: string
  }
}

export interface SigningRecord {
  readonly created: Instant
  readonly proofId: string
  readonly suite: string
}

export interface Entry extends Omit<Draft, 'supersedes'> {
  /** Id of the credential that this one took the place of. */
  readonly replaces?: string
  readonly key: string
  readonly slot: number
  /** `null` between reservation and signature. */
  readonly text: string | null
  readonly standing: Standing
}

export type Standing = 'live' | 'suspended' | 'revoked' | 'superseded'

export interface StatusChange {
  readonly kind: 'revoke' | 'suspend' | 'reinstate'
  /** A code of the status reasons. */
  readonly reason: string
  readonly at: Instant
}

/** A change asked for, or that another credential took this one's place, at the moment that says when that one was signed. */
export type RecordedChange =
  | (StatusChange & { readonly id: string })
  | (Omit<StatusChange, 'kind'> & {
      readonly kind: 'supersede'
      readonly id: string
      /** Id of the credential that took its place. */
      readonly successor: string
    })

export type StatusChangeResult =
  | { readonly ok: true; readonly standing: Standing }
  | { readonly ok: false; readonly standing: Standing | 'absent' }

/** What each change makes of each standing; a gap is a change that is not allowed. Revocation cannot be undone. */
export const transitions: Readonly<Record<StatusChange['kind'], Partial<Record<Standing, Standing>>>> = {
  revoke: { live: 'revoked', suspended: 'revoked' },
  suspend: { live: 'suspended' },
  reinstate: { suspended: 'live' },
}

/** What a draft that takes the place of another does to it, and what of a suspension goes over to the new one. */
export function changesBySuperseding(
  { id, signing, supersedes }: Draft,
  suspendedFor: string | undefined,
): readonly RecordedChange[] {
  if (supersedes === undefined) return []
  const at = signing.created
  return [
    { kind: 'supersede', id: supersedes.id, reason: supersedes.reason, at, successor: id },
    ...(suspendedFor === undefined ? [] : [{ kind: 'suspend' as const, id, reason: suspendedFor, at }]),
  ]
}

/** The entry that a draft becomes. */
export const entryFrom = (
  { supersedes, ...made }: Draft,
  settled: Pick<Entry, 'key' | 'slot' | 'standing'>,
): Entry => ({ ...made, ...(supersedes && { replaces: supersedes.id }), ...settled, text: null })

/** @throws `registry.number_taken`, `registry.not_live` */
export function checkSuperseding({ number, supersedes }: Draft, live: Entry | undefined): void {
  if (live?.id === supersedes?.id) return
  throw new CertificateError(supersedes === undefined ? 'registry.number_taken' : 'registry.not_live', {
    number,
  })
}

/** Standings in which a credential occupies its number. */
export const isLive = (standing: Standing): boolean => standing === 'live' || standing === 'suspended'
