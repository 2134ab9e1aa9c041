/** `gradecert reissue`: a correction, a replacement for what was lost, or a table of corrections. */
import { basename, join } from 'node:path'
import { CertificateError } from '../base/errors.ts'
import type { Words } from '../base/message.ts'
import { readCorrections } from '../batch/corrections-file.ts'
import { type ReissueItem, reissueAll } from '../batch/reissue-batch.ts'
import { type Corrections, correctableFields, isCorrectable } from '../issue/corrections.ts'
import { type Reissued, reissue as reissueOne } from '../issue/reissue.ts'
import { openWorkspace } from '../issue/workspace.ts'
import { type Call, type Command, clockOf, readGiven } from './command.ts'
import { exitCodes, type Voice } from './output.ts'
import { progressOf } from './progress.ts'

export interface ReissueCommandOptions {
  readonly set: readonly string[]
  readonly reason: string
  readonly file?: string
  readonly out?: string
}

export const reissue: Command<ReissueCommandOptions, [number: string | undefined]> = async (call, number) => {
  const { options } = call
  if ((number === undefined) === (options.file === undefined) || (options.file && options.set.length > 0))
    throw new CertificateError('reissue.number_or_file')
  return number === undefined ? reissueFile(call, options.file as string) : reissueNumber(call, number)
}

async function reissueNumber(call: Call<ReissueCommandOptions>, number: string): Promise<number> {
  const { io, options, voice } = call
  const corrections = readSettings(options.set)
  const workspace = await openWorkspace(options.dir)
  try {
    const { reason } = options
    const reissued = await reissueOne(number, {
      ...{ workspace, reason, corrections, now: clockOf(call), random: io.random },
      out: options.out ?? join(options.dir, 'out'),
    })
    voice.value(reissued)
    sayReissued(voice, reissued)
    voice.say(words.publish)
    return exitCodes.fine
  } finally {
    workspace.registry.close()
  }
}

async function reissueFile(call: Call<ReissueCommandOptions>, path: string): Promise<number> {
  const { io, options, voice } = call
  const rows = readCorrections(new Uint8Array(await readGiven(path)), basename(path))
  const workspace = await openWorkspace(options.dir)
  try {
    const { reason } = options
    const items = reissueAll(rows, {
      ...{ workspace, reason, now: clockOf(call), random: io.random },
      out: options.out ?? join(options.dir, 'out'),
    })
    const progress = progressOf(call, rows.length)
    let step = await items.next()
    for (; !step.done; step = await items.next()) {
      sayItem(voice, step.value)
      progress.step()
    }
    progress.end()
    voice.value({ summary: step.value })
    voice.say(words.summary, { ...step.value })
    if (step.value.reissued > 0) voice.say(words.publish)
    return step.value.refused > 0 ? exitCodes.invalid : exitCodes.fine
  } finally {
    workspace.registry.close()
  }
}

/** `FIELD=VALUE`, each field once. @throws `reissue.field_unknown`, `reissue.field_twice` */
function readSettings(settings: readonly string[]): Corrections {
  const corrections: Partial<Record<keyof Corrections, string>> = {}
  for (const setting of settings) {
    const at = setting.indexOf('=')
    const field = at < 0 ? setting : setting.slice(0, at)
    if (at < 0 || !isCorrectable(field))
      throw new CertificateError('reissue.field_unknown', {
        field: field.slice(0, 50),
        fields: correctableFields,
      })
    if (corrections[field] !== undefined) throw new CertificateError('reissue.field_twice', { field })
    corrections[field] = setting.slice(at + 1)
  }
  return corrections
}

/** One line for each, and what its holder still needs. */
export function sayItem(voice: Voice, item: ReissueItem): void {
  if (item.outcome !== 'refused') {
    voice.value(item)
    sayReissued(voice, item)
    return
  }
  const error = new CertificateError(item.code, item.detail)
  voice.value({
    number: item.number,
    outcome: item.outcome,
    code: item.code,
    en: error.explain('en'),
    zh: error.explain('zh'),
  })
  voice.say(
    { en: '{number} {code}: {what}', zh: '{number} {code}：{what}' },
    { number: item.number, code: item.code, what: error.explain(voice.language) },
  )
}

function sayReissued(voice: Voice, { number, outcome, file, supersededSdJwts }: Reissued): void {
  voice.say(words[outcome], { number, file })
  if (supersededSdJwts.length > 0) voice.say(words.sdJwt, { number })
}

const words = {
  reissued: { en: '{number} is issued again: {file}', zh: '{number} 已换发：{file}' },
  already_reissued: { en: '{number} was issued again before: {file}', zh: '{number} 此前已换发：{file}' },
  sdJwt: {
    en: '{number} has an SD-JWT too, superseded with it: run `gradecert issue RESULTS --form sd-jwt` for a new one.',
    zh: '{number} 的 SD-JWT 已一并失效：请运行 `gradecert issue 成绩文件 --form sd-jwt` 重新生成。',
  },
  summary: {
    en: '{reissued} issued again, {already_reissued} issued again before, {refused} refused.',
    zh: '已换发 {reissued}，此前已换发 {already_reissued}，拒绝 {refused}。',
  },
  publish: {
    en: 'Others learn that the old one no longer counts once you run `gradecert publish`.',
    zh: '请运行 `gradecert publish`，他人方可得知旧证书已失效。',
  },
} as const satisfies Readonly<Record<string, Words>>
