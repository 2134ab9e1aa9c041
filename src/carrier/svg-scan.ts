/**
 * Walks an SVG picture strictly and once: well-formed XML 1.0 with namespaces, without a document type, so without entities;
 * without anything that runs or that is fetched from elsewhere. Finds the credentials that are baked into it.
 */
import { type Bytes, utf8Text } from '../base/bytes.ts'
import { type CarrierFault, carrierLimits } from './carried.ts'

export interface SvgScan {
  /** The picture as text; all places below count its UTF-16 units. */
  readonly text: string
  readonly root: SvgRoot
  /** In the order of the picture. */
  readonly credentials: readonly BakedElement[]
  /** Whether there is an assertion of Open Badges 2 or older, or a credential of another namespace. */
  readonly stranger: boolean
}

export interface SvgRoot {
  /** As it is written, with its prefix. */
  readonly name: string
  /** Where its start tag ends, before `>` or `/>` and after it. */
  readonly tagEnd: number
  readonly inside: number
  readonly isEmpty: boolean
  /** What the prefix `openbadges` stands for, where the root says so. */
  readonly openBadges: string | undefined
}

export interface BakedElement {
  readonly start: number
  readonly end: number
  /** 1 for a child of the root. */
  readonly depth: number
  /** The attribute `verify`. */
  readonly verify: string | undefined
  /** What is between its tags; `null` where that are elements. */
  readonly content: string | null
}

export type SvgWalk =
  | { readonly ok: true; readonly scan: SvgScan }
  | { readonly ok: false; readonly fault: CarrierFault; readonly detail: string }

export const openBadgesNamespace = 'https://purl.imsglobal.org/ob/v3p0'

export const svgLimits = {
  /** Elements inside each other. */
  depth: 64,
  attributes: 128,
  /** Tags, attributes, comments, references and addresses of the whole picture. */
  pieces: 500_000,
  /** Characters of credentials and style sheets together. */
  kept: 4_194_304,
} as const

export function scanSvg(bytes: Bytes): SvgWalk {
  if (bytes.length > carrierLimits.fileBytes)
    return { ok: false, fault: 'too_large', detail: `${bytes.length} bytes` }
  const text = utf8Text(bytes)
  if (text === null) return { ok: false, fault: 'damaged', detail: 'not UTF-8' }
  try {
    return { ok: true, scan: walk(text) }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, fault: error.fault, detail: error.message }
    throw error
  }
}

/** Characters that XML does not hold (section 2.2), not even by reference. */
export const notInXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

class Refusal extends Error {
  readonly fault: CarrierFault
  constructor(fault: CarrierFault, detail: string) {
    super(detail)
    this.fault = fault
  }
}

function refuse(fault: CarrierFault, detail: string): never {
  throw new Refusal(fault, detail)
}

/** An element that is not closed yet. */
interface Open {
  readonly name: string
  readonly local: string
  readonly namespace: string
  readonly scope: Scope
  /** What stands in it, where that is to be read: a credential, a style sheet. */
  readonly pieces?: Piece[]
  /** Of a credential. */
  readonly baked?: { readonly start: number; readonly verify: string | undefined; hasElements: boolean }
}

/** Prefixes that an element declares; its parent's count where it declares none. */
interface Scope {
  readonly names: ReadonlyMap<string, string>
  readonly outer: Scope | undefined
}

/** Characters between tags, and how they were written: `blank` is white space without references. */
interface Piece {
  readonly text: string
  readonly as: 'text' | 'blank' | 'cdata'
}

interface State {
  readonly text: string
  at: number
  pieces: number
  /** Characters of credentials and style sheets. */
  kept: number
  readonly open: Open[]
  root: SvgRoot | undefined
  readonly credentials: BakedElement[]
  stranger: boolean
}

function walk(text: string): SvgScan {
  if (notInXml.test(text)) refuse('damaged', 'a character that XML does not hold')
  const state: State = {
    text,
    at: afterDeclaration(text),
    pieces: 0,
    kept: 0,
    open: [],
    root: undefined,
    credentials: [],
    stranger: false,
  }
  while (state.at < text.length) {
    count(state)
    const next = text.indexOf('<', state.at)
    characters(state, next < 0 ? text.length : next)
    if (next < 0) break
    const form = forms.find(({ opening }) => text.startsWith(opening, next)) as Form
    state.at = form.read(state, next)
  }
  const { root, open, credentials, stranger } = state
  if (root === undefined || open.length > 0) refuse('damaged', 'it ends within an element')
  return { text, root, credentials, stranger }
}

