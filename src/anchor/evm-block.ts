/**
 * Blocks of EVM chains as their nodes tell them in JSON, turned back into the bytes that are hashed. Whatever a node says
 * is checked against a hash, so that a field of a future fork makes a block unreadable and never a wrong one.
 */
import { type Bytes, concat, equalBytes, fromHex, toHex } from '../base/bytes.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { keccak256 } from './path.ts'
import { encodeRlp, isBytes, quantityBytes, type Rlp, readQuantity, readRlp } from './rlp.ts'

export interface EvmHeader {
  readonly bytes: Bytes
  readonly hash: Bytes
  readonly parentHash: Bytes
  readonly stateRoot: Bytes
  readonly transactionsRoot: Bytes
  readonly receiptsRoot: Bytes
  readonly height: number
  /** Seconds since 1970. */
  readonly time: number
}

/** Reads a header, with whatever later forks may have added to its end; `null` where it is none. */
export function readEvmHeader(bytes: Bytes): EvmHeader | null {
  const items = readRlp(bytes)
  if (items === null || isBytes(items) || items.length < oldestFields || !items.every(isBytes)) return null
  const [parentHash, , , stateRoot, transactionsRoot, receiptsRoot] = items
  const [height, time] = [readQuantity(items[8]), readQuantity(items[11])]
  const hashes = [parentHash, stateRoot, transactionsRoot, receiptsRoot] as const
  if (height === null || time === null || !hashes.every((hash) => hash?.length === 32)) return null
  return {
    bytes,
    hash: keccak256(bytes),
    parentHash: parentHash!, // 32 bytes, as asked above
    stateRoot: stateRoot!,
    transactionsRoot: transactionsRoot!,
    receiptsRoot: receiptsRoot!,
    height,
    time,
  }
}

/** The header of a block of `eth_getBlockBy…`; `null` where the fields that we know do not have the block's hash. */
export function headerOfJson(block: Json | undefined): EvmHeader | null {
  if (!isObject(block)) return null
  const known = headerFields.filter(([name]) => block[name] !== undefined && block[name] !== null)
  const bytes = encoded(known, block)
  const header = bytes === null ? null : readEvmHeader(bytes)
  return header !== null && isOfHash(header.bytes, block.hash) ? header : null
}

/** The bytes of a transaction of types 0 to 4; `null` where it is of another, or they do not have its hash. */
export function transactionOfJson(transaction: Json | undefined): Bytes | null {
  if (!isObject(transaction)) return null
  const type = readHexNumber(transaction.type ?? '0x0')
  const fields = transactionFields[type ?? -1]
  if (type === null || fields === undefined) return null
  // Some nodes say only `v`, which is the same for these types.
  const bytes = encoded(fields, { ...transaction, yParity: transaction.yParity ?? transaction.v ?? null })
  const whole = bytes === null ? null : ofType(type, bytes)
  return whole !== null && isOfHash(whole, transaction.hash) ? whole : null
}

/** The bytes of a receipt of types 0 to 4; only the root of all of them tells whether they are right. */
export function receiptOfJson(receipt: Json | undefined): Bytes | null {
  if (!isObject(receipt)) return null
  const type = readHexNumber(receipt.type ?? '0x0')
  if (type === null || transactionFields[type] === undefined) return null
  // Before the fork Byzantium there was a state root in place of the status.
  const bytes = encoded(
    [[receipt.root ? 'root' : 'status', receipt.root ? 'bytes' : 'quantity'], ...receiptFields],
    receipt,
  )
  return bytes === null ? null : ofType(type, bytes)
}

/** Whether bytes have the hash that a node gave for them. */
export const isOfHash = (bytes: Bytes, hash: Json | undefined): boolean => isHexOf(hash, keccak256(bytes))

/** Whether a node wrote these bytes. */
export function isHexOf(json: Json | undefined, bytes: Bytes): boolean {
  const found = readHexBytes(json)
  return found !== null && equalBytes(found, bytes)
}

/** Bytes that a node wrote as `0x` and hex. */
export const readHexBytes = (json: Json | undefined): Bytes | null =>
  typeof json === 'string' && json.startsWith('0x') ? fromHex(json.slice(2)) : null

/** A number that a node wrote as `0x` and hex, of at most 256 bits. */
export const readHexBigint = (json: Json | undefined): bigint | null =>
  typeof json === 'string' && /^0x[0-9a-f]{1,64}$/i.test(json) ? BigInt(json) : null

/** Such a number below 2^53. */
export function readHexNumber(json: Json | undefined): number | null {
  const value = readHexBigint(json)
  return value !== null && value <= Number.MAX_SAFE_INTEGER ? Number(value) : null
}

export const hexNumber = (value: number | bigint): string => `0x${value.toString(16)}`
export const hexOf = (bytes: Bytes): string => `0x${toHex(bytes)}`

type Field = readonly [name: string, form: keyof typeof forms]

/** Fields that the first block had; each fork since has added to the end. */
const oldestFields = 15

