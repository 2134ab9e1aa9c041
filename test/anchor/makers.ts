/** Logs, witnesses and blocks in memory, with keys that never change: what tests anchor in. */
import type { Anchor, ChainId, PathAnchor } from '../../src/anchor/anchor.ts'
import { type BatchMember, buildBatch } from '../../src/anchor/batch.ts'
import { headerHash } from '../../src/anchor/bitcoin-header.ts'
import { bundleJson } from '../../src/anchor/bundle.ts'
import { type ChainState, readChains } from '../../src/anchor/chains.ts'
import { checkpointText } from '../../src/anchor/checkpoint.ts'
import { cosigner } from '../../src/anchor/cosigner.ts'
import { logProofText } from '../../src/anchor/log-proof.ts'
import { noteKeyText } from '../../src/anchor/note.ts'
import { type NoteSigner, noteSigner, signNote } from '../../src/anchor/note-signature.ts'
import { hashLeaf, inclusionPath, rootOf, treeReader } from '../../src/anchor/tree.ts'
import { type Bytes, concat, toHex, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { subjectsOf } from '../../src/securing/subject.ts'

const seed = (byte: number): Bytes => new Uint8Array(32).fill(byte)
export const origin = 'log.agency.example/anchors'
export const logKey = noteSigner(origin, signerOfSeed(seed(101)))
export const witnesses: readonly NoteSigner[] = [1, 2, 3].map((i) =>
  cosigner(`w${i}.example/witness`, signerOfSeed(seed(110 + i))),
)

/** Two of three witnesses. */
export const policyText = [
  `log ${noteKeyText(logKey.key)}`,
  ...witnesses.map(({ key }, i) => `witness w${i + 1} ${noteKeyText(key)}`),
  'group two 2 w1 w2 w3',
  'quorum two',
  '',
].join('\n')

export const seconds = (instant: string): number => Date.parse(instant) / 1000

/** A proof of an entry in a log of some entries; each witness signs at its own time, `null` where it does not. */
export async function logAnchorOf(
  commitment: Bytes,
  {
    at = ['2026-03-02T09:00:00Z', '2026-03-02T09:00:05Z', '2026-03-02T09:00:09Z'],
    size = 11,
    index = 4,
  }: { at?: readonly (string | null)[]; size?: number; index?: number } = {},
): Promise<Extract<Anchor, { kind: 'tlog' }>> {
  const leaves = Array.from({ length: size }, (_, i) =>
    hashLeaf(i === index ? commitment : utf8(`other ${i}`)),
  )
  const read = treeReader(leaves)
  const text = checkpointText({ origin, size, root: rootOf(read, size), extensions: [] })
  const logNote = await signNote(text, [logKey], 0)
  let checkpoint = logNote
  for (const [i, moment] of at.entries()) {
    if (moment === null) continue
    const signed = await signNote(text, [witnesses[i]!], seconds(moment))
    checkpoint += signed.slice(text.length + 1)
  }
  return {
    kind: 'tlog',
    proof: logProofText({ index, path: inclusionPath(read, index, size), checkpoint }),
  }
}

/** A block of one transaction with a header at regtest difficulty, whose Merkle root is reached from the commitment. */
export function minedPath(
  commitment: Bytes,
  {
    chain,
    height,
    time,
    previous = seed(0),
  }: { chain: ChainId; height: number; time: number; previous?: Bytes },
): { readonly anchor: PathAnchor; readonly header: Bytes } {
  const [before, after] = [utf8('transaction before '), utf8(' and after')]
  const merkleRoot = sha256(sha256(concat(before, commitment, after)))
  return {
    header: minedHeader(merkleRoot, { time, previous }),
    anchor: {
      kind: 'path',
      chain,
      height,
      end: 'merkleRoot',
      path: [
        { op: 'prepend', data: before },
        { op: 'append', data: after },
        { op: 'sha256' },
        { op: 'sha256' },
      ],
    },
  }
}

/** A header at regtest difficulty. */
export const minedHeader = (
  merkleRoot: Bytes,
  { time, previous = seed(0) }: { time: number; previous?: Bytes },
): Bytes => mine(concat(Uint8Array.of(1, 0, 0, 0), previous, merkleRoot, words(time, 0x207fffff)))

/** Headers on top of one, each a minute after the other. */
export function minedOn(header: Bytes, count: number, time: number): Bytes {
  let all = new Uint8Array(0)
  let last = header
  for (let i = 1; i <= count; i++) {
    last = minedHeader(seed(i), { time: time + 60 * i, previous: headerHash(last) })
    all = concat(all, last)
  }
  return all
}

function mine(start: Bytes): Bytes {
  for (let nonce = 0; ; nonce++) {
    const header = concat(start, words(nonce))
    if (headerHash(header)[31]! < 0x7f) return header
  }
}

function words(...values: readonly number[]): Bytes {
  const bytes = new Uint8Array(values.length * 4)
  for (const [i, value] of values.entries()) new DataView(bytes.buffer).setUint32(i * 4, value, true)
  return bytes
}

/** The member of a batch that a text is, among others. */
export function memberOf(
  text: string,
  others = 6,
): { readonly member: BatchMember; readonly commitment: Bytes } {
  const strangers = Array.from(
    { length: others },
    (_, i) => ({ of: 'jwt', digest: sha256(utf8(`x${i}`)) }) as const,
  )
  const batch = buildBatch([...strangers, ...subjectsOf(text)], ({ digest }) => sha256(digest))
  return { member: batch.members.at(-1)!, commitment: batch.commitment }
}

/** The JSON of a bundle for a text. */
export function bundleFor(text: string, anchors: readonly Anchor[]): JsonObject {
  const { member } = memberOf(text)
  const { subject, salt, inclusion } = member
  return bundleJson({ subject, salt, inclusion, anchors })
}

export const stateWith = (
  chains: JsonObject = {},
  more: JsonObject = { tlog: policyText },
): Promise<ChainState> => readChains(JSON.stringify({ type: 'AnchorTrust', version: 1, ...more, chains }))

export const displayed = (hash: Bytes): string => toHex(new Uint8Array(hash.toReversed()))
