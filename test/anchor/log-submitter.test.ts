import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { checkpointText } from '../../src/anchor/checkpoint.ts'
import { cosigner } from '../../src/anchor/cosigner.ts'
import {
  appendEntries,
  createLog,
  type LogFolder,
  publishHead,
  readHead,
  readPublished,
} from '../../src/anchor/log-folder.ts'
import { type LogPolicy, readLogPolicy } from '../../src/anchor/log-policy.ts'
import { judgeLogProof } from '../../src/anchor/log-proof.ts'
import { logSubmitter, type WitnessRound, witnessHead } from '../../src/anchor/log-submitter.ts'
import { noteKeyText } from '../../src/anchor/note.ts'
import { type NoteSigner, signNote } from '../../src/anchor/note-signature.ts'
import { hashLeaf } from '../../src/anchor/tree.ts'
import type { WitnessOptions } from '../../src/anchor/witness.ts'
import { witnessFolderState } from '../../src/anchor/witness-folder.ts'
import { type Bytes, toHex, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { ExchangeFetch } from '../../src/base/exchange.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { listen } from '../../src/server/node.ts'
import { createWitnessApp } from '../../src/server/witness.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'gradecert-submit-'))
})
afterAll(() => rmSync(root, { recursive: true }))

const seeded = (byte: number) => signerOfSeed(new Uint8Array(32).fill(byte))
const entry = (i: number): Bytes => sha256(utf8(`commitment ${i}`))
const fetch: ExchangeFetch = (url, options) => globalThis.fetch(url, options)
const cosigners = [1, 2, 3].map((i) => cosigner(`w${i}.example`, seeded(140 + i)))
let made = 0

interface Served {
  readonly url: string
  readonly folder: string
  readonly stop: () => Promise<void>
}

/** A witness over loopback, at a clock of its own. */
async function served(
  log: LogFolder,
  signer: NoteSigner,
  { now = 1_772_442_000, folder = join(root, `witness${made++}`) } = {},
): Promise<Served> {
  const options: WitnessOptions = {
    logs: [log.signer.key],
    signers: [signer],
    state: witnessFolderState(folder),
    now: () => now,
  }
  const { url, stop } = await listen(createWitnessApp(options), { host: '127.0.0.1', port: 0 })
  onTestFinished(stop)
  return { url, folder, stop }
}

/** A log with three witnesses of whom two are enough. */
async function logOfThree() {
  const log = await createLog(join(root, `log${made++}`), { origin: 'log.example', signer: seeded(131) })
  const witnesses = await Promise.all(
    cosigners.map((signer, i) => served(log, signer, { now: 1_772_442_000 + i })),
  )
  return { log, witnesses, policy: policyOf(log), urls: witnesses.map(({ url }) => url) }
}

const policyOf = (log: LogFolder): LogPolicy =>
  readLogPolicy(
    [
      `log ${noteKeyText(log.signer.key)}`,
      ...cosigners.map(({ key }, i) => `witness w${i + 1} ${noteKeyText(key)}`),
      'group two 2 w1 w2 w3',
      'quorum two',
      '',
    ].join('\n'),
  )

/** Notes which witness failed and why. */
function roundOf(policy: LogPolicy, witnesses: readonly string[], more: Partial<WitnessRound> = {}) {
  const failed: string[] = []
  const round: WitnessRound = {
    policy,
    witnesses,
    fetch,
    failed: (url, why) => failed.push(`${witnesses.indexOf(url)} ${why}`),
    ...more,
  }
  return { round, failed }
}

/** Answers of one witness are made up, the others are real. */
const instead =
  (url: string, answer: (body: string, signal: AbortSignal) => Response | Promise<Response>): ExchangeFetch =>
  (to, options) =>
    to.startsWith(url) ? Promise.resolve(answer(String(options.body), options.signal)) : fetch(to, options)

