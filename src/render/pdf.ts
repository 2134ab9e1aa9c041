/** Certificates as PDF: one page each, with what was signed attached to it. Drawing a certificate judges nothing of it. */
import type { Bytes } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { startOfDay } from '../base/instant.ts'
import { type Face, faceOf, type PaperCertificate, textsOf } from './face.ts'
import { codePointName, letteringOf, type SetGlyph } from './lettering.ts'
import { coloursOf, ornament } from './ornament.ts'
import { drawn } from './paper.ts'
import { type Attachment, documentMaker, type EmbeddedFont, type FontCode } from './pdf-document.ts'
import { qrCode } from './qr.ts'
import { singleFont } from './sfnt.ts'
import { subsetOf } from './subset.ts'
import { readTypeface, type Typeface } from './typeface.ts'

export interface FontFile {
  /** For messages and for the document. */
  readonly name: string
  readonly bytes: Bytes
}

export interface PdfOptions {
  /** All certificates that will be drawn: their characters are what the fonts are cut down to. */
  readonly certificates: readonly PaperCertificate[]
  /** The first that has a character sets it. */
  readonly fonts: readonly FontFile[]
  /** PNG, drawn at the size of a seal of 40 mm. */
  readonly seal?: Bytes | undefined
  /** PNG of a signature by hand. */
  readonly signature?: Bytes | undefined
  /** Of the document, for readers aloud; `zh-CN` by default. */
  readonly language?: 'zh-CN' | 'en'
  /** Marks every page as a trial: grey, across the whole page, without seal and signature. */
  readonly isTrial?: boolean
}

export interface PdfPage {
  readonly certificate: PaperCertificate
  readonly attachments: readonly Attachment[]
  /** Text of the code in the corner. */
  readonly code?: string | undefined
}

export interface PdfMaker {
  /** The same page gives the same bytes. @throws `render.does_not_fit`, `render.code_too_long`, `render.text_not_given` */
  readonly render: (page: PdfPage) => Promise<Bytes>
}

/** Makes ready what the pages of a batch share. @throws `render.glyph_missing`, `render.font_malformed`, `render.picture_malformed`, `render.no_font` */
export async function pdfMaker(options: PdfOptions): Promise<PdfMaker> {
  const { certificates, fonts, isTrial = false, language = 'zh-CN' } = options
  const faces = new Map(certificates.map((certificate) => [certificate, faceOf(certificate)]))
  const { embedded, letters } = await cutFonts([...faces.values()], fonts.map(opened))
  const lettering = letteringOf(letters)
  const shared = await documentMaker({
    fonts: embedded,
    ornament: ornament(coloursOf(isTrial)),
    seal: options.seal,
    signature: options.signature,
  })
  return {
    async render({ certificate, attachments, code }) {
      const face = faces.get(certificate) ?? faceOf(certificate)
      const content = drawn(
        {
          face,
          code: code === undefined ? null : qrCode(code),
          hasAttachments: attachments.length > 0,
          isTrial,
          seal: shared.seal,
          signature: shared.signature,
        },
        lettering,
      )
      const zone = 'zone' in certificate ? certificate.zone : '+08:00'
      const about = {
        title: `${face.title.zh} ${face.number} ${face.name.text}`,
        language,
        date: startOfDay(certificate.awardedOn, zone),
      }
      return shared.document({ about, content, attachments })
    },
  }
}

interface OpenFont {
  readonly name: string
  readonly bytes: Bytes
  readonly face: Typeface
  /** Whether it shows a character, as far as that was asked. */
  readonly shown: Map<number, boolean>
}

/** A font is read once, however many batches are set in it. */
const openedFonts = new WeakMap<Bytes, OpenFont>()

function opened({ name, bytes }: FontFile): OpenFont {
  const known = openedFonts.get(bytes)
  if (known !== undefined) return known
  const single = singleFont(bytes)
  const face = single === null ? null : readTypeface(single)
  if (single === null || face === null) throw new CertificateError('render.font_malformed', { name })
  const font = { name, bytes: single, face, shown: new Map() }
  openedFonts.set(bytes, font)
  return font
}

