/** The codes of anchoring: of logs, witnesses, chains and their files. */
import type { Explanation } from './message.ts'

export const anchoringErrors = {
  'anchor.endpoint_failed': {
    en: [
      '{url} did not answer as it should ({fault}: {what}).',
      'Nothing is lost: run the same command again when it can be reached.',
    ],
    zh: ['{url} 未正确应答（{fault}：{what}）。', '数据未丢失：待其恢复后重新运行同一命令即可。'],
  },
  'anchor.setting_refused': {
    en: [
      'The anchor {name} cannot be set up so ({what}).',
      'Give lower-case letters and digits as its name, https addresses, and the CAIP-2 id of a chain.',
    ],
    zh: [
      '无法如此设置存证 {name}（{what}）。',
      '名称请用小写字母和数字，地址请用 https，链请用 CAIP-2 标识。',
    ],
  },
  'anchor.unknown': {
    en: [
      'There is no anchor {name} in this workspace.',
      'Set it up with `gradecert anchor add`; `gradecert anchor list` shows what there is.',
    ],
    zh: [
      '此工作目录中没有名为 {name} 的存证。',
      '请用 `gradecert anchor add` 设置；`gradecert anchor list` 可列出已有的。',
    ],
  },
  'anchor.embed_in_place': {
    en: [
      'Certificates with their anchors inside cannot be written over those without.',
      'Give another folder with --out.',
    ],
    zh: ['不能用内嵌存证的证书覆盖原证书。', '请用 --out 指定另一个文件夹。'],
  },
  'chain.headers_refused': {
    en: [
      'Block {height} of {chain} cannot be added ({fault}).',
      'Pin a block that you know with `chain add-block`, and give headers of that chain without a gap.',
    ],
    zh: [
      '无法添加 {chain} 的区块 {height}（{fault}）。',
      '请先用 `chain add-block` 固定一个已知区块，并提供该链连续的区块头。',
    ],
  },
  'chain.value_malformed': {
    en: [
      '{name} cannot be {text}.',
      'Give a height or time in decimal, a chain as CAIP-2 id such as eip155:1.',
    ],
    zh: ['{name} 不能是 {text}。', '高度和时间请用十进制，链请用 CAIP-2 标识（如 eip155:1）。'],
  },
  'log.exists': {
    en: ['There is a log in {folder} already.', 'Use it, or name another folder.'],
    zh: ['{folder} 中已有日志。', '请直接使用，或指定其他文件夹。'],
  },
  'log.not_found': {
    en: ['There is no log in {folder}.', 'Make one with `gradecert log init`, or name its folder.'],
    zh: ['{folder} 中没有日志。', '请用 `gradecert log init` 新建，或指定其文件夹。'],
  },
  'log.origin_malformed': {
    en: [
      '{origin} cannot name a log or witness.',
      'Give a name without spaces and plus signs, such as log.agency.example/anchors.',
    ],
    zh: [
      '{origin} 不能作为日志或见证方的名称。',
      '请使用不含空格和加号的名称，如 log.agency.example/anchors。',
    ],
  },
  'log.none_to_witness': {
    en: ['A witness needs to know which logs it may sign for.', 'Give the key of each with --log.'],
    zh: ['见证方须知道可为哪些日志签署。', '请用 --log 提供每个日志的公钥。'],
  },
  'log.entry_too_long': {
    en: ['An entry of {bytes} bytes is too long for a log.', 'Append its SHA-256 in its place.'],
    zh: ['{bytes} 字节的记录对日志而言过长。', '请改为写入其 SHA-256 值。'],
  },
  'log.damaged': {
    en: [
      'The log in {folder} does not hold what it signed ({what}).',
      'Append nothing more. Put back a copy of the whole folder that is as new as the head that readers and witnesses hold; without one begin a new log under another name.',
    ],
    zh: [
      '{folder} 中的日志与其签署的内容不符（{what}）。',
      '请勿继续写入。请恢复不早于读者和见证方所持检查点的完整副本；若没有，请以其他名称新建日志。',
    ],
  },
  'log.head_refused': {
    en: ['That is no head of the log in {folder}.', 'Publish what the log itself signed.'],
    zh: ['该文件不是 {folder} 中日志签署的检查点。', '请发布日志自身签署的检查点。'],
  },
  'log.witness_unknown': {
    en: ['There is no witness in {folder}.', 'Make one with `gradecert witness init`, or name its folder.'],
    zh: ['{folder} 中没有见证方。', '请用 `gradecert witness init` 新建，或指定其文件夹。'],
  },
  'file.locked': {
    en: [
      'Another process has been writing there for long ({path}).',
      'Wait for it, or end it; then run this again.',
    ],
    zh: ['另一进程长时间占用写入（{path}）。', '请等待或结束该进程后重试。'],
  },
  'anchor.package_absent': {
    en: ['The package {package} is not installed.', 'Install it beside gradecert: npm install {package}.'],
    zh: ['未安装软件包 {package}。', '请与 gradecert 一起安装：npm install {package}。'],
  },
  'anchor.receipt_malformed': {
    en: [
      'The receipt of a submission is not one that was written here ({what}).',
      'Give it as it was kept, with the configuration that it was started with.',
    ],
    zh: ['提交凭据并非由本程序写出（{what}）。', '请提供原样保存的凭据，并使用提交开始时的配置。'],
  },
  'anchor.chain_differs': {
    en: [
      'The chain is {found} and not {configured}.',
      'Name the chain that the node is of, or another node.',
    ],
    zh: ['实际的链为 {found}，而非 {configured}。', '请填写该节点所属的链，或更换节点。'],
  },
  'anchor.cost_above_limit': {
    en: [
      'The transaction would cost up to {cost}, and {limit} is the most it may (in the smallest unit).',
      'Nothing was sent. Wait until fees fall, or allow more.',
    ],
    zh: [
      '该交易最多需花费 {cost}，超过上限 {limit}（最小单位）。',
      '尚未发送任何内容。请等待费用下降，或提高上限。',
    ],
  },
  'anchor.evm_secret_malformed': {
    en: ['The secret key is none of secp256k1.', 'Give the 32 bytes of the account’s secret key.'],
    zh: ['该私钥不是 secp256k1 私钥。', '请提供该账户 32 字节的私钥。'],
  },
  'anchor.evm_signature_differs': {
    en: [
      'What the signer answered is no signature of {address} that a chain takes.',
      'Nothing was sent. Look at r, s (in the lower half) and yParity, and at the address.',
    ],
    zh: [
      '签名器返回的内容不是链可接受的 {address} 的签名。',
      '尚未发送任何内容。请检查 r、s（须在低半区）、yParity 和地址。',
    ],
  },
  'anchor.funds_short': {
    en: [
      'The inputs leave {left} satoshi as change.',
      'Give inputs that pay the fee and leave at least {needed}.',
    ],
    zh: ['扣除后找零仅 {left} 聪。', '请提供足以支付手续费且找零不少于 {needed} 聪的输入。'],
  },
  'anchor.transaction_too_long': {
    en: [
      'A transaction of {bytes} bytes without witnesses cannot become an anchor: a path carries {limit}.',
      'Let the wallet make another for the same output, with fewer inputs.',
    ],
    zh: [
      '该交易去除见证数据后为 {bytes} 字节，无法用作存证：路径最多容纳 {limit} 字节。',
      '请用钱包为同一输出重新创建输入较少的交易。',
    ],
  },
} as const satisfies Readonly<Record<string, Explanation>>
