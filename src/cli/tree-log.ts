/** The commands of `log` and `witness`: logs of commitments, and who co-signs them. */
import type { CommandKit, Program } from './command-kit.ts'

export function addLogCommands(program: Program, { add, act, collect }: CommandKit): void {
  const log = program.command('log').description('a transparency log of your own / 自有透明日志')
  add(log, 'init <folder>', 'make one / 新建')
    .requiredOption('--origin <name>', 'its name, such as log.agency.example/anchors / 日志名称')
    .action(act(async () => (await import('./log.ts')).initLog))
  add(log, 'append <folder> <hex...>', 'append commitments of 32 bytes / 写入承诺值').action(
    act(async () => (await import('./log.ts')).appendToLog),
  )
  add(log, 'publish <folder>', 'show its head, once witnesses signed / 经见证后公开检查点')
    .requiredOption('--policy <file>', 'which witnesses are enough, a tlog-policy / 见证方策略文件')
    .option('--witness <url>', 'may be repeated / 见证方地址', collect, [])
    .action(act(async () => (await import('./log.ts')).publishLog))
  add(log, 'prove <folder> <index>', 'the proof of one entry, a .tlog-proof / 导出记录的证明')
    .requiredOption('--out <file>', 'where it goes / 输出文件')
    .action(act(async () => (await import('./log.ts')).proveInLog))
  add(
    log,
    'check <place>',
    'that a log, in a folder or at an address, continues an old head / 检查日志连续性',
  )
    .requiredOption('--since <checkpoint>', 'a head that you kept / 此前保存的检查点')
    .requiredOption('--policy <file>', 'who has to have signed both / 见证方策略文件')
    .action(act(async () => (await import('./log.ts')).checkLog))

  const witness = program.command('witness').description('co-sign logs of others / 为他人日志作见证')
  add(witness, 'init <folder>', 'make one / 新建')
    .requiredOption('--name <name>', 'its name, such as witness.example.org / 见证方名称')
    .action(act(async () => (await import('./witness.ts')).initWitness))
  add(witness, 'serve <folder>', 'sign over HTTP until stopped / 启动见证服务')
    .option('--log <vkey>', 'a log that it follows; may be repeated / 日志公钥', collect, [])
    .option('--host <host>', 'address to listen at / 监听地址', '127.0.0.1')
    .option('--port <port>', '0 takes any that is free / 端口', '8080')
    .action(act(async () => (await import('./witness.ts')).serveWitness))
}
