/** Words of the page, in both languages; what reports say has its words beside the reports. */
import type { Words } from '../base/message.ts'
import type { Oddity } from '../base/visible.ts'
import { carrierFaultWords } from '../carrier/fault-words.ts'
import type { LeftAlone } from './messages.ts'

export const pageWords = {
  title: { en: 'Verify a grade certificate', zh: '核验专业技术等级证书' },
  promise: {
    en: 'Everything happens on this device: nothing is sent anywhere, and no network is needed.',
    zh: '核验全部在本设备上完成：不上传任何内容，无需联网。',
  },
  otherLanguage: { en: '中文', zh: 'English' },
  drop: { en: 'Drop certificates here', zh: '将证书拖到此处' },
  dropHint: {
    en: 'Files, folders or zips: JSON, JWT, SD-JWT, PDF, PNG, SVG, photographs of a code.',
    zh: '文件、文件夹或压缩包：JSON、JWT、SD-JWT、PDF、PNG、SVG，或二维码照片。',
  },
  chooseFiles: { en: 'Choose files', zh: '选择文件' },
  chooseFolder: { en: 'Choose a folder', zh: '选择文件夹' },
  scan: { en: 'Scan with the camera', zh: '用摄像头扫描' },
  stopScan: { en: 'Stop the camera', zh: '停止摄像头' },
  scanning: { en: 'Hold the code before the camera.', zh: '请将二维码对准摄像头。' },
  noCamera: {
    en: 'No camera could be opened. Choose a photograph of the code instead.',
    zh: '无法打开摄像头，请改为选择二维码照片。',
  },
  paste: { en: 'Paste a certificate or the text of a code', zh: '粘贴证书或二维码文本' },
  verifyText: { en: 'Verify the text', zh: '核验文本' },
  pasted: { en: 'pasted text', zh: '粘贴的文本' },
  scanned: { en: 'scanned code', zh: '扫描的二维码' },
  again: { en: 'Verify others', zh: '核验其他证书' },
  back: { en: 'Back to all', zh: '返回列表' },
  print: { en: 'Print this result', zh: '打印本结果' },
  saveCsv: { en: 'Save as CSV', zh: '导出 CSV' },
  roster: { en: 'Compare with a roster (CSV)', zh: '与名册比对（CSV）' },
  trustTitle: { en: 'Whom this page trusts', zh: '本页面信任的机构' },
  trustNone: {
    en: 'Nobody. Without the list of an authority no certificate can be called good.',
    zh: '无。没有主管机构的名单，任何证书都不能判定为有效。',
  },
  trustLoad: { en: 'Load a trust list', zh: '载入信任名单' },
  evidenceLoad: { en: 'Load evidence', zh: '载入证据文件' },
  trustBuiltIn: { en: 'came with this page', zh: '随本页面提供' },
  trustLoaded: { en: 'loaded by you', zh: '由您载入' },
  trustTrial: { en: 'TRIAL list', zh: '试用名单' },
  evidenceCount: { en: '{count} pieces of evidence', zh: '{count} 项证据' },
  evidenceNone: {
    en: 'No evidence is loaded: what needs a status list or a key document cannot be decided.',
    zh: '未载入证据：需要状态列表或密钥文件的项目将无法判定。',
  },
  trustAsk: {
    en: '{path} names whom to trust: {roots}. Its lists call themselves: {names}. Whoever gave you this file decides then which agencies count. Trust it only if it came from the authority itself.',
    zh: '{path} 指定了信任对象：{roots}。其名单自称：{names}。载入后，由该文件的提供者决定哪些机构获认可。仅当文件来自主管机构本身时才应信任。',
  },
  trustYes: { en: 'Trust it', zh: '信任' },
  trustNo: { en: 'Leave it out', zh: '不信任' },
  chainsAsk: {
    en: '{path} names logs and chains by which anchors are judged. Use it only if you made it or trust its source.',
    zh: '{path} 指定了用于判断存证的日志与区块链。仅当其由您制作或来源可信时才应使用。',
  },
  chainsYes: { en: 'Use it', zh: '使用' },
  working: { en: 'Checking {done} of {total} …', zh: '正在核验 {done} / {total} …' },
  reading: { en: 'Reading …', zh: '正在读取 …' },
  ready: {
    en: '{total} checked: {valid} good, {invalid} not good, {undetermined} undecided.',
    zh: '共核验 {total} 份：有效 {valid}，无效 {invalid}，无法判定 {undetermined}。',
  },
  rate: { en: '{rate} a second', zh: '每秒 {rate} 份' },
  nothing: {
    en: 'Nothing that could be checked was found.',
    zh: '未找到可核验的内容。',
  },
  leftAlone: { en: '{count} files were left alone', zh: '{count} 个文件未处理' },
  notShown: { en: '{count} more are not shown.', zh: '另有 {count} 项未显示。' },
  refused: {
    en: 'The check was not carried through ({what}). What is listed here was checked; nothing else was.',
    zh: '核验未能完成（{what}）。仅下列内容已核验，其余均未核验。',
  },
  crashed: {
    en: 'The check stopped unexpectedly. What is listed here was checked; nothing else was. Try with fewer files.',
    zh: '核验意外中止。仅下列内容已核验，其余均未核验；请减少文件后重试。',
  },
  says: { en: 'What the certificate says', zh: '证书内容' },
  claims: {
    en: 'What the file claims — not confirmed',
    zh: '文件声称的内容——未经证实',
  },
  checks: { en: 'All checks', zh: '全部检查' },
  notChecked: { en: 'Not checked', zh: '未检查' },
  notCheckedNone: { en: 'Everything was checked.', zh: '各项均已检查。' },
  facts: { en: 'Facts', zh: '依据' },
  picture: { en: 'The picture that was given', zh: '所提供的图片' },
  pictureHint: {
    en: 'A picture can show anything. Only the text of this page counts.',
    zh: '图片可以显示任何内容，仅以本页文字为准。',
  },
  receipt: { en: 'Record of a verification', zh: '核验记录' },
  file: { en: 'File', zh: '文件' },
  checkedAt: { en: 'Checked at', zh: '核验时间' },
  digest: { en: 'SHA-256 of the text', zh: '文本 SHA-256' },
  policy: { en: 'Policy', zh: '验证策略' },
  program: { en: 'Checked by', zh: '核验程序' },
  name: { en: 'Name', zh: '姓名' },
  latinName: { en: 'Name in Latin letters', zh: '拉丁字母姓名' },
  nameWithheld: { en: 'not disclosed', zh: '未披露' },
  idNumber: { en: 'ID number', zh: '证件号码' },
  occupation: { en: 'Occupation', zh: '职业' },
  direction: { en: 'Direction', zh: '职业方向' },
  grade: { en: 'Grade', zh: '等级' },
  gradeOf: {
    en: '{grade} ({ordinal} of {count}, the highest is {count})',
    zh: '{grade}（共 {count} 级中的第 {ordinal} 级）',
  },
  number: { en: 'Certificate number', zh: '证书编号' },
  awardedOn: { en: 'Awarded on', zh: '发证日期' },
  validUntil: { en: 'Valid until', zh: '有效期至' },
  region: { en: 'Region', zh: '地区' },
  agency: { en: 'Issued by', zh: '签发机构' },
  agencyCode: { en: 'Unified social credit code', zh: '统一社会信用代码' },
  recognisedBy: { en: 'Recognised by', zh: '认可机构' },
  recognisedOn: {
    en: '{authority}, for the award of {date} (list as of {asOf})',
    zh: '{authority}，认可 {date} 的发证（名单截至 {asOf}）',
  },
  statusAsOf: { en: 'Status', zh: '状态' },
  statusGood: {
    en: 'neither revoked nor suspended as of {asOf}',
    zh: '截至 {asOf} 未撤销、未暂停',
  },
  existedBy: { en: 'Signed no later than', zh: '签名不晚于' },
  course: { en: 'Course', zh: '课程' },
  kind: { en: 'Kind of document', zh: '文件类型' },
  verdict: { en: 'Result', zh: '结论' },
  reason: { en: 'Reason', zh: '原因' },
  sortBy: { en: 'Sort by {column}', zh: '按{column}排序' },
  filter: { en: 'Show', zh: '显示' },
  all: { en: 'all', zh: '全部' },
  search: { en: 'Search', zh: '搜索' },
  more: { en: 'Show {count} more', zh: '再显示 {count} 行' },
  open: { en: 'Details of {name}', zh: '查看 {name}' },
  rosterTitle: { en: 'Roster', zh: '名册比对' },
  notInRoster: {
    en: '{count} certificates belong to nobody in the roster.',
    zh: '{count} 份证书不属于名册中的任何人。',
  },
  personsShown: {
    en: 'The first {shown} of {count} persons are shown; `gradecert screen` writes all of them.',
    zh: '仅显示前 {shown} 人，共 {count} 人；可用 `gradecert screen` 导出全部。',
  },
  person: { en: 'Person', zh: '人员' },
  remarks: { en: 'Remarks', zh: '说明' },
  inList: { en: 'This certificate in words', zh: '文字说明' },
} as const satisfies Readonly<Record<string, Words>>

