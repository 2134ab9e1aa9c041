/** The commands of `anchor`: batches of certificates and their proofs of time. */
import type { CommandKit, Program } from './command-kit.ts'

export function addAnchorCommands(program: Program, { add, act, collect }: CommandKit): void {
  const anchor = program
    .command('anchor')
    .description('prove by when certificates were signed / 证明证书的签署时间')
  add(anchor, 'add <name>', 'set up a log or chain to anchor in / 设置存证日志或区块链')
    .option('--log <folder>', 'a log of your own, made by `log init` / 自有日志文件夹')
    .option('--policy <file>', 'which witnesses are enough, a tlog-policy / 见证方策略文件')
    .option('--witness <url>', 'who co-signs the log; may be repeated / 见证方地址', collect, [])
    .option('--calendar <url>', 'OpenTimestamps calendar; may be repeated / 日历服务', collect, [])
    .option('--minimum <count>', 'calendars that must answer; 1 / 至少应答的日历数')
    .option('--rpc <url>', 'node of an EVM chain / EVM 节点地址')
    .option('--chain <id>', 'its CAIP-2 id, such as eip155:1 / 链标识')
    .option('--key <file>', 'key that pays there, made by `anchor key` / 支付密钥文件')
    .option('--depth <blocks>', 'blocks that make it final, where the chain does not say / 最终确认深度')
    .option('--bitcoin <chain>', 'CAIP-2 id of BTC or BSV; your wallet signs / 由您的钱包签名')
    .action(act(async () => (await import('./anchor.ts')).addAnchor))
  add(anchor, 'list', 'what is set up, and where batches stand / 列出设置与批次状态').action(
    act(async () => (await import('./anchor.ts')).listAnchors),
  )
  add(anchor, 'submit', 'anchor what was issued since / 为新签发的证书存证')
    .option('--to <name>', 'as set up by `anchor add`; may be repeated / 存证名称', collect, [])
    .option('--from <folder>', 'certificates; out/ in the workspace / 证书文件夹')
    .action(act(async () => (await import('./anchor.ts')).submitAnchors))
  add(anchor, 'upgrade', 'take what waits as far as it goes / 更新等待中的存证')
    .option('--proof <file>', 'transaction or proof from your wallet / 钱包给出的交易或证明', collect, [])
    .action(act(async () => (await import('./anchor.ts')).upgradeAnchors))
  add(anchor, 'export', 'write the anchors for holders / 导出存证文件')
    .option('--from <folder>', 'certificates; out/ in the workspace / 证书文件夹')
    .option('--out <folder>', 'where they go, or a .jsonl file; beside the certificates / 输出位置')
    .option('--embed', 'copies of certificates with the anchor inside / 将存证嵌入证书副本')
    .action(act(async () => (await import('./anchor.ts')).exportAnchors))
}
