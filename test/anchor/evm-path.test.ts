import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PathAnchor } from '../../src/anchor/anchor.ts'
import { headerOfJson, hexOf, readEvmHeader, transactionOfJson } from '../../src/anchor/evm-block.ts'
import { anchorCalldata, type EvmProof, evmAnchor, pathThrough } from '../../src/anchor/evm-path.ts'
import { followPath, keccak256, pathBytes, readPath } from '../../src/anchor/path.ts'
import { trieProof } from '../../src/anchor/patricia-trie.ts'
import { type Bytes, equalBytes, utf8Text } from '../../src/base/bytes.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'
import { commitment, header, hex, mainnetBlock, proofs, recorded } from './evm-recorded.ts'

const answers = knownAnswers('EVM proofs')
const file = 'vectors/anchor/known-answers.json'
const ends = (from: Bytes, anchor: PathAnchor | null): string =>
  anchor === null ? 'nowhere' : hexOf(followPath(from, anchor.path) ?? new Uint8Array(0))

describe.skipIf(!sharedIsHere)('known answers', () => {
  test.each([
    ['anvilTx', 'txProof'],
    ['anvilReceipt', 'receiptProof'],
  ])('%s: a path from its header and nodes leads to its block', (name, nodesOf) => {
    const { evm } = sharedJson(file)
    const { chain, header, blockHash, blockNumber, [nodesOf]: nodes } = evm[name]
    const root = hex(evm.anvilRoot)
    const anchor = evmAnchor(root, { chain, header: readEvmHeader(hex(header))!, nodes: nodes.map(hex) })
    expect(anchor).toMatchObject({ kind: 'path', chain, height: blockNumber, end: 'blockHash' })
    expect(ends(root, anchor)).toBe(blockHash)
    answers.holds(file, [`evm.${name}`, 'evm.anvilRoot'])
  })
})

describe('a path', () => {
  test('leads from 32 bytes in a real transaction to the hash of its block', () => {
    const header = headerOfJson(mainnetBlock)!
    const { nodes } = trieProof(
      mainnetBlock.transactions.map((one) => transactionOfJson(one)!),
      2,
    )
    const from = hex(mainnetBlock.transactions[2]!.r as string)
    const anchor = evmAnchor(from, { chain: 'eip155:1', header, nodes })
    expect(ends(from, anchor)).toBe(mainnetBlock.hash)
  })

  test.each(['calldata', 'event'] as const)('leads from a commitment by %s to the block', (form) => {
    const anchor = evmAnchor(commitment, proofs[form])!
    expect({ ...anchor, path: [] }).toEqual({
      kind: 'path',
      chain: 'eip155:31337',
      height: 2,
      end: 'blockHash',
      path: [],
      transaction: recorded.transactions[form],
    })
    expect(ends(commitment, anchor)).toBe(recorded.block.hash)
  })

  test('has the header as what the last step hashes, and is the same after it was written', () => {
    const { path } = evmAnchor(commitment, proofs.calldata)!
    expect(path.at(-1)).toEqual({ op: 'keccak256' })
    expect(followPath(commitment, path.slice(0, -1))).toEqual(header.bytes)
    expect(readPath(pathBytes(path))).toEqual(path)
    expect(pathBytes(path).length).toBe(1086)
  })

  test('is none where what is to be found is not in what is to hold it, or that is too long', () => {
    const other = keccak256(commitment)
    const long = new Uint8Array(4097)
    expect(pathThrough(other, [commitment])).toBeNull()
    expect(pathThrough(other, [other.slice(1)])).toBeNull()
    expect(pathThrough(new Uint8Array(32), [long])).toBeNull()
    expect(pathThrough(other, [other])).toEqual([{ op: 'keccak256' }])
  })
})

test('calldata is eight letters and the commitment', () => {
  const calldata = anchorCalldata(commitment)
  expect(utf8Text(calldata.slice(0, 8))).toBe('GCANCHR1')
  expect(calldata.slice(8)).toEqual(commitment)
})

describe('nothing leads to the block', () => {
  const { calldata, event } = proofs
  const [root, ...below] = calldata.nodes
  test.each<[change: string, from: Bytes, proof: EvmProof]>([
    ['from another commitment', keccak256(commitment), calldata],
    [
      'from 31 bytes of it and another',
      Uint8Array.of(...commitment.slice(0, 31), commitment[31]! ^ 1),
      calldata,
    ],
    ['through a node too many', commitment, { ...calldata, nodes: [root!, root!, ...below] }],
    ['through a node too few', commitment, { ...calldata, nodes: below }],
    ['through nodes in another order', commitment, { ...calldata, nodes: calldata.nodes.toReversed() }],
    ['through the nodes of another trie', commitment, { ...calldata, nodes: [event.nodes[0]!, ...below] }],
    ['through no node', commitment, { ...calldata, nodes: [] }],
    ['through the header of another chain', commitment, { ...calldata, header: headerOfJson(mainnetBlock)! }],
  ])('%s', (_, from, proof) => {
    expect(ends(from, evmAnchor(from, proof))).toBe('nowhere')
  })
})

describe('no bit may be another', () => {
  const runs = { seed: 20261123, numRuns: 10_000 }
  const trusted = header.hash
  const flipped = (bytes: Bytes, bit: number): Bytes =>
    bytes.with(Math.floor(bit / 8), bytes[Math.floor(bit / 8)]! ^ (1 << (bit % 8)))

  test.each(['calldata', 'event'] as const)('in the bytes of a path by %s', (form) => {
    const whole = pathBytes(evmAnchor(commitment, proofs[form])!.path)
    fc.assert(
      fc.property(fc.nat(whole.length * 8 - 1), (bit) => {
        const path = readPath(flipped(whole, bit))
        const end = path && followPath(commitment, path)
        return end === null || !equalBytes(end, trusted)
      }),
      runs,
    )
  })

  test.each(['calldata', 'event'] as const)('in the header and nodes of a proof by %s', (form) => {
    const proof = proofs[form]
    const parts = [...proof.nodes, header.bytes]
    const bits = parts.reduce((sum, { length }) => sum + length * 8, 0)
    fc.assert(
      fc.property(fc.nat(bits - 1), (bit) => {
        const changed = flippedIn(parts, bit)
        const read = readEvmHeader(changed.at(-1)!)
        const anchor = read && evmAnchor(commitment, { ...proof, header: read, nodes: changed.slice(0, -1) })
        const end = anchor && followPath(commitment, anchor.path)
        return end === null || !equalBytes(end, trusted)
      }),
      runs,
    )
  })

  function flippedIn(parts: readonly Bytes[], bit: number): readonly Bytes[] {
    let at = bit
    for (const [i, part] of parts.entries()) {
      if (at < part.length * 8) return parts.with(i, flipped(part, at))
      at -= part.length * 8
    }
    throw new RangeError('beyond the last part')
  }
})
