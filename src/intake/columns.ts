/** The columns of a result table: what they may be called, and how a header row is told from the rows above it. */
import { halfWidth, withoutInvisible } from './cell-text.ts'

/** Fields in the order that exam systems print them; `rowNumber` and the last ones never reach a certificate. */
export const fields = [
  'rowNumber',
  'session',
  'admissionNumber',
  'name',
  'idType',
  'idNumber',
  'gender',
  'birthDate',
  'employer',
  'occupationCode',
  'occupationName',
  'direction',
  'grade',
  'previousNumber',
  'trainingProvider',
  'trainingHours',
  'trainingOrder',
  'trainingProject',
  'trainedFrom',
  'site',
  'examinedOn',
  'theory',
  'practical',
  'result',
  'remark',
] as const

export type Field = (typeof fields)[number]

/** A column of a file. Without a field it is one that we do not know, and ignore. */
export interface Column {
  readonly field?: Field
  /** The header as printed. */
  readonly header: string
}

/** Headers per field, the usual one first. Case, spaces, `_`, `-`, `*`, colons and brackets do not matter. */
const headers: Readonly<Record<Field, readonly string[]>> = {
  rowNumber: ['序号', '编号', '行号', 'rowNo', 'No', 'No.', 'number', 'row', '#'],
  session: [
    '考核批次',
    '批次',
    '考试批次',
    '评价批次',
    '考核批次号',
    '批次号',
    'batch',
    'session',
    'batchNo',
    'assessmentSession',
  ],
  admissionNumber: [
    '准考证号',
    '准考证号码',
    '准考证',
    '考号',
    '考生号',
    'admissionNo',
    'admissionNumber',
    'admissionTicket',
    'admissionTicketNo',
  ],
  name: ['姓名', '考生姓名', '学员姓名', '名字', 'name', 'fullName', 'candidateName', 'candidate'],
  idType: [
    '证件类型',
    '证件种类',
    '证件类别',
    '身份证件类型',
    'idType',
    'documentType',
    'idDocumentType',
    'typeOfId',
  ],
  idNumber: [
    '证件号码',
    '证件号',
    '身份证号',
    '身份证号码',
    '身份证',
    '身份证件号码',
    '公民身份号码',
    'idNumber',
    'idNo',
    'idCard',
    'idCardNo',
    'idCardNumber',
    'documentNumber',
    'documentNo',
  ],
  gender: ['性别', 'gender', 'sex'],
  birthDate: ['出生日期', '出生年月日', '生日', 'birthDate', 'dateOfBirth', 'birthday', 'dob'],
  employer: [
    '工作单位',
    '单位',
    '单位名称',
    '所在单位',
    '就职单位',
    'employer',
    'company',
    'organisation',
    'organization',
  ],
  occupationCode: [
    '职业编码',
    '职业代码',
    '职业编号',
    '工种编码',
    'occupationCode',
    'occupationNo',
    'professionCode',
  ],
  occupationName: [
    '职业名称',
    '职业',
    '申报职业',
    '职业工种名称',
    'occupationName',
    'occupation',
    'occupationTitle',
    'professionName',
  ],
  direction: [
    '职业方向',
    '方向',
    '专业方向',
    '申报方向',
    'direction',
    'specialisation',
    'specialization',
    'occupationDirection',
  ],
  grade: [
    '申报等级',
    '等级',
    '专业技术等级',
    '考核等级',
    '职业等级',
    '申报级别',
    '级别',
    'grade',
    'gradeApplied',
    'appliedGrade',
  ],
  previousNumber: [
    '原证书编号',
    '原证书号',
    '前一等级证书编号',
    '已有证书编号',
    'previousCertificateNumber',
    'previousNumber',
  ],
  trainingProvider: [
    '培训机构',
    '培训机构名称',
    '培训单位',
    'trainingAgency',
    'trainingProvider',
    'trainingOrganisation',
    'trainingOrganization',
  ],
  trainingHours: [
    '培训学时',
    '学时',
    '标准学时',
    '学时数',
    '完成学时',
    'trainingHours',
    'hours',
    'standardHours',
  ],
  trainingOrder: [
    '培训订单',
    '订单',
    '订单号',
    '订单编号',
    '培训订单号',
    '培训订单编号',
    'trainingOrder',
    'orderNo',
    'orderNumber',
    'trainingOrderNo',
  ],
  trainingProject: [
    '培训项目',
    '项目',
    '项目名称',
    '培训项目名称',
    'trainingProject',
    'project',
    'projectName',
  ],
  trainedFrom: [
    '培训开始日期',
    '培训起始日期',
    '开班日期',
    '培训日期',
    '培训开始时间',
    'trainedFrom',
    'trainingStart',
    'trainingStartDate',
  ],
  site: [
    '考核站点',
    '站点',
    '考点',
    '考核地点',
    '考场',
    '考点名称',
    '考核站',
    'site',
    'examSite',
    'assessmentSite',
    'testCentre',
    'testCenter',
  ],
  examinedOn: [
    '考核日期',
    '考试日期',
    '考核时间',
    '考试时间',
    '评价日期',
    'examDate',
    'examinedOn',
    'assessmentDate',
    'dateOfExam',
    'dateOfAssessment',
  ],
  theory: [
    '理论成绩',
    '理论',
    '理论知识',
    '理论知识成绩',
    '理论分数',
    '理论考试成绩',
    '理论知识考试成绩',
    'theoryScore',
    'theory',
    'scoreTheory',
    'writtenScore',
  ],
  practical: [
    '专业能力成绩',
    '专业能力',
    '专业能力考核成绩',
    '专业能力考核',
    '技能成绩',
    '技能',
    '实操成绩',
    '实操',
    '实操分数',
    '专业能力分数',
    '技能操作成绩',
    'practicalScore',
    'practical',
    'scorePractical',
    'abilityScore',
    'skillScore',
  ],
  result: [
    '考核结果',
    '结果',
    '成绩结果',
    '是否合格',
    '评价结果',
    '考试结果',
    '考核结论',
    'result',
    'outcome',
    'finalResult',
  ],
  remark: ['备注', '说明', 'remark', 'remarks', 'note', 'notes', 'comment', 'comments'],
}

