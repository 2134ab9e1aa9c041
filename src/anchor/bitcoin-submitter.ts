/**
 * Bitcoin and its relatives as a back-end whose network is somebody else's wallet: it says what output to make, and takes
 * the transaction and the proof of its block back. Nothing here reaches out.
 */
import { type Bytes, concat, equalBytes, fromHex, toHex, utf8Text } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { isObject, type Json, parseJson } from '../base/json.ts'
import type { ChainId, PathAnchor } from './anchor.ts'
import { bitcoinNetworks } from './bitcoin-networks.ts'
import {
  compact,
  dataScripts,
  readTransaction,
  type Transaction,
  transactionPath,
  txidOf,
} from './bitcoin-transaction.ts'
import { bumpBranch, isBeef, readBeef, readBump } from './bump.ts'
import type { ChainState } from './chains.ts'
import { branchPath, type MerkleBranch, readElectrumBranch, readMerkleBlock } from './merkle-branch.ts'
import { followPath } from './path.ts'
import type { Receipt, Step, Submitter } from './submitter.ts'

export interface BitcoinSubmitterOptions {
  readonly chain: ChainId
  /** What a wallet gave: raw transactions, BEEF, BUMP, Electrum's JSON, or `{ height, merkleblock }`; binary or hex. */
  readonly given?: readonly Bytes[]
  /** Where it is there, a proof of a block that is not in it is put aside, and one too near to its end waits. */
  readonly chains?: ChainState
}

/** Waits for `signature` until a transaction holds the commitment, then for `proof` until a block holds the transaction. */
export function bitcoinSubmitter({ chain, given = [], chains }: BitcoinSubmitterOptions): Submitter {
  return {
    kind: 'bitcoin',
    start: (commitment) => ({
      kind: 'bitcoin',
      commitment: toHex(commitment),
      state: { chain, script: toHex(outputScript(commitment, chain)) },
    }),
    async advance(receipt): Promise<Step> {
      const commitment = fromHex(receipt.commitment)
      if (commitment?.length !== 32 || receipt.state.chain !== chain)
        throw new CertificateError('anchor.file_malformed', {
          kind: 'receipt of Bitcoin',
          what: receipt.commitment,
        })
      const kept = typeof receipt.state.transaction === 'string' ? fromHex(receipt.state.transaction) : null
      const files = given.map(unwrapped)
      const transaction = transactionIn(kept === null ? files : [kept, ...files], commitment)
      if (transaction === null) return { is: 'waiting', receipt, for: 'signature' }
      const holding: Receipt = {
        ...receipt,
        state: {
          ...receipt.state,
          transaction: toHex(transaction.stripped),
          txid: shown(txidOf(transaction)),
        },
      }
      for (const file of files) {
        const anchor = anchorFrom(file, { transaction, commitment, chain })
        if (anchor === null) continue
        const answer = chains === undefined ? null : blockOf(anchor, commitment, chains)
        if (answer === 'another') continue
        if (answer === 'shallow') return { is: 'waiting', receipt: holding, for: 'depth' }
        return { is: 'final', receipt: holding, anchor }
      }
      return { is: 'waiting', receipt: holding, for: 'proof' }
    },
  }
}

/** The script of the output that holds a commitment, as the chain spells it. */
export function outputScript(commitment: Bytes, chain: ChainId): Bytes {
  const [plain, afterFalse] = dataScripts(commitment) as [Bytes, Bytes]
  return bitcoinNetworks.get(chain)?.dataOutput === 'OP_FALSE OP_RETURN' ? afterFalse : plain
}

export interface Funding {
  readonly inputs: readonly {
    /** As people write it. */
    readonly txid: string
    readonly vout: number
    /** Satoshi. */
    readonly amount: number
    readonly script: Bytes
  }[]
  /** Script that takes what is left. */
  readonly change: Bytes
  /** Satoshi. */
  readonly fee: number
}

/** A transaction for a wallet to sign: an output without value for the commitment, and the change. @throws `anchor.funds_short` */
export function unsignedTransaction(commitment: Bytes, chain: ChainId, funding: Funding): Bytes {
  const { inputs, change, fee } = funding
  const left = inputs.reduce((sum, { amount }) => sum + amount, 0) - fee
  if (inputs.length === 0 || left < dustLimit) throw new CertificateError('anchor.funds_short', { left })
  const script = outputScript(commitment, chain)
  return concat(
    littleEndian(2, 4),
    compact(inputs.length),
    ...inputs.flatMap(({ txid, vout }) => [
      internal(txid),
      littleEndian(vout, 4),
      Uint8Array.of(0),
      littleEndian(replaceable, 4),
    ]),
    compact(2),
    littleEndian(0, 8),
    compact(script.length),
    script,
    littleEndian(left, 8),
    compact(change.length),
    change,
    littleEndian(0, 4),
  )
}

