import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCheckpoint } from '../../src/anchor/checkpoint.ts'
import {
  appendEntries,
  createLog,
  type LogFolder,
  openLog,
  proveConsistency,
  proveEntry,
  publishHead,
  readHead,
  readPublished,
} from '../../src/anchor/log-folder.ts'
import { checkContinuation } from '../../src/anchor/log-monitor.ts'
import { readLogPolicy } from '../../src/anchor/log-policy.ts'
import { judgeLogProof } from '../../src/anchor/log-proof.ts'
import { noteKeyText, readNote } from '../../src/anchor/note.ts'
import { signNote } from '../../src/anchor/note-signature.ts'
import { entriesIn, newTiles, type TileName, tilePath } from '../../src/anchor/tiles.ts'
import { hashLeaf, isConsistent, rootOf, treeReader } from '../../src/anchor/tree.ts'
import { type Bytes, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import { signerOfSeed } from '../../src/key/signer.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'gradecert-log-'))
})
afterAll(() => rmSync(root, { recursive: true }))

const signer = signerOfSeed(new Uint8Array(32).fill(131))
const entry = (i: number): Bytes => sha256(utf8(`entry ${i}`))
const entries = (count: number, from = 0) => Array.from({ length: count }, (_, i) => entry(from + i))
let made = 0
const newLog = (origin = 'log.example') => createLog(join(root, `log${made++}`), { origin, signer })
const policyOf = (log: LogFolder) => readLogPolicy(`log ${noteKeyText(log.signer.key)}\nquorum none\n`)
const tileIn = (log: LogFolder) => (name: TileName) =>
  new Uint8Array(readFileSync(join(log.folder, 'public', tilePath(name))))
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => relative(folder, join(one.parentPath, one.name)))
    .toSorted()

