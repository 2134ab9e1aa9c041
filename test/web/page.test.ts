import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import axeCore from 'axe-core'
import { zipSync } from 'fflate'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { evidenceFileText } from '../../src/evidence/evidence.ts'
import { findingWords } from '../../src/render/finding.ts'
import { reportWriters } from '../../src/render/report-writers.ts'
import { trustFileText } from '../../src/trust/trust.ts'
import { verify } from '../../src/verify/verify.ts'
import { builtPage, pageWith } from '../../src/web/page-file.ts'
import { startChromium } from '../browser/chromium.ts'
import { allLists, formNames, formOf, trustInAll } from '../verify/forms.ts'
import {
  certificateOf,
  day,
  keyAgency,
  now,
  put,
  type Scene,
  sceneOf,
  signTrustList,
  statusIndex,
  statusListOf,
  stranger,
  tampered,
  trustListOf,
  trustOf,
  webAgency,
} from '../verify/scene.ts'
import { changes } from '../verify/tamper-table.ts'
import { buildPage, expectQuiet, type OpenOptions, openFile, settled } from './opened.ts'

let browser: Browser
let folder: string
let scene: Scene
/** The page with the scene's trust list and evidence inside, and the same without. */
let page: string
let emptyPage: string

const given = ({ trust, evidence }: Pick<Scene, 'trust' | 'evidence'>) => ({
  trust: [trustFileText(trust)],
  evidence: [evidenceFileText(evidence)],
})
const written = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const fileOf = (name: string, text: string | Uint8Array) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(text),
})
const open = (path = page, options: OpenOptions = {}) => openFile(browser, path, { clock: now, ...options })

beforeAll(async () => {
  buildPage()
  browser = await startChromium()
  folder = mkdtempSync(join(tmpdir(), 'gradecert-page-'))
  scene = await sceneOf()
  const empty = await builtPage()
  emptyPage = written('empty.html', empty)
  page = written('page.html', pageWith(empty, given(scene)))
}, 120_000)
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the file', () => {
  test('takes less than 300 kB on its way through a network, and lets nothing be loaded or asked for', () => {
    const html = readFileSync(emptyPage)
    expect(gzipSync(html, { level: 9 }).length).toBeLessThan(300_000)
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html.toString()) ?? []
    expect(policy?.replace(/sha256-[^']*/g, 'sha256')).toBe(
      "default-src 'none'; script-src 'sha256'; style-src 'sha256'; img-src blob: data:; worker-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'",
    )
  })

  test('keeps what it is given apart from its program, whatever stands in it', async () => {
    const hostile = '</script><script>document.title = "taken"</script><!--'
    const html = pageWith(await builtPage(), { trust: [], evidence: [], policy: hostile })
    const opened = await open(written('hostile.html', html))
    expect(await opened.page.title()).toBe('Verify a grade certificate')
    expectQuiet(opened)
    await opened.context.close()
  })
})

/** What somebody finds who has never heard of credentials. */
const people = {
  good: async () => scene.text,
  altered: async () => tampered(scene, put('credentialSubject.achievement.grade.code', 'senior')),
  expired: async () =>
    (
      await sceneOf(keyAgency, {
        certificate: { ...certificateOf(keyAgency), validUntil: day('2026-05-01') },
      })
    ).text,
  unrecognised: async () =>
    (
      await sceneOf(stranger, {
        certificate: {
          ...certificateOf(stranger),
          issuer: { ...certificateOf(stranger).issuer, id: stranger.controller },
        },
      })
    ).text,
} as const

