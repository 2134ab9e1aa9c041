/** The shipped page, opened from the disk in a real Chromium whose network is off. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Builds the page as the package has it. */
export function buildPage(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/page.mjs', import.meta.url))])
}

export interface Opened {
  readonly page: Page
  readonly context: BrowserContext
  /** Everything that the page asked for beside itself, and what its console said. */
  readonly asked: readonly string[]
  readonly said: readonly string[]
}

export interface OpenOptions {
  readonly language?: 'en-GB' | 'zh-CN'
  readonly clock?: string
  readonly width?: number
  readonly dark?: boolean
  readonly permissions?: readonly string[]
  readonly hash?: string
}

/** Opens a file of the disk; the clock stands at a moment of the test's choice. */
export async function openFile(
  browser: Browser,
  path: string,
  {
    language = 'en-GB',
    clock = '2026-01-20T00:00:00Z',
    width = 1100,
    dark = false,
    permissions = [],
    hash = '',
  }: OpenOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({
    offline: true,
    locale: language,
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    permissions: [...permissions],
    acceptDownloads: true,
  })
  const page = await context.newPage()
  const asked: string[] = []
  const said: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(String(error)))
  await page.clock.setFixedTime(clock)
  await page.goto(`file://${path}${hash}`)
  await page.waitForSelector('h1')
  return { page, context, asked, said }
}

/** The page asked for nothing but itself and its own worker, and complained of nothing. */
export function expectQuiet({ asked, said }: Opened): void {
  expect(asked.filter((url) => !/^(file|blob|data):/.test(url))).toEqual([])
  expect(said).toEqual([])
}

/** Waits until everything is judged. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      /checked:|共核验|Nothing that|未找到/.test(document.querySelector('.progress')?.textContent ?? '') ||
      document.querySelector('.certificate') !== null,
    undefined,
    { timeout: 60_000 },
  )
}
