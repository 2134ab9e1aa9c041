import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { evidenceFileText } from '../../src/evidence/evidence.ts'
import { svgCard } from '../../src/render/card.ts'
import { findingWords } from '../../src/render/finding.ts'
import { type Trust, trustFileText } from '../../src/trust/trust.ts'
import { builtPage, pageWith } from '../../src/web/page-file.ts'
import { startChromium } from '../browser/chromium.ts'
import {
  certificateOf,
  keyAgency,
  now,
  put,
  type Scene,
  sceneOf,
  signTrustList,
  tampered,
  trustListOf,
  trustOf,
} from '../verify/scene.ts'
import { buildPage, expectQuiet, type Opened, openFile, settled } from './opened.ts'

let browser: Browser
let folder: string
let scene: Scene
/** With the scene's trust list and evidence inside, with the list alone, and with nothing. */
let whole: string
let trusting: string
let empty: string
let bad: string

beforeAll(async () => {
  buildPage()
  browser = await startChromium()
  folder = mkdtempSync(join(tmpdir(), 'gradecert-stale-'))
  scene = await sceneOf()
  bad = tampered(scene, put('proof.created', '2026-03-02T01:02:04Z'))
  const page = await builtPage()
  const written = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const trust = [trustFileText(scene.trust)]
  empty = written('empty.html', page)
  trusting = written('trusting.html', pageWith(page, { trust, evidence: [] }))
  whole = written('whole.html', pageWith(page, { trust, evidence: [evidenceFileText(scene.evidence)] }))
}, 120_000)
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

const fileOf = (name: string, text: string | Uint8Array) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(text),
})
const fragment = (text: string) => `#${encodeURIComponent(text)}`

/** Runs a page that shows the good certificate to its end. */
async function withGood(then: (view: Page, opened: Opened) => Promise<void>): Promise<void> {
  const opened = await openFile(browser, whole, { clock: now })
  await opened.page.setInputFiles('#files', fileOf('good.json', scene.text))
  await settled(opened.page)
  expect(await opened.page.textContent('#finding')).toBe('Genuine and in force')
  await then(opened.page, opened)
  expectQuiet(opened)
  await opened.context.close()
}

describe('what was found before does not stand as the answer to what comes now', () => {
  test('a second link that is opened in the same page', async () => {
    const opened = await openFile(browser, whole, { clock: now, hash: fragment(scene.text) })
    await settled(opened.page)
    expect(await opened.page.textContent('#finding')).toBe('Genuine and in force')
    await opened.page.evaluate((hash) => {
      location.hash = hash
    }, fragment(bad))
    await opened.page.waitForFunction(
      (headline) => document.querySelector('#finding')?.textContent === headline,
      findingWords.altered.headline.en,
    )
    expectQuiet(opened)
    await opened.context.close()
  })

  test('a drop of something that holds no file', () =>
    withGood(async (view) => {
      await view.evaluate(() => {
        document.dispatchEvent(new DragEvent('drop', { dataTransfer: new DataTransfer(), cancelable: true }))
      })
      await view.waitForFunction(() => document.querySelector('.certificate') === null)
      expect(await view.innerText('.progress')).toBe('Nothing that could be checked was found.')
    }))

  test('a paste of nothing but white space', () =>
    withGood(async (view) => {
      await view.evaluate(() => {
        const clipboardData = new DataTransfer()
        clipboardData.setData('text/plain', ' \n')
        document.dispatchEvent(new ClipboardEvent('paste', { clipboardData }))
      })
      expect(await view.locator('.certificate').count()).toBe(0)
    }))

  test('a comparison with a roster, when other certificates are given', async () => {
    const opened = await openFile(browser, whole, { clock: now })
    const { page: view } = opened
    const two = (first: string) => [fileOf('a.json', first), fileOf('b.json', bad)]
    await view.setInputFiles('#files', two(scene.text))
    await settled(view)
    await view.setInputFiles('#roster', fileOf('roster.csv', '姓名,证书编号\n王小明,\n'))
    await view.waitForSelector('.persons .valid')
    await view.getByRole('button', { name: '中文' }).click()
    expect(await view.innerText('.persons .valid td')).toBe('有效')
    await view.setInputFiles('#files', two(bad))
    await settled(view)
    expect(await view.locator('.persons').count()).toBe(0)
    expectQuiet(opened)
    await opened.context.close()
  })
})

