import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import type { CalendarDate } from '../../src/base/instant.ts'
import { type Awarded, readPlan, supervise } from '../../src/batch/supervision.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import { barChart } from '../../src/render/bar-chart.ts'
import { type ReportFormat, reportWriters } from '../../src/render/report-writers.ts'
import type { Report } from '../../src/verify/report.ts'
import { verify } from '../../src/verify/verify.ts'
import {
  at,
  authority,
  certificateOf,
  entryOf,
  judged,
  keyAgency,
  now,
  sceneOf,
  tampered,
  trustListOf,
} from '../verify/scene.ts'

const hostile = 'out/"]]></testcase><script>alert(1)</script>&\u0000\u202e=1+1.json'
const counts = { valid: 1, invalid: 1, undetermined: 1 }
let reports: readonly (readonly [string, Report])[]

beforeAll(async () => {
  const scene = await sceneOf(keyAgency, {
    certificate: { ...certificateOf(keyAgency), holder: { id: 'urn:x:a', name: '王<b>&"\'小明' } },
  })
  reports = [
    ['out/a.json', await judged(scene)],
    [hostile, await judged(scene, { text: tampered(scene, (vc) => Object.assign(vc, { name: 'x' })) })],
    ['out/王 b#?.json', await judged(scene, { items: [] })],
  ]
})

const written = (format: ReportFormat): string => {
  const { head, row, tail } = reportWriters[format]
  return [head(), ...reports.map(([file, report]) => row(file, report)), tail(counts)].join('')
}

