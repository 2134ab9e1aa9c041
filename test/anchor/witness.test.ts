import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkpointText, readCheckpoint } from '../../src/anchor/checkpoint.ts'
import { readNote, readSignatureLine } from '../../src/anchor/note.ts'
import { noteSigner, signNote, verifyNoteSignature } from '../../src/anchor/note-signature.ts'
import { consistencyPath, hashLeaf, rootOf, rootOfNothing, treeReader } from '../../src/anchor/tree.ts'
import {
  addCheckpoint,
  type WitnessAnswer,
  type WitnessedHead,
  type WitnessState,
  witnessRequest,
  witnessRequestLimit,
} from '../../src/anchor/witness.ts'
import { createWitness, openWitness, witnessFolderState } from '../../src/anchor/witness-folder.ts'
import { type Bytes, toBase64, utf8 } from '../../src/base/bytes.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'
import { logKey, origin, witnesses } from './makers.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'gradecert-witness-'))
})
afterAll(() => rmSync(root, { recursive: true }))

const [witness] = witnesses
const at = 1_772_442_000
const leaves = Array.from({ length: 40 }, (_, i) => hashLeaf(utf8(`entry ${i}`)))
const forkedLeaves = leaves.map((leaf, i) => (i === 2 ? hashLeaf(utf8('another')) : leaf))
const trees = { log: treeReader(leaves), fork: treeReader(forkedLeaves) }
type Tree = keyof typeof trees

const textAt = (size: number, tree: Tree = 'log', name = origin): string =>
  checkpointText({ origin: name, size, root: rootOf(trees[tree], size), extensions: [] })
const headAt = (size: number, tree: Tree = 'log'): Promise<string> =>
  signNote(textAt(size, tree), [logKey], 0)
const pathTo = (from: number, to: number, tree: Tree = 'log') => consistencyPath(trees[tree], from, to)

/** A state in memory, that shows in which order things were done. */
function memoryState(): WitnessState & { readonly heads: Map<string, WitnessedHead> } {
  const heads = new Map<string, WitnessedHead>()
  let turn: Promise<unknown> = Promise.resolve()
  return {
    heads,
    read: async (name) => heads.get(name) ?? null,
    keep: async (name, head) => void heads.set(name, head),
    alone(_, action) {
      const next = turn.then(action)
      turn = next.catch(() => {})
      return next
    },
  }
}

const asked = (state: WitnessState, body: string | Bytes): Promise<WitnessAnswer> =>
  addCheckpoint(typeof body === 'string' ? utf8(body) : body, {
    logs: [logKey.key],
    signers: [witness!],
    state,
    now: () => at,
  })
const text = 'text/plain; charset=utf-8'

/** The size that a cosignature of an answer is for, by the checkpoint that was sent. */
async function signedBy(answer: WitnessAnswer, body: string): Promise<number | null> {
  const note = readNote(body.slice(body.indexOf('\n\n') + 2))
  const signature = readSignatureLine(answer.body.trimEnd())
  if (answer.status !== 200 || note === null || signature === null) return null
  expect(await verifyNoteSignature(note.text, signature, witness!.key)).toEqual({ is: 'good', at })
  return readCheckpoint(note.text)!.size
}

