/** What an anchor is, what a verifier holds of a chain, and what is found of an anchor. */
import type { Bytes } from '../base/bytes.ts'
import type { Instant } from '../base/instant.ts'
import type { Operation } from './path.ts'

/** CAIP-2: `eip155:1`, or `bip122:` and the first 32 hex digits of a chain's first block (of its own, where it forked). */
export type ChainId = `${'bip122' | 'eip155'}:${string}`

/** A proof that a commitment was there at some moment. One shape per kind; the back-ends that made them do not matter. */
export type Anchor = LogAnchor | TimestampAnchor | PathAnchor

/** Inclusion in a transparency log: the text of a c2sp.org/tlog-proof whose leaf data is the commitment. */
export interface LogAnchor {
  readonly kind: 'tlog'
  readonly proof: string
}

/** A detached OpenTimestamps file whose file digest is the commitment; it may still be pending. */
export interface TimestampAnchor {
  readonly kind: 'ots'
  readonly ots: Bytes
  /** What shows the blocks that it names, by height, where the verifier holds only checkpoints. */
  readonly headers?: readonly HeaderSegment[]
  readonly headerProofs?: readonly HeaderProof[]
}

/** A path from the commitment to what a block fixes. */
export interface PathAnchor {
  readonly kind: 'path'
  readonly chain: ChainId
  readonly height: number
  /** The Merkle root of a Bitcoin-family header (internal byte order), or a block's hash (for Bitcoin in internal order). */
  readonly end: 'merkleRoot' | 'blockHash'
  readonly path: readonly Operation[]
  readonly headers?: HeaderSegment
  readonly headerProof?: HeaderProof
  /** Only for people to look up. */
  readonly transaction?: string
}

/** Headers of consecutive blocks, 80 bytes each, from the anchor's block up to one that the verifier trusts; at most 2016. */
export interface HeaderSegment {
  readonly height: number
  readonly bytes: Bytes
}

/** A header with its place in a log of headers (trust mode C). */
export interface HeaderProof {
  readonly height: number
  /** 80 bytes. */
  readonly header: Bytes
  readonly index: number
  readonly size: number
  readonly path: readonly Bytes[]
}

/** What the file beside a certificate says that it is. */
export const bundleType = 'AnchorBundle'

export const anchorLimits = {
  bundleBytes: 1_048_576,
  anchors: 16,
  headers: 2016,
} as const

/** A block that the verifier's own state vouches for. */
export interface TrustedBlock {
  readonly height: number
  /** For Bitcoin-family blocks in internal byte order. */
  readonly hash: Bytes
  readonly merkleRoot?: Bytes
  /** Seconds since 1970 as the block says. */
  readonly time: number
  /** Blocks from this one to the last trusted one, both counted. */
  readonly depth: number
  readonly basis: 'headers' | 'checkpoint' | 'header-log' | 'pinned' | 'signed-note'
}

export type AnchorStatus =
  | 'verified'
  /** It is not in a block yet. */
  | 'pending'
  /** The verifier holds nothing by which it could be judged. */
  | 'no_trusted_state'
  /** In a trusted chain, but too near to its end. */
  | 'too_shallow'
  /** Verified on a chain for tests, which counts only where the policy says so. */
  | 'test_chain'
  | 'invalid'
  /** Of a kind, or with an operation, that this version does not know. */
  | 'unsupported'

/** What was found of one anchor. It says nothing of who issued: anybody may anchor anything. */
export interface AnchorVerdict {
  readonly kind: Anchor['kind'] | 'unknown'
  readonly status: AnchorStatus
  readonly chain?: ChainId
  /** The latest moment by which the commitment was there. */
  readonly existedBy?: Instant
  /** On whose word. */
  readonly basis?:
    | { readonly by: 'witnesses'; readonly names: readonly string[] }
    | { readonly by: TrustedBlock['basis']; readonly depth: number }
  readonly location?: {
    readonly log?: string
    readonly index?: number
    readonly height?: number
    /** As people write it. */
    readonly blockHash?: string
    readonly transaction?: string
  }
  /** It rests on SHA-1 or RIPEMD-160 somewhere on the way. */
  readonly isWeak?: true
  /** A stable word for what is wrong. */
  readonly reason?: string
}

/** Whether a text has the form of such an id. */
export const isChainId = (value: unknown): value is ChainId =>
  typeof value === 'string' && /^(?:bip122:[0-9a-f]{32}|eip155:[1-9][0-9]{0,18})$/.test(value)
