import { expect, test } from 'vitest'
import { measure, summary, tableOf } from '../../bench/measure.ts'

test('the ratio is the median of the ratios of each visit, whatever the machine did between visits', () => {
  const slices = [
    { rate: 50, floor: 100 },
    { rate: 5, floor: 10 },
    { rate: 60, floor: 100 },
    { rate: 900, floor: 1000 },
    { rate: 4, floor: 10 },
  ]
  expect(summary('issue', slices)).toEqual({
    id: 'issue',
    median: 50,
    floor: 100,
    ratio: 0.5,
    spread: [0.5, 0.6],
  })
})

test('every row is visited with turns that count up, and its answer is awaited where it comes later', async () => {
  const turns: number[] = []
  let open = 0
  const later = async (turn: number) => {
    expect(open++).toBe(0)
    await Promise.resolve()
    open--
    turns.push(turn)
  }
  const rows = [
    { id: 'later', unit: later, floor: 'verify' },
    { id: 'at once', unit: () => undefined, floor: 'sign' },
  ] as const
  const measured = await measure(rows, { rounds: 2, row: 1, floor: 1 })
  expect(measured.map(({ id }) => id)).toEqual(['later', 'at once'])
  expect(turns.slice(0, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  // Once to warm up and once a round.
  expect(turns.filter((turn) => turn === 0)).toHaveLength(3)
})

test('a row that throws ends the run instead of being counted', async () => {
  const rows = [{ id: 'broken', unit: () => Promise.reject(new Error('refused')), floor: 'sign' }] as const
  await expect(measure(rows, { rounds: 1, row: 1, floor: 1 })).rejects.toThrow('refused')
})

test('the table names the machine and gives ratios as shares of the floor', () => {
  const rows = [
    { id: 'a', median: 19_876.4, floor: 30_000, ratio: 0.6625, spread: [0.65, 0.7] },
    { id: 'long/name', median: 750, floor: 30_000, ratio: 0.02512, spread: [0.0249, 0.028] },
  ] as const
  expect(tableOf(rows, { cpu: 'CPU', cores: 2, node: 'v24', openssl: '3' })).toBe(
    [
      'CPU, 2 cores, Node v24, OpenSSL 3',
      '           a second     floor   ratio   quartiles',
      'a             19876     30000     66%     65%–70%',
      'long/name       750     30000    2.5%   2.5%–2.8%',
    ].join('\n'),
  )
})