describe('a commitment', () => {
  test('is appended, witnessed, and proven offline', async () => {
    const { log, policy, urls } = await logOfThree()
    const submitter = logSubmitter({ log, policy, witnesses: urls, fetch })
    const started = submitter.start(entry(1))
    expect(started).toEqual({ kind: 'tlog', commitment: toHex(entry(1)), state: {} })
    const appended = await submitter.advance(started)
    expect(appended).toEqual({ is: 'working', receipt: { ...started, state: { index: 0 } } })
    const step = await submitter.advance(appended.receipt)
    if (step.is !== 'final' || step.anchor.kind !== 'tlog') throw new Error('not final')
    expect(await judgeLogProof(step.anchor.proof, hashLeaf(entry(1)), policy)).toMatchObject({
      ok: true,
      index: 0,
      existedBy: 1_772_442_001,
      witnesses: ['w1', 'w2'],
    })
    expect(await judgeLogProof(step.anchor.proof, hashLeaf(entry(2)), policy)).toEqual({
      ok: false,
      reason: 'not_included',
    })
  })

  test('whose answers were lost at any step is there once, and keeps the time that it had', async () => {
    const { log, policy, urls } = await logOfThree()
    const submitter = logSubmitter({ log, policy, witnesses: urls, fetch })
    const started = submitter.start(entry(1))
    const first = await submitter.advance(started)
    expect(await submitter.advance(started)).toEqual(first)
    const done = await submitter.advance(first.receipt)
    await appendEntries(log, [entry(2)])
    const silent = logSubmitter({ log, policy, witnesses: [], fetch })
    expect(await silent.advance(first.receipt)).toEqual(done)
    expect((await readHead(log)).checkpoint.size).toBe(2)
  })

  test('with a receipt of another log is appended to this one', async () => {
    const { log, policy, urls } = await logOfThree()
    const submitter = logSubmitter({ log, policy, witnesses: urls, fetch })
    const receipt = { ...submitter.start(entry(1)), state: { index: 7_000 } }
    expect(await submitter.advance(receipt)).toMatchObject({
      is: 'working',
      receipt: { state: { index: 0 } },
    })
    for (const commitment of ['', 'ab', 'x'.repeat(64)]) {
      await expect(submitter.advance({ ...receipt, commitment })).rejects.toMatchObject({
        code: 'anchor.receipt_malformed',
      })
    }
  })

  test('waits for witnesses, and goes on when they are back', async () => {
    const { log, policy, urls, witnesses } = await logOfThree()
    await Promise.all(witnesses.slice(1).map(({ stop }) => stop()))
    const submitter = logSubmitter({ log, policy, witnesses: urls, fetch })
    const { receipt } = await submitter.advance(submitter.start(entry(1)))
    expect(await submitter.advance(receipt)).toEqual({ is: 'waiting', receipt, for: 'witnesses' })
    expect(await readPublished(log)).toBeNull()
    const back = await served(log, cosigners[1]!, { folder: witnesses[1]!.folder })
    const again = logSubmitter({ log, policy, witnesses: [urls[0]!, back.url], fetch })
    expect(await again.advance(receipt)).toMatchObject({ is: 'final' })
  })
})

