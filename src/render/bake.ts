/** Bakes credentials into pictures (Open Badges 3.0, section 5.3). One that is in there already is replaced; all else stays byte for byte. */
import { type Bytes, concat, utf8 } from '../base/bytes.ts'
import { crc32 } from '../base/crc32.ts'
import { CertificateError } from '../base/errors.ts'
import { carrierLimits } from '../carrier/carried.ts'
import { isBaked, pngKeyword } from '../carrier/png.ts'
import { type PngChunk, pngChunks } from '../carrier/png-chunks.ts'
import { notInXml, openBadgesNamespace, type SvgScan, scanSvg } from '../carrier/svg-scan.ts'

/**
 * A PNG picture with a credential inside.
 *
 * @param text the credential as it was issued: JSON or a token
 * @throws `render.picture_refused`, `render.text_unfit`
 * @example
 * await writeFile('badge.png', bakePng(await readFile('picture.png'), secured.text))
 */
export function bakePng(picture: Bytes, text: string): Bytes {
  const content = fitting(text)
  const walk = pngChunks(picture)
  if (!walk.ok) throw new CertificateError('render.picture_refused', { fault: walk.fault, what: walk.detail })
  const [head, ...others] = walk.chunks as readonly [PngChunk, ...PngChunk[]]
  const kept = others.filter((chunk) => !isBaked(chunk))
  // Right after the head, so that it is the first text that anybody finds.
  return concat(
    picture.slice(0, head.end),
    chunkOf('iTXt', concat(utf8(`${pngKeyword}\0`), uncompressed, content)),
    ...kept.map(({ start, end }) => picture.subarray(start, end)),
  )
}

/** ISO/IEC 15948, section 11.3.4.5: no compression, no language, no keyword in it. */
const uncompressed = new Uint8Array(4)

function chunkOf(type: string, content: Bytes): Bytes {
  const named = concat(utf8(type), content)
  return concat(number(content.length), named, number(crc32(named)))
}

/** Four bytes, the highest first. */
function number(value: number): Bytes {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

/**
 * An SVG picture with a credential inside.
 *
 * @param text the credential as it was issued: JSON or a token
 * @throws `render.picture_refused`, `render.text_unfit`
 */
export function bakeSvg(picture: Bytes, text: string): Bytes {
  fitting(text)
  if (notInXml.test(text)) throw new CertificateError('render.text_unfit', { what: 'not in XML' })
  const walk = scanSvg(picture)
  if (!walk.ok) throw new CertificateError('render.picture_refused', { fault: walk.fault, what: walk.detail })
  const { root } = walk.scan
  const isOurs = root.openBadges === openBadgesNamespace
  const isFree = root.openBadges === undefined
  const declaration = ` xmlns:openbadges="${openBadgesNamespace}"`
  // Where the root has given the prefix away, as badges of version 2 have, the element says itself what it means.
  const element = elementOf(text, isOurs || isFree ? '' : declaration)
  const before = unbaked(walk.scan, 0, root.tagEnd)
  const after = unbaked(walk.scan, root.inside, walk.scan.text.length)
  const opened = `${before}${isFree ? declaration : ''}>${element}`
  return utf8(root.isEmpty ? `${opened}</${root.name}>${after}` : `${opened}${after}`)
}

/** The picture between two places without what was baked into it. */
function unbaked({ text, credentials }: SvgScan, from: number, to: number): string {
  let [kept, at] = ['', from]
  for (const { start, end } of credentials.filter((one) => one.start >= from && one.end <= to)) {
    kept += text.slice(at, start)
    at = end
  }
  return kept + text.slice(at, to)
}

/** A token stands in an attribute, JSON between the tags. */
function elementOf(text: string, declaration: string): string {
  if (/^[\w.~-]+$/.test(text)) return `<openbadges:credential${declaration} verify="${text}"/>`
  return `<openbadges:credential${declaration}>${cdata(text)}</openbadges:credential>`
}

/** What ends a section is cut in two; a carriage return would be read as a line feed, so it stands between sections. */
const cdata = (text: string): string =>
  `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>').replaceAll('\r', ']]>&#13;<![CDATA[')}]]>`

/** @throws `render.text_unfit` for what our own reader would not give back */
function fitting(text: string): Bytes {
  if (/\p{Surrogate}/u.test(text))
    throw new CertificateError('render.text_unfit', { what: 'half a character' })
  const bytes = utf8(text)
  if (bytes.length > 0 && bytes.length <= carrierLimits.textBytes) return bytes
  throw new CertificateError('render.text_unfit', { what: `${bytes.length} bytes` })
}
