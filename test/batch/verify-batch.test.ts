import { beforeAll, describe, expect, test } from 'vitest'
import type { ChainId } from '../../src/anchor/anchor.ts'
import { headerHash } from '../../src/anchor/bitcoin-header.ts'
import { type Bytes, concat, utf8 } from '../../src/base/bytes.ts'
import {
  type JudgingWork,
  judgeInThreads,
  type TextToVerify,
  type VerifyBatchOptions,
  verifyBatch,
} from '../../src/batch/verify-batch.ts'
import { evidenceFileText } from '../../src/evidence/evidence.ts'
import type { Report } from '../../src/verify/report.ts'
import { verify } from '../../src/verify/verify.ts'
import {
  bundleFor,
  displayed,
  logAnchorOf,
  memberOf,
  minedPath,
  seconds,
  stateWith,
} from '../anchor/makers.ts'
import { keyAgency, now, type Scene, sceneOf, tampered, webAgency } from '../verify/scene.ts'
import { changes } from '../verify/tamper-table.ts'

let scene: Scene
let options: VerifyBatchOptions
/** Good and bad ones in turn, as bytes and as text: a few blocks. */
let mixed: readonly TextToVerify[]

beforeAll(async () => {
  scene = await sceneOf(keyAgency)
  const web = await sceneOf(webAgency)
  options = { trust: scene.trust, evidence: scene.evidence, now, policy: { match: ['name'] } }
  const altered = changes.flatMap(([, alter]) => [scene.text, tampered(scene, alter)])
  const odd = ['', '{', 'null', '\ud800', scene.text.slice(0, -1), `[${scene.text}]`, 'x'.repeat(1_100_000)]
  const few: readonly TextToVerify[] = [
    ...altered.map((text) => ({ text })),
    ...odd.map((text) => ({ text })),
    { text: scene.text, expected: { name: '王小明' } },
    { text: scene.text, expected: { name: '李四' } },
    // What proves the key of this one comes with it, and with nobody else.
    { text: web.text, evidence: [utf8(evidenceFileText(web.evidence))] },
    {
      text: web.text,
      evidence: [utf8('no evidence')],
      anchors: [utf8('{"type":"AnchorBundle"}'), utf8('{')],
    },
    { text: web.text },
  ]
  const asBytes = few.map((given) =>
    typeof given.text === 'string' ? { ...given, text: viewOf(utf8(given.text)) } : given,
  )
  mixed = [...few, ...asBytes, ...few, ...asBytes]
})

/** A view of bytes in the midst of others. */
const viewOf = (bytes: Bytes): Bytes =>
  concat(utf8('before'), bytes, utf8('after')).subarray(6, 6 + bytes.length)

async function reportsOf(texts: Iterable<TextToVerify>, concurrency?: number): Promise<readonly Report[]> {
  const reports: Report[] = []
  for await (const { report } of verifyBatch(texts, { ...options, concurrency })) reports.push(report)
  return reports
}

describe('the reports on many certificates', () => {
  test('are those of each alone, in the order of the texts, however many threads judge', async () => {
    expect(mixed.length).toBeGreaterThan(3 * 128)
    const alone: Report[] = []
    for (const { text, evidence, expected } of mixed.slice(0, mixed.length / 4)) {
      const items = evidence === undefined ? [] : (await sceneOf(webAgency)).evidence.items
      const brought = evidence?.some(({ length }) => length > 100) ? items : []
      const given = { items: [...scene.evidence.items, ...brought] }
      alone.push(await verify(text, { ...options, evidence: given, expected }))
    }
    const wanted = [...alone, ...alone, ...alone, ...alone]
    expect(new Set(alone.map(({ verdict }) => verdict))).toEqual(
      new Set(['valid', 'invalid', 'undetermined']),
    )
    const byOne = await reportsOf(mixed, 1)
    expect(byOne).toStrictEqual(wanted)
    for (const concurrency of [2, 3, undefined])
      expect(await reportsOf(mixed, concurrency)).toStrictEqual(byOne)
  })

  test('are those of one thread by logs and chains, too, whose state each thread gets', async () => {
    const { commitment } = memberOf(scene.text)
    const chain: ChainId = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328'
    const time = seconds('2026-03-02T10:00:00Z')
    const { anchor, header } = minedPath(commitment, { chain, height: 7, time })
    const checkpoints = [[7, displayed(headerHash(header))]]
    const chains = await stateWith({ [chain]: { family: 'bitcoin', minDepth: 1, checkpoints } })
    const headed = { ...anchor, headers: { height: 7, bytes: header } }
    const bundle = bundleFor(scene.text, [await logAnchorOf(commitment), headed])
    const texts = [
      { text: scene.text, anchors: [utf8(JSON.stringify(bundle))] },
      { text: scene.text },
      { text: tampered(scene, (vc) => ({ ...vc, name: 'x' })), anchors: [utf8(JSON.stringify(bundle))] },
    ]
    const asked = { ...options, chains, policy: { testChains: true, anchors: [chain, 'tlog' as const] } }
    const [one, two] = [[] as Report[], [] as Report[]]
    for await (const { report } of verifyBatch(texts, { ...asked, concurrency: 1 })) one.push(report)
    for await (const { report } of verifyBatch(texts, { ...asked, concurrency: 2 })) two.push(report)
    expect(two).toStrictEqual(one)
    expect(one.map(({ verdict }) => verdict)).toEqual(['valid', 'undetermined', 'invalid'])
    const brought: Report[] = []
    const forAll = { ...asked, anchors: [bundle], concurrency: 2 }
    for await (const { report } of verifyBatch(texts.slice(1, 2), forAll)) brought.push(report)
    expect(brought).toStrictEqual([one[0]])
  })

  test('are with the text as it was handed in, whose bytes are left alone', async () => {
    const given = { text: utf8(scene.text), file: 'a.json' }
    for await (const { given: back, report } of verifyBatch([given], { ...options, concurrency: 2 })) {
      expect(back).toBe(given)
      expect(report).toMatchObject({ digest: expect.any(String) })
    }
    expect(given.text).toEqual(utf8(scene.text))
  })

  test('are none for no texts', async () => {
    expect(await reportsOf([], 2)).toEqual([])
    expect(await reportsOf([])).toEqual([])
  })
})

