import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { checkpointText } from '../../src/anchor/checkpoint.ts'
import { noteSigner, signNote } from '../../src/anchor/note-signature.ts'
import { hashLeaf, rootOf, treeReader } from '../../src/anchor/tree.ts'
import { type WitnessOptions, witnessRequest } from '../../src/anchor/witness.ts'
import { createWitness, witnessFolderState } from '../../src/anchor/witness-folder.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { createWitnessApp } from '../../src/server/witness.ts'

const root = mkdtempSync(join(tmpdir(), 'gradecert-witness-http-'))
afterAll(() => rmSync(root, { recursive: true }))

const signer = (byte: number) => signerOfSeed(new Uint8Array(32).fill(byte))
const log = noteSigner('log.example', signer(141))
const read = treeReader(Array.from({ length: 40 }, (_, i) => hashLeaf(utf8(`entry ${i}`))))
const ask = async (old: number, size: number) => {
  const text = checkpointText({ origin: 'log.example', size, root: rootOf(read, size), extensions: [] })
  return witnessRequest(old, [], await signNote(text, [log], 0))
}

let options: WitnessOptions
let made = 0
beforeEach(async () => {
  const folder = join(root, `w${made++}`)
  const witness = await createWitness(folder, { name: 'w.example', signer: signer(142) })
  options = {
    logs: [log.key],
    signers: [witness],
    state: witnessFolderState(folder),
    now: () => 1_770_000_000,
  }
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
