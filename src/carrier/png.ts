/** Credentials baked into PNG pictures (Open Badges 3.0, section 5.3.1), by us and by others. */
import { type Bytes, utf8, utf8Text } from '../base/bytes.ts'
import { unzlib } from '../base/zlib.ts'
import { type Carrier, type CarrierFault, type Carrying, carrierLimits } from './carried.ts'
import { isPng, type PngChunk, pngChunks } from './png-chunks.ts'

export const png: Carrier = { kind: 'png', begins: isPng, read: async (bytes) => readPng(bytes) }

/** Keyword of the one chunk that carries a credential. */
export const pngKeyword = 'openbadgecredential'

/** Whether a chunk carries a credential, in whatever form of text. */
export const isBaked = (chunk: PngChunk): boolean => textUnder(pngKeyword, chunk) !== null

function readPng(bytes: Bytes): Carrying {
  const walk = pngChunks(bytes)
  if (!walk.ok) return walk
  const texts = walk.chunks.filter(({ type }) => textForms.has(type))
  if (texts.length > carrierLimits.parts) return refuse('too_many_parts', `${texts.length} texts`)
  const [baked, second] = texts.filter(isBaked)
  if (baked === undefined) return refuse('nothing_inside', otherwise(texts))
  if (second !== undefined) return refuse('too_many_parts', 'two credentials')
  const reading = (textForms.get(baked.type) as TextForm)(textUnder(pngKeyword, baked) as Bytes)
  if (typeof reading === 'string') return refuse(reading, `the text of ${baked.type}`)
  if (reading.length > carrierLimits.textBytes) return refuse('too_large', `${reading.length} bytes of text`)
  return { ok: true, carried: { texts: [reading], anchors: [], evidence: [] } }
}

const refuse = (fault: CarrierFault, detail: string): Carrying => ({ ok: false, fault, detail })

/** Earlier versions of Open Badges have the keyword `openbadges`, over an assertion or the address of one. */
const otherwise = (texts: readonly PngChunk[]): string =>
  texts.some((chunk) => textUnder('openbadges', chunk) !== null)
    ? 'an assertion of Open Badges 2 or older, which is no credential'
    : `no text ${pngKeyword}`

/** What comes after a keyword and its zero byte; `null` where a chunk is no text or has another keyword. */
function textUnder(keyword: string, { type, content }: PngChunk): Bytes | null {
  if (!textForms.has(type) || content[keyword.length] !== 0) return null
  const isUnder = [...keyword].every((letter, i) => content[i] === letter.charCodeAt(0))
  return isUnder ? content.subarray(keyword.length + 1) : null
}

/** Reads what comes after a keyword. */
type TextForm = (content: Bytes) => Bytes | 'damaged' | 'bomb'

/** The standard asks for `iTXt` without compression; the other forms are met, and can only say the same. */
const textForms: ReadonlyMap<string, TextForm> = new Map<string, TextForm>([
  ['iTXt', international],
  ['tEXt', fromLatin1],
  ['zTXt', (content) => (content[0] === 0 ? expanded(content.subarray(1), fromLatin1) : 'damaged')],
])

/** ISO/IEC 15948, section 11.3.4.5: two bytes about compression, a language, the keyword in it, and the text in UTF-8. */
function international(content: Bytes): Bytes | 'damaged' | 'bomb' {
  const [packed, method] = content
  const language = content.indexOf(0, 2)
  const keyword = language < 0 ? -1 : content.indexOf(0, language + 1)
  if (keyword < 0) return 'damaged'
  const text = content.subarray(keyword + 1)
  if (packed === 0) return inUtf8(text)
  return packed === 1 && method === 0 ? expanded(text, inUtf8) : 'damaged'
}

function expanded(packed: Bytes, read: (text: Bytes) => Bytes | 'damaged'): Bytes | 'damaged' | 'bomb' {
  const inflated = unzlib(packed, carrierLimits.textBytes)
  if (!inflated.ok) return inflated.fault === 'too_large' ? 'bomb' : 'damaged'
  return inflated.end === packed.length ? read(inflated.bytes) : 'damaged'
}

const inUtf8 = (text: Bytes): Bytes | 'damaged' => (utf8Text(text) === null ? 'damaged' : text.slice())

/** The letters that these chunks are made for; many who bake write UTF-8 all the same. */
function fromLatin1(text: Bytes): Bytes {
  if (utf8Text(text) !== null) return text.slice()
  return utf8(Array.from(text, (byte) => String.fromCharCode(byte)).join(''))
}
