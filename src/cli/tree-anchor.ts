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
  add(anchor, 'batch', 'sign what was issued since as a whole, for screening / 整批签名，便于批量筛查')
    .option('--from <folder>', 'certificates; out/ in the workspace / 证书文件夹')
    .action(act(async () => (await import('./anchor.ts')).signBatches))
  add(anchor, 'upgrade', 'take what waits as far as it goes / 更新等待中的存证')
    .option('--proof <file>', 'transaction or proof from your wallet / 钱包给出的交易或证明', collect, [])
    .option('--from <folder>', 'certificates; out/ in the workspace / 证书文件夹')
    .option('--chains <file>', 'put aside what is in no block of these / 链状态文件')
    .action(act(async () => (await import('./anchor.ts')).upgradeAnchors))
  add(anchor, 'export', 'write the anchors for holders / 导出存证文件')
    .option('--from <folder>', 'certificates; out/ in the workspace / 证书文件夹')
    .option('--out <folder>', 'where they go, or a .jsonl file; beside the certificates / 输出位置')
    .option('--embed', 'copies of certificates with the anchor inside / 将存证嵌入证书副本')
    .action(act(async () => (await import('./anchor.ts')).exportAnchors))
  add(
    anchor,
    'inspect <file>',
    'what a bundle, .ots, .tlog-proof, BUMP, BEEF or transaction says / 查看存证文件',
  )
    .option('--chains <file>', 'judge it by these / 据此判断')
    .action(act(async () => (await import('./anchor-files.ts')).inspectAnchor))
  add(anchor, 'convert <file>', 'an anchor in the format of another tool, or back / 转换存证格式')
    .option('--to <format>', 'ots, tlog-proof or preimage, out of a bundle / 目标格式')
    .option('--into <bundle>', 'add it to this bundle / 加入该存证文件')
    .option('--transaction <file>', 'what a BUMP or a branch is of / 对应的交易')
    .option('--chain <id>', 'the chain of it / 所在链')
    .requiredOption('--out <file>', 'where it goes / 输出文件')
    .action(act(async () => (await import('./anchor-files.ts')).convertAnchor))
  add(anchor, 'transaction <batch>', 'what your wallet is to sign for Bitcoin or BSV / 生成待签名交易')
    .requiredOption('--to <name>', 'as set up by `anchor add --bitcoin` / 存证名称')
    .option('--input <txid:vout:sats:script>', 'what pays; may be repeated / 输入', collect, [])
    .option('--change <script>', 'hex of the script that takes the change / 找零脚本')
    .option('--fee <sats>', 'satoshi / 手续费', '500')
    .option('--psbt', 'as a PSBT / 以 PSBT 输出')
    .action(act(async () => (await import('./anchor-files.ts')).anchorTransaction))
  add(anchor, 'key', 'a new key that pays on an EVM chain / 新建支付密钥')
    .requiredOption('--out <file>', 'a new file, readable by you alone / 输出文件')
    .action(act(async () => (await import('./anchor-files.ts')).makeAnchorKey))
}
