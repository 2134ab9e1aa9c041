/** Checkpoints (c2sp.org/tlog-checkpoint v1.0.0): what a log signs of its tree. */
import { type Bytes, fromBase64, toBase64 } from '../base/bytes.ts'

export interface Checkpoint {
  /** Which log: a name without scheme, unique to it. */
  readonly origin: string
  readonly size: number
  /** 32 bytes. */
  readonly root: Bytes
  /** Lines of the log's own; nobody vouches for them. */
  readonly extensions: readonly string[]
}

/** Reads the text of a note as a checkpoint; `null` where it is none. */
export function readCheckpoint(text: string): Checkpoint | null {
  if (!text.endsWith('\n')) return null
  const [origin, sizeText, rootText, ...extensions] = text.slice(0, -1).split('\n')
  if (!origin || sizeText === undefined || rootText === undefined || extensions.includes('')) return null
  const size = readDecimal(sizeText)
  const root = fromBase64(rootText)
  return size === null || root?.length !== 32 ? null : { origin, size, root, extensions }
}

export const checkpointText = ({ origin, size, root, extensions }: Checkpoint): string =>
  `${[origin, size, toBase64(root), ...extensions].join('\n')}\n`

/** A number below 2^53 in decimal without leading zeroes; `null` for anything else. */
export function readDecimal(text: string): number | null {
  const value = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) ? value : null
}