/** The same as a PSBT (BIP-174, version 0), with the outputs that it spends. */
export function psbt(commitment: Bytes, chain: ChainId, funding: Funding): Bytes {
  const transaction = unsignedTransaction(commitment, chain, funding)
  const pair = (key: number, value: Bytes) => concat(Uint8Array.of(1, key), compact(value.length), value)
  const inputs = funding.inputs.map(({ amount, script }) =>
    concat(
      pair(witnessUtxo, concat(littleEndian(amount, 8), compact(script.length), script)),
      Uint8Array.of(0),
    ),
  )
  return concat(
    psbtMagic,
    pair(unsignedTx, transaction),
    Uint8Array.of(0),
    ...inputs,
    Uint8Array.of(0),
    Uint8Array.of(0),
  )
}

const psbtMagic = Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff)
const unsignedTx = 0x00
const witnessUtxo = 0x01
/** BIP-125: the fee may be raised. */
const replaceable = 0xfffffffd
/** Satoshi: nodes do not pass on smaller outputs. */
const dustLimit = 546

interface Sought {
  readonly transaction: Transaction
  readonly commitment: Bytes
  readonly chain: ChainId
}

/** The first transaction that holds the commitment, alone or in a BEEF. */
function transactionIn(files: readonly (Bytes | Json)[], commitment: Bytes): Transaction | null {
  for (const file of files) {
    if (!(file instanceof Uint8Array)) continue
    const bytes = file as Bytes
    const all = isBeef(bytes)
      ? (readBeef(bytes) ?? []).map(({ transaction }) => transaction)
      : [readTransaction(bytes)]
    const found = all.find((one) => one !== null && transactionPath(one, commitment) !== null)
    if (found) return found
  }
  return null
}

/** The anchor that a file gives for a transaction; `null` where it proves nothing of it. */
function anchorFrom(file: Bytes | Json, sought: Sought): PathAnchor | null {
  const txid = txidOf(sought.transaction)
  const found = file instanceof Uint8Array ? provenBy(file as Bytes, txid) : provenByJson(file, txid)
  const start = transactionPath(sought.transaction, sought.commitment)
  const rest = found === null ? null : branchPath(txid, found.branch)
  // A transaction of 64 bytes could be an inner node of the tree.
  if (found === null || start === null || rest === null || sought.transaction.stripped.length === 64)
    return null
  const { height, header } = found
  return {
    kind: 'path',
    chain: sought.chain,
    height,
    end: 'merkleRoot',
    path: [...start, ...rest],
    ...(header !== undefined && { headers: { height, bytes: header } }),
    transaction: shown(txid),
  }
}

interface Proven {
  readonly branch: MerkleBranch
  readonly height: number
  readonly header?: Bytes
}

function provenBy(bytes: Bytes, txid: Bytes): Proven | null {
  const bump = isBeef(bytes)
    ? readBeef(bytes)?.find(({ transaction }) => equalBytes(txidOf(transaction), txid))?.bump
    : readBump(bytes)
  const branch = bump ? bumpBranch(bump, txid) : null
  return bump && branch !== null ? { branch, height: bump.height } : null
}

function provenByJson(value: Json, txid: Bytes): Proven | null {
  const electrum = readElectrumBranch(value)
  if (electrum !== null) return electrum
  if (!isObject(value) || typeof value.merkleblock !== 'string' || !Number.isSafeInteger(value.height))
    return null
  const bytes = fromHex(value.merkleblock)
  const block = bytes === null ? null : readMerkleBlock(bytes, txid)
  return block === null ? null : { ...block, height: Number(value.height) }
}

/** What the trusted chain says of the block of an anchor; `null` where it does not reach so far. */
function blockOf(anchor: PathAnchor, commitment: Bytes, chains: ChainState): 'another' | 'shallow' | null {
  const { chain, height, headers } = anchor
  const answer = chains.block({ chain, height, ...(headers && { headers }) })
  if (!answer.ok) {
    if (answer.status === 'invalid') return 'another'
    return answer.status === 'too_shallow' ? 'shallow' : null
  }
  const reached = followedTo(anchor, commitment)
  return answer.block.merkleRoot === undefined || equalBytes(answer.block.merkleRoot, reached)
    ? null
    : 'another'
}

const followedTo = ({ path }: PathAnchor, commitment: Bytes): Bytes =>
  followPath(commitment, path) ?? new Uint8Array(0)

/** Hex and JSON are opened; anything else stays bytes. */
function unwrapped(file: Bytes): Bytes | Json {
  const text = file.length > textLimit ? null : utf8Text(file)?.trim()
  if (text?.startsWith('{')) {
    const parsed = parseJson(text)
    return parsed.ok ? parsed.value : file
  }
  return (text && /^[0-9a-fA-F]+$/.test(text) ? fromHex(text.toLowerCase()) : null) ?? file
}

/** Bytes of a text that is opened. */
const textLimit = 1_048_576

const shown = (hash: Bytes): string => toHex(new Uint8Array(hash.toReversed()))

function internal(txid: string): Bytes {
  const bytes = /^[0-9a-f]{64}$/.test(txid) ? fromHex(txid) : null
  if (bytes === null) throw new CertificateError('chain.value_malformed', { name: 'txid', text: txid })
  return new Uint8Array(bytes.toReversed())
}

function littleEndian(value: number, length: 4 | 8): Bytes {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  return bytes.slice(0, length)
}
