/**
 * Merkle Patricia tries of lists (Ethereum's yellow paper, appendix D): a block's transactions and its receipts, each
 * under the RLP of its index.
 */
import type { Bytes } from '../base/bytes.ts'
import { keccak256 } from './path.ts'
import { encodeRlp, quantityBytes, type Rlp } from './rlp.ts'

export interface TrieProof {
  readonly root: Bytes
  /** From the root down (EIP-1186); the last holds the value. */
  readonly nodes: readonly Bytes[]
}

/** Builds the trie of a list and what proves one of its values. @throws RangeError where the list has no such index */
export function trieProof(values: readonly Bytes[], index: number): TrieProof {
  if (!(index in values)) throw new RangeError(`no value ${index} of ${values.length}`)
  const entries = values.map((value, i) => ({
    key: nibblesOf(encodeRlp(quantityBytes(i))),
    value,
    isProven: i === index,
  }))
  const fromBelow: Bytes[] = []
  const root = encodeRlp(nodeOf(entries, 0, fromBelow))
  return { root: keccak256(root), nodes: [root, ...fromBelow.reverse()] }
}

interface Entry {
  /** Half bytes. No key is the start of another: RLP says where it ends. */
  readonly key: Bytes
  readonly value: Bytes
  readonly isProven: boolean
}

/** The node of entries whose keys agree before `depth`; nodes on the way to the proven one are added from below. */
function nodeOf(entries: readonly Entry[], depth: number, fromBelow: Bytes[]): Rlp {
  const { key, value } = entries[0]! // callers pass at least one
  if (entries.length === 1) return [hexPrefix(key.subarray(depth), 2), value]
  const shared = key.findIndex(
    (nibble, at) => at >= depth && entries.some((entry) => entry.key[at] !== nibble),
  )
  if (shared > depth) {
    return [hexPrefix(key.subarray(depth, shared), 0), linkTo(entries, shared, fromBelow)]
  }
  const children = Array.from({ length: 16 }, (_, nibble) => {
    const below = entries.filter((entry) => entry.key[depth] === nibble)
    return below.length === 0 ? nothing : linkTo(below, depth + 1, fromBelow)
  })
  return [...children, nothing]
}

/** A node in the one above it: itself where it has fewer than 32 bytes, its hash otherwise. */
function linkTo(entries: readonly Entry[], depth: number, fromBelow: Bytes[]): Rlp {
  const node = nodeOf(entries, depth, fromBelow)
  const bytes = encodeRlp(node)
  if (bytes.length < 32) return node
  if (entries.some(({ isProven }) => isProven)) fromBelow.push(bytes)
  return keccak256(bytes)
}

const nothing: Bytes = new Uint8Array(0)

const nibblesOf = (bytes: Bytes): Bytes =>
  Uint8Array.from([...bytes].flatMap((byte) => [byte >> 4, byte & 15]))

/** Nibbles as bytes (appendix C): `flag` is 2 for a leaf and 0 for an extension, plus 1 where their number is odd. */
function hexPrefix(nibbles: Bytes, flag: 0 | 2): Bytes {
  const isOdd = nibbles.length % 2
  const whole = isOdd ? [flag + 1, ...nibbles] : [flag, 0, ...nibbles]
  return Uint8Array.from({ length: whole.length / 2 }, (_, i) => whole[2 * i]! * 16 + whole[2 * i + 1]!)
}
