/** A real Chromium, brought by npm, with a page that has our code and no network. */
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'

/** @sparticuz/chromium takes whatever `chromium` lies in the temporary folder for its own: it gets a folder by version. */
const version = '153.0.0'

export async function startChromium(more: readonly string[] = []): Promise<Browser> {
  const folder = join(tmpdir(), `gradecert-chromium-${version}`)
  mkdirSync(folder, { recursive: true })
  process.env.TMPDIR = folder
  const { default: packed } = await import('@sparticuz/chromium')
  // In one process the whole browser would go with the first page that is closed.
  const args = [...packed.args.filter((one) => one !== '--single-process'), ...more]
  return chromium.launch({ executablePath: await packed.executablePath(), args, headless: true })
}

/** The bundle of a file for a browser, lazy parts included. */
export async function bundled(file: string): Promise<string> {
  const entry = fileURLToPath(new URL(file, import.meta.url))
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}

/** A page of a secure origin that nobody serves, which every request but the first is refused. */
export async function openPage(browser: Browser, script: string, before = ''): Promise<Page> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const asked: string[] = []
  await page.route('**/*', (route) => {
    asked.push(route.request().url())
    if (asked.length > 1) return route.abort()
    const html = `<!doctype html><meta charset="utf-8"><script>${before}</script><script type="module">${script.replaceAll('</script', '<\\/script')}</script>`
    return route.fulfill({ contentType: 'text/html', body: html })
  })
  await page.goto('https://page.example/')
  await page.waitForFunction(() => 'page' in globalThis)
  return page
}
