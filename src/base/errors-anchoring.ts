/** The codes of anchoring: of logs, witnesses, chains and their files. */
import type { Explanation } from './message.ts'

export const anchoringErrors = {
  'anchor.endpoint_failed': {
    en: [
      '{url} did not answer as it should ({fault}: {what}).',
      'Nothing is lost: run the same command again when it can be reached.',
    ],
    zh: ['{url} 未正确应答（{fault}：{what}）。', '数据未丢失：待其恢复后重新运行同一命令即可。'],
  },
  'anchor.file_malformed': {
    en: ['The file is no {kind} ({what}).', 'Give the file as it was written, unchanged.'],
    zh: ['该文件不是 {kind}（{what}）。', '请提供未经改动的原文件。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>
