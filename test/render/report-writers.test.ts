import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barChart } from '../../src/render/bar-chart.ts'
import { type AnyReport, type ReportFormat, reportWriters } from '../../src/render/report-writers.ts'
import { reasonCatalogue } from '../../src/verify/reasons.ts'
import { verifyCredential } from '../../src/verify/verify.ts'
import { startChromium } from '../browser/chromium.ts'
import { certificateOf, judged, keyAgency, now, sceneOf, tampered } from '../verify/scene.ts'

const counts = { valid: 1, invalid: 2, undetermined: 3 }

/** Names of files, and words of certificates, that break one form or another. */
const hostile: readonly (readonly [what: string, text: string])[] = [
  ['the end of a CDATA section', 'a]]>b'],
  ['the end of an attribute', `a" onload="alert(1)' x='`],
  ['an element', '</testcase><script>alert(1)</script><b>'],
  ['an entity', '&amp;&#0;&lt;&nope;'],
  ['a comment and an instruction', '<!-- --><?xml version="1.0"?>'],
  ['a document type', '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;'],
  ['controls', 'a\u0000\u0001\u0008\u000b\u001f\u007f\u0085b'],
  ['ends of lines', 'a\r\nb\nc\td'],
  ['marks that turn text', 'a\u202e\u2066gnp\u2069\u200bb'],
  ['half of a character', 'a\ud800b\udc00'],
  ['no character', 'a\ufffe\uffff\u{1ffff}b'],
  ['a formula', '=HYPERLINK("http://x.example","y")'],
  ['a formula after a space', ' \t+1+cmd|calc'],
  ['a formula in full width', '＝1+1'],
  ['quotes and commas', 'a,"b",\'c\''],
  ['a character outside of the first plane', '王𠮷.json'],
  ['a query and a fragment', 'a b?c#d%41:e'],
  ['two slashes at its start', '//host.example/a.json'],
  ['nothing', ''],
]

const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd')

let valid: AnyReport
let invalid: AnyReport
let open: AnyReport
let other: AnyReport
let browser: Browser
let page: Page
let tab: Page
let html = ''
let asked = 0

/** A valid report whose holder and agency have these words as names. */
async function reportNaming(name: string): Promise<AnyReport> {
  const certificate = certificateOf(keyAgency)
  const labels = { 'zh-Hans': `机构${name}` }
  const scene = await sceneOf(keyAgency, { certificate })
  const report = await judged(scene)
  if (report.verdict !== 'valid') throw new Error(report.verdict)
  const found = report.certificate
  return {
    ...report,
    certificate: {
      ...found,
      holder: { ...found.holder, name },
      issuer: { ...found.issuer, labels },
    },
  } as AnyReport
}

beforeAll(async () => {
  const scene = await sceneOf(keyAgency)
  valid = await judged(scene)
  invalid = await judged(scene, { text: tampered(scene, (vc) => Object.assign(vc, { name: 'x' })) })
  open = await judged(scene, { items: [] })
  other = await verifyCredential('{"@context":["https://www.w3.org/ns/credentials/v2"]}', { now })
  browser = await startChromium()
  page = await browser.newPage()
  tab = await browser.newPage()
  await tab.route('**/*', (route) => {
    asked++
    return asked === 1 ? route.fulfill({ contentType: 'text/html', body: html }) : route.abort()
  })
}, 120_000)
afterAll(() => browser?.close())

const written = (format: ReportFormat, rows: readonly (readonly [file: string, report: AnyReport])[]) => {
  const { head, row, tail } = reportWriters[format]
  return [head(), ...rows.map(([file, report]) => row(file, report)), tail(counts)].join('')
}

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** Of an element without elements in it. */
  readonly text: string
  readonly inside: readonly Element[]
}

