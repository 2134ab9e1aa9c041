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
  'batch.queue_needs_postgres': {
    en: [
      'This workspace keeps its registry in a file, which one machine has to itself.',
      'Make the workspace with `init --registry postgres` to issue from several machines.',
    ],
    zh: [
      '本工作区的登记库是本机文件，不能由多台机器共用。',
      '如需多台机器签发，请用 `init --registry postgres` 建立工作区。',
    ],
  },
  'batch.worker_of_another_key': {
    en: [
      'This machine would sign with another key, or with other settings, than the batch asks for.',
      'Copy the folder of the workspace (gradecert.json and keys/) from the machine that issues, and start again.',
    ],
    zh: [
      '本机的密钥或设置与该批次要求的不一致。',
      '请从签发机器复制工作区文件夹（gradecert.json 与 keys/），然后重新启动。',
    ],
  },
  'batch.queue_of_other_version': {
    en: [
      'The queue is of format {theirs}, and this version reads format {ours}: its jobs are left alone.',
      'Install the same version of gradecert on every machine.',
    ],
    zh: [
      '队列格式为 {theirs}，本版本只处理格式 {ours}，因此未处理任何任务。',
      '请在所有机器上安装相同版本的 gradecert。',
    ],
  },
  'batch.dead_letters': {
    en: [
      '{count} certificates could not be signed ({codes}), so nothing was written.',
      '`gradecert worker --status` names them; once the reason is gone, `gradecert worker --retry-dead`, then this command again.',
    ],
    zh: [
      '有 {count} 张证书无法签署（{codes}），因此未写出任何文件。',
      '用 `gradecert worker --status` 查看；排除原因后运行 `gradecert worker --retry-dead`，再重新运行本命令。',
    ],
  },
  'batch.entry_altered': {
    en: [
      'The registry says something else of a certificate than when it was handed over to be signed.',
      'Find out who writes to the database. What this machine settled can be restored from a copy.',
    ],
    zh: ['登记库中的证书内容与交付签署时不一致。', '请查明谁修改了数据库，并从备份恢复该记录。'],
  },
  'batch.entry_unreadable': {
    en: ['An entry of the registry cannot be read.', 'Restore it from a copy of the database.'],
    zh: ['登记库中有一条记录无法读取。', '请从数据库备份恢复。'],
  },
  'batch.job_malformed': {
    en: [
      'A job in the queue is none of ours.',
      'Find out who else writes to the queue, and remove its job from the database.',
    ],
    zh: ['队列中有一项不属于本程序的任务。', '请查明谁写入了队列，并从数据库中删除该任务。'],
  },
  'batch.job_lost': {
    en: [
      'Every machine that took this job went silent before it was done.',
      'Look at what ends the workers (memory, time), then `gradecert worker --retry-dead`.',
    ],
    zh: [
      '领取该任务的机器都在完成前失去响应。',
      '请检查工作进程终止的原因（内存、超时），然后运行 `gradecert worker --retry-dead`。',
    ],
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
  'batch.judge_failed': {
    en: [
      'A thread could not judge what it was handed ({what}).',
      'Nothing is said of the certificates from there on: run again with --concurrency 1, and report what it says then.',
    ],
    zh: ['验证线程出错（{what}）。', '此后的证书均未得出结论：请用 --concurrency 1 重新运行，并反馈其输出。'],
  },
  'batch.judge_lost': {
    en: [
      'A thread ended before it had judged all that it was handed.',
      'Nothing is said of the certificates from there on: run again, with --concurrency 1 if memory is short.',
    ],
    zh: [
      '验证线程在完成前意外终止。',
      '此后的证书均未得出结论：请重新运行；如内存不足请用 --concurrency 1。',
    ],
  },
} as const satisfies Readonly<Record<string, Explanation>>