describe('a witness', () => {
  test('answers nine requests as litewitness does', async () => {
    const state = memoryState()
    const stranger = noteSigner(origin, signerOfSeed(new Uint8Array(32).fill(9)))
    const bodies = [
      witnessRequest(0, [], await headAt(1)),
      witnessRequest(1, pathTo(1, 3), await signNote(textAt(3), [stranger], 0)),
      witnessRequest(1, pathTo(1, 3), textAt(3) + (await headAt(5)).slice(textAt(5).length)),
      witnessRequest(1, [], await headAt(3)),
      witnessRequest(1, pathTo(2, 3), await headAt(3)),
      witnessRequest(1, pathTo(1, 3), await headAt(3)),
      witnessRequest(1, pathTo(1, 5), await headAt(5)),
      witnessRequest(3, pathTo(3, 5), await headAt(5)),
      witnessRequest(0, [], await headAt(5)),
    ]
    const codes: number[] = []
    for (const body of bodies) codes.push((await asked(state, body)).status)
    const expected = [200, 403, 403, 422, 422, 200, 409, 200, 409]
    expect(codes).toEqual(expected)
    if (sharedIsHere) {
      expect(sharedJson('vectors/anchor/known-answers.json').litewitness.codes).toEqual(expected)
      knownAnswers('C2SP transparency logs').holds('anchor/known-answers.json', 'litewitness codes')
    }
  })

  test('signs with its time what continues the last head, and the same head again', async () => {
    const state = memoryState()
    for (const [from, to] of [
      [0, 0],
      [0, 7],
      [7, 7],
      [7, 8],
      [8, 40],
    ] as const) {
      const body = witnessRequest(from, pathTo(from, to), await headAt(to))
      const answer = await asked(state, body)
      expect(answer).toMatchObject({ status: 200, type: text })
      expect(await signedBy(answer, body)).toBe(to)
      expect(state.heads.get(origin)).toEqual({ size: to, root: rootOf(trees.log, to) })
    }
  })

  test('signs with each of its keys', async () => {
    const options = { logs: [logKey.key], signers: witnesses, state: memoryState(), now: () => at }
    const { body } = await addCheckpoint(utf8(witnessRequest(0, [], await headAt(4))), options)
    expect(
      body
        .trimEnd()
        .split('\n')
        .map((line) => readSignatureLine(line)?.name),
    ).toEqual(witnesses.map(({ key }) => key.name))
  })

  test.each<[what: string, body: () => Promise<string>, answer: Partial<WitnessAnswer>]>([
    [
      'a fork of the same size',
      async () => witnessRequest(10, [], await headAt(10, 'fork')),
      { status: 409, type: 'text/x.tlog.size', body: '10\n' },
    ],
    [
      'a fork that grew',
      async () => witnessRequest(10, pathTo(10, 20, 'fork'), await headAt(20, 'fork')),
      { status: 422 },
    ],
    [
      'a smaller head',
      async () => witnessRequest(10, [], await headAt(5)),
      { status: 400, body: 'the old size is above the new\n' },
    ],
    [
      'a smaller head from a smaller one',
      async () => witnessRequest(5, pathTo(5, 8), await headAt(8)),
      { status: 409, type: 'text/x.tlog.size', body: '10\n' },
    ],
    [
      'a head from nothing',
      async () => witnessRequest(0, [], await headAt(20)),
      { status: 409, type: 'text/x.tlog.size', body: '10\n' },
    ],
    [
      'a proof with one hash too many',
      async () => witnessRequest(10, [...pathTo(10, 20), rootOfNothing], await headAt(20)),
      { status: 422 },
    ],
    [
      'a proof in another order',
      async () => witnessRequest(10, pathTo(10, 20).toReversed(), await headAt(20)),
      { status: 422 },
    ],
    [
      'the same head with a proof',
      async () => witnessRequest(10, [rootOfNothing], await headAt(10)),
      { status: 422 },
    ],
    [
      'another log',
      async () => witnessRequest(0, [], await signNote(textAt(3, 'log', 'other.example'), [logKey], 0)),
      { status: 404, body: 'unknown log\n' },
    ],
    [
      'a head that only a witness signed',
      async () => witnessRequest(10, pathTo(10, 20), await signNote(textAt(20), [witness!], at)),
      { status: 403 },
    ],
    [
      'a head that the log signed well and ill',
      async () => {
        const good = await headAt(20)
        const ill = (await headAt(21)).slice(textAt(21).length + 1)
        return witnessRequest(10, pathTo(10, 20), good + ill)
      },
      { status: 403 },
    ],
  ])('refuses %s, and keeps what it knew', async (_what, body, answer) => {
    const state = memoryState()
    await asked(state, witnessRequest(0, [], await headAt(10)))
    const before = new Map(state.heads)
    const sent = await body()
    const got = await asked(state, sent)
    expect(got).toMatchObject(answer)
    expect(got.body).not.toContain('—')
    expect(state.heads).toEqual(before)
  })

  test.each<[what: string, change: (body: string) => string | Bytes]>([
    ['nothing', () => ''],
    ['a line break', () => '\n'],
    ['no old size', (body) => body.slice(body.indexOf('\n') + 1)],
    ['a word in capitals', (body) => body.replace('old', 'Old')],
    ['two spaces', (body) => body.replace('old ', 'old  ')],
    ['a size with a zero before it', (body) => body.replace('old 3', 'old 03')],
    ['a size with a sign', (body) => body.replace('old 3', 'old +3')],
    ['a size below zero', (body) => body.replace('old 3', 'old -3')],
    ['a size in hex', (body) => body.replace('old 3', 'old 0x3')],
    ['a size with a fraction', (body) => body.replace('old 3', 'old 3.0')],
    ['a size beyond 2^53', (body) => body.replace('old 3', 'old 9007199254740993')],
    ['a size of 400 digits', (body) => body.replace('old 3', `old ${'9'.repeat(400)}`)],
    ['a size beyond the head', (body) => body.replace('old 3', 'old 41')],
    ['a hash without padding', (body) => body.replace('=\n', '\n')],
    ['a hash in base64url', (body) => body.replace(/\n[^\n]+\n/, `\n${'_'.repeat(43)}=\n`)],
    ['a hash of 31 bytes', (body) => body.replace(/\n[^\n]+\n/, `\n${toBase64(new Uint8Array(31))}\n`)],
    ['a hash of 33 bytes', (body) => body.replace(/\n[^\n]+\n/, `\n${toBase64(new Uint8Array(33))}\n`)],
    ['64 hashes', (body) => body.replace('\n', `\n${`${toBase64(rootOfNothing)}\n`.repeat(64)}`)],
    ['a space after a hash', (body) => body.replace('=\n', '= \n')],
    ['carriage returns', (body) => body.replaceAll('\n', '\r\n')],
    ['no empty line', (body) => body.replace('\n\n', '\n')],
    ['no checkpoint', (body) => body.slice(0, body.indexOf('\n\n') + 2)],
    ['no signature', (body) => body.slice(0, body.lastIndexOf('\n\n') + 2)],
    ['no line break at the end', (body) => body.slice(0, -1)],
    ['something after the signatures', (body) => `${body}hello\n`],
    ['a checkpoint without root', (body) => body.replace(/\n20\n[^\n]+\n/, '\n20\n')],
    ['a checkpoint whose size is none', (body) => body.replace('\n20\n', '\n020\n')],
    ['a byte order mark', (body) => `\ufeff${body}`],
    ['bytes that are not UTF-8', (body) => new Uint8Array([...utf8(body), 0xff, 0x0a])],
    ['a null character', (body) => body.replace('\n20\n', '\n20\n\0')],
    ['more than the limit', (body) => `${body}${'x'.repeat(witnessRequestLimit)}\n`],
  ])('refuses %s as no request', async (_what, change) => {
    const state = memoryState()
    await asked(state, witnessRequest(0, [], await headAt(3)))
    const body = witnessRequest(3, pathTo(3, 20), await headAt(20))
    expect(await asked(state, change(body))).toMatchObject({ status: 400, type: text })
    expect(state.heads.get(origin)?.size).toBe(3)
    expect((await asked(state, body)).status).toBe(200)
  })

  test('of 10,000 requests, changed or whole, signs only heads that continue each other, and never fails', async () => {
    const heads = {
      log: await Promise.all(leaves.map((_, i) => headAt(i))),
      fork: await Promise.all(leaves.map((_, i) => headAt(i, 'fork'))),
    }
    const state = memoryState()
    let size = 0
    const seen = { signed: 0, refused: 0 }
    const place = fc.nat({ max: leaves.length - 1 })
    const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
      fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
    const request = fc.record({
      from: fc.oneof(place, fc.constant('known' as const)),
      to: place,
      step: fc.nat({ max: 2 }),
      tree: fc.constantFrom<Tree>('log', 'log', 'log', 'fork'),
      proof: fc.constantFrom<'right' | 'short' | 'swapped' | 'none'>(
        'right',
        'right',
        'short',
        'swapped',
        'none',
      ),
      flip: seldom(fc.record({ at: fc.nat(), bit: fc.nat({ max: 7 }) })),
      cut: seldom(fc.nat()),
    })
    type Made = typeof request extends fc.Arbitrary<infer T> ? T : never
    const one = async ({ from, to, step, tree, proof, flip, cut }: Made) => {
      // Now and then the log begins anew, or the small tree would soon be at its end.
      if (size >= leaves.length - 1) {
        state.heads.clear()
        size = 0
      }
      const oldSize = from === 'known' ? size : from
      const newSize = from === 'known' ? Math.min(size + step, leaves.length - 1) : to
      const right = oldSize <= newSize ? pathTo(oldSize, newSize, tree) : []
      const hashes = { right, short: right.slice(1), swapped: right.toReversed(), none: [] }[proof]
      const whole = utf8(witnessRequest(oldSize, hashes, heads[tree][newSize]!))
      const bytes = cut === null ? whole : whole.slice(0, cut % whole.length)
      if (flip !== null && bytes.length > 0) bytes[flip.at % bytes.length]! ^= 1 << flip.bit
      const answer = await asked(state, bytes)
      if (answer.status !== 200) {
        seen.refused++
        expect(answer.body).not.toContain('—')
        expect(state.heads.get(origin)?.size ?? 0).toBe(size)
        return
      }
      seen.signed++
      const signed = await signedBy(answer, new TextDecoder().decode(bytes))
      expect(signed).toBeGreaterThanOrEqual(size)
      expect(state.heads.get(origin)).toMatchObject({ size: signed })
      // A fork may be followed as long as it has not differed, or where it was there first.
      const { root: kept } = state.heads.get(origin)!
      const roots = [rootOf(trees.log, signed!), rootOf(trees.fork, signed!)]
      const [isLog, isFork] = roots.map((other) => toBase64(other) === toBase64(kept))
      const wasFork = size > 2 && branch === 'fork'
      if (size > 2) expect(wasFork ? isFork : isLog).toBe(true)
      if (signed! > 2) branch = isLog ? 'log' : 'fork'
      size = signed!
    }
    let branch: Tree = 'log'
    await fc.assert(fc.asyncProperty(request, one), { seed: 20261123, numRuns: 10_000, endOnFailure: true })
    expect(seen.signed).toBeGreaterThan(500)
    expect(seen.refused).toBeGreaterThan(1000)
  }, 120_000)
})

