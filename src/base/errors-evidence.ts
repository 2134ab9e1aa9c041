/** The codes of gathering evidence into a file. */
import type { Explanation } from './message.ts'

export const evidenceErrors = {
  'evidence.too_much': {
    en: [
      'The evidence is more than one file may hold ({what}); nothing was written.',
      'Gather for fewer certificates at a time: `verify` takes several files with --evidence.',
    ],
    zh: [
      '证据超出单个文件的上限（{what}）；未写入任何内容。',
      '请分批收集：`verify` 可多次使用 --evidence 读入多个文件。',
    ],
  },
  'cli.out_missing': {
    en: [
      'It was not said where the evidence goes.',
      'Give --out FILE, or --refresh FILE to renew that file.',
    ],
    zh: ['未指定证据的输出位置。', '请使用 --out 指定文件，或用 --refresh 就地更新已有文件。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>