describe('a round of witnesses', () => {
  test('asks a witness again from the size that it names, wherever that is', async () => {
    const { log, policy, urls } = await logOfThree()
    const sizes = [3, 5, 4]
    for (const [i, size] of [3, 4, 5].entries()) {
      await appendEntries(
        log,
        Array.from({ length: size }, (_, k) => entry(k)),
      )
      const only = urls.filter((_, w) => sizes[w] === size)
      await witnessHead(log, roundOf(policy, only).round)
      expect(await readPublished(log), `round ${i}`).toBeNull()
    }
    await appendEntries(
      log,
      Array.from({ length: 300 }, (_, k) => entry(k)),
    )
    const { round, failed } = roundOf(policy, urls)
    expect(await witnessHead(log, round)).toMatchObject({ isEnough: true, size: 300 })
    expect(failed).toEqual([])
    const fresh = await served(log, cosigners[0]!)
    expect(await witnessHead(log, roundOf(policy, [fresh.url, urls[1]!]).round)).toMatchObject({
      isEnough: true,
    })
  })

  test('goes on without one that never answers', async () => {
    const { log, policy, urls } = await logOfThree()
    await appendEntries(log, [entry(1)])
    const { round, failed } = roundOf(policy, urls, {
      fetch: instead(
        urls[1]!,
        (_, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason))
          }),
      ),
    })
    expect(await witnessHead(log, round)).toMatchObject({ isEnough: true })
    expect(failed).toEqual(['1 too_late'])
  })

  test.each<[what: string, answer: (body: string) => Response | Promise<Response>, why: string]>([
    ['says no', () => new Response('no', { status: 403 }), 'status 403'],
    ['sends too much', () => new Response('x'.repeat(70_000)), 'too_large'],
    ['breaks off', () => Promise.reject(new TypeError('gone')), 'unreachable'],
    ['sends nothing', () => new Response(''), 'no signature of a known witness'],
    ['sends no lines', () => new Response(new Uint8Array([0xff, 0xfe])), 'no signature of a known witness'],
    ['has seen more', () => new Response('9\n', { status: 409 }), 'it has seen 9 entries'],
    ['names no size', () => new Response('many\n', { status: 409 }), 'status 409'],
    [
      'has signed another head',
      () => new Response('4\n', { status: 409 }),
      'it has signed another head of this size',
    ],
    [
      'changes its size each time',
      (body) => new Response(`${(Number(body.slice(4, 5)) + 1) % 5}\n`, { status: 409 }),
      'its size changes with every answer',
    ],
    [
      'signs something else',
      async () => {
        const text = checkpointText({ origin: 'log.example', size: 4, root: entry(9), extensions: [] })
        return new Response((await signNote(text, [cosigners[0]!], 5)).slice(text.length + 1))
      },
      'no signature of a known witness',
    ],
    [
      'is nobody whom the policy knows',
      async (body) => {
        const text = `${body.split('\n\n')[1]}\n`
        return new Response((await signNote(text, [cosigner('w9', seeded(9))], 5)).slice(text.length + 1))
      },
      'no signature of a known witness',
    ],
  ])('goes on without one that %s', async (_what, answer, why) => {
    const { log, policy, urls } = await logOfThree()
    await appendEntries(log, [0, 1, 2, 3].map(entry))
    const { round, failed } = roundOf(policy, urls, { fetch: instead(urls[0]!, answer) })
    const { isEnough, checkpoint } = await witnessHead(log, round)
    expect(isEnough).toBe(true)
    expect(failed).toEqual([`0 ${why}`])
    expect(checkpoint.match(/^— /gm)).toHaveLength(3)
    expect((await readPublished(log))?.note).toBe(checkpoint)
  })

  test('takes one line of each witness, however many it sends', async () => {
    const { log, policy, urls } = await logOfThree()
    await appendEntries(log, [entry(1)])
    const many = async (body: string) => {
      const text = `${body.split('\n\n')[1]}\n`
      const lines = await Promise.all(
        Array.from({ length: 200 }, async (_, i) =>
          (await signNote(text, [cosigners[0]!], 1_772_442_000 + i)).slice(text.length + 1),
        ),
      )
      return new Response(lines.join(''))
    }
    const { round } = roundOf(policy, urls, { fetch: instead(urls[0]!, many) })
    const { isEnough, checkpoint } = await witnessHead(log, round)
    expect(isEnough).toBe(true)
    expect(checkpoint.match(/^— /gm)).toHaveLength(4)
  })

  test('reaches nobody at an address that is neither https nor this machine', async () => {
    const { log, policy } = await logOfThree()
    await appendEntries(log, [entry(1)])
    const { round, failed } = roundOf(policy, ['http://witness.example', 'file:///etc/passwd', 'hello'])
    expect(await witnessHead(log, round)).toMatchObject({ isEnough: false })
    expect(failed).toEqual(['0 url_refused', '1 url_refused', '2 url_refused'])
  })

  test('never shows a head for which too few have signed', async () => {
    const { log, policy, urls } = await logOfThree()
    await appendEntries(log, [entry(1)])
    await witnessHead(log, roundOf(policy, urls).round)
    const shown = await readPublished(log)
    await appendEntries(log, [entry(2)])
    expect(await witnessHead(log, roundOf(policy, urls.slice(0, 1)).round)).toMatchObject({
      isEnough: false,
      size: 2,
    })
    expect(await readPublished(log)).toEqual(shown)
    const stopped = new AbortController()
    stopped.abort()
    const { round } = roundOf(policy, urls, { signal: stopped.signal })
    expect(await witnessHead(log, round)).toMatchObject({ isEnough: false })
  })

  test('is refused once the log was put back to where it was before', async () => {
    const { log, policy, urls } = await logOfThree()
    await appendEntries(log, [0, 1, 2].map(entry))
    const { note } = await readHead(log)
    await witnessHead(log, roundOf(policy, urls).round)
    const twin = await createLog(join(root, `log${made++}`), { origin: 'log.example', signer: seeded(131) })
    await appendEntries(twin, [0, 1].map(entry))
    const behind = roundOf(policy, urls)
    expect(await witnessHead(twin, behind.round)).toMatchObject({ isEnough: false })
    expect(behind.failed.toSorted()).toEqual([0, 1, 2].map((i) => `${i} it has seen 3 entries`))
    await appendEntries(twin, [7, 8].map(entry))
    const forked = roundOf(policy, urls)
    expect(await witnessHead(twin, forked.round)).toMatchObject({ isEnough: false })
    expect(forked.failed.toSorted()).toEqual([0, 1, 2].map((i) => `${i} status 422`))
    await expect(publishHead(twin, note)).rejects.toMatchObject({ code: 'log.head_refused' })
    expect(readFileSync(join(log.folder, 'public/checkpoint'), 'utf8').startsWith(note)).toBe(true)
  })
})
