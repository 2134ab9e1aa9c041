/** `gradecert gather`: fetches what verification will need, into one file. */

import { writeFileWhole } from '../base/files.ts'
import { readInputs } from '../carrier/read-inputs.ts'
import { evidenceFileText } from '../evidence/evidence.ts'
import { gather as gatherEvidence } from '../evidence/gather.ts'
import type { Command } from './command.ts'
import { exitCodes } from './output.ts'

export const gather: Command<{ readonly out: string }, [paths: readonly string[]]> = async (call, paths) => {
  const { io, voice, options } = call
  const sources = []
  for await (const { bytes } of readInputs(paths, { stdin: io.stdin, leftOut() {} })) sources.push(bytes)
  const { items, missed } = await gatherEvidence(sources, { fetch: io.fetch })
  await writeFileWhole(options.out, evidenceFileText({ items }), { durable: true })
  voice.value({ out: options.out, items: items.map(({ kind, url }) => ({ kind, url })), missed })
  for (const { url, fault } of missed) voice.warn(words.missed, { url, fault })
  voice.say(words.done, { count: items.length, out: options.out })
  return missed.length > 0 ? exitCodes.undetermined : exitCodes.fine
}

const words = {
  missed: { en: '{url} could not be had ({fault}).', zh: '未能获取 {url}（{fault}）。' },
  done: { en: '{count} documents are in {out}.', zh: '{out} 中共有 {count} 份文档。' },
} as const