interface CutFonts {
  readonly embedded: readonly EmbeddedFont[]
  readonly letters: ReadonlyMap<number, SetGlyph>
}

/** What keeps a certificate from being set in some fonts: a character that none of them has. */
export function faultIn(certificate: PaperCertificate, fonts: readonly FontFile[]): CertificateError | null {
  const missing = missingIn(faceOf(certificate), fonts.map(opened))
  return missing === null ? null : new CertificateError('render.glyph_missing', missing)
}

function missingIn(face: Face, fonts: readonly OpenFont[]) {
  for (const [field, text] of textsOf(face)) {
    for (const character of text) {
      if (fontFor(character, fonts) >= 0) continue
      return { character, codePoint: codePointName(character), field, number: face.number }
    }
  }
  return null
}

/** Which font sets a character; `-1` where none has it. */
const fontFor = (character: string, fonts: readonly OpenFont[]): number =>
  fonts.findIndex((font) => canShow(font, character.codePointAt(0) as number))

/** Finds a font for every character before anything is drawn, and cuts the fonts down to what they are needed for. */
async function cutFonts(faces: readonly Face[], fonts: readonly OpenFont[]): Promise<CutFonts> {
  if (fonts.length === 0) throw new CertificateError('render.no_font')
  const missing = faces.map((face) => missingIn(face, fonts)).find((one) => one !== null)
  if (missing) throw new CertificateError('render.glyph_missing', missing)
  const characters = new Set(faces.flatMap((face) => textsOf(face).flatMap(([, text]) => [...text])))
  const wanted = [...characters].map((one) => [one.codePointAt(0) as number, fontFor(one, fonts)] as const)
  const used = fonts.flatMap((font, i) => {
    const codePoints = wanted
      .flatMap(([codePoint, at]) => (at === i ? [codePoint] : []))
      .sort((a, b) => a - b)
    return codePoints.length === 0 ? [] : [{ font, codePoints }]
  })
  const letters = new Map<number, SetGlyph>()
  const embedded = await Promise.all(
    used.map(async ({ font, codePoints }, i) => {
      const program = await subsetOf(font.bytes, String.fromCodePoint(...codePoints), font.face.axes)
      const face = readTypeface(program)
      if (face === null) throw new CertificateError('render.font_malformed', { name: font.name })
      const codes = codesOf(codePoints, face)
      for (const { code, codePoints, advance } of codes) {
        for (const codePoint of codePoints) letters.set(codePoint, { font: i, code, advance })
      }
      return { name: font.name, program, face, codes }
    }),
  )
  return { embedded, letters }
}

/** In PostScript outlines a glyph has one code, whichever characters look like it; in TrueType each character has its own. */
function codesOf(codePoints: readonly number[], face: Typeface): readonly FontCode[] {
  const codes = new Map<number, FontCode>()
  for (const [place, codePoint] of codePoints.entries()) {
    const { id, cid, advance } = face.glyph(codePoint)
    const code = face.isCff ? cid : place
    const known = codes.get(code)
    codes.set(code, {
      code,
      codePoints: known === undefined ? [codePoint] : [...known.codePoints, codePoint],
      glyph: id,
      advance,
    })
  }
  return [...codes.values()].sort((a, b) => a.code - b.code)
}

/** Spaces may be blank; anything else has to be seen, and what turns or hides other text has no place on paper. */
function canShow({ face, shown }: OpenFont, codePoint: number): boolean {
  const known = shown.get(codePoint)
  if (known !== undefined) return known
  const character = String.fromCodePoint(codePoint)
  const isText = !/[\p{C}\p{Zl}\p{Zp}]/u.test(character) && face.has(codePoint)
  const can = isText && (/\s/.test(character) || !face.glyph(codePoint).isBlank)
  shown.set(codePoint, can)
  return can
}