export const verdictWords: Readonly<Record<'valid' | 'invalid' | 'undetermined' | 'missing', Words>> = {
  valid: { en: 'good', zh: '有效' },
  invalid: { en: 'not good', zh: '无效' },
  undetermined: { en: 'undecided', zh: '无法判定' },
  missing: { en: 'no certificate', zh: '未提交' },
}

/** How odd characters are called. */
export const oddWords: Readonly<Record<Oddity, Words>> = {
  hidden: { en: 'a character that cannot be seen', zh: '不可见字符' },
  look_alike: { en: 'a character that looks like another', zh: '形近字符' },
  stacked: { en: 'one of many marks on one letter', zh: '叠加在同一字符上的过多符号' },
  private: { en: 'a character without an agreed meaning', zh: '无公认含义的字符' },
}

export const leftAloneWords: Readonly<Record<LeftAlone, Words>> = {
  ...carrierFaultWords,
  not_a_certificate_file: { en: 'not a certificate by its name', zh: '从名称看不是证书' },
  trust_not_taken: {
    en: 'names whom to trust, or is evidence: load it yourself if you want it to count',
    zh: '是信任名单或证据文件：如需采用请自行载入',
  },
  evidence_taken: { en: 'evidence, used', zh: '证据文件，已采用' },
  trust_not_readable: {
    en: 'says whom to trust or which chains count, and cannot be read',
    zh: '是信任名单或存证链文件，但无法读取',
  },
  too_much_evidence: { en: 'more evidence than is taken at once', zh: '证据文件过多' },
  not_readable: {
    en: 'could not be read: gone, changed or locked',
    zh: '无法读取：文件已移动、更改或被锁定',
  },
  too_many_files: {
    en: 'too many files at once: what comes after this one was not looked at',
    zh: '文件过多：此后的文件均未查看',
  },
  evidence_not_readable: { en: 'is called evidence and cannot be read', zh: '名为证据但无法读取' },
  names: { en: 'an archive with names that lead out of it', zh: '压缩包内含越界路径' },
  too_many_entries: { en: 'an archive with too many files', zh: '压缩包内文件过多' },
  empty_files: { en: 'an archive of empty files', zh: '压缩包内多为空文件' },
}
