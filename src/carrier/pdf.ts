/** Certificates attached to a PDF, by us or by others. A document that would run something is not looked into. */
import { bundleType } from '../anchor/anchor.ts'
import { type Bytes, equalBytes, fromBase64url, utf8Text } from '../base/bytes.ts'
import { asList, isObject, type JsonObject, parseJson } from '../base/json.ts'
import { evidenceFileType } from '../evidence/evidence.ts'
import { paperCodeIn } from '../securing/code-text.ts'
import { tokenIn } from '../securing/subject.ts'
import { type Carried, type Carrier, type Carrying, carrierLimits } from './carried.ts'
import { dictionariesIn, openPdf, type PdfFile } from './pdf-file.ts'
import { PdfRefusal, refuse } from './pdf-refusal.ts'
import {
  isDictionary,
  isList,
  isReference,
  isStream,
  nameIn,
  type PdfDictionary,
  type PdfStream,
  type PdfValue,
} from './pdf-syntax.ts'

export const pdf: Carrier = {
  kind: 'pdf',
  begins: (bytes) => head.every((byte, i) => bytes[i] === byte),
  async read(bytes) {
    if (bytes.length > carrierLimits.fileBytes)
      return { ok: false, fault: 'too_large', detail: `${bytes.length} bytes` }
    try {
      return carrying(attachmentsOf(openPdf(bytes)))
    } catch (error) {
      if (!(error instanceof PdfRefusal)) throw error
      return { ok: false, fault: error.fault, detail: error.detail }
    }
  },
}

/** `%PDF-` */
const head = [0x25, 0x50, 0x44, 0x46, 0x2d]

function carrying(attachments: readonly Bytes[]): Carrying {
  const sorted: Record<keyof Carried, Bytes[]> = { texts: [], anchors: [], evidence: [] }
  let looked = 0
  for (const bytes of attachments) {
    if (bytes.length <= carrierLimits.textBytes) looked += bytes.length
    if (looked > textsBytes) refuse('too_large', `more than ${textsBytes} bytes of certificates`)
    const sort = sortOf(bytes)
    if (sort !== null && !sorted[sort].some((known) => equalBytes(known, bytes))) sorted[sort].push(bytes)
  }
  const isEmpty = Object.values(sorted).every((list) => list.length === 0)
  return isEmpty
    ? {
        ok: false,
        fault: 'nothing_inside',
        detail: `${attachments.length} files are attached, no certificate`,
      }
    : { ok: true, carried: sorted }
}

/** Bytes of all attachments together that are not too large for a certificate: each is parsed to see what it is. */
const textsBytes = 4_194_304

/** By what it holds, since names lie; `null` for what is nothing of ours. */
function sortOf(bytes: Bytes): keyof Carried | null {
  if (bytes.length > carrierLimits.textBytes) return saysEvidence(bytes) ? 'evidence' : null
  if (isToken(bytes) || paperCodeIn(bytes) !== null) return 'texts'
  const parsed = parseJson(bytes)
  if (!parsed.ok || !isObject(parsed.value)) return null
  const { type } = parsed.value
  if (type === evidenceFileType) return 'evidence'
  if (type === bundleType) return 'anchors'
  return isCredential(parsed.value) ? 'texts' : null
}

/** Whether a large file says somewhere that it is evidence; it is parsed by whoever needs it. */
const saysEvidence = (bytes: Bytes): boolean => utf8Text(bytes)?.includes(`"${evidenceFileType}"`) === true

/** Three words with dots between may be anything: the first has to be a header. */
function isToken(bytes: Bytes): boolean {
  const header = tokenIn(bytes)?.split('.', 1)[0]
  const parsed = header === undefined ? null : parseJson(fromBase64url(header) ?? new Uint8Array())
  return parsed?.ok === true && isObject(parsed.value)
}

const isCredential = ({ type }: JsonObject): boolean =>
  asList(type).some((name) => typeof name === 'string' && credentialTypes.has(name))

const credentialTypes: ReadonlySet<string> = new Set([
  'VerifiableCredential',
  'VerifiablePresentation',
  'EnvelopedVerifiableCredential',
  'EnvelopedVerifiablePresentation',
])

