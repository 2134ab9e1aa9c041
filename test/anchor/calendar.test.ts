import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TimestampAnchor } from '../../src/anchor/anchor.ts'
import { calendarSubmitter } from '../../src/anchor/calendar.ts'
import { followPath } from '../../src/anchor/path.ts'
import type { Receipt, Step } from '../../src/anchor/submitter.ts'
import { attestationsOf, readTimestamp, timestampBytes, treeBytes } from '../../src/anchor/timestamp.ts'
import { type Bytes, fromBase64, fromHex, toHex, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { ExchangeFetch } from '../../src/base/exchange.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'
import {
  calendarStep,
  endless,
  inBlock,
  pendingTree,
  startCalendar,
  type TestCalendar,
  timestampPath,
} from './calendar-server.ts'

const fetch: ExchangeFetch = (url, options) => globalThis.fetch(url, options)
const commitment = sha256(utf8('a commitment'))
const message = followPath(commitment, calendarStep)!
let one: TestCalendar
let two: TestCalendar
beforeEach(async () => {
  one = await startCalendar()
  two = await startCalendar()
})
afterEach(async () => {
  await one.close()
  await two.close()
})

const over = (...calendars: readonly string[]) => calendarSubmitter({ calendars, upgrades: [], fetch })
const attested = (step: Step) => {
  const { ots } = (step as { anchor: TimestampAnchor }).anchor
  return attestationsOf(readTimestamp(ots)!).map(({ attestation }) => attestation)
}
/** A receipt as it comes back from a file. */
const kept = ({ receipt }: Step): Receipt => JSON.parse(JSON.stringify(receipt))

describe('a submission to calendars', () => {
  test('waits for a block, and is final when the calendar names one', async () => {
    const submitter = over(one.url)
    const sent = await submitter.advance(submitter.start(commitment))
    expect(sent).toMatchObject({ is: 'waiting', for: 'calendar' })
    expect(attested(sent)).toEqual([{ is: 'pending', uri: one.url }])
    const early = await submitter.advance(kept(sent))
    expect(early).toMatchObject({ is: 'waiting', for: 'calendar' })
    one.answers.set(timestampPath(message), [200, inBlock([{ op: 'sha256' }], 800_000)])
    const late = await submitter.advance(kept(early))
    expect(late.is).toBe('final')
    expect(attested(late)).toEqual([{ is: 'bitcoin', height: 800_000 }])
    expect(one.asked).toEqual(['POST /digest', timestampPath(message), timestampPath(message)])
  })

  test('asked again after its answer was lost, it does nothing twice that matters', async () => {
    const submitter = over(one.url)
    const started = submitter.start(commitment)
    expect(await submitter.advance(started)).toEqual(await submitter.advance(started))
  })

  test('goes on with as many as answer, and asks the others again until there are enough', async () => {
    two.answers.set('POST /digest', [503, utf8('busy')])
    const submitter = calendarSubmitter({ calendars: [one.url, two.url], upgrades: [], minimum: 2, fetch })
    const first = await submitter.advance(submitter.start(commitment))
    expect(first).toMatchObject({ is: 'waiting', receipt: { state: { answered: [one.url] } } })
    await expect(submitter.advance(kept(first))).rejects.toMatchObject({ code: 'anchor.endpoint_failed' })
    two.answers.delete('POST /digest')
    const second = await submitter.advance(kept(first))
    expect(attested(second)).toEqual([
      { is: 'pending', uri: one.url },
      { is: 'pending', uri: two.url },
    ])
    expect(one.asked).toEqual(['POST /digest'])
  })

  test('where nobody answers, an error says so and the receipt stays good', async () => {
    const gone = 'http://127.0.0.1:1'
    const submitter = over(gone)
    await expect(submitter.advance(submitter.start(commitment))).rejects.toMatchObject({
      code: 'anchor.endpoint_failed',
      detail: { url: `${gone}/digest`, fault: 'unreachable' },
    })
  })

  test.each<[what: string, answer: () => readonly [number, Bytes]]>([
    ['nothing', () => [200, new Uint8Array(0)]],
    [
      'a tree with bytes left over',
      () => [200, new Uint8Array([...treeBytes(pendingTree('https://a.example')), 0])],
    ],
    ['too much', () => [200, new Uint8Array(100_000)]],
    ['a tree that ends nowhere', () => [200, endless()]],
    ['another status', () => [500, utf8('oops')]],
    ['a redirect', () => [302, new Uint8Array(0)]],
  ])('a calendar that answers with %s did not answer', async (_what, answer) => {
    one.answers.set('POST /digest', answer())
    const submitter = over(one.url)
    await expect(submitter.advance(submitter.start(commitment))).rejects.toMatchObject({
      code: 'anchor.endpoint_failed',
    })
  })

  test.each<[what: string, answer: () => Bytes]>([
    ['bytes that are no tree', () => utf8('hello')],
    ['a tree with bytes left over', () => new Uint8Array([...inBlock([], 7), 0])],
    ['nothing', () => new Uint8Array(0)],
  ])('an upgrade of %s changes nothing', async (_what, answer) => {
    const submitter = over(one.url)
    const sent = await submitter.advance(submitter.start(commitment))
    one.answers.set(timestampPath(message), [200, answer()])
    expect(await submitter.advance(kept(sent))).toEqual(sent)
  })

  test('threat 14: an address in a file is never asked unless it is on the list', async () => {
    one.answers.set('POST /digest', [200, treeBytes(pendingTree(two.url))])
    const submitter = over(one.url)
    const sent = await submitter.advance(submitter.start(commitment))
    expect(attested(sent)).toEqual([{ is: 'pending', uri: two.url }])
    expect(await submitter.advance(kept(sent))).toMatchObject({ is: 'waiting' })
    expect(two.asked).toEqual([])
    const trusting = calendarSubmitter({ calendars: [one.url], upgrades: [`${two.url}/`], fetch })
    await trusting.advance(kept(sent))
    expect(two.asked).toEqual([timestampPath(message)])
  })

  test.each([
    ['a digest that is none', { commitment: 'abc', state: {} }],
    ['a list that is none', { state: { answered: 'all' } }],
    ['bytes that are no timestamp', { state: { ots: 'AAAA', answered: ['https://a.example'] } }],
  ])('a receipt with %s is refused', async (_what, change) => {
    const submitter = over(one.url)
    const broken = { ...submitter.start(commitment), ...change } as Receipt
    await expect(submitter.advance(broken)).rejects.toMatchObject({ code: 'anchor.file_malformed' })
  })
})

test.skipIf(!sharedIsHere)(
  'the recorded answer of a public calendar upgrades what was pending then',
  async () => {
    const file = 'anchor/known-answers.json'
    const row = sharedJson(`vectors/${file}`).ots.cases.find(({ pending }: { pending?: object }) => pending)
    const [pending, upgraded] = [row.ots, row.upgraded].map(
      (text: string) => readTimestamp(fromBase64(text)!)!,
    )
    // What the calendar answered is the part of the upgraded file below the message that was pending.
    const steps = attestationsOf(pending!)[0]!.path.length
    let below = upgraded!.tree
    for (let i = 0; i < steps; i++) below = (below[0] as { below: typeof below }).below
    const asked: string[] = []
    const submitter = calendarSubmitter({
      calendars: [row.pending.uri],
      fetch: async (url) => {
        asked.push(url)
        return new Response(treeBytes(below), { status: 200 })
      },
    })
    const step = await submitter.advance({
      kind: 'ots',
      commitment: toHex(pending!.digest),
      state: { ots: row.ots, answered: [row.pending.uri] },
    })
    expect(asked).toEqual([`${row.pending.uri}/timestamp/${row.pending.commitment}`])
    expect(step.is).toBe('final')
    expect((step as { anchor: TimestampAnchor }).anchor.ots).toEqual(timestampBytes(upgraded!))
    expect(fromHex(row.pending.commitment)).toEqual(attestationsOf(pending!)[0]!.message)
    knownAnswers('OpenTimestamps').holds(file, 'alice upgrade')
  },
)
