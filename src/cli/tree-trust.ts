/** The commands on trust lists: their words, their options, where they live. */
import type { CommandKit, Program } from './command-kit.ts'

export function addTrustCommands(program: Program, { add, act, collect }: CommandKit): void {
  const trust = program.command('trust').description('trust lists of supervising authorities / 信任列表')
  add(trust, 'build', 'a draft that names this agency and its keys / 生成草稿')
    .requiredOption('--out <file>', 'draft / 草稿文件')
    .option('--from <date>', 'first day of award / 起始日')
    .option('--until <date>', 'last day of award / 截止日')
    .action(act(async () => (await import('./trust.ts')).buildTrust))
  add(trust, 'delegate', 'a draft that lets another authority list agencies / 授权草稿')
    .requiredOption('--name <name>', 'name of the authority / 授权单位名称')
    .option('--name-en <name>', 'its English name / 英文名称')
    .requiredOption('--key <key>', 'its public key: a Multikey or a did:key / 公钥')
    .option('--id <did>', 'its DID, where it is not that key / 标识')
    .option('--occupation <code>', 'what it may give; all; may be repeated / 职业编码', collect, [])
    .option('--grade <grade>', 'junior, intermediate, senior; all / 等级', collect, [])
    .option('--region <code>', 'ISO 3166-2; everywhere / 地区')
    .option('--from <date>', 'first day of award / 起始日')
    .option('--until <date>', 'last day of award / 截止日')
    .option('--publishes <url>', 'the id of its list; a random URN / 列表标识')
    .requiredOption('--out <file>', 'draft / 草稿文件')
    .action(act(async () => (await import('./trust.ts')).delegateTrust))
  add(trust, 'sign [drafts...]', 'sign drafts as authority: the next number of its list / 签署')
    .requiredOption('--key <file>', "the authority's key file / 主管机构密钥")
    .requiredOption('--out <file>', 'trust file / 信任文件')
    .option('--previous <file>', 'the list so far, whose entries stay / 现有列表')
    .option('--parent <file>', 'of a delegate: the list that lets it sign / 上级列表')
    .option('--remove <did>', 'who may no longer award; may be repeated / 移出', collect, [])
    .option('--on <date>', 'their last day; today / 移出日期')
    .option('--days <days>', 'days for which it counts / 有效天数', '90')
    .option('--next-days <days>', 'days until the next number is due / 下次更新天数')
    .action(act(async () => (await import('./trust.ts')).signTrust))
  add(trust, 'check <file>', 'what a trust file says / 检查').action(
    act(async () => (await import('./trust.ts')).checkTrust),
  )
}
