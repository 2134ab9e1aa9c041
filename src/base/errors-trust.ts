/** Codes of key histories and of lists that an authority signs. */
import type { Explanation } from './message.ts'

export const trustErrors = {
  'trust.nothing_to_sign': {
    en: [
      'There is neither a draft nor a number before.',
      'Give a draft, or the list so far with --previous FILE.',
    ],
    zh: ['既没有草稿，也没有上一号列表。', '请提供草稿，或用 --previous 文件 提供现有列表。'],
  },
  'trust.previous_not_own': {
    en: [
      'The list before ({path}) is not signed by this key ({did}).',
      'Give the trust file that you signed last, unchanged.',
    ],
    zh: ['上一号列表（{path}）不是由此密钥（{did}）签署的。', '请提供您上次签署的信任文件原件。'],
  },
  'trust.not_a_delegate': {
    en: [
      'The list above ({path}) gives {did} no right to list agencies.',
      'Ask that authority to sign a draft of `trust delegate` first.',
    ],
    zh: ['上级列表（{path}）未授权 {did} 认可机构。', '请上级主管机构先签署 `trust delegate` 生成的草稿。'],
  },
  'trust.key_claimed_twice': {
    en: [
      'Two agencies would have one key, {id} among them; verifiers count it for neither.',
      'Find out whose it is and give the other a key of its own.',
    ],
    zh: [
      '两个机构列有同一密钥，其中之一为 {id}；验证方对二者均不采信。',
      '请查明密钥归属，并为另一机构另设密钥。',
    ],
  },
  'trust.agency_lists_itself': {
    en: [
      '{id} would list itself; verifiers do not count that.',
      'Let another authority sign, or take the entry out.',
    ],
    zh: ['{id} 认可了自己；验证方不予采信。', '请由其他主管机构签署，或删除该条目。'],
  },
  'trust.delegation_too_wide': {
    en: [
      '{id} would get more than you were given; verifiers do not count that.',
      'Narrow its occupations, grades, region or dates to your own.',
    ],
    zh: [
      '{id} 的范围超出您获得的授权；验证方不予采信。',
      '请将其职业、等级、地区或日期缩小到您的授权范围内。',
    ],
  },
  'trust.entry_unknown': {
    en: ['The list names nobody called {id}.', 'Check the DID with `trust check`.'],
    zh: ['列表中没有 {id}。', '请用 `trust check` 核对其 DID。'],
  },
  'trust.root_not_found': {
    en: [
      'No trust file has a root that goes by {root}.',
      'Give its did:key, its Multikey, or the thumbprint of a root in a file given with --trust.',
    ],
    zh: ['信任文件中没有名为 {root} 的根。', '请提供其 did:key、Multikey，或 --trust 文件中根密钥的指纹。'],
  },
  'carrier.archive_refused': {
    en: [
      'The archive {path} is not opened ({what}): no honest one is like that.',
      'Ask whoever gave it to you for the files themselves, or for another archive.',
    ],
    zh: ['拒绝打开压缩包 {path}（{what}）：正常文件不会如此。', '请向提供者索取原始文件或另一个压缩包。'],
  },
  'cli.export_unknown': {
    en: ['{text} is no export.', 'Write FORMAT:FILE, the format being junit, sarif, csv or html.'],
    zh: ['{text} 不是有效的导出。', '请写作 格式:文件，格式为 junit、sarif、csv 或 html。'],
  },
  'cli.receipt_without_record': {
    en: ['There is a key for receipts and no file for them.', 'Give --record FILE as well.'],
    zh: ['已提供回执密钥，但没有保存文件。', '请同时提供 --record 文件。'],
  },
  'screen.roster_malformed': {
    en: [
      'The roster cannot be read ({what}).',
      'Give a CSV with a header that names at least a column for the name; ID number, grade, occupation code and certificate number sharpen the match.',
    ],
    zh: [
      '名册无法读取（{what}）。',
      '请提供带表头的 CSV，至少包含“姓名”；可另含证件号码、申报等级、职业编码、证书编号。',
    ],
  },
  'report.plan_malformed': {
    en: [
      'The plan is not in order ({what}).',
      'Compare the file with the schema gradecert/schemas/plan-v1.json.',
    ],
    zh: ['计划文件格式不正确（{what}）。', '请对照 gradecert/schemas/plan-v1.json。'],
  },
  'screen.watch_malformed': {
    en: ['The watch file {path} is not one.', 'Name a new file; the next run fills it.'],
    zh: ['监测文件 {path} 格式不正确。', '请指定新文件，下次运行会自动写入。'],
  },
  'cli.multikey_malformed': {
    en: ['{text} is no public key.', 'Give a Multikey (z6Mk…) or the did:key that `keys generate` printed.'],
    zh: ['{text} 不是公钥。', '请提供 Multikey（z6Mk…）或 `keys generate` 输出的 did:key。'],
  },
  'cli.grade_unknown': {
    en: ['{text} is no grade.', 'Give junior, intermediate or senior.'],
    zh: ['{text} 不是等级。', '请使用 junior、intermediate 或 senior。'],
  },
  'keys.did_is_the_key': {
    en: [
      'The agency’s identifier {did} is its key, which cannot be replaced under that name.',
      'Make a workspace with --did web:HOST for keys that can follow each other.',
    ],
    zh: [
      '机构标识 {did} 就是其密钥，无法在同一名称下更换。',
      '请用 --did web:域名 建立可更换密钥的工作目录。',
    ],
  },
  'keys.clock_behind': {
    en: [
      'The clock ({now}) is behind the last entry of the key history ({last}).',
      'Correct the clock, or --at; the history only goes forward.',
    ],
    zh: ['当前时间（{now}）早于密钥历史的最后一条记录（{last}）。', '请校正时间或 --at；历史只能向前。'],
  },
  'keys.since_in_future': {
    en: [
      'A key cannot be called stolen from {since} on, which is still to come.',
      'Give the moment from which it may have been.',
    ],
    zh: ['泄露时间 {since} 尚未到来。', '请给出可能泄露的起始时刻。'],
  },
  'keys.unsigned_left': {
    en: [
      '{count} certificates were numbered and not signed yet.',
      'Run the same `issue` again to finish them with the key of their day, then rotate.',
    ],
    zh: [
      '有 {count} 张证书已编号但尚未签名。',
      '请先再次运行同一 `issue` 命令，用当日密钥完成签名，再更换密钥。',
    ],
  },
  'keys.unknown': {
    en: ['The workspace has no key called {name}.', 'List them with `gradecert keys list`.'],
    zh: ['工作目录中没有名为 {name} 的密钥。', '请用 `gradecert keys list` 查看。'],
  },
  'keys.still_signs': {
    en: ['{name} is the key that signs now.', 'Run `gradecert keys rotate` first.'],
    zh: ['{name} 是当前签名密钥。', '请先运行 `gradecert keys rotate`。'],
  },
  'keys.already_told': {
    en: ['{name} is called {state} already.', 'Nothing has to be done; `keys list` shows the history.'],
    zh: ['{name} 已标记为 {state}。', '无需操作；`keys list` 可查看历史。'],
  },
  'keys.none_compromised': {
    en: [
      'No key of the workspace is called stolen that does not sign now.',
      'Run `gradecert keys compromise --since INSTANT` first.',
    ],
    zh: ['工作目录中没有已声明泄露且不再签名的密钥。', '请先运行 `gradecert keys compromise --since 时刻`。'],
  },
  'keys.history_broken': {
    en: [
      'The history of keys ({path}) does not hold together ({what}).',
      'Put back the copy that was published last; never edit it.',
    ],
    zh: ['密钥历史（{path}）不完整或被改动（{what}）。', '请恢复最近发布的副本，切勿手工编辑。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>
