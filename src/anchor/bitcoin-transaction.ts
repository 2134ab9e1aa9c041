/** Transactions of Bitcoin's family, read strictly, and the way from a commitment in one to its txid. */
import { type Bytes, concat, equalBytes } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import { commitmentMagic } from './batch.ts'
import { messageLimit, type Operation } from './path.ts'

export interface Transaction {
  /** Without witnesses: the bytes whose hash is the txid. */
  readonly stripped: Bytes
  /** Scripts of the outputs, and where in `stripped` each begins. */
  readonly outputs: readonly { readonly script: Bytes; readonly at: number }[]
}

/** Reads one whole transaction; `null` where it is none, or bytes are left over. */
export function readTransaction(bytes: Bytes): Transaction | null {
  const read = transactionAt(bytes, 0)
  return read === null || read.next !== bytes.length ? null : read.transaction
}

/** Reads a transaction that begins at a place, and where it ends; `null` where there is none. */
export function transactionAt(
  bytes: Bytes,
  start: number,
): { readonly transaction: Transaction; readonly next: number } | null {
  const isSegwit = bytes[start + 4] === 0 && bytes[start + 5] === 1
  const bodyAt = start + (isSegwit ? 6 : 4)
  const inputs = readCompact(bytes, bodyAt)
  if (inputs === null || inputs.value === 0 || inputs.value > countLimit) return null
  let at = inputs.next
  for (let i = 0; i < inputs.value; i++) {
    const script = readCompact(bytes, at + outpointBytes)
    if (script === null) return null
    at = script.next + script.value + sequenceBytes
  }
  const outputCount = readCompact(bytes, at)
  if (outputCount === null || outputCount.value === 0 || outputCount.value > countLimit) return null
  at = outputCount.next
  const places: { script: Bytes; at: number }[] = []
  for (let i = 0; i < outputCount.value; i++) {
    const script = readCompact(bytes, at + valueBytes)
    if (script === null || script.next + script.value > bytes.length) return null
    places.push({ script: bytes.slice(script.next, script.next + script.value), at: script.next })
    at = script.next + script.value
  }
  const bodyEnd = at
  let hasWitness = false
  for (let i = 0; isSegwit && i < inputs.value; i++) {
    const items = readCompact(bytes, at)
    if (items === null || items.value > countLimit) return null
    at = items.next
    if (items.value > 0) hasWitness = true
    for (let k = 0; k < items.value; k++) {
      const item = readCompact(bytes, at)
      if (item === null) return null
      at = item.next + item.value
    }
  }
  const next = at + lockTimeBytes
  // BIP-144: without any witness the marker is not written, so that one transaction has one form.
  if (next > bytes.length || isSegwit !== hasWitness) return null
  const stripped = concat(bytes.slice(start, start + 4), bytes.slice(bodyAt, bodyEnd), bytes.slice(at, next))
  const outputs = places.map((place) => ({ script: place.script, at: place.at - bodyAt + 4 }))
  return { transaction: { stripped, outputs }, next }
}

/** Internal byte order. */
export const txidOf = ({ stripped }: Pick<Transaction, 'stripped'>): Bytes => doubleHash(stripped)

export const doubleHash = (bytes: Bytes): Bytes => sha256(sha256(bytes))

/** Scripts of an output that only carries a commitment: what we write first, then the other spellings that count. */
export const dataScripts = (commitment: Bytes): readonly Bytes[] =>
  [concat(commitmentMagic, commitment), commitment].flatMap((payload) => {
    const pushed = concat(Uint8Array.of(opReturn, payload.length), payload)
    return [pushed, concat(Uint8Array.of(opFalse), pushed)]
  })

/** From a commitment in an output to the txid; `null` where no output holds it, or the transaction is too long for a path. */
export function transactionPath(
  { stripped, outputs }: Transaction,
  commitment: Bytes,
): readonly Operation[] | null {
  const output = outputOf(outputs, commitment)
  if (output === undefined || stripped.length > messageLimit) return null
  const from = output.at + output.script.length - commitment.length
  const after = stripped.slice(from + commitment.length)
  return [
    { op: 'prepend', data: stripped.slice(0, from) },
    { op: 'append', data: after },
    { op: 'sha256' },
    { op: 'sha256' },
  ]
}

/** Whether an output carries a commitment and nothing else. */
export const holdsCommitment = ({ outputs }: Transaction, commitment: Bytes): boolean =>
  outputOf(outputs, commitment) !== undefined

function outputOf(
  outputs: Transaction['outputs'],
  commitment: Bytes,
): Transaction['outputs'][number] | undefined {
  const scripts = dataScripts(commitment)
  return outputs.find(({ script }) => scripts.some((one) => equalBytes(one, script)))
}

const opFalse = 0x00
const opReturn = 0x6a
const outpointBytes = 36
const sequenceBytes = 4
const valueBytes = 8
const lockTimeBytes = 4
/** Inputs, outputs or items of a witness. */
const countLimit = 100_000

/** A compact size in its shortest form, below 2^32; `null` for anything else. */
export function readCompact(
  bytes: Bytes,
  at: number,
): { readonly value: number; readonly next: number } | null {
  const first = bytes[at]
  if (first === undefined || first === 0xff) return null
  if (first < 0xfd) return { value: first, next: at + 1 }
  const length = first === 0xfd ? 2 : 4
  if (at + 1 + length > bytes.length) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset + at + 1, length)
  const value = length === 2 ? view.getUint16(0, true) : view.getUint32(0, true)
  const isShortest = length === 2 ? value >= 0xfd : value > 0xffff
  return isShortest ? { value, next: at + 1 + length } : null
}

/** The shortest form of a number below 2^32. */
export function compact(value: number): Bytes {
  if (value < 0xfd) return Uint8Array.of(value)
  const bytes = new Uint8Array(value <= 0xffff ? 3 : 5)
  const view = new DataView(bytes.buffer)
  bytes[0] = value <= 0xffff ? 0xfd : 0xfe
  if (value <= 0xffff) view.setUint16(1, value, true)
  else view.setUint32(1, value, true)
  return bytes
}
