/** The codes thrown where many certificates are issued or judged at once. */
import type { Explanation } from './message.ts'

export const batchErrors = {
  'batch.one_file_of_badges': {
    en: [
      'Certificates with hidden fields cannot go into the one file {path}.',
      'Name a folder with --out: each keeps the key it is bound to in a file of its own.',
    ],
    zh: [
      '含隐藏字段的证书不能写入单个文件 {path}。',
      '请用 --out 指定目录：每张证书须以独立文件保存其绑定密钥。',
    ],
  },
  'batch.too_many_errors': {
    en: [
      '{count} records are rejected or held, more than {limit}: nothing was issued.',
      'Correct the results, or allow more with --max-errors.',
    ],
    zh: [
      '有 {count} 条记录被退回或待定，超过上限 {limit}：未签发任何证书。',
      '请更正成绩，或用 --max-errors 提高上限。',
    ],
  },
  'batch.count_malformed': {
    en: ['{text} is no whole number from {least} to {most}.', 'Give one, as in 4.'],
    zh: ['{text} 不是 {least} 到 {most} 之间的整数。', '请给出整数，例如 4。'],
  },
  'registry.url_missing': {
    en: [
      'The registry of this workspace is on PostgreSQL, and {name} does not say where.',
      'Set {name}=postgres://USER:PASSWORD@HOST/DATABASE: it holds a password, so it is in no file.',
    ],
    zh: [
      '本工作区的登记库在 PostgreSQL 上，但未设置 {name}。',
      '请设置 {name}=postgres://用户:密码@主机/数据库；其中含密码，故不写入任何文件。',
    ],
  },
  'package.missing': {
    en: ['The package {name} is not installed.', 'Install it beside gradecert: npm install {name}'],
    zh: ['未安装软件包 {name}。', '请与 gradecert 一同安装：npm install {name}'],
  },
  'batch.worker_failed': {
    en: [
      'A thread could not sign ({what}).',
      'Run again with --concurrency 1: nothing is issued twice. Report what it says then.',
    ],
    zh: ['签名线程出错（{what}）。', '请用 --concurrency 1 重新运行，不会重复签发；并反馈其输出。'],
  },
  'batch.worker_lost': {
    en: [
      'A thread ended before its work was done.',
      'Run again, with --concurrency 1 if memory is short: nothing is issued twice.',
    ],
    zh: ['工作线程在完成前意外终止。', '请重新运行；如内存不足请用 --concurrency 1，不会重复签发。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>
