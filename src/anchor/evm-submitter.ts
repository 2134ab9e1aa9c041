/**
 * Anchors on EVM chains: a transaction to oneself that carries the commitment. It is signed and kept before it is sent, so
 * that a repeat sends the same bytes; where it is, is asked anew at each step, so that a reorganisation changes nothing.
 */
import { type Bytes, fromHex, toHex } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import type { ChainId } from './anchor.ts'
import {
  type EvmHeader,
  hexNumber,
  hexOf,
  isHexOf,
  readHexBigint,
  readHexBytes,
  readHexNumber,
} from './evm-block.ts'
import {
  type EvmEndpoint,
  type EvmFees,
  type EvmNode,
  type EvmTransaction,
  endpointFailed,
  openEvmNode,
  transactionBytes,
} from './evm-node.ts'
import { anchorCalldata } from './evm-path.ts'
import { type EvmPlace, proveInBlock } from './evm-proof.ts'
import { type EvmAddress, type EvmSigner, isSignedBy } from './evm-signer.ts'
import { keccak256 } from './path.ts'
import type { Receipt, Step, Submitter } from './submitter.ts'

export interface EvmSubmitterOptions extends EvmEndpoint {
  readonly signer: EvmSigner
  /**
   * Blocks from the transaction's to the last, both counted, after which it stays, on chains whose nodes do not say what
   * is finalized. Without it they are asked.
   */
  readonly depth?: number
  /** A contract that writes a log with the commitment, which then is what the anchor rests on; the account itself by default. */
  readonly event?: { readonly contract: EvmAddress; readonly calldata: (commitment: Bytes) => Bytes }
  /** What a transaction may cost at most, in the smallest unit of the chain's coin; 10^16 by default (0.01 ether). */
  readonly maxCost?: bigint
  /** Seconds after which a transaction in no block yet is signed anew with higher fees; 600 by default. */
  readonly raiseAfter?: number
  /** Milliseconds since 1970; the clock of the machine by default. */
  readonly now?: () => number
}

/** A submitter of one account. Its submissions are best done one after the other: transactions of an account are in a row. */
export function evmSubmitter(options: EvmSubmitterOptions): Submitter {
  return {
    kind: 'evm',
    start(commitment) {
      if (commitment.length !== 32) throw malformed('commitment')
      return {
        kind: 'evm',
        commitment: toHex(commitment),
        state: stateJson({ chain: options.chain, sent: [] }),
      }
    },
    async advance(receipt, { signal } = {}) {
      const state = readState(receipt, options.chain)
      const submission: Submission = {
        receipt,
        commitment: readCommitment(receipt),
        state,
        options,
        node: await openEvmNode(options, signal),
      }
      const [first] = state.sent
      if (first === undefined) return working(submission, { ...state, sent: [await signFirst(submission)] })
      const place = await placeOf(submission)
      return place === null ? send(submission, first.nonce) : settle(submission, place)
    },
  }
}

/** The block of a submission that is done, as a verifier's list of trusted blocks has it: height, hash, seconds since 1970. */
export type TrustedEvmBlock = readonly [height: number, hash: string, time: number]

/** The block that the submitter's own node called final; `null` before that. */
export function trustedBlockOf(receipt: Receipt): TrustedEvmBlock | null {
  const { block } = receipt.state
  if (receipt.kind !== 'evm' || !isObject(block)) return null
  const { height, hash, time } = block
  return typeof height === 'number' && typeof hash === 'string' && typeof time === 'number'
    ? [height, hash, time]
    : null
}

/** What is kept between steps. */
interface State {
  readonly chain: ChainId
  /** All have the same nonce, so that a chain takes one at most; the newest last. */
  readonly sent: readonly Signed[]
  readonly block?: { readonly height: number; readonly hash: string; readonly time: number }
}

/** A transaction that is signed, and so may have been sent. */
interface Signed {
  readonly raw: Bytes
  readonly nonce: number
  readonly gas: bigint
  readonly fees: EvmFees
  /** Seconds since 1970. */
  readonly signedAt: number
}

