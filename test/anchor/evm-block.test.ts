import { describe, expect, test } from 'vitest'
import {
  headerOfJson,
  hexOf,
  readEvmHeader,
  readHexBigint,
  readHexBytes,
  readHexNumber,
  receiptOfJson,
  transactionOfJson,
} from '../../src/anchor/evm-block.ts'
import { trieProof } from '../../src/anchor/patricia-trie.ts'
import { encodeRlp, type Rlp, readRlp } from '../../src/anchor/rlp.ts'
import type { Bytes } from '../../src/base/bytes.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { header, hex, mainnetBlock, recorded } from './evm-recorded.ts'

const rootOf = (values: readonly (Bytes | null)[]): string =>
  hexOf(
    trieProof(
      values.map((bytes) => bytes!),
      0,
    ).root,
  )

describe('block 2,000,004 of the main network', () => {
  test('has the hash, height, time and roots that it is known by', () => {
    const { bytes, hash, ...others } = headerOfJson(mainnetBlock)!
    expect(hexOf(hash)).toBe('0x7250d1dc6c4b7c1a51f13fb02a92cc60ab1b9592e457ad60813356c656593cc2')
    expect(bytes.length).toBe(532)
    expect(others).toEqual({
      height: 2_000_004,
      time: 1_470_173_616,
      parentHash: hex(mainnetBlock.parentHash as string),
      stateRoot: hex(mainnetBlock.stateRoot as string),
      transactionsRoot: hex(mainnetBlock.transactionsRoot as string),
      receiptsRoot: hex(mainnetBlock.receiptsRoot as string),
    })
  })

  test('has transactions with their hashes and their root', () => {
    expect(rootOf(mainnetBlock.transactions.map(transactionOfJson))).toBe(mainnetBlock.transactionsRoot)
  })
})

describe('a recorded block with every field up to the fork Prague', () => {
  test('has its hash, and the roots of transactions and of receipts', () => {
    const { block, receipts } = recorded
    expect(hexOf(header.hash)).toBe(block.hash)
    expect(new Set(block.transactions.map(({ type }) => type))).toEqual(new Set(['0x0', '0x1', '0x2', '0x4']))
    expect(rootOf(block.transactions.map(transactionOfJson))).toBe(block.transactionsRoot)
    expect(rootOf(receipts.map(receiptOfJson))).toBe(block.receiptsRoot)
  })

  test('a transaction with a blob has its hash, the blob left out', () => {
    expect(transactionOfJson(recorded.blobTransaction)?.[0]).toBe(3)
  })

  test('is read from its bytes as well, and with fields that a later fork adds', () => {
    expect(readEvmHeader(header.bytes)).toEqual(header)
    const longer = encodeRlp([...(readRlp(header.bytes) as readonly Rlp[]), new Uint8Array(32)])
    expect(readEvmHeader(longer)).toMatchObject({ height: header.height, time: header.time })
  })
})

describe('a header is refused', () => {
  const without = (name: string): JsonObject =>
    Object.fromEntries(Object.entries(recorded.block).filter(([one]) => one !== name))
  const changes: readonly (readonly [change: string, block: Json | undefined])[] = [
    ['that is none', undefined],
    ['that is a list', [recorded.block]],
    ['without a field of its fork', without('requestsHash')],
    ['without its hash', without('hash')],
    ['without its time', without('timestamp')],
    ['with a field of a future fork in its hash', { ...recorded.block, hash: hexOf(new Uint8Array(32)) }],
    ['with another time', { ...recorded.block, timestamp: '0x1' }],
    ['with a root that is a number', { ...recorded.block, stateRoot: 1 }],
    ['with a root that is too short', { ...recorded.block, stateRoot: '0x00' }],
    ['with a number of no digits', { ...recorded.block, number: '0x' }],
    ['with hex of an odd length', { ...recorded.block, miner: '0x0' }],
  ]
  test.each(changes)('%s', (_, block) => {
    expect(headerOfJson(block)).toBeNull()
  })

  const items = readRlp(header.bytes) as readonly Rlp[]
  test.each([
    ['of no bytes', new Uint8Array(0)],
    ['that is a string', encodeRlp(header.bytes)],
    ['with fewer fields than the first block had', encodeRlp(items.slice(0, 14))],
    ['with a list in it', encodeRlp(items.with(12, []))],
    ['with a root of 31 bytes', encodeRlp(items.with(4, new Uint8Array(31)))],
    ['with a height beyond 2^53', encodeRlp(items.with(8, hex('20000000000000')))],
    ['with bytes after it', Uint8Array.of(...header.bytes, 0)],
  ])('%s', (_, bytes) => {
    expect(readEvmHeader(bytes)).toBeNull()
  })
})

describe('a transaction is refused', () => {
  const of = (type: string) => recorded.block.transactions.find((one) => one.type === type)!
  const changes: readonly (readonly [change: string, transaction: Json | undefined])[] = [
    ['that is none', null],
    ['of a type that we do not know', { ...of('0x2'), type: '0x7e' }],
    ['of a type that is no number', { ...of('0x2'), type: 'two' }],
    ['with another hash', { ...of('0x2'), hash: of('0x1').hash }],
    ['with other calldata', { ...of('0x2'), input: '0x00' }],
    ['with another recipient', { ...of('0x2'), to: null }],
    ['with an access list that is none', { ...of('0x1'), accessList: {} }],
    ['with an access list of texts', { ...of('0x1'), accessList: ['0x'] }],
    ['with an authorization without its nonce', { ...of('0x4'), authorizationList: [{ chainId: '0x0' }] }],
    ['of the first type, called another', { ...of('0x0'), type: '0x1' }],
  ]
  test.each(changes)('%s', (_, transaction) => {
    expect(transactionOfJson(transaction)).toBeNull()
  })

  test('but not where it says v in place of yParity, or leaves out the type of the first', () => {
    const { yParity: _, ...typed } = of('0x2') as JsonObject
    const { type: __, ...legacy } = of('0x0') as JsonObject
    expect(transactionOfJson(typed)).toEqual(transactionOfJson(of('0x2')))
    expect(transactionOfJson(legacy)).toEqual(transactionOfJson(of('0x0')))
  })
})

test('receipts of before the fork Byzantium have a root, others a status; unknown types are not read', () => {
  const [receipt] = recorded.receipts
  const { status: _, ...old } = { ...receipt, root: hexOf(new Uint8Array(32)), type: '0x0' } as JsonObject
  const items = readRlp(receiptOfJson(old)!) as readonly Bytes[]
  expect(items[0]).toEqual(new Uint8Array(32))
  expect([{ ...receipt, type: '0x7e' }, { ...receipt, logs: null }, null].map(receiptOfJson)).toEqual([
    null,
    null,
    null,
  ])
})

test('numbers and bytes of a node are hex after 0x, and bounded', () => {
  expect(['0x0', '0xFf', '0x', 'ff', '0xg', `0x${'1'.repeat(65)}`, 1, null].map(readHexBigint)).toEqual([
    0n,
    255n,
    null,
    null,
    null,
    null,
    null,
    null,
  ])
  expect(['0x10', '0x20000000000000'].map(readHexNumber)).toEqual([16, null])
  expect(['0x', '0x0a', '0x0', 'ab', 1].map(readHexBytes)).toEqual([
    new Uint8Array(0),
    Uint8Array.of(10),
    null,
    null,
    null,
  ])
})
