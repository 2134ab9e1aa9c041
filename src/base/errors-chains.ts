/** The code that reading a state of logs and chains can throw: it comes with what verifies anchors. */
import type { Explanation } from './message.ts'

export const chainsErrors = {
  'anchor.file_malformed': {
    en: ['The file is no {kind} ({what}).', 'Give the file as it was written, unchanged.'],
    zh: ['该文件不是 {kind}（{what}）。', '请提供未经改动的原文件。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>
