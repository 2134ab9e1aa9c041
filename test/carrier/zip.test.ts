import { strToU8, type Zippable, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/base/bytes.ts'
import { concat, utf8 } from '../../src/base/bytes.ts'
import { readZip, type ZipLimits } from '../../src/carrier/zip.ts'

const limits: ZipLimits = {
  maxEntryBytes: 1000,
  maxEntries: 5,
  maxTotalBytes: 100_000,
  takes: (name) => name.endsWith('.json'),
}
const zip = (entries: Zippable): Bytes => zipSync(entries, { mtime: '2026-01-01T00:00:00Z' }) as Bytes

function read(archive: Bytes, change: Partial<ZipLimits> = {}) {
  const left: [name: string, why: string][] = []
  const entries = readZip(archive, { ...limits, ...change }, (name, why) => left.push([name, why]))
  return { entries: entries?.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]) ?? null, left }
}

/** One stored entry by hand, so that a test can break any byte. */
function storedEntry(name: string, content: string, { flags = 0x0800, method = 0 } = {}): Bytes {
  const nameBytes = utf8(name)
  const body = utf8(content)
  const header = new Uint8Array(30)
  const view = new DataView(header.buffer)
  view.setUint32(0, 0x504b0304)
  view.setUint16(6, flags, true)
  view.setUint16(8, method, true)
  view.setUint32(18, body.length, true)
  view.setUint32(22, body.length, true)
  view.setUint16(26, nameBytes.length, true)
  return concat(header, nameBytes, body)
}
const endRecord = (comment = ''): Bytes => {
  const record = new Uint8Array(22)
  new DataView(record.buffer).setUint32(0, 0x504b0506)
  new DataView(record.buffer).setUint16(20, comment.length, true)
  return concat(record, utf8(comment))
}

