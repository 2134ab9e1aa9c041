import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evidenceFileText } from '../../src/evidence/evidence.ts'
import { paperCode } from '../../src/issue/paper-code.ts'
import { trustFileText } from '../../src/trust/trust.ts'
import { builtPage, pageWith } from '../../src/web/page-file.ts'
import { startChromium } from '../browser/chromium.ts'
import { qrPixels } from '../carrier/qr-pixels.ts'
import { certificateOf, keyAgency, now, sceneOf, statusIndex, statusLists } from '../verify/scene.ts'
import { buildPage, expectQuiet, openFile, settled } from './opened.ts'

/** Width and height of the picture of the camera, in pixels. */
const [width, height] = [1280, 720]
const folder = mkdtempSync(join(tmpdir(), 'gradecert-camera-'))
const browsers: Browser[] = []
let page: string

/** A camera that shows a grey picture, a code tilted and out of the middle after some frames. */
async function browserSeeing(text: string | undefined): Promise<Browser> {
  const path = join(folder, `${browsers.length}.y4m`)
  const frame = Buffer.alloc((width * height * 3) / 2, 0x80)
  frame.fill(0xc8, 0, width * height)
  if (text !== undefined) {
    const { side, isDark } = qrPixels(text)
    const [scale, angle] = [6.1, 0.12]
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [dx, dy] = [x - 660, y - 350]
        const u = Math.floor((dx * Math.cos(angle) + dy * Math.sin(angle)) / scale + side / 2)
        const v = Math.floor((dy * Math.cos(angle) - dx * Math.sin(angle)) / scale + side / 2)
        if (u >= 0 && v >= 0 && u < side && v < side) frame[y * width + x] = isDark(u, v) ? 0x28 : 0xe8
      }
    }
  }
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`)
  writeFileSync(
    path,
    Buffer.concat([
      head,
      ...Array(4)
        .fill([Buffer.from('FRAME\n'), frame])
        .flat(),
    ]),
  )
  const browser = await startChromium([
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${path}`,
  ])
  browsers.push(browser)
  return browser
}

beforeAll(async () => {
  buildPage()
  const { trust, evidence } = await sceneOf()
  page = join(folder, 'page.html')
  const given = { trust: [trustFileText(trust)], evidence: [evidenceFileText(evidence)] }
  writeFileSync(page, pageWith(await builtPage(), given))
}, 120_000)
afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()))
  rmSync(folder, { recursive: true, force: true })
})

describe('the camera', () => {
  test('reads the code of a printed certificate, and is off again', async () => {
    const status = { index: statusIndex, lists: statusLists }
    const browser = await browserSeeing(
      await paperCode(certificateOf(keyAgency), { signer: keyAgency, status }),
    )
    const opened = await openFile(browser, page, { clock: now, permissions: ['camera'] })
    await opened.page.click('#scan')
    await settled(opened.page)
    expect(await opened.page.textContent('#finding')).toBe('Genuine and in force')
    expect(await opened.page.innerText('.says')).toContain('王小明')
    expect(await opened.page.locator('video').count()).toBe(0)
    expectQuiet(opened)
  })

  test('that sees no code goes on looking until it is stopped', async () => {
    const opened = await openFile(await browserSeeing(undefined), page, { permissions: ['camera'] })
    await opened.page.click('#scan')
    await opened.page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
    await opened.page.waitForTimeout(500)
    expect(await opened.page.locator('.certificate').count()).toBe(0)
    await opened.page.click('#scan')
    expect(await opened.page.locator('video').count()).toBe(0)
    expectQuiet(opened)
  })

  test('that is not there is said in words', async () => {
    const browser = await startChromium()
    browsers.push(browser)
    const opened = await openFile(browser, page)
    await opened.page.click('#scan')
    await opened.page.waitForSelector('.warning[role=alert]')
    expect(await opened.page.innerText('.warning[role=alert]')).toContain('No camera could be opened')
  })
})
