/** What stands on the paper of a certificate, in words: Chinese first, English beside it. Nothing is drawn here, nothing judged. */
import { dateIn } from '../base/instant.ts'
import { type GradeCertificate, standardTrainingHour } from '../certificate/certificate.ts'
import { gradeLabels } from '../certificate/grade.ts'
import type { Labels } from '../certificate/labels.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'

/** A certificate of a grade: all of it, or what its holder let be seen. */
export type PaperCertificate = GradeCertificate | DisclosedCertificate

export interface Face {
  readonly title: Line
  readonly number: string
  readonly name: { readonly label: Line; readonly text: string; readonly below: string }
  readonly statement: Line
  readonly rows: readonly Row[]
  readonly agency: Line
  readonly date: Line
}

/** One thing in two languages; empty where a language has no word for it. */
export interface Line {
  readonly zh: string
  readonly en: string
}

export interface Row {
  readonly field: Field
  readonly value: Line
}

/** What a text on the paper belongs to, as messages name it. */
export type Field =
  | 'name'
  | 'number'
  | 'occupation'
  | 'direction'
  | 'grade'
  | 'standard'
  | 'training'
  | 'evaluation'
  | 'validUntil'
  | 'replaces'
  | 'agency'
  | 'paper'

export function faceOf(certificate: PaperCertificate): Face {
  const { award, issuer, number, holder, awardedOn } = certificate
  return {
    title: { zh: '专业技术等级证书', en: 'CERTIFICATE OF PROFESSIONAL TECHNICAL GRADE' },
    number,
    name: {
      label: { zh: '姓名', en: 'Name' },
      text: plain(holder.name ?? notDisclosed),
      below: plain(
        [holder.romanisedName, idNumberOf(certificate)].filter((part) => part !== undefined).join(' · '),
      ),
    },
    statement: {
      zh: '经考核，成绩合格，达到下列职业和等级的要求，特发此证。',
      en: 'has passed the assessment and met the requirements of the occupation and grade below.',
    },
    rows: [
      ...occupationRows(award),
      ...standardRows(certificate),
      ...trainingRows(certificate),
      ...evaluationRows(certificate),
      ...validityRows(certificate),
      ...replacementRows(certificate),
    ].map(({ field, value }) => ({ field, value: { zh: plain(value.zh), en: plain(value.en) } })),
    agency: { zh: plain(issuer.labels['zh-Hans']), en: plain(issuer.labels.en ?? '') },
    date: { zh: chineseDate(awardedOn), en: awardedOn },
  }
}

/** Every text of a face with what it belongs to, so that what no font has can be named. */
export function textsOf(face: Face): readonly (readonly [field: Field, text: string])[] {
  const { title, number, name, statement, rows, agency, date } = face
  const both = (field: Field, ...lines: readonly Line[]) =>
    lines.flatMap(({ zh, en }) => [[field, zh] as const, [field, en] as const])
  return [
    ['paper', separators],
    ...both('paper', title, statement, date, name.label),
    ...both('paper', rowLabels.number),
    ['number', number],
    ['name', name.text],
    ['name', name.below],
    ...rows.flatMap(({ field, value }) => [...both('paper', rowLabels[field]), ...both(field, value)]),
    ...both('agency', agency),
    ...both('paper', ...Object.values(paperWords)),
  ]
}

/** What the layout puts between texts. */
const separators = ' \u3000'

export const rowLabels: Readonly<Record<Field, Line>> = {
  name: { zh: '姓名', en: 'Name' },
  number: { zh: '证书编号', en: 'Certificate No.' },
  occupation: { zh: '职业', en: 'Occupation' },
  direction: { zh: '职业方向', en: 'Direction' },
  grade: { zh: '等级', en: 'Grade' },
  standard: { zh: '职业标准', en: 'Standard' },
  training: { zh: '培训', en: 'Training' },
  evaluation: { zh: '考核成绩', en: 'Scores' },
  validUntil: { zh: '有效期至', en: 'Valid until' },
  replaces: { zh: '换发', en: 'Reissue' },
  agency: { zh: '评价机构', en: 'Evaluation agency' },
  paper: { zh: '', en: '' },
}

/** Words that stand on papers beside what the certificate says. */
export const paperWords = {
  agency: { zh: '评价机构（签章）', en: 'Evaluation agency' },
  date: { zh: '发证日期', en: 'Date of award' },
  scan: { zh: '扫码离线验证', en: 'Scan to verify offline' },
  trial: { zh: '试用样张 无效', en: 'TRIAL · NOT A CERTIFICATE' },
  attached: {
    zh: '签名原件附于本 PDF 内，可离线验证：gradecert verify 本文件.pdf。以验证结果为准，勿凭纸面文字。',
    en: 'The signed original is attached to this PDF. Verify it without a network: gradecert verify FILE.pdf. Trust the result, not the paper.',
  },
  coded: {
    zh: '二维码载有签发机构签名的内容，扫码可离线验证。以验证结果为准，勿凭纸面文字。',
    en: 'The code holds what the agency signed. Scan it to verify without a network. Trust the result, not the paper.',
  },
  both: {
    zh: '签名原件附于本 PDF 内，二维码载有签名内容，均可离线验证：gradecert verify 本文件.pdf。以验证结果为准，勿凭纸面文字。',
    en: 'The signed original is attached to this PDF and the code holds a signed copy. Verify either without a network: gradecert verify FILE.pdf, or scan the code. Trust the result, not the paper.',
  },
  neither: {
    zh: '本纸面未附签名原件，无法据此验证，请向持证人索取证书文件。',
    en: 'Nothing signed comes with this paper, so it proves nothing: ask its holder for the certificate file.',
  },
} as const satisfies Readonly<Record<string, Line>>

