/** `gradecert code`: the text that a paper carries, and a picture of it. */
import { join } from 'node:path'
import { utf8 } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { writeFileWhole } from '../base/files.ts'
import { fileName } from '../issue/entry-text.ts'
import { paperCodeOf } from '../issue/paper-code.ts'
import { openWorkspace, type Workspace } from '../issue/workspace.ts'
import { type Entry, isLive } from '../registry/registry.ts'
import { bakeSvg } from '../render/bake.ts'
import { qrSvg } from '../render/qr.ts'
import type { Command } from './command.ts'
import { exitCodes } from './output.ts'

export interface CodeOptions {
  readonly all?: boolean
  readonly link?: string
  readonly out?: string
}

export const code: Command<CodeOptions, [numbers: readonly string[]]> = async (
  { voice, options },
  numbers,
) => {
  if ((options.all === true) === numbers.length > 0) throw new CertificateError('paper.which')
  const workspace = await openWorkspace(options.dir)
  let count = 0
  try {
    for await (const entry of options.all ? liveEntries(workspace) : named(numbers, workspace)) {
      const text = await paperCodeOf(entry, workspace, options.link)
      const { number } = entry.certificate as { readonly number: string } // others have no code
      count++
      voice.value({ number, code: text })
      if (options.out === undefined) voice.line(text)
      else {
        const path = join(options.out, fileName(number))
        await writeFileWhole(`${path}.code.txt`, `${text}\n`)
        // The picture carries its text too, so that it is read without a camera.
        await writeFileWhole(`${path}.code.svg`, bakeSvg(utf8(qrSvg(text)), text))
      }
    }
  } finally {
    workspace.registry.close()
  }
  if (options.out !== undefined) voice.say(words.written, { count, out: options.out })
  return exitCodes.fine
}

async function* liveEntries({ registry }: Workspace): AsyncGenerator<Entry> {
  for await (const entry of registry.entries()) {
    const isGrade = entry.certificate.type === 'ProfessionalTechnicalGradeCertificate'
    if (isGrade && isLive(entry.standing)) yield entry
  }
}

async function* named(numbers: readonly string[], { registry }: Workspace): AsyncGenerator<Entry> {
  for (const number of numbers) {
    const entry = await registry.findByNumber(number)
    if (entry === null) throw new CertificateError('status.number_unknown', { number })
    yield entry
  }
}

const words = {
  written: {
    en: '{count} codes are in {out}, each as text and as a picture to print.',
    zh: '{out} 中共有 {count} 个二维码，各有文本和可打印的图片。',
  },
} as const
