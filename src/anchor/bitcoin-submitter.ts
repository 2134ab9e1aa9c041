/**
 * Bitcoin and its relatives as a back-end whose network is somebody else's wallet: it says what output to make, and takes
 * the transaction and the proof of its block back. Nothing here reaches out.
 */
import { type Bytes, concat, equalBytes, fromHex, toHex } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { defined, isObject, type Json, type JsonObject } from '../base/json.ts'
import type { ChainId, PathAnchor } from './anchor.ts'
import { headerBytes, headerHash } from './bitcoin-header.ts'
import { bitcoinNetworks } from './bitcoin-networks.ts'
import { pathOfTransaction } from './bitcoin-path.ts'
import {
  compact,
  dataScripts,
  holdsCommitment,
  readTransaction,
  type Transaction,
  transactionPath,
  txidOf,
} from './bitcoin-transaction.ts'
import { type ChainState, tipOf, trustedHash } from './chains.ts'
import { followPath, messageLimit, pathBytes, readPath } from './path.ts'
import type { Receipt, Step, Submitter } from './submitter.ts'
import {
  headersFrom,
  heightIn,
  openWalletFile,
  type Proven,
  proofIn,
  transactionsIn,
  type WalletFile,
} from './wallet-files.ts'

export interface BitcoinSubmitterOptions {
  readonly chain: ChainId
  /**
   * What a wallet gave, binary, hex or JSON: a transaction; its BUMP, BEEF, merkleblock or Electrum branch; headers from its
   * block on; what a node says of the block, for the height of a merkleblock.
   */
  readonly given?: readonly Bytes[]
  /** Where it is there, a proof of a block that is not in it is put aside, and one too near to its end waits. */
  readonly chains?: ChainState
}

/**
 * Waits for `signature` until a transaction holds the commitment, then for `proof` until a block holds the transaction, then
 * for `depth`. A proof of a block that the trusted chain dropped is forgotten, and waited for anew; a transaction that takes
 * the place of another (BIP-125) may come at any time.
 */
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
      if (commitment?.length !== 32 || receipt.state.chain !== chain) throw malformed(receipt.commitment)
      const kept = keptIn(receipt, chain)
      const files = given.map(openWalletFile)
      const brought = files.flatMap(transactionsIn).filter((one) => holdsCommitment(one, commitment))
      const transactions = [...brought, ...kept.transactions]
      const [newest] = transactions
      if (newest === undefined) return { is: 'waiting', receipt, for: 'signature' }
      const tooLong = brought.find((one) => transactionPath(one, commitment) === null)
      if (tooLong !== undefined) throw tooLongFor(tooLong.stripped.length)
      const found = transactions.flatMap((transaction) =>
        anchorsOf(transaction, files, { chain, commitment, chains }),
      )
      const [best] = [...found, ...kept.found]
        .map(({ transaction, anchor }) => ({ transaction, anchor: withHeaders(anchor, commitment, files) }))
        .map((one) => ({ ...one, standing: standingOf(one.anchor, commitment, chains) }))
        .filter(({ standing }) => standing !== 'another')
        .toSorted((a, b) => standings.indexOf(a.standing) - standings.indexOf(b.standing))
      const next = receiptWith(receipt, best?.transaction ?? newest, best?.anchor)
      if (best === undefined) return { is: 'waiting', receipt: next, for: 'proof' }
      const { anchor, standing } = best
      const lacks = lacking[standing]
      return lacks === undefined
        ? { is: 'final', receipt: next, anchor }
        : { is: 'waiting', receipt: next, for: lacks, anchor }
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
    /** The whole transaction that it is an output of. In a PSBT wallets want it for what is no witness program, and some always. */
    readonly previous?: Bytes
  }[]
  /** Script that takes what is left. */
  readonly change: Bytes
  /** Satoshi. */
  readonly fee: number
}

/**
 * A transaction for a wallet to sign: an output without value for the commitment, and the change.
 * @throws `anchor.funds_short`, `anchor.transaction_too_long`, `chain.value_malformed`
 */