describe('a log in a folder', () => {
  test('begins with an empty head, and says where each entry stands', async () => {
    const log = await newLog()
    expect((await readHead(log)).checkpoint).toMatchObject({ origin: 'log.example', size: 0 })
    expect(await appendEntries(log, entries(3))).toEqual([0, 1, 2])
    expect(await appendEntries(log, [entry(9), entry(1), entry(9)])).toEqual([3, 1, 3])
    expect((await readHead(log)).checkpoint.size).toBe(4)
    expect(await openLog(log.folder)).toEqual({ ...log, signer: expect.anything() })
  })

  test('has the tree of its entries, and proves each of them', async () => {
    const log = await newLog()
    await appendEntries(log, entries(300))
    await appendEntries(log, entries(247, 300))
    const { checkpoint, note } = await readHead(log)
    const leaves = entries(547).map(hashLeaf)
    expect(checkpoint).toMatchObject({ size: 547, root: rootOf(treeReader(leaves), 547) })
    for (const index of [0, 255, 256, 299, 300, 511, 512, 546]) {
      const judged = await judgeLogProof(await proveEntry(log, index, note), leaves[index]!, policyOf(log))
      expect(judged).toMatchObject({ ok: true, index })
    }
    for (const old of [1, 256, 300, 512, 546]) {
      const older = { size: old, root: rootOf(treeReader(leaves), old) }
      expect(isConsistent(older, checkpoint, await proveConsistency(log, old, 547))).toBe(true)
    }
  })

  test('shows the files of tlog-tiles, and keeps its key to itself', async () => {
    const log = await newLog()
    await appendEntries(log, entries(300))
    expect(filesIn(join(log.folder, 'public'))).toEqual([
      'tile/0/000',
      'tile/0/001.p/44',
      'tile/1/000.p/1',
      'tile/entries/000',
      'tile/entries/001.p/44',
    ])
    expect(entriesIn(tileIn(log)({ level: 'entries', index: 1, width: 44 }))).toEqual(entries(44, 256))
    expect(statSync(join(log.folder, 'private/log.json')).mode & 0o777).toBe(0o600)
    await publishHead(log, (await readHead(log)).note)
    for (const file of filesIn(join(log.folder, 'public'))) {
      expect(readFileSync(join(log.folder, 'public', file), 'latin1')).not.toContain(signer.exportSecret())
    }
  })

  test.each([
    ['1234067', { level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    ['7', { level: 2, index: 7, width: 3 }, 'tile/2/007.p/3'],
    ['1000', { level: 'entries', index: 1000, width: 256 }, 'tile/entries/x001/000'],
  ] as const)('names tile %s as the standard does', (_index, name, path) => {
    expect(tilePath(name)).toBe(path)
  })

  test('of 70,000 entries has the tiles that the standard counts', () => {
    const names = newTiles(0, 70_000).map(tilePath)
    expect(names.filter((name) => name.startsWith('tile/0/') && !name.includes('.p'))).toHaveLength(273)
    expect(names.filter((name) => name.includes('.p/'))).toEqual([
      'tile/entries/273.p/112',
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ])
    expect(newTiles(256, 256)).toEqual([])
  })

  test('is made once, under a name that a note can have', async () => {
    const log = await newLog()
    await expect(createLog(log.folder, { origin: 'other', signer })).rejects.toMatchObject({
      code: 'log.exists',
    })
    await expect(newLog('with space')).rejects.toMatchObject({ code: 'log.origin_malformed' })
    await expect(openLog(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'log.not_found' })
  })

  test('shows no head that is not its own, and never goes back', async () => {
    const log = await newLog()
    await appendEntries(log, entries(3))
    const three = (await readHead(log)).note
    await publishHead(log, three)
    await appendEntries(log, entries(2, 3))
    const five = (await readHead(log)).note
    await publishHead(log, five)
    await publishHead(log, three)
    expect((await readPublished(log))?.checkpoint.size).toBe(5)
    const { text } = readNote(five)!
    const foreign = await signNote(text, [(await newLog('other.example')).signer], 0)
    await expect(publishHead(log, foreign)).rejects.toMatchObject({ code: 'log.head_refused' })
    await expect(publishHead(log, 'hello')).rejects.toMatchObject({ code: 'log.head_refused' })
    const beyond = await signNote(text.replace('\n5\n', '\n6\n'), [log.signer], 0)
    await expect(publishHead(log, beyond)).rejects.toMatchObject({ code: 'log.head_refused' })
  })

  test('that lost or changed a file signs nothing more', async () => {
    const log = await newLog()
    await appendEntries(log, entries(5))
    const path = join(log.folder, 'public/tile/entries/000.p/5')
    const bytes = readFileSync(path)
    bytes[10]! ^= 1
    writeFileSync(path, bytes)
    const before = await readHead(log)
    await expect(appendEntries(log, [entry(77)])).rejects.toMatchObject({ code: 'log.damaged' })
    rmSync(path)
    await expect(appendEntries(log, [entry(77)])).rejects.toMatchObject({ code: 'log.damaged' })
    expect(await readHead(log)).toEqual(before)
    writeFileSync(join(log.folder, 'private/head'), 'hello')
    await expect(readHead(log)).rejects.toMatchObject({ code: 'log.damaged' })
  })
})

describe('a log that does not hold what it signed', () => {
  /** A log that signed and showed 3 entries and then 5. */
  async function shownTwice() {
    const log = await newLog()
    const notes: string[] = []
    for (const size of [3, 5]) {
      await appendEntries(log, entries(size))
      notes.push((await readHead(log)).note)
      await publishHead(log, notes.at(-1)!)
    }
    return { log, three: notes[0]!, five: notes[1]! }
  }
  const headOf = ({ folder }: LogFolder) => join(folder, 'private/head')
  const shownOf = ({ folder }: LogFolder) => join(folder, 'public/checkpoint')

  test.each<[what: string, spoil: (log: LogFolder, three: string) => void, fault: object]>([
    [
      'was put back from an older copy',
      (log, three) => writeFileSync(headOf(log), three),
      { what: 'private/head' },
    ],
    ['lost its head', (log) => rmSync(headOf(log)), { what: 'private/head' }],
    ['has half a head', (log) => writeFileSync(headOf(log), 'log.ex'), { what: 'private/head' }],
    [
      'shows something else',
      (log) => writeFileSync(shownOf(log), 'log.example'),
      { what: 'public/checkpoint' },
    ],
  ])('since it %s neither appends nor shows anything', async (_what, spoil, detail) => {
    const { log, three, five } = await shownTwice()
    spoil(log, three)
    const fault = { code: 'log.damaged', detail }
    await expect(readHead(log)).rejects.toMatchObject(fault)
    await expect(appendEntries(log, [entry(77)])).rejects.toMatchObject(fault)
    await expect(publishHead(log, five)).rejects.toMatchObject(fault)
  })

  test('because its head cannot be read does not begin anew', async () => {
    const { log } = await shownTwice()
    rmSync(headOf(log))
    mkdirSync(headOf(log))
    await expect(appendEntries(log, [entry(77)])).rejects.toMatchObject({ code: 'EISDIR' })
  })

  test('shows no head that its key signed for another tree', async () => {
    const { log, five } = await shownTwice()
    const copy = await newLog()
    await appendEntries(copy, [entry(50), entry(51), entry(52), entry(53)])
    const { note } = await readHead(copy)
    await expect(publishHead(log, note)).rejects.toMatchObject({ code: 'log.head_refused' })
    expect((await readPublished(log))?.note).toBe(five)
  })

  test('takes no entry whose length its files cannot say', async () => {
    const log = await newLog()
    expect(await appendEntries(log, [new Uint8Array(65_535), new Uint8Array(0)])).toEqual([0, 1])
    await expect(appendEntries(log, [new Uint8Array(65_536)])).rejects.toMatchObject({
      code: 'log.entry_too_long',
      detail: { bytes: 65_536 },
    })
    expect((await readHead(log)).checkpoint.size).toBe(2)
  })
})

describe('a log that was stopped', () => {
  test('after any of its writes goes on from the head that it signed last, whatever comes next', async () => {
    const log = await newLog()
    await appendEntries(log, entries(250))
    const before = join(root, 'before')
    cpSync(log.folder, before, { recursive: true })
    const older = (await readHead(log)).note
    await appendEntries(log, entries(20, 250))
    const written = [...newTiles(250, 270).map((name) => join('public', tilePath(name))), 'private/head']
    for (let count = 0; count <= written.length; count++) {
      const folder = join(root, `stopped${count}`)
      cpSync(before, folder, { recursive: true })
      for (const file of written.slice(0, count)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true })
        cpSync(join(log.folder, file), join(folder, file))
      }
      const stopped = await openLog(folder)
      const isSigned = count === written.length
      expect((await readHead(stopped)).checkpoint.size).toBe(isSigned ? 270 : 250)
      // Another entry than the one that was being written takes the place.
      expect(await appendEntries(stopped, [entry(1000)])).toEqual([isSigned ? 270 : 250])
      const newer = (await readHead(stopped)).note
      const options = { policy: policyOf(stopped), tile: tileIn(stopped) }
      expect(await checkContinuation(older, newer, options)).toMatchObject({ ok: true })
    }
  })

  test('by SIGKILL at whatever moment shows heads that continue each other, and loses nothing', async () => {
    const log = await newLog()
    const shown: string[] = []
    for (let i = 0; i < 8; i++) {
      const child = childOf(log.folder, `seed ${i}`)
      // Some while they start; the others after they have signed a head, however slow the machine is.
      if (i > 1) await once(child.stdout as Readable, 'data')
      await setTimeout(i > 1 ? 11 * i : 200)
      child.kill('SIGKILL')
      await once(child, 'exit')
      const head = await readHead(log)
      const published = await readPublished(log)
      if (published !== null) shown.push(published.note)
      expect(published?.checkpoint.size ?? 0).toBeLessThanOrEqual(head.checkpoint.size)
    }
    expect(await appendEntries(log, [entry(5)])).toEqual([(await readHead(log)).checkpoint.size - 1])
    const last = (await readHead(log)).note
    expect(shown.length).toBeGreaterThan(0)
    for (const older of shown) {
      const options = { policy: policyOf(log), tile: tileIn(log) }
      expect(await checkContinuation(older, last, options)).toMatchObject({ ok: true })
    }
  })

  test('two that append at once wait for each other', async () => {
    const log = await newLog()
    const places = await Promise.all(
      Array.from({ length: 12 }, (_, i) => appendEntries(log, [entry(i), entry(100)])),
    )
    const firsts = places.map(([first]) => first).toSorted((a, b) => a! - b!)
    expect(new Set(firsts).size).toBe(12)
    expect(new Set(places.map(([, common]) => common)).size).toBe(1)
    expect((await readHead(log)).checkpoint.size).toBe(13)
  })
})

