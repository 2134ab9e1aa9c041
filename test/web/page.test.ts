import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startChromium } from '../browser/chromium.ts'
import { exportPath, gradecert } from '../cli/terminal.ts'
import { buildPage, expectQuiet, openFile, settled } from './opened.ts'

let browser: Browser
let dir: string
let file: string
let page: string

beforeAll(async () => {
  buildPage()
  browser = await startChromium()
  dir = mkdtempSync(join(tmpdir(), 'gradecert-page-'))
  await gradecert(['init', dir, '--name', '示例评价机构'])
  await gradecert(['issue', exportPath, '--dir', dir])
  await gradecert(['publish', '--dir', dir])
  const [first = ''] = readdirSync(`${dir}/out`)
  file = `${dir}/out/${first}`
  page = `${dir}/public/verify.html`
}, 120_000)
afterAll(async () => {
  await browser?.close()
  rmSync(dir, { recursive: true, force: true })
})

describe('the verifier page', () => {
  test('is one file of less than 300 kB as the network has it, and allows no request', () => {
    const text = readFileSync(new URL('../../dist/web/verify.html', import.meta.url))
    expect(gzipSync(text, { level: 9 }).length).toBeLessThan(300_000)
    const html = text.toString('utf8')
    expect(html).toContain("default-src 'none'; script-src 'sha256-")
    expect(html).toContain("connect-src 'none'")
    expect(html.match(/<(script|link|img|iframe)\b[^>]*\b(src|href)=(?!"data:,")/g)).toBeNull()
  })

  test('opened from a disk without a network says of a certificate that it is genuine', async () => {
    const opened = await openFile(browser, page)
    await opened.page.setInputFiles('#files', file)
    await settled(opened.page)
    expect(await opened.page.textContent('h2#finding')).toBe('Good, under a TRIAL list only')
    expectQuiet(opened)
    await opened.context.close()
  })
})