const headerFields: readonly Field[] = [
  ['parentHash', 'bytes'],
  ['sha3Uncles', 'bytes'],
  ['miner', 'bytes'],
  ['stateRoot', 'bytes'],
  ['transactionsRoot', 'bytes'],
  ['receiptsRoot', 'bytes'],
  ['logsBloom', 'bytes'],
  ['difficulty', 'quantity'],
  ['number', 'quantity'],
  ['gasLimit', 'quantity'],
  ['gasUsed', 'quantity'],
  ['timestamp', 'quantity'],
  ['extraData', 'bytes'],
  ['mixHash', 'bytes'],
  ['nonce', 'bytes'],
  ['baseFeePerGas', 'quantity'], // London, EIP-1559
  ['withdrawalsRoot', 'bytes'], // Shanghai, EIP-4895
  ['blobGasUsed', 'quantity'], // Cancun, EIP-4844
  ['excessBlobGas', 'quantity'],
  ['parentBeaconBlockRoot', 'bytes'], // Cancun, EIP-4788
  ['requestsHash', 'bytes'], // Prague, EIP-7685
]

const target: readonly Field[] = [
  ['gas', 'quantity'],
  ['to', 'recipient'],
  ['value', 'quantity'],
  ['input', 'bytes'],
]
const signature: readonly Field[] = [
  ['yParity', 'quantity'],
  ['r', 'quantity'],
  ['s', 'quantity'],
]
const start: readonly Field[] = [
  ['chainId', 'quantity'],
  ['nonce', 'quantity'],
]
const tip: readonly Field[] = [
  ['maxPriorityFeePerGas', 'quantity'],
  ['maxFeePerGas', 'quantity'],
]

/** The fields of each type of transaction. */
const transactionFields: Readonly<Record<number, readonly Field[]>> = {
  0: [['nonce', 'quantity'], ['gasPrice', 'quantity'], ...target, ['v', 'quantity'], ...signature.slice(1)],
  // EIP-2930, EIP-1559, EIP-4844, EIP-7702
  1: [...start, ['gasPrice', 'quantity'], ...target, ['accessList', 'accessList'], ...signature],
  2: [...start, ...tip, ...target, ['accessList', 'accessList'], ...signature],
  3: [
    ...start,
    ...tip,
    ...target,
    ['accessList', 'accessList'],
    ['maxFeePerBlobGas', 'quantity'],
    ['blobVersionedHashes', 'listOfBytes'],
    ...signature,
  ],
  4: [
    ...start,
    ...tip,
    ...target,
    ['accessList', 'accessList'],
    ['authorizationList', 'authorizations'],
    ...signature,
  ],
}

const receiptFields: readonly Field[] = [
  ['cumulativeGasUsed', 'quantity'],
  ['logsBloom', 'bytes'],
  ['logs', 'logs'],
]
const accessFields: readonly Field[] = [
  ['address', 'bytes'],
  ['storageKeys', 'listOfBytes'],
]
const authorizationFields: readonly Field[] = [
  ['chainId', 'quantity'],
  ['address', 'bytes'],
  ['nonce', 'quantity'],
  ...signature,
]
const logFields: readonly Field[] = [
  ['address', 'bytes'],
  ['topics', 'listOfBytes'],
  ['data', 'bytes'],
]

type Form = (json: Json | undefined) => Rlp | null

/** How what a node writes becomes what is hashed. */
const forms = {
  bytes: readHexBytes,
  quantity: (json) => {
    const value = readHexBigint(json)
    return value === null ? null : quantityBytes(value)
  },
  /** Nobody, where the transaction makes a contract. */
  recipient: (json) => (json === null || json === undefined ? new Uint8Array(0) : readHexBytes(json)),
  listOfBytes: (json) => listOf(json, readHexBytes),
  accessList: (json) => listOf(json, (one) => fieldsOf(accessFields, one)),
  authorizations: (json) => listOf(json, (one) => fieldsOf(authorizationFields, one)),
  logs: (json) => listOf(json, (one) => fieldsOf(logFields, one)),
} as const satisfies Readonly<Record<string, Form>>

function encoded(fields: readonly Field[], object: JsonObject): Bytes | null {
  const items = fieldsOf(fields, object)
  return items === null ? null : encodeRlp(items)
}

function fieldsOf(fields: readonly Field[], object: Json): readonly Rlp[] | null {
  if (!isObject(object)) return null
  const items = fields.map(([name, form]) => (forms[form] as Form)(object[name]))
  return items.every((item) => item !== null) ? items : null
}

function listOf(json: Json | undefined, form: (one: Json) => Rlp | null): readonly Rlp[] | null {
  if (!Array.isArray(json)) return null
  const items = (json as readonly Json[]).map(form)
  return items.every((item) => item !== null) ? items : null
}

/** EIP-2718: a byte for the type, but for the first of them. */
const ofType = (type: number, bytes: Bytes): Bytes =>
  type === 0 ? bytes : concat(Uint8Array.of(type), bytes)
