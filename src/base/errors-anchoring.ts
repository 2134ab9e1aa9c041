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
  'log.damaged': {
    en: [
      'The log in {folder} does not hold what it signed ({what}).',
      'Append nothing more; put its folder back from a copy.',
    ],
    zh: ['{folder} 中的日志与其签署的内容不符（{what}）。', '请勿继续写入，请从备份恢复该文件夹。'],
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
      'Another process ({process}) has been writing there for long ({path}).',
      'Wait for it, or end it; then run this again.',
    ],
    zh: ['另一进程（{process}）长时间占用写入（{path}）。', '请等待或结束该进程后重试。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>
