/** The command line as a function: arguments and a world in, an exit code out. Commands load what they need when called. */
import { version } from '../base/version.ts'
import type { Call, Command, CommonOptions } from './command.ts'
import { CommanderError, type CommandKit, Option, Program } from './command-kit.ts'
import type { Io } from './io.ts'
import { exitCodes, reportError, voiceOf } from './output.ts'
import { addAnchorCommands } from './tree-anchor.ts'
import { addChainCommands } from './tree-chain.ts'
import { addKeyCommands } from './tree-keys.ts'
import { addLogCommands } from './tree-log.ts'
import { addPictureCommands } from './tree-pictures.ts'
import { addRenderCommands } from './tree-render.ts'
import { addSuccessionCommands } from './tree-succession.ts'
import { addTrustCommands } from './tree-trust.ts'
import { addVerifyCommands } from './tree-verify.ts'

/** Runs one command. Never throws; what went wrong is said on `io.err`. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCodes.fine
  const program = commandTree(io, (result) => {
    code = result
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage
    const lang = argv[argv.indexOf('--lang') + 1]
    return reportError(error, io, voiceOf(io, { lang: argv.includes('--lang') ? lang : undefined }).language)
  }
}

/** One row per command: its words, its options, where it lives. */
function commandTree(io: Io, done: (code: number) => void): Program {
  const act =
    <Options, Arguments extends readonly unknown[]>(load: () => Promise<Command<Options, Arguments>>) =>
    async (...given: unknown[]): Promise<void> => {
      const command = given.at(-1) as Program
      const options = command.optsWithGlobals() as Options & CommonOptions
      const call: Call<Options> = { io, options, voice: voiceOf(io, options) }
      const run = await load()
      done(await run(call, ...(command.processedArgs as unknown as Arguments)))
    }
  const common = (command: Program): Program =>
    command
      .option('--json', 'one JSON value a line / 每行一个 JSON')
      .option('--quiet', 'say nothing but errors / 仅输出错误')
      .addOption(new Option('--lang <language>', 'language / 语言').choices(['zh', 'en']))
      .option('--dir <folder>', 'the workspace / 工作目录', '.')
      .option('--at <instant>', 'the clock: 2026-03-01T09:00:00Z or 2026-03-01 / 时钟')
  const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

  const algorithmOption = (): Option =>
    new Option('--algorithm <algorithm>', 'of the key / 密钥算法')
      .choices(['Ed25519', 'P-256', 'P-384'])
      .default('Ed25519')

  const program = new Program('gradecert')
    .description(
      'Professional technical grade certificates, issued and verified offline / 专业技术等级证书的签发与离线验证',
    )
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('(--help shows how / 使用 --help 查看用法)')
  const add = (parent: Program, usage: string, description: string): Program =>
    common(parent.command(usage).description(description))

  add(program, 'init [dir]', 'make an issuing workspace / 建立签发工作目录')
    .requiredOption('--name <name>', 'name of the agency / 机构名称')
    .option('--name-en <name>', 'its English name / 英文名称')
    .option('--did <did>', 'key, or web:HOST[:PATH] / 机构标识', 'key')
    .addOption(algorithmOption())
    .option('--agency-code <code>', 'four characters of certificate numbers / 机构代码')
    .option('--uscc <code>', 'unified social credit code / 统一社会信用代码')
    .option('--region <code>', 'ISO 3166-2 region / 地区', 'CN-BJ')
    .option('--from <date>', 'first day of award that the trial list recognises / 试用列表起始日')
    .addOption(
      new Option(
        '--registry <kind>',
        'a file of the workspace, or PostgreSQL at GRADECERT_REGISTRY / 登记库：文件或 PostgreSQL',
      ).choices(['postgres']),
    )
    .addOption(
      new Option(
        '--status-entries <count>',
        'certificates that a status list has room for / 每个状态列表的容量',
      ).choices(['131072', '262144', '524288', '1048576']),
    )
    .action(act(async () => (await import('./init.ts')).init))
  add(program, 'check <results...>', 'say what would be issued / 检查成绩，不签发')
    .option('--allow-partial', 'judge the whole records of a file that is cut off / 允许不完整文件')
    .option('--fixes <file>', 'write rejected and held rows as CSV / 导出需更正的记录')
    .action(act(async () => (await import('./check.ts')).check))
  add(program, 'issue <results...>', 'issue what check would issue / 签发证书')
    .option(
      '--out <path>',
      'folder, or one file *.jsonl or *.zip; out/ in the workspace / 输出目录，或单个 jsonl、zip 文件',
    )
    .option('--awarded <date>', 'legal date of award; today / 发证日期')
    .option('--allow-partial', 'issue the whole records of a file that is cut off / 允许不完整文件')
    .option('--with-scores', 'show the scores in the badge / 证书中包含成绩')
    .option('--holder-keys <file>', "JSON: admission number to the holder's public key / 持有人公钥")
    .option('--anchor <name>', 'anchor them at once, as set up by `anchor add` / 同时存证', collect, [])
    .option('--notices <folder>', 'also write notices to those without certificate / 同时生成未通过通知')
    .option('--concurrency <threads>', 'threads that sign; those of the machine / 签名线程数')
    .option(
      '--max-errors <count>',
      'issue nothing where more are rejected or held / 退回或待定超过此数则不签发',
    )
    .option('--queue', 'have them signed by `gradecert worker`, on any machine / 交由多台机器签署')
    .option('--lease <seconds>', 'until a silent worker loses its job; 30 / 工作进程失联多久后改派')
    .option('--no-wait', 'with --queue: leave, and run it again later / 放入队列后即退出')
    .addOption(
      new Option('--form <form>', 'badge, SD-JWT with hidden ID number and scores, or both / 证书形式')
        .choices(['badge', 'sd-jwt', 'both'])
        .default('badge'),
    )
    .addOption(
      new Option(
        '--suite <suite>',
        'how a badge is signed; the RDFC suite of the key / 徽章签名套件',
      ).choices([
        'eddsa-rdfc-2022',
        'eddsa-jcs-2022',
        'ecdsa-rdfc-2019',
        'ecdsa-jcs-2019',
        'vc+jwt',
        'badge-jwt',
      ]),
    )
    .action(act(async () => (await import('./issue.ts')).issue))
  add(program, 'worker', 'sign what `issue --queue` handed over, until stopped / 签署队列中的证书')
    .option('--concurrency <threads>', 'threads that sign; those of the machine / 签名线程数')
    .option('--until-empty', 'end when all is signed / 全部签署后结束')
    .option('--once', 'end after one job / 完成一项任务后结束')
    .option(
      '--patience <seconds>',
      'for which a lost database is sought again / 数据库失联时的重试时长',
      '60',
    )
    .option('--status', 'say where the queue stands instead / 仅显示队列状态')
    .option('--retry-dead', 'put what was put aside back into the queue instead / 重新处理搁置的任务')
    .action(act(async () => (await import('./worker.ts')).worker))
  add(program, 'present <file>', 'show some fields of an SD-JWT certificate / 选择性出示')
    .option('--disclose <field>', 'name, id_number, …; may be repeated / 披露的字段', collect, [])
    .option('--key <file>', "the holder's key file / 持有人密钥")
    .option('--challenge <text>', 'what the verifier asked with / 验证方的挑战值')
    .option('--domain <name>', 'who asked / 验证方名称')
    .option('--out <file>', 'where it goes; standard output / 输出文件')
    .action(act(async () => (await import('./present.ts')).present))
  add(
    program,
    'code [numbers...]',
    'the code that a paper carries: verifies without the file / 纸质证书二维码',
  )
    .option('--all', 'of every certificate that counts / 全部有效证书')
    .option('--link <url>', 'as a link to a page that verifies, https://HOST/verify / 生成链接形式')
    .option('--out <dir>', 'write each as text and picture / 输出目录')
    .action(act(async () => (await import('./code.ts')).code))
  for (const [kind, description] of [
    ['revoke', 'revoke for good / 撤销'],
    ['suspend', 'suspend until reinstated / 暂停'],
    ['reinstate', 'end a suspension / 恢复'],
  ] as const) {
    add(program, `${kind} <number>`, description)
      .requiredOption('--reason <code>', 'code of the status reasons / 原因代码')
      .action(act(async () => (await import('./change-status.ts')).changeStatusCommand(kind)))
  }
  add(program, 'publish [folder]', 'write the static site and evidence.json / 发布').action(
    act(async () => (await import('./publish.ts')).publish),
  )
  add(program, 'serve', 'answer over HTTP until stopped / 启动 HTTP 服务')
    .option('--host <host>', 'address to listen at / 监听地址', '127.0.0.1')
    .option('--port <port>', '0 takes any that is free / 端口', '8080')
    .option('--token-file <file>', 'who may issue: a bearer token a line, chmod 600 / 令牌文件')
    .option('--open', 'anybody on this machine may issue / 本机任何人可签发')
    .option('--tls-cert <file>', 'certificates, PEM / TLS 证书')
    .option('--tls-key <file>', 'its key, PEM / TLS 私钥')
    .option('--trust <file>', "the authority's trust file / 信任文件", collect, [])
    .option('--evidence <file>', 'what the agency publishes for verifiers / 证据文件', collect, [])
    .option('--online', 'fetch what is missing / 联网获取缺失的证据')
    .option('--chains <file>', 'what you trust of logs and chains / 日志与链状态文件')
    .option('--body-limit <bytes>', 'largest request; 1048576 / 请求体上限')
    .action(act(async () => (await import('./serve.ts')).serve))

  const kit: CommandKit = { add, act, collect }
  addVerifyCommands(program, kit)
  addKeyCommands(program, { ...kit, algorithmOption })
  addTrustCommands(program, kit)
  addLogCommands(program, kit)
  addChainCommands(program, kit)
  addAnchorCommands(program, kit)
  addSuccessionCommands(program, kit)
  addRenderCommands(program, kit)
  addPictureCommands(program, kit)
  return program
}
