/** What a file that carries certificates gives: texts to be judged, and what came with them. Nothing in it is believed. */
import type { Bytes } from '../base/bytes.ts'

export interface Carried {
  /** Texts of credentials or presentations, in the order of the file. */
  readonly texts: readonly Bytes[]
  /** Bundles of anchors. */
  readonly anchors: readonly Bytes[]
  /** Evidence files. */
  readonly evidence: readonly Bytes[]
}

/** Why a file was not looked into to its end; what is refused carries nothing. */
export type CarrierFault =
  | 'damaged'
  | 'encrypted'
  /** It would run something: a script, an action, a program. */
  | 'scripted'
  | 'too_large'
  /** What is packed in it expands to more than a certificate may have. */
  | 'bomb'
  | 'too_many_parts'
  /** It is whole, and carries nothing. */
  | 'nothing_inside'

export type Carrying = { readonly ok: true; readonly carried: Carried } | Refused

export interface Refused {
  readonly ok: false
  readonly fault: CarrierFault
  /** What exactly is wrong, in English: it may quote the file. */
  readonly detail: string
}

/** A sort of file that carries certificates inside. Runs in browsers too. */
export interface Carrier {
  readonly kind: 'pdf' | 'png' | 'svg' | 'jpeg'
  /** Told from its first bytes, since names lie. */
  readonly begins: (bytes: Uint8Array) => boolean
  readonly read: (bytes: Bytes) => Promise<Carrying>
}

export const carrierLimits = {
  /** Bytes of a whole file. */
  fileBytes: 33_554_432,
  /** Bytes that one part expands to. */
  textBytes: 1_048_576,
  evidenceBytes: 16_777_216,
  parts: 64,
} as const