/** Everything that is looked at one by one is counted: so many of them, and the work ends. */
function count(state: State, pieces = 1): void {
  state.pieces += pieces
  if (state.pieces > svgLimits.pieces) refuse('too_many_parts', `more than ${svgLimits.pieces} pieces`)
}

/** Section 2.8: a byte order mark and the declaration, which may ask for nothing but XML 1.0 in UTF-8. */
function afterDeclaration(text: string): number {
  const start = text.startsWith('\ufeff') ? 1 : 0
  if (!/^<\?xml[ \t\r\n]/.test(text.slice(start, start + 6))) return start
  const end = text.indexOf('?>', start)
  const said = end < 0 ? '' : text.slice(start + 5, end)
  const isOurs =
    end - start < 200 &&
    /^\s+version\s*=\s*(["'])1\.0\1(\s+encoding\s*=\s*(["'])utf-8\3)?(\s+standalone\s*=\s*(["'])(yes|no)\5)?\s*$/i.test(
      said,
    )
  return isOurs ? end + 2 : refuse('damaged', 'its XML declaration')
}

interface Form {
  readonly opening: string
  /** Reads one piece that begins at `start`, and says where it ends. */
  readonly read: (state: State, start: number) => number
}

/** What begins with `<`, the longer beginnings first. */
const forms: readonly Form[] = [
  {
    opening: '<!--',
    read({ text }, start) {
      const end = text.indexOf('--', start + 4)
      return end >= 0 && text[end + 2] === '>' ? end + 3 : refuse('damaged', 'a comment')
    },
  },
  {
    opening: '<![CDATA[',
    read(state, start) {
      const end = state.text.indexOf(']]>', start)
      const element = state.open.at(-1)
      if (end < 0 || element === undefined) return refuse('damaged', 'a CDATA section')
      keep(state, { text: withLineFeeds(state.text.slice(start + 9, end)), as: 'cdata' })
      return end + 3
    },
  },
  {
    opening: '<!',
    read: ({ text }) =>
      text.includes('<!ENTITY') ? refuse('bomb', 'entities') : refuse('damaged', 'a document type'),
  },
  {
    opening: '<?',
    read({ text }, start) {
      const end = text.indexOf('?>', start)
      if (end < 0) return refuse('damaged', 'an instruction')
      if (/^xml[ \t\r\n]/i.test(text.slice(start + 2, start + 6))) refuse('damaged', 'a second declaration')
      if (/^xml/i.test(text.slice(start + 2, start + 5))) refuse('scripted', 'a style sheet from outside')
      return end + 2
    },
  },
  { opening: '</', read: endTag },
  { opening: '<', read: startTag },
]

function characters(state: State, end: number): void {
  const { text, at, open } = state
  if (end === at) return
  const raw = text.slice(at, end)
  const element = open.at(-1)
  if (element === undefined) {
    if (/[^ \t\r\n]/.test(raw)) refuse('damaged', 'text outside the picture')
    return
  }
  if (raw.includes(']]>')) refuse('damaged', 'the end of a CDATA section')
  const as = /[^ \t\r\n]/.test(raw) ? 'text' : 'blank'
  keep(state, { text: resolved(state, withLineFeeds(raw)), as })
}

/** Keeps what stands in an element that is read. */
function keep(state: State, piece: Piece): void {
  const pieces = state.open.at(-1)?.pieces
  if (pieces === undefined) return
  state.kept += piece.text.length
  if (state.kept > svgLimits.kept) refuse('too_large', 'text')
  pieces.push(piece)
}

/** Section 2.11. */
const withLineFeeds = (text: string): string => text.replace(/\r\n?/g, '\n')

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const reference = /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));/y

/** Text with its references replaced. There are no entities but the five that XML has. */
function resolved(state: State, text: string): string {
  let [replaced, at] = ['', 0]
  for (let next = text.indexOf('&'); next >= 0; next = text.indexOf('&', at)) {
    count(state)
    const found = matchAt(reference, text, next) ?? refuse('damaged', 'an entity')
    const [whole, name, decimal, hexadecimal] = found
    const character =
      name === undefined
        ? characterOf(decimal === undefined ? Number.parseInt(hexadecimal as string, 16) : Number(decimal))
        : named[name]
    replaced += text.slice(at, next) + character
    at = next + whole.length
  }
  return at === 0 ? text : replaced + text.slice(at)
}

function characterOf(codePoint: number): string {
  const character = codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : '\0'
  return notInXml.test(character) ? refuse('damaged', 'a character that XML does not hold') : character
}

