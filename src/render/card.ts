/**
 * A certificate as a card: an SVG picture that loads nothing and runs nothing, with the certificate baked in. It grows with
 * what it shows; nothing is left out or cut.
 */
import { type Bytes, utf8 } from '../base/bytes.ts'
import { visible } from '../base/visible.ts'
import type { Certificate } from '../certificate/certificate.ts'
import { type GradeCode, gradeCodes, gradeLabels } from '../certificate/grade.ts'
import type { Labels } from '../certificate/labels.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import { bakeSvg } from './bake.ts'
import { paperWords } from './face.ts'
import { escaped, shown } from './markup.ts'

/** What is certified, in any form that we read. */
export type Stated = Certificate | DisclosedCertificate

/**
 * The card of a certificate as SVG. Its letters are of the fonts that a reader has.
 *
 * @param credential the certificate as it was issued: who verifies the card verifies that
 * @throws `render.text_unfit`
 * @example
 * await writeFile('card.svg', svgCard(certificate, secured.text))
 */
export const svgCard = (certificate: Stated, credential: string, options: CardOptions = {}): Bytes =>
  bakeSvg(utf8(drawCard(certificate, options).svg), credential)

export interface CardOptions {
  /** Marks the card as a trial: grey, and across the whole of it what it is. */
  readonly isTrial?: boolean
}

export interface Drawing {
  /** With no certificate inside. */
  readonly svg: string
  /** Everything that is written on it, as it is written. */
  readonly texts: readonly CardText[]
}

export interface CardText {
  /** The member that it shows, `holder.name`; of words of the card itself `words`. */
  readonly field: string
  readonly text: string
}

export function drawCard(certificate: Stated, { isTrial = false }: CardOptions = {}): Drawing {
  const { holder } = certificate
  const { title, about } = kinds[certificate.type]
  const card: Card = { y: margin, lines: [], shapes: [], colours: isTrial ? trial : real }
  const { ink } = card.colours
  write(card, { field: 'words', text: title[0], size: 40, fill: ink, right: end })
  write(card, { field: 'words', text: title[1], size: 19, fill: grey, right: end })
  rule(card)
  const grade =
    certificate.type === 'ProfessionalTechnicalGradeCertificate' ? certificate.award.grade.code : undefined
  const emblemEnd = grade === undefined ? card.y : drawGrade(card, grade)
  const right = grade === undefined ? end : emblemLeft - 24
  write(card, { ...nameStyle(holder.name, right), field: 'holder.name', fill: black, right })
  if (holder.romanisedName !== undefined)
    write(card, { field: 'holder.romanisedName', text: holder.romanisedName, size: 22, fill: grey, right })
  card.y += 16
  for (const fact of factsOf(certificate)) drawFact(card, fact, right)
  card.y = Math.max(card.y, emblemEnd)
  rule(card)
  for (const text of [...about, ...verifyWords])
    write(card, { field: 'words', text, size: 15, fill: grey, right: end })
  const mark = isTrial ? trialMark(card.y) : []
  const texts = [...mark, ...card.lines].map(({ field, text }) => ({ field, text }))
  return { svg: svgOf(card, mark), texts }
}

/** All lengths in units of the picture. */
const width = 1000
const margin = 60
const end = width - margin
const valueLeft = 250
const emblemLeft = 760

const [grey, black] = ['#4a5568', '#111111']

interface Colours {
  readonly ink: string
  readonly gold: string
  readonly paper: string
}

const real: Colours = { ink: '#1f4e79', gold: '#a8853a', paper: '#fffdf8' }
/** What is tried out has nothing of a document: greys only. */
const trial: Colours = { ink: '#666666', gold: '#aaaaaa', paper: '#f4f4f4' }

/** Everybody has another font; on one that is wider than these, lines are longer than they are thought to be. */
const families = `'Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif`

interface Kind {
  /** In Chinese and in English. */
  readonly title: readonly [string, string]
  /** What a reader must not take it for. */
  readonly about: readonly string[]
}

const kinds: Readonly<Record<Stated['type'], Kind>> = {
  ProfessionalTechnicalGradeCertificate: {
    title: ['专业技术等级证书', 'Professional Technical Grade Certificate'],
    about: [],
  },
  TrainingCompletionCertificate: {
    title: ['培训结业证明', 'Completion of a Training'],
    about: ['不是专业技术等级证书，不含等级。Not a certificate of a grade.'],
  },
  AssessmentResultNotice: {
    title: ['考核结果通知', 'Notice of an Assessment'],
    about: ['不是证书。Not a certificate.'],
  },
}

