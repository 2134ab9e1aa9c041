import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readHeader } from '../../src/anchor/bitcoin-header.ts'
import { followPath, type Operation } from '../../src/anchor/path.ts'
import {
  attestationsOf,
  mergedTree,
  readCalendarTree,
  readTimestamp,
  type TimestampTree,
  timestampBytes,
  timestampOfPath,
  treeBytes,
} from '../../src/anchor/timestamp.ts'
import { type Bytes, concat, equalBytes, fromBase64, fromHex, toHex, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'
import known from './bitcoin-830000.json' with { type: 'json' }

const bytesOf = (hex: string): Bytes => fromHex(hex)!
const rootOf = (header: string): string => toHex(readHeader(bytesOf(header))!.merkleRoot)
const known830000 = fromBase64(known.otsOfDigest)!
const digest = sha256(utf8('a commitment'))

describe('a timestamp of a real block', () => {
  test('is read, written again byte for byte, and ends at the Merkle root of the header', () => {
    const timestamp = readTimestamp(known830000)!
    expect(timestampBytes(timestamp)).toEqual(known830000)
    expect(toHex(timestamp.digest)).toBe(known.digest)
    const attested = attestationsOf(timestamp)
    expect(attested.map(({ attestation, isWeak }) => ({ attestation, isWeak }))).toEqual([
      { attestation: { is: 'bitcoin', height: known.height }, isWeak: false },
    ])
    expect(toHex(attested[0]!.message)).toBe(rootOf(known.header))
    expect(followPath(timestamp.digest, attested[0]!.path)).toEqual(attested[0]!.message)
  })

  test('is what a path of ours becomes', () => {
    const timestamp = readTimestamp(known830000)!
    const { path } = attestationsOf(timestamp)[0]!
    const made = timestampOfPath(timestamp.digest, path, { is: 'bitcoin', height: known.height })
    expect(timestampBytes(made)).toEqual(known830000)
  })

  /** Both ways round the message stands twice in the next: where a sibling equals it, or at the end of a row (Bitcoin repeats it). */
  const isSameEitherWay = (changed: Bytes): boolean => {
    const tags = changed.filter((byte, i) => byte !== known830000[i])
    return tags.length === 1 && (tags[0] === 0xf0 || tags[0] === 0xf1)
  }

  test('with any one bit changed proves nothing for another digest, nor for another root', () => {
    const root = readHeader(bytesOf(known.header))!.merkleRoot
    const harmless: number[] = []
    fc.assert(
      fc.property(fc.nat(known830000.length * 8 - 1), (bit) => {
        const changed = known830000.slice()
        changed[Math.floor(bit / 8)]! ^= 1 << (bit % 8)
        const timestamp = readTimestamp(changed)
        const isAccepted =
          timestamp !== null &&
          equalBytes(timestamp.digest, bytesOf(known.digest)) &&
          attestationsOf(timestamp).some(
            ({ attestation, message }) =>
              attestation.is === 'bitcoin' &&
              attestation.height === known.height &&
              equalBytes(message, root),
          )
        if (isAccepted) {
          harmless.push(bit)
          expect(isSameEitherWay(changed)).toBe(true)
        }
      }),
      { seed: 20261123, numRuns: 10_000 },
    )
    // In this block no sibling on the way equals the message beside it: not even that re-encoding is there.
    expect(harmless).toEqual([])
  })

  test('append and prepend give the same only where the sibling is the message itself', () => {
    const twice = (op: 'append' | 'prepend'): readonly Operation[] => [{ op, data: digest }, { op: 'sha256' }]
    expect(followPath(digest, twice('append'))).toEqual(followPath(digest, twice('prepend')))
  })
})

describe('the format', () => {
  const header = timestampBytes({ fileHash: 'sha256', digest, tree: [] })
  const file = (...tail: readonly number[]): Bytes => concat(header, Uint8Array.of(...tail))
  const bitcoin = [0x00, 0x05, 0x88, 0x96, 0x0d, 0x73, 0xd7, 0x19, 0x01]
  const pending = [0x00, 0x83, 0xdf, 0xe3, 0x0d, 0x2e, 0xf9, 0x0c, 0x8e]
  const good = file(0x08, ...bitcoin, 1, 7)

  test('is read where it is right', () => {
    expect(attestationsOf(readTimestamp(good)!)).toEqual([
      {
        path: [{ op: 'sha256' }],
        message: sha256(digest),
        attestation: { is: 'bitcoin', height: 7 },
        isWeak: false,
      },
    ])
  })

  test.each<[what: string, bytes: Bytes]>([
    ['nothing', new Uint8Array(0)],
    ['no attestation', header],
    ['another magic', concat(Uint8Array.of(1), good.slice(1))],
    ['another version', good.map((byte, i) => (i === 31 ? 2 : byte))],
    ['a file hash that is none', good.map((byte, i) => (i === 32 ? 0xf0 : byte))],
    ['a digest that is cut off', good.slice(0, 60)],
    ['a byte left over', file(0x08, ...bitcoin, 1, 7, 0)],
    ['a fork without end', file(0xff, ...bitcoin, 1, 7)],
    ['an unknown operation', file(0x09, ...bitcoin, 1, 7)],
    ['appending nothing', file(0xf0, 0, ...bitcoin, 1, 7)],
    ['appending more than there is', file(0xf0, 9, 1)],
    ['a length that could be shorter', file(0xf0, 0x81, 0x00, 1, ...bitcoin, 1, 7)],
    ['a height that could be shorter', file(...bitcoin, 2, 0x87, 0x00)],
    ['a payload with more than a height', file(...bitcoin, 2, 7, 7)],
    ['a height beyond 2^53', file(...bitcoin, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)],
    ['an address with other characters', file(...pending, 3, 2, 0x68, 0x20)],
    ['an address that is longer than it says', file(...pending, 3, 1, 0x68, 0x68)],
    [
      'a payload of more than 8192 bytes',
      concat(file(...pending), Uint8Array.of(0x81, 0x40), new Uint8Array(8193)),
    ],
    ['257 operations', file(...Array(257).fill(0x08), ...bitcoin, 1, 7)],
    [
      '4097 attestations',
      file(
        ...Array(4096)
          .fill([0xff, ...bitcoin, 1, 7])
          .flat(),
        ...bitcoin,
        1,
        7,
      ),
    ],
    ['a message of more than 4096 bytes', file(...Array(8).fill(0xf3), ...bitcoin, 1, 7)],
    ['more than 256 KiB', concat(good, new Uint8Array(262_144))],
  ])('%s is refused', (_what, bytes) => {
    expect(readTimestamp(bytes)).toBeNull()
  })

  test('hashes that are broken are marked, those of other chains kept', () => {
    const litecoin = [0x00, 0x06, 0x86, 0x9a, 0x0d, 0x73, 0xd7, 0x1b, 0x45]
    const bytes = file(
      0xff,
      0x02,
      ...bitcoin,
      1,
      7,
      0xff,
      0x03,
      ...litecoin,
      1,
      8,
      0x00,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      2,
      9,
      9,
    )
    const found = attestationsOf(readTimestamp(bytes)!)
    expect(found.map(({ attestation, isWeak }) => [attestation, isWeak])).toEqual([
      [{ is: 'bitcoin', height: 7 }, true],
      [{ is: 'litecoin', height: 8 }, true],
      [{ is: 'unknown', tag: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), payload: Uint8Array.of(9, 9) }, false],
    ])
    expect(timestampBytes(readTimestamp(bytes)!)).toEqual(bytes)
  })

  test('whatever comes, it is read without an exception, and written as it came', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
        const bytes = concat(header, new Uint8Array(tail))
        const timestamp = readTimestamp(bytes)
        if (timestamp !== null) expect(timestampBytes(timestamp)).toEqual(bytes)
        expect(readTimestamp(new Uint8Array(tail))).toBeNull()
      }),
      { seed: 20261123, numRuns: 5000 },
    )
  })
})