interface Submission {
  readonly receipt: Receipt
  readonly commitment: Bytes
  readonly state: State
  readonly options: EvmSubmitterOptions
  readonly node: EvmNode
}

const defaultMaxCost = 10n ** 16n
const defaultRaiseAfter = 600
/** Transactions of one nonce; after these it is waited for one of them. */
const sentLimit = 8

const working = (submission: Submission, state: State): Step => ({
  is: 'working',
  receipt: { ...submission.receipt, state: stateJson(state) },
})

const waiting = ({ receipt }: Submission, what: 'block' | 'depth'): Step => ({
  is: 'waiting',
  receipt,
  for: what,
})

async function signFirst(submission: Submission): Promise<Signed> {
  const { node, options, commitment } = submission
  const from = options.signer.address
  const nonce = await countOf(node, from, 'pending')
  const { to, data } = callOf(options, commitment)
  const asked = { from, to, data: hexOf(data), value: '0x0' }
  const estimate = await quantityOf(node, 'eth_estimateGas', asked)
  // A fifth more, since a contract may find another state; what is not used is not paid.
  const gas = max(options.event === undefined ? estimate : (estimate * 6n) / 5n, gasFloor(data))
  return signed(submission, { nonce, gas, fees: await currentFees(node) })
}

async function signed(
  { options, commitment }: Submission,
  terms: Pick<Signed, 'nonce' | 'gas' | 'fees'>,
): Promise<Signed> {
  const { chain, signer, maxCost = defaultMaxCost, now = Date.now } = options
  const cost = costOf(terms)
  if (cost > maxCost) {
    throw new CertificateError('anchor.cost_above_limit', { cost: String(cost), limit: String(maxCost) })
  }
  const transaction: EvmTransaction = { chain, ...callOf(options, commitment), ...terms }
  const hash = keccak256(await transactionBytes(transaction))
  const signature = await signer.sign(hash)
  if (!isSignedBy(signer.address, hash, signature)) {
    throw new CertificateError('anchor.evm_signature_differs', { address: signer.address })
  }
  const raw = await transactionBytes(transaction, signature)
  return { raw, ...terms, signedAt: Math.floor(now() / 1000) }
}

/** To whom a transaction goes, and what it carries. */
function callOf(
  { signer, event }: EvmSubmitterOptions,
  commitment: Bytes,
): Pick<EvmTransaction, 'to' | 'data'> {
  return event === undefined
    ? { to: signer.address, data: anchorCalldata(commitment) }
    : { to: event.contract, data: event.calldata(commitment) }
}

/** Sends the newest transaction, again or for the first time. What became of it tells the chain's state, not the node's words. */
async function send(submission: Submission, nonce: number): Promise<Step> {
  const { node, options, state } = submission
  const last = state.sent.at(-1)! // callers have asked for the first
  const answer = await node.try('eth_sendRawTransaction', hexOf(last.raw))
  const isHeld = answer.ok || (await isKnown(submission))
  if (!isHeld) {
    const { address } = options.signer
    if ((await countOf(node, address, 'latest')) > nonce) return renew(submission, nonce)
    // Another transaction of the account waits in its place.
    if ((await countOf(node, address, 'pending')) > nonce) return waiting(submission, 'block')
  }
  const step = await raised(submission, last)
  if (step !== null) return step
  if (!answer.ok && !isHeld) throw endpointFailed(node.name, 'refused', answer.words)
  return waiting(submission, 'block')
}

/** Another transaction has taken the nonce. Only once that is final can none of ours come back, and a new one be made. */
async function renew(submission: Submission, nonce: number): Promise<Step> {
  const { node, options, state } = submission
  const height = await finalHeight(node, options.depth)
  const isOver = height >= 0 && (await countOf(node, options.signer.address, hexNumber(height))) > nonce
  // Asked again: the one that took it may have been ours.
  if (!isOver || (await placeOf(submission)) !== null) return waiting(submission, 'block')
  return working(submission, { ...state, sent: [] })
}

