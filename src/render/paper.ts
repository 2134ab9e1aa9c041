/** Lays out one certificate on A4 upright and draws it, as operators of a page. Everything that is said fits, or it is an error. */
import { CertificateError } from '../base/errors.ts'
import { type Face, type Field, type Line, paperWords, type Row, rowLabels } from './face.ts'
import { type Lettering, points } from './lettering.ts'
import { type Colours, coloursOf, page } from './ornament.ts'
import { type QrCode, quietZone } from './qr.ts'

export interface Paper {
  readonly face: Face
  readonly code: QrCode | null
  readonly hasAttachments: boolean
  readonly isTrial: boolean
  /** Width by height of the pictures that are there. */
  readonly seal?: Picture | undefined
  readonly signature?: Picture | undefined
}

export interface Picture {
  readonly width: number
  readonly height: number
}

/** Operators. Fonts are called `F0`, `F1`, …, pictures `Seal` and `Signature`, frame and ground `Ornament`. */
export function drawn(paper: Paper, lettering: Lettering): string {
  const { face, isTrial } = paper
  const colours = coloursOf(isTrial)
  const sheet: Sheet = { lettering, colours, number: face.number }
  return [
    '/Ornament Do\n',
    isTrial ? trialMark(sheet) : '',
    heading(face, sheet),
    nameBlock(face, sheet),
    rowsBlock(face.rows, sheet),
    agencyBlock(paper, sheet),
    codeBlock(paper, sheet),
    footer(paper, sheet),
  ].join('')
}

interface Sheet {
  readonly lettering: Lettering
  readonly colours: Colours
  /** For messages. */
  readonly number: string
}

/** Points from the edges of the page, and heights of the parts above each other. */
const left = 66
const right = page.width - left
const innerWidth = right - left
const centre = page.width / 2

const leading = 1.3

interface Box {
  readonly width: number
  readonly height: number
  /** Sizes of letters in points, the wished one and the smallest. */
  readonly size: number
  readonly least: number
}

interface Fitted {
  readonly lines: readonly string[]
  readonly size: number
  readonly height: number
}

/** A text as large as it may be in a box. @throws `render.does_not_fit` */
function fitted(
  text: string,
  { width, height, size, least }: Box,
  { lettering, number }: Sheet,
  field: string,
): Fitted {
  for (let at = size; at >= least; at -= size / 40) {
    const lines = lettering.lines(text, at, width)
    const used = lines.length * at * leading
    if (used <= height) return { lines, size: at, height: used }
  }
  throw new CertificateError('render.does_not_fit', { number, field })
}

interface Style {
  readonly colour: string
  /** Of the stroke around each letter, in parts of its size: headings are set bolder. */
  readonly stroke?: number
  readonly spacing?: number
}

/** Lines below each other, the first one's top at `top`, around `x`. */
function centred(
  { lines, size }: Fitted,
  x: number,
  top: number,
  { colour, stroke = 0, spacing = 0 }: Style,
  { lettering }: Sheet,
): string {
  return inColour(
    colour,
    lines.map((line, i) =>
      lettering.shown(line, {
        x: x - lettering.width(line, size, spacing) / 2,
        y: top - size * (0.95 + i * leading),
        size,
        spacing,
        stroke: stroke * size,
      }),
    ),
  )
}

function flushLeft(
  { lines, size }: Fitted,
  x: number,
  top: number,
  { colour, stroke = 0 }: Style,
  { lettering }: Sheet,
): string {
  return inColour(
    colour,
    lines.map((line, i) =>
      lettering.shown(line, { x, y: top - size * (0.95 + i * leading), size, stroke: stroke * size }),
    ),
  )
}

const inColour = (colour: string, shown: readonly string[]): string =>
  `${colour} rg ${colour} RG\n${shown.join('')}`

const one = (text: string, size: number): Fitted => ({ lines: [text], size, height: size * leading })

function heading({ title, number }: Face, sheet: Sheet): string {
  const { line, accent, quiet } = sheet.colours
  const zh = centred(one(title.zh, 36), centre, 770, { colour: line, stroke: 0.025, spacing: 7 }, sheet)
  const en = centred(one(title.en, 11.5), centre, 719, { colour: line, spacing: 1.2 }, sheet)
  const text = `${rowLabels.number.zh} ${rowLabels.number.en}　${number}`
  const numberLine = centred(
    fitted(text, { width: innerWidth, height: 26, size: 9.5, least: 4 }, sheet, 'number'),
    centre,
    690,
    { colour: quiet },
    sheet,
  )
  const rule = `${accent} RG 0.8 w ${points(centre - 150)} 699 m ${points(centre + 150)} 699 l S\n`
  return zh + en + rule + numberLine
}