describe('two trees of one message', () => {
  const pendingAt = (uri: string): TimestampTree[number] => ({ attestation: { is: 'pending', uri } })
  const one: TimestampTree = [{ operation: { op: 'sha256' }, below: [pendingAt('https://a.example')] }]
  const other: TimestampTree = [
    { operation: { op: 'sha256' }, below: [pendingAt('https://b.example'), pendingAt('https://a.example')] },
    pendingAt('https://c.example'),
  ]

  test('are one, in which nothing stands twice', () => {
    expect(mergedTree(one, other)).toEqual([
      {
        operation: { op: 'sha256' },
        below: [pendingAt('https://a.example'), pendingAt('https://b.example')],
      },
      pendingAt('https://c.example'),
    ])
    expect(mergedTree(one, one)).toEqual(one)
  })

  test('are what a calendar sends', () => {
    expect(readCalendarTree(treeBytes(other), digest)).toEqual(other)
    expect(readCalendarTree(concat(treeBytes(other), Uint8Array.of(0)), digest)).toBeNull()
  })
})

/** The library of the reference client, where Python has it. */
const hasReference = spawnSync('python3', ['-c', 'import opentimestamps']).status === 0
if (!hasReference) console.info('python3-opentimestamps is not installed: its opinion is not asked')

test.skipIf(!hasReference)('the reference library reads what we write, and reaches the same root', () => {
  const program = [
    'import sys',
    'from opentimestamps.core.timestamp import DetachedTimestampFile',
    'from opentimestamps.core.serialize import BytesDeserializationContext',
    'file = DetachedTimestampFile.deserialize(BytesDeserializationContext(sys.stdin.buffer.read()))',
    'for message, attestation in file.timestamp.all_attestations(): print(attestation.height, message.hex())',
  ].join('\n')
  const { stdout } = spawnSync('python3', ['-c', program], { input: known830000, encoding: 'utf8' })
  expect(stdout.trim()).toBe(`${known.height} ${rootOf(known.header)}`)
})