const notDisclosed = '（未披露 not disclosed）'

/** Line breaks and tabs of a label are spaces on paper. */
const plain = (text: string): string =>
  text.replace(/\s+/gu, (space) => (space === '\u3000' ? space : ' ')).trim()

const line = ({ 'zh-Hans': zh, en }: Labels): Line => ({ zh, en: en ?? '' })

/** A paper says the ID number only where the certificate at hand does. */
function idNumberOf({ holder }: PaperCertificate): string | undefined {
  const number = 'idNumber' in holder ? holder.idNumber : undefined
  return number === undefined ? undefined : `证件号码 ID No. ${number}`
}

function occupationRows({ occupation, direction, grade }: PaperCertificate['award']): readonly Row[] {
  const former = occupation.formerCode === undefined ? '' : `（原 formerly ${occupation.formerCode}）`
  const { zh, en } = line(occupation.labels)
  const { 'zh-Hans': gradeZh, en: gradeEn } = gradeLabels[grade.code]
  return [
    { field: 'occupation', value: { zh, en: join([en, `${occupation.code}${former}`]) } },
    ...(direction === undefined ? [] : [{ field: 'direction', value: line(direction.labels) } as const]),
    {
      field: 'grade',
      value: {
        zh: `${gradeZh}  ${gradeEn}`,
        en: `专业技术等级共三级，由低到高第 ${grade.ordinal} 级 · level ${grade.ordinal} of 3, from low to high`,
      },
    },
  ]
}

function standardRows({ award }: PaperCertificate): readonly Row[] {
  if (!('standard' in award)) return []
  const { zh, en } = line(award.standard.labels)
  const edition = `${award.standard.edition} 版 edition`
  return [{ field: 'standard', value: { zh, en: join([en, award.standard.code ?? '', edition]) } }]
}

/** Who trained for how long; hours of one unit and provider are added, since a table has one row for it. */
function trainingRows(certificate: PaperCertificate): readonly Row[] {
  const { training } = certificate
  if (training === undefined) return []
  if (!isWhole(certificate)) {
    const { hours, providers = [] } = training as NonNullable<DisclosedCertificate['training']>
    const said = [...providers, ...(hours === undefined ? [] : [hoursOf(hours, standardTrainingHour)])]
    return [{ field: 'training', value: { zh: said.join('，'), en: '' } }]
  }
  const sums = new Map<string, number>()
  for (const { provider, hours, unit } of certificate.training) {
    const key = JSON.stringify([provider, unit])
    sums.set(key, (sums.get(key) ?? 0) + Math.round(hours * 100))
  }
  const said = [...sums].map(([key, hundredths]) => {
    const [provider, unit] = JSON.parse(key) as [string, string]
    return `${provider} ${hoursOf(hundredths / 100, unit)}`
  })
  return said.length === 0 ? [] : [{ field: 'training', value: { zh: said.join('；'), en: '' } }]
}

const hoursOf = (hours: number, unit: string): string =>
  unit === standardTrainingHour ? `${hours} 标准学时 standard hours` : `${hours} ${unit}`

const isWhole = (certificate: PaperCertificate): certificate is GradeCertificate => 'zone' in certificate

function evaluationRows({ evaluation }: PaperCertificate): readonly Row[] {
  if (evaluation === undefined) return []
  const { theory, practical } = evaluation
  const said = [
    ...(theory === undefined ? [] : [`理论 Theory ${theory}`]),
    ...(practical === undefined ? [] : [`专业能力 Practical ${practical}`]),
  ]
  return [{ field: 'evaluation', value: { zh: said.join('　'), en: '满分 100 分 of 100 points each' } }]
}

/** A token says the last second that counts, a badge the last day; both are a day in China. */
function validityRows({ validUntil }: PaperCertificate): readonly Row[] {
  if (validUntil === undefined) return []
  const day = validUntil.includes('T') ? dateIn(validUntil as never, '+08:00') : validUntil
  return [{ field: 'validUntil', value: { zh: `${chineseDate(day)}  ${day}`, en: '' } }]
}

function replacementRows({ replaces }: PaperCertificate): readonly Row[] {
  if (replaces === undefined) return []
  const { previousIssueDate: day } = replaces
  return [
    {
      field: 'replaces',
      value: {
        zh: `替代 ${chineseDate(day)} 签发的证书，原证书作废`,
        en: `in place of the one issued on ${day}, which no longer counts`,
      },
    },
  ]
}

const join = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ')

/** `2026年1月25日` */
function chineseDate(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}