describe.each([
  ['en-GB', 'en'],
  ['zh-CN', 'zh'],
] as const)('in %s a person is told', (locale, language) => {
  const headline = (id: keyof typeof findingWords) => findingWords[id].headline[language]
  const told = async (path: string, text: string) => {
    const opened = await open(path, { language: locale })
    await opened.page.setInputFiles('#files', fileOf('certificate.json', text))
    await settled(opened.page)
    const found = {
      headline: await opened.page.textContent('#finding'),
      says: await opened.page.locator('.says').count(),
      claims: await opened.page.locator('.claims').count(),
    }
    expectQuiet(opened)
    await opened.context.close()
    return found
  }
  const pageOf = (name: string, change: Partial<Scene>) =>
    builtPage().then((empty) => written(name, pageWith(empty, given({ ...scene, ...change }))))
  const trusted = { says: 1, claims: 0 }
  const onlyClaimed = { says: 0, claims: 1 }

  test('a good certificate', async () => {
    expect(await told(page, await people.good())).toEqual({ headline: headline('good'), ...trusted })
  })
  test('a tampered one', async () => {
    const found = await told(page, await people.altered())
    expect([headline('altered'), headline('no_certificate')]).toContain(found.headline)
    expect(found.says).toBe(0)
    const signature = await told(page, tampered(scene, put('proof.created', '2026-03-02T01:02:04Z')))
    expect(signature).toEqual({ headline: headline('altered'), ...onlyClaimed })
  })
  test('an expired one', async () => {
    expect(await told(page, await people.expired())).toEqual({
      headline: headline('expired'),
      ...onlyClaimed,
    })
  })
  test.each(['revocation', 'suspension'] as const)('one whose list says %s', async (purpose) => {
    const lists = await Promise.all(
      (['revocation', 'suspension'] as const).map((one) =>
        statusListOf(keyAgency, one, one === purpose ? { set: [statusIndex] } : {}),
      ),
    )
    const path = await pageOf(`${purpose}.html`, { evidence: { items: lists } })
    const id = purpose === 'revocation' ? 'revoked' : 'suspended'
    expect(await told(path, scene.text)).toEqual({ headline: headline(id), ...onlyClaimed })
  })
  test('one whose agency nobody recognises', async () => {
    expect((await told(page, await people.unrecognised())).headline).toBe(headline('unrecognised'))
  })
  test('one that nobody has named an authority for, and one without its lists', async () => {
    expect(await told(emptyPage, scene.text)).toEqual({
      headline: headline('nobody_trusted'),
      ...onlyClaimed,
    })
    const path = await pageOf('no-lists.html', { evidence: { items: [] } })
    expect(await told(path, scene.text)).toEqual({ headline: headline('status_unknown'), ...onlyClaimed })
  })
  test('one under a list that is a trial', async () => {
    const trial = trustOf(await signTrustList({ ...(await trustListOf()), trial: true }))
    const path = await pageOf('trial.html', { trust: trial })
    expect(await told(path, scene.text)).toEqual({ headline: headline('good_on_trial'), ...trusted })
  })
  test('something that is no certificate', async () => {
    expect((await told(page, '{"type":"Cake"}')).headline).toBe(headline('no_certificate'))
  })
})

test('the whole tamper table and every form come out as they do in Node', async () => {
  const texts = [
    scene.text,
    ...changes.map(([, alter]) => tampered(scene, alter)),
    ...(await Promise.all(formNames.map(async (name) => (await formOf(name)).text))),
    (await sceneOf(webAgency)).text,
    '{"a":1,"a":2}',
    'eyJhbGciOiJub25lIn0.e30.',
    '',
  ]
  const trust = await trustInAll()
  const evidence = { items: [...scene.evidence.items, ...(await allLists())] }
  const path = written('all.html', pageWith(await builtPage(), given({ trust, evidence })))
  const opened = await open(path)
  const names = texts.map((_, i) => `${String(i).padStart(3, '0')}.json`)
  await opened.page.setInputFiles(
    '#files',
    texts.map((text, i) => fileOf(names[i] as string, text)),
  )
  await settled(opened.page)
  const saved = opened.page.waitForEvent('download')
  await opened.page.click('#csv')
  const csv = readFileSync(await (await saved).path(), 'utf8')
  const { csv: writer } = reportWriters
  const reports = await Promise.all(texts.map((text) => verify(text, { trust, evidence, now })))
  expect(new Set(reports.map(({ verdict }) => verdict))).toEqual(
    new Set(['valid', 'invalid', 'undetermined']),
  )
  const expected = reports.map((report, i) => writer.row(names[i] as string, report))
  expect(csv).toBe(`${writer.head()}${expected.join('')}`)
  expectQuiet(opened)
  await opened.context.close()
})