describe.skipIf(!sharedIsHere)('known answers', () => {
  const file = 'anchor/known-answers.json'
  const vectors = sharedIsHere ? sharedJson(`vectors/${file}`) : { ots: { cases: [] }, bitcoinSpv: [] }
  const { holds } = knownAnswers('OpenTimestamps')
  const rootsIn = (bytes: Bytes) =>
    attestationsOf(readTimestamp(bytes)!).flatMap(({ attestation, message }) =>
      attestation.is === 'bitcoin' ? [[attestation.height, toHex(message)]] : [],
    )

  test.each<[name: string, row: Record<string, string & number>]>(
    vectors.ots.cases.map((row: { name: string }) => [row.name, row]),
  )('%s', (name, row) => {
    const bytes = fromBase64(row.upgraded ?? row.ots!)!
    if (row.mustFail) expect(readTimestamp(bytes)).toBeNull()
    else {
      expect(rootsIn(bytes)).toEqual([[row.height, row.merkleRootInternal]])
      expect(timestampBytes(readTimestamp(bytes)!)).toEqual(bytes)
      if (row.fileSha256 !== undefined) expect(toHex(readTimestamp(bytes)!.digest)).toBe(row.fileSha256)
    }
    if (row.header !== undefined) expect(rootOf(row.header)).toBe(row.merkleRootInternal)
    // The stamp that is bad ends elsewhere than the block that it names.
    if (name.startsWith('bad-stamp')) {
      const real = vectors.ots.cases.find(
        (one: { height: number; header?: string }) => one.height === row.height && one.header,
      )
      expect(rootOf(real.header)).not.toBe(row.merkleRootInternal)
    }
    holds(file, `ots ${name}`)
  })

  test.each<[height: number, row: Record<string, string>]>(
    vectors.bitcoinSpv
      .filter((row: { otsOfDigest?: string }) => row.otsOfDigest !== undefined)
      .map((row: { height: number }) => [row.height, row]),
  )('block %i', (height, row) => {
    expect(rootsIn(fromBase64(row.otsOfDigest!)!)).toEqual([[height, rootOf(row.header!)]])
    holds(file, `ots of block ${height}`)
  })
})
