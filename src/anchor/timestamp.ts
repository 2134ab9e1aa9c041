/** Detached OpenTimestamps files: a digest, and the tree of operations that leads from it to attestations. */
import { type Bytes, concat, equalBytes, utf8, utf8Text } from '../base/bytes.ts'
import {
  applied,
  type Operation,
  operationLimit,
  pathBytes,
  readOperation,
  readVaruint,
  varuint,
  weakHashes,
} from './path.ts'

export interface Timestamp {
  readonly fileHash: FileHash
  readonly digest: Bytes
  readonly tree: TimestampTree
}

export type FileHash = keyof typeof fileHashes

/** What is said of one message: in the order of the file. */
export type TimestampTree = readonly (
  | { readonly attestation: Attestation }
  | { readonly operation: Operation; readonly below: TimestampTree }
)[]

export type Attestation =
  /** The message is the Merkle root of the block, in internal byte order. */
  | { readonly is: 'bitcoin'; readonly height: number }
  | { readonly is: 'litecoin'; readonly height: number }
  | { readonly is: 'ethereum'; readonly height: number }
  /** A calendar will know more; its address is a stranger's word. */
  | { readonly is: 'pending'; readonly uri: string }
  | { readonly is: 'unknown'; readonly tag: Bytes; readonly payload: Bytes }

export interface Attested {
  /** From the digest to the message. */
  readonly path: readonly Operation[]
  readonly message: Bytes
  readonly attestation: Attestation
  /** A hash on the way is broken. */
  readonly isWeak: boolean
}

/** Reads a file, strictly and within bounds; `null` where it is none. */
export function readTimestamp(bytes: Bytes): Timestamp | null {
  if (bytes.length > fileLimit || !equalBytes(bytes.slice(0, magic.length), magic)) return null
  const version = readVaruint(bytes, magic.length)
  if (version?.value !== 1) return null
  const fileHash = hashesByTag.get(bytes[version.next] ?? -1)
  if (fileHash === undefined) return null
  const start = version.next + 1
  const digest = bytes.slice(start, start + fileHashes[fileHash].bytes)
  if (digest.length !== fileHashes[fileHash].bytes) return null
  const tree = readTree(bytes, start + digest.length, digest, { depth: 0, count: { items: 0 } })
  return tree === null || tree.next !== bytes.length ? null : { fileHash, digest, tree: tree.tree }
}

/** Reads what calendars answer: a tree for a message that is known. */
export function readCalendarTree(bytes: Bytes, message: Bytes): TimestampTree | null {
  if (bytes.length > calendarLimit) return null
  const read = readTree(bytes, 0, message, { depth: 0, count: { items: 0 } })
  return read === null || read.next !== bytes.length ? null : read.tree
}

export const timestampBytes = ({ fileHash, digest, tree }: Timestamp): Bytes =>
  concat(magic, varuint(1), Uint8Array.of(fileHashes[fileHash].tag), digest, treeBytes(tree))

/** The bytes of a tree, as calendars send it. */
export function treeBytes(tree: TimestampTree): Bytes {
  const items = tree.map((item) =>
    'attestation' in item
      ? concat(Uint8Array.of(attestationTag), attestationBytes(item.attestation))
      : concat(pathBytes([item.operation]), treeBytes(item.below)),
  )
  return concat(
    ...items.flatMap((item, i) => (i < items.length - 1 ? [Uint8Array.of(forkTag), item] : [item])),
  )
}

/** Every attestation with the path to it. */
export function attestationsOf({ digest, tree }: Timestamp): readonly Attested[] {
  const found: Attested[] = []
  const walk = (branch: TimestampTree, path: readonly Operation[], message: Bytes): void => {
    for (const item of branch) {
      if ('attestation' in item) {
        const isWeak = path.some(({ op }) => weakHashes.has(op))
        found.push({ path, message, attestation: item.attestation, isWeak })
      } else walk(item.below, [...path, item.operation], applied(message, item.operation)!) // was applied when it was read
    }
  }
  walk(tree, [], digest)
  return found
}

/** A file for a path of ours that ends at the Merkle root of a Bitcoin block. */
export const timestampOfPath = (
  digest: Bytes,
  path: readonly Operation[],
  attestation: Attestation,
): Timestamp => ({
  fileHash: 'sha256',
  digest,
  tree: path.reduceRight<TimestampTree>((below, operation) => [{ operation, below }], [{ attestation }]),
})

/** Two trees for one message as one: what stands in both stands there once. */
export function mergedTree(one: TimestampTree, other: TimestampTree): TimestampTree {
  const merged = [...one]
  for (const item of other) {
    const at = merged.findIndex((known) => isSameItem(known, item))
    const known = merged[at]
    if (known === undefined) merged.push(item)
    else if ('operation' in known && 'operation' in item)
      merged[at] = { operation: known.operation, below: mergedTree(known.below, item.below) }
  }
  return merged
}

const magic = concat(
  Uint8Array.of(0),
  utf8('OpenTimestamps\0\0Proof\0'),
  Uint8Array.of(0xbf, 0x89, 0xe2, 0xe8, 0x84, 0xe8, 0x92, 0x94),
)

