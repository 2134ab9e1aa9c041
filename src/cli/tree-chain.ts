/** The commands of `chain`: what a verifier trusts of chains. */
import type { CommandKit, Program } from './command-kit.ts'

export function addChainCommands(program: Program, { add, act }: CommandKit): void {
  const chain = program
    .command('chain')
    .description('what you trust of logs and chains / 您信任的日志与区块链状态')
  add(chain, 'init <file>', 'an empty state / 新建空状态文件').action(
    act(async () => (await import('./chain.ts')).initChains),
  )
  add(
    chain,
    'logs <file> <policy>',
    'trust logs and witnesses by a tlog-policy / 设置日志与见证方策略',
  ).action(act(async () => (await import('./chain.ts')).setLogPolicy))
  add(
    chain,
    'add-headers <file> <chain> <headers>',
    'headers, checked by the rules of the chain / 添加区块头',
  )
    .requiredOption('--start <height>', 'height of the first / 第一个的高度')
    .action(act(async () => (await import('./chain.ts')).addHeaders))
  add(chain, 'add-block <file> <chain> <height> <hash> [time]', 'a block that you trust / 添加信任的区块')
    .option('--min-depth <blocks>', 'blocks from an anchor to the last known / 最小深度')
    .option('--test', 'a chain for tests / 测试链')
    .action(act(async () => (await import('./chain.ts')).addBlock))
  add(chain, 'trust-notes <file> <vkeys...>', 'whose notes on blocks count / 指定签注方')
    .requiredOption('--quorum <count>', 'how many of them / 所需数量')
    .action(act(async () => (await import('./chain.ts')).trustNotes))
  add(chain, 'add-note <file> <note>', 'a note that enough of them signed / 添加签注').action(
    act(async () => (await import('./chain.ts')).addNote),
  )
  add(chain, 'sign <file>', 'vouch for its blocks / 签署区块状态')
    .requiredOption('--key <file>', 'an Ed25519 key file / 密钥文件')
    .requiredOption('--name <name>', 'who signs, such as chains.example.org / 签署方名称')
    .requiredOption('--out <note>', 'the note / 签注文件')
    .action(act(async () => (await import('./chain.ts')).signChains))
  add(chain, 'check <file>', 'check everything in it again / 重新检查全部内容').action(
    act(async () => (await import('./chain.ts')).checkChains),
  )
}
