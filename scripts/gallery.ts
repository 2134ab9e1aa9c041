// Makes docs/gallery.md and its pictures with the real program: an agency issues, an employer looks at what came of it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PDFiumLibrary } from '@hyzyla/pdfium'
import { encode } from 'fast-png'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../test/browser/chromium.ts'

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'gradecert-gallery-'))
const pictures = at('docs/gallery')
const moment = '2026-06-01T08:00:00+08:00'
mkdirSync(pictures, { recursive: true })

/** Runs the program in the folder of the scene; whatever it answers is an answer. */
function gradecert(...argv: readonly string[]): string {
  try {
    return execFileSync(process.execPath, [at('src/bin.ts'), ...argv], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, SOURCE_DATE_EPOCH: String(Date.parse(moment) / 1000), LANG: 'en_GB.UTF-8' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch (error) {
    return (error as { readonly stdout: string }).stdout
  }
}

function scene() {
  gradecert('keys', 'generate', '--out', 'authority.json')
  gradecert('init', 'agency', '--name', '示例评价机构', '--name-en', 'Example Evaluation Agency')
  gradecert('trust', 'build', '--dir', 'agency', '--out', 'draft.json')
  gradecert('trust', 'sign', 'draft.json', '--key', 'authority.json', '--out', 'trust.json')
  writeFileSync(join(folder, 'agency/trust.json'), readFileSync(join(folder, 'trust.json')))
  gradecert('issue', at('examples/results.gb18030.csv'), '--dir', 'agency', '--awarded', '2026-05-20')
  const names = readdirSync(join(folder, 'agency/out')).toSorted()
  const [good = '', revoked = '', suspended = ''] = names
  gradecert('revoke', revoked.replace('.json', ''), '--reason', 'cheating-grave', '--dir', 'agency')
  gradecert('suspend', suspended.replace('.json', ''), '--reason', 'investigation', '--dir', 'agency')
  gradecert('publish', '--dir', 'agency')
  gradecert('code', '--all', '--dir', 'agency', '--out', 'agency/out')
  gradecert('page', 'unasked.html', '--empty')
  const text = readFileSync(join(folder, 'agency/out', good), 'utf8')
  writeFileSync(
    join(folder, 'changed.json'),
    text.replace(/"created":"2026-06-01T00:00:00Z"/, '"created":"2026-06-01T00:00:01Z"'),
  )
  gradecert('init', 'stranger', '--name', '路边培训公司')
  gradecert('issue', at('examples/results.gb18030.csv'), '--dir', 'stranger', '--awarded', '2026-05-20')
  const [foreign = ''] = readdirSync(join(folder, 'stranger/out'))
  return {
    good: join(folder, 'agency/out', good),
    revoked: join(folder, 'agency/out', revoked),
    suspended: join(folder, 'agency/out', suspended),
    changed: join(folder, 'changed.json'),
    foreign: join(folder, 'stranger/out', foreign),
    all: names.map((name) => join(folder, 'agency/out', name)),
    page: join(folder, 'agency/public/verify.html'),
    unasked: join(folder, 'unasked.html'),
  }
}

/** Chinese letters for a browser that brings none. */
function fontSettings(): Readonly<Record<string, string>> {
  const fonts = ['400Regular', '700Bold'].map(
    (weight) => `<dir>${at(`node_modules/@expo-google-fonts/noto-sans-sc/${weight}`)}</dir>`,
  )
  const path = join(folder, 'fonts.conf')
  writeFileSync(
    path,
    `<?xml version="1.0"?><fontconfig>${fonts.join('')}<cachedir>${folder}/cache</cachedir></fontconfig>`,
  )
  return { FONTCONFIG_FILE: path }
}

interface Shot {
  readonly name: string
  readonly caption: string
  readonly page: string
  readonly files: readonly string[]
  readonly language?: 'zh-CN' | 'en-GB'
  readonly width?: number
  readonly dark?: boolean
  readonly height?: number
}

async function shoot(
  browser: Browser,
  { name, page: file, files, language = 'en-GB', width = 900, dark = false, height }: Shot,
): Promise<void> {
  const context = await browser.newContext({
    offline: true,
    locale: language,
    viewport: { width, height: height ?? 700 },
    colorScheme: dark ? 'dark' : 'light',
  })
  const page = await context.newPage()
  await page.clock.setFixedTime(moment)
  await page.goto(`file://${file}`)
  if (files.length > 0) {
    await page.setInputFiles('#files', [...files])
    await page.waitForFunction(() => document.querySelector('.certificate, .results tbody tr') !== null)
    await page.waitForFunction(() => !/…/.test(document.querySelector('.progress')?.textContent ?? ''))
    await onlyResult(page)
  }
  await page.screenshot({
    path: join(pictures, `${name}.png`),
    fullPage: height === undefined && files.length > 0,
  })
  await context.close()
}

/** The part of the page that a person looks at after dropping something. */
const onlyResult = (page: Page) =>
  page.addStyleTag({ content: '.inputs,.trust{display:none}' }).catch(() =>
    page.evaluate(() => {
      for (const part of document.querySelectorAll<HTMLElement>('.inputs, .trust')) part.hidden = true
    }),
  )

async function pdfPicture(path: string, name: string): Promise<void> {
  const library = await PDFiumLibrary.init()
  const document = await library.loadDocument(readFileSync(path))
  const { data, width, height } = await document.getPage(0).render({ scale: 1.3, render: 'bitmap' })
  const rgb = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++)
    rgb.set([data[i * 4 + 2] ?? 0, data[i * 4 + 1] ?? 0, data[i * 4] ?? 0], i * 3)
  writeFileSync(join(pictures, `${name}.png`), encode({ width, height, data: rgb, channels: 3 }))
  document.destroy()
}

try {
  const made = scene()
  const shots: readonly Shot[] = [
    {
      name: 'page',
      caption: 'The page before anything is dropped on it. One file; it asks the network for nothing.',
      page: made.page,
      files: [],
      height: 620,
    },
    { name: 'good', caption: 'A good certificate.', page: made.page, files: [made.good] },
    {
      name: 'good-zh',
      caption: '同一张证书，中文界面。',
      page: made.page,
      files: [made.good],
      language: 'zh-CN',
    },
    {
      name: 'revoked',
      caption: 'Revoked by its agency.',
      page: made.page,
      files: [made.revoked],
      height: 560,
    },
    {
      name: 'suspended-zh',
      caption: '已被暂停。',
      page: made.page,
      files: [made.suspended],
      height: 560,
      language: 'zh-CN',
    },
    {
      name: 'changed',
      caption: 'Changed by one second after it was signed.',
      page: made.page,
      files: [made.changed],
      height: 560,
    },
    {
      name: 'unrecognised',
      caption: 'Signed by somebody whom nobody recognises.',
      page: made.page,
      files: [made.foreign],
      height: 560,
    },
    {
      name: 'unchecked',
      caption: 'The same good certificate on a page that trusts nobody yet.',
      page: made.unasked,
      files: [made.good],
      height: 560,
    },
    {
      name: 'many',
      caption: 'A whole session of certificates: sort, filter, search, compare with a roster, save as CSV.',
      page: made.page,
      files: [...made.all, made.changed],
      height: 900,
      width: 1100,
    },
    {
      name: 'phone-dark',
      caption: 'On a phone at night.',
      page: made.page,
      files: [made.good],
      width: 390,
      height: 800,
      dark: true,
      language: 'zh-CN',
    },
  ]
  const browser = await startChromium([], fontSettings())
  for (const shot of shots) await shoot(browser, shot)
  await browser.close()
  gradecert('render', made.good, '--to', 'pdf', '--out', 'paper', '--dir', 'agency')
  gradecert('render', made.good, '--to', 'png', '--out', 'paper')
  for (const name of readdirSync(join(folder, 'paper'))) {
    const path = join(folder, 'paper', name)
    if (name.endsWith('.pdf')) await pdfPicture(path, 'paper')
    else writeFileSync(join(pictures, 'card.png'), readFileSync(path))
  }
  const offline = ['--trust', 'trust.json', '--evidence', 'agency/public/evidence.json']
  const said = gradecert('verify', made.good, made.revoked, ...offline, '--lang', 'en').replaceAll(
    folder,
    '.',
  )
  const saidZh = gradecert('verify', made.changed, ...offline, '--lang', 'zh').replaceAll(folder, '.')
  const figure = ({ name, caption }: Pick<Shot, 'name' | 'caption'>) =>
    `### ${caption}\n\n![${caption}](gallery/${name}.png)\n`
  writeFileSync(
    at('docs/gallery.md'),
    `# What people see

Made by \`npm run gallery\` with the program itself: names and numbers are invented, everything else is as it comes out.

## The verifier page

${shots.map(figure).join('\n')}
## On paper

${figure({ name: 'paper', caption: 'A4, with the signed original attached and a code that verifies from the paper alone.' })}
${figure({ name: 'card', caption: 'A card as PNG, which carries the certificate inside.' })}
## On a terminal

\`\`\`text
${said.trimEnd()}
\`\`\`

\`\`\`text
${saidZh.trimEnd()}
\`\`\`
`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
