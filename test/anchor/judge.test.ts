import { describe, expect, test } from 'vitest'
import type { Anchor } from '../../src/anchor/anchor.ts'
import { headerHash } from '../../src/anchor/bitcoin-header.ts'
import { bitcoinMainnet, bsvMainnet } from '../../src/anchor/bitcoin-networks.ts'
import { existedBy, verifyAnchors } from '../../src/anchor/judge.ts'
import { followPath, type Operation } from '../../src/anchor/path.ts'
import { timestampBytes, timestampOfPath } from '../../src/anchor/timestamp.ts'
import { type Bytes, concat } from '../../src/base/bytes.ts'
import { bundleFor, displayed, logAnchorOf, memberOf, minedPath, policyText, stateWith } from './makers.ts'

const text = 'eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl'
const { commitment } = memberOf(text)
const time = Date.parse('2026-03-02T10:00:00Z') / 1000
const file = (anchors: readonly Anchor[]) => JSON.stringify(bundleFor(text, anchors))

/** A header whose Merkle root is what a path from the commitment reaches. */
const headerFor = (path: readonly Operation[]): Bytes => {
  const times = new Uint8Array(12)
  new DataView(times.buffer).setUint32(0, time, true)
  return concat(new Uint8Array(36), followPath(commitment, path)!, times)
}
const stateOf = (header: Bytes, chain = bitcoinMainnet) =>
  stateWith(
    { [chain]: { family: 'bitcoin', minDepth: 1, checkpoints: [[7, displayed(headerHash(header))]] } },
    {},
  )
const stamped = (path: readonly Operation[], header: Bytes): Anchor => ({
  kind: 'ots',
  ots: timestampBytes(timestampOfPath(commitment, path, { is: 'bitcoin', height: 7 })),
  headers: [{ height: 7, bytes: header }],
})

