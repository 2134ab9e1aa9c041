/** `gradecert page`: the verifier page as one file, with whom it trusts and what was gathered already inside. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileWhole } from '../base/files.ts'
import { readEvidence } from '../evidence/evidence.ts'
import { workspaceFiles } from '../issue/workspace.ts'
import { readTrust } from '../trust/trust.ts'
import { readPolicy } from '../verify/policy.ts'
import { builtPage, pageWith } from '../web/page-file.ts'
import { readChainsFile } from './chains-file.ts'
import { type Command, readFrom } from './command.ts'
import { exitCodes } from './output.ts'

export interface PageOptions {
  readonly trust: readonly string[]
  readonly evidence: readonly string[]
  readonly chains?: string
  readonly policy?: string
  readonly empty?: boolean
}

export const page: Command<PageOptions, [out: string]> = async ({ voice, options }, out) => {
  const places = options.empty === true ? { trust: [], evidence: [] } : placesOf(options)
  if (options.chains !== undefined) await readChainsFile(options.chains)
  const [trust, evidence, [chains], [policy]] = await Promise.all([
    textsAt(places.trust, readTrust),
    textsAt(places.evidence, readEvidence),
    textsAt(options.chains === undefined ? [] : [options.chains]),
    textsAt(options.policy === undefined ? [] : [options.policy], readPolicy),
  ])
  await writeFileWhole(out, pageWith(await builtPage(), { trust, evidence, chains, policy }))
  voice.value({ out, trust: places.trust, evidence: places.evidence })
  voice.say(words.written, { out })
  for (const place of [...places.trust, ...places.evidence]) voice.say(words.holds, { place })
  if (trust.length === 0) voice.say(words.nobody)
  return exitCodes.fine
}

/** What was named, else what the workspace has. */
function placesOf({ trust, evidence, dir }: PageOptions & { readonly dir: string }) {
  if (trust.length > 0 || evidence.length > 0) return { trust, evidence }
  const present = (path: string) => (existsSync(path) ? [path] : [])
  return {
    trust: present(join(dir, workspaceFiles.trust)),
    evidence: present(join(dir, workspaceFiles.publicFolder, 'evidence.json')),
  }
}

/** Texts of files that can be read as what they are to be: a page that cannot be used is not written. */
const textsAt = (
  paths: readonly string[],
  read: (text: string) => unknown = () => undefined,
): Promise<readonly string[]> =>
  Promise.all(
    paths.map((path) =>
      readFrom(path, (bytes) => {
        const text = new TextDecoder().decode(bytes)
        read(text)
        return text
      }),
    ),
  )

const words = {
  written: {
    en: '{out} verifies on any device, without a network. Open it in a browser.',
    zh: '{out} 可在任何设备上离线核验，请用浏览器打开。',
  },
  holds: { en: '  inside: {place}', zh: '  内含：{place}' },
  nobody: {
    en: 'It trusts nobody yet: give a trust list with --trust FILE, or load one on the page.',
    zh: '尚未信任任何机构：请用 --trust 文件 提供信任名单，或在页面上载入。',
  },
} as const