/** The files of the document's own list, then those of its catalogue, then those of pages and notes; each once. */
function attachmentsOf(file: PdfFile): readonly Bytes[] {
  const root = file.resolved(file.trailer.get('Root'))
  if (!isDictionary(root)) refuse('damaged', 'a document without a catalogue')
  const named = new Set<PdfStream>()
  const names = file.resolved(root.entries.get('Names'))
  if (isDictionary(names)) {
    for (const one of treeValues(file, names.entries.get('EmbeddedFiles'))) addFiles(file, one, named)
  }
  const associated = file.resolved(root.entries.get('AF'))
  if (isList(associated)) for (const one of associated) addFiles(file, one, named)
  for (const number of file.numbers) {
    for (const dictionary of dictionariesIn(file.object(number))) {
      const what = scriptIn(dictionary, file)
      if (what !== null) refuse('scripted', what)
      addFiles(file, dictionary, named)
    }
  }
  return [...named].map((stream) => file.expanded(stream, carrierLimits.evidenceBytes))
}

/** Files of a file specification (section 7.11.3); anything else has none. */
function addFiles(file: PdfFile, value: PdfValue, files: Set<PdfStream>): void {
  const specification = file.resolved(value)
  if (!isDictionary(specification) || !specification.entries.has('EF')) return
  if (specification.entries.has('EP')) refuse('encrypted', 'an attached file is encrypted')
  const embedded = file.resolved(specification.entries.get('EF'))
  if (!isDictionary(embedded)) return
  for (const one of embedded.entries.values()) {
    const stream = file.resolved(one)
    if (isStream(stream)) files.add(stream)
  }
  if (files.size > carrierLimits.parts)
    refuse('too_many_parts', `more than ${carrierLimits.parts} files are attached`)
}

/** Nodes of a tree of names, and levels of it. */
const treeLimits = { nodes: 1024, levels: 16 }

/** Section 7.9.6. */
function* treeValues(file: PdfFile, root: PdfValue | undefined): Generator<PdfValue> {
  const met = new Set<number>()
  const open: { readonly node: PdfValue; readonly level: number }[] = [{ node: root ?? null, level: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (isReference(next.node)) {
      if (met.has(next.node.number)) refuse('damaged', 'a list of files that leads back to itself')
      met.add(next.node.number)
    }
    if (met.size > treeLimits.nodes || next.level > treeLimits.levels)
      refuse('too_many_parts', 'a list of files without an end')
    const node = file.resolved(next.node)
    if (!isDictionary(node)) continue
    const names = file.resolved(node.entries.get('Names'))
    if (isList(names)) yield* names.filter((_, i) => i % 2 === 1)
    const kids = file.resolved(node.entries.get('Kids'))
    if (isList(kids)) {
      for (const kid of kids.toReversed()) open.push({ node: kid, level: next.level + 1 })
    }
    if (open.length > treeLimits.nodes) refuse('too_many_parts', 'a list of files without an end')
  }
}

/** Keys under which something stands that is run: sections 12.6.3, 12.6.4.16, 12.7.8, 13.6.4; `JavaScript` is a list of scripts. */
const scriptKeys = ['JS', 'AA', 'JavaScript', 'XFA', 'OnInstantiate', 'RichMediaContent'] as const

/** Actions that run, send, or open something else (table 198); what only turns to a page or names an address does not. */
const runningActions: ReadonlySet<string> = new Set([
  'JavaScript',
  'Launch',
  'SubmitForm',
  'ImportData',
  'Rendition',
  'RichMediaExecute',
  'GoToE',
])

/** What a dictionary would run; `null` where it is nothing. */
function scriptIn({ entries }: PdfDictionary | PdfStream, file: PdfFile): string | null {
  const key = scriptKeys.find((name) => entries.has(name))
  if (key !== undefined) return `it has /${key}`
  const action = nameIn(file.resolved(entries.get('S')))
  if (action !== undefined && runningActions.has(action)) return `it has an action ${action}`
  const opening = file.resolved(entries.get('OpenAction'))
  if (!isDictionary(opening)) return null
  const isJump = nameIn(file.resolved(opening.entries.get('S'))) === 'GoTo' && !opening.entries.has('Next')
  return isJump ? null : 'it does something when it is opened'
}