function nameBlock({ name, statement }: Face, sheet: Sheet): string {
  const { ink, quiet, accent } = sheet.colours
  const text = fitted(name.text, { width: innerWidth, height: 52, size: 34, least: 12 }, sheet, 'name')
  const below =
    name.below === ''
      ? null
      : fitted(name.below, { width: innerWidth, height: 16, size: 11, least: 5 }, sheet, 'name')
  return [
    centred(one(`${name.label.zh} ${name.label.en}`, 9), centre, 660, { colour: quiet }, sheet),
    centred(
      text,
      centre,
      643 - (52 - text.height) / 2,
      { colour: ink, stroke: 0.01, spacing: spacingOf(name.text, text) },
      sheet,
    ),
    below === null ? '' : centred(below, centre, 592, { colour: quiet }, sheet),
    `${accent} RG 0.5 w ${points(centre - 110)} 575 m ${points(centre + 110)} 575 l S\n`,
    centred(one(statement.zh, 12), centre, 566, { colour: ink }, sheet),
    centred(one(statement.en, 9), centre, 548, { colour: quiet }, sheet),
  ].join('')
}

/** Names of two or three characters are set wide. */
const spacingOf = (name: string, { size }: Fitted): number => ([...name].length <= 3 ? size * 0.35 : 0)

const rowsTop = 526
const rowsHeight = 270
const labelWidth = 104
/** Both lines of a label. */
const labelHeight = (10.5 + 7.5) * leading
/** How far rows may shrink so that all of them fit: main texts of 12.5 points then have 5. */
const scales = Array.from({ length: 25 }, (_, i) => 1 - i * 0.025)

/** What is read first is set a little bolder. */
const weights: Readonly<Partial<Record<Field, number>>> = { occupation: 0.018, grade: 0.018 }

interface LaidRow {
  readonly row: Row
  readonly main: Fitted
  readonly more: Fitted | null
  readonly height: number
}

function rowsBlock(rows: readonly Row[], sheet: Sheet): string {
  for (const scale of scales) {
    const laid = rows.map((row) => laidRow(row, scale, sheet.lettering))
    const used = laid.reduce((sum, { height }) => sum + height, 0)
    if (used <= rowsHeight)
      return drawnRows(laid, scale, Math.min(14, (rowsHeight - used) / laid.length), sheet)
  }
  throw new CertificateError('render.does_not_fit', { number: sheet.number, field: longest(rows) })
}

const longest = (rows: readonly Row[]): string =>
  rows.toSorted((a, b) => lengthOf(b.value) - lengthOf(a.value))[0]?.field ?? ''
const lengthOf = ({ zh, en }: Line): number => zh.length + en.length

function laidRow(row: Row, scale: number, lettering: Lettering): LaidRow {
  const width = innerWidth - labelWidth
  const laid = (text: string, size: number): Fitted => {
    const lines = lettering.lines(text, size, width)
    return { lines, size, height: lines.length * size * leading }
  }
  const main = laid(row.value.zh, 12.5 * scale)
  const more = row.value.en === '' ? null : laid(row.value.en, 8.5 * scale)
  return {
    row,
    main,
    more,
    height: Math.max(main.height + (more?.height ?? 0), labelHeight * scale) + 8 * scale,
  }
}

function drawnRows(laid: readonly LaidRow[], scale: number, room: number, sheet: Sheet): string {
  const { ink, quiet, rule: thin, line } = sheet.colours
  let top = rowsTop
  return laid
    .map(({ row, main, more, height }) => {
      const { zh, en } = rowLabels[row.field]
      const label = one(zh, 10.5 * scale)
      const start = top
      top -= height + room
      const rule = `${thin} RG 0.5 w ${points(left)} ${points(top + room / 2 + 3 * scale)} m ${points(right)} ${points(top + room / 2 + 3 * scale)} l S\n`
      return [
        flushLeft(label, left, start - 1.5 * scale, { colour: line }, sheet),
        flushLeft(one(en, 7.5 * scale), left, start - 1.5 * scale - label.height, { colour: quiet }, sheet),
        flushLeft(main, left + labelWidth, start, { colour: ink, stroke: weights[row.field] ?? 0 }, sheet),
        more === null
          ? ''
          : flushLeft(more, left + labelWidth, start - main.height, { colour: quiet }, sheet),
        rule,
      ].join('')
    })
    .join('')
}

/** The right half below the rows: who awards it, with signature and seal, and when. */
const blockTop = 240
const agencyLeft = 306
const agencyWidth = right - agencyLeft
/** Diameter of a seal of an agency: 40 mm. */
const sealSize = 113.4

