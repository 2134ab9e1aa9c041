/**
 * The objects of a PDF (ISO 32000-1, section 7.5): by its cross-reference tables and streams, newest first, as they were
 * written. A file whose tables are wrong is refused, not searched for objects: a viewer that repairs it and a reader that
 * repairs it differently would show one certificate and judge another.
 */
import type { Bytes } from '../base/bytes.ts'
import { filters } from './pdf-filters.ts'
import { refuse } from './pdf-refusal.ts'
import {
  type Cursor,
  isDictionary,
  isList,
  isName,
  isReference,
  isStream,
  isWhole,
  nameIn,
  type PdfDictionary,
  type PdfStream,
  type PdfValue,
  type Purse,
  readObject,
  readValue,
  readWhole,
  takeWord,
} from './pdf-syntax.ts'

export interface PdfFile {
  /** The trailer that was written last. */
  readonly trailer: ReadonlyMap<string, PdfValue>
  /** Numbers of the objects that are in use, in their order. */
  readonly numbers: readonly number[]
  readonly object: (number: number) => PdfValue
  /** A value, or what it refers to; `null` where that is nothing. */
  readonly resolved: (value: PdfValue | undefined) => PdfValue
  /** What a stream expands to. */
  readonly expanded: (stream: PdfStream, limit: number) => Bytes
}

/** Objects of a file; a certificate has some dozens. */
const objectLimit = 131_072
/** Tables that follow each other: one more for each time that a file was changed. */
const sectionLimit = 256
/** Bytes that a table or a stream of objects expands to. */
const tableBytes = 8_388_608
/** Filters in a row. */
const filterLimit = 4
/** How far from the end a file says where its table is. */
const endBytes = 2048

/** What a whole file may cost: every byte of the largest once as it is and once unpacked. Documents of a hundred pages have 100,000 values. */
const purse = (): Purse => ({ bytes: 67_108_864, values: 524_288, expanded: 33_554_432 })
/** Streams of objects whose heads stand in other streams of objects. */
const nestingLimit = 4

/** Where an object is. */
type Entry =
  | { readonly kind: 'free' }
  | { readonly kind: 'at'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'within'; readonly stream: number; readonly index: number }