describe('a zip from a stranger', () => {
  test('gives its wanted entries in their order, packed or stored', () => {
    const archive = zip({
      'b.json': strToU8('{"b":1}'),
      'a.json': [strToU8('{"a":1}'), { level: 0 }],
      'empty.json': new Uint8Array(),
      'readme.txt': strToU8('hello'),
    })
    expect(read(archive)).toEqual({
      entries: [
        ['b.json', '{"b":1}'],
        ['a.json', '{"a":1}'],
        ['empty.json', ''],
      ],
      left: [['readme.txt', 'not_a_certificate_file']],
    })
  })

  test('gives Chinese names as they are, and folders by the names of what is in them', () => {
    const archive = zip({ 证书: { '王小明.json': strToU8('{}') }, 空: {} })
    expect(read(archive)).toEqual({ entries: [['证书/王小明.json', '{}']], left: [] })
  })

  test('a name in another encoding is a name all the same', () => {
    const archive = concat(storedEntry('A.json', '{}', { flags: 0 }), endRecord())
    archive[30] = 0xd6 // GBK for the start of 证, in a zip that does not say how its names are written
    expect(read(archive)).toEqual({ entries: [['Ö.json', '{}']], left: [] })
  })

  test('names that lead elsewhere are only names', () => {
    const names = ['../../etc/passwd.json', '/etc/x.json', 'C:\\x.json', '..\\x.json', 'a/../../b.json']
    const archive = concat(...names.map((name) => storedEntry(name, '{}')), endRecord())
    expect(read(archive)).toEqual({ entries: names.map((name) => [name, '{}']), left: [] })
  })

  test('an entry of exactly the limit is taken, one byte more is not', () => {
    const archive = zip({ 'fits.json': strToU8('x'.repeat(1000)), 'over.json': strToU8('x'.repeat(1001)) })
    expect(read(archive)).toEqual({
      entries: [['fits.json', 'x'.repeat(1000)]],
      left: [['over.json', 'too_large']],
    })
  })

  test('a stored entry that is too large is not taken either, and said once', () => {
    const archive = zip({
      'over.json': [new Uint8Array(100_000).fill(0x20), { level: 0 }],
      'a.json': strToU8('{}'),
    })
    expect(read(archive)).toEqual({ entries: [['a.json', '{}']], left: [['over.json', 'too_large']] })
  })

  test('an entry that expands a thousandfold is given up, and those after it are read', () => {
    const archive = zip({ 'bomb.json': new Uint8Array(50_000_000), 'a.json': strToU8('{}') })
    expect(archive.length).toBeLessThan(100_000)
    expect(read(archive)).toEqual({ entries: [['a.json', '{}']], left: [['bomb.json', 'too_large']] })
  })

  test('an entry that says it is small but is not, is not believed', () => {
    const archive = zip({ 'bomb.json': new Uint8Array(5000) })
    new DataView(archive.buffer).setUint32(22, 10, true)
    expect(read(archive)).toEqual({ entries: [], left: [['bomb.json', 'too_large']] })
  })

  test('entries beyond the limit are named and not read; folders count', () => {
    const archive = concat(
      storedEntry('f/', ''),
      ...[1, 2, 3, 4, 5, 6].map((n) => storedEntry(`${n}.json`, '{}')),
      endRecord(),
    )
    expect(read(archive)).toEqual({
      entries: [1, 2, 3, 4].map((n) => [`${n}.json`, '{}']),
      left: [
        ['5.json', 'too_many'],
        ['6.json', 'too_many'],
      ],
    })
  })

  test('an empty archive, and one with a comment, are whole', () => {
    expect(read(endRecord())).toEqual({ entries: [], left: [] })
    const archive = concat(storedEntry('a.json', '{}'), endRecord('x'.repeat(65_535)))
    expect(read(archive)).toEqual({ entries: [['a.json', '{}']], left: [] })
  })

  test('an encrypted entry gives bytes that nobody can read, which are no certificate', () => {
    const archive = concat(storedEntry('a.json', '\u0001\u0002', { flags: 0x0801 }), endRecord())
    expect(read(archive)).toEqual({ entries: [['a.json', '\u0001\u0002']], left: [] })
  })

  const whole = zip({ 'a.json': strToU8('{"a":1}'.repeat(20)), 'b.json': strToU8('{"b":2}'.repeat(20)) })
  test.each<[what: string, archive: Bytes]>([
    ['nothing', new Uint8Array()],
    ['a text', utf8('{"type":["VerifiableCredential"]}')],
    ['a text that begins like a zip', utf8(`PK${' '.repeat(40)}`)],
    ['an archive without its first byte', whole.slice(1)],
    ['an archive of an unknown packing', concat(storedEntry('a.json', '{}', { method: 93 }), endRecord())],
    [
      'a packed entry that is encrypted',
      concat(storedEntry('a.json', '\uffff\uffff\uffff', { flags: 1, method: 8 }), endRecord()),
    ],
    [
      'an archive with a comment that is longer than one may be',
      concat(storedEntry('a.json', '{}'), endRecord('x'.repeat(65_536))),
    ],
  ])('%s is no whole archive', (_what, archive) => {
    expect(read(archive).entries).toBeNull()
  })

  test('an archive that was cut short is no whole archive, wherever it was cut', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(read(whole.slice(0, length)).entries, `${length} of ${whole.length} bytes`).toBeNull()
    }
    expect(read(whole).entries).toHaveLength(2)
  })

  test('an archive with any one byte changed is read or refused, and never throws', () => {
    for (let i = 0; i < whole.length; i++) {
      for (const byte of [0x00, 0xff, (whole[i] as number) ^ 1]) {
        const { entries } = read(whole.map((old, at) => (at === i ? byte : old)))
        expect(entries === null || Array.isArray(entries)).toBe(true)
      }
    }
  })
})

test('what all entries expand to is bounded, and those beyond it are named', () => {
  const archive = zip({
    'a.json': strToU8('x'.repeat(900)),
    'b.json': strToU8('y'.repeat(900)),
    'c.json': strToU8('z'),
  })
  const { entries, left } = read(archive, { maxTotalBytes: 1000 })
  expect(entries?.map(([name]) => name)).toEqual(['a.json', 'b.json'])
  expect(left).toEqual([['c.json', 'too_many']])
})
