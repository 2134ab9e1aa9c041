/**
 * Many ways into one batch. What lies above a node that was led up before is compared and not hashed again, so that each
 * costs a few hashes; the answer is that of the whole way, since hashes above follow from what is hashed.
 */
import { type Bytes, equalBytes, fromBase64url } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import type { Json } from '../base/json.ts'
import { leafHash, preimageOf, saltBytes } from './batch.ts'
import { readHash, type WrittenPlace } from './bundle.ts'
import { climb, type Standing, standingOf } from './tree.ts'

/** The commitment to which a signature's digest leads; `null` where the way is malformed or does not fit its place. */
export type BatchClimb = (digest: Bytes, place: WrittenPlace) => Bytes | null

/** A way up that was gone, from some levels above the leaves. */
interface Known {
  readonly hash: Bytes
  readonly rest: readonly Json[]
  readonly commitment: Bytes
}

/** Levels that each goes by itself: sixteen leaves share what is remembered. */
const ownLevels = 4
/** Ways that are remembered; what comes after goes the whole way. */
const knownLimit = 65_536

export function batchClimb(): BatchClimb {
  const known = new Map<string, Known>()
  return (digest, { salt, index, size, path }) => {
    const saltRead = fromBase64url(salt)
    if (saltRead?.length !== saltBytes) return null
    const start = standingOf(leafHash(saltRead, digest), index, size)
    const low = start && climbWritten(start, path.slice(0, ownLevels))
    if (low === null) return null
    const name = `${size} ${low.at} ${low.last}`
    const rest = path.slice(ownLevels)
    const before = known.get(name)
    if (before !== undefined && isSameWay(before, low.hash, rest)) return before.commitment
    const end = climbWritten(low, rest)
    if (end?.last !== 0) return null
    const commitment = sha256(preimageOf(size, end.hash))
    if (known.size < knownLimit) known.set(name, { hash: low.hash, rest, commitment })
    return commitment
  }
}

function climbWritten(from: Standing, written: readonly Json[]): Standing | null {
  const siblings = written.map(readHash)
  return siblings.every((sibling) => sibling !== null) ? climb(from, siblings) : null
}

const isSameWay = (known: Known, hash: Bytes, rest: readonly Json[]): boolean =>
  equalBytes(known.hash, hash) &&
  known.rest.length === rest.length &&
  known.rest.every((sibling, i) => sibling === rest[i])
