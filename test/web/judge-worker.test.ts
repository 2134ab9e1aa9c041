import { openAsBlob } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { evidenceFileText } from '../../src/evidence/evidence.ts'
import { trustFileText } from '../../src/trust/trust.ts'
import { judgeFiles } from '../../src/web/judge-worker.ts'
import type { NamedFile, WorkerMessage } from '../../src/web/messages.ts'
import { now, type Scene, sceneOf } from '../verify/scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await sceneOf()
})

const file = (path: string, content: string | Uint8Array, from: NamedFile['from'] = 'folder'): NamedFile => ({
  path,
  blob: new Blob([typeof content === 'string' ? content : new Uint8Array(content)]),
  from,
})

/** What some workers say together. */
async function saidBy(files: readonly NamedFile[], of = 1): Promise<readonly WorkerMessage[]> {
  const given = { trust: [trustFileText(scene.trust)], evidence: [evidenceFileText(scene.evidence)] }
  const said: WorkerMessage[] = []
  for (let index = 0; index < of; index++)
    await judgeFiles(
      { run: 1, given, files, now, part: { index, of } },
      (one) => said.push(one),
      () => true,
    )
  return said
}
const verdicts = (said: readonly WorkerMessage[]) =>
  said.flatMap((one) => (one.kind === 'judged' ? [[one.path, one.report.verdict]] : []))
const left = (said: readonly WorkerMessage[]) =>
  said.flatMap((one) => (one.kind === 'left_alone' ? [[one.path, one.why]] : []))

describe('lines of a file', () => {
  test('are each judged once by however many workers, as the command line reads them', async () => {
    const lines = `${scene.text}\r\n\r\n{"type":"Cake"}\n${scene.text}`
    const said = await saidBy(
      [file('all.jsonl', lines), file('in.zip', zipSync({ 'a.jsonl': utf8(lines) }))],
      3,
    )
    expect(verdicts(said).toSorted()).toEqual([
      ['all.jsonl:1', 'valid'],
      ['all.jsonl:3', 'invalid'],
      ['all.jsonl:4', 'valid'],
      ['in.zip/a.jsonl:1', 'valid'],
      ['in.zip/a.jsonl:3', 'invalid'],
      ['in.zip/a.jsonl:4', 'valid'],
    ])
    expect(left(said)).toEqual([])
  })

  test('that are none are told once', async () => {
    const damaged = zipSync({ 'a.jsonl': utf8(scene.text) }, { level: 0 })
    damaged[60] = 0
    const said = await saidBy([file('paper.jsonl', '%PDF-1.7 nothing'), file('in.zip', damaged)], 3)
    expect(verdicts(said)).toEqual([['paper.jsonl:1', 'invalid']])
    expect(left(said)).toEqual([['in.zip/a.jsonl', 'damaged']])
  })
})

describe('a file from a stranger', () => {
  test('that is larger than a certificate is not expanded', async () => {
    const zip = zipSync({
      'huge.json': new Uint8Array(300_000_000),
      'huge.jsonl': new Uint8Array(40_000_000),
      'noise.bin': crypto.getRandomValues(new Uint8Array(65_536)),
      'more.bin': new Uint8Array(400_000).map((_, i) => (i * i * 31) >> 3),
      'a.json': utf8(scene.text),
    })
    const started = performance.now()
    const said = await saidBy([file('in.zip', zip)])
    expect(performance.now() - started).toBeLessThan(2000)
    expect(left(said).filter(([, why]) => why === 'too_large')).toEqual([
      ['in.zip/huge.json', 'too_large'],
      ['in.zip/huge.jsonl', 'too_large'],
    ])
    expect(verdicts(said)).toEqual([['in.zip/a.json', 'valid']])
  })

  test('full of evidence is taken in bounds', async () => {
    const entries = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`${i}.evidence.json`, utf8(evidenceFileText({ items: [] }))]),
    )
    const said = await saidBy([file('in.zip', zipSync({ ...entries, 'a.json': utf8(scene.text) }))])
    expect(left(said).filter(([, why]) => why === 'evidence_taken')).toHaveLength(256)
    expect(left(said).filter(([, why]) => why === 'too_much_evidence')).toHaveLength(44)
    expect(verdicts(said)).toEqual([['in.zip/a.json', 'valid']])
  })

  test('that is gone by the time it is read does not keep the others from being judged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gradecert-gone-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const path = join(folder, 'gone.json')
    await writeFile(path, scene.text)
    const gone = await openAsBlob(path)
    await writeFile(path, `${scene.text} `)
    for (const from of ['choice', 'folder'] as const) {
      const said = await saidBy([{ path: 'gone.json', blob: gone, from }, file('a.json', scene.text)])
      expect(verdicts(said)).toEqual([['a.json', 'valid']])
      expect(left(said)).toEqual([['gone.json', 'not_readable']])
    }
  })
})

test('papers that are read ahead stay within bounds, however many there are', async () => {
  let [held, most] = [0, 0]
  const size = 30_000_000
  /** A file of which it is known when it is read, and when it was judged. */
  const paper = (path: string): NamedFile => {
    const blob = new Blob([new Uint8Array(size)])
    const whole = async () => {
      most = Math.max(most, ++held)
      return new ArrayBuffer(size)
    }
    return { path, blob: Object.assign(blob, { arrayBuffer: whole }), from: 'folder' }
  }
  const given = { trust: [], evidence: [] }
  await judgeFiles(
    {
      run: 1,
      given,
      files: Array.from({ length: 12 }, (_, i) => paper(`${i}.pdf`)),
      now,
      part: { index: 0, of: 1 },
    },
    ({ kind }) => {
      if (kind === 'judged' || kind === 'left_alone') held--
    },
    () => true,
  )
  expect(most).toBeLessThanOrEqual(3)
})