describe('the anchors of a text', () => {
  test('are judged each by its own kind, without the certificate’s signature', async () => {
    const { anchor, header } = minedPath(commitment, { chain: bsvMainnet, height: 7, time })
    const chains = await stateOf(header, bsvMainnet)
    const log = await logAnchorOf(commitment)
    const verdicts = await verifyAnchors(
      text,
      file([log, { ...anchor, headers: { height: 7, bytes: header } }]),
      { chains },
    )
    expect(verdicts).toEqual([
      { kind: 'tlog', status: 'no_trusted_state', reason: 'no_log_policy' },
      {
        kind: 'path',
        chain: bsvMainnet,
        status: 'verified',
        existedBy: '2026-03-02T12:00:00Z',
        basis: { by: 'checkpoint', depth: 1 },
        location: { height: 7, blockHash: displayed(headerHash(header)) },
      },
    ])
    expect(existedBy(verdicts)).toBe('2026-03-02T12:00:00Z')
  })

  test('of another text, or of a file that is none, are none', async () => {
    const chains = await stateWith()
    const bundle = file([await logAnchorOf(commitment)])
    expect(await verifyAnchors(`${text}A`, bundle, { chains })).toEqual([])
    expect(await verifyAnchors(text, '{}', { chains })).toEqual([])
    expect(await verifyAnchors('hello', bundle, { chains })).toEqual([])
  })

  test('threat 4: a block’s time may run two hours ahead, an EVM block’s and a witness’s are exact', async () => {
    const path: Operation[] = [{ op: 'sha256' }]
    const header = headerFor(path)
    const [stamp] = await verifyAnchors(text, file([stamped(path, header)]), {
      chains: await stateOf(header),
    })
    expect(stamp).toMatchObject({ kind: 'ots', status: 'verified', existedBy: '2026-03-02T12:00:00Z' })
    const hash = followPath(commitment, [{ op: 'keccak256' }])!
    const evm = await stateWith({
      'eip155:1': { family: 'evm', blocks: [[7, `0x${Buffer.from(hash).toString('hex')}`, time]] },
    })
    const anchor = {
      kind: 'path',
      chain: 'eip155:1',
      height: 7,
      end: 'blockHash',
      path: [{ op: 'keccak256' }],
    } as const
    const [exact] = await verifyAnchors(text, file([anchor]), { chains: evm })
    expect(exact).toMatchObject({ status: 'verified', existedBy: '2026-03-02T10:00:00Z' })
  })

  test('threat 6: what rests on SHA-1 is told, and gives no moment that counts', async () => {
    const path: Operation[] = [{ op: 'sha1' }, { op: 'sha256' }]
    const header = headerFor(path)
    const verdicts = await verifyAnchors(text, file([stamped(path, header)]), {
      chains: await stateOf(header),
    })
    expect(verdicts).toMatchObject([{ status: 'verified', isWeak: true }])
    expect(existedBy(verdicts)).toBeUndefined()
  })

  test.each<[what: string, anchor: (header: Bytes) => Anchor, status: string, reason: string]>([
    [
      'a timestamp of another digest',
      () => ({
        kind: 'ots',
        ots: timestampBytes(
          timestampOfPath(followPath(commitment, [{ op: 'sha256' }])!, [], { is: 'bitcoin', height: 7 }),
        ),
      }),
      'invalid',
      'timestamp_of_another',
    ],
    ['a timestamp that is none', () => ({ kind: 'ots', ots: commitment }), 'invalid', 'timestamp_malformed'],
    [
      'a timestamp that is pending',
      () => ({
        kind: 'ots',
        ots: timestampBytes(timestampOfPath(commitment, [], { is: 'pending', uri: 'https://a.example' })),
      }),
      'pending',
      'https://a.example',
    ],
    [
      'a timestamp of another chain',
      () => ({
        kind: 'ots',
        ots: timestampBytes(timestampOfPath(commitment, [], { is: 'litecoin', height: 7 })),
      }),
      'unsupported',
      'litecoin',
    ],
    [
      'a path that ends in a message of another length',
      () => ({
        kind: 'path',
        chain: bitcoinMainnet,
        height: 7,
        end: 'merkleRoot',
        path: [{ op: 'append', data: commitment }],
      }),
      'invalid',
      'path_broken',
    ],
    [
      'a path that ends elsewhere',
      (header) => ({
        kind: 'path',
        chain: bitcoinMainnet,
        height: 7,
        end: 'merkleRoot',
        path: [],
        headers: { height: 7, bytes: header },
      }),
      'invalid',
      'path_ends_elsewhere',
    ],
    [
      'a path to a block of which only the hash is held',
      () => ({ kind: 'path', chain: bitcoinMainnet, height: 7, end: 'merkleRoot', path: [{ op: 'sha256' }] }),
      'no_trusted_state',
      'header_not_at_hand',
    ],
    ['a log proof that is none', () => ({ kind: 'tlog', proof: 'hello' }), 'invalid', 'proof_malformed'],
  ])('%s is told as what it is', async (_what, anchor, status, reason) => {
    const header = headerFor([{ op: 'sha256' }])
    const chains = await stateWith(
      {
        [bitcoinMainnet]: {
          family: 'bitcoin',
          minDepth: 1,
          checkpoints: [[7, displayed(headerHash(header))]],
        },
      },
      { tlog: policyText },
    )
    expect(await verifyAnchors(text, file([anchor(header)]), { chains })).toMatchObject([{ status, reason }])
  })

  test('the better of two attestations in one file is the verdict', async () => {
    const path: Operation[] = [{ op: 'sha256' }]
    const header = headerFor(path)
    const both = timestampBytes({
      fileHash: 'sha256',
      digest: commitment,
      tree: [
        { attestation: { is: 'pending', uri: 'https://a.example' } },
        ...timestampOfPath(commitment, path, { is: 'bitcoin', height: 7 }).tree,
      ],
    })
    const anchor: Anchor = { kind: 'ots', ots: both, headers: [{ height: 7, bytes: header }] }
    expect(await verifyAnchors(text, file([anchor]), { chains: await stateOf(header) })).toMatchObject([
      { status: 'verified' },
    ])
  })
})
