/** The commands of whoever judges certificates: their words, their options, where they live. */
import type { CommandKit, Program } from './command-kit.ts'
import { addJudgingOptions } from './judging-options.ts'

const byBatch = [
  '--by-batch',
  "take the issuer's signature over a whole batch for each of its certificates / 以整批签名代替逐张验签",
] as const

const concurrency = [
  '--concurrency <threads>',
  'threads that judge; those of the machine / 验证线程数',
] as const

export function addVerifyCommands(program: Program, { add, act, collect }: CommandKit): void {
  const verify = add(
    program,
    'verify <inputs...>',
    'judge certificates in files, folders, zips, or - / 验证证书',
  )
  addJudgingOptions(verify, collect)
    .option(...byBatch)
    .option('--online', 'fetch what is missing / 联网获取缺失的证据')
    .option('--any', 'any credential, whoever issued it / 任何可验证凭证，不问签发者')
    .option('--challenge <text>', 'what you drew for the holder who presents / 出示挑战值')
    .option('--domain <name>', 'your own name in a presentation; may be repeated / 您的名称', collect, [])
    .option('--name <name>', 'whose it should be, where the policy matches names / 期望的姓名')
    .option('--id-number <number>', 'the same by ID number / 期望的证件号码')
    .option('--explain', 'show every step with digests, keys and bytes / 显示每一步的依据')
    .option('--record <file>', 'keep reports for `replay`, one a line / 保存报告')
    .option('--receipt-key <file>', 'sign each of them as a receipt / 以此密钥签署回执')
    .option('--export <format:file>', 'junit, sarif, csv or html; may be repeated / 导出', collect, [])
    .action(act(async () => (await import('./verify.ts')).verify))
  const screen = add(
    program,
    'screen <inputs...>',
    'judge many against a roster: one row a person / 名册筛查',
  )
  addJudgingOptions(screen, collect)
    .option(...byBatch)
    .option(...concurrency)
    .requiredOption('--roster <file>', 'CSV: name, ID number, claimed grade / 名册')
    .option('--csv <file>', 'one row a person / 导出 CSV')
    .option('--html <file>', 'the same as a page / 导出网页')
    .option('--watch <file>', 'remember statuses, report what changed since / 监测状态变化')
    .action(act(async () => (await import('./screen.ts')).screenCommand))
  const report = add(
    program,
    'report [inputs...]',
    'counts by agency, occupation, grade and month / 统计报表',
  )
  addJudgingOptions(report, collect)
    .option('--plan <file>', 'what is to be reached / 计划文件')
    .option('--since <date>', 'first day of award / 起始日')
    .option('--until <date>', 'last day of award / 截止日')
    .option('--csv <file>', 'the counts as CSV / 导出 CSV')
    .option('--svg <file>', 'a chart by month / 导出图表')
    .action(act(async () => (await import('./report.ts')).report))
  const replay = add(program, 'replay <record> <inputs...>', 'make kept reports again and compare / 重放报告')
  addJudgingOptions(replay, collect).action(act(async () => (await import('./replay.ts')).replayRecords))
  add(program, 'gather [inputs...]', 'fetch what verification will need / 收集验证证据')
    .option('--out <file>', 'evidence file; the one that is renewed / 证据文件')
    .option('--refresh <file>', 'evidence to renew where it is stale / 更新已有证据')
    .option('--from <file>', 'evidence to take over; may be repeated / 并入的证据', collect, [])
    .option('--trust <file>', 'lists to take in, not their roots / 并入信任列表（不含根）', collect, [])
    .option('--anchor <file>', 'anchors to take in / 并入存证文件', collect, [])
    .option('--chains <file>', 'a state of logs and chains to carry / 并入日志与链状态文件')
    .option('--offline', 'ask nobody / 不联网')
    .action(act(async () => (await import('./gather.ts')).gather))
  add(program, 'page <out>', 'write the verifier page as one file / 生成离线核验页面')
    .option('--trust <file>', 'whom it trusts; may be repeated / 内置信任列表', collect, [])
    .option('--evidence <file>', 'evidence inside; may be repeated / 内置证据', collect, [])
    .option('--chains <file>', 'logs and chains to judge anchors by / 内置日志与链状态文件')
    .option('--policy <file>', 'what it asks for / 内置验证策略')
    .option('--empty', 'nothing of the workspace / 不含工作区内容')
    .action(act(async () => (await import('./page.ts')).page))
  add(
    program,
    'inspect <file>',
    'what evidence or a trust file holds, and until when / 查看证据或信任文件',
  ).action(act(async () => (await import('./inspect.ts')).inspect))
  add(program, 'policy <file>', 'check a policy file and give its digest / 检查验证策略').action(
    act(async () => (await import('./policy.ts')).checkPolicy),
  )
}