/** The same with higher fees, where it has been waiting long; `null` where it has not, or that would cost too much. */
async function raised(submission: Submission, last: Signed): Promise<Step | null> {
  const { options, state, node } = submission
  const { now = Date.now, raiseAfter = defaultRaiseAfter, maxCost = defaultMaxCost } = options
  if (now() / 1000 < last.signedAt + raiseAfter || state.sent.length === sentLimit) return null
  const terms = { nonce: last.nonce, gas: last.gas, fees: raisedFees(last.fees, await currentFees(node)) }
  if (costOf(terms) > maxCost) return null
  return working(submission, { ...state, sent: [...state.sent, await signed(submission, terms)] })
}

/** An eighth more, since nodes take no replacement for less than a tenth, or what is asked now. */
function raisedFees(old: EvmFees, current: EvmFees): EvmFees {
  const more = (was: bigint, is: bigint): bigint => max((was * 9n) / 8n + 1n, is)
  if ('gasPrice' in old) {
    return { gasPrice: more(old.gasPrice, 'gasPrice' in current ? current.gasPrice : current.maxFeePerGas) }
  }
  const [fee, tip] =
    'gasPrice' in current ? [current.gasPrice, 0n] : [current.maxFeePerGas, current.maxPriorityFeePerGas]
  return {
    maxFeePerGas: more(old.maxFeePerGas, fee),
    maxPriorityFeePerGas: more(old.maxPriorityFeePerGas, tip),
  }
}

/** Builds the anchor once the block is final and still the chain's. */
async function settle(submission: Submission, place: EvmPlace): Promise<Step> {
  const { node, options, commitment, receipt, state } = submission
  if (place.height > (await finalHeight(node, options.depth))) return waiting(submission, 'depth')
  const block = await node.ask('eth_getBlockByNumber', hexNumber(place.height), false)
  if (!isObject(block) || !isHexOf(block.hash, place.block)) return waiting(submission, 'block')
  const form = options.event === undefined ? 'calldata' : 'event'
  const { anchor, header } = await proveInBlock(node, { commitment, place, form })
  return {
    is: 'final',
    receipt: { ...receipt, state: stateJson({ ...state, block: blockOf(header) }) },
    anchor,
  }
}

const blockOf = ({ height, hash, time }: EvmHeader) => ({ height, hash: hexOf(hash), time })

/** The block that the chain has one of our transactions in now. */
async function placeOf({ node, state }: Submission): Promise<EvmPlace | null> {
  for (const { raw } of state.sent) {
    const transaction = keccak256(raw)
    const receipt = await node.ask('eth_getTransactionReceipt', hexOf(transaction))
    const block = isObject(receipt) ? readHexBytes(receipt.blockHash) : null
    const height = isObject(receipt) ? readHexNumber(receipt.blockNumber) : null
    if (block !== null && height !== null) return { transaction, block, height }
  }
  return null
}

/** Whether the node holds one of our transactions, in a block or not. */
async function isKnown({ node, state }: Submission): Promise<boolean> {
  for (const { raw } of state.sent) {
    if ((await node.ask('eth_getTransactionByHash', hexOf(keccak256(raw)))) !== null) return true
  }
  return false
}

/** The last height that stays; below 0 where there is none yet. */
async function finalHeight(node: EvmNode, depth: number | undefined): Promise<number> {
  if (depth !== undefined) return Number(await quantityOf(node, 'eth_blockNumber')) - depth + 1
  const block = await node.ask('eth_getBlockByNumber', 'finalized', false)
  const height = isObject(block) ? readHexNumber(block.number) : null
  if (height === null) throw endpointFailed(node.name, 'refused', 'no finalized block: a depth is needed')
  return height
}

