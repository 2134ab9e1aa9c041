/** The options of commands that judge. */
import type { Program } from './command-kit.ts'

export interface JudgingOptions {
  readonly trust: readonly string[]
  readonly root: readonly string[]
  readonly evidence: readonly string[]
  readonly policy?: string
  readonly state?: string
  readonly type: readonly string[]
  readonly chains?: string
  readonly anchor: readonly string[]
  readonly requireAnchor: readonly string[]
  readonly testChains?: boolean
}

/** The options of such a command. */
export const addJudgingOptions = (
  command: Program,
  collect: (value: string, before: readonly string[]) => readonly string[],
): Program =>
  command
    .option('--trust <file>', "the authority's trust file / 信任文件", collect, [])
    .option(
      '--root <key>',
      'trust this root alone: did:key, Multikey or thumbprint / 仅信任此根',
      collect,
      [],
    )
    .option('--evidence <file>', 'what was gathered, or the agency publishes / 证据文件', collect, [])
    .option('--policy <file>', 'what you want of a certificate / 验证策略文件')
    .option('--state <file>', 'remember the lists seen, refuse older ones / 记住已见列表')
    .option('--type <type>', 'grade, notice or training; grade / 接受的证书类型', collect, [])
    .option(
      '--chains <file>',
      'what you trust of logs and chains; sha256:DIGEST of one in the evidence / 日志与链状态',
    )
    .option('--anchor <file>', 'anchors that are not beside the certificate / 存证文件', collect, [])
    .option(
      '--require-anchor <name>',
      'any, log, bitcoin, bsv, ethereum or a CAIP-2 id / 要求的存证',
      collect,
      [],
    )
    .option('--test-chains', 'count anchors in chains for tests / 接受测试链上的存证')