const verifyWords = [
  '验证 Verify: gradecert verify FILE',
  '本图不作凭据，以验证结果为准。This picture proves nothing: what counts is what verification says.',
]

const withheld = '姓名未披露 Name not disclosed'

/** A name is as large as leaves it on two lines. */
function nameStyle(
  name: string | undefined,
  right: number,
): { readonly text: string; readonly size: number } {
  if (name === undefined) return { text: withheld, size: 24 }
  const sizes = [50, 40, 32] as const
  const fits = (size: number) => wrapped(written(name), size, right - margin).length <= 2
  return { text: name, size: sizes.find(fits) ?? 26 }
}

interface Fact {
  readonly label: string
  readonly field: string
  readonly value: string
  /** In the other language, below it. */
  readonly gloss?: string | undefined
}

/** What stands below the name, in the order in which a person asks. */
function factsOf(certificate: Stated): readonly Fact[] {
  const award = 'award' in certificate ? certificate.award : undefined
  const facts: readonly (Fact | undefined)[] = [
    award && {
      ...bilingual('职业 Occupation', 'award.occupation', award.occupation.labels),
      value: `${award.occupation.labels['zh-Hans']} (${award.occupation.code})`,
    },
    award?.direction && bilingual('方向 Direction', 'award.direction', award.direction.labels),
    award && gradeFact('outcome' in certificate ? '申报等级 Applied' : '等级 Grade', award.grade.code),
    'course' in certificate ? bilingual('课程 Course', 'course', certificate.course.labels) : undefined,
    'outcome' in certificate ? outcomeFacts[certificate.outcome] : undefined,
    'number' in certificate
      ? { label: '证书编号 Number', field: 'number', value: certificate.number }
      : undefined,
    'awardedOn' in certificate
      ? dateFact('发证日期 Awarded on', 'awardedOn', certificate.awardedOn)
      : undefined,
    'validUntil' in certificate && certificate.validUntil !== undefined
      ? dateFact('有效期至 Valid until', 'validUntil', certificate.validUntil)
      : undefined,
    bilingual('签发机构 Agency', 'issuer', certificate.issuer.labels),
  ]
  return facts.filter((fact) => fact !== undefined)
}

const bilingual = (label: string, field: string, labels: Labels): Fact => ({
  label,
  field,
  value: labels['zh-Hans'],
  gloss: labels.en,
})

const gradeFact = (label: string, code: GradeCode): Fact => ({
  ...bilingual(label, 'award.grade', gradeLabels[code]),
  value: `${gradeLabels[code]['zh-Hans']}（${rankOf(code)}）`,
})

const rankOf = (code: GradeCode): string => `${gradeCodes.indexOf(code) + 1} / ${gradeCodes.length}`

const outcomeFacts: Readonly<Record<'Failed' | 'OnHold', Fact>> = {
  Failed: bilingual('结果 Result', 'outcome', { 'zh-Hans': '不合格', en: 'Not passed' }),
  OnHold: bilingual('结果 Result', 'outcome', { 'zh-Hans': '待定', en: 'Not decided' }),
}

/** A day in Chinese and as it is; a moment as it is. */
function dateFact(label: string, field: string, date: string): Fact {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return { label, field, value: date }
  const [year, month, day] = date.split('-').map(Number)
  return { label, field, value: `${year}年${month}月${day}日`, gloss: date }
}

/** What is drawn so far, and how far down it reaches. */
interface Card {
  y: number
  readonly colours: Colours
  readonly lines: Line[]
  readonly shapes: string[]
}

/** A line of text; `y` is where its letters stand. */
interface Line extends CardText {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly fill: string
  readonly isCentred?: boolean
  /** Degrees by which it is turned. */
  readonly turn?: number
}

interface Writing extends CardText {
  readonly size: number
  readonly fill: string
  readonly left?: number
  readonly right: number
}

function write(card: Card, { field, text, size, fill, left = margin, right }: Writing): void {
  for (const line of wrapped(written(text), size, right - left)) {
    card.y += Math.round(size * 1.35)
    card.lines.push({ field, text: line, x: left, y: card.y - Math.round(size * 0.3), size, fill })
  }
}

