/** Words for what can go wrong with the verifier page. */
import type { Explanation } from './message.ts'

export const pageErrors = {
  'page.not_built': {
    en: ['The verifier page is not there.', 'Build it with `npm run build`, or install the package again.'],
    zh: ['核验页面文件不存在。', '请运行 `npm run build` 生成，或重新安装本软件包。'],
  },
  'page.malformed': {
    en: ['The verifier page has no place for what it should be given.', 'Install the package again.'],
    zh: ['核验页面中没有放置数据的位置。', '请重新安装本软件包。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>