const namePart = String.raw`[\p{L}_][\p{L}\p{N}\p{M}_.\-·]*`
const tagName = new RegExp(`<(?:(${namePart}):)?(${namePart})`, 'uy')
const attributeForm = new RegExp(
  `[ \\t\\r\\n]+(?:(${namePart}):)?(${namePart})[ \\t\\r\\n]*=[ \\t\\r\\n]*(?:"([^"<]*)"|'([^'<]*)')`,
  'uy',
)
const tagEnd = /[ \t\r\n]*(\/?)>/y
const endTagForm = new RegExp(`</((?:${namePart}:)?${namePart})[ \\t\\r\\n]*>`, 'uy')

function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at
  return form.exec(text)
}

interface Attribute {
  readonly prefix: string
  readonly local: string
  readonly value: string
}

function startTag(state: State, start: number): number {
  const { text, open } = state
  const tag = matchAt(tagName, text, start)
  if (tag === null) return refuse('damaged', 'a tag')
  const [opening, prefix = '', local] = tag as unknown as [string, string | undefined, string]
  const attributes: Attribute[] = []
  let at = start + opening.length
  for (let one = matchAt(attributeForm, text, at); one !== null; one = matchAt(attributeForm, text, at)) {
    const [whole, attributePrefix = '', name, quoted, apostrophed] = one
    const value = resolved(state, (quoted ?? apostrophed ?? '').replace(/[\t\n]|\r\n?/g, ' '))
    attributes.push({ prefix: attributePrefix, local: name as string, value })
    at += whole.length
    if (attributes.length > svgLimits.attributes) refuse('too_many_parts', 'attributes of one element')
  }
  count(state, attributes.length)
  const ending = matchAt(tagEnd, text, at)
  if (ending === null) return refuse('damaged', 'a tag')
  const isEmpty = ending[1] === '/'
  const parent = open.at(-1)
  if (parent === undefined && state.root !== undefined) return refuse('damaged', 'a second picture')
  if (open.length === svgLimits.depth) return refuse('too_many_parts', 'elements inside each other')
  if (parent?.baked !== undefined) parent.baked.hasElements = true
  const scope = scopeOf(attributes, parent?.scope)
  const namespace = namespaceOf(prefix, scope)
  checkTwice(attributes, scope)
  checkHarmless(state, { local, namespace, attributes })
  const end = at + ending[0].length
  const name = opening.slice(1)
  if (parent === undefined) {
    if (local !== 'svg' || namespace !== svgNamespace) refuse('damaged', 'not an SVG picture')
    state.root = { name, tagEnd: at, inside: end, isEmpty, openBadges: scope.names.get('openbadges') }
  }
  const element = { name, local, namespace, scope }
  if (namespace === openBadgesNamespace && local === 'credential') {
    const verify = attributes.find((one) => one.prefix === '' && one.local === 'verify')?.value
    open.push({ ...element, pieces: [], baked: { start, verify, hasElements: false } })
  } else {
    if (prefix === 'openbadges' && (local === 'assertion' || local === 'credential')) state.stranger = true
    open.push(local === 'style' ? { ...element, pieces: [] } : element)
  }
  if (isEmpty) close(state, end)
  return end
}

const svgNamespace = 'http://www.w3.org/2000/svg'
const xhtmlNamespace = 'http://www.w3.org/1999/xhtml'
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'

/** Namespaces in XML 1.0, section 3. */
function scopeOf(attributes: readonly Attribute[], outer: Scope | undefined): Scope {
  const declared = attributes.flatMap(({ prefix, local, value }): [string, string][] =>
    prefix === 'xmlns' ? [[local, value]] : prefix === '' && local === 'xmlns' ? [['', value]] : [],
  )
  const isReserved = declared.some(
    ([name, value]) => /^xml/i.test(name) || value === xmlNamespace || (value === '' && name !== ''),
  )
  if (isReserved) refuse('damaged', 'a namespace')
  return declared.length === 0 && outer !== undefined ? outer : { names: new Map(declared), outer }
}

function namespaceOf(prefix: string, scope: Scope): string {
  if (prefix === 'xml') return xmlNamespace
  for (let one: Scope | undefined = scope; one !== undefined; one = one.outer) {
    const namespace = one.names.get(prefix)
    if (namespace !== undefined) return namespace
  }
  return prefix === '' ? '' : refuse('damaged', 'a prefix that is not declared')
}