/** @throws `PdfRefusal` */
export function openPdf(bytes: Bytes): PdfFile {
  const budget = purse()
  const cursorAt = (at: number, within: Uint8Array = bytes): Cursor => ({ bytes: within, at, purse: budget })
  const entries = new Map<number, Entry>()
  const values = new Map<number, PdfValue>()
  const packed = new Map<number, PackedObjects>()
  let nesting = 0
  const trailer = readSections({ bytes, cursorAt, entries, expanded })
  const numbers = [...entries]
    .flatMap(([number, { kind }]) => (kind === 'free' ? [] : [number]))
    .sort((a, b) => a - b)

  function object(number: number): PdfValue {
    const known = values.get(number)
    if (known !== undefined) return known
    const entry = entries.get(number)
    const value = entry === undefined || entry.kind === 'free' ? null : valueAt(number, entry)
    values.set(number, value)
    return value
  }

  function valueAt(number: number, entry: Exclude<Entry, { kind: 'free' }>): PdfValue {
    if (entry.kind === 'within') return packedObject(number, entry)
    const read = readObject(cursorAt(entry.offset))
    return read.number === number && read.generation === entry.generation
      ? read.value
      : refuse('damaged', `object ${number} is not where the table says`)
  }

  /** Section 7.5.7. */
  function packedObject(
    number: number,
    { stream, index }: { readonly stream: number; readonly index: number },
  ) {
    const { content, places } = packed.get(stream) ?? openPacked(stream)
    const place = places[index]
    if (place?.number !== number) refuse('damaged', `object ${number} is not where the table says`)
    const value = readValue(cursorAt(place.at, content))
    return isReference(value) ? refuse('damaged', `object ${number} is a reference`) : value
  }

  function openPacked(number: number): PackedObjects {
    if (entries.get(number)?.kind !== 'at') refuse('damaged', `objects in ${number}, which is none`)
    packed.set(number, { content: new Uint8Array(), places: [] }) // what leads back into it finds nothing
    const stream = object(number)
    if (!isStream(stream) || nameIn(stream.entries.get('Type')) !== 'ObjStm')
      refuse('damaged', `objects in ${number}, which holds none`)
    const [count, first] = ['N', 'First'].map((name) => stream.entries.get(name))
    if (!isWhole(count) || !isWhole(first) || count > objectLimit)
      refuse('damaged', `the head of stream ${number}`)
    if (++nesting > nestingLimit) refuse('damaged', 'objects inside objects without an end')
    const content = expanded(stream, tableBytes)
    nesting--
    const cursor = cursorAt(0, content)
    const places = Array.from({ length: count }, () => ({
      number: readWhole(cursor),
      at: readWhole(cursor) + first,
    }))
    const opened = { content, places }
    packed.set(number, opened)
    return opened
  }

  function resolved(value: PdfValue | undefined): PdfValue {
    if (!isReference(value)) return value ?? null
    const entry = entries.get(value.number)
    const generation = entry?.kind === 'at' ? entry.generation : 0
    const found = value.generation === generation ? object(value.number) : null
    return isReference(found) ? refuse('damaged', `object ${value.number} is a reference`) : found
  }

  function expanded(stream: PdfStream, limit: number): Bytes {
    const length = resolved(stream.entries.get('Length'))
    if (!isWhole(length) || stream.start + length > bytes.length) refuse('damaged', 'a stream without an end')
    if (stream.entries.has('F')) refuse('damaged', 'a stream that is another file')
    const cursor = cursorAt(stream.start + length)
    if (!takeWord(cursor, 'endstream')) refuse('damaged', 'a stream that ends somewhere else')
    if (length > limit) refuse('too_large', `a stream of ${length} bytes`)
    let content = charged(bytes.slice(stream.start, stream.start + length))
    const names = listOf(resolved(stream.entries.get('Filter')))
    const parameters = listOf(resolved(stream.entries.get('DecodeParms')))
    if (names.length > filterLimit) refuse('bomb', `${names.length} filters in a row`)
    for (const [i, value] of names.entries()) {
      const name = nameIn(resolved(value)) ?? ''
      if (name === 'Crypt') refuse('encrypted', 'a stream is encrypted')
      const filter =
        filters.get(name) ?? refuse('damaged', `a stream packed with ${name}, which is not read here`)
      const given = resolved(parameters[i])
      content = charged(filter(content, isDictionary(given) ? given : null, Math.min(limit, budget.expanded)))
    }
    return content
  }

  function charged(content: Bytes): Bytes {
    budget.expanded -= content.length
    return budget.expanded < 0 ? refuse('bomb', 'what is packed in it expands to too much') : content
  }

  return { trailer, numbers, object, resolved, expanded }
}

interface PackedObjects {
  readonly content: Bytes
  readonly places: readonly { readonly number: number; readonly at: number }[]
}

const listOf = (value: PdfValue): readonly PdfValue[] =>
  isList(value) ? value : value === null ? [] : [value]

interface Sections {
  readonly bytes: Bytes
  readonly cursorAt: (at: number) => Cursor
  /** Is filled. What is there already is newer. */
  readonly entries: Map<number, Entry>
  readonly expanded: PdfFile['expanded']
}

/** Goes through the tables from the newest to the oldest, and answers with the newest trailer. */
function readSections(sections: Sections): ReadonlyMap<string, PdfValue> {
  let newest: ReadonlyMap<string, PdfValue> | undefined
  const met = new Set<number>()
  for (let next: number | undefined = startOf(sections); next !== undefined; ) {
    if (met.has(next)) refuse('damaged', 'tables that lead back to themselves')
    met.add(next)
    if (met.size > sectionLimit) refuse('too_many_parts', `more than ${sectionLimit} tables`)
    const trailer: ReadonlyMap<string, PdfValue> = readSection(next, sections, met)
    if (trailer.has('Encrypt')) refuse('encrypted', 'the file is encrypted')
    newest ??= trailer
    next = offsetIn(trailer, 'Prev')
  }
  return newest as ReadonlyMap<string, PdfValue> // the loop ran once at least
}

/** Section 7.5.5: the last lines are `startxref`, a number of bytes, `%%EOF`. */
function startOf({ bytes, cursorAt }: Sections): number {
  const from = Math.max(0, bytes.length - endBytes)
  const end = String.fromCharCode(...bytes.subarray(from))
  const at = end.lastIndexOf('startxref')
  if (at < 0 || !end.includes('%%EOF', at)) refuse('damaged', 'the file has no end')
  return readWhole(cursorAt(from + at + 'startxref'.length))
}

