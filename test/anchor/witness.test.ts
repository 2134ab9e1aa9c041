import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkpointText } from '../../src/anchor/checkpoint.ts'
import { isBy, readNote, readSignatureLine } from '../../src/anchor/note.ts'
import {
  type NoteSigner,
  noteSigner,
  signNote,
  verifyNoteSignature,
} from '../../src/anchor/note-signature.ts'
import { consistencyPath, hashLeaf, rootOf, treeReader } from '../../src/anchor/tree.ts'
import { addCheckpoint, type WitnessOptions, witnessRequest } from '../../src/anchor/witness.ts'
import { createWitness, openWitness, witnessFolderState } from '../../src/anchor/witness-folder.ts'
import { type Bytes, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { createWitnessApp } from '../../src/server/witness.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'gradecert-witness-'))
})
afterAll(() => rmSync(root, { recursive: true }))

const origin = 'log.example'
const signer = (byte: number) => signerOfSeed(new Uint8Array(32).fill(byte))
const log = noteSigner(origin, signer(141))
const leaves = Array.from({ length: 40 }, (_, i) => hashLeaf(utf8(`entry ${i}`)))
const read = treeReader(leaves)
const forked = treeReader([hashLeaf(utf8('forked')), ...leaves.slice(1)])
const headOf = (size: number, { by = log, tree = read, name = origin } = {}) =>
  signNote(checkpointText({ origin: name, size, root: rootOf(tree, size), extensions: [] }), [by], 0)
const proof = (old: number, size: number) => consistencyPath(read, old, size)
const ask = async (old: number, size: number, options: object = {}) =>
  witnessRequest(old, proof(Math.min(old, size), size), await headOf(size, options))

let folder: string
let witness: NoteSigner
let options: WitnessOptions
let made = 0
beforeEach(async () => {
  folder = join(root, `w${made++}`)
  witness = await createWitness(folder, { name: 'w.example', signer: signer(142) })
  options = {
    logs: [log.key],
    signers: [witness],
    state: witnessFolderState(folder),
    now: () => 1_770_000_000,
  }
})
const answer = async (body: string | Bytes) =>
  addCheckpoint(typeof body === 'string' ? utf8(body) : body, options)
const statusOf = async (body: string | Bytes) => (await answer(body)).status

