/** What a verifier finds of the anchors of one signature. No network, no clock: only what the verifier holds of logs and chains. */
import type { Bytes } from '../base/bytes.ts'
import { equalBytes } from '../base/bytes.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import { subjectsOf } from '../securing/subject.ts'
import type {
  AnchorVerdict,
  ChainId,
  LogAnchor,
  PathAnchor,
  TimestampAnchor,
  TrustedBlock,
} from './anchor.ts'
import { commitmentOf } from './batch.ts'
import { bitcoinMainnet } from './bitcoin-networks.ts'
import { type AnchorBundle, readBundle, type UnknownAnchor } from './bundle.ts'
import { shownHash } from './chain-note.ts'
import type { BlockClaim, ChainState } from './chains.ts'
import { judgeLogProof } from './log-proof.ts'
import { followPath, weakHashes } from './path.ts'
import { attestationsOf, readTimestamp } from './timestamp.ts'
import { hashLeaf } from './tree.ts'

export interface JudgeAnchorsOptions {
  /** What the verifier holds of logs and chains. */
  readonly chains: ChainState
  /** Whether chains that are for tests count; they do not by default. */
  readonly testChains?: boolean
}

/**
 * Judges the anchors of a certificate's text, and neither its signature nor its status: anybody may anchor anything.
 *
 * @param source UTF-8 bytes or text of the certificate, in whatever form
 * @param bundle the text of `NUMBER.anchor.json`
 * @returns a verdict for each anchor; none where the bundle is malformed or of another certificate
 * @example
 * const verdicts = await verifyAnchors(text, bundle, { chains: await readChains(chainsFile) })
 * console.log(existedBy(verdicts)) // 2026-03-02T09:00:00Z
 */
export async function verifyAnchors(
  source: Bytes | string,
  bundle: Bytes | string,
  options: JudgeAnchorsOptions,
): Promise<readonly AnchorVerdict[]> {
  const reading = readBundle(bundle)
  if (!reading.ok) return []
  const subject = subjectsOf(source).find(({ digest }) => equalBytes(digest, reading.bundle.subject.digest))
  return subject === undefined ? [] : judgeBundle(subject.digest, reading.bundle, options)
}

/**
 * Judges the anchors of one signature.
 *
 * @param digest 32 bytes, computed from the certificate itself
 * @returns a verdict for each anchor of the bundle, in its order; all are `invalid` where the bundle is another certificate's
 */
export async function judgeBundle(
  digest: Bytes,
  bundle: AnchorBundle,
  options: JudgeAnchorsOptions,
): Promise<readonly AnchorVerdict[]> {
  const commitment = commitmentOf(digest, bundle)
  return Promise.all(
    bundle.anchors.map(async (anchor): Promise<AnchorVerdict> => {
      if (commitment === null) return { kind: anchor.kind, status: 'invalid', reason: 'batch_path' }
      const verdict = await judgeAnchor(commitment, anchor, options.chains)
      const { chain, status } = verdict
      const isTest = chain !== undefined && options.chains.isTest(chain)
      return status === 'verified' && isTest && options.testChains !== true
        ? { ...verdict, status: 'test_chain' }
        : verdict
    }),
  )
}

/**
 * The earliest moment by which the signature is proven to have been there; `undefined` where nothing proves it. What rests
 * on a broken hash is told and not counted.
 */
export function existedBy(verdicts: readonly AnchorVerdict[]): Instant | undefined {
  const moments = verdicts.flatMap((one) =>
    one.status === 'verified' && one.existedBy !== undefined && one.isWeak !== true ? [one.existedBy] : [],
  )
  return moments.toSorted()[0]
}

async function judgeAnchor(
  commitment: Bytes,
  anchor: AnchorBundle['anchors'][number],
  chains: ChainState,
): Promise<AnchorVerdict> {
  switch (anchor.kind) {
    case 'tlog':
      return judgeLog(commitment, anchor, chains)
    case 'ots':
      return judgeTimestamp(commitment, anchor, chains)
    case 'path':
      return judgePath(commitment, anchor, chains)
    case 'unknown':
      return { kind: 'unknown', status: 'unsupported', reason: nameOfKind(anchor) }
  }
}

const nameOfKind = ({ as }: UnknownAnchor): string => String(as.kind).slice(0, 100)

/** What says that the verifier's own policy does not reach so far, and nothing of the proof. */
const openLogFaults: ReadonlySet<string> = new Set(['log_unknown', 'quorum_not_met'])