describe('what a stranger wrote', () => {
  test('is text: markup stays what it is, and what hides or turns text is shown', async () => {
    const name = '<img src=x onerror=alert(1)>\u202egnaw\u200b'
    const text = tampered(scene, put('credentialSubject.achievement.name', name))
    const opened = await open()
    await opened.page.setInputFiles('#files', fileOf(`${name}.json`, text))
    await settled(opened.page)
    expect(await opened.page.locator('img').count()).toBe(0)
    const footer = await opened.page.innerText('article footer')
    expect(footer).toContain('<img src=x onerror=alert(1)>[U+202E]gnaw[U+200B].json')
    expectQuiet(opened)
    await opened.context.close()
  })

  test('does not pass for another name: a Cyrillic letter among Latin ones, a radical among characters', async () => {
    const certificate = {
      ...certificateOf(keyAgency),
      holder: { id: 'urn:uuid:99999999-2222-4333-8444-555555555555', name: 'W\u0430ng \u2f29明' },
    }
    const opened = await open()
    await opened.page.setInputFiles(
      '#files',
      fileOf('a.json', (await sceneOf(keyAgency, { certificate })).text),
    )
    await settled(opened.page)
    expect(await opened.page.textContent('#finding')).toBe('Genuine and in force')
    expect(await opened.page.innerText('.says dd >> nth=0')).toBe('W\u0430[U+0430]ng \u2f29[U+2F29]明')
    await opened.context.close()
  })

  test('names nobody to trust: a trust file in a folder or zip is left out, one that was chosen is asked about', async () => {
    const own = trustFileText(scene.trust)
    const opened = await open(emptyPage)
    const zip = zipSync({ 'trust.json': utf8(own), 'a.json': utf8(scene.text) })
    await opened.page.setInputFiles('#files', fileOf('all.zip', zip))
    await settled(opened.page)
    expect(await opened.page.textContent('#finding')).toBe(findingWords.nobody_trusted.headline.en)
    expect(await opened.page.innerText('.left-alone')).toContain('1 files were left alone')

    await opened.page.setInputFiles('#files', [fileOf('trust.json', own), fileOf('a.json', scene.text)])
    await settled(opened.page)
    expect(await opened.page.textContent('#finding')).toBe(findingWords.nobody_trusted.headline.en)
    await opened.page.click('.ask .yes')
    await opened.page.waitForFunction(() =>
      document.querySelector('#finding')?.textContent?.startsWith('Whether'),
    )
    await opened.page.setInputFiles('#evidence', fileOf('evidence.json', evidenceFileText(scene.evidence)))
    await opened.page.waitForFunction(
      () => document.querySelector('#finding')?.textContent === 'Genuine and in force',
    )
    expectQuiet(opened)
    await opened.context.close()
  })
})

describe('many certificates', () => {
  test('come as a table that can be sorted, filtered, searched, opened and compared with a roster', async () => {
    const others = await Promise.all(
      ['李雷', '韩梅梅'].map((name, i) =>
        sceneOf(keyAgency, {
          certificate: {
            ...certificateOf(keyAgency),
            id: `urn:uuid:11111111-2222-4333-8444-55555555556${i}`,
            number: `PT26-0001-11-3801-1-000002${i}-X`,
            holder: { id: `urn:uuid:99999999-2222-4333-8444-55555555557${i}`, name },
          },
        }),
      ),
    )
    const opened = await open()
    const { page: view } = opened
    const bad = tampered(scene, put('proof.created', '2026-03-02T01:02:04Z'))
    const entries = { 'a.json': utf8(scene.text), 'b/c.json': utf8(others[0]!.text), 'd.json': utf8(bad) }
    await view.setInputFiles('#files', [
      fileOf('some.zip', zipSync(entries)),
      fileOf('more.jsonl', `${others[1]!.text}\n\n${others[1]!.text}\n`),
    ])
    await settled(view)
    expect(await view.innerText('.progress')).toBe('5 checked: 4 good, 1 not good, 0 undecided.')
    const names = () => view.locator('.results tbody td:nth-child(2)').allInnerTexts()
    const files = () => view.locator('.results tbody td:nth-child(8)').allInnerTexts()
    expect(await files()).toEqual([
      'some.zip/a.json',
      'some.zip/b/c.json',
      'some.zip/d.json',
      'more.jsonl:1',
      'more.jsonl:3',
    ])
    await view.getByRole('button', { name: 'Sort by Name' }).click()
    expect(await names()).toEqual(['韩梅梅', '韩梅梅', '李雷', '王小明', '王小明'])
    expect(await view.locator('th[aria-sort=ascending]').innerText()).toBe('Name ▲')
    await view.selectOption('#show', 'invalid')
    expect(await files()).toEqual(['some.zip/d.json'])
    expect(await view.locator('.results td.claimed').count()).toBe(5)
    await view.selectOption('#show', 'all')
    await view.fill('#search', '李')
    expect(await names()).toEqual(['李雷'])
    await view.fill('#search', '')
    await view.setInputFiles('#roster', fileOf('roster.csv', '姓名,证书编号\n王小明,\n李雷,\n赵六,\n'))
    await view.waitForSelector('.persons')
    expect(
      await view
        .locator('.persons tbody tr')
        .evaluateAll((rows) =>
          rows.map((row) => [row.children[0]?.textContent, row.children[1]?.textContent]),
        ),
    ).toEqual([
      ['王小明', 'good'],
      ['李雷', 'good'],
      ['赵六', 'no certificate'],
    ])
    await view.getByRole('button', { name: /Details of 李雷/ }).click()
    expect(await view.textContent('#finding')).toBe('Genuine and in force')
    expect(await view.evaluate(() => document.activeElement?.id)).toBe('finding')
    await view.click('#back')
    expect(await names()).toHaveLength(5)
    expectQuiet(opened)
    await opened.context.close()
  })

  test('five thousand are judged beside the page, which goes on answering', async () => {
    const opened = await open()
    const text = `${scene.text}\n`.repeat(5000)
    await opened.page.setInputFiles('#files', fileOf('many.jsonl', text))
    await opened.page.waitForFunction(() =>
      /Checking [1-9]/.test(document.querySelector('.progress')?.textContent ?? ''),
    )
    await opened.page.getByRole('button', { name: '中文' }).click()
    expect(await opened.page.textContent('h1')).toBe('核验专业技术等级证书')
    await settled(opened.page)
    expect(await opened.page.innerText('.progress')).toMatch(
      /^共核验 5000 份：有效 5000，无效 0，无法判定 0。/,
    )
    expect(await opened.page.locator('.results tbody tr').count()).toBe(200)
    expectQuiet(opened)
    await opened.context.close()
  })
})