/** Every tag closes the one that was opened last: what a parser of XML refuses first. */
function tagsOf(xml: string): readonly string[] {
  const open: string[] = []
  const met: string[] = []
  const body = xml.replace(/^<\?xml[^?]*\?>\n/, '').replace(/^<!doctype html>\n/, '')
  for (const [, slash, name = '', attributes = ''] of body.matchAll(
    /<(\/?)([\w:-]+)((?:\s[\w:-]+="[^"<]*")*)\s*\/?>/g,
  )) {
    if (slash === '/') expect(open.pop()).toBe(name)
    else {
      met.push(name)
      const isVoid = attributes === undefined
      if (!isVoid) open.push(name)
    }
  }
  return met
}

describe('reports for other programs', () => {
  test('as JUnit: a failure for what is invalid, an error for what is open', () => {
    const xml = written('junit')
    const cases = [...xml.matchAll(/<testcase classname="(\w+)" name="([^"]*)"(\/>|>)/g)]
    expect(cases.map(([, verdict, , end]) => [verdict, end])).toEqual([
      ['valid', '/>'],
      ['invalid', '>'],
      ['undetermined', '>'],
    ])
    expect(xml).toContain('<failure type="format.badge_malformed"')
    expect(xml).toContain('<error type="status.status_list_not_at_hand"')
    expect(xml).not.toMatch(/<script|\]\]>|[\0\u202e]/)
    expect(xml.match(/</g)?.length).toBe(xml.match(/>/g)?.length)
    expect(xml.split('<testcase').length).toBe(4)
  })

  test('as SARIF 2.1.0: a rule for every reason, and a result for each that is found', () => {
    const { version, runs } = JSON.parse(written('sarif'))
    expect(version).toBe('2.1.0')
    const [{ tool, results }] = runs
    const ids = tool.driver.rules.map(({ id }: { id: string }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const found = results.slice(0, -1)
    for (const { ruleId, level, kind, locations } of found) {
      expect(ids).toContain(ruleId)
      expect([level, kind]).toEqual(level === 'error' ? ['error', 'fail'] : ['none', 'open'])
      expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/^[\w%.!'()*/-]+$/)
    }
    expect(found.some(({ ruleId }: { ruleId: string }) => ruleId === 'status_list_not_at_hand')).toBe(true)
    expect(results.at(-1)).toMatchObject({
      kind: 'informational',
      message: { text: '1 valid, 1 invalid, 1 undetermined' },
    })
  })

  test('as CSV: a row a file, and no cell that a spreadsheet would run', () => {
    const rows = parse(written('csv').slice(1), { columns: true }) as Record<string, string>[]
    expect(rows.map(({ verdict }) => verdict)).toEqual(['valid', 'invalid', 'undetermined'])
    expect(rows[0]).toMatchObject({
      number: 'PT26-0001-11-3801-1-0000017-G',
      grade: 'junior',
      status_as_of: '2026-05-20T00:00:00Z',
      not_checked: 'anchor policy',
      policy: 'default',
    })
    expect(rows[2]?.reasons).toContain('status.status_list_not_at_hand')
  })

  test('as a page: escaped, and it loads and runs nothing', () => {
    const page = written('html')
    expect(page).toContain("default-src 'none'")
    expect(page).not.toMatch(/<script|<b>|[\0\u202e]/)
    expect(page).toContain('王&lt;b&gt;&amp;&quot;&#39;小明')
    expect(page).toContain('<td class="undetermined">')
  })
})

const award = (change: Partial<Awarded> = {}): Awarded => ({
  agency: keyAgency.controller,
  agencyName: '示例评价机构',
  occupation: '2-02-38-01',
  grade: 'junior',
  region: 'CN-BJ',
  awardedOn: '2026-01-20' as CalendarDate,
  standing: 'live',
  ...change,
})

describe('what a supervisor sees', () => {
  const awards = [
    award(),
    award({ occupation: '2-02-10-09' }),
    award({ grade: 'senior', awardedOn: '2026-03-01' as CalendarDate }),
    award({ standing: 'revoked', reason: 'cheating-grave' }),
    award({
      standing: 'suspended',
      reason: 'under-investigation',
      agency: 'did:web:b.example',
      agencyName: '乙',
    }),
    award({ standing: 'superseded' }),
  ]
  const plan = [
    { year: 2026, count: 10 },
    { year: 2026, count: 3, grade: 'senior' as const },
    { year: 2026, count: 2, region: 'CN', agency: 'did:web:b.example' },
    { year: 2027, count: 1 },
  ]

  test('is counted by agency, occupation, grade and month, whatever the order', async () => {
    const found = await supervise(awards, { plan })
    expect(found).toEqual({
      rows: [
        {
          agency: keyAgency.controller,
          agencyName: '示例评价机构',
          occupation: '2-02-38-01',
          grade: 'junior',
          month: '2026-01',
          awarded: 3,
          revoked: 1,
          suspended: 0,
        },
        {
          agency: keyAgency.controller,
          agencyName: '示例评价机构',
          occupation: '2-02-38-01',
          grade: 'senior',
          month: '2026-03',
          awarded: 1,
          revoked: 0,
          suspended: 0,
        },
        {
          agency: 'did:web:b.example',
          agencyName: '乙',
          occupation: '2-02-38-01',
          grade: 'junior',
          month: '2026-01',
          awarded: 1,
          revoked: 0,
          suspended: 1,
        },
      ],
      awarded: 5,
      revoked: 1,
      suspended: 1,
      reasons: { 'cheating-grave': 1, 'under-investigation': 1 },
      outside: [],
      plan: [
        { ...plan[0], awarded: 5, percent: 50 },
        { ...plan[1], awarded: 1, percent: 33.3 },
        { ...plan[2], awarded: 1, percent: 50 },
        { ...plan[3], awarded: 0, percent: 0 },
      ],
    })
    expect(await supervise(awards.toReversed(), { plan })).toEqual(found)
  })

  test('begins and ends on the days that are asked for', async () => {
    const days = { since: '2026-01-21' as CalendarDate, until: '2026-03-01' as CalendarDate }
    expect((await supervise(awards, days)).awarded).toBe(1)
  })

  test('names what no list of the authority covers', async () => {
    const list = { ...(await trustListOf()), agencies: [await entryOf(keyAgency)] }
    const lists = [
      { list, digest: '', signedAt: at(now), signers: [thumbprint(authority.publicKey)], path: [] },
    ]
    expect((await supervise(awards, { lists })).outside).toEqual([
      { agency: keyAgency.controller, fault: 'grade_out_of_scope', count: 1 },
      { agency: 'did:web:b.example', fault: 'agency_not_listed', count: 1 },
    ])
  })

  test.each([
    ['no JSON', 'plan', /grammar/],
    ['another file', '{}', /type/],
    ['without targets', '{"type":"GradecertPlan","version":1,"year":2026,"targets":[]}', /targets/],
    [
      'with nothing to reach',
      '{"type":"GradecertPlan","version":1,"year":2026,"targets":[{"count":0}]}',
      /count/,
    ],
    [
      'with a word more',
      '{"type":"GradecertPlan","version":1,"year":2026,"targets":[{"count":1,"x":1}]}',
      /targets\/0/,
    ],
  ])('has no plan that is %s', (_what, text, what) => {
    expect(() => readPlan(utf8(text))).toThrow(
      expect.objectContaining({
        code: 'report.plan_malformed',
        detail: { what: expect.stringMatching(what) },
      }),
    )
  })

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

test('a report of what is no certificate is written as well', async () => {
  const report = await verify('{}', { now })
  for (const { row } of Object.values(reportWriters)) expect(row('a.json', report)).not.toContain('undefined')
})