/** Bytes of a file that is read, and of a calendar's answer. */
const fileLimit = 262_144
const calendarLimit = 65_536
/** Operations and attestations of one file. */
const itemLimit = 4096
const attestationTag = 0x00
const forkTag = 0xff
/** Bytes of what an attestation says, and of a URI in it. */
const payloadLimit = 8192
const uriLimit = 1000

const fileHashes = {
  sha1: { tag: 0x02, bytes: 20 },
  ripemd160: { tag: 0x03, bytes: 20 },
  sha256: { tag: 0x08, bytes: 32 },
  keccak256: { tag: 0x67, bytes: 32 },
} as const
const hashesByTag: ReadonlyMap<number, FileHash> = new Map(
  Object.entries(fileHashes).map(([name, { tag }]) => [tag, name as FileHash]),
)

interface Place {
  readonly depth: number
  readonly count: { items: number }
}

/** Operations are applied while they are read, so that nothing is kept that could not have been meant. */
function readTree(
  bytes: Bytes,
  start: number,
  message: Bytes,
  { depth, count }: Place,
): { readonly tree: TimestampTree; readonly next: number } | null {
  if (depth > operationLimit) return null
  const tree: TimestampTree[number][] = []
  for (let at = start; ; ) {
    const isFork = bytes[at] === forkTag
    if (isFork) at++
    if (++count.items > itemLimit) return null
    if (bytes[at] === attestationTag) {
      const read = readAttestation(bytes, at + 1)
      if (read === null) return null
      tree.push({ attestation: read.attestation })
      at = read.next
    } else {
      const read = readOperation(bytes, at)
      const result = read === null ? null : applied(message, read.operation)
      if (read === null || result === null) return null
      const below = readTree(bytes, read.next, result, { depth: depth + 1, count })
      if (below === null) return null
      tree.push({ operation: read.operation, below: below.tree })
      at = below.next
    }
    if (!isFork) return { tree, next: at }
  }
}

/** One row per kind: the tag of eight bytes, and what the payload says. */
const attestationKinds: readonly {
  readonly tag: Bytes
  readonly read: (payload: Bytes) => Attestation | null
}[] = [
  { tag: Uint8Array.of(0x05, 0x88, 0x96, 0x0d, 0x73, 0xd7, 0x19, 0x01), read: heightOf('bitcoin') },
  { tag: Uint8Array.of(0x06, 0x86, 0x9a, 0x0d, 0x73, 0xd7, 0x1b, 0x45), read: heightOf('litecoin') },
  { tag: Uint8Array.of(0x30, 0xfe, 0x80, 0x87, 0xb5, 0xc7, 0xea, 0xd7), read: heightOf('ethereum') },
  {
    tag: Uint8Array.of(0x83, 0xdf, 0xe3, 0x0d, 0x2e, 0xf9, 0x0c, 0x8e),
    read(payload) {
      const length = readVaruint(payload, 0)
      if (length === null || length.next + length.value !== payload.length || length.value > uriLimit)
        return null
      const uri = utf8Text(payload.slice(length.next))
      return uri !== null && /^[A-Za-z0-9\-._/:]*$/.test(uri) ? { is: 'pending', uri } : null
    },
  },
]
const tagsOf = { bitcoin: 0, litecoin: 1, ethereum: 2, pending: 3 } as const
const tagBytes = 8

function heightOf(is: 'bitcoin' | 'litecoin' | 'ethereum'): (payload: Bytes) => Attestation | null {
  return (payload) => {
    const height = readVaruint(payload, 0)
    return height === null || height.next !== payload.length ? null : { is, height: height.value }
  }
}

function readAttestation(
  bytes: Bytes,
  at: number,
): { readonly attestation: Attestation; readonly next: number } | null {
  const tag = bytes.slice(at, at + tagBytes)
  const length = readVaruint(bytes, at + tagBytes)
  if (length === null || length.value > payloadLimit) return null
  const next = length.next + length.value
  if (next > bytes.length) return null
  const payload = bytes.slice(length.next, next)
  const kind = attestationKinds.find((one) => equalBytes(one.tag, tag))
  const attestation = kind === undefined ? ({ is: 'unknown', tag, payload } as const) : kind.read(payload)
  return attestation === null ? null : { attestation, next }
}

function attestationBytes(attestation: Attestation): Bytes {
  const [tag, payload] =
    attestation.is === 'unknown'
      ? [attestation.tag, attestation.payload]
      : [attestationKinds[tagsOf[attestation.is]]!.tag, payloadOf(attestation)]
  return concat(tag, varuint(payload.length), payload)
}

function payloadOf(attestation: Exclude<Attestation, { readonly is: 'unknown' }>): Bytes {
  if (attestation.is !== 'pending') return varuint(attestation.height)
  const uri = utf8(attestation.uri)
  return concat(varuint(uri.length), uri)
}

function isSameItem(a: TimestampTree[number], b: TimestampTree[number]): boolean {
  if ('attestation' in a) {
    return 'attestation' in b && equalBytes(attestationBytes(a.attestation), attestationBytes(b.attestation))
  }
  return 'operation' in b && equalBytes(pathBytes([a.operation]), pathBytes([b.operation]))
}