/** One table, and the stream that goes with it in files for older readers (section 7.5.8.4). */
function readSection(at: number, sections: Sections, met: Set<number>): ReadonlyMap<string, PdfValue> {
  const cursor = sections.cursorAt(at)
  if (at >= cursor.bytes.length) refuse('damaged', 'a table behind the end')
  if (!takeWord(cursor, 'xref')) return readTableStream(cursor, sections)
  readTable(cursor, sections.entries)
  const trailer = readValue(cursor)
  if (!isDictionary(trailer)) refuse('damaged', 'a table without a trailer')
  const beside = offsetIn(trailer.entries, 'XRefStm')
  if (beside !== undefined) {
    if (met.has(beside)) refuse('damaged', 'tables that lead back to themselves')
    met.add(beside)
    readTableStream(sections.cursorAt(beside), sections)
  }
  return trailer.entries
}

function offsetIn(trailer: ReadonlyMap<string, PdfValue>, name: string): number | undefined {
  const value = trailer.get(name)
  return value === undefined || isWhole(value) ? value : refuse('damaged', `${name} is no number`)
}

/** Section 7.5.4, up to the word `trailer`. */
function readTable(cursor: Cursor, entries: Map<number, Entry>): void {
  while (!takeWord(cursor, 'trailer')) {
    const first = readWhole(cursor)
    const count = readWhole(cursor)
    for (let number = first; number < first + count; number++) {
      const offset = readWhole(cursor)
      const generation = readWhole(cursor)
      const isUsed = takeWord(cursor, 'n')
      if (!isUsed && !takeWord(cursor, 'f')) refuse('damaged', `the table at object ${number}`)
      add(entries, number, isUsed ? { kind: 'at', offset, generation } : { kind: 'free' })
    }
  }
}

/** Section 7.5.8. */
function readTableStream(cursor: Cursor, { entries, expanded }: Sections): ReadonlyMap<string, PdfValue> {
  const { value: stream } = readObject(cursor)
  if (!isStream(stream) || nameIn(stream.entries.get('Type')) !== 'XRef')
    refuse('damaged', 'no table where one has to be')
  if (isReference(stream.entries.get('Length'))) refuse('damaged', 'a table whose length is elsewhere')
  const widths = wholes(stream.entries.get('W'))
  const size = stream.entries.get('Size')
  if (widths?.length !== 3 || widths.some((width) => width > 6) || !isWhole(size))
    refuse('damaged', 'a table of no shape')
  const [kindWidth, , lastWidth] = widths as [number, number, number]
  const row = widths.reduce((sum, width) => sum + width, 0)
  const index = stream.entries.has('Index') ? wholes(stream.entries.get('Index')) : [0, size]
  if (row === 0 || index === null || index.length % 2 !== 0) refuse('damaged', 'a table of no shape')
  const content = expanded(stream, tableBytes)
  let at = 0
  const take = (width: number): number => {
    let value = 0
    for (const end = at + width; at < end; at++) value = value * 256 + (content[at] as number)
    return value
  }
  for (let i = 0; i < index.length; i += 2) {
    const [first, count] = [index[i] as number, index[i + 1] as number]
    if (at + count * row > content.length) refuse('damaged', 'a table that is cut off')
    for (let number = first; number < first + count; number++) {
      const kind = kindWidth === 0 ? 1 : take(kindWidth)
      const [second, third] = [take(widths[1] as number), take(lastWidth)]
      // Kinds that are not known stand for nothing (table 18).
      if (kind === 1) add(entries, number, { kind: 'at', offset: second, generation: third })
      else if (kind === 2) add(entries, number, { kind: 'within', stream: second, index: third })
      else add(entries, number, { kind: 'free' })
    }
  }
  return stream.entries
}

function wholes(value: PdfValue | undefined): readonly number[] | null {
  return isList(value) && value.every(isWhole) ? value : null
}

function add(entries: Map<number, Entry>, number: number, entry: Entry): void {
  if (entries.has(number)) return
  if (entries.size === objectLimit) refuse('too_many_parts', `more than ${objectLimit} objects`)
  entries.set(number, entry)
}

/** Every dictionary of a value, whatever it is inside of; what it refers to is not followed. */
export function* dictionariesIn(value: PdfValue): Generator<PdfDictionary | PdfStream> {
  if (isList(value)) for (const one of value) yield* dictionariesIn(one)
  else if (isDictionary(value) || isStream(value)) {
    yield value
    for (const one of value.entries.values()) if (!isName(one)) yield* dictionariesIn(one)
  }
}
