import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { encode as encodePng } from 'fast-png'
import { zipSync } from 'fflate'
import { encode as encodeJpeg } from 'jpeg-js'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { evidenceFileText, evidenceMediaType } from '../../src/evidence/evidence.ts'
import { paperCode } from '../../src/issue/paper-code.ts'
import { bakePng, bakeSvg } from '../../src/render/bake.ts'
import { svgCard } from '../../src/render/card.ts'
import { pdfMaker } from '../../src/render/pdf.ts'
import { trustFileText } from '../../src/trust/trust.ts'
import { builtPage, pageWith } from '../../src/web/page-file.ts'
import { startChromium } from '../browser/chromium.ts'
import { classic, stream, withFile } from '../carrier/pdfs.ts'
import { plainPng } from '../carrier/pictures.ts'
import { qrPixels } from '../carrier/qr-pixels.ts'
import { notoPath } from '../render/some-fonts.ts'
import {
  certificateOf,
  keyAgency,
  now,
  type Scene,
  sceneOf,
  statusIndex,
  statusLists,
} from '../verify/scene.ts'
import { buildPage, expectQuiet, openFile, settled } from './opened.ts'

let browser: Browser
let folder: string
let scene: Scene
/** Trusts the authority and has no evidence: papers bring it. */
let trusting: string
let whole: string

beforeAll(async () => {
  buildPage()
  browser = await startChromium()
  folder = mkdtempSync(join(tmpdir(), 'gradecert-carriers-'))
  scene = await sceneOf()
  const trust = [trustFileText(scene.trust)]
  trusting = join(folder, 'trusting.html')
  whole = join(folder, 'whole.html')
  const page = await builtPage()
  writeFileSync(trusting, pageWith(page, { trust, evidence: [] }))
  writeFileSync(whole, pageWith(page, { trust, evidence: [evidenceFileText(scene.evidence)] }))
}, 120_000)
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

const fileOf = (name: string, content: string | Uint8Array) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
})

async function paper(): Promise<Uint8Array> {
  const certificate = certificateOf(keyAgency)
  const fonts = [{ name: 'NotoSansSC', bytes: new Uint8Array(readFileSync(notoPath)) }]
  const maker = await pdfMaker({ certificates: [certificate], fonts })
  return maker.render({
    certificate,
    attachments: [
      {
        name: 'certificate.json',
        mediaType: 'application/vc',
        bytes: utf8(scene.text),
        relationship: 'Source',
      },
      {
        name: 'evidence.json',
        mediaType: evidenceMediaType,
        bytes: utf8(evidenceFileText(scene.evidence)),
        relationship: 'Supplement',
      },
    ],
  })
}

/** A photograph of a code on grey paper. */
async function photograph(): Promise<Uint8Array> {
  const status = { index: statusIndex, lists: statusLists }
  const { side, isDark } = qrPixels(await paperCode(certificateOf(keyAgency), { signer: keyAgency, status }))
  const [width, height, scale] = [900, 700, 5]
  const data = new Uint8Array(width * height * 4).fill(255)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [Math.floor((x - 120) / scale), Math.floor((y - 90) / scale)]
      const isInk = u >= 0 && v >= 0 && u < side && v < side && isDark(u, v)
      data.fill(isInk ? 30 : 220, (y * width + x) * 4, (y * width + x) * 4 + 3)
    }
  }
  return new Uint8Array(encodeJpeg({ width, height, data }, 85).data)
}

describe('what carries a certificate is judged by what is inside', () => {
  test('a PDF with its evidence, on a page that has none', async () => {
    const opened = await openFile(browser, trusting, { clock: now })
    await opened.page.setInputFiles('#files', fileOf('paper.pdf', await paper()))
    await settled(opened.page)
    expect(await opened.page.textContent('#finding')).toBe('Genuine and in force')
    expectQuiet(opened)
    await opened.context.close()
  })

  test.each<[name: string, make: () => Promise<Uint8Array> | Uint8Array, picture: boolean]>([
    ['card.svg', () => svgCard(certificateOf(keyAgency), scene.text), true],
    ['badge.png', () => bakePng(plainPng(), scene.text), true],
    ['photograph.jpg', photograph, true],
  ])('%s, with the picture beside what counts', async (name, make) => {
    const opened = await openFile(browser, whole, { clock: now })
    await opened.page.setInputFiles('#files', fileOf(name, await make()))
    await settled(opened.page)
    expect(await opened.page.textContent('#finding')).toBe('Genuine and in force')
    expect(await opened.page.locator('figure.picture img').count()).toBe(1)
    expect(await opened.page.innerText('figure.picture figcaption')).toContain('A picture can show anything')
    expectQuiet(opened)
    await opened.context.close()
  })

  test('a picture that shows another grade than the certificate inside says what the certificate says', async () => {
    const other = {
      ...certificateOf(keyAgency),
      holder: { ...certificateOf(keyAgency).holder, name: '别人' },
    }
    const lying = bakeSvg(svgCard(other, '{}'), scene.text)
    const opened = await openFile(browser, whole, { clock: now })
    await opened.page.setInputFiles('#files', fileOf('lying.svg', lying))
    await settled(opened.page)
    expect(await opened.page.innerText('.says dd >> nth=0')).toBe('王小明')
    await opened.context.close()
  })
})

describe('a hostile file', () => {
  const bomb = () => deflateSync(new Uint8Array(40_000_000))
  test.each<[name: string, make: () => Uint8Array | string, why: string]>([
    ['encrypted.pdf', () => classic(withFile(stream('', '{}')), { trailer: '/Encrypt 9 0 R' }), 'encrypted'],
    [
      'scripted.pdf',
      () => classic({ ...withFile(stream('', '{}')), 8: '<< /S /JavaScript /JS (x) >>' }),
      'script',
    ],
    ['broken.pdf', () => '%PDF-1.7\nnothing', 'damaged'],
    ['bomb.pdf', () => classic(withFile(stream('/Filter /FlateDecode', bomb()))), 'expand'],
    [
      'scripted.svg',
      () => '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      'script',
    ],
    [
      'entities.svg',
      () => '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
      '',
    ],
    ['broken.png', () => plainPng().slice(0, 40), 'damaged'],
    [
      'huge.png',
      () => encodePng({ width: 10, height: 10, data: new Uint8Array(100), channels: 1 }).fill(0xff, 16, 24),
      'damaged',
    ],
    ['empty.png', () => plainPng(), 'no certificate'],
    ['bomb.zip', () => zipSync({ 'a.json': new Uint8Array(50_000_000) }), 'expand'],
    ['traversal.zip', () => zipSync({ '../a.json': utf8('{}') }), 'lead out'],
    ['broken.zip', () => zipSync({ 'a.json': utf8('{}') }).slice(0, 30), 'damaged'],
  ])('%s is refused with its reason, and the page lives on', async (name, make, why) => {
    const opened = await openFile(browser, whole, { clock: now })
    await opened.page.setInputFiles('#files', [fileOf(name, make()), fileOf('good.json', scene.text)])
    await settled(opened.page)
    expect(await opened.page.textContent('#finding')).toBe('Genuine and in force')
    expect(await opened.page.locator('.left-alone').getAttribute('open')).toBe('')
    expect(await opened.page.innerText('.left-alone li')).toContain(why)
    expect(await opened.page.innerText('.left-alone li')).toContain(name)
    expectQuiet(opened)
    await opened.context.close()
  })
})