function drawFact(card: Card, { label, field, value, gloss }: Fact, right: number): void {
  const top = card.y
  card.y += 5 // on one height with the larger letters beside it
  write(card, { field: 'words', text: label, size: 16, fill: grey, right: valueLeft - 10 })
  const labelEnd = card.y
  card.y = top
  write(card, { field, text: value, size: 22, fill: black, left: valueLeft, right })
  if (gloss !== undefined) write(card, { field, text: gloss, size: 16, fill: grey, left: valueLeft, right })
  card.y = Math.max(card.y, labelEnd) + 8
}

function rule(card: Card): void {
  card.y += 12
  card.shapes.push(`<path d="M${margin} ${card.y}H${end}" stroke="${card.colours.gold}" stroke-width="2"/>`)
  card.y += 12
}

/** Three steps at the right, as many of them filled as the grade has; where they end. */
function drawGrade({ y, lines, shapes, colours }: Card, code: GradeCode): number {
  const { ink, paper } = colours
  const centre = (emblemLeft + end) / 2
  for (const [i] of gradeCodes.entries()) {
    const height = 36 + 30 * i
    const fill = i <= gradeCodes.indexOf(code) ? ink : paper
    shapes.push(
      `<rect x="${centre - 76 + 54 * i}" y="${y + 112 - height}" width="44" height="${height}" fill="${fill}" stroke="${ink}" stroke-width="2"/>`,
    )
  }
  const words = [
    [gradeLabels[code]['zh-Hans'], 34, 160],
    [gradeLabels[code].en ?? code, 18, 188],
    [rankOf(code), 22, 220],
  ] as const
  for (const [text, size, below] of words)
    lines.push({ field: 'award.grade', text, x: centre, y: y + below, size, fill: ink, isCentred: true })
  return y + 232
}

/** Text as it is drawn: what hides or turns text, and what is no character of XML, as what it is. */
const written = (text: string): string => shown(visible(text))

/** Characters that are as wide as they are high. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u
/** Widths in parts of the size: no less than usual fonts have. */
const widthOf = (character: string): number =>
  wide.test(character) ? 1 : /[A-Z0-9@%&mw—…]/.test(character) ? 0.7 : /\p{M}/u.test(character) ? 0 : 0.55

/** Lines no wider than there is room: broken between words, between Chinese characters, and within what is longer than a line. */
function wrapped(text: string, size: number, room: number): readonly string[] {
  const lines: string[] = []
  let [line, used] = ['', 0]
  const next = () => {
    lines.push(line.trimEnd())
    line = ''
    used = 0
  }
  for (const [word] of text.matchAll(unbroken)) {
    const length = lengthOf(word.trimEnd(), size)
    if (line !== '' && used + length > room) next()
    for (const character of word) {
      const more = widthOf(character) * size
      if (line !== '' && used + more > room && character !== ' ') next()
      line += character
      used += more
    }
  }
  next()
  return lines
}

const unbroken = new RegExp(`${wide.source}|(?:(?!${wide.source})[^ ])+ *| +`, 'gu')

const lengthOf = (text: string, size: number): number =>
  [...text].reduce((sum, character) => sum + widthOf(character) * size, 0)

/** Across the card, behind everything. */
function trialMark(height: number): readonly Line[] {
  const { zh, en } = paperWords.trial
  const mark = { field: 'words', x: width / 2, fill: '#d8d8d8', isCentred: true, turn: -24 }
  return [
    { ...mark, text: zh, y: height / 2, size: 100 },
    { ...mark, text: en, y: height / 2 + 80, size: 50 },
  ]
}

function svgOf({ y, lines, shapes, colours }: Card, mark: readonly Line[]): string {
  const height = y + margin - 20
  const { ink, gold, paper } = colours
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${families}" xml:space="preserve">
<rect width="${width}" height="${height}" fill="${paper}"/>
<rect x="14" y="14" width="${width - 28}" height="${height - 28}" fill="none" stroke="${ink}" stroke-width="4"/>
<rect x="22" y="22" width="${width - 44}" height="${height - 44}" fill="none" stroke="${gold}" stroke-width="1.5"/>
${[...mark.map(textElement), ...shapes, ...lines.map(textElement)].join('\n')}
</svg>
`
}

function textElement({ x, y, size, fill, text, isCentred, turn }: Line): string {
  const anchor = isCentred ? ' text-anchor="middle"' : ''
  const turned = turn === undefined ? '' : ` transform="rotate(${turn} ${x} ${y})"`
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${anchor}${turned}>${escaped(text)}</text>`
}
