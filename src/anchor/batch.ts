/** Many signed certificates under one commitment of 32 bytes, which goes to a log or chain in their place. */
import { type Bytes, concat, utf8 } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import type { Subject } from '../securing/subject.ts'
import { hashLeaf, type Inclusion, inclusionPath, rootFromInclusion, rootOf, treeReader } from './tree.ts'

export interface Batch {
  readonly size: number
  /** 32 bytes. */
  readonly commitment: Bytes
  /** SHA-256 of this is the commitment: the file to hand to programs that stamp files. */
  readonly preimage: Bytes
  readonly members: readonly BatchMember[]
}

/** What one certificate needs to lead from itself to the commitment. */
export interface BatchMember {
  readonly subject: Subject
  /** 32 random bytes that stay with the holder: without them nobody can try certificates against a tree. */
  readonly salt: Bytes
  readonly inclusion: Inclusion
}

/**
 * Builds the tree over some signatures. The order is part of the commitment.
 *
 * @param salt 32 bytes for each subject; random where it is left out
 * @throws RangeError where there is nothing to anchor, or a salt is of another length
 * @example
 * const { commitment, members } = buildBatch(texts.flatMap(subjectsOf))
 */
export function buildBatch(
  subjects: readonly Subject[],
  salt: (subject: Subject) => Bytes = freshSalt,
): Batch {
  if (subjects.length === 0) throw new RangeError('nothing to anchor')
  const salts = subjects.map(salt)
  if (!salts.every(({ length }) => length === saltBytes)) throw new RangeError('a salt has 32 bytes')
  const size = subjects.length
  const read = treeReader(subjects.map(({ digest }, i) => leafHash(salts[i]!, digest)))
  const preimage = preimageOf(size, rootOf(read, size))
  return {
    size,
    preimage,
    commitment: sha256(preimage),
    members: subjects.map((subject, index) => ({
      subject,
      salt: salts[index]!,
      inclusion: { index, size, path: inclusionPath(read, index, size) },
    })),
  }
}

/** The commitment to which a certificate leads; `null` where the path does not fit the place. */
export function commitmentOf(digest: Bytes, place: BatchPlace): Bytes | null {
  const preimage = preimageFrom(digest, place)
  return preimage === null ? null : sha256(preimage)
}

/** What is hashed into the commitment to which a certificate leads; `null` where the path does not fit the place. */
export function preimageFrom(digest: Bytes, { salt, inclusion }: BatchPlace): Bytes | null {
  const root = rootFromInclusion(leafHash(salt, digest), inclusion)
  return root === null ? null : preimageOf(inclusion.size, root)
}

export type BatchPlace = Pick<BatchMember, 'salt' | 'inclusion'>

export const saltBytes = 32

/** Eight bytes before a commitment in a chain, by which people find anchors there. */
export const commitmentMagic = utf8('GCANCHR1')

const leafLabel = utf8('anchor-leaf/v1\n')

/** The leaf of a signature. */
export const leafHash = (salt: Bytes, digest: Bytes): Bytes => hashLeaf(concat(leafLabel, salt, digest))

/** With the size inside, a commitment is of one tree only: no inner node of it passes for the root of a smaller one. */
export const preimageOf = (size: number, root: Bytes): Bytes =>
  concat(utf8(`anchor-batch/v1\n${size}\n`), root)

const freshSalt = (): Bytes => crypto.getRandomValues(new Uint8Array(saltBytes))