/** The nonce that comes next after a block, or after what waits for one. */
const countOf = async (node: EvmNode, address: EvmAddress, at: string): Promise<number> =>
  Number(await quantityOf(node, 'eth_getTransactionCount', address, at))

async function quantityOf(node: EvmNode, method: string, ...params: readonly Json[]): Promise<bigint> {
  const value = readHexBigint(await node.ask(method, ...params))
  if (value === null) throw endpointFailed(node.name, 'contradictory', method)
  return value
}

/** Twice the base fee of now, which so may rise for six blocks, and what the node says of tips. */
async function currentFees(node: EvmNode): Promise<EvmFees> {
  const latest = await node.ask('eth_getBlockByNumber', 'latest', false)
  const baseFee = isObject(latest) ? readHexBigint(latest.baseFeePerGas) : null
  if (baseFee === null) return { gasPrice: await quantityOf(node, 'eth_gasPrice') }
  const tip = await quantityOf(node, 'eth_maxPriorityFeePerGas')
  return { maxFeePerGas: 2n * baseFee + tip, maxPriorityFeePerGas: tip }
}

const costOf = ({ gas, fees }: Pick<Signed, 'gas' | 'fees'>): bigint =>
  gas * ('gasPrice' in fees ? fees.gasPrice : fees.maxFeePerGas)

/** EIP-7623: the least that calldata costs, which nodes of before its fork do not say. A zero is one token, another byte four. */
function gasFloor(data: Bytes): bigint {
  const tokens = data.reduce((sum, byte) => sum + (byte === 0 ? 1 : 4), 0)
  return BigInt(21_000 + 10 * tokens)
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)

const stateJson = ({ chain, sent, block }: State): JsonObject => ({
  chain,
  sent: sent.map(({ raw, nonce, gas, fees, signedAt }) => ({
    raw: hexOf(raw),
    nonce,
    gas: String(gas),
    fees: Object.fromEntries(Object.entries(fees).map(([name, value]) => [name, String(value)])),
    signedAt,
  })),
  ...(block !== undefined && { block }),
})

/** The state of a receipt of ours. @throws `anchor.receipt_malformed` */
function readState({ kind, state }: Receipt, chain: ChainId): State {
  if (kind !== 'evm' || state.chain !== chain) throw malformed('chain')
  if (!Array.isArray(state.sent) || state.sent.length > sentLimit) throw malformed('sent')
  return { chain, sent: (state.sent as readonly Json[]).map(readSigned) }
}

function readSigned(json: Json): Signed {
  if (!isObject(json)) throw malformed('sent')
  const { nonce, signedAt } = json
  const [raw, gas, fees] = [readHexBytes(json.raw), readDecimal(json.gas), readFees(json.fees)]
  if (
    raw === null ||
    gas === null ||
    fees === null ||
    typeof nonce !== 'number' ||
    typeof signedAt !== 'number'
  )
    throw malformed('sent')
  return { raw, nonce, gas, fees, signedAt }
}

function readFees(json: Json | undefined): EvmFees | null {
  if (!isObject(json)) return null
  const [maxFeePerGas, maxPriorityFeePerGas, gasPrice] = [
    readDecimal(json.maxFeePerGas),
    readDecimal(json.maxPriorityFeePerGas),
    readDecimal(json.gasPrice),
  ]
  if (gasPrice !== null) return { gasPrice }
  return maxFeePerGas === null || maxPriorityFeePerGas === null
    ? null
    : { maxFeePerGas, maxPriorityFeePerGas }
}

const readDecimal = (json: Json | undefined): bigint | null =>
  typeof json === 'string' && /^\d{1,78}$/.test(json) ? BigInt(json) : null

function readCommitment({ commitment }: Receipt): Bytes {
  const bytes = fromHex(commitment)
  if (bytes?.length !== 32) throw malformed('commitment')
  return bytes
}

const malformed = (what: string): CertificateError =>
  new CertificateError('anchor.receipt_malformed', { what })