describe('everybody can use it', () => {
  const axe = axeCore.source
  interface Axe {
    run(): Promise<{
      readonly violations: readonly {
        readonly id: string
        readonly nodes: readonly { readonly html: string }[]
      }[]
    }>
  }
  test.each([
    ['light, English', {}],
    ['dark, Chinese', { dark: true, language: 'zh-CN' }],
    ['on a phone', { width: 360 }],
  ] as const)('axe-core finds nothing: %s', async (_what, options) => {
    const opened = await open(page, options)
    const { page: view } = opened
    const faults = async () => {
      await view.evaluate(axe)
      const { violations } = await view.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run())
      return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
    }
    expect(await faults()).toEqual([])
    await view.setInputFiles('#files', fileOf('a.json', scene.text))
    await settled(view)
    expect(await faults()).toEqual([])
    const bad = tampered(scene, put('proof.created', '2026-03-02T01:02:04Z'))
    await view.setInputFiles('#files', [
      fileOf('a.json', scene.text),
      fileOf('b.json', bad),
      fileOf('c.bin', 'x'),
    ])
    await settled(view)
    expect(await faults()).toEqual([])
    const overflow = await view.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      const wide = [...document.querySelectorAll('body *')].filter(
        (one) => one.getBoundingClientRect().right > clientWidth && one.closest('.scroll') === null,
      )
      return scrollWidth > clientWidth ? wide.map((one) => one.outerHTML.slice(0, 80)) : []
    })
    expect(overflow).toEqual([])
    await opened.context.close()
  })

  test('with the keyboard alone: paste, verify, open a check', async () => {
    const opened = await open()
    const { page: view } = opened
    await view.locator('details.paste summary').focus()
    await view.keyboard.press('Enter')
    await view.keyboard.press('Tab')
    await view.keyboard.insertText(scene.text)
    await view.keyboard.press('Tab')
    await view.keyboard.press('Enter')
    await settled(view)
    expect(await view.textContent('#finding')).toBe('Genuine and in force')
    await view.locator('.check summary').first().focus()
    await view.keyboard.press('Enter')
    expect(await view.locator('.check[open] table').innerText()).toContain('type')
    expectQuiet(opened)
    await opened.context.close()
  })

  test('on paper there is the result, and nothing to press', async () => {
    const opened = await open()
    await opened.page.setInputFiles('#files', fileOf('a.json', scene.text))
    await settled(opened.page)
    await opened.page.emulateMedia({ media: 'print' })
    expect(await opened.page.locator('button:visible').count()).toBe(0)
    expect(await opened.page.locator('.inputs').isVisible()).toBe(false)
    expect(await opened.page.innerText('main')).toContain('SHA-256 of the text')
    await opened.context.close()
  })
})

test('a certificate in the fragment of the address is judged at once', async () => {
  const opened = await open(page, { hash: `#${encodeURIComponent(scene.text)}` })
  await settled(opened.page)
  expect(await opened.page.textContent('#finding')).toBe('Genuine and in force')
  expectQuiet(opened)
  await opened.context.close()
})