export function unsignedTransaction(commitment: Bytes, chain: ChainId, funding: Funding): Bytes {
  const { inputs, change, fee } = funding
  for (const value of [fee, ...inputs.flatMap(({ vout, amount }) => [vout, amount])]) {
    if (!Number.isSafeInteger(value) || value < 0) throw badValue('funding', String(value))
  }
  const places = inputs.map(({ txid, vout }) => `${txid}:${vout}`)
  const twice = places.find((place, i) => places.indexOf(place) !== i)
  if (twice !== undefined) throw badValue('input', twice)
  const left = inputs.reduce((sum, { amount }) => sum + amount, 0) - fee
  const needed = bitcoinNetworks.get(chain)?.dust ?? dustLimit
  if (inputs.length === 0 || left < needed) throw new CertificateError('anchor.funds_short', { left, needed })
  const script = outputScript(commitment, chain)
  const transaction = concat(
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
  const unlocked = inputs.filter((input) => !isWitnessProgram(input.script)).length * unlockingBytes
  if (transaction.length + unlocked > messageLimit) throw tooLongFor(transaction.length + unlocked)
  return transaction
}

/** The same as a PSBT (BIP-174, version 0), with the outputs that it spends as far as wallets let others say them. */
export function psbt(commitment: Bytes, chain: ChainId, funding: Funding): Bytes {
  const transaction = unsignedTransaction(commitment, chain, funding)
  const pair = (key: number, value: Bytes) => concat(Uint8Array.of(1, key), compact(value.length), value)
  const inputs = funding.inputs.map(({ txid, vout, amount, script, previous }) => {
    const spent = previous === undefined ? undefined : readTransaction(previous)
    const isSpent =
      spent &&
      equalBytes(txidOf(spent), internal(txid)) &&
      equalBytes(spent.outputs[vout]?.script ?? none, script)
    if (previous !== undefined && !isSpent) throw badValue('previous', txid)
    return concat(
      previous === undefined ? none : pair(nonWitnessUtxo, previous),
      isWitnessProgram(script)
        ? pair(witnessUtxo, concat(littleEndian(amount, 8), compact(script.length), script))
        : none,
      endOfMap,
    )
  })
  const outputs = [endOfMap, endOfMap]
  return concat(psbtMagic, pair(unsignedTx, transaction), endOfMap, ...inputs, ...outputs)
}

const psbtMagic = Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff)
const unsignedTx = 0x00
const nonWitnessUtxo = 0x00
const witnessUtxo = 0x01
const endOfMap = Uint8Array.of(0)
const none = new Uint8Array(0)
/** BIP-125: the fee may be raised. */
const replaceable = 0xfffffffd
/** Satoshi, where the chain is not known. */
const dustLimit = 546
/** Bytes of what unlocks an output to a key's hash: a signature and the key. */
const unlockingBytes = 107

/** BIP-141: a version and 2 to 40 bytes. What unlocks it is no part of what is hashed. */
const isWitnessProgram = (script: Bytes): boolean =>
  script.length >= 4 &&
  script.length <= 42 &&
  (script[0] === 0 || (script[0]! >= 0x51 && script[0]! <= 0x60)) &&
  script[1] === script.length - 2

interface Found {
  readonly transaction: Transaction
  readonly anchor: PathAnchor
}

interface Sought {
  readonly chain: ChainId
  readonly commitment: Bytes
  readonly chains: ChainState | undefined
}

/** The anchors that files give for a transaction. */
function anchorsOf(transaction: Transaction, files: readonly WalletFile[], sought: Sought): readonly Found[] {
  const { chain, commitment } = sought
  const txid = txidOf(transaction)
  return files.flatMap((file) => {
    const proven = proofIn(file, txid)
    const height = proven === null ? null : heightOf(proven, files, sought)
    if (proven === null || height === null) return []
    const { branch, header: headers } = proven
    const mined = { transaction, branch, chain, height, commitment, ...(headers && { headers }) }
    const anchor = pathOfTransaction(mined)
    return anchor === null ? [] : [{ transaction, anchor }]
  })
}

/** A merkleblock says no height: another file may, or the trusted chain. */
function heightOf(
  { height, header }: Proven,
  files: readonly WalletFile[],
  { chain, chains }: Sought,
): number | null {
  if (height !== undefined || header === undefined) return height ?? null
  const hash = headerHash(header)
  const said = files.map((file) => heightIn(file, hash)).find((one) => one !== null)
  if (said !== undefined) return said
  const known = chains?.chains.get(chain)
  const pinned = [...(known?.pins ?? [])].find(([, pin]) => equalBytes(pin.hash, hash))
  if (pinned !== undefined) return pinned[0]
  for (const run of known?.headers ?? []) {
    for (let at = 0; at < run.bytes.length; at += headerBytes) {
      if (equalBytes(run.bytes.subarray(at, at + headerBytes), header)) return run.height + at / headerBytes
    }
  }
  return null
}