describe('whom to trust is asked', () => {
  test('by the roots of the file, since its lists may be of anybody, and a root without lists is somebody', async () => {
    const opened = await openFile(browser, empty, { clock: now })
    const root = 'did:key:z6MkvRXNYcE7MMduynWTgeKbDaT1iijDSC8pZqXZc8rHPrf2'
    const lists = [{ name: 'Ministry of Everything' }]
    const trust = (more: readonly { readonly name: string }[]) =>
      trustFileText({ roots: [{ id: root }], lists: more } as Pick<Trust, 'roots' | 'lists'>)
    await opened.page.setInputFiles('#files', fileOf('t.json', trust(lists)))
    expect(await opened.page.innerText('.ask p >> nth=0')).toContain(
      `t.json names whom to trust: ${root}. Its lists call themselves: Ministry of Everything.`,
    )
    await opened.page.setInputFiles('#trust', fileOf('root.json', trust([])))
    await opened.page.waitForFunction(
      (id) => document.querySelector('.trust li')?.textContent?.includes(id),
      root,
    )
    expect(await opened.page.innerText('.trust')).not.toContain('Nobody.')
    expectQuiet(opened)
    await opened.context.close()
  })

  test('of a file that was chosen, and never of a text, which anybody can put behind a link', async () => {
    const opened = await openFile(browser, empty, {
      clock: now,
      hash: fragment(trustFileText(scene.trust)),
    })
    await settled(opened.page)
    expect(await opened.page.locator('.ask').count()).toBe(0)
    expect(await opened.page.innerText('.left-alone li')).toContain(
      'load it yourself if you want it to count',
    )
    expectQuiet(opened)
    await opened.context.close()
  })

  test.each([
    ['a trust file', '{"type":"GradecertTrust"}'],
    ['a file of chains', '{"type":"AnchorTrust","x":1}'],
  ])('%s that cannot be read is told, and what was given with it is judged', async (_what, text) => {
    const opened = await openFile(browser, whole, { clock: now })
    await opened.page.setInputFiles('#files', [fileOf('odd.json', text), fileOf('a.json', scene.text)])
    await settled(opened.page)
    expect(await opened.page.textContent('#finding')).toBe('Genuine and in force')
    expect(await opened.page.innerText('.left-alone li')).toContain('cannot be read')
    expectQuiet(opened)
    await opened.context.close()
  })

  test('in words that its name does not turn around', async () => {
    const opened = await openFile(browser, empty, { clock: now })
    const name = 'שלום.json'
    await opened.page.setInputFiles('#files', fileOf(name, trustFileText(scene.trust)))
    await opened.page.waitForSelector('.ask')
    const ask = opened.page.locator('.ask p').first()
    expect(await ask.locator('bdi').first().innerText()).toBe(name)
    expect(await ask.innerText()).toContain(`${name} names whom to trust:`)
    expect(await ask.evaluate((one) => one.firstElementChild?.textContent)).toBe(name)
    expectQuiet(opened)
    await opened.context.close()
  })
})

test('a list for trials is called one before anything is judged by it', async () => {
  const trial = await signTrustList({ ...(await trustListOf()), trial: true })
  const path = join(folder, 'trial.html')
  writeFileSync(path, pageWith(await builtPage(), { trust: [trustFileText(trustOf(trial))], evidence: [] }))
  const opened = await openFile(browser, path, { clock: now })
  expect(await opened.page.innerText('.trust .trial')).toContain('TRIAL list')
  expectQuiet(opened)
  await opened.context.close()
})

test('evidence that lay among the files is counted where the page says what it knows', async () => {
  const opened = await openFile(browser, trusting, { clock: now })
  expect(await opened.page.innerText('.trust')).toContain('No evidence is loaded')
  const zip = zipSync({
    'a.json': utf8(scene.text),
    'evidence.json': utf8(evidenceFileText(scene.evidence)),
  })
  await opened.page.setInputFiles('#files', fileOf('all.zip', zip))
  await settled(opened.page)
  expect(await opened.page.textContent('#finding')).toBe('Genuine and in force')
  expect(await opened.page.innerText('.trust')).toContain(`${scene.evidence.items.length} pieces of evidence`)
  expectQuiet(opened)
  await opened.context.close()
})

test('of evidence files that are loaded together the bad one is told and the good one counts', async () => {
  const opened = await openFile(browser, trusting, { clock: now })
  const { page: view } = opened
  await view.setInputFiles('#files', fileOf('a.json', scene.text))
  await settled(view)
  await view.setInputFiles('#evidence', [
    fileOf('bad.json', '{}'),
    fileOf('good.json', evidenceFileText(scene.evidence)),
  ])
  await view.waitForFunction(
    (headline) => document.querySelector('#finding')?.textContent === headline,
    findingWords.good.headline.en,
  )
  expect(await view.innerText('.warning[role=alert]')).toContain('evidence')
  expectQuiet(opened)
  await opened.context.close()
})

test('a picture stands beside its own certificate only: where two have one name there is none', async () => {
  const opened = await openFile(browser, whole, { clock: now })
  const { page: view } = opened
  const certificate = certificateOf(keyAgency)
  const other = { ...certificate, holder: { ...certificate.holder, name: '别人' } }
  const cards = [svgCard(other, bad), svgCard(certificate, scene.text)]
  await view.setInputFiles(
    '#files',
    cards.map((card) => fileOf('card.svg', card)),
  )
  await settled(view)
  await view.locator('.results tr.valid button').click()
  expect(await view.locator('.certificate img').count()).toBe(0)
  expectQuiet(opened)
  await opened.context.close()
})

test('a roster of more persons than are drawn says how many', async () => {
  const opened = await openFile(browser, whole, { clock: now })
  const { page: view } = opened
  await view.setInputFiles('#files', [fileOf('a.json', scene.text), fileOf('b.json', bad)])
  await settled(view)
  const names = Array.from({ length: 2001 }, (_, i) => `某${i},\n`).join('')
  await view.setInputFiles('#roster', fileOf('roster.csv', `姓名,证书编号\n${names}`))
  await view.waitForSelector('.persons')
  expect(await view.locator('.persons tbody tr').count()).toBe(2000)
  expect(await view.innerText('.roster')).toContain('The first 2000 of 2001 persons are shown')
  await view.getByRole('button', { name: '中文' }).click()
  expect(await view.innerText('.roster')).toContain('仅显示前 2000 人，共 2001 人')
  expectQuiet(opened)
  await opened.context.close()
})
