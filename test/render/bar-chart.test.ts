import { describe, expect, test } from 'vitest'
import type { CalendarDate } from '../../src/base/instant.ts'
import { type Awarded, supervise } from '../../src/batch/supervision.ts'
import { barChart } from '../../src/render/bar-chart.ts'

const award = (change: Partial<Awarded> = {}): Awarded => ({
  agency: 'did:web:a.example',
  agencyName: '示例评价机构',
  occupation: '2-02-38-01',
  grade: 'junior',
  region: 'CN-BJ',
  awardedOn: '2026-01-20' as CalendarDate,
  standing: 'live',
  ...change,
})
const awards = [
  award(),
  award(),
  award(),
  award(),
  award({ grade: 'senior', awardedOn: '2026-03-01' as CalendarDate }),
]

/** Every tag closes the one that was opened last: what a parser of XML refuses first. */
function tagsOf(xml: string): readonly string[] {
  const open: string[] = []
  const met: string[] = []
  for (const [, slash, name = ''] of xml.matchAll(/<(\/?)([\w:-]+)(?:\s[\w:-]+="[^"<]*")*\s*>/g)) {
    if (slash === '/') expect(open.pop()).toBe(name)
    else {
      met.push(name)
      open.push(name)
    }
  }
  expect(open).toEqual([])
  return met
}

describe('a chart', () => {
  test('is drawn: the same bytes for the same counts, every month of the year, and nothing that runs', async () => {
    const { rows } = await supervise(awards)
    const svg = barChart(rows, { year: 2026, count: 10_000 })
    expect(barChart(rows.toReversed(), { year: 2026, count: 10_000 })).toBe(svg)
    expect(svg.match(/2026-\d\d<\/text>/g)).toHaveLength(12)
    expect(svg).toContain('2026 计划 / plan 10000')
    expect(svg).toContain('2026-01 初级 Junior: 4')
    expect(svg).not.toMatch(/<script|href|on\w+=|NaN|Infinity/)
    expect(tagsOf(svg.replace(/<(rect|path|circle)([^>]*)\/>/g, '<$1$2></$1>'))).toContain('pattern')
  })

  test('is drawn without counts, without a plan, and of one month', async () => {
    expect(barChart([])).not.toMatch(/NaN|Infinity/)
    const { rows } = await supervise([award()])
    expect(barChart(rows).match(/2026-01<\/text>/g)).toHaveLength(1)
  })
})
