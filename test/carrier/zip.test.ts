import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, type Zippable, zipSync } from 'fflate'
import { afterAll, describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/base/bytes.ts'
import { concat, utf8 } from '../../src/base/bytes.ts'
import { crc32 } from '../../src/base/crc32.ts'
import { openZip } from '../../src/carrier/zip.ts'
import { zipLimits } from '../../src/carrier/zip-limits.ts'
import { listZip } from '../../src/carrier/zip-slices.ts'

const folder = mkdtempSync(join(tmpdir(), 'gradecert-zip-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const zip = (entries: Zippable): Bytes => zipSync(entries, { mtime: '2026-01-01T00:00:00Z' }) as Bytes

let count = 0
/** Opens an archive in one of the two ways in which it is met: as a file, and on a page. */
const readers = {
  'on a disk': async (archive: Bytes) => {
    const path = join(folder, `${count++}.zip`)
    writeFileSync(path, archive)
    const opened = await openZip(path)
    if (typeof opened === 'string') return opened
    const texts = await textsOf(opened.entries, (entry) => opened.read(entry))
    opened.close()
    return texts
  },
  'on a page': async (archive: Bytes) => {
    const listed = await listZip(new Blob([archive]))
    return typeof listed === 'string' ? listed : textsOf(listed, (entry) => entry.read())
  },
} as const

/** Entries with their texts, `null` for one that is damaged. */
async function textsOf<Entry extends { readonly name: string }>(
  entries: readonly Entry[],
  read: (entry: Entry) => Promise<Bytes | null>,
) {
  const texts: [name: string, text: string | null][] = []
  for (const entry of entries) {
    const bytes = await read(entry)
    texts.push([entry.name, bytes === null ? null : new TextDecoder().decode(bytes)])
  }
  return texts
}

interface Stored {
  readonly name: string | Bytes
  readonly content?: string
  readonly flags?: number
  readonly method?: number
  /** Bytes that the directory says it expands to. */
  readonly claims?: number
  /** Bytes that the directory says it takes. */
  readonly packed?: number
  /** Where the directory says that it stands. */
  readonly at?: number
}

/** An archive by hand, so that a test can let it say anything. */
function archiveOf(entries: readonly Stored[]): Bytes {
  const parts: Bytes[] = []
  const directory: Bytes[] = []
  let offset = 0
  for (const { name, content = '{}', flags = 0x0800, method = 0, claims, packed, at } of entries) {
    const [nameBytes, body] = [typeof name === 'string' ? utf8(name) : name, utf8(content)]
    const local = new Uint8Array(30)
    const central = new Uint8Array(46)
    const [l, c] = [new DataView(local.buffer), new DataView(central.buffer)]
    l.setUint32(0, 0x504b0304)
    c.setUint32(0, 0x504b0102)
    for (const [view, base] of [
      [l, 6],
      [c, 8],
    ] as const) {
      view.setUint16(base, flags, true)
      view.setUint16(base + 2, method, true)
      view.setUint32(base + 8, crc32(body), true)
      view.setUint32(base + 12, packed ?? body.length, true)
      view.setUint32(base + 16, claims ?? body.length, true)
      view.setUint16(base + 20, nameBytes.length, true)
    }
    c.setUint32(42, at ?? offset, true)
    parts.push(local, nameBytes, body)
    directory.push(central, nameBytes)
    offset += 30 + nameBytes.length + body.length
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  const end = new Uint8Array(22)
  const view = new DataView(end.buffer)
  view.setUint32(0, 0x504b0506)
  view.setUint16(8, entries.length, true)
  view.setUint16(10, entries.length, true)
  view.setUint32(12, size, true)
  view.setUint32(16, offset, true)
  return concat(...parts, ...directory, end)
}

describe.each(Object.entries(readers))('a zip from a stranger, %s,', (_where, read) => {
  test('gives its files in their order, packed or stored, and no folders', async () => {
    const archive = zip({
      'b.json': strToU8('{"b":1}'),
      'a.json': [strToU8('{"a":1}'), { level: 0 }],
      'empty.json': new Uint8Array(),
      证书: { '王小明.json': strToU8('{}') },
      空: {},
    })
    expect(await read(archive)).toEqual([
      ['b.json', '{"b":1}'],
      ['a.json', '{"a":1}'],
      ['empty.json', ''],
      ['证书/王小明.json', '{}'],
    ])
  })

  test.each<[what: string, name: readonly number[], flags: number, read: string]>([
    ['GBK, as a Chinese Windows writes it', [0xcd, 0xf5, 0xd0, 0xa1, 0xc3, 0xf7], 0, '王小明'],
    ['GBK with a byte that looks like a separator', [0x8f, 0x5c], 0, '廫'],
    ['UTF-8 that does not say so, as a Mac writes it', [0xe7, 0x8e, 0x8b], 0, '王'],
    ['Latin letters of an old system', [0x4a, 0x6f, 0x73, 0xe9], 0, 'José'],
    ['separators of an older Windows program', [0x61, 0x5c, 0x62], 0, 'a/b'],
  ])('may have names in %s', async (_what, name, flags, text) => {
    const bytes = concat(Uint8Array.from(name), utf8('.json'))
    expect(await read(archiveOf([{ name: bytes, flags }]))).toEqual([[`${text}.json`, '{}']])
  })

  test('whose name says that it is UTF-8 and is not is refused', async () => {
    expect(await read(archiveOf([{ name: Uint8Array.of(0xcd, 0xf5) }]))).toBe('names')
  })

  test('that was made by hand is read like any other', async () => {
    expect(await read(archiveOf([{ name: 'a.json' }, { name: 'b.json', content: '{"b":1}' }]))).toEqual([
      ['a.json', '{}'],
      ['b.json', '{"b":1}'],
    ])
    expect(await read(archiveOf([]))).toEqual([])
  })

  test.each(['../../etc/passwd.json', '/etc/x.json', 'C:\\x.json', '..\\x.json', 'a/../../b.json'])(
    'that holds a file called %s is not opened at all',
    async (name) => {
      expect(await read(archiveOf([{ name: 'a.json' }, { name }]))).toBe('names')
    },
  )

  test('that holds more files without content than any honest one is not opened', async () => {
    const files = (number: number) =>
      Object.fromEntries(Array.from({ length: number }, (_, i) => [`${i}.json`, new Uint8Array()]))
    expect(await read(zip(files(10_000)))).toBe('empty_files')
    expect(await read(zip(files(zipLimits.emptyFiles)))).toHaveLength(zipLimits.emptyFiles)
  })

  test('that expands more than a thousandfold is not opened', async () => {
    const archive = zip({ 'bomb.json': new Uint8Array(50_000_000), 'a.json': strToU8('{}') })
    expect(archive.length).toBeLessThan(100_000)
    expect(await read(archive)).toBe('bomb')
  })

  test('whose entries lie over each other is not opened', async () => {
    const long = 'x'.repeat(1000)
    const over = Array.from({ length: 4 }, (_, i) => ({ name: `${i}.json`, content: long }))
    const honest = archiveOf(over)
    expect(await read(honest)).toHaveLength(4)
    const first = { name: 'a.json', content: long }
    const lies = Array.from({ length: 40 }, (_, i) => ({
      name: `${i}.json`,
      content: '',
      packed: 1000,
      claims: 1000,
      at: 0,
    }))
    expect(await read(archiveOf([first, ...lies]))).toBe('bomb')
  })

  test('gives no text for an entry that is longer or shorter than it says', async () => {
    const archive = zip({ 'a.json': strToU8('x'.repeat(5000)), 'b.json': strToU8('{}') })
    for (const claimed of [10, 4999, 5001]) {
      const altered = archive.slice()
      const view = new DataView(altered.buffer)
      const central = altered.findIndex((_, i) => i + 4 <= altered.length && view.getUint32(i) === 0x504b0102)
      view.setUint32(central + 24, claimed, true)
      expect(await read(altered)).toEqual([
        ['a.json', null],
        ['b.json', '{}'],
      ])
    }
  })

  test('with an entry that says it is encrypted and is not is damaged; one packed in an unknown way gives no text', async () => {
    expect(await read(archiveOf([{ name: 'a.json', flags: 0x0801 }]))).toBe('damaged')
    expect(await read(archiveOf([{ name: 'a.json', method: 93 }]))).toEqual([['a.json', null]])
  })

  const whole = zip({ 'a.json': strToU8('{"a":1}'.repeat(20)), 'b.json': strToU8('{"b":2}'.repeat(20)) })

  test.each<[what: string, archive: Bytes]>([
    ['nothing', new Uint8Array()],
    ['a text', utf8('{"type":["VerifiableCredential"]}')],
    ['a text that begins like a zip', utf8(`PK${' '.repeat(40)}`)],
  ])('%s is no archive', async (_what, archive) => {
    expect(await read(archive)).toBe('damaged')
  })

  test('that was cut short is damaged, wherever it was cut', async () => {
    for (let length = 0; length < whole.length; length += 3) {
      expect(await read(whole.slice(0, length)), `${length} of ${whole.length} bytes`).toBe('damaged')
    }
    expect(await read(whole)).toHaveLength(2)
  })

  test('with any one byte changed is read or refused, and never throws', async () => {
    for (let i = 0; i < whole.length; i++) {
      const found = await read(whole.map((old, at) => (at === i ? old ^ 0xff : old)))
      expect(typeof found === 'string' || Array.isArray(found)).toBe(true)
    }
  })
})

test('a file that is not there is no archive', async () => {
  expect(await openZip(join(folder, 'nothing.zip'))).toBe('damaged')
})
