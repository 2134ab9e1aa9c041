/** Watches a log: that a head it shows now continues one that it showed before. Whoever keeps an old head can ask. */
import { type Bytes, equalBytes } from '../base/bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { judgeCheckpoint, type LogFault, type LogPolicy } from './log-policy.ts'
import { type TileReader, tileSubtrees } from './tiles.ts'
import { consistencyPath, isConsistent, rootOf } from './tree.ts'

export type Continuation =
  | { readonly ok: true; readonly older: Checkpoint; readonly newer: Checkpoint }
  | {
      readonly ok: false
      readonly reason: LogFault | 'rolled_back' | 'forked' | 'tiles_missing' | 'tiles_wrong'
    }

export interface ContinuationOptions {
  readonly policy: LogPolicy
  /** Gives the bytes of a tile of the newer head; throws where there is none. */
  readonly tile: TileReader
}

/**
 * Whether the newer of two heads continues the older.
 *
 * @param older a checkpoint that was kept, with its signatures
 * @param newer the one that the log shows now
 */
export async function checkContinuation(
  older: string,
  newer: string,
  { policy, tile }: ContinuationOptions,
): Promise<Continuation> {
  const [before, now] = [await judgeCheckpoint(older, policy), await judgeCheckpoint(newer, policy)]
  if (!before.ok) return before
  if (!now.ok) return now
  const [from, to] = [before.checkpoint, now.checkpoint]
  const found = { ok: true, older: from, newer: to } as const
  if (from.origin !== to.origin) return { ok: false, reason: 'log_unknown' }
  if (from.size > to.size) return { ok: false, reason: 'rolled_back' }
  if (from.size === to.size) return equalBytes(from.root, to.root) ? found : { ok: false, reason: 'forked' }
  let path: readonly Bytes[]
  try {
    const read = tileSubtrees(to.size, checkedLength(tile))
    if (!equalBytes(rootOf(read, to.size), to.root)) return { ok: false, reason: 'tiles_wrong' }
    path = consistencyPath(read, from.size, to.size)
  } catch {
    return { ok: false, reason: 'tiles_missing' }
  }
  return isConsistent(from, to, path) ? found : { ok: false, reason: 'forked' }
}

/** Bytes of one hash. */
const hashBytes = 32

const checkedLength =
  (tile: TileReader): TileReader =>
  (name) => {
    const bytes = tile(name)
    if (bytes.length < name.width * hashBytes) throw new RangeError('a tile that is cut short')
    return bytes
  }
