/** `gradecert check`: a dry run of `issue`. */

import { writeFileWhole } from '../base/files.ts'
import { filled } from '../base/visible.ts'
import { fixesCsv } from '../intake/fixes.ts'
import type { Command } from './command.ts'
import {
  closing,
  codesOf,
  exitCodeOf,
  findingValues,
  listsOf,
  readExports,
  sayCodes,
  sayRecord,
} from './results.ts'

export interface CheckCommandOptions {
  readonly allowPartial?: boolean
  readonly fixes?: string
}

export const check: Command<CheckCommandOptions, [paths: readonly string[]]> = async (call, paths) => {
  const { voice, options } = call
  const { workspace, checked } = await readExports(call, paths)
  const lists = await listsOf(checked, workspace)
  workspace.registry.close()
  const summary = { issue: 0, hold: 0, reject: 0, no_certificate: 0, skip: 0 }
  for (const judged of checked.records) {
    const { record, verdict, findings, file, line } = judged
    summary[verdict]++
    voice.value({
      record,
      verdict,
      codes: codesOf(findings),
      file,
      line,
      findings: findingValues(findings),
    })
    sayRecord(voice, judged)
  }
  if (options.fixes !== undefined)
    await writeFileWhole(options.fixes, fixesCsv(checked.records), { mode: 0o600 })
  voice.value({ summary, lists, ...closing(workspace, checked) })
  voice.say(words.summary, summary)
  sayCodes(voice, checked.records)
  if (lists.length > 0) {
    const said = lists.map(({ number, positions, isNew }) =>
      filled(words[isNew ? 'newList' : 'list'][voice.language], { number, positions }),
    )
    voice.say(words.lists, { count: summary.issue, lists: said.join(', ') })
  }
  if (options.fixes !== undefined) voice.say(words.fixes, { file: options.fixes })
  else if (summary.reject + summary.hold > 0) voice.say(words.sendBack)
  if (summary.issue > 0) voice.say(words.next, { count: summary.issue })
  return exitCodeOf(checked)
}

const words = {
  summary: {
    en: '{issue} to issue, {hold} on hold, {reject} rejected, {no_certificate} without certificate, {skip} skipped. Nothing was issued.',
    zh: '可签发 {issue}，待定 {hold}，退回 {reject}，不发证 {no_certificate}，跳过 {skip}。未签发任何证书。',
  },
  lists: {
    en: 'Status lists for {count} certificates, were all of them new: {lists}.',
    zh: '若 {count} 张均为新证书，所用状态列表：{lists}。',
  },
  list: { en: 'list {number} ({positions})', zh: '第 {number} 个（{positions} 项）' },
  newList: { en: 'list {number} ({positions}, new)', zh: '第 {number} 个（{positions} 项，新建）' },
  sendBack: {
    en: '→ `check … --fixes FILE` writes the rows that are rejected, to send back.',
    zh: '→ 用 `check … --fixes 文件` 导出需退回更正的记录。',
  },
  next: { en: '→ `issue` issues the {count}.', zh: '→ 用 `issue` 签发这 {count} 张。' },
  fixes: {
    en: 'Rows to send back are in {file}. It holds personal data.',
    zh: '需退回更正的记录已写入 {file}，其中含个人信息。',
  },
} as const