describe('a witness', () => {
  test('signs a head that it never saw before, with the time', async () => {
    const { status, type, body } = await answer(await ask(0, 10))
    expect([status, type]).toEqual([200, 'text/plain; charset=utf-8'])
    const signature = readSignatureLine(body.trimEnd())!
    expect(isBy(signature, witness.key)).toBe(true)
    const { text } = readNote(await headOf(10))!
    expect(await verifyNoteSignature(text, signature, witness.key)).toEqual({ is: 'good', at: 1_770_000_000 })
  })

  test('signs what continues that, and says how far it is where it is asked from elsewhere', async () => {
    await answer(await ask(0, 10))
    expect(await answer(await ask(0, 20))).toEqual({ status: 409, type: 'text/x.tlog.size', body: '10\n' })
    expect(await statusOf(await ask(10, 20))).toBe(200)
    expect(await statusOf(await ask(20, 20))).toBe(200)
    expect(await answer(await ask(10, 20))).toEqual({ status: 409, type: 'text/x.tlog.size', body: '20\n' })
  })

  test('never signs a fork or a way back', async () => {
    await answer(await ask(0, 10))
    const fork = witnessRequest(10, consistencyPath(forked, 10, 20), await headOf(20, { tree: forked }))
    expect(await statusOf(fork)).toBe(422)
    expect(await statusOf(witnessRequest(10, [], await headOf(10, { tree: forked })))).toBe(409)
    expect(await statusOf(witnessRequest(5, proof(5, 8), await headOf(8)))).toBe(409)
    expect(await statusOf(witnessRequest(0, [], await headOf(9, { tree: forked })))).toBe(409)
    expect(await options.state.read(origin)).toEqual({ size: 10, root: rootOf(read, 10) })
  })

  test('answers with the codes of the standard', async () => {
    const stranger = noteSigner(origin, signer(143))
    const elsewhere = noteSigner('other.example', signer(144))
    expect(await statusOf(await ask(0, 10, { by: elsewhere, name: 'other.example' }))).toBe(404)
    expect(await statusOf(await ask(0, 10, { by: stranger }))).toBe(403)
    const spoilt = (await ask(0, 10)).replace(/(— log\S+ \S{30})./, (_, kept) => `${kept}A`)
    expect([400, 403]).toContain(await statusOf(spoilt.replace('AA', 'BA')))
    expect(await statusOf(witnessRequest(11, [], await headOf(10)))).toBe(400)
    expect(await statusOf(witnessRequest(0, [sha256(utf8('x'))], await headOf(10)))).toBe(422)
    expect(await statusOf(await ask(0, 10))).toBe(200)
    expect(await statusOf(witnessRequest(10, proof(10, 20).slice(1), await headOf(20)))).toBe(422)
  })

  test.skipIf(!sharedIsHere)(
    'gives the nine answers of litewitness to nine requests of that kind',
    async () => {
      const file = 'anchor/known-answers.json'
      const { codes } = sharedJson(`vectors/${file}`).litewitness
      const stranger = noteSigner(origin, signer(143))
      const head = await headOf(10)
      const unsigned = head.replace(/(— \S+ )(\S{8})(\S{4})/, '$1$2BBBB')
      const requests = [
        await ask(0, 5),
        await ask(5, 10, { by: stranger }),
        witnessRequest(5, proof(5, 10), unsigned),
        witnessRequest(5, proof(5, 10).slice(1), head),
        witnessRequest(5, [...proof(5, 10), sha256(utf8('x'))], head),
        witnessRequest(5, proof(5, 10), head),
        witnessRequest(5, proof(5, 10), head),
        witnessRequest(10, [], head),
        witnessRequest(0, [], await headOf(7)),
      ]
      const found: number[] = []
      for (const request of requests) found.push(await statusOf(request))
      expect(found).toEqual(codes)
      knownAnswers('C2SP transparency logs').holds(file, 'litewitness codes')
    },
  )

  test.each<[what: string, alter: (body: string) => string]>([
    ['nothing', () => ''],
    ['no old size', (body) => body.replace('old 0\n', '')],
    ['an old size with a zero before it', (body) => body.replace('old 0', 'old 00')],
    ['an old size in hex', (body) => body.replace('old 0', 'old 0x0')],
    ['a hash of another length', (body) => body.replace('old 0\n', 'old 0\nAAAA\n')],
    ['64 hashes', (body) => body.replace('old 0\n', `old 0\n${`${'A'.repeat(43)}=\n`.repeat(64)}`)],
    ['no empty line', (body) => body.replace('\n\n', '\n')],
    ['no checkpoint', (body) => body.slice(0, body.indexOf('\n\n') + 2)],
    ['a note that is no checkpoint', (body) => body.replace('\n10\n', '\nten\n')],
    ['more than 64 KiB', (body) => body + ' '.repeat(65_536)],
  ])('refuses a request with %s', async (_what, alter) => {
    expect(await statusOf(alter(await ask(0, 10)))).toBe(400)
  })

  test('whatever comes, it answers, and signs nothing that does not continue', async () => {
    await answer(await ask(0, 10))
    const good = utf8(await ask(10, 20))
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length * 8 - 1), fc.uint8Array({ maxLength: 60 }), async (bit, junk) => {
        const changed = good.slice()
        changed[Math.floor(bit / 8)]! ^= 1 << (bit % 8)
        for (const body of [changed, new Uint8Array(junk)]) expect((await answer(body)).status).not.toBe(200)
      }),
      { seed: 20261123, numRuns: 5000 },
    )
    expect(await options.state.read(origin)).toMatchObject({ size: 10 })
    expect(await statusOf(good)).toBe(200)
  })

  test('asked for several heads at once, it signs such that each continues the last', async () => {
    const requests = await Promise.all(Array.from({ length: 30 }, (_, i) => ask(0, i + 1)))
    const statuses = await Promise.all(requests.map(statusOf))
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  })

  test('keeps what it signed before the signature leaves, and says nothing where it cannot be read', async () => {
    const order: string[] = []
    const watched: WitnessOptions = {
      ...options,
      state: {
        ...options.state,
        keep: async (name, head) => {
          await options.state.keep(name, head)
          order.push('kept')
        },
      },
      signers: [
        {
          key: witness.key,
          sign(text, at) {
            order.push('signed')
            return witness.sign(text, at)
          },
        },
      ],
    }
    await addCheckpoint(utf8(await ask(0, 10)), watched)
    expect(order).toEqual(['kept', 'signed'])
    const [file = ''] = readdirSync(join(folder, 'heads')).filter((name) => name.endsWith('.json'))
    expect(statSync(join(folder, 'heads', file)).mode & 0o777).toBe(0o600)
    writeFileSync(join(folder, 'heads', file), '{"size":0}')
    await expect(answer(await ask(0, 10))).rejects.toMatchObject({ code: 'anchor.file_malformed' })
  })

  test('is made once, and opened with the key that it has', async () => {
    expect((await openWitness(folder)).key).toEqual(witness.key)
    expect(statSync(join(folder, 'witness.json')).mode & 0o777).toBe(0o600)
    const again = createWitness(folder, { name: 'w.example', signer: signer(142) })
    await expect(again).rejects.toMatchObject({ code: 'cli.would_overwrite' })
    const spaced = createWitness(join(root, 'x'), { name: 'w w', signer: signer(142) })
    await expect(spaced).rejects.toMatchObject({ code: 'log.origin_malformed' })
    await expect(openWitness(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'log.witness_unknown' })
    expect(readFileSync(join(folder, 'witness.json'), 'utf8')).toContain('GradecertWitness')
  })
})

describe('a witness over HTTP', () => {
  const send = async (request: Request) => {
    const lines: string[] = []
    const app = createWitnessApp({ ...options, log: (line) => lines.push(line) })
    const response = await app.fetch(request)
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
      lines,
    }
  }
  const url = 'https://w.example/prefix/add-checkpoint'

  test('answers one route', async () => {
    const good = await send(new Request(url, { method: 'POST', body: await ask(0, 10) }))
    expect([good.status, good.lines]).toEqual([200, ['{"method":"POST","status":200}']])
    const conflict = await send(new Request(url, { method: 'POST', body: await ask(0, 20) }))
    expect([conflict.status, conflict.type, conflict.text]).toEqual([409, 'text/x.tlog.size', '10\n'])
    expect((await send(new Request(url))).status).toBe(405)
    expect((await send(new Request('https://w.example/', { method: 'POST' }))).status).toBe(404)
    expect((await send(new Request(url, { method: 'POST', body: ' '.repeat(70_000) }))).status).toBe(413)
  })

  test('says nothing but 500 where its state cannot be read', async () => {
    const state = { ...options.state, read: () => Promise.reject(new Error('a path of the machine')) }
    const app = createWitnessApp({ ...options, state })
    const response = await app.fetch(new Request(url, { method: 'POST', body: await ask(0, 10) }))
    expect([response.status, await response.text()]).toEqual([500, 'try again later\n'])
  })
})