async function judgeLog(
  commitment: Bytes,
  { proof }: LogAnchor,
  { logPolicy }: ChainState,
): Promise<AnchorVerdict> {
  const kind = 'tlog'
  if (logPolicy === undefined) return { kind, status: 'no_trusted_state', reason: 'no_log_policy' }
  const judged = await judgeLogProof(proof, hashLeaf(commitment), logPolicy)
  if (!judged.ok) {
    const status = openLogFaults.has(judged.reason) ? 'no_trusted_state' : 'invalid'
    return { kind, status, reason: judged.reason }
  }
  const location = { log: judged.checkpoint.origin, index: judged.index }
  // A log alone says when it wants to have seen something: only witnesses give a time.
  if (judged.existedBy === undefined)
    return { kind, status: 'no_trusted_state', location, reason: 'no_witness_quorum' }
  return {
    kind,
    status: 'verified',
    existedBy: instantAt(judged.existedBy * 1000),
    basis: { by: 'witnesses', names: judged.witnesses },
    location,
  }
}

/** A file may have several attestations; the best of them is the verdict. */
function judgeTimestamp(commitment: Bytes, anchor: TimestampAnchor, chains: ChainState): AnchorVerdict {
  const kind = 'ots'
  const timestamp = readTimestamp(anchor.ots)
  if (timestamp === null) return { kind, status: 'invalid', reason: 'timestamp_malformed' }
  if (!equalBytes(timestamp.digest, commitment))
    return { kind, status: 'invalid', reason: 'timestamp_of_another' }
  const verdicts = attestationsOf(timestamp).map(({ attestation, message, isWeak }): AnchorVerdict => {
    if (attestation.is === 'pending') return { kind, status: 'pending', reason: attestation.uri }
    if (attestation.is !== 'bitcoin') return { kind, status: 'unsupported', reason: attestation.is }
    const { height } = attestation
    const headers = anchor.headers?.find((segment) => segment.height === height)
    const headerProof = anchor.headerProofs?.find((proof) => proof.height === height)
    const claim = {
      chain: bitcoinMainnet,
      height,
      ...(headers && { headers }),
      ...(headerProof && { headerProof }),
    }
    return {
      kind,
      ...judgeEnd(message, 'merkleRoot', claim, chains),
      ...(isWeak && { isWeak: true }),
    }
  })
  const best = verdicts.toSorted((a, b) => rank(a) - rank(b))[0]
  return best ?? { kind, status: 'invalid', reason: 'timestamp_malformed' }
}

function judgePath(commitment: Bytes, anchor: PathAnchor, chains: ChainState): AnchorVerdict {
  const { kind, chain, height, end, path, headers, headerProof, transaction } = anchor
  const reached = followPath(commitment, path)
  if (reached?.length !== 32) return { kind, chain, status: 'invalid', reason: 'path_broken' }
  const claim = {
    chain,
    height,
    ...(headers && { headers }),
    ...(headerProof && { headerProof }),
    ...(end === 'blockHash' && { hash: reached }),
  }
  const verdict = judgeEnd(reached, end, claim, chains)
  const isWeak = path.some(({ op }) => weakHashes.has(op))
  return {
    kind,
    ...verdict,
    ...(isWeak && { isWeak: true }),
    ...(transaction !== undefined && { location: { ...verdict.location, transaction } }),
  }
}

/** Whether what a path ends at stands in a block that the verifier trusts. */
function judgeEnd(
  reached: Bytes,
  end: PathAnchor['end'],
  claim: BlockClaim,
  chains: ChainState,
): Omit<AnchorVerdict, 'kind'> {
  const { chain, height } = claim
  const answer = chains.block(claim)
  if (!answer.ok) {
    return { chain, status: answer.status, location: { height }, reason: answer.reason }
  }
  const { block } = answer
  const fixed = end === 'merkleRoot' ? block.merkleRoot : block.hash
  const location = { height, blockHash: shownHash(chain, block.hash) }
  if (fixed === undefined)
    return { chain, status: 'no_trusted_state', location, reason: 'merkle_root_not_at_hand' }
  if (!equalBytes(reached, fixed))
    return { chain, status: 'invalid', location, reason: 'path_ends_elsewhere' }
  return {
    chain,
    status: 'verified',
    existedBy: latestTime(chain, block),
    basis: { by: block.basis, depth: block.depth },
    location,
  }
}

/** Seconds by which the time in a Bitcoin-family header may lie behind the moment when the block was made. */
const headerTimeSlack = 7200

/** An upper bound: nodes take headers that are up to two hours ahead, and some are earlier than their parent. */
const latestTime = (chain: ChainId, { time }: TrustedBlock): Instant =>
  instantAt((time + (chain.startsWith('bip122:') ? headerTimeSlack : 0)) * 1000)

/** From the best to the worst that can be said of an anchor. */
export const anchorStatuses = [
  'verified',
  'test_chain',
  'too_shallow',
  'pending',
  'no_trusted_state',
  'unsupported',
  'invalid',
] as const satisfies readonly AnchorVerdict['status'][]

const rank = ({ status }: AnchorVerdict): number => anchorStatuses.indexOf(status)
