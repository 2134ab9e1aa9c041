/** How a state of logs and chains grows: what is added is checked first, so that verifying need not do it again. */
import { type Bytes, concat, equalBytes, fromHex, toHex } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import type { Instant } from '../base/instant.ts'
import { defined, isObject, type Json, type JsonObject } from '../base/json.ts'
import type { ChainId } from './anchor.ts'
import { type ChainRules, headerAt, headerBytes, headersFault } from './bitcoin-header.ts'
import { bitcoinNetworks } from './bitcoin-networks.ts'
import { chainNoteText, type VouchedBlock } from './chain-note.ts'
import { type ChainState, chainsFileType, isTestChain } from './chains.ts'

export const emptyChainsFile = (updated: Instant): JsonObject => ({
  type: chainsFileType,
  version: 1,
  updated,
  chains: {},
})

export interface HeadersToAdd {
  readonly chain: ChainId
  /** Height of the first. */
  readonly start: number
  /** 80 bytes each. */
  readonly bytes: Bytes
  /** Name of the file that they are kept in, beside the state. */
  readonly name: string
}

/**
 * The file with one more run of headers, each checked by the rules of its chain. A run has to continue one that is there,
 * or hold a block that is pinned: proof of work alone does not say which of two chains is meant.
 * @throws `chain.headers_refused` with the height and the fault
 */
export function withHeaders(
  file: JsonObject,
  state: ChainState,
  { chain, start, bytes, name }: HeadersToAdd,
): JsonObject {
  const network = bitcoinNetworks.get(chain)
  const entry = entryOf(file, chain)
  const known = state.chains.get(chain)
  const rules = (entry.rules ?? network?.rules ?? 'pow-only') as ChainRules
  const refuse = (height: number, fault: string) =>
    new CertificateError('chain.headers_refused', { chain, height, fault })
  if (bytes.length === 0 || bytes.length % headerBytes !== 0) throw refuse(start, 'not_whole')
  const runs = known?.headers ?? []
  const previous = runs.find((run) => run.height + run.bytes.length / headerBytes === start)
  const limit = network?.limit ?? mainLimit
  const before = previous === undefined ? undefined : previous.bytes.slice(-beforeBytes)
  const wrong = headersFault(bytes, { start, rules, limit, ...(before !== undefined && { before }) })
  if (wrong !== null) throw refuse(wrong.height, wrong.fault)
  const count = bytes.length / headerBytes
  if (runs.some((run) => start < run.height + run.bytes.length / headerBytes && run.height < start + count))
    throw refuse(start, 'overlaps')
  const pinned = [...(known?.pins ?? [])].filter(([height]) => height >= start && height < start + count)
  for (const [height, { hash }] of pinned) {
    if (!equalBytes(headerAt(bytes, height - start)!.hash, hash))
      throw refuse(height, 'another_block_is_pinned')
  }
  if (previous === undefined && pinned.length === 0) throw refuse(start, 'nothing_is_pinned')
  const row = { start, count, file: name, sha256: toHex(sha256(bytes)) }
  return withEntry(file, chain, { ...entry, headers: [...listOf(entry.headers), row] })
}

export interface BlockToAdd {
  readonly chain: ChainId
  readonly height: number
  /** As people write it. */
  readonly hash: string
  /** Seconds since 1970; needed for EVM chains. */
  readonly time?: number | undefined
  readonly minDepth?: number | undefined
  readonly isTest?: boolean | undefined
}

/** The file with one more block that is trusted as it is; a block of Bitcoin's family is a checkpoint. */
export function withBlock(
  file: JsonObject,
  { chain, height, hash, time, minDepth, isTest }: BlockToAdd,
): JsonObject {
  const entry = entryOf(file, chain)
  const member = chain.startsWith('bip122:') ? 'checkpoints' : 'blocks'
  const row: Json = time === undefined ? [height, hash] : [height, hash, time]
  const others = listOf(entry[member]).filter((one) => JSON.stringify(one) !== JSON.stringify(row))
  return withEntry(
    file,
    chain,
    defined({
      ...entry,
      minDepth: minDepth ?? entry.minDepth,
      test: isTest === true && !isTestChain(chain) ? true : entry.test,
      [member]: [...others, row],
    }),
  )
}

