/** How a commitment gets to a log or chain: in steps, each of which can be repeated after a stop without doing anything twice. */
import type { Bytes } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import type { Anchor } from './anchor.ts'

/** Where a submission stands: plain JSON. The caller keeps it for good after each step and before the next. */
export interface Receipt {
  readonly kind: Submitter['kind']
  /** 32 bytes, lower-case hex. */
  readonly commitment: string
  readonly state: JsonObject
}

export type Step =
  /** One outward step is done, and the next can be done at once. */
  | { readonly is: 'working'; readonly receipt: Receipt }
  /** The world has to do something first; there may be a proof already that says as much. */
  | {
      readonly is: 'waiting'
      readonly receipt: Receipt
      readonly for: WaitingFor
      readonly anchor?: Anchor
    }
  | { readonly is: 'final'; readonly receipt: Receipt; readonly anchor: Anchor }

export type WaitingFor = 'block' | 'depth' | 'calendar' | 'witnesses' | 'signature' | 'proof'

export interface Submitter {
  readonly kind: 'tlog' | 'ots' | 'evm' | 'bitcoin'
  /** Prepares the submission of 32 bytes. Nothing leaves the machine. */
  start(commitment: Bytes): Receipt
  /**
   * Does the next outward step. Called again with the same receipt, since its answer was lost, it does nothing twice.
   * @throws `anchor.endpoint_failed` where an endpoint does not answer; the receipt stays good
   */
  advance(receipt: Receipt, options?: { readonly signal?: AbortSignal }): Promise<Step>
}
