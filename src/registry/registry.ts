/** What an issuer remembers. One interface, one contract test, several stores. */
import type { Instant } from '../base/instant.ts'
import type { Certificate } from '../certificate/certificate.ts'

/**
 * Where issued certificates live. Every method may be called concurrently, from several processes. When a write
 * resolves it is durable: neither a crash nor a second process can undo it or repeat it.
 */
export interface Registry {
  /**
   * Settles id, number and status position of a new certificate in one step. Where the key is known, the entry that is
   * there comes back and nothing is drawn or stored; so a run that was stopped goes on where it was.
   * @throws `registry.number_taken` where the number has a live credential that the draft does not replace
   */
  reserve(
    key: string,
    draft: (drawn: Drawn) => Draft,
  ): Promise<{ readonly entry: Entry; readonly fresh: boolean }>
  /** Keeps the secured text of a reserved entry. Only after this may the text be shown to anyone. */
  complete(id: string, text: string): Promise<void>
  /** The live entry of a number, else the last one it had. */
  findByNumber(number: string): Promise<Entry | null>
  /** Every entry, in the order of reservation. */
  entries(): AsyncIterable<Entry>
  /** Records a change of status if it is allowed now. Changes are only ever added. */
  changeStatus(id: string, change: StatusChange): Promise<StatusChangeResult>
  /** Every change in the order in which it was made. */
  statusChanges(): AsyncIterable<RecordedChange>
  /** The last text that was published under a name, `null` where there is none. */
  published(name: string): Promise<string | null>
  /** Keeps a text about to be published, so that publishing again can give the same bytes. */
  keepPublished(name: string, text: string): Promise<void>
  close(): void
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
  /** Id of the credential that this one takes the place of. */
  readonly replaces?: string
}

export interface SigningRecord {
  readonly created: Instant
  readonly proofId: string
  readonly suite: string
}

export interface Entry extends Draft {
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

export interface RecordedChange extends StatusChange {
  readonly id: string
}

export type StatusChangeResult =
  | { readonly ok: true; readonly standing: Standing }
  | { readonly ok: false; readonly standing: Standing | 'absent' }

/** What each change makes of each standing; a gap is a change that is not allowed. Revocation cannot be undone. */
export const transitions: Readonly<Record<StatusChange['kind'], Partial<Record<Standing, Standing>>>> = {
  revoke: { live: 'revoked', suspended: 'revoked' },
  suspend: { live: 'suspended' },
  reinstate: { suspended: 'live' },
}

/** Standings in which a credential occupies its number. */
export const isLive = (standing: Standing): boolean => standing === 'live' || standing === 'suspended'