/** Two attributes of one name, whatever their prefixes, are none. */
function checkTwice(attributes: readonly Attribute[], scope: Scope): void {
  const names = attributes.map(({ prefix, local }) =>
    prefix === '' || prefix === 'xmlns' ? `${prefix}:${local}` : `{${namespaceOf(prefix, scope)}}${local}`,
  )
  if (new Set(names).size < names.length) refuse('damaged', 'an attribute given twice')
}

function endTag(state: State, start: number): number {
  const tag = matchAt(endTagForm, state.text, start)
  if (tag === null || tag[1] !== state.open.at(-1)?.name)
    return refuse('damaged', 'an end without a beginning')
  const end = start + tag[0].length
  close(state, end)
  return end
}

function close(state: State, end: number): void {
  const { local, pieces = [], baked } = state.open.pop() as Open
  if (baked !== undefined) {
    const { start, verify, hasElements } = baked
    const content = hasElements ? null : contentOf(pieces)
    state.credentials.push({ start, end, depth: state.open.length, verify, content })
  } else if (local === 'style') checkStyle(state, textOf(pieces))
}

/** White space around CDATA sections is there for the eye, like that at both ends where there are none. */
function contentOf(pieces: readonly Piece[]): string {
  return pieces.some((piece) => piece.as === 'cdata')
    ? textOf(pieces.filter((piece) => piece.as !== 'blank'))
    : trimmed(textOf(pieces))
}

function trimmed(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && isBlank(text[start])) start++
  while (start < end && isBlank(text[end - 1])) end--
  return text.slice(start, end)
}

const isBlank = (character: string | undefined): boolean => ' \t\n'.includes(character as string)

const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('')

/** Elements that run or fetch something in any vocabulary, and those of HTML, which an SVG may hold in `foreignObject`. */
const running: ReadonlySet<string> = new Set(['script', 'handler', 'listener'])
const runningInHtml: ReadonlySet<string> = new Set(
  'applet audio base embed form frame frameset iframe link meta object portal source template track video'.split(
    ' ',
  ),
)
/** Attributes with an address. */
const addresses: ReadonlySet<string> = new Set('action background data formaction href poster src'.split(' '))
/** Attributes with several addresses, or with a page. */
const manyAddresses: ReadonlySet<string> = new Set(['srcset', 'imagesrcset', 'srcdoc'])
/** What an address may be: a place in the picture itself, or a picture or font that stands right there and runs nothing. */
const harmlessAddress =
  /^(?:#|data:(?:image\/(?:png|jpe?g|gif|webp)|font\/[a-z0-9+-]{1,20}|application\/(?:x-)?font-[a-z0-9+-]{1,20})[;,])/i

interface Element {
  readonly local: string
  readonly namespace: string
  readonly attributes: readonly Attribute[]
}

function checkHarmless(state: State, { local, namespace, attributes }: Element): void {
  const element = local.toLowerCase()
  if (running.has(element) || (namespace === xhtmlNamespace && runningInHtml.has(element)))
    refuse('scripted', `an element ${element}`)
  for (const { prefix, local: name, value } of attributes) {
    const attribute = name.toLowerCase()
    if (prefix === 'xmlns' || (prefix === '' && attribute === 'xmlns')) continue
    if (prefix === '' && attribute.startsWith('on')) refuse('scripted', `an attribute ${attribute}`)
    if (prefix === 'xml' && attribute === 'base') refuse('scripted', 'an address to fetch from')
    if (addresses.has(attribute) && value !== '' && !harmlessAddress.test(value.trim()))
      refuse('scripted', `an address outside in ${attribute}`)
    if (manyAddresses.has(attribute)) refuse('scripted', `an attribute ${attribute}`)
    if (attribute === 'attributename' && /(?:^|:)(?:href$|on)/i.test(value.trim()))
      refuse('scripted', 'an address or a script that is set later')
    if (attribute === 'style') checkStyle(state, value)
    else if (prefix === '') checkUrls(state, value)
  }
}

/** A style may be written so that a plain look does not find its addresses: with escapes it is refused. */
function checkStyle(state: State, style: string): void {
  if (/\\|@import|image-set\(|\bsrc\(|expression\(/i.test(style)) refuse('scripted', 'a style that fetches')
  checkUrls(state, style)
}

/** The same may stand in attributes such as `fill`. What comes after `url(` is looked at and not passed over. */
function checkUrls(state: State, text: string): void {
  if (text.includes('\\') && text.includes('(')) refuse('scripted', 'a style that hides something')
  for (const [, address] of text.matchAll(/url\([ \t\r\n]*["']?[ \t\r\n]*(?=(.{0,64}))/gis)) {
    count(state)
    if (!harmlessAddress.test(address as string)) refuse('scripted', 'an address outside')
  }
}