describe('a witness in a folder', () => {
  const key = signerOfSeed(new Uint8Array(32).fill(77))
  let made = 0
  const folderOf = () => join(root, `witness${made++}`)
  const ask = async (folder: string, body: string, now = at) =>
    addCheckpoint(utf8(body), {
      logs: [logKey.key],
      signers: [await openWitness(folder)],
      state: witnessFolderState(folder),
      now: () => now,
    })

  test('is made once, with a key that only its owner may read', async () => {
    const folder = folderOf()
    const signer = await createWitness(folder, { name: 'w.example', signer: key })
    expect((await openWitness(folder)).key).toEqual(signer.key)
    expect(statSync(join(folder, 'witness.json')).mode & 0o777).toBe(0o600)
    await expect(createWitness(folder, { name: 'w.example', signer: key })).rejects.toMatchObject({
      code: 'cli.would_overwrite',
    })
    await expect(createWitness(folderOf(), { name: 'a b', signer: key })).rejects.toMatchObject({
      code: 'log.origin_malformed',
    })
    await expect(openWitness(folderOf())).rejects.toMatchObject({ code: 'log.witness_unknown' })
  })

  test.each(['hello', '{}', '{"type":"GradecertWitness","name":"w"}', '[]'])(
    'whose file is %s is none',
    async (content) => {
      const folder = folderOf()
      mkdirSync(folder)
      writeFileSync(join(folder, 'witness.json'), content)
      await expect(openWitness(folder)).rejects.toMatchObject({ code: 'anchor.file_malformed' })
    },
  )

  test('remembers after a restart, and lets one log know nothing of another', async () => {
    const folder = folderOf()
    await createWitness(folder, { name: 'w.example', signer: key })
    expect((await ask(folder, witnessRequest(0, [], await headAt(6)))).status).toBe(200)
    expect(await ask(folder, witnessRequest(0, [], await headAt(6)))).toMatchObject({
      status: 409,
      body: '6\n',
    })
    const state = witnessFolderState(folder)
    expect(await state.read(origin)).toEqual({ size: 6, root: rootOf(trees.log, 6) })
    expect(await state.read('other.example')).toBeNull()
  })

  test('of many requests at once signs one line of heads', async () => {
    const folder = folderOf()
    await createWitness(folder, { name: 'w.example', signer: key })
    await ask(folder, witnessRequest(0, [], await headAt(5)))
    const bodies = await Promise.all(
      Array.from({ length: 24 }, async (_, i) => {
        const to = 6 + (i % 12)
        const tree = i % 2 === 0 ? 'log' : 'fork'
        return witnessRequest(5, pathTo(5, to), await headAt(to, tree))
      }),
    )
    const answers = await Promise.all(bodies.map((body) => ask(folder, body)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.every(({ status }) => [200, 409, 422].includes(status))).toBe(true)
    // Which of the two came first is not said, but from then on there is only that one.
    const last = await witnessFolderState(folder).read(origin)
    const signed = answers.findIndex(({ status }) => status === 200)
    expect(last?.size).toBe(6 + (signed % 12))
  })

  test('signs nothing while what it signed before cannot be read', async () => {
    const folder = folderOf()
    await createWitness(folder, { name: 'w.example', signer: key })
    await ask(folder, witnessRequest(0, [], await headAt(6)))
    const [name = ''] = readdirSync(join(folder, 'heads')).filter((one) => one.endsWith('.json'))
    const path = join(folder, 'heads', name)
    const whole = readFileSync(path, 'utf8')
    for (const content of [
      '',
      '{',
      '{}',
      whole.replace(origin, 'other.example'),
      whole.replace('6', '-6'),
      whole.replace('6', '6.5'),
      whole.replace(/"[0-9a-f]{64}"/, '"00"'),
    ]) {
      writeFileSync(path, content)
      await expect(ask(folder, witnessRequest(0, [], await headAt(7)))).rejects.toMatchObject({
        code: 'anchor.file_malformed',
      })
    }
    rmSync(path)
    mkdirSync(path)
    await expect(ask(folder, witnessRequest(0, [], await headAt(7)))).rejects.toMatchObject({
      code: 'EISDIR',
    })
  })

  test('has kept a head before its signature is made', async () => {
    const state = memoryState()
    const kept: (number | undefined)[] = []
    const signer = {
      key: witness!.key,
      sign() {
        kept.push(state.heads.get(origin)?.size)
        throw new Error('the key is gone')
      },
    }
    const options = { logs: [logKey.key], signers: [signer], state, now: () => at }
    const body = utf8(witnessRequest(0, [], await headAt(9)))
    await expect(addCheckpoint(body, options)).rejects.toThrow('the key is gone')
    expect(kept).toEqual([9])
  })
})