/** What a parser of XML, Chromium's, makes of a text; a text that is not well formed is an error. */
async function xml(text: string): Promise<Element> {
  const found = await page.evaluate((source) => {
    interface Node {
      tagName: string
      attributes: ArrayLike<{ name: string; value: string }>
      children: ArrayLike<Node>
      textContent: string
    }
    const { DOMParser: Parser } = globalThis as unknown as {
      DOMParser: new () => {
        parseFromString(
          text: string,
          type: string,
        ): {
          documentElement: Node
          querySelector(name: string): Node | null
        }
      }
    }
    const document = new Parser().parseFromString(source, 'application/xml')
    const fault = document.querySelector('parsererror')
    if (fault !== null) return { fault: fault.textContent }
    const read = (node: Node): unknown => ({
      name: node.tagName,
      attributes: Object.fromEntries(Array.from(node.attributes, ({ name, value }) => [name, value])),
      text: node.children.length > 0 ? '' : node.textContent,
      inside: Array.from(node.children, read),
    })
    return { root: read(document.documentElement) }
  }, text)
  if ('fault' in found) throw new Error(String(found.fault))
  return found.root as Element
}

const namesIn = ({ name, inside }: Element): readonly string[] => [name, ...inside.flatMap(namesIn)]

describe('as JUnit', () => {
  const casesOf = async (text: string) => {
    const root = await xml(text)
    expect([root.name, root.inside.map(({ name }) => name)]).toEqual(['testsuites', ['testsuite']])
    return root.inside[0]?.inside ?? []
  }

  test('one file is one case: nothing in it, failures, or errors', async () => {
    const cases = await casesOf(
      written('junit', [
        ['a', valid],
        ['b', invalid],
        ['c', open],
      ]),
    )
    expect(cases.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['testcase', { classname: 'valid', name: 'a' }],
      ['testcase', { classname: 'invalid', name: 'b' }],
      ['testcase', { classname: 'undetermined', name: 'c' }],
    ])
    expect(cases.map(({ inside }) => inside.map(({ name, attributes }) => [name, attributes.type]))).toEqual([
      [],
      [
        ['failure', 'format.badge_malformed'],
        ['failure', 'proof.signature_mismatch'],
      ],
      [['error', 'status.status_list_not_at_hand']],
    ])
    const [fault] = cases[1]?.inside ?? []
    expect(fault?.text.startsWith(`${fault.attributes.message} `)).toBe(true)
    expect(fault?.text).toMatch(/[一-龥]/)
  })

  test('no file at all is a suite without cases', async () => {
    expect(await casesOf(written('junit', []))).toEqual([])
  })

  test.each(hostile)('%s in a name of a file stays in that name', async (_what, file) => {
    const cases = await casesOf(
      written('junit', [
        [file, valid],
        [file, invalid],
        ['end', open],
      ]),
    )
    expect(cases.map((one) => namesIn(one))).toEqual([
      ['testcase'],
      ['testcase', 'failure', 'failure'],
      ['testcase', 'error'],
    ])
    const name = cases[0]?.attributes.name ?? ''
    expect(name).not.toMatch(/[\0\u202e\u2066\u200b\ufffe]/)
    // What can be shown is shown: escapes stand for what hides, and ends of lines are spaces in an attribute.
    const plain = file.replace(/(?![\t\n\r\u007f\u0085])[\p{Cc}\p{Cs}]|[\ufffe\uffff]/gu, '\ufffd')
    const shown = plain
      .replace(
        /[\u007f-\u009f\u200b\u202e\u2066\u2069]/g,
        (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`,
      )
      .replace(/\r\n|[\r\n\t]/g, ' ')
    expect(name.replace(/\ufffd+/g, '\ufffd')).toBe(shown.replace(/\ufffd+/g, '\ufffd'))
  })

  test.each(hostile)('%s in what a check found stays in the words of that check', async (_what, detail) => {
    const { status } = open.checks
    const found = { ...open, checks: { ...open.checks, status: { ...status, detail } } } as AnyReport
    const [one] = await casesOf(
      written('junit', [
        ['a', found],
        ['b', valid],
      ]),
    )
    expect(one === undefined ? [] : namesIn(one)).toEqual(['testcase', 'error'])
    const [fault] = one?.inside ?? []
    if (/^[\x20-\x7e]+$/.test(detail)) expect(fault?.text).toContain(detail)
    expect(fault?.text).toMatch(/the list .* is not at hand/s)
  })

  test('whatever a file is called, the text is well formed', async () => {
    const files = fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { numRuns: 300, seed: 20260120 })
    const cases = await casesOf(
      written(
        'junit',
        files.map((file) => [file, open] as const),
      ),
    )
    expect(cases).toHaveLength(300)
    expect(new Set(cases.map(({ inside }) => inside.length))).toEqual(new Set([1]))
  })
})

describe('as SARIF 2.1.0', () => {
  interface Result {
    readonly ruleId?: string
    readonly kind: string
    readonly level: string
    readonly message: { readonly text: string }
    readonly locations?: readonly { physicalLocation: { artifactLocation: { uri: string } } }[]
    readonly partialFingerprints?: Readonly<Record<string, string>>
    readonly properties?: { readonly verdict: string; readonly check: string }
  }
  interface Rule {
    readonly id: string
    readonly shortDescription: { readonly text: string }
    readonly fullDescription: { readonly text: string }
    readonly help: { readonly text: string }
  }
  interface Log {
    readonly $schema: string
    readonly version: string
    readonly runs: readonly [
      {
        readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly Rule[] } }
        readonly columnKind: string
        readonly results: readonly Result[]
      },
    ]
  }
  const log = (...rows: (readonly [string, AnyReport])[]): Log => JSON.parse(written('sarif', rows))

  test('a log has a version, one run, and the members that the standard asks for', () => {
    const found = log(['a', valid])
    expect(Object.keys(found)).toEqual(['$schema', 'version', 'runs'])
    expect([found.version, found.runs.length]).toEqual(['2.1.0', 1])
    const [{ tool, columnKind }] = found.runs
    expect([tool.driver.name, columnKind]).toEqual(['gradecert', 'utf16CodeUnits'])
  })

  test('every reason is a rule once, with words in both languages', () => {
    const { rules } = log().runs[0].tool.driver
    expect(rules.map(({ id }) => id).sort()).toEqual(Object.keys(reasonCatalogue).sort())
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
    for (const { shortDescription, fullDescription, help } of rules) {
      expect(
        [shortDescription.text, fullDescription.text, help.text].every((text) => typeof text === 'string'),
      ).toBe(true)
      expect(shortDescription.text).not.toBe('')
      expect(fullDescription.text).toMatch(/[一-龥]/)
    }
  })

  test('what is valid has no result, and the last one counts', () => {
    expect(log(['a', valid]).runs[0].results).toEqual([
      { kind: 'informational', level: 'none', message: { text: '1 valid, 2 invalid, 3 undetermined' } },
    ])
  })

  test('a result says rule, kind, place and what the certificate was judged to be', () => {
    const [first, , third] = log(['b.json', invalid], ['c.json', open]).runs[0].results
    expect(first).toEqual({
      ruleId: 'badge_malformed',
      level: 'error',
      kind: 'fail',
      message: { text: expect.stringMatching(/^\S.*[一-龥]/) },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'b.json' } } }],
      partialFingerprints: { textDigest: invalid.digest },
      properties: { verdict: 'invalid', check: 'format' },
    })
    expect(third).toMatchObject({
      ruleId: 'status_list_not_at_hand',
      kind: 'open',
      properties: { verdict: 'undetermined', check: 'status' },
    })
  })

  test('only what fails has a level (section 3.27.10)', () => {
    for (const { kind, level } of log(['a', invalid], ['b', open], ['c', other]).runs[0].results) {
      expect(level).toBe(kind === 'fail' ? 'error' : 'none')
    }
  })

  test.each(hostile)('%s in a name of a file is encoded in its uri', (_what, file) => {
    const [result] = log([file, open]).runs[0].results
    const uri = result?.locations?.[0]?.physicalLocation.artifactLocation.uri ?? ''
    expect(uri).toMatch(/^(?:[\w.!~*'()/-]|%[0-9A-F]{2})*$/)
    // A relative reference: neither a scheme nor a host can be read out of it.
    expect(new URL(uri, 'https://here.example/').host).toBe('here.example')
    expect(decodeURIComponent(uri)).toBe(wellFormed(file).replace(/^\/+/, '/'))
  })

  test('whatever files are called, the log is JSON', () => {
    const file = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('/', '\ud800', ':', '"') }),
    )
    fc.assert(
      fc.property(file, (name) => log([name, open]).runs[0].results.length === 2),
      { seed: 20260120, numRuns: 100 },
    )
  })
})

describe('as CSV', () => {
  const rowsOf = (text: string) => parse(text.slice(1), { columns: true }) as Record<string, string>[]

  test('has a mark for Excel, lines that end as RFC 4180 says, and the same columns in each', () => {
    const text = written('csv', [
      ['a', valid],
      ['b', invalid],
      ['c', open],
      ['d', other],
    ])
    expect(text.startsWith('\ufefffile,verdict,')).toBe(true)
    expect(text.endsWith('\r\n')).toBe(true)
    expect(rowsOf(text)).toHaveLength(4)
  })

  test('a row is what the report says', () => {
    const [row] = rowsOf(written('csv', [['out/a.json', valid]]))
    expect(row).toEqual({
      file: 'out/a.json',
      verdict: 'valid',
      number: 'PT26-0001-11-3801-1-0000017-G',
      name: '王小明',
      occupation: '2-02-38-01',
      grade: 'junior',
      awarded_on: '2026-03-01',
      agency: '示例评价机构',
      status_as_of: '2026-05-20T00:00:00Z',
      existed_by: '',
      reasons: '',
      reason_en: '',
      reason_zh: '',
      not_checked: 'anchor policy',
      policy: 'default',
      checked_at: now,
      sha256: valid.digest,
    })
  })

  test.each(hostile)('%s comes back as it was, and runs nothing', async (_what, text) => {
    const [row] = rowsOf(written('csv', [[text, await reportNaming(text)]]))
    for (const found of [row?.file, row?.name]) {
      expect(wellFormed(found ?? '').replace(/^'/, '')).toBe(wellFormed(text).replace(/^'/, ''))
      expect(found).not.toMatch(/^[\s\0]*[=+\-@＝＋－＠]/)
    }
  })
})

describe('as a page', () => {
  /** What Chromium makes of it: elements, words of cells, and whether anything ran or was asked for. */
  async function opened(text: string) {
    html = text
    asked = 0
    await tab.goto('https://page.example/')
    const found = await tab.evaluate(() => {
      interface Node {
        tagName: string
        textContent: string
        getAttributeNames(): string[]
      }
      const { document } = globalThis as unknown as {
        document: { querySelectorAll(query: string): Iterable<Node> }
      }
      const all = [...document.querySelectorAll('*')]
      return {
        elements: [...new Set(all.map(({ tagName }) => tagName.toLowerCase()))].sort(),
        attributes: [...new Set(all.flatMap((node) => node.getAttributeNames()))].sort(),
        cells: [...document.querySelectorAll('tbody > tr > *')].map(({ textContent }) => textContent),
        policies: [...document.querySelectorAll('meta[http-equiv]')].length,
      }
    })
    return { ...found, asked }
  }

  test('is a table of known elements under a policy that lets nothing run', async () => {
    const text = written('html', [
      ['a', valid],
      ['b', invalid],
      ['c', open],
      ['d', other],
    ])
    const { elements, attributes, cells, asked: requests, policies } = await opened(text)
    expect(elements).toEqual(
      'body br caption code h1 head html meta p small span strong style table tbody td th thead title tr'.split(
        ' ',
      ),
    )
    expect(attributes).toEqual('charset class content http-equiv lang name scope'.split(' '))
    expect([cells.length, requests, policies]).toEqual([20, 1, 1])
    expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`)
    expect(text).toContain('有效 1，无效 2，无法判定 3')
  })

  test('what an invalid or undetermined certificate says is called a claim', async () => {
    const { cells } = await opened(
      written('html', [
        ['a', valid],
        ['c', open],
      ]),
    )
    expect([cells[2], cells[7]]).toEqual([
      expect.not.stringContaining('claims'),
      expect.stringMatching(/^声称 \/ claims: .*王小明/),
    ])
  })

  test('hostile names of files and people are words in cells and nothing else', async () => {
    const rows = await Promise.all(hostile.map(async ([, name]) => [name, await reportNaming(name)] as const))
    const text = written('html', rows)
    const { elements, attributes, cells, asked: requests } = await opened(text)
    expect(elements).not.toContain('script')
    expect(elements).not.toContain('b')
    expect(attributes).toEqual('charset class content http-equiv lang name scope'.split(' '))
    expect([cells.length, requests]).toEqual([hostile.length * 5, 1])
    expect(cells[5]).toBe(hostile[1]?.[1])
    expect(cells[10]).toBe(hostile[2]?.[1])
    expect(text).not.toMatch(/[\0\u202e\u2066\u200b]/)
  }, 60_000)
})

