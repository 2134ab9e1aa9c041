/** Finds a font with Chinese characters on this machine: a package that was installed beside us, else the system's own. */
import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Bytes } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded } from '../base/files.ts'
import type { FontFile } from './pdf.ts'
import { singleFont } from './sfnt.ts'
import { readTypeface } from './typeface.ts'

/** The fonts that are to be used, in their order: those that were named, else what is found. @throws `render.no_font`, and what reading a file throws */
export async function fontsFrom(paths: readonly string[], env: Environment): Promise<readonly FontFile[]> {
  if (paths.length > 0) return Promise.all(paths.map(readFont))
  const installed = await packageFont()
  if (installed !== null) return [installed]
  const found = await systemFonts(env)
  if (found.length === 0) throw new CertificateError('render.no_font')
  return found
}

export type Environment = Readonly<Record<string, string | undefined>>

const readFont = async (path: string): Promise<FontFile> => ({
  name: basename(path).replace(/\.[^.]+$/, ''),
  bytes: new Uint8Array(await readFileBounded(path)) as Bytes,
})

const fontPackage = '@expo-google-fonts/noto-sans-sc'
const packageFile = '400Regular/NotoSansSC_400Regular.ttf'

/** Looked for beside this package, then from the folder that one is in. */
async function packageFont(): Promise<FontFile | null> {
  for (const from of [import.meta.url, pathToFileURL(join(process.cwd(), 'package.json')).href]) {
    try {
      const folder = dirname(createRequire(from).resolve(`${fontPackage}/package.json`))
      return await readFont(join(folder, packageFile))
    } catch {} // not installed there
  }
  return null
}

/** Names under which systems have Chinese fonts, the best first. */
const known = [
  /^Noto(Sans|Serif)(CJK|SC)/i,
  /^SourceHan(Sans|Serif)/i,
  /^(PingFang|Songti|STHeiti|Hiragino Sans GB)/i,
  /^(msyh|simsun|simhei|simkai|simfang|deng)/i,
  /^(wqy|DroidSansFallback|uming|ukai|HarmonyOS|MiSans|Alibaba)/i,
]

/** A character that every Chinese font has: 证. */
const common = 0x8bc1
/** Fonts that are opened, and fonts that are taken: a second one has what the first lacks. */
const limits = { opened: 12, taken: 3, depth: 5, files: 20_000 }

async function systemFonts(env: Environment): Promise<readonly FontFile[]> {
  const found: { readonly path: string; readonly rank: number }[] = []
  for (const folder of foldersOf(env)) {
    for await (const path of filesIn(folder)) {
      const rank = known.findIndex((pattern) => pattern.test(basename(path)))
      if (rank >= 0) found.push({ path, rank })
    }
  }
  found.sort((a, b) => a.rank - b.rank || weight(a.path) - weight(b.path) || (a.path < b.path ? -1 : 1))
  const taken: FontFile[] = []
  for (const { path } of found.slice(0, limits.opened)) {
    if (taken.length === limits.taken) break
    const font = await readFont(path).catch(() => null)
    const single = font === null ? null : singleFont(font.bytes)
    if (font !== null && single !== null && readTypeface(single)?.has(common)) taken.push(font)
  }
  return taken
}

/** Plain weights before others, and simplified forms before those of other countries. */
const weight = (path: string): number =>
  (/regular|medium|simsun|simhei|msyh\./i.test(path) ? 0 : 2) +
  (/(jp|kr|tc|hk|mono)/i.test(basename(path)) ? 1 : 0)

function foldersOf(env: Environment): readonly string[] {
  const home = homedir()
  if (process.platform === 'darwin')
    return ['/System/Library/Fonts', '/Library/Fonts', join(home, 'Library/Fonts')]
  if (process.platform === 'win32') {
    const local = env.LOCALAPPDATA
    return [
      join(env.WINDIR ?? 'C:\\Windows', 'Fonts'),
      ...(local === undefined ? [] : [join(local, 'Microsoft/Windows/Fonts')]),
    ]
  }
  return [
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    join(env.XDG_DATA_HOME ?? join(home, '.local/share'), 'fonts'),
    join(home, '.fonts'),
  ]
}

async function* filesIn(folder: string, depth = 0, seen = { files: 0 }): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (++seen.files > limits.files) return
    const path = join(folder, entry.name)
    if (entry.isDirectory() && depth < limits.depth) yield* filesIn(path, depth + 1, seen)
    else if (/\.(ttf|otf|ttc|otc)$/i.test(entry.name)) yield path
  }
}
