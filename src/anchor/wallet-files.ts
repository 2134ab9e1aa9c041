/** What wallets, nodes and servers hand back of a transaction and its block, each told by its own form. */
import { type Bytes, equalBytes, fromHex, utf8Text } from '../base/bytes.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { anchorLimits } from './anchor.ts'
import { headerAt, headerBytes, headerHash } from './bitcoin-header.ts'
import { readTransaction, type Transaction, txidOf } from './bitcoin-transaction.ts'
import { bumpBranch, isBeef, readBeef, readBump } from './bump.ts'
import {
  internalHash,
  isCount,
  type MerkleBranch,
  readElectrumBranch,
  readMerkleBlock,
} from './merkle-branch.ts'

/** Hex and JSON opened; anything else as it came. */
export type WalletFile = Bytes | JsonObject

export function openWalletFile(file: Bytes): WalletFile {
  const text = file.length > textLimit ? null : utf8Text(file)
  if (text === null) return file
  if (/^\s*\{/.test(text)) {
    const parsed = parseJson(text, { maxBytes: textLimit })
    return parsed.ok && isObject(parsed.value) ? parsed.value : file
  }
  const hex = text.replace(/\s+/g, '')
  return (/^[0-9a-fA-F]+$/.test(hex) ? fromHex(hex.toLowerCase()) : null) ?? file
}

/** The transactions of a file: raw, those of a BEEF, or `hex` in what a node says of one. */
export function transactionsIn(file: WalletFile): readonly Transaction[] {
  if (isBytes(file) && isBeef(file)) return (readBeef(file) ?? []).map(({ transaction }) => transaction)
  const bytes = isBytes(file) ? file : hexIn(file.hex)
  const transaction = bytes === null ? null : readTransaction(bytes)
  return transaction === null ? [] : [transaction]
}

export interface Proven {
  readonly branch: MerkleBranch
  /** Absent where the proof is about a header only. */
  readonly height?: number
  /** 80 bytes. */
  readonly header?: Bytes
}

/** The branch of a transaction out of a BUMP, BEEF, merkleblock or Electrum's answer; `null` where there is none. */
export function proofIn(file: WalletFile, txid: Bytes): Proven | null {
  if (!isBytes(file)) {
    const bytes = hexIn(file.merkleblock)
    const block = bytes === null ? null : readMerkleBlock(bytes, txid)
    return block === null
      ? readElectrumBranch(file)
      : { ...block, ...(isCount(file.height) && { height: file.height }) }
  }
  const bump = isBeef(file)
    ? readBeef(file)?.find(({ transaction }) => equalBytes(txidOf(transaction), txid))?.bump
    : readBump(file)
  const branch = bump ? bumpBranch(bump, txid) : null
  return bump && branch !== null ? { branch, height: bump.height } : readMerkleBlock(file, txid)
}

/** The height of a block, where a file is what a node says of that block or of a transaction in it. */
export function heightIn(file: WalletFile, hash: Bytes): number | null {
  if (isBytes(file)) return null
  const { hash: own, blockhash, height, blockheight } = file
  const named = internalHash(blockhash ?? own ?? null)
  const at = blockheight ?? height
  return named !== null && equalBytes(named, hash) && isCount(at) ? at : null
}

/** Headers from the one with a Merkle root on, as far as they link; `null` where a file has none. */
export function headersFrom(file: WalletFile, merkleRoot: Bytes): Bytes | null {
  if (!isBytes(file) || file.length % headerBytes !== 0) return null
  for (let first = 0; first < file.length / headerBytes; first++) {
    if (equalBytes(file.subarray(headerBytes * first + 36, headerBytes * first + 68), merkleRoot))
      return linkedFrom(file, first)
  }
  return null
}

function linkedFrom(headers: Bytes, first: number): Bytes {
  let end = first + 1
  for (; end < first + anchorLimits.headers; end++) {
    const previous = headers.slice((end - 1) * headerBytes, end * headerBytes)
    const next = headerAt(headers, end)
    if (next === null || !equalBytes(next.previous, headerHash(previous))) break
  }
  return headers.slice(first * headerBytes, end * headerBytes)
}

/** Bytes of a text that is opened: what a node says of a block with all its transactions is longer, and not needed. */
const textLimit = 1_048_576

const isBytes = (file: WalletFile): file is Bytes => file instanceof Uint8Array

const hexIn = (value: unknown): Bytes | null => (typeof value === 'string' ? fromHex(value) : null)