describe('texts that come one by one', () => {
  const many = (count: number) => Array.from({ length: count }, () => ({ text: scene.text }))

  test.each([1, 2])('are not asked for before there is room, by %i threads', async (concurrency) => {
    let asked = 0
    let ahead = 0
    let done = 0
    function* texts() {
      for (const one of many(2000)) {
        asked++
        yield one
      }
    }
    for await (const _ of verifyBatch(texts(), { ...options, concurrency })) {
      ahead = Math.max(ahead, asked - done)
      done++
    }
    expect(done).toBe(2000)
    expect(ahead).toBeLessThanOrEqual(concurrency === 1 ? 1 : (2 * concurrency + 1) * 128)
  })

  test.each([1, 2])(
    'and fail are told after the reports of those before, by %i threads',
    async (concurrency) => {
      async function* texts() {
        yield* many(300)
        throw new Error('the disk is gone')
      }
      let done = 0
      const run = async () => {
        for await (const _ of verifyBatch(texts(), { ...options, concurrency })) done++
      }
      await expect(run()).rejects.toThrow('the disk is gone')
      expect(done).toBe(300)
    },
  )

  test.each([1, 2])('are let go where nobody wants more reports, by %i threads', async (concurrency) => {
    let isLetGo = false
    function* texts() {
      try {
        yield* many(10_000)
      } finally {
        isLetGo = true
      }
    }
    for await (const _ of verifyBatch(texts(), { ...options, concurrency })) break
    expect(isLetGo).toBe(true)
  })
})

describe('a thread that judges', () => {
  const workOf = (): JudgingWork => ({
    trust: scene.trust,
    evidence: scene.evidence,
    now,
    chains: undefined,
    anchors: [],
  })

  test('and ends before its work is done is an error, and no report is missing in silence', async () => {
    // Of so little memory it dies while it starts.
    const judging = judgeInThreads(workOf(), 2, { maxOldGenerationSizeMb: 4, maxYoungGenerationSizeMb: 1 })
    try {
      const lost = { code: 'batch.judge_lost' }
      const both = [judging.judge([{ text: scene.text }]), judging.judge([{ text: scene.text }])]
      for (const one of both) await expect(one).rejects.toMatchObject(lost)
      await expect(judging.judge([{ text: scene.text }])).rejects.toMatchObject(lost)
    } finally {
      await judging.end()
    }
  })

  test('and cannot do it says why', async () => {
    const judging = judgeInThreads({ ...workOf(), policy: { clockSkew: -1 } }, 1)
    try {
      await expect(judging.judge([{ text: scene.text }])).rejects.toMatchObject({
        code: 'batch.judge_failed',
        detail: { what: expect.stringContaining('clockSkew') },
      })
    } finally {
      await judging.end()
    }
  })

  test('is not started for what the caller did wrong', async () => {
    const asked = { ...options, concurrency: 2, policy: { clockSkew: -1 } }
    await expect(verifyBatch([{ text: scene.text }], asked).next()).rejects.toMatchObject({
      code: 'verify.policy_malformed',
    })
    const bound = { ...options, concurrency: 2, binding: { challenge: '', domain: 'a.example' } }
    await expect(verifyBatch([{ text: scene.text }], bound).next()).rejects.toMatchObject({
      code: 'verify.binding_malformed',
    })
  })
})