/** An anchor with the headers that files have from its block on, where they have them. */
function withHeaders(anchor: PathAnchor, commitment: Bytes, files: readonly WalletFile[]): PathAnchor {
  const root = followPath(commitment, anchor.path) ?? none
  const bytes = files.map((file) => headersFrom(file, root)).find((found) => found !== null)
  return bytes === undefined ? anchor : { ...anchor, headers: { height: anchor.height, bytes } }
}

/** How the trusted chain stands to an anchor, from the best to what counts for nothing. */
const standings = ['held', 'shallow', 'uncovered', 'unjudged', 'another'] as const
type Standing = (typeof standings)[number]

/** What has to come yet. Where nothing is held of the chain the proof is as good as it gets here. */
const lacking: Readonly<Partial<Record<Standing, 'depth' | 'proof'>>> = {
  shallow: 'depth',
  uncovered: 'proof', // headers that lead to a block that is trusted
}

function standingOf(
  { chain, height, path, headers }: PathAnchor,
  commitment: Bytes,
  chains: ChainState | undefined,
): Standing {
  const known = chains?.chains.get(chain)
  const tip = known === undefined ? -1 : tipOf(known)
  if (chains === undefined || known === undefined || tip === -1) return 'unjudged'
  const reached = followPath(commitment, path) ?? none
  const held = trustedHash(known, height)?.header
  if (held && !equalBytes(held.merkleRoot, reached)) return 'another'
  const answer = chains.block({ chain, height, ...(headers && { headers }) })
  if (answer.ok) {
    const { merkleRoot } = answer.block
    if (merkleRoot === undefined) return 'uncovered'
    return equalBytes(merkleRoot, reached) ? 'held' : 'another'
  }
  if (answer.status === 'invalid') return 'another'
  // What lies beyond the last trusted block may yet be dropped.
  return answer.status === 'too_shallow' || height > tip ? 'shallow' : 'uncovered'
}

interface Kept {
  readonly transactions: readonly Transaction[]
  readonly found: readonly Found[]
}

/** What a receipt holds of earlier steps. */
function keptIn({ state }: Receipt, chain: ChainId): Kept {
  const { transaction: hex, proof } = state
  if (hex === undefined) return { transactions: [], found: [] }
  const bytes = hexOf(hex)
  const transaction = bytes === null ? null : readTransaction(bytes)
  if (transaction === null) throw malformed('transaction')
  const found =
    proof === undefined
      ? []
      : [{ transaction, anchor: keptAnchor(proof, chain, displayed(txidOf(transaction))) }]
  return { transactions: [transaction], found }
}

function keptAnchor(proof: Json, chain: ChainId, txid: string): PathAnchor {
  const { height, path: hex, headers: run } = isObject(proof) ? proof : {}
  const bytes = hexOf(hex)
  const path = bytes === null ? null : readPath(bytes)
  const headers = run === undefined ? undefined : hexOf(run)
  if (!Number.isSafeInteger(height) || path === null || headers === null) throw malformed('proof')
  return {
    kind: 'path',
    chain,
    height: Number(height),
    end: 'merkleRoot',
    path,
    transaction: txid,
    ...(headers && { headers: { height: Number(height), bytes: headers } }),
  }
}

/** The receipt with what is known now in place of what was. */
function receiptWith(receipt: Receipt, transaction: Transaction, anchor: PathAnchor | undefined): Receipt {
  const { chain, script } = receipt.state
  const proof: JsonObject | undefined = anchor && {
    height: anchor.height,
    path: toHex(pathBytes(anchor.path)),
    ...(anchor.headers && { headers: toHex(anchor.headers.bytes) }),
  }
  const state = defined({
    chain,
    script,
    transaction: toHex(transaction.stripped),
    txid: displayed(txidOf(transaction)),
    proof,
  })
  return { ...receipt, state }
}

const hexOf = (value: Json | undefined): Bytes | null => (typeof value === 'string' ? fromHex(value) : null)

const displayed = (hash: Bytes): string => toHex(new Uint8Array(hash.toReversed()))

function internal(txid: string): Bytes {
  const bytes = /^[0-9a-f]{64}$/.test(txid) ? fromHex(txid) : null
  if (bytes === null) throw badValue('txid', txid)
  return new Uint8Array(bytes.toReversed())
}

function littleEndian(value: number, length: 4 | 8): Bytes {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  return bytes.slice(0, length)
}

const malformed = (what: string): CertificateError =>
  new CertificateError('anchor.file_malformed', { kind: 'receipt of Bitcoin', what })
const badValue = (name: string, text: string): CertificateError =>
  new CertificateError('chain.value_malformed', { name, text })
const tooLongFor = (bytes: number): CertificateError =>
  new CertificateError('anchor.transaction_too_long', { bytes, limit: messageLimit })