function childOf(folder: string, seed: string): ChildProcess {
  const path = fileURLToPath(new URL('./log.child.ts', import.meta.url))
  return spawn(process.execPath, [path, folder, seed], { stdio: ['ignore', 'pipe', 'inherit'] })
}

describe('who watches a log', () => {
  test.each<[what: string, reason: string]>([
    ['a log that forgot entries', 'rolled_back'],
    ['a log that changed an entry', 'forked'],
    ['a log of the same size with another entry', 'forked'],
    ['tiles that are not there', 'tiles_missing'],
    ['tiles of another tree', 'tiles_wrong'],
    ['a head that somebody else signed', 'log_unknown'],
  ])('finds %s', async (what, reason) => {
    const log = await newLog()
    await appendEntries(log, entries(10))
    const ten = (await readHead(log)).note
    await appendEntries(log, entries(5, 10))
    const fifteen = (await readHead(log)).note
    const fork = await newLog()
    await appendEntries(fork, [entry(0), entry(99), ...entries(13, 2)])
    const forked = (await readHead(fork)).note
    const other = await newLog('other.example')
    await appendEntries(other, entries(15))
    const options = { policy: policyOf(log), tile: tileIn(log) }
    const none = { ...options, tile: () => new Uint8Array(31) }
    const found = {
      'a log that forgot entries': () => checkContinuation(fifteen, ten, options),
      'a log that changed an entry': () => checkContinuation(ten, forked, { ...options, tile: tileIn(fork) }),
      'a log of the same size with another entry': () => checkContinuation(fifteen, forked, options),
      'tiles that are not there': () => checkContinuation(ten, fifteen, none),
      'tiles of another tree': () => checkContinuation(ten, fifteen, { ...options, tile: tileIn(fork) }),
      'a head that somebody else signed': async () =>
        checkContinuation(ten, (await readHead(other)).note, options),
    }[what]!
    expect(await found()).toEqual({ ok: false, reason })
    expect(await checkContinuation(ten, fifteen, options)).toEqual({
      ok: true,
      older: readCheckpoint(readNote(ten)!.text),
      newer: readCheckpoint(readNote(fifteen)!.text),
    })
    expect(await checkContinuation(ten, ten, options)).toMatchObject({ ok: true })
  })
})
