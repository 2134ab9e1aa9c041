/**
 * The objects of a PDF, by pdf-lib. What the pages of a batch share (fonts, pictures, frame, colours) is packed once and
 * written as it is into each document.
 */
import {
  PDFContext,
  type PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  type PDFObject,
  type PDFRawStream,
  type PDFRef,
  PDFString,
  PDFWriter,
} from 'pdf-lib'
import type { Bytes } from '../base/bytes.ts'
import { toHex } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import { page } from './ornament.ts'
import type { Picture } from './paper.ts'
import { pngSize } from './png-file.ts'
import { tableOf } from './sfnt.ts'
import { srgbProfile } from './srgb-profile.ts'
import type { Typeface } from './typeface.ts'
import { type About, creator, xmp } from './xmp.ts'

export interface Attachment {
  readonly name: string
  readonly mediaType: string
  readonly bytes: Bytes
  /** What it is to the page (ISO 32000-2, 7.11.3): what it was made from, what it rests on, what goes with it. */
  readonly relationship: 'Source' | 'Data' | 'Supplement'
}

/** A font as it goes into the documents of a batch. */
export interface EmbeddedFont {
  readonly name: string
  /** The program with nothing but what is used. */
  readonly program: Bytes
  readonly face: Typeface
  /** In the order of their codes, each once. */
  readonly codes: readonly FontCode[]
}

/** A character as texts of the page name it. */
export interface FontCode {
  /** Of TrueType outlines the place in the list, of PostScript outlines the CID. */
  readonly code: number
  /** The first is what the text is found again as. */
  readonly codePoints: readonly [number, ...number[]]
  /** In the program. */
  readonly glyph: number
  /** In thousandths of the size. */
  readonly advance: number
}

export interface Shared {
  readonly fonts: readonly EmbeddedFont[]
  /** Operators of frame and ground. */
  readonly ornament: string
  readonly seal: Bytes | undefined
  readonly signature: Bytes | undefined
}

export interface DocumentParts {
  readonly about: About
  readonly content: string
  readonly attachments: readonly Attachment[]
}

export interface DocumentMaker {
  readonly seal: Picture | undefined
  readonly signature: Picture | undefined
  /** One page with what is attached to it. The same parts give the same bytes. */
  readonly document: (parts: DocumentParts) => Promise<Bytes>
}

export async function documentMaker(shared: Shared): Promise<DocumentMaker> {
  const made = await PDFDocument.create({ updateMetadata: false })
  const { context } = made
  const seal = await addPicture(made, shared.seal, 'seal')
  const signature = await addPicture(made, shared.signature, 'signature')
  const fonts = shared.fonts.map((font, i) => [`F${i}`, addFont(context, font)] as const)
  const ornament = packed(context, shared.ornament, {
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [0, 0, page.width, page.height],
  })
  const resources = context.register(
    dictionary(context, {
      Font: Object.fromEntries(fonts),
      XObject: {
        Ornament: context.register(ornament),
        ...(seal && { Seal: seal.ref }),
        ...(signature && { Signature: signature.ref }),
      },
    }),
  )
  const colours = context.register(packed(context, srgbProfile(), { N: 3, Alternate: 'DeviceRGB' }))
  // The document that pdf-lib began has a page tree and a catalogue of its own: only what was added is shared.
  const own = new Set([context.trailerInfo.Root, made.catalog.get(PDFName.of('Pages'))])
  const objects = context.enumerateIndirectObjects().filter(([ref]) => !own.has(ref))
  const packedFiles = new WeakMap<Bytes, PDFRawStream>()
  return {
    seal,
    signature,
    document: (parts) => written({ objects, resources, colours, packedFiles }, parts),
  }
}

interface Drawn extends Picture {
  readonly ref: PDFRef
}

/** Pixels of a side, and bytes of a file, of a seal or signature. */
const pictureLimit = 4096
const pictureBytes = 8_388_608

/** @throws `render.picture_malformed` */
async function addPicture(
  made: PDFDocument,
  bytes: Bytes | undefined,
  what: string,
): Promise<Drawn | undefined> {
  if (bytes === undefined) return undefined
  const refuse = (cause?: unknown) =>
    new CertificateError('render.picture_malformed', { what, limit: pictureLimit }, { cause })
  if (bytes.length > pictureBytes || pngSize(bytes, pictureLimit) === null) throw refuse()
  try {
    const picture = await made.embedPng(bytes)
    await picture.embed()
    return { ref: picture.ref, width: picture.width, height: picture.height }
  } catch (cause) {
    throw refuse(cause)
  }
}