describe('a chart', () => {
  const row = (month: string, awarded: number, grade: 'junior' | 'intermediate' | 'senior' = 'junior') => ({
    agency: keyAgency.controller,
    agencyName: '甲',
    occupation: '2-02-38-01',
    grade,
    month,
    awarded,
    revoked: 0,
    suspended: 0,
  })
  const rows = [
    row('2025-11', 3),
    row('2026-01', 4),
    row('2026-01', 2, 'senior'),
    row('2026-03', 1, 'intermediate'),
  ]
  /** Bars only: the legend and the ground have no title in them. */
  const barsOf = (root: Element) =>
    root.inside.filter(({ name, inside }) => name === 'rect' && inside.length > 0)

  test('is well-formed SVG that names nothing outside of itself', async () => {
    const root = await xml(barChart(rows, { year: 2026, count: 120 }))
    expect(new Set(namesIn(root))).toEqual(
      new Set(['svg', 'title', 'desc', 'defs', 'pattern', 'rect', 'path', 'circle', 'text']),
    )
    const attributes = (one: Element): readonly string[] => [
      ...Object.keys(one.attributes),
      ...one.inside.flatMap(attributes),
    ]
    expect(attributes(root).filter((name) => /^on|href|src|style/.test(name))).toEqual([])
  })

  test('has every month with its total, and bars as high as their counts', async () => {
    const root = await xml(barChart(rows))
    expect(root.inside.find(({ name }) => name === 'desc')?.text).toBe(
      '10 certificates; 2025-11: 3, 2025-12: 0, 2026-01: 6, 2026-02: 0, 2026-03: 1',
    )
    const bars = barsOf(root)
    expect(bars.map(({ inside }) => inside[0]?.text)).toEqual([
      '2025-11 初级 Junior: 3',
      '2026-01 初级 Junior: 4',
      '2026-01 高级 Senior: 2',
      '2026-03 中级 Intermediate: 1',
    ])
    const heights = bars.map(({ attributes }) => Number(attributes.height))
    const unit = (heights[3] as number) / 1
    expect(heights.map((height) => Math.round(height / unit))).toEqual([3, 4, 2, 1])
    // The second bar of a month stands on the first.
    const [lower, upper] = [bars[1]?.attributes, bars[2]?.attributes]
    expect(Number(upper?.y) + Number(upper?.height)).toBeCloseTo(Number(lower?.y), 1)
  })

  test('shows the latest ten years, the planned one among them, and says what was before', async () => {
    const root = await xml(barChart([row('2010-05', 7), row('2026-01', 1)], { year: 2026, count: 12 }))
    const texts = root.inside.filter(({ name }) => name === 'text').map(({ text }) => text)
    const months = texts.filter((text) => /^\d{4}-\d\d$/.test(text))
    expect([months.length, months[0], months.at(-1)]).toEqual([120, '2017-01', '2026-12'])
    expect(texts).toContain('2017-01 以前 / before: 7')
    expect(root.inside.find(({ name }) => name === 'desc')?.text).toMatch(/^1 certificates; .*; earlier: 7$/)
    expect(barChart(rows)).not.toMatch(/before|earlier/)
  })

  test('is the same bytes whatever the order, and adds up', async () => {
    const any = fc.array(
      fc.tuple(
        fc.constantFrom('2025-12', '2026-01', '2026-02', '2026-12'),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.constantFrom('junior' as const, 'intermediate' as const, 'senior' as const),
      ),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(any, (list) => {
        const given = list.map(([month, awarded, grade]) => row(month, awarded, grade))
        const svg = barChart(given, { year: 2026, count: 5 })
        expect(barChart(given.toReversed(), { year: 2026, count: 5 })).toBe(svg)
        expect(svg).toContain(`>${list.reduce((sum, [, awarded]) => sum + awarded, 0)} certificates; `)
        expect(svg).not.toMatch(/NaN|Infinity|-\d+(\.\d+)?" (fill|stroke|width)/)
      }),
      { seed: 20260120, numRuns: 100 },
    )
  })

  test('escapes what it is given, whatever that is', async () => {
    const root = await xml(barChart([row('2026-"<', 1)]))
    expect(root.name).toBe('svg')
  })
})