/** Without these nothing can be issued. */
export const requiredFields = [
  'session',
  'name',
  'idNumber',
  'occupationCode',
  'grade',
  'examinedOn',
  'theory',
  'practical',
] as const satisfies readonly Field[]

/** The header that a field usually has, for messages. */
export const usualHeader = (field: Field): string => headers[field][0] ?? field

const fieldByKey: ReadonlyMap<string, Field> = new Map(
  fields.flatMap((field) => headers[field].map((header) => [headerKey(header), field])),
)

/** The field that a header names, if it is one we know. */
export const fieldOf = (header: string): Field | undefined => fieldByKey.get(headerKey(header))

/** What two headers must share to be the same. */
export function headerKey(header: string): string {
  return halfWidth(withoutInvisible(header))
    .replace(/\([^()]*\)|\[[^[\]]*\]/g, '')
    .replace(/[\s_\-*:.]/g, '')
    .toLowerCase()
}

export const columnsOf = (cells: readonly string[]): readonly Column[] =>
  cells.map((cell) => {
    const field = fieldOf(cell)
    const header = withoutInvisible(cell).trim()
    return field === undefined ? { header } : { field, header }
  })

/** Distinct fields that a row would name if it were the header. */
export const recognisedFields = (cells: readonly string[]): ReadonlySet<Field> =>
  new Set(cells.map(fieldOf).filter((field) => field !== undefined))

/** Rows that are searched for the header. */
export const headerWindow = 50

/** A row that names fewer fields is a title or data. */
const fewestFields = 3

/** Index of the header among the first rows: the row that names most fields, the first of equals; `-1` if there is none. */
export function findHeader(rows: readonly { readonly cells: readonly string[] }[]): number {
  const counts = rows.slice(0, headerWindow).map(({ cells }) => recognisedFields(cells).size)
  const most = Math.max(0, ...counts)
  return most < fewestFields ? -1 : counts.indexOf(most)
}

/** Where each field stands. */
export type ColumnIndex = ReadonlyMap<Field, number>

export const indexColumns = (columns: readonly Column[]): ColumnIndex =>
  new Map(columns.flatMap(({ field }, at) => (field === undefined ? [] : [[field, at] as const])))

/** Headers that stand twice, or that name the same field. */
export function repeatedHeaders(columns: readonly Column[]): readonly string[] {
  const seen = new Map<string, string>()
  return columns.flatMap(({ field, header }) => {
    const key = field ?? `?${headerKey(header)}`
    const first = seen.get(key)
    seen.set(key, header)
    return first === undefined || header === '' ? [] : [first === header ? header : `${first} / ${header}`]
  })
}