const packed = (context: PDFContext, content: string | Bytes, entries: Entries): PDFRawStream =>
  context.flateStream(content, literal(entries))

/** What stands in a dictionary; a plain text is a name there. */
type Entry = PDFObject | string | number | boolean | readonly Entry[] | Entries
interface Entries {
  readonly [name: string]: Entry
}

const dictionary = (context: PDFContext, entries: Entries): PDFDict => context.obj(literal(entries))

/** pdf-lib takes these, though its type of literals knows no lists that cannot be changed. */
const literal = (entries: Entries) => entries as unknown as NonNullable<Parameters<PDFContext['stream']>[1]>

function addFont(context: PDFContext, { name, program, face, codes }: EmbeddedFont): PDFRef {
  const baseName = `${tagOf(program)}+${name.replace(/[^A-Za-z0-9-]/g, '') || 'Font'}`
  const { file, font } = face.isCff ? postScript(context, program) : trueType(context, program, codes)
  const descriptor = context.register(
    dictionary(context, {
      Type: 'FontDescriptor',
      FontName: baseName,
      Flags: 4, // symbolic: codes are not those of any alphabet
      FontBBox: face.box.map(Math.round),
      ItalicAngle: face.italicAngle,
      Ascent: Math.round(face.ascent),
      Descent: Math.round(face.descent),
      CapHeight: Math.round(face.capHeight),
      StemV: 80,
      ...file,
    }),
  )
  const descendant = context.register(
    dictionary(context, {
      Type: 'Font',
      ...font,
      BaseFont: baseName,
      CIDSystemInfo: {
        Registry: PDFString.of('Adobe'),
        Ordering: PDFString.of('Identity'),
        Supplement: 0,
      },
      FontDescriptor: descriptor,
      DW: 1000,
      W: widthsOf(codes),
    }),
  )
  return context.register(
    dictionary(context, {
      Type: 'Font',
      Subtype: 'Type0',
      BaseFont: baseName,
      Encoding: 'Identity-H',
      DescendantFonts: [descendant],
      ToUnicode: context.register(packed(context, toUnicode(codes), {})),
    }),
  )
}

/** Where a font program stands, and what kind of font it makes (sections 9.7.4 and 9.9). */
interface FontParts {
  readonly file: Entries
  readonly font: Entries
}

/** Each character has a code of its own, and the codes are mapped to glyphs: texts are found again as they were written. */
function trueType(context: PDFContext, program: Bytes, codes: EmbeddedFont['codes']): FontParts {
  const map = new Uint8Array(codes.length * 2)
  for (const { code, glyph } of codes) map.set([glyph >> 8, glyph & 255], code * 2)
  return {
    file: { FontFile2: context.register(packed(context, program, { Length1: program.length })) },
    font: { Subtype: 'CIDFontType2', CIDToGIDMap: context.register(packed(context, map, {})) },
  }
}

/** Only the outlines: what stands around them in the file no reader looks at. */
function postScript(context: PDFContext, program: Bytes): FontParts {
  const outlines = tableOf(program, 'CFF ') ?? program
  const file = context.register(packed(context, outlines, { Subtype: 'CIDFontType0C' }))
  return { file: { FontFile3: file }, font: { Subtype: 'CIDFontType0' } }
}

/** Six capital letters that stand for what is in a subset (ISO 32000-1, section 9.6.4). */
const tagOf = (program: Bytes): string =>
  [...sha256(program).subarray(0, 6)].map((byte) => String.fromCharCode(65 + (byte % 26))).join('')

/** Only those that are not a thousand. */
const widthsOf = (codes: EmbeddedFont['codes']): (number | number[])[] =>
  codes.flatMap(({ advance, code }) => (advance === 1000 ? [] : [code, [Math.round(advance * 100) / 100]]))