/** The file with a policy of logs and witnesses in place of the one that was there. */
export const withLogPolicy = (file: JsonObject, policy: string): JsonObject => ({ ...file, tlog: policy })

/** The file with those whose notes count, and how many of them are needed. */
export const withNoteQuorum = (file: JsonObject, k: number, keys: readonly string[]): JsonObject => ({
  ...file,
  noteQuorum: { k, keys },
})

export const withNote = (file: JsonObject, note: string): JsonObject => ({
  ...file,
  notes: [...listOf(file.notes).filter((one) => one !== note), note],
})

/** The text of a note for everything that a state pins with a time, and the last header of each run. */
export function noteOfState({ chains }: ChainState, at: Instant): string {
  const blocks: VouchedBlock[] = []
  for (const [chain, { pins, headers }] of chains) {
    for (const [height, { hash, time }] of pins) {
      if (time !== undefined) blocks.push({ chain, height, hash, time })
    }
    for (const { height, bytes } of headers) {
      const last = bytes.length / headerBytes - 1
      const { hash, time } = headerAt(bytes, last)!
      blocks.push({ chain, height: height + last, hash, time })
    }
  }
  const order = (block: VouchedBlock) => `${block.chain} ${String(block.height).padStart(16, '0')}`
  return chainNoteText({ at, blocks: blocks.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)) })
}

export interface ChainFault {
  readonly chain: ChainId
  readonly height: number
  readonly fault: string
}

/** Checks all headers of a state again: work, links between runs too, targets, times, and what is pinned. */
export function chainFaults(file: JsonObject, { chains }: ChainState): readonly ChainFault[] {
  const faults: ChainFault[] = []
  for (const [chain, { headers, pins }] of chains) {
    const network = bitcoinNetworks.get(chain)
    const rules = (entryOf(file, chain).rules ?? network?.rules ?? 'pow-only') as ChainRules
    let before: Bytes = new Uint8Array(0)
    let next = -1
    for (const { height, bytes } of headers.toSorted((a, b) => a.height - b.height)) {
      const wrong = headersFault(bytes, {
        start: height,
        rules,
        limit: network?.limit ?? mainLimit,
        ...(height === next && { before }),
      })
      if (wrong !== null) faults.push({ chain, ...wrong })
      const count = bytes.length / headerBytes
      const isPinned = height === next || [...pins.keys()].some((at) => at >= height && at < height + count)
      if (!isPinned) faults.push({ chain, height, fault: 'nothing_is_pinned' })
      before = height === next ? concat(before, bytes).slice(-beforeBytes) : bytes.slice(-beforeBytes)
      next = height + count
    }
  }
  return faults
}

/** The greatest target of Bitcoin's main net. */
const mainLimit = 0x1d00ffff
/** Bytes of the headers of one epoch: as far back as any rule looks. */
const beforeBytes = 2016 * headerBytes

const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : []

function entryOf({ chains }: JsonObject, chain: ChainId): JsonObject {
  const entry = isObject(chains) ? chains[chain] : undefined
  return isObject(entry) ? entry : { family: chain.startsWith('bip122:') ? 'bitcoin' : 'evm' }
}

const withEntry = (file: JsonObject, chain: ChainId, entry: JsonObject): JsonObject => ({
  ...file,
  chains: { ...(isObject(file.chains) ? file.chains : {}), [chain]: entry },
})

/** Headers as a file may hold them: 80 bytes each, or their hex with or without line breaks; `null` for neither. */
export function headersIn(bytes: Bytes): Bytes | null {
  if (bytes.length % headerBytes === 0 && !isHex(bytes)) return bytes
  const text = new TextDecoder().decode(bytes).replace(/\s+/g, '')
  const read = fromHex(text)
  return read !== null && read.length % headerBytes === 0 ? read : null
}

const isHex = (bytes: Bytes): boolean => /^[0-9a-fA-F\s]*$/.test(new TextDecoder('latin1').decode(bytes))