function agencyBlock({ face, seal, signature, isTrial }: Paper, sheet: Sheet): string {
  const { ink, quiet } = sheet.colours
  const middle = agencyLeft + agencyWidth / 2
  const { agency: label, date: dateLabel } = paperWords
  const zh = fitted(face.agency.zh, { width: agencyWidth, height: 44, size: 16, least: 5 }, sheet, 'agency')
  const en =
    face.agency.en === ''
      ? null
      : fitted(face.agency.en, { width: agencyWidth, height: 26, size: 9.5, least: 3.5 }, sheet, 'agency')
  const enTop = blockTop - 16 - zh.height - 2
  const dateTop = 114
  // Letters stand above the seal, so that one without a clear background hides none.
  return [
    seal === undefined || isTrial
      ? ''
      : picture('Seal', seal, { x: middle, y: 148, width: sealSize, height: sealSize }),
    signature === undefined || isTrial
      ? ''
      : picture('Signature', signature, { x: middle, y: 136, width: 130, height: 40 }),
    centred(one(`${label.zh} ${label.en}`, 8), middle, blockTop, { colour: quiet }, sheet),
    centred(zh, middle, blockTop - 16, { colour: ink, stroke: 0.016 }, sheet),
    en === null ? '' : centred(en, middle, enTop, { colour: quiet }, sheet),
    centred(one(`${dateLabel.zh} ${dateLabel.en}`, 8), middle, dateTop, { colour: quiet }, sheet),
    centred(one(`${face.date.zh}　${face.date.en}`, 12.5), middle, dateTop - 13, { colour: ink }, sheet),
  ].join('')
}

/** A picture inside a box around a place, as large as it may be. */
function picture(
  name: string,
  { width, height }: Picture,
  box: { x: number; y: number; width: number; height: number },
): string {
  const scale = Math.min(box.width / width, box.height / height)
  const [w, h] = [width * scale, height * scale]
  return `q ${points(w)} 0 0 ${points(h)} ${points(box.x - w / 2)} ${points(box.y - h / 2)} cm /${name} Do Q\n`
}

/** A side of the code with its quiet zone: 55 mm, so that 700 bytes have modules of half a millimetre. */
const codeSize = 156
const codeBottom = 92

function codeBlock({ code }: Paper, sheet: Sheet): string {
  if (code === null) return ''
  const module = codeSize / (code.size + 2 * quietZone)
  const x0 = left - 8
  const top = codeBottom + codeSize
  const dark = code.runs.map(([x, y, length]) => `${x} ${y} ${length} 1 re`).join(' ')
  const origin = [x0 + quietZone * module, top - quietZone * module].map(points)
  const { zh, en } = paperWords.scan
  return [
    `1 1 1 rg ${points(x0)} ${codeBottom} ${codeSize} ${codeSize} re f\n`,
    `q ${points4(module)} 0 0 ${points4(-module)} ${origin.join(' ')} cm 0 0 0 rg ${dark} f Q\n`,
    centred(
      one(`${zh} ${en}`, 7.5),
      x0 + codeSize / 2,
      codeBottom + 1,
      { colour: sheet.colours.quiet },
      sheet,
    ),
  ].join('')
}

/** A hundred modules beside each other: rounding to a thousandth would shift the last by a twentieth of its size. */
const points4 = (value: number): string => value.toFixed(6)

function footer({ code, hasAttachments }: Paper, sheet: Sheet): string {
  const words =
    paperWords[code === null ? (hasAttachments ? 'attached' : 'neither') : hasAttachments ? 'both' : 'coded']
  const { quiet } = sheet.colours
  const box: Box = { width: page.width - 2 * footerMargin, height: 20, size: 7.2, least: 4 }
  const zh = fitted(words.zh, box, sheet, 'paper')
  const en = fitted(words.en, box, sheet, 'paper')
  return (
    centred(zh, centre, footerTop, { colour: quiet }, sheet) +
    centred(en, centre, footerTop - zh.height - 1, { colour: quiet }, sheet)
  )
}

const footerTop = 79
const footerMargin = 78

/** Across the page, behind everything. */
function trialMark(sheet: Sheet): string {
  const { zh, en } = paperWords.trial
  const turn = '0.819 0.574 -0.574 0.819'
  return `q ${turn} ${points(centre)} 430 cm\n${centred(one(zh, 62), 0, 50, { colour: '0.86 0.86 0.86' }, sheet)}${centred(one(en, 30), 0, -30, { colour: '0.86 0.86 0.86' }, sheet)}Q\n`
}