/** Which character each code is (section 9.10.3), a hundred a block. */
function toUnicode(codes: EmbeddedFont['codes']): string {
  const rows = codes.map(
    ({ codePoints: [codePoint], code }) => `<${hex16(code)}> <${utf16(String.fromCodePoint(codePoint))}>`,
  )
  const blocks: string[] = []
  for (let i = 0; i < rows.length; i += 100) {
    const block = rows.slice(i, i + 100)
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`)
  }
  return [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def /CMapType 2 def',
    '1 begincodespacerange\n<0000> <ffff>\nendcodespacerange',
    ...blocks,
    'endcmap CMapName currentdict /CMap defineresource pop end end',
  ].join('\n')
}

const hex16 = (value: number): string => value.toString(16).padStart(4, '0')
const utf16 = (text: string): string =>
  Array.from({ length: text.length }, (_, i) => hex16(text.charCodeAt(i))).join('')

interface Prepared {
  readonly objects: readonly (readonly [PDFRef, PDFObject])[]
  readonly resources: PDFRef
  readonly colours: PDFRef
  /** What is attached to many documents is packed once. */
  readonly packedFiles: WeakMap<Bytes, PDFRawStream>
}

async function written(
  { objects, resources, colours, packedFiles }: Prepared,
  { about, content, attachments }: DocumentParts,
): Promise<Bytes> {
  const context = PDFContext.create()
  for (const [ref, object] of objects) context.assign(ref, object)
  const date = PDFString.of(pdfDate(about.date))
  const files = attachments.map((attachment) => addFile(context, attachment, date, packedFiles))
  const pages = context.nextRef()
  const sheet = context.register(
    dictionary(context, {
      Type: 'Page',
      Parent: pages,
      MediaBox: [0, 0, page.width, page.height],
      Resources: resources,
      Contents: context.register(packed(context, content, {})),
    }),
  )
  context.assign(pages, dictionary(context, { Type: 'Pages', Kids: [sheet], Count: 1 }))
  const text = xmp(about)
  const metadata = context.stream(utf8Bytes(text), { Type: 'Metadata', Subtype: 'XML' })
  context.trailerInfo.Root = context.register(
    catalogue(context, { about, pages, files, colours, metadata: context.register(metadata) }),
  )
  context.trailerInfo.Info = context.register(
    dictionary(context, {
      Title: PDFHexString.fromText(about.title),
      Creator: PDFString.of(creator),
      Producer: PDFString.of(creator),
      CreationDate: date,
      ModDate: date,
    }),
  )
  const id = PDFHexString.of(toHex(sha256(utf8Bytes(`${text}${content}`)).slice(0, 16)))
  context.trailerInfo.ID = context.obj([id, id])
  return new Uint8Array(await PDFWriter.forContext(context, Number.POSITIVE_INFINITY).serializeToBuffer())
}

interface FileEntry {
  readonly name: string
  readonly ref: PDFRef
}

function addFile(
  context: PDFContext,
  { name, mediaType, bytes, relationship }: Attachment,
  date: PDFString,
  packedFiles: WeakMap<Bytes, PDFRawStream>,
): FileEntry {
  const stream =
    packedFiles.get(bytes) ??
    packed(context, bytes, {
      Type: 'EmbeddedFile',
      Subtype: mediaType,
      Params: { Size: bytes.length, ModDate: date },
    })
  packedFiles.set(bytes, stream)
  const file = context.register(stream)
  const specification = dictionary(context, {
    Type: 'Filespec',
    F: PDFString.of(asciiName(name)),
    UF: PDFHexString.fromText(name),
    AFRelationship: relationship,
    EF: { F: file, UF: file },
  })
  return { name, ref: context.register(specification) }
}

const asciiName = (name: string): string => name.replace(/[^A-Za-z0-9._%-]/g, '_')

function catalogue(
  context: PDFContext,
  {
    about,
    pages,
    files,
    colours,
    metadata,
  }: {
    readonly about: About
    readonly pages: PDFRef
    readonly files: readonly FileEntry[]
    readonly colours: PDFRef
    readonly metadata: PDFRef
  },
): PDFDict {
  // A tree of names is in the order of its keys (section 7.9.6).
  const named = files
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, ref }) => [PDFHexString.fromText(name), ref])
  return dictionary(context, {
    Type: 'Catalog',
    Pages: pages,
    Lang: PDFString.of(about.language),
    ViewerPreferences: { DisplayDocTitle: true },
    Metadata: metadata,
    OutputIntents: [
      {
        Type: 'OutputIntent',
        S: 'GTS_PDFA1',
        OutputConditionIdentifier: PDFString.of('sRGB IEC61966-2.1'),
        Info: PDFString.of('sRGB IEC61966-2.1'),
        DestOutputProfile: colours,
      },
    ],
    ...(files.length > 0 && { AF: files.map(({ ref }) => ref), Names: { EmbeddedFiles: { Names: named } } }),
  })
}

/** `D:20260125000000+08'00'` (section 7.9.4). */
function pdfDate(date: string): string {
  const [, day = '', time = '', zone = ''] = /^(\S+)T(\d\d:\d\d:\d\d)(.+)$/.exec(date) ?? []
  const offset = zone === 'Z' ? 'Z' : `${zone.replace(':', "'")}'`
  return `D:${day.replaceAll('-', '')}${time.replaceAll(':', '')}${offset}`
}

const utf8Bytes = (text: string): Bytes => new TextEncoder().encode(text)
